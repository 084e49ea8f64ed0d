/* Comments that silence findings:
 *   # saker: allow W0305, W0306   at the end of a line: what is found in that line; on a line of its own: in the next line, or in
 * the whole item if one begins there # saker: allow-file W0305     what is found in the file They are looked for in the text, not
 * in the tree: YAML drops comments. */
#include "compiler/lint/lint_internal.h"

struct allow_row {
	const struct sk_file *file;
	struct sk_span span; /* what it covers */
	struct sk_span comment;
	bool used;
};
typedef SK_VEC(struct allow_row) allow_rows;

struct sk_allow {
	allow_rows by_code[SK_DIAG_COUNT];
	struct sk_arena *arena;
};

/* --- reading ----------------------------------------------------------------------------------- */
static const char mark[] = "# saker:";

struct line {
	const struct sk_file *file;
	uint32_t number; /* from 1 */
	struct sk_slice text;
};

static struct line
line_at(const struct sk_file *f, uint32_t number)
{
	return (struct line){ f, number, sk_file_line(f, number) };
}

static size_t
indent(struct sk_slice s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == ' ')
		n++;
	return n;
}

static bool
is_blank_or_comment(struct sk_slice s)
{
	size_t n = indent(s);

	return n == s.n || s.p[n] == '#' || s.p[n] == '\r';
}

/* "- rule: x", at any depth; quotes around the key are nobody's habit. */
static bool
begins_item(struct sk_slice s)
{
	static const char *const keys[] = { "rule:", "macro:", "list:", "required_engine_version:", "required_plugin_versions:" };
	size_t n = indent(s);

	if (n >= s.n || s.p[n] != '-')
		return false;
	n += 1 + indent(sk_slice(s.p + n + 1, s.n - n - 1));
	for (size_t i = 0; i < SK_COUNTOF(keys); i++)
		if (sk_slice_starts(sk_slice(s.p + n, s.n - n), sk_slice_cstr(keys[i])))
			return true;
	return false;
}

static uint32_t
offset_of(const struct line *l)
{
	return (uint32_t)(l->text.p - l->file->text.p);
}

/* From the line to the next item of the same depth, or to the end of the file. */
static struct sk_span
item_span(const struct line *first)
{
	struct sk_span span = { offset_of(first), (uint32_t)first->file->text.n };

	for (uint32_t n = first->number + 1; n <= first->file->nlines; n++) {
		struct line l = line_at(first->file, n);

		if (is_blank_or_comment(l.text) || indent(l.text) > indent(first->text))
			continue;
		span.end = offset_of(&l);
		break;
	}
	return span;
}

static struct sk_span
covered(const struct line *l, size_t column)
{
	struct line next = *l;

	if (column == indent(l->text))
		do {
			if (next.number >= l->file->nlines)
				return (struct sk_span){ 0, 0 };
			next = line_at(l->file, next.number + 1);
		} while (is_blank_or_comment(next.text));
	else
		return (struct sk_span){ offset_of(l), offset_of(l) + (uint32_t)l->text.n };
	if (begins_item(next.text))
		return item_span(&next);
	return (struct sk_span){ offset_of(&next), offset_of(&next) + (uint32_t)next.text.n };
}

static void
bad_comment(struct sk_lint *l, const struct sk_file *f, struct sk_span span, struct sk_slice word)
{
	if (l->on[SK_D_BAD_ALLOW])
		(void)sk_diag_add(l->cx->diags, SK_D_BAD_ALLOW, (struct sk_loc){ f, span }, "'%.*s' names no warning",
				  SK_SLICE_ARG(word));
}

static void
add_code(struct sk_lint *l, const struct sk_file *f, struct sk_slice word, struct sk_span span)
{
	enum sk_diag_code code = sk_diag_find(word);
	uint32_t beg = (uint32_t)(word.p - f->text.p);
	struct allow_row row = { f, span, { beg, beg + (uint32_t)word.n }, false };

	if (code == SK_DIAG_COUNT || sk_diag_desc(code)->severity != SK_SEV_WARNING)
		bad_comment(l, f, row.comment, word);
	else
		(void)sk_vec_push_arena(&l->allow->by_code[code], l->cx->arena, row);
}

/* What follows "# saker:" in the line. */
static void
read_comment(struct sk_lint *l, const struct line *line, size_t column)
{
	struct sk_slice rest = sk_slice(line->text.p + column + sizeof(mark) - 1, line->text.n - column - sizeof(mark) + 1);
	static const char *const verbs[] = { "allow-file ", "allow " };
	struct sk_span all = { 0, (uint32_t)line->file->text.n }, here = covered(line, column);
	size_t verb = 0, n = indent(rest);

	rest = sk_slice(rest.p + n, rest.n - n);
	while (verb < SK_COUNTOF(verbs) && !sk_slice_starts(rest, sk_slice_cstr(verbs[verb])))
		verb++;
	if (verb == SK_COUNTOF(verbs)) {
		uint32_t beg = offset_of(line) + (uint32_t)column;

		bad_comment(l, line->file, (struct sk_span){ beg, offset_of(line) + (uint32_t)line->text.n }, rest);
		return;
	}
	rest = sk_slice(rest.p + strlen(verbs[verb]), rest.n - strlen(verbs[verb]));
	while (rest.n) {
		for (n = 0; n < rest.n && !memchr(" ,\r", rest.p[n], 3);)
			n++;
		if (n)
			add_code(l, line->file, sk_slice(rest.p, n), verb ? here : all);
		n += n < rest.n;
		rest = sk_slice(rest.p + n, rest.n - n);
	}
}

static void
read_file(struct sk_lint *l, const struct sk_file *f)
{
	struct sk_slice t = f->text;

	for (const char *p = t.p; t.n && (p = memmem(p, (size_t)(t.p + t.n - p), mark, sizeof(mark) - 1)) != NULL; p++) {
		uint32_t number, column;

		sk_file_position(f, (uint32_t)(p - t.p), &number, &column);
		struct line line = line_at(f, number);
		if (column == 1 || p[-1] == ' ')
			read_comment(l, &line, column - 1);
	}
}

bool
sk_allow_read(struct sk_lint *l)
{
	l->allow = SK_NEW(l->cx->arena, struct sk_allow);
	if (!l->allow)
		return false;
	l->allow->arena = l->cx->arena;
	for (size_t i = 0; i < l->rs->files.n; i++)
		read_file(l, l->rs->files.v[i]);
	return true;
}

/* --- asking ------------------------------------------------------------------------------------ */
static bool
covers(const struct allow_row *row, struct sk_loc loc)
{
	return loc.file == row->file && loc.span.beg >= row->span.beg && loc.span.beg < row->span.end;
}

/* The rule, macro or list of a finding: the second of its items from the outside. */
static struct sk_loc
place_of_item(const struct sk_item *item)
{
	struct sk_loc loc = { 0 };

	for (; item && item->outer; item = item->outer)
		loc = item->loc;
	return loc;
}

bool
sk_allowed(struct sk_allow *a, enum sk_diag_code code, struct sk_loc loc, const struct sk_item *item)
{
	struct sk_loc outer = place_of_item(item);
	allow_rows *rows = &a->by_code[code];

	for (size_t i = 0; i < rows->n; i++)
		if (covers(&rows->v[i], loc) || covers(&rows->v[i], outer))
			return rows->v[i].used = true;
	return false;
}

static bool
stays(void *ctx, const struct sk_diag *d)
{
	struct sk_lint *l = ctx;

	if (sk_diag_desc(d->code)->severity != SK_SEV_WARNING || sk_lint_is(d->code))
		return true;
	/* Noted by sk_lint_report(): a finding of ours says why. */
	bool said = d->code == SK_D_NO_EVTTYPE && !sk_lint_once(l, (uint64_t)(uintptr_t)d->item, SK_D_NO_EVTTYPE);
	return !sk_allowed(l->allow, d->code, d->loc, d->item) && !said;
}

void
sk_allow_finish(struct sk_lint *l)
{
	sk_diags_keep(l->cx->diags, stays, l);
	if (!l->on[SK_D_UNUSED_ALLOW] || sk_diags_errors(l->cx->diags))
		return;
	for (uint32_t code = 0; code < SK_DIAG_COUNT; code++)
		for (size_t i = 0; i < l->allow->by_code[code].n; i++) {
			const struct allow_row *row = &l->allow->by_code[code].v[i];

			if (!row->used && (l->on[code] || !sk_lint_is((enum sk_diag_code)code)))
				(void)sk_diag_add(l->cx->diags, SK_D_UNUSED_ALLOW, (struct sk_loc){ row->file, row->comment },
						  "there is no %s here to allow", sk_diag_desc((enum sk_diag_code)code)->code);
		}
}
