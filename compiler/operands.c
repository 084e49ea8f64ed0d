#include "compiler/operands.h"

#include "base/hash.h"

#define FIRST_CAP 256u
/* Short lists of one check are not worth a place in the table. */
#define MIN_SHARED 4u

static size_t
home(const struct sk_operands_key *key, size_t cap)
{
	return sk_hash_u64((uintptr_t)key->items ^ sk_hash_u64((uint64_t)key->how << 32 | key->n)) & (cap - 1);
}

static bool
grow(struct sk_operands_index *x, struct sk_arena *arena)
{
	size_t cap = x->cap ? x->cap * 2 : FIRST_CAP;
	struct sk_operands **slots = SK_NEW_ARRAY(arena, cap, struct sk_operands *);

	if (!slots)
		return false;
	for (size_t i = 0; i < x->cap; i++) {
		if (!x->slots[i])
			continue;
		size_t at = home(&x->slots[i]->key, cap);

		while (slots[at])
			at = (at + 1) & (cap - 1);
		slots[at] = x->slots[i];
	}
	x->slots = slots;
	x->cap = cap;
	return true;
}

static struct sk_operands *
new_entry(struct sk_arena *arena, const struct sk_operands_key *key)
{
	struct sk_operands *o = SK_NEW(arena, struct sk_operands);

	if (o)
		o->key = *key;
	return o;
}

struct sk_operands *
sk_operands_find(struct sk_operands_index *x, struct sk_arena *arena, const struct sk_operands_key *key)
{
	if (key->n < MIN_SHARED)
		return new_entry(arena, key);
	if (x->n * 2 >= x->cap && !grow(x, arena))
		return NULL;
	size_t at = home(key, x->cap);
	for (; x->slots[at]; at = (at + 1) & (x->cap - 1)) {
		const struct sk_operands_key *k = &x->slots[at]->key;

		if (k->items == key->items && k->n == key->n && k->how == key->how)
			return x->slots[at];
	}
	x->slots[at] = new_entry(arena, key);
	x->n += x->slots[at] != NULL;
	return x->slots[at];
}
