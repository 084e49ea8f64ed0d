/* From the graph to programs: one unit is one program, shared by the event types for which the same rules with the same residual conditions remain. */
#ifndef SK_PLAN_H
#define SK_PLAN_H

#include "compiler/event_set.h"
#include "compiler/ir.h"

struct sk_plan_rule {
	uint32_t rule; /* index in g->rules: the block's place in the order of matching */
	uint32_t root; /* what is left of the condition for these types */
};

/* Candidates by one value: member i of the table (a constant of the graph, in the form that tables of this kind hold) selects blocks lists[i], ascending. */
struct sk_plan_select {
	uint32_t value;
	enum sk_select_kind kind;
	enum sk_vkind set_kind;
	uint32_t *members;
	uint32_t nmembers;
	struct {
		uint32_t *v;
		uint32_t n;
	} *lists;
	uint32_t *all; /* GRAMS: the blocks of all lists */
	uint32_t nall;
};

struct sk_unit {
	enum sk_source source;
	struct sk_event_set types;
	struct sk_plan_rule *rules; /* ascending: block i is rules[i] */
	uint32_t nrules;
	/* select.c */
	bool *selected;             /* by block: some table finds it, so it is not always a candidate; NULL: none */
	struct sk_plan_select *selects;
	uint32_t nselects;
	/* share.c: nodes that are remembered, ascending; memo i belongs to memos[i] */
	uint32_t *memos;
	uint32_t nmemos;
};

/* Passes that can be left out, for tests and for finding out which one is wrong. */
enum sk_pass {
#define SK_PASS(sym, name, doc) SK_PASS_##sym,
#include "compiler/passes/passes.def"
#undef SK_PASS
	SK_PASS_COUNT
};

struct sk_plan {
	struct sk_ir_graph *g;
	bool off[SK_PASS_COUNT];
	SK_VEC(struct sk_unit *) units; /* in order of the first event type that runs them */
};

/* The pass of this name, or SK_PASS_COUNT. */
enum sk_pass sk_pass_find(struct sk_slice name);
const char *sk_pass_name(enum sk_pass p);

/* passes/: each changes the plan's graph or units in place. False when out of memory. */
bool sk_pass_simplify(struct sk_plan *p);
bool sk_pass_specialise(struct sk_plan *p);
bool sk_pass_select(struct sk_plan *p);
bool sk_pass_share(struct sk_plan *p);
/* All of them, in the order of passes.def. */
bool sk_plan_make(struct sk_plan *p);

/* plan_print.c: the conditions after the passes over the graph, then what is left of them in each program. Appends to OUT. */
struct sk_buf;
void sk_plan_print(const struct sk_plan *p, struct sk_buf *out);

/* fold.c: what is known of a value for every event of a type. */
/* CALL: a text that is the name of some system call. */
enum sk_known { SK_KNOWN_NOTHING, SK_KNOWN_ABSENT, SK_KNOWN_TEXT, SK_KNOWN_BOOL, SK_KNOWN_CALL };
struct sk_known_value {
	enum sk_known known;
	struct sk_slice text;
	bool b;
};
struct sk_known_value sk_fold_value(const struct sk_ir_graph *g, uint32_t value, enum sk_source source, uint32_t type);
/* 1 if test T holds for every event of the type, 0 if for none, -1 if that depends. */
int sk_fold_test(const struct sk_ir_graph *g, const struct sk_ir *t, enum sk_source source, uint32_t type);
/* Rules of SOURCE can be shown events of TYPE. */
bool sk_type_is_delivered(enum sk_source source, uint32_t type);

/* field_types.c: true if no event of TYPE has a value of F, whatever its argument. */
bool sk_type_lacks_field(const struct sk_field_desc *f, uint32_t type);

/* lower.c: the program of a unit. Arrays are on the heap, freed with sk_code_free(). */
struct sk_lowered_insn {
	uint8_t op, mod;
	uint32_t a;    /* value of the graph, or memo bit */
	uint32_t node; /* test: the node that holds the operand b; 0: none */
	uint32_t b;    /* rule or select number, where there is no node */
	uint32_t t, f;
	uint32_t rule; /* index in g->rules, for the source map */
};
struct sk_code {
	SK_VEC(struct sk_lowered_insn) insns;
	uint32_t *blocks;
	bool failed;    /* out of memory */
	bool too_large; /* more than SK_MAX_CODE instructions: incomplete */
};
bool sk_lower(const struct sk_plan *p, const struct sk_unit *u, struct sk_code *ret);
void sk_code_free(struct sk_code *c);

#endif
