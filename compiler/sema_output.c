/* Output templates: their fields become values of the same graph as those of conditions. */
#include "compiler/sema.h"

#include "base/schema.h"

/* The template as a tree; NULL after an error. With skip-if-unknown-filter a field that nobody knows is no error. */
static struct sk_out_template *
parse(struct sk_sema *s, struct sk_diags *diags)
{
	struct sk_out_template *t;

	sk_diags_context(diags, s->rule->name.n ? &s->rule->output_item : NULL);
	t = sk_output_parse(&(struct sk_parse){ .arena = s->cx->arena, .diags = diags, .text = s->text });
	sk_diags_context(diags, NULL);
	return t;
}

static bool
only_unknown(struct sk_sema *s)
{
	struct sk_diags *aside = sk_diags_new(s->cx->arena);
	struct sk_out_template *t = aside ? parse(s, aside) : NULL;
	size_t n = 0;
	const struct sk_diag *const *found = aside && !t ? sk_diags_sorted(aside, &n) : NULL;

	if (!n || (found[0]->code != SK_D_OUTPUT_FIELD && found[0]->code != SK_D_OUTPUT_FIELD_LATER))
		return false;
	sk_sema_report(s, found[0]->code, found[0]->alt_span, "%.*s", SK_SLICE_ARG(found[0]->text));
	return true;
}

static struct sk_slice
key_of(struct sk_sema *s, const struct sk_opnd *o)
{
	if (o->kind == SK_OPND_XFORM)
		return sk_slice(s->text->s.p + o->span.beg, o->span.end - o->span.beg);
	return o->has_arg ? sk_arena_printf(s->cx->arena, "%.*s[%.*s]", SK_SLICE_ARG(o->text), SK_SLICE_ARG(o->arg)) : o->text;
}

/* Fields of several values print as one text; proc.apid as the process' own id. */
static uint32_t
printed(struct sk_sema *s, uint32_t v)
{
	struct sk_irv val = s->g->values.v[v];

	if (val.kind == SK_IRV_FIELD && val.multi_any && val.vkind != SK_V_STR) {
		val.is_list = val.multi_any = false;
		val.arg = SK_VA_INDEX;
		return sk_ir_value(s->g, &val);
	}
	return sk_sema_as_text(s, v);
}

static bool
field_piece(struct sk_sema *s, const struct sk_out_piece *p, struct sk_ir_piece *ret)
{
	uint32_t v = sk_sema_operand(s, p->field);

	if (v == SK_NO_VALUE)
		return false;
	const struct sk_irv *val = &s->g->values.v[v];
	ret->text = key_of(s, p->field);
	ret->type = val->type;
	ret->fmt = val->kind == SK_IRV_FIELD ? (enum sk_pfmt)val->field->fmt : val->vkind == SK_V_UINT ? SK_PF_DEC : SK_PF_NA;
	ret->is_transformed = p->field->kind == SK_OPND_XFORM;
	ret->value = printed(s, v);
	return true;
}

/* "%container.info" was replaced by what the command line asked for; today it stands for nothing, and says so. */
static const struct sk_text *
without_container_info(struct sk_sema *s, const struct sk_text *t)
{
	static const struct sk_slice token = { "%container.info", sizeof("%container.info") - 1 };
	const char *hit = t->s.n ? memmem(t->s.p, t->s.n, token.p, token.n) : NULL;
	struct sk_text *copy;
	char *text;
	size_t n = 0;

	if (!hit)
		return t;
	copy = SK_NEW(s->cx->arena, struct sk_text);
	text = sk_arena_alloc(s->cx->arena, t->s.n + 1);
	if (!copy || !text)
		return t;
	sk_diags_context(s->cx->diags, s->rule->name.n ? &s->rule->item : NULL);
	(void)sk_diag_add(s->cx->diags, SK_D_DEPRECATED_FIELD, sk_text_loc(t, (struct sk_span){ (uint32_t)(hit - t->s.p), (uint32_t)((size_t)(hit - t->s.p) + token.n) }),
			  "%%container.info is deprecated and prints nothing");
	sk_diags_context(s->cx->diags, NULL);
	for (size_t i = 0; i < t->s.n;) {
		if (sk_slice_starts(sk_slice(t->s.p + i, t->s.n - i), token))
			i += token.n;
		else
			text[n++] = t->s.p[i++];
	}
	*copy = (struct sk_text){ .s = sk_slice(text, n), .file = t->file, .whole = t->whole };
	return copy;
}

bool
sk_sema_output(struct sk_sema *s, struct sk_ir_output *ret)
{
	struct sk_slice written = s->text->s;
	struct sk_out_template *t;
	bool ok = true;

	s->text = without_container_info(s, s->text);
	if (s->rule->skip_if_unknown && only_unknown(s))
		return false;
	t = parse(s, s->cx->diags);
	if (!t) {
		s->rule->bad = true;
		return false;
	}
	ret->text = written;
	ret->npieces = t->npieces;
	ret->pieces = SK_NEW_ARRAY(s->cx->arena, t->npieces + 1, struct sk_ir_piece);
	for (uint32_t i = 0; ret->pieces && i < t->npieces; i++) {
		ret->pieces[i] = (struct sk_ir_piece){ .text = t->pieces[i].literal, .value = SK_IR_LITERAL, .width = t->pieces[i].width, .type = SK_PT_CHARBUF };
		ok = (!t->pieces[i].is_field || field_piece(s, &t->pieces[i], &ret->pieces[i])) && ok;
	}
	return ok && ret->pieces;
}
