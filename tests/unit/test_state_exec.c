/* What exec and the system calls about a process itself change. */
#include "state_check.h"

#include <saker/live.h>

static void
exec_changes_the_program(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	struct sk_thread *t = sk_state_thread(b->s, 100);
	assert_str(sk_thread_cmdline(t), "sh");
	bench_exec(b, 100, 0, "env", "/usr/bin/env");
	assert_text(t->comm, "env");
	assert_text(t->exepath, "/usr/bin/env");
	assert_str(sk_thread_cmdline(t), "env one two");
	assert_int_equal(t->env->n, 8);
	assert_true(t->exe_writable && t->exe_memfd);
	assert_false(t->exe_upper || t->exe_lower);
	assert_int_equal(t->uid, 12);
	assert_int_equal(t->gid, 13);
	assert_int_equal(t->tty, 34816);
	assert_int_equal(t->vpgid, 77);
	assert_int_equal(t->pgid, 78);
	assert_int_equal(t->loginuid, 1000);
	assert_int_equal(t->cap_inheritable, 1);
	assert_int_equal(t->cap_permitted, 2);
	assert_int_equal(t->cap_effective, 3);
	assert_int_equal(t->exe_ino, 4242);
	assert_int_equal(t->exe_ino_ctime, 500);
	assert_int_equal(t->exe_ino_mtime, 600);
	assert_int_equal(t->lastexec_ts, b->m.ts);
}

static void
failed_exec_changes_nothing(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_exec(b, 100, -2, "env", "/usr/bin/env");
	assert_text(b->x.thread->comm, "sh");
	assert_text(b->x.thread->exepath, "/bin/x");
}

static void
exec_closes_what_asks_for_it(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_openat(b, 100, 3, -100, "keep", 1);
	bench_openat(b, 100, 4, -100, "drop", 1 | 0x1000);
	bench_clone(b, 100, 101, 100, 1, 0, 100, 100);
	bench_exec(b, 101, 0, "env", "/usr/bin/env");
	assert_non_null(bench_fd(b, 101, 3));
	assert_null(bench_fd(b, 101, 4));
	assert_true(bench_fd(b, 101, 3)->flags & SK_FDF_CLONED);
	/* The parent still has its own. */
	assert_non_null(bench_fd(b, 100, 4));
	assert_false(bench_fd(b, 100, 3)->flags & SK_FDF_CLONED);
}

static void
exec_leaves_one_thread(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_clone(b, 100, 102, 100, 1, SK_CL_CLONE_THREAD, 100, 100);
	bench_clone(b, 100, 103, 100, 1, SK_CL_CLONE_THREAD, 100, 100);
	bench_exit(b, 100, 0);
	bench_exec(b, 100, 0, "env", "/usr/bin/env");
	assert_false(b->x.thread->dead);
	assert_null(sk_state_thread(b->s, 102));
	assert_null(sk_state_thread(b->s, 103));
	assert_int_equal(b->x.thread->group->alive, 1);
	assert_int_equal(b->x.thread->group->total, 1);
	bench_tick(b);
	assert_non_null(sk_state_thread(b->s, 100));
}

struct exepath_case {
	const char *name, *want;
	uint16_t enter;
	int64_t dirfd;
	const char *path;
	uint32_t flags;
};

/* Events without the kernel's own word on the path: it comes from the enter event. */
static void
exepath_from_the_enter_event(void **state)
{
	static const struct exepath_case cases[] = {
	    {"absolute", "/bin/ls", SK_E_SYSCALL_EXECVE_19_E, 0, "/bin/ls", 0},
	    {"relative to the directory", "/home/a.out", SK_E_SYSCALL_EXECVE_19_E, 0, "./a.out", 0},
	    {"text that is missing", "<NA>", SK_E_SYSCALL_EXECVE_19_E, 0, "<NA>", 0},
	    {"at the directory", "/home/x", SK_E_SYSCALL_EXECVEAT_E, -100, "x", 0},
	    {"at a descriptor", "/opt/x", SK_E_SYSCALL_EXECVEAT_E, 7, "x", 0},
	    {"the descriptor itself", "/opt", SK_E_SYSCALL_EXECVEAT_E, 7, "", 1},
	    {"an unknown descriptor", "<NA>", SK_E_SYSCALL_EXECVEAT_E, 8, "x", 0},
	};
	struct bench *b = *state;

	bench_two(b);
	bench_openat(b, 100, 7, -100, "/opt", 0x401);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct exepath_case *c = &cases[i];

		print_message("%s\n", c->name);
		if (c->enter == SK_E_SYSCALL_EXECVE_19_E)
			APPLY(b, c->enter, 100, "s", c->path);
		else
			APPLY(b, c->enter, 100, "isi", c->dirfd, c->path, I(c->flags));
		assert_false(b->x.deliver);
		APPLY(b, SK_E_SYSCALL_EXECVE_19_X, 100, "isbiii", I(0), "x", "", (size_t)0, I(100), I(100), I(1));
		assert_text(b->x.thread->exepath, c->want);
		assert_text(b->x.thread->comm, "x");
	}
	/* An enter event of something else in between: not this exec's. */
	APPLY(b, SK_E_SYSCALL_EXECVE_19_E, 100, "s", "/bin/one");
	APPLY(b, SK_E_SYSCALL_GETCWD_X, 100, "is", I(0), "/home");
	APPLY(b, SK_E_SYSCALL_EXECVE_19_X, 100, "isbiii", I(0), "x", "", (size_t)0, I(100), I(100), I(1));
	assert_text(b->x.thread->exepath, "<NA>");
}

static void
ids_and_capabilities(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	struct sk_thread *t = sk_state_thread(b->s, 100);
	APPLY(b, SK_E_SYSCALL_SETUID_X, 100, "ii", I(0), I(5));
	assert_int_equal(t->uid, 5);
	APPLY(b, SK_E_SYSCALL_SETUID_X, 100, "ii", I(-1), I(6));
	assert_int_equal(t->uid, 5);
	APPLY(b, SK_E_SYSCALL_SETRESUID_X, 100, "iiii", I(0), I(7), I(8), I(9));
	assert_int_equal(t->uid, 8);
	APPLY(b, SK_E_SYSCALL_SETREGID_X, 100, "iii", I(0), I(7), I(18));
	assert_int_equal(t->gid, 18);
	APPLY(b, SK_E_SYSCALL_SETSID_X, 100, "i", I(100));
	assert_int_equal(t->sid, 100);
	APPLY(b, SK_E_SYSCALL_CAPSET_X, 100, "iiii", I(0), I(1), I(2), I(4));
	assert_int_equal(t->cap_effective, 4);
	APPLY(b, SK_E_SYSCALL_UNSHARE_X, 100, "ii", I(0), I(SK_CL_CLONE_NEWUSER));
	assert_int_equal(t->cap_inheritable, 0x1ffffffffff);
}

static void
limits(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	struct sk_thread *t = sk_state_thread(b->s, 100);
	APPLY(b, SK_E_SYSCALL_PRLIMIT_X, 1, "iiiiiii", I(0), I(50), I(60), I(1), I(1), I(100), I(7));
	assert_int_equal(t->fdlimit, 50);
	APPLY(b, SK_E_SYSCALL_PRLIMIT_X, 100, "iiiiiii", I(0), I(51), I(60), I(1), I(1), I(0), I(3));
	assert_int_equal(t->fdlimit, 50);
	APPLY(b, SK_E_SYSCALL_SETRLIMIT_X, 100, "iiii", I(0), I(52), I(60), I(7));
	assert_int_equal(t->fdlimit, 52);
}

static void
time_slices(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	APPLY(b, SK_E_SCHEDSWITCH_6_E, 1, "iiiiii", I(100), I(1), I(2), I(3), I(4), I(5));
	assert_int_equal(b->x.exectime_ns, 0);
	APPLY(b, SK_E_SCHEDSWITCH_6_E, 100, "iiiiii", I(1), I(11), I(12), I(13), I(14), I(15));
	assert_int_equal(b->x.exectime_ns, 1000);
	assert_int_equal(b->x.thread->totexectime_ns, 1000);
	assert_int_equal(b->x.thread->pfminor, 12);
	assert_int_equal(b->x.thread->vmrss_kb, 14);
}

/* The same event as that of an exec, but as what a thread tells of itself. */
static void
introduce(struct bench *b, int64_t tid, const char *comm, const char *exepath)
{
	static const struct sk_event_facts facts = { .ptid = 1, .uid = 12, .gid = 13, .comm = "early" };
	struct sk_event_facts f = facts;

	f.pid = f.vpid = f.vtid = tid;
	(void)bench_make_exec(b, tid, 0, comm, exepath);
	b->m.ev.facts = &f;
	sk_state_introduce(b->s, &b->m.ev);
	b->m.ev.facts = NULL;
}

static void
a_thread_tells_of_itself(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	introduce(b, 300, "env", "/usr/bin/env");
	const struct sk_thread *t = sk_state_thread(b->s, 300);
	assert_non_null(t);
	assert_true(sk_state_knows(b->s, 300));
	assert_int_equal(t->ptid, 1);
	assert_text(t->comm, "env");
	assert_text(t->exepath, "/usr/bin/env");
	assert_str(sk_thread_cmdline(sk_state_thread(b->s, 300)), "env one two");
	assert_int_equal(t->exe_ino, 4242);
	assert_int_equal(t->uid, 12);
	assert_int_equal(t->lastexec_ts, 0);
}

static void
what_is_known_stays_unless_it_is_wrong(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_openat(b, 100, 3, -100, "kept", 1 | 0x1000);
	introduce(b, 100, "env", "/usr/bin/env");
	struct sk_thread *t = sk_state_thread(b->s, 100);
	assert_text(t->exepath, "/usr/bin/env");
	assert_str(sk_thread_cmdline(t), "env one two");
	/* it was no exec of now: descriptors stay */
	assert_non_null(bench_fd(b, 100, 3));
	introduce(b, 100, "other", "/usr/bin/env");
	assert_text(t->comm, "env");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(exec_changes_the_program),
	    TEST(failed_exec_changes_nothing),
	    TEST(exec_closes_what_asks_for_it),
	    TEST(exec_leaves_one_thread),
	    TEST(exepath_from_the_enter_event),
	    TEST(ids_and_capabilities),
	    TEST(limits),
	    TEST(time_slices),
	    TEST(a_thread_tells_of_itself),
	    TEST(what_is_known_stays_unless_it_is_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
