#include "base/diag.h"

#include "base/vec.h"

#include <saker/limits.h>
#include <stdlib.h>
#include <strings.h>

static const struct sk_diag_desc descs[SK_DIAG_COUNT] = {
#define SK_DIAG(dcode, sev, sym, dfalco, dtitle, dhelp) \
	[SK_D_##sym] = { .code = #dcode, .falco = (dfalco), .title = (dtitle), .help = (dhelp), .severity = SK_SEV_##sev },
#include <saker/diags.def>
#undef SK_DIAG
};

/* Findings that need no memory. */
#define SPARE 2u

struct sort_key {
	size_t file;
	struct sk_diag *diag;
};

struct sk_diags {
	struct sk_arena *arena;
	SK_VEC(struct sk_diag *) all; /* always with room for those in `reserve` */
	SK_VEC(const struct sk_file *) files; /* in order of first mention: the first sort key */
	struct sk_diag scratch;
	/* For what must be said however little memory is left: that there is none, and that findings are missing. */
	struct sk_diag reserve[SPARE];
	uint32_t nreserve;
	bool told_dropped;
	char dropped_text[96];
	size_t dropped_errors, dropped_warnings;
	size_t kept_errors, kept_warnings; /* among ALL: asked for after every finding */
	const struct sk_item *context;
	struct sk_slice rule; /* that the context is in */
	/* What sk_diags_sorted() made last, good while nothing was added since, and what it sorts with: as large as `all` from the start, so that sorting needs no memory. */
	const struct sk_diag **sorted;
	struct sort_key *keys;
	size_t nsorted;
	bool is_sorted;
};

struct sk_diags *
sk_diags_new(struct sk_arena *a)
{
	struct sk_diags *d = SK_NEW(a, struct sk_diags);

	if (d)
		d->arena = a;
	return d;
}

const struct sk_diag_desc *
sk_diag_desc(enum sk_diag_code code)
{
	return code < SK_DIAG_COUNT ? &descs[code] : NULL;
}

static bool
same_word(struct sk_slice a, const char *b)
{
	return a.n == strlen(b) && strncasecmp(a.p, b, a.n) == 0;
}

enum sk_diag_code
sk_diag_find(struct sk_slice name)
{
	for (size_t i = 0; i < SK_DIAG_COUNT; i++)
		if (same_word(name, descs[i].code))
			return (enum sk_diag_code)i;
	for (size_t i = 0; i < SK_DIAG_COUNT; i++)
		if (*descs[i].falco && same_word(name, descs[i].falco))
			return (enum sk_diag_code)i;
	return SK_DIAG_COUNT;
}

static void
remember_file(struct sk_diags *d, const struct sk_file *f)
{
	for (size_t i = 0; i < d->files.n; i++)
		if (d->files.v[i] == f)
			return;
	(void)sk_vec_push_arena(&d->files, d->arena, f);
}

static bool
grow(struct sk_diags *d)
{
	size_t cap = d->all.cap ? d->all.cap * 2 : 16;
	struct sk_diag **all = SK_NEW_ARRAY(d->arena, cap, struct sk_diag *);
	struct sort_key *keys = SK_NEW_ARRAY(d->arena, cap, struct sort_key);
	const struct sk_diag **sorted = SK_NEW_ARRAY(d->arena, cap, const struct sk_diag *);

	if (!all || !keys || !sorted)
		return false;
	if (d->all.n)
		memcpy(all, d->all.v, d->all.n * sizeof(struct sk_diag *));
	d->all.v = all;
	d->all.cap = cap;
	d->keys = keys;
	d->sorted = sorted;
	d->is_sorted = false;
	return true;
}

static struct sk_diag *
store(struct sk_diags *d, struct sk_diag *diag, enum sk_severity severity)
{
	d->all.v[d->all.n++] = diag;
	d->is_sorted = false;
	d->kept_errors += severity == SK_SEV_ERROR;
	d->kept_warnings += severity == SK_SEV_WARNING;
	return diag;
}

/* Each severity has a bound of its own: warnings never take the place of an error. */
static struct sk_diag *
new_diag(struct sk_diags *d, enum sk_diag_code code, enum sk_severity severity)
{
	size_t kept = severity == SK_SEV_ERROR ? d->kept_errors : d->kept_warnings;
	struct sk_diag *diag = kept < SK_MAX_DIAGS && (d->all.n + SPARE < d->all.cap || grow(d)) ? SK_NEW(d->arena, struct sk_diag) : NULL;

	if (diag)
		return store(d, diag, severity);
	if (code == SK_D_OUT_OF_MEMORY && d->nreserve < SPARE && d->all.n < d->all.cap)
		return store(d, &d->reserve[d->nreserve++], severity);
	if (severity == SK_SEV_ERROR)
		d->dropped_errors++;
	else
		d->dropped_warnings++;
	d->scratch = (struct sk_diag){ 0 };
	return &d->scratch;
}

static struct sk_diag *
add(struct sk_diags *d, enum sk_diag_code code, struct sk_loc loc, const char *fmt, va_list ap)
{
	enum sk_severity severity = (enum sk_severity)descs[code].severity;
	struct sk_diag *diag = new_diag(d, code, severity);

	diag->code = code;
	diag->severity = severity;
	diag->loc = loc;
	diag->item = d->context;
	diag->rule = d->rule;
	diag->seq = (uint32_t)d->all.n;
	if (diag != &d->scratch) {
		diag->text = sk_arena_vprintf(d->arena, fmt, ap);
		if (!diag->text.p)
			diag->text = sk_slice_cstr(descs[code].title);
		if (loc.file)
			remember_file(d, loc.file);
	}
	return diag;
}

struct sk_diag *
sk_diag_add(struct sk_diags *d, enum sk_diag_code code, struct sk_loc loc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct sk_diag *diag = add(d, code, loc, fmt, ap);
	va_end(ap);
	return diag;
}

/* Line and column of an offset in decoded text, both from 1; \r and \n both begin a line, as in Falco's condition parser. */
static void
place_in_text(struct sk_slice s, uint32_t offset, uint32_t *ret_line, uint32_t *ret_column)
{
	*ret_line = 1;
	*ret_column = 1;
	for (uint32_t i = 0; i < offset && i < s.n; i++) {
		bool eol = s.p[i] == '\n' || s.p[i] == '\r';

		*ret_line += eol;
		*ret_column = eol ? 1 : *ret_column + 1;
	}
}

struct sk_diag *
sk_diag_add_text(struct sk_diags *d, enum sk_diag_code code, const struct sk_text *text, struct sk_span span, const char *fmt, ...)
{
	struct sk_loc loc = sk_text_loc(text, span);
	va_list ap;

	va_start(ap, fmt);
	struct sk_diag *diag = add(d, code, loc, fmt, ap);
	va_end(ap);
	diag->alt_span = span;
	if (!sk_text_maps(text, span))
		diag->alt_text = text->s;
	/* Falco gives a finding in an output the place of the output. */
	bool output = d->context && strcmp(d->context->type, "rule output") == 0;
	struct sk_item *item = output || diag == &d->scratch ? NULL : SK_NEW(d->arena, struct sk_item);
	if (item) {
		*item = (struct sk_item){ .outer = d->context, .type = "condition expression", .loc = loc };
		place_in_text(text->s, span.beg, &item->text_line, &item->text_column);
		diag->item = item;
	}
	return diag;
}

void
sk_diags_context(struct sk_diags *d, const struct sk_item *item)
{
	d->context = item;
	d->rule = (struct sk_slice){ 0 };
	/* The chain ends in "rules content"; what stands right inside it has the name that users know. */
	for (; item && item->outer; item = item->outer)
		d->rule = item->name;
}

void
sk_item_position(const struct sk_item *item, uint32_t *ret_line, uint32_t *ret_column)
{
	uint32_t line = 0, column = 0;

	for (; item->text_line && item->outer; item = item->outer) {
		line += item->text_line;
		column += item->text_column;
	}
	*ret_line = line;
	*ret_column = column;
	if (!item->loc.file)
		return;
	sk_file_position(item->loc.file, item->loc.span.beg, &line, &column);
	*ret_line += line - 1;
	*ret_column += column - 1;
}

void
sk_diag_note(struct sk_diags *d, struct sk_diag *diag, struct sk_loc loc, const char *fmt, ...)
{
	struct sk_note *note = diag == &d->scratch ? NULL : SK_NEW(d->arena, struct sk_note), **last = &diag->notes;
	va_list ap;

	if (!note)
		return;
	note->loc = loc;
	va_start(ap, fmt);
	note->text = sk_arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
	while (*last)
		last = &(*last)->next;
	*last = note;
}

static int
by_place(const void *pa, const void *pb)
{
	const struct sort_key *a = pa, *b = pb;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->diag->loc.span.beg != b->diag->loc.span.beg)
		return a->diag->loc.span.beg < b->diag->loc.span.beg ? -1 : 1;
	return (a->diag->seq > b->diag->seq) - (a->diag->seq < b->diag->seq);
}

static size_t
file_rank(const struct sk_diags *d, const struct sk_file *f)
{
	size_t i = 0;

	while (i < d->files.n && d->files.v[i] != f)
		i++;
	return f ? i : 0;
}

const struct sk_diag *const *
sk_diags_sorted(struct sk_diags *d, size_t *ret_n)
{
	size_t n = *ret_n = d->all.n;

	if (d->is_sorted && d->nsorted == n)
		return d->sorted;
	for (size_t i = 0; i < n; i++)
		d->keys[i] = (struct sort_key){ file_rank(d, d->all.v[i]->loc.file), d->all.v[i] };
	if (n)
		qsort(d->keys, n, sizeof(*d->keys), by_place);
	for (size_t i = 0; i < n; i++)
		d->sorted[i] = d->keys[i].diag;
	d->nsorted = n;
	d->is_sorted = true;
	return d->sorted;
}

static size_t
count(const struct sk_diags *d, enum sk_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < d->all.n; i++)
		n += d->all.v[i]->severity == severity;
	return n;
}

static void
recount(struct sk_diags *d)
{
	d->kept_errors = count(d, SK_SEV_ERROR);
	d->kept_warnings = count(d, SK_SEV_WARNING);
}

void
sk_diags_deny(struct sk_diags *d, enum sk_diag_code code)
{
	for (size_t i = 0; i < d->all.n; i++)
		if (code == SK_DIAG_COUNT || d->all.v[i]->code == code)
			d->all.v[i]->severity = SK_SEV_ERROR;
	recount(d);
}

void
sk_diags_keep(struct sk_diags *d, bool (*keep)(void *ctx, const struct sk_diag *diag), void *ctx)
{
	size_t n = 0;

	for (size_t i = 0; i < d->all.n; i++)
		if (keep(ctx, d->all.v[i]))
			d->all.v[n++] = d->all.v[i];
	d->all.n = n;
	d->is_sorted = false;
	recount(d);
}

static bool
says_the_same(const struct sk_diag *a, const struct sk_diag *b)
{
	return a->code == b->code && sk_slice_eq(a->text, b->text);
}

static bool
is_first(void *ctx, const struct sk_diag *diag)
{
	(void)ctx;
	return !diag->repeated;
}

void
sk_diags_unique(struct sk_diags *d)
{
	size_t n, run = 0, kept = 0; /* of the place that is looked at */
	const struct sk_diag *const *sorted = sk_diags_sorted(d, &n);
	SK_AUTO_FREE struct sk_diag **first = malloc((n + 1) * sizeof(*first));

	for (size_t i = 0; first && i < n; i++) {
		struct sk_diag *diag = (struct sk_diag *)(uintptr_t)sorted[i];

		if (diag->loc.file != sorted[run]->loc.file || diag->loc.span.beg != sorted[run]->loc.span.beg) {
			run = i;
			kept = 0;
		}
		for (size_t k = 0; k < kept && !diag->repeated; k++)
			diag->repeated = says_the_same(first[k], diag);
		if (!diag->repeated)
			first[kept++] = diag;
	}
	sk_diags_keep(d, is_first, NULL);
}

size_t
sk_diags_errors(const struct sk_diags *d)
{
	return d->kept_errors + d->dropped_errors;
}

size_t
sk_diags_warnings(const struct sk_diags *d)
{
	return d->kept_warnings + d->dropped_warnings;
}

void
sk_diags_tell_dropped(struct sk_diags *d)
{
	size_t errors = d->dropped_errors, warnings = d->dropped_warnings;

	if (d->told_dropped || !(errors + warnings) || d->nreserve == SPARE || d->all.n == d->all.cap)
		return;
	d->told_dropped = true;
	struct sk_diag *diag = store(d, &d->reserve[d->nreserve++], errors ? SK_SEV_ERROR : SK_SEV_WARNING);
	(void)snprintf(d->dropped_text, sizeof(d->dropped_text), "%zu more errors and %zu more warnings are not shown", errors, warnings);
	*diag = (struct sk_diag){ .code = SK_D_MORE_FINDINGS, .severity = errors ? SK_SEV_ERROR : SK_SEV_WARNING, .text = sk_slice_cstr(d->dropped_text), .seq = UINT32_MAX };
}
