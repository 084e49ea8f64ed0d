/* Life of the field machinery: scratch memory, the table of loaders, binding of arguments. */
#include "daemon/fields/fields.h"

#include "base/attr.h"
#include "daemon/fields/arg_names.h"
#include "daemon/fields/scratch.h"

#include <saker/bundle.h>

static const sk_load_fn loaders[SK_F_LIMIT] = {
#define SK_FIELD(id, sym, cls, name, type, fmt, arg, flags, prov, era, state, help) SK_FIELD_LOAD_##state(id, sym)
#define SK_FIELD_LOAD_READY(id, sym) [id] = sk_x_##sym,
#define SK_FIELD_LOAD_LATER(id, sym)
#include <saker/fields.def>
#undef SK_FIELD
#undef SK_FIELD_LOAD_READY
#undef SK_FIELD_LOAD_LATER
};

struct sk_fields *
sk_fields_new(struct sk_state *s)
{
	struct sk_fields *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->ec.state = s;
	f->scratch = malloc(sizeof(*f->scratch));
	f->names = sk_arg_names_new();
	if (f->names)
		f->data_name = sk_arg_names_get(f->names, sk_arg_names_bind(f->names, SK_SLICE("data")));
	if (!f->scratch || !f->data_name) {
		sk_fields_free(f);
		return NULL;
	}
	f->scratch->used = 0;
	return f;
}

void
sk_fields_free(struct sk_fields *f)
{
	if (!f)
		return;
	sk_arg_names_free(f->names);
	free(f->scratch);
	free(f);
}

void
sk_fields_begin(struct sk_fields *f)
{
	f->scratch->used = 0;
	f->deltatime_read = false;
}

/* aux of evt.arg.NAME and evt.rawarg.NAME is the number of the name. */
static uint32_t
bind(void *ctx, enum sk_field_id field, const struct sk_field_arg_value *arg)
{
	struct sk_fields *f = ctx;

	if ((field == SK_F_evt_arg || field == SK_F_evt_rawarg) && arg->kind == SK_VA_KEY)
		return sk_arg_names_bind(f->names, sk_slice(arg->key, arg->key_len));
	return 0;
}

struct sk_loader
sk_fields_loader(struct sk_fields *f)
{
	return (struct sk_loader){ .load = loaders, .bind = bind, .ctx = f };
}

void *
sk_scratch(struct sk_fields *f, size_t n)
{
	struct sk_scratch *s = f->scratch;
	void *p = s->data + s->used;

	if (n > sizeof(s->data) - s->used)
		return NULL;
	sk_scratch_take(s, n);
	return p;
}

bool
sk_ret_str(struct sk_fields *f, struct sk_value *ret, struct sk_slice s)
{
	char *p = sk_scratch(f, s.n);

	if (!p)
		return false;
	if (s.n)
		memcpy(p, s.p, s.n);
	return sk_ret_view(ret, sk_slice(p, s.n));
}
