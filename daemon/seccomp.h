/* The filter of system calls that the daemon lives under once it runs: what a hostile event, capture or file name that found a
 * hole could still do.
 *
 * Three answers:
 *   - calls that the daemon makes are allowed, some with certain arguments only: files are opened for reading unless an output
 * writes one, memory never becomes executable, sockets are local ones, bpf(2) touches tables and loads nothing, new tasks are
 * threads;
 *   - calls that only an intruder makes (execve, ptrace, mount, setns, loading kernel modules …) end the process at once, with
 *     SIGSYS in the log of the service manager. Going on would mean to trust a process that is not ours any more;
 *   - every other call fails with EPERM, and the first of each number is said on standard error. A libc of next year that tries a
 * call which nobody foresaw must not end the protection of a host: nearly all of them have a way back, and the message is what a
 * bug report needs.
 *
 * Nothing that runs under the filter starts a program: the compiler runs before. */
#ifndef SK_DAEMON_SECCOMP_H
#define SK_DAEMON_SECCOMP_H

#include <stdbool.h>

struct sk_filter_opts {
	bool bpf;         /* read and write BPF tables */
	bool local;       /* sockets of this machine: syslog, container runtimes */
	bool write_files; /* open and create files for writing: an output that is opened again */
};

/* Put all threads under the filter, for good; needs no privilege. 0 or a negative errno: -ENOTSUP when this kernel has no
 * filters. */
int sk_filter_enter(const struct sk_filter_opts *opts);

#endif
