/* Tries: level order, so that one pass proves that nodes form a tree; edges by the rules of their kind; bounded depth. */
#include "vm/bundle/tables.h"
#include "vm/bundle/verify.h"

struct trie_check {
	struct sk_verify *vf;
	const struct sk_trie_def *def;
	const struct sk_trie_node *nodes; /* of the bundle */
	uint32_t number;
	uint32_t end;      /* one more than the last node */
	uint16_t *depth;   /* [nnodes of the bundle] */
	uint8_t *ordinals; /* bit seen */
};

static struct sk_slice
edge(const struct trie_check *c, uint32_t node)
{
	return sk_bundle_str(c->vf->v, c->nodes[node].edge);
}

static bool
check_edge(struct trie_check *c, uint32_t i)
{
	const struct sk_trie_node *n = &c->nodes[i];
	bool root = i == c->def->root, path = c->def->kind == SK_TRIE_PATH;

	if (!sk_check_string(c->vf, n->edge, "nodes", i) || !sk_spend(c->vf, n->edge.len, "nodes", i))
		return false;
	struct sk_slice e = edge(c, i);
	if ((e.n == 0) != root)
		return sk_refuse(c->vf, SK_REJECT_TRIE_EDGE, "tries %u: node %u: only the root has an empty edge", c->number, i);
	if (path && e.n && memchr(e.p, '/', e.n))
		return sk_refuse(c->vf, SK_REJECT_TRIE_EDGE, "tries %u: node %u: slash in a path component", c->number, i);
	if (n->is_pattern != (path && sk_component_is_pattern(e)))
		return sk_refuse(c->vf, SK_REJECT_TRIE_EDGE, "tries %u: node %u: wrongly marked as pattern or text", c->number,
				 i);
	return true;
}

/* Node I stands behind its sibling I-1: by first byte in a byte trie, literals before patterns in a path trie. */
static bool
in_order(const struct trie_check *c, uint32_t i)
{
	struct sk_slice a = edge(c, i - 1), b = edge(c, i);

	if (c->def->kind == SK_TRIE_BYTES)
		return a.n && b.n && (uint8_t)a.p[0] < (uint8_t)b.p[0];
	if (c->nodes[i - 1].is_pattern != c->nodes[i].is_pattern)
		return !c->nodes[i - 1].is_pattern;
	return sk_slice_cmp(a, b) < 0;
}

static bool
check_terminal(struct trie_check *c, uint32_t i, uint32_t *terminals)
{
	const struct sk_trie_node *n = &c->nodes[i];

	if (n->terminal > 1 || n->zero || (!n->terminal && n->ordinal))
		return sk_refuse(c->vf, SK_REJECT_RESERVED, "tries %u: node %u: unused numbers are not zero", c->number, i);
	if (!n->terminal)
		return true;
	if (n->ordinal >= c->def->nmembers || c->ordinals[n->ordinal / 8] >> n->ordinal % 8 & 1)
		return sk_refuse(c->vf, SK_REJECT_TRIE_ORDINAL, "tries %u: node %u: ordinal %u of %u members", c->number, i,
				 n->ordinal, c->def->nmembers);
	c->ordinals[n->ordinal / 8] |= (uint8_t)(1u << n->ordinal % 8);
	++*terminals;
	return true;
}

/* Children of node I are the next nodes that nobody claimed. */
static bool
claim_children(struct trie_check *c, uint32_t i, uint32_t *next)
{
	const struct sk_trie_node *n = &c->nodes[i];

	if (i >= *next)
		return sk_refuse(c->vf, SK_REJECT_TRIE_SHAPE, "tries %u: node %u: nobody's child", c->number, i);
	if (n->first_child != (n->nchildren ? *next : 0) || n->nchildren > c->end - *next)
		return sk_refuse(c->vf, SK_REJECT_TRIE_SHAPE, "tries %u: node %u: %u children from %u, expected from %u of %u",
				 c->number, i, n->nchildren, n->first_child, *next, c->end);
	if (n->nchildren && c->depth[i] >= SK_MAX_TRIE_DEPTH)
		return sk_refuse(c->vf, SK_REJECT_TRIE_DEPTH, "tries %u: node %u: deeper than %u", c->number, i,
				 SK_MAX_TRIE_DEPTH);
	for (uint32_t k = 0; k < n->nchildren; k++)
		c->depth[*next + k] = (uint16_t)(c->depth[i] + 1);
	*next += n->nchildren;
	return true;
}

static bool
check_siblings(struct trie_check *c, uint32_t i)
{
	const struct sk_trie_node *n = &c->nodes[i];

	for (uint32_t k = 1; k < n->nchildren; k++)
		if (!in_order(c, n->first_child + k))
			return sk_refuse(c->vf, SK_REJECT_TRIE_ORDER, "tries %u: node %u: not sorted behind its sibling",
					 c->number, n->first_child + k);
	return true;
}

static bool
check_trie(struct trie_check *c)
{
	uint32_t root = c->def->root, next = root + 1, terminals = 0;

	if (c->def->kind != SK_TRIE_PATH && c->def->kind != SK_TRIE_BYTES)
		return sk_refuse(c->vf, SK_REJECT_TRIE_KIND, "tries %u: kind %u", c->number, c->def->kind);
	if (c->def->nmembers > c->def->nnodes)
		return sk_refuse(c->vf, SK_REJECT_TRIE_ORDINAL, "tries %u: %u members in %u nodes", c->number, c->def->nmembers,
				 c->def->nnodes);
	memset(c->ordinals, 0, c->def->nmembers / 8 + 1);
	for (uint32_t i = root; i < c->end; i++)
		if (!check_edge(c, i) || !check_terminal(c, i, &terminals) || !claim_children(c, i, &next))
			return false;
	for (uint32_t i = root; i < c->end; i++)
		if (!check_siblings(c, i))
			return false;
	if (terminals != c->def->nmembers)
		return sk_refuse(c->vf, SK_REJECT_TRIE_ORDINAL, "tries %u: %u terminal nodes, %u members", c->number, terminals,
				 c->def->nmembers);
	return true;
}

bool
sk_verify_tries(struct sk_verify *vf)
{
	const struct sk_bundle_view *v = vf->v;
	uint16_t *depth = SK_VERIFY_TABLE(vf, v->nnodes, uint16_t);
	uint8_t *ordinals = SK_VERIFY_TABLE(vf, v->nnodes / 8 + 1, uint8_t);
	uint32_t next = 0;

	if (!depth || !ordinals)
		return false;
	for (uint32_t i = 0; i < v->ntries; i++) {
		const struct sk_trie_def *d = &v->tries[i];

		if (d->zero[0] || d->zero[1] || d->zero[2])
			return sk_refuse(vf, SK_REJECT_RESERVED, "tries %u: reserved bytes are not zero", i);
		if (d->root != next || d->nnodes == 0 || d->nnodes > v->nnodes - next)
			return sk_refuse(vf, SK_REJECT_TRIE_NODES, "tries %u: nodes from %u, %u of them; expected from %u of %u",
					 i, d->root, d->nnodes, next, v->nnodes);
		next += d->nnodes;
		if (!check_trie(&(struct trie_check){vf, d, v->nodes, i, next, depth, ordinals}))
			return false;
	}
	return next == v->nnodes || sk_refuse(vf, SK_REJECT_TRIE_NODES, "nodes: %u of %u belong to tries", next, v->nnodes);
}
