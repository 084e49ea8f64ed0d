/* One rule, laid out for the passes: its tree in pre-order with the event types of every part, and its exceptions. */
#include "compiler/lint/lint_internal.h"

static bool
lay_out(struct sk_lint_rule *r, struct sk_cond *c, uint32_t parent)
{
	uint32_t me = (uint32_t)r->nodes.n;

	if (!sk_vec_push(&r->nodes, (struct sk_lint_node){ .c = c, .parent = parent }))
		return false;
	for (uint32_t i = 0; i < c->nkids; i++) {
		uint32_t kid = (uint32_t)r->nodes.n;

		if (!lay_out(r, c->kids[i], me))
			return false;
		r->nodes.v[kid].prev = r->nodes.v[me].last;
		r->nodes.v[me].last = kid;
	}
	r->nodes.v[me].end = (uint32_t)r->nodes.n;
	return true;
}

static void
merge(struct sk_event_set *a, const struct sk_event_set *b, bool both)
{
	for (uint32_t i = 0; i < SK_EVENT_SET_WORDS; i++)
		a->w[i] = both ? a->w[i] & b->w[i] : a->w[i] | b->w[i];
}

static void
reach_of(const struct sk_lint *l, struct sk_lint_rule *r, uint32_t i)
{
	struct sk_lint_node *n = &r->nodes.v[i];
	bool and = n->c->kind == SK_COND_AND;

	n->reach = (struct sk_event_reach){ l->delivered, l->delivered };
	switch (n->c->kind) {
	case SK_COND_CHECK:
		n->constant = n->c->node <= 1;
		if (!n->constant && r->typed)
			n->reach = (struct sk_event_reach){ sk_event_set_and(&l->delivered, &l->reach[n->c->node].yes),
							    sk_event_set_and(&l->delivered, &l->reach[n->c->node].no) };
		break;
	case SK_COND_NOT:
		n->constant = r->nodes.v[i + 1].constant;
		n->reach = (struct sk_event_reach){ r->nodes.v[i + 1].reach.no, r->nodes.v[i + 1].reach.yes };
		break;
	case SK_COND_AND:
	case SK_COND_OR:
		n->reach = r->nodes.v[i + 1].reach;
		for (uint32_t k = r->nodes.v[i + 1].end; k < n->end; k = r->nodes.v[k].end) {
			merge(&n->reach.yes, &r->nodes.v[k].reach.yes, and);
			merge(&n->reach.no, &r->nodes.v[k].reach.no, !and);
		}
		break;
	case SK_COND_MACRO:
		break;
	}
}

/* --- exceptions -------------------------------------------------------------------------------- */
static bool
add_exception(struct sk_lint_rule *r, const struct sk_exception *ex, struct sk_loc loc, uint32_t *node)
{
	struct sk_lint_exception e = { ex, loc, *node + 1 };

	*node = r->nodes.v[*node].end;
	return sk_vec_push(&r->exceptions, e);
}

static bool
find_values(struct sk_lint_rule *r, const struct sk_exception *ex, uint32_t *node)
{
	bool single = ex->fields->kind == SK_YAML_SCALAR;

	for (size_t i = 0; i < ex->values.n; i++)
		for (size_t k = 0; k < ex->values.v[i]->items.n; k++) {
			if (*node >= r->nodes.n)
				return true;
			if (!add_exception(r, ex, single ? ex->fields->loc : ex->values.v[i]->items.v[k]->loc, node))
				return false;
			if (single)
				return true;
		}
	return true;
}

/* Expansion put them behind the condition, each below a NOT, in the order of the exceptions and their values. */
static bool
find_exceptions(struct sk_lint_rule *r)
{
	bool any = false, ok = true;

	for (size_t i = 0; i < r->rule->src->exceptions.n; i++)
		for (size_t k = 0; k < r->rule->src->exceptions.v[i]->values.n; k++)
			any |= r->rule->src->exceptions.v[i]->values.v[k]->items.n != 0;
	if (!any)
		return true;
	r->condition = 1;
	uint32_t node = r->nodes.v[1].end;
	for (size_t i = 0; ok && i < r->rule->src->exceptions.n; i++)
		ok = find_values(r, r->rule->src->exceptions.v[i], &node);
	return ok;
}

bool
sk_lint_rule_begin(struct sk_lint *l, const struct sk_ir_rule *ir, struct sk_lint_rule *ret)
{
	ret->ir = ir;
	ret->rule = ir->rule;
	ret->typed = ir->rule->source == SK_SOURCE_SYSCALL;
	if (!lay_out(ret, ir->rule->cond, 0))
		return false;
	for (uint32_t i = (uint32_t)ret->nodes.n; i-- > 0;)
		reach_of(l, ret, i);
	if (!find_exceptions(ret))
		return false;
	ret->types = ret->nodes.v[ret->condition].reach.yes;
	return true;
}

void
sk_lint_rule_end(struct sk_lint_rule *r)
{
	sk_vec_free(&r->nodes);
	sk_vec_free(&r->exceptions);
}
