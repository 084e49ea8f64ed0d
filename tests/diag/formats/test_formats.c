/* Every form of findings, on twenty.yaml, against golden files (SK_BLESS=1 writes them anew), and on hostile names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "compiler/compile.h"
#include "compiler/report/report.h"
#include "tests/diag/formats/xml.h"
#include "tests/diag/pipeline.h"

#include <jansson.h>

#define DIR SK_SOURCE_DIR "/tests/diag/"

struct run {
	struct sk_compilation done;
	char *out, *log;
	size_t nout, nlog;
};

static void
start(struct run *r, const char *name, struct sk_slice text, const char *error)
{
	struct sk_compile_input in = { .name = sk_slice_cstr(name), .text = text, .error = error };
	struct sk_compile_job job = { .inputs = &in, .ninputs = 1, .check_only = true };

	*r = (struct run){ 0 };
	(void)sk_compile_run(&job, &r->done, NULL);
	assert_non_null(r->done.diags);
}

static void
write_report(struct run *r, enum sk_report_format format, bool color)
{
	FILE *out = open_memstream(&r->out, &r->nout), *log = open_memstream(&r->log, &r->nlog);
	struct sk_report report = { .diags = r->done.diags,
				    .files = r->done.rs->files.v,
				    .nfiles = r->done.rs->files.n,
				    .version = "0",
				    .color = color,
				    .out = out,
				    .log = log };

	assert_true(out && log);
	sk_report_write(&report, format);
	(void)fclose(out);
	(void)fclose(log);
}

static void
drop(struct run *r)
{
	free(r->out);
	free(r->log);
	r->out = r->log = NULL;
}

static void
check_golden(const char *name, const char *have)
{
	char path[512];

	(void)snprintf(path, sizeof(path), DIR "formats/%s", name);
	if (getenv("SK_BLESS")) {
		FILE *f = fopen(path, "w");

		assert_non_null(f);
		assert_int_not_equal(fputs(have, f), EOF);
		assert_int_equal(fclose(f), 0);
	}
	struct sk_slice want = pipeline_read(path);
	assert_non_null(want.p);
	assert_string_equal(have, want.p);
	free((void *)(uintptr_t)want.p);
}

static json_t *
parse(const char *text)
{
	json_error_t err;
	json_t *j = json_loads(text, JSON_REJECT_DUPLICATES, &err);

	if (!j)
		fail_msg("%d:%d: %s", err.line, err.column, err.text);
	return j;
}

/* The table of rules changes with every new finding: only the results are golden. */
static char *
without_rules(const char *sarif)
{
	json_t *j = parse(sarif), *run = json_array_get(json_object_get(j, "runs"), 0);

	assert_int_equal(json_object_del(json_object_get(json_object_get(run, "tool"), "driver"), "rules"), 0);
	for (size_t i = 0; i < json_array_size(json_object_get(run, "results")); i++)
		(void)json_object_del(json_array_get(json_object_get(run, "results"), i), "ruleIndex");
	char *text = json_dumps(j, JSON_INDENT(1) | JSON_SORT_KEYS);
	json_decref(j);
	return text;
}

static void
test_golden(void **state)
{
	static const struct {
		enum sk_report_format format;
		const char *golden;
		bool color;
	} cases[] = {
		{ SK_REPORT_TEXT, "twenty.txt", false },	{ SK_REPORT_TEXT, "twenty.color.txt", true },
		{ SK_REPORT_JSON, "twenty.jsonl", false },	{ SK_REPORT_SARIF, "twenty.sarif", false },
		{ SK_REPORT_JUNIT, "twenty.junit.xml", false }, { SK_REPORT_GITHUB, "twenty.github.txt", false },
		{ SK_REPORT_FALCO, "twenty.falco.txt", false }, { SK_REPORT_FALCO_JSON, "twenty.falco.json", false },
	};
	struct sk_slice text = pipeline_read(DIR "twenty.yaml");
	struct run r;

	(void)state;
	start(&r, "twenty.yaml", text, NULL);
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		write_report(&r, cases[i].format, cases[i].color);
		char *stable = cases[i].format == SK_REPORT_SARIF ? without_rules(r.out) : strdup(r.out);
		check_golden(cases[i].golden, stable);
		free(stable);
		drop(&r);
	}
	sk_compilation_free(&r.done);
	free((void *)(uintptr_t)text.p);
}

/* At least twenty findings of different codes, each with a place. */
static void
test_twenty(void **state)
{
	struct sk_slice text = pipeline_read(DIR "twenty.yaml");
	bool seen[SK_DIAG_COUNT] = { false };
	size_t n, kinds = 0;
	struct run r;

	(void)state;
	start(&r, "twenty.yaml", text, NULL);
	const struct sk_diag *const *all = sk_diags_sorted(r.done.diags, &n);
	for (size_t i = 0; i < n; i++) {
		assert_non_null(all[i]->loc.file);
		kinds += !seen[all[i]->code];
		seen[all[i]->code] = true;
	}
	assert_true(kinds >= 20);
	sk_compilation_free(&r.done);
	free((void *)(uintptr_t)text.p);
}

/* --- SARIF ----------------------------------------------------------------- */
static json_int_t
number(const json_t *o, const char *key)
{
	assert_true(json_is_integer(json_object_get(o, key)));
	return json_integer_value(json_object_get(o, key));
}

static void
check_location(const json_t *location)
{
	const json_t *physical = json_object_get(location, "physicalLocation"), *region = json_object_get(physical, "region");
	const char *uri = json_string_value(json_object_get(json_object_get(physical, "artifactLocation"), "uri"));

	assert_non_null(uri);
	assert_int_equal(strcspn(uri, " \"<>\\^`{|}:,"), strlen(uri));
	assert_true(number(region, "startLine") >= 1 && number(region, "startColumn") >= 1);
	assert_true(number(region, "endLine") > number(region, "startLine") || number(region, "endColumn") >= number(region, "startColumn"));
}

static void
check_result(const json_t *result, const json_t *rules)
{
	const json_t *rule = json_array_get(rules, (size_t)number(result, "ruleIndex"));
	const char *level = json_string_value(json_object_get(result, "level"));
	const json_t *related = json_object_get(result, "relatedLocations");

	assert_string_equal(json_string_value(json_object_get(rule, "id")), json_string_value(json_object_get(result, "ruleId")));
	assert_true(strcmp(level, "error") == 0 || strcmp(level, "warning") == 0);
	assert_non_null(json_string_value(json_object_get(json_object_get(result, "message"), "text")));
	assert_int_equal(json_array_size(json_object_get(result, "locations")), 1);
	check_location(json_array_get(json_object_get(result, "locations"), 0));
	for (size_t i = 0; i < json_array_size(related); i++) {
		check_location(json_array_get(related, i));
		assert_non_null(json_object_get(json_object_get(json_array_get(related, i), "message"), "text"));
	}
}

static void
check_sarif(const char *text, size_t findings)
{
	json_t *j = parse(text);
	const json_t *run = json_array_get(json_object_get(j, "runs"), 0);
	const json_t *driver = json_object_get(json_object_get(run, "tool"), "driver"), *rules = json_object_get(driver, "rules");

	assert_string_equal(json_string_value(json_object_get(j, "version")), "2.1.0");
	assert_non_null(strstr(json_string_value(json_object_get(j, "$schema")), "sarif-2.1.0"));
	assert_string_equal(json_string_value(json_object_get(driver, "name")), "sakerc");
	assert_string_equal(json_string_value(json_object_get(run, "columnKind")), "utf16CodeUnits");
	assert_int_equal(json_array_size(rules), SK_DIAG_COUNT);
	for (size_t i = 0; i < SK_DIAG_COUNT; i++) {
		const json_t *help = json_object_get(json_object_get(json_array_get(rules, i), "help"), "text");

		assert_true(json_string_length(help) > 0);
	}
	assert_int_equal(json_array_size(json_object_get(run, "results")), findings);
	for (size_t i = 0; i < findings; i++)
		check_result(json_array_get(json_object_get(run, "results"), i), rules);
	json_decref(j);
}

/* --- hostile names ----------------------------------------------------------------- */
static const char hostile[] = "- rule: \"<a href='x'>&amp; ]]> %0A::error:: \\e[31m\\x01\\uFFFF \xf0\x9f\x98\x80\"\n"
			      "  desc: \"\xf0\x9f\x98\x80\"\n"
			      "  condition: evt.type = open and \"\xf0\x9f\x98\x80\\n,:%\" = 1\n"
			      "  output: x\n"
			      "  priority: \"a\\r\\n::warning::b\"\n"
			      "  \"\\t::x::\": 1\n";

static size_t
lines(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

static void
check_github(const char *text, size_t findings)
{
	assert_int_equal(lines(text), findings);
	for (const char *p = text; *p; p = strchr(p, '\n') + 1) {
		const char *message = strstr(p + 2, "::"), *end = strchr(p, '\n');

		assert_true(strncmp(p, "::error file=", 13) == 0 || strncmp(p, "::warning file=", 15) == 0);
		assert_true(message && message < end);
	}
}

static void
check_json_lines(char *text, size_t findings)
{
	assert_int_equal(lines(text), findings);
	for (char *p = text, *end; *p; p = end + 1) {
		end = strchr(p, '\n');
		*end = '\0';
		json_decref(parse(p));
	}
}

static void
check_hostile(struct run *r, size_t findings)
{
	for (uint32_t f = 0; f < SK_REPORT_COUNT; f++) {
		char why[128] = "";

		write_report(r, (enum sk_report_format)f, true);
		if (f == SK_REPORT_SARIF)
			check_sarif(r->out, findings);
		else if (f == SK_REPORT_GITHUB)
			check_github(r->out, findings);
		else if (f == SK_REPORT_JSON)
			check_json_lines(r->out, findings);
		else if (f == SK_REPORT_FALCO_JSON)
			json_decref(parse(r->out));
		else if (f == SK_REPORT_JUNIT && !xml_is_well_formed(r->out, why, sizeof(why)))
			fail_msg("%s\n%s", why, r->out);
		drop(r);
	}
}

static void
test_hostile(void **state)
{
	struct run r;
	size_t n;

	(void)state;
	start(&r, "a b/c:d,%e\n\x01<&>\".yaml", sk_slice_cstr(hostile), NULL);
	(void)sk_diags_sorted(r.done.diags, &n);
	assert_true(n >= 3);
	check_hostile(&r, n);
	sk_compilation_free(&r.done);
	start(&r, "missing.yaml", (struct sk_slice){ 0 }, "No such file or directory");
	check_hostile(&r, 1);
	sk_compilation_free(&r.done);
	start(&r, "fine.yaml", SK_SLICE("- list: a\n  items: []\n- rule: r\n  desc: d\n  condition: evt.type in (a, open)\n  output: x\n  priority: INFO\n"), NULL);
	check_hostile(&r, 0);
	sk_compilation_free(&r.done);
}

/* Columns count UTF-16 units: the emoji before the token is two of them, and four bytes. */
static void
test_utf16_columns(void **state)
{
	static const char text[] = "- rule: r\n  desc: d\n  condition: evt.type = open and proc.name = \"\xf0\x9f\x98\x80\xc3\xa4\" and nosuch\n  output: x\n  priority: INFO\n";
	struct run r;

	(void)state;
	start(&r, "f.yaml", sk_slice_cstr(text), NULL);
	write_report(&r, SK_REPORT_GITHUB, false);
	/* 54 columns before the macro, were the text ASCII with three units in the quotes. */
	assert_non_null(strstr(r.out, ",line=3,col=56,endLine=3,endColumn=62,"));
	drop(&r);
	write_report(&r, SK_REPORT_TEXT, false);
	assert_non_null(strstr(r.out, "f.yaml:3:59: error E0103"));
	drop(&r);
	sk_compilation_free(&r.done);
}

static void
test_names(void **state)
{
	(void)state;
	assert_int_equal(sk_report_find("sarif"), SK_REPORT_SARIF);
	assert_int_equal(sk_report_find("falco-json"), SK_REPORT_FALCO_JSON);
	assert_int_equal(sk_report_find("xml"), SK_REPORT_COUNT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_golden),	  cmocka_unit_test(test_twenty), cmocka_unit_test(test_hostile),
					    cmocka_unit_test(test_utf16_columns), cmocka_unit_test(test_names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
