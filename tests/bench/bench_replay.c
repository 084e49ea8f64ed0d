/* Time of a replay, split into reading, state and evaluation. usage: bench_replay CAPTURE BUNDLE [rounds]
 * Each round replays three times: reading only; reading and state; all of it. Figures are the medians of the rounds, in ns of CPU an event (all threads). */
#include "daemon/engine.h"
#include "probe/scap/scap.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum stage { READ, STATE, ALL, NSTAGES };

static double
cpu_seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Replay once; the number of events, or 0 after an error. */
static uint64_t
replay(const char *path, const struct sk_bundle *bundle, enum stage stage, uint64_t *ret_matches)
{
	const struct sk_engine_opts opts = { .sz = sizeof(opts), .mode = SK_MATCH_FIRST };
	struct sk_engine *engine = NULL;
	struct sk_list_sink sink = { 0 };
	struct sk_scap_error err;
	struct sk_scap *capture;
	struct sk_event ev;
	char text[256];
	uint64_t n = 0;

	*ret_matches = 0;
	if (stage != READ) {
		if (sk_engine_new(bundle, &opts, &engine, text, sizeof(text)) < 0)
			return 0;
		sk_engine_evaluate(engine, stage == ALL);
		sink = sk_engine_sink(engine);
	}
	if (sk_scap_open(path, &sink, &capture, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		sk_engine_free(engine);
		return 0;
	}
	for (; sk_scap_next(capture, &ev, &err) == SK_SCAP_EVENT; n++)
		if (engine)
			*ret_matches += sk_engine_event(engine, &ev);
	sk_scap_close(capture);
	sk_engine_free(engine);
	return n;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	static const char *const names[NSTAGES] = { "reading", "state", "evaluation" };
	int rounds = argc > 3 ? atoi(argv[3]) : 5;
	double ns[NSTAGES][64], before = 0;
	uint64_t events = 0, matches = 0;
	struct sk_bundle *bundle;
	struct sk_reject why;

	if (argc < 3 || rounds < 1 || rounds > 64) {
		fprintf(stderr, "usage: bench_replay CAPTURE BUNDLE [rounds, at most 64]\n");
		return 2;
	}
	if (sk_bundle_open_file(argv[2], &bundle, &why) < 0) {
		fprintf(stderr, "%s: %s\n", argv[2], why.text);
		return 1;
	}
	for (int r = 0; r < rounds; r++)
		for (int s = 0; s < NSTAGES; s++) {
			double start = cpu_seconds();

			events = replay(argv[1], bundle, (enum stage)s, &matches);
			if (!events)
				return 1;
			ns[s][r] = (cpu_seconds() - start) * 1e9 / (double)events;
		}
	printf("%s: %llu events, %llu matches, dispatch %s\n", argv[1], (unsigned long long)events, (unsigned long long)matches, sk_vm_dispatch());
	for (int s = 0; s < NSTAGES; s++) {
		qsort(ns[s], (size_t)rounds, sizeof(ns[s][0]), by_value);
		printf("  %-10s %7.1f ns an event\n", names[s], ns[s][rounds / 2] - before);
		before = ns[s][rounds / 2];
	}
	struct rusage usage;
	(void)getrusage(RUSAGE_SELF, &usage);
	printf("  %-10s %7.1f ns an event, %.3f s; peak memory %ld kB\n", "total", before, before * (double)events / 1e9, usage.ru_maxrss);
	sk_bundle_close(bundle);
	return 0;
}
