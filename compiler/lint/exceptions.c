/* Exceptions that no event of their rule can need, that all of its events meet, or that are there twice. */
#include "compiler/lint/lint_internal.h"

/* Tests of one value in the condition that every exception is compared with. */
#define MAX_GROUP 1024u
/* Work on the items of one exception, and on all exceptions of a rule. */
#define MAX_STEPS 20000u
#define MAX_WORK (1u << 21)

struct excepting {
	struct sk_lint *l;
	struct sk_lint_rule *r;
	sk_literals rule; /* what the condition asks for */
	struct sk_relating work;
};

static void
say_dead(struct excepting *x, const struct sk_lint_exception *e, const char *why, struct sk_slice what)
{
	(void)sk_lint_report(x->l, SK_D_DEAD_EXCEPTION, e->ex->item, e->loc, NULL,
			     "exception '%.*s' of rule '%.*s' can never apply: %s%.*s", SK_SLICE_ARG(e->ex->name),
			     SK_SLICE_ARG(x->r->rule->name), why, SK_SLICE_ARG(what));
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
dead_by_types(struct excepting *x, const struct sk_lint_exception *e)
{
	struct sk_lint_rule *r = x->r;
	const struct sk_lint_node *n = &r->nodes.v[e->node];
	struct sk_event_set both = sk_event_set_and(&n->reach.yes, &r->types);

	if (!r->typed || sk_event_set_empty(&r->types) || !sk_event_set_empty(&both))
		return false;
	for (uint32_t i = e->node; i < n->end; i++)
		if (is_absent(x->l, r, r->nodes.v[i].c)) {
			say_dead(x, e, "its events never have ", r->nodes.v[i].c->lhs->text);
			return true;
		}
	say_dead(x, e, "it names other event types than the rule", (struct sk_slice){ 0 });
	return true;
}

/* --- values ------------------------------------------------------------------------------------ */
/* The literals of the condition about VALUE; 0 if they are none, or too many. */
static size_t
find(const sk_literals *v, uint32_t value, size_t *ret_first)
{
	size_t lo = 0, hi = v->n, n = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (v->v[mid].value < value)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo + n < v->n && n <= MAX_GROUP && v->v[lo + n].value == value)
		n++;
	*ret_first = lo;
	return n <= MAX_GROUP ? n : 0;
}

static bool
contradicts(struct excepting *x, const struct sk_literal *own, size_t n)
{
	sk_literals group = { 0 };
	size_t with, first, k = find(&x->rule, own->value, &first);
	bool bad = false;

	for (size_t i = 0; i < k; i++)
		if (!sk_vec_push(&group, x->rule.v[first + i]))
			x->l->failed = true;
	for (size_t i = 0; group.n && i < n; i++)
		if (!sk_vec_push(&group, own[i]))
			x->l->failed = true;
	bad = group.n && sk_literals_conflict(x->l, group.v, group.n, false, &with) < group.n;
	sk_vec_free(&group);
	return bad;
}

/* An item of the list that the literals rule out. */
static bool
is_ruled_out(const struct excepting *x, const struct sk_literal *rule, size_t n, const struct sk_irv *v)
{
	for (size_t i = 0; i < n; i++)
		if (!sk_literal_leaves(x->l, &rule[i], v))
			return true;
	return false;
}

/* In a list that is written in the exception each item should be able to apply. */
static void
look_at_items(struct excepting *x, const struct sk_lint_exception *e, const struct sk_literal *own)
{
	const struct sk_opnd *list = own->c->rhs;
	const struct sk_ir *t = &x->l->g->nodes.v[own->test];
	size_t first, n = find(&x->rule, own->value, &first);
	uint64_t work = 0;

	if (!n || !own->single || t->kind != SK_IR_TEST || t->op != SK_OP_IN_SET || (t->mod & SK_MOD_NEG) || !own->want ||
	    !list || list->kind != SK_OPND_LIST)
		return;
	for (size_t i = 0; i < n; i++)
		work += x->l->g->nodes.v[x->rule.v[first + i].test].nmembers + 1u;
	/* Members are the items, but for what is there twice. */
	for (uint32_t i = 0; t->nmembers == list->nargs && work * list->nargs <= MAX_STEPS && i < list->nargs; i++)
		if (!list->args[i]->from && is_ruled_out(x, &x->rule.v[first], n, &x->l->g->values.v[t->members[i]]))
			(void)sk_lint_report(
			    x->l, SK_D_DEAD_EXCEPTION, e->ex->item, sk_opnd_loc(own->c, list->args[i]), NULL,
			    "'%.*s' in exception '%.*s' of rule '%.*s' can never apply: the condition of the rule rules it out",
			    SK_SLICE_ARG(list->args[i]->text), SK_SLICE_ARG(e->ex->name), SK_SLICE_ARG(x->r->rule->name));
}

static bool
dead_by_values(struct excepting *x, const struct sk_lint_exception *e, const sk_literals *own)
{
	size_t with;

	for (size_t i = 0, end; i < own->n; i = end) {
		for (end = i + 1; end < own->n && own->v[end].value == own->v[i].value;)
			end++;
		if (sk_literals_conflict(x->l, &own->v[i], end - i, false, &with) < end - i) {
			say_dead(x, e, "its own values exclude each other", (struct sk_slice){ 0 });
			return true;
		}
		if (contradicts(x, &own->v[i], end - i)) {
			say_dead(x, e, "the condition of the rule rules out this ", own->v[i].c->lhs->text);
			return true;
		}
	}
	return false;
}

/* --- the opposite ------------------------------------------------------------------------------ */
static void
look_for_cover(struct excepting *x, const struct sk_lint_exception *e)
{
	const struct sk_lint_node *n = &x->r->nodes.v[e->node];
	uint32_t condition = x->r->nodes.v[x->r->condition].c->node;
	struct sk_event_set fails = sk_event_set_and(&n->reach.no, &x->r->types);

	if (n->c->node <= 1 || condition <= 1 || (x->r->typed && sk_event_set_empty(&x->r->types)))
		return;
	if (!(x->r->typed && sk_event_set_empty(&fails)) && !sk_lint_implies(&x->work, condition, n->c->node))
		return;
	(void)sk_lint_report(x->l, SK_D_COVERING_EXCEPTION, e->ex->item, e->loc, NULL,
			     "exception '%.*s' covers the whole rule '%.*s': whatever the condition holds for, it takes away",
			     SK_SLICE_ARG(e->ex->name), SK_SLICE_ARG(x->r->rule->name));
}

static void
look_at_exception(struct excepting *x, const struct sk_lint_exception *e)
{
	sk_literals own = { 0 };

	if (dead_by_types(x, e))
		return;
	sk_literals_of(x->l, x->r->nodes.v[e->node].c, false, &own);
	sk_literals_sort(&own);
	if (!dead_by_values(x, e, &own)) {
		for (size_t i = 0; i < own.n; i++)
			look_at_items(x, e, &own.v[i]);
		look_for_cover(x, e);
	}
	sk_vec_free(&own);
}

/* --- twice the same ---------------------------------------------------------------------------- */
struct placed {
	uint32_t node, at;
};

static int
by_node(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

static void
look_for_twins(struct excepting *x)
{
	const struct sk_lint_rule *r = x->r;
	SK_AUTO_FREE struct placed *v = malloc(r->exceptions.n * sizeof(*v));

	if (!v) {
		x->l->failed = true;
		return;
	}
	for (uint32_t i = 0; i < r->exceptions.n; i++)
		v[i] = (struct placed){ r->nodes.v[r->exceptions.v[i].node].c->node, i };
	qsort(v, r->exceptions.n, sizeof(*v), by_node);
	for (size_t i = 1; i < r->exceptions.n; i++) {
		const struct sk_lint_exception *a = &r->exceptions.v[v[i - 1].at], *b = &r->exceptions.v[v[i].at];

		if (v[i].node != v[i - 1].node || v[i].node <= 1)
			continue;
		struct sk_diag *d = sk_lint_report(x->l, SK_D_DUPLICATE_ITEM, b->ex->item, b->loc, NULL,
						   "exception '%.*s' of rule '%.*s' has these values already",
						   SK_SLICE_ARG(a->ex->name), SK_SLICE_ARG(r->rule->name));
		if (d)
			sk_diag_note(x->l->cx->diags, d, a->loc, "they stand here");
	}
}

void
sk_lint_exceptions(struct sk_lint *l, struct sk_lint_rule *r)
{
	struct excepting x = { .l = l, .r = r, .work = { l->g, MAX_WORK } };

	if (!r->exceptions.n)
		return;
	sk_literals_of(l, r->nodes.v[r->condition].c, false, &x.rule);
	sk_literals_sort(&x.rule);
	for (size_t i = 0; i < r->exceptions.n; i++)
		look_at_exception(&x, &r->exceptions.v[i]);
	look_for_twins(&x);
	sk_vec_free(&x.rule);
}
