/* Trees of tests become jumps. Code stands in the order of evaluation and every exit is a place further on, so all jumps go forward. */
#include "compiler/plan.h"

#include <saker/limits.h>

/* While a block is made exits are labels; a label gets its place when the code behind it begins. */
struct block {
	const struct sk_plan *p;
	const struct sk_unit *u;
	struct sk_code *out;
	uint32_t rule;
	SK_VEC(uint32_t) labels; /* label -> instruction */
	uint32_t skip_memo; /* the node that is being computed for its memo bit */
};

static uint32_t
new_label(struct block *b)
{
	if (!sk_vec_push(&b->labels, UINT32_MAX))
		b->out->failed = true;
	return (uint32_t)b->labels.n - 1;
}

static void
place(struct block *b, uint32_t label)
{
	if (label < b->labels.n)
		b->labels.v[label] = (uint32_t)b->out->insns.n;
}

static void
put(struct block *b, struct sk_lowered_insn in)
{
	in.rule = b->rule;
	if (b->out->insns.n > SK_MAX_CODE) {
		b->out->too_large = true;
		return;
	}
	if (!sk_vec_push(&b->out->insns, in))
		b->out->failed = true;
}

static void gen(struct block *b, uint32_t node, uint32_t t, uint32_t f);

static void
gen_test(struct block *b, uint32_t node, uint32_t t, uint32_t f)
{
	const struct sk_ir *n = &b->p->g->nodes.v[node];

	put(b, (struct sk_lowered_insn){ .op = n->op, .mod = n->mod, .a = n->lhs, .node = node, .t = t, .f = f });
}

/* AND goes on while kids are true and leaves to f; OR goes on while they are false and leaves to t. */
static void
gen_connective(struct block *b, uint32_t node, uint32_t t, uint32_t f)
{
	const struct sk_ir *n = &b->p->g->nodes.v[node];
	SK_AUTO_FREE uint32_t *order = malloc((n->nkids + 1) * sizeof(*order));
	bool is_and = n->kind == SK_IR_AND;
	uint32_t nkids = n->nkids;

	if (!order) {
		b->out->failed = true;
		return;
	}
	if (b->p->off[SK_PASS_ORDER])
		memcpy(order, n->kids, nkids * sizeof(*order));
	else
		sk_cost_order(b->p->g, n, order);
	for (uint32_t i = 0; i + 1 < nkids; i++) {
		uint32_t next = new_label(b);

		gen(b, order[i], is_and ? next : t, is_and ? f : next);
		place(b, next);
	}
	gen(b, order[nkids - 1], t, f);
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
gen_remembered(struct block *b, uint32_t node, uint32_t memo, uint32_t t, uint32_t f)
{
	uint32_t found_true = new_label(b), found_false = new_label(b), outer = b->skip_memo;

	put(b, (struct sk_lowered_insn){ .op = SK_OP_MEMO, .a = memo, .t = t, .f = f });
	b->skip_memo = node;
	gen(b, node, found_true, found_false);
	b->skip_memo = outer;
	place(b, found_true);
	put(b, (struct sk_lowered_insn){ .op = SK_OP_REMTRUE, .a = memo, .t = t });
	place(b, found_false);
	put(b, (struct sk_lowered_insn){ .op = SK_OP_REMFALSE, .a = memo, .t = f });
}

static void
gen(struct block *b, uint32_t node, uint32_t t, uint32_t f)
{
	const struct sk_unit *u = b->u;
	const uint32_t *memo = u->nmemos && node != b->skip_memo ? bsearch(&node, u->memos, u->nmemos, sizeof(node), by_number) : NULL;

	if (memo) {
		gen_remembered(b, node, (uint32_t)(memo - u->memos), t, f);
		return;
	}
	switch (b->p->g->nodes.v[node].kind) {
	case SK_IR_FALSE: put(b, (struct sk_lowered_insn){ .op = SK_OP_JMP, .t = f }); return;
	case SK_IR_TRUE: put(b, (struct sk_lowered_insn){ .op = SK_OP_JMP, .t = t }); return;
	case SK_IR_TEST: gen_test(b, node, t, f); return;
	case SK_IR_NOT: gen(b, b->p->g->nodes.v[node].kids[0], f, t); return;
	case SK_IR_AND:
	case SK_IR_OR: gen_connective(b, node, t, f); return;
	}
}

static bool
has_exits(uint8_t op)
{
	return op != SK_OP_MATCH && op != SK_OP_NEXT && op != SK_OP_ALWAYS && op != SK_OP_SELECT && op != SK_OP_END;
}

static void
resolve(struct block *b, size_t first)
{
	for (size_t i = first; i < b->out->insns.n; i++) {
		struct sk_lowered_insn *in = &b->out->insns.v[i];
		bool both = in->op != SK_OP_JMP && in->op != SK_OP_REMTRUE && in->op != SK_OP_REMFALSE;

		if (!has_exits(in->op))
			continue;
		in->t = b->labels.v[in->t];
		in->f = both ? b->labels.v[in->f] : 0;
	}
}

static void
lower_block(struct block *b, const struct sk_plan_rule *r)
{
	size_t first = b->out->insns.n;

	b->rule = r->rule;
	b->labels.n = 0;
	uint32_t match = new_label(b), next = new_label(b);
	if (r->root > 1)
		gen(b, r->root, match, next);
	place(b, match);
	put(b, (struct sk_lowered_insn){ .op = SK_OP_MATCH, .b = r->rule });
	place(b, next);
	if (r->root > 1)
		put(b, (struct sk_lowered_insn){ .op = SK_OP_NEXT });
	if (!b->out->failed && !b->out->too_large)
		resolve(b, first);
}

static void
lower_candidates(struct block *b)
{
	bool always = false;

	b->rule = UINT32_MAX;
	for (uint32_t i = 0; i < b->u->nrules; i++)
		always = always || !b->u->selected || !b->u->selected[i];
	if (always)
		put(b, (struct sk_lowered_insn){ .op = SK_OP_ALWAYS });
	for (uint32_t i = 0; i < b->u->nselects; i++)
		put(b, (struct sk_lowered_insn){ .op = SK_OP_SELECT, .a = b->u->selects[i].value, .b = i });
	put(b, (struct sk_lowered_insn){ .op = SK_OP_NEXT });
}

bool
sk_lower(const struct sk_plan *p, const struct sk_unit *u, struct sk_code *ret)
{
	struct block b = { .p = p, .u = u, .out = ret };

	*ret = (struct sk_code){ 0 };
	ret->blocks = calloc(u->nrules + 1, sizeof(*ret->blocks));
	if (!ret->blocks)
		return false;
	lower_candidates(&b);
	for (uint32_t i = 0; i < u->nrules && !ret->failed && !ret->too_large; i++) {
		ret->blocks[i] = (uint32_t)ret->insns.n;
		lower_block(&b, &u->rules[i]);
	}
	sk_vec_free(&b.labels);
	return !ret->failed;
}

void
sk_code_free(struct sk_code *c)
{
	sk_vec_free(&c->insns);
	free(c->blocks);
	c->blocks = NULL;
}
