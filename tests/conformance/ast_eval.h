/* A second evaluator: walks the tree of a condition and compares by the plainest code there is. Shares nothing with the compiler
 * behind the parser, nor with the machine. */
#ifndef SK_TESTS_AST_EVAL_H
#define SK_TESTS_AST_EVAL_H

#include "grammar/ast.h"

#include <saker/vm.h>

/* The value of a field as written (text without argument, argument or an empty slice); kind NONE is absent. */
typedef struct sk_value (*sk_ast_load_fn)(void *ctx, const struct sk_field_desc *field, bool has_arg, struct sk_slice arg);

/* Does C hold? It compiles (nothing is checked here), and no macros or list names are left in it. ARENA is for texts that
 * transformers make. */
bool sk_ast_eval(const struct sk_cond *c, sk_ast_load_fn load, void *ctx, struct sk_arena *arena);
/* False where C has parts that the evaluator has no honest answer for; each is named in ast_eval.c. */
bool sk_ast_known(const struct sk_cond *c);
/* Type of the parameter NAME (evt.rawarg.NAME): of the first event that has one. */
enum sk_ptype sk_ast_param_type(struct sk_slice name);

#endif
