/* Conditions, one a line, on made-up events: the machine with either dispatcher, in both modes, and the evaluator that walks the
 * trees must find the same rules. */
#include "tests/fuzz/compile_check.h"
#include "tests/fuzz/world.h"
#include "vm/bundle/bundle.h"

#include "base/hash.h"
#include "base/schema.h"

#include <stdlib.h>

#define MAX_RULES 16u
#define MAX_INPUT 4096u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* vm/exec.c compiled for the other dispatcher. */
uint32_t sk_vm_run_other(struct sk_vm *vm, enum sk_source source, uint32_t type);
const char *sk_vm_dispatch_other(void);

/* One input. */
struct session {
	struct sk_arena *arena;
	struct sk_slice lines[MAX_RULES];
	const struct sk_cond *trees[MAX_RULES];
	uint32_t n;
	struct sk_bundle *bundle;
	struct sk_vm *first, *all;
	uint32_t line_of[MAX_RULES]; /* by rule */
	struct sk_world world;
};

static void
split(struct session *s, struct sk_slice text)
{
	while (text.n && s->n < MAX_RULES) {
		const char *nl = memchr(text.p, '\n', text.n);
		size_t n = nl ? (size_t)(nl - text.p) : text.n;

		s->lines[s->n++] = sk_slice(text.p, n);
		text = sk_slice(text.p + n + (nl != NULL), text.n - n - (nl != NULL));
	}
}

static void
parse(struct session *s, uint32_t line)
{
	struct sk_text *text = SK_NEW(s->arena, struct sk_text);

	text->s = sk_arena_dup(s->arena, s->lines[line]);
	const struct sk_parse p = {s->arena, sk_diags_new(s->arena), text};
	s->trees[line] = sk_cond_parse(&p);
	if (s->trees[line])
		sk_world_learn(&s->world, s->trees[line]);
}

/* Rules that compile; others are left out. */
static bool
compile(struct session *s, struct sk_buf *image)
{
	struct sk_buf file = {0};
	struct sk_reject why;
	bool ok;

	for (uint32_t i = 0; i < s->n; i++)
		sk_fuzz_rule(&file, i, s->lines[i]);
	ok = sk_fuzz_compile_some(sk_buf_view(&file), image);
	sk_buf_free(&file);
	if (!ok)
		return false;
	if (sk_bundle_open(image->p, image->n, &s->bundle, &why) < 0)
		abort();
	const struct sk_bundle_view *v = sk_bundle_view(s->bundle);
	for (uint32_t i = 0; i < v->nrules; i++)
		s->line_of[i] = (uint32_t)strtoul(sk_bundle_str(v, v->rules[i].name).p + 1, NULL, 10);
	return true;
}

static bool
machines(struct session *s)
{
	const struct sk_vm_opts first = {sizeof(first), SK_MATCH_FIRST}, all = {sizeof(all), SK_MATCH_ALL};
	struct sk_loader loader = sk_world_loader(&s->world);
	char why[256];

	return sk_vm_new(s->bundle, &loader, &first, &s->first, why, sizeof(why)) == 0 &&
	       sk_vm_new(s->bundle, &loader, &all, &s->all, why, sizeof(why)) == 0;
}

static void
differs(const struct session *s, uint32_t rule, const char *what)
{
	const struct sk_slice line = s->lines[s->line_of[rule]];

	(void)fprintf(stderr, "%s; event type %u (%s), rule: %.*s\n", what, s->world.type, sk_event_desc(s->world.type)->name,
		      SK_SLICE_ARG(line));
	abort();
}

/* Matching rules as bits. */
static uint32_t
run(struct sk_vm *vm, uint32_t (*fn)(struct sk_vm *, enum sk_source, uint32_t), uint32_t type)
{
	uint32_t set = 0, n;

	sk_vm_begin(vm);
	n = fn(vm, SK_SOURCE_SYSCALL, type);
	for (uint32_t i = 0; i < n; i++)
		set |= 1u << sk_vm_matches(vm)[i];
	return set;
}

static void
event(struct session *s, uint32_t type, uint64_t seed)
{
	s->world.type = type;
	s->world.seed = seed;
	uint32_t set = run(s->all, sk_vm_run, type);
	if (set != run(s->all, sk_vm_run_other, type))
		differs(s, 0, "the dispatchers differ, all matches");
	if (run(s->first, sk_vm_run, type) != (set & (0 - set)))
		differs(s, 0, "first match is not the first of all matches");
	if (run(s->first, sk_vm_run_other, type) != (set & (0 - set)))
		differs(s, 0, "the dispatchers differ, first match");
	for (uint32_t i = 0; i < sk_bundle_view(s->bundle)->nrules; i++) {
		const struct sk_cond *tree = s->trees[s->line_of[i]];

		if (!tree)
			differs(s, i, "compiled, but does not parse");
		if (sk_ast_known(tree) && sk_ast_eval(tree, sk_world_load, &s->world, s->world.arena) != (set >> i & 1))
			differs(s, i, set >> i & 1 ? "only the machine finds it" : "only the evaluator finds it");
	}
}

/* Types that the conditions name, and some others. */
static void
events(struct session *s, uint64_t seed)
{
	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++) {
		bool wanted = type == SK_E_SYSCALL_OPENAT_2_X || type == SK_E_GENERIC_X || type == SK_E_SYSCALL_EXECVE_19_X ||
			      sk_hash_u64(seed + type) % 64 == 0;

		if (!sk_world_delivers(type))
			continue;
		for (uint32_t i = 0; i < s->world.nwords && !wanted; i++)
			wanted = sk_slice_is(s->world.words[i], sk_event_desc(type)->name);
		for (uint64_t round = 0; wanted && round < 3; round++) {
			struct sk_arena *arena = s->world.arena = sk_arena_new(64u << 20);

			event(s, type, sk_hash_u64(seed + type + (round << 32)));
			sk_arena_free(arena);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct session *s = n <= MAX_INPUT ? calloc(1, sizeof(*s)) : NULL;
	struct sk_buf image = {0};

	if (!s)
		return 0;
	s->arena = sk_arena_new(64u << 20);
	split(s, sk_slice((const char *)data, n));
	for (uint32_t i = 0; i < s->n; i++)
		parse(s, i);
	s->world.arena = s->arena;
	if (compile(s, &image) && machines(s))
		events(s, sk_hash_bytes(data, n));
	sk_vm_free(s->first);
	sk_vm_free(s->all);
	sk_bundle_close(s->bundle);
	sk_buf_free(&image);
	sk_arena_free(s->arena);
	free(s);
	return 0;
}
