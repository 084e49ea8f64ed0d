/* What rule files mean after all of them are read: lists, macros and rules in order, with append, override and exceptions applied. Made by compiler/collect.c and
 * compiler/expand.c, read by sema. Everything lives in the compilation's arena. */
#ifndef SK_RULESET_H
#define SK_RULESET_H

#include "base/atom.h"
#include "base/diag.h"
#include "base/vec.h"
#include "grammar/ast.h"

/* A bare word that is taken as text and may have been meant as a name. */
struct sk_guess {
	const char *why, *note; /* what follows the word in a finding; what is said of LOC */
	struct sk_loc loc;      /* where the name is defined */
	struct sk_slice best;   /* the name, if the word is only near to it */
	bool told;              /* reported, or not to be reported */
};

struct sk_list_src;
struct sk_yaml_docs;
struct sk_macro_src;
struct sk_rule_src;

struct sk_list_def_ast {
	struct sk_slice name;
	struct sk_loc loc, name_loc; /* of the item, of its name */
	SK_VEC(struct sk_slice) items; /* after inner lists are put in, at any depth; as written, with quotes */
	uint32_t index; /* position of the first definition among all items of all files */
	uint32_t seen; /* position of the last change: it sees the lists whose index is lower */
	bool used;
	struct sk_list_src *src; /* of collect and expand */
};

struct sk_macro_def_ast {
	struct sk_slice name;
	struct sk_loc loc, name_loc;
	struct sk_cond *cond; /* parsed, lists put in, macros not yet; NULL after an error */
	uint32_t index, seen; /* as for lists; rules see all macros, and all conditions see all lists */
	bool used;
	struct sk_macro_src *src;
};

struct sk_rule_ast {
	struct sk_slice name, desc;
	struct sk_loc loc;
	struct sk_item item;      /* context for findings */
	/* Contexts inside it: "rule condition" and "rule output". Set one with sk_diags_context() before adding findings about them. */
	struct sk_item cond_item, output_item;
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
	bool no_types;            /* there is a warning that it leaves no event type possible */
	struct sk_rule_src *src;  /* of collect and expand */
};

/* Where a name stands in one of the vectors below: by atom of the name, index + 1. */
struct sk_names {
	SK_VEC(uint32_t) by_atom;
};

/* A plugin that the rules require; any of the alternatives will do. */
struct sk_plugin_need {
	struct sk_slice name, version;
	struct sk_plugin_need *alternatives, *next;
};

struct sk_ruleset {
	SK_VEC(struct sk_list_def_ast *) lists;
	SK_VEC(struct sk_macro_def_ast *) macros;
	SK_VEC(struct sk_rule_ast *) rules; /* in order of first appearance: the order of matching */
	SK_VEC(struct sk_file *) files;
	SK_VEC(const struct sk_yaml_docs *) trees; /* of the files that are well-formed YAML */
	struct sk_names list_names, macro_names, rule_names;
	struct sk_slice engine_need; /* the newest engine that a file requires, x.y.z; empty: none does */
	uint32_t engine_needs[3];
	SK_VEC(struct sk_plugin_need *) plugin_needs;
	uint32_t nitems; /* read so far: the clock of visibility */
};

/* Whose language the rules are read as: see dialect.h. */
enum sk_dialect { SK_DIALECT_SAKER, SK_DIALECT_FALCO };

/* One compilation: memory, names, findings. */
struct sk_compile {
	struct sk_arena *arena;
	struct sk_atoms *atoms;
	struct sk_diags *diags;
	enum sk_dialect dialect;
};

/* Read rule files, in order, into RS. Findings go to cx->diags; broken items are left out (or marked bad) and the rest goes on. False only when out of memory. */
bool sk_collect_file(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_slice name, struct sk_slice text);
/* After the last file: put lists and macros in, apply exceptions, find loops and unused items. */
bool sk_expand(struct sk_compile *cx, struct sk_ruleset *rs);

/* The definition of this name, or NULL. */
struct sk_list_def_ast *sk_find_list(const struct sk_compile *cx, const struct sk_ruleset *rs, struct sk_slice name);
struct sk_macro_def_ast *sk_find_macro(const struct sk_compile *cx, const struct sk_ruleset *rs, struct sk_slice name);
struct sk_rule_ast *sk_find_rule(const struct sk_compile *cx, const struct sk_ruleset *rs, struct sk_slice name);
/* Where an operand of check C was written: in the condition, or in the list it came from. */
struct sk_loc sk_opnd_loc(const struct sk_cond *c, const struct sk_opnd *o);
/* Add "in macro 'x' used here" notes to DIAG for every macro that C came through. */
void sk_note_macros(struct sk_compile *cx, struct sk_diag *diag, const struct sk_cond *c);

#endif
