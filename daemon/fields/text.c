#include "daemon/fields/text.h"

#include "base/utf8.h"
#include "daemon/fields/scratch.h"

#include <arpa/inet.h>
#include <stdarg.h>

void
sk_out_begin(struct sk_out *o, struct sk_fields *f)
{
	struct sk_scratch *s = f->scratch;

	*o = (struct sk_out){ f, s->data + s->used, 0, sizeof(s->data) - s->used };
}

struct sk_slice
sk_out_keep(struct sk_out *o)
{
	struct sk_slice s = { o->p, o->n };

	sk_scratch_take(o->f->scratch, o->n);
	return s;
}

bool
sk_out_ret(struct sk_out *o, struct sk_value *ret)
{
	return sk_ret_view(ret, sk_out_keep(o));
}

void
sk_out_put(struct sk_out *o, const void *p, size_t n)
{
	if (n > o->cap - o->n) {
		n = sk_utf8_fit(p, n, o->cap - o->n);
		o->cap = o->n + n; /* nothing of what follows fills the gap */
	}
	if (n)
		memcpy(o->p + o->n, p, n);
	o->n += n;
}

void
sk_out_char(struct sk_out *o, char c)
{
	if (o->n < o->cap)
		o->p[o->n++] = c;
}

void
sk_out_str(struct sk_out *o, const char *s)
{
	sk_out_put(o, s, strlen(s));
}

void
sk_out_slice(struct sk_out *o, struct sk_slice s)
{
	sk_out_put(o, s.p, s.n);
}

void
sk_out_u64(struct sk_out *o, uint64_t v)
{
	char digits[20];
	size_t i = sizeof(digits);

	do
		digits[--i] = (char)('0' + v % 10);
	while (v /= 10);
	sk_out_put(o, digits + i, sizeof(digits) - i);
}

void
sk_out_i64(struct sk_out *o, int64_t v)
{
	if (v < 0)
		sk_out_char(o, '-');
	sk_out_u64(o, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void
sk_out_printf(struct sk_out *o, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n > 0)
		sk_out_put(o, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

void
sk_out_dots(struct sk_out *o, const void *p, size_t n)
{
	const unsigned char *b = p;

	if (n > o->cap - o->n) {
		n = sk_utf8_fit(p, n, o->cap - o->n);
		o->cap = o->n + n; /* nothing of what follows fills the gap */
	}
	for (size_t i = 0; i < n; i++)
		o->p[o->n++] = b[i] >= 0x20 && b[i] < 0x7f ? (char)b[i] : '.';
}

void
sk_out_address(struct sk_out *o, const uint8_t *addr, uint8_t ip)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(ip == 6 ? AF_INET6 : AF_INET, addr, text, sizeof(text)))
		sk_out_str(o, text);
}
