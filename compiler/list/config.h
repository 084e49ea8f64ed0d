/* config.def as a table of text, for the list and the schema. */
#ifndef SK_LIST_CONFIG_H
#define SK_LIST_CONFIG_H

#include "compiler/list/text.h"

struct sk_config_key {
	const char *path, *type, *value, *help; /* as config.def has them; VALUE is C text */
};

const struct sk_config_key *sk_config_keys(size_t *ret_n);
bool sk_config_is_ignored(const struct sk_config_key *k);
/* The type for readers. */
const char *sk_config_type(const struct sk_config_key *k);

#endif
