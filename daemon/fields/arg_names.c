#include "daemon/fields/arg_names.h"

#include "base/schema.h"
#include "base/vec.h"

struct sk_arg_names {
	SK_VEC(struct sk_arg_name *) v;
};

struct sk_arg_names *
sk_arg_names_new(void)
{
	return calloc(1, sizeof(struct sk_arg_names));
}

void
sk_arg_names_free(struct sk_arg_names *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->v.n; i++)
		free(n->v.v[i]);
	sk_vec_free(&n->v);
	free(n);
}

/* The longest parameter name that begins TEXT, and the parameter of the first event that has it. */
static const struct sk_param_desc *
longest(struct sk_slice text)
{
	const struct sk_param_desc *best = NULL;
	size_t best_n = 0;

	for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++) {
		const struct sk_event_desc *e = sk_event_desc(t);

		for (uint32_t i = 0; i < e->nparams; i++) {
			struct sk_slice name = sk_slice_cstr(e->params[i].name);

			if (name.n > best_n && sk_slice_starts(text, name)) {
				best = &e->params[i];
				best_n = name.n;
			}
		}
	}
	return best;
}

static struct sk_arg_name *
locate(const struct sk_param_desc *p)
{
	struct sk_arg_name *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	*a = (struct sk_arg_name){ .name = p->name, .type = p->type, .fmt = p->fmt };
	memset(a->at, SK_NO_PARAM, sizeof(a->at));
	for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++) {
		const struct sk_event_desc *e = sk_event_desc(t);

		for (uint32_t i = e->nparams; i-- > 0;)
			if (strcmp(e->params[i].name, p->name) == 0)
				a->at[t] = (uint8_t)i;
	}
	return a;
}

uint32_t
sk_arg_names_bind(struct sk_arg_names *n, struct sk_slice text)
{
	const struct sk_param_desc *p = longest(text);
	struct sk_arg_name *a;

	if (!p)
		return 0;
	for (size_t i = 0; i < n->v.n; i++)
		if (strcmp(n->v.v[i]->name, p->name) == 0)
			return (uint32_t)i + 1;
	a = locate(p);
	if (!a || !sk_vec_push(&n->v, a)) {
		free(a);
		return 0;
	}
	return (uint32_t)n->v.n;
}

const struct sk_arg_name *
sk_arg_names_get(const struct sk_arg_names *n, uint32_t i)
{
	return i && i <= n->v.n ? n->v.v[i - 1] : NULL;
}
