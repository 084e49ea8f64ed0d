/* What the programs in the kernel cost: a call made often on a CPU of its own, without the probe and with it. For people: sk_probe_cost [ROUNDS]. One line a
 * case: ns of CPU a call without, with, and what the probe adds. Each figure is the least of the rounds: what the machine does beside it only adds. */
#include "base/schema.h"
#include "probe/live/live.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CALLS = 20000 };

static void
call_getppid(void)
{
	(void)syscall(SYS_getppid);
}

static void
call_open(void)
{
	int fd = open("/etc/hostname", O_RDONLY);

	(void)syscall(SYS_close, fd);
}

static void
call_open_failed(void)
{
	(void)syscall(SYS_openat, AT_FDCWD, "/etc/no/such", O_RDONLY);
}

static void
call_read(void)
{
	char b[64];

	/* What it reads is not wanted; the compiler wants it looked at. */
	if (pread(5, b, sizeof(b), 0) < 0)
		return;
}

static const struct load {
	const char *what;
	void (*call)(void);
	uint16_t event;
	uint8_t want;
} loads[] = {
	{ "getppid, not wanted", call_getppid, SK_E_SYSCALL_SETSID_X, SK_WANT_ALL },
	{ "open and close, not wanted", call_open, SK_E_SYSCALL_SETSID_X, SK_WANT_ALL },
	{ "open that fails, failures not wanted", call_open_failed, SK_E_SYSCALL_OPENAT_2_X, SK_WANT_SUCCESS },
	{ "open (and close, not wanted)", call_open, SK_E_SYSCALL_OPENAT_2_X, SK_WANT_ALL },
	{ "close (and open, not wanted)", call_open, SK_E_SYSCALL_CLOSE_X, SK_WANT_ALL },
	{ "pread of a file", call_read, SK_E_SYSCALL_PREAD_X, SK_WANT_ALL },
};

static double
now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static void
pin(pid_t pid, size_t cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	(void)sched_setaffinity(pid, sizeof(set), &set);
}

/* ns a call, in a child on the second CPU; events are read meanwhile on the first. */
static double
run(const struct load *l, struct sk_live *probe, volatile double *result)
{
	struct sk_event ev;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		int fd = open("/etc/hostname", O_RDONLY);

		pin(0, 1);
		(void)dup2(fd, 5);
		for (int i = 0; i < CALLS / 10; i++)
			l->call();
		double start = now_ns();
		for (int i = 0; i < CALLS; i++)
			l->call();
		*result = (now_ns() - start) / CALLS;
		_exit(0);
	}
	while (waitpid(pid, &status, WNOHANG) == 0) {
		while (probe && sk_live_next(probe, &ev))
			;
		(void)usleep(500);
	}
	return *result;
}

static double
least(const struct load *l, struct sk_live *probe, int rounds, volatile double *result)
{
	double best = run(l, probe, result);

	for (int i = 1; i < rounds; i++) {
		double t = run(l, probe, result);

		best = t < best ? t : best;
	}
	return best;
}

static struct sk_live *
open_probe(const struct load *l)
{
	static uint8_t want[SK_EVENT_LIMIT];
	struct sk_live_opts o = { .sz = sizeof(o), .want = want, .ring_bytes = 16u << 20 };
	struct sk_live_error err;
	struct sk_live *ret;

	memset(want, 0, sizeof(want));
	want[l->event] = l->want;
	if (sk_live_open(&o, &ret, &err) == 0)
		return ret;
	fprintf(stderr, "%s\n", err.text);
	exit(1);
}

int
main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 10;
	volatile double *result = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (result == MAP_FAILED)
		return 1;
	pin(0, 0);
	for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
		double without = least(&loads[i], NULL, rounds, result);
		struct sk_live *probe = open_probe(&loads[i]);
		double with = least(&loads[i], probe, rounds, result);
		struct sk_live_stats st;

		sk_live_stats(probe, &st);
		printf("%-38s %7.0f ns %7.0f ns  +%4.0f ns  (%llu events, %llu lost)\n", loads[i].what, without, with, with - without, (unsigned long long)st.sent,
		       (unsigned long long)(st.lost[0] + st.lost[1] + st.lost[2]));
		sk_live_close(probe);
	}
	return 0;
}
