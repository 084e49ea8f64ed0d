/* Several rule files loaded in order: does loading succeed, and with which codes. The alerts of the same cases need a replay. The
 * data is read in place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/diag/falco.h"

#include <glob.h>
#include <jansson.h>
#include <stdio.h>

#define DATA SK_SOURCE_DIR "/../shared/reference/loading"
#define MAX_FILES 16

/* Findings that Falco does not have. */
static const struct {
	const char *name, *code, *why;
} deviations[] = {
	{ "l18-list-in-string", "LOAD_UNUSED_LIST", "Falco replaces the name inside quotes, and so counts the list as used" },
};

static bool
is_deviation(const char *name, const char *code)
{
	for (size_t i = 0; i < SK_COUNTOF(deviations); i++)
		if (strcmp(deviations[i].name, name) == 0 && strcmp(deviations[i].code, code) == 0)
			return true;
	return false;
}

static bool
has_string(const json_t *list, const char *s)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), s) == 0)
			return true;
	return false;
}

/* The codes that were printed, once each, are those of the findings. */
static int
compare_codes(const char *name, const json_t *want, struct pipeline *p)
{
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(p->cx.diags, &n);
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		const char *code = sk_diag_desc(all[i]->code)->falco;

		if (*code && !has_string(want, code) && !is_deviation(name, code) && ++bad)
			printf("%s: too many  %s %.*s\n", name, code, SK_SLICE_ARG(all[i]->text));
	}
	for (size_t i = 0; i < json_array_size(want); i++) {
		const char *code = json_string_value(json_array_get(want, i));
		size_t k = 0;

		while (k < n && strcmp(sk_diag_desc(all[k]->code)->falco, code) != 0)
			k++;
		if (k == n && (pipeline_checks_conditions() || !falco_needs_conditions(code)) && ++bad)
			printf("%s: missing   %s\n", name, code);
	}
	return bad;
}

static int
check(const char *dir)
{
	const char *name = strrchr(dir, '/') + 1;
	struct sk_slice names[MAX_FILES], texts[MAX_FILES];
	struct pipeline p;
	char path[512];
	glob_t g;

	(void)snprintf(path, sizeof(path), "%s/*.yaml", dir);
	assert_int_equal(glob(path, 0, NULL, &g), 0);
	assert_true(g.gl_pathc <= MAX_FILES);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		names[i] = sk_slice(g.gl_pathv[i], strlen(g.gl_pathv[i]));
		texts[i] = pipeline_read(g.gl_pathv[i]);
		assert_non_null(texts[i].p);
	}
	(void)snprintf(path, sizeof(path), "%s/expect.json", dir);
	json_t *json = json_load_file(path, 0, NULL);
	assert_non_null(json);
	pipeline_run(&p, names, texts, g.gl_pathc);
	int bad = compare_codes(name, json_object_get(json, "codes"), &p);
	bool ok = json_integer_value(json_object_get(json, "exit")) == 0;
	if (ok != !sk_diags_errors(p.cx.diags) && ++bad)
		printf("%s: %s\n", name, ok ? "should load" : "should not load");
	pipeline_end(&p);
	json_decref(json);
	for (size_t i = 0; i < g.gl_pathc; i++)
		free((void *)(uintptr_t)texts[i].p);
	globfree(&g);
	return bad;
}

static void
test_loading(void **state)
{
	glob_t g;
	int failed = 0;

	(void)state;
	assert_int_equal(glob(DATA "/l*", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++)
		failed += check(g.gl_pathv[i]) != 0;
	printf("%zu cases, %d failed\n", g.gl_pathc, failed);
	assert_int_equal(g.gl_pathc, 37);
	globfree(&g);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_loading) };

	if (access(DATA, R_OK) != 0) {
		printf("no reference data at " DATA "\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
