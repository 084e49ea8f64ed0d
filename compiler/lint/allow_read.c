/* Comments that silence findings, and what they cover:
 *   # saker: allow W0305, W0306 -- why   behind something: what stands in that line, and the value that goes on below it; on a
 *                                        line of its own: the item, key or element that begins in the next line
 *   # saker: allow-file W0305            the whole file */
#include "compiler/lint/lint_internal.h"

#include "compiler/yaml.h"

#include <strings.h>

static const char blanks[] = " \t\r";

struct reader {
	struct sk_lint *l;
	const struct sk_yaml_docs *docs;
	const struct sk_file *file;
	sk_spans places; /* of what a comment may be about: elements, keys with their values; by beginning, the outer first */
	bool laid_out, failed;
};

/* --- places ------------------------------------------------------------------------------------ */
static void
add_place(struct reader *r, uint32_t beg, uint32_t end)
{
	if (!sk_vec_push_arena(&r->places, r->l->cx->arena, (struct sk_span){ beg, end > beg ? end : beg }))
		r->failed = true;
}

static void
lay_out(struct reader *r, const struct sk_yaml *node)
{
	for (size_t i = 0; node->kind == SK_YAML_SEQ && i < node->items.n; i++) {
		add_place(r, node->items.v[i]->loc.span.beg, node->items.v[i]->loc.span.end);
		lay_out(r, node->items.v[i]);
	}
	for (size_t i = 0; node->kind == SK_YAML_MAP && i < node->pairs.n; i++) {
		struct sk_span key = node->pairs.v[i].key->loc.span, value = node->pairs.v[i].value->loc.span;

		add_place(r, key.beg, value.end > key.end ? value.end : key.end);
		/* A comment between the two is about the first part of a value that has parts in lines of their own. */
		if (node->pairs.v[i].value->kind == SK_YAML_SCALAR ||
		    (value.end > value.beg && strchr("[{", r->file->text.p[value.beg])))
			add_place(r, value.beg, value.end);
		lay_out(r, node->pairs.v[i].value);
	}
}

static int
by_beginning(const void *pa, const void *pb)
{
	const struct sk_span *a = pa, *b = pb;

	if (a->beg != b->beg)
		return a->beg < b->beg ? -1 : 1;
	return (a->end < b->end) - (a->end > b->end);
}

/* Places that begin before AT. */
static size_t
places_before(struct reader *r, uint32_t at)
{
	size_t lo = 0, hi;

	for (size_t i = 0; !r->laid_out && i < r->docs->roots.n; i++)
		lay_out(r, r->docs->roots.v[i]);
	/* They come in order unless a key is given twice. */
	if (!r->laid_out && r->places.n)
		qsort(r->places.v, r->places.n, sizeof(*r->places.v), by_beginning);
	r->laid_out = true;
	for (hi = r->places.n; lo < hi;) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->places.v[mid].beg < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* --- what a comment covers --------------------------------------------------------------------- */
/* The last scalar that begins before AT, or NULL. */
static const struct sk_yaml *
scalar_before(const struct reader *r, uint32_t at)
{
	size_t lo = 0, hi = r->docs->scalars.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->docs->scalars.v[mid]->loc.span.beg < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? r->docs->scalars.v[lo - 1] : NULL;
}

static struct sk_slice
line_at(const struct reader *r, uint32_t at, uint32_t *ret_number)
{
	uint32_t column;

	sk_file_position(r->file, at, ret_number, &column);
	return sk_file_line(r->file, *ret_number);
}

static struct sk_span
span_of(const struct reader *r, struct sk_slice line)
{
	uint32_t beg = (uint32_t)(line.p - r->file->text.p);

	return (struct sk_span){ beg, beg + (uint32_t)line.n };
}

/* The line, and the scalars that reach into it or out of it. */
static struct sk_span
whole_line(const struct reader *r, struct sk_slice line)
{
	struct sk_span span = span_of(r, line), here = span;
	const struct sk_yaml *first = scalar_before(r, span.beg), *last = scalar_before(r, span.end);

	if (first && first->loc.span.end > here.beg)
		span.beg = first->loc.span.beg;
	if (last && last->loc.span.end > here.end)
		span.end = last->loc.span.end;
	return span;
}

static bool
says_nothing(struct sk_slice line)
{
	size_t n = 0;

	while (n < line.n && strchr(blanks, line.p[n]))
		n++;
	return n == line.n || line.p[n] == '#';
}

/* Nothing but dashes of list elements, in whatever lines. */
static bool
only_dashes(const struct reader *r, uint32_t beg, uint32_t end)
{
	const char *s = r->file->text.p;

	for (uint32_t i = beg; i < end; i++)
		if (!strchr(" \t\r\n", s[i]) && (s[i] != '-' || !strchr(" \t\r\n", s[i + 1])))
			return false;
	return true;
}

static struct sk_span
covered_below(struct reader *r, uint32_t at)
{
	struct sk_slice line;
	uint32_t number;

	(void)line_at(r, at, &number);
	do {
		if (number++ >= r->file->nlines)
			return (struct sk_span){ 0, 0 };
		line = sk_file_line(r->file, number);
	} while (says_nothing(line));
	struct sk_span span = whole_line(r, line);
	size_t i = places_before(r, span.beg);
	if (i < r->places.n && only_dashes(r, span.beg, r->places.v[i].beg) && r->places.v[i].end > span.end)
		span.end = r->places.v[i].end;
	return span;
}

static struct sk_span
covered_behind(struct reader *r, uint32_t at, struct sk_slice line)
{
	struct sk_span span = whole_line(r, line);
	size_t i = places_before(r, at);

	/* What began last goes on behind the comment: a key whose value stands below, a bracket. */
	if (i && r->places.v[i - 1].beg >= span.beg && r->places.v[i - 1].end > at && r->places.v[i - 1].end > span.end)
		span.end = r->places.v[i - 1].end;
	return span;
}

static struct sk_span
covered(struct reader *r, uint32_t at)
{
	uint32_t number;
	struct sk_slice line = line_at(r, at, &number);
	uint32_t beg = span_of(r, line).beg;

	if (beg == 0 && sk_slice_starts(line, SK_SLICE("\xef\xbb\xbf")))
		beg = 3;
	return only_dashes(r, beg, at) ? covered_below(r, at) : covered_behind(r, at, line);
}

/* --- what it says ------------------------------------------------------------------------------ */
static const char form[] = "write '# saker: allow CODE, ...' or '# saker: allow-file CODE, ...'";

static struct sk_loc
loc_of(const struct reader *r, struct sk_slice s)
{
	return (struct sk_loc){ r->file, span_of(r, s) };
}

static void SK_PRINTF(3, 4) bad(struct reader *r, struct sk_slice where, const char *fmt, ...)
{
	va_list ap;

	if (!r->l->on[SK_D_BAD_ALLOW])
		return;
	va_start(ap, fmt);
	struct sk_slice text = sk_arena_vprintf(r->l->cx->arena, fmt, ap);
	va_end(ap);
	(void)sk_diag_add(r->l->cx->diags, SK_D_BAD_ALLOW, loc_of(r, where), "%.*s", SK_SLICE_ARG(text));
}

/* The next word of REST, which begins behind it afterwards. */
static struct sk_slice
next_word(struct sk_slice *rest, const char *between)
{
	size_t beg = 0, n;

	while (beg < rest->n && strchr(between, rest->p[beg]))
		beg++;
	for (n = beg; n < rest->n && !strchr(between, rest->p[n]);)
		n++;
	struct sk_slice word = sk_slice(rest->p + beg, n - beg);
	*rest = sk_slice(rest->p + n, rest->n - n);
	return word;
}

static bool
same(struct sk_slice word, const char *s)
{
	return word.n == strlen(s) && strncasecmp(word.p, s, word.n) == 0;
}

static bool
is_like_code(struct sk_slice word)
{
	size_t n = 1;

	while (n < word.n && word.p[n] >= '0' && word.p[n] <= '9')
		n++;
	return word.n > 1 && n == word.n && ((word.p[0] | 0x20) == 'w' || (word.p[0] | 0x20) == 'e');
}

static bool
names_code(struct sk_slice s)
{
	for (struct sk_slice word; (word = next_word(&s, " \t,:;.()")).n;)
		if (is_like_code(word) || sk_diag_find(word) != SK_DIAG_COUNT)
			return true;
	return false;
}

/* False if WORD ends the codes: what follows is no list of them. */
static bool
read_code(struct reader *r, struct sk_slice word, struct sk_span span)
{
	enum sk_diag_code code = sk_diag_find(word);

	if (code == SK_DIAG_COUNT) {
		bool like = is_like_code(word);

		bad(r, word, "'%.*s' names no warning%s", SK_SLICE_ARG(word), like ? "" : "; a reason goes behind '--'");
		return like;
	}
	if (sk_diag_desc(code)->severity != SK_SEV_WARNING)
		bad(r, word, "'%.*s' names no warning, and errors cannot be allowed", SK_SLICE_ARG(word));
	else
		sk_allow_add(r->l, code, r->file, span, loc_of(r, word).span);
	return true;
}

/* What follows "saker:" in COMMENT. With other capitals it may be prose that begins with the name. */
static void
read_order(struct reader *r, struct sk_slice comment, struct sk_slice rest, bool exact)
{
	struct sk_slice words = rest, verb = next_word(&rest, blanks), word;
	bool file = same(verb, "allow-file"), any = false;

	if (!exact && !names_code(words))
		return;
	if (!file && !same(verb, "allow")) {
		bad(r, comment, verb.n ? "'%.*s' is not known here; %s" : "this allows nothing%.*s; %s", SK_SLICE_ARG(verb),
		    form);
		return;
	}
	struct sk_span span = { 0, (uint32_t)r->file->text.n + 1 };
	if (!file)
		span = covered(r, loc_of(r, comment).span.beg);
	while ((word = next_word(&rest, " \t\r,")).n) {
		if (sk_slice_starts(word, SK_SLICE("--")) || word.p[0] == '#')
			break;
		any = true;
		if (!read_code(r, word, span))
			break;
	}
	if (!any)
		bad(r, comment, "this names no warning; %s", form);
}

/* "# saker:" anywhere in a comment: other tools want to be the first. */
static void
read_comment(struct reader *r, struct sk_slice s)
{
	static const char name[] = "saker:";

	for (size_t i = 0; i < s.n; i++) {
		size_t n = i + 1;

		if (s.p[i] != '#' || (i && !strchr(blanks, s.p[i - 1])))
			continue;
		while (n < s.n && strchr(blanks, s.p[n]))
			n++;
		struct sk_slice rest = sk_slice(s.p + n, s.n - n);
		if (rest.n < sizeof(name) - 1 || strncasecmp(rest.p, name, sizeof(name) - 1) != 0)
			continue;
		bool exact = sk_slice_starts(rest, SK_SLICE("saker:"));
		rest = sk_slice(rest.p + sizeof(name) - 1, rest.n - sizeof(name) + 1);
		read_order(r, sk_slice(s.p + i, s.n - i), rest, exact);
	}
}

bool
sk_allow_read_file(struct sk_lint *l, const struct sk_yaml_docs *docs)
{
	struct reader r = { .l = l, .docs = docs, .file = docs->file };
	sk_spans comments = { 0 };

	if (!sk_yaml_comments(l->cx->arena, docs, &comments))
		return false;
	for (size_t i = 0; i < comments.n; i++)
		read_comment(&r, sk_slice(r.file->text.p + comments.v[i].beg, comments.v[i].end - comments.v[i].beg));
	return !r.failed;
}
