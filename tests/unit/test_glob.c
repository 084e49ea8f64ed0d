/* Shell patterns against the C library, which defines what they mean. */
#include "vm/machine.h"

#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char *const patterns[] = { "", "*", "?", "a", "*a", "a*", "*a*b*", "a?c", "[abc]", "[!abc]", "[^abc]", "[a-c]x", "[]]", "[!]]", "[a-]", "[-a]", "\\*", "\\?x", "a\\", "[[:alpha:]]*", "[[:digit:][:upper:]]", "*.txt", "/etc/*", "/*/x", "**", "*?*", "[\\]]", "[a\\-c]", "[a", "[", "a[b", "x[!", "*[0-9]", "A*B", "[A-C]z", "[[:lower:]]Q", "[[:0lp:]]", "[[:none:]]", "[![:none:]]", "[a[:none:]]", "[[::]]", "[[:alpha:]", "[[:azb:]]", "[!]?az[2-m\\*{[:0lp:]]" };
static const char *const texts[] = { "", "a", "b", "ab", "abc", "aXc", "aab", "xaxbx", "]", "-", "*", "?x", "a\\", "file.txt", "/etc/passwd", "/a/b/x", "[a", "[", "a[b", "Z9", "7", "AzB", "bz", "Bz", "aQ", "AQ", "aaaaaaaaaaaaaaaaaaaaaaaaab", "x[!", "c", "^" };

static void
compare(const char *pattern, const char *text)
{
	for (int fold = 0; fold < 2; fold++) {
		bool want = fnmatch(pattern, text, fold ? FNM_CASEFOLD : 0) == 0;
		bool got = sk_match_glob(text, strlen(text), pattern, strlen(pattern), fold);

		if (want != got)
			fail_msg("'%s' against '%s'%s: want %d, got %d", pattern, text, fold ? " (any case)" : "", want, got);
	}
}

static void
same_as_fnmatch(void **state)
{
	(void)state;
	for (size_t p = 0; p < SK_COUNTOF(patterns); p++)
		for (size_t t = 0; t < SK_COUNTOF(texts); t++)
			compare(patterns[p], texts[t]);
}

static uint32_t
next(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)*seed * n) >> 32);
}

/* A pattern that ends inside a range, or has one that ends in '[': read differently on purpose (docs/compatibility.md). */
static bool
cut_range(const char *pattern)
{
	size_t n = strlen(pattern);

	return strstr(pattern, "-[") || strstr(pattern, "-\\[") || (strchr(pattern, '[') && (pattern[n - 1] == '-' || (n > 1 && pattern[n - 2] == '-' && pattern[n - 1] == '\\')));
}

/* What a bracket may be made of, in every order that chance finds. */
static void
same_in_odd_brackets(void **state)
{
	static const char *const parts[] = { "[", "[", "]", "]", "!", "^", "-", "\\", ":", "[:", "[::]", ":]", "[:alpha:]", "[:lower:]", "[:none:]", "[:zz:]", "[:a", "*", "?", "a", "b", "z", "A", "Z", "M", "_", "0" };
	static const char *const bytes = "abzAZM[]-:!^\\_0";
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 300000; i++) {
		char pattern[128] = "", text[4] = "";

		for (uint32_t k = 1 + next(&seed, 9); k > 0; k--)
			strcat(pattern, parts[next(&seed, SK_COUNTOF(parts))]);
		for (uint32_t k = next(&seed, sizeof(text)); k > 0; k--)
			text[k - 1] = bytes[next(&seed, (uint32_t)strlen(bytes))];
		if (!cut_range(pattern))
			compare(pattern, text);
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
	const struct CMUnitTest tests[] = { cmocka_unit_test(same_as_fnmatch), cmocka_unit_test(same_in_odd_brackets), cmocka_unit_test(no_blow_up) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
