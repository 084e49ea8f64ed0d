/* Value registers: fields exist and take their arguments, transformers get what they can work on, constants are well-formed. */
#include "base/schema.h"
#include "vm/bundle/verify.h"

struct values {
	struct sk_verify *vf;
	const struct sk_bundle_view *v;
	uint8_t *depth; /* [nvalues] of transformers; constants and fields are 0 */
	uint64_t args;  /* arguments taken so far: each value's follow those of the one before */
};

#define REFUSE(vs, code, i, ...) refuse_value(vs, SK_REJECT_##code, i, __VA_ARGS__)

static bool SK_PRINTF(4, 5) refuse_value(struct values *vs, enum sk_reject_code code, uint32_t i, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return sk_refuse(vs->vf, code, "values %u: %s", i, text);
}

/* The type of a computed value says how it is held. */
static bool
check_type(struct values *vs, uint32_t i)
{
	const struct sk_value_def *d = &vs->v->values[i];
	enum sk_vkind kind = d->type < SK_PT_LIMIT ? sk_type_kind((enum sk_ptype)d->type) : SK_V_NONE;

	if (d->kind == SK_V_NONE || d->kind >= SK_V_LIST || d->type >= SK_PT_LIMIT || d->is_list > 1)
		return REFUSE(vs, VALUE_KIND, i, "kind %u, type %u, list %u", d->kind, d->type, d->is_list);
	/* A net field loads the address that is tested against nets, and may be declared as either. */
	if (d->def != SK_VD_CONST && kind != d->kind && !(kind == SK_V_NET && d->kind == SK_V_IP))
		return REFUSE(vs, VALUE_KIND, i, "a value of type %s is not held as %s", sk_type_name((enum sk_ptype)d->type),
			      sk_vkind_name((enum sk_vkind)d->kind));
	return true;
}

static bool
argument_allowed(enum sk_field_arg allowed, uint8_t arg)
{
	switch (allowed) {
	case SK_FA_NONE:
		return arg == SK_VA_NONE;
	case SK_FA_OPT:
		return arg <= SK_VA_KEY;
	case SK_FA_OPT_INDEX:
		return arg <= SK_VA_INDEX;
	case SK_FA_REQ:
	case SK_FA_REQ_KEY_OR_INDEX:
		return arg == SK_VA_INDEX || arg == SK_VA_KEY;
	case SK_FA_REQ_KEY:
		return arg == SK_VA_KEY;
	}
	return false;
}

static bool
check_argument(struct values *vs, uint32_t i, const struct sk_field_desc *f)
{
	const struct sk_value_def *d = &vs->v->values[i];
	bool key = d->arg == SK_VA_KEY;

	if (!argument_allowed((enum sk_field_arg)f->arg, d->arg))
		return REFUSE(vs, FIELD_ARGUMENT, i, "field \"%s\" does not take an argument of form %u", f->name, d->arg);
	if (!key && (d->text.off || d->text.len))
		return REFUSE(vs, RESERVED, i, "field without a key has one");
	if ((d->arg != SK_VA_INDEX && d->num) || d->prefix || d->nargs)
		return REFUSE(vs, RESERVED, i, "field has numbers that it does not use");
	if (!sk_check_string(vs->vf, d->text, "values", i) || !sk_spend(vs->vf, d->text.len, "values", i))
		return false;
	if (memchr(vs->v->strings + d->text.off, '\0', d->text.len))
		return REFUSE(vs, FIELD_ARGUMENT, i, "key of field \"%s\" holds a NUL", f->name);
	return true;
}

static bool
check_field(struct values *vs, uint32_t i)
{
	const struct sk_value_def *d = &vs->v->values[i];
	const struct sk_field_desc *f = sk_field_desc(d->id);

	if (!f || !f->name)
		return REFUSE(vs, FIELD_UNKNOWN, i, "needs field %u, which this engine does not know", d->id);
	if (f->state != SK_FS_READY)
		return REFUSE(vs, FIELD_NOT_READY, i, "needs field %u \"%s\", which this engine does not provide", d->id,
			      f->name);
	if (d->type != f->type && f->type != SK_PT_DYN)
		return REFUSE(vs, VALUE_KIND, i, "field \"%s\" is not of type %u", f->name, d->type);
	if (d->is_list && !(f->flags & (SK_FF_LIST | SK_FF_ANY | SK_FF_ENDS)))
		return REFUSE(vs, VALUE_KIND, i, "field \"%s\" is not a list", f->name);
	if (d->id > vs->vf->max_field)
		vs->vf->max_field = d->id;
	return check_argument(vs, i, f);
}

/* Arguments in ARGS: in range, and each value's behind those of the value before, so that none are shared. */
static bool
take_args(struct values *vs, uint32_t i)
{
	const struct sk_value_def *d = &vs->v->values[i];

	if (d->num != vs->args)
		return REFUSE(vs, ARGS, i, "arguments begin at %llu, expected %llu", (unsigned long long)d->num,
			      (unsigned long long)vs->args);
	if (d->nargs > vs->v->nargs - vs->args)
		return REFUSE(vs, ARGS, i, "%u arguments reach past the end of the section", d->nargs);
	vs->args += d->nargs;
	return true;
}

static bool
is_text(const struct sk_value_def *d)
{
	return (SK_KINDS_TEXT & SK_KIND_BIT(d->kind)) != 0;
}

static bool
is_text_scalar(const struct sk_value_def *d)
{
	return d->kind == SK_V_STR && !d->is_list;
}

/* What transformer D makes of its arguments is what D says it is. */
static bool
xform_types(const struct sk_bundle_view *v, const struct sk_value_def *d)
{
	const uint32_t *args = v->args + d->num;
	const struct sk_value_def *first = &v->values[args[0]];

	switch ((enum sk_xform)d->id) {
	case SK_XF_TOLOWER:
	case SK_XF_TOUPPER:
	case SK_XF_B64:
	case SK_XF_BASENAME:
		return is_text(first) && d->kind == first->kind && d->is_list == first->is_list;
	case SK_XF_LEN:
		return (is_text(first) || first->is_list) && d->kind == SK_V_UINT && !d->is_list;
	case SK_XF_JOIN:
	case SK_XF_CONCAT:
		for (uint32_t k = 0; k < d->nargs; k++)
			if (!is_text(&v->values[args[k]]))
				return false;
		return (d->id == SK_XF_CONCAT || is_text_scalar(first)) && is_text_scalar(d);
	case SK_XF_GETOPT:
		return is_text(first) && first->is_list && is_text_scalar(&v->values[args[1]]) && d->kind == SK_V_STR &&
		       d->is_list == (d->arg == SK_VA_NONE);
	case SK_XF_NONE:
	case SK_XF_VAL:
	case SK_XF_LIMIT:
		break;
	}
	return false;
}

struct xform_row {
	const char *name;
	uint32_t min, max;
	bool arg;
};

static const struct xform_row xforms[SK_XF_LIMIT] = {
#define SK_XFORM(num, sym, name_, min_, max_, arg_) [num] = {name_, min_, max_, arg_},
#include <saker/xforms.def>
#undef SK_XFORM
};

/* Arguments are constants or computed before the transformer; its depth is one more than theirs. */
static bool
check_xform_args(struct values *vs, uint32_t i)
{
	const struct sk_value_def *d = &vs->v->values[i];

	for (uint32_t k = 0; k < d->nargs; k++) {
		uint32_t arg = vs->v->args[d->num + k];

		if (arg >= vs->v->nvalues || (arg >= i && arg < vs->v->ncomputed))
			return REFUSE(vs, XFORM_ARGS, i, "%s: argument %u is value %u, which is not computed before it",
				      xforms[d->id].name, k, arg);
		if (vs->depth[arg] >= vs->depth[i])
			vs->depth[i] = (uint8_t)(vs->depth[arg] + 1);
	}
	if (vs->depth[i] > SK_MAX_XFORM_DEPTH)
		return REFUSE(vs, XFORM_DEPTH, i, "%s: transformers are nested deeper than %u", xforms[d->id].name,
			      SK_MAX_XFORM_DEPTH);
	return true;
}

static bool
check_xform(struct values *vs, uint32_t i)
{
	const struct sk_value_def *d = &vs->v->values[i];
	const struct xform_row *x = d->id < SK_XF_LIMIT ? &xforms[d->id] : NULL;

	/* val() is resolved by compilers. */
	if (!x || !x->name || d->id == SK_XF_VAL)
		return REFUSE(vs, XFORM_UNKNOWN, i, "needs transformer %u, which this engine does not know", d->id);
	/* join takes its list as one argument or spread out. */
	if (d->nargs < x->min || d->nargs > (x->max && d->id != SK_XF_JOIN ? x->max : SK_MAX_XFORM_ARGS))
		return REFUSE(vs, XFORM_ARGS, i, "%s takes no %u arguments", x->name, d->nargs);
	if (d->arg != SK_VA_NONE && !(d->arg == SK_VA_KEY && x->arg))
		return REFUSE(vs, XFORM_ARGS, i, "%s takes no bracketed argument of form %u", x->name, d->arg);
	if (d->prefix || (d->arg == SK_VA_NONE && (d->text.off || d->text.len)))
		return REFUSE(vs, RESERVED, i, "%s has data that it does not use", x->name);
	if (!sk_check_string(vs->vf, d->text, "values", i) || !take_args(vs, i) || !check_xform_args(vs, i))
		return false;
	if (d->arg == SK_VA_KEY && d->text.len != 1)
		return REFUSE(vs, XFORM_ARGS, i, "%s: the bracketed argument is one character", x->name);
	return true;
}

static bool
check_address(struct values *vs, uint32_t i)
{
	const struct sk_value_def *d = &vs->v->values[i];
	uint32_t bytes = d->id == 4 ? 4 : d->id == 6 ? 16 : 0;

	if (!bytes || d->text.len != bytes)
		return REFUSE(vs, CONST_TEXT, i, "address of version %u and %u bytes", d->id, d->text.len);
	if (d->kind == SK_V_NET ? d->prefix > bytes * 8 : d->prefix != 0)
		return REFUSE(vs, CONST_TEXT, i, "address has a prefix of %u bits", d->prefix);
	return true;
}

static bool
check_scalar(struct values *vs, uint32_t i)
{
	const struct sk_value_def *d = &vs->v->values[i];
	bool address = d->kind == SK_V_IP || d->kind == SK_V_NET;

	if (!sk_check_string(vs->vf, d->text, "values", i))
		return false;
	if (address ? !check_address(vs, i) : d->id || d->prefix)
		return address ? false : REFUSE(vs, RESERVED, i, "constant has address data");
	if (is_text(d) || address ? d->num != 0 : d->text.off || d->text.len)
		return REFUSE(vs, RESERVED, i, "constant has both a number and a text");
	if (d->kind == SK_V_BOOL && d->num > 1)
		return REFUSE(vs, CONST_TEXT, i, "bool is %llu", (unsigned long long)d->num);
	if (d->nargs)
		return REFUSE(vs, RESERVED, i, "scalar constant has elements");
	return true;
}

static bool
check_const_list(struct values *vs, uint32_t i)
{
	const struct sk_value_def *d = &vs->v->values[i];

	if (d->id || d->prefix || d->text.off || d->text.len)
		return REFUSE(vs, RESERVED, i, "list constant has scalar data");
	if (!take_args(vs, i))
		return false;
	for (uint32_t k = 0; k < d->nargs; k++) {
		uint32_t e = vs->v->args[d->num + k];

		if (e < vs->v->ncomputed || e >= vs->v->nvalues)
			return REFUSE(vs, CONST_LIST, i, "element %u is value %u, which is no constant", k, e);
		if (vs->v->values[e].is_list || vs->v->values[e].kind != d->kind)
			return REFUSE(vs, CONST_LIST, i, "element %u (value %u) is not a scalar %s", k, e,
				      sk_vkind_name((enum sk_vkind)d->kind));
	}
	return true;
}

static bool
check_const(struct values *vs, uint32_t i)
{
	const struct sk_value_def *d = &vs->v->values[i];

	if (d->arg)
		return REFUSE(vs, RESERVED, i, "constant has an argument");
	return d->is_list ? check_const_list(vs, i) : check_scalar(vs, i);
}

/* Computed values first; how many. */
static bool
split(struct values *vs)
{
	struct sk_bundle_view *v = vs->vf->v;

	while (v->ncomputed < v->nvalues && v->values[v->ncomputed].def != SK_VD_CONST)
		v->ncomputed++;
	for (uint32_t i = 0; i < v->nvalues; i++) {
		uint8_t def = v->values[i].def;

		if (def != SK_VD_FIELD && def != SK_VD_XFORM && def != SK_VD_CONST)
			return REFUSE(vs, VALUE_DEF, i, "definition %u", def);
		if (i > v->ncomputed && def != SK_VD_CONST)
			return REFUSE(vs, VALUE_ORDER, i, "computed value stands behind constant %u", v->ncomputed);
		if (v->values[i].zero)
			return REFUSE(vs, RESERVED, i, "reserved number is not zero");
	}
	return true;
}

static bool
check_value(struct values *vs, uint32_t i)
{
	if (!check_type(vs, i))
		return false;
	switch ((enum sk_value_def_kind)vs->v->values[i].def) {
	case SK_VD_FIELD:
		return check_field(vs, i);
	case SK_VD_XFORM:
		return check_xform(vs, i);
	case SK_VD_CONST:
		return check_const(vs, i);
	}
	return false;
}

bool
sk_verify_values(struct sk_verify *vf)
{
	struct values vs = {.vf = vf, .v = vf->v, .depth = SK_VERIFY_TABLE(vf, vf->v->nvalues, uint8_t)};

	if (!vs.depth || !split(&vs))
		return false;
	for (uint32_t i = 0; i < vf->v->nvalues; i++)
		if (!check_value(&vs, i))
			return false;
	/* Needs the kinds of all values: transformers may use constants, which have higher numbers. */
	for (uint32_t i = 0; i < vf->v->ncomputed; i++)
		if (vf->v->values[i].def == SK_VD_XFORM && !xform_types(vf->v, &vf->v->values[i]))
			return sk_refuse(vf, SK_REJECT_XFORM_ARGS, "values %u: %s does not make this of its arguments", i,
					 xforms[vf->v->values[i].id].name);
	if (vs.args != vf->v->nargs)
		return sk_refuse(vf, SK_REJECT_ARGS, "args: %llu of %u belong to values", (unsigned long long)vs.args,
				 vf->v->nargs);
	return true;
}
