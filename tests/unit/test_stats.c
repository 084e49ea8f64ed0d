#include "daemon/stats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static const char strings[] = "one\0two\0three";
static const struct sk_rule_def rules[] = {
	{ .name = { 0, 3 }, .priority = SK_PRIO_DEBUG },
	{ .name = { 4, 3 }, .priority = SK_PRIO_EMERGENCY },
	{ .name = { 8, 5 }, .priority = SK_PRIO_INFORMATIONAL },
};

static void
printed(const struct sk_stats *s, const char *want)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	sk_stats_print(s, f);
	(void)fclose(f);
	assert_string_equal(text, want);
	free(text);
}

static void
test_print(void **state)
{
	const struct sk_bundle_view b = { .strings = strings, .nstrings = sizeof(strings), .rules = rules, .nrules = 3 };
	struct sk_stats s;

	(void)state;
	assert_true(sk_stats_init(&s, &b));
	printed(&s, "Events detected: 0\nRule counts by severity:\nTriggered rules by rule name:\n");
	sk_stats_count(&s, 0);
	sk_stats_count(&s, 2);
	sk_stats_count(&s, 0);
	printed(&s, "Events detected: 3\nRule counts by severity:\n   INFO: 1\n   DEBUG: 2\nTriggered rules by rule name:\n   one: 2\n   three: 1\n");
	sk_stats_count(&s, 1);
	printed(&s, "Events detected: 4\nRule counts by severity:\n   EMERGENCY: 1\n   INFO: 1\n   DEBUG: 2\nTriggered rules by rule name:\n"
		    "   one: 2\n   two: 1\n   three: 1\n");
	sk_stats_free(&s);
	sk_stats_free(&s);
}

static void
test_no_rules(void **state)
{
	const struct sk_bundle_view b = { .nrules = 0 };
	struct sk_stats s;

	(void)state;
	assert_true(sk_stats_init(&s, &b));
	printed(&s, "Events detected: 0\nRule counts by severity:\nTriggered rules by rule name:\n");
	sk_stats_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_print), cmocka_unit_test(test_no_rules) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
