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

/* Insertion: items have few keys, and equal ones must stay in order. */
void
sk_fmt_order(struct sk_fmt_node *item)
{
	for (size_t i = 1; i < item->kids.n; i++)
		for (size_t k = i; k > 0 && rank(item->kids.v[k - 1]) > rank(item->kids.v[k]); k--) {
			struct sk_fmt_node *swap = item->kids.v[k];

			item->kids.v[k] = item->kids.v[k - 1];
			item->kids.v[k - 1] = swap;
		}
}

bool
sk_fmt_is_condition(const struct sk_fmt_node *n)
{
	const struct sk_yaml *item = n->parent ? n->parent->node : NULL;

	/* Of a rule or macro: the pair is in an item, and the item in the list that is the document. */
	return n->key && n->node->kind == SK_YAML_SCALAR && sk_slice_is(n->key->text.s, "condition") && n->parent->parent &&
	       !n->parent->parent->parent && (sk_yaml_get(item, "rule", NULL) || sk_yaml_get(item, "macro", NULL));
}
