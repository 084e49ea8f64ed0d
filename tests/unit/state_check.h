/* For tests of the state: one state, events into it, and its invariants. */
#ifndef SK_TEST_STATE_CHECK_H
#define SK_TEST_STATE_CHECK_H

#include "daemon/state/state.h"
#include "event_maker.h"

#define STATE_LIT(s) sk_slice_cstr(s)

struct bench {
	struct event_maker m;
	struct sk_state *s;
	struct sk_event_ctx x;
};

static inline int
bench_setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (!b || !(b->s = sk_state_new()))
		return -1;
	*state = b;
	return 0;
}

static inline int
bench_teardown(void **state)
{
	struct bench *b = *state;

	sk_state_free(b->s);
	free(b);
	return 0;
}

/* A listed process that is its own leader. */
static inline struct sk_thread *
bench_process(struct bench *b, int64_t pid, int64_t ptid, const char *comm)
{
	struct sk_thread_entry e = {.tid = pid,
				    .pid = pid,
				    .ptid = ptid,
				    .sid = 1,
				    .vpgid = pid,
				    .pgid = pid,
				    .vtid = pid,
				    .vpid = pid,
				    .fdlimit = 1024,
				    .comm = STATE_LIT(comm),
				    .exe = STATE_LIT(comm),
				    .exepath = SK_SLICE("/bin/x"),
				    .cwd = SK_SLICE("/home"),
				    .env = SK_SLICE("A=1\0B=2\0"),
				    .root = SK_SLICE("/")};

	return sk_state_add_thread(b->s, &e);
}

/* Two listed processes, 1 and its child 100, and no more lists. */
static inline void
bench_two(struct bench *b)
{
	bench_process(b, 1, 0, "init");
	bench_process(b, 100, 1, "sh");
	sk_state_lists_done(b->s);
}

#define APPLY(b, ...) sk_state_apply((b)->s, event_make(&(b)->m, __VA_ARGS__), &(b)->x)

/* The exit of a clone in caller TID (RES the child, or 0 in the child itself), with the ids that the event carries. */
static inline void
bench_clone(struct bench *b, int64_t tid, int64_t res, int64_t pid, int64_t ptid, uint32_t flags, int64_t vtid, int64_t vpid)
{
	APPLY(b, SK_E_SYSCALL_CLONE_20_X, tid, "isbiii-iiiiiisbiiiiii", res, "sh", "-c\0true\0", (size_t)8, tid, pid, ptid,
	      I(512), I(1), I(2), I(10), I(20), I(30), "sh", "cpuset=/\0", (size_t)9, I(flags), I(7), I(8), vtid, vpid, I(5));
}

static inline const struct sk_event *
bench_make_exec(struct bench *b, int64_t tid, int64_t res, const char *comm, const char *exepath)
{
	return event_make(&b->m, SK_E_SYSCALL_EXECVE_19_X, tid, "isbiii-iiiiiisbbiiiiiiiiiiisii", res, "/usr/bin/env", "one\0two\0", (size_t)8,
			  tid, tid, I(1), I(256), I(3), I(4), I(11), I(21), I(31), comm, "cpuset=/\0", (size_t)9, "HOME=/r\0", (size_t)8,
			  I(34816), I(77), I(1000), I(1 | 4), I(1), I(2), I(3), I(4242), I(500), I(600), I(12), exepath, I(78), I(13));
}

static inline void
bench_exec(struct bench *b, int64_t tid, int64_t res, const char *comm, const char *exepath)
{
	sk_state_apply(b->s, bench_make_exec(b, tid, res, comm, exepath), &b->x);
}

static inline void
bench_exit(struct bench *b, int64_t tid, int64_t reaper)
{
	APPLY(b, SK_E_PROCEXIT_1_E, tid, "iiiii", I(0), I(0), I(0), I(0), reaper);
}

/* Anything that has no effect of its own: what the last event left over gets done. */
static inline void
bench_tick(struct bench *b)
{
	APPLY(b, SK_E_SIGNALDELIVER_E, 1, "iii", I(0), I(0), I(0));
}

static inline void
bench_openat(struct bench *b, int64_t tid, int64_t fd, int64_t dirfd, const char *name, uint32_t flags)
{
	APPLY(b, SK_E_SYSCALL_OPENAT_2_X, tid, "iisiiii", fd, dirfd, name, I(flags), I(0), I(64768), I(99));
}

static inline struct sk_fd *
bench_fd(struct bench *b, int64_t tid, int64_t num)
{
	const struct sk_thread *t = sk_state_thread(b->s, tid);

	return t ? sk_fdtable_find(sk_thread_fds(t), num) : NULL;
}

#define assert_str(slice, text)                                                                                                  \
	do {                                                                                                                     \
		struct sk_slice s_ = (slice);                                                                                    \
		assert_int_equal(s_.n, strlen(text));                                                                            \
		assert_memory_equal(s_.p, text, s_.n);                                                                           \
	} while (0)
#define assert_text(str, text) assert_str(sk_str_slice(str), text)
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, bench_setup, bench_teardown)

#endif
