#define PCRE2_CODE_UNIT_WIDTH 8
#include "compiler/regex_syntax.h"

#include "base/buf.h"

#include <pcre2.h>
#include <saker/limits.h>

#define MAX_REPEAT 1000u
/* Brackets in brackets: PCRE2's own bound is 250. */
#define MAX_DEPTH 200u

struct scan {
	struct sk_slice s;
	size_t at;
	struct sk_buf out;
	const char *error;
	uint32_t depth;
	bool atom;     /* something stands before the cursor that can be repeated */
	bool repeated; /* and it already carries a repetition */
	bool special;
};

static bool
fail(struct scan *c, const char *why)
{
	if (!c->error)
		c->error = why;
	return false;
}

static int
peek(const struct scan *c, size_t ahead)
{
	return c->at + ahead < c->s.n ? (uint8_t)c->s.p[c->at + ahead] : -1;
}

static void
copy(struct scan *c, size_t n)
{
	sk_buf_put(&c->out, c->s.p + c->at, n);
	c->at += n;
}

static bool
is_hex(int ch)
{
	return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'f') || (ch >= 'A' && ch <= 'F');
}

static bool
is_alnum(int ch)
{
	return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

/* \xHH, \x{H...}, \ooo, the C letters, and punctuation taken as it is. Everything else means something in one engine only. */
static bool
escape(struct scan *c)
{
	int ch = peek(c, 1);
	size_t n = 2;

	if (ch < 0)
		return fail(c, "ends with a backslash");
	if (ch == 'x' && peek(c, 2) == '{') {
		for (n = 3; is_hex(peek(c, n)); n++)
			;
		if (n == 3 || n > 9 || peek(c, n++) != '}')
			return fail(c, "has a malformed \\x escape");
	} else if (ch == 'x') {
		if (!is_hex(peek(c, 2)) || !is_hex(peek(c, 3)))
			return fail(c, "has a malformed \\x escape");
		n = 4;
	} else if (ch >= '1' && ch <= '9') {
		return fail(c, "has a back reference, which no regular language has");
	} else if (ch == '0') {
		while (n < 4 && peek(c, n) >= '0' && peek(c, n) <= '7')
			n++;
	} else if (is_alnum(ch) && !strchr("afnrtv", ch)) {
		return fail(c, ch == 'd' || ch == 's' || ch == 'w' || ch == 'D' || ch == 'S' || ch == 'W' ? "has a Perl class; write [[:digit:]], [[:space:]] or [[:alnum:]_]"
												    : "has an escape that POSIX does not know");
	} else if (ch == 'v') {
		sk_buf_str(&c->out, "\\x0b"); /* a class of blanks in PCRE2 */
		c->at += 2;
		return true;
	}
	copy(c, n);
	return true;
}

static bool
named_class(struct scan *c)
{
	static const char *const names[] = { "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit" };
	size_t beg = c->at + 2, n = 0;

	if (beg < c->s.n && c->s.p[beg] == '^')
		beg++;
	while (beg + n < c->s.n && c->s.p[beg + n] >= 'a' && c->s.p[beg + n] <= 'z')
		n++;
	if (beg + n + 1 >= c->s.n || c->s.p[beg + n] != ':' || c->s.p[beg + n + 1] != ']')
		return fail(c, "has a malformed character class");
	for (size_t i = 0; i < SK_COUNTOF(names); i++)
		if (strlen(names[i]) == n && memcmp(names[i], c->s.p + beg, n) == 0) {
			copy(c, beg + n + 2 - c->at);
			return true;
		}
	return fail(c, "has an unknown character class");
}

static bool
bracket(struct scan *c)
{
	copy(c, peek(c, 1) == '^' ? 2 : 1);
	for (bool first = true;; first = false) {
		int ch = peek(c, 0);

		if (ch < 0)
			return fail(c, "has no closing ']'");
		if (ch == ']' && !first)
			break;
		if (ch == '[' && peek(c, 1) == ':') {
			if (!named_class(c))
				return false;
		} else if (ch == '[') {
			sk_buf_str(&c->out, "\\[");
			c->at++;
		} else if (ch == '\\') {
			if (!escape(c))
				return false;
		} else {
			copy(c, 1);
		}
	}
	copy(c, 1);
	return true;
}

/* Length of {n}, {n,} or {n,m} at the cursor; 0: the brace is a plain character. */
static size_t
braces(struct scan *c)
{
	uint32_t lo = 0, hi = 0;
	size_t n = 1;

	for (; peek(c, n) >= '0' && peek(c, n) <= '9'; n++)
		lo = lo > MAX_REPEAT ? lo : lo * 10 + (uint32_t)(peek(c, n) - '0');
	if (n == 1)
		return 0;
	hi = lo;
	if (peek(c, n) == ',') {
		size_t digits = ++n;

		for (hi = 0; peek(c, n) >= '0' && peek(c, n) <= '9'; n++)
			hi = hi > MAX_REPEAT ? hi : hi * 10 + (uint32_t)(peek(c, n) - '0');
		if (n == digits)
			hi = lo;
	}
	if (peek(c, n) != '}')
		return 0;
	if (lo > MAX_REPEAT || hi > MAX_REPEAT || hi < lo)
		(void)fail(c, "has a repetition out of range");
	return n + 1;
}

static bool
repetition(struct scan *c, size_t n)
{
	c->special = true;
	if (!c->atom)
		return fail(c, "has nothing to repeat");
	if (c->repeated)
		return fail(c, "repeats a repetition; put it in brackets");
	copy(c, n);
	c->repeated = true;
	return !c->error;
}

static bool
open_group(struct scan *c)
{
	c->special = true;
	if (peek(c, 1) == '?' || peek(c, 1) == '*')
		return fail(c, "has a group of a kind that POSIX does not know");
	if (++c->depth > MAX_DEPTH)
		return fail(c, "nests too deep");
	copy(c, 1);
	c->atom = c->repeated = false;
	return true;
}

static bool
close_group(struct scan *c)
{
	if (!c->depth)
		return fail(c, "has a ')' without '('");
	c->depth--;
	copy(c, 1);
	c->atom = true;
	c->repeated = false;
	return true;
}

static bool
atom(struct scan *c, int ch)
{
	bool ok = true;

	if (ch == '[') {
		c->special = true;
		ok = bracket(c);
	} else if (ch == '\\') {
		c->special = true;
		ok = escape(c);
	} else if (ch == '{') {
		sk_buf_str(&c->out, "\\{");
		c->at++;
	} else {
		c->special |= ch == '.' || ch == '^' || ch == '$';
		copy(c, 1);
		/* A character of several bytes is repeated as a whole. */
		while ((peek(c, 0) & 0xc0) == 0x80 && peek(c, 0) > 0)
			copy(c, 1);
	}
	c->atom = true;
	c->repeated = false;
	return ok;
}

static bool
step(struct scan *c)
{
	int ch = peek(c, 0);
	size_t n = ch == '{' ? braces(c) : 0;

	if (c->error)
		return false;
	if (ch == '*' || ch == '+' || ch == '?')
		return repetition(c, 1);
	if (n)
		return repetition(c, n);
	if (ch == '(')
		return open_group(c);
	if (ch == ')')
		return close_group(c);
	if (ch == '|') {
		c->special = true;
		c->atom = c->repeated = false;
		copy(c, 1);
		return true;
	}
	return atom(c, ch);
}

static void
try_pcre2(struct sk_arena *a, struct sk_regex_check *r)
{
	int code;
	PCRE2_SIZE offset;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)r->pattern.p, r->pattern.n, PCRE2_UTF, &code, &offset, NULL);
	PCRE2_UCHAR text[128];

	if (re) {
		pcre2_code_free(re);
		return;
	}
	(void)pcre2_get_error_message(code, text, sizeof(text));
	r->error = sk_arena_printf(a, "is refused: %s", (const char *)text).p;
	if (!r->error)
		r->error = "is refused";
}

/* A pattern matches whole texts: "a" is = a, "a.*" is startswith a, and so on. */
static void
find_simpler(struct sk_regex_check *r, struct sk_slice text, bool special)
{
	struct sk_slice s = text;
	bool before, behind;

	if (!special && s.n) {
		r->simpler = "=";
		r->word = s;
		return;
	}
	if (sk_slice_starts(s, SK_SLICE("^")))
		s = sk_slice(s.p + 1, s.n - 1);
	if (sk_slice_ends(s, SK_SLICE("$")))
		s.n--;
	before = sk_slice_starts(s, SK_SLICE(".*"));
	if (before)
		s = sk_slice(s.p + 2, s.n - 2);
	behind = sk_slice_ends(s, SK_SLICE(".*"));
	if (behind)
		s.n -= 2;
	for (size_t i = 0; i < s.n; i++)
		if (strchr(".[](){}*+?|^$\\", s.p[i]))
			return;
	if (!s.n)
		return;
	r->simpler = before && behind ? "contains" : before ? "endswith" : behind ? "startswith" : "=";
	r->word = s;
}

struct sk_regex_check
sk_regex_check(struct sk_arena *a, struct sk_slice text)
{
	struct scan c = { .s = text };
	struct sk_regex_check r = { 0 };

	if (text.n > SK_MAX_REGEX)
		c.error = "is too long";
	while (!c.error && c.at < text.n && step(&c))
		;
	if (!c.error && c.depth)
		c.error = "has no closing ')'";
	r.error = c.error;
	r.at = c.at;
	find_simpler(&r, text, c.special);
	if (!r.error) {
		r.pattern = sk_arena_dup(a, sk_buf_view(&c.out));
		if (!r.pattern.p || c.out.failed)
			r.error = "does not fit into memory";
		else
			try_pcre2(a, &r);
	}
	sk_buf_free(&c.out);
	return r;
}
