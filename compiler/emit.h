/* From plan to bundle. */
#ifndef SK_EMIT_H
#define SK_EMIT_H

#include "compiler/plan.h"
#include "vm/bundle/builder.h"

struct sk_emit {
	struct sk_plan *plan;
	const struct sk_ruleset *rs;
	struct sk_builder *b;
	uint32_t *value_of;   /* by value of the graph: builder number + 1; 0: not used yet */
	uint32_t *operand_of; /* by node: number of its set, trie, pattern or multi + 1 */
	uint32_t *line_of;    /* by node: line and column of its place */
	uint32_t *column_of;
	const uint8_t *may_fail;    /* sk_failed_calls() */
	const uint8_t *may_generic; /* sk_generic_calls() */
	uint32_t ncomputed;
	uint64_t ninsns;         /* of all programs so far */
	const struct sk_file *last_file; /* what sk_emit_input() was asked last */
	uint32_t last_input;
	bool failed;
};

/* emit_values.c: numbers in the bundle. */
uint32_t sk_emit_value(struct sk_emit *e, uint32_t value);
/* What instruction operand b of a test is. */
uint32_t sk_emit_operand(struct sk_emit *e, uint32_t node);

/* emit_rules.c: inputs, rules and outputs. */
void sk_emit_rules(struct sk_emit *e);
uint32_t sk_emit_input(struct sk_emit *e, const struct sk_file *f);

/* interest.c: what the programs of the plan need, for filters in the kernel. The first two: by node, what it may be for a call that failed, and
 * for a call that today has no event type of its own; in the arena, NULL when out of memory. */
uint8_t *sk_failed_calls(const struct sk_ir_graph *g);
uint8_t *sk_generic_calls(const struct sk_ir_graph *g);
void sk_emit_interest(struct sk_emit *e, const struct sk_unit *u, const struct sk_code *c);

/* Write the bundle of PLAN. 0; -ENOMEM; -E2BIG beyond a limit of the format. */
int sk_emit_bundle(struct sk_plan *plan, const struct sk_ruleset *rs, struct sk_buf *out);

#endif
