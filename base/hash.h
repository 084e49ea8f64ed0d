/* The hash of byte strings that bundles carry and tables use. Fixed for ever by the bundle format: see docs/bundle.md. */
#ifndef SK_BASE_HASH_H
#define SK_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t
sk_hash_u64(uint64_t x)
{
	/* The finaliser of MurmurHash3: every input bit changes about half of the output bits. */
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdull;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53ull;
	return x ^ x >> 33;
}

/* 1 to 7 bytes as a little-endian number. Loads that overlap: a copy of variable length costs more than all the rest of a short hash. */
static inline uint64_t
sk_hash_tail(const uint8_t *p, size_t n)
{
	uint32_t lo, hi;

	if (n < 4)
		return (uint64_t)p[0] | (uint64_t)p[n / 2] << 8 * (n / 2) | (uint64_t)p[n - 1] << 8 * (n - 1);
	memcpy(&lo, p, 4);
	memcpy(&hi, p + n - 4, 4);
	return lo | (uint64_t)hi << 8 * (n - 4);
}

/* Eight bytes a step; the tail is read as a little-endian number. Not for adversarial keys of unbounded tables. */
static inline uint64_t
sk_hash_bytes(const void *data, size_t n)
{
	const uint8_t *p = data;
	uint64_t h = 0x9e3779b97f4a7c15ull ^ n;

	for (; n >= 8; n -= 8, p += 8) {
		uint64_t w;

		memcpy(&w, p, 8);
		h = (h ^ w) * 0xff51afd7ed558ccdull;
		h ^= h >> 32;
	}
	if (n) {
		h = (h ^ sk_hash_tail(p, n)) * 0xff51afd7ed558ccdull;
		h ^= h >> 32;
	}
	return sk_hash_u64(h);
}

#endif
