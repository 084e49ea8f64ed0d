/* One compilation as tests see it: rule files in, findings out. */
#ifndef SK_TEST_PIPELINE_H
#define SK_TEST_PIPELINE_H

#include "compiler/ruleset.h"

struct pipeline {
	struct sk_compile cx;
	struct sk_ruleset rs;
	bool fine; /* ran to its end */
	const struct sk_ir_graph *graph;
};

/* True if conditions and outputs are checked as well, not only loaded. */
bool pipeline_checks_conditions(void);
/* Compile N files, in order. NAMES is what findings call them. End with pipeline_end(). */
void pipeline_run(struct pipeline *p, const struct sk_slice *names, const struct sk_slice *texts, size_t n);
/* The same in a dialect. */
void pipeline_run_as(struct pipeline *p, enum sk_dialect dialect, const struct sk_slice *names, const struct sk_slice *texts, size_t n);
/* The same for one text. */
void pipeline_run_text(struct pipeline *p, const char *text);
/* Lint what ran, as `sakerc check --lint=SPEC` does. False if SPEC is none. */
bool pipeline_lint(struct pipeline *p, struct sk_slice spec);
void pipeline_end(struct pipeline *p);
/* Findings with this code. */
size_t pipeline_count(struct pipeline *p, enum sk_diag_code code);
/* Contents of a file on the heap (p NULL if it cannot be read). */
struct sk_slice pipeline_read(const char *path);

#endif
