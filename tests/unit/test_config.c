/* Every row of config.def: default, values, wrong types; what holds between keys; unknown keys. */
#include "tests/unit/config_check.h"

#include "base/buf.h"

/* Load TEXT with what is noted in NOTES, a line each. */
static void
take_note(void *arg, const char *text)
{
	sk_buf_printf(arg, "%s\n", text);
}

static int
load(const char *text, struct sk_config *c, struct sk_buf *notes, struct sk_config_error *err)
{
	json_t *root = config_tree(text);
	int r;

	*err = (struct sk_config_error){ "" };
	r = sk_config_load(c, root, notes ? take_note : NULL, notes, err);
	json_decref(root);
	return r;
}

static struct sk_config
loaded(const char *text)
{
	struct sk_config_error err;
	struct sk_config c;
	struct sk_buf notes = { 0 };

	if (load(text, &c, &notes, &err) != 0)
		fail_msg("%s: %s", text, err.text);
	if (notes.n)
		fail_msg("%s: noted: %s", text, sk_buf_cstr(&notes));
	sk_buf_free(&notes);
	return c;
}

static void
refused(const char *text, const char *says)
{
	struct sk_config_error err;
	struct sk_config c;

	if (load(text, &c, NULL, &err) >= 0)
		fail_msg("accepted: %s", text);
	if (!strstr(err.text, says))
		fail_msg("%s: '%s' does not say '%s'", text, err.text, says);
	sk_config_free(&c);
}

static void
test_defaults(void **state)
{
	struct sk_config c = loaded("");

	(void)state;
#define IS_BOOL(member, value) assert_int_equal(c.member, value);
#define IS_UINT IS_BOOL
#define IS_PRIORITY IS_BOOL
#define IS_MATCHING IS_BOOL
#define IS_KIND IS_BOOL
#define IS_LEVEL IS_BOOL
#define IS_STRING(member, value) assert_string_equal(c.member, value);
#define IS_STRINGS(member, value) assert_int_equal(c.member.n, 0);
#define IS_CUSTOM IS_STRINGS
#define IS_IGNORED(member, value)
#define SK_CONFIG(type, path, member, value, help) IS_##type(member, value)
#include "daemon/config.def"
#undef SK_CONFIG
	sk_config_free(&c);
}

/* A tree with VALUE at the dotted PATH. */
static json_t *
tree_with(const char *path, const char *value)
{
	struct sk_config_error err;
	json_t *root = json_object();
	char text[512];

	(void)snprintf(text, sizeof(text), "%s=%s", path, value);
	if (sk_config_tree_set(root, text, &err) != 0)
		fail_msg("%s", err.text);
	return root;
}

/* PATH = VALUE loads as IS_... says. */
static struct sk_config
with(const char *path, const char *value)
{
	json_t *root = tree_with(path, value);
	struct sk_config_error err;
	struct sk_config c;

	if (sk_config_load(&c, root, NULL, NULL, &err) != 0 && !strstr(err.text, "filename"))
		fail_msg("%s=%s: %s", path, value, err.text);
	json_decref(root);
	return c;
}

static void
not_with(const char *path, const char *value)
{
	json_t *root = tree_with(path, value);
	struct sk_config_error err;
	struct sk_config c;

	if (sk_config_load(&c, root, NULL, NULL, &err) == 0)
		fail_msg("accepted: %s=%s", path, value);
	if (strncmp(err.text, path, strlen(path)) != 0)
		fail_msg("%s=%s: '%s' does not name the key", path, value, err.text);
	sk_config_free(&c);
	json_decref(root);
}

#define WITH(path, value, member, want)                                                                                       \
	do {                                                                                                                  \
		struct sk_config c_ = with(path, value);                                                                      \
		if (c_.member != (want))                                                                                      \
			fail_msg("%s=%s has not arrived", path, value);                                                       \
		sk_config_free(&c_);                                                                                          \
	} while (0)

/* Values that the type takes, and values that it does not. */
#define TRY_BOOL(path, member)                                                                                                \
	WITH(path, "true", member, true);                                                                                     \
	WITH(path, "false", member, false);                                                                                   \
	WITH(path, "YES", member, true);                                                                                      \
	WITH(path, "off", member, false);                                                                                     \
	not_with(path, "1");                                                                                                  \
	not_with(path, "");                                                                                                   \
	not_with(path, "truee");                                                                                              \
	not_with(path, "[true]");                                                                                             \
	not_with(path, "{a: true}");
#define TRY_UINT(path, member)                                                                                                \
	WITH(path, "5", member, 5);                                                                                           \
	not_with(path, "-1");                                                                                                 \
	not_with(path, "");                                                                                                   \
	not_with(path, "5x");                                                                                                 \
	not_with(path, "4294967296");                                                                                         \
	not_with(path, "99999999999999999999999");                                                                            \
	not_with(path, "[5]");
#define TRY_PRIORITY(path, member)                                                                                            \
	WITH(path, "Emergency", member, SK_PRIO_EMERGENCY);                                                                   \
	WITH(path, "warning", member, SK_PRIO_WARNING);                                                                       \
	WITH(path, "INFO", member, SK_PRIO_INFORMATIONAL);                                                                    \
	WITH(path, "informational", member, SK_PRIO_INFORMATIONAL);                                                           \
	not_with(path, "warn");                                                                                               \
	not_with(path, "");                                                                                                   \
	not_with(path, "3");                                                                                                  \
	not_with(path, "[debug]");
#define TRY_LEVEL TRY_PRIORITY
#define TRY_MATCHING(path, member)                                                                                            \
	WITH(path, "first", member, SK_MATCH_FIRST);                                                                          \
	WITH(path, "all", member, SK_MATCH_ALL);                                                                              \
	not_with(path, "All");                                                                                                \
	not_with(path, "{}");
#define TRY_KIND(path, member)                                                                                                \
	WITH(path, "replay", member, SK_KIND_REPLAY);                                                                         \
	WITH(path, "nodriver", member, SK_KIND_NODRIVER);                                                                     \
	not_with(path, "kmod");                                                                                               \
	not_with(path, "none");                                                                                               \
	not_with(path, "[replay]");
#define TRY_STRING(path, member)                                                                                              \
	do {                                                                                                                  \
		struct sk_config c_ = with(path, "some text");                                                                \
		assert_string_equal(c_.member, "some text");                                                                  \
		sk_config_free(&c_);                                                                                          \
	} while (0);                                                                                                          \
	not_with(path, "[a]");                                                                                                \
	not_with(path, "{a: b}");
#define TRY_STRINGS(path, member)                                                                                             \
	do {                                                                                                                  \
		struct sk_config c_ = with(path, "[a, b]");                                                                   \
		assert_int_equal(c_.member.n, 2);                                                                             \
		assert_string_equal(c_.member.v[1], "b");                                                                     \
		sk_config_free(&c_);                                                                                          \
		c_ = with(path, "a");                                                                                         \
		assert_int_equal(c_.member.n, 1);                                                                             \
		sk_config_free(&c_);                                                                                          \
	} while (0);                                                                                                          \
	not_with(path, "{a: b}");                                                                                             \
	not_with(path, "[a, [b]]");
#define TRY_CUSTOM(path, member)                                                                                              \
	not_with(path, "a");                                                                                                  \
	not_with(path, "{a: b}");                                                                                             \
	not_with(path, "[a]");
#define TRY_IGNORED(path, member)

static void
test_every_key(void **state)
{
	(void)state;
#define SK_CONFIG(type, path, member, value, help) TRY_##type(path, member)
#include "daemon/config.def"
#undef SK_CONFIG
}

/* A key without effect is accepted whatever its value, and said so once. */
static void
test_ignored(void **state)
{
	size_t n = 0;

	(void)state;
#define CHECK_BOOL(path)
#define CHECK_UINT(path)
#define CHECK_STRING(path)
#define CHECK_STRINGS(path)
#define CHECK_CUSTOM(path)
#define CHECK_PRIORITY(path)
#define CHECK_MATCHING(path)
#define CHECK_KIND(path)
#define CHECK_LEVEL(path)
#define CHECK_IGNORED(path)                                                                                                   \
	do {                                                                                                                  \
		struct sk_buf notes = { 0 };                                                                                  \
		struct sk_config_error err;                                                                                   \
		struct sk_config c;                                                                                           \
		json_t *root = tree_with(path, "{any: [thing]}");                                                             \
		assert_int_equal(sk_config_load(&c, root, take_note, &notes, &err), 0);                                       \
		assert_string_equal(sk_buf_cstr(&notes), "configuration key '" path "' has no effect in this version\n");     \
		sk_buf_free(&notes);                                                                                          \
		sk_config_free(&c);                                                                                           \
		json_decref(root);                                                                                            \
		n++;                                                                                                          \
	} while (0);
#define SK_CONFIG(type, path, member, value, help) CHECK_##type(path)
#include "daemon/config.def"
#undef SK_CONFIG
	assert_true(n > 0);
}

static void
test_unknown(void **state)
{
	static const struct {
		const char *yaml, *notes;
	} cases[] = {
		{ "priorty: debug", "unknown configuration key 'priorty' is ignored\n" },
		{ "stdout_output: {enabled: true, color: yes}", "unknown configuration key 'stdout_output.color' is ignored\n" },
		{ "engine: {replay: {capture_file: x, capture_fil: y}, kin: z}",
		  "unknown configuration key 'engine.replay.capture_fil' is ignored\nunknown configuration key 'engine.kin' is ignored\n" },
		{ "json_output: true\njson_output.x: true", "unknown configuration key 'json_output.x' is ignored\n" },
		{ "stdout_output:\nengine:", "" },
		{ "append_output: [{extra_ouput: x, match: {rul: y}}]",
		  "unknown configuration key 'append_output[].extra_ouput' is ignored\nunknown configuration key 'append_output[].match.rul' is ignored\n" },
		{ "rules: [{enable: {tag: x, tags: y}, disabled: z}]",
		  "unknown configuration key 'rules[].disabled' is ignored\nunknown configuration key 'rules[].enable.tags' is ignored\n" },
		{ "rules_files: [a]\nrules_file:", "" },
	};

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_buf notes = { 0 };
		struct sk_config_error err;
		struct sk_config c;

		if (load(cases[i].yaml, &c, &notes, &err) != 0)
			fail_msg("%s: %s", cases[i].yaml, err.text);
		if (strcmp(sk_buf_cstr(&notes), cases[i].notes) != 0)
			fail_msg("%s: noted %s", cases[i].yaml, sk_buf_cstr(&notes));
		sk_buf_free(&notes);
		sk_config_free(&c);
	}
}

static void
test_between_keys(void **state)
{
	struct sk_config c;

	(void)state;
	refused("rules_file: a\nrules_files: [b]", "both set");
	refused("rules_file: [a]\nrules_files: b", "both set");
	refused("file_output: {enabled: true}", "filename is not set");
	refused("file_output: {enabled: true, filename: ''}", "filename is not set");
	refused("stdout_output: false", "stdout_output: want a map");
	refused("engine: replay", "engine: want a map");
	refused("engine: {replay: x.scap}", "engine.replay: want a map");
	refused("engine: [{kind: replay}]", "engine: want a map");
	c = loaded("rules_file: [a, b]\nfile_output: {enabled: true, filename: f}");
	assert_int_equal(c.rules_files.n, 2);
	assert_string_equal(c.rules_files.v[0], "a");
	sk_config_free(&c);
}

static void
test_selection(void **state)
{
	struct sk_config c = loaded("rules: [{disable: {rule: '*'}}, {enable: {tag: t}}, {disable: {rule: r, tag: t}}]");

	(void)state;
	assert_int_equal(c.selection.n, 3);
	assert_false(c.selection.v[0].enable);
	assert_string_equal(c.selection.v[0].rule, "*");
	assert_null(c.selection.v[0].tag);
	assert_true(c.selection.v[1].enable);
	assert_null(c.selection.v[1].rule);
	assert_string_equal(c.selection.v[2].tag, "t");
	sk_config_free(&c);
	refused("rules: [{}]", "each entry is");
	refused("rules: [disable]", "each entry is");
	refused("rules: [{enable: {rule: a}, disable: {rule: b}}]", "each entry is");
	refused("rules: [{enable: a}]", "each entry is");
	refused("rules: [{enable: {}}]", "neither rule nor tag");
	refused("rules: [{enable: {rule: [a]}}]", "rules[].rule");
	refused("rules: [{enable: {tag: [a]}}]", "rules[].tag");
}

static void
test_append_output(void **state)
{
	struct sk_config c = loaded("append_output:\n"
				    "- suggested_output: true\n"
				    "- match: {rule: r, source: syscall, tags: [a, b]}\n"
				    "  extra_output: 'x=%proc.name'\n"
				    "  extra_fields: [proc.pid, {who: '%user.name'}, {a: b, c: d}]\n"
				    "- match: {tags: one}\n"
				    "- match:\n");
	const struct sk_append_output *a;

	(void)state;
	assert_int_equal(c.append_output.n, 4);
	a = &c.append_output.v[0];
	assert_true(a->suggested_output && !a->rule && !a->source && !a->extra_output && !a->tags.n && !a->extra_fields.n);
	a = &c.append_output.v[1];
	assert_string_equal(a->rule, "r");
	assert_string_equal(a->source, "syscall");
	assert_int_equal(a->tags.n, 2);
	assert_string_equal(a->extra_output, "x=%proc.name");
	assert_int_equal(a->extra_fields.n, 4);
	assert_string_equal(a->extra_fields.v[0].key, "proc.pid");
	assert_null(a->extra_fields.v[0].format);
	assert_string_equal(a->extra_fields.v[1].key, "who");
	assert_string_equal(a->extra_fields.v[1].format, "%user.name");
	assert_int_equal(c.append_output.v[2].tags.n, 1);
	sk_config_free(&c);
	refused("append_output: [{match: syscall}]", "match: want a map");
	refused("append_output: [{match: [a]}]", "match: want a map");
	refused("append_output: [{match: {rule: [a]}}]", "match.rule");
	refused("append_output: [{match: {source: {}}}]", "match.source");
	refused("append_output: [{match: {tags: {a: b}}}]", "match.tags");
	refused("append_output: [{extra_output: [a]}]", "extra_output");
	refused("append_output: [{suggested_output: maybe}]", "suggested_output");
	refused("append_output: [{extra_fields: proc.pid}]", "want a list");
	refused("append_output: [{extra_fields: {a: b}}]", "want a list");
	refused("append_output: [{extra_fields: [[a]]}]", "each entry is");
	refused("append_output: [{extra_fields: [{a: [b]}]}]", "must be text");
	refused("append_output: [{extra_fields: [{a: }]}]", "must be text");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults), cmocka_unit_test(test_every_key),    cmocka_unit_test(test_ignored),	     cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_between_keys), cmocka_unit_test(test_selection), cmocka_unit_test(test_append_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
