#include "vm/bundle/dedup.h"

#include <stdlib.h>

uint32_t
sk_dedup_find(const struct sk_dedup *d, uint64_t hash, sk_dedup_eq eq, const void *ctx, const void *key)
{
	if (!d->cap)
		return SK_DEDUP_NONE;
	for (size_t i = hash & (d->cap - 1); d->slots[i].id1; i = (i + 1) & (d->cap - 1))
		if (d->slots[i].hash == hash && eq(ctx, key, d->slots[i].id1 - 1))
			return d->slots[i].id1 - 1;
	return SK_DEDUP_NONE;
}

static void
put(struct sk_dedup *d, struct sk_dedup_slot s)
{
	size_t i = s.hash & (d->cap - 1);

	while (d->slots[i].id1)
		i = (i + 1) & (d->cap - 1);
	d->slots[i] = s;
}

static bool
grow(struct sk_dedup *d)
{
	struct sk_dedup bigger = {.cap = d->cap ? d->cap * 2 : 64, .n = d->n};

	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < d->cap; i++)
		if (d->slots[i].id1)
			put(&bigger, d->slots[i]);
	free(d->slots);
	*d = bigger;
	return true;
}

bool
sk_dedup_add(struct sk_dedup *d, uint64_t hash, uint32_t id)
{
	if (d->n + 1 > d->cap / 2 && !grow(d))
		return false;
	put(d, (struct sk_dedup_slot){hash, id + 1});
	d->n++;
	return true;
}

void
sk_dedup_free(struct sk_dedup *d)
{
	free(d->slots);
	*d = (struct sk_dedup){0};
}
