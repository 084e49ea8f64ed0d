/* Dear tests that nothing cheaper keeps events away from. The prices are those that the compiler orders tests by. */
#include "compiler/lint/lint_internal.h"

#include "base/schema.h"

/* What a comparison costs, and nanoseconds from which a test is worth a word: thirty comparisons, more than many a
 * whole event. Globs and searches in the process's own environment stay below. */
#define COMPARISON 5u
#define DEAR 150u
/* Share of the events (of 4096) that may get to it. */
#define OFTEN (4096u / 4)

static const struct price_class {
	uint32_t ns;
	const char *name;
} classes[] = { { 600, "very expensive" }, { 250, "expensive" }, { 0, "costly" } };

/* Calls that programs make all the time; those that start and end programs are rare. */
static bool
is_frequent(uint32_t type)
{
	const struct sk_event_desc *d = sk_event_desc(type);
	uint32_t category = d->category & 0xff;

	return category == SK_EC_FILE || category == SK_EC_NET || category == SK_EC_IPC || category == SK_EC_MEMORY ||
	       category == SK_EC_IO_READ || category == SK_EC_IO_WRITE || category == SK_EC_IO_OTHER || category == SK_EC_WAIT;
}

static struct sk_event_set
only_frequent(struct sk_event_set s)
{
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		if (sk_event_set_has(&s, e) && !is_frequent(e))
			sk_event_set_drop(&s, e);
	return s;
}

/* A field that several tests of one check look at is loaded once. */
static uint32_t
cost_of(const struct sk_ir_graph *g, uint32_t node)
{
	const struct sk_ir *n = &g->nodes.v[node];
	uint32_t load = 0, sum = 0;

	if (n->kind == SK_IR_TEST || !n->nkids || g->nodes.v[n->kids[0]].kind != SK_IR_TEST)
		return n->cost;
	load = g->values.v[g->nodes.v[n->kids[0]].lhs].cost;
	for (uint32_t i = 0; i < n->nkids; i++) {
		uint32_t cost = g->nodes.v[n->kids[i]].cost;

		sum += cost > load ? cost - load : cost;
	}
	return load + sum;
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

struct way {
	struct sk_event_set types; /* that get to the test */
	uint32_t share;            /* of 4096 events of these types */
};

/* What the brothers of node K do before it is evaluated. */
static void
pass_brothers(const struct sk_lint *l, const struct sk_lint_rule *r, uint32_t k, struct way *w)
{
	uint32_t parent = r->nodes.v[k].parent, cost = l->g->nodes.v[r->nodes.v[k].c->node].cost;

	for (uint32_t i = r->nodes.v[parent].last; i; i = r->nodes.v[i].prev) {
		const struct sk_ir *n = &l->g->nodes.v[r->nodes.v[i].c->node];

		if (i == k || r->nodes.v[i].c->node <= 1)
			continue;
		w->types = sk_event_set_and(&w->types, &r->nodes.v[i].reach.yes);
		if (n->cost < cost && !names_event_types(l->g, n))
			w->share = (uint32_t)((uint64_t)w->share * n->p_true / 4096);
	}
}

static const char *
class_of(uint32_t ns)
{
	size_t i = 0;

	while (ns < classes[i].ns)
		i++;
	return classes[i].name;
}

/* To what measurements are good for. */
static uint32_t
rounded(uint32_t ns)
{
	return (ns + 5) / 10 * 10;
}

static void
look_at_check(struct sk_lint *l, struct sk_lint_rule *r, uint32_t i)
{
	const struct sk_cond *c = r->nodes.v[i].c;
	struct way w = { r->types, 4096 };
	uint32_t cost = cost_of(l->g, c->node);

	for (uint32_t k = i; k != r->condition; k = r->nodes.v[k].parent)
		if (r->nodes.v[r->nodes.v[k].parent].c->kind == SK_COND_AND)
			pass_brothers(l, r, k, &w);
	w.types = only_frequent(w.types);
	if (w.share < OFTEN || sk_event_set_empty(&w.types))
		return;
	(void)sk_lint_report(l, SK_D_EXPENSIVE, &r->rule->cond_item, sk_lint_loc(c), c,
			     "%s: about %u ns, %u times a comparison, for every event of %.*s; no cheaper test keeps most of them away",
			     class_of(cost), rounded(cost), rounded(cost) / COMPARISON, SK_SLICE_ARG(sk_lint_type_names(l, &w.types)));
}

/* The dearest test of a rule; once that has a guard, the others are worth a look. */
void
sk_lint_cost(struct sk_lint *l, struct sk_lint_rule *r)
{
	uint32_t worst = UINT32_MAX, most = DEAR - 1;

	if (!r->typed || !l->on[SK_D_EXPENSIVE])
		return;
	for (uint32_t i = r->condition; i < r->nodes.v[r->condition].end; i++) {
		const struct sk_cond *c = r->nodes.v[i].c;
		uint32_t cost = c->kind == SK_COND_CHECK && c->node > 1 ? cost_of(l->g, c->node) : 0;

		if (cost > most) {
			worst = i;
			most = cost;
		}
	}
	if (worst != UINT32_MAX)
		look_at_check(l, r, worst);
}
