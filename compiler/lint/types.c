/* Parts of a condition that event types alone decide: what never holds on the types that the rest leaves, what always does,
 * fields that those types do not have. A macro is judged by itself and as a whole where it is used, not by its parts: those are
 * there for its other users. */
#include "compiler/lint/lint_internal.h"

#include "base/schema.h"

/* Alternatives that one message gives reasons for. */
#define FACTS_SHOWN 3u

struct typing {
	struct sk_lint *l;
	struct sk_lint_rule *r;
	struct sk_event_set *local; /* by node: types that what is joined to it by AND, in the same text, leaves possible */
};

/* What a finding about C points to, seen from PARENT: the macro that it came through. */
static const struct sk_cond *
as_written(const struct sk_cond *c, const struct sk_cond *parent)
{
	while (c->via && c->via != parent->via)
		c = c->via;
	return c;
}

static bool
only_event_types(const struct typing *t, uint32_t i)
{
	const struct sk_lint_node *n = &t->r->nodes.v[i];

	for (uint32_t k = i; k < n->end; k++)
		if (t->r->nodes.v[k].c->kind == SK_COND_CHECK && !sk_lint_is_event_type(sk_lint_field(t->l, t->r->nodes.v[k].c)))
			return false;
	return true;
}

/* The check of a literal: itself, or what a NOT is about. */
static const struct sk_cond *
check_of(const struct sk_cond *c)
{
	const struct sk_cond *k = c->kind == SK_COND_NOT ? c->kids[0] : c;

	return k->kind == SK_COND_CHECK ? k : NULL;
}

/* True if none of TYPES has a value for the field of check C. */
static bool
is_absent(const struct typing *t, const struct sk_cond *c, const struct sk_event_set *types)
{
	const struct sk_irv *v = c && c->node > 1 ? sk_lint_field(t->l, c) : NULL;

	if (!v)
		return false;
	struct sk_event_set left = sk_event_set_minus(types, &t->l->absent[(size_t)(v - t->l->g->values.v)]);
	return sk_event_set_empty(&left);
}

/* TYPES: NULL for all. */
static void
say_absent(struct typing *t, const struct sk_cond *c, const struct sk_event_set *types)
{
	struct sk_loc loc = sk_text_loc(c->text, c->lhs->span);
	struct sk_slice name = sk_slice(c->text->s.p + c->lhs->span.beg, c->lhs->span.end - c->lhs->span.beg);

	if (!types)
		(void)sk_lint_report(t->l, SK_D_FIELD_NEVER_THERE, &t->r->rule->cond_item, loc, c, "%.*s never has a value",
				     SK_SLICE_ARG(name));
	else
		(void)sk_lint_report(t->l, SK_D_FIELD_NEVER_THERE, &t->r->rule->cond_item, loc, c,
			     "%.*s has no value on the event types that get here (%.*s)", SK_SLICE_ARG(name),
			     SK_SLICE_ARG(sk_lint_type_names(t->l, types)));
}

/* True if value V is the same on all of TYPES, as far as those say. */
static bool
is_known(const struct typing *t, const struct sk_irv *v, const struct sk_event_set *types, struct sk_known_value *ret)
{
	uint32_t value = (uint32_t)(v - t->l->g->values.v);
	bool first = true;

	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		if (!sk_event_set_has(types, e))
			continue;
		struct sk_known_value k = sk_fold_value(t->l->g, value, SK_SOURCE_SYSCALL, e);

		if (first)
			*ret = k;
		if (k.known != ret->known || k.b != ret->b || (k.known == SK_KNOWN_TEXT && !sk_slice_eq(k.text, ret->text)))
			return false;
		first = false;
	}
	return !first && (ret->known == SK_KNOWN_TEXT || ret->known == SK_KNOWN_BOOL);
}

/* What TYPES say of the field of literal C: "fd.name has no value on execve". Empty if nothing, or if it is about the event type
 * itself. */
static struct sk_slice
fact(const struct typing *t, const struct sk_cond *c, const struct sk_event_set *types)
{
	const struct sk_cond *check = check_of(c);
	const struct sk_irv *v = check && check->node > 1 ? sk_lint_field(t->l, check) : NULL;
	struct sk_arena *a = t->l->cx->arena;
	struct sk_known_value k;

	if (!v || (sk_lint_is_event_type(v) && v->field->id != SK_F_evt_dir))
		return SK_SLICE("");
	struct sk_slice name = sk_slice(check->text->s.p + check->lhs->span.beg, check->lhs->span.end - check->lhs->span.beg);
	struct sk_slice on = sk_lint_type_names(t->l, types);
	if (is_absent(t, check, types))
		return sk_arena_printf(a, "%.*s has no value on %.*s", SK_SLICE_ARG(name), SK_SLICE_ARG(on));
	if (!is_known(t, v, types, &k))
		return SK_SLICE("");
	if (k.known == SK_KNOWN_BOOL)
		return sk_arena_printf(a, "%.*s is always %s on %.*s", SK_SLICE_ARG(name), k.b ? "true" : "false", SK_SLICE_ARG(on));
	return sk_arena_printf(a, "%.*s is always '%.*s' on %.*s", SK_SLICE_ARG(name), SK_SLICE_ARG(k.text), SK_SLICE_ARG(on));
}

/* Of alternatives that TYPES all decide, the fact of each. */
static struct sk_slice
facts(const struct typing *t, const struct sk_cond *c, const struct sk_event_set *types)
{
	struct sk_slice all = SK_SLICE("");

	if (c->kind != SK_COND_OR)
		return fact(t, c, types);
	for (uint32_t i = 0; i < c->nkids; i++) {
		struct sk_slice one = i < FACTS_SHOWN ? fact(t, c->kids[i], types) : SK_SLICE("");

		if (!one.n)
			return one;
		all = sk_arena_printf(t->l->cx->arena, "%.*s%s%.*s", SK_SLICE_ARG(all), i ? ", and " : "", SK_SLICE_ARG(one));
	}
	return all;
}

/* Node I cannot hold where only TYPES are left. */
static void
say_dead(struct typing *t, uint32_t i, const struct sk_event_set *types, const struct sk_cond *parent)
{
	const struct sk_cond *c = t->r->nodes.v[i].c, *shown = as_written(c, parent);

	if (shown == c && is_absent(t, check_of(c), types)) {
		say_absent(t, check_of(c), types);
		return;
	}
	struct sk_slice why = facts(t, c, types);
	if (!why.n)
		why = sk_arena_printf(t->l->cx->arena, "the rest of the condition leaves only the event types %.*s",
				      SK_SLICE_ARG(sk_lint_type_names(t->l, types)));
	(void)sk_lint_report(t->l, SK_D_NEVER_TRUE, &t->r->rule->cond_item, sk_lint_loc(shown), shown,
			     "this can never be true: %.*s", SK_SLICE_ARG(why));
}

/* Alternative K of node I has none of the types that the rest leaves: which literal of the rest says so, and why. */
static struct sk_slice
fact_of_rest(const struct typing *t, uint32_t i, uint32_t k)
{
	const struct sk_lint_node *nodes = t->r->nodes.v;
	const struct sk_event_set *types = &nodes[k].reach.yes;

	for (uint32_t a = i; a != t->r->condition && nodes[nodes[a].parent].c->via == nodes[a].c->via; a = nodes[a].parent) {
		uint32_t parent = nodes[a].parent;

		for (uint32_t s = nodes[parent].c->kind == SK_COND_AND ? parent + 1 : nodes[parent].end; s < nodes[parent].end;
		     s = nodes[s].end) {
			struct sk_event_set both = sk_event_set_and(types, &nodes[s].reach.yes);
			struct sk_slice why = s != a && sk_event_set_empty(&both) ? fact(t, nodes[s].c, types) : SK_SLICE("");

			if (why.n)
				return why;
		}
	}
	return SK_SLICE("");
}

/* --- what cannot hold together --------------------------------------------------------------------------------------------- */
/* The kid of AND node I that leaves no event type; those that name event types come first, so that the others are found wanting.
 */
static void
find_culprit(struct typing *t, uint32_t i)
{
	const struct sk_lint_node *n = &t->r->nodes.v[i];
	struct sk_event_set left = t->l->delivered;

	for (int turn = 0; turn < 2; turn++)
		for (uint32_t k = i + 1; k < n->end; k = t->r->nodes.v[k].end) {
			struct sk_event_set next = sk_event_set_and(&left, &t->r->nodes.v[k].reach.yes);

			if (only_event_types(t, k) != (turn == 0))
				continue;
			if (sk_event_set_empty(&next)) {
				say_dead(t, k, &left, n->c);
				return;
			}
			left = next;
		}
}

static bool
kid_is_empty(const struct typing *t, uint32_t i)
{
	for (uint32_t k = i + 1; k < t->r->nodes.v[i].end; k = t->r->nodes.v[k].end)
		if (sk_event_set_empty(&t->r->nodes.v[k].reach.yes))
			return true;
	return false;
}

static void
look_for_empty(struct typing *t, uint32_t i)
{
	const struct sk_lint_node *n = &t->r->nodes.v[i];

	if (!sk_event_set_empty(&n->reach.yes) || n->constant)
		return;
	if (n->c->kind == SK_COND_AND && !kid_is_empty(t, i))
		find_culprit(t, i);
	if (n->c->kind == SK_COND_CHECK && is_absent(t, n->c, &t->l->delivered))
		say_absent(t, n->c, NULL);
}

/* --- what the surroundings decide ------------------------------------------------------------------------------------------ */
/* Each kid of an AND sees what its brothers leave; whoever enters a macro sees everything. */
static void
share_out(struct typing *t, uint32_t i)
{
	const struct sk_lint_node *n = &t->r->nodes.v[i];
	bool and = n->c->kind == SK_COND_AND;
	struct sk_event_set before = t->local[i];

	for (uint32_t k = i + 1; k < n->end; k = t->r->nodes.v[k].end) {
		t->local[k] = before;
		if (and)
			before = sk_event_set_and(&before, &t->r->nodes.v[k].reach.yes);
	}
	struct sk_event_set behind = t->l->delivered;
	for (uint32_t k = and? n->last : 0; k; k = t->r->nodes.v[k].prev) {
		t->local[k] = sk_event_set_and(&t->local[k], &behind);
		behind = sk_event_set_and(&behind, &t->r->nodes.v[k].reach.yes);
	}
	for (uint32_t k = i + 1; k < n->end; k = t->r->nodes.v[k].end)
		if (t->r->nodes.v[k].c->via != n->c->via)
			t->local[k] = t->l->delivered;
}

static void
look_at_alternatives(struct typing *t, uint32_t i)
{
	const struct sk_lint_node *n = &t->r->nodes.v[i];
	struct sk_event_set both = sk_event_set_and(&n->reach.yes, &t->local[i]);

	if (n->c->kind != SK_COND_OR || sk_event_set_empty(&both))
		return;
	for (uint32_t k = i + 1; k < n->end; k = t->r->nodes.v[k].end) {
		const struct sk_lint_node *kid = &t->r->nodes.v[k];

		both = sk_event_set_and(&kid->reach.yes, &t->local[i]);
		if (!sk_event_set_empty(&both) || sk_event_set_empty(&kid->reach.yes))
			continue;
		struct sk_slice why = only_event_types(t, k) ? fact_of_rest(t, i, k) : SK_SLICE("");
		const struct sk_cond *shown = as_written(kid->c, n->c);
		if (why.n)
			(void)sk_lint_report(t->l, SK_D_NEVER_TRUE, &t->r->rule->cond_item, sk_lint_loc(shown), shown,
					     "this can never be true with the rest of the condition: %.*s", SK_SLICE_ARG(why));
		else
			say_dead(t, k, &t->local[i], n->c);
	}
}

/* A test that names event types positively is never called needless: rules have to name their types, even where something else
 * implies them. */
static bool
may_be_needless(const struct typing *t, const struct sk_lint_node *n)
{
	const struct sk_cond *c = check_of(n->c);
	const struct sk_irv *v = c && c->node > 1 ? sk_lint_field(t->l, c) : NULL;
	bool negative = c && (n->c->kind == SK_COND_NOT || c->cmp == SK_CMP_NE);

	if (!v || v->kind != SK_IRV_FIELD || (v->field->flags & SK_FF_DEPRECATED) || v->field->id == SK_F_evt_source)
		return false;
	return !sk_lint_is_event_type(v) || negative;
}

static void
look_for_needless(struct typing *t, uint32_t i)
{
	const struct sk_lint_node *n = &t->r->nodes.v[i], *parent = &t->r->nodes.v[n->parent];
	struct sk_event_set fails = sk_event_set_and(&n->reach.no, &t->local[i]);

	if (i == t->r->condition || parent->c->kind != SK_COND_AND || parent->c->via != n->c->via ||
	    !sk_event_set_empty(&fails) || sk_event_set_empty(&t->local[i]) || !may_be_needless(t, n))
		return;
	/* What a macro is about is said where the macro is used: it has other users. */
	if (n->c->kind == SK_COND_NOT && check_of(n->c)->via == n->c->via && is_absent(t, check_of(n->c), &t->local[i])) {
		say_absent(t, check_of(n->c), &t->local[i]);
		return;
	}
	struct sk_slice why = fact(t, n->c, &t->local[i]);
	if (why.n)
		(void)sk_lint_report(t->l, SK_D_ALWAYS_TRUE, &t->r->rule->cond_item, sk_lint_loc(n->c), n->c,
				     "this is always true: %.*s", SK_SLICE_ARG(why));
	else
		(void)sk_lint_report(t->l, SK_D_ALWAYS_TRUE, &t->r->rule->cond_item, sk_lint_loc(n->c), n->c,
				     "this is always true on the event types that get here (%.*s)",
				     SK_SLICE_ARG(sk_lint_type_names(t->l, &t->local[i])));
}

void
sk_lint_types(struct sk_lint *l, struct sk_lint_rule *r)
{
	uint32_t end = r->nodes.v[r->condition].end;
	SK_AUTO_FREE struct sk_event_set *local = malloc(r->nodes.n * sizeof(*local));
	struct typing t = { l, r, local };

	if (!r->typed)
		return;
	if (!local) {
		l->failed = true;
		return;
	}
	local[r->condition] = l->delivered;
	for (uint32_t i = r->condition; i < end; i++) {
		look_for_empty(&t, i);
		share_out(&t, i);
		look_at_alternatives(&t, i);
		look_for_needless(&t, i);
	}
}
