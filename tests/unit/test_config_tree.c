#include "tests/unit/config_check.h"

#include "base/buf.h"

#include <errno.h>
#include <saker/limits.h>

static void
test_yaml(void **state)
{
	static const struct {
		const char *yaml, *json;
	} cases[] = {
		{ "", "{}" },
		{ "# nothing\n", "{}" },
		{ "---\n", "{}" },
		{ "~", "{}" },
		{ "a: 1", "{\"a\":\"1\"}" },
		{ "a: true\nb: 1.50\nc: 0x10", "{\"a\":\"true\",\"b\":\"1.50\",\"c\":\"0x10\"}" },
		{ "a:\n  b:\n    c: d\n", "{\"a\":{\"b\":{\"c\":\"d\"}}}" },
		{ "a: [1, [2], {b: 3}]", "{\"a\":[\"1\",[\"2\"],{\"b\":\"3\"}]}" },
		{ "a:\nb: ~\nc: null\nd: Null\ne: NULL", "{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":null}" },
		{ "a: ''\nb: \"null\"\nc: '~'", "{\"a\":\"\",\"b\":\"null\",\"c\":\"~\"}" },
		{ "a: |\n  x\n  y\nb: >\n  x\n  y\n", "{\"a\":\"x\\ny\\n\",\"b\":\"x y\\n\"}" },
		{ "a: \"\\u00e9\\t\"", "{\"a\":\"\xc3\xa9\\t\"}" },
		{ "a: &x {b: 1}\nc: *x", "{\"a\":{\"b\":\"1\"},\"c\":{\"b\":\"1\"}}" },
		{ "a: 1\na: 2", "{\"a\":\"2\"}" },
		{ "a: 1\n...\n", "{\"a\":\"1\"}" },
	};

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		json_t *root = config_tree(cases[i].yaml);

		config_is(cases[i].yaml, root, cases[i].json);
		json_decref(root);
	}
}

static void
test_environment(void **state)
{
	static const struct {
		const char *yaml, *json;
	} cases[] = {
		{ "a: ${SK_A}", "{\"a\":\"value\"}" },
		{ "a: x${SK_A}y${SK_A}z", "{\"a\":\"xvalueyvaluez\"}" },
		{ "a: ${SK_UNSET}", "{\"a\":\"\"}" },
		{ "a: $${SK_A}", "{\"a\":\"${SK_A}\"}" },
		{ "a: $$${SK_A}", "{\"a\":\"$${SK_A}\"}" },
		{ "a: x$${SK_A}${SK_A}", "{\"a\":\"x${SK_A}value\"}" },
		{ "a: '$'\nb: $$\nc: $x\nd: '${'\ne: '${SK_A'\nf: '$${SK_A'", "{\"a\":\"$\",\"b\":\"$$\",\"c\":\"$x\",\"d\":\"${\",\"e\":\"${SK_A\",\"f\":\"$${SK_A\"}" },
		{ "a: ${}", "{\"a\":\"\"}" },
		{ "a: 5$x${SK_A}", "{\"a\":\"5$xvalue\"}" },
		{ "a: [\"${SK_A}\", '${SK_A}']", "{\"a\":[\"value\",\"value\"]}" },
		{ "a: ${SK_NESTED}", "{\"a\":\"${SK_A}\"}" },
		{ "${SK_A}: b", "{\"${SK_A}\":\"b\"}" },
		{ "a: ${SK_YAML}", "{\"a\":\"[1, 2]: x\"}" },
		{ "a: ${SK_NULL}", "{\"a\":\"null\"}" },
	};

	(void)state;
	(void)setenv("SK_A", "value", 1);
	(void)setenv("SK_NESTED", "${SK_A}", 1);
	(void)setenv("SK_YAML", "[1, 2]: x", 1);
	(void)setenv("SK_NULL", "null", 1);
	(void)unsetenv("SK_UNSET");
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		json_t *root = config_tree(cases[i].yaml);

		config_is(cases[i].yaml, root, cases[i].json);
		json_decref(root);
	}
}

/* Refused, with TEXT in the message. */
static void
refused(const char *yaml, size_t n, const char *text)
{
	struct sk_config_error err = { "" };
	json_t *root = NULL;

	if (config_read(yaml, n, &root, &err) == 0) {
		json_decref(root);
		fail_msg("accepted: %.60s", yaml);
	}
	if (!strstr(err.text, text))
		fail_msg("%.60s: '%s' does not say '%s'", yaml, err.text, text);
	assert_null(strchr(err.text, '\n'));
}

static void
test_malformed(void **state)
{
#define CASE(yaml, text) { yaml, sizeof(yaml) - 1, text }
	static const struct {
		const char *yaml;
		size_t n;
		const char *text;
	} cases[] = {
		CASE("a: [1", ":2:1: "),
		CASE("a: 1\n\tb: 2", ":2:1: "),
		CASE("a: b: c", ":1:5: "),
		CASE("a: \"x", ""),
		CASE("a: 1\n]", ":2:1: "),
		CASE("a: 1\n---\nb: 2", ":2: a second document"),
		CASE("--- \n--- \n", "a second document"),
		CASE("- a\n- b", "a map of keys"),
		CASE("word", "a map of keys"),
		CASE("? [a, b]\n: c", ":1: a key must be"),
		CASE("? {a: b}\n: c", ":1: a key must be"),
		CASE("a: *x", ":1:4: "),
		CASE("a: 1\nb: \"x\\0y\"", ":2: a NUL character"),
		CASE("a: 1\n\"x\\0y\": 1", ":2: a NUL character"),
		CASE("a: x\0y", "byte 5: "),
		CASE("a: 1\nb: \xff", "byte 9: "),
		CASE("a: \xc0\xaf", "byte 4: "),
		CASE("\xff\xfe\x61", "byte "),
	};
#undef CASE

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++)
		refused(cases[i].yaml, cases[i].n, cases[i].text);
	(void)setenv("SK_BAD", "\xff", 1);
	refused("a: ${SK_BAD}", 12, ":1: value is not UTF-8");
}

static void
test_files(void **state)
{
	struct sk_config_error err = { "" };
	json_t *root = NULL;

	(void)state;
	assert_int_equal(sk_config_tree_read("/nonexistent/saker.yaml", &root, &err), -ENOENT);
	assert_string_equal(err.text, "/nonexistent/saker.yaml: No such file or directory");
	assert_true(sk_config_tree_read("/tmp", &root, &err) < 0);
	assert_int_equal(sk_config_tree_read("/dev/null", &root, &err), 0);
	config_is("/dev/null", root, "{}");
	json_decref(root);
}

static void
test_bombs(void **state)
{
	struct sk_buf b = { 0 };

	(void)state;
	for (int i = 0; i < 200; i++)
		sk_buf_str(&b, "a: {");
	refused(sk_buf_cstr(&b), b.n, "");
	b.n = 0;
	sk_buf_str(&b, "a: ");
	for (unsigned i = 0; i <= SK_MAX_YAML_DEPTH; i++)
		sk_buf_char(&b, '[');
	for (unsigned i = 0; i <= SK_MAX_YAML_DEPTH; i++)
		sk_buf_char(&b, ']');
	refused(sk_buf_cstr(&b), b.n, "nested too deeply");
	b.n = 0;
	/* 9^9 nodes */
	sk_buf_str(&b, "a0: &a0 [x]\n");
	for (int i = 1; i < 10; i++) {
		sk_buf_printf(&b, "a%d: &a%d [", i, i);
		for (int k = 0; k < 9; k++)
			sk_buf_printf(&b, "%s*a%d", k ? "," : "", i - 1);
		sk_buf_str(&b, "]\n");
	}
	refused(sk_buf_cstr(&b), b.n, "too large");
	b.n = 0;
	/* few nodes, much text: 100 KiB a thousand times */
	sk_buf_str(&b, "a: &a '");
	for (int i = 0; i < 102400; i++)
		sk_buf_char(&b, 'x');
	sk_buf_str(&b, "'\nb: [*a");
	for (int i = 0; i < 1000; i++)
		sk_buf_str(&b, ", *a");
	sk_buf_char(&b, ']');
	refused(sk_buf_cstr(&b), b.n, "too large");
	b.n = 0;
	sk_buf_str(&b, "a: ");
	for (int i = 0; i < 10000; i++)
		sk_buf_str(&b, "${SK_LONG}");
	char *big = calloc(1, 65536);
	assert_non_null(big);
	memset(big, 'x', 65535);
	(void)setenv("SK_LONG", big, 1);
	refused(sk_buf_cstr(&b), b.n, "too large");
	(void)unsetenv("SK_LONG");
	free(big);
	sk_buf_free(&b);
	refused("a: &a [*a]", 10, "nested too deeply");
}

static void
test_assignments(void **state)
{
	static const struct {
		const char *yaml, *assignments[4], *json;
	} cases[] = {
		{ "", { "a=1" }, "{\"a\":\"1\"}" },
		{ "", { "a=" }, "{\"a\":\"\"}" },
		{ "", { "a=b=c" }, "{\"a\":\"b=c\"}" },
		{ "", { "a.b.c=1", "a.b.d=2" }, "{\"a\":{\"b\":{\"c\":\"1\",\"d\":\"2\"}}}" },
		{ "a: 1", { "a=2" }, "{\"a\":\"2\"}" },
		{ "a: 1", { "a.b=2" }, "{\"a\":{\"b\":\"2\"}}" },
		{ "a: {b: 1}", { "a=2" }, "{\"a\":\"2\"}" },
		{ "a:", { "a[]=x", "a[]=y" }, "{\"a\":[\"x\",\"y\"]}" },
		{ "a: [x, y]", { "a[1]=z", "a[0]=w", "a[2]=v" }, "{\"a\":[\"w\",\"z\",\"v\"]}" },
		{ "", { "a[].b.c=1", "a[].b.c=2", "a[0].b.d=3" }, "{\"a\":[{\"b\":{\"c\":\"1\",\"d\":\"3\"}},{\"b\":{\"c\":\"2\"}}]}" },
		{ "", { "a[0][0]=1", "a[0][]=2" }, "{\"a\":[[\"1\",\"2\"]]}" },
		{ "a: {b: 1}", { "a[]=1" }, "{\"a\":[\"1\"]}" },
		{ "", { "a\\.b=1", "c\\[0\\]=2", "d\\\\=3" }, "{\"a.b\":\"1\",\"c[0]\":\"2\",\"d\\\\\":\"3\"}" },
		{ "", { "a={b: c, d: [1, 2]}" }, "{\"a\":{\"b\":\"c\",\"d\":[\"1\",\"2\"]}}" },
		{ "", { "a=[]", "b={}", "c= {}" }, "{\"a\":[],\"b\":{},\"c\":\" {}\"}" },
		{ "", { "a={b: '${HOME}'}", "b=${HOME}" }, "{\"a\":{\"b\":\"${HOME}\"},\"b\":\"${HOME}\"}" },
		{ "", { "a[]={b: 1}", "a[0].c=2" }, "{\"a\":[{\"b\":\"1\",\"c\":\"2\"}]}" },
	};

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		json_t *root = config_tree(cases[i].yaml);
		struct sk_config_error err = { "" };

		for (size_t k = 0; k < 4 && cases[i].assignments[k]; k++)
			if (sk_config_tree_set(root, cases[i].assignments[k], &err) != 0)
				fail_msg("%s", err.text);
		config_is(cases[i].assignments[0], root, cases[i].json);
		json_decref(root);
	}
}

static void
test_bad_assignments(void **state)
{
	static const struct {
		const char *assignment, *text;
	} cases[] = {
		{ "", "want key=value" },
		{ "a", "want key=value" },
		{ "=", "want key=value" },
		{ "=1", "want key=value" },
		{ ".a=1", "key not understood" },
		{ "a.=1", "key not understood" },
		{ "a..b=1", "key not understood" },
		{ "[0]=1", "key not understood" },
		{ "[]=1", "key not understood" },
		{ "a[=1", "key not understood" },
		{ "a[0=1", "key not understood" },
		{ "a[x]=1", "key not understood" },
		{ "a[-1]=1", "key not understood" },
		{ "a[+1]=1", "key not understood" },
		{ "a[ 1]=1", "key not understood" },
		{ "a[0x1]=1", "key not understood" },
		{ "a[18446744073709551615]=1", "key not understood" },
		{ "a[99999999999999999999999]=1", "key not understood" },
		{ "a[100000]=1", "key not understood" },
		{ "a[0]b=1", "key not understood" },
		{ "a[0].[1]=1", "key not understood" },
		{ "a[1]=1", "no entry 1" },
		{ "a[7].b=1", "no entry 7" },
		{ "a={b: c", "-o:" },
		{ "a=[1, 2", "-o:" },
		{ "a={b: c} d", "-o:" },
		{ "a=[1] [2]", "-o:" },
		{ "a={b: \"\\0\"}", "NUL" },
		{ "a={b: &x [*x]}", "nested too deeply" },
		{ "a=\xff", "value is not UTF-8" },
		{ "a={b: \xff}", "-o: byte 5" },
		{ "\xff=1", "key is not UTF-8" },
		{ "\xff.a=1", "key is not UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		json_t *root = json_object();
		struct sk_config_error err = { "" };

		if (sk_config_tree_set(root, cases[i].assignment, &err) >= 0)
			fail_msg("accepted: %s", cases[i].assignment);
		if (!strstr(err.text, cases[i].text))
			fail_msg("%s: '%s' does not say '%s'", cases[i].assignment, err.text, cases[i].text);
		json_decref(root);
	}
}

/* Names are cut nowhere: one that is too long is refused. */
static void
test_long_names(void **state)
{
	char text[2048];
	struct sk_config_error err;
	json_t *root = json_object();

	(void)state;
	memset(text, 'k', 255);
	memcpy(text + 255, "=v", 3);
	assert_int_equal(sk_config_tree_set(root, text, &err), 0);
	memset(text, 'k', 256);
	memcpy(text + 256, "=v", 3);
	assert_true(sk_config_tree_set(root, text, &err) < 0);
	assert_int_equal(json_object_size(root), 1);
	json_decref(root);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_yaml),	    cmocka_unit_test(test_environment),	    cmocka_unit_test(test_malformed),  cmocka_unit_test(test_files),
		cmocka_unit_test(test_bombs),	    cmocka_unit_test(test_assignments),	    cmocka_unit_test(test_bad_assignments), cmocka_unit_test(test_long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
