/* Resident memory of a replay: usage: rss CAPTURE BUNDLE EVENTS. Prints it after the first tenth of EVENTS and at the end, and what the state holds. */
#include "daemon/engine.h"
#include "probe/scap/scap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static long
rss_kb(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long total, pages = 0;

	if (f) {
		if (fscanf(f, "%ld %ld", &total, &pages) != 2)
			pages = 0;
		(void)fclose(f);
	}
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void
print(const char *when, struct sk_engine *engine)
{
	const struct sk_state_stats *s = sk_state_stats(sk_engine_state(engine));

	printf("  %-14s %7ld kB; threads %llu, descriptors %llu, strings %llu (%llu bytes), containers %llu\n", when, rss_kb(), (unsigned long long)s->threads,
	       (unsigned long long)s->fds, (unsigned long long)s->strings, (unsigned long long)s->string_bytes, (unsigned long long)s->containers);
}

static int
replay(const char *path, const struct sk_bundle *bundle, uint64_t events)
{
	const struct sk_engine_opts opts = { .sz = sizeof(opts), .mode = SK_MATCH_FIRST };
	struct sk_engine *engine;
	struct sk_list_sink sink;
	struct sk_scap_error err = { 0 };
	struct sk_scap *capture;
	struct sk_event ev;
	char text[256];
	uint64_t n = 0;
	long early = 0, late;

	if (sk_engine_new(bundle, &opts, &engine, text, sizeof(text)) < 0) {
		fprintf(stderr, "%s\n", text);
		return 1;
	}
	sink = sk_engine_sink(engine);
	if (sk_scap_open(path, &sink, &capture, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		sk_engine_free(engine);
		return 1;
	}
	print("at the start", engine);
	while (sk_scap_next(capture, &ev, &err) == SK_SCAP_EVENT) {
		(void)sk_engine_event(engine, &ev);
		if (++n == events / 10) {
			early = rss_kb();
			print("after 10 %", engine);
		}
	}
	late = rss_kb();
	print("at the end", engine);
	printf("  growth after the first tenth: %+ld kB over %llu events\n", late - early, (unsigned long long)(n - events / 10));
	sk_scap_close(capture);
	sk_engine_free(engine);
	return err.text[0] != '\0';
}

int
main(int argc, char **argv)
{
	struct sk_bundle *bundle;
	struct sk_reject why;
	int r;

	if (argc != 4) {
		fprintf(stderr, "usage: rss CAPTURE BUNDLE EVENTS\n");
		return 2;
	}
	if (sk_bundle_open_file(argv[2], &bundle, &why) < 0) {
		fprintf(stderr, "%s: %s\n", argv[2], why.text);
		return 1;
	}
	printf("%s:\n", argv[1]);
	r = replay(argv[1], bundle, (uint64_t)atoll(argv[3]));
	sk_bundle_close(bundle);
	return r;
}
