/* Where the checks of conditions come from, for tools that explain a rule: one JSON object a line and check. */
#include "compiler/cmd/cmd.h"

#include "compiler/collect.h"

struct origins {
	const struct sk_rule_ast *rule;
	struct sk_buf *out;
};

static bool
inside(struct sk_loc place, struct sk_loc whole)
{
	return place.file == whole.file && place.span.beg >= whole.span.beg && place.span.beg < whole.span.end;
}

/* The exception whose fields are written at PLACE: a check of an exception stands where its field does. */
static struct sk_slice
exception_at(const struct sk_rule_ast *rule, struct sk_loc place)
{
	for (size_t i = 0; i < rule->src->exceptions.n; i++) {
		const struct sk_exception *e = rule->src->exceptions.v[i];

		if (!e->fields || e->bad)
			continue;
		if (e->fields->kind == SK_YAML_SCALAR && inside(place, e->fields->loc))
			return e->name;
		for (size_t k = 0; e->fields->kind == SK_YAML_SEQ && k < e->fields->items.n; k++)
			if (inside(place, e->fields->items.v[k]->loc))
				return e->name;
	}
	return (struct sk_slice){0};
}

static void
put_member(struct sk_buf *out, const char *key, struct sk_slice text)
{
	sk_buf_printf(out, "\"%s\":\"", key);
	sk_buf_json(out, text);
	sk_buf_char(out, '"');
}

/* From the rule's own condition inwards. */
static void
put_macros(struct sk_buf *out, const struct sk_cond *use)
{
	if (use->via) {
		put_macros(out, use->via);
		sk_buf_char(out, ',');
	}
	sk_buf_char(out, '"');
	sk_buf_json(out, use->name);
	sk_buf_char(out, '"');
}

static void
put_check(const struct origins *o, const struct sk_cond *c)
{
	struct sk_loc place = sk_text_loc(c->text, c->span);
	struct sk_slice exception = place.file ? exception_at(o->rule, place) : (struct sk_slice){0};
	uint32_t line = 0, column = 0;

	if (place.file)
		sk_file_position(place.file, place.span.beg, &line, &column);
	sk_buf_char(o->out, '{');
	put_member(o->out, "rule", o->rule->name);
	sk_buf_char(o->out, ',');
	put_member(o->out, "file", place.file ? place.file->name : SK_SLICE(""));
	sk_buf_printf(o->out, ",\"line\":%u,\"column\":%u,", line, column);
	put_member(o->out, "text", sk_slice(c->text->s.p + c->span.beg, c->span.end - c->span.beg));
	if (exception.n) {
		sk_buf_char(o->out, ',');
		put_member(o->out, "exception", exception);
	}
	if (c->via) {
		sk_buf_str(o->out, ",\"macros\":[");
		put_macros(o->out, c->via);
		sk_buf_char(o->out, ']');
	}
	sk_buf_str(o->out, "}\n");
}

static void
walk(const struct origins *o, const struct sk_cond *c)
{
	if (c->kind == SK_COND_CHECK)
		put_check(o, c);
	for (uint32_t i = 0; i < c->nkids; i++)
		walk(o, c->kids[i]);
}

void
sk_cmd_origins(const struct sk_compilation *c, struct sk_buf *out)
{
	for (size_t i = 0; i < c->rs->rules.n; i++) {
		struct origins o = {c->rs->rules.v[i], out};

		if (o.rule->cond && !o.rule->skipped)
			walk(&o, o.rule->cond);
	}
}
