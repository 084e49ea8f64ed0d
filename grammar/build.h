/* What the scanner and the parser of conditions share, and the constructors that the grammar's actions call. Private to grammar/.
 *
 * Out of memory is not handled where it happens: constructors return NULL and take NULL, the arena remembers
 * (sk_arena_failed()), and the entry points ask it at the end. */
#ifndef SK_GRAMMAR_BUILD_H
#define SK_GRAMMAR_BUILD_H

#include "base/vec.h"
#include "grammar/ast.h"

#include <saker/limits.h>

/* Where the scanner stands. The same characters mean different things in different places: `and` may be a macro, an operator's
 * value or the connective. The scanner knows its place from the tokens alone, so the parser's look-ahead cannot disturb it. */
enum sk_scan_at {
	SK_AT_TERM,    /* a field, a transformer, a macro, `not` or a bracket comes */
	SK_AT_JOIN,    /* behind a finished check: and, or, ) */
	SK_AT_NUMBER,  /* behind an ordering operator */
	SK_AT_ARGS,    /* in the brackets of a transformer */
	SK_AT_OP,      /* an operator comes */
	SK_AT_SCALAR,  /* behind an operator that takes one value */
	SK_AT_LIST,    /* behind an operator or a modifier that takes a list */
	SK_AT_ITEMS,   /* in the brackets of a list */
	SK_AT_BRACKET, /* in the [argument] of a field or transformer */
	SK_AT_COUNT
};

/* Room for the scanner's own state, so that no allocation of it can fail. */
#define SK_SCAN_POOL 512u

/* A token as it was given to the parser: for findings, which may be about an earlier one than that which did not fit. */
struct sk_seen {
	int token;
	enum sk_scan_at at; /* where the scanner stood before it */
	struct sk_span span;
};

struct sk_cond_cx {
	const struct sk_parse *p;
	enum sk_diag_code syntax_code; /* of syntax errors: conditions and output templates have different ones */
	int start;                     /* token that chooses what is parsed; given once, before the text's own */
	/* scanner */
	enum sk_scan_at at;
	enum sk_scan_at after_bracket; /* where it goes on behind ] */
	enum sk_scan_at after_call;    /* where it goes on behind the outermost ) of a transformer */
	uint32_t pos;                  /* next byte */
	uint32_t end;                  /* end of the parsed part */
	uint32_t last_end;             /* end of the last token: where "unexpected end" is reported */
	uint32_t len;                  /* bytes of the token in hand */
	uint32_t depth;                /* open brackets of the condition */
	uint32_t call_depth;           /* open brackets of transformers */
	uint32_t value_end;            /* end of the last bare value behind an operator; 0: none yet */
	struct sk_seen last, before;   /* the last token but the end, and the one before it */
	struct sk_span glued;          /* the last word of which an operator was only the beginning; empty: none yet */
	/* Where the open brackets stand: of the condition, of transformers, of a list. */
	uint32_t open_at[SK_MAX_COND_DEPTH], call_open_at[SK_MAX_XFORM_DEPTH], list_open_at;
	/* results */
	struct sk_cond *cond;
	struct sk_opnd *opnd;
	size_t pool_used;
	_Alignas(max_align_t) unsigned char pool[SK_SCAN_POOL];
};

struct sk_cond_seq {
	SK_VEC(struct sk_cond *) kids;
};

struct sk_opnd_seq {
	SK_VEC(struct sk_opnd *) items;
	struct sk_span comma; /* the last comma while no element followed it */
	struct sk_span stray; /* the first comma without an element before or behind; empty: none */
};

/* Conditions */
struct sk_cond_seq *sk_ast_seq(struct sk_cond_cx *cx, struct sk_cond *first);
struct sk_cond_seq *sk_ast_seq_add(struct sk_cond_cx *cx, struct sk_cond_seq *seq, struct sk_cond *next);
/* The same for `or`, whose right side is itself a sequence: AND_SEQ stands at AND_SPAN behind the word at OR_SPAN. */
struct sk_cond_seq *sk_ast_seq_or(struct sk_cond_cx *cx, struct sk_cond_seq *seq, struct sk_span or_span,
				  struct sk_cond_seq *and_seq, struct sk_span and_span);
/* A node of the sequence; of a sequence of one, its only element. */
struct sk_cond *sk_ast_join(struct sk_cond_cx *cx, enum sk_cond_kind kind, struct sk_span span, struct sk_cond_seq *seq);
/* KID under N times `not`; pairs cancel. */
struct sk_cond *sk_ast_not(struct sk_cond_cx *cx, struct sk_span span, uint32_t n, struct sk_cond *kid);
struct sk_cond *sk_ast_macro(struct sk_cond_cx *cx, struct sk_span span, struct sk_slice name);

struct sk_check {
	struct sk_opnd *lhs;
	enum sk_cmp cmp;
	struct sk_span cmp_span;
	enum sk_quant quant;
	struct sk_opnd *rhs;
};
struct sk_cond *sk_ast_check(struct sk_cond_cx *cx, struct sk_span span, struct sk_check check);

/* Operands */
struct sk_arg {
	bool given;
	struct sk_slice text;
	struct sk_span span;
};
struct sk_opnd *sk_ast_field(struct sk_cond_cx *cx, struct sk_span span, struct sk_slice name, struct sk_arg arg);
struct sk_opnd *sk_ast_literal(struct sk_cond_cx *cx, struct sk_span span, struct sk_slice text);
struct sk_opnd *sk_ast_quoted(struct sk_cond_cx *cx, struct sk_span span, struct sk_slice text);
struct sk_opnd *sk_ast_number(struct sk_cond_cx *cx, struct sk_span span, struct sk_slice text);
struct sk_opnd *sk_ast_xform(struct sk_cond_cx *cx, struct sk_span span, enum sk_xform xform, struct sk_opnd_seq *args,
			     struct sk_arg arg);
struct sk_opnd *sk_ast_list(struct sk_cond_cx *cx, struct sk_span span, struct sk_opnd_seq *items);
struct sk_opnd_seq *sk_ast_items(struct sk_cond_cx *cx);
struct sk_opnd_seq *sk_ast_items_add(struct sk_cond_cx *cx, struct sk_opnd_seq *items, struct sk_opnd *next);
struct sk_opnd_seq *sk_ast_items_comma(struct sk_opnd_seq *items, struct sk_span comma);
void sk_ast_result(struct sk_cond_cx *cx, struct sk_cond *cond, struct sk_opnd *opnd);

/* Parse SPAN of the text as one field or transformer call; NULL after an error, reported under CODE. */
struct sk_opnd *sk_opnd_parse(const struct sk_parse *p, struct sk_span span, enum sk_diag_code code);

#endif
