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

/* --- can a rule match a failed call? --------------------------------------------------------------------------------------- */
#define MAY_HOLD 1u
#define MAY_FAIL 2u
#define UNKNOWN (MAY_HOLD | MAY_FAIL)

static uint8_t
decided(bool holds, uint8_t mod)
{
	return holds != ((mod & SK_MOD_NEG) != 0) ? MAY_HOLD : MAY_FAIL;
}

/* Of a failed call the result is below zero. */
static uint8_t
result_test(const struct sk_ir *t, int64_t c)
{
	switch (t->op) {
	case SK_OP_EQ_NUM: return c >= 0 ? decided(false, t->mod) : UNKNOWN;
	case SK_OP_LT_INT: return c >= 0 ? decided(true, t->mod) : UNKNOWN;
	case SK_OP_LE_INT: return c >= -1 ? decided(true, t->mod) : UNKNOWN;
	default: return UNKNOWN;
	}
}

static uint8_t
test_of_failed(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	const struct sk_irv *lhs = &g->values.v[t->lhs];
	const struct sk_irv *rhs = t->rhs_kind == SK_IRR_VALUE && g->values.v[t->rhs].kind == SK_IRV_CONST ? &g->values.v[t->rhs] : NULL;

	if (lhs->kind != SK_IRV_FIELD)
		return UNKNOWN;
	if (lhs->field->id == SK_F_evt_failed && t->op == SK_OP_TRUE)
		return decided(true, t->mod);
	if (lhs->field->id == SK_F_evt_rawres && rhs)
		return result_test(t, (int64_t)rhs->num);
	if (lhs->field->id == SK_F_evt_res && rhs && t->op == SK_OP_EQ_STR && sk_slice_is(rhs->text, "SUCCESS"))
		return decided(false, t->mod);
	return UNKNOWN;
}

static uint8_t
connective(const struct sk_ir *n, const uint8_t *may)
{
	bool is_and = n->kind == SK_IR_AND;
	uint8_t all = UNKNOWN, any = 0;

	for (uint32_t k = 0; k < n->nkids; k++) {
		all &= may[n->kids[k]];
		any |= may[n->kids[k]];
	}
	return is_and ? (uint8_t)((all & MAY_HOLD) | (any & MAY_FAIL)) : (uint8_t)((any & MAY_HOLD) | (all & MAY_FAIL));
}

/* --- can a rule match a call that has no event type of its own? ------------------------------------------------------------ */
static bool
has_own_type(struct sk_slice name)
{
	struct sk_event_set types = sk_event_set_named(name);

	return sk_event_set_count(&types) && !sk_event_set_has(&types, SK_E_GENERIC_X);
}

/* A generic event of today is of none of the calls that have types of their own. */
static uint8_t
test_of_generic(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	const struct sk_irv *lhs = &g->values.v[t->lhs];
	bool is_set = t->op == SK_OP_IN_SET;
	const uint32_t *names = is_set ? t->members : &t->rhs;
	uint32_t n = is_set ? t->nmembers : 1;

	if (lhs->kind != SK_IRV_FIELD || (lhs->field->id != SK_F_evt_type && lhs->field->id != SK_F_syscall_type))
		return UNKNOWN;
	if (!is_set && (t->op != SK_OP_EQ_STR || t->rhs_kind != SK_IRR_VALUE || g->values.v[t->rhs].kind != SK_IRV_CONST))
		return UNKNOWN;
	for (uint32_t i = 0; i < n; i++)
		if (!has_own_type(g->values.v[names[i]].text))
			return UNKNOWN;
	return decided(false, t->mod);
}

/* By node: what it may be of the calls that TEST knows. */
static uint8_t *
outcomes(const struct sk_ir_graph *g, uint8_t (*test)(const struct sk_ir_graph *g, const struct sk_ir *t))
{
	uint8_t *may = SK_NEW_ARRAY(g->cx->arena, g->nodes.n + 1, uint8_t);

	for (uint32_t i = 0; may && i < g->nodes.n; i++) {
		const struct sk_ir *n = &g->nodes.v[i];
		uint8_t x;

		switch (n->kind) {
		case SK_IR_FALSE: may[i] = MAY_FAIL; break;
		case SK_IR_TRUE: may[i] = MAY_HOLD; break;
		case SK_IR_TEST: may[i] = test(g, n); break;
		case SK_IR_NOT:
			x = may[n->kids[0]];
			may[i] = (uint8_t)((x & MAY_HOLD ? MAY_FAIL : 0) | (x & MAY_FAIL ? MAY_HOLD : 0));
			break;
		case SK_IR_AND:
		case SK_IR_OR: may[i] = connective(n, may); break;
		}
	}
	return may;
}

uint8_t *
sk_failed_calls(const struct sk_ir_graph *g)
{
	return outcomes(g, test_of_failed);
}

uint8_t *
sk_generic_calls(const struct sk_ir_graph *g)
{
	return outcomes(g, test_of_generic);
}

static bool
may_match_failed(const struct sk_emit *e, const struct sk_unit *u)
{
	for (uint32_t i = 0; i < u->nrules; i++)
		if (e->may_fail[u->rules[i].root] & MAY_HOLD)
			return true;
	return false;
}

/* The whole conditions: a test of the event's name that became a table is no longer in what is left of them. */
static bool
may_match_generic(const struct sk_emit *e, const struct sk_unit *u)
{
	const struct sk_ir_graph *g = e->plan->g;

	for (uint32_t i = 0; i < u->nrules; i++)
		if (e->may_generic[g->rules.v[u->rules[i].rule].root] & MAY_HOLD)
			return true;
	return false;
}

static uint32_t
need_of(const struct sk_emit *e, const struct sk_unit *u, uint32_t type)
{
	if (type == SK_E_GENERIC_X && !may_match_generic(e, u))
		return SK_NEED_OLD;
	return may_match_failed(e, u) ? SK_NEED_ALL : SK_NEED_SUCCESS;
}

/* --- the section ----------------------------------------------------------------------------------------------------------- */
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
			struct sk_interest_def in = { .source = u->source, .event = type, .need = need_of(e, u, type) };

			sk_builder_interest(e->b, &in, values, n);
		}
}
