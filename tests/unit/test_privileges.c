/* What a process still can do after it gave up privileges and entered the filter. Each question is asked in a child of its own.
 */
#include "daemon/privileges.h"
#include "daemon/seccomp.h"

#include "base/attr.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* --- names and sets --- */
static void
test_lacking(void **state)
{
	static const struct {
		uint64_t held, lacking;
		const char *names;
	} cases[] = {
	    {UINT64_MAX, 0, ""},
	    {SK_CAPS_LIVE, 0, ""},
	    {0, SK_CAPS_LIVE, "CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_PERFMON and CAP_BPF"},
	    {SK_CAPS_LIVE & ~SK_CAP_BPF, SK_CAP_BPF, "CAP_BPF"},
	    {SK_CAP_SYS_ADMIN, SK_CAP_SYS_PTRACE | SK_CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE"},
	    {SK_CAP_SYS_ADMIN | SK_CAP_SYS_PTRACE | SK_CAP_DAC_OVERRIDE, 0, ""},
	    {SK_CAP_SYS_PTRACE | SK_CAP_DAC_READ_SEARCH, SK_CAP_PERFMON | SK_CAP_BPF, "CAP_PERFMON and CAP_BPF"},
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		assert_int_equal(sk_privileges_lacking(cases[i].held), cases[i].lacking);
		sk_privileges_names(cases[i].lacking, text, sizeof(text));
		assert_string_equal(text, cases[i].names);
	}
	sk_privileges_names(UINT64_MAX, text, 20);
	assert_true(strlen(text) < 20);
}

/* --- giving up --- */
/* Exit status of a child that answers QUESTION; 128 + signal. */
static int
ask(int (*question)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(question());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int
dropped(void)
{
	uint64_t before = sk_privileges_held(), wanted = before & SK_CAP_SYS_PTRACE;

	if (sk_privileges_drop(SK_CAP_SYS_PTRACE) < 0)
		return 1;
	if (sk_privileges_held() != wanted || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 2;
	if ((before & SK_CAP_SETPCAP) && prctl(PR_CAPBSET_READ, 21, 0, 0, 0) != 0)
		return 3;
	/* a second time there is nothing to do */
	return sk_privileges_drop(SK_CAP_SYS_PTRACE) < 0 ? 4 : 0;
}

static int
stand_in(void)
{
	uint64_t before = sk_privileges_held();

	/* CAP_SYS_ADMIN does not stay where CAP_BPF itself is held */
	if (sk_privileges_drop(SK_CAPS_LIVE) < 0)
		return 1;
	return sk_privileges_held() == (before & SK_CAPS_LIVE) || (before & SK_CAPS_LIVE) != SK_CAPS_LIVE ? 0 : 2;
}

static void
test_drop(void **state)
{
	(void)state;
	assert_int_equal(ask(dropped), 0);
	assert_int_equal(ask(stand_in), 0);
}

static void
test_file(void **state)
{
	char folder[] = "/tmp/saker-test-XXXXXX", path[64];

	(void)state;
	if (geteuid() != 0 || !(sk_privileges_held() & SK_CAP_DAC_OVERRIDE))
		skip();
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/log", folder);
	assert_int_equal(close(open(path, O_WRONLY | O_CREAT, 0600)), 0);
	assert_int_equal(sk_privileges_for_file(path), 0);
	assert_int_equal(chown(path, 65534, 65534), 0);
	assert_int_equal(sk_privileges_for_file(path), SK_CAP_DAC_OVERRIDE);
	assert_int_equal(chown(path, 0, 0), 0);
	assert_int_equal(chown(folder, 65534, 65534), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(sk_privileges_for_file(path), SK_CAP_DAC_OVERRIDE);
	assert_true(sk_privileges_held() & SK_CAP_DAC_OVERRIDE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(sk_privileges_for_file(path), 0);
}

/* --- the filter --- */
#define UNFILTERED 99

static bool
enter(struct sk_filter_opts o)
{
	return sk_filter_enter(&o) == 0;
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
work_goes_on(void)
{
	pthread_t t;
	char c;

	if (!enter((struct sk_filter_opts){.bpf = true, .local = true}))
		return UNFILTERED;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &c, 1) != 1 || close(fd) < 0)
		return 1;
	if (pthread_create(&t, NULL, nothing, NULL) != 0 || pthread_join(t, NULL) != 0)
		return 2;
	void *p = malloc(10u << 20);
	if (!p)
		return 3;
	free(p);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return fd < 0 ? 4 : 0;
}

/* An unforeseen call fails, is said once, and the process goes on. */
static int
unforeseen(void)
{
	char text[512];
	int fds[2], n = 0;

	if (pipe(fds) < 0 || dup2(fds[1], STDERR_FILENO) < 0 || !enter((struct sk_filter_opts){0}))
		return UNFILTERED;
	for (int i = 0; i < 3; i++)
		n += syscall(SYS_sched_setscheduler, 0, 0, NULL) < 0 && errno == EPERM;
	ssize_t got = read(fds[0], text, sizeof(text) - 1);
	if (got <= 0)
		return 1;
	text[got] = '\0';
	char want[64];
	(void)snprintf(want, sizeof(want), "refuses system call %d,", (int)SYS_sched_setscheduler);
	char *first = strstr(text, want);
	return n != 3 ? 2 : !first ? 3 : strstr(first + 1, want) ? 4 : 0;
}

static int
arguments(void)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	if (!enter((struct sk_filter_opts){.bpf = true, .local = true}))
		return UNFILTERED;
	if (open("/tmp/saker-test-never", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0 || errno != EPERM)
		return 1;
	if (open("/dev/null", O_RDWR | O_CLOEXEC) >= 0)
		return 2;
	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		return 3;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 4;
	if (syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr)) >= 0 || errno != EPERM)
		return 5;
	if (syscall(SYS_tgkill, getppid(), getppid(), 0) >= 0 || errno != EPERM)
		return 6;
	/* looking into a table is allowed: it fails for another reason */
	return syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr)) < 0 && errno == EPERM && geteuid() == 0 ? 7 : 0;
}

static int
writes(void)
{
	if (!enter((struct sk_filter_opts){.write_files = true}))
		return UNFILTERED;
	if (socket(AF_UNIX, SOCK_DGRAM, 0) >= 0)
		return 1;
	return open("/dev/null", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) < 0 ? 2 : 0;
}

static void
test_filter(void **state)
{
	int r = ask(work_goes_on);

	(void)state;
	if (r == UNFILTERED)
		skip();
	assert_int_equal(r, 0);
	assert_int_equal(ask(unforeseen), 0);
	assert_int_equal(ask(arguments), 0);
	assert_int_equal(ask(writes), 0);
}

/* --- calls that end the process --- */
static int
attack(long number)
{
	if (!enter((struct sk_filter_opts){.bpf = true, .local = true, .write_files = true}))
		return UNFILTERED;
	(void)syscall(number, 0, 0, 0, 0, 0);
	return 1;
}

static int
attack_exec(void)
{
	return attack(SYS_execve);
}
static int
attack_module(void)
{
	return attack(SYS_finit_module);
}
static int
attack_mount(void)
{
	return attack(SYS_mount);
}
static int
attack_setns(void)
{
	return attack(SYS_setns);
}
static int
attack_unshare(void)
{
	return attack(SYS_unshare);
}
static int
attack_uring(void)
{
	return attack(SYS_io_uring_setup);
}

static void
test_attacks(void **state)
{
	static int (*const attacks[])(void) = {attack_exec,  attack_module,  attack_mount,
					       attack_setns, attack_unshare, attack_uring};

	(void)state;
	if (ask(work_goes_on) == UNFILTERED)
		skip();
	for (size_t i = 0; i < SK_COUNTOF(attacks); i++)
		assert_int_equal(ask(attacks[i]), 128 + SIGSYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lacking), cmocka_unit_test(test_drop),    cmocka_unit_test(test_file),
	    cmocka_unit_test(test_filter),  cmocka_unit_test(test_attacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
