/* The live probe: loads the programs of probe/bpf, reads their rings. One instance a process; two processes do not disturb each other. */
#ifndef SK_LIVE_PROBE_H
#define SK_LIVE_PROBE_H

#include "base/slice.h"

#include <saker/event.h>
#include <saker/lists.h>
#include <saker/live.h>

struct sk_live;

/* What is wanted of an event type. */
enum sk_live_want {
	SK_WANT_NONE,
	SK_WANT_STATE,   /* rules cannot match it; it keeps state right */
	SK_WANT_SUCCESS, /* only calls that succeeded can match */
	SK_WANT_ALL
};

struct sk_live_opts {
	size_t sz; /* sizeof(struct sk_live_opts) */
	const uint8_t *want;   /* [SK_EVENT_LIMIT], enum sk_live_want */
	uint32_t ring_bytes;   /* of each CPU; a power of two, at least a page; 0: the default */
	uint32_t snaplen;      /* bytes of data kept of reads and writes; 0: 80 */
	const char *break_program; /* test switch: this program is replaced by one that every kernel refuses; may be NULL */
	void (*warn)(void *arg, const char *text); /* one line without end; may be NULL */
	/* A thread that the reader may not know tells of itself before its first event: EV is as an execve event of it would be, with the working directory. Called
	 * within sk_live_next(). May be NULL. Nothing comes before Linux 5.11. */
	void (*thread)(void *arg, const struct sk_event *ev);
	void *arg; /* of both */
};
#define SK_LIVE_RING_DEFAULT (4u << 20)

struct sk_live_error {
	char text[512];
};

/* Losses, exactly: every event that was to be sent has a number. */
struct sk_live_stats {
	uint64_t sent;      /* events numbered by the kernel's side, lost ones included */
	uint64_t read;      /* events handed on */
	uint64_t missing;   /* numbers that never arrived, as the reader sees it */
	uint64_t lost[SK_LIVE_LOSSES]; /* the same by cause, as the kernel's side counted */
	uint32_t refused_programs;
	uint64_t clock_steps; /* how often the time of day was set */
	int64_t clock_step;   /* by how much the last time, ns */
};

/* Load and attach what OPTS wants. Events flow into the rings from here on. 0, or a negative errno with *RETERR: -EPERM without privileges, -ENOTSUP where
 * the kernel lacks BTF or rings, … */
int sk_live_open(const struct sk_live_opts *opts, struct sk_live **ret, struct sk_live_error *reterr);
void sk_live_close(struct sk_live *l);
/* No event comes any more; those in the rings can still be read. */
void sk_live_stop(struct sk_live *l);
/* The next event in order of time over all CPUs. 1 with *RET, valid until the next call; 0: none now. num is not set. */
int sk_live_next(struct sk_live *l, struct sk_event *ret);
/* Sleep a little longer the longer nothing came; at most some milliseconds, less when a signal arrives. */
void sk_live_wait(struct sk_live *l);
/* Take part of losses into account that no later event has shown yet, and return all. */
void sk_live_stats(struct sk_live *l, struct sk_live_stats *ret);
/* Lost events of one type. */
uint64_t sk_live_lost_of(struct sk_live *l, uint32_t type);
/* Program that reports system call NAME is loaded. */
bool sk_live_reports(const struct sk_live *l, const char *name);

/* --- procs.c --------------------------------------------------------------------------------------------------------------- */
/* Describe this machine as the lists of a capture do: machine, interfaces, users, groups, processes with their descriptors. Processes that end meanwhile are
 * left out. 0 or a negative errno when /proc cannot be read at all. */
int sk_live_scan(const struct sk_list_sink *sink);
/* One process: the thread TID, with the descriptors of its process where FDS. False when it is gone. */
bool sk_live_scan_thread(const struct sk_list_sink *sink, int64_t tid, bool fds);

#endif
