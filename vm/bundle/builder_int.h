/* Inside of the builder, shared by its files. */
#ifndef SK_BUILDER_INT_H
#define SK_BUILDER_INT_H

#include "base/vec.h"
#include "vm/bundle/builder.h"
#include "vm/bundle/dedup.h"
#include "vm/bundle/ops.h"

#include <sodium.h>

/* Marks provisional numbers of constants. */
#define SK_CONST_BIT 0x80000000u

/* A range of `indexes`: the contents of one list or more. */
struct sk_range {
	uint32_t first, n;
	bool values; /* value numbers, renumbered at the end */
};

/* Records of one kind, found again by a digest of what made them. */
struct sk_once {
	struct sk_dedup index;
	SK_VEC(struct sk_digest { uint8_t d[16]; }) digests; /* of record i */
};

struct sk_builder {
	bool nomem, too_big;
	uint8_t key[crypto_shorthash_KEYBYTES];
	struct sk_buf strings;
	SK_VEC(struct sk_str_ref) refs; /* distinct strings, in order */
	struct sk_dedup refs_index;
	/* Computed registers and constants; `num` of those with arguments is their place in `args`. */
	SK_VEC(struct sk_value_def) computed, consts;
	struct sk_once computed_once, consts_once;
	SK_VEC(uint32_t) args;
	SK_VEC(struct sk_set_def) sets;
	SK_VEC(struct sk_set_slot) slots;
	SK_VEC(uint32_t) set_inputs; /* first of each set's in set_ordinals */
	SK_VEC(uint32_t) set_ordinals;
	struct sk_once sets_once;
	SK_VEC(struct sk_trie_def) tries;
	SK_VEC(struct sk_trie_node) nodes;
	SK_VEC(uint32_t) trie_inputs;
	SK_VEC(uint32_t) trie_ordinals;
	struct sk_once tries_once;
	SK_VEC(struct sk_pattern_def) patterns;
	struct sk_once patterns_once;
	SK_VEC(struct sk_multi_def) multis;
	struct sk_once multis_once;
	SK_VEC(struct sk_range) ranges;
	struct sk_once ranges_once;
	SK_VEC(uint32_t) indexes;
	SK_VEC(struct sk_list_def) lists;
	struct sk_once lists_once; /* number i: the list record list_ids.v[i] */
	SK_VEC(uint32_t) list_ids;
	SK_VEC(struct sk_select_def) selects;
	struct sk_once selects_once;
	SK_VEC(struct sk_insn) code;
	SK_VEC(struct sk_srcmap_def) srcmap;
	bool has_srcmap;
	SK_VEC(struct sk_program_def) programs;
	struct sk_once programs_once;
	uint32_t dispatch[SK_SOURCE_COUNT * SK_EVENT_LIMIT];
	SK_VEC(struct sk_rule_def) rules;
	SK_VEC(struct sk_output_def) outputs;
	struct sk_once outputs_once;
	SK_VEC(struct sk_piece_def) pieces;
	SK_VEC(struct sk_interest_def) interest;
	SK_VEC(struct sk_input_def) inputs;
};

/* A key under construction: what a record is made of. */
struct sk_key {
	crypto_generichash_state st;
};
void sk_key_begin(struct sk_key *k);
void sk_key_add(struct sk_key *k, const void *p, size_t n);
void sk_key_u32(struct sk_key *k, uint32_t v);
/* Number of the record that the key made before, or of the one that must be appended now: then *RET_NEW. */
uint32_t sk_once(struct sk_builder *b, struct sk_once *o, struct sk_key *k, bool *ret_new);

/* Append to a vector of the builder; out of memory is remembered. */
#define SK_PUT(b, vec, ...)                                                                                                      \
	do {                                                                                                                     \
		if (!sk_vec_push(vec, __VA_ARGS__))                                                                              \
			(b)->nomem = true;                                                                                       \
	} while (0)

/* A list of constants that are there already. */
uint32_t sk_builder_const_list(struct sk_builder *b, enum sk_vkind kind, const uint32_t *elements, uint32_t n,
			       enum sk_ptype type);
/* Definition of constant number V (from sk_builder_const()). */
const struct sk_value_def *sk_builder_const_def(const struct sk_builder *b, uint32_t v);
/* Text of an interned string; valid until the next one is added. */
struct sk_slice sk_builder_text(const struct sk_builder *b, struct sk_str_ref s);

#endif
