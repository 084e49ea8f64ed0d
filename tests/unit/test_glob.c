/* Shell patterns against the C library, which defines what they mean. */
#include "vm/machine.h"

#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char *const patterns[] = { "", "*", "?", "a", "*a", "a*", "*a*b*", "a?c", "[abc]", "[!abc]", "[^abc]", "[a-c]x", "[]]", "[!]]", "[a-]", "[-a]", "\\*", "\\?x", "a\\", "[[:alpha:]]*", "[[:digit:][:upper:]]", "*.txt", "/etc/*", "/*/x", "**", "*?*", "[\\]]", "[a\\-c]", "[a", "[", "a[b", "x[!", "*[0-9]", "A*B", "[A-C]z", "[[:lower:]]Q" };
static const char *const texts[] = { "", "a", "b", "ab", "abc", "aXc", "aab", "xaxbx", "]", "-", "*", "?x", "a\\", "file.txt", "/etc/passwd", "/a/b/x", "[a", "[", "a[b", "Z9", "7", "AzB", "bz", "Bz", "aQ", "AQ", "aaaaaaaaaaaaaaaaaaaaaaaaab", "x[!", "c", "^" };

static void
same_as_fnmatch(void **state)
{
	(void)state;
	for (size_t p = 0; p < SK_COUNTOF(patterns); p++)
		for (size_t t = 0; t < SK_COUNTOF(texts); t++)
			for (int fold = 0; fold < 2; fold++) {
				bool want = fnmatch(patterns[p], texts[t], fold ? FNM_CASEFOLD : 0) == 0;
				bool got = sk_match_glob(texts[t], strlen(texts[t]), patterns[p], strlen(patterns[p]), fold);

				if (want != got)
					fail_msg("'%s' against '%s'%s: want %d, got %d", patterns[p], texts[t], fold ? " (any case)" : "", want, got);
			}
}

/* Ten stars over a long text: the matcher may only ever go back to the last one. */
static void
no_blow_up(void **state)
{
	char text[4096];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_false(sk_match_glob(text, sizeof(text), "*a*a*a*a*a*a*a*a*a*a*b", 22, false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(same_as_fnmatch), cmocka_unit_test(no_blow_up) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
