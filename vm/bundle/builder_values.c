/* Value registers: fields and transformers of the event, constants. */
#include "vm/bundle/builder_int.h"

/* Number of value DEF with arguments ARGS in one of the two pools, stored if it is new. */
static uint32_t
value(struct sk_builder *b, bool constant, struct sk_value_def def, const uint32_t *args)
{
	struct sk_key k;
	bool fresh;

	sk_key_begin(&k);
	sk_key_add(&k, &def, sizeof(def));
	sk_key_add(&k, args, def.nargs * sizeof(*args));
	uint32_t id = sk_once(b, constant ? &b->consts_once : &b->computed_once, &k, &fresh);
	if (fresh) {
		if (def.nargs)
			def.num = b->args.n;
		for (uint32_t i = 0; i < def.nargs; i++)
			SK_PUT(b, &b->args, args[i]);
		if (constant)
			SK_PUT(b, &b->consts, def);
		else
			SK_PUT(b, &b->computed, def);
	}
	if (id >= (constant ? SK_CONST_BIT - 1 : SK_MAX_VALUES))
		b->too_big = true;
	return constant ? id | SK_CONST_BIT : id;
}

uint32_t
sk_builder_field(struct sk_builder *b, enum sk_field_id field, enum sk_value_arg arg, uint64_t index, struct sk_slice key,
		 enum sk_vkind kind, bool is_list, enum sk_ptype type)
{
	struct sk_value_def d = {.def = SK_VD_FIELD,
				 .kind = (uint8_t)kind,
				 .is_list = is_list,
				 .type = (uint8_t)type,
				 .id = (uint16_t)field,
				 .arg = (uint8_t)arg};

	if (arg == SK_VA_KEY)
		d.text = sk_builder_string(b, key);
	if (arg == SK_VA_INDEX)
		d.num = index;
	return value(b, false, d, NULL);
}

uint32_t
sk_builder_xform(struct sk_builder *b, enum sk_xform x, const uint32_t *args, uint32_t nargs, struct sk_slice arg,
		 enum sk_vkind kind, bool is_list, enum sk_ptype type)
{
	struct sk_value_def d = {.def = SK_VD_XFORM,
				 .kind = (uint8_t)kind,
				 .is_list = is_list,
				 .type = (uint8_t)type,
				 .id = (uint16_t)x,
				 .nargs = nargs};

	if (arg.p) {
		d.arg = SK_VA_KEY;
		d.text = sk_builder_string(b, arg);
	}
	return value(b, false, d, args);
}

uint32_t
sk_builder_const_list(struct sk_builder *b, enum sk_vkind kind, const uint32_t *elements, uint32_t n, enum sk_ptype type)
{
	struct sk_value_def d = {.def = SK_VD_CONST, .kind = (uint8_t)kind, .is_list = 1, .type = (uint8_t)type, .nargs = n};

	return value(b, true, d, elements);
}

static uint32_t
const_list(struct sk_builder *b, const struct sk_value *v, enum sk_ptype type)
{
	SK_AUTO_FREE uint32_t *elements = calloc(v->n ? v->n : 1, sizeof(*elements));

	if (!elements) {
		b->nomem = true;
		return SK_CONST_BIT;
	}
	for (uint32_t i = 0; i < v->n; i++)
		elements[i] = sk_builder_const(b, &v->list[i], type);
	/* An empty list has no kind of its own. */
	return sk_builder_const_list(b, v->n ? (enum sk_vkind)v->list[0].kind : SK_V_STR, elements, v->n, type);
}

uint32_t
sk_builder_const(struct sk_builder *b, const struct sk_value *v, enum sk_ptype type)
{
	struct sk_value_def d = {.def = SK_VD_CONST, .kind = v->kind, .type = (uint8_t)type};

	switch ((enum sk_vkind)v->kind) {
	case SK_V_LIST:
		return const_list(b, v, type);
	case SK_V_STR:
	case SK_V_BYTES:
		d.text = sk_builder_string(b, sk_slice(v->s, v->n));
		break;
	case SK_V_NET:
		d.prefix = v->prefix;
		__attribute__((fallthrough));
	case SK_V_IP:
		d.id = v->ip;
		d.text = sk_builder_string(b, sk_slice((const char *)v->addr, v->ip == 6 ? 16 : 4));
		break;
	case SK_V_BOOL:
	case SK_V_INT:
	case SK_V_UINT:
	case SK_V_FLOAT:
	case SK_V_NONE:
		d.num = v->u;
		break;
	}
	return value(b, true, d, NULL);
}

const struct sk_value_def *
sk_builder_const_def(const struct sk_builder *b, uint32_t v)
{
	static const struct sk_value_def none = {.def = SK_VD_CONST};
	uint32_t i = v & ~SK_CONST_BIT;

	return (v & SK_CONST_BIT) && i < b->consts.n ? &b->consts.v[i] : &none;
}
