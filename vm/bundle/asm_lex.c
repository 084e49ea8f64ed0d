/* Words, numbers and strings of the text form. */
#include "vm/bundle/asm.h"

struct sk_asm_cursor
sk_asm_cursor(struct sk_asm *as, size_t line)
{
	const struct sk_asm_line *l = &as->lines.v[line];

	return (struct sk_asm_cursor){as, l->text.p, l->text.p + l->text.n, l->number};
}

bool
sk_asm_fail(struct sk_asm_cursor *c, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	if (c->as->err->text[0])
		return false;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	size_t left = (size_t)(c->end - c->p);
	(void)snprintf(c->as->err->text, sizeof(c->as->err->text), "line %u: %s at \"%.*s\"", c->line, text,
		       left > 40 ? 40 : (int)left, c->p);
	return false;
}

static void
skip_blanks(struct sk_asm_cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t'))
		c->p++;
}

bool
sk_asm_accept(struct sk_asm_cursor *c, const char *s)
{
	size_t n = strlen(s);

	skip_blanks(c);
	if ((size_t)(c->end - c->p) < n || memcmp(c->p, s, n) != 0)
		return false;
	c->p += n;
	return true;
}

bool
sk_asm_expect(struct sk_asm_cursor *c, const char *s)
{
	return sk_asm_accept(c, s) || sk_asm_fail(c, "expected \"%s\"", s);
}

bool
sk_asm_at_end(struct sk_asm_cursor *c)
{
	skip_blanks(c);
	return c->p == c->end;
}

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct sk_slice
sk_asm_word(struct sk_asm_cursor *c, const char *more)
{
	skip_blanks(c);
	const char *beg = c->p;
	while (c->p < c->end && (is_alnum(*c->p) || (*c->p && strchr(more, *c->p))))
		c->p++;
	return sk_slice(beg, (size_t)(c->p - beg));
}

static bool
parse_u64(struct sk_slice s, uint64_t limit, uint64_t *ret)
{
	uint64_t v = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint64_t digit = (uint64_t)(s.p[i] - '0');

		if (s.p[i] < '0' || s.p[i] > '9' || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*ret = v;
	return s.n && v <= limit;
}

bool
sk_asm_number(struct sk_asm_cursor *c, uint64_t limit, uint64_t *ret)
{
	const char *beg = c->p;

	if (parse_u64(sk_asm_word(c, ""), limit, ret))
		return true;
	c->p = beg;
	return sk_asm_fail(c, "expected a number up to %llu", (unsigned long long)limit);
}

bool
sk_asm_u32(struct sk_asm_cursor *c, uint32_t *ret)
{
	uint64_t v;

	if (!sk_asm_number(c, UINT32_MAX, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
escape(struct sk_asm_cursor *c, struct sk_buf *ret)
{
	char e = c->p < c->end ? *c->p++ : '\0';

	if (e == 'x' && c->end - c->p >= 2 && hex_digit(c->p[0]) >= 0 && hex_digit(c->p[1]) >= 0) {
		sk_buf_char(ret, (char)(hex_digit(c->p[0]) * 16 + hex_digit(c->p[1])));
		c->p += 2;
		return true;
	}
	if (e == 'n' || e == 't')
		sk_buf_char(ret, e == 'n' ? '\n' : '\t');
	else if (e == '"' || e == '\\')
		sk_buf_char(ret, e);
	else
		return sk_asm_fail(c, "unknown escape");
	return true;
}

bool
sk_asm_string(struct sk_asm_cursor *c, struct sk_buf *ret)
{
	ret->n = 0;
	if (!sk_asm_expect(c, "\""))
		return false;
	while (c->p < c->end && *c->p != '"') {
		char ch = *c->p++;

		if (ch != '\\')
			sk_buf_char(ret, ch);
		else if (!escape(c, ret))
			return false;
	}
	return sk_asm_expect(c, "\"");
}

bool
sk_asm_is_name(struct sk_slice word, char letter, uint32_t *ret)
{
	uint64_t v;

	if (word.n < 2 || word.p[0] != letter || !parse_u64(sk_slice(word.p + 1, word.n - 1), SK_ASM_NAMES - 1, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

bool
sk_asm_define(struct sk_asm_cursor *c, char letter, uint32_t name, uint32_t id)
{
	struct sk_asm_names *n = &c->as->names[(uint8_t)letter & 127];

	while (n->ids.n <= name)
		if (!sk_vec_push(&n->ids, UINT32_MAX)) {
			c->as->b->nomem = true;
			return false;
		}
	if (n->ids.v[name] != UINT32_MAX)
		return sk_asm_fail(c, "%c%u is defined twice", letter, name);
	n->ids.v[name] = id;
	return true;
}

bool
sk_asm_lookup(struct sk_asm_cursor *c, char letter, uint32_t name, uint32_t *ret)
{
	const struct sk_asm_names *n = &c->as->names[(uint8_t)letter & 127];

	if (name >= n->ids.n || n->ids.v[name] == UINT32_MAX)
		return sk_asm_fail(c, "%c%u is not defined", letter, name);
	*ret = n->ids.v[name];
	return true;
}
