/* Which tests a candidate table can look up, and what stands in the table for them. Private to the pass `select`. */
#ifndef SK_SELECT_KIND_H
#define SK_SELECT_KIND_H

#include "compiler/plan.h"

/* How often each group of four bytes occurs in the texts that tests look for: the rarest of a text stands for it. */
struct sk_gram_counts {
	SK_VEC(uint32_t) sorted; /* groups, each as often as it occurs */
};

/* Count in all tests of G. False when out of memory. */
bool sk_count_grams(const struct sk_ir_graph *g, struct sk_gram_counts *ret);
/* The kind of table that finds T (enum sk_select_kind), or 0. Whenever T holds, the table gives its rule. */
int sk_select_kind(const struct sk_ir_graph *g, const struct sk_ir *t);
/* Being found is all that T says. */
bool sk_select_is_exact(const struct sk_ir_graph *g, const struct sk_ir *t);
/* The constant that stands in the table for operand VALUE of T, whose kind is KIND. */
uint32_t sk_select_member(struct sk_ir_graph *g, const struct sk_gram_counts *grams, const struct sk_ir *t, int kind, uint32_t value);

#endif
