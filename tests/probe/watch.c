#include "tests/probe/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
warn(void *arg, const char *text)
{
	struct watch *w = arg;
	size_t n = strlen(w->warnings);

	(void)snprintf(w->warnings + n, sizeof(w->warnings) - n, "%s\n", text);
}

void
watch_open(struct watch *w, enum sk_live_want want, uint32_t ring, const char *broken)
{
	struct sk_live_opts o = { .sz = sizeof(o), .want = w->want, .ring_bytes = ring, .break_program = broken, .warn = warn, .thread = w->on_thread, .arg = w };
	struct sk_live_error err;

	*w->warnings = '\0';
	memset(w->want, (int)want, sizeof(w->want));
	int r = sk_live_open(&o, &w->probe, &err);
	/* a dispatcher that this kernel refuses is our mistake and no reason to skip */
	if (r == -EPERM || (r == -ENOTSUP && !strstr(err.text, "refuses"))) {
		printf("skipped: %s\n", err.text);
		exit(77);
	}
	if (r < 0) {
		fprintf(stderr, "the probe cannot be opened: %s\n", err.text);
		exit(1);
	}
}

void
watch_close(struct watch *w)
{
	sk_live_close(w->probe);
	w->probe = NULL;
}

static double
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

bool
watch_next(struct watch *w, pid_t tid, double seconds, struct sk_event *ret)
{
	for (double end = now() + seconds; now() < end;) {
		if (!sk_live_next(w->probe, ret))
			sk_live_wait(w->probe);
		else if (ret->tid == tid)
			return true;
	}
	return false;
}

void
watch_drain(struct watch *w)
{
	struct sk_event ev;
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	uint64_t until = (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
	for (int idle = 0; idle < 5;) {
		if (!sk_live_next(w->probe, &ev)) {
			sk_live_wait(w->probe);
			idle++;
		} else if (ev.ts > until) {
			return;
		}
	}
}
