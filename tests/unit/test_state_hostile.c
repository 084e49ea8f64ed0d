/* Events that no kernel makes: random types, values and lengths over a handful of ids. Nothing breaks and nothing leaks. */
#include "event_maker.h"
#include "state_invariants.h"

static uint32_t
rnd(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(*seed >> 33);
}

/* Numbers that mean something to somebody. */
static int64_t
number(uint64_t *seed)
{
	static const int64_t odd[] = {-1, -100, -115, 0, 1, 2, INT64_MAX, INT64_MIN, UINT32_MAX, 0x2000, 0x20000000, 0x10000};

	return rnd(seed) % 4 ? (int64_t)(rnd(seed) % 12) : odd[rnd(seed) % (sizeof(odd) / sizeof(odd[0]))];
}

static void
random_param(struct event_maker *m, uint32_t i, uint64_t *seed)
{
	static const char *const texts[] = {"", "/", "a", "/tmp/x", "../..", "container", "x=/docker/0123456789abcdef", "(NULL)"};
	uint32_t width = sk_type_width((enum sk_ptype)m->ev.desc->params[i].type);
	int64_t v = number(seed);
	uint8_t raw[40];

	switch (rnd(seed) % 8) {
	case 0:
		event_param_(m, NULL, 0);
		return;
	case 1: /* any bytes of any length */
		for (size_t k = 0; k < sizeof(raw); k++)
			raw[k] = (uint8_t)rnd(seed);
		raw[0] = (uint8_t)(rnd(seed) % 12);
		event_param_(m, raw, rnd(seed) % sizeof(raw));
		return;
	default:
		break;
	}
	if (width && width <= sizeof(v)) {
		event_param_(m, &v, width);
	} else {
		const char *t = texts[rnd(seed) % (sizeof(texts) / sizeof(texts[0]))];
		event_param_(m, t, strlen(t) + rnd(seed) % 2);
	}
}

/* Types that change something, more often than the rest. */
static uint16_t
random_type(uint64_t *seed)
{
	static const uint16_t busy[] = {SK_E_SYSCALL_CLONE_20_X, SK_E_SYSCALL_CLONE3_X, SK_E_SYSCALL_EXECVE_19_X,
					SK_E_PROCEXIT_1_E,       SK_E_PROCEXIT_1_E,     SK_E_SYSCALL_OPENAT_2_X,
					SK_E_SYSCALL_DUP2_X,     SK_E_SYSCALL_CLOSE_X};

	return rnd(seed) % 2 ? busy[rnd(seed) % (sizeof(busy) / sizeof(busy[0]))] : (uint16_t)(rnd(seed) % SK_EVENT_LIMIT);
}

static void
random_events(void **state)
{
	static struct event_maker m;
	uint64_t seed = 42;

	(void)state;
	for (unsigned round = 0; round < 30; round++) {
		struct sk_state *s = sk_state_new();
		struct sk_event_ctx x;

		assert_non_null(s);
		for (unsigned i = 0; i < 4000; i++) {
			event_make(&m, random_type(&seed), number(&seed), "");
			uint32_t n = rnd(&seed) % 8 ? m.ev.desc->nparams : rnd(&seed) % (m.ev.desc->nparams + 1u);
			for (uint32_t p = 0; p < n; p++)
				random_param(&m, p, &seed);
			if (rnd(&seed) % 50 == 0)
				m.ts += 3000000000ull;
			sk_state_apply(s, &m.ev, &x);
			assert_true(!x.fd || x.fd->refs > 0);
			assert_true(!x.thread || sk_state_thread(s, x.thread->tid) == x.thread);
			if (x.thread)
				(void)sk_thread_cmdline(x.thread);
			if (i % 16 == 0)
				check_state(s);
		}
		sk_state_clear(s);
		assert_int_equal(sk_state_stats(s)->threads, 0);
		assert_int_equal(sk_state_stats(s)->fds, 0);
		assert_int_equal(sk_state_stats(s)->strings, 0);
		sk_state_free(s);
	}
}

/* Lists with every kind of entry, twice, in any order. */
static void
random_lists(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct sk_state *s = sk_state_new();

		for (unsigned i = 0; i < 40; i++) {
			struct sk_thread_entry t = {.tid = number(&seed),
						    .pid = number(&seed),
						    .ptid = number(&seed),
						    .vpid = number(&seed),
						    .args = SK_SLICE("a"),
						    .flags = (uint32_t)number(&seed)};
			struct sk_fd_entry fd = {.num = number(&seed),
						 .type = (uint8_t)rnd(&seed),
						 .l4 = (uint8_t)rnd(&seed),
						 .sport = (uint16_t)number(&seed),
						 .name = SK_SLICE("n")};

			sk_state_add_thread(s, &t);
			sk_state_add_fd(s, number(&seed), &fd);
		}
		sk_state_lists_done(s);
		check_state(s);
		sk_state_lists_done(s);
		check_state(s);
		sk_state_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(random_events), cmocka_unit_test(random_lists)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
