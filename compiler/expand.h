/* Inside of the expansion: lists and macros put into conditions. */
#ifndef SK_EXPAND_H
#define SK_EXPAND_H

#include "compiler/collect.h"

/* expand_words.c: bare words that stay text. */
struct sk_words;
struct sk_words *sk_words_new(struct sk_compile *cx, struct sk_ruleset *rs);
/* ITEM of list L stays text although LATER has its name. */
void sk_words_later(struct sk_words *w, const struct sk_text *item, struct sk_list_def_ast *later);
/* ITEM of list L stays text, and no list has its name. */
void sk_words_item(struct sk_words *w, const struct sk_list_def_ast *l, const struct sk_text *item);
/* After the last item: what ITEM may have been meant to name, or NULL. */
struct sk_guess *sk_words_of_item(struct sk_words *w, const struct sk_text *item);
/* O of a condition stays text where a list may stand (MAY_LIST) or where the value is compared as a whole (WHOLE). */
void sk_words_operand(struct sk_words *w, struct sk_opnd *o, struct sk_loc loc, bool may_list, bool whole);
/* The name of list L stands at LOC in quotes. */
void sk_words_quoted(struct sk_list_def_ast *l, struct sk_loc loc);
/* After the last condition: words that stand more than once are no slips. */
void sk_words_decide(struct sk_words *w);

/* What one condition is expanded for. */
struct sk_expansion {
	struct sk_compile *cx;
	struct sk_ruleset *rs;
	struct sk_words *words;
	const struct sk_item *cond_item; /* context of findings: "rule condition" */
	/* Who uses the lists: a macro remembers them until a rule uses the macro; NULL: a rule, which marks them at once. */
	struct sk_macro_src *macro;
	uint32_t nodes; /* of the condition so far, against SK_MAX_COND_NODES */
	bool bad;
	bool cut; /* a limit ended it before its end */
};

/* expand_lists.c */
/* Put inner lists into all lists, at any depth. */
void sk_flatten_lists(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_words *words);
/* Replace names of lists in C by their items. */
void sk_put_lists(struct sk_expansion *x, struct sk_cond *c);
void sk_mark_list(struct sk_list_def_ast *l);

/* expand_macros.c */
/* Parse the conditions of all macros, put lists in, and refuse loops and unknown names. */
void sk_prepare_macros(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_words *words);
/* C with copies of the macros' conditions in place of their names. After a finding (x->bad) the names it is about stay as MACRO
 * nodes, so that the rest can be checked; NULL if nothing is left to check. */
struct sk_cond *sk_put_macros(struct sk_expansion *x, struct sk_cond *c);
/* All MACRO nodes of C. */
void sk_collect_refs(struct sk_compile *cx, struct sk_cond *c, struct sk_macro_src *src);

#endif
