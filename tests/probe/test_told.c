/* A thread that ran before there was a probe tells of itself, once, before its first event. */
#include "tests/probe/watch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Parameters of execve events. */
enum { EXE = 1, ARGS = 2, PID = 4, CWD = 6, COMM = 13, CGROUPS = 14, UID = 26, EXEPATH = 27 };

static int failures;

static void
expect(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "wrong: %s\n", what);
		failures++;
	}
}

static struct sk_slice
bytes(const struct sk_event *ev, uint32_t param)
{
	return sk_slice((const char *)sk_ev_ptr(ev, param), sk_ev_len(ev, param));
}

/* Without the NUL that ends it. */
static void
expect_text(const struct sk_event *ev, uint32_t param, const char *want)
{
	struct sk_slice got = bytes(ev, param);

	got.n -= got.n > 0;
	if (sk_slice_is(got, want))
		return;
	fprintf(stderr, "wrong: parameter %u is \"%.*s\", not \"%s\"\n", param, SK_SLICE_ARG(got), want);
	failures++;
}

static struct {
	pid_t pid;
	int told;
	const char *dir, *self;
} child;

static void
on_thread(void *arg, const struct sk_event *ev)
{
	(void)arg;
	if (ev->tid != child.pid)
		return;
	child.told++;
	expect(ev->type == SK_E_SYSCALL_EXECVE_19_X, "the form of an execve event");
	expect_text(ev, EXE, "sk-told");
	expect(sk_slice_eq(bytes(ev, ARGS), SK_SLICE("one\0two\0")), "arguments");
	expect_text(ev, CWD, child.dir);
	expect_text(ev, EXEPATH, child.self);
	expect_text(ev, COMM, "test_probe_told");
	expect(sk_ev_int(ev, PID, 0) == child.pid, "pid");
	expect(sk_ev_uint(ev, UID) == getuid(), "uid");
	expect(strncmp((const char *)sk_ev_ptr(ev, CGROUPS), "cpuset=/", 8) == 0, "cgroups");
	expect(ev->facts && ev->facts->pid == child.pid && ev->facts->ptid == getpid(), "facts");
}

/* This program again as "sk-told one two", which opens a file at every byte that it is sent. */
static pid_t
start(int *ret_fd)
{
	int to[2];

	if (pipe(to) < 0)
		exit(1);
	pid_t pid = fork();
	if (pid < 0)
		exit(1);
	if (pid == 0) {
		if (dup2(to[0], 0) < 0 || close(to[1]) < 0 || chdir(child.dir) < 0)
			_exit(1);
		(void)execl(child.self, "sk-told", "one", "two", (char *)NULL);
		_exit(1);
	}
	(void)close(to[0]);
	*ret_fd = to[1];
	return pid;
}

static int
be_child(void)
{
	char c;

	while (read(0, &c, 1) == 1)
		(void)close(open("/dev/null", O_RDONLY));
	return 0;
}

static bool
sees_open(struct watch *w, int fd)
{
	struct sk_event ev;

	if (write(fd, "x", 1) != 1)
		return false;
	while (watch_next(w, child.pid, 5, &ev))
		if (ev.type == SK_E_SYSCALL_OPENAT_2_X)
			return true;
	return false;
}

static void
check(void)
{
	static struct watch w = { .on_thread = on_thread };
	int fd = -1;

	child.pid = start(&fd);
	(void)usleep(100000);
	watch_open(&w, SK_WANT_STATE, 4u << 20, NULL);
	expect(sees_open(&w, fd), "its event is seen");
	expect(child.told == 1, "it is told of before its first event");
	expect(sees_open(&w, fd) && child.told == 1, "it is told of once");
	(void)close(fd);
	(void)waitpid(child.pid, NULL, 0);
	watch_close(&w);
}

int
main(int argc, char **argv)
{
	char dir[] = "/tmp/sk-told.XXXXXX", self[4096];

	if (argc == 3 && strcmp(argv[0], "sk-told") == 0)
		return be_child();
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0 || !mkdtemp(dir))
		return 1;
	self[n] = '\0';
	child.dir = dir;
	child.self = self;
	check();
	(void)rmdir(dir);
	if (!failures)
		puts("one thread, told of once");
	return failures ? 1 : 0;
}
