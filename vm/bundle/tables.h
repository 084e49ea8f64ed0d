/* What sets and tries hold, as builder, verifier and printer must agree on it. */
#ifndef SK_BUNDLE_TABLES_H
#define SK_BUNDLE_TABLES_H

#include "base/hash.h"
#include "base/slice.h"

#include <saker/bundle.h>

/* Hash of a set's member: of its text (STR), of its 64 bits (UINT), of its 4 or 16 address bytes (IP). Sets use the low 32 bits.
 */
static inline uint32_t
sk_member_hash(enum sk_vkind set, uint64_t num, struct sk_slice text)
{
	return (uint32_t)(set == SK_V_UINT ? sk_hash_u64(num) : sk_hash_bytes(text.p, text.n));
}

/* A path component that is a shell pattern. */
static inline bool
sk_component_is_pattern(struct sk_slice c)
{
	for (size_t i = 0; i < c.n; i++)
		if (c.p[i] == '*' || c.p[i] == '?' || c.p[i] == '[')
			return true;
	return false;
}

/* The component of PATH at *POS, which moves behind it; false at the end. Slashes only separate, however many in a row and at
 * either end. */
static inline bool
sk_path_next(struct sk_slice path, size_t *pos, struct sk_slice *ret)
{
	size_t i = *pos;

	while (i < path.n && path.p[i] == '/')
		i++;
	size_t beg = i;
	while (i < path.n && path.p[i] != '/')
		i++;
	*pos = i;
	*ret = sk_slice(path.p + beg, i - beg);
	return i > beg;
}

#endif
