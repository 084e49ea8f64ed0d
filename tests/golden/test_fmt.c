/* sakerc fmt: NAME.in.yaml becomes NAME.out.yaml (SK_BLESS=1 rewrites those), what is formatted stays, and whatever is formatted
 * means what it meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "tests/golden/fmt_run.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#define FOLDER SK_SOURCE_DIR "/tests/golden/fmt/"

static struct sk_slice
read_file(const char *path)
{
	SK_AUTO_FCLOSE FILE *f = fopen(path, "rb");
	struct sk_buf b = { 0 };
	size_t n;

	while (f && (n = fread(sk_buf_room(&b, 65536), 1, 65536, f)) > 0)
		b.n += n;
	return sk_buf_view(&b);
}

static void
assert_same(struct sk_slice a, struct sk_slice b, const char *path, const char *what)
{
	if (!sk_slice_eq(a, b))
		fail_msg("%s: %s\n--- one\n%.*s\n--- other\n%.*s", path, what, SK_SLICE_ARG(a), SK_SLICE_ARG(b));
}

static void
check_file(const char *path, unsigned *formatted)
{
	struct sk_slice text = read_file(path), once = fmt_format(text, NULL), twice = once.n ? fmt_format(once, NULL) : once;

	if (once.n) {
		struct sk_slice before = fmt_meaning(text), after = fmt_meaning(once);

		assert_same(once, twice, path, "formatting again changes the file");
		assert_same(before, after, path, "formatting changes what the file means");
		fmt_free(before);
		fmt_free(after);
		fmt_free(twice);
		++*formatted;
	}
	fmt_free(once);
	fmt_free(text);
}

/* --- tests ------------------------------------------------------------------------------------- */
static void
test_golden(void **state)
{
	glob_t g;

	(void)state;
	assert_int_equal(glob(FOLDER "*.in.yaml", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		char path[4096];
		unsigned n = 0;
		struct sk_slice in = read_file(g.gl_pathv[i]), got = fmt_format(in, NULL);

		(void)snprintf(path, sizeof(path), "%.*s.out.yaml", (int)(strlen(g.gl_pathv[i]) - strlen(".in.yaml")),
			       g.gl_pathv[i]);
		if (getenv("SK_BLESS")) {
			SK_AUTO_FCLOSE FILE *f = fopen(path, "wb");

			assert_int_equal(fwrite(got.p, 1, got.n, f), got.n);
		} else {
			struct sk_slice want = read_file(path);

			assert_same(got, want, path, "not as it should be");
			fmt_free(want);
		}
		check_file(g.gl_pathv[i], &n);
		assert_int_equal(n, 1);
		fmt_free(got);
		fmt_free(in);
	}
	globfree(&g);
}

/* Whatever other tests have in store: formatted without a change of meaning, or refused. */
static void
test_all_rule_files(void **state)
{
	static const char *const patterns[] = { "/tests/diag/*.yaml", "/tests/diag/lint/*.yaml", "/tests/golden/*.yaml" };
	unsigned formatted = 0;

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(patterns); i++) {
		char pattern[4096];
		glob_t g;

		(void)snprintf(pattern, sizeof(pattern), "%s%s", SK_SOURCE_DIR, patterns[i]);
		if (glob(pattern, 0, NULL, &g) != 0)
			continue;
		for (size_t k = 0; k < g.gl_pathc; k++)
			check_file(g.gl_pathv[k], &formatted);
		globfree(&g);
	}
	assert_true(formatted >= 40);
}

static void
test_own_rules_are_formatted(void **state)
{
	glob_t g;

	(void)state;
	assert_int_equal(glob(SK_SOURCE_DIR "/rules/*.yaml", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct sk_slice text = read_file(g.gl_pathv[i]), got = fmt_format(text, NULL);

		if (!sk_slice_eq(text, got))
			fail_msg("%s is not formatted: run sakerc fmt on it", g.gl_pathv[i]);
		fmt_free(got);
		fmt_free(text);
	}
	globfree(&g);
}

/* Files that must come out as they are, or not at all. */
static void
test_odd_files(void **state)
{
	static const char *const same[] = { "", "# nothing but a comment\n", "\n\n", "- list: a\n  items: []\n",
					    "- list: a\n  items:\n" };
	static const char *const refused[] = { "a: b\n", "- [\n", "- rule: a\n  rule: b\n", "- &a b\n- *a\n", "\x01\xff" };

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(same); i++) {
		struct sk_slice text = sk_slice_cstr(same[i]), got = fmt_format(text, NULL);

		assert_same(got, text, "odd", "changed");
		fmt_free(got);
	}
	for (size_t i = 0; i < SK_COUNTOF(refused); i++) {
		struct sk_slice got = fmt_format(sk_slice_cstr(refused[i]), NULL);

		assert_int_equal(got.n, 0);
		fmt_free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_golden), cmocka_unit_test(test_all_rule_files),
					    cmocka_unit_test(test_own_rules_are_formatted), cmocka_unit_test(test_odd_files) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
