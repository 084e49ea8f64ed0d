#include "compiler/fmt/fmt_internal.h"

/* Byte order marks are no text. */
uint32_t
sk_fmt_column(const struct sk_file *f, uint32_t line, uint32_t at)
{
	uint32_t beg = f->lines[line];

	while (line == 0 && at - beg >= 3 && memcmp(f->text.p + beg, "\xef\xbb\xbf", 3) == 0)
		beg += 3;
	return at - beg;
}

/* Where the collection begins; elements of a block list stand where their dash does, and all dashes stand below each other. */
static uint32_t
column_of(const struct sk_fmt_tree *t, const struct sk_yaml *node)
{
	uint32_t line, column;

	sk_file_position(t->file, node->loc.span.beg, &line, &column);
	return sk_fmt_column(t->file, line - 1, node->loc.span.beg);
}

static void
fill_node(struct sk_fmt_tree *t, struct sk_fmt_node *n, struct sk_fmt_node *parent, const struct sk_yaml *key,
	  const struct sk_yaml *node)
{
	uint32_t column, line;

	n->key = key;
	n->node = node;
	n->parent = parent;
	n->beg = key ? key->loc.span.beg : node->loc.span.beg;
	n->end = node->loc.span.end > n->beg ? node->loc.span.end : key ? key->loc.span.end : n->beg;
	sk_file_position(t->file, n->beg, &line, &column);
	n->line = line - 1;
	n->column = sk_fmt_column(t->file, n->line, n->beg);
	/* A block scalar ends where the next line begins. */
	bool whole_line = n->end > n->beg && t->file->text.p[n->end - 1] == '\n';
	sk_file_position(t->file, n->end - whole_line, &line, &column);
	n->last_line = line - 1;
	n->flow = node->kind != SK_YAML_SCALAR && n->end > node->loc.span.beg &&
		  strchr("[{", t->file->text.p[node->loc.span.beg]) != NULL;
}

static bool
build_kids(struct sk_fmt_tree *t, struct sk_fmt_node *n)
{
	bool list = n->node->kind == SK_YAML_SEQ;
	size_t count = list ? n->node->items.n : n->node->kind == SK_YAML_MAP ? n->node->pairs.n : 0;

	if (!count)
		return true;
	n->kids = SK_NEW_ARRAY(t->arena, count, struct sk_fmt_node);
	if (!n->kids)
		return false;
	n->nkids = (uint32_t)count;
	uint32_t column = column_of(t, n->node);
	for (size_t i = 0; i < count; i++) {
		if (list)
			fill_node(t, &n->kids[i], n, NULL, n->node->items.v[i]);
		else
			fill_node(t, &n->kids[i], n, n->node->pairs.v[i].key, n->node->pairs.v[i].value);
		if (!n->flow)
			n->kids[i].column = column;
		if (!build_kids(t, &n->kids[i]))
			return false;
	}
	return true;
}

/* Documents begin at the start and at every ---, whether they have something in them or not. */
static bool
find_docs(struct sk_fmt_tree *t, const struct sk_yaml_docs *docs)
{
	struct sk_gaps g = { .docs = docs };
	struct sk_gap found;
	bool ok = sk_vec_push_arena(&t->docs, t->arena, (struct sk_fmt_doc){ 0 });

	while (ok && sk_gaps_next(&g, &found))
		if (found.kind == SK_GAP_DOCUMENT)
			ok = sk_vec_push_arena(&t->docs, t->arena, (struct sk_fmt_doc){ .beg = found.span.beg, .marked = true });
	return ok;
}

bool
sk_fmt_tree_build(struct sk_fmt_tree *t, const struct sk_yaml_docs *docs)
{
	size_t k = 0;

	if (!find_docs(t, docs))
		return false;
	for (size_t i = 0; i < docs->roots.n; i++) {
		struct sk_fmt_node *n = SK_NEW(t->arena, struct sk_fmt_node);

		if (!n)
			return false;
		fill_node(t, n, NULL, NULL, docs->roots.v[i]);
		while (k + 1 < t->docs.n && t->docs.v[k + 1].beg <= n->beg)
			k++;
		t->docs.v[k].root = n;
		if (!build_kids(t, n))
			return false;
	}
	return true;
}

struct sk_fmt_node *
sk_fmt_following(struct sk_fmt_node *n)
{
	if (n->nkids)
		return n->kids;
	for (; n->parent; n = n->parent)
		if (n + 1 < n->parent->kids + n->parent->nkids)
			return n + 1;
	return NULL;
}
