/* Chains of tests that contradict each other, or that leave nothing out. */
#include "compiler/lint/lint_internal.h"

#include "base/buf.h"

static struct sk_slice
text_of(const struct sk_literal *lit)
{
	return sk_slice(lit->c->text->s.p + lit->c->span.beg, lit->c->span.end - lit->c->span.beg);
}

static void
say(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_literal *a, const struct sk_literal *b, bool any)
{
	enum sk_diag_code code = any ? SK_D_ALWAYS_TRUE : SK_D_NEVER_TRUE;
	const struct sk_literal *later = a->order > b->order ? a : b, *earlier = later == a ? b : a;
	struct sk_diag *d =
	    sk_lint_report(l, code, &r->rule->cond_item, sk_lint_loc(later->c), later->c,
			   any ? "together with '%.*s' this is always true" : "this can never be true together with '%.*s'",
			   SK_SLICE_ARG(text_of(earlier)));

	if (d)
		sk_diag_note(l->cx->diags, d, sk_lint_loc(earlier->c), "the other test stands here");
}

/* In an OR both a field's absence and its presence matter: it is called always true where the value is there. */
static void
look_at_chain(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_cond *c, bool any)
{
	sk_literals all = { 0 };
	size_t with;

	sk_literals_of(l, c, any, &all);
	sk_literals_sort(&all);
	for (size_t i = 0, end; i < all.n; i = end) {
		for (end = i + 1; end < all.n && all.v[end].value == all.v[i].value;)
			end++;
		size_t bad = end - i > 1 ? sk_literals_conflict(l, &all.v[i], end - i, any, &with) : end - i;
		if (bad < end - i)
			say(l, r, &all.v[i + bad], &all.v[i + with], any);
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

void
sk_lint_values(struct sk_lint *l, struct sk_lint_rule *r)
{
	for (uint32_t i = r->condition; i < r->nodes.v[r->condition].end; i++)
		if (begins_chain(r, i))
			look_at_chain(l, r, r->nodes.v[i].c, r->nodes.v[i].c->kind == SK_COND_OR);
}
