/* The container of an event, for container.* and k8s.*. */
#ifndef SK_FIELDS_CONTAINER_H
#define SK_FIELDS_CONTAINER_H

#include "daemon/fields/loader.h"
#include "daemon/state/containers.h"

/* What is known of it: of the one that the event describes, else of its thread's. The host counts as one. NULL: nothing is known. */
const struct sk_container *sk_loader_container(void *ctx);

/* A whole loader: EXPR puts the value into *ret and says whether it exists, given the container C. Absent when nothing is known of it. */
#define SK_LOADER_OF_CONTAINER(sym, EXPR)                                                                                    \
	SK_LOADER(sym)                                                                                                       \
	{                                                                                                                    \
		const struct sk_container *c = sk_loader_container(ctx);                                                     \
		(void)arg;                                                                                                   \
		return c && (EXPR);                                                                                          \
	}

static inline struct sk_slice
sk_arg_key(const struct sk_field_arg_value *arg)
{
	return arg->kind == SK_VA_KEY ? sk_slice(arg->key, arg->key_len) : sk_slice("", 0);
}

/* Digits of the short form of a container id. */
#define SK_SHORT_ID 12u

static inline struct sk_slice
sk_short_id(struct sk_slice id)
{
	return sk_slice(id.p, id.n < SK_SHORT_ID ? id.n : SK_SHORT_ID);
}

/* The value of the label KEY; false if there is none. */
bool sk_ret_label(struct sk_value *ret, const struct sk_label *labels, size_t n, struct sk_slice key);
/* "key:value, key:value" of the labels that people set: those that runtimes and Kubernetes keep for themselves are left out. */
bool sk_ret_labels(struct sk_fields *f, struct sk_value *ret, const struct sk_label *labels, size_t n);

#endif
