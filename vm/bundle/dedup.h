/* An index from keys to record numbers, so that equal things are stored once. Keyed hashing: rule files choose the keys, and must
 * not be able to make them collide. */
#ifndef SK_BUNDLE_DEDUP_H
#define SK_BUNDLE_DEDUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sk_dedup_slot {
	uint64_t hash;
	uint32_t id1; /* record number + 1; 0 = free */
};

/* Zero-initialised is empty. */
struct sk_dedup {
	struct sk_dedup_slot *slots;
	size_t cap, n;
};

#define SK_DEDUP_NONE UINT32_MAX

/* Is record ID the one looked for? CTX and KEY as given to sk_dedup_find(). */
typedef bool (*sk_dedup_eq)(const void *ctx, const void *key, uint32_t id);

/* The record whose hash is HASH and for which EQ holds, or SK_DEDUP_NONE. */
uint32_t sk_dedup_find(const struct sk_dedup *d, uint64_t hash, sk_dedup_eq eq, const void *ctx, const void *key);
/* Add a record; false when out of memory. */
bool sk_dedup_add(struct sk_dedup *d, uint64_t hash, uint32_t id);
void sk_dedup_free(struct sk_dedup *d);

#endif
