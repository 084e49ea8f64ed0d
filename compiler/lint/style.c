/* Opinions on what surrounds the condition. */
#include "compiler/lint/lint_internal.h"

#include <strings.h>

static bool
same_words(struct sk_slice a, struct sk_slice b)
{
	while (a.n && strchr(" .\n", a.p[a.n - 1]))
		a.n--;
	while (b.n && strchr(" .\n", b.p[b.n - 1]))
		b.n--;
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

static void
look_at_description(struct sk_lint *l, const struct sk_rule_ast *rule)
{
	struct sk_slice desc = rule->desc;

	while (desc.n && strchr(" \t\n", *desc.p))
		desc = sk_slice(desc.p + 1, desc.n - 1);
	if (desc.n && !same_words(desc, rule->name))
		return;
	const struct sk_text *t = rule->src->desc.n ? rule->src->desc.v[0] : NULL;
	(void)sk_lint_report(l, SK_D_DESCRIPTION, &rule->item, t ? (struct sk_loc){ t->file, t->whole } : rule->loc, NULL,
			     desc.n ? "the description of '%.*s' only repeats its name" : "rule '%.*s' has an empty description",
			     SK_SLICE_ARG(rule->name));
}

static void
look_at_exceptions(struct sk_lint *l, const struct sk_rule_ast *rule)
{
	for (size_t i = 0; i < rule->src->exceptions.n; i++) {
		const struct sk_exception *ex = rule->src->exceptions.v[i];

		if (!ex->bad && !ex->values.n)
			(void)sk_lint_report(l, SK_D_EMPTY_EXCEPTION, ex->item, ex->item->loc, NULL,
					     "exception '%.*s' of rule '%.*s' has no values and excepts nothing",
					     SK_SLICE_ARG(ex->name), SK_SLICE_ARG(rule->name));
	}
}

void
sk_lint_style(struct sk_lint *l, struct sk_lint_rule *r)
{
	if (!r->rule->tags.n)
		(void)sk_lint_report(l, SK_D_NO_TAGS, &r->rule->item, r->rule->loc, NULL, "rule '%.*s' has no tags",
				     SK_SLICE_ARG(r->rule->name));
	look_at_description(l, r->rule);
	look_at_exceptions(l, r->rule);
}
