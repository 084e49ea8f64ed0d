/* Base layer: memory of the programs. */
#ifndef SK_MAPS_H
#define SK_MAPS_H

#include "native.h"
#include "read.h"
#include <saker/live.h>

enum {
#define SK_EVENT(num, sym, name, cat, flags) SK_E_##sym = (num),
#include <saker/events.def>
#undef SK_EVENT
	SK_EVENT_LIMIT_
};

/* SK_N_<EVENT>: how many parameters it has. */
#define SK_ONE(name, type, fmt, info, arg) +1
enum {
#define SK_EVENT(num, sym, name, cat, flags) SK_N_##sym = 0 SK_PARAMS_##sym(SK_ONE),
#include <saker/events.def>
#undef SK_EVENT
};

#define EVENTS_ 454u
#define PATH_DEPTH 64u
#define MASK (SK_LIVE_MAX - 1u)

struct component {
	__u64 name;
	__u64 len;
};

/* Where the event of a CPU is put together, from the dispatcher to the last program of its chain. Nothing else runs on the CPU in between: the hooks run with
 * preemption off, and no other program that uses it runs in interrupts. Every write goes to data + (position & MASK) and is at most SK_LIVE_MAX long, which
 * the double size proves to be inside; what ends beyond SK_LIVE_MAX is not sent. */
struct sk_scratch {
	__u64 args[6];
	__s64 ret;
	__u64 tid;
	__u32 pos; /* next free byte of data */
	__u32 n;   /* parameters so far */
	__u32 nfds;
	__u16 type, nparams;
	__u32 id;     /* x86_64 or aarch64 number of the call */
	__u32 compat; /* ABI_*; not native: pointers and lengths in the program's memory are 4 bytes */
	__u32 message; /* whose turn it is, of calls with several; 0 again: no more */
	__u32 facts;
	__u32 end; /* of the parameters */
	__u32 ncomp;
	__u32 zero;
	__s64 fds[SK_LIVE_FDS];
	__u64 dentry, mnt, aux; /* between programs and functions, where pointers have no type */
	struct component comp[PATH_DEPTH];
	__u8 data[2 * SK_LIVE_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* number of CPUs, set before load */
	__type(key, __u32);
	__type(value, struct sk_scratch);
} sk_scratches SEC(".maps");

struct sk_ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

/* CPU to its ring. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct sk_ring);
} sk_rings SEC(".maps");

/* Programs of the sys_exit hook: by call; then what follows them. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, SK_LIVE_CALLS);
	__type(key, __u32);
	__type(value, __u32);
} sk_calls SEC(".maps");

enum { NEXT_FINISH, NEXT_CLONE, NEXT_EXEC_FAILED, NEXT_COUNT };
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} sk_next SEC(".maps");

/* Programs between the dispatcher and the call's own, where the reader may not know the thread. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} sk_tell_next SEC(".maps");

/* Threads that the reader has been told of: those that have an entry. It goes with the thread. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} sk_told SEC(".maps");

/* Programs that follow the first one of sched_process_exec. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} sk_exec_next SEC(".maps");

struct sk_counts {
	__u64 seq; /* events that were to be sent */
	__u64 lost[SK_LIVE_LOSSES];
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sk_counts);
} sk_counters SEC(".maps");

/* Losses by event type. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENTS_);
	__type(key, __u32);
	__type(value, __u64);
} sk_lost_types SEC(".maps");

/* Set by the loader, some of it again while programs run. */
__u64 sk_wanted[SK_LIVE_CALLS / 64];        /* calls to report */
__u64 sk_wanted_failed[SK_LIVE_CALLS / 64]; /* calls to report even when they failed */
__u64 sk_clones[SK_LIVE_CALLS / 64];        /* calls that return in a new thread, too, whose event is all that is to tell of it */
__u64 sk_epoch;                             /* of the boot clock's zero, in ns */
__u32 sk_self;                              /* process whose events are left out */
__u32 sk_snaplen = 80;                      /* bytes of data kept */

const volatile bool sk_tells; /* threads are told of; from Linux 5.11 on */

/* x86 only: 32-bit call numbers to 64-bit ones, 65535 where there is none. */
const volatile __u16 sk_ia32[SK_LIVE_CALLS];
const volatile __u16 sk_sc[SK_LIVE_CALLS]; /* portable number of a call */

#endif
