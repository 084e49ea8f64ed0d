/* Which regular expressions are taken, and how they are handed on. */
#include "compiler/regex_syntax.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs the four above */
#include <cmocka.h>

struct pattern {
	const char *text;
	const char *want; /* for PCRE2; NULL: refused */
	bool plain;
};

static const struct pattern patterns[] = {
	{ "bash", "bash", true },
	{ "", "", true },
	{ ".*", ".*", false },
	{ "a{2", "a\\{2", true },
	{ "a{2}", "a{2}", false },
	{ "a{2,}b{1,3}", "a{2,}b{1,3}", false },
	{ "a{,3}", "a\\{,3}", true },
	{ "a{1001}", NULL, false },
	{ "a{3,2}", NULL, false },
	{ "(a|b)+c?", "(a|b)+c?", false },
	{ "()", "()", false },
	{ "a||b", "a||b", false },
	{ "^[[:print:]]*$", "^[[:print:]]*$", false },
	{ "[]a]", "[]a]", false },
	{ "[^]a]", "[^]a]", false },
	{ "[a[b]", "[a\\[b]", false },
	{ "[^x-z]+", "[^x-z]+", false },
	{ "[[:nosuch:]]", NULL, false },
	{ "[a", NULL, false },
	{ "[z-a]", NULL, false },
	{ "a]", "a]", true },
	{ "\\.", "\\.", false },
	{ "\\v", "\\x0b", false },
	{ "\\x41\\x{263a}", "\\x41\\x{263a}", false },
	{ "\\x4", NULL, false },
	{ "\\d+", NULL, false },
	{ "\\bx", NULL, false },
	{ "(a)\\1", NULL, false },
	{ "\\Qa\\E", NULL, false },
	{ "\\pL", NULL, false },
	{ "a\\", NULL, false },
	{ "(?i)a", NULL, false },
	{ "(?=a)", NULL, false },
	{ "(*UTF)a", NULL, false },
	{ "a*?", NULL, false },
	{ "a**", NULL, false },
	{ "a++", NULL, false },
	{ "(a*)*", "(a*)*", false },
	{ "*a", NULL, false },
	{ "a|*", NULL, false },
	{ "(", NULL, false },
	{ ")", NULL, false },
	{ "\xff", NULL, false },
	{ "\xc3\xa9*", "\xc3\xa9*", false },
};

static void
test_patterns(void **state)
{
	struct sk_arena *a = sk_arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(patterns); i++) {
		const struct pattern *p = &patterns[i];
		struct sk_regex_check r = sk_regex_check(a, sk_slice_cstr(p->text));

		if (r.error ? p->want != NULL : !p->want || !sk_slice_is(r.pattern, p->want))
			fail_msg("'%s': %s '%.*s'", p->text, r.error ? r.error : "becomes", SK_SLICE_ARG(r.pattern));
		if (!r.error && r.plain != p->plain)
			fail_msg("'%s': plain %d", p->text, r.plain);
	}
	sk_arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_patterns) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
