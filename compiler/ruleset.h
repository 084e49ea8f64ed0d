/* What rule files mean after all of them are read: lists, macros and rules in order, with append, override and exceptions applied. Made by compiler/collect.c and
 * compiler/expand.c, read by sema. Everything lives in the compilation's arena. */
#ifndef SK_RULESET_H
#define SK_RULESET_H

#include "base/atom.h"
#include "base/diag.h"
#include "base/vec.h"
#include "grammar/ast.h"

struct sk_list_def_ast {
	struct sk_slice name;
	struct sk_loc loc;
	SK_VEC(struct sk_slice) items; /* after inner lists are put in, at any depth */
	uint32_t seen; /* position of the last change among all items of all files: who sees it */
	bool used;
};

struct sk_macro_def_ast {
	struct sk_slice name;
	struct sk_loc loc;
	struct sk_cond *cond; /* parsed, lists put in, macros not yet; NULL after an error */
	uint32_t seen;
	bool used;
};

struct sk_rule_ast {
	struct sk_slice name, desc;
	struct sk_loc loc;
	struct sk_item item;      /* context for findings */
	struct sk_cond *cond;     /* lists and macros put in, exceptions applied */
	struct sk_slice cond_text;/* as written, appended parts joined */
	struct sk_text output;
	enum sk_priority priority;
	enum sk_source source;
	bool enabled, capture, warn_evttypes, skip_if_unknown;
	uint32_t capture_duration_ms;
	SK_VEC(struct sk_slice) tags; /* sorted, unique */
	bool bad;                 /* has an error: not compiled further */
	bool skipped;             /* left out with a warning (unknown source, skip-if-unknown-filter) */
};

struct sk_ruleset {
	SK_VEC(struct sk_list_def_ast *) lists;
	SK_VEC(struct sk_macro_def_ast *) macros;
	SK_VEC(struct sk_rule_ast *) rules; /* in order of first appearance: the order of matching */
	SK_VEC(struct sk_file *) files;
};

struct sk_compile_opts {
	bool all_diags; /* also warnings */
};

/* One compilation: memory, names, findings. */
struct sk_compile {
	struct sk_arena *arena;
	struct sk_atoms *atoms;
	struct sk_diags *diags;
};

/* Read rule files, in order, into RS. Findings go to cx->diags; broken items are left out (or marked bad) and the rest goes on. False only when out of memory. */
bool sk_collect_file(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_slice name, struct sk_slice text);
/* After the last file: put lists and macros in, apply exceptions, find loops and unused items. */
bool sk_expand(struct sk_compile *cx, struct sk_ruleset *rs);

#endif
