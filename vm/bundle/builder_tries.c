/* Tries over strings. Texts are sorted, so that a node is a range of them at some depth; nodes are made level by level, which
 * numbers the children of a node consecutively and higher than their parent. */
#include "vm/bundle/builder_int.h"
#include "vm/bundle/tables.h"

struct text {
	struct sk_slice s;
	uint32_t input;
	uint32_t ordinal;
	size_t pos; /* bytes that the path to the current node took */
};

/* Texts [lo, hi) stand below node number `node`. */
struct work {
	uint32_t lo, hi, node, depth;
};

struct trie {
	struct sk_builder *b;
	enum sk_trie_kind kind;
	struct text *texts;
	uint32_t ntexts;
	struct work *work;
	uint32_t nwork;
	struct sk_trie_def *def;
};

/* Literal components stand before patterns, each in byte order. */
static int
component_cmp(struct sk_slice a, struct sk_slice b)
{
	int pattern = (int)sk_component_is_pattern(a) - (int)sk_component_is_pattern(b);

	return pattern ? pattern : sk_slice_cmp(a, b);
}

static int
path_cmp(struct sk_slice a, struct sk_slice b)
{
	size_t i = 0, j = 0;
	struct sk_slice ca, cb;

	for (;;) {
		bool more_a = sk_path_next(a, &i, &ca), more_b = sk_path_next(b, &j, &cb);
		if (!more_a || !more_b)
			return (int)more_a - (int)more_b;
		int c = component_cmp(ca, cb);
		if (c)
			return c;
	}
}

static int
same_text(struct sk_slice a, struct sk_slice b, enum sk_trie_kind kind)
{
	return kind == SK_TRIE_PATH ? path_cmp(a, b) : sk_slice_cmp(a, b);
}

static int
text_cmp(const void *pa, const void *pb, void *kind)
{
	const struct text *a = pa, *b = pb;
	int c = same_text(a->s, b->s, *(enum sk_trie_kind *)kind);

	return c ? c : (a->input > b->input) - (a->input < b->input);
}

/* Give equal texts the ordinal of the first; ordinals follow the order of input. Leaves the distinct texts, sorted. */
static bool
number_texts(struct trie *t, uint32_t *ordinals)
{
	uint32_t n = t->ntexts, nmembers = 0, kept = 0;
	SK_AUTO_FREE uint32_t *first = calloc(n ? n : 1, sizeof(*first)); /* input -> the first input with an equal text */

	if (!first)
		return false;
	qsort_r(t->texts, n, sizeof(*t->texts), text_cmp, &t->kind);
	for (uint32_t i = 0; i < n; i++) {
		bool dup = i && same_text(t->texts[i - 1].s, t->texts[i].s, t->kind) == 0;
		first[t->texts[i].input] = dup ? first[t->texts[i - 1].input] : t->texts[i].input;
	}
	for (uint32_t i = 0; i < n; i++)
		ordinals[i] = first[i] == i ? nmembers++ : ordinals[first[i]];
	for (uint32_t i = 0; i < n; i++)
		if (first[t->texts[i].input] == t->texts[i].input) {
			t->texts[kept] = t->texts[i];
			t->texts[kept].ordinal = ordinals[t->texts[i].input];
			kept++;
		}
	t->ntexts = kept;
	t->def->nmembers = nmembers;
	return true;
}

/* What text T goes on with at its position. */
static bool
next_component(const struct text *t, struct sk_slice *ret, size_t *ret_pos)
{
	*ret_pos = t->pos;
	return sk_path_next(t->s, ret_pos, ret);
}

/* First text of [lo, hi) that does not go on as text lo does. */
static uint32_t
path_group(const struct trie *t, uint32_t lo, uint32_t hi, struct sk_slice *ret_edge)
{
	uint32_t i;
	size_t pos;

	(void)next_component(&t->texts[lo], ret_edge, &pos);
	for (i = lo; i < hi; i++) {
		struct sk_slice c = {"", 0};

		(void)next_component(&t->texts[i], &c, &pos);
		if (!sk_slice_eq(c, *ret_edge))
			break;
		t->texts[i].pos = pos;
	}
	return i;
}

static uint32_t
byte_group(const struct trie *t, uint32_t lo, uint32_t hi, struct sk_slice *ret_edge)
{
	size_t pos = t->texts[lo].pos, n = pos;
	uint32_t end = lo + 1;

	while (end < hi && t->texts[end].s.p[pos] == t->texts[lo].s.p[pos])
		end++;
	/* Sorted: what the first and the last have in common, all have. */
	struct sk_slice a = t->texts[lo].s, b = t->texts[end - 1].s;
	while (n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	for (uint32_t i = lo; i < end; i++)
		t->texts[i].pos = n;
	*ret_edge = sk_slice(a.p + pos, n - pos);
	return end;
}

static bool
ends_here(const struct trie *t, const struct text *x)
{
	struct sk_slice c;
	size_t pos;

	return t->kind == SK_TRIE_PATH ? !next_component(x, &c, &pos) : x->pos == x->s.n;
}

static bool
add_node(struct trie *t, struct sk_slice edge, uint32_t lo, uint32_t hi, uint32_t depth)
{
	struct sk_builder *b = t->b;
	struct sk_trie_node n = {.edge = sk_builder_string(b, edge),
				 .is_pattern = t->kind == SK_TRIE_PATH && sk_component_is_pattern(edge)};

	if (b->nodes.n >= UINT32_MAX || depth > SK_MAX_TRIE_DEPTH) {
		b->too_big = true;
		return false;
	}
	t->work[t->nwork++] = (struct work){lo, hi, (uint32_t)b->nodes.n, depth};
	if (!sk_vec_push(&b->nodes, n)) {
		b->nomem = true;
		return false;
	}
	t->def->nnodes++;
	return true;
}

static bool
expand_node(struct trie *t, struct work w)
{
	struct sk_builder *b = t->b;
	uint32_t lo = w.lo, nchildren = 0, first = (uint32_t)b->nodes.n;

	if (lo < w.hi && ends_here(t, &t->texts[lo])) {
		b->nodes.v[w.node].terminal = 1;
		b->nodes.v[w.node].ordinal = t->texts[lo++].ordinal;
	}
	while (lo < w.hi) {
		struct sk_slice edge;
		uint32_t end = t->kind == SK_TRIE_PATH ? path_group(t, lo, w.hi, &edge) : byte_group(t, lo, w.hi, &edge);

		if (!add_node(t, edge, lo, end, w.depth + 1))
			return false;
		nchildren++;
		lo = end;
	}
	if (nchildren > UINT16_MAX) {
		b->too_big = true;
		return false;
	}
	b->nodes.v[w.node].nchildren = (uint16_t)nchildren;
	b->nodes.v[w.node].first_child = nchildren ? first : 0;
	return true;
}

/* Nodes that N texts can make at most: a path of c components makes c, a radix tree 2n; and the root. */
static size_t
node_bound(const struct trie *t)
{
	size_t bound = 1;

	for (uint32_t i = 0; i < t->ntexts; i++)
		if (t->kind == SK_TRIE_PATH) {
			struct sk_slice c;

			for (size_t pos = 0; sk_path_next(t->texts[i].s, &pos, &c);)
				bound++;
		} else
			bound += 2;
	return bound;
}

static bool
build(struct trie *t)
{
	t->work = calloc(node_bound(t), sizeof(*t->work));
	if (!t->work)
		return false;
	bool ok = add_node(t, SK_SLICE(""), 0, t->ntexts, 0);
	for (uint32_t i = 0; ok && i < t->nwork; i++)
		ok = expand_node(t, t->work[i]);
	free(t->work);
	return true;
}

static void
put_trie(struct sk_builder *b, enum sk_trie_kind kind, const struct sk_slice *texts, uint32_t n)
{
	struct sk_trie_def def = {.kind = (uint8_t)kind, .root = (uint32_t)b->nodes.n};
	SK_AUTO_FREE struct text *copy = calloc(n ? n : 1, sizeof(*copy));
	SK_AUTO_FREE uint32_t *ordinals = calloc(n ? n : 1, sizeof(*ordinals));
	struct trie t = {.b = b, .kind = kind, .texts = copy, .ntexts = n, .def = &def};

	if (!copy || !ordinals) {
		b->nomem = true;
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		copy[i] = (struct text){.s = texts[i], .input = i};
	if (!number_texts(&t, ordinals) || !build(&t)) {
		b->nomem = true;
		return;
	}
	SK_PUT(b, &b->trie_inputs, (uint32_t)b->trie_ordinals.n);
	for (uint32_t i = 0; i < n; i++)
		SK_PUT(b, &b->trie_ordinals, ordinals[i]);
	SK_PUT(b, &b->tries, def);
}

uint32_t
sk_builder_trie(struct sk_builder *b, enum sk_trie_kind kind, const struct sk_slice *texts, uint32_t n)
{
	struct sk_key k;
	bool fresh;

	sk_key_begin(&k);
	sk_key_u32(&k, kind);
	for (uint32_t i = 0; i < n; i++) {
		sk_key_add(&k, &texts[i].n, sizeof(texts[i].n));
		sk_key_add(&k, texts[i].p, texts[i].n);
	}
	uint32_t id = sk_once(b, &b->tries_once, &k, &fresh);
	if (fresh)
		put_trie(b, kind, texts, n);
	return id;
}

uint32_t
sk_builder_trie_ordinal(const struct sk_builder *b, uint32_t trie, uint32_t i)
{
	return b->nomem ? 0 : b->trie_ordinals.v[b->trie_inputs.v[trie] + i];
}

uint32_t
sk_builder_trie_members(const struct sk_builder *b, uint32_t trie)
{
	return b->nomem ? 0 : b->tries.v[trie].nmembers;
}
