/* What the two renderings of values share. */
#ifndef SK_FIELDS_VALUE_H
#define SK_FIELDS_VALUE_H

#include "daemon/fields/fields.h"

/* BYTES as text: printable ASCII with dots for the rest, or base64. */
void sk_value_bytes(struct sk_buf *out, const struct sk_value *v, bool base64);

/* Append the texts of a list of form SK_LIST_WORDS; false if nothing is left of it. */
bool sk_value_words(struct sk_buf *out, const struct sk_value *list);

/* Values of parameters say themselves how they are printed (sk_value_set_dyn()), for the table types them by name only. */
static inline bool
sk_value_undyn(const struct sk_value *v, enum sk_ptype *type, enum sk_pfmt *fmt)
{
	if (!v->ip || v->kind == SK_V_IP || v->kind == SK_V_NET || v->kind == SK_V_LIST)
		return false;
	*type = (enum sk_ptype)v->ip;
	*fmt = (enum sk_pfmt)v->prefix;
	return true;
}

#endif
