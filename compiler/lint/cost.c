/* Dear tests that nothing cheaper keeps events away from. The prices are those that the compiler orders tests by. */
#include "compiler/lint/lint_internal.h"

#include "base/schema.h"

/* Nanoseconds from which a test is worth a word: a whole event costs some tens. */
#define DEAR 150u
/* Share of the events (of 4096) that may get to it. */
#define OFTEN (4096u / 4)

static const struct price_class {
	uint32_t ns;
	const char *name;
} classes[] = { { 1000, "very expensive" }, { 300, "expensive" }, { 0, "costly" } };

/* Calls that programs make all the time; those that start and end programs are rare. */
static bool
is_frequent(uint32_t type)
{
	const struct sk_event_desc *d = sk_event_desc(type);
	uint32_t category = d->category & 0xff;

	return category == SK_EC_FILE || category == SK_EC_NET || category == SK_EC_IPC || category == SK_EC_MEMORY || category == SK_EC_IO_READ || category == SK_EC_IO_WRITE ||
	       category == SK_EC_IO_OTHER || category == SK_EC_WAIT;
}

static struct sk_event_set
frequent_types(const struct sk_lint_rule *r)
{
	struct sk_event_set s = r->types;

	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		if (sk_event_set_has(&s, e) && !is_frequent(e))
			sk_event_set_drop(&s, e);
	return s;
}

static bool
names_event_types(const struct sk_ir_graph *g, const struct sk_ir *n)
{
	if (n->kind == SK_IR_TEST)
		return sk_lint_is_event_type(&g->values.v[n->lhs]);
	for (uint32_t i = 0; i < n->nkids; i++)
		if (!names_event_types(g, &g->nodes.v[n->kids[i]]))
			return false;
	return n->nkids != 0;
}

/* How many of 4096 events of its types pass the conjuncts that are cheaper than NS. */
static uint32_t
share_behind(const struct sk_ir_graph *g, uint32_t root, uint32_t ns)
{
	const struct sk_ir *n = &g->nodes.v[root];
	uint64_t share = 4096;

	for (uint32_t i = 0; n->kind == SK_IR_AND && i < n->nkids; i++) {
		const struct sk_ir *kid = &g->nodes.v[n->kids[i]];

		if (kid->cost < ns && !names_event_types(g, kid))
			share = share * kid->p_true / 4096;
	}
	return (uint32_t)share;
}

static const char *
class_of(uint32_t ns)
{
	size_t i = 0;

	while (ns < classes[i].ns)
		i++;
	return classes[i].name;
}

static void
look_at_check(struct sk_lint *l, struct sk_lint_rule *r, uint32_t i, const struct sk_event_set *types)
{
	const struct sk_lint_node *n = &r->nodes.v[i];
	uint32_t top = i;

	/* The conjunct that it is in: no AND of the top is below anything else. */
	for (uint32_t k = i; k != r->condition; k = r->nodes.v[k].parent)
		if (r->nodes.v[r->nodes.v[k].parent].c->kind != SK_COND_AND)
			top = r->nodes.v[k].parent;
	uint32_t cost = l->g->nodes.v[n->c->node].cost, bundle = l->g->nodes.v[r->nodes.v[top].c->node].cost;
	if (share_behind(l->g, r->ir->root, bundle) < OFTEN)
		return;
	(void)sk_lint_report(l, SK_D_EXPENSIVE, &r->rule->cond_item, sk_lint_loc(n->c), n->c, "%s: about %u ns for every event of %.*s; no cheaper test keeps most of them away", class_of(cost), cost,
			     SK_SLICE_ARG(sk_lint_type_names(l, types)));
}

void
sk_lint_cost(struct sk_lint *l, struct sk_lint_rule *r)
{
	struct sk_event_set types = frequent_types(r);
	uint32_t worst = UINT32_MAX;

	if (!r->typed || sk_event_set_empty(&types))
		return;
	for (uint32_t i = r->condition; i < r->nodes.v[r->condition].end; i++) {
		const struct sk_cond *c = r->nodes.v[i].c;

		if (c->kind == SK_COND_CHECK && c->node > 1 && l->g->nodes.v[c->node].cost >= DEAR &&
		    (worst == UINT32_MAX || l->g->nodes.v[c->node].cost > l->g->nodes.v[r->nodes.v[worst].c->node].cost))
			worst = i;
	}
	if (worst != UINT32_MAX)
		look_at_check(l, r, worst, &types);
}
