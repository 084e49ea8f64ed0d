#include "daemon/describe.h"

#include "base/schema.h"
#include "vm/bundle/bundle.h"

#include <string.h>

/* Of the text form: names to the left, descriptions wrapped. */
#define COLUMN 50
#define WIDTH 110

/* --- text ------------------------------------------------------------------------------------------------------------------ */
static void
put_wrapped(struct sk_buf *out, struct sk_slice name, struct sk_slice text)
{
	size_t column = name.n;

	sk_buf_slice(out, name);
	for (size_t i = 0; i < text.n;) {
		size_t n = 0;

		while (i + n < text.n && text.p[i + n] != ' ' && text.p[i + n] != '\n')
			n++;
		if (n && column > COLUMN && column + 1 + n > WIDTH) {
			sk_buf_char(out, '\n');
			column = 0;
		}
		if (n) {
			size_t blanks = column < COLUMN ? COLUMN + 1 - column : 1;

			sk_buf_printf(out, "%*s%.*s", (int)blanks, "", (int)n, text.p + i);
			column += blanks + n;
		}
		i += n + 1;
	}
	sk_buf_char(out, '\n');
}

static void
put_text(struct sk_buf *out, const struct sk_bundle_view *v, const struct sk_rule_def *r)
{
	put_wrapped(out, sk_bundle_str(v, r->name), sk_bundle_str(v, r->desc));
	sk_buf_char(out, '\n');
}

/* --- JSON ------------------------------------------------------------------------------------------------------------------ */
static void
put_string(struct sk_buf *out, struct sk_slice s)
{
	sk_buf_char(out, '"');
	sk_buf_json(out, s);
	sk_buf_char(out, '"');
}

static void
put_member(struct sk_buf *out, const char *key, struct sk_slice s)
{
	sk_buf_printf(out, "\"%s\":", key);
	put_string(out, s);
	sk_buf_char(out, ',');
}

static void
put_tags(struct sk_buf *out, const struct sk_bundle_view *v, const struct sk_rule_def *r)
{
	const struct sk_list_def *l = &v->lists[r->tags];
	const uint32_t *refs = v->indexes + l->first;

	sk_buf_str(out, "\"tags\":[");
	for (uint32_t i = 0; i + 1 < l->n; i += 2) {
		if (i)
			sk_buf_char(out, ',');
		put_string(out, sk_bundle_str(v, (struct sk_str_ref){ refs[i], refs[i + 1] }));
	}
	sk_buf_char(out, ']');
}

static bool
is_field(const struct sk_piece_def *p)
{
	return p->value && p->is_transformed != SK_PIECE_TRANSFORMED;
}

static bool
is_repeated(const struct sk_bundle_view *v, const struct sk_output_def *o, uint32_t i)
{
	const struct sk_piece_def *p = &v->pieces[o->first_piece];

	for (uint32_t k = 0; k < i; k++)
		if (is_field(&p[k]) && sk_slice_eq(sk_bundle_str(v, p[k].text), sk_bundle_str(v, p[i].text)))
			return true;
	return false;
}

static void
put_output_fields(struct sk_buf *out, const struct sk_bundle_view *v, const struct sk_output_def *o)
{
	bool first = true;

	sk_buf_str(out, "\"output_fields\":[");
	for (uint32_t i = 0; i < o->npieces; i++) {
		if (!is_field(&v->pieces[o->first_piece + i]) || is_repeated(v, o, i))
			continue;
		if (!first)
			sk_buf_char(out, ',');
		first = false;
		put_string(out, sk_bundle_str(v, v->pieces[o->first_piece + i].text));
	}
	sk_buf_char(out, ']');
}

static void
put_json(struct sk_buf *out, const struct sk_bundle_view *v, const struct sk_rule_def *r)
{
	const struct sk_output_def *o = &v->outputs[r->output];

	sk_buf_str(out, "{\"info\":{");
	put_member(out, "name", sk_bundle_str(v, r->name));
	put_member(out, "condition", sk_bundle_str(v, r->condition));
	put_member(out, "priority", sk_slice_cstr(sk_priority_name((enum sk_priority)r->priority)));
	put_member(out, "output", sk_bundle_str(v, o->text));
	put_member(out, "description", sk_bundle_str(v, r->desc));
	put_member(out, "source", sk_slice_cstr(sk_source_name((enum sk_source)r->source)));
	sk_buf_printf(out, "\"enabled\":%s,\"capture\":%s,\"capture_duration\":%u,", r->enabled ? "true" : "false", r->capture ? "true" : "false",
		      r->capture_duration_ms);
	put_tags(out, v, r);
	sk_buf_str(out, "},\"details\":{");
	put_output_fields(out, v, o);
	sk_buf_str(out, "}}");
}

bool
sk_describe_rules(const struct sk_bundle_view *v, const char *name, bool json, struct sk_buf *out)
{
	size_t start = out->n;
	uint32_t found = 0;

	if (json)
		sk_buf_str(out, "{\"rules\":[");
	else
		sk_buf_printf(out, "%-*s %s\n%-*s %s\n", COLUMN, "Rule", "Description", COLUMN, "----", "-----------");
	for (uint32_t i = 0; i < v->nrules; i++) {
		const struct sk_rule_def *r = &v->rules[i];

		if (name && !sk_slice_is(sk_bundle_str(v, r->name), name))
			continue;
		if (json && found)
			sk_buf_char(out, ',');
		(json ? put_json : put_text)(out, v, r);
		found++;
	}
	if (json)
		sk_buf_str(out, "]}\n");
	if (name && !found)
		out->n = start;
	return !name || found;
}
