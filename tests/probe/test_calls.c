/* Every call of calls.def is made by a child; every parameter of its event is compared. */
#include "tests/probe/watch.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { FD_R = 5, FD_S = 6, FD_U = 7, FD_A = 8, FD_B = 9, FD_P = 10, FD_O = 12, FD_D = 13 };

static char buffer[256];
static int one = 1, four = 4;
static char zeros[128];
static struct timespec moment = { 0, 1000 };
static struct pollfd polls[1] = { { FD_R, POLLIN, 0 } };
static uint64_t how[3] = { O_RDONLY, 0, 8 };
static const struct sockaddr_in addr4 = { .sin_family = AF_INET, .sin_addr = { 0x0100007f } };
static const struct sockaddr_in addr4_closed = { .sin_family = AF_INET, .sin_port = 0x0100, .sin_addr = { 0x0100007f } };
static struct iovec iov[2] = { { (void *)(uintptr_t) "abc", 3 }, { (void *)(uintptr_t) "de", 2 } };
static char iov_in[2][4];
static struct mmsghdr mmsg = { { NULL, 0, iov, 2, NULL, 0, 0 }, 0 };
static char *argv_[] = { (char *)(uintptr_t) "zero", (char *)(uintptr_t) "one", (char *)(uintptr_t) "two", NULL };

#define A(...) { __VA_ARGS__ }
#define P(text) (long)(uintptr_t)(text)
#define B (long)(uintptr_t)buffer
#define ONE (long)(uintptr_t)&one
#define IOV (long)(uintptr_t)iov
#define ADDR4 (long)(uintptr_t)&addr4
#define ADDR4_CLOSED (long)(uintptr_t)&addr4_closed
#define FOUR (long)(uintptr_t)&four
#define ZERO (long)(uintptr_t)zeros
#define TS (long)(uintptr_t)&moment
#define POLLS (long)(uintptr_t)polls
#define HOW (long)(uintptr_t)how
#define MSG (long)(uintptr_t)&mmsg.msg_hdr
#define MMSG (long)(uintptr_t)&mmsg
#define ARGV (long)(uintptr_t)argv_
#define ENVP (long)(uintptr_t)(argv_ + 3)

struct test {
	const char *call;
	long nr, args[6];
	const char *event, *params;
};

#define CALL(call, args, event, params) { #call, SYS_##call, args, event, params },
static const struct test *
tests(size_t *n)
{
	static struct test list[512];
	const struct test all[] = {
#include "tests/probe/calls.def"
	};

	*n = sizeof(all) / sizeof(all[0]);
	memcpy(list, all, sizeof(all));
	return list;
}

/* --- the child ------------------------------------------------------------------------------------------------------------- */
static void
prepare(void)
{
	int r = open("file", O_RDWR | O_CREAT, 0600), s = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_INET, SOCK_DGRAM, 0);

	r = fcntl(r, F_DUPFD, 20);
	s = fcntl(s, F_DUPFD, 20);
	u = fcntl(u, F_DUPFD, 20);
	for (int i = 3; i < 20; i++)
		(void)close(i);
	int pair[2], ends[2], o, d;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || pipe(ends) < 0)
		_exit(1);
	for (int i = 0; i < 2; i++) {
		pair[i] = fcntl(pair[i], F_DUPFD, 30);
		ends[i] = fcntl(ends[i], F_DUPFD, 30);
	}
	o = fcntl(open("out", O_RDWR | O_CREAT, 0600), F_DUPFD, 30);
	d = fcntl(open(".", O_RDONLY | O_DIRECTORY), F_DUPFD, 30);
	for (int i = 3; i < 20; i++)
		(void)close(i);
	(void)dup2(pair[0], FD_A);
	(void)dup2(pair[1], FD_B);
	(void)dup2(ends[0], FD_P);
	(void)dup2(ends[1], FD_P + 1);
	(void)dup2(o, FD_O);
	(void)dup2(d, FD_D);
	(void)dup2(r, FD_R);
	(void)dup2(s, FD_S);
	(void)dup2(u, FD_U);
}

/* As syscall(2), but without a frame of its own, which a child of vfork() would take from its parent; such a child ends here. */
static inline __attribute__((always_inline)) long
make(const struct test *t)
{
#ifdef __x86_64__
	register long r10 __asm__("r10") = t->args[3], r8 __asm__("r8") = t->args[4], r9 __asm__("r9") = t->args[5];
	bool born = t->nr == SYS_fork || t->nr == SYS_vfork || (t->nr == SYS_clone && t->args[0] == SIGCHLD);
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(t->nr), "D"(t->args[0]), "S"(t->args[1]), "d"(t->args[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	if (born && r == 0)
		__asm__ volatile("syscall" : : "a"((long)SYS_exit_group), "D"(0l) : "rcx", "r11", "memory");
	return r;
#else
	long r = syscall(t->nr, t->args[0], t->args[1], t->args[2], t->args[3], t->args[4], t->args[5]);

	return r < 0 ? -errno : r;
#endif
}

/* A write of 0 bytes to descriptor -2 announces each test by its number. */
static void
child(const char *dir, const struct test *t, size_t n, volatile long *results)
{
	if (chdir(dir) < 0)
		_exit(1);
	prepare();
	(void)raise(SIGSTOP);
	for (size_t i = 0; i < n; i++) {
		(void)syscall(SYS_write, -2, 0, 1000000 + i);
		if (strcmp(t[i].call, "preadv") == 0) {
			iov[0].iov_base = iov_in[0];
			iov[1].iov_base = iov_in[1];
		}
		results[i] = make(&t[i]);
	}
	(void)syscall(SYS_write, -2, 0, 2000000);
	_exit(0);
}

/* --- comparison ------------------------------------------------------------------------------------------------------------ */
static bool
is_text(uint8_t type)
{
	return type == SK_PT_CHARBUF || type == SK_PT_BYTEBUF || type == SK_PT_FSPATH || type == SK_PT_FSRELPATH;
}

static void
value_text(const struct sk_event *ev, uint32_t i, char *out, size_t size)
{
	uint32_t n = sk_ev_len(ev, i);
	const uint8_t *p = sk_ev_ptr(ev, i);
	uint8_t type = ev->desc->params[i].type;
	size_t at = 0;

	if (!n) {
		(void)snprintf(out, size, "<NA>");
	} else if (is_text(type)) {
		uint32_t len = type != SK_PT_BYTEBUF && p[n - 1] == 0 ? n - 1 : n;

		for (uint32_t k = 0; k < len && at + 1 < size; k++)
			out[at++] = p[k] > 32 && p[k] < 127 ? (char)p[k] : '.';
		out[at] = '\0';
	} else if (n <= 8 && type != SK_PT_SOCKADDR && type != SK_PT_DYN) {
		(void)snprintf(out, size, "%lld", (long long)sk_ev_int(ev, i, 0));
	} else {
		for (uint32_t k = 0; k < n && at + 4 < size; k++)
			at += (size_t)snprintf(out + at, size - at, "%s%02x", k ? "." : "", p[k]);
	}
}

/* False, with a line on standard error, where the event is not what the test says. */
static bool
check(const struct test *t, const struct sk_event *ev, long result)
{
	char want[1024], got[8192], name[64], returned[32];
	uint32_t i = 0;
	char *save = NULL;
	bool ok = strcmp(ev->desc->name, t->event) == 0;

	if (!ok)
		fprintf(stderr, "%s: event %s instead of %s\n", t->call, ev->desc->name, t->event);
	(void)snprintf(want, sizeof(want), "%s", t->params);
	(void)snprintf(returned, sizeof(returned), "%ld", result);
	for (char *p = strtok_r(want, " ", &save); ok && p; p = strtok_r(NULL, " ", &save), i++) {
		char *eq = strchr(p, '=');
		const char *value = strcmp(eq + 1, "$") == 0 ? returned : eq + 1;

		(void)snprintf(name, sizeof(name), "%.*s", (int)(eq - p), p);
		if (i >= ev->nparams || strcmp(name, ev->desc->params[i].name) != 0) {
			fprintf(stderr, "%s: parameter %u is not %s\n", t->call, i, name);
			return false;
		}
		value_text(ev, i, got, sizeof(got));
		if (strcmp(value, "*") != 0 && strcmp(value, got) != 0) {
			fprintf(stderr, "%s: %s is %s, want %s\n", t->call, name, got, value);
			ok = false;
		}
	}
	if (ok && (i != ev->nparams || i != ev->desc->nparams)) {
		fprintf(stderr, "%s: %u parameters, want %u\n", t->call, ev->nparams, i);
		ok = false;
	}
	return ok;
}

static size_t
marker(const struct sk_event *ev)
{
	return ev->type == SK_E_SYSCALL_WRITE_X && sk_ev_int(ev, 2, 0) == -2 ? (size_t)sk_ev_uint(ev, 3) : 0;
}

int
main(void)
{
	char dir[] = "/tmp/saker-calls-XXXXXX";
	struct watch w;
	struct sk_event ev;
	size_t n, i = 0, bad = 0, seen = 0;
	const struct test *t = tests(&n);
	volatile long *results = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool armed = false;

	watch_open(&w, SK_WANT_ALL, 8u << 20, NULL);
	if (*w.warnings)
		fprintf(stderr, "%s", w.warnings);
	bad += *w.warnings != '\0';
	if (!mkdtemp(dir) || results == MAP_FAILED)
		return 1;
	pid_t pid = fork();
	if (pid == 0)
		child(dir, t, n, results);
	int status;
	(void)waitpid(pid, &status, WUNTRACED);
	watch_drain(&w);
	(void)kill(pid, SIGCONT);
	(void)waitpid(pid, &status, 0);
	while (watch_next(&w, pid, 5, &ev)) {
		size_t m = marker(&ev);

		if (m == 2000000)
			break;
		if (m >= 1000000 && m < 1000000 + n) {
			i = m - 1000000;
			armed = true;
		} else if (armed && (ev.desc->category & SK_EC_SYSCALL)) {
			armed = false;
			seen++;
			bad += !check(&t[i], &ev, results[i]);
		}
	}
	watch_close(&w);
	char command[64];
	(void)snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		bad++;
	printf("%zu calls, %zu seen, %zu wrong\n", n, seen, bad);
	return bad || seen != n;
}
