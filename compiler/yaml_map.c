/* Where each byte of a decoded YAML scalar stands in the file. The source is walked beside the decoded value; every step consumes
 * bytes of both, and a step that does not fit ends the walk without a map. So a mistake here costs a caret, never a wrong value.
 */
#include "compiler/yaml.h"

struct walk {
	struct sk_arena *arena;
	struct sk_slice src, val;
	uint32_t base; /* file offset of src.p[0] */
	size_t i, o;   /* consumed of src and val */
	SK_VEC(struct sk_text_piece) pieces;
	bool failed;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_break(char c)
{
	return c == '\n' || c == '\r';
}

/* The next N bytes of the value stand at the current place of the source. */
static void
mark(struct walk *w)
{
	uint32_t file = w->base + (uint32_t)w->i, text = (uint32_t)w->o;

	if (w->pieces.n) {
		struct sk_text_piece last = w->pieces.v[w->pieces.n - 1];

		if (file - text == last.file - last.text)
			return;
		if (last.text == text) {
			w->pieces.v[w->pieces.n - 1].file = file;
			return;
		}
	}
	if (!sk_vec_push_arena(&w->pieces, w->arena, (struct sk_text_piece){ text, file }))
		w->failed = true;
}

/* N source bytes stand for OUT bytes of the value. */
static void
step(struct walk *w, size_t n, size_t out)
{
	if (n > w->src.n - w->i || out > w->val.n - w->o) {
		w->failed = true;
		return;
	}
	if (out)
		mark(w);
	w->i += n;
	w->o += out;
}

static void
same(struct walk *w)
{
	if (w->o < w->val.n && w->src.p[w->i] == w->val.p[w->o])
		step(w, 1, 1);
	else
		w->failed = true;
}

/* Length of the run of blanks at the cursor, and whether the run of blanks and line breaks from there contains a break. */
static bool
at_fold(const struct walk *w, size_t *ret_run)
{
	size_t i = w->i;
	bool broken = false;

	while (i < w->src.n && (is_blank(w->src.p[i]) || is_break(w->src.p[i])))
		broken |= is_break(w->src.p[i++]);
	*ret_run = i - w->i;
	return broken;
}

/* A folded run: one blank in the value, or as many line feeds as the run had empty lines. */
static void
fold(struct walk *w, size_t run)
{
	size_t out = 0;

	if (w->o < w->val.n && w->val.p[w->o] == ' ')
		out = 1;
	else
		while (w->o + out < w->val.n && w->val.p[w->o + out] == '\n')
			out++;
	step(w, run, out);
}

static size_t
value_character(const struct walk *w)
{
	size_t n = 1;

	while (w->o + n < w->val.n && ((uint8_t)w->val.p[w->o + n] & 0xc0) == 0x80)
		n++;
	return n;
}

static void
escape(struct walk *w)
{
	char c = w->i + 1 < w->src.n ? w->src.p[w->i + 1] : 0;
	size_t n = c == 'x' ? 4 : c == 'u' ? 6 : c == 'U' ? 10 : 2;

	if (!is_break(c)) {
		step(w, n, value_character(w));
		return;
	}
	/* A line break behind a backslash is no character at all; neither are the blanks that begin the next line. */
	n = 1;
	while (w->i + n < w->src.n && is_break(w->src.p[w->i + n]))
		n++;
	while (w->i + n < w->src.n && is_blank(w->src.p[w->i + n]))
		n++;
	step(w, n, 0);
}

static void
walk_flow(struct walk *w, enum sk_yaml_style style)
{
	while (!w->failed && w->o < w->val.n && w->i < w->src.n) {
		char c = w->src.p[w->i];
		size_t run;

		if ((is_blank(c) || is_break(c)) && at_fold(w, &run))
			fold(w, run);
		else if (style == SK_YAML_DOUBLE && c == '\\')
			escape(w);
		else if (style == SK_YAML_SINGLE && c == '\'')
			step(w, 2, 1);
		else
			same(w);
	}
}

static size_t
line_end(const struct walk *w)
{
	size_t i = w->i;

	while (i < w->src.n && !is_break(w->src.p[i]))
		i++;
	return i;
}

static void
next_line(struct walk *w, size_t end)
{
	w->i = end;
	if (w->i < w->src.n && w->src.p[w->i] == '\r')
		w->i++;
	if (w->i < w->src.n && w->src.p[w->i] == '\n')
		w->i++;
}

/* Indentation of the first line that is not blank. */
static size_t
find_indent(const struct walk *w)
{
	size_t n = 0;

	for (size_t i = w->i; i < w->src.n; i++) {
		if (is_break(w->src.p[i]))
			n = 0;
		else if (w->src.p[i] == ' ')
			n++;
		else
			break;
	}
	return n;
}

/* What the value has for the line ends since the last line with content; their source is the end of that line. */
static void
separate(struct walk *w, size_t from, bool folded, char first)
{
	size_t out = 0, i = w->i;

	if (folded && w->o && w->o < w->val.n && w->val.p[w->o] == ' ' && first != ' ')
		out = 1;
	else
		while (w->o + out < w->val.n && w->val.p[w->o + out] == '\n')
			out++;
	w->i = from;
	if (out)
		mark(w);
	w->i = i;
	w->o += out;
}

static void
walk_block(struct walk *w, size_t indent, bool folded)
{
	size_t from = w->i; /* end of the last line with content */

	while (!w->failed && w->i < w->src.n) {
		size_t end = line_end(w), skip = 0;

		while (skip < indent && w->i + skip < end && w->src.p[w->i + skip] == ' ')
			skip++;
		w->i += skip;
		size_t n = end - w->i;
		if (n && w->o < w->val.n) {
			separate(w, from, folded, w->src.p[w->i]);
			if (n > w->val.n - w->o || memcmp(w->src.p + w->i, w->val.p + w->o, n) != 0) {
				w->failed = true;
				break;
			}
			mark(w);
			w->o += n;
			from = end;
		}
		next_line(w, end);
	}
	w->i = from;
	if (w->o < w->val.n)
		mark(w);
	while (w->o < w->val.n && w->val.p[w->o] == '\n')
		w->o++;
}

static void
finish(const struct walk *w, struct sk_text *text)
{
	if (w->failed || w->o != w->val.n || !w->pieces.n)
		return;
	text->pieces = w->pieces.v;
	text->npieces = (uint32_t)w->pieces.n;
}

static void
map_block(struct walk *w, struct sk_text *text, bool folded)
{
	bool explicit_indent = false;
	size_t end = line_end(w);

	for (size_t i = w->i; i < end && w->src.p[i] != '#'; i++)
		explicit_indent |= w->src.p[i] >= '1' && w->src.p[i] <= '9';
	next_line(w, end);
	size_t start = w->i, indent = find_indent(w);

	/* An explicit indentation counts from the parent node, whose own is not known here: the one that fits is it. */
	for (;; indent--) {
		w->i = start;
		w->o = w->pieces.n = 0;
		w->failed = false;
		walk_block(w, indent, folded);
		finish(w, text);
		if (text->npieces || !explicit_indent || !indent)
			return;
	}
}

void
sk_yaml_map_scalar(struct sk_arena *arena, struct sk_text *text, enum sk_yaml_style style, uint32_t beg, uint32_t end)
{
	struct walk w = { .arena = arena, .val = text->s, .base = beg };

	if (beg > end || end > text->file->text.n || !text->s.n)
		return;
	w.src = sk_slice(text->file->text.p + beg, end - beg);
	if (style == SK_YAML_LITERAL || style == SK_YAML_FOLDED) {
		map_block(&w, text, style == SK_YAML_FOLDED);
		return;
	}
	if (style != SK_YAML_PLAIN)
		w.i = 1; /* the quote */
	walk_flow(&w, style);
	finish(&w, text);
}
