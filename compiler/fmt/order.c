/* Keys of an item in their usual order; others behind them, as they stand. */
#include "compiler/fmt/fmt_internal.h"

static uint32_t
rank(const struct sk_fmt_node *n)
{
	/* clang-format off */
	static const char *const order[] = {
		"rule", "macro", "list", "required_engine_version", "required_plugin_versions",
		"desc", "condition", "items", "output", "priority", "source", "enabled", "tags",
		"warn_evttypes", "skip-if-unknown-filter", "capture", "capture_duration", "exceptions", "append", "override",
	};
	/* clang-format on */
	uint32_t i = 0;

	while (i < SK_COUNTOF(order) && !sk_slice_is(n->key->text.s, order[i]))
		i++;
	return i;
}

/* Insertion: there are few known keys, and others must stay in order. */
static void
sort(struct sk_fmt_node **kids, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t k = i; k > 0 && rank(kids[k - 1]) > rank(kids[k]); k--) {
			struct sk_fmt_node *swap = kids[k];

			kids[k] = kids[k - 1];
			kids[k - 1] = swap;
		}
}

static void
as_they_stand(struct sk_fmt_node **kids, const struct sk_fmt_node *item)
{
	for (uint32_t i = 0; i < item->nkids; i++)
		kids[i] = &item->kids[i];
}

struct sk_fmt_node **
sk_fmt_order(struct sk_fmt_tree *t, const struct sk_fmt_node *item)
{
	struct sk_fmt_node **kids = SK_NEW_ARRAY(t->arena, item->nkids, struct sk_fmt_node *);

	if (!kids)
		return NULL;
	as_they_stand(kids, item);
	if (!item->keeps_order)
		sort(kids, item->nkids);
	if (item->keeps_first && kids[0] != item->kids)
		as_they_stand(kids, item);
	return kids;
}

bool
sk_fmt_is_condition(const struct sk_fmt_node *n)
{
	const struct sk_yaml *item = n->parent ? n->parent->node : NULL;

	/* Of a rule or macro: the pair is in an item, and the item in the list that is the document. */
	return n->key && n->node->kind == SK_YAML_SCALAR && sk_slice_is(n->key->text.s, "condition") && sk_fmt_is_item(n->parent) &&
	       (sk_yaml_get(item, "rule", NULL) || sk_yaml_get(item, "macro", NULL));
}
