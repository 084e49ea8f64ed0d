/* Tests of one value that stand side by side become one: x = a or x = b is x in (a, b), and likewise prefixes and path lists. Both not x = a and not x = b of an AND are
 * neither: not x in (a, b). */
#include "compiler/plan.h"

/* Longer lists stay as they are: each rule would bring a copy of its own into the bundle, and one look-up more costs less than that. */
#define MAX_MERGED 1024u

struct simplify {
	struct sk_ir_graph *g;
	uint32_t *memo; /* by node: what became of it + 1 */
	uint32_t nnodes;
};

/* What tests must share to be merged; members are what differs. */
struct family {
	uint32_t lhs;
	uint8_t op, mod; /* of the merged test */
	enum sk_vkind set_kind;
	bool negated; /* under NOT */
};

static bool
is_const(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	return t->rhs_kind == SK_IRR_VALUE && g->values.v[t->rhs].kind == SK_IRV_CONST && !g->values.v[t->rhs].is_list;
}

static enum sk_vkind
set_kind(enum sk_vkind v)
{
	if (v == SK_V_STR || v == SK_V_BYTES)
		return SK_V_STR;
	return v == SK_V_BOOL || v == SK_V_INT ? SK_V_UINT : v;
}

/* The family a test can join, under an OR (IS_AND: an AND). */
static bool
family_of(const struct sk_ir_graph *g, const struct sk_ir *t, struct family *ret)
{
	*ret = (struct family){ .lhs = t->lhs, .mod = t->mod };
	if (t->nmembers > MAX_MERGED)
		return false;
	switch (t->op) {
	case SK_OP_EQ_NUM:
	case SK_OP_EQ_STR:
	case SK_OP_EQ_IP:
	case SK_OP_IN_NET:
		ret->op = SK_OP_IN_SET;
		ret->set_kind = is_const(g, t) ? set_kind(g->values.v[t->rhs].vkind) : SK_V_NONE;
		return is_const(g, t);
	case SK_OP_IN_SET:
		ret->op = SK_OP_IN_SET;
		ret->set_kind = t->set_kind;
		return true;
	case SK_OP_STARTS:
		ret->op = SK_OP_STARTS_ANY;
		return is_const(g, t) && g->values.v[t->rhs].vkind == SK_V_STR;
	case SK_OP_STARTS_ANY: ret->op = SK_OP_STARTS_ANY; return true;
	case SK_OP_PMATCH: ret->op = SK_OP_PMATCH; return true;
	default: return false;
	}
}

/* x in A or x in B is x in A+B: of one value, or of any element. With NEG an AND does it: neither in A nor in B, for one value or all elements. */
static bool
can_merge(const struct family *f, bool is_and)
{
	uint8_t quant = f->mod & SK_MOD_QUANT;
	bool neg = f->mod & SK_MOD_NEG;

	if (is_and != (neg || f->negated) || (neg && f->negated))
		return false;
	if (f->negated || !neg)
		return quant != SK_MOD_ALL;
	return quant != SK_MOD_ANY;
}

struct member {
	struct family f;
	uint32_t node; /* the test, without a NOT around it */
	uint32_t kid;  /* as it stands in the connective */
};

static int
by_family(const void *pa, const void *pb)
{
	const struct member *a = pa, *b = pb;

	if (a->f.lhs != b->f.lhs)
		return a->f.lhs < b->f.lhs ? -1 : 1;
	if (a->f.op != b->f.op)
		return a->f.op < b->f.op ? -1 : 1;
	if (a->f.mod != b->f.mod)
		return a->f.mod < b->f.mod ? -1 : 1;
	if (a->f.set_kind != b->f.set_kind)
		return a->f.set_kind < b->f.set_kind ? -1 : 1;
	if (a->f.negated != b->f.negated)
		return a->f.negated ? 1 : -1;
	return (a->node > b->node) - (a->node < b->node);
}

static bool
same_family(const struct family *a, const struct family *b)
{
	return a->lhs == b->lhs && a->op == b->op && a->mod == b->mod && a->set_kind == b->set_kind && a->negated == b->negated;
}

static enum sk_ir_rhs
rhs_kind(uint8_t op)
{
	return op == SK_OP_IN_SET ? SK_IRR_SET : op == SK_OP_PMATCH ? SK_IRR_PATHS : SK_IRR_PREFIXES;
}

static uint32_t
merged(struct simplify *s, const struct member *m, size_t n)
{
	struct sk_ir t = { .op = m->f.op, .mod = m->f.mod, .lhs = m->f.lhs, .rhs_kind = rhs_kind(m->f.op), .set_kind = m->f.set_kind };
	size_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += s->g->nodes.v[m[i].node].rhs_kind == SK_IRR_VALUE ? 1 : s->g->nodes.v[m[i].node].nmembers;
	SK_AUTO_FREE uint32_t *members = malloc((total + 1) * sizeof(*members));
	if (!members)
		return 0;
	for (size_t i = 0; i < n; i++) {
		const struct sk_ir *x = &s->g->nodes.v[m[i].node];

		if (!t.loc.file)
			t.loc = x->loc;
		if (x->rhs_kind == SK_IRR_VALUE) {
			members[t.nmembers++] = x->rhs;
		} else if (x->nmembers) {
			memcpy(&members[t.nmembers], x->members, x->nmembers * sizeof(*members));
			t.nmembers += x->nmembers;
		}
	}
	t.members = members;
	uint32_t node = sk_ir_test(s->g, &t);
	return m->f.negated ? sk_ir_not(s->g, node) : node;
}

/* Put kids of one family together; OUT has room for N. Returns how many remain. */
static uint32_t
merge_kids(struct simplify *s, const uint32_t *kids, uint32_t n, bool is_and, uint32_t *out)
{
	SK_AUTO_FREE struct member *m = malloc((n + 1) * sizeof(*m));
	uint32_t k = 0, candidates = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct sk_ir *kid = &s->g->nodes.v[kids[i]];
		bool negated = kid->kind == SK_IR_NOT;
		uint32_t node = negated ? kid->kids[0] : kids[i];
		struct family f;

		if (m && s->g->nodes.v[node].kind == SK_IR_TEST && family_of(s->g, &s->g->nodes.v[node], &f)) {
			f.negated = negated;
			if (can_merge(&f, is_and)) {
				m[candidates++] = (struct member){ f, node, kids[i] };
				continue;
			}
		}
		out[k++] = kids[i];
	}
	if (m)
		qsort(m, candidates, sizeof(*m), by_family);
	for (uint32_t i = 0, end; i < candidates; i = end) {
		for (end = i + 1; end < candidates && same_family(&m[i].f, &m[end].f); end++)
			;
		out[k++] = end - i > 1 ? merged(s, &m[i], end - i) : m[i].kid;
	}
	return k;
}

/* Nodes in order: operands come first. New nodes are simple by construction. */
static uint32_t
simple(struct simplify *s, uint32_t i)
{
	uint32_t nkids = s->g->nodes.v[i].nkids;
	enum sk_ir_kind kind = s->g->nodes.v[i].kind;

	if (kind == SK_IR_NOT)
		return sk_ir_not(s->g, s->memo[s->g->nodes.v[i].kids[0]] - 1);
	if (kind != SK_IR_AND && kind != SK_IR_OR)
		return i;
	SK_AUTO_FREE uint32_t *kids = malloc((nkids + 1) * 2 * sizeof(*kids));
	if (!kids)
		return i;
	for (uint32_t k = 0; k < nkids; k++)
		kids[k] = s->memo[s->g->nodes.v[i].kids[k]] - 1;
	uint32_t *out = kids + nkids + 1, n = merge_kids(s, kids, nkids, kind == SK_IR_AND, out);
	return kind == SK_IR_AND ? sk_ir_and(s->g, out, n) : sk_ir_or(s->g, out, n);
}

bool
sk_pass_simplify(struct sk_plan *p)
{
	struct simplify s = { .g = p->g, .nnodes = (uint32_t)p->g->nodes.n };

	s.memo = SK_NEW_ARRAY(p->g->cx->arena, s.nnodes, uint32_t);
	if (!s.memo)
		return false;
	for (uint32_t i = 0; i < s.nnodes; i++)
		s.memo[i] = simple(&s, i) + 1;
	for (size_t i = 0; i < p->g->rules.n; i++)
		p->g->rules.v[i].root = s.memo[p->g->rules.v[i].root] - 1;
	return true;
}
