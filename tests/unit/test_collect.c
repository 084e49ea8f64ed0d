/* Collecting and expanding: what becomes of rules, macros, lists and exceptions of several files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "compiler/ruleset.h"

#include <saker/limits.h>

#define MAX_FILES 4

struct fixture {
	struct sk_compile cx;
	struct sk_ruleset rs;
	bool fine;
};

static struct fixture
load(const char *const texts[])
{
	struct fixture f = { .cx.arena = sk_arena_new(SK_MAX_COMPILE_MEMORY) };

	f.cx.atoms = sk_atoms_new(f.cx.arena);
	f.cx.diags = sk_diags_new(f.cx.arena);
	f.fine = true;
	for (size_t i = 0; i < MAX_FILES && texts[i]; i++) {
		char name[] = { (char)('a' + i), 0 };

		f.fine &= sk_collect_file(&f.cx, &f.rs, sk_slice(name, 1), sk_slice_cstr(texts[i]));
	}
	f.fine &= sk_expand(&f.cx, &f.rs);
	return f;
}

static struct sk_rule_ast *
rule(struct fixture *f, const char *name)
{
	return sk_find_rule(&f->cx, &f->rs, sk_slice_cstr(name));
}

static void
end(struct fixture *f)
{
	sk_arena_free(f->cx.arena);
}

#define R(cond) "- rule: r\n  desc: d\n  output: o\n  priority: INFO\n  condition: " cond "\n"
#define L(name, items) "- list: " name "\n  items: [" items "]\n"
#define M(name, cond) "- macro: " name "\n  condition: " cond "\n"
#define X(list) R("evt.type = open") "  exceptions:\n    - {name: e, " list "}\n"

/* --- what the condition of rule r becomes ----------------------------------------------------------------- */
static const struct {
	const char *name;
	const char *files[MAX_FILES];
	const char *cond;
} conditions[] = {
	{ "plain", { R("evt.type = open") }, "evt.type = open" },
	{ "list", { L("l", "a, b") R("p.n in (l)") }, "p.n in (a, b)" },
	{ "list among values", { L("l", "a, b") R("p.n in (x, l, y, l)") }, "p.n in (x, a, b, y, a, b)" },
	{ "bare list", { L("l", "a, b") R("p.n in l") }, "p.n in (a, b)" },
	{ "bare word that is no list", { R("p.n in l") }, "p.n in (l)" },
	{ "empty list", { L("l", "") R("p.n in (l, x) or p.n in (l)") }, "p.n in (x) or p.n in ()" },
	{ "list behind a modifier", { L("l", "a, b") R("p.n contains anyof (l)") }, "p.n contains anyof (a, b)" },
	{ "quoted name is no list", { L("l", "a, b") R("p.n in ('l', l)") }, "p.n in ('l', a, b)" },
	{ "list of one as value", { L("l", "a") R("p.n = l and p.n = 'l'") }, "p.n = a and p.n = 'l'" },
	{ "items in quotes", { L("l", "'\"a b\"', 'c d', \"'e'\"") R("p.n in (l)") }, "p.n in ('a b', 'c d', 'e')" },
	{ "list three deep", { L("a", "x") L("b", "a, y") L("c", "b, z") R("p.n in (c)") }, "p.n in (x, y, z)" },
	{ "list defined after its outer list", { L("b", "a, y") L("a", "x") R("p.n in (b)") }, "p.n in (a, y)" },
	{ "outer list changed after that", { L("b", "a, y") L("a", "x") "- list: b\n  append: true\n  items: [z]\n" R("p.n in (b)") }, "p.n in (x, y, z)" },
	{ "list that names itself", { L("a", "a, x") R("p.n in (a)") }, "p.n in (a, x)" },
	{ "list loop", { L("a", "x") L("b", "a") L("a", "b, y") R("p.n in (a)") }, "p.n in (a, y)" },
	{ "list defined after the rule", { R("p.n in (l)") L("l", "a") }, "p.n in (a)" },
	{ "list redefined in a later file", { L("l", "a") R("p.n in (l)"), L("l", "b") }, "p.n in (b)" },
	{ "list replaced by override", { L("l", "a") R("p.n in (l)"), "- list: l\n  items: [b]\n  override: {items: replace}\n" }, "p.n in (b)" },
	{ "macro", { M("m", "p.n = a") R("m and not m") }, "p.n = a and not p.n = a" },
	{ "macro in macro", { M("a", "p.n = a") M("b", "a or p.n = b") R("b and x.y = z") }, "(p.n = a or p.n = b) and x.y = z" },
	{ "macro defined after the rule", { R("m"), M("m", "p.n = a") }, "p.n = a" },
	{ "macro redefined in a later file", { M("m", "p.n = a") R("m"), M("m", "p.n = b") }, "p.n = b" },
	{ "inner macro redefined", { M("i", "p.n = a") M("o", "i") R("o"), M("i", "p.n = b") }, "p.n = b" },
	{ "macro appended to", { M("m", "p.n = a or p.n = b") R("m"), "- macro: m\n  append: true\n  condition: and p.n = c\n" },
		"p.n = a or p.n = b and p.n = c" },
	{ "macro with a list", { M("m", "p.n in (l)") L("l", "a") R("m") }, "p.n in (a)" },
	{ "name spaces are separate", { L("r", "a") M("r", "p.n in (r)") R("r") }, "p.n in (a)" },
	{ "append", { R("p.n = a"), "- rule: r\n  append: true\n  condition: and p.n = b\n" }, "p.n = a and p.n = b" },
	{ "append twice", { R("p.n = a"), "- rule: r\n  override: {condition: append}\n  condition: or p.n = b\n",
			      "- rule: r\n  override: {condition: append}\n  condition: and p.n = c\n" },
		"p.n = a or p.n = b and p.n = c" },
	{ "replace", { R("p.n = a"), "- rule: r\n  override: {condition: replace}\n  condition: p.n = b\n" }, "p.n = b" },
	{ "redefinition forgets appends", { R("p.n = a"), "- rule: r\n  append: true\n  condition: or p.n = b\n", R("p.n = c") }, "p.n = c" },
};

/* --- exceptions: their fields must exist ----------------------------------------------------------------- */
static const struct {
	const char *name;
	const char *files[MAX_FILES];
	const char *cond;
} exceptions[] = {
	{ "tuple", { X("fields: [proc.name, fd.name], values: [[a, b], [c, 'd e']]") },
		"evt.type = open and not (proc.name = a and fd.name = b) and not (proc.name = c and fd.name = 'd e')" },
	{ "operators", { X("fields: [proc.name, fd.name, proc.pid], comps: [startswith, in, <], values: [[a, [b, c], 5]]") },
		"evt.type = open and not (proc.name startswith a and fd.name in (b, c) and proc.pid < 5)" },
	{ "one member", { X("fields: ['proc.aname[2]'], values: [[a]]") }, "evt.type = open and not proc.aname[2] = a" },
	{ "scalar for a list operator", { X("fields: [fd.name], comps: [in], values: [[a], ['(b, c)']]") },
		"evt.type = open and not fd.name in (a) and not fd.name in (b, c)" },
	{ "single", { X("fields: fd.name, values: [a, 'b c', '\"d\"']") }, "evt.type = open and not fd.name in (a, 'b c', 'd')" },
	{ "single with operator", { X("fields: fd.name, comps: pmatch, values: [/a, /b]") }, "evt.type = open and not fd.name pmatch (/a, /b)" },
	{ "single with modifier", { X("fields: fd.name, comps: contains anyof, values: [/a, /b]") },
		"evt.type = open and not fd.name contains anyof (/a, /b)" },
	{ "lists in values", { L("l", "a, b") L("o", "z") X("fields: [fd.name, proc.name], comps: [in, =], values: [[l, o], [[x, l], y]]") },
		"evt.type = open and not (fd.name in (a, b) and proc.name = z) and not (fd.name in (x, a, b) and proc.name = y)" },
	{ "no values", { X("fields: fd.name") }, "evt.type = open" },
	{ "values appended", { X("fields: fd.name, values: [a]"), "- rule: r\n  append: true\n  exceptions: [{name: e, values: [b]}]\n" },
		"evt.type = open and not fd.name in (a, b)" },
	{ "exception and condition appended",
		{ X("fields: fd.name, values: [a]"), "- rule: r\n  override: {condition: append, exceptions: append}\n  condition: or evt.type = close\n"
						     "  exceptions: [{name: f, fields: proc.name, values: [b]}]\n" },
		"(evt.type = open or evt.type = close) and not fd.name in (a) and not proc.name in (b)" },
	{ "exceptions replaced", { X("fields: fd.name, values: [a]"), "- rule: r\n  override: {exceptions: replace}\n  exceptions: []\n" }, "evt.type = open" },
	{ "odd characters", { X("fields: [fd.name], values: [['a(b'], ['c,\"d\\\\']]") },
		"evt.type = open and not fd.name = \"a(b\" and not fd.name = \"c,\\\"d\\\\\\\\\"" },
};

/* The tree of a condition without names, as the parser prints it. */
static struct sk_slice
print_parsed(struct fixture *f, const char *cond)
{
	struct sk_text t = { .s = sk_slice_cstr(cond) };
	struct sk_parse p = { f->cx.arena, f->cx.diags, &t };

	return sk_cond_print(f->cx.arena, sk_cond_parse(&p));
}

static void
check_condition(const char *name, const char *const files[], const char *cond)
{
	struct fixture f = load(files);
	struct sk_rule_ast *r = rule(&f, "r");

	if (sk_diags_errors(f.cx.diags))
		sk_diags_print(f.cx.diags, stdout, false);
	assert_true(f.fine);
	assert_non_null(r);
	assert_false(r->bad);
	struct sk_slice have = sk_cond_print(f.cx.arena, r->cond), want = print_parsed(&f, cond);
	if (!sk_slice_eq(have, want))
		print_error("%s:\n have %.*s\n want %.*s\n", name, SK_SLICE_ARG(have), SK_SLICE_ARG(want));
	assert_true(sk_slice_eq(have, want));
	end(&f);
}

static void
test_conditions(void **state)
{
	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(conditions); i++)
		check_condition(conditions[i].name, conditions[i].files, conditions[i].cond);
}

static void
test_exceptions(void **state)
{
	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(exceptions); i++)
		check_condition(exceptions[i].name, exceptions[i].files, exceptions[i].cond);
}

/* --- other keys ----------------------------------------------------------------- */
static const char everything[] = "- rule: r\n  desc: one\n  condition: a.b = c\n  output: \"out %a.b  \"\n  priority: critical\n"
				 "  source: k8s_audit\n  enabled: false\n  capture: true\n  capture_duration: 5000\n  warn_evttypes: no\n"
				 "  skip-if-unknown-filter: on\n  tags: [z, a, z]\n";

static void
test_keys(void **state)
{
	const char *const files[MAX_FILES] = { everything };
	struct fixture f = load(files);
	struct sk_rule_ast *r = rule(&f, "r");

	(void)state;
	assert_int_equal(sk_diags_errors(f.cx.diags) + sk_diags_warnings(f.cx.diags), 0);
	assert_true(sk_slice_is(r->desc, "one"));
	assert_true(sk_slice_is(r->output.s, "out %a.b"));
	assert_true(sk_slice_is(r->cond_text, "a.b = c"));
	assert_int_equal(r->priority, SK_PRIO_CRITICAL);
	assert_int_equal(r->source, SK_SOURCE_K8S_AUDIT);
	assert_false(r->enabled);
	assert_true(r->capture);
	assert_int_equal(r->capture_duration_ms, 5000);
	assert_false(r->warn_evttypes);
	assert_true(r->skip_if_unknown);
	assert_int_equal(r->tags.n, 2);
	assert_true(sk_slice_is(r->tags.v[0], "a"));
	assert_true(sk_slice_is(r->tags.v[1], "z"));
	end(&f);
}

static void
test_defaults(void **state)
{
	const char *const files[MAX_FILES] = { R("a.b = c") };
	struct fixture f = load(files);
	struct sk_rule_ast *r = rule(&f, "r");

	(void)state;
	assert_true(r->enabled && r->warn_evttypes);
	assert_false(r->capture || r->skip_if_unknown || r->bad || r->skipped);
	assert_int_equal(r->source, SK_SOURCE_SYSCALL);
	assert_int_equal(r->tags.n, 0);
	end(&f);
}

static void
test_overrides(void **state)
{
	const char *const files[MAX_FILES] = { everything,
		"- rule: r\n  override: {desc: append, output: append, tags: append, priority: replace, enabled: replace, capture: replace}\n"
		"  desc: two\n  output: more\n  tags: [m, a]\n  priority: info\n  enabled: true\n  capture: false\n",
		"- rule: r\n  enabled: false\n- rule: r\n  override: {enabled: replace}\n  enabled: true\n" };
	struct fixture f = load(files);
	struct sk_rule_ast *r = rule(&f, "r");

	(void)state;
	assert_int_equal(sk_diags_errors(f.cx.diags), 0);
	assert_int_equal(sk_diags_warnings(f.cx.diags), 1);
	assert_true(sk_slice_is(r->desc, "one two"));
	assert_true(sk_slice_is(r->output.s, "out %a.b   more"));
	assert_int_equal(r->priority, SK_PRIO_INFORMATIONAL);
	assert_true(r->enabled);
	assert_false(r->capture);
	assert_int_equal(r->capture_duration_ms, 5000);
	assert_int_equal(r->tags.n, 3);
	assert_true(sk_slice_is(r->tags.v[1], "m"));
	end(&f);
}

static void
test_order(void **state)
{
	const char *const files[MAX_FILES] = { R("a.b = c") "- rule: s\n  desc: d\n  output: o\n  priority: INFO\n  condition: a.b = d\n", R("a.b = e") };
	struct fixture f = load(files);

	(void)state;
	assert_int_equal(f.rs.rules.n, 2);
	assert_true(sk_slice_is(f.rs.rules.v[0]->name, "r"));
	assert_true(sk_slice_is(f.rs.rules.v[0]->cond_text, "a.b = e"));
	assert_true(sk_slice_is(f.rs.rules.v[0]->loc.file->name, "b"));
	end(&f);
}

/* A broken item hides nothing else and makes nothing else wrong. */
static void
test_broken_items(void **state)
{
	const char *const files[MAX_FILES] = { "- list: l\n  items: 5\n- macro: m\n- rule: r\n  desc: d\n"
					       "- rule: s\n  desc: d\n  output: o\n  priority: INFO\n  condition: m and a.b in (l)\n"
					       "- rule: r\n  append: true\n  condition: and a.b = c\n",
		"a: b", "- rule: t\n  desc: d\n  output: o\n  priority: INFO\n  condition: a.b = c\n" };
	struct fixture f = load(files);

	(void)state;
	assert_true(f.fine);
	/* items; condition of m; the keys of r; file b */
	assert_int_equal(sk_diags_errors(f.cx.diags), 4);
	assert_true(rule(&f, "r")->bad);
	assert_true(rule(&f, "s")->bad);
	assert_false(rule(&f, "t")->bad);
	assert_non_null(rule(&f, "t")->cond);
	end(&f);
}

/* --- places ----------------------------------------------------------------- */
static void
test_places_of_joined_text(void **state)
{
	const char *const files[MAX_FILES] = { R("a.b = c"), "- rule: r\n  append: true\n  condition: >\n    or\n    d.e = f\n" };
	struct fixture f = load(files);
	struct sk_cond *c = rule(&f, "r")->cond;

	(void)state;
	assert_int_equal(c->nkids, 2);
	struct sk_loc first = sk_text_loc(c->kids[0]->text, c->kids[0]->span), second = sk_text_loc(c->kids[1]->text, c->kids[1]->span);
	uint32_t line, column;
	assert_true(sk_slice_is(first.file->name, "a"));
	sk_file_position(first.file, first.span.beg, &line, &column);
	assert_int_equal(line, 5);
	assert_int_equal(column, 14);
	assert_true(sk_slice_is(second.file->name, "b"));
	sk_file_position(second.file, second.span.beg, &line, &column);
	assert_int_equal(line, 5);
	assert_int_equal(column, 5);
	assert_int_equal(second.span.end - second.span.beg, 7);
	end(&f);
}

static void
test_via(void **state)
{
	const char *const files[MAX_FILES] = { L("l", "x") M("i", "a.b in (l)") M("o", "c.d = e and i") R("o or o") };
	struct fixture f = load(files);
	struct sk_cond *c = rule(&f, "r")->cond;

	(void)state;
	assert_int_equal(c->nkids, 2);
	struct sk_cond *inner = c->kids[1]->kids[1];
	assert_int_equal(inner->kind, SK_COND_CHECK);
	assert_true(sk_slice_is(inner->via->name, "i"));
	assert_true(sk_slice_is(inner->via->via->name, "o"));
	assert_null(inner->via->via->via);
	assert_null(c->via);
	/* The two uses are two places. */
	assert_int_not_equal(c->kids[0]->via->span.beg, c->kids[1]->via->span.beg);
	/* The value stands in the list. */
	struct sk_loc loc = sk_opnd_loc(inner, inner->rhs->args[0]);
	uint32_t line, column;
	sk_file_position(loc.file, loc.span.beg, &line, &column);
	assert_int_equal(line, 2);
	assert_int_equal(column, 11);
	end(&f);
}

static void
test_memory_limit(void **state)
{
	(void)state;
	for (size_t limit = 0; limit < 64000; limit += 777) {
		struct sk_arena *a = sk_arena_new(limit), *spare = sk_arena_new(1 << 20);
		struct sk_compile cx = { .arena = a, .atoms = sk_atoms_new(a), .diags = sk_diags_new(spare) };
		struct sk_ruleset rs = { 0 };

		if (cx.atoms) {
			bool ok = sk_collect_file(&cx, &rs, SK_SLICE("a"),
				SK_SLICE(L("l", "a, b") M("m", "proc.name in (l)") X("fields: [fd.name], comps: [in], values: [[l], [x]]") L("k", "l")));

			ok = ok && sk_expand(&cx, &rs);
			assert_int_equal(ok, sk_diags_errors(cx.diags) == 0);
		}
		sk_arena_free(a);
		sk_arena_free(spare);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_exceptions),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_broken_items),
		cmocka_unit_test(test_places_of_joined_text),
		cmocka_unit_test(test_via),
		cmocka_unit_test(test_memory_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
