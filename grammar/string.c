#include "grammar/string.h"

#include "grammar/report.h"

struct decoder {
	const struct sk_parse *p;
	enum sk_diag_code code;
	const char *text; /* the whole parsed text */
	uint32_t pos, end; /* inside the quotes */
	char quote;
	bool warned;
	char *out;
	size_t n;
};

static void
put(struct decoder *d, char c)
{
	d->out[d->n++] = c;
}

static void
warn_old(struct decoder *d, struct sk_span span, const char *modern)
{
	if (d->warned)
		return;
	d->warned = true;
	sk_parse_report(d->p, SK_D_OLD_SYNTAX, span, "the escape %s is syntax of Falco 0.15; write %s",
			sk_parse_quote(d->p, span), modern);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \xHH, the cursor behind the x. */
static bool
decode_hex(struct decoder *d, uint32_t beg)
{
	int hi = d->pos < d->end ? hex_digit(d->text[d->pos]) : -1;
	int lo = hi >= 0 && d->pos + 1 < d->end ? hex_digit(d->text[d->pos + 1]) : -1;

	if (lo < 0) {
		sk_parse_report(d->p, d->code, (struct sk_span){ beg, d->pos }, "\\x must be followed by two hexadecimal digits");
		return false;
	}
	if (!hi && !lo) {
		sk_parse_report(d->p, d->code, (struct sk_span){ beg, d->pos + 2 }, "a value cannot hold a NUL byte");
		return false;
	}
	put(d, (char)(hi << 4 | lo));
	d->pos += 2;
	return true;
}

/* An escape that only 0.15 decoded, or took as it stands. */
static void
decode_old(struct decoder *d, struct sk_span span, char c)
{
	switch (c) {
	case 'a':
		warn_old(d, span, "'\\x07'");
		put(d, '\a');
		break;
	case 'v':
		warn_old(d, span, "'\\x0b'");
		put(d, '\v');
		break;
	case '\n':
		warn_old(d, span, "'\\n'");
		put(d, '\n');
		break;
	case '\'':
	case '"':
		warn_old(d, span, "the quote alone");
		put(d, c);
		break;
	default:
		warn_old(d, span, "'\\\\' for a backslash");
		put(d, '\\');
		put(d, c);
	}
}

/* The cursor stands on a backslash; another byte follows it. */
static bool
decode_escape(struct decoder *d)
{
	static const char from[] = "bfnrt\\/ ", to[] = "\b\f\n\r\t\\/\\";
	uint32_t beg = d->pos;
	char c = d->text[beg + 1];
	const char *plain = c ? strchr(from, c) : NULL;

	d->pos += 2;
	if (c == 'x')
		return decode_hex(d, beg);
	/* The newest generation looks only one byte back for a backslash, so it misses this end of the string. */
	if (c == '\\' && d->pos == d->end)
		warn_old(d, (struct sk_span){ beg, d->pos }, "'\\x5c' at the end of a string");
	if (plain)
		put(d, to[plain - from]);
	else if (c == d->quote)
		put(d, c);
	else
		decode_old(d, (struct sk_span){ beg, d->pos }, c);
	return true;
}

static bool
decode(struct decoder *d)
{
	while (d->pos < d->end) {
		if (d->text[d->pos] == '\\') {
			if (!decode_escape(d))
				return false;
		} else {
			put(d, d->text[d->pos++]);
		}
	}
	return true;
}

static bool
check_nul(const struct sk_parse *p, enum sk_diag_code code, struct sk_span in)
{
	const char *text = p->text->s.p, *nul = memchr(text + in.beg, '\0', in.end - in.beg);

	if (!nul)
		return true;
	uint32_t at = (uint32_t)(nul - text);

	sk_parse_report(p, code, (struct sk_span){ at, at + 1 }, "a value cannot hold a NUL byte");
	return false;
}

bool
sk_string_decode(const struct sk_parse *p, enum sk_diag_code code, struct sk_span span, struct sk_slice *ret)
{
	struct sk_span in = { span.beg + 1, span.end - 1 };
	const char *text = p->text->s.p;

	*ret = sk_slice(text + in.beg, in.end - in.beg);
	if (!check_nul(p, code, in))
		return false;
	if (!ret->n || !memchr(ret->p, '\\', ret->n))
		return true;
	struct decoder d = { .p = p, .code = code, .text = text, .pos = in.beg, .end = in.end, .quote = text[span.beg] };

	/* Decoding never lengthens. Without memory the value is empty; the parse fails anyway. */
	d.out = sk_arena_alloc(p->arena, ret->n);
	if (!d.out)
		return true;
	bool ok = decode(&d);

	*ret = sk_slice(d.out, d.n);
	return ok;
}
