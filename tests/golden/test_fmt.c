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

/* Files that must come out as they are. */
static void
test_odd_files(void **state)
{
	static const char *const same[] = { "",
					    "# nothing but a comment\n",
					    "\n\n",
					    "# nothing\n---\n# but comments\n",
					    "- list: a\n  items: []\n",
					    "- list: a\n  items:\n" };

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(same); i++) {
		struct sk_slice text = sk_slice_cstr(same[i]), got = fmt_format(text, NULL);

		assert_same(got, text, "odd", "changed");
		fmt_free(got);
	}
}

static void
test_long_comments(void **state)
{
	struct sk_buf b = { 0 };

	(void)state;
	for (unsigned where = 0; where < 2; where++) {
		b.n = 0;
		sk_buf_str(&b, where ? "- list: a\n  items: [x] #" : "# ");
		for (unsigned i = 0; i < 10000; i++)
			sk_buf_str(&b, " x");
		sk_buf_str(&b, where ? "\n" : "\n- list: a\n  items: [x]\n");
		struct sk_slice got = fmt_format(sk_buf_view(&b), NULL);
		assert_same(got, sk_buf_view(&b), "long comment", "changed");
		fmt_free(got);
	}
	sk_buf_free(&b);
}

/* Files that cannot be formatted: the place, and why. */
static void
test_refused_files(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "a: b\n", "E0004 at 0: rules content is not a list" },
		{ "- [\n", "E0002 at" },
		{ "- rule: a\n  rule: b\n", "at 12: key 'rule' is given twice" },
		{ "- &a b\n- *a\n", "at 2: anchors" },
		{ "\x01\xff", "at 1: this byte is not UTF-8" },
		{ "- list: a\r  items: [x]\r", "E0007 at 9: this line does not end in a line feed" },
		{ "- list: a # c\r  items: [x]\n", "E0007 at 13: this line does not" },
		{ "- list: a # c\xc2\x85  items: [x]\n", "E0007 at 13: this line does not" },
		{ "- list: a # c\xe2\x80\xa8  items: [x]\n", "E0007 at 13: this line does not" },
		{ "- list: !!str a\n  items: [x]\n", "E0007 at 8: tags" },
		{ "- list: a\n  items: !!seq [x]\n", "E0007 at 19: tags" },
		{ "- list: a\n  items:\n    - !x # c\n     y\n", "E0007 at 25: tags" },
		{ "%YAML 1.1\n---\n- list: a\n  items: [x]\n", "E0007 at 0: directives" },
		/* Keys that cannot stand before a colon. */
		{ "- list: a\n  items: [x]\n- ? |\n    list\n  : a\n", "E0007 at 27: formatted, this would mean something else" },
		/* What would allow something else. */
		{ "- list: a\n  items:\n    # saker: allow W0304\n    [x]\n", "E0007 at 23: formatted, comments here" },
		{ "- list: a\n  # saker: allow W0304\n  ? items\n  : [x]\n", "E0007 at 12: formatted, comments here" },
		{ "- {list: a, # saker: allow W0304\n   items: [x]}\n", "E0007 at 12: formatted, comments here" },
		{ "# saker: allow W0304\n- # c\n  list: a\n", "E0007 at 23: formatted, comments here" },
	};

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_slice why = { 0 }, got = fmt_format(sk_slice_cstr(cases[i].text), &why);

		if (got.n || !memmem(why.p, why.n, cases[i].why, strlen(cases[i].why)))
			fail_msg("case %zu: want '%s', have '%.*s'", i, cases[i].why, SK_SLICE_ARG(why));
		fmt_free(why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_golden), cmocka_unit_test(test_all_rule_files),
					    cmocka_unit_test(test_own_rules_are_formatted), cmocka_unit_test(test_odd_files),
					    cmocka_unit_test(test_long_comments), cmocka_unit_test(test_refused_files) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
