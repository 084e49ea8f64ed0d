/* Tests of one value that are joined: can they hold together? */
#include "compiler/lint/lint_internal.h"

/* Work on one group of tests. Beyond it nothing is said. */
#define MAX_STEPS 20000u
/* Tests that are compared each with each. */
#define MAX_PAIRED 64u
/* Alternatives about one value that count as one test of it. */
#define MAX_KIDS 256u

/* --- collecting -------------------------------------------------------------------------------- */
static bool
is_plain_test(const struct sk_lint *l, const struct sk_ir *t)
{
	const struct sk_irv *v = &l->g->values.v[t->lhs];

	/* Event types have names in common (types.c looks at them), and evt.num is how rules spell "never" and "always". */
	return v->kind != SK_IRV_FIELD ||
	       (!sk_lint_is_event_type(v) && v->field->id != SK_F_evt_num && !(v->field->flags & SK_FF_DEPRECATED));
}

/* True if all tests of node N are about *VALUE, or about the first one's where that is not set. */
static bool
one_value(const struct sk_lint *l, uint32_t node, uint32_t *value, bool *ret_single, uint32_t depth)
{
	const struct sk_ir *n = &l->g->nodes.v[node];

	if (n->kind == SK_IR_TEST) {
		uint32_t mine = l->twin[n->lhs];

		if (*value == UINT32_MAX)
			*value = mine;
		*ret_single &= (n->mod & SK_MOD_QUANT) == SK_MOD_SCALAR && !l->g->values.v[n->lhs].is_list;
		return *value == mine && is_plain_test(l, n);
	}
	if (depth > 4 || n->nkids > MAX_KIDS)
		return false;
	for (uint32_t i = 0; i < n->nkids; i++)
		if (!one_value(l, n->kids[i], value, ret_single, depth + 1))
			return false;
	return n->nkids != 0;
}

/* WHOLE: its parts are there as well. */
static void
add_literal(struct sk_lint *l, const struct sk_cond *c, uint32_t node, bool want, bool whole, sk_literals *ret)
{
	struct sk_literal lit = {
		.c = c, .value = UINT32_MAX, .test = node, .order = (uint32_t)ret->n, .want = want, .single = true
	};

	if (node <= 1)
		return;
	if (whole || !one_value(l, node, &lit.value, &lit.single, 0)) {
		/* Kept for the case that its opposite is there. A test that is left out is so for good reason. */
		if (l->g->nodes.v[node].kind == SK_IR_TEST)
			return;
		lit.value = SK_LINT_WHOLE + node;
		lit.single = false;
	}
	if (!sk_vec_push(ret, lit))
		l->failed = true;
}

/* A check with anyof or allof is several tests. */
static void
collect_tests(struct sk_lint *l, const struct sk_cond *c, uint32_t node, bool want, sk_literals *ret)
{
	const struct sk_ir *n = &l->g->nodes.v[node];

	if (n->kind == SK_IR_NOT)
		collect_tests(l, c, n->kids[0], !want, ret);
	else if (n->kind == (want ? SK_IR_AND : SK_IR_OR))
		for (uint32_t i = 0; i < n->nkids; i++)
			collect_tests(l, c, n->kids[i], want, ret);
	else
		add_literal(l, c, node, want, false, ret);
}

/* A part that came through a macro, seen from where the chain begins: the use of the macro. */
static const struct sk_cond *
as_written(const struct sk_cond *c, const struct sk_cond *top)
{
	while (c->via && c->via != top->via)
		c = c->via;
	return c;
}

/* WANT: C must hold (else fail). The chain from TOP goes on through what means "and" under that sign. */
static void
collect(struct sk_lint *l, const struct sk_cond *c, bool want, const struct sk_cond *top, sk_literals *ret)
{
	bool joins = c->kind == (want ? SK_COND_AND : SK_COND_OR);

	if (c->kind == SK_COND_CHECK) {
		collect_tests(l, c, c->node, want, ret);
		return;
	}
	if (c->kind == SK_COND_NOT) {
		collect(l, c->kids[0], !want, top == c ? c->kids[0] : top, ret);
		return;
	}
	if (c != top)
		add_literal(l, as_written(c, top), c->node, want, joins, ret);
	for (uint32_t i = 0; joins && i < c->nkids; i++)
		collect(l, c->kids[i], want, top, ret);
}

void
sk_literals_of(struct sk_lint *l, const struct sk_cond *c, bool any, sk_literals *ret)
{
	collect(l, c, !any, c, ret);
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
typedef SK_VEC(uint32_t) values;

static bool
add_all(values *ret, const uint32_t *v, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!sk_vec_push(ret, v[i]))
			return false;
	return n != 0;
}

/* Add the values that a literal leaves, if it names them: equality that holds, inequality that fails, and alternatives of those.
 * False if it does not. */
static bool
add_candidates(const struct sk_ir_graph *g, uint32_t node, bool want, values *ret, uint32_t depth)
{
	const struct sk_ir *n = &g->nodes.v[node];
	const uint32_t *v;

	if (n->kind == SK_IR_NOT)
		return add_candidates(g, n->kids[0], !want, ret, depth + 1);
	if (n->kind == SK_IR_TEST) {
		bool all = (n->mod & SK_MOD_QUANT) == SK_MOD_ALL, any = (n->mod & SK_MOD_QUANT) == SK_MOD_ANY;

		/* Of the elements of a list some one must be among them. */
		if (want == ((n->mod & SK_MOD_NEG) != 0) || (want ? all : any))
			return false;
		uint32_t k = sk_lint_named(g, n, &v);
		return add_all(ret, v, k);
	}
	if (n->kind != (want ? SK_IR_OR : SK_IR_AND) || depth > 4)
		return false;
	for (uint32_t i = 0; i < n->nkids; i++)
		if (!add_candidates(g, n->kids[i], want, ret, depth + 1))
			return false;
	return true;
}

bool
sk_literal_leaves(const struct sk_lint *l, const struct sk_literal *lit, const struct sk_irv *v)
{
	const struct sk_ir *t = &l->g->nodes.v[lit->test];
	int holds;

	if (!lit->single) {
		/* What is asked of all elements is asked of each. */
		bool all = t->kind == SK_IR_TEST && t->op != SK_OP_EXISTS && ((t->mod & SK_MOD_QUANT) == SK_MOD_ALL) == lit->want;

		if (!all || (lit->value & SK_LINT_WHOLE))
			return true;
	}
	holds = sk_lint_holds(l->g, lit->test, v, 0);
	return holds < 0 || (holds != 0) == lit->want;
}

/* Strike candidates out, literal by literal; the one that strikes the last is at fault. */
static size_t
strike(const struct sk_lint *l, const struct sk_literal *v, size_t n, size_t base, const values *cand)
{
	SK_AUTO_FREE bool *gone = calloc(cand->n + 1, sizeof(*gone));
	size_t left = cand->n;

	for (size_t i = 0; gone && i < n; i++)
		/* That a value which is there exists is no news. */
		for (size_t k = 0; i != base && l->g->nodes.v[v[i].test].op != SK_OP_EXISTS && k < cand->n; k++) {
			if (gone[k] || sk_literal_leaves(l, &v[i], &l->g->values.v[cand->v[k]]))
				continue;
			gone[k] = true;
			if (--left == 0)
				return i;
		}
	return n;
}

static uint64_t
weight(const struct sk_ir_graph *g, uint32_t node)
{
	const struct sk_ir *n = &g->nodes.v[node];
	uint64_t sum = n->nmembers + 1u;

	for (uint32_t i = 0; i < n->nkids; i++)
		sum += g->nodes.v[n->kids[i]].nmembers + 1u;
	return sum;
}

/* The literal that leaves the fewest values, which go to *RET; N if none names them. */
static size_t
fewest(const struct sk_lint *l, const struct sk_literal *v, size_t n, values *ret)
{
	size_t best = n;

	for (size_t i = 0; i < n; i++) {
		values own = { 0 };

		if (weight(l->g, v[i].test) <= MAX_STEPS && add_candidates(l->g, v[i].test, v[i].want, &own, 0) &&
		    (best == n || own.n < ret->n)) {
			values other = *ret;

			*ret = own;
			own = other;
			best = i;
		}
		sk_vec_free(&own);
	}
	return best;
}

/* --- the question ------------------------------------------------------------------------------ */
/* Without a value a test fails, whichever it is. */
static bool
asks_for_value(const struct sk_ir_graph *g, uint32_t node, bool want, uint32_t depth)
{
	const struct sk_ir *n = &g->nodes.v[node];
	bool some = n->kind == (want ? SK_IR_AND : SK_IR_OR);

	if (n->kind == SK_IR_TEST || depth > SK_LINT_DEPTH)
		return n->kind == SK_IR_TEST && want;
	if (n->kind == SK_IR_NOT)
		return asks_for_value(g, n->kids[0], !want, depth + 1);
	for (uint32_t i = 0; i < n->nkids; i++)
		if (asks_for_value(g, n->kids[i], want, depth + 1) == some)
			return some;
	return !some;
}

static size_t
paired(const struct sk_lint *l, const struct sk_literal *v, size_t n, bool present, size_t *ret_with)
{
	struct sk_relating r = { l->g, MAX_STEPS };

	for (size_t i = 1; i < n && i < MAX_PAIRED; i++)
		for (size_t j = 0; j < i; j++)
			if (sk_lint_exclude(&r, (struct sk_wanted){ v[i].test, v[i].want },
					    (struct sk_wanted){ v[j].test, v[j].want }, present)) {
				*ret_with = j;
				return i;
			}
	return n;
}

size_t
sk_literals_conflict(const struct sk_lint *l, const struct sk_literal *v, size_t n, bool present, size_t *ret_with)
{
	values cand = { 0 };
	uint64_t work = 0;
	size_t bad = n, base;

	if (n && (v[0].value & SK_LINT_WHOLE))
		return paired(l, v, n, false, ret_with);
	for (size_t i = 0; i < n; i++) {
		present |= asks_for_value(l->g, v[i].test, v[i].want, 0);
		work += weight(l->g, v[i].test);
	}
	base = present ? fewest(l, v, n, &cand) : n;
	if (base < n && work * cand.n <= MAX_STEPS) {
		bad = strike(l, v, n, base, &cand);
		*ret_with = base;
	}
	sk_vec_free(&cand);
	return bad < n ? bad : paired(l, v, n, present, ret_with);
}
