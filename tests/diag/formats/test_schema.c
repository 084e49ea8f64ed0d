/* The schemas that sakerc prints: JSON, true of our own rule files, and false of wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "compiler/list/list.h"
#include "daemon/config.h"

#include <glob.h>
#include <regex.h>

static json_t *
load(void (*put)(struct sk_buf *out))
{
	struct sk_buf b = { 0 };
	json_error_t err;

	put(&b);
	json_t *j = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, &err);
	if (!j)
		fail_msg("%d:%d: %s", err.line, err.column, err.text);
	sk_buf_free(&b);
	return j;
}

/* --- a small validator ----------------------------------------------------------------- */
/* The trees come from YAML with all scalars as text: any scalar type fits text, null fits what may be null. */
static bool valid(const json_t *root, const json_t *schema, const json_t *v);

static bool
is_type(const char *type, const json_t *v)
{
	if (strcmp(type, "object") == 0)
		return json_is_object(v);
	if (strcmp(type, "array") == 0)
		return json_is_array(v);
	return strcmp(type, "null") == 0 ? json_is_null(v) : json_is_string(v);
}

static bool
type_fits(const json_t *type, const json_t *v)
{
	bool fits = !type || (json_is_string(type) && is_type(json_string_value(type), v));

	for (size_t i = 0; !fits && i < json_array_size(type); i++)
		fits = is_type(json_string_value(json_array_get(type, i)), v);
	return fits;
}

static size_t
count_valid(const json_t *root, const json_t *schemas, const json_t *v)
{
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(schemas); i++)
		n += valid(root, json_array_get(schemas, i), v);
	return n;
}

static bool
members_fit(const json_t *root, const json_t *schema, const json_t *v)
{
	const json_t *properties = json_object_get(schema, "properties"), *required = json_object_get(schema, "required");
	const char *key;
	json_t *member;

	for (size_t i = 0; i < json_array_size(required); i++)
		if (!json_object_get(v, json_string_value(json_array_get(required, i))))
			return false;
	json_object_foreach((json_t *)v, key, member) {
		const json_t *s = json_object_get(properties, key);

		if (!s && json_is_false(json_object_get(schema, "additionalProperties")))
			return false;
		if (s && !valid(root, s, member))
			return false;
	}
	return true;
}

static bool
is_among(const json_t *list, const json_t *v)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), v))
			return true;
	return false;
}

static bool
pattern_fits(const json_t *pattern, const json_t *v)
{
	regex_t re;

	if (!pattern || !json_is_string(v))
		return true;
	assert_int_equal(regcomp(&re, json_string_value(pattern), REG_EXTENDED | REG_NOSUB), 0);
	bool fits = regexec(&re, json_string_value(v), 0, NULL, 0) == 0;
	regfree(&re);
	return fits;
}

static bool
branch_fits(const json_t *root, const json_t *schema, const json_t *v)
{
	const json_t *test = json_object_get(schema, "if");
	const json_t *branch = test ? json_object_get(schema, valid(root, test, v) ? "then" : "else") : NULL;

	return !branch || valid(root, branch, v);
}

static bool
valid(const json_t *root, const json_t *schema, const json_t *v)
{
	const char *ref = json_string_value(json_object_get(schema, "$ref"));
	const json_t *any = json_object_get(schema, "anyOf"), *one = json_object_get(schema, "oneOf"), *list = json_object_get(schema, "enum");

	if (ref) {
		const json_t *target = json_object_get(json_object_get(root, "definitions"), ref + strlen("#/definitions/"));

		assert_non_null(target);
		return valid(root, target, v);
	}
	if (!type_fits(json_object_get(schema, "type"), v) || (list && !is_among(list, v)))
		return false;
	if (!branch_fits(root, schema, v) || !pattern_fits(json_object_get(schema, "pattern"), v))
		return false;
	if ((any && !count_valid(root, any, v)) || (one && count_valid(root, one, v) != 1))
		return false;
	for (size_t i = 0; json_object_get(schema, "items") && i < json_array_size(v); i++)
		if (!valid(root, json_object_get(schema, "items"), json_array_get(v, i)))
			return false;
	return !json_is_object(v) || members_fit(root, schema, v);
}

/* --- rule files ----------------------------------------------------------------- */
/* The reader of the configuration reads any YAML, but wants a map: the rules become the value of a key. */
static json_t *
read_rules(const char *path)
{
	char temporary[] = "/tmp/test_schema.XXXXXX", line[4096];
	SK_AUTO_FCLOSE FILE *in = fopen(path, "r");
	FILE *out = fdopen(mkstemp(temporary), "w");
	struct sk_config_error err = { "" };
	json_t *tree = NULL;

	assert_true(in && out);
	(void)fputs("rules:\n", out);
	while (fgets(line, sizeof(line), in))
		(void)fputs(line, out);
	assert_int_equal(fclose(out), 0);
	if (sk_config_tree_read(temporary, &tree, &err) < 0)
		fail_msg("%s: %s", path, err.text);
	(void)unlink(temporary);
	json_t *rules = json_incref(json_object_get(tree, "rules"));
	json_decref(tree);
	return rules;
}

static void
test_own_rules(void **state)
{
	json_t *schema = load(sk_schema_rules);
	glob_t g;

	(void)state;
	assert_int_equal(glob(SK_SOURCE_DIR "/rules/*.yaml", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		json_t *tree = read_rules(g.gl_pathv[i]);

		assert_true(json_array_size(tree) > 0);
		for (size_t k = 0; k < json_array_size(tree); k++)
			if (!valid(schema, json_object_get(schema, "items"), json_array_get(tree, k)))
				fail_msg("%s: item %zu does not fit the schema", g.gl_pathv[i], k);
		assert_true(valid(schema, schema, tree));
		json_decref(tree);
	}
	globfree(&g);
	json_decref(schema);
}

static void
test_wrong_rules(void **state)
{
	static const struct {
		const char *json;
		bool fits;
	} cases[] = {
		{ "[{\"rule\":\"r\",\"desc\":\"d\",\"condition\":\"c\",\"output\":\"o\",\"priority\":\"INFO\"}]", true },
		{ "[{\"rule\":\"r\",\"enabled\":\"false\"}]", true },
		{ "[{\"rule\":\"r\",\"override\":{\"condition\":\"append\"},\"condition\":\"and c\"}]", true },
		{ "[{\"rule\":\"r\",\"override\":{\"priority\":\"append\"},\"priority\":\"INFO\"}]", false },
		{ "[{\"rule\":\"r\",\"desc\":\"d\",\"condition\":\"c\",\"output\":\"o\"}]", false },
		{ "[{\"rule\":\"r\",\"desc\":\"d\",\"condition\":\"c\",\"output\":\"o\",\"priority\":\"INFO\",\"colour\":\"x\"}]", false },
		{ "[{\"list\":\"l\",\"items\":[\"a\"]}]", true },
		{ "[{\"list\":\"l\",\"items\":\"a\"}]", false },
		{ "[{\"macro\":\"m\"}]", false },
		{ "[{\"required_engine_version\":\"0.26.0\"}]", true },
		{ "[{\"required_engine_version\":\"abc\"}]", false },
		{ "[{\"something\":\"else\"}]", false },
		{ "[{\"rule\":\"r\",\"append\":\"true\",\"exceptions\":[{\"name\":\"e\",\"fields\":\"proc.name\",\"comps\":\"in\"}]}]", true },
		{ "[{\"rule\":\"r\",\"append\":\"true\",\"exceptions\":[{\"name\":\"e\",\"fields\":[\"a.b\"],\"comps\":[\"contains anyof\"]}]}]", true },
		{ "[{\"rule\":\"r\",\"append\":\"true\",\"exceptions\":[{\"name\":\"e\",\"fields\":\"proc.name\",\"comps\":\"foo\"}]}]", false },
		{ "[{\"required_plugin_versions\":[{\"name\":\"k8saudit\"}]}]", false },
		{ "{\"rule\":\"r\"}", false },
	};
	json_t *schema = load(sk_schema_rules);

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		json_t *v = json_loads(cases[i].json, 0, NULL);

		assert_non_null(v);
		if (valid(schema, schema, v) != cases[i].fits)
			fail_msg("%s", cases[i].json);
		json_decref(v);
	}
	json_decref(schema);
}

/* --- configuration ----------------------------------------------------------------- */
static const json_t *
at(const json_t *schema, const char *path)
{
	char name[128];

	while (schema && *path) {
		size_t n = strcspn(path, ".");

		(void)snprintf(name, sizeof(name), "%.*s", (int)n, path);
		schema = json_object_get(json_object_get(schema, "properties"), name);
		path += n + (path[n] == '.');
	}
	return schema;
}

static void
list_as_json(struct sk_buf *out)
{
	sk_list_config(&(struct sk_list){ .form = SK_LIST_JSON }, out);
}

/* Every key of the table has its place, a description, and (unless it has no effect) a type of its own. */
static void
test_config_keys(void **state)
{
	json_t *schema = load(sk_schema_config), *list = load(list_as_json);
	const json_t *keys = json_object_get(list, "config");

	(void)state;
	assert_true(json_array_size(keys) > 30);
	for (size_t i = 0; i < json_array_size(keys); i++) {
		const json_t *k = json_array_get(keys, i);
		const char *path = json_string_value(json_object_get(k, "key"));
		const json_t *s = at(schema, path);

		if (!s)
			fail_msg("%s is not in the schema", path);
		if (json_is_true(json_object_get(k, "effect")) && json_object_size(s) < 2)
			fail_msg("%s: the schema knows no type %s", path, json_string_value(json_object_get(k, "type")));
	}
	json_decref(schema);
	json_decref(list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_own_rules), cmocka_unit_test(test_wrong_rules), cmocka_unit_test(test_config_keys) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
