#include "compiler/suggest.h"

#include "base/schema.h"

struct sk_slice
sk_suggest_field(struct sk_slice name)
{
	struct sk_suggest s = { .wanted = name };

	for (uint32_t id = 1; id < SK_F_LIMIT; id++) {
		const struct sk_field_desc *f = sk_field_desc(id);

		if (f && f->name)
			sk_suggest_offer(&s, sk_slice_cstr(f->name));
	}
	return s.best;
}

struct sk_slice
sk_suggest_event(struct sk_slice name)
{
	struct sk_suggest s = { .wanted = name };

	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		const struct sk_event_desc *d = sk_event_desc(e);

		if (d && d->name)
			sk_suggest_offer(&s, sk_slice_cstr(d->name));
	}
	for (uint32_t sc = 0; sc < sk_syscall_limit(); sc++)
		if (sk_syscall_name(sc))
			sk_suggest_offer(&s, sk_slice_cstr(sk_syscall_name(sc)));
	return s.best;
}

struct sk_slice
sk_suggest_param(struct sk_slice name)
{
	struct sk_suggest s = { .wanted = name };

	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		const struct sk_event_desc *d = sk_event_desc(e);

		for (uint32_t i = 0; d && i < d->nparams; i++)
			sk_suggest_offer(&s, sk_slice_cstr(d->params[i].name));
	}
	return s.best;
}
