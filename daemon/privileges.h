/* What the process may do: asked before live detection starts, given up once it runs. Linux capabilities; the filter of system
 * calls is seccomp.h. */
#ifndef SK_PRIVILEGES_H
#define SK_PRIVILEGES_H

#include <stddef.h>
#include <stdint.h>

/* Sets of capabilities: bit N is capability N of saker/caps.def. */
#define SK_CAP_BIT(n) (1ull << (n))
#define SK_CAP_DAC_OVERRIDE SK_CAP_BIT(1)
#define SK_CAP_DAC_READ_SEARCH SK_CAP_BIT(2)
#define SK_CAP_SETPCAP SK_CAP_BIT(8)
#define SK_CAP_SYS_PTRACE SK_CAP_BIT(19)
#define SK_CAP_SYS_ADMIN SK_CAP_BIT(21)
#define SK_CAP_PERFMON SK_CAP_BIT(38)
#define SK_CAP_BPF SK_CAP_BIT(39)

/* Live detection: the programs and their tables; what /proc says of other users' processes. */
#define SK_CAPS_LIVE (SK_CAP_BPF | SK_CAP_PERFMON | SK_CAP_SYS_PTRACE | SK_CAP_DAC_READ_SEARCH)
/* Replay: to open the capture that was named. */
#define SK_CAPS_REPLAY SK_CAP_DAC_READ_SEARCH

/* Capabilities that are in effect, 0 when they cannot be asked for. */
uint64_t sk_privileges_held(void);
/* At the start of the program: empty the ambient set, so that no child inherits what a service manager gave this process. */
void sk_privileges_begin(void);
/* What of SK_CAPS_LIVE the set HELD lacks. CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON, as in the kernel, and
 * CAP_DAC_OVERRIDE for CAP_DAC_READ_SEARCH. */
uint64_t sk_privileges_lacking(uint64_t held);
/* Names of SET, as in "CAP_BPF and CAP_PERFMON", to OUT (N bytes). */
void sk_privileges_names(uint64_t set, char *out, size_t n);
/* May this process detect live? 0, or -EPERM with a line in ERR (N bytes) that names what is missing and says what to do. */
int sk_privileges_check(char *err, size_t n);
/* Give up every capability but those of KEEP in all sets, empty the inheritable and the ambient one, and forbid new ones
 * (no_new_privs). A capability that is held in place of one of KEEP stays. Capabilities belong to threads: there must be no other
 * one yet. 0 or a negative errno. */
int sk_privileges_drop(uint64_t keep);
/* CAP_DAC_OVERRIDE if PATH, a file that is there, or its folder cannot be written without it but can be with it, else 0: a log
 * file of somebody else that is to be opened again. */
uint64_t sk_privileges_for_file(const char *path);

#endif
