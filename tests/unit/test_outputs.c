/* Channels of alerts: what arrives, what is counted as lost, what is said. */
#include "daemon/log.h"
#include "daemon/output/lines.h"
#include "daemon/output/output.h"
#include "daemon/output/syslog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

/* A folder of its own, and standard output and error in files of it. */
struct fixture {
	char dir[64], file[80], other[80], out[80], err[80];
	int keep_out, keep_err;
	struct sk_config c;
};

static int
redirect(int fd, const char *path)
{
	int keep = dup(fd), to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(keep >= 0 && to >= 0 && dup2(to, fd) >= 0);
	(void)close(to);
	return keep;
}

static void
restore(int *keep, int fd)
{
	if (*keep >= 0) {
		(void)dup2(*keep, fd);
		(void)close(*keep);
	}
	*keep = -1;
}

static int
setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	(void)snprintf(x->dir, sizeof(x->dir), "/tmp/saker-outputs-XXXXXX");
	assert_non_null(mkdtemp(x->dir));
	(void)snprintf(x->file, sizeof(x->file), "%s/file", x->dir);
	(void)snprintf(x->other, sizeof(x->other), "%s/other", x->dir);
	(void)snprintf(x->out, sizeof(x->out), "%s/out", x->dir);
	(void)snprintf(x->err, sizeof(x->err), "%s/err", x->dir);
	(void)fflush(NULL);
	x->keep_out = redirect(STDOUT_FILENO, x->out);
	x->keep_err = redirect(STDERR_FILENO, x->err);
	x->c = (struct sk_config){ .file_name = x->file, .capture_file = (char *)(uintptr_t)"" };
	(void)signal(SIGPIPE, SIG_IGN);
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;
	char command[128];

	restore(&x->keep_out, STDOUT_FILENO);
	restore(&x->keep_err, STDERR_FILENO);
	(void)snprintf(command, sizeof(command), "rm -r %s", x->dir);
	assert_int_equal(system(command), 0);
	free(x);
	return 0;
}

static struct sk_outputs *
opened(const struct sk_config *c)
{
	struct sk_outputs *o = NULL;
	char err[512] = "";

	if (sk_outputs_open(c, &o, err, sizeof(err)) != 0)
		fail_msg("%s", err);
	return o;
}

static void
put(struct sk_outputs *o, const char *line)
{
	sk_outputs_write(o, SK_PRIO_NOTICE, line, strlen(line));
}

static void
holds(const char *path, const char *want)
{
	char text[8192];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	assert_true(n >= 0);
	text[n] = '\0';
	if (fd >= 0)
		(void)close(fd);
	if (strcmp(text, want) != 0)
		fail_msg("%s holds '%s', not '%s'", path, text, want);
}

/* How often TEXT was said on standard error. */
static size_t
said(const struct fixture *x, const char *text)
{
	char all[8192];
	int fd = open(x->err, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, all, sizeof(all) - 1);
	size_t times = 0;

	assert_true(n >= 0);
	all[n] = '\0';
	(void)close(fd);
	for (const char *p = all; (p = strstr(p, text)) != NULL; p++)
		times++;
	return times;
}

static void
test_none(void **state)
{
	struct fixture *x = *state;
	struct sk_outputs *o = opened(&x->c);

	put(o, "a");
	sk_outputs_reopen(o);
	assert_int_equal(sk_outputs_lost(o), 0);
	sk_outputs_close(o);
	sk_outputs_close(NULL);
	holds(x->out, "");
	assert_int_equal(access(x->file, F_OK), -1);
}

static void
test_file(void **state)
{
	struct fixture *x = *state;

	x->c.file_enabled = true;
	for (int mode = 0; mode < 4; mode++) {
		x->c.file_keep_alive = mode & 1;
		x->c.buffered_outputs = mode & 2;
		struct sk_outputs *o = opened(&x->c);

		put(o, "one");
		put(o, "two");
		if (mode != 3) /* only an open file holds back */
			holds(x->file, "one\ntwo\n");
		sk_outputs_close(o);
		holds(x->file, "one\ntwo\n");
		o = opened(&x->c);
		put(o, "three");
		put(o, "");
		sk_outputs_close(o);
		holds(x->file, "one\ntwo\nthree\n\n");
		(void)unlink(x->file);
	}
	assert_int_equal(said(x, "output"), 0);
}

/* Log rotation: the file is moved away, and SIGUSR1 makes a new one. */
static void
test_rotation(void **state)
{
	struct fixture *x = *state;

	x->c.file_enabled = true;
	for (int mode = 0; mode < 4; mode++) {
		x->c.file_keep_alive = mode & 1;
		x->c.buffered_outputs = mode & 2;
		struct sk_outputs *o = opened(&x->c);

		put(o, "one");
		assert_int_equal(rename(x->file, x->other), 0);
		if (x->c.file_keep_alive)
			put(o, "still there");
		sk_outputs_reopen(o);
		put(o, "two");
		sk_outputs_close(o);
		holds(x->other, x->c.file_keep_alive ? "one\nstill there\n" : "one\n");
		holds(x->file, "two\n");
		(void)unlink(x->file);
		(void)unlink(x->other);
	}
}

static void
test_start_errors(void **state)
{
	struct fixture *x = *state;
	struct sk_outputs *o = NULL;
	char err[512], name[128];

	x->c.file_enabled = true;
	x->c.file_name = x->dir;
	assert_int_equal(sk_outputs_open(&x->c, &o, err, sizeof(err)), -EISDIR);
	(void)snprintf(name, sizeof(name), "file output: %s: Is a directory", x->dir);
	assert_string_equal(err, name);
	(void)snprintf(name, sizeof(name), "%s/none/file", x->dir);
	x->c.file_name = name;
	x->c.stdout_enabled = true;
	assert_int_equal(sk_outputs_open(&x->c, &o, err, sizeof(err)), -ENOENT);
	assert_non_null(strstr(err, "file output: "));
	assert_non_null(strstr(err, "No such file or directory"));
}

/* A file that goes away later: said once, counted, and it works again once it can. */
static void
test_recovers(void **state)
{
	struct fixture *x = *state;
	struct sk_outputs *o;

	x->c.file_enabled = x->c.stdout_enabled = true;
	o = opened(&x->c);
	put(o, "one");
	(void)unlink(x->file);
	assert_int_equal(mkdir(x->file, 0700), 0);
	put(o, "two");
	put(o, "three");
	assert_int_equal(sk_outputs_lost(o), 2);
	assert_int_equal(said(x, "file output: Is a directory; alerts to it are lost"), 1);
	(void)rmdir(x->file);
	put(o, "four");
	holds(x->file, "four\n");
	assert_int_equal(mkdir(x->other, 0700), 0);
	(void)unlink(x->file);
	assert_int_equal(rename(x->other, x->file), 0);
	put(o, "five");
	assert_int_equal(sk_outputs_lost(o), 3);
	assert_int_equal(said(x, "file output: Is a directory; alerts to it are lost"), 2);
	sk_outputs_close(o);
	holds(x->out, "one\ntwo\nthree\nfour\nfive\n");
}

static void
test_disk_full(void **state)
{
	struct fixture *x = *state;

	x->c.file_enabled = x->c.stdout_enabled = true;
	x->c.file_name = (char *)(uintptr_t)"/dev/full";
	for (int mode = 0; mode < 4; mode++) {
		x->c.file_keep_alive = mode & 1;
		x->c.buffered_outputs = mode & 2;
		struct sk_outputs *o = opened(&x->c);

		put(o, "one");
		put(o, "two");
		put(o, "three");
		sk_outputs_flush(o);
		assert_int_equal(sk_outputs_lost(o), 3);
		sk_outputs_close(o);
		assert_int_equal(said(x, "file output: No space left on device; alerts to it are lost"), mode + 1);
	}
	holds(x->out, "one\ntwo\nthree\none\ntwo\nthree\none\ntwo\nthree\none\ntwo\nthree\n");
}

/* A file that may not grow breaks a line in the middle. The next that fits begins on a line of its own, and nothing of lost ones comes later. */
static void
test_torn_line(void **state)
{
	struct fixture *x = *state;
	struct rlimit limit, small;
	struct sk_outputs *o;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = (struct rlimit){ 6, limit.rlim_max };
	x->c.file_enabled = true;
	for (int mode = 0; mode < 2; mode++) {
		x->c.file_keep_alive = mode;
		o = opened(&x->c);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		put(o, "one");
		put(o, "two");
		put(o, "three");
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		put(o, "four");
		put(o, "five");
		assert_int_equal(sk_outputs_lost(o), 2);
		sk_outputs_close(o);
		holds(x->file, "one\ntw\nfour\nfive\n");
		(void)unlink(x->file);
	}
}

static void
test_closed_pipe(void **state)
{
	struct fixture *x = *state;
	struct sk_outputs *o;
	int pipes[2];

	x->c.file_enabled = x->c.stdout_enabled = true;
	o = opened(&x->c);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_true(dup2(pipes[1], STDOUT_FILENO) >= 0);
	(void)close(pipes[1]);
	(void)close(pipes[0]);
	put(o, "one");
	put(o, "two");
	assert_int_equal(sk_outputs_lost(o), 2);
	assert_int_equal(said(x, "stdout output: Broken pipe"), 1);
	holds(x->file, "one\ntwo\n");
	sk_outputs_close(o);
}

/* A reader that is slow loses nothing, whether the pipe blocks or not. */
static void
test_slow_pipe(void **state)
{
	struct fixture *x = *state;
	char line[1000], got[4096];

	x->c.stdout_enabled = true;
	memset(line, 'x', sizeof(line));
	for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
		struct sk_outputs *o = opened(&x->c);
		size_t total = 0, lines = 0;
		int pipes[2], status;
		ssize_t n;

		assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
		assert_true(fcntl(pipes[1], F_SETFL, flags) == 0 && dup2(pipes[1], STDOUT_FILENO) >= 0);
		(void)close(pipes[1]);
		pid_t pid = fork();
		if (pid == 0) {
			(void)close(pipes[0]);
			for (int i = 0; i < 400; i++)
				sk_outputs_write(o, SK_PRIO_NOTICE, line, sizeof(line));
			_exit(sk_outputs_lost(o) != 0);
		}
		(void)close(redirect(STDOUT_FILENO, x->other)); /* the child has the only end to write to */
		(void)usleep(50000);
		while ((n = read(pipes[0], got, sizeof(got))) > 0)
			for (ssize_t i = 0; i < n; i++, total++)
				lines += got[i] == '\n';
		assert_int_equal(total, 400u * 1001);
		assert_int_equal(lines, 400);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		(void)close(pipes[0]);
		sk_outputs_close(o);
	}
}

/* What buffered outputs hold back is bounded, and the count of what is lost exact. */
static void
test_buffered(void **state)
{
	struct fixture *x = *state;
	struct sk_lines l = { .fd = open("/dev/full", O_WRONLY | O_CLOEXEC), .buffered = true };
	char line[1000];
	uint64_t lost = 0;
	unsigned taken = 0;

	(void)x;
	memset(line, 'x', sizeof(line));
	while (sk_lines_write(&l, line, sizeof(line), &lost) == 0 && taken < 1000)
		taken++;
	assert_int_equal(taken, 65);
	assert_int_equal(lost, 66);
	assert_int_equal(sk_lines_write(&l, "a", 1, &lost), 0);
	assert_int_equal(sk_lines_flush(&l, &lost), -ENOSPC);
	assert_int_equal(lost, 67);
	assert_int_equal(sk_lines_flush(&l, &lost), 0);
	(void)close(l.fd);
	sk_lines_free(&l);
}

/* A socket at /dev/log of a mount name space of our own. */
static int
fake_syslog(const struct fixture *x)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || mount("none", x->dir, "tmpfs", 0, NULL) < 0)
		return -1;
	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s/log", x->dir);
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || mount(x->dir, "/dev", NULL, MS_BIND, NULL) < 0)
		return -1;
	return fd;
}

static int
check_syslog(const struct fixture *x)
{
	static const char text[] = "16:00:00.0: Critical 100%s \\u001b";
	struct sk_config c = x->c;
	char got[512];
	int fd = fake_syslog(x);

	if (fd < 0)
		return 77;
	c.syslog_enabled = true;
	struct sk_outputs *o = opened(&c);
	sk_outputs_write(o, SK_PRIO_CRITICAL, text, sizeof(text) - 1);
	ssize_t n = recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT);
	if (n <= 0)
		return 1;
	got[n] = '\0';
	/* facility user (1), severity critical (2) */
	if (strncmp(got, "<10>", 4) != 0 || !strstr(got, "test_outputs") || strcmp(got + (size_t)n - (sizeof(text) - 1), text) != 0)
		return 2;
	/* Gone while the program runs: each alert counts as lost. */
	(void)close(fd);
	sk_outputs_write(o, SK_PRIO_CRITICAL, text, sizeof(text) - 1);
	sk_outputs_write(o, SK_PRIO_CRITICAL, text, sizeof(text) - 1);
	if (sk_outputs_lost(o) != 2)
		return 3;
	sk_outputs_close(o);
	return 0;
}

static void
test_syslog(void **state)
{
	struct fixture *x = *state;
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(check_syslog(x));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip(); /* no mount name spaces here */
	assert_int_equal(status, 0);
}

static int
listen_at(const char *path, int type)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	(void)unlink(path);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static void
arrives(int fd, const char *end)
{
	char got[512];
	ssize_t n = recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT);

	assert_true(n > (ssize_t)strlen(end));
	got[n] = '\0';
	assert_int_equal(strncmp(got, "<12>", 4), 0); /* user, warning */
	assert_string_equal(got + (size_t)n - strlen(end), end);
}

static int
warn(struct sk_syslog *s, const char *text)
{
	return sk_syslog_send(s, 4, text, strlen(text));
}

/* The system's log goes away and comes back: what falls between is an error for each message, and nothing else is lost. */
static void
test_syslog_restarts(void **state)
{
	struct fixture *x = *state;
	struct sk_syslog s;

	assert_int_equal(sk_syslog_open(&s, x->other, "me"), -ENOENT);
	assert_true(warn(&s, "zero") < 0);
	int fd = listen_at(x->other, SOCK_DGRAM);
	assert_int_equal(warn(&s, "one"), 0);
	arrives(fd, ": one");
	(void)close(fd); /* the socket's file stays, nobody listens */
	assert_int_equal(warn(&s, "two"), -ECONNREFUSED);
	(void)unlink(x->other);
	assert_int_equal(warn(&s, "three"), -ENOENT);
	fd = listen_at(x->other, SOCK_DGRAM);
	assert_int_equal(warn(&s, "four"), 0);
	arrives(fd, ": four");
	/* Started again between two messages: the next one is not lost. */
	(void)close(fd);
	fd = listen_at(x->other, SOCK_DGRAM);
	assert_int_equal(warn(&s, "five"), 0);
	arrives(fd, ": five");
	(void)close(fd);
	sk_syslog_close(&s);
}

/* A log that takes nothing holds nobody up for long, and what it did not take is told. */
static void
test_syslog_stuck(void **state)
{
	struct fixture *x = *state;
	struct timespec before, after;
	struct sk_syslog s;
	int fd = listen_at(x->other, SOCK_DGRAM), r = 0, sent = 0;

	assert_int_equal(sk_syslog_open(&s, x->other, "me"), 0);
	(void)clock_gettime(CLOCK_MONOTONIC, &before);
	while (r == 0 && sent++ < 100000)
		r = warn(&s, "message");
	(void)clock_gettime(CLOCK_MONOTONIC, &after);
	assert_int_equal(r, -EAGAIN);
	assert_true(after.tv_sec - before.tv_sec < 10);
	arrives(fd, ": message");
	assert_int_equal(warn(&s, "later"), 0);
	(void)close(fd);
	sk_syslog_close(&s);
}

static void
test_syslog_stream(void **state)
{
	struct fixture *x = *state;
	struct sk_syslog s;
	int fd = listen_at(x->other, SOCK_STREAM), peer;
	char got[128];

	assert_int_equal(sk_syslog_open(&s, x->other, "me"), 0);
	assert_true(s.stream);
	assert_true((peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC)) >= 0);
	assert_int_equal(warn(&s, "one"), 0);
	ssize_t n = recv(peer, got, sizeof(got), 0);
	assert_true(n > 4 && memcmp(got + n - 4, "one", 4) == 0); /* with its NUL */
	(void)close(peer);
	assert_int_equal(warn(&s, "two"), 0); /* over a new connection */
	assert_true((peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC)) >= 0);
	assert_true(recv(peer, got, sizeof(got), 0) > 4);
	(void)close(peer);
	(void)close(fd);
	assert_int_equal(warn(&s, "three"), -ECONNREFUSED);
	sk_syslog_close(&s);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_none),	TEST(test_file),      TEST(test_rotation),    TEST(test_start_errors), TEST(test_recovers), TEST(test_disk_full),
		TEST(test_torn_line),	TEST(test_closed_pipe), TEST(test_slow_pipe), TEST(test_buffered),     TEST(test_syslog),
		TEST(test_syslog_restarts), TEST(test_syslog_stuck), TEST(test_syslog_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
