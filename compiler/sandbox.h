/* What a compilation needs after its inputs are read is memory, standard error and one output: everything else is given up. */
#ifndef SK_SANDBOX_H
#define SK_SANDBOX_H

/* Give up identity (root becomes nobody) and all system calls but reading and writing open descriptors and memory management. 0 or a negative errno; what a kernel or a sanitizer cannot
 * do is left out and no error. */
int sk_sandbox_enter(void);

#endif
