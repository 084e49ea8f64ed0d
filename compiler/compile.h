/* The whole compiler as one function. */
#ifndef SK_COMPILE_H
#define SK_COMPILE_H

#include "base/buf.h"
#include "compiler/plan.h"

struct sk_compile_input {
	struct sk_slice name, text; /* valid until sk_compilation_free() */
	const char *error;          /* why the file could not be read, or NULL */
};

struct sk_compile_job {
	const struct sk_compile_input *inputs; /* rule files in order */
	size_t ninputs;
	const struct sk_slice *extra_outputs; /* templates compiled behind those of the rules; found in the bundle by their text */
	size_t nextra_outputs;
	bool off[SK_PASS_COUNT]; /* passes to leave out */
	bool deny[SK_DIAG_COUNT]; /* warnings that are errors */
	enum sk_dialect dialect;
	struct sk_slice only;     /* the one rule to compile; empty: all */
	bool lint[SK_DIAG_COUNT]; /* lints to run with check_only: see lint/lint.h */
	bool check_only;         /* stop when everything is known to be right */
	bool keep_going;         /* compile the rules that have no error although others have: for tests and tools, never for a host */
};

/* What came out of a job. Everything in it lives in one arena, and points at cx: it stays where it is. */
struct sk_compilation {
	struct sk_compile cx;
	struct sk_arena *arena, *findings; /* findings have their own: what is said of a compilation that ran out of memory needs some */
	struct sk_diags *diags;    /* findings; NULL only when out of memory */
	struct sk_ruleset *rs;
	struct sk_ir_graph *graph; /* NULL after an error that stopped everything */
	struct sk_plan *plan;      /* NULL likewise, or with check_only */
};

/* Compile. 0, with the bundle in OUT (not with check_only) if there is no error among the findings; -EINVAL if there is (and not keep_going); -ENOMEM; -E2BIG when a rule set is beyond a limit of
 * the bundle format. RET is always filled in and must be freed. */
int sk_compile_run(const struct sk_compile_job *job, struct sk_compilation *ret, struct sk_buf *out);
void sk_compilation_free(struct sk_compilation *c);

#endif
