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
