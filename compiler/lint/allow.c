/* What comments silence: which places they cover, and which of them nothing needed. */
#include "compiler/lint/lint_internal.h"

#include "compiler/yaml.h"

struct row {
	const struct sk_file *file;
	struct sk_span span; /* what it covers */
	struct sk_span comment;
	uint32_t order; /* of reading */
	uint32_t outer; /* index + 1 of the nearest row before it that reaches beyond its beginning; 0: none */
	bool used;
};
typedef SK_VEC(struct row) rows;

struct sk_allow {
	rows by_code[SK_DIAG_COUNT]; /* once all are read: by file and place */
	uint32_t n;
};

/* --- reading ----------------------------------------------------------------------------------- */
void
sk_allow_add(struct sk_lint *l, enum sk_diag_code code, const struct sk_file *file, struct sk_span span, struct sk_span comment)
{
	struct row row = { .file = file, .span = span, .comment = comment, .order = l->allow->n++ };

	(void)sk_vec_push_arena(&l->allow->by_code[code], l->cx->arena, row);
}

static int
by_place(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->span.beg != b->span.beg)
		return a->span.beg < b->span.beg ? -1 : 1;
	if (a->span.end != b->span.end)
		return a->span.end > b->span.end ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* Most spans lie within each other or apart, so the rows that cover a place are few steps from the last one that begins before
 * it. */
static void
index_rows(rows *r)
{
	if (r->n)
		qsort(r->v, r->n, sizeof(*r->v), by_place);
	for (size_t i = 1; i < r->n; i++) {
		uint32_t k = (uint32_t)i;

		while (k && (r->v[k - 1].file != r->v[i].file || r->v[k - 1].span.end <= r->v[i].span.beg))
			k = r->v[k - 1].file == r->v[i].file ? r->v[k - 1].outer : 0;
		r->v[i].outer = k;
	}
}

bool
sk_allow_read(struct sk_lint *l)
{
	bool ok = true;

	l->allow = SK_NEW(l->cx->arena, struct sk_allow);
	if (!l->allow)
		return false;
	for (size_t i = 0; ok && i < l->rs->trees.n; i++)
		ok = sk_allow_read_file(l, l->rs->trees.v[i]);
	for (size_t i = 0; i < SK_DIAG_COUNT; i++)
		index_rows(&l->allow->by_code[i]);
	return ok;
}

/* --- asking ------------------------------------------------------------------------------------ */
/* Rows that begin at LOC or before it. */
static uint32_t
rows_before(const rows *r, struct sk_loc loc)
{
	size_t lo = 0, hi = r->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct row *m = &r->v[mid];

		if (m->file < loc.file || (m->file == loc.file && m->span.beg <= loc.span.beg))
			lo = mid + 1;
		else
			hi = mid;
	}
	return (uint32_t)lo;
}

bool
sk_allowed_at(struct sk_allow *a, enum sk_diag_code code, struct sk_loc loc)
{
	rows *r = &a->by_code[code];
	bool found = false;

	if (!r->n || !loc.file)
		return false;
	for (uint32_t i = rows_before(r, loc); i && r->v[i - 1].file == loc.file; i = r->v[i - 1].outer)
		if (loc.span.beg < r->v[i - 1].span.end)
			found = r->v[i - 1].used = true;
	return found;
}

bool
sk_allowed_in(struct sk_allow *a, enum sk_diag_code code, const struct sk_item *item)
{
	struct sk_loc loc = { 0 };

	/* The second item from the outside. */
	for (; item && item->outer; item = item->outer)
		loc = item->loc;
	return sk_allowed_at(a, code, loc);
}

static bool
stays(void *ctx, const struct sk_diag *d)
{
	struct sk_lint *l = ctx;

	if (d->severity != SK_SEV_WARNING || sk_lint_is(d->code))
		return true;
	bool here = sk_allowed_at(l->allow, d->code, d->loc), by_item = sk_allowed_in(l->allow, d->code, d->item);
	/* Noted by sk_lint_report(): a finding of ours says why. */
	bool said = d->code == SK_D_NO_EVTTYPE && !sk_lint_once(l, (uint64_t)(uintptr_t)d->item, SK_D_NO_EVTTYPE);
	return !here && !by_item && !said;
}

static void
report_unused(struct sk_lint *l, enum sk_diag_code code, const struct row *row)
{
	(void)sk_diag_add(l->cx->diags, SK_D_UNUSED_ALLOW, (struct sk_loc){ row->file, row->comment },
			  "there is no %s here to allow", sk_diag_desc(code)->code);
}

/* In the order of reading: that of the rows depends on where files lie in memory. */
static bool
find_unused(struct sk_lint *l)
{
	SK_AUTO_FREE const struct row **all = calloc(l->allow->n + 1, sizeof(*all));
	SK_AUTO_FREE enum sk_diag_code *codes = calloc(l->allow->n + 1, sizeof(*codes));

	for (uint32_t code = 0; all && codes && code < SK_DIAG_COUNT; code++) {
		const rows *r = &l->allow->by_code[code];

		for (size_t i = 0; (l->on[code] || !sk_lint_is((enum sk_diag_code)code)) && i < r->n; i++)
			if (!r->v[i].used) {
				all[r->v[i].order] = &r->v[i];
				codes[r->v[i].order] = (enum sk_diag_code)code;
			}
	}
	for (uint32_t i = 0; all && codes && i < l->allow->n; i++)
		if (all[i])
			report_unused(l, codes[i], all[i]);
	return all && codes;
}

bool
sk_allow_finish(struct sk_lint *l)
{
	sk_diags_keep(l->cx->diags, stays, l);
	return !l->allow->n || !l->on[SK_D_UNUSED_ALLOW] || sk_diags_errors(l->cx->diags) || find_unused(l);
}
