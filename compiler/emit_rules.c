/* Inputs, rules and outputs. */
#include "compiler/emit.h"

uint32_t
sk_emit_input(struct sk_emit *e, const struct sk_file *f)
{
	uint32_t i = 0;

	/* Instructions ask in the order of rules, and rules of one file stand together. */
	if (f == e->last_file)
		return e->last_input;
	while (i < e->rs->files.n && e->rs->files.v[i] != f)
		i++;
	e->last_file = f;
	e->last_input = i < e->rs->files.n ? i : 0;
	return e->last_input;
}

static uint32_t
emit_output(struct sk_emit *e, const struct sk_ir_output *o)
{
	SK_AUTO_FREE struct sk_piece_def *pieces = calloc(o->npieces + 1, sizeof(*pieces));

	if (!pieces) {
		e->failed = true;
		return 0;
	}
	for (uint32_t i = 0; i < o->npieces; i++) {
		const struct sk_ir_piece *p = &o->pieces[i];

		pieces[i] = (struct sk_piece_def){ .text = sk_builder_string(e->b, p->text),
						   .value = p->value == SK_IR_LITERAL ? 0 : sk_emit_value(e, p->value) + 1,
						   .width = p->width,
						   .type = (uint8_t)p->type,
						   .fmt = (uint8_t)p->fmt,
						   .is_transformed = p->use };
	}
	return sk_builder_output(e->b, o->text, pieces, o->npieces);
}

static void
emit_rule(struct sk_emit *e, const struct sk_ir_rule *r)
{
	const struct sk_rule_ast *ast = r->rule;
	struct sk_rule_def d = { .name = sk_builder_string(e->b, ast->name),
				 .desc = sk_builder_string(e->b, ast->desc),
				 .condition = sk_builder_string(e->b, ast->cond_text),
				 .priority = (uint8_t)ast->priority,
				 .source = (uint8_t)ast->source,
				 .enabled = ast->enabled,
				 .capture = ast->capture,
				 .capture_duration_ms = ast->capture_duration_ms };

	if (ast->loc.file) {
		d.input = sk_emit_input(e, ast->loc.file);
		sk_file_position(ast->loc.file, ast->loc.span.beg, &d.line, &d.column);
	}
	d.output = emit_output(e, &r->output);
	(void)sk_builder_rule(e->b, &d, ast->tags.v, (uint32_t)ast->tags.n);
}

void
sk_emit_rules(struct sk_emit *e)
{
	const struct sk_ir_graph *g = e->plan->g;

	for (size_t i = 0; i < e->rs->files.n; i++)
		(void)sk_builder_input(e->b, e->rs->files.v[i]->name, e->rs->files.v[i]->text);
	for (size_t i = 0; i < g->rules.n; i++)
		emit_rule(e, &g->rules.v[i]);
	for (size_t i = 0; i < g->extra_outputs.n; i++)
		(void)emit_output(e, &g->extra_outputs.v[i]);
}
