#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>

char *
sk_buf_room(struct sk_buf *b, size_t n)
{
	if (b->failed)
		return NULL;
	if (n > b->cap - b->n) {
		size_t want = b->cap ? b->cap * 2 : 256;

		if (n > SIZE_MAX / 2 - b->n) {
			b->failed = true;
			return NULL;
		}
		while (want < b->n + n)
			want *= 2;
		char *grown = realloc(b->p, want);
		if (!grown) {
			b->failed = true;
			return NULL;
		}
		b->p = grown;
		b->cap = want;
	}
	return b->p + b->n;
}

void
sk_buf_put(struct sk_buf *b, const void *p, size_t n)
{
	char *room = n ? sk_buf_room(b, n) : NULL;

	if (room) {
		memcpy(room, p, n);
		b->n += n;
	}
}

void
sk_buf_char(struct sk_buf *b, char c)
{
	sk_buf_put(b, &c, 1);
}

void
sk_buf_str(struct sk_buf *b, const char *s)
{
	sk_buf_put(b, s, strlen(s));
}

void
sk_buf_slice(struct sk_buf *b, struct sk_slice s)
{
	sk_buf_put(b, s.p, s.n);
}

void
sk_buf_printf(struct sk_buf *b, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	char *room = n < 0 ? NULL : sk_buf_room(b, (size_t)n + 1);
	if (room) {
		(void)vsnprintf(room, (size_t)n + 1, fmt, ap);
		b->n += (size_t)n;
	}
	va_end(ap);
}

void
sk_buf_u64(struct sk_buf *b, uint64_t v)
{
	char digits[20];
	size_t i = sizeof(digits);

	do
		digits[--i] = (char)('0' + v % 10);
	while (v /= 10);
	sk_buf_put(b, digits + i, sizeof(digits) - i);
}

void
sk_buf_i64(struct sk_buf *b, int64_t v)
{
	if (v < 0)
		sk_buf_char(b, '-');
	sk_buf_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

const char *
sk_buf_cstr(struct sk_buf *b)
{
	char *room = sk_buf_room(b, 1);

	if (!room)
		return "";
	*room = '\0';
	return b->p;
}

void
sk_buf_free(struct sk_buf *b)
{
	free(b->p);
	*b = (struct sk_buf){ 0 };
}
