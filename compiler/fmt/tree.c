#include "compiler/fmt/fmt_internal.h"

/* An element of a block list stands where its dash does. */
static uint32_t
dash_column(const struct sk_fmt_tree *t, const struct sk_fmt_node *n)
{
	const char *s = t->file->text.p;
	uint32_t at = n->beg;

	while (at && at > n->beg - n->column && s[at - 1] == ' ')
		at--;
	return at > n->beg - n->column && s[at - 1] == '-' ? n->column - (n->beg - at) - 1 : n->column;
}

static struct sk_fmt_node *
new_node(struct sk_fmt_tree *t, struct sk_fmt_node *parent, const struct sk_yaml *key, const struct sk_yaml *node)
{
	struct sk_fmt_node *n = SK_NEW(t->arena, struct sk_fmt_node);
	uint32_t column, line;

	if (!n) {
		t->failed = true;
		return NULL;
	}
	n->key = key;
	n->node = node;
	n->parent = parent;
	n->beg = key ? key->loc.span.beg : node->loc.span.beg;
	n->end = node->loc.span.end > n->beg ? node->loc.span.end : key ? key->loc.span.end : n->beg;
	sk_file_position(t->file, n->beg, &line, &column);
	n->line = line - 1;
	n->column = column - 1;
	if (!key && parent && !parent->flow)
		n->column = dash_column(t, n);
	sk_file_position(t->file, n->end, &line, &column);
	n->last_line = line - 1;
	n->flow = node->kind != SK_YAML_SCALAR && n->end > node->loc.span.beg &&
		  strchr("[{", t->file->text.p[node->loc.span.beg]) != NULL;
	return n;
}

static void build_kids(struct sk_fmt_tree *t, struct sk_fmt_node *n);

static void
add_kid(struct sk_fmt_tree *t, struct sk_fmt_node *parent, const struct sk_yaml *key, const struct sk_yaml *node)
{
	struct sk_fmt_node *n = new_node(t, parent, key, node);

	if (!n || !sk_vec_push_arena(&parent->kids, t->arena, n) || !sk_vec_push_arena(&t->anchors, t->arena, n)) {
		t->failed = true;
		return;
	}
	build_kids(t, n);
}

static void
build_kids(struct sk_fmt_tree *t, struct sk_fmt_node *n)
{
	for (size_t i = 0; n->node->kind == SK_YAML_SEQ && i < n->node->items.n; i++)
		add_kid(t, n, NULL, n->node->items.v[i]);
	for (size_t i = 0; n->node->kind == SK_YAML_MAP && i < n->node->pairs.n; i++)
		add_kid(t, n, n->node->pairs.v[i].key, n->node->pairs.v[i].value);
}

bool
sk_fmt_tree_build(struct sk_fmt_tree *t, const struct sk_yaml_docs *docs)
{
	for (size_t i = 0; i < docs->roots.n && !t->failed; i++) {
		struct sk_fmt_node *n = new_node(t, NULL, NULL, docs->roots.v[i]);

		if (!n || !sk_vec_push_arena(&t->roots, t->arena, n))
			return false;
		build_kids(t, n);
	}
	return !t->failed;
}
