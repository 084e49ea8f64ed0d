/* The tree of a condition and of an output template. Built by the bison parsers, in an arena; every node has a span. */
#ifndef SK_GRAMMAR_AST_H
#define SK_GRAMMAR_AST_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/span.h"

#include <saker/schema.h>

/* --- operands: a field, a transformer call, a literal, a list of them ---------------------------------------------------- */
enum sk_opnd_kind { SK_OPND_FIELD, SK_OPND_XFORM, SK_OPND_LITERAL, SK_OPND_LIST };

struct sk_opnd {
	enum sk_opnd_kind kind;
	struct sk_span span;
	/* FIELD: the whole text as written without argument ("evt.arg.flags", "proc.aname"); XFORM: its name;
	 * LITERAL: the value, escapes decoded. */
	struct sk_slice text;
	bool quoted;          /* LITERAL: it was quoted, so it never names a list */
	bool number;          /* LITERAL: written in number syntax where the grammar asked for a number */
	bool has_arg;         /* FIELD, XFORM: [argument] given */
	struct sk_slice arg;  /* its text, quotes and escapes removed */
	struct sk_span arg_span;
	struct sk_opnd **args; /* XFORM: arguments; LIST: elements */
	uint32_t nargs;
	struct sk_guess *guess; /* LITERAL: what it may have been meant to name; NULL: nothing. See compiler/ruleset.h */
	const struct sk_text *from; /* LITERAL that came out of a list of the rule files: the text that `span` is in; NULL: the condition's */
};

/* --- conditions ------------------------------------------------------------------------------------------------------------ */
enum sk_cond_kind { SK_COND_AND, SK_COND_OR, SK_COND_NOT, SK_COND_CHECK, SK_COND_MACRO };

struct sk_cond {
	enum sk_cond_kind kind;
	struct sk_span span;       /* in `text` */
	const struct sk_text *text; /* the scalar this node was written in: survives macro substitution */
	/* AND, OR: two or more; NOT: one */
	struct sk_cond **kids;
	uint32_t nkids;
	/* MACRO: its name */
	struct sk_slice name;
	/* CHECK */
	struct sk_opnd *lhs;
	enum sk_cmp cmp;
	struct sk_span cmp_span;
	enum sk_quant quant;
	struct sk_opnd *rhs;       /* NULL for exists. LIST for a parenthesised list; LITERAL (not quoted) for a list name */
	bool broken;               /* set by the expansion: there is a finding about it, and what it says cannot be judged further */
	/* After expansion: the place where the macro that holds this node was used, for notes; NULL at top level. */
	const struct sk_cond *via;
	struct sk_cond *origin; /* in a copy of a macro's condition: the node that it is a copy of */
	uint32_t node; /* of the graph, once sema has seen it: see ir.h */
	bool judged;   /* origin of copies: one of them had no findings, and became `node` */
};

/* Findings of one parse go here: what is accepted with a warning (SK_D_OLD_SYNTAX), and syntax errors (SK_D_COND_SYNTAX, SK_D_COND_LIMIT). */
struct sk_parse {
	struct sk_arena *arena;
	struct sk_diags *diags;
	const struct sk_text *text;
};

/* Parse a condition; NULL after an error, which is in diags. TEXT must outlive the tree. */
struct sk_cond *sk_cond_parse(const struct sk_parse *p);
/* The tree in the notation of reference/spec/grammar_newest.tsv: (and <a.b = {c}> macro:d). For tests and dump --ast. */
struct sk_slice sk_cond_print(struct sk_arena *a, const struct sk_cond *c);

/* --- output templates ------------------------------------------------------------------------------------------------------- */
struct sk_out_piece {
	struct sk_span span;
	bool is_field;
	struct sk_slice literal; /* !is_field */
	struct sk_opnd *field;   /* is_field: FIELD or XFORM */
	uint32_t width;          /* 0 = natural; else pad right with blanks or cut to this many bytes */
};

struct sk_out_template {
	bool keep_missing; /* it began with *: missing values print as <NA> */
	struct sk_out_piece *pieces;
	uint32_t npieces;
};

/* A token that stands for nothing; the one who reads the template says that it is deprecated. */
#define SK_CONTAINER_INFO "%container.info"

/* Parse an output template; NULL after errors, all of which are reported. A token ends where the longest text that names a field (sk_field_prefix, with its
 * argument) or a transformer call ends. */
struct sk_out_template *sk_output_parse(const struct sk_parse *p);

#endif
