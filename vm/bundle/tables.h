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

/* What a candidate table of each kind looks up in. */
struct sk_select_info {
	const char *name;
	uint8_t trie;   /* enum sk_trie_kind of its trie; 0: a set */
	uint8_t extra;  /* lists beside those of the members */
	uint8_t weight; /* lists that it may give at once */
};

/* NULL: no such kind. */
static inline const struct sk_select_info *
sk_select_info(uint32_t kind)
{
	static const struct sk_select_info infos[SK_SELECT_LIMIT] = {
		[SK_SELECT_SET] = { "set", 0, 0, 1 },
		[SK_SELECT_PREFIX] = { "prefix", SK_TRIE_BYTES, 0, 1 },
		[SK_SELECT_SUFFIX] = { "suffix", SK_TRIE_BYTES, 0, 1 },
		[SK_SELECT_PATH] = { "path", SK_TRIE_PATH, 0, 1 },
		[SK_SELECT_GRAMS] = { "grams", 0, 1, SK_GRAM_LISTS },
	};

	return kind < SK_SELECT_LIMIT && infos[kind].name ? &infos[kind] : NULL;
}

/* Bytes of a member of a GRAMS table. */
#define SK_GRAM 4u

static inline uint32_t
sk_gram(const char *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
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
