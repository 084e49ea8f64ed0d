/* Tests of one value that are joined: can they hold together? */
#include "compiler/lint/lint_internal.h"

/* Work on one group of tests: candidates times members that are compared with them. Beyond it nothing is said. */
#define MAX_STEPS 20000u

/* --- collecting -------------------------------------------------------------------------------- */
static bool
is_plain_test(const struct sk_lint *l, const struct sk_cond *c)
{
	const struct sk_ir *t = &l->g->nodes.v[c->node];
	const struct sk_irv *v = t->kind == SK_IR_TEST ? &l->g->values.v[t->lhs] : NULL;

	if (!v || (t->mod & SK_MOD_QUANT) != SK_MOD_SCALAR || v->is_list)
		return false;
	/* Event types have names in common (types.c looks at them), and evt.num is how rules spell "never" and "always". */
	return v->kind != SK_IRV_FIELD ||
	       (!sk_lint_is_event_type(v) && v->field->id != SK_F_evt_num && !(v->field->flags & SK_FF_DEPRECATED));
}

static void
add_literal(struct sk_lint *l, const struct sk_cond *c, bool want, sk_literals *ret)
{
	if (!is_plain_test(l, c))
		return;
	struct sk_literal lit = {
		.c = c, .value = l->g->nodes.v[c->node].lhs, .test = c->node, .order = (uint32_t)ret->n, .want = want
	};
	if (!sk_vec_push(ret, lit))
		l->failed = true;
}

/* WANT: C must hold (else fail). The chain goes on through what means "and" under that sign. */
static void
collect(struct sk_lint *l, const struct sk_cond *c, bool want, sk_literals *ret)
{
	if (c->kind == SK_COND_CHECK)
		add_literal(l, c, want, ret);
	else if (c->kind == SK_COND_NOT)
		collect(l, c->kids[0], !want, ret);
	else if (c->kind == (want ? SK_COND_AND : SK_COND_OR))
		for (uint32_t i = 0; i < c->nkids; i++)
			collect(l, c->kids[i], want, ret);
}

void
sk_literals_of(struct sk_lint *l, const struct sk_cond *c, bool any, sk_literals *ret)
{
	collect(l, c, !any, ret);
}

static int
by_value(const void *pa, const void *pb)
{
	const struct sk_literal *a = pa, *b = pb;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

void
sk_literals_sort(sk_literals *v)
{
	if (v->n)
		qsort(v->v, v->n, sizeof(*v->v), by_value);
}

/* --- candidates -------------------------------------------------------------------------------- */
/* The values that a literal leaves, if it names them: equality that holds, inequality that fails. */
static uint32_t
candidates(const struct sk_ir_graph *g, const struct sk_literal *lit, const uint32_t **ret)
{
	const struct sk_ir *t = &g->nodes.v[lit->test];
	bool negated = (t->mod & SK_MOD_NEG) != 0;

	if (lit->want == negated)
		return 0;
	if (t->op == SK_OP_IN_SET && t->set_kind != SK_V_NET) {
		*ret = t->members;
		return t->nmembers;
	}
	if ((t->op == SK_OP_EQ_STR || t->op == SK_OP_EQ_NUM || t->op == SK_OP_EQ_IP) && t->rhs_kind == SK_IRR_VALUE &&
	    g->values.v[t->rhs].kind == SK_IRV_CONST) {
		*ret = &t->rhs;
		return 1;
	}
	return 0;
}

static bool
excludes(const struct sk_ir_graph *g, const struct sk_literal *lit, const struct sk_irv *v)
{
	int holds = sk_lint_holds(g, &g->nodes.v[lit->test], v);

	return holds >= 0 && (holds != 0) != lit->want;
}

/* Strike candidates out, literal by literal; the one that strikes the last is at fault. */
static size_t
strike(const struct sk_ir_graph *g, const struct sk_literal *v, size_t n, size_t base, const uint32_t *cand, uint32_t ncand)
{
	SK_AUTO_FREE bool *gone = calloc(ncand + 1, sizeof(*gone));
	uint32_t left = ncand;

	for (size_t i = 0; gone && i < n; i++)
		for (uint32_t k = 0; i != base && k < ncand; k++) {
			if (gone[k] || !excludes(g, &v[i], &g->values.v[cand[k]]))
				continue;
			gone[k] = true;
			if (--left == 0)
				return i;
		}
	return n;
}

static uint64_t
steps(const struct sk_ir_graph *g, const struct sk_literal *v, size_t n, uint32_t ncand)
{
	uint64_t members = 0;

	for (size_t i = 0; i < n; i++)
		members += g->nodes.v[v[i].test].nmembers + 1;
	return members * ncand;
}

/* --- without candidates ------------------------------------------------------------------------ */
/* Two beginnings (or ends) that no text has both of. */
static bool
affixes_conflict(const struct sk_ir_graph *g, const struct sk_literal *a, const struct sk_literal *b)
{
	const struct sk_ir *x = &g->nodes.v[a->test], *y = &g->nodes.v[b->test];

	if (x->op != y->op || (x->op != SK_OP_STARTS && x->op != SK_OP_ENDS) || x->rhs_kind != SK_IRR_VALUE ||
	    y->rhs_kind != SK_IRR_VALUE || !a->want || !b->want)
		return false;
	const struct sk_irv *s = &g->values.v[x->rhs], *t = &g->values.v[y->rhs];
	if (s->kind != SK_IRV_CONST || t->kind != SK_IRV_CONST)
		return false;
	if (x->op == SK_OP_STARTS)
		return !sk_slice_starts(s->text, t->text) && !sk_slice_starts(t->text, s->text);
	return !sk_slice_ends(s->text, t->text) && !sk_slice_ends(t->text, s->text);
}

/* A bound as "the number is at most (at least) LIMIT"; false if the literal is none. Signed numbers are shifted so that order is
 * that of unsigned ones. */
static bool
bound_of(const struct sk_ir_graph *g, const struct sk_literal *lit, bool *ret_upper, uint64_t *ret)
{
	const struct sk_ir *t = &g->nodes.v[lit->test];
	bool is_signed = t->op == SK_OP_LT_INT || t->op == SK_OP_LE_INT, strict = t->op == SK_OP_LT_INT || t->op == SK_OP_LT_UINT;

	if ((!is_signed && t->op != SK_OP_LT_UINT && t->op != SK_OP_LE_UINT) || t->rhs_kind != SK_IRR_VALUE ||
	    g->values.v[t->rhs].kind != SK_IRV_CONST)
		return false;
	uint64_t limit = g->values.v[t->rhs].num ^ (is_signed ? 1ull << 63 : 0);
	*ret_upper = lit->want == !(t->mod & SK_MOD_NEG);
	/* Below every number, or above: left to the ranges of types. */
	if (*ret_upper ? strict && limit == 0 : !strict && limit == UINT64_MAX)
		return false;
	*ret = *ret_upper ? limit - strict : limit + !strict;
	return true;
}

static bool
bounds_conflict(const struct sk_ir_graph *g, const struct sk_literal *a, const struct sk_literal *b)
{
	bool up_a, up_b;
	uint64_t x, y;

	if (!bound_of(g, a, &up_a, &x) || !bound_of(g, b, &up_b, &y) || up_a == up_b)
		return false;
	return up_a ? x < y : y < x;
}

static bool
is_truth(const struct sk_ir_graph *g, const struct sk_literal *lit, bool *ret)
{
	const struct sk_ir *t = &g->nodes.v[lit->test];

	*ret = lit->want == !(t->mod & SK_MOD_NEG);
	return t->op == SK_OP_TRUE;
}

static bool
conflict(const struct sk_ir_graph *g, const struct sk_literal *a, const struct sk_literal *b)
{
	bool x, y;

	if (is_truth(g, a, &x) && is_truth(g, b, &y) && x != y)
		return true;
	if (g->nodes.v[a->test].op == SK_OP_EXISTS && !a->want)
		return b->want;
	if (g->nodes.v[b->test].op == SK_OP_EXISTS && !b->want)
		return a->want;
	return affixes_conflict(g, a, b) || bounds_conflict(g, a, b);
}

/* --- the question ------------------------------------------------------------------------------ */
size_t
sk_literals_conflict(const struct sk_lint *l, const struct sk_literal *v, size_t n, bool present, size_t *ret_with)
{
	const struct sk_ir_graph *g = l->g;
	const uint32_t *cand = NULL, *few = NULL;
	uint32_t ncand = 0, k;

	for (size_t i = 0; i < n; i++)
		present |= v[i].want;
	*ret_with = 0;
	for (size_t i = 0; present && i < n; i++)
		if ((k = candidates(g, &v[i], &cand)) != 0 && (!ncand || k < ncand)) {
			ncand = k;
			few = cand;
			*ret_with = i;
		}
	if (ncand)
		return steps(g, v, n, ncand) <= MAX_STEPS ? strike(g, v, n, *ret_with, few, ncand) : n;
	for (size_t i = 1; present && i < n && i < 64; i++)
		for (size_t j = 0; j < i; j++)
			if (conflict(g, &v[i], &v[j])) {
				*ret_with = j;
				return i;
			}
	return n;
}
