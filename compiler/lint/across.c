/* Rules that earlier rules leave nothing to: under first match, an event belongs to the first rule that holds. */
#include "compiler/lint/lint_internal.h"

/* Earlier rules that one rule is compared with. Rules that share all of their parts with hundreds of others are generated, and
 * bounded work matters more. */
#define MAX_CANDIDATES 256u

struct chain {
	uint32_t rule; /* index in g->rules + 1; 0: none */
	uint32_t next; /* in the vector of chains */
};

struct across {
	struct sk_lint *l;
	uint32_t *uses;        /* by node: enabled rules that have it as a conjunct */
	uint32_t *first;       /* by node: chain of the rules that it is the rarest conjunct of */
	uint32_t *weaker;      /* by node: chain of conjuncts that hold whenever it does */
	uint32_t *of_constant; /* by value, a constant: chain of set tests that have it as a member */
	SK_VEC(struct chain) chains;
	uint32_t candidates;
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

static bool
is_plain(const struct sk_ir *t)
{
	return t->kind == SK_IR_TEST && (t->mod & (SK_MOD_NEG | SK_MOD_QUANT)) == SK_MOD_SCALAR;
}

/* A set holds where an equality of one of its members, or a set of some of them, does. */
static bool
set_implies(const struct sk_ir_graph *g, const struct sk_ir *x, const struct sk_ir *y)
{
	const uint32_t *mine = x->op == SK_OP_IN_SET ? x->members : &x->rhs;
	uint32_t n = x->op == SK_OP_IN_SET ? x->nmembers : 1;

	if (!is_plain(x) || !is_plain(y) || x->lhs != y->lhs || y->op != SK_OP_IN_SET || x->nmembers > y->nmembers ||
	    (uint64_t)n * y->nmembers > 4096)
		return false;
	if (x->op != SK_OP_IN_SET && ((x->op != SK_OP_EQ_STR && x->op != SK_OP_EQ_NUM && x->op != SK_OP_EQ_IP) ||
				      x->rhs_kind != SK_IRR_VALUE || g->values.v[x->rhs].kind != SK_IRV_CONST))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t k = 0;

		while (k < y->nmembers && y->members[k] != mine[i])
			k++;
		if (k == y->nmembers)
			return false;
	}
	return true;
}

static bool
implies(const struct sk_ir_graph *g, uint32_t x, uint32_t y)
{
	const struct sk_ir *b = &g->nodes.v[y];

	return x == y || set_implies(g, &g->nodes.v[x], b) || (b->kind == SK_IR_OR && has(b->kids, b->nkids, x));
}

/* Whenever LATER holds, so does EARLIER. */
static bool
covers(const struct sk_ir_graph *g, const struct sk_ir_rule *earlier, const struct sk_ir_rule *later)
{
	uint32_t n, m;
	const uint32_t *e = conjuncts(g, &earlier->root, &n), *k = conjuncts(g, &later->root, &m);

	for (uint32_t i = 0; i < n; i++) {
		bool ok = has(k, m, e[i]);

		for (uint32_t j = 0; !ok && j < m; j++)
			ok = implies(g, k[j], e[i]);
		if (!ok)
			return false;
	}
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

/* Conjuncts that others imply: an OR by its kids, a set by its members. Indexed once, when the first rule with it is met. */
static bool
index_weaker(struct across *a, uint32_t node)
{
	const struct sk_ir *n = &a->l->g->nodes.v[node];
	bool ok = true;

	if (n->kind == SK_IR_OR)
		for (uint32_t i = 0; ok && i < n->nkids; i++)
			ok = link_to(a, &a->weaker[n->kids[i]], node);
	if (is_plain(n) && n->op == SK_OP_IN_SET)
		for (uint32_t i = 0; ok && i < n->nmembers; i++)
			ok = link_to(a, &a->of_constant[n->members[i]], node);
	return ok;
}

static bool
index_rule(struct across *a, uint32_t rule)
{
	const struct sk_ir_graph *g = a->l->g;
	uint32_t n;
	const uint32_t *kids = conjuncts(g, &g->rules.v[rule].root, &n), *rarest = kids;

	for (uint32_t i = 1; i < n; i++)
		if (a->uses[kids[i]] < a->uses[*rarest])
			rarest = &kids[i];
	if (!a->first[*rarest] && !index_weaker(a, *rarest))
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
		const struct sk_ir_rule *earlier = &g->rules.v[a->chains.v[at - 1].rule];

		a->candidates++;
		if (earlier->rule->source == later->rule->source && covers(g, earlier, later)) {
			say(a, earlier, later);
			return true;
		}
	}
	return false;
}

static bool
try_chain(struct across *a, uint32_t at, const struct sk_ir_rule *later)
{
	for (uint32_t steps = 0; at && steps < MAX_CANDIDATES; at = a->chains.v[at - 1].next, steps++)
		if (try_rules(a, a->chains.v[at - 1].rule, later))
			return true;
	return false;
}

static void
look_at_rule(struct across *a, const struct sk_ir_rule *r)
{
	const struct sk_ir_graph *g = a->l->g;
	uint32_t n;
	const uint32_t *kids = conjuncts(g, &r->root, &n);
	bool found = false;

	a->candidates = 0;
	for (uint32_t i = 0; !found && i < n; i++) {
		const struct sk_ir *t = &g->nodes.v[kids[i]];

		found = try_rules(a, kids[i], r) || try_chain(a, a->weaker[kids[i]], r);
		if (!found && is_plain(t) && t->op == SK_OP_IN_SET)
			found = try_chain(a, a->of_constant[t->members[0]], r);
		else if (!found && is_plain(t) && t->rhs_kind == SK_IRR_VALUE)
			found = try_chain(a, a->of_constant[t->rhs], r);
	}
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
	ok = a.uses && a.first && a.weaker && a.of_constant;
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
	sk_vec_free(&a.chains);
	return ok;
}
