/* Operands: fields, transformer calls and literals as values. */
#include "compiler/sema.h"

#include "base/schema.h"

#include <saker/limits.h>

static const struct xform_row {
	const char *name;
	uint8_t min, max, takes_arg;
} xforms[SK_XF_LIMIT] = {
#define SK_XFORM(num, sym, xname, xmin, xmax, arg) [num] = { xname, (xmin), (xmax), (arg) },
#include <saker/xforms.def>
#undef SK_XFORM
};

enum sk_xform
sk_xform_find(struct sk_slice name)
{
	for (uint32_t i = 1; i < SK_XF_LIMIT; i++)
		if (xforms[i].name && sk_slice_is(name, xforms[i].name))
			return (enum sk_xform)i;
	return SK_XF_NONE;
}

bool
sk_value_involves(const struct sk_ir_graph *g, uint32_t v, enum sk_field_id field)
{
	const struct sk_irv *val = &g->values.v[v];

	if (val->kind == SK_IRV_FIELD)
		return val->field->id == field;
	for (uint32_t i = 0; val->kind == SK_IRV_XFORM && i < val->nargs; i++)
		if (sk_value_involves(g, val->args[i], field))
			return true;
	return false;
}

static uint32_t
text_const(struct sk_sema *s, struct sk_slice text)
{
	return sk_ir_value(s->g, &(struct sk_irv){ .kind = SK_IRV_CONST, .vkind = SK_V_STR, .type = SK_PT_CHARBUF, .text = text });
}

static uint32_t
literal(struct sk_sema *s, const struct sk_opnd *o)
{
	if (o->text.n && memchr(o->text.p, '\0', o->text.n)) {
		sk_sema_report(s, SK_D_BAD_VALUE, o->span, "the text contains a NUL byte, which no text of an event can");
		return SK_NO_VALUE;
	}
	return text_const(s, o->text.p ? o->text : SK_SLICE(""));
}

/* --- what a transformer takes ---------------------------------------------------------------------------------------------- */
static bool
takes(enum sk_xform x, const struct sk_irv *v)
{
	bool text = v->type == SK_PT_CHARBUF || v->type == SK_PT_FSPATH || v->type == SK_PT_FSRELPATH;

	switch (x) {
	case SK_XF_TOLOWER:
	case SK_XF_TOUPPER:
	case SK_XF_BASENAME: return text;
	case SK_XF_B64: return v->type == SK_PT_CHARBUF || v->type == SK_PT_BYTEBUF;
	case SK_XF_LEN: return v->is_list || text || v->type == SK_PT_BYTEBUF;
	case SK_XF_CONCAT: return text && !v->is_list;
	case SK_XF_JOIN:
	case SK_XF_GETOPT: return text;
	case SK_XF_NONE:
	case SK_XF_VAL:
	case SK_XF_LIMIT: break;
	}
	return false;
}

static bool
is_unary(enum sk_xform x)
{
	return xforms[x].max == 1;
}

static uint32_t
refuse(struct sk_sema *s, const struct sk_opnd *o, const char *why)
{
	sk_sema_report(s, SK_D_BAD_TRANSFORMER, o->span, "transformer '%.*s' %s", SK_SLICE_ARG(o->text), why);
	return SK_NO_VALUE;
}

/* Fields of several values are one text where text is put together: their values with blanks between. */
uint32_t
sk_sema_as_text(struct sk_sema *s, uint32_t v)
{
	const struct sk_irv *val = &s->g->values.v[v];
	uint32_t args[2];

	if (val->kind != SK_IRV_FIELD || !val->multi_any || val->vkind != SK_V_STR)
		return v;
	args[0] = text_const(s, SK_SLICE(" "));
	args[1] = v;
	return sk_ir_value(s->g, &(struct sk_irv){ .kind = SK_IRV_XFORM, .vkind = SK_V_STR, .type = SK_PT_CHARBUF, .xform = SK_XF_JOIN, .args = args, .nargs = 2 });
}

static uint32_t operand_at(struct sk_sema *s, const struct sk_opnd *o, uint32_t depth);

static uint32_t
argument(struct sk_sema *s, const struct sk_opnd *call, enum sk_xform x, const struct sk_opnd *o, uint32_t depth)
{
	uint32_t v = operand_at(s, o, depth + 1);

	if (v == SK_NO_VALUE)
		return v;
	const struct sk_irv *val = &s->g->values.v[v];
	if (is_unary(x) && val->kind == SK_IRV_FIELD && (val->field->flags & SK_FF_NO_TRANSFORMER)) {
		sk_sema_report(s, SK_D_BAD_TRANSFORMER, o->span, "field '%s' does not support transformers", val->field->name);
		return SK_NO_VALUE;
	}
	if (!is_unary(x)) {
		v = sk_sema_as_text(s, v);
		val = &s->g->values.v[v];
	}
	if (!takes(x, val)) {
		sk_sema_report(s, SK_D_BAD_TRANSFORMER, o->span, "transformer '%.*s' does not take a %s of type %s", SK_SLICE_ARG(call->text),
			       val->is_list ? "list" : "value", sk_type_name(val->type));
		return SK_NO_VALUE;
	}
	return v;
}

/* --- calls ----------------------------------------------------------------------------------------------------------------- */
static uint32_t
unary(struct sk_sema *s, const struct sk_opnd *o, enum sk_xform x, uint32_t depth)
{
	uint32_t arg = argument(s, o, x, o->args[0], depth);

	if (arg == SK_NO_VALUE)
		return arg;
	const struct sk_irv *in = &s->g->values.v[arg];
	struct sk_irv v = { .kind = SK_IRV_XFORM, .vkind = in->vkind, .type = in->type, .is_list = in->is_list, .xform = x, .args = &arg, .nargs = 1 };
	if (x == SK_XF_LEN) {
		v.vkind = SK_V_UINT;
		v.type = SK_PT_UINT64;
		v.is_list = false;
	}
	return sk_ir_value(s->g, &v);
}

/* Arguments from operand FIRST on, a literal list spread, after the KEPT ones already in ARGS. */
static bool
gather(struct sk_sema *s, const struct sk_opnd *o, enum sk_xform x, struct sk_opnd *const *from, uint32_t n, uint32_t depth, uint32_t *args)
{
	for (uint32_t i = 0; i < n; i++)
		if ((args[i] = argument(s, o, x, from[i], depth)) == SK_NO_VALUE)
			return false;
	return true;
}

static uint32_t
many(struct sk_sema *s, enum sk_xform x, uint32_t *args, uint32_t n)
{
	return sk_ir_value(s->g, &(struct sk_irv){ .kind = SK_IRV_XFORM, .vkind = SK_V_STR, .type = SK_PT_CHARBUF, .xform = x, .args = args, .nargs = n });
}

static uint32_t
concat(struct sk_sema *s, const struct sk_opnd *o, uint32_t depth)
{
	uint32_t args[SK_MAX_XFORM_ARGS];

	return gather(s, o, SK_XF_CONCAT, o->args, o->nargs, depth, args) ? many(s, SK_XF_CONCAT, args, o->nargs) : SK_NO_VALUE;
}

static uint32_t
join(struct sk_sema *s, const struct sk_opnd *o, uint32_t depth)
{
	const struct sk_opnd *list = o->args[1];
	uint32_t args[SK_MAX_XFORM_ARGS + 1], n = list->kind == SK_OPND_LIST ? list->nargs : 1;

	if (n >= SK_MAX_XFORM_ARGS)
		return refuse(s, o, "has too many arguments");
	args[0] = argument(s, o, SK_XF_JOIN, o->args[0], depth);
	if (args[0] == SK_NO_VALUE)
		return SK_NO_VALUE;
	if (s->g->values.v[args[0]].is_list || (o->args[0]->kind == SK_OPND_LITERAL && o->args[0]->number))
		return refuse(s, o, "takes a text as its first argument");
	if (!gather(s, o, SK_XF_JOIN, list->kind == SK_OPND_LIST ? list->args : &o->args[1], n, depth, args + 1))
		return SK_NO_VALUE;
	if (list->kind != SK_OPND_LIST && !s->g->values.v[args[1]].is_list)
		return refuse(s, o, "takes a list as its second argument");
	for (uint32_t i = 0; list->kind == SK_OPND_LIST && i < n; i++)
		if (s->g->values.v[args[i + 1]].is_list)
			return refuse(s, o, "takes a list of texts, not of lists");
	if (n == 0) {
		args[1] = sk_ir_value(s->g, &(struct sk_irv){ .kind = SK_IRV_CONST, .vkind = SK_V_STR, .type = SK_PT_CHARBUF, .is_list = true });
		n = 1;
	}
	return many(s, SK_XF_JOIN, args, n + 1);
}

/* A list of literals as one constant. */
static uint32_t
const_list(struct sk_sema *s, const struct sk_opnd *o, const struct sk_opnd *list)
{
	uint32_t items[SK_MAX_XFORM_ARGS];

	if (list->nargs >= SK_MAX_XFORM_ARGS)
		return refuse(s, o, "has too many arguments");
	for (uint32_t i = 0; i < list->nargs; i++) {
		if (list->args[i]->kind != SK_OPND_LITERAL)
			return refuse(s, o, "takes a list field or a list of texts");
		if ((items[i] = literal(s, list->args[i])) == SK_NO_VALUE)
			return SK_NO_VALUE;
	}
	return sk_ir_value(s->g, &(struct sk_irv){
					.kind = SK_IRV_CONST, .vkind = SK_V_STR, .type = SK_PT_CHARBUF, .is_list = true, .args = items, .nargs = list->nargs });
}

static uint32_t
getopt_call(struct sk_sema *s, const struct sk_opnd *o, uint32_t depth)
{
	const struct sk_opnd *list = o->args[0];
	uint32_t args[2];

	args[0] = list->kind == SK_OPND_LIST ? const_list(s, o, list) : argument(s, o, SK_XF_GETOPT, list, depth);
	args[1] = args[0] == SK_NO_VALUE ? SK_NO_VALUE : argument(s, o, SK_XF_GETOPT, o->args[1], depth);
	if (args[1] == SK_NO_VALUE)
		return SK_NO_VALUE;
	if (!s->g->values.v[args[0]].is_list || s->g->values.v[args[1]].is_list)
		return refuse(s, o, "takes a list of texts and a text of option letters");
	if (o->has_arg && o->arg.n != 1)
		return refuse(s, o, "takes one option letter in brackets");
	return sk_ir_value(s->g, &(struct sk_irv){ .kind = SK_IRV_XFORM,
						    .vkind = SK_V_STR,
						    .type = SK_PT_CHARBUF,
						    .is_list = !o->has_arg,
						    .xform = SK_XF_GETOPT,
						    .args = args,
						    .nargs = 2,
						    .xarg = o->has_arg ? o->arg : (struct sk_slice){ 0 } });
}

static uint32_t
call(struct sk_sema *s, const struct sk_opnd *o, uint32_t depth)
{
	enum sk_xform x = sk_xform_find(o->text);
	const struct xform_row *row = &xforms[x];

	if (x == SK_XF_NONE)
		return refuse(s, o, "is not known");
	if (depth >= SK_MAX_XFORM_DEPTH)
		return refuse(s, o, "nests too deep");
	if (o->nargs < row->min || (row->max ? o->nargs > row->max : o->nargs > SK_MAX_XFORM_ARGS))
		return refuse(s, o, "has the wrong number of arguments");
	if (o->has_arg && !row->takes_arg)
		return refuse(s, o, "takes no argument in brackets");
	switch (x) {
	case SK_XF_TOLOWER:
	case SK_XF_TOUPPER:
	case SK_XF_B64:
	case SK_XF_BASENAME:
	case SK_XF_LEN: return unary(s, o, x, depth);
	case SK_XF_CONCAT: return concat(s, o, depth);
	case SK_XF_JOIN: return join(s, o, depth);
	case SK_XF_GETOPT: return getopt_call(s, o, depth);
	case SK_XF_VAL: return refuse(s, o, "stands alone on the right of an operator");
	case SK_XF_NONE:
	case SK_XF_LIMIT: break;
	}
	return SK_NO_VALUE;
}

static uint32_t
operand_at(struct sk_sema *s, const struct sk_opnd *o, uint32_t depth)
{
	switch (o->kind) {
	case SK_OPND_FIELD: return sk_sema_field(s, o);
	case SK_OPND_XFORM: return call(s, o, depth);
	case SK_OPND_LITERAL: return literal(s, o);
	case SK_OPND_LIST: break;
	}
	sk_sema_report(s, SK_D_LIST_AS_VALUE, o->span, "a list cannot stand here");
	return SK_NO_VALUE;
}

uint32_t
sk_sema_operand(struct sk_sema *s, const struct sk_opnd *o)
{
	return operand_at(s, o, 0);
}
