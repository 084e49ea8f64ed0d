/* Items of lists that others make needless. */
#include "compiler/lint/lint_internal.h"

/* Substrings are compared each with each: beyond this nothing is said. */
#define MAX_SUBSTRINGS 64u
/* Repetitions named in one list: each costs a look at what stands between. */
#define MAX_TWINS 100u

struct items {
	struct sk_lint *l;
	struct sk_lint_rule *r;
	const struct sk_cond *c;
};

/* --- twice the same ---------------------------------------------------------------------------- */
struct placed {
	const struct sk_opnd *o;
	uint32_t at;
};

static int
by_text(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;
	int c = sk_slice_cmp(a->o->text, b->o->text);

	return c ? c : (a->at > b->at) - (a->at < b->at);
}

/* Items that are written in one place: in one list of the files, or in one condition. What lists have in common is no mistake. */
static bool
same_place(const struct items *x, const struct sk_opnd *a, const struct sk_opnd *b)
{
	struct sk_loc la = sk_opnd_loc(x->c, a), lb = sk_opnd_loc(x->c, b);

	if (!a->from != !b->from || la.file != lb.file)
		return false;
	if (!a->from)
		return true;
	/* Nothing but items stands between two items of one list: no key. */
	uint32_t beg = la.span.beg < lb.span.beg ? la.span.end : lb.span.end,
		 end = la.span.beg < lb.span.beg ? lb.span.beg : la.span.beg;
	for (uint32_t i = beg; la.file && i + 6 < end; i++)
		if (memcmp(la.file->text.p + i, "items:", 6) == 0)
			return false;
	return true;
}

static bool
is_set(const struct sk_cond *c)
{
	return c->cmp == SK_CMP_IN || c->cmp == SK_CMP_INTERSECTS || c->cmp == SK_CMP_PMATCH || c->quant == SK_QUANT_ANYOF ||
	       c->quant == SK_QUANT_ALLOF;
}

static void
look_for_twins(const struct items *x, const struct placed *v, uint32_t n)
{
	uint32_t found = 0;

	for (uint32_t i = 1; i < n && found < MAX_TWINS; i++) {
		const struct sk_opnd *a = v[i - 1].o, *b = v[i].o;

		if (a == b || !sk_slice_eq(a->text, b->text) || !same_place(x, a, b))
			continue;
		struct sk_diag *d = sk_lint_report(x->l, SK_D_DUPLICATE_ITEM, &x->r->rule->cond_item, sk_opnd_loc(x->c, b), x->c,
						   "'%.*s' is in the list already", SK_SLICE_ARG(b->text));
		found++;
		if (d)
			sk_diag_note(x->l->cx->diags, d, sk_opnd_loc(x->c, a), "it stands here");
	}
}

/* --- one within the other -------------------------------------------------------------------------------------------------- */
static void
say_subsumed(const struct items *x, const struct sk_opnd *inner, const struct sk_opnd *outer)
{
	struct sk_diag *d = sk_lint_report(x->l, SK_D_SUBSUMED_ITEM, &x->r->rule->cond_item, sk_opnd_loc(x->c, inner), x->c,
					   "whatever matches '%.*s' matches '%.*s' already", SK_SLICE_ARG(inner->text),
					   SK_SLICE_ARG(outer->text));

	if (d)
		sk_diag_note(x->l->cx->diags, d, sk_opnd_loc(x->c, outer), "it stands here");
}

/* '/' sorts first, so that what lies below a directory follows it at once. */
static int
by_path(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;
	size_t n = a->o->text.n < b->o->text.n ? a->o->text.n : b->o->text.n;

	for (size_t i = 0; i < n; i++) {
		uint8_t p = (uint8_t)a->o->text.p[i], q = (uint8_t)b->o->text.p[i];

		if (p != q)
			return (p == '/' ? 0 : p) < (q == '/' ? 0 : q) ? -1 : 1;
	}
	return (a->o->text.n > b->o->text.n) - (a->o->text.n < b->o->text.n);
}

static bool
is_below(struct sk_slice s, struct sk_slice dir)
{
	while (dir.n && dir.p[dir.n - 1] == '/')
		dir.n--;
	return s.n > dir.n + 1 && sk_slice_starts(s, dir) && s.p[dir.n] == '/';
}

static bool
is_pattern(struct sk_slice s)
{
	return memchr(s.p, '*', s.n) || memchr(s.p, '?', s.n) || memchr(s.p, '[', s.n);
}

static void
look_below(const struct items *x, struct placed *v, uint32_t n)
{
	const struct sk_opnd *dir = NULL;

	qsort(v, n, sizeof(*v), by_path);
	for (uint32_t i = 0; i < n; i++) {
		if (!v[i].o->text.n || is_pattern(v[i].o->text))
			continue;
		if (dir && is_below(v[i].o->text, dir->text))
			say_subsumed(x, v[i].o, dir);
		else
			dir = v[i].o;
	}
}

static void
look_for_prefixes(const struct items *x, const struct placed *v, uint32_t n)
{
	const struct sk_opnd *prefix = NULL;

	for (uint32_t i = 0; i < n; i++)
		if (prefix && sk_slice_starts(v[i].o->text, prefix->text) && v[i].o->text.n > prefix->text.n)
			say_subsumed(x, v[i].o, prefix);
		else
			prefix = v[i].o;
}

static bool
is_inside(const struct sk_cond *c, struct sk_slice outer, struct sk_slice inner)
{
	if (outer.n <= inner.n)
		return false;
	return c->cmp == SK_CMP_ENDSWITH ? sk_slice_ends(outer, inner) : memmem(outer.p, outer.n, inner.p, inner.n) != NULL;
}

static void
look_inside(const struct items *x, const struct placed *v, uint32_t n)
{
	for (uint32_t i = 0; i < n && n <= MAX_SUBSTRINGS; i++)
		for (uint32_t k = 0; k < n; k++)
			if (is_inside(x->c, v[i].o->text, v[k].o->text)) {
				say_subsumed(x, v[i].o, v[k].o);
				break;
			}
}

/* --- the walk ---------------------------------------------------------------------------------- */
static void
look_at_list(const struct items *x)
{
	const struct sk_opnd *list = x->c->rhs;
	SK_AUTO_FREE struct placed *v = malloc((list->nargs + 1) * sizeof(*v));

	if (!v) {
		x->l->failed = true;
		return;
	}
	for (uint32_t i = 0; i < list->nargs; i++)
		v[i] = (struct placed){ list->args[i], i };
	qsort(v, list->nargs, sizeof(*v), by_text);
	if (is_set(x->c))
		look_for_twins(x, v, list->nargs);
	if (x->c->quant == SK_QUANT_ANYOF && x->c->cmp == SK_CMP_STARTSWITH)
		look_for_prefixes(x, v, list->nargs);
	else if (x->c->quant == SK_QUANT_ANYOF && (x->c->cmp == SK_CMP_CONTAINS || x->c->cmp == SK_CMP_ENDSWITH))
		look_inside(x, v, list->nargs);
	else if (x->c->cmp == SK_CMP_PMATCH)
		look_below(x, v, list->nargs);
}

static bool
all_literals(const struct sk_opnd *list)
{
	for (uint32_t i = 0; i < list->nargs; i++)
		if (list->args[i]->kind != SK_OPND_LITERAL || !list->args[i]->text.p)
			return false;
	return true;
}

void
sk_lint_lists(struct sk_lint *l, struct sk_lint_rule *r)
{
	for (size_t i = 0; i < r->nodes.n; i++) {
		const struct sk_cond *c = r->nodes.v[i].c;
		struct items x = { l, r, c };

		if (c->kind != SK_COND_CHECK || !c->rhs || c->rhs->kind != SK_OPND_LIST || c->rhs->nargs < 2)
			continue;
		if (sk_lint_once(l, (uint64_t)(uintptr_t)c->rhs->args, 1ull << 40 | (uint64_t)c->cmp << 8 | c->quant) &&
		    all_literals(c->rhs))
			look_at_list(&x);
	}
}
