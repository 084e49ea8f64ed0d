/* Programs, dispatch and the image. */
#include "compiler/emit.h"

#include "vm/bundle/tables.h"

#include <errno.h>
#include <saker/limits.h>

static void
place_of(struct sk_emit *e, uint32_t node, struct sk_srcmap_def *m)
{
	const struct sk_ir *n = &e->plan->g->nodes.v[node];

	if (!n->loc.file)
		return;
	if (!e->line_of[node])
		sk_file_position(n->loc.file, n->loc.span.beg, &e->line_of[node], &e->column_of[node]);
	m->input = sk_emit_input(e, n->loc.file);
	m->line = e->line_of[node];
	m->column = e->column_of[node];
}

/* Blocks that are candidates for every event. */
static uint32_t
always_list(struct sk_emit *e, const struct sk_unit *u)
{
	SK_AUTO_FREE uint32_t *v = malloc((u->nrules + 1) * sizeof(*v));
	uint32_t n = 0;

	if (!v) {
		e->failed = true;
		return 0;
	}
	for (uint32_t i = 0; i < u->nrules; i++)
		if (!u->selected || !u->selected[i])
			v[n++] = i;
	return sk_builder_list(e->b, v, n, false);
}

/* A table's members may be told apart less by the builder than by us (equal texts): lists go where their member went. */
static uint32_t
emit_select(struct sk_emit *e, const struct sk_plan_select *s)
{
	const struct sk_ir_graph *g = e->plan->g;
	const struct sk_select_info *info = sk_select_info(s->kind);
	bool set = !info->trie;
	SK_AUTO_FREE uint32_t *members = malloc((s->nmembers + 1) * sizeof(*members));
	SK_AUTO_FREE struct sk_slice *texts = malloc((s->nmembers + 1) * sizeof(*texts));
	SK_AUTO_FREE struct sk_slice_u32 *lists = calloc(s->nmembers + 2, sizeof(*lists));
	uint32_t table, n;

	if (!members || !texts || !lists) {
		e->failed = true;
		return 0;
	}
	for (uint32_t i = 0; i < s->nmembers; i++) {
		members[i] = set ? sk_emit_value(e, s->members[i]) : 0;
		texts[i] = g->values.v[s->members[i]].text;
	}
	table = set ? sk_builder_set(e->b, s->set_kind, members, s->nmembers) : sk_builder_trie(e->b, (enum sk_trie_kind)info->trie, texts, s->nmembers);
	n = set ? sk_builder_set_members(e->b, table) : sk_builder_trie_members(e->b, table);
	for (uint32_t i = 0; i < s->nmembers; i++) {
		uint32_t at = set ? sk_builder_set_ordinal(e->b, table, i) : sk_builder_trie_ordinal(e->b, table, i);

		if (at < n)
			lists[at] = (struct sk_slice_u32){ s->lists[i].v, s->lists[i].n };
	}
	if (info->extra)
		lists[n] = (struct sk_slice_u32){ s->all, s->nall };
	return sk_builder_select(e->b, s->kind, table, lists, n + info->extra);
}

static struct sk_insn
encode(struct sk_emit *e, const struct sk_unit *u, const struct sk_lowered_insn *in)
{
	struct sk_insn out = { .op = in->op, .mod = in->mod, .a = (uint16_t)in->a, .b = in->b, .t = in->t, .f = in->f };

	if (in->node || in->op == SK_OP_SELECT)
		out.a = (uint16_t)sk_emit_value(e, in->a);
	if (in->node)
		out.b = sk_emit_operand(e, in->node);
	else if (in->op == SK_OP_ALWAYS)
		out.b = always_list(e, u);
	else if (in->op == SK_OP_SELECT)
		out.b = emit_select(e, &u->selects[in->b]);
	return out;
}

static struct sk_srcmap_def
source_of(struct sk_emit *e, const struct sk_lowered_insn *in)
{
	struct sk_srcmap_def m = { .rule = SK_SRCMAP_NONE, .input = SK_SRCMAP_NONE };

	if (in->rule == UINT32_MAX)
		return m;
	const struct sk_rule_ast *ast = e->plan->g->rules.v[in->rule].rule;
	m.rule = in->rule;
	if (in->node) {
		place_of(e, in->node, &m);
	} else if (ast->loc.file) {
		m.input = sk_emit_input(e, ast->loc.file);
		sk_file_position(ast->loc.file, ast->loc.span.beg, &m.line, &m.column);
	}
	return m;
}

static void
emit_program(struct sk_emit *e, const struct sk_unit *u, const struct sk_code *c)
{
	SK_AUTO_FREE struct sk_insn *code = calloc(c->insns.n + 1, sizeof(*code));
	SK_AUTO_FREE struct sk_srcmap_def *map = calloc(c->insns.n + 1, sizeof(*map));
	uint32_t n = (uint32_t)c->insns.n, program;

	if (!code || !map) {
		e->failed = true;
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		code[i] = encode(e, u, &c->insns.v[i]);
		map[i] = source_of(e, &c->insns.v[i]);
	}
	program = sk_builder_program(e->b, code, n, c->blocks, u->nrules, u->nmemos, map);
	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++)
		if (sk_event_set_has(&u->types, type))
			sk_builder_dispatch(e->b, u->source, type, program);
	sk_emit_interest(e, u, c);
}

static int
emit_unit(struct sk_emit *e, const struct sk_unit *u)
{
	struct sk_code code;
	int r = 0;

	if (!sk_lower(e->plan, u, &code))
		e->failed = true;
	else if (code.too_large)
		r = -E2BIG;
	else
		emit_program(e, u, &code);
	e->ninsns += code.insns.n;
	sk_code_free(&code);
	return r;
}

/* Stops where the image would not be taken anyway, before it fills the memory. */
static int
emit_units(struct sk_emit *e)
{
	int r = 0;

	for (size_t i = 0; !r && i < e->plan->units.n && !e->failed; i++) {
		r = emit_unit(e, e->plan->units.v[i]);
		if (e->ninsns > SK_MAX_BUNDLE / sizeof(struct sk_insn))
			r = -E2BIG;
	}
	return r;
}

static bool
start(struct sk_emit *e)
{
	const struct sk_ir_graph *g = e->plan->g;
	struct sk_arena *a = g->cx->arena;

	e->b = sk_builder_new();
	e->value_of = SK_NEW_ARRAY(a, g->values.n + 1, uint32_t);
	e->operand_of = SK_NEW_ARRAY(a, g->nodes.n + 1, uint32_t);
	e->line_of = SK_NEW_ARRAY(a, g->nodes.n + 1, uint32_t);
	e->column_of = SK_NEW_ARRAY(a, g->nodes.n + 1, uint32_t);
	e->may_fail = sk_failed_calls(g);
	e->may_generic = sk_generic_calls(g);
	return e->b && e->may_fail && e->may_generic && e->value_of && e->operand_of && e->line_of && e->column_of;
}

int
sk_emit_bundle(struct sk_plan *plan, const struct sk_ruleset *rs, struct sk_buf *out)
{
	struct sk_emit e = { .plan = plan, .rs = rs };
	int r = -ENOMEM;

	if (start(&e)) {
		r = emit_units(&e);
		if (!r && !e.failed)
			sk_emit_rules(&e);
		if (!r && e.ncomputed > SK_MAX_VALUES)
			r = -E2BIG;
		if (!r)
			r = e.failed ? -ENOMEM : sk_builder_finish(e.b, out);
	}
	if (e.b)
		sk_builder_free(e.b);
	return r;
}
