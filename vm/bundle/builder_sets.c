/* Hash tables of constants. */
#include "base/hash.h"
#include "vm/bundle/builder_int.h"
#include "vm/bundle/tables.h"

struct member {
	uint32_t value, hash, ordinal;
};

/* The members without duplicates, and in ORDINALS the ordinal of each of the N inputs. Two constants are one member if the set
 * could not tell them apart, even where they differ in type. */
static uint32_t
distinct(struct sk_builder *b, enum sk_vkind kind, const uint32_t *consts, uint32_t n, struct member *ret)
{
	struct sk_once seen = {0};
	uint32_t nmembers = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct sk_value_def *d = sk_builder_const_def(b, consts[i]);
		struct sk_slice text = sk_builder_text(b, d->text);
		struct sk_key k;
		bool fresh;

		sk_key_begin(&k);
		sk_key_u32(&k, d->prefix);
		sk_key_add(&k, &d->num, sizeof(d->num));
		sk_key_add(&k, text.p, text.n);
		uint32_t ordinal = sk_once(b, &seen, &k, &fresh);
		if (fresh)
			ret[nmembers++] = (struct member){consts[i], sk_member_hash(kind, d->num, text), ordinal};
		SK_PUT(b, &b->set_ordinals, ordinal);
	}
	sk_dedup_free(&seen.index);
	sk_vec_free(&seen.digests);
	return nmembers;
}

static uint32_t
slots_for(uint32_t n)
{
	uint32_t slots = 1;

	/* Two thirds full at most: misses look at two slots on average. */
	while (slots < n + n / 2 + 1)
		slots *= 2;
	return slots;
}

/* Where to begin so that no run of members goes round the end: a slot before which nothing spills over. COUNT: members at home in
 * each slot. */
static uint32_t
quiet_slot(const uint32_t *count, uint32_t nslots)
{
	uint64_t spill = 0;

	for (uint64_t i = 0; i < 2ull * nslots; i++) {
		spill += count[i & (nslots - 1)];
		if (spill == 0 && i >= nslots)
			return (uint32_t)((i + 1) & (nslots - 1));
		spill -= spill != 0;
	}
	return 0;
}

/* Members by home slot in linear time, whatever their hashes: inserting one by one would be quadratic for members that collide,
 * and rule files choose the members. Returns an array of nmembers, or NULL. */
static struct member *
by_home(const struct member *m, uint32_t n, const uint32_t *count, uint32_t nslots, uint32_t start)
{
	struct member *sorted = calloc(n ? n : 1, sizeof(*sorted));
	SK_AUTO_FREE uint32_t *at = calloc(nslots, sizeof(*at));
	uint32_t sum = 0;

	if (!sorted || !at) {
		free(sorted);
		return NULL;
	}
	for (uint32_t i = 0; i < nslots; i++) {
		uint32_t s = (start + i) & (nslots - 1);

		at[s] = sum;
		sum += count[s];
	}
	for (uint32_t i = 0; i < n; i++)
		sorted[at[m[i].hash & (nslots - 1)]++] = m[i];
	return sorted;
}

static bool
fill(struct sk_set_slot *slots, uint32_t nslots, const struct member *m, uint32_t n)
{
	SK_AUTO_FREE uint32_t *count = calloc(nslots, sizeof(*count));

	if (!count)
		return false;
	for (uint32_t i = 0; i < n; i++)
		count[m[i].hash & (nslots - 1)]++;
	uint32_t start = quiet_slot(count, nslots);
	SK_AUTO_FREE struct member *sorted = by_home(m, n, count, nslots, start);
	if (!sorted)
		return false;
	uint32_t next = 0; /* distance from start */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t home = ((sorted[i].hash & (nslots - 1)) - start) & (nslots - 1);

		next = home > next ? home : next;
		slots[(start + next++) & (nslots - 1)] =
		    (struct sk_set_slot){sorted[i].value, sorted[i].hash, sorted[i].ordinal, 0};
	}
	return true;
}

static void
put_set(struct sk_builder *b, enum sk_vkind kind, const struct member *m, uint32_t n)
{
	uint32_t nslots = kind == SK_V_NET ? n : slots_for(n);
	SK_AUTO_FREE struct sk_set_slot *slots = calloc(nslots ? nslots : 1, sizeof(*slots));

	if (!slots || (kind != SK_V_NET && !fill(slots, nslots, m, n))) {
		b->nomem = true;
		return;
	}
	if (kind == SK_V_NET)
		for (uint32_t i = 0; i < n; i++)
			slots[i] = (struct sk_set_slot){m[i].value, 0, m[i].ordinal, 0};
	SK_PUT(b, &b->sets, (struct sk_set_def){(uint8_t)kind, {0}, n, (uint32_t)b->slots.n, nslots});
	/* A value number + 1 marks a slot as taken; renumbering at the end keeps that in mind. */
	for (uint32_t i = 0; i < nslots; i++) {
		slots[i].value += slots[i].value != 0;
		SK_PUT(b, &b->slots, slots[i]);
	}
}

uint32_t
sk_builder_set(struct sk_builder *b, enum sk_vkind kind, const uint32_t *consts, uint32_t n)
{
	struct sk_key k;
	bool fresh;

	if (n >= SK_CONST_BIT / 2) {
		b->too_big = true;
		return 0;
	}
	sk_key_begin(&k);
	sk_key_u32(&k, kind);
	sk_key_add(&k, consts, n * sizeof(*consts));
	uint32_t id = sk_once(b, &b->sets_once, &k, &fresh);
	if (!fresh)
		return id;
	SK_AUTO_FREE struct member *m = calloc(n ? n : 1, sizeof(*m));
	if (!m) {
		b->nomem = true;
		return id;
	}
	SK_PUT(b, &b->set_inputs, (uint32_t)b->set_ordinals.n);
	put_set(b, kind, m, distinct(b, kind, consts, n, m));
	return id;
}

uint32_t
sk_builder_set_ordinal(const struct sk_builder *b, uint32_t set, uint32_t i)
{
	return b->nomem ? 0 : b->set_ordinals.v[b->set_inputs.v[set] + i];
}

uint32_t
sk_builder_set_members(const struct sk_builder *b, uint32_t set)
{
	return b->nomem ? 0 : b->sets.v[set].nmembers;
}
