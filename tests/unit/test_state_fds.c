/* Descriptors: what makes, copies and ends them; the table under stress. */
#include "state_check.h"

static void
open_close(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_openat(b, 100, 3, -100, "a//b", 1 | 0x1000 | 0x8000);
	assert_int_equal(b->x.fd_num, 3);
	assert_true(b->x.uses_fd);
	assert_text(b->x.fd->name, "/home/a/b");
	assert_text(b->x.fd->raw_name, "a/b");
	assert_int_equal(b->x.fd->type, SK_FD_FILE_V2);
	assert_int_equal(b->x.fd->ino, 99);
	assert_int_equal(b->x.fd->dev, 64768);
	assert_true(b->x.fd->flags & SK_FDF_CLOEXEC);
	assert_true(b->x.fd->flags & SK_FDF_UPPER_LAYER);
	assert_true(b->x.fd->flags & SK_FDF_NAME_CHANGED);
	bench_openat(b, 100, 4, 3, "c", 0x401);
	assert_text(b->x.fd->name, "/home/a/b/c");
	assert_int_equal(b->x.fd->type, SK_FD_DIRECTORY);
	assert_false(bench_fd(b, 100, 3)->flags & SK_FDF_NAME_CHANGED);
	bench_openat(b, 100, 4, 4, "d", 0x401);
	assert_text(b->x.fd->name, "/home/a/b/c/d");
	bench_openat(b, 100, 4, 3, "c", 0x401);
	bench_openat(b, 100, 5, 77, "c", 1);
	assert_text(b->x.fd->name, "<UNKNOWN>/c");
	bench_openat(b, 100, -2, -100, "none", 1);
	assert_null(b->x.fd);
	APPLY(b, SK_E_SYSCALL_CLOSE_X, 100, "ii", I(0), I(4));
	assert_text(b->x.fd->name, "/home/a/b/c");
	assert_non_null(bench_fd(b, 100, 4));
	bench_tick(b);
	assert_null(bench_fd(b, 100, 4));
	APPLY(b, SK_E_SYSCALL_CLOSE_X, 100, "ii", I(-9), I(3));
	bench_tick(b);
	assert_non_null(bench_fd(b, 100, 3));
}

/* Another thread may change the path while the kernel reads it: the enter event has what counts. */
static void
enter_event_wins(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	APPLY(b, SK_E_SYSCALL_OPENAT_2_E, 100, "isii", I(-100), "/real", I(2), I(0));
	assert_false(b->x.deliver);
	bench_openat(b, 100, 3, -100, "/forged", 1 | 0x4000);
	assert_text(b->x.fd->name, "/real");
	assert_int_equal(b->x.fd->open_flags, 2 | 0x4000);
	/* It serves one exit only. */
	bench_openat(b, 100, 4, -100, "/next", 1);
	assert_text(b->x.fd->name, "/next");
	APPLY(b, SK_E_SYSCALL_OPEN_E, 100, "-ii", I(2), I(0));
	APPLY(b, SK_E_SYSCALL_OPEN_X, 100, "isiiii", I(5), "/seen", I(1), I(0), I(0), I(0));
	assert_text(b->x.fd->name, "/seen");
	APPLY(b, SK_E_SYSCALL_CREAT_E, 100, "si", "made", I(0));
	APPLY(b, SK_E_SYSCALL_CREAT_X, 100, "isiiii", I(6), "x", I(0), I(3), I(4), I(1));
	assert_text(b->x.fd->name, "/home/made");
	assert_true(b->x.fd->flags & SK_FDF_UPPER_LAYER);
}

static void
copies(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_openat(b, 100, 3, -100, "/f", 1 | 0x1000);
	APPLY(b, SK_E_SYSCALL_DUP_1_X, 100, "ii", I(4), I(3));
	assert_int_equal(b->x.fd_num, 4);
	assert_int_equal(b->x.fd->num, 4);
	assert_false(b->x.fd->flags & SK_FDF_CLOEXEC);
	APPLY(b, SK_E_SYSCALL_DUP3_X, 100, "iiii", I(5), I(3), I(5), I(0x1000));
	assert_true(b->x.fd->flags & SK_FDF_CLOEXEC);
	APPLY(b, SK_E_SYSCALL_DUP2_X, 100, "iii", I(0), I(3), I(0));
	assert_true(b->x.thread->flags & SK_CL_PIPE_DST);
	APPLY(b, SK_E_SYSCALL_DUP2_X, 100, "iii", I(3), I(3), I(3));
	assert_true(bench_fd(b, 100, 3)->flags & SK_FDF_CLOEXEC);
	APPLY(b, SK_E_SYSCALL_FCNTL_X, 100, "iiii", I(9), I(3), I(26), I(0));
	assert_int_equal(b->x.fd->num, 9);
	assert_true(b->x.fd->flags & SK_FDF_CLOEXEC);
	APPLY(b, SK_E_SYSCALL_FCNTL_X, 100, "iiii", I(0), I(9), I(3), I(0));
	assert_false(b->x.fd->flags & SK_FDF_CLOEXEC);
	assert_int_equal(sk_fdtable_count(sk_thread_fds(b->x.thread)), 5);
}

struct made_case {
	uint16_t type;
	const char *form;
	enum sk_fd_type want;
};

static void
every_kind(void **state)
{
	static const struct made_case cases[] = {
	    {SK_E_SYSCALL_EVENTFD2_X, "i", SK_FD_EVENT},          {SK_E_SYSCALL_EVENTFD_X, "i", SK_FD_EVENT},
	    {SK_E_SYSCALL_SIGNALFD4_X, "i", SK_FD_SIGNALFD},      {SK_E_SYSCALL_TIMERFD_CREATE_X, "i", SK_FD_TIMERFD},
	    {SK_E_SYSCALL_INOTIFY_INIT1_X, "i", SK_FD_INOTIFY},   {SK_E_SYSCALL_BPF_2_X, "i", SK_FD_BPF},
	    {SK_E_SYSCALL_USERFAULTFD_X, "i", SK_FD_USERFAULTFD}, {SK_E_SYSCALL_IO_URING_SETUP_X, "i", SK_FD_IOURING},
	    {SK_E_SYSCALL_EPOLL_CREATE_X, "i", SK_FD_EVENTPOLL},  {SK_E_SYSCALL_EPOLL_CREATE1_X, "i", SK_FD_EVENTPOLL},
	    {SK_E_SYSCALL_MEMFD_CREATE_X, "i", SK_FD_MEMFD},      {SK_E_SYSCALL_PIDFD_OPEN_X, "i", SK_FD_PIDFD},
	};
	struct bench *b = *state;

	bench_two(b);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		APPLY(b, cases[i].type, 100, cases[i].form, I(20));
		print_message("%s\n", b->m.ev.desc->sym);
		assert_non_null(b->x.fd);
		assert_int_equal(b->x.fd->type, cases[i].want);
		APPLY(b, cases[i].type, 100, cases[i].form, I(-24));
		assert_null(b->x.fd);
	}
	APPLY(b, SK_E_SYSCALL_MEMFD_CREATE_X, 100, "isi", I(21), "secret", I(0));
	assert_text(b->x.fd->name, "secret");
	APPLY(b, SK_E_SYSCALL_PIPE2_X, 100, "iiiii", I(0), I(30), I(31), I(777), I(0x1000));
	assert_int_equal(b->x.fd_num, 31);
	assert_int_equal(bench_fd(b, 100, 30)->ino, 777);
}

static void
pidfds_reach_other_processes(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	bench_openat(b, 1, 6, -100, "/etc/shadow", 1);
	APPLY(b, SK_E_SYSCALL_PIDFD_OPEN_X, 100, "iii", I(3), I(1), I(0));
	assert_text(b->x.fd->name, "/proc/1");
	APPLY(b, SK_E_SYSCALL_PIDFD_GETFD_X, 100, "iiii", I(4), I(3), I(6), I(0));
	assert_text(b->x.fd->name, "/etc/shadow");
	assert_true(b->x.fd->flags & SK_FDF_CLOEXEC);
	APPLY(b, SK_E_SYSCALL_PIDFD_GETFD_X, 100, "iiii", I(-1), I(3), I(6), I(0));
	assert_null(b->x.fd);
}

static void
close_range(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	for (int64_t fd = 0; fd < 100; fd++)
		bench_openat(b, 100, fd, -100, "/f", 1);
	APPLY(b, SK_E_SYSCALL_CLOSE_RANGE_X, 100, "iiii", I(0), I(10), I(20), I(4));
	assert_true(bench_fd(b, 100, 20)->flags & SK_FDF_CLOEXEC);
	assert_false(bench_fd(b, 100, 21)->flags & SK_FDF_CLOEXEC);
	APPLY(b, SK_E_SYSCALL_CLOSE_RANGE_X, 100, "iiii", I(0), I(3), I(0xffffffff), I(0));
	assert_int_equal(sk_fdtable_count(sk_thread_fds(b->x.thread)), 3);
	assert_non_null(bench_fd(b, 100, 2));
}

struct order {
	int64_t last;
	size_t n;
};

static void
ascending(void *arg, const struct sk_fd *fd)
{
	struct order *o = arg;

	assert_true(fd->num > o->last);
	o->last = fd->num;
	o->n++;
}

/* Numbers that are dense, sparse and far apart, added and removed at random, against a plain array. */
static void
table_against_a_model(void **state)
{
	static const int64_t pool[] = {0,
				       1,
				       2,
				       3,
				       4,
				       5,
				       15,
				       16,
				       17,
				       31,
				       32,
				       47,
				       48,
				       63,
				       64,
				       255,
				       256,
				       512,
				       1023,
				       1024,
				       65535,
				       65536,
				       1 << 20,
				       (1 << 20) + 16,
				       (int64_t)1 << 40,
				       INT64_MAX};
	enum { N = sizeof(pool) / sizeof(pool[0]) };
	struct bench *b = *state;
	bool model[2][N] = {0};
	uint32_t rnd = 12345;

	bench_two(b);
	bench_process(b, 200, 1, "other");
	sk_state_lists_done(b->s);
	for (unsigned step = 0; step < 20000; step++) {
		rnd = rnd * 1664525 + 1013904223;
		unsigned i = (rnd >> 8) % N, who = rnd >> 28 & 1;
		int64_t tid = who ? 200 : 100;

		if (rnd >> 29 & 1) {
			bench_openat(b, tid, pool[i], -100, "/f", 1);
			model[who][i] = true;
		} else {
			APPLY(b, SK_E_SYSCALL_CLOSE_X, tid, "ii", I(0), pool[i]);
			bench_tick(b);
			model[who][i] = false;
		}
		/* Now and then one process is replaced by a fork of the other. */
		if (step % 500 == 499) {
			bench_clone(b, tid, who ? 100 : 200, tid, 1, 0, tid, tid);
			memcpy(model[!who], model[who], sizeof(model[0]));
		}
		for (unsigned k = 0; k < 2; k++)
			for (unsigned j = 0; j < N; j++)
				assert_int_equal(bench_fd(b, k ? 200 : 100, pool[j]) != NULL, model[k][j]);
	}
	struct order o = {-1, 0};
	sk_fdtable_each(sk_thread_fds(sk_state_thread(b->s, 100)), ascending, &o);
	assert_int_equal(o.n, sk_fdtable_count(sk_thread_fds(sk_state_thread(b->s, 100))));
}

static void
tables_are_bounded(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	for (int64_t i = 0; i < SK_MAX_FDS_PER_PROC + 10; i++)
		APPLY(b, SK_E_SYSCALL_EVENTFD2_X, 100, "i", i * 4096);
	assert_int_equal(sk_fdtable_count(sk_thread_fds(sk_state_thread(b->s, 100))), SK_MAX_FDS_PER_PROC);
	assert_int_equal(sk_state_stats(b->s)->fds_refused, 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(open_close),
	    TEST(enter_event_wins),
	    TEST(copies),
	    TEST(every_kind),
	    TEST(pidfds_reach_other_processes),
	    TEST(close_range),
	    TEST(table_against_a_model),
	    TEST(tables_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
