/* Prices in ns. Nothing here changes what a rule means: only which test comes first, and what the lints call dear.
 * Measured with tests/bench/field-costs on busy, shell-session, containers-1 and attacks-1 of tests/data: the median of the captures, where the field has a value. Not measured
 * and guessed: evt.abspath, fd.types, fs.*, fdlist.*, k8s.*, join, getopt. */
#include "compiler/ir.h"

#define COST_TEST 3u
#define COST_MAX 1000000u

/* Families of fields by what the loader has to do: read the event, walk tables, or put text together. One: with an argument that picks one of many. */
static uint32_t
field_cost(const struct sk_field_desc *f, bool one)
{
	static const struct {
		const char *prefix;
		uint32_t cost, one;
	} families[] = {
		{ "evt.args", 300, 0 }, { "evt.info", 300, 0 }, { "evt.arg", 40, 40 }, { "evt.rawarg", 15, 15 }, { "evt.abspath", 40, 40 }, { "evt.buffer", 5, 0 },
		{ "evt.time", 190, 0 }, { "evt.datetime", 260, 0 }, { "evt.", 5, 5 },
		{ "proc.aname", 35, 12 }, { "proc.aexe", 35, 12 }, { "proc.acmdline", 42, 13 }, { "proc.aenv", 115, 14 }, { "proc.aargs", 45, 14 }, { "proc.apid", 30, 12 },
		{ "proc.env", 60, 25 }, { "proc.exeline", 40, 0 }, { "proc.args", 40, 12 }, { "proc.cmdn", 30, 0 }, { "proc.cmdlen", 30, 0 }, { "proc.sname", 17, 0 },
		{ "proc.vpgid.", 10, 0 }, { "proc.pgid.", 10, 0 }, { "proc.fdusage", 10, 0 }, { "proc.loginshellid", 15, 0 }, { "proc.", 5, 5 },
		{ "fd.nameraw", 12, 0 }, { "fd.filename", 12, 0 }, { "fd.container", 18, 0 }, { "fd.types", 60, 10 }, { "fd.", 7, 7 }, { "fdlist.", 100, 0 }, { "fs.", 40, 0 },
		{ "container.mount", 20, 20 }, { "container.label", 15, 15 }, { "container.", 10, 10 }, { "k8s.", 20, 20 }, { "user.", 8, 0 }, { "group.", 10, 0 },
		{ "thread.cap", 290, 0 }, { "thread.cgroups", 165, 0 }, { "thread.cgroup", 80, 80 }, { "thread.", 5, 0 },
	};
	size_t n = strlen(f->name);

	for (size_t i = 0; i < SK_COUNTOF(families); i++) {
		size_t k = strlen(families[i].prefix);

		if (k <= n && memcmp(f->name, families[i].prefix, k) == 0)
			return one && families[i].one ? families[i].one : families[i].cost;
	}
	return 20;
}

static uint32_t
xform_cost(enum sk_xform x)
{
	switch (x) {
	case SK_XF_TOLOWER:
	case SK_XF_TOUPPER: return 20;
	case SK_XF_B64: return 30;
	case SK_XF_BASENAME: return 12;
	case SK_XF_LEN: return 20;
	case SK_XF_CONCAT: return 32;
	case SK_XF_JOIN: return 60;
	case SK_XF_GETOPT: return 200;
	case SK_XF_NONE:
	case SK_XF_VAL:
	case SK_XF_LIMIT: break;
	}
	return 0;
}

uint32_t
sk_cost_value(const struct sk_ir_graph *g, const struct sk_irv *v)
{
	uint32_t cost = 0;

	switch (v->kind) {
	case SK_IRV_FIELD: return field_cost(v->field, v->arg != SK_VA_NONE);
	case SK_IRV_CONST: return 0;
	case SK_IRV_XFORM:
		cost = xform_cost(v->xform);
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
	case SK_OP_CONTAINS: return (struct price){ 30, PERCENT(5) };
	case SK_OP_ICONTAINS: return (struct price){ 60, PERCENT(5) };
	case SK_OP_STARTS:
	case SK_OP_ENDS: return (struct price){ 4, PERCENT(8) };
	case SK_OP_GLOB:
	case SK_OP_IGLOB: return (struct price){ 105, PERCENT(8) };
	case SK_OP_REGEX: return (struct price){ 240, PERCENT(8) };
	case SK_OP_IN_SET: return (struct price){ t->set_kind == SK_V_NET ? 5 * t->nmembers : 8, any_of(PERCENT(3), t->nmembers) };
	case SK_OP_IN_LIST: return (struct price){ 30, PERCENT(10) };
	case SK_OP_PMATCH: return (struct price){ 35, any_of(PERCENT(5), t->nmembers) };
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
