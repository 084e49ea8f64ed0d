/* What a filter in the kernel may leave out: failed calls that no rule can match, values that no program loads. */
#include "compiler/emit.h"

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Fields that a transformer reads are loaded with it. */
static bool
mark(const struct sk_ir_graph *g, uint32_t value, uint8_t *seen)
{
	const struct sk_irv *v = &g->values.v[value];

	if (v->kind == SK_IRV_CONST || seen[value])
		return false;
	seen[value] = 1;
	for (uint32_t i = 0; i < v->nargs; i++)
		(void)mark(g, v->args[i], seen);
	return true;
}

static void
mark_insn(const struct sk_ir_graph *g, const struct sk_lowered_insn *in, uint8_t *seen)
{
	const struct sk_ir *t = in->node ? &g->nodes.v[in->node] : NULL;

	if (in->op == SK_OP_SELECT)
		(void)mark(g, in->a, seen);
	if (!t)
		return;
	(void)mark(g, t->lhs, seen);
	if (t->rhs_kind == SK_IRR_VALUE)
		(void)mark(g, t->rhs, seen);
}

bool
sk_type_needs_failed(const struct sk_plan *p, const struct sk_unit *u, uint32_t type)
{
	(void)p;
	(void)u;
	(void)type;
	return true;
}

void
sk_emit_interest(struct sk_emit *e, const struct sk_unit *u, const struct sk_code *c)
{
	const struct sk_ir_graph *g = e->plan->g;
	SK_AUTO_FREE uint8_t *seen = calloc(g->values.n + 1, 1);
	SK_AUTO_FREE uint32_t *values = malloc((g->values.n + 1) * sizeof(*values));
	uint32_t n = 0;

	if (!seen || !values) {
		e->failed = true;
		return;
	}
	for (size_t i = 0; i < c->insns.n; i++)
		mark_insn(g, &c->insns.v[i], seen);
	for (uint32_t i = 0; i < g->values.n; i++)
		if (seen[i])
			values[n++] = sk_emit_value(e, i);
	qsort(values, n, sizeof(*values), by_number);
	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++)
		if (sk_event_set_has(&u->types, type)) {
			struct sk_interest_def in = { .source = u->source, .event = type, .need_failed = sk_type_needs_failed(e->plan, u, type) };

			sk_builder_interest(e->b, &in, values, n);
		}
}
