/* clone, threads, the tree, and who adopts orphans. */
#include "state_check.h"

#define MS 1000000ull

static void
parent_event_makes_the_child(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_clone(b, 100, 101, 100, 1, 0, 100, 100);
	struct sk_thread *c = sk_state_thread(b->s, 101);
	assert_non_null(c);
	assert_int_equal(c->pid, 101);
	assert_int_equal(c->ptid, 100);
	assert_ptr_equal(c->parent, sk_state_thread(b->s, 100));
	assert_text(c->comm, "sh");
	assert_str(sk_thread_cmdline(c), "sh -c true");
	assert_int_equal(c->uid, 7);
	assert_int_equal(c->gid, 8);
	assert_int_equal(c->vmrss_kb, 20);
	assert_int_equal(c->fdlimit, 512);
	assert_str(sk_thread_cwd(c), "/home/");
	assert_ptr_equal(c->env, sk_state_thread(b->s, 100)->env);
	assert_text(c->exepath, "/bin/x");
	assert_int_equal(c->clone_ts, b->m.ts);
	/* The child's own event changes nothing any more. */
	bench_clone(b, 101, 0, 101, 100, 0, 101, 101);
	assert_ptr_equal(b->x.thread, c);
	assert_int_equal(sk_state_stats(b->s)->threads, 3);
}

static void
child_event_first(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_clone(b, 101, 0, 101, 100, 0, 101, 101);
	struct sk_thread *c = b->x.thread;
	assert_non_null(c);
	assert_ptr_equal(sk_thread_parent(c), sk_state_thread(b->s, 100));
	assert_true(c->flags & SK_CL_CLONE_INVERTED);
	bench_clone(b, 100, 101, 100, 1, 0, 100, 100);
	assert_ptr_equal(sk_state_thread(b->s, 101), c);
}

static void
threads_share_their_leader(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_clone(b, 100, 102, 100, 1, SK_CL_CLONE_THREAD, 100, 100);
	struct sk_thread *t = sk_state_thread(b->s, 102);
	assert_int_equal(t->pid, 100);
	assert_int_equal(t->ptid, 1);
	assert_ptr_equal(sk_thread_main(t), sk_state_thread(b->s, 100));
	assert_int_equal(t->group->alive, 2);
	bench_openat(b, 102, 5, -100, "f", 1);
	assert_text(bench_fd(b, 100, 5)->name, "/home/f");
	APPLY(b, SK_E_SYSCALL_CHDIR_X, 102, "is", I(0), "sub");
	assert_str(sk_thread_cwd(sk_state_thread(b->s, 100)), "/home/sub/");
}

static void
child_in_a_pid_namespace_makes_itself(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_clone(b, 100, 2, 100, 1, SK_CL_CHILD_IN_PIDNS, 100, 100);
	assert_null(sk_state_thread(b->s, 2));
	bench_clone(b, 150, 0, 150, 100, SK_CL_CHILD_IN_PIDNS, 2, 2);
	assert_int_equal(b->x.thread->vpid, 2);
	assert_int_equal(b->x.thread->pidns_init_start_ts, 5);
}

static void
stale_entry_is_replaced(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_clone(b, 100, 101, 100, 1, 0, 100, 100);
	bench_openat(b, 101, 9, -100, "/old", 1);
	bench_clone(b, 100, 101, 100, 1, 0, 100, 100);
	assert_null(bench_fd(b, 101, 9));
	b->m.ts += 5000 * MS;
	bench_openat(b, 101, 9, -100, "/old", 1);
	bench_clone(b, 101, 0, 101, 100, 0, 101, 101);
	assert_null(bench_fd(b, 101, 9));
	assert_int_equal(sk_state_stats(b->s)->threads, 3);
}

static void
late_clone_of_a_short_life(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_clone(b, 101, 0, 101, 100, 0, 101, 101);
	bench_exit(b, 101, 0);
	bench_clone(b, 100, 101, 100, 1, 0, 100, 100);
	assert_null(sk_state_thread(b->s, 101));
	b->m.ts += 2001 * MS;
	bench_clone(b, 100, 101, 100, 1, 0, 100, 100);
	assert_non_null(sk_state_thread(b->s, 101));
}

static void
failed_clone_does_nothing(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_clone(b, 100, -11, 100, 1, 0, 100, 100);
	assert_int_equal(sk_state_stats(b->s)->threads, 2);
	assert_int_equal(b->x.res, -11);
}

static void
unknown_threads_are_made_up(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	APPLY(b, SK_E_SYSCALL_READ_X, 555, "ibi", I(1), "x", (size_t)1, I(3));
	assert_text(b->x.thread->comm, "<NA>");
	assert_int_equal(b->x.thread->pid, -1);
	assert_str(sk_thread_cwd(b->x.thread), "./");
	assert_null(sk_thread_parent(b->x.thread));
	assert_int_equal(sk_state_stats(b->s)->fake_threads, 1);
	/* Not for events that a thread ends or begins with, nor for nobody. */
	bench_exit(b, 556, 0);
	assert_null(b->x.thread);
	bench_clone(b, 557, 600, 557, 1, 0, 557, 557);
	assert_null(b->x.thread);
	APPLY(b, SK_E_SYSCALL_READ_X, -1, "i", I(0));
	assert_null(b->x.thread);
	/* It learns who it is from its next clone. */
	bench_clone(b, 555, 556, 555, 100, 0, 555, 555);
	assert_int_equal(b->x.thread->pid, 555);
	assert_ptr_equal(sk_thread_parent(b->x.thread), sk_state_thread(b->s, 100));
}

static void
processor_time_is_sampled(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	for (int64_t k = 1; k <= 2; k++)
		APPLY(b, SK_E_PROCINFO_E, 100, "ii", I(10 * k), I(7 * k * k));
	assert_int_equal(b->x.thread->cpu_ticks_before[0], 10);
	assert_int_equal(b->x.thread->cpu_ticks[0], 20);
	assert_int_equal(b->x.thread->cpu_ticks_before[1], 7);
	assert_int_equal(b->x.thread->cpu_ticks[1], 28);
	APPLY(b, SK_E_PROCINFO_E, 555, "ii", I(1), I(1));
	assert_null(b->x.thread);
}

static void
exit_takes_effect_with_the_next_event(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_exit(b, 100, 0);
	assert_text(b->x.thread->comm, "sh");
	assert_true(b->x.thread->dead);
	bench_tick(b);
	assert_null(sk_state_thread(b->s, 100));
	assert_null(sk_state_thread(b->s, 1)->children);
}

static void
dead_leader_stays_for_its_threads(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_clone(b, 100, 102, 100, 1, SK_CL_CLONE_THREAD, 100, 100);
	bench_exit(b, 100, 0);
	bench_tick(b);
	assert_non_null(sk_state_thread(b->s, 100));
	bench_exit(b, 102, 0);
	bench_tick(b);
	assert_null(sk_state_thread(b->s, 100));
	assert_null(sk_state_thread(b->s, 102));
}

struct orphan_case {
	const char *name;
	int64_t reaper_param;
	bool subreaper;
	int64_t want;
};

/* 1 - 100 - 200 - 201: 200 dies. */
static void
orphans_find_a_parent(void **state)
{
	static const struct orphan_case cases[] = {
	    {"the event names the reaper", 100, false, 100},
	    {"the search ends at init", -1, false, 1},
	    {"a subreaper on the way", -1, true, 100},
	    {"an unknown reaper is searched for", 4444, false, 1},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s\n", cases[i].name);
		sk_state_clear(b->s);
		bench_two(b);
		bench_process(b, 200, 100, "mid");
		bench_process(b, 201, 200, "leaf");
		sk_state_lists_done(b->s);
		if (cases[i].subreaper)
			APPLY(b, SK_E_SYSCALL_PRCTL_X, 100, "iisi", I(0), I(36), "", I(1));
		bench_exit(b, 200, cases[i].reaper_param);
		bench_tick(b);
		struct sk_thread *leaf = sk_state_thread(b->s, 201);
		assert_int_equal(leaf->ptid, cases[i].want);
		assert_ptr_equal(leaf->parent, sk_state_thread(b->s, cases[i].want));
	}
}

static void
a_thread_adopts_before_init(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_clone(b, 100, 102, 100, 1, SK_CL_CLONE_THREAD, 100, 100);
	bench_clone(b, 100, 101, 100, 1, 0, 100, 100);
	bench_exit(b, 100, -1);
	bench_tick(b);
	assert_int_equal(sk_state_thread(b->s, 101)->ptid, 102);
}

static void
loops_in_the_lists_are_cut(void **state)
{
	struct bench *b = *state;

	bench_process(b, 10, 11, "a");
	bench_process(b, 11, 12, "b");
	bench_process(b, 12, 10, "c");
	bench_process(b, 13, 13, "self");
	sk_state_lists_done(b->s);
	unsigned linked = 0;
	for (int64_t tid = 10; tid <= 13; tid++) {
		unsigned steps = 0;

		for (const struct sk_thread *t = sk_state_thread(b->s, tid); t->parent; t = t->parent)
			assert_true(++steps < 4);
		linked += steps > 0;
	}
	assert_int_equal(linked, 2);
}

static void
fork_storm_is_flat(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	for (int64_t fd = 3; fd < 20; fd++)
		bench_openat(b, 100, fd, -100, "/some/file", 1 | 0x1000);
	bench_tick(b);
	struct sk_state_stats before = *sk_state_stats(b->s);
	for (unsigned i = 0; i < 20000; i++) {
		int64_t pid = 1000 + i % 3000;

		bench_clone(b, 100, pid, 100, 1, 0, 100, 100);
		bench_exec(b, pid, 0, "true", "/bin/true");
		bench_openat(b, pid, 3, -100, "/etc/ld.so.cache", 1);
		bench_exit(b, pid, 0);
		b->m.ts += 3000 * MS;
	}
	bench_tick(b);
	struct sk_state_stats after = *sk_state_stats(b->s);
	assert_int_equal(after.threads, before.threads);
	assert_int_equal(after.fds, before.fds);
	assert_true(after.strings <= before.strings + 4);
	assert_int_equal(after.threads_added - after.threads_removed, after.threads);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(parent_event_makes_the_child),
	    TEST(child_event_first),
	    TEST(threads_share_their_leader),
	    TEST(child_in_a_pid_namespace_makes_itself),
	    TEST(stale_entry_is_replaced),
	    TEST(late_clone_of_a_short_life),
	    TEST(failed_clone_does_nothing),
	    TEST(unknown_threads_are_made_up),
	    TEST(processor_time_is_sampled),
	    TEST(exit_takes_effect_with_the_next_event),
	    TEST(dead_leader_stays_for_its_threads),
	    TEST(orphans_find_a_parent),
	    TEST(a_thread_adopts_before_init),
	    TEST(loops_in_the_lists_are_cut),
	    TEST(fork_storm_is_flat),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
