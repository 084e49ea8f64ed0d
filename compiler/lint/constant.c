/* Tests of constants: what a test would say if the value on its left were this one. */
#include "compiler/lint/lint_internal.h"

#include <strings.h>

static int
compare_numbers(const struct sk_ir *t, uint64_t a, uint64_t b)
{
	switch (t->op) {
	case SK_OP_EQ_NUM:
		return a == b;
	case SK_OP_LT_INT:
		return (int64_t)a < (int64_t)b;
	case SK_OP_LE_INT:
		return (int64_t)a <= (int64_t)b;
	case SK_OP_LT_UINT:
		return a < b;
	case SK_OP_LE_UINT:
		return a <= b;
	default:
		return -1;
	}
}

static bool
contains(struct sk_slice a, struct sk_slice b)
{
	return !b.n || (a.n && memmem(a.p, a.n, b.p, b.n) != NULL);
}

static int
compare_texts(const struct sk_ir *t, struct sk_slice a, struct sk_slice b)
{
	switch (t->op) {
	case SK_OP_EQ_STR:
		return sk_slice_eq(a, b);
	case SK_OP_LT_STR:
		return sk_slice_cmp(a, b) < 0;
	case SK_OP_LE_STR:
		return sk_slice_cmp(a, b) <= 0;
	case SK_OP_CONTAINS:
		return contains(a, b);
	case SK_OP_STARTS:
		return sk_slice_starts(a, b);
	case SK_OP_ENDS:
		return sk_slice_ends(a, b);
	default:
		return -1;
	}
}

static int
with_value(const struct sk_ir *t, const struct sk_irv *v, const struct sk_irv *rhs)
{
	if (rhs->kind != SK_IRV_CONST)
		return -1;
	switch (v->vkind) {
	case SK_V_STR:
		return compare_texts(t, v->text, rhs->text);
	case SK_V_BOOL:
	case SK_V_INT:
	case SK_V_UINT:
		return compare_numbers(t, v->num, rhs->num);
	case SK_V_IP:
		return t->op == SK_OP_EQ_IP ? v->ip == rhs->ip && sk_slice_eq(v->text, rhs->text) : -1;
	case SK_V_NONE:
	case SK_V_FLOAT:
	case SK_V_BYTES:
	case SK_V_NET:
	case SK_V_LIST:
		break;
	}
	return -1;
}

static int
in_set(const struct sk_ir_graph *g, const struct sk_ir *t, const struct sk_irv *v)
{
	for (uint32_t i = 0; i < t->nmembers; i++) {
		const struct sk_irv *m = &g->values.v[t->members[i]];

		if (v->vkind == SK_V_STR ? sk_slice_eq(v->text, m->text) : v->num == m->num)
			return 1;
	}
	return 0;
}

static int
plain(const struct sk_ir_graph *g, const struct sk_ir *t, const struct sk_irv *v)
{
	if (t->op == SK_OP_EXISTS)
		return 1;
	if (t->op == SK_OP_TRUE)
		return v->num != 0;
	if (t->rhs_kind == SK_IRR_VALUE)
		return with_value(t, v, &g->values.v[t->rhs]);
	if (t->op == SK_OP_IN_SET && v->vkind != SK_V_IP && v->vkind != SK_V_FLOAT && v->vkind != SK_V_NET)
		return in_set(g, t, v);
	return -1;
}

int
sk_lint_holds(const struct sk_ir_graph *g, const struct sk_ir *t, const struct sk_irv *v)
{
	int r = plain(g, t, v);

	return r >= 0 && (t->mod & SK_MOD_NEG) ? !r : r;
}
