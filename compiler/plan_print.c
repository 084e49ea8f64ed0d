/* Text of a plan. */
#include "compiler/plan.h"

#include "base/buf.h"
#include "base/schema.h"

static void
dump_types(const struct sk_unit *u, struct sk_buf *out)
{
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		if (sk_event_set_has(&u->types, e))
			sk_buf_printf(out, " %s", sk_event_desc(e)->sym);
}

static void
dump_rule(const struct sk_ir_graph *g, uint32_t rule, uint32_t root, struct sk_buf *out)
{
	sk_buf_printf(out, "\trule %.*s\n\t\t", SK_SLICE_ARG(g->rules.v[rule].rule->name));
	sk_ir_print(g, root, out);
	sk_buf_char(out, '\n');
}

void
sk_plan_print(const struct sk_plan *p, struct sk_buf *out)
{
	sk_buf_str(out, "graph\n");
	for (uint32_t i = 0; i < p->g->rules.n; i++)
		dump_rule(p->g, i, p->g->rules.v[i].root, out);
	for (size_t i = 0; i < p->units.n; i++) {
		const struct sk_unit *u = p->units.v[i];

		sk_buf_printf(out, "program %s:", sk_source_name(u->source));
		dump_types(u, out);
		sk_buf_char(out, '\n');
		for (uint32_t k = 0; k < u->nrules; k++)
			dump_rule(p->g, u->rules[k].rule, u->rules[k].root, out);
	}
}
