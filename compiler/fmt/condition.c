/* Conditions over several lines: an operand of `and` and `or` each, brackets opened where they do not fit. */
#include "compiler/fmt/fmt_internal.h"

#include "grammar/ast.h"

#include <saker/limits.h>

/* Brackets in brackets that are laid out; deeper ones stay in their line. */
#define MAX_NESTING 64u

struct word {
	struct sk_slice text;
	bool glued;   /* no blank before it */
	uint32_t end; /* of "(": the index of its ")" */
};

struct layout {
	SK_VEC(struct word) words;
	struct sk_buf *out;
	uint32_t column; /* of the block */
};

/* --- words ------------------------------------------------------------------------------------- */
static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

/* End of a quoted text that begins at I. */
static size_t
skip_quoted(struct sk_slice s, size_t i)
{
	char quote = s.p[i++];

	while (i < s.n && s.p[i] != quote)
		i += s.p[i] == '\\' ? 2 : 1;
	return i < s.n ? i + 1 : s.n;
}

/* An argument in brackets may hold anything but the bracket. */
static size_t
skip_argument(struct sk_slice s, size_t i)
{
	const char *close = memchr(s.p + i, ']', s.n - i), *eol = memchr(s.p + i, '\n', s.n - i);

	return close && (!eol || close < eol) ? (size_t)(close - s.p) + 1 : i + 1;
}

static size_t
skip_word(struct sk_slice s, size_t i)
{
	size_t beg = i;

	if (strchr("(),", s.p[i]))
		return i + 1;
	while (i < s.n && !is_blank(s.p[i]) && !strchr("(),", s.p[i]))
		if (s.p[i] == '"' || s.p[i] == '\'')
			i = skip_quoted(s, i);
		else
			i = s.p[i] == '[' && i > beg ? skip_argument(s, i) : i + 1;
	return i;
}

static bool
is(const struct word *w, const char *text)
{
	return sk_slice_is(w->text, text);
}

static bool
match_brackets(struct layout *l)
{
	uint32_t depth = 0, open[MAX_NESTING * 16];

	for (uint32_t i = 0; i < l->words.n; i++) {
		if (is(&l->words.v[i], "(")) {
			if (depth == SK_COUNTOF(open))
				return false;
			open[depth++] = i;
		} else if (is(&l->words.v[i], ")")) {
			if (!depth)
				return false;
			l->words.v[open[--depth]].end = i;
		}
	}
	return depth == 0;
}

/* False if the text has a word that a block cannot hold, or brackets that do not match. */
static bool
split(struct layout *l, struct sk_slice s)
{
	for (size_t i = 0, end; i < s.n; i = end) {
		bool glued = i > 0 && !is_blank(s.p[i - 1]);

		if (is_blank(s.p[i])) {
			end = i + 1;
			continue;
		}
		end = skip_word(s, i);
		if (!sk_fmt_is_visible(sk_slice(s.p + i, end - i)) ||
		    !sk_vec_push(&l->words, (struct word){ sk_slice(s.p + i, end - i), glued, 0 }))
			return false;
	}
	return l->words.n && match_brackets(l);
}

/* --- lines ------------------------------------------------------------------------------------- */
static bool
needs_blank(const struct layout *l, uint32_t i)
{
	const struct word *w = &l->words.v[i], *before = w - 1;

	if (is(before, "(") || is(w, ")") || is(w, ","))
		return false;
	return is(before, ",") || !w->glued;
}

static uint32_t
width(const struct layout *l, uint32_t beg, uint32_t end)
{
	size_t n = 0;

	for (uint32_t i = beg; i < end; i++)
		n += l->words.v[i].text.n + (i > beg && needs_blank(l, i));
	return n < UINT32_MAX / 2 ? (uint32_t)n : UINT32_MAX / 2;
}

static void
new_line(struct layout *l, uint32_t nest)
{
	sk_buf_char(l->out, '\n');
	while (nest--)
		sk_buf_char(l->out, ' ');
}

/* Words behind each other, and lines filled where they are too many: at any blank. AT: the column they begin in. */
static void
fill(struct layout *l, uint32_t beg, uint32_t end, uint32_t nest, uint32_t at)
{
	for (uint32_t i = beg; i < end; i++) {
		bool blank = i > beg && needs_blank(l, i);
		uint32_t n = (uint32_t)l->words.v[i].text.n,
			 behind = n + (i + 1 < end && !needs_blank(l, i + 1) ? (uint32_t)l->words.v[i + 1].text.n : 0);

		if (blank && l->column + at + 1 + behind > SK_FMT_WIDTH) {
			new_line(l, nest + 4);
			at = nest + 4;
		} else if (blank) {
			sk_buf_char(l->out, ' ');
			at++;
		}
		sk_buf_slice(l->out, l->words.v[i].text);
		at += n;
	}
}

static bool
is_connective(const struct word *w)
{
	return is(w, "and") || is(w, "or");
}

/* The next "and" or "or" outside of brackets at or behind I, or END. */
static uint32_t
next_connective(const struct layout *l, uint32_t i, uint32_t end)
{
	for (; i < end; i++) {
		if (is(&l->words.v[i], "("))
			i = l->words.v[i].end;
		else if (is_connective(&l->words.v[i]))
			return i;
	}
	return end;
}

static void operands(struct layout *l, uint32_t beg, uint32_t end, uint32_t nest, uint32_t at, uint32_t depth);

/* One operand with what stands before it ("and", "not"): in its line; or opened, if all of it is a bracket with operands inside.
 * TAIL: brackets that close behind it. */
static void
operand(struct layout *l, uint32_t beg, uint32_t end, uint32_t nest, uint32_t at, uint32_t depth)
{
	uint32_t open = beg, tail = 0;

	while (end + tail < l->words.n && is(&l->words.v[end + tail], ")"))
		tail++;
	while (open < end && (is_connective(&l->words.v[open]) || is(&l->words.v[open], "not")))
		open++;
	bool bracket = open < end && is(&l->words.v[open], "(") && l->words.v[open].end == end - 1 && end - open > 2;
	if (l->column + at + width(l, beg, end) + tail <= SK_FMT_WIDTH || !bracket || depth >= MAX_NESTING ||
	    next_connective(l, open + 1, end - 1) == end - 1) {
		fill(l, beg, end, nest, at);
		return;
	}
	fill(l, beg, open + 1, nest, at);
	operands(l, open + 1, end - 1, nest + 2, at + width(l, beg, open + 1), depth + 1);
	sk_buf_char(l->out, ')');
}

static void
operands(struct layout *l, uint32_t beg, uint32_t end, uint32_t nest, uint32_t at, uint32_t depth)
{
	for (uint32_t i = beg; i < end;) {
		uint32_t next = next_connective(l, i + (is_connective(&l->words.v[i]) ? 1 : 0), end);

		if (i > beg) {
			new_line(l, nest);
			at = nest;
		}
		operand(l, i, next, nest, at, depth);
		i = next;
	}
}

/* --- meaning ----------------------------------------------------------------------------------- */
/* What is appended begins with a connective: something has to stand before it. */
static bool
is_appended(struct sk_slice s)
{
	return (s.n > 3 && memcmp(s.p, "and", 3) == 0 && (is_blank(s.p[3]) || s.p[3] == '(')) ||
	       (s.n > 2 && memcmp(s.p, "or", 2) == 0 && (is_blank(s.p[2]) || s.p[2] == '('));
}

bool
sk_fmt_condition_tree(struct sk_slice s, struct sk_buf *out)
{
	/* Of its own: trees are large, and none is needed for long. */
	struct sk_arena *a = sk_arena_new(SK_MAX_COMPILE_MEMORY);
	struct sk_text text = { 0 };
	struct sk_parse p = { a, a ? sk_diags_new(a) : NULL, &text };
	const struct sk_cond *c = NULL;

	while (s.n && is_blank(*s.p))
		s = sk_slice(s.p + 1, s.n - 1);
	if (p.diags)
		text.s = is_appended(s) ? sk_arena_printf(a, "x %.*s", (int)s.n, s.p) : sk_arena_dup(a, s);
	if (text.s.p)
		c = sk_cond_parse(&p);
	struct sk_slice printed = c ? sk_cond_print(a, c) : sk_slice("", 0);
	sk_buf_slice(out, printed);
	bool ok = printed.n && !out->failed;
	sk_arena_free(a);
	return ok;
}

static bool
is_same(struct sk_slice x, struct sk_slice y)
{
	struct sk_buf p = { 0 }, q = { 0 };
	bool ok = sk_fmt_condition_tree(x, &p) && sk_fmt_condition_tree(y, &q) && sk_slice_eq(sk_buf_view(&p), sk_buf_view(&q));

	sk_buf_free(&p);
	sk_buf_free(&q);
	return ok;
}

bool
sk_fmt_condition(struct sk_slice text, uint32_t column, struct sk_buf *out)
{
	struct layout l = { .out = out, .column = column };
	bool ok = split(&l, text);

	/* Behind the key, if it fits there. */
	if (ok && column - 2 + sizeof("condition: ") - 1 + width(&l, 0, (uint32_t)l.words.n) <= SK_FMT_WIDTH)
		fill(&l, 0, (uint32_t)l.words.n, 0, 0);
	else if (ok)
		operands(&l, 0, (uint32_t)l.words.n, 0, 0, 0);
	sk_buf_char(out, '\n');
	sk_vec_free(&l.words);
	return ok && !out->failed && is_same(text, sk_buf_view(out));
}
