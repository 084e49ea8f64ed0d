/* One event against one rule. The code of a rule is a decision graph without loops: how few tests would have to come out
 * otherwise for the rule to match is the shortest way through it, where the exit that was not taken costs one. */
#include "daemon/why/parts.h"

#define NO_WAY (UINT32_MAX / 2)

bool
sk_why_verdict_init(struct sk_why_verdict *ret, const struct sk_why_atoms *a)
{
	*ret = (struct sk_why_verdict){.v = calloc(a->list.n + 1, sizeof(*ret->v)),
				       .cost = calloc((size_t)a->v->ninsns + 1, sizeof(*ret->cost)),
				       .holds = calloc((size_t)a->v->ninsns + 1, sizeof(*ret->holds))};
	return ret->v && ret->cost && ret->holds;
}

void
sk_why_verdict_free(struct sk_why_verdict *v)
{
	free(v->v);
	free(v->cost);
	free(v->holds);
}

/* What remembers results of shared tests is passed through: all tests are looked at here. */
static bool
next_plain(const struct sk_block *b, const struct sk_insn *in, uint32_t n, uint32_t *ret)
{
	if (in->op == SK_OP_JMP || in->op == SK_OP_REMTRUE || in->op == SK_OP_REMFALSE)
		*ret = b->base + in->t;
	else if (in->op == SK_OP_MEMO || in->op == SK_OP_ALWAYS || in->op == SK_OP_SELECT)
		*ret = n + 1;
	else
		return false; /* where the block ends */
	return true;
}

static uint32_t
cost_at(const struct sk_why_verdict *r, const struct sk_block *b, uint32_t n)
{
	return n >= b->first && n < b->end ? r->cost[n] : NO_WAY;
}

/* From the end to the beginning: jumps go forward. */
static void
measure(struct sk_why_verdict *r, const struct sk_why_atoms *a, const struct sk_block *b, struct sk_vm *vm)
{
	for (uint32_t n = b->end; n-- > b->first;) {
		const struct sk_insn *in = &a->v->code[n];
		uint32_t next;

		if (a->of_insn[n] != SK_WHY_NONE) {
			bool holds = r->holds[n] = sk_vm_holds(vm, n);
			uint32_t t = cost_at(r, b, b->base + in->t) + !holds, f = cost_at(r, b, b->base + in->f) + holds;

			r->cost[n] = t < f ? t : f;
			r->v[a->of_insn[n]].holds = holds;
		} else if (in->op == SK_OP_MATCH) {
			r->cost[n] = 0;
		} else {
			r->cost[n] = next_plain(b, in, n, &next) ? cost_at(r, b, next) : NO_WAY;
		}
		if (r->cost[n] > NO_WAY)
			r->cost[n] = NO_WAY;
	}
}

/* The way that evaluation goes; true if it ends in a match. */
static bool
follow(struct sk_why_verdict *r, const struct sk_why_atoms *a, const struct sk_block *b)
{
	uint32_t n = b->first, last = SK_WHY_NONE;

	while (n >= b->first && n < b->end) {
		const struct sk_insn *in = &a->v->code[n];
		uint32_t atom = a->of_insn[n];

		if (atom != SK_WHY_NONE) {
			r->v[atom].asked = true;
			last = atom;
			n = b->base + (r->holds[n] ? in->t : in->f);
		} else if (in->op == SK_OP_MATCH || !next_plain(b, in, n, &n)) {
			break;
		}
	}
	if (last != SK_WHY_NONE)
		r->v[last].decided = true;
	return n >= b->first && n < b->end && a->v->code[n].op == SK_OP_MATCH;
}

/* The cheapest way to a match: where it leaves the way of the event, a test is in the way. */
static void
mark_needed(struct sk_why_verdict *r, const struct sk_why_atoms *a, const struct sk_block *b)
{
	bool only_exceptions = true;
	uint32_t n = b->first;

	while (n >= b->first && n < b->end && a->v->code[n].op != SK_OP_MATCH) {
		const struct sk_insn *in = &a->v->code[n];
		uint32_t atom = a->of_insn[n];

		if (atom == SK_WHY_NONE) {
			if (!next_plain(b, in, n, &n))
				break;
			continue;
		}
		bool go = cost_at(r, b, b->base + in->t) + !r->holds[n] <= cost_at(r, b, b->base + in->f) + r->holds[n];
		if (go != r->holds[n] && !r->v[atom].needed) {
			r->v[atom].needed = true;
			r->distance++;
			only_exceptions = only_exceptions && a->list.v[atom].exception;
			if (!r->exception)
				r->exception = a->list.v[atom].exception;
		}
		n = b->base + (go ? in->t : in->f);
	}
	if (!only_exceptions)
		r->exception = NULL;
}

bool
sk_why_judge(struct sk_why_verdict *r, const struct sk_why_atoms *a, struct sk_vm *vm, uint32_t type)
{
	const struct sk_block *b = &a->blocks[type];

	r->matched = false;
	r->distance = 0;
	r->exception = NULL;
	memset(r->v, 0, a->list.n * sizeof(*r->v));
	if (!b->end)
		return false;
	measure(r, a, b, vm);
	r->matched = follow(r, a, b);
	if (!r->matched)
		mark_needed(r, a, b);
	return true;
}
