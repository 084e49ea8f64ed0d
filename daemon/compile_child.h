/* Rule files become a bundle in a child process: sakerc, without privileges. A parser bug is never a bug of the daemon. */
#ifndef SK_COMPILE_CHILD_H
#define SK_COMPILE_CHILD_H

#include "base/buf.h"

#include <stddef.h>

/* Run `sakerc compile ARGS... -o -` and read the bundle from its standard output into IMAGE; its findings go to standard error.
 * ARGS ends with NULL. The program is looked for beside this one, then in PATH. 0; -EINVAL when it reported findings (exit 1);
 * another negative errno with a line in ERR (N bytes). */
int sk_compile_child(const char *const *args, struct sk_buf *image, char *err, size_t n);

/* One run of sakerc in the same way. */
struct sk_compiler_run {
	const char *const *args; /* with the command; ends with NULL. --sandbox is added */
	struct sk_slice input;   /* what the child reads as standard input; p NULL: whatever this process has */
	bool quiet;              /* its findings are known: nothing to standard error */
	uint32_t seconds;        /* how long it may take; 0: 120 */
};
int sk_compiler_run(const struct sk_compiler_run *run, struct sk_buf *out, char *err, size_t n);

/* Become `sakerc ARGS...` (ends with NULL): does not return when that works. */
void sk_compiler_exec(const char *const *args);

#endif
