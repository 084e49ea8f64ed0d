/* Processes that come and go leave nothing behind: the state's counters after 50,000 events of make_forks are those of its start.
 * usage: test_forks BIN-DIR */
#include "daemon/state/state.h"
#include "tests/conformance/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool
same(const char *what, uint64_t start, uint64_t end)
{
	if (start == end)
		return true;
	fprintf(stderr, "%s: %llu at the start, %llu at the end\n", what, (unsigned long long)start, (unsigned long long)end);
	return false;
}

static bool
compare(const struct sk_state_stats *start, const struct sk_state_stats *end)
{
	bool ok = same("threads", start->threads, end->threads);

	ok = same("descriptors", start->fds, end->fds) && ok;
	ok = same("strings", start->strings, end->strings) && ok;
	ok = same("bytes of strings", start->string_bytes, end->string_bytes) && ok;
	ok = same("containers", start->containers, end->containers) && ok;
	ok = same("threads refused", 0, end->threads_refused) && ok;
	ok = same("threads made up", 0, end->fake_threads) && ok;
	ok = same("allocations that failed", 0, end->out_of_memory) && ok;
	return same("threads added and not removed", start->threads, end->threads_added - end->threads_removed) && ok;
}

struct watch {
	struct sk_state_stats start, last;
	uint64_t events, most; /* threads at a time */
};

static bool
watch(void *arg, struct sk_fields *f)
{
	struct watch *w = arg;

	w->last = *sk_state_stats(f->ec.state);
	if (!w->events++)
		w->start = w->last;
	if (w->last.threads > w->most)
		w->most = w->last.threads;
	return true;
}

static int
run(const char *path)
{
	struct watch w = { 0 };
	bool ok;

	if (sk_replay(path, watch, &w) != 0)
		return 1;
	ok = compare(&w.start, &w.last);
	printf("%llu events, %llu threads came and went, at most %llu at a time\n", (unsigned long long)w.events, (unsigned long long)w.last.threads_removed,
	       (unsigned long long)w.most);
	if (w.most <= w.start.threads) {
		fprintf(stderr, "no process was ever seen\n");
		ok = false;
	}
	return !ok;
}

int
main(int argc, char **argv)
{
	char path[] = "/tmp/saker-forks.XXXXXX", command[1024];
	int fd, r = 1;

	if (argc != 2 || (fd = mkstemp(path)) < 0)
		return 2;
	(void)close(fd);
	(void)snprintf(command, sizeof(command), "'%s/make_forks' '%s' 50000", argv[1], path);
	if (system(command) == 0) /* our own words, no input */
		r = run(path);
	(void)remove(path);
	return r;
}
