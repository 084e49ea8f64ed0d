/* The typed, hash-consed boolean graph that the rules of a bundle share. Equal sub-expressions of the whole rule set are one node; nodes are numbered in order of
 * creation and a node's operands have lower numbers, so every pass is a loop. */
#ifndef SK_IR_H
#define SK_IR_H

#include "compiler/ruleset.h"

#include <saker/bundle.h>
#include <saker/vm.h>

/* --- values: fields, transformer calls, constants -------------------------------------------------------------------------- */
enum sk_irv_kind { SK_IRV_FIELD, SK_IRV_XFORM, SK_IRV_CONST };

struct sk_irv {
	enum sk_irv_kind kind;
	enum sk_vkind vkind; /* of the value or its elements */
	bool is_list;
	enum sk_ptype type;
	/* FIELD */
	const struct sk_field_desc *field;
	uint8_t arg; /* enum sk_value_arg */
	uint64_t index;
	struct sk_slice key;
	bool multi_any, multi_ends; /* several values: SK_FF_ANY without argument, SK_FF_ENDS */
	/* XFORM */
	enum sk_xform xform;
	uint32_t *args; /* value numbers */
	uint32_t nargs;
	struct sk_slice xarg;
	/* CONST: scalar in num/text/ip, list in args */
	uint64_t num;
	struct sk_slice text; /* STR, BYTES; IP and NET: address bytes */
	uint8_t ip, prefix;
	uint32_t cost; /* rough ns to load, for ordering */
};

/* --- tests and connectives ------------------------------------------------------------------------------------------------- */
enum sk_ir_kind { SK_IR_FALSE, SK_IR_TRUE, SK_IR_TEST, SK_IR_NOT, SK_IR_AND, SK_IR_OR };

enum sk_ir_rhs { SK_IRR_NONE, SK_IRR_VALUE, SK_IRR_SET, SK_IRR_PATHS, SK_IRR_PREFIXES, SK_IRR_PATTERN, SK_IRR_MULTI };

struct sk_ir {
	enum sk_ir_kind kind;
	/* AND, OR: sorted by number, unique, two or more; NOT: one (never a NOT) */
	uint32_t *kids;
	uint32_t nkids;
	/* TEST */
	uint8_t op;   /* SK_OP_* test */
	uint8_t mod;  /* SK_MOD_* */
	uint32_t lhs; /* value */
	enum sk_ir_rhs rhs_kind;
	uint32_t rhs; /* VALUE: value; PATTERN: index into patterns */
	uint32_t *members; /* SET, PATHS, PREFIXES: constant values in order of first occurrence; MULTI: operands */
	uint32_t nmembers;
	bool interned; /* members are the graph's own, from sk_ir_members() */
	enum sk_vkind set_kind;
	uint8_t multi_op, multi_mod;
	enum sk_quant quant;
	uint32_t cost;  /* expected ns to evaluate */
	uint32_t p_true; /* guess of how often it holds, in 1/4096: whole numbers, so that every machine orders alike */
	struct sk_loc loc; /* first place it was written */
};

/* An output template with its fields resolved. */
struct sk_ir_piece {
	struct sk_slice text; /* literal; or the field as it was written: its key in output_fields */
	uint32_t value;       /* of the graph; SK_IR_LITERAL: literal text */
	uint32_t width;
	enum sk_ptype type;
	enum sk_pfmt fmt;
	uint8_t use; /* enum sk_piece_use of the bundle */
};
#define SK_IR_LITERAL UINT32_MAX
struct sk_ir_output {
	struct sk_slice text; /* as written */
	struct sk_ir_piece *pieces;
	uint32_t npieces;
};

struct sk_ir_rule {
	struct sk_rule_ast *rule;
	uint32_t root; /* node */
	struct sk_ir_output output;
};

struct sk_ir_graph {
	struct sk_compile *cx;
	SK_VEC(struct sk_irv) values;
	SK_VEC(struct sk_ir) nodes; /* 0 is FALSE, 1 is TRUE */
	SK_VEC(struct sk_slice) patterns;
	SK_VEC(struct sk_ir_rule) rules;
	SK_VEC(struct sk_ir_output) extra_outputs; /* templates that belong to no rule (append_output) */
	struct sk_ir_index *index; /* hash-consing tables, private to ir.c */
};

struct sk_ir_graph *sk_ir_new(struct sk_compile *cx);
/* Number of a value equal to V, added if new. */
uint32_t sk_ir_value(struct sk_ir_graph *g, const struct sk_irv *v);
/* The graph's one copy of these N members, for any number of tests. UNIQUE: without those that occurred before; *RET_N is how many are left. NULL when out of memory. */
uint32_t *sk_ir_members(struct sk_ir_graph *g, const uint32_t *v, uint32_t n, bool unique, uint32_t *ret_n);
/* Connectives fold constants, flatten, drop duplicates and find x and not x. */
uint32_t sk_ir_test(struct sk_ir_graph *g, const struct sk_ir *test);
uint32_t sk_ir_not(struct sk_ir_graph *g, uint32_t x);
uint32_t sk_ir_and(struct sk_ir_graph *g, const uint32_t *kids, uint32_t n);
uint32_t sk_ir_or(struct sk_ir_graph *g, const uint32_t *kids, uint32_t n);
/* Number of the pattern TEXT (what the machine's regular expression library compiles). */
uint32_t sk_ir_pattern(struct sk_ir_graph *g, struct sk_slice text);

/* ir_print.c: text of node N and of value V, for dump --ir and golden tests. Appends to OUT. */
struct sk_buf;
void sk_ir_print(const struct sk_ir_graph *g, uint32_t n, struct sk_buf *out);
void sk_ir_print_value(const struct sk_ir_graph *g, uint32_t v, struct sk_buf *out);

/* cost.c: what a value costs to load, a test to evaluate, and how often it holds. Guesses, used for ordering only: never for meaning. */
uint32_t sk_cost_value(const struct sk_ir_graph *g, const struct sk_irv *v);
void sk_cost_node(const struct sk_ir_graph *g, struct sk_ir *n);
/* passes/order.c: kids of an AND or OR in the cheapest order of evaluation: ascending cost per chance to decide, ties by number. ORDER has room for nkids. */
void sk_cost_order(const struct sk_ir_graph *g, const struct sk_ir *n, uint32_t *order);

/* sema.c: type-check conditions and outputs of RS and build the graph. Rules with errors are marked bad; g->rules holds the others, in order. NULL only when out of
 * memory. */
struct sk_ir_graph *sk_sema(struct sk_compile *cx, struct sk_ruleset *rs);
/* Add an output template that belongs to no rule. Findings have no place in a file. */
void sk_sema_extra_output(struct sk_ir_graph *g, const struct sk_text *text);

#endif
