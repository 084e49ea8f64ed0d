/* Items of lists that others make needless. */
#include "compiler/lint/lint_internal.h"

/* Substrings are compared each with each: beyond this nothing is said. */
#define MAX_SUBSTRINGS 64u
/* Repetitions named in one list: whoever has more of them knows. */
#define MAX_TWINS 100u

struct items {
	struct sk_lint *l;
	struct sk_lint_rule *r;
	const struct sk_cond *c;
};

/* --- where items stand --------------------------------------------------------------------------- */
struct placed {
	const struct sk_opnd *o;
	struct sk_loc loc;
	uint32_t order; /* in the check */
	uint32_t group; /* items of one list in the files have the same number; 0: written in the condition */
};

static int
by_place(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;

	if (!a->o->from != !b->o->from)
		return a->o->from ? 1 : -1;
	if (a->loc.file != b->loc.file)
		return a->loc.file < b->loc.file ? -1 : 1;
	return (a->loc.span.beg > b->loc.span.beg) - (a->loc.span.beg < b->loc.span.beg);
}

/* Nothing but items stands between two items of one list: no key. */
static bool
in_one_list(struct sk_loc a, struct sk_loc b)
{
	return a.file && a.file == b.file && a.span.end <= b.span.beg &&
	       !memmem(a.file->text.p + a.span.end, b.span.beg - a.span.end, "items", 5);
}

/* The number of the list that V begins with, of N places; and in RET_END where it ends. The number must not depend on where files
 * lie in memory. */
static uint32_t
next_group(const struct placed *v, uint32_t n, uint32_t *ret_end)
{
	uint32_t first = v[0].order, i = 1;

	for (; i < n && !v[0].o->from == !v[i].o->from && (!v[0].o->from || in_one_list(v[i - 1].loc, v[i].loc)); i++)
		if (v[i].order < first)
			first = v[i].order;
	*ret_end = i;
	return v[0].o->from ? first + 1 : 0;
}

/* Number the lists. Lists have parts in common, and that is no mistake: a part that is reached in two ways is taken once. Returns
 * how many different places are left, at the front. */
static uint32_t
sort_out(struct placed *v, uint32_t n)
{
	uint32_t left = 0, end;

	qsort(v, n, sizeof(*v), by_place);
	for (uint32_t i = 0; i < n; i++)
		if (!left || by_place(&v[left - 1], &v[i]) != 0)
			v[left++] = v[i];
		else if (v[i].order < v[left - 1].order)
			v[left - 1].order = v[i].order;
	for (uint32_t i = 0; i < left; i = end) {
		uint32_t group = next_group(v + i, left - i, &end);

		for (end += i; i < end; i++)
			v[i].group = group;
	}
	return left;
}

static int
by_group(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return (a->loc.span.beg > b->loc.span.beg) - (a->loc.span.beg < b->loc.span.beg);
}

/* --- twice the same ---------------------------------------------------------------------------- */
static int
by_text(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;
	int c = sk_slice_cmp(a->o->text, b->o->text);

	return c ? c : by_group(pa, pb);
}

static bool
is_set(const struct sk_cond *c)
{
	return c->cmp == SK_CMP_IN || c->cmp == SK_CMP_INTERSECTS || c->cmp == SK_CMP_PMATCH || c->quant == SK_QUANT_ANYOF ||
	       c->quant == SK_QUANT_ALLOF;
}

static void
look_for_twins(const struct items *x, struct placed *v, uint32_t n)
{
	uint32_t found = 0;

	qsort(v, n, sizeof(*v), by_text);
	for (uint32_t i = 1; i < n && found < MAX_TWINS; i++) {
		const struct placed *a = &v[i - 1], *b = &v[i];

		if (a->group != b->group || !sk_slice_eq(a->o->text, b->o->text))
			continue;
		struct sk_diag *d = sk_lint_report(x->l, SK_D_DUPLICATE_ITEM, &x->r->rule->cond_item, b->loc, x->c,
						   "'%.*s' is in the list already", SK_SLICE_ARG(b->o->text));
		sk_lint_note(x->l, d, a->loc, "it stands here");
		found++;
	}
}

/* --- one within the other -------------------------------------------------------------------------------------------------- */
/* What stands in two lists may be needed in both, by others; what the condition adds to its lists is its own. */
static bool
say_subsumed(const struct items *x, const struct placed *inner, const struct placed *outer)
{
	if (inner->group && inner->group != outer->group)
		return false;
	struct sk_diag *d = sk_lint_report(x->l, SK_D_SUBSUMED_ITEM, &x->r->rule->cond_item, inner->loc, x->c,
					   "whatever matches '%.*s' matches '%.*s' already", SK_SLICE_ARG(inner->o->text),
					   SK_SLICE_ARG(outer->o->text));
	sk_lint_note(x->l, d, outer->loc, "it stands here");
	return true;
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
	if (a->o->text.n != b->o->text.n)
		return a->o->text.n < b->o->text.n ? -1 : 1;
	return by_group(pa, pb);
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
	const struct placed *dir = NULL;

	qsort(v, n, sizeof(*v), by_path);
	for (uint32_t i = 0; i < n; i++) {
		if (!v[i].o->text.n || is_pattern(v[i].o->text))
			continue;
		if (dir && is_below(v[i].o->text, dir->o->text))
			(void)say_subsumed(x, &v[i], dir);
		else
			dir = &v[i];
	}
}

static void
look_for_prefixes(const struct items *x, struct placed *v, uint32_t n)
{
	const struct placed *prefix = NULL;

	qsort(v, n, sizeof(*v), by_text);
	for (uint32_t i = 0; i < n; i++)
		if (prefix && sk_slice_starts(v[i].o->text, prefix->o->text) && v[i].o->text.n > prefix->o->text.n)
			(void)say_subsumed(x, &v[i], prefix);
		else
			prefix = &v[i];
}

static bool
is_inside(const struct sk_cond *c, struct sk_slice outer, struct sk_slice inner)
{
	if (outer.n <= inner.n)
		return false;
	return c->cmp == SK_CMP_ENDSWITH ? sk_slice_ends(outer, inner) : memmem(outer.p, outer.n, inner.p, inner.n) != NULL;
}

static void
look_inside(const struct items *x, struct placed *v, uint32_t n)
{
	qsort(v, n, sizeof(*v), by_text);
	for (uint32_t i = 0; i < n && n <= MAX_SUBSTRINGS; i++)
		for (uint32_t k = 0; k < n; k++)
			if (is_inside(x->c, v[i].o->text, v[k].o->text) && say_subsumed(x, &v[i], &v[k]))
				break;
}

/* In each list by itself, and then in all together, for what the condition adds to its lists. */
static void
look_in_groups(const struct items *x, struct placed *v, uint32_t n, void (*look)(const struct items *, struct placed *, uint32_t))
{
	uint32_t end;

	qsort(v, n, sizeof(*v), by_group);
	bool mixed = !v[0].group && v[n - 1].group;
	for (uint32_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && v[end].group == v[i].group;)
			end++;
		look(x, v + i, end - i);
	}
	if (mixed)
		look(x, v, n);
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
		v[i] = (struct placed){ list->args[i], sk_opnd_loc(x->c, list->args[i]), i, 0 };
	uint32_t n = sort_out(v, list->nargs);
	if (is_set(x->c))
		look_for_twins(x, v, n);
	if (x->c->quant == SK_QUANT_ANYOF && x->c->cmp == SK_CMP_STARTSWITH)
		look_in_groups(x, v, n, look_for_prefixes);
	else if (x->c->quant == SK_QUANT_ANYOF && (x->c->cmp == SK_CMP_CONTAINS || x->c->cmp == SK_CMP_ENDSWITH))
		look_inside(x, v, n);
	else if (x->c->cmp == SK_CMP_PMATCH)
		look_in_groups(x, v, n, look_below);
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
		if (!sk_lint_look(l, c->rhs->args, 1ull << 40 | (uint64_t)c->cmp << 8 | c->quant, &r->rule->cond_item, c))
			continue;
		if (all_literals(c->rhs))
			look_at_list(&x);
		sk_lint_look_end(l);
	}
}

/* --- lists in lists ---------------------------------------------------------------------------- */
struct mention {
	const struct sk_list_def_ast *list;
	struct sk_loc loc;
	uint32_t order, group; /* as of items */
};

static int
by_list(const void *pa, const void *pb)
{
	const struct mention *a = pa, *b = pb;

	if (a->list->index != b->list->index)
		return a->list->index < b->list->index ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* Expansion noted the inner lists in the order of their names. */
static uint32_t
find_names(const struct sk_list_src *src, struct mention *v)
{
	uint32_t n = 0, group = 0;

	for (size_t i = 0; i < src->written.n && n < src->uses.n; i++) {
		const struct sk_text *t = src->written.v[i];
		struct sk_loc loc = sk_text_loc(t, (struct sk_span){ 0, (uint32_t)t->s.n });

		if (!sk_slice_eq(t->s, src->uses.v[n]->name))
			continue;
		group += n && !in_one_list(v[n - 1].loc, loc);
		v[n] = (struct mention){ src->uses.v[n], loc, n, group };
		n++;
	}
	return n;
}

static void
look_at_names(struct sk_lint *l, const struct sk_list_src *src)
{
	SK_AUTO_FREE struct mention *v = malloc((src->uses.n + 1) * sizeof(*v));
	uint32_t n = v ? find_names(src, v) : 0, found = 0;

	l->failed |= !v;
	if (n)
		qsort(v, n, sizeof(*v), by_list);
	for (uint32_t i = 1; i < n && found < MAX_TWINS; i++) {
		const struct mention *a = &v[i - 1], *b = &v[i];

		if (a->list != b->list || a->group != b->group)
			continue;
		struct sk_diag *d = sk_lint_report(l, SK_D_DUPLICATE_ITEM, src->item, b->loc, NULL,
						   "the list '%.*s' is in the list already", SK_SLICE_ARG(b->list->name));
		sk_lint_note(l, d, a->loc, "it stands here");
		found++;
	}
}

bool
sk_lint_inner_lists(struct sk_lint *l)
{
	for (size_t i = 0; i < l->rs->lists.n; i++)
		if (l->rs->lists.v[i]->used && l->rs->lists.v[i]->src->uses.n > 1)
			look_at_names(l, l->rs->lists.v[i]->src);
	return !l->failed;
}
