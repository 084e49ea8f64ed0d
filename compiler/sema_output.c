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

	for (size_t i = 0; i < n; i++)
		if (found[i]->code != SK_D_OUTPUT_FIELD && found[i]->code != SK_D_OUTPUT_FIELD_LATER)
			return false;
	if (!n)
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

/* Fields of several values print as one text; of proc.apid and proc.aenv, the process' own value prints. */
static uint32_t
printed(struct sk_sema *s, uint32_t v)
{
	struct sk_irv val = s->g->values.v[v];

	if (val.kind == SK_IRV_FIELD && val.multi_any && (val.vkind != SK_V_STR || val.field->id == SK_F_proc_aenv)) {
		val.is_list = val.multi_any = false;
		val.arg = SK_VA_INDEX;
		return sk_ir_value(s->g, &val);
	}
	return sk_sema_as_text(s, v);
}

static bool
field_piece(struct sk_sema *s, const struct sk_opnd *field, struct sk_ir_piece *ret)
{
	uint32_t v = sk_sema_operand(s, field);

	if (v == SK_NO_VALUE)
		return false;
	const struct sk_irv *val = &s->g->values.v[v];
	ret->text = key_of(s, field);
	ret->type = val->type;
	ret->fmt = val->kind == SK_IRV_FIELD ? (enum sk_pfmt)val->field->fmt : val->vkind == SK_V_UINT ? SK_PF_DEC : SK_PF_NA;
	ret->use = field->kind == SK_OPND_XFORM ? SK_PIECE_TRANSFORMED : SK_PIECE_SHOWN;
	ret->value = printed(s, v);
	return true;
}

/* The fields inside of a transformer, at any depth. */
static uint32_t
inner_fields(const struct sk_opnd *o)
{
	uint32_t n = 0;

	for (uint32_t i = 0; o->kind == SK_OPND_XFORM && i < o->nargs; i++)
		n += o->args[i]->kind == SK_OPND_FIELD ? 1 : inner_fields(o->args[i]);
	return n;
}

/* They are members of output_fields by themselves. What is wrong with one was reported for the piece that it is part of. */
static bool
hidden_pieces(struct sk_sema *s, const struct sk_opnd *o, struct sk_ir_output *ret)
{
	bool ok = true;

	for (uint32_t i = 0; o->kind == SK_OPND_XFORM && i < o->nargs; i++)
		if (o->args[i]->kind == SK_OPND_FIELD) {
			struct sk_ir_piece *p = &ret->pieces[ret->npieces++];

			*p = (struct sk_ir_piece){ .type = SK_PT_CHARBUF };
			ok = field_piece(s, o->args[i], p) && ok;
			p->use = SK_PIECE_HIDDEN;
		} else {
			ok = hidden_pieces(s, o->args[i], ret) && ok;
		}
	return ok;
}

static bool
put_piece(struct sk_sema *s, const struct sk_out_piece *p, struct sk_ir_output *ret)
{
	struct sk_ir_piece *to = &ret->pieces[ret->npieces++];

	*to = (struct sk_ir_piece){ .text = p->literal, .value = SK_IR_LITERAL, .width = p->width, .type = SK_PT_CHARBUF };
	return !p->is_field || (field_piece(s, p->field, to) && hidden_pieces(s, p->field, ret));
}

/* "%container.info" was replaced by what the command line asked for; today it stands for nothing, and says so. */
static void
warn_of_container_info(struct sk_sema *s)
{
	static const struct sk_slice token = { SK_CONTAINER_INFO, sizeof(SK_CONTAINER_INFO) - 1 };
	struct sk_slice t = s->text->s;
	const char *hit = t.n ? memmem(t.p, t.n, token.p, token.n) : NULL;
	struct sk_span span = { hit ? (uint32_t)(hit - t.p) : 0, hit ? (uint32_t)((size_t)(hit - t.p) + token.n) : 0 };

	if (!hit)
		return;
	sk_diags_context(s->cx->diags, s->rule->name.n ? &s->rule->item : NULL);
	(void)sk_diag_add(s->cx->diags, SK_D_DEPRECATED_FIELD, sk_text_loc(s->text, span), "%%container.info is deprecated and prints nothing");
	sk_diags_context(s->cx->diags, NULL);
}

bool
sk_sema_output(struct sk_sema *s, struct sk_ir_output *ret)
{
	struct sk_out_template *t;
	uint32_t n = 1;
	bool ok = true;

	warn_of_container_info(s);
	if (s->rule->skip_if_unknown && only_unknown(s))
		return false;
	t = parse(s, s->cx->diags);
	if (!t) {
		s->rule->bad = true;
		return false;
	}
	ret->text = s->text->s;
	for (uint32_t i = 0; i < t->npieces; i++)
		n += 1 + (t->pieces[i].is_field ? inner_fields(t->pieces[i].field) : 0);
	ret->npieces = 0;
	ret->pieces = SK_NEW_ARRAY(s->cx->arena, n, struct sk_ir_piece);
	for (uint32_t i = 0; ret->pieces && i < t->npieces; i++)
		ok = put_piece(s, &t->pieces[i], ret) && ok;
	return ok && ret->pieces;
}
