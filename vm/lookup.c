/* Sets and tries, used in place from the bundle. The verifier proved every index, and that a probe ends. */
#include "vm/machine.h"

#include "base/hash.h"

static bool
same_text(const struct sk_vm *vm, const struct sk_set_slot *slot, const void *p, uint32_t n)
{
	const struct sk_value_def *d = &vm->v->values[slot->value - 1];

	return d->text.len == n && memcmp(vm->v->strings + d->text.off, p, n) == 0;
}

static int64_t
find_text(const struct sk_vm *vm, const struct sk_set_def *set, const void *p, uint32_t n)
{
	const struct sk_set_slot *slots = &vm->v->slots[set->first_slot];
	uint64_t hash = sk_hash_bytes(p, n);
	uint32_t mask = set->nslots - 1;

	for (uint32_t i = (uint32_t)hash & mask; slots[i].value; i = (i + 1) & mask)
		if (slots[i].hash == (uint32_t)hash && same_text(vm, &slots[i], p, n))
			return slots[i].ordinal;
	return -1;
}

static int64_t
find_number(const struct sk_vm *vm, const struct sk_set_def *set, uint64_t x)
{
	const struct sk_set_slot *slots = &vm->v->slots[set->first_slot];
	uint64_t hash = sk_hash_u64(x);
	uint32_t mask = set->nslots - 1;

	for (uint32_t i = (uint32_t)hash & mask; slots[i].value; i = (i + 1) & mask)
		if (slots[i].hash == (uint32_t)hash && vm->v->values[slots[i].value - 1].num == x)
			return slots[i].ordinal;
	return -1;
}

static int64_t
find_net(const struct sk_vm *vm, const struct sk_set_def *set, const struct sk_value *addr)
{
	const struct sk_set_slot *slots = &vm->v->slots[set->first_slot];

	for (uint32_t i = 0; i < set->nslots; i++)
		if (sk_match_net(addr, &vm->values[slots[i].value - 1]))
			return slots[i].ordinal;
	return -1;
}

int64_t
sk_set_find(const struct sk_vm *vm, uint32_t set, const struct sk_value *x)
{
	const struct sk_set_def *s = &vm->v->sets[set];

	switch ((enum sk_vkind)s->kind) {
	case SK_V_STR:
	case SK_V_BYTES: return find_text(vm, s, x->s, x->n);
	case SK_V_IP: return find_text(vm, s, x->addr, x->ip == 4 ? 4 : 16);
	case SK_V_NET: return find_net(vm, s, x);
	case SK_V_BOOL:
	case SK_V_INT:
	case SK_V_UINT:
	case SK_V_FLOAT: return find_number(vm, s, x->u);
	case SK_V_NONE:
	case SK_V_LIST: break;
	}
	return -1;
}

/* --- byte tries ------------------------------------------------------------------------------------------------------------ */
static int
edge_order(const struct sk_vm *vm, const struct sk_trie_node *node, const char *text, size_t n)
{
	const char *edge = vm->v->strings + node->edge.off;
	size_t len = node->edge.len < n ? node->edge.len : n;
	int c = memcmp(edge, text, len);

	return c ? c : node->edge.len > n ? 1 : 0;
}

/* The child whose edge begins TEXT: edges of siblings differ in their first byte, so binary search finds the only candidate. */
static const struct sk_trie_node *
prefix_child(const struct sk_vm *vm, const struct sk_trie_node *node, const char *text, size_t n)
{
	uint32_t lo = node->first_child, hi = lo + node->nchildren;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = edge_order(vm, &vm->v->nodes[mid], text, n);

		if (c == 0)
			return &vm->v->nodes[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

int64_t
sk_trie_prefix(const struct sk_vm *vm, uint32_t trie, const char *text, size_t n, bool any)
{
	const struct sk_trie_node *node = &vm->v->nodes[vm->v->tries[trie].root];
	int64_t best = -1;

	for (;;) {
		if (node->terminal) {
			best = node->ordinal;
			if (any)
				return best;
		}
		node = n ? prefix_child(vm, node, text, n) : NULL;
		if (!node)
			return best;
		text += node->edge.len;
		n -= node->edge.len;
	}
}

/* --- path tries: components are the non-empty parts between slashes -------------------------------------------------------- */
static struct sk_slice
next_component(const char **p, const char *end)
{
	while (*p < end && **p == '/')
		(*p)++;
	const char *beg = *p, *slash = memchr(beg, '/', (size_t)(end - beg));

	*p = slash ? slash : end;
	return sk_slice(beg, (size_t)(*p - beg));
}

static const struct sk_trie_node *
literal_child(const struct sk_vm *vm, uint32_t first, uint32_t n, struct sk_slice comp)
{
	uint32_t lo = first, hi = first + n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct sk_trie_node *c = &vm->v->nodes[mid];
		int order = c->is_pattern ? 1 : sk_slice_cmp(sk_slice(vm->v->strings + c->edge.off, c->edge.len), comp);

		if (order == 0)
			return c;
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

int64_t
sk_trie_path(const struct sk_vm *vm, uint32_t trie, const char *path, size_t n)
{
	const struct sk_trie_node *node = &vm->v->nodes[vm->v->tries[trie].root];
	const char *end = path + n;
	int64_t best = -1;

	while (node) {
		struct sk_slice comp = next_component(&path, end);

		if (node->terminal)
			best = node->ordinal;
		node = comp.n ? literal_child(vm, node->first_child, node->nchildren, comp) : NULL;
	}
	return best;
}

/* Recursion is as deep as the trie, which the verifier bounds. */
static bool
pmatch_from(const struct sk_vm *vm, const struct sk_trie_node *node, const char *p, const char *end)
{
	if (node->terminal)
		return true;
	struct sk_slice comp = next_component(&p, end);

	if (comp.n == 0)
		return false;
	const struct sk_trie_node *lit = literal_child(vm, node->first_child, node->nchildren, comp);

	if (lit && pmatch_from(vm, lit, p, end))
		return true;
	for (uint32_t i = node->nchildren; i-- && vm->v->nodes[node->first_child + i].is_pattern;) {
		const struct sk_trie_node *c = &vm->v->nodes[node->first_child + i];

		if (sk_match_glob(comp.p, comp.n, vm->v->strings + c->edge.off, c->edge.len, false) && pmatch_from(vm, c, p, end))
			return true;
	}
	return false;
}

bool
sk_trie_pmatch(const struct sk_vm *vm, uint32_t trie, const char *path, size_t n)
{
	return pmatch_from(vm, &vm->v->nodes[vm->v->tries[trie].root], path, path + n);
}
