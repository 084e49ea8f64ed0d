#include "base/atom.h"

#include "base/hash.h"
#include "base/vec.h"

struct entry {
	uint64_t hash;
	struct sk_slice text;
};

struct sk_atoms {
	struct sk_arena *arena;
	uint32_t *slots; /* open addressing; 0 = free, else an atom */
	size_t nslots;   /* power of two */
	SK_VEC(struct entry) entries;
};

struct sk_atoms *
sk_atoms_new(struct sk_arena *arena)
{
	struct sk_atoms *t = SK_NEW(arena, struct sk_atoms);

	if (!t)
		return NULL;
	t->arena = arena;
	t->nslots = 64;
	t->slots = SK_NEW_ARRAY(arena, t->nslots, uint32_t);
	return t->slots ? t : NULL;
}

/* The slot that holds S, or the free one where it belongs. */
static uint32_t *
slot_of(const struct sk_atoms *t, struct sk_slice s, uint64_t hash)
{
	for (size_t i = (size_t)hash & (t->nslots - 1);; i = (i + 1) & (t->nslots - 1)) {
		uint32_t *slot = &t->slots[i];

		if (!*slot)
			return slot;
		const struct entry *e = &t->entries.v[*slot - 1];
		if (e->hash == hash && sk_slice_eq(e->text, s))
			return slot;
	}
}

static bool
grow(struct sk_atoms *t)
{
	uint32_t *slots = SK_NEW_ARRAY(t->arena, t->nslots * 2, uint32_t);

	if (!slots)
		return false;
	t->slots = slots;
	t->nslots *= 2;
	for (size_t i = 0; i < t->entries.n; i++)
		*slot_of(t, t->entries.v[i].text, t->entries.v[i].hash) = (uint32_t)i + 1;
	return true;
}

uint32_t
sk_atom(struct sk_atoms *t, struct sk_slice s)
{
	uint64_t hash = sk_hash_bytes(s.p, s.n);
	uint32_t *slot = slot_of(t, s, hash);

	if (*slot)
		return *slot;
	if (t->entries.n >= t->nslots / 2) {
		if (!grow(t))
			return 0;
		slot = slot_of(t, s, hash);
	}
	struct sk_slice copy = sk_arena_dup(t->arena, s);
	if (!copy.p || !sk_vec_push_arena(&t->entries, t->arena, (struct entry){ hash, copy }))
		return 0;
	return *slot = (uint32_t)t->entries.n;
}

uint32_t
sk_atom_find(const struct sk_atoms *t, struct sk_slice s)
{
	return *slot_of(t, s, sk_hash_bytes(s.p, s.n));
}

struct sk_slice
sk_atom_text(const struct sk_atoms *t, uint32_t atom)
{
	return atom && atom <= t->entries.n ? t->entries.v[atom - 1].text : SK_SLICE("");
}

uint32_t
sk_atom_count(const struct sk_atoms *t)
{
	return (uint32_t)t->entries.n;
}
