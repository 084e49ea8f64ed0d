/* The conditions of zoo-1 on its events: what compiler and machine make of them is what the trees say, read by an evaluator that
 * shares nothing with either. */
#include "base/schema.h"
#include "compiler/compile.h"
#include "daemon/engine.h"
#include "probe/scap/scap.h"
#include "tests/conformance/ast_eval.h"

#include <saker/bundle.h>

#include <ctype.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define CAPTURE SK_SOURCE_DIR "/tests/data/zoo-1.scap"
#define CONDITIONS SK_SOURCE_DIR "/tests/data/conditions/zoo-1.tsv"
#define EVERY 7u
#define MAX_CONDITIONS 8192u

struct fixture {
	struct sk_arena *arena;
	char *texts[MAX_CONDITIONS];
	const struct sk_cond *trees[MAX_CONDITIONS]; /* NULL: not compared */
	uint32_t n;
	struct sk_buf image;
	struct sk_bundle *bundle;
	struct sk_engine *engine;
	uint32_t *line_of; /* by rule */
	struct sk_loader loader;
};

/* --- reading
 * ----------------------------------------------------------------------------------------------------------------------------------
 */
static void
read_conditions(struct fixture *fx)
{
	SK_AUTO_FCLOSE FILE *f = fopen(CONDITIONS, "re");
	SK_AUTO_FREE char *line = NULL;
	size_t cap = 0;

	assert_non_null(f);
	while (getline(&line, &cap, f) > 0 && fx->n < MAX_CONDITIONS) {
		char *tab = strchr(line, '\t');
		json_error_t err;

		if (*line == '#' || !tab)
			continue;
		*tab = '\0';
		json_t *s = json_loads(line, JSON_DECODE_ANY | JSON_ALLOW_NUL, &err);
		assert_non_null(s);
		if (strlen(json_string_value(s)) == json_string_length(s))
			fx->texts[fx->n++] = (char *)(uintptr_t)sk_arena_dup(fx->arena, sk_slice_cstr(json_string_value(s))).p;
		json_decref(s);
	}
}

/* util.cnt counts how often it was asked; nothing else depends on that. */
static void
parse_all(struct fixture *fx)
{
	for (uint32_t i = 0; i < fx->n; i++) {
		struct sk_text *text = SK_NEW(fx->arena, struct sk_text);

		text->s = sk_slice_cstr(fx->texts[i]);
		const struct sk_parse p = {fx->arena, sk_diags_new(fx->arena), text};
		const struct sk_cond *c = sk_cond_parse(&p);
		fx->trees[i] = c && sk_ast_known(c) && !strstr(fx->texts[i], "util.cnt") ? c : NULL;
	}
}

static void
compile_all(struct fixture *fx)
{
	struct sk_buf file = {0};
	struct sk_compilation c;
	struct sk_reject why;

	for (uint32_t i = 0; i < fx->n; i++) {
		sk_buf_printf(
		    &file, "- rule: c%u\n  desc: d\n  priority: DEBUG\n  output: x\n  warn_evttypes: false\n  condition: \"", i);
		for (const char *s = fx->texts[i]; *s; s++) {
			if (*s == '"' || *s == '\\')
				sk_buf_char(&file, '\\');
			if ((uint8_t)*s < 0x20 || *s == 0x7f)
				sk_buf_printf(&file, "\\x%02x", (uint8_t)*s);
			else
				sk_buf_char(&file, *s);
		}
		sk_buf_str(&file, "\"\n");
	}
	const struct sk_compile_input input = {SK_SLICE("zoo-1.tsv"), sk_buf_view(&file), NULL};
	const struct sk_compile_job job = {.inputs = &input, .ninputs = 1, .keep_going = true};
	assert_int_equal(sk_compile_run(&job, &c, &fx->image), 0);
	sk_compilation_free(&c);
	sk_buf_free(&file);
	if (sk_bundle_open(fx->image.p, fx->image.n, &fx->bundle, &why) < 0)
		fail_msg("%s: %s", sk_reject_name(why.code), why.text);
}

/* --- the evaluator's values: the same field functions, asked without the machine ------------------------------------------- */
static bool
is_index(const struct sk_field_desc *f, struct sk_slice arg)
{
	if (f->arg == SK_FA_REQ_KEY || f->id == SK_F_proc_env || !arg.n)
		return false;
	for (size_t i = 0; i < arg.n; i++)
		if (!isdigit((uint8_t)arg.p[i]))
			return false;
	return true;
}

static struct sk_value
load(void *ctx, const struct sk_field_desc *f, bool has_arg, struct sk_slice text)
{
	struct fixture *fx = ctx;
	struct sk_field_arg_value arg = {.kind = SK_VA_NONE};
	struct sk_value v = {0};

	if (has_arg && is_index(f, text))
		arg = (struct sk_field_arg_value){.kind = SK_VA_INDEX, .index = strtoull(text.p, NULL, 10)};
	else if (has_arg) {
		struct sk_slice key = sk_arena_dup(fx->arena, text);

		arg = (struct sk_field_arg_value){.kind = SK_VA_KEY, .key = key.p, .key_len = (uint32_t)key.n};
	}
	if (fx->loader.bind)
		arg.aux = fx->loader.bind(fx->loader.ctx, (enum sk_field_id)f->id, &arg);
	if (!fx->loader.load[f->id] || !fx->loader.load[f->id](fx->loader.ctx, &arg, &v))
		v.kind = SK_V_NONE;
	return v;
}

/* --- comparing
 * ---------------------------------------------------------------------------------------------------------------------------------------
 */
static uint32_t
compare_event(struct fixture *fx, const struct sk_event *ev, uint32_t nmatches)
{
	const uint32_t *matches = sk_engine_matches(fx->engine);
	uint32_t at = 0, differ = 0;

	for (uint32_t rule = 0; rule < sk_bundle_view(fx->bundle)->nrules; rule++) {
		bool machine = at < nmatches && matches[at] == rule;
		const struct sk_cond *tree = fx->trees[fx->line_of[rule]];

		at += machine;
		if (!tree || sk_ast_eval(tree, load, fx, fx->arena) == machine)
			continue;
		if (differ++ < 20)
			print_error("event %llu (%s), only %s: %s\n", (unsigned long long)ev->num, ev->desc->name,
				    machine ? "the machine" : "the tree", fx->texts[fx->line_of[rule]]);
	}
	assert_int_equal(at, nmatches);
	return differ;
}

static void
test_zoo(void **state)
{
	struct fixture *fx = *state;
	struct sk_list_sink sink = sk_engine_sink(fx->engine);
	struct sk_scap_error err;
	struct sk_scap *capture;
	struct sk_event ev;
	uint32_t differ = 0, events = 0;

	assert_int_equal(sk_scap_open(CAPTURE, &sink, &capture, &err), 0);
	while (sk_scap_next(capture, &ev, &err) == SK_SCAP_EVENT) {
		uint32_t n = sk_engine_event(fx->engine, &ev);
		struct sk_arena *kept = fx->arena;

		if (ev.num % EVERY || !sk_engine_fields(fx->engine)->ec.deliver)
			continue;
		fx->arena = sk_arena_new(256u << 20);
		differ += compare_event(fx, &ev, n);
		sk_arena_free(fx->arena);
		fx->arena = kept;
		events++;
	}
	sk_scap_close(capture);
	assert_true(events > 500);
	assert_int_equal(differ, 0);
}

static void
test_enough(void **state)
{
	struct fixture *fx = *state;
	uint32_t compared = 0;

	for (uint32_t i = 0; i < sk_bundle_view(fx->bundle)->nrules; i++)
		compared += fx->trees[fx->line_of[i]] != NULL;
	assert_true(compared > 3000);
}

/* --- set up
 * ------------------------------------------------------------------------------------------------------------------------------------------
 */
static int
set_up(void **state)
{
	const struct sk_engine_opts opts = {.sz = sizeof(opts), .mode = SK_MATCH_ALL};
	struct fixture *fx = calloc(1, sizeof(*fx));
	char why[256];

	fx->arena = sk_arena_new(256u << 20);
	read_conditions(fx);
	parse_all(fx);
	compile_all(fx);
	const struct sk_bundle_view *v = sk_bundle_view(fx->bundle);
	fx->line_of = calloc(v->nrules + 1u, sizeof(*fx->line_of));
	for (uint32_t i = 0; i < v->nrules; i++)
		fx->line_of[i] = (uint32_t)strtoul(sk_bundle_str(v, v->rules[i].name).p + 1, NULL, 10);
	if (sk_engine_new(fx->bundle, &opts, &fx->engine, why, sizeof(why)) < 0)
		fail_msg("%s", why);
	fx->loader = sk_fields_loader(sk_engine_fields(fx->engine));
	*state = fx;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fx = *state;

	sk_engine_free(fx->engine);
	sk_bundle_close(fx->bundle);
	sk_buf_free(&fx->image);
	sk_arena_free(fx->arena);
	free(fx->line_of);
	free(fx);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_enough), cmocka_unit_test(test_zoo)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
