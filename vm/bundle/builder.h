/* Writing bundles. The builder takes records by value and owns nothing of its caller's; equal strings, values, sets and lists are stored once, in order of first use, so that the same
 * calls make the same bytes. Out of memory is remembered and reported by sk_builder_finish(). */
#ifndef SK_BUILDER_H
#define SK_BUILDER_H

#include "base/buf.h"
#include "base/slice.h"

#include <saker/bundle.h>
#include <saker/vm.h>

struct sk_builder;

struct sk_slice_u32 {
	const uint32_t *v;
	uint32_t n;
};

struct sk_builder *sk_builder_new(void);
void sk_builder_free(struct sk_builder *b);

struct sk_str_ref sk_builder_string(struct sk_builder *b, struct sk_slice s);
/* Computed registers. All must be added before the first constant is referred to by number: sk_builder_const() returns provisional numbers with the top bit set that
 * sk_builder_finish() renumbers everywhere, so callers need not care about order. */
uint32_t sk_builder_field(struct sk_builder *b, enum sk_field_id field, enum sk_value_arg arg, uint64_t index, struct sk_slice key, enum sk_vkind kind, bool is_list, enum sk_ptype type);
uint32_t sk_builder_xform(struct sk_builder *b, enum sk_xform x, const uint32_t *args, uint32_t nargs, struct sk_slice arg, enum sk_vkind kind, bool is_list, enum sk_ptype type);
/* A constant; V's pointers are copied from. LIST constants hold scalar elements. */
uint32_t sk_builder_const(struct sk_builder *b, const struct sk_value *v, enum sk_ptype type);
/* A set of constants (numbers from sk_builder_const), duplicates removed; ordinals follow the first occurrence. */
uint32_t sk_builder_set(struct sk_builder *b, enum sk_vkind kind, const uint32_t *consts, uint32_t n);
/* A trie of strings; ordinal i belongs to texts[i] (duplicates share the first's). PATH components are split at '/'. */
uint32_t sk_builder_trie(struct sk_builder *b, enum sk_trie_kind kind, const struct sk_slice *texts, uint32_t n);
/* The ordinal that a set or trie gave to member I of its input. */
uint32_t sk_builder_set_ordinal(const struct sk_builder *b, uint32_t set, uint32_t i);
uint32_t sk_builder_trie_ordinal(const struct sk_builder *b, uint32_t trie, uint32_t i);
uint32_t sk_builder_set_members(const struct sk_builder *b, uint32_t set);
uint32_t sk_builder_trie_members(const struct sk_builder *b, uint32_t trie);
uint32_t sk_builder_pattern(struct sk_builder *b, struct sk_slice text);
/* A list of numbers as they are; of value numbers (renumbered like operands) when VALUES. */
uint32_t sk_builder_list(struct sk_builder *b, const uint32_t *v, uint32_t n, bool values);
uint32_t sk_builder_multi(struct sk_builder *b, uint8_t op, uint8_t mod, enum sk_quant quant, uint32_t list);
/* LISTS is N consecutive new list records; lists[i] for member ordinal i. Pass the arrays, the builder stores them consecutively. */
uint32_t sk_builder_select(struct sk_builder *b, enum sk_select_kind kind, uint32_t table, const struct sk_slice_u32 *lists, uint32_t n);
/* One program: code, block entries (ascending), memo bits, and a source map entry an instruction (or NULL). Programs with equal code and blocks are stored once. Returns its number. */
uint32_t sk_builder_program(struct sk_builder *b, const struct sk_insn *code, uint32_t n, const uint32_t *blocks, uint32_t nblocks, uint32_t nmemos, const struct sk_srcmap_def *map);
void sk_builder_dispatch(struct sk_builder *b, enum sk_source source, uint32_t event, uint32_t program);
uint32_t sk_builder_output(struct sk_builder *b, struct sk_slice text, const struct sk_piece_def *pieces, uint32_t n);
/* R's string references come from sk_builder_string(). TAGS sorted by the caller. Returns the rule number: numbers follow the order of calls. */
uint32_t sk_builder_rule(struct sk_builder *b, const struct sk_rule_def *r, const struct sk_slice *tags, uint32_t ntags);
uint32_t sk_builder_input(struct sk_builder *b, struct sk_slice name, struct sk_slice content);
void sk_builder_interest(struct sk_builder *b, const struct sk_interest_def *i, const uint32_t *values, uint32_t n);
/* Write the image into OUT. 0 or -ENOMEM or -E2BIG. */
int sk_builder_finish(struct sk_builder *b, struct sk_buf *out);

#endif
