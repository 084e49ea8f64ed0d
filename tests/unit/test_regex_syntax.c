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
	const char *simpler; /* the operator that says the same */
};

static const struct pattern patterns[] = {
	{ "bash", "bash", "=" },
	{ "", "", NULL },
	{ "^a$", "^a$", "=" },
	{ "a.*", "a.*", "startswith" },
	{ "^.*a$", "^.*a$", "endswith" },
	{ ".*a.*", ".*a.*", "contains" },
	{ ".*a.b.*", ".*a.b.*", NULL },
	{ "a\\.b.*", "a\\.b.*", NULL },
	{ ".*.*", ".*.*", NULL },
	{ ".*", ".*", NULL },
	{ "a{2", "a\\{2", "=" },
	{ "a{2}", "a{2}", NULL },
	{ "a{2,}b{1,3}", "a{2,}b{1,3}", NULL },
	{ "a{,3}", "a\\{,3}", "=" },
	{ "a{1001}", NULL, NULL },
	{ "a{3,2}", NULL, NULL },
	{ "(a|b)+c?", "(a|b)+c?", NULL },
	{ "()", "()", NULL },
	{ "a||b", "a||b", NULL },
	{ "^[[:print:]]*$", "^[[:print:]]*$", NULL },
	{ "[]a]", "[]a]", NULL },
	{ "[^]a]", "[^]a]", NULL },
	{ "[a[b]", "[a\\[b]", NULL },
	{ "[^x-z]+", "[^x-z]+", NULL },
	{ "[[:nosuch:]]", NULL, NULL },
	{ "[a", NULL, NULL },
	{ "[z-a]", NULL, NULL },
	{ "a]", "a]", "=" },
	{ "\\.", "\\.", NULL },
	{ "\\v", "\\x0b", NULL },
	{ "\\x41\\x{263a}", "\\x41\\x{263a}", NULL },
	{ "\\x4", NULL, NULL },
	{ "\\d+", NULL, NULL },
	{ "\\bx", NULL, NULL },
	{ "(a)\\1", NULL, NULL },
	{ "\\Qa\\E", NULL, NULL },
	{ "\\pL", NULL, NULL },
	{ "a\\", NULL, NULL },
	{ "(?i)a", NULL, NULL },
	{ "(?=a)", NULL, NULL },
	{ "(*UTF)a", NULL, NULL },
	{ "a*?", NULL, NULL },
	{ "a**", NULL, NULL },
	{ "a++", NULL, NULL },
	{ "(a*)*", "(a*)*", NULL },
	{ "*a", NULL, NULL },
	{ "a|*", NULL, NULL },
	{ "(", NULL, NULL },
	{ ")", NULL, NULL },
	{ "\xff", NULL, NULL },
	{ "\xc3\xa9*", "\xc3\xa9*", NULL },
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
		if (!r.error && strcmp(r.simpler ? r.simpler : "", p->simpler ? p->simpler : "") != 0)
			fail_msg("'%s': %s says the same", p->text, r.simpler ? r.simpler : "nothing");
	}
	sk_arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_patterns) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
