/* The graph: every value, test and connective exists once. Tables of numbers, open addressing; nothing ever iterates over them. */
#include "compiler/ir.h"

#include "base/hash.h"

struct table {
	uint32_t *slots; /* number + 1; 0 = free */
	size_t cap, n;
};

/* Members of sets, tries and MULTI tests: one array for all tests with the same ones, so that a long list costs its length once and not for each use. */
struct members {
	uint32_t *v;
	uint32_t n;
};

struct sk_ir_index {
	struct table values, nodes, patterns, members;
	SK_VEC(struct members) arrays;
};

#define FIRST_CAP 1024u

static bool
table_grow(struct sk_arena *arena, struct table *t, uint64_t (*hash_of)(const struct sk_ir_graph *, uint32_t), const struct sk_ir_graph *g)
{
	size_t cap = t->cap ? t->cap * 2 : FIRST_CAP;
	uint32_t *slots = SK_NEW_ARRAY(arena, cap, uint32_t);

	if (!slots)
		return false;
	for (size_t i = 0; i < t->cap; i++) {
		if (!t->slots[i])
			continue;
		size_t at = hash_of(g, t->slots[i] - 1) & (cap - 1);

		while (slots[at])
			at = (at + 1) & (cap - 1);
		slots[at] = t->slots[i];
	}
	t->slots = slots;
	t->cap = cap;
	return true;
}

/* --- hashes and equality --------------------------------------------------------------------------------------------------- */
static uint64_t
mix(uint64_t h, uint64_t x)
{
	return sk_hash_u64(h ^ (x + 0x9e3779b97f4a7c15ull + (h << 6) + (h >> 2)));
}

static uint64_t
hash_u32s(uint64_t h, const uint32_t *v, uint32_t n)
{
	return n ? mix(h, sk_hash_bytes(v, n * sizeof(*v))) : h;
}

static bool
same_u32s(const uint32_t *a, uint32_t an, const uint32_t *b, uint32_t bn)
{
	return an == bn && (!an || memcmp(a, b, an * sizeof(*a)) == 0);
}

static uint64_t
hash_value(const struct sk_irv *v)
{
	uint64_t h = mix((uint64_t)v->kind << 32 | (uint64_t)v->vkind << 16 | (uint64_t)v->type << 1 | v->is_list, v->num ^ v->index);

	h = mix(h, (uint64_t)(v->field ? v->field->id : 0) << 32 | (uint64_t)v->arg << 24 | (uint64_t)v->xform << 16 | (uint64_t)v->ip << 8 | v->prefix);
	h = mix(h, sk_hash_bytes(v->key.p ? v->key.p : "", v->key.n));
	h = mix(h, sk_hash_bytes(v->xarg.p ? v->xarg.p : "", v->xarg.n));
	h = mix(h, sk_hash_bytes(v->text.p ? v->text.p : "", v->text.n));
	return hash_u32s(h, v->args, v->nargs);
}

static bool
same_value(const struct sk_irv *a, const struct sk_irv *b)
{
	return a->kind == b->kind && a->vkind == b->vkind && a->is_list == b->is_list && a->type == b->type && a->field == b->field && a->arg == b->arg &&
	       a->index == b->index && a->xform == b->xform && a->num == b->num && a->ip == b->ip && a->prefix == b->prefix && sk_slice_eq(a->key, b->key) &&
	       sk_slice_eq(a->xarg, b->xarg) && sk_slice_eq(a->text, b->text) && same_u32s(a->args, a->nargs, b->args, b->nargs);
}

static uint64_t
hash_node(const struct sk_ir *n)
{
	uint64_t h = mix((uint64_t)n->kind << 32 | (uint64_t)n->op << 8 | n->mod, (uint64_t)n->lhs << 32 | n->rhs);

	h = mix(h, (uint64_t)n->rhs_kind << 32 | (uint64_t)n->set_kind << 24 | (uint64_t)n->multi_op << 16 | (uint64_t)n->multi_mod << 8 | (uint64_t)n->quant);
	h = hash_u32s(h, n->kids, n->nkids);
	return n->nmembers ? mix(h, (uintptr_t)n->members) : h;
}

static bool
same_node(const struct sk_ir *a, const struct sk_ir *b)
{
	return a->kind == b->kind && a->op == b->op && a->mod == b->mod && a->lhs == b->lhs && a->rhs_kind == b->rhs_kind && a->rhs == b->rhs &&
	       a->set_kind == b->set_kind && a->multi_op == b->multi_op && a->multi_mod == b->multi_mod && a->quant == b->quant &&
	       same_u32s(a->kids, a->nkids, b->kids, b->nkids) && a->nmembers == b->nmembers && (!a->nmembers || a->members == b->members);
}

static uint64_t
rehash_value(const struct sk_ir_graph *g, uint32_t i)
{
	return hash_value(&g->values.v[i]);
}

static uint64_t
rehash_node(const struct sk_ir_graph *g, uint32_t i)
{
	return hash_node(&g->nodes.v[i]);
}

static uint64_t
rehash_pattern(const struct sk_ir_graph *g, uint32_t i)
{
	return sk_hash_bytes(g->patterns.v[i].p, g->patterns.v[i].n);
}

static uint64_t
rehash_members(const struct sk_ir_graph *g, uint32_t i)
{
	return hash_u32s(0, g->index->arrays.v[i].v, g->index->arrays.v[i].n);
}

/* --- adding ---------------------------------------------------------------------------------------------------------------- */
static uint32_t *
copy_u32s(struct sk_arena *a, const uint32_t *v, uint32_t n)
{
	uint32_t *copy = n ? SK_NEW_ARRAY(a, n, uint32_t) : NULL;

	if (copy)
		memcpy(copy, v, n * sizeof(*v));
	return copy;
}

uint32_t
sk_ir_value(struct sk_ir_graph *g, const struct sk_irv *v)
{
	struct table *t = &g->index->values;
	struct sk_irv copy = *v;

	if (t->n * 2 >= t->cap && !table_grow(g->cx->arena, t, rehash_value, g))
		return 0;
	size_t at = hash_value(v) & (t->cap - 1);
	for (; t->slots[at]; at = (at + 1) & (t->cap - 1))
		if (same_value(&g->values.v[t->slots[at] - 1], v))
			return t->slots[at] - 1;
	copy.args = copy_u32s(g->cx->arena, v->args, v->nargs);
	copy.cost = sk_cost_value(g, &copy);
	if ((v->nargs && !copy.args) || !sk_vec_push_arena(&g->values, g->cx->arena, copy))
		return 0;
	t->n++;
	t->slots[at] = (uint32_t)g->values.n;
	return (uint32_t)g->values.n - 1;
}

/* Members of N are interned. */
static uint32_t
add_node(struct sk_ir_graph *g, const struct sk_ir *n)
{
	struct table *t = &g->index->nodes;
	struct sk_ir copy = *n;

	if (t->n * 2 >= t->cap && !table_grow(g->cx->arena, t, rehash_node, g))
		return 0;
	size_t at = hash_node(n) & (t->cap - 1);
	for (; t->slots[at]; at = (at + 1) & (t->cap - 1))
		if (same_node(&g->nodes.v[t->slots[at] - 1], n))
			return t->slots[at] - 1;
	copy.kids = copy_u32s(g->cx->arena, n->kids, n->nkids);
	if (n->nkids && !copy.kids)
		return 0;
	sk_cost_node(g, &copy);
	if (!sk_vec_push_arena(&g->nodes, g->cx->arena, copy))
		return 0;
	t->n++;
	t->slots[at] = (uint32_t)g->nodes.n;
	return (uint32_t)g->nodes.n - 1;
}

uint32_t
sk_ir_pattern(struct sk_ir_graph *g, struct sk_slice text)
{
	struct table *t = &g->index->patterns;

	if (t->n * 2 >= t->cap && !table_grow(g->cx->arena, t, rehash_pattern, g))
		return 0;
	size_t at = sk_hash_bytes(text.p, text.n) & (t->cap - 1);
	for (; t->slots[at]; at = (at + 1) & (t->cap - 1))
		if (sk_slice_eq(g->patterns.v[t->slots[at] - 1], text))
			return t->slots[at] - 1;
	if (!sk_vec_push_arena(&g->patterns, g->cx->arena, text))
		return 0;
	t->n++;
	t->slots[at] = (uint32_t)g->patterns.n;
	return (uint32_t)g->patterns.n - 1;
}

struct sk_ir_graph *
sk_ir_new(struct sk_compile *cx)
{
	struct sk_ir_graph *g = SK_NEW(cx->arena, struct sk_ir_graph);

	if (!g)
		return NULL;
	g->cx = cx;
	g->index = SK_NEW(cx->arena, struct sk_ir_index);
	if (!g->index)
		return NULL;
	(void)add_node(g, &(struct sk_ir){ .kind = SK_IR_FALSE });
	(void)add_node(g, &(struct sk_ir){ .kind = SK_IR_TRUE });
	return g->nodes.n == 2 ? g : NULL;
}

/* --- tests ----------------------------------------------------------------------------------------------------------------- */
/* Drop members that occurred before, keeping the order of first occurrence. Value numbers are unique per value, so a mark table over them would do; sorting a
 * copy keeps the cost with the set and not with the graph. */
struct place {
	uint32_t value, at;
};

static int
by_value(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

static uint32_t
unique_members(uint32_t *v, uint32_t n)
{
	SK_AUTO_FREE struct place *order = malloc((n + 1) * sizeof(*order));
	uint32_t k = 0;

	if (!order)
		return n;
	for (uint32_t i = 0; i < n; i++)
		order[i] = (struct place){ v[i], i };
	qsort(order, n, sizeof(*order), by_value);
	for (uint32_t i = 1; i < n; i++)
		if (order[i].value == order[i - 1].value)
			v[order[i].at] = UINT32_MAX;
	for (uint32_t i = 0; i < n; i++)
		if (v[i] != UINT32_MAX)
			v[k++] = v[i];
	return k;
}

/* The array that holds exactly V[0, n), added if new. */
static uint32_t *
intern(struct sk_ir_graph *g, const uint32_t *v, uint32_t n)
{
	struct table *t = &g->index->members;

	if (t->n * 2 >= t->cap && !table_grow(g->cx->arena, t, rehash_members, g))
		return NULL;
	size_t at = hash_u32s(0, v, n) & (t->cap - 1);
	for (; t->slots[at]; at = (at + 1) & (t->cap - 1)) {
		const struct members *m = &g->index->arrays.v[t->slots[at] - 1];

		if (same_u32s(m->v, m->n, v, n))
			return m->v;
	}
	struct members new = { copy_u32s(g->cx->arena, v, n), n };
	if (!new.v || !sk_vec_push_arena(&g->index->arrays, g->cx->arena, new))
		return NULL;
	t->n++;
	t->slots[at] = (uint32_t)g->index->arrays.n;
	return new.v;
}

uint32_t *
sk_ir_members(struct sk_ir_graph *g, const uint32_t *v, uint32_t n, bool unique, uint32_t *ret_n)
{
	SK_AUTO_FREE uint32_t *copy = malloc((n + 1) * sizeof(*copy));

	*ret_n = 0;
	if (!copy)
		return NULL;
	memcpy(copy, v, n * sizeof(*v));
	*ret_n = unique ? unique_members(copy, n) : n;
	return *ret_n ? intern(g, copy, *ret_n) : NULL;
}

static uint8_t
equality_of(enum sk_vkind kind)
{
	switch (kind) {
	case SK_V_STR:
	case SK_V_BYTES: return SK_OP_EQ_STR;
	case SK_V_IP: return SK_OP_EQ_IP;
	case SK_V_NET: return SK_OP_IN_NET;
	case SK_V_NONE:
	case SK_V_BOOL:
	case SK_V_INT:
	case SK_V_UINT:
	case SK_V_FLOAT:
	case SK_V_LIST: break;
	}
	return SK_OP_EQ_NUM;
}

/* A set or trie of one member is the plain test of that member; of none, nothing matches (the negation: every present value). */
static void
shrink_set(struct sk_ir *t)
{
	if (t->rhs_kind == SK_IRR_SET && t->nmembers == 1) {
		t->op = equality_of(t->set_kind);
	} else if (t->rhs_kind == SK_IRR_PREFIXES && t->nmembers == 1) {
		t->op = SK_OP_STARTS;
	} else {
		return;
	}
	t->rhs_kind = SK_IRR_VALUE;
	t->rhs = t->members[0];
	t->members = NULL;
	t->nmembers = 0;
	t->interned = false;
	t->set_kind = SK_V_NONE;
}

uint32_t
sk_ir_test(struct sk_ir_graph *g, const struct sk_ir *test)
{
	struct sk_ir t = *test;
	bool has_members = t.rhs_kind == SK_IRR_SET || t.rhs_kind == SK_IRR_PATHS || t.rhs_kind == SK_IRR_PREFIXES;

	t.kind = SK_IR_TEST;
	if (t.nmembers && !t.interned) {
		t.members = sk_ir_members(g, t.members, t.nmembers, has_members, &t.nmembers);
		if (!t.members)
			return 0;
		t.interned = true;
	}
	if (has_members && !t.nmembers) {
		bool empty_list_counts = (t.mod & SK_MOD_QUANT) == SK_MOD_ALL;

		if (!(t.mod & SK_MOD_NEG) && !empty_list_counts)
			return 0;
	}
	shrink_set(&t);
	return add_node(g, &t);
}

/* --- connectives ----------------------------------------------------------------------------------------------------------- */
uint32_t
sk_ir_not(struct sk_ir_graph *g, uint32_t x)
{
	const struct sk_ir *n = &g->nodes.v[x];

	if (x <= 1)
		return !x;
	if (n->kind == SK_IR_NOT)
		return n->kids[0];
	return add_node(g, &(struct sk_ir){ .kind = SK_IR_NOT, .kids = &x, .nkids = 1, .loc = n->loc });
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static bool
contains(const uint32_t *sorted, uint32_t n, uint32_t x)
{
	return bsearch(&x, sorted, n, sizeof(x), by_number) != NULL;
}

static uint32_t
flat_count(const struct sk_ir_graph *g, enum sk_ir_kind kind, const uint32_t *kids, uint32_t n)
{
	uint32_t total = 0;

	for (uint32_t i = 0; i < n; i++)
		total += g->nodes.v[kids[i]].kind == kind ? g->nodes.v[kids[i]].nkids : 1;
	return total;
}

/* AND: identity TRUE, dominator FALSE; OR: the other way round. Kids of kids of the same kind move up: those are flat themselves. */
static uint32_t
connective(struct sk_ir_graph *g, enum sk_ir_kind kind, const uint32_t *kids, uint32_t n)
{
	uint32_t identity = kind == SK_IR_AND, dominator = !identity, k = 0, u = 0;
	SK_AUTO_FREE uint32_t *flat = malloc((flat_count(g, kind, kids, n) + 1) * sizeof(*flat));

	if (!flat)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct sk_ir *kid = &g->nodes.v[kids[i]];

		if (kids[i] == dominator)
			return dominator;
		if (kid->kind == kind) {
			memcpy(&flat[k], kid->kids, kid->nkids * sizeof(*flat));
			k += kid->nkids;
		} else if (kids[i] != identity) {
			flat[k++] = kids[i];
		}
	}
	qsort(flat, k, sizeof(*flat), by_number);
	for (uint32_t i = 0; i < k; i++)
		if (!u || flat[u - 1] != flat[i])
			flat[u++] = flat[i];
	for (uint32_t i = 0; i < u; i++)
		if (g->nodes.v[flat[i]].kind == SK_IR_NOT && contains(flat, u, g->nodes.v[flat[i]].kids[0]))
			return dominator;
	if (u < 2)
		return u ? flat[0] : identity;
	return add_node(g, &(struct sk_ir){ .kind = kind, .kids = flat, .nkids = u, .loc = g->nodes.v[flat[0]].loc });
}

uint32_t
sk_ir_and(struct sk_ir_graph *g, const uint32_t *kids, uint32_t n)
{
	return connective(g, SK_IR_AND, kids, n);
}

uint32_t
sk_ir_or(struct sk_ir_graph *g, const uint32_t *kids, uint32_t n)
{
	return connective(g, SK_IR_OR, kids, n);
}
