/* Which field a name means, and its argument. */
#include "compiler/sema.h"

#include "base/schema.h"
#include "compiler/suggest.h"

/* How an argument may be written: x.arg, x[3], x[text], or not at all. */
#define BARE 1u
#define DOTTED 2u
#define INDEX 4u
#define KEY 8u

static unsigned
argument_forms(const struct sk_field_desc *f)
{
	switch (f->id) {
	case SK_F_evt_abspath: return BARE | DOTTED;
	case SK_F_evt_arg: return DOTTED | INDEX | KEY;
	case SK_F_evt_rawarg:
	case SK_F_thread_cgroup: return DOTTED;
	case SK_F_evt_around:
	case SK_F_evt_type_is: return INDEX;
	case SK_F_proc_env: return BARE | KEY;
	case SK_F_proc_aenv: return BARE | KEY | INDEX;
	default: break;
	}
	switch ((enum sk_field_arg)f->arg) {
	case SK_FA_NONE: return BARE;
	case SK_FA_OPT:
	case SK_FA_OPT_INDEX: return BARE | INDEX;
	case SK_FA_REQ: return DOTTED | INDEX | KEY;
	case SK_FA_REQ_KEY: return KEY;
	case SK_FA_REQ_KEY_OR_INDEX: return KEY | INDEX;
	}
	return BARE;
}

/* --- look-ups that every rule repeats -------------------------------------------------------------------------------------- */
struct sk_sema_cache {
	SK_VEC(uint32_t) fields; /* by atom of a field name without argument: value + 1 */
	SK_VEC(uint8_t) events;  /* by atom of a name: 0 not asked yet, 1 unknown, 2 known */
};

bool
sk_sema_cache_init(struct sk_sema *s)
{
	s->cache = SK_NEW(s->cx->arena, struct sk_sema_cache);
	return s->cache != NULL;
}

static uint32_t *
field_slot(struct sk_sema *s, struct sk_slice name)
{
	uint32_t atom = sk_atom(s->cx->atoms, name);

	while (s->cache->fields.n <= atom)
		if (!sk_vec_push_arena(&s->cache->fields, s->cx->arena, 0))
			return NULL;
	return &s->cache->fields.v[atom];
}

bool
sk_sema_event_known(struct sk_sema *s, struct sk_slice name)
{
	uint32_t atom = sk_atom(s->cx->atoms, name);

	while (s->cache->events.n <= atom)
		if (!sk_vec_push_arena(&s->cache->events, s->cx->arena, 0))
			return false;
	uint8_t *known = &s->cache->events.v[atom];
	if (!*known)
		*known = sk_event_name_known(name) ? 2 : 1;
	return *known == 2;
}

static uint32_t
unknown_field(struct sk_sema *s, const struct sk_opnd *o)
{
	struct sk_slice close = sk_sema_may_suggest(s) ? sk_suggest_field(o->text) : SK_SLICE("");

	sk_sema_report(s, SK_D_UNKNOWN_FIELD, o->span, "unknown field '%.*s'" SK_SUGGEST_FMT, SK_SLICE_ARG(o->text), SK_SUGGEST_ARG(close));
	return SK_NO_VALUE;
}

/* --- arguments ------------------------------------------------------------------------------------------------------------- */
/* A parameter of some event, the first in the order of the table. */
static const struct sk_param_desc *
find_param(struct sk_slice name)
{
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		const struct sk_event_desc *d = sk_event_desc(e);

		for (uint32_t i = 0; d && i < d->nparams; i++)
			if (sk_slice_is(name, d->params[i].name))
				return &d->params[i];
	}
	return NULL;
}

static bool
parse_index(struct sk_slice s, uint64_t *ret)
{
	uint64_t v = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(v, 10u, &v) || __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	*ret = v;
	return s.n > 0;
}

static bool
bad_argument(struct sk_sema *s, const struct sk_opnd *o, const struct sk_field_desc *f, const char *why)
{
	sk_sema_report(s, SK_D_FIELD_ARGUMENT, o->has_arg ? o->arg_span : o->span, "field '%s' %s", f->name, why);
	return false;
}

static bool
unknown_param(struct sk_sema *s, const struct sk_opnd *o, const struct sk_irv *v)
{
	struct sk_slice close = sk_sema_may_suggest(s) ? sk_suggest_param(v->key) : SK_SLICE("");

	sk_sema_report(s, SK_D_FIELD_ARGUMENT, o->has_arg ? o->arg_span : o->span,
		       "field '%s' names a parameter that no event has: '%.*s'" SK_SUGGEST_FMT, v->field->name, SK_SLICE_ARG(v->key),
		       SK_SUGGEST_ARG(close));
	return false;
}

/* Names are checked where the set of names is known. */
static bool
check_key(struct sk_sema *s, const struct sk_opnd *o, struct sk_irv *v)
{
	const struct sk_param_desc *param;

	if (v->field->id == SK_F_evt_abspath && !sk_slice_is(v->key, "src") && !sk_slice_is(v->key, "dst"))
		return bad_argument(s, o, v->field, "takes .src or .dst only");
	if (v->field->id != SK_F_evt_arg && v->field->id != SK_F_evt_rawarg)
		return true;
	param = find_param(v->key);
	if (!param)
		return unknown_param(s, o, v);
	if (v->field->id == SK_F_evt_rawarg) {
		v->type = (enum sk_ptype)param->type;
		v->vkind = sk_type_kind(v->type);
	}
	return true;
}

static bool
dotted_argument(struct sk_sema *s, const struct sk_opnd *o, struct sk_slice rest, unsigned forms, struct sk_irv *v)
{
	if (!(forms & DOTTED))
		return false;
	if (o->has_arg || rest.n < 2)
		return bad_argument(s, o, v->field, "has a malformed argument");
	v->arg = SK_VA_KEY;
	v->key = sk_slice(rest.p + 1, rest.n - 1);
	return check_key(s, o, v);
}

static bool
bracket_argument(struct sk_sema *s, const struct sk_opnd *o, unsigned forms, struct sk_irv *v)
{
	if (!(forms & (INDEX | KEY)))
		return bad_argument(s, o, v->field, forms & DOTTED ? "takes its argument behind a dot" : "takes no argument");
	if ((forms & INDEX) && parse_index(o->arg, &v->index)) {
		v->arg = SK_VA_INDEX;
		return true;
	}
	if (!(forms & KEY))
		return bad_argument(s, o, v->field, "takes a number as its argument");
	if (!o->arg.n || memchr(o->arg.p, '\0', o->arg.n))
		return bad_argument(s, o, v->field, "has an empty argument, or one with a NUL byte");
	v->arg = SK_VA_KEY;
	v->key = o->arg;
	return check_key(s, o, v);
}

static bool
argument(struct sk_sema *s, const struct sk_opnd *o, struct sk_slice rest, struct sk_irv *v)
{
	unsigned forms = argument_forms(v->field);

	if (rest.n)
		return dotted_argument(s, o, rest, forms, v);
	if (o->has_arg)
		return bracket_argument(s, o, forms, v);
	return forms & BARE ? true : bad_argument(s, o, v->field, forms & DOTTED ? "needs an argument, as in x.name" : "needs an argument in brackets");
}

/* --- the field ------------------------------------------------------------------------------------------------------------- */
static bool
usable(struct sk_sema *s, const struct sk_opnd *o, const struct sk_field_desc *f)
{
	if (f->state == SK_FS_LATER) {
		sk_sema_report(s, SK_D_FIELD_LATER, o->span, "field '%s' is not available in this version", f->name);
		return false;
	}
	if ((f->flags & SK_FF_PRINT_ONLY) && !s->output) {
		sk_sema_report(s, SK_D_OPERATOR_TYPE, o->span, "field '%s' is for output only", f->name);
		return false;
	}
	if ((f->flags & SK_FF_DEPRECATED) && f->provider == SK_FP_CORE)
		sk_sema_report(s, SK_D_DEPRECATED_FIELD, o->span, "field '%s' is deprecated", f->name);
	return true;
}

/* The kind a register of this field holds: nets are compared with an address. */
static enum sk_vkind
register_kind(enum sk_ptype type)
{
	enum sk_vkind kind = sk_type_kind(type);

	return kind == SK_V_NET ? SK_V_IP : kind;
}

/* Events of other sources than system calls have a number, a time and what their own fields say; no process and no descriptor. */
static bool
belongs_to_source(const struct sk_sema *s, const struct sk_field_desc *f)
{
	return s->rule->source == SK_SOURCE_SYSCALL || strcmp(f->cls, "evt") == 0 || (f->provider != SK_FP_CORE && f->provider != SK_FP_CONTAINER);
}

uint32_t
sk_sema_field(struct sk_sema *s, const struct sk_opnd *o)
{
	uint32_t *slot = o->has_arg || s->rule->source != SK_SOURCE_SYSCALL ? NULL : field_slot(s, o->text);
	const struct sk_field_desc *f;

	if (slot && *slot)
		return *slot - 1;
	f = o->text.n ? sk_field_prefix(o->text) : NULL;
	if (!f)
		return unknown_field(s, o);
	if (!belongs_to_source(s, f)) {
		sk_sema_report(s, SK_D_UNKNOWN_FIELD, o->span, "events of source %s have no field '%s'", sk_source_name(s->rule->source), f->name);
		return SK_NO_VALUE;
	}
	struct sk_slice rest = sk_slice(o->text.p + f->name_len, o->text.n - f->name_len);
	if (rest.n && (rest.p[0] != '.' || !(argument_forms(f) & DOTTED)))
		return unknown_field(s, o);
	struct sk_irv v = { .kind = SK_IRV_FIELD, .vkind = register_kind((enum sk_ptype)f->type), .type = (enum sk_ptype)f->type, .field = f };
	if (!argument(s, o, rest, &v) || !usable(s, o, f))
		return SK_NO_VALUE;
	v.vkind = register_kind(v.type);
	if (v.vkind == SK_V_NONE) { /* only exists asks for it: the raw bytes will do */
		v.type = SK_PT_BYTEBUF;
		v.vkind = SK_V_BYTES;
	}
	v.multi_any = (f->flags & SK_FF_ANY) && v.arg == SK_VA_NONE;
	v.multi_ends = (f->flags & SK_FF_ENDS) != 0;
	v.is_list = (f->flags & SK_FF_LIST) || v.multi_any || v.multi_ends;
	uint32_t n = sk_ir_value(s->g, &v);
	if (slot && !(f->flags & SK_FF_DEPRECATED) && (slot = field_slot(s, o->text)))
		*slot = n + 1;
	return n;
}

bool
sk_sema_is_field(struct sk_slice text)
{
	const char *bracket = text.n ? memchr(text.p, '[', text.n) : NULL;
	struct sk_slice name = bracket ? sk_slice(text.p, (size_t)(bracket - text.p)) : text;
	const struct sk_field_desc *f = name.n && memchr(name.p, '.', name.n) ? sk_field_prefix(name) : NULL;

	if (!f)
		return false;
	unsigned forms = argument_forms(f);
	if (name.n > f->name_len)
		return !bracket && (forms & DOTTED) && name.p[f->name_len] == '.' && name.n > (size_t)f->name_len + 1;
	if (bracket)
		return (forms & (INDEX | KEY)) && text.p[text.n - 1] == ']';
	return forms & BARE;
}
