/* Rough prices, in ns. Nothing here changes what a rule means: only which test comes first. */
#include "compiler/ir.h"

#define COST_TEST 3u
#define COST_MAX 1000000u

/* Families of fields by what the loader has to do: read the event, walk tables, or put text together. */
static uint32_t
field_cost(const struct sk_field_desc *f)
{
	static const struct {
		const char *prefix;
		uint32_t cost;
	} families[] = {
		{ "evt.args", 200 }, { "evt.info", 200 }, { "evt.arg", 40 }, { "evt.abspath", 60 }, { "evt.buffer", 10 }, { "evt.time", 100 }, { "evt.datetime", 100 },
		{ "evt.", 5 }, { "proc.aname", 60 }, { "proc.aexe", 60 }, { "proc.acmdline", 150 }, { "proc.aenv", 300 }, { "proc.aargs", 80 }, { "proc.apid", 50 },
		{ "proc.env", 80 }, { "proc.cmdline", 25 }, { "proc.exeline", 60 }, { "proc.args", 40 }, { "proc.pcmdline", 60 }, { "proc.sid.", 40 },
		{ "proc.vpgid.", 60 }, { "proc.pgid.", 40 }, { "proc.p", 20 }, { "proc.", 10 }, { "fd.containername", 60 }, { "fd.containerdirectory", 60 },
		{ "fd.directory", 20 }, { "fd.filename", 20 }, { "fd.type", 8 }, { "fd.", 14 }, { "fdlist.", 100 }, { "fs.", 60 }, { "container.mount", 60 },
		{ "container.", 20 }, { "k8s.", 40 }, { "user.", 15 }, { "group.", 15 }, { "thread.cap", 150 }, { "thread.cgroup", 40 },
	};
	size_t n = strlen(f->name);

	for (size_t i = 0; i < SK_COUNTOF(families); i++) {
		size_t k = strlen(families[i].prefix);

		if (k <= n && memcmp(f->name, families[i].prefix, k) == 0)
			return families[i].cost;
	}
	return 20;
}

uint32_t
sk_cost_value(const struct sk_ir_graph *g, const struct sk_irv *v)
{
	uint32_t cost = 0;

	switch (v->kind) {
	case SK_IRV_FIELD: return field_cost(v->field);
	case SK_IRV_CONST: return 0;
	case SK_IRV_XFORM:
		cost = v->xform == SK_XF_LEN ? 2 : v->xform == SK_XF_GETOPT ? 200 : 60;
		for (uint32_t i = 0; i < v->nargs; i++)
			cost += g->values.v[v->args[i]].cost;
		break;
	}
	return cost < COST_MAX ? cost : COST_MAX;
}

/* Chances are in 1/4096. */
#define ONE 4096u
#define PERCENT(n) ((n) * ONE / 100u)

struct price {
	uint32_t ns, p;
};

static uint32_t
any_of(uint32_t p, uint32_t n)
{
	return n < PERCENT(60) / p ? p * n : PERCENT(60);
}

static struct price
test_price(const struct sk_ir *t)
{
	switch ((enum sk_op)t->op) {
	case SK_OP_EXISTS: return (struct price){ 1, PERCENT(80) };
	case SK_OP_TRUE: return (struct price){ 1, PERCENT(30) };
	case SK_OP_EQ_NUM:
	case SK_OP_EQ_FLT: return (struct price){ 1, PERCENT(8) };
	case SK_OP_LT_INT:
	case SK_OP_LE_INT:
	case SK_OP_LT_UINT:
	case SK_OP_LE_UINT:
	case SK_OP_LT_FLT:
	case SK_OP_LE_FLT: return (struct price){ 1, PERCENT(50) };
	case SK_OP_EQ_STR: return (struct price){ 3, PERCENT(4) };
	case SK_OP_LT_STR:
	case SK_OP_LE_STR: return (struct price){ 5, PERCENT(50) };
	case SK_OP_EQ_IP: return (struct price){ 3, PERCENT(5) };
	case SK_OP_IN_NET: return (struct price){ 5, PERCENT(20) };
	case SK_OP_CONTAINS: return (struct price){ 25, PERCENT(5) };
	case SK_OP_ICONTAINS: return (struct price){ 60, PERCENT(5) };
	case SK_OP_STARTS:
	case SK_OP_ENDS: return (struct price){ 4, PERCENT(8) };
	case SK_OP_GLOB:
	case SK_OP_IGLOB: return (struct price){ 100, PERCENT(8) };
	case SK_OP_REGEX: return (struct price){ 250, PERCENT(8) };
	case SK_OP_IN_SET: return (struct price){ t->set_kind == SK_V_NET ? 5 * t->nmembers : 8, any_of(PERCENT(3), t->nmembers) };
	case SK_OP_IN_LIST: return (struct price){ 30, PERCENT(10) };
	case SK_OP_PMATCH: return (struct price){ 50, any_of(PERCENT(5), t->nmembers) };
	case SK_OP_STARTS_ANY: return (struct price){ 15, any_of(PERCENT(5), t->nmembers) };
	case SK_OP_MULTI: return (struct price){ 30 * t->nmembers, PERCENT(20) };
	case SK_OP_END:
	case SK_OP_NEXT:
	case SK_OP_MATCH:
	case SK_OP_ALWAYS:
	case SK_OP_SELECT:
	case SK_OP_JMP:
	case SK_OP_MEMO:
	case SK_OP_REMTRUE:
	case SK_OP_REMFALSE: break;
	}
	return (struct price){ 1, PERCENT(50) };
}

static void
price_test(const struct sk_ir_graph *g, struct sk_ir *t)
{
	struct price p = test_price(t);
	bool list = (t->mod & SK_MOD_QUANT) != SK_MOD_SCALAR;
	uint32_t load = g->values.v[t->lhs].cost;

	if (t->rhs_kind == SK_IRR_VALUE)
		load += g->values.v[t->rhs].cost;
	t->cost = COST_TEST + load + p.ns * (list ? 4 : 1);
	t->p_true = t->mod & SK_MOD_NEG ? PERCENT(95) - p.p : p.p;
}

static void
price_connective(const struct sk_ir_graph *g, struct sk_ir *n)
{
	SK_AUTO_FREE uint32_t *order = malloc((n->nkids + 1) * sizeof(*order));
	uint64_t reach = ONE, cost = 0;

	if (!order)
		return;
	sk_cost_order(g, n, order);
	for (uint32_t i = 0; i < n->nkids; i++) {
		const struct sk_ir *kid = &g->nodes.v[order[i]];

		cost += reach * kid->cost / ONE;
		reach = reach * (n->kind == SK_IR_AND ? kid->p_true : ONE - kid->p_true) / ONE;
	}
	n->cost = cost < COST_MAX ? (uint32_t)cost : COST_MAX;
	n->p_true = n->kind == SK_IR_AND ? (uint32_t)reach : ONE - (uint32_t)reach;
}

void
sk_cost_node(const struct sk_ir_graph *g, struct sk_ir *n)
{
	switch (n->kind) {
	case SK_IR_FALSE:
	case SK_IR_TRUE:
		n->cost = 0;
		n->p_true = n->kind == SK_IR_TRUE ? ONE : 0;
		break;
	case SK_IR_TEST: price_test(g, n); break;
	case SK_IR_NOT:
		n->cost = g->nodes.v[n->kids[0]].cost;
		n->p_true = ONE - g->nodes.v[n->kids[0]].p_true;
		break;
	case SK_IR_AND:
	case SK_IR_OR: price_connective(g, n); break;
	}
}
