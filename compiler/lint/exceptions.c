/* Exceptions that no event of their rule can need. */
#include "compiler/lint/lint_internal.h"

/* Tests of one value in the condition that every exception is compared with. */
#define MAX_GROUP 1024u

static void
say(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_lint_exception *e, const char *why, struct sk_slice what)
{
	(void)sk_lint_report(l, SK_D_DEAD_EXCEPTION, e->ex->item, e->loc, NULL,
			     "exception '%.*s' of rule '%.*s' can never apply: %s%.*s", SK_SLICE_ARG(e->ex->name),
			     SK_SLICE_ARG(r->rule->name), why, SK_SLICE_ARG(what));
}

/* --- event types ------------------------------------------------------------------------------- */
static bool
is_absent(const struct sk_lint *l, const struct sk_lint_rule *r, const struct sk_cond *c)
{
	const struct sk_irv *v = c->kind == SK_COND_CHECK && c->node > 1 ? sk_lint_field(l, c) : NULL;

	if (!v)
		return false;
	struct sk_event_set left = sk_event_set_minus(&r->types, &l->absent[(size_t)(v - l->g->values.v)]);
	return sk_event_set_empty(&left);
}

static bool
look_at_types(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_lint_exception *e)
{
	const struct sk_lint_node *n = &r->nodes.v[e->node];
	struct sk_event_set both = sk_event_set_and(&n->reach.yes, &r->types);

	if (!r->typed || sk_event_set_empty(&r->types) || !sk_event_set_empty(&both))
		return false;
	for (uint32_t i = e->node; i < n->end; i++)
		if (is_absent(l, r, r->nodes.v[i].c)) {
			say(l, r, e, "its events never have ", r->nodes.v[i].c->lhs->text);
			return true;
		}
	say(l, r, e, "it names other event types than the rule", (struct sk_slice){ 0 });
	return true;
}

/* --- values ------------------------------------------------------------------------------------ */
/* First literal of V about VALUE, or where it would stand. */
static size_t
find(const sk_literals *v, uint32_t value)
{
	size_t lo = 0, hi = v->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (v->v[mid].value < value)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
contradicts(struct sk_lint *l, const sk_literals *rule, const struct sk_literal *own, size_t n)
{
	sk_literals group = { 0 };
	size_t with;
	bool bad = false;

	size_t first = find(rule, own->value);
	if (first + MAX_GROUP < rule->n && rule->v[first + MAX_GROUP].value == own->value)
		return false;
	for (size_t i = first; i < rule->n && rule->v[i].value == own->value; i++)
		if (!sk_vec_push(&group, rule->v[i]))
			l->failed = true;
	if (group.n) {
		for (size_t i = 0; i < n; i++)
			if (!sk_vec_push(&group, own[i]))
				l->failed = true;
		bad = sk_literals_conflict(l, group.v, group.n, false, &with) < group.n;
	}
	sk_vec_free(&group);
	return bad;
}

static void
look_at_values(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_lint_exception *e, const sk_literals *rule)
{
	sk_literals own = { 0 };

	sk_literals_of(l, r->nodes.v[e->node].c, false, &own);
	sk_literals_sort(&own);
	for (size_t i = 0, end; i < own.n; i = end) {
		for (end = i + 1; end < own.n && own.v[end].value == own.v[i].value;)
			end++;
		if (!contradicts(l, rule, &own.v[i], end - i))
			continue;
		say(l, r, e, "the condition of the rule rules out this ", own.v[i].c->lhs->text);
		break;
	}
	sk_vec_free(&own);
}

void
sk_lint_exceptions(struct sk_lint *l, struct sk_lint_rule *r)
{
	sk_literals rule = { 0 };

	if (!r->exceptions.n)
		return;
	sk_literals_of(l, r->nodes.v[r->condition].c, false, &rule);
	sk_literals_sort(&rule);
	for (size_t i = 0; i < r->exceptions.n; i++)
		if (!look_at_types(l, r, &r->exceptions.v[i]))
			look_at_values(l, r, &r->exceptions.v[i], &rule);
	sk_vec_free(&rule);
}
