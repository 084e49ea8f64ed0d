/* Order of evaluation: what is cheap and likely to decide comes first. */
#include "compiler/ir.h"

#include "base/attr.h"

/* Chances are in 1/4096 (cost.c). */
#define ONE 4096u

/* Cost per chance to end the evaluation: an AND ends where a kid is false, an OR where one is true. */
static uint64_t
weight(const struct sk_ir *kid, bool is_and)
{
	uint32_t ends = is_and ? ONE - kid->p_true : kid->p_true;

	return ((uint64_t)kid->cost << 16) / (ends ? ends : 1);
}

struct weighed {
	uint64_t w;
	uint32_t node;
};

static int
by_weight(const void *pa, const void *pb)
{
	const struct weighed *a = pa, *b = pb;

	if (a->w != b->w)
		return a->w < b->w ? -1 : 1;
	return (a->node > b->node) - (a->node < b->node);
}

void
sk_cost_order(const struct sk_ir_graph *g, const struct sk_ir *n, uint32_t *order)
{
	SK_AUTO_FREE struct weighed *kids = malloc((n->nkids + 1) * sizeof(*kids));

	for (uint32_t i = 0; i < n->nkids; i++) {
		order[i] = n->kids[i];
		if (kids)
			kids[i] = (struct weighed){ weight(&g->nodes.v[n->kids[i]], n->kind == SK_IR_AND), n->kids[i] };
	}
	if (!kids)
		return;
	qsort(kids, n->nkids, sizeof(*kids), by_weight);
	for (uint32_t i = 0; i < n->nkids; i++)
		order[i] = kids[i].node;
}
