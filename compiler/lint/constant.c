/* Tests of constants: what a test would say if the value on its left were this one. */
#include "compiler/lint/lint_internal.h"

#include "vm/bundle/tables.h"

/* --- numbers and addresses --------------------------------------------------------------------- */
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

bool
sk_lint_in_net(const struct sk_irv *addr, const struct sk_irv *net)
{
	uint32_t bytes = net->prefix / 8u, bits = net->prefix % 8u;

	if (addr->ip != net->ip || memcmp(addr->text.p, net->text.p, bytes) != 0)
		return false;
	return !bits || !(((uint8_t)addr->text.p[bytes] ^ (uint8_t)net->text.p[bytes]) & (0xff00u >> bits) & 0xffu);
}

static int
compare_addresses(const struct sk_ir *t, const struct sk_irv *a, const struct sk_irv *b)
{
	if (t->op == SK_OP_EQ_IP && b->vkind == SK_V_IP)
		return a->ip == b->ip && sk_slice_eq(a->text, b->text);
	return t->op == SK_OP_IN_NET && b->vkind == SK_V_NET ? sk_lint_in_net(a, b) : -1;
}

/* --- texts ------------------------------------------------------------------------------------- */
static uint8_t
fold(char c)
{
	return (uint8_t)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool
same_byte(char a, char b, bool nocase)
{
	return nocase ? fold(a) == fold(b) : a == b;
}

bool
sk_lint_contains(struct sk_slice a, struct sk_slice b, bool nocase)
{
	if (!b.n)
		return true;
	if (!nocase)
		return a.n && memmem(a.p, a.n, b.p, b.n) != NULL;
	for (size_t i = 0; i + b.n <= a.n; i++) {
		size_t k = 0;

		while (k < b.n && same_byte(a.p[i + k], b.p[k], true))
			k++;
		if (k == b.n)
			return true;
	}
	return false;
}

/* Only patterns of *, ? and plain characters are looked at: 1, 0, or -1. */
static int
matches(struct sk_slice s, struct sk_slice p, bool nocase)
{
	size_t i = 0, k = 0, star = SIZE_MAX, retry = 0;

	if (p.n && (memchr(p.p, '[', p.n) || memchr(p.p, '\\', p.n)))
		return -1;
	while (i < s.n) {
		if (k < p.n && p.p[k] == '*') {
			star = k++;
			retry = i;
		} else if (k < p.n && (p.p[k] == '?' || same_byte(p.p[k], s.p[i], nocase))) {
			k++;
			i++;
		} else if (star != SIZE_MAX) {
			k = star + 1;
			i = ++retry;
		} else {
			return 0;
		}
	}
	while (k < p.n && p.p[k] == '*')
		k++;
	return k == p.n;
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
		return sk_lint_contains(a, b, false);
	case SK_OP_ICONTAINS:
		return sk_lint_contains(a, b, true);
	case SK_OP_STARTS:
		return sk_slice_starts(a, b);
	case SK_OP_ENDS:
		return sk_slice_ends(a, b);
	case SK_OP_GLOB:
		return matches(a, b, false);
	case SK_OP_IGLOB:
		return matches(a, b, true);
	default:
		return -1;
	}
}

static int
below(struct sk_slice path, struct sk_slice dir)
{
	struct sk_slice a, b;
	size_t i = 0, k = 0;

	while (sk_path_next(dir, &k, &b)) {
		if (sk_component_is_pattern(b))
			return -1;
		if (!sk_path_next(path, &i, &a) || !sk_slice_eq(a, b))
			return 0;
	}
	return 1;
}

static int
below_any(const struct sk_ir_graph *g, const struct sk_ir *t, struct sk_slice path)
{
	int r = 0;

	for (uint32_t i = 0; i < t->nmembers; i++) {
		int one = below(path, g->values.v[t->members[i]].text);

		if (one > 0)
			return 1;
		r = one < 0 ? -1 : r;
	}
	return r;
}

/* --- tests ------------------------------------------------------------------------------------- */
static int
with_value(const struct sk_ir *t, const struct sk_irv *v, const struct sk_irv *rhs)
{
	if (rhs->kind != SK_IRV_CONST || rhs->is_list)
		return -1;
	switch (v->vkind) {
	case SK_V_STR:
	case SK_V_BYTES:
		return compare_texts(t, v->text, rhs->text);
	case SK_V_BOOL:
	case SK_V_INT:
	case SK_V_UINT:
		return compare_numbers(t, v->num, rhs->num);
	case SK_V_IP:
		return compare_addresses(t, v, rhs);
	case SK_V_NONE:
	case SK_V_FLOAT:
	case SK_V_NET:
	case SK_V_LIST:
		break;
	}
	return -1;
}

static int
in_set(const struct sk_ir_graph *g, const struct sk_ir *t, const struct sk_irv *v)
{
	bool text = v->vkind == SK_V_STR || v->vkind == SK_V_BYTES || v->vkind == SK_V_IP;

	if (v->vkind == SK_V_FLOAT || v->vkind == SK_V_NET)
		return -1;
	for (uint32_t i = 0; i < t->nmembers; i++) {
		const struct sk_irv *m = &g->values.v[t->members[i]];

		if (m->vkind == SK_V_NET && (v->vkind != SK_V_IP || sk_lint_in_net(v, m)))
			return v->vkind == SK_V_IP ? 1 : -1;
		if (m->vkind != SK_V_NET && (text ? sk_slice_eq(v->text, m->text) : v->num == m->num))
			return 1;
	}
	return 0;
}

/* How many operands of a counting test hold. */
static int
counted(const struct sk_ir_graph *g, const struct sk_ir *t, const struct sk_irv *v)
{
	uint32_t hits = 0;

	for (uint32_t i = 0; i < t->nmembers; i++) {
		int r = t->multi_op == SK_OP_REGEX
			    ? -1
			    : with_value(&(struct sk_ir){ .op = t->multi_op }, v, &g->values.v[t->members[i]]);

		if (r < 0)
			return -1;
		hits += (r != 0) != ((t->multi_mod & SK_MOD_NEG) != 0);
	}
	if (t->quant == SK_QUANT_ONEOF)
		return hits == 1;
	return t->quant == SK_QUANT_ANYOF ? hits > 0 : hits == t->nmembers;
}

int
sk_lint_test(const struct sk_ir_graph *g, const struct sk_ir *t, const struct sk_irv *v)
{
	switch (t->op) {
	case SK_OP_EXISTS:
		return 1;
	case SK_OP_TRUE:
		return v->num != 0;
	case SK_OP_IN_SET:
		return in_set(g, t, v);
	case SK_OP_PMATCH:
		return v->vkind == SK_V_STR ? below_any(g, t, v->text) : -1;
	case SK_OP_MULTI:
		return counted(g, t, v);
	default:
		return t->rhs_kind == SK_IRR_VALUE ? with_value(t, v, &g->values.v[t->rhs]) : -1;
	}
}

/* An AND is false as soon as a part is, an OR true. */
static int
connective(const struct sk_ir_graph *g, const struct sk_ir *n, const struct sk_irv *v, uint32_t depth)
{
	int decides = n->kind == SK_IR_OR, r = !decides;

	for (uint32_t i = 0; i < n->nkids; i++) {
		int kid = sk_lint_holds(g, n->kids[i], v, depth + 1);

		if (kid == decides)
			return decides;
		r = kid < 0 ? -1 : r;
	}
	return r;
}

int
sk_lint_holds(const struct sk_ir_graph *g, uint32_t node, const struct sk_irv *v, uint32_t depth)
{
	const struct sk_ir *n = &g->nodes.v[node];
	int r;

	if (depth > SK_LINT_DEPTH)
		return -1;
	switch (n->kind) {
	case SK_IR_FALSE:
	case SK_IR_TRUE:
		return n->kind == SK_IR_TRUE;
	case SK_IR_TEST:
		r = sk_lint_test(g, n, v);
		return r >= 0 && (n->mod & SK_MOD_NEG) ? !r : r;
	case SK_IR_NOT:
		r = sk_lint_holds(g, n->kids[0], v, depth + 1);
		return r < 0 ? r : !r;
	case SK_IR_AND:
	case SK_IR_OR:
		return connective(g, n, v, depth);
	}
	return -1;
}
