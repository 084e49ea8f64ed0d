/* Time of day of events, with clocks that are set at will. */
#include "probe/live/wall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define S 1000000000ull
#define EPOCH (1700000000ull * S)

/* One thing that happens: at boot time AT the clock is set BY ns (0: nothing, just an event). */
struct moment {
	uint64_t at;
	int64_t by;
	uint64_t want; /* time of an event at AT, from EPOCH on */
};

static void
play(const struct moment *m, size_t n, int64_t backward_at)
{
	struct sk_wall w;
	uint64_t epoch = EPOCH, last = 0;

	sk_wall_init(&w, epoch);
	for (size_t i = 0; i < n; i++) {
		epoch += (uint64_t)m[i].by;
		assert_true(sk_wall_sync(&w, m[i].at, epoch) == m[i].by);
		uint64_t t = sk_wall_of(&w, m[i].at);
		assert_int_equal(t - EPOCH, m[i].want);
		assert_true(t >= last || (int64_t)i == backward_at);
		last = t;
	}
}

static void
test_set_forward(void **state)
{
	static const struct moment m[] = {{10 * S, 0, 10 * S}, {11 * S, 3600 * (int64_t)S, 3611 * S}, {12 * S, 0, 3612 * S}};

	(void)state;
	play(m, 3, -1);
}

static void
test_set_back(void **state)
{
	/* 100 s back: half speed for 200 s, then the clock's own */
	static const struct moment m[] = {{10 * S, 0, 10 * S},   {11 * S, -100 * (int64_t)S, 11 * S},
					  {13 * S, 0, 12 * S},   {111 * S, 0, 61 * S},
					  {211 * S, 0, 111 * S}, {212 * S, 0, 112 * S}};

	(void)state;
	play(m, 6, -1);
}

static void
test_set_back_twice(void **state)
{
	/* 60 s back; 20 s later, still 50 s ahead, 10 s back again; then forward by 30 s of the 60 that are left */
	static const struct moment m[] = {{100 * S, -60 * (int64_t)S, 100 * S},
					  {120 * S, -10 * (int64_t)S, 110 * S},
					  {120 * S, 30 * (int64_t)S, 110 * S},
					  {140 * S, 0, 120 * S},
					  {180 * S, 0, 140 * S},
					  {190 * S, 0, 150 * S}};

	(void)state;
	play(m, 6, -1);
}

static void
test_forward_while_ahead(void **state)
{
	static const struct moment m[] = {
	    {100 * S, -60 * (int64_t)S, 100 * S}, {110 * S, 3600 * (int64_t)S, 3650 * S}, {111 * S, 0, 3651 * S}};

	(void)state;
	play(m, 3, -1);
}

static void
test_plainly_wrong(void **state)
{
	/* seven years back: nobody waits for that. Exactly ten minutes still are slewed. */
	static const struct moment m[] = {{10 * S, 0, 10 * S},
					  {11 * S, -220000000 * (int64_t)S, (uint64_t) - (219999989 * (int64_t)S)}};
	static const struct moment limit[] = {{700 * S, -600 * (int64_t)S, 700 * S}, {1900 * S, 0, 1300 * S}};
	static const struct moment beyond[] = {{700 * S, 0, 700 * S}, {701 * S, -601 * (int64_t)S, 100 * S}};

	(void)state;
	play(m, 2, 1);
	play(limit, 2, -1);
	play(beyond, 2, 1);
}

static void
test_noise(void **state)
{
	struct sk_wall w;

	(void)state;
	sk_wall_init(&w, EPOCH);
	for (uint64_t i = 1; i < 1000; i++) {
		assert_int_equal(sk_wall_sync(&w, i * S, EPOCH + i % 7 * 1000 - 3000), 0);
		assert_int_equal(sk_wall_of(&w, i * S), EPOCH + i * S);
	}
	/* what creeps is taken once it is a step */
	assert_int_equal(sk_wall_sync(&w, 1000 * S, EPOCH + SK_WALL_STEP_MIN), SK_WALL_STEP_MIN);
	assert_int_equal(sk_wall_of(&w, 1000 * S), EPOCH + 1000 * S + SK_WALL_STEP_MIN);
}

/* Events older than the look at the clock are still in the rings when it was set. */
static void
test_late_events(void **state)
{
	struct sk_wall w;

	(void)state;
	sk_wall_init(&w, EPOCH);
	uint64_t before = sk_wall_of(&w, 10 * S);
	(void)sk_wall_sync(&w, 12 * S, EPOCH - 300 * S);
	for (uint64_t i = 0, last = before; i < 100; i++) {
		uint64_t t = sk_wall_of(&w, 10 * S + i * S / 10);

		assert_true(t >= last);
		last = t;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_set_forward),    cmocka_unit_test(test_set_back),
	    cmocka_unit_test(test_set_back_twice), cmocka_unit_test(test_forward_while_ahead),
	    cmocka_unit_test(test_plainly_wrong),  cmocka_unit_test(test_noise),
	    cmocka_unit_test(test_late_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
