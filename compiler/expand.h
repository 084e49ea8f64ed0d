/* Inside of the expansion: lists and macros put into conditions. */
#ifndef SK_EXPAND_H
#define SK_EXPAND_H

#include "compiler/collect.h"

/* What one condition is expanded for. */
struct sk_expansion {
	struct sk_compile *cx;
	struct sk_ruleset *rs;
	const struct sk_item *cond_item; /* context of findings: "rule condition" */
	/* Who uses the lists: a macro remembers them until a rule uses the macro; NULL: a rule, which marks them at once. */
	struct sk_macro_src *macro;
	uint32_t nodes; /* of the condition so far, against SK_MAX_COND_NODES */
	bool bad;
	bool cut; /* a limit ended it before its end */
};

/* expand_lists.c */
/* Put inner lists into all lists, at any depth. */
void sk_flatten_lists(struct sk_compile *cx, struct sk_ruleset *rs);
/* Replace names of lists in C by their items. */
void sk_put_lists(struct sk_expansion *x, struct sk_cond *c);
void sk_mark_list(struct sk_list_def_ast *l);

/* expand_macros.c */
/* Parse the conditions of all macros, put lists in, and refuse loops and unknown names. */
void sk_prepare_macros(struct sk_compile *cx, struct sk_ruleset *rs);
/* C with copies of the macros' conditions in place of their names. After a finding (x->bad) the names it is about stay as MACRO
 * nodes, so that the rest can be checked; NULL if nothing is left to check. */
struct sk_cond *sk_put_macros(struct sk_expansion *x, struct sk_cond *c);
/* All MACRO nodes of C. */
void sk_collect_refs(struct sk_compile *cx, struct sk_cond *c, struct sk_macro_src *src);

#endif
