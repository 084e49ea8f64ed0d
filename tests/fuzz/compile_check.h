/* What must hold of the compiler whatever it is given. Ends the process (for libFuzzer: a finding) where it does not. */
#ifndef SK_TESTS_COMPILE_CHECK_H
#define SK_TESTS_COMPILE_CHECK_H

#include "base/buf.h"
#include "compiler/compile.h"

/* Append a rule named "c<number>" of this condition, in double quotes as YAML has them. */
void sk_fuzz_rule(struct sk_buf *out, uint32_t number, struct sk_slice condition);
/* Compile the rules of FILE that have no error. False if that is impossible. */
bool sk_fuzz_compile_some(struct sk_slice file, struct sk_buf *ret);
/* Compile FILE with and without code: both must come to the same findings, each with its place in the file; what compiles must be
 * accepted by the verifier, print, assemble from that text to a bundle that prints the same, and compile to the same bytes again.
 * True, with the image in RET, if it compiles. */
bool sk_fuzz_compile(struct sk_slice file, struct sk_buf *ret);

/* Format FILE, and what came out once more: the same. */
void sk_fuzz_format(struct sk_slice file);

#endif
