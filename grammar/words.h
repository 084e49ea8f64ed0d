/* Words of the language, looked up in the contract tables (cmps.def, xforms.def). */
#ifndef SK_GRAMMAR_WORDS_H
#define SK_GRAMMAR_WORDS_H

#include "base/slice.h"

#include <saker/schema.h>

/* "contains" for SK_CMP_CONTAINS. */
const char *sk_word_cmp(enum sk_cmp cmp);
/* What stands on the right of an operator. */
enum sk_cmp_rhs sk_word_cmp_rhs(enum sk_cmp cmp);
/* The longest operator that begins WORD, SK_CMP_COUNT if there is none. "==" is "=". *RET_LEN: its length as written. */
enum sk_cmp sk_word_cmp_prefix(struct sk_slice word, size_t *ret_len);
/* The transformer (or val) called NAME, SK_XF_NONE if there is none. */
enum sk_xform sk_word_xform_find(struct sk_slice name);
/* "tolower" for SK_XF_TOLOWER. */
const char *sk_word_xform(enum sk_xform x);
/* True if the transformer's call may be followed by [argument]. */
bool sk_word_xform_takes_arg(enum sk_xform x);
/* "anyof" for SK_QUANT_ANYOF, "" for none. */
const char *sk_word_quant(enum sk_quant q);
enum sk_quant sk_word_quant_find(struct sk_slice word);
/* What a word that is none of these may have been meant to be, itself if it is one; empty: nothing. */
struct sk_slice sk_word_cmp_nearest(struct sk_slice word);
struct sk_slice sk_word_xform_nearest(struct sk_slice word);
struct sk_slice sk_word_quant_nearest(struct sk_slice word);

#endif
