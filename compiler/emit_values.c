/* Values and operands of the graph as records of the bundle, made when they are first needed. */
#include "compiler/emit.h"

#include <saker/limits.h>

static uint32_t
emit_list(struct sk_emit *e, const struct sk_irv *v)
{
	SK_AUTO_FREE struct sk_value *items = calloc(v->nargs + 1, sizeof(*items));
	struct sk_value list = { .kind = SK_V_LIST, .n = v->nargs, .list = items };

	if (!items) {
		e->failed = true;
		return 0;
	}
	for (uint32_t i = 0; i < v->nargs; i++) {
		struct sk_slice text = e->plan->g->values.v[v->args[i]].text;

		items[i] = (struct sk_value){ .kind = SK_V_STR, .n = (uint32_t)text.n, .s = text.p };
	}
	return sk_builder_const(e->b, &list, v->type);
}

static uint32_t
emit_const(struct sk_emit *e, const struct sk_irv *v)
{
	struct sk_value val = { .kind = (uint8_t)v->vkind, .ip = v->ip, .prefix = v->prefix, .n = (uint32_t)v->text.n };

	if (v->is_list)
		return emit_list(e, v);
	if (v->vkind == SK_V_STR || v->vkind == SK_V_BYTES)
		val.s = v->text.p;
	else if (v->vkind == SK_V_IP || v->vkind == SK_V_NET)
		val.addr = (const uint8_t *)v->text.p;
	else
		val.u = v->num;
	return sk_builder_const(e->b, &val, v->type);
}

static uint32_t
emit_xform(struct sk_emit *e, const struct sk_irv *v)
{
	uint32_t args[SK_MAX_XFORM_ARGS + 1];

	for (uint32_t i = 0; i < v->nargs; i++)
		args[i] = sk_emit_value(e, v->args[i]);
	e->ncomputed++;
	return sk_builder_xform(e->b, v->xform, args, v->nargs, v->xarg, v->vkind, v->is_list, v->type);
}

uint32_t
sk_emit_value(struct sk_emit *e, uint32_t value)
{
	const struct sk_irv *v = &e->plan->g->values.v[value];
	uint32_t n = 0;

	if (e->value_of[value])
		return e->value_of[value] - 1;
	switch (v->kind) {
	case SK_IRV_CONST: n = emit_const(e, v); break;
	case SK_IRV_XFORM: n = emit_xform(e, v); break;
	case SK_IRV_FIELD:
		e->ncomputed++;
		n = sk_builder_field(e->b, (enum sk_field_id)v->field->id, (enum sk_value_arg)v->arg, v->index, v->key, v->vkind, v->is_list, v->type);
		break;
	}
	e->value_of[value] = n + 1;
	return n;
}

/* --- operands -------------------------------------------------------------------------------------------------------------- */
static uint32_t *
numbers(struct sk_emit *e, const struct sk_ir *t, bool patterns)
{
	uint32_t *v = malloc((t->nmembers + 1) * sizeof(*v));

	for (uint32_t i = 0; v && i < t->nmembers; i++)
		v[i] = patterns ? sk_builder_pattern(e->b, e->plan->g->patterns.v[t->members[i]]) : sk_emit_value(e, t->members[i]);
	e->failed = e->failed || !v;
	return v;
}

static uint32_t
emit_set(struct sk_emit *e, const struct sk_ir *t)
{
	SK_AUTO_FREE uint32_t *v = numbers(e, t, false);

	return v ? sk_builder_set(e->b, t->set_kind, v, t->nmembers) : 0;
}

static uint32_t
emit_trie(struct sk_emit *e, const struct sk_ir *t)
{
	SK_AUTO_FREE struct sk_slice *texts = malloc((t->nmembers + 1) * sizeof(*texts));

	if (!texts) {
		e->failed = true;
		return 0;
	}
	for (uint32_t i = 0; i < t->nmembers; i++)
		texts[i] = e->plan->g->values.v[t->members[i]].text;
	return sk_builder_trie(e->b, t->rhs_kind == SK_IRR_PATHS ? SK_TRIE_PATH : SK_TRIE_BYTES, texts, t->nmembers);
}

static uint32_t
emit_multi(struct sk_emit *e, const struct sk_ir *t)
{
	bool patterns = t->multi_op == SK_OP_REGEX;
	SK_AUTO_FREE uint32_t *v = numbers(e, t, patterns);

	return v ? sk_builder_multi(e->b, t->multi_op, t->multi_mod, t->quant, sk_builder_list(e->b, v, t->nmembers, !patterns)) : 0;
}

uint32_t
sk_emit_operand(struct sk_emit *e, uint32_t node)
{
	const struct sk_ir *t = &e->plan->g->nodes.v[node];
	uint32_t n = 0;

	if (t->rhs_kind == SK_IRR_NONE)
		return 0;
	if (t->rhs_kind == SK_IRR_VALUE)
		return sk_emit_value(e, t->rhs);
	if (e->operand_of[node])
		return e->operand_of[node] - 1;
	switch (t->rhs_kind) {
	case SK_IRR_SET: n = emit_set(e, t); break;
	case SK_IRR_PATHS:
	case SK_IRR_PREFIXES: n = emit_trie(e, t); break;
	case SK_IRR_PATTERN: n = sk_builder_pattern(e->b, e->plan->g->patterns.v[t->rhs]); break;
	case SK_IRR_MULTI: n = emit_multi(e, t); break;
	case SK_IRR_NONE:
	case SK_IRR_VALUE: break;
	}
	e->operand_of[node] = n + 1;
	return n;
}
