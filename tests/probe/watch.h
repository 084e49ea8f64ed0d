/* What the tests of the probe share: a probe that watches one child process of the test. */
#ifndef SK_TESTS_WATCH_H
#define SK_TESTS_WATCH_H

#include "base/schema.h"
#include "probe/live/live.h"

#include <sys/types.h>

struct watch {
	struct sk_live *probe;
	uint8_t want[SK_EVENT_LIMIT];
	char warnings[2048]; /* all of them, a line each */
	void (*on_thread)(void *arg, const struct sk_event *ev); /* as in sk_live_opts, ARG is the watch; may be NULL */
};

/* Attach with WANT for all event types. Ends the program with 77 and the reason where this machine does not let us load BPF. RING and BROKEN as in sk_live_opts. */
void watch_open(struct watch *w, enum sk_live_want want, uint32_t ring, const char *broken);
void watch_close(struct watch *w);
/* The next event of thread TID, at most SECONDS later; false when none comes. */
bool watch_next(struct watch *w, pid_t tid, double seconds, struct sk_event *ret);
/* Read and drop what happened before the call. */
void watch_drain(struct watch *w);

#endif
