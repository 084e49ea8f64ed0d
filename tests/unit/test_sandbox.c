/* What is left to a process after sk_sandbox_enter(). Each question is asked in a child of its own. */
#include "compiler/sandbox.h"

#include "base/attr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* Exit status of a child that enters the sandbox and answers QUESTION; 77 when the sandbox cannot be entered. */
static int
ask(int (*question)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(sk_sandbox_enter() < 0 ? 99 : question());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* getuid() itself is not allowed: what /proc says is read by the parent. */
static int
wait_for_end(void)
{
	char c;

	return read(STDIN_FILENO, &c, 1) < 0;
}

static void
test_identity(void **state)
{
	char path[64], text[8192] = "";
	int pipes[2], keep = dup(STDIN_FILENO), status;
	unsigned long uid = 0, gid = 0, seccomp = 0, privs = 0;
	const char *line;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_true(dup2(pipes[0], STDIN_FILENO) >= 0);
	pid_t pid = fork();
	if (pid == 0) {
		(void)close(pipes[1]);
		_exit(sk_sandbox_enter() < 0 ? 99 : wait_for_end());
	}
	(void)dup2(keep, STDIN_FILENO);
	(void)close(keep);
	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	for (int i = 0; i < 200 && !strstr(text, "NoNewPrivs:\t1"); i++) {
		FILE *f = fopen(path, "re");

		(void)usleep(20000);
		text[f ? fread(text, 1, sizeof(text) - 1, f) : 0] = '\0';
		if (f)
			(void)fclose(f);
	}
	(void)usleep(100000);
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	(void)fclose(f);
	line = strstr(text, "Uid:");
	assert_true(line && sscanf(line, "Uid: %lu", &uid) == 1);
	line = strstr(text, "Gid:");
	assert_true(line && sscanf(line, "Gid: %lu", &gid) == 1);
	line = strstr(text, "Seccomp:");
	assert_true(line && sscanf(line, "Seccomp: %lu", &seccomp) == 1);
	line = strstr(text, "NoNewPrivs:");
	assert_true(line && sscanf(line, "NoNewPrivs: %lu", &privs) == 1);
	assert_int_equal(privs, 1);
	if (geteuid() == 0) {
		assert_int_equal(uid, 65534);
		assert_int_equal(gid, 65534);
		line = strstr(text, "CapEff:");
		assert_true(line && strncmp(line, "CapEff:\t0000000000000000", 24) == 0);
		line = strstr(text, "Groups:");
		assert_true(line && strspn(line + 7, " \t") + 7 == strcspn(line, "\n"));
	}
#if !defined(__SANITIZE_ADDRESS__)
	assert_int_equal(seccomp, 2);
#endif
	(void)close(pipes[1]);
	(void)close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define REFUSED(call) ((call) == -1 && errno == EPERM ? 0 : 1)

static int
try_open(void)
{
	return REFUSED(open("/dev/null", O_RDONLY | O_CLOEXEC));
}
static int
try_openat2(void)
{
	return REFUSED(syscall(SYS_openat2, -1, "", NULL, 0));
}
static int
try_socket(void)
{
	return REFUSED(socket(AF_UNIX, SOCK_STREAM, 0));
}
static int
try_fork(void)
{
	return REFUSED(fork());
}
static int
try_exec(void)
{
	char *argv[] = { "true", NULL };

	return REFUSED(execve("/bin/true", argv, argv));
}
static int
try_kill(void)
{
	return REFUSED(kill(1, 0));
}
static int
try_setuid(void)
{
	return REFUSED(setuid(0));
}
static int
try_ptrace(void)
{
	return REFUSED(syscall(SYS_ptrace, 0, 0, 0, 0));
}
static int
try_unlink(void)
{
	return REFUSED(unlink("/tmp/saker-no-such-file"));
}
static int
try_io_uring(void)
{
	return REFUSED(syscall(SYS_io_uring_setup, 1, NULL));
}
static int
try_process_vm(void)
{
	return REFUSED(syscall(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0));
}
static int
try_prctl(void)
{
	return REFUSED(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static void
test_refused(void **state)
{
	static const struct {
		const char *name;
		int (*ask)(void);
	} cases[] = {
		{ "open", try_open },	    { "openat2", try_openat2 }, { "socket", try_socket },	{ "fork", try_fork },
		{ "execve", try_exec },	    { "kill", try_kill },	{ "setuid", try_setuid },	{ "ptrace", try_ptrace },
		{ "unlink", try_unlink },   { "io_uring", try_io_uring }, { "process_vm_readv", try_process_vm }, { "prctl", try_prctl },
	};

	(void)state;
#if defined(__SANITIZE_ADDRESS__)
	skip(); /* sanitizers need more calls: the filter is left out */
#endif
	for (size_t i = 0; i < SK_COUNTOF(cases); i++)
		if (ask(cases[i].ask) != 0)
			fail_msg("%s is not refused", cases[i].name);
}

static int
try_memory(void)
{
	char *p = NULL;

	for (size_t n = 1; n < 64u << 20; n *= 2) {
		char *grown = realloc(p, n);

		if (!grown)
			return 1;
		p = grown;
		memset(p, 1, n);
	}
	free(p);
	return 0;
}
static int
try_write(void)
{
	return fprintf(stdout, "%s", "") < 0 || fprintf(stderr, "%s", "") < 0 || fflush(stdout) != 0;
}

static void
test_left(void **state)
{
	(void)state;
	assert_int_equal(ask(try_memory), 0);
	assert_int_equal(ask(try_write), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_identity), cmocka_unit_test(test_refused), cmocka_unit_test(test_left) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
