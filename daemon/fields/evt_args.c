/* Parameters of the event: evt.arg, evt.rawarg, evt.args, evt.buffer. */
#include "base/schema.h"
#include "daemon/fields/arg_names.h"
#include "daemon/fields/loader.h"
#include "daemon/fields/param_text.h"
#include "daemon/fields/paths.h"

#include <saker/bundle.h>

/* The parameter that a bound argument means; SK_NO_PARAM if this event lacks it. */
static uint32_t
param_of(const struct sk_fields *f, const struct sk_field_arg_value *arg)
{
	const struct sk_event *ev = f->ec.ev;
	const struct sk_arg_name *name;
	uint64_t i = arg->index;

	if (arg->kind == SK_VA_KEY) {
		name = sk_arg_names_get(f->names, arg->aux);
		i = name ? name->at[ev->type] : SK_NO_PARAM;
	}
	return i < ev->nparams && i < ev->desc->nparams ? (uint32_t)i : SK_NO_PARAM;
}

SK_LOADER(evt_arg)
{
	struct sk_fields *f = ctx;
	uint32_t i = param_of(f, arg);
	struct sk_out o;

	if (i == SK_NO_PARAM)
		return false;
	sk_out_begin(&o, f);
	sk_param_resolved(&o, i);
	if (!o.n)
		sk_param_plain(&o, i);
	return sk_out_ret(&o, ret);
}

/* "(resolved)", unless there is none or it says nothing new. */
static void
put_resolved(struct sk_out *o, uint32_t i, size_t plain_at)
{
	size_t at = o->n, plain_n = at - plain_at;

	sk_out_char(o, '(');
	sk_param_resolved(o, i);
	size_t n = o->n - at - 1;

	if (n == 0 || (n == plain_n && memcmp(o->p + plain_at, o->p + at + 1, n) == 0))
		o->n = at;
	else
		sk_out_char(o, ')');
}

static void
put_arg(struct sk_out *o, uint32_t i)
{
	sk_out_str(o, o->f->ec.ev->desc->params[i].name);
	sk_out_char(o, '=');
	size_t plain_at = o->n;
	sk_param_plain(o, i);
	put_resolved(o, i, plain_at);
}

SK_LOADER(evt_args)
{
	struct sk_fields *f = ctx;
	const struct sk_event *ev = f->ec.ev;
	struct sk_out o;

	(void)arg;
	sk_out_begin(&o, f);
	/* The parameters of generic events only say which system call it is. */
	if (ev->type != SK_E_GENERIC_E && ev->type != SK_E_GENERIC_X)
		for (uint32_t i = 0; i < ev->nparams && i < ev->desc->nparams; i++) {
			if (i)
				sk_out_char(&o, ' ');
			put_arg(&o, i);
		}
	return sk_out_ret(&o, ret);
}

SK_LOADER(evt_info)
{
	return sk_x_evt_args(ctx, arg, ret);
}

/* Kind: that of the name's type in the table, which the compiler checked the comparison by; the data may be narrower. */
static bool
ret_raw(const struct sk_param *p, enum sk_vkind kind, struct sk_value *ret)
{
	if (kind == SK_V_STR)
		return sk_ret_view(ret, sk_slice((const char *)p->p, strnlen((const char *)p->p, p->n)));
	if (kind == SK_V_INT)
		return sk_ret_int(ret, sk_type_signed(p->type) ? sk_param_int(p) : (int64_t)sk_param_uint(p));
	if (kind == SK_V_UINT)
		return sk_ret_uint(ret, sk_param_uint(p));
	if (kind == SK_V_BOOL)
		return sk_ret_bool(ret, sk_param_uint(p) != 0);
	*ret = (struct sk_value){ .kind = SK_V_BYTES, .n = p->n, .s = (const char *)p->p };
	return true;
}

SK_LOADER(evt_rawarg)
{
	struct sk_fields *f = ctx;
	const struct sk_arg_name *name = sk_arg_names_get(f->names, arg->kind == SK_VA_KEY ? arg->aux : 0);
	uint32_t i = param_of(f, arg);

	if (i == SK_NO_PARAM)
		return false;
	struct sk_param p = sk_param(f->ec.ev, i);
	enum sk_vkind kind = sk_type_kind(name ? (enum sk_ptype)name->type : p.type);

	if (kind == SK_V_STR)
		(void)sk_ret_view(ret, sk_event_text(f->ec.ev, i));
	else if (!p.n || !ret_raw(&p, kind, ret))
		return false;
	sk_value_set_dyn(ret, p.type, p.fmt);
	return true;
}

SK_LOADER(evt_buffer)
{
	const struct sk_fields *f = ctx;
	const struct sk_event *ev = f->ec.ev;
	uint32_t i = f->data_name->at[ev->type];

	(void)arg;
	if (i >= ev->nparams || (ev->desc->params[i].type != SK_PT_BYTEBUF && ev->desc->params[i].type != SK_PT_DYN))
		return false; /* data that were not recorded are an empty buffer */
	*ret = (struct sk_value){ .kind = SK_V_BYTES, .n = sk_ev_len(ev, i), .s = (const char *)sk_ev_ptr(ev, i) };
	return true;
}
