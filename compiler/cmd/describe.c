/* What rule files define, as one JSON document: for `sakerc describe`, and for saker -L and -l with JSON output. Keys are those of Falco. */
#include "compiler/cmd/cmd.h"

#include "base/schema.h"
#include "compiler/cmd/describe.h"
#include "compiler/collect.h"
#include "compiler/event_set.h"

/* --- JSON ------------------------------------------------------------------------------------------------------------------ */
static void
put_comma(struct sk_buf *b)
{
	if (b->n && b->p[b->n - 1] != '{' && b->p[b->n - 1] != '[')
		sk_buf_char(b, ',');
}

static void
put_key(struct sk_buf *b, const char *key)
{
	put_comma(b);
	sk_buf_printf(b, "\"%s\":", key);
}

static void
put_string(struct sk_buf *b, struct sk_slice s)
{
	put_comma(b);
	sk_buf_char(b, '"');
	sk_buf_json(b, s);
	sk_buf_char(b, '"');
}

/* After a key no comma is due. */
static void
put_member(struct sk_buf *b, const char *key, struct sk_slice s)
{
	put_key(b, key);
	sk_buf_char(b, '"');
	sk_buf_json(b, s);
	sk_buf_char(b, '"');
}

static void
put_bool(struct sk_buf *b, const char *key, bool v)
{
	put_key(b, key);
	sk_buf_str(b, v ? "true" : "false");
}

static void
open_array(struct sk_buf *b, const char *key)
{
	put_key(b, key);
	sk_buf_char(b, '[');
}

static void
put_names(struct sk_buf *b, const char *key, struct sk_names_found *names)
{
	open_array(b, key);
	sk_names_found_sort(names);
	for (size_t i = 0; i < names->n; i++)
		put_string(b, names->v[i]);
	sk_buf_char(b, ']');
}

/* --- what a condition uses ------------------------------------------------------------------------------------------------- */
static void
put_events(struct sk_buf *b, const struct sk_compilation *c, const struct sk_cond *cond)
{
	struct sk_names_found names = { 0 };
	struct sk_event_set yes = sk_describe_events(c, cond);

	for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++)
		if (sk_event_set_has(&yes, t) && sk_type_is_delivered(SK_SOURCE_SYSCALL, t))
			sk_names_found_add(&names, sk_slice_cstr(sk_event_desc((uint16_t)t)->name));
	put_names(b, "events", &names);
	sk_vec_free(&names);
}

/* WRITTEN: as the rule file has it; EXPANDED: with everything put in. */
static void
put_uses(struct sk_buf *b, const struct sk_compilation *c, const struct sk_cond *written, const struct sk_cond *expanded)
{
	struct sk_uses u = { 0 };

	if (written)
		sk_describe_uses(c, written, false, &u);
	put_names(b, "macros", &u.macros);
	put_names(b, "lists", &u.lists);
	sk_uses_free(&u);
	if (expanded)
		sk_describe_uses(c, expanded, true, &u);
	put_names(b, "condition_operators", &u.operators);
	put_names(b, "condition_fields", &u.fields);
	sk_uses_free(&u);
	put_events(b, c, expanded);
	open_array(b, "plugins");
	sk_buf_char(b, ']');
}

static void
put_compiled(struct sk_buf *b, const struct sk_compilation *c, const struct sk_cond *cond)
{
	struct sk_buf text = { 0 };

	if (cond)
		sk_describe_print(c, cond, &text);
	put_member(b, "condition_compiled", sk_buf_view(&text));
	sk_buf_free(&text);
}

/* Conditions are parsed again as they were written: expansion has changed the trees. */
static const struct sk_cond *
as_written(const struct sk_compilation *c, const struct sk_text *text)
{
	const struct sk_parse p = { c->arena, sk_diags_new(c->arena), text };

	return text && p.diags ? sk_cond_parse(&p) : NULL;
}

/* --- rules ----------------------------------------------------------------------------------------------------------------- */
static void
add_scalars(struct sk_names_found *names, const struct sk_yaml *y)
{
	if (y && y->kind == SK_YAML_SCALAR)
		sk_names_found_add(names, y->text.s);
	for (size_t i = 0; y && y->kind == SK_YAML_SEQ && i < y->items.n; i++)
		add_scalars(names, y->items.v[i]);
}

static void
put_exceptions(struct sk_buf *b, const struct sk_rule_ast *r)
{
	struct sk_names_found names = { 0 }, operators = { 0 }, fields = { 0 };

	for (size_t i = 0; i < r->src->exceptions.n; i++) {
		const struct sk_exception *e = r->src->exceptions.v[i];

		sk_names_found_add(&names, e->name);
		add_scalars(&fields, e->fields);
		add_scalars(&operators, e->comps);
		if (!e->comps)
			sk_names_found_add(&operators, e->fields && e->fields->kind == SK_YAML_SCALAR ? SK_SLICE("in") : SK_SLICE("="));
	}
	put_names(b, "exception_names", &names);
	put_names(b, "exception_operators", &operators);
	put_names(b, "exception_fields", &fields);
	sk_vec_free(&names);
	sk_vec_free(&operators);
	sk_vec_free(&fields);
}

static void
add_operand(struct sk_names_found *fields, const struct sk_opnd *o)
{
	if (o->kind == SK_OPND_FIELD)
		sk_names_found_add(fields, o->text);
	for (uint32_t i = 0; i < o->nargs; i++)
		add_operand(fields, o->args[i]);
}

static void
put_output_fields(struct sk_buf *b, const struct sk_compilation *c, const struct sk_rule_ast *r)
{
	struct sk_names_found fields = { 0 };
	const struct sk_parse p = { c->arena, sk_diags_new(c->arena), &r->output };
	const struct sk_out_template *t = p.diags ? sk_output_parse(&p) : NULL;

	for (uint32_t i = 0; t && i < t->npieces; i++)
		if (t->pieces[i].is_field)
			add_operand(&fields, t->pieces[i].field);
	put_names(b, "output_fields", &fields);
	sk_vec_free(&fields);
}

static void
put_rule(struct sk_buf *b, const struct sk_compilation *c, const struct sk_rule_ast *r)
{
	put_comma(b);
	sk_buf_str(b, "{\"info\":{");
	put_member(b, "name", r->name);
	put_member(b, "condition", r->cond_text);
	put_member(b, "priority", sk_slice_cstr(sk_priority_name(r->priority)));
	put_member(b, "output", r->output.s);
	put_member(b, "description", r->desc);
	put_bool(b, "enabled", r->enabled);
	put_member(b, "source", sk_slice_cstr(sk_source_name(r->source)));
	put_bool(b, "capture", r->capture);
	put_key(b, "capture_duration");
	sk_buf_printf(b, "%u", r->capture_duration_ms);
	open_array(b, "tags");
	for (size_t i = 0; i < r->tags.n; i++)
		put_string(b, r->tags.v[i]);
	sk_buf_str(b, "]},\"details\":{");
	put_uses(b, c, as_written(c, r->src->text), r->cond);
	put_output_fields(b, c, r);
	open_array(b, "extra_output_formatted_fields");
	sk_buf_char(b, ']');
	put_exceptions(b, r);
	put_compiled(b, c, r->cond);
	put_member(b, "output_compiled", r->output.s);
	sk_buf_str(b, "}}");
}

/* --- macros, lists, requirements ------------------------------------------------------------------------------------------- */
static void
put_macro(struct sk_buf *b, const struct sk_compilation *c, const struct sk_macro_def_ast *m)
{
	put_comma(b);
	sk_buf_str(b, "{\"info\":{");
	put_member(b, "name", m->name);
	put_member(b, "condition", m->src->text ? m->src->text->s : SK_SLICE(""));
	sk_buf_str(b, "},\"details\":{");
	put_bool(b, "used", m->used);
	put_uses(b, c, as_written(c, m->src->text), m->cond);
	put_compiled(b, c, m->cond);
	sk_buf_str(b, "}}");
}

static void
put_list(struct sk_buf *b, const struct sk_compilation *c, const struct sk_list_def_ast *l)
{
	struct sk_names_found lists = { 0 };

	put_comma(b);
	sk_buf_str(b, "{\"info\":{");
	put_member(b, "name", l->name);
	open_array(b, "items");
	for (size_t i = 0; i < l->src->written.n; i++) {
		struct sk_slice item = l->src->written.v[i]->s;

		put_string(b, item);
		if (sk_find_list(&c->cx, c->rs, item))
			sk_names_found_add(&lists, item);
	}
	sk_buf_str(b, "]},\"details\":{");
	put_bool(b, "used", l->used);
	put_names(b, "lists", &lists);
	open_array(b, "items_compiled");
	for (size_t i = 0; i < l->items.n; i++)
		put_string(b, l->items.v[i]);
	sk_buf_str(b, "],\"plugins\":[]}}");
	sk_vec_free(&lists);
}

static void
put_plugin(struct sk_buf *b, const struct sk_plugin_need *p)
{
	put_comma(b);
	sk_buf_char(b, '{');
	put_member(b, "name", p->name);
	put_member(b, "version", p->version);
	open_array(b, "alternatives");
	for (const struct sk_plugin_need *a = p->alternatives; a; a = a->next) {
		put_comma(b);
		sk_buf_char(b, '{');
		put_member(b, "name", a->name);
		put_member(b, "version", a->version);
		sk_buf_char(b, '}');
	}
	sk_buf_str(b, "]}");
}

static void
put_all(struct sk_buf *b, const struct sk_compilation *c, struct sk_slice only)
{
	const struct sk_ruleset *rs = c->rs;

	sk_buf_char(b, '{');
	if (!only.n) {
		put_member(b, "required_engine_version", rs->engine_need);
		open_array(b, "required_plugin_versions");
		for (size_t i = 0; i < rs->plugin_needs.n; i++)
			put_plugin(b, rs->plugin_needs.v[i]);
		sk_buf_char(b, ']');
	}
	open_array(b, "rules");
	for (size_t i = 0; i < rs->rules.n; i++)
		if (!rs->rules.v[i]->skipped && (!only.n || sk_slice_eq(rs->rules.v[i]->name, only)))
			put_rule(b, c, rs->rules.v[i]);
	sk_buf_char(b, ']');
	if (!only.n) {
		open_array(b, "macros");
		for (size_t i = 0; i < rs->macros.n; i++)
			put_macro(b, c, rs->macros.v[i]);
		sk_buf_char(b, ']');
		open_array(b, "lists");
		for (size_t i = 0; i < rs->lists.n; i++)
			put_list(b, c, rs->lists.v[i]);
		sk_buf_char(b, ']');
	}
	sk_buf_str(b, "}\n");
}

int
sk_cmd_describe(struct sk_cmd *c)
{
	const struct sk_slice only = c->job.only;
	struct sk_inputs in = { 0 };
	struct sk_compilation done = { 0 };
	struct sk_buf out = { 0 };
	int status;

	c->job.check_only = true;
	c->job.only = (struct sk_slice){ 0 };
	status = sk_cmd_run(c, &in, &done, NULL, stderr);
	if (status == SK_EXIT_OK && only.n && !sk_find_rule(&done.cx, done.rs, only)) {
		fprintf(stderr, "sakerc: cannot describe rule '%.*s': no such rule\n", SK_SLICE_ARG(only));
		status = SK_EXIT_FINDINGS;
	}
	if (status == SK_EXIT_OK) {
		put_all(&out, &done, only);
		status = sk_cmd_print(c, &out);
	}
	sk_compilation_free(&done);
	sk_inputs_free(&in);
	return status;
}
