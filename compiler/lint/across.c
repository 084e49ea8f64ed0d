/* Rules that earlier rules leave nothing to: under first match, an event belongs to the first rule that holds. */
#include "compiler/lint/lint_internal.h"

/* Earlier rules that one rule is compared with, and work on comparing. Rules that share all of their parts with hundreds of
 * others are generated, and bounded work matters more. */
#define MAX_CANDIDATES 256u
#define MAX_STEPS 6144u
/* Links of an index that one rule follows. */
#define MAX_LINKS 2048u

struct chain {
	uint32_t what; /* rule: index in g->rules; or a node */
	uint32_t next; /* in the vector of chains + 1; 0: none */
};

struct across {
	struct sk_lint *l;
	uint32_t *uses;        /* by node: enabled rules that have it as a conjunct */
	uint32_t *first;       /* by node: chain of the rules that it is the rarest conjunct of */
	uint32_t *weaker;      /* by node: chain of conjuncts that hold whenever it does */
	uint32_t *of_constant; /* by value, a constant: chain of conjuncts with a set test that has it as a member */
	uint32_t *of_value;    /* by value: chain of conjuncts with another test of it */
	SK_VEC(struct chain) chains;
	uint32_t candidates, links;
	struct sk_relating work;
	struct sk_event_set types; /* of the rule that is looked at */
	bool typed;
};

static const uint32_t *
conjuncts(const struct sk_ir_graph *g, const uint32_t *root, uint32_t *ret_n)
{
	const struct sk_ir *n = &g->nodes.v[*root];

	*ret_n = n->kind == SK_IR_AND ? n->nkids : 1;
	return n->kind == SK_IR_AND ? n->kids : root;
}

static bool
takes_part(const struct sk_ir_rule *r)
{
	return r->rule->enabled && r->root > 1;
}

/* --- implication ------------------------------------------------------------------------------- */
static bool
has(const uint32_t *sorted, uint32_t n, uint32_t x)
{
	uint32_t lo = 0, hi = n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (sorted[mid] < x)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && sorted[lo] == x;
}

/* NODE holds on all event types that the later rule can match. */
static bool
types_imply(const struct across *a, uint32_t node)
{
	struct sk_event_set fails = sk_event_set_and(&a->l->reach[node].no, &a->types);

	return a->typed && sk_event_set_empty(&fails);
}

/* One of the conjuncts K of ROOT implies NODE, or several together do. */
static bool
implied(struct across *a, uint32_t root, const uint32_t *k, uint32_t n, uint32_t node)
{
	for (uint32_t i = 0; i < n; i++)
		if (sk_lint_implies(&a->work, k[i], node))
			return true;
	return a->l->g->nodes.v[node].kind != SK_IR_TEST && sk_lint_implies(&a->work, root, node);
}

/* Whenever LATER holds, so does EARLIER. */
static bool
covers(struct across *a, const struct sk_ir_rule *earlier, const struct sk_ir_rule *later)
{
	const struct sk_ir_graph *g = a->l->g;
	uint32_t n, m;
	const uint32_t *e = conjuncts(g, &earlier->root, &n), *k = conjuncts(g, &later->root, &m);

	for (uint32_t i = 0; i < n; i++)
		if (!has(k, m, e[i]) && !types_imply(a, e[i]) && !implied(a, later->root, k, m, e[i]))
			return false;
	return true;
}

/* --- finding them ------------------------------------------------------------------------------ */
static bool
link_to(struct across *a, uint32_t *head, uint32_t what)
{
	if (!sk_vec_push(&a->chains, (struct chain){ what, *head }))
		return false;
	*head = (uint32_t)a->chains.n;
	return true;
}

static bool
is_plain(const struct sk_ir *t)
{
	return (t->mod & (SK_MOD_NEG | SK_MOD_QUANT)) == SK_MOD_SCALAR;
}

/* Index NODE, a conjunct or an alternative in it, under what may imply it: itself; a member of its set; another test of its
 * value. WANT: the conjunct holds with it, not without. */
static bool
index_part(struct across *a, uint32_t conjunct, uint32_t node, bool want, uint32_t depth)
{
	const struct sk_ir *n = &a->l->g->nodes.v[node];
	bool ok = node == conjunct || !want || link_to(a, &a->weaker[node], conjunct);

	if (n->kind != SK_IR_TEST) {
		for (uint32_t i = 0; ok && depth < 3 && i < n->nkids; i++)
			ok = index_part(a, conjunct, n->kids[i], want != (n->kind == SK_IR_NOT), depth + 1);
		return ok;
	}
	bool equal = n->op == SK_OP_EQ_STR || n->op == SK_OP_EQ_NUM || n->op == SK_OP_EQ_IP;
	/* Nothing but itself implies an equality. */
	if (want && is_plain(n) && equal)
		return ok;
	if (!want || !is_plain(n) || n->op != SK_OP_IN_SET || n->set_kind == SK_V_NET)
		return ok && link_to(a, &a->of_value[a->l->twin[n->lhs]], conjunct);
	for (uint32_t i = 0; ok && i < n->nmembers; i++)
		ok = link_to(a, &a->of_constant[n->members[i]], conjunct);
	return ok;
}

/* A rule is found by its rarest conjunct, which is indexed when the first rule with it is met. */
static bool
index_rule(struct across *a, uint32_t rule)
{
	const struct sk_ir_graph *g = a->l->g;
	uint32_t n;
	const uint32_t *kids = conjuncts(g, &g->rules.v[rule].root, &n), *rarest = kids;

	for (uint32_t i = 1; i < n; i++)
		if (a->uses[kids[i]] < a->uses[*rarest])
			rarest = &kids[i];
	if (!a->first[*rarest] && !index_part(a, *rarest, *rarest, true, 0))
		return false;
	return link_to(a, &a->first[*rarest], rule);
}

static void
say(struct across *a, const struct sk_ir_rule *earlier, const struct sk_ir_rule *later)
{
	const struct sk_rule_ast *e = earlier->rule, *r = later->rule;
	bool same = earlier->root == later->root;
	struct sk_diag *d = sk_lint_report(a->l, same ? SK_D_DUPLICATE_BODY : SK_D_SHADOWED, &r->item, r->loc, NULL,
					   same ? "rule '%.*s' has the same condition as rule '%.*s', which comes first"
						: "rule '%.*s' never gets an event under first match: rule '%.*s' takes them all",
					   SK_SLICE_ARG(r->name), SK_SLICE_ARG(e->name));

	if (d)
		sk_diag_note(a->l->cx->diags, d, e->loc, "the earlier rule is defined here");
}

/* Compare with the rules whose rarest conjunct is NODE; true when one was found to cover. */
static bool
try_rules(struct across *a, uint32_t node, const struct sk_ir_rule *later)
{
	const struct sk_ir_graph *g = a->l->g;

	for (uint32_t at = a->first[node]; at && a->candidates < MAX_CANDIDATES; at = a->chains.v[at - 1].next) {
		const struct sk_ir_rule *earlier = &g->rules.v[a->chains.v[at - 1].what];

		a->candidates++;
		if (earlier->rule->source == later->rule->source && covers(a, earlier, later)) {
			say(a, earlier, later);
			return true;
		}
	}
	return false;
}

/* Compare with the rules of the conjuncts in a chain that FROM, a conjunct of the later rule, implies, alone or with others. */
static bool
try_chain(struct across *a, uint32_t at, const struct sk_ir_rule *later, uint32_t from)
{
	for (; at && a->links < MAX_LINKS && a->work.steps; at = a->chains.v[at - 1].next) {
		uint32_t node = a->chains.v[at - 1].what;

		a->links++;
		/* Most that share a value have nothing else in common. */
		if (implied(a, later->root, &from, 1, node) && try_rules(a, node, later))
			return true;
	}
	return false;
}

/* Follow the index from PART of conjunct FROM of the later rule. What all alternatives imply the first implies. */
static bool
try_part(struct across *a, const struct sk_ir_rule *later, uint32_t from, uint32_t part, uint32_t depth)
{
	const struct sk_ir *t = &a->l->g->nodes.v[part];
	const uint32_t *v;

	if (try_chain(a, a->weaker[part], later, from))
		return true;
	if (t->kind == SK_IR_TEST)
		return (sk_lint_named(a->l->g, t, &v) && try_chain(a, a->of_constant[v[0]], later, from)) ||
		       try_chain(a, a->of_value[a->l->twin[t->lhs]], later, from);
	for (uint32_t i = 0; depth < 3 && i < t->nkids; i++)
		if (try_part(a, later, from, t->kids[i], depth + 1))
			return true;
		else if (t->kind == SK_IR_OR)
			break;
	return false;
}

static void
look_at_rule(struct across *a, const struct sk_ir_rule *r)
{
	const struct sk_ir_graph *g = a->l->g;
	uint32_t n;
	const uint32_t *kids = conjuncts(g, &r->root, &n);

	a->candidates = a->links = 0;
	a->work = (struct sk_relating){ g, MAX_STEPS };
	a->types = sk_event_set_and(&a->l->delivered, &a->l->reach[r->root].yes);
	a->typed = r->rule->source == SK_SOURCE_SYSCALL;
	/* A rule that no event gets to has a finding of its own. */
	if (a->typed && sk_event_set_empty(&a->types))
		return;
	for (uint32_t i = 0; i < n; i++)
		if (try_rules(a, kids[i], r))
			return;
	for (uint32_t i = 0; i < n; i++)
		if (try_part(a, r, kids[i], kids[i], 0))
			return;
}

static void
count_uses(struct across *a)
{
	const struct sk_ir_graph *g = a->l->g;

	for (size_t i = 0; i < g->rules.n; i++) {
		uint32_t n;
		const uint32_t *kids = conjuncts(g, &g->rules.v[i].root, &n);

		for (uint32_t k = 0; takes_part(&g->rules.v[i]) && k < n; k++)
			a->uses[kids[k]]++;
	}
}

bool
sk_lint_across(struct sk_lint *l)
{
	const struct sk_ir_graph *g = l->g;
	struct across a = { .l = l };
	bool ok;

	a.uses = calloc(g->nodes.n + 1, sizeof(*a.uses));
	a.first = calloc(g->nodes.n + 1, sizeof(*a.first));
	a.weaker = calloc(g->nodes.n + 1, sizeof(*a.weaker));
	a.of_constant = calloc(g->values.n + 1, sizeof(*a.of_constant));
	a.of_value = calloc(g->values.n + 1, sizeof(*a.of_value));
	ok = a.uses && a.first && a.weaker && a.of_constant && a.of_value;
	if (ok)
		count_uses(&a);
	for (size_t i = 0; ok && i < g->rules.n; i++) {
		if (!takes_part(&g->rules.v[i]))
			continue;
		look_at_rule(&a, &g->rules.v[i]);
		ok = index_rule(&a, (uint32_t)i);
	}
	free(a.uses);
	free(a.first);
	free(a.weaker);
	free(a.of_constant);
	free(a.of_value);
	sk_vec_free(&a.chains);
	return ok;
}
