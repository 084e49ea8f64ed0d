/* Chains of tests that contradict each other, or that leave nothing out. */
#include "compiler/lint/lint_internal.h"

#include "base/buf.h"

static struct sk_slice
text_of(const struct sk_literal *lit)
{
	return sk_slice(lit->c->text->s.p + lit->c->span.beg, lit->c->span.end - lit->c->span.beg);
}

/* A check with several operands that contradict each other needs no other one. */
static void
say_alone(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_cond *c, bool any)
{
	(void)sk_lint_report(l, any ? SK_D_ALWAYS_TRUE : SK_D_NEVER_TRUE, &r->rule->cond_item, sk_lint_loc(c), c,
			     any ? "this is always true: what one operand leaves out, another one takes"
				 : "this can never be true: no value meets all operands");
}

/* ALWAYS: also where the value is missing. */
static void
say(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_literal *a, const struct sk_literal *b, bool any, bool always)
{
	enum sk_diag_code code = any ? SK_D_ALWAYS_TRUE : SK_D_NEVER_TRUE;
	const struct sk_literal *later = a->order > b->order ? a : b, *earlier = later == a ? b : a;
	struct sk_diag *d;

	if (a->c == b->c) {
		say_alone(l, r, a->c, any);
		return;
	}
	d = sk_lint_report(l, code, &r->rule->cond_item, sk_lint_loc(later->c), later->c,
			   !any     ? "this can never be true together with '%.*s'"
			   : always ? "together with '%.*s' this is always true"
				    : "together with '%.*s' this is always true where there is a value",
			   SK_SLICE_ARG(text_of(earlier)));
	if (d)
		sk_diag_note(l->cx->diags, d, sk_lint_loc(earlier->c), "the other test stands here");
}

static void
look_at_group(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_literal *v, size_t n, bool any)
{
	bool always = true;
	size_t with, bad;

	if (n < 2)
		return;
	bad = sk_literals_conflict(l, v, n, false, &with);
	if (any && bad == n) {
		always = false;
		bad = sk_literals_conflict(l, v, n, true, &with);
	}
	if (bad < n)
		say(l, r, &v[bad], &v[with], any, always);
}

static void
look_at_chain(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_cond *c, bool any)
{
	sk_literals all = { 0 };

	sk_literals_of(l, c, any, &all);
	sk_literals_sort(&all);
	for (size_t i = 0, end; i < all.n; i = end) {
		for (end = i + 1; end < all.n && all.v[end].value == all.v[i].value;)
			end++;
		look_at_group(l, r, &all.v[i], end - i, any);
	}
	sk_vec_free(&all);
}

/* The top of a chain of ANDs or ORs: its parent joins otherwise, or NOT turns it round. */
static bool
begins_chain(const struct sk_lint_rule *r, uint32_t i)
{
	const struct sk_lint_node *n = &r->nodes.v[i];

	return (n->c->kind == SK_COND_AND || n->c->kind == SK_COND_OR) &&
	       (i == r->condition || r->nodes.v[n->parent].c->kind != n->c->kind);
}

/* --- values that transformers do not make ------------------------------------------------------ */
static bool
has_byte(struct sk_slice s, char first, char last)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= first && s.p[i] <= last)
			return true;
	return false;
}

/* Why no value V has TEXT as a part of it; NULL if it may. */
static const char *
unmakable(const struct sk_ir_graph *g, uint32_t v, struct sk_slice text, bool nocase)
{
	const struct sk_irv *x = &g->values.v[v];

	if (x->kind != SK_IRV_XFORM)
		return NULL;
	if (x->xform == SK_XF_TOLOWER && !nocase && has_byte(text, 'A', 'Z'))
		return "tolower() leaves no upper-case letter";
	if (x->xform == SK_XF_TOUPPER && !nocase && has_byte(text, 'a', 'z'))
		return "toupper() leaves no lower-case letter";
	if (x->xform == SK_XF_BASENAME)
		return has_byte(text, '/', '/') ? "basename() leaves no '/'" : NULL;
	/* What the inner one took out, a change of case does not bring back; but letters it may. */
	return x->xform == SK_XF_TOLOWER || x->xform == SK_XF_TOUPPER ? unmakable(g, x->args[0], text, true) : NULL;
}

static const char *
unmakable_test(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	bool part = t->op == SK_OP_CONTAINS || t->op == SK_OP_ICONTAINS || t->op == SK_OP_STARTS || t->op == SK_OP_ENDS;
	const char *why = NULL;
	const uint32_t *v;
	uint32_t n = sk_lint_named(g, t, &v);

	if (part && g->values.v[t->rhs].kind == SK_IRV_CONST)
		return unmakable(g, t->lhs, g->values.v[t->rhs].text, t->op == SK_OP_ICONTAINS);
	if (g->values.v[t->lhs].kind != SK_IRV_XFORM || g->values.v[t->lhs].vkind != SK_V_STR)
		return NULL;
	for (uint32_t i = 0; i < n && (why = unmakable(g, t->lhs, g->values.v[v[i]].text, false)) != NULL;)
		i++;
	return why;
}

static void
look_at_transformer(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_cond *c)
{
	const struct sk_ir *t = &l->g->nodes.v[c->node];
	const char *why = c->node > 1 && t->kind == SK_IR_TEST ? unmakable_test(l->g, t) : NULL;
	bool negated = t->mod & SK_MOD_NEG;

	/* Of no elements all are anything. */
	if (!why || (!negated && (t->mod & SK_MOD_QUANT) == SK_MOD_ALL))
		return;
	(void)sk_lint_report(l, negated ? SK_D_ALWAYS_TRUE : SK_D_NEVER_TRUE, &r->rule->cond_item, sk_lint_loc(c), c, "%s: %s",
			     negated ? "this is always true where there is a value" : "this can never be true", why);
}

void
sk_lint_values(struct sk_lint *l, struct sk_lint_rule *r)
{
	for (uint32_t i = r->condition; i < r->nodes.v[r->condition].end; i++) {
		const struct sk_cond *c = r->nodes.v[i].c;

		if (begins_chain(r, i))
			look_at_chain(l, r, c, c->kind == SK_COND_OR);
		if (c->kind != SK_COND_CHECK)
			continue;
		look_at_transformer(l, r, c);
		if (l->g->nodes.v[c->node].kind == SK_IR_AND || l->g->nodes.v[c->node].kind == SK_IR_OR)
			look_at_chain(l, r, c, l->g->nodes.v[c->node].kind == SK_IR_OR);
	}
}
