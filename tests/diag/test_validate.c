/* Rule files and what Falco's validation says of them: result, codes, items and positions. The data is read in place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/diag/falco.h"

#include <glob.h>
#include <jansson.h>
#include <stdio.h>

#define DATA SK_SOURCE_DIR "/../shared/reference/validate"
#define MAX_FINDINGS 64

/* Where we differ on purpose. */
enum deviation {
	MORE = 1,    /* we report all findings, Falco the first error and what came before it */
	LENIENT = 2, /* we accept it */
	PLACE = 4,   /* the same finding at a better place */
};
static const struct {
	const char *name;
	int how;
	const char *why;
} deviations[] = {
	{ "v05-element-not-map", MORE, "both elements are wrong" },
	{ "v13-bad-priority", LENIENT, "Falco 0.15 took beginnings of names; warned of" },
	{ "v21-condition-syntax", PLACE, "Falco points behind the trailing line end, we where the bracket is due" },
	{ "v23-condition-type", PLACE, "Falco points at the check, we at the value" },
	{ "v56-several-documents", PLACE, "the same" },
	{ "v27-append-undefined-list-macro", MORE, "list and macro are both undefined" },
};

struct findings {
	char *v[MAX_FINDINGS];
	size_t n;
};

static int
deviation_of(const char *name)
{
	for (size_t i = 0; i < SK_COUNTOF(deviations); i++)
		if (strcmp(deviations[i].name, name) == 0)
			return deviations[i].how;
	return 0;
}

static void
clear(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i]);
	f->n = 0;
}

static void
add(struct findings *f, char *text)
{
	assert_true(f->n < MAX_FINDINGS);
	f->v[f->n++] = text;
}

static void
expect_list(struct findings *f, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *e = json_array_get(list, i), *where = json_object_get(e, "where");
		const char *code = json_string_value(json_object_get(e, "code"));
		char line[2048];
		int n = snprintf(line, sizeof(line), "%s", code);

		for (size_t k = 0; k < json_array_size(where); k++) {
			const json_t *w = json_array_get(where, k);

			n += snprintf(line + n, sizeof(line) - (size_t)n, "%s%s '%s'@%s", k ? " > " : " ",
				      json_string_value(json_object_get(w, "type")),
				      json_string_value(json_object_get(w, "name")), json_string_value(json_object_get(w, "at")));
		}
		add(f, strdup(line));
	}
}

static void
found(struct findings *f, struct pipeline *p, enum sk_severity severity)
{
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(p->cx.diags, &n);

	for (size_t i = 0; i < n; i++) {
		char *text = all[i]->severity == severity ? falco_finding(all[i]) : NULL;

		if (text)
			add(f, text);
	}
}

static void
cut_places(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		*strrchr(f->v[i], '@') = 0;
}

/* Take equal findings out of both; says what is left. */
static int
compare(const char *name, struct findings *want, struct findings *have, bool more, bool *pending)
{
	int bad = 0;

	for (size_t i = 0; i < want->n; i++) {
		size_t k = 0;
		char code[64];

		while (k < have->n && strcmp(want->v[i], have->v[k]) != 0)
			k++;
		if (k < have->n) {
			free(have->v[k]);
			have->v[k] = have->v[--have->n];
			continue;
		}
		(void)sscanf(want->v[i], "%63s", code);
		if (!pipeline_checks_conditions() && (falco_needs_conditions(code) || strstr(name, "deprecated"))) {
			*pending = true;
			continue;
		}
		printf("%s: missing   %s\n", name, want->v[i]);
		bad++;
	}
	for (size_t k = 0; k < have->n && !more; k++, bad++)
		printf("%s: too many  %s\n", name, have->v[k]);
	return bad;
}

static int
check(const char *path, bool *pending)
{
	char name[256], json_path[512];
	const char *base = strrchr(path, '/') + 1;
	struct sk_slice text = pipeline_read(path);
	struct findings want_e = { 0 }, want_w = { 0 }, have_e = { 0 }, have_w = { 0 };
	struct pipeline p;
	int bad;

	(void)snprintf(name, sizeof(name), "%.*s", (int)strlen(base) - 5, base);
	(void)snprintf(json_path, sizeof(json_path), DATA "/%s.json", name);
	json_t *json = json_load_file(json_path, 0, NULL);
	assert_non_null(json);
	pipeline_run(&p, &(struct sk_slice){ path, strlen(path) }, &text, 1);
	bool ok = json_integer_value(json_object_get(json, "exit")) == 0;
	expect_list(&want_e, json_object_get(json, "errors"));
	expect_list(&want_w, json_object_get(json, "warnings"));
	found(&have_e, &p, SK_SEV_ERROR);
	found(&have_w, &p, SK_SEV_WARNING);
	int how = deviation_of(name);
	if (how & PLACE)
		cut_places(&want_e), cut_places(&have_e);
	if (how & LENIENT) {
		bad = have_e.n != 0;
	} else {
		bool more = how & MORE || !json_object_get(json, "errors"), have_ok = !sk_diags_errors(p.cx.diags);

		bad = compare(name, &want_e, &have_e, more, pending) + compare(name, &want_w, &have_w, more, pending);
		if (ok != have_ok && !*pending && ++bad)
			printf("%s: %s\n", name, ok ? "should be accepted" : "should be refused");
	}
	clear(&want_e), clear(&want_w), clear(&have_e), clear(&have_w);
	pipeline_end(&p);
	json_decref(json);
	free((void *)(uintptr_t)text.p);
	return bad;
}

static void
test_validate(void **state)
{
	glob_t g;
	int failed = 0, waiting = 0;

	(void)state;
	assert_int_equal(glob(DATA "/*.yaml", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		bool pending = false;

		failed += check(g.gl_pathv[i], &pending) != 0;
		waiting += pending;
	}
	printf("%zu cases, %d failed, %d wait for the check of conditions\n", g.gl_pathc, failed, waiting);
	assert_int_equal(g.gl_pathc, 60);
	globfree(&g);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_validate) };

	if (access(DATA, R_OK) != 0) {
		printf("no reference data at " DATA "\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
