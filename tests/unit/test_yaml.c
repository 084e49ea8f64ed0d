#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "compiler/yaml.h"

#include "base/buf.h"

#include <saker/limits.h>

struct fixture {
	struct sk_arena *arena;
	struct sk_diags *diags;
	struct sk_file *file;
	struct sk_yaml_docs docs;
	bool ok;
};

static struct fixture
parse(struct sk_slice text)
{
	struct fixture f = { .arena = sk_arena_new((size_t)256 << 20) };

	f.diags = sk_diags_new(f.arena);
	f.file = sk_file_new(f.arena, SK_SLICE("t.yaml"), text);
	f.ok = sk_yaml_parse(f.arena, f.diags, f.file, &f.docs);
	return f;
}

static struct fixture
parse_cstr(const char *text)
{
	return parse(sk_slice_cstr(text));
}

/* --- every byte of a value stands where the map says ----------------------------------------------------------------- */
/* A value as {word offset word offset ...}: each piece's bytes, and the file's bytes there. */
static const struct mapping {
	const char *name, *text, *value, *places;
	/* places: of every '@' marked byte pair "v:f", value offset to file offset */
} mappings[] = {
	{ "plain", "k: abc def\n", "abc def", "0:3 4:7 6:9" },
	{ "plain over lines", "k: abc\n   def\n\n   ghi\n", "abc def\nghi", "0:3 4:10 8:18" },
	{ "single quoted", "k: 'it''s'\n", "it's", "0:4 2:6 3:8" },
	{ "single quoted over lines", "k: 'a\n  b'\n", "a b", "0:4 2:8" },
	{ "double quoted", "k: \"a\\tb\\u00e9c\\x41\"\n", "a\tb\xc3\xa9"
							       "cA",
		"0:4 1:5 2:7 3:8 5:14 6:15" },
	{ "double quoted, escaped break", "k: \"ab\\\n  cd\"\n", "abcd", "0:4 2:10 3:11" },
	{ "literal", "k: |\n  one\n  two\n", "one\ntwo\n", "0:7 3:10 4:13 6:15 7:16" },
	{ "literal, stripped", "k: |-\n  one\n  two\n", "one\ntwo", "0:8 4:14" },
	{ "literal, indented more", "k: |\n  a\n    b\n  c\n", "a\n  b\nc\n", "0:7 2:11 4:13 6:17" },
	{ "literal, empty line", "k: |\n  a\n\n  b\n", "a\n\nb\n", "0:7 3:12" },
	{ "literal, CRLF", "k: |\r\n  a\r\n  b\r\n", "a\nb\n", "0:8 2:13" },
	{ "folded", "k: >\n  one\n  two\n", "one two\n", "0:7 3:10 4:13 7:16" },
	{ "folded, stripped", "k: >-\n  one\n  two\n", "one two", "0:8 4:14" },
	{ "folded, empty line", "k: >\n  a\n\n  b\n", "a\nb\n", "0:7 2:12" },
	{ "folded, indented more", "k: >\n  a\n    b\n  c\n", "a\n  b\nc\n", "0:7 2:11 4:13 6:17" },
	{ "folded, header comment", "k: > # why\n  a\n  b\n", "a b\n", "0:13 2:17" },
	{ "explicit indent", "k: |2\n   a\n  b\n", " a\nb\n", "0:8 1:9 3:13" },
	{ "after wide characters", "# \xc3\xa9\xe2\x82\xac\nk: x\xc3\xa9y\n", "x\xc3\xa9y", "0:11 1:12 3:14" },
	{ "BOM", "\xef\xbb\xbfk: abc\n", "abc", "0:6 2:8" },
	{ "keep", "k: |+\n  a\n\n", "a\n\n", "0:8" },
	{ "not last", "k: >\n  a\n  b\nz: 1\n", "a b\n", "0:7 2:11" },
};

static void
check_mapping(const struct mapping *m)
{
	struct fixture f = parse_cstr(m->text);
	unsigned v, at;
	int used;

	if (!f.ok)
		sk_diags_print(f.diags, stdout, false);
	assert_true(f.ok);
	const struct sk_yaml *n = sk_yaml_get(f.docs.roots.v[0], "k", NULL);
	assert_non_null(n);
	if (!sk_slice_is(n->text.s, m->value) || !n->text.npieces)
		print_error("%s: '%.*s', %u pieces\n", m->name, SK_SLICE_ARG(n->text.s), n->text.npieces);
	assert_true(sk_slice_is(n->text.s, m->value));
	assert_true(n->text.npieces > 0);
	for (const char *p = m->places; sscanf(p, "%u:%u%n", &v, &at, &used) == 2; p += used) {
		struct sk_loc loc = sk_text_loc(&n->text, (struct sk_span){ v, v + 1 });

		if (loc.span.beg != at)
			print_error("%s: byte %u at %u, not %u\n", m->name, v, loc.span.beg, at);
		assert_int_equal(loc.span.beg, at);
	}
	sk_arena_free(f.arena);
}

static void
test_mappings(void **state)
{
	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(mappings); i++)
		check_mapping(&mappings[i]);
}

/* --- errors ----------------------------------------------------------------- */
static const struct {
	const char *name, *text;
	enum sk_diag_code code;
	uint32_t offset;
} errors[] = {
	{ "tab", "a:\n\tb: 1\n", SK_D_YAML_PARSE, 3 },
	{ "open quote", "a: \"x\n", SK_D_YAML_PARSE, 6 },
	{ "control", "a: x\x01\n", SK_D_YAML_PARSE, 4 },
	{ "not UTF-8", "a: \xc3\xa9\xff\n", SK_D_NOT_UTF8, 5 },
	{ "UTF-16", "\xff\xfe"
		    "a",
		SK_D_NOT_UTF8, 0 },
	{ "alias", "a: &x 1\nb: *x\n", SK_D_YAML_LIMIT, 3 },
	{ "alias alone", "a: *x\n", SK_D_YAML_LIMIT, 3 },
	{ "map as key", "{a: 1}: 2\n", SK_D_YAML_PARSE, 0 },
	{ "control after BOM and wide", "\xef\xbb\xbf\xc3\xa9: \x02\n", SK_D_YAML_PARSE, 7 },
	{ "NUL escape", "a: \"\\0\"\n", SK_D_YAML_PARSE, 3 },
};

static void
test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(errors); i++) {
		struct fixture f = parse_cstr(errors[i].text);
		size_t n;
		const struct sk_diag *const *all = sk_diags_sorted(f.diags, &n);

		assert_false(f.ok);
		assert_int_equal(n, 1);
		if (all[0]->code != errors[i].code || all[0]->loc.span.beg != errors[i].offset)
			print_error("%s: %s at %u\n", errors[i].name, sk_diag_desc(all[0]->code)->code, all[0]->loc.span.beg);
		assert_int_equal(all[0]->code, errors[i].code);
		assert_int_equal(all[0]->loc.span.beg, errors[i].offset);
		sk_arena_free(f.arena);
	}
}

static void
test_nul_byte(void **state)
{
	struct fixture f = parse(SK_SLICE("a: b\0c\n"));
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(f.diags, &n);

	(void)state;
	assert_false(f.ok);
	assert_int_equal(all[0]->code, SK_D_YAML_PARSE);
	assert_int_equal(all[0]->loc.span.beg, 4);
	sk_arena_free(f.arena);
}

static void
expect_limit(const char *unit, size_t times, bool ok)
{
	struct sk_buf b = { 0 };

	for (size_t i = 0; i < times; i++)
		sk_buf_str(&b, unit);
	struct fixture f = parse(sk_buf_view(&b));
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(f.diags, &n);
	/* The brackets stay open: below the limit libyaml complains about that. */
	enum sk_diag_code code = ok ? SK_D_YAML_PARSE : SK_D_YAML_LIMIT;

	assert_false(f.ok);
	assert_int_equal(all[0]->code, code);
	sk_arena_free(f.arena);
	sk_buf_free(&b);
}

static void
test_depth(void **state)
{
	(void)state;
	expect_limit("[", SK_MAX_YAML_DEPTH, true);
	expect_limit("[", SK_MAX_YAML_DEPTH + 1, false);
	expect_limit("- ", SK_MAX_YAML_DEPTH + 1, false);
	expect_limit("[", 100000, false);
	expect_limit("{a: ", 100000, false);
}

/* --- shape ----------------------------------------------------------------- */
static void
test_documents(void **state)
{
	struct fixture f = parse_cstr("- a\n---\n---\n~\n---\nb: [c, {d: e}]\n");
	size_t n;

	(void)state;
	assert_true(f.ok);
	assert_int_equal(f.docs.roots.n, 2);
	assert_int_equal(f.docs.roots.v[0]->kind, SK_YAML_SEQ);
	const struct sk_yaml *key, *b = sk_yaml_get(f.docs.roots.v[1], "b", &key);
	assert_int_equal(b->items.n, 2);
	assert_int_equal(b->loc.span.beg, 21);
	assert_int_equal(b->loc.span.end, 32);
	assert_int_equal(key->loc.span.beg, 18);
	assert_int_equal(b->items.v[1]->kind, SK_YAML_MAP);
	assert_null(sk_yaml_get(f.docs.roots.v[1], "c", NULL));
	(void)sk_diags_sorted(f.diags, &n);
	assert_int_equal(n, 0);
	sk_arena_free(f.arena);
}

static void
test_empty(void **state)
{
	static const char *const texts[] = { "", "\n", "# x\n", "---\n", "\xef\xbb\xbf" };

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(texts); i++) {
		struct fixture f = parse_cstr(texts[i]);

		assert_true(f.ok);
		assert_int_equal(f.docs.roots.n, 0);
		sk_arena_free(f.arena);
	}
}

static void
test_duplicates(void **state)
{
	struct sk_buf b = { 0 };
	size_t n;

	(void)state;
	for (int i = 0; i < 1000; i++)
		sk_buf_printf(&b, "key%d: %d\n", i % 900, i);
	struct fixture f = parse(sk_buf_view(&b));
	assert_true(f.ok);
	const struct sk_yaml *map = f.docs.roots.v[0];
	assert_int_equal(map->pairs.n, 900);
	assert_true(sk_slice_is(sk_yaml_get(map, "key99", NULL)->text.s, "999"));
	const struct sk_diag *const *all = sk_diags_sorted(f.diags, &n);
	assert_int_equal(n, 100);
	assert_int_equal(all[0]->code, SK_D_DUPLICATE_KEY);
	sk_arena_free(f.arena);
	sk_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mappings),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_nul_byte),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_duplicates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
