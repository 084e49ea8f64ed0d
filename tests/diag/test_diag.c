/* Own rule files with their findings written inside: "# expect E0104 41:22" for each finding, all and only those. Lines and
 * columns count from 1. What stands behind them in the line is a part of the finding's text or of a note's; behind
 * '!', it is in none of them. With "# dialect falco" they are read in Falco's dialect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/diag/pipeline.h"

#include <glob.h>
#include <stdio.h>

#define MAX_FINDINGS 256

struct expectation {
	enum sk_diag_code code;
	uint32_t line, column;
	struct sk_slice text;
};

static bool covered[SK_DIAG_COUNT];

/* Cannot come from the text of a rule file: tested with their causes. */
static const enum sk_diag_code elsewhere[] = { SK_D_FILE_READ, SK_D_OUT_OF_MEMORY, SK_D_MORE_FINDINGS, SK_D_NOT_FORMATTED };
/* Only the check of conditions finds these. */
static const enum sk_diag_code of_conditions[] = { SK_D_UNKNOWN_FIELD,   SK_D_FIELD_LATER,        SK_D_FIELD_ARGUMENT,
						   SK_D_OPERATOR_TYPE,   SK_D_BAD_VALUE,          SK_D_BAD_REGEX,
						   SK_D_BAD_TRANSFORMER, SK_D_RHS_FIELD,          SK_D_OUTPUT_SYNTAX,
						   SK_D_OUTPUT_FIELD,    SK_D_OUTPUT_FIELD_LATER, SK_D_NO_EVTTYPE,
						   SK_D_UNKNOWN_FILTER,  SK_D_SUSPECT_VALUE,      SK_D_SIMPLE_REGEX,
						   SK_D_UNSAFE_NA_CHECK, SK_D_DEPRECATED_FIELD };

static bool
is_among(const enum sk_diag_code *codes, size_t n, enum sk_diag_code code)
{
	for (size_t i = 0; i < n; i++)
		if (codes[i] == code)
			return true;
	return false;
}

static bool
waits(enum sk_diag_code code)
{
	return !pipeline_checks_conditions() && is_among(of_conditions, SK_COUNTOF(of_conditions), code);
}

static size_t
read_expectations(struct sk_slice text, struct expectation *ret)
{
	static const char mark[] = "# expect ";
	size_t n = 0;

	for (const char *p = text.p; (p = memmem(p, (size_t)(text.p + text.n - p), mark, sizeof(mark) - 1)) != NULL; p++) {
		char code[16];
		int used;

		assert_true(n < MAX_FINDINGS);
		p += sizeof(mark) - 1;
		assert_int_equal(sscanf(p, "%15s %u:%u%n", code, &ret[n].line, &ret[n].column, &used), 3);
		ret[n].text = sk_slice(p + used, strcspn(p + used, "\n"));
		if (ret[n].text.n)
			ret[n].text = sk_slice(ret[n].text.p + 1, ret[n].text.n - 1);
		ret[n].code = sk_diag_find(sk_slice(code, strlen(code)));
		assert_int_not_equal(ret[n].code, SK_DIAG_COUNT);
		covered[ret[n].code] = true;
		n++;
	}
	return n;
}

/* "# lint SPEC" in the file; the default otherwise. */
static struct sk_slice
lint_spec(struct sk_slice text)
{
	static const char mark[] = "# lint ";
	const char *p = memmem(text.p, text.n, mark, sizeof(mark) - 1);
	size_t n = 0;

	if (!p)
		return SK_SLICE("default");
	p += sizeof(mark) - 1;
	while (p + n < text.p + text.n && p[n] != '\n')
		n++;
	return sk_slice(p, n);
}

static bool
says(const struct sk_diag *diag, struct sk_slice text)
{
	if (text.n && text.p[0] == '!')
		return !says(diag, sk_slice(text.p + 1, text.n - 1));
	bool found = !text.n || memmem(diag->text.p, diag->text.n, text.p, text.n) != NULL;

	for (const struct sk_note *n = diag->notes; n && !found; n = n->next)
		found = memmem(n->text.p, n->text.n, text.p, text.n) != NULL;
	return found;
}

static bool
is_expected(const struct expectation *want, const struct sk_diag *diag, uint32_t line, uint32_t column)
{
	return want->code == diag->code && want->line == line && want->column == column && says(diag, want->text);
}

static int
check(const char *path, bool lint)
{
	struct expectation want[MAX_FINDINGS];
	struct sk_slice text = pipeline_read(path);
	size_t nwant = read_expectations(text, want), n;
	struct pipeline p;
	int bad = 0;

	pipeline_run_as(&p, memmem(text.p, text.n, "# dialect falco", 15) ? SK_DIALECT_FALCO : SK_DIALECT_SAKER, &SK_SLICE("file"), &text, 1);
	assert_true(!lint || pipeline_lint(&p, lint_spec(text)));
	const struct sk_diag *const *all = sk_diags_sorted(p.cx.diags, &n);
	for (size_t i = 0; i < n; i++) {
		uint32_t line = 0, column = 0;
		size_t k = 0;

		if (all[i]->loc.file)
			sk_file_position(all[i]->loc.file, all[i]->loc.span.beg, &line, &column);
		while (k < nwant && !is_expected(&want[k], all[i], line, column))
			k++;
		if (k < nwant)
			want[k] = want[--nwant];
		else if (++bad)
			printf("%s: too many  %s %u:%u %.*s\n", path, sk_diag_desc(all[i]->code)->code, line, column,
			       SK_SLICE_ARG(all[i]->text));
	}
	for (size_t k = 0; k < nwant; k++)
		if (!waits(want[k].code) && ++bad)
			printf("%s: missing   %s %u:%u %.*s\n", path, sk_diag_desc(want[k].code)->code, want[k].line, want[k].column,
			       SK_SLICE_ARG(want[k].text));
	FILE *sink = fopen("/dev/null", "w");
	sk_diags_print(p.cx.diags, sink, true);
	(void)fclose(sink);
	pipeline_end(&p);
	free((void *)(uintptr_t)text.p);
	return bad;
}

static void
check_all(const char *pattern, bool lint)
{
	glob_t g;
	int failed = 0;

	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++)
		failed += check(g.gl_pathv[i], lint) != 0;
	printf("%zu files, %d failed\n", g.gl_pathc, failed);
	globfree(&g);
	assert_int_equal(failed, 0);
}

static void
test_files(void **state)
{
	(void)state;
	check_all(SK_SOURCE_DIR "/tests/diag/*.yaml", false);
}

static void
test_lints(void **state)
{
	(void)state;
	if (pipeline_checks_conditions())
		check_all(SK_SOURCE_DIR "/tests/diag/lint/*.yaml", true);
}

/* Our own rules are what others copy. */
static void
test_own_rules_are_clean(void **state)
{
	struct sk_slice names[64], texts[64];
	struct pipeline p;
	glob_t g;
	size_t n;

	(void)state;
	assert_int_equal(glob(SK_SOURCE_DIR "/rules/*.yaml", 0, NULL, &g), 0);
	assert_true(g.gl_pathc <= SK_COUNTOF(names));
	for (size_t i = 0; i < g.gl_pathc; i++) {
		names[i] = sk_slice_cstr(g.gl_pathv[i]);
		texts[i] = pipeline_read(g.gl_pathv[i]);
	}
	pipeline_run(&p, names, texts, g.gl_pathc);
	assert_true(p.fine);
	assert_true(pipeline_lint(&p, SK_SLICE("all")));
	sk_diags_print(p.cx.diags, stdout, false);
	(void)sk_diags_sorted(p.cx.diags, &n);
	assert_int_equal(n, 0);
	pipeline_end(&p);
	for (size_t i = 0; i < g.gl_pathc; i++)
		free((void *)(uintptr_t)texts[i].p);
	globfree(&g);
}

static void
test_every_code_has_a_case(void **state)
{
	int missing = 0;

	(void)state;
	for (size_t i = 0; i < SK_DIAG_COUNT; i++) {
		enum sk_diag_code code = (enum sk_diag_code)i;

		if (!covered[i] && !waits(code) && !is_among(elsewhere, SK_COUNTOF(elsewhere), code) && ++missing)
			printf("no case for %s\n", sk_diag_desc(code)->code);
	}
	assert_int_equal(missing, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_files), cmocka_unit_test(test_lints), cmocka_unit_test(test_own_rules_are_clean),
					     cmocka_unit_test(test_every_code_has_a_case) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
