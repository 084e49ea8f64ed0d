/* A storm that a small ring cannot hold: every loss is counted, once as numbers that never came, once by the kernel's side; afterwards events come as before. And:
 * a program that the kernel refuses costs its own events only. */
#include "tests/probe/watch.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STORM = 50000, AFTER = 100 };

static int failures;

static void
expect(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "wrong: %s\n", what);
		failures++;
	}
}

/* On processor CPU, on any if negative. */
static pid_t
open_often(int n, int cpu)
{
	pid_t pid = fork();

	if (pid == 0) {
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET((size_t)(cpu < 0 ? 0 : cpu), &set);
		if (cpu >= 0)
			(void)sched_setaffinity(0, sizeof(set), &set);
		for (int i = 0; i < n; i++) {
			int fd = open("/dev/null", O_RDONLY);

			(void)close(fd);
		}
		_exit(0);
	}
	return pid;
}

static uint64_t
count(struct watch *w, pid_t pid, uint32_t type)
{
	struct sk_event ev;
	uint64_t n = 0;

	while (watch_next(w, pid, 0.3, &ev))
		n += ev.type == type;
	return n;
}

static void
storm(void)
{
	struct sk_live_stats st;
	struct watch w;
	int status;

	watch_open(&w, SK_WANT_ALL, 1u << 20, NULL);
	pid_t pid = open_often(STORM, -1);
	(void)waitpid(pid, &status, 0);
	watch_drain(&w);
	sk_live_stats(w.probe, &st);
	uint64_t lost = st.lost[SK_LOSS_RING] + st.lost[SK_LOSS_SIZE] + st.lost[SK_LOSS_PROGRAM], by_type = 0;
	expect(st.lost[SK_LOSS_RING] > 0, "the ring overflows");
	/* one on each processor, so that each ring shows its losses by a later number */
	for (int cpu = 0; cpu < (int)sysconf(_SC_NPROCESSORS_ONLN); cpu++) {
		pid = open_often(AFTER, cpu);
		expect(count(&w, pid, SK_E_SYSCALL_OPENAT_2_X) >= AFTER, "all events after the storm arrive");
		(void)waitpid(pid, &status, 0);
	}
	sk_live_stats(w.probe, &st);
	lost = st.lost[SK_LOSS_RING] + st.lost[SK_LOSS_SIZE] + st.lost[SK_LOSS_PROGRAM];
	for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++)
		by_type += sk_live_lost_of(w.probe, t);
	expect(st.missing == lost, "missing numbers are the counted losses");
	expect(by_type == lost, "losses by type add up");
	printf("storm: %llu sent, %llu read, %llu missing, %llu counted lost\n", (unsigned long long)st.sent, (unsigned long long)st.read,
	       (unsigned long long)st.missing, (unsigned long long)lost);
	watch_close(&w);
}

static void
broken_program(void)
{
	struct sk_event ev;
	struct watch w;
	uint64_t opens = 0, closes = 0;

	watch_open(&w, SK_WANT_ALL, 0, "x_openat");
	expect(strstr(w.warnings, "x_openat") != NULL, "the refused program is named");
	expect(strchr(w.warnings, '\n') == strrchr(w.warnings, '\n'), "nothing else is refused");
	expect(!sk_live_reports(w.probe, "openat") && sk_live_reports(w.probe, "close"), "one event is gone");
	pid_t pid = open_often(AFTER, -1);
	while (watch_next(&w, pid, 0.5, &ev)) {
		opens += ev.type == SK_E_SYSCALL_OPENAT_2_X;
		closes += ev.type == SK_E_SYSCALL_CLOSE_X;
	}
	expect(opens == 0 && closes >= AFTER, "the others arrive");
	(void)waitpid(pid, NULL, 0);
	watch_close(&w);
}

/* Events of all processors come in order of time. */
static void
order(void)
{
	struct sk_event ev;
	struct watch w;
	pid_t pids[4];
	uint64_t last = 0, wrong = 0, n = 0;

	watch_open(&w, SK_WANT_ALL, 8u << 20, NULL);
	for (int i = 0; i < 4; i++)
		pids[i] = open_often(2000, i % 2);
	for (int ended = 0, idle = 0; ended < 4 && idle < 500;) {
		if (!sk_live_next(w.probe, &ev)) {
			sk_live_wait(w.probe);
			idle++;
			continue;
		}
		n++;
		wrong += ev.ts < last;
		last = ev.ts;
		for (int i = 0; ev.type == SK_E_PROCEXIT_1_E && i < 4; i++)
			ended += ev.tid == pids[i];
	}
	for (int i = 0; i < 4; i++)
		(void)waitpid(pids[i], NULL, 0);
	expect(n >= 16000 && wrong == 0, "events are in order of time");
	printf("order: %llu events, %llu out of order\n", (unsigned long long)n, (unsigned long long)wrong);
	watch_close(&w);
}

int
main(void)
{
	storm();
	broken_program();
	order();
	return failures != 0;
}
