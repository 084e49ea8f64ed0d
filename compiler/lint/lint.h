/* Lints: what is legal and probably not meant. They run on request only (`sakerc check`), never on the way to a bundle. */
#ifndef SK_LINT_H
#define SK_LINT_H

#include "compiler/ir.h"

/* Look for the findings with ON[code] set in the rules of G, and add them to cx->diags. Comments in the rule files ("# saker:
 * allow W0305") take away findings of all warnings, those of earlier stages included, also when nothing is on. False only when out of
 * memory. */
bool sk_lint(struct sk_compile *cx, struct sk_ruleset *rs, const struct sk_ir_graph *g, const bool *on);
/* True if ON names a lint. */
bool sk_lint_any(const bool *on);
bool sk_lint_is(enum sk_diag_code code);
/* Switch ON by SPEC, words with commas between: "default" (all but style), "all", "none", codes and groups (correct, cost,
 * style), which are added, and the same with - in front, which are taken away. What begins with a code or group begins with
 * nothing on. False if SPEC names something else. */
bool sk_lint_select(bool *on, struct sk_slice spec);

#endif
