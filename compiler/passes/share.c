/* Sub-expressions that several rules of a program ask for, and that cost more than to look them up, are computed once an event. */
#include "compiler/plan.h"

#include <saker/limits.h>

/* Values are loaded once an event anyway: what is saved is the tests. Below this a memo bit costs as much as it saves. */
#define WORTH_NS 60u

struct sharing {
	const struct sk_ir_graph *g;
	uint32_t *first; /* by node: block that asked first + 1 */
	uint8_t *shared; /* by node: another block asked too */
	uint32_t *own;   /* by node: ns of its tests alone */
	size_t n;
};

static bool
is_heavy_test(const struct sk_ir *t)
{
	switch (t->op) {
	case SK_OP_REGEX:
	case SK_OP_GLOB:
	case SK_OP_IGLOB:
	case SK_OP_ICONTAINS:
	case SK_OP_MULTI: return true;
	default: return (t->mod & SK_MOD_QUANT) != SK_MOD_SCALAR || t->set_kind == SK_V_NET;
	}
}

/* The price of a node without its loads. */
static uint32_t
own_cost(const struct sharing *s, uint32_t i)
{
	const struct sk_ir *n = &s->g->nodes.v[i];
	uint64_t sum = 0;

	if (n->kind == SK_IR_TEST)
		return is_heavy_test(n) ? WORTH_NS : n->op == SK_OP_CONTAINS || n->op == SK_OP_PMATCH ? 30 : 8;
	for (uint32_t k = 0; k < n->nkids; k++)
		sum += s->own[n->kids[k]];
	return sum < 1000000 ? (uint32_t)sum : 1000000;
}

/* Every node that a block can reach. A node that was reached from this block before has been walked. */
static void
walk(struct sharing *s, uint32_t node, uint32_t block)
{
	const struct sk_ir *n = &s->g->nodes.v[node];

	/* A negation is its operand with the exits swapped: nothing of its own to remember. */
	if (n->kind == SK_IR_NOT) {
		walk(s, n->kids[0], block);
		return;
	}
	if (s->first[node] == block + 1)
		return;
	if (s->first[node]) {
		/* Below a shared node everything is shared with it; only the top is remembered. */
		s->shared[node] = 1;
		return;
	}
	s->first[node] = block + 1;
	for (uint32_t k = 0; k < n->nkids; k++)
		walk(s, n->kids[k], block);
}

static bool
share_unit(struct sharing *s, struct sk_unit *u, struct sk_arena *a)
{
	uint32_t n = 0;

	memset(s->first, 0, s->n * sizeof(*s->first));
	memset(s->shared, 0, s->n);
	for (uint32_t b = 0; b < u->nrules; b++)
		walk(s, u->rules[b].root, b);
	for (uint32_t i = 2; i < s->n; i++)
		n += s->shared[i] && s->own[i] >= WORTH_NS;
	if (!n || n > SK_MAX_MEMOS)
		return true;
	u->memos = SK_NEW_ARRAY(a, n, uint32_t);
	if (!u->memos)
		return false;
	for (uint32_t i = 2; i < s->n; i++)
		if (s->shared[i] && s->own[i] >= WORTH_NS)
			u->memos[u->nmemos++] = i;
	return true;
}

bool
sk_pass_share(struct sk_plan *p)
{
	struct sharing s = { .g = p->g, .n = p->g->nodes.n };
	bool ok = true;

	s.first = calloc(s.n, sizeof(*s.first));
	s.shared = calloc(s.n, 1);
	s.own = calloc(s.n, sizeof(*s.own));
	ok = s.first && s.shared && s.own;
	for (uint32_t i = 2; ok && i < s.n; i++)
		s.own[i] = own_cost(&s, i);
	for (size_t i = 0; ok && i < p->units.n; i++)
		ok = share_unit(&s, p->units.v[i], p->g->cx->arena);
	free(s.first);
	free(s.shared);
	free(s.own);
	return ok;
}
