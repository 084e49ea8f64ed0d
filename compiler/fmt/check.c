/* What a file says, however it is written. It is kept as bytes rather than compared tree by tree, so that there is one tree at a time
 * in memory. */
#include "compiler/fmt/fmt_internal.h"

#include "base/hash.h"

/* --- values -------------------------------------------------------------------------------------------------------------------- */
static void
put_text(struct sk_fmt_meaning *m, char kind, struct sk_slice s)
{
	uint32_t n = (uint32_t)s.n;

	sk_buf_char(&m->says, kind);
	sk_buf_put(&m->says, &n, sizeof(n));
	sk_buf_slice(&m->says, s);
}

static void
put_count(struct sk_fmt_meaning *m, char kind, size_t count)
{
	uint32_t n = (uint32_t)count;

	sk_buf_char(&m->says, kind);
	sk_buf_put(&m->says, &n, sizeof(n));
}

static void
put_scalar(struct sk_fmt_meaning *m, const struct sk_yaml *node, bool condition)
{
	struct sk_buf tree = { 0 };

	if (sk_yaml_is_null(node))
		put_text(m, '0', node->text.s);
	else if (condition && sk_fmt_condition_tree(node->text.s, &tree))
		put_text(m, 'c', sk_buf_view(&tree));
	else
		put_text(m, 's', node->text.s);
	m->says.failed |= tree.failed;
	sk_buf_free(&tree);
}

static int
by_key(const void *pa, const void *pb)
{
	const struct sk_yaml_pair *const *a = pa, *const *b = pb;

	return sk_slice_cmp((*a)->key->text.s, (*b)->key->text.s);
}

static void put(struct sk_fmt_meaning *m, const struct sk_yaml *node, uint32_t depth, bool condition);

static void
watch(struct sk_fmt_meaning *m, const struct sk_yaml *node)
{
	if (m->says.n <= m->watch)
		m->blame = node->loc;
}

/* Keys may have changed places. DEPTH 1: an item. */
static void
put_map(struct sk_fmt_meaning *m, const struct sk_yaml *map, uint32_t depth)
{
	bool rule = depth == 1 && (sk_yaml_get(map, "rule", NULL) || sk_yaml_get(map, "macro", NULL));
	const struct sk_yaml_pair **sorted = calloc(map->pairs.n + 1, sizeof(*sorted));

	m->says.failed |= !sorted;
	for (size_t i = 0; sorted && i < map->pairs.n; i++)
		sorted[i] = &map->pairs.v[i];
	if (sorted)
		qsort(sorted, map->pairs.n, sizeof(*sorted), by_key);
	put_count(m, 'm', map->pairs.n);
	for (size_t i = 0; sorted && i < map->pairs.n; i++) {
		watch(m, sorted[i]->key);
		put_text(m, 'k', sorted[i]->key->text.s);
		put(m, sorted[i]->value, depth + 1, rule && sk_slice_is(sorted[i]->key->text.s, "condition"));
	}
	free(sorted);
}

static void
put(struct sk_fmt_meaning *m, const struct sk_yaml *node, uint32_t depth, bool condition)
{
	watch(m, node);
	switch (node->kind) {
	case SK_YAML_SCALAR: put_scalar(m, node, condition); break;
	case SK_YAML_MAP: put_map(m, node, depth); break;
	case SK_YAML_SEQ:
		put_count(m, 'l', node->items.n);
		for (size_t i = 0; i < node->items.n; i++)
			put(m, node->items.v[i], depth + 1, false);
		break;
	}
}

/* --- comments ------------------------------------------------------------------------------------------------------------------ */
static bool
next_comment(struct sk_gaps *g, struct sk_loc *ret_loc, uint64_t *ret_hash)
{
	struct sk_gap found;

	while (sk_gaps_next(g, &found)) {
		if (found.kind != SK_GAP_COMMENT)
			continue;
		*ret_loc = (struct sk_loc){ g->docs->file, found.span };
		*ret_hash = sk_hash_bytes(g->docs->file->text.p + found.span.beg, found.span.end - found.span.beg);
		return true;
	}
	return false;
}

static int
by_value(const void *pa, const void *pb)
{
	const uint64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

struct sk_loc
sk_fmt_lost_comment(struct sk_arena *arena, const struct sk_yaml_docs *a, const struct sk_yaml_docs *b)
{
	struct sk_gaps g = { .docs = b };
	struct sk_loc loc;
	uint64_t hash;
	SK_VEC(uint64_t) there = { 0 };

	while (next_comment(&g, &loc, &hash))
		if (!sk_vec_push_arena(&there, arena, hash))
			return (struct sk_loc){ a->file, { 0, 0 } };
	if (there.n)
		qsort(there.v, there.n, sizeof(*there.v), by_value);
	g = (struct sk_gaps){ .docs = a };
	while (next_comment(&g, &loc, &hash))
		if (!there.n || !bsearch(&hash, there.v, there.n, sizeof(*there.v), by_value))
			return loc;
	return (struct sk_loc){ a->file, { 0, 0 } };
}

void
sk_fmt_meaning(struct sk_fmt_meaning *m, const struct sk_yaml_docs *docs)
{
	struct sk_gaps g = { .docs = docs };
	struct sk_loc loc;
	uint64_t hash;

	put_count(m, 'd', docs->roots.n);
	for (size_t i = 0; i < docs->roots.n; i++)
		put(m, docs->roots.v[i], 0, false);
	while (next_comment(&g, &loc, &hash)) {
		m->comments += hash;
		m->ncomments++;
	}
}
