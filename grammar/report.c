#include "grammar/report.h"

#include "base/utf8.h"

/* Bytes of source that a message repeats: enough to recognise a token; the caret shows the rest. */
#define QUOTE_MAX 40u

void
sk_parse_report(const struct sk_parse *p, enum sk_diag_code code, struct sk_span span, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct sk_slice text = sk_arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	(void)sk_diag_add_text(p->diags, code, p->text, span, "%.*s", SK_SLICE_ARG(text));
}

/* Append the character at S[I] to OUT, which has room for 4 bytes; returns how many bytes of S it took. */
static size_t
quote_char(struct sk_slice s, size_t i, char *out, size_t *n)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char c = (unsigned char)s.p[i];
	size_t skip, len = sk_utf8_sequence(s.p + i, s.n - i, &skip);

	if (len && c >= 0x20 && c != 0x7f) {
		memcpy(out + *n, s.p + i, len);
		*n += len;
		return len;
	}
	char esc[4] = { '\\', 'x', hex[c >> 4], hex[c & 15] };

	memcpy(out + *n, esc, sizeof(esc));
	*n += sizeof(esc);
	return 1;
}

const char *
sk_parse_quote(const struct sk_parse *p, struct sk_span span)
{
	struct sk_slice s = sk_slice(p->text->s.p + span.beg, span.end - span.beg);
	char out[QUOTE_MAX + 4];
	size_t n = 0, i = 0;

	while (i < s.n && n < QUOTE_MAX)
		i += quote_char(s, i, out, &n);
	struct sk_slice q = sk_arena_printf(p->arena, "'%.*s%s'", (int)n, out, i < s.n ? "..." : "");

	return q.p ? q.p : "text";
}
