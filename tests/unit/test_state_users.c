/* Users and groups of host and containers. */
#include "state_check.h"

static void
listed_and_by_event(void **state)
{
	struct bench *b = *state;

	sk_state_add_user(b->s, SK_SLICE(""), 0, 0, SK_SLICE("root"), SK_SLICE("/root"), SK_SLICE("/bin/sh"));
	sk_state_add_group(b->s, SK_SLICE(""), 0, SK_SLICE("wheel"));
	assert_text(sk_state_user(b->s, SK_SLICE(""), 0)->home, "/root");
	assert_text(sk_state_group(b->s, SK_SLICE(""), 0)->name, "wheel");
	assert_null(sk_state_user(b->s, SK_SLICE("c1"), 0));
	APPLY(b, SK_E_USER_ADDED_E, -1, "iissss", I(0), I(5), "boss", "/h", "/sh", "c1");
	assert_text(sk_state_user(b->s, SK_SLICE("c1"), 0)->name, "boss");
	assert_int_equal(sk_state_user(b->s, SK_SLICE("c1"), 0)->gid, 5);
	assert_text(sk_state_user(b->s, SK_SLICE(""), 0)->name, "root");
	APPLY(b, SK_E_GROUP_ADDED_E, -1, "iss", I(9), "crew", "");
	assert_text(sk_state_group(b->s, SK_SLICE(""), 9)->name, "crew");
	APPLY(b, SK_E_USER_DELETED_E, -1, "iissss", I(0), I(5), "boss", "/h", "/sh", "c1");
	assert_null(sk_state_user(b->s, SK_SLICE("c1"), 0));
	APPLY(b, SK_E_GROUP_DELETED_E, -1, "iss", I(9), "crew", "");
	assert_null(sk_state_group(b->s, SK_SLICE(""), 9));
	assert_non_null(sk_state_user(b->s, SK_SLICE(""), 0));
}

static void
bounded(void **state)
{
	struct bench *b = *state;

	for (uint32_t i = 0; i < SK_MAX_USERS + 5; i++)
		sk_state_add_user(b->s, SK_SLICE(""), i, i, SK_SLICE("u"), SK_SLICE(""), SK_SLICE(""));
	assert_int_equal(sk_state_stats(b->s)->users_refused, 5);
	for (uint32_t i = 0; i < SK_MAX_USERS; i += 997)
		assert_int_equal(sk_state_user(b->s, SK_SLICE(""), i)->uid, i);
	sk_state_clear(b->s);
	assert_null(sk_state_user(b->s, SK_SLICE(""), 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(listed_and_by_event), TEST(bounded)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
