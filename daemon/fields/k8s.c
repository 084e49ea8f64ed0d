/* The pod of an event's container, from the labels that the kubelet puts on it. */
#include "daemon/fields/container.h"

static bool
ret_own_label(struct sk_value *ret, const struct sk_container *c, const char *key)
{
	return sk_ret_label(ret, c->labels, c->nlabels, sk_slice_cstr(key));
}

SK_LOADER_OF_CONTAINER(k8s_pod_name, ret_own_label(ret, c, "io.kubernetes.pod.name"))
SK_LOADER_OF_CONTAINER(k8s_pod_uid, ret_own_label(ret, c, "io.kubernetes.pod.uid"))
SK_LOADER_OF_CONTAINER(k8s_pod_id, ret_own_label(ret, c, "io.kubernetes.pod.uid"))
SK_LOADER_OF_CONTAINER(k8s_ns_name, ret_own_label(ret, c, "io.kubernetes.pod.namespace"))
SK_LOADER_OF_CONTAINER(k8s_pod_full_sandbox_id, sk_ret_view(ret, c->pod_sandbox_id))
SK_LOADER_OF_CONTAINER(k8s_pod_sandbox_id, sk_ret_view(ret, sk_short_id(c->pod_sandbox_id)))

/* The container that says how the pod is wired: C itself, or the pod's sandbox. NULL when that is not known. Outside pods it is the host. */
static const struct sk_container *
pod_network(void *ctx, const struct sk_container *c)
{
	const struct sk_fields *f = ctx;

	return c->cni_json.n ? c : sk_state_container(f->ec.state, sk_short_id(c->pod_sandbox_id));
}

static bool
ret_pod_ip(void *ctx, struct sk_value *ret, const struct sk_container *c)
{
	c = pod_network(ctx, c);
	return c && sk_ret_view(ret, c->ip);
}

static bool
ret_pod_cni(void *ctx, struct sk_value *ret, const struct sk_container *c)
{
	c = pod_network(ctx, c);
	return c && sk_ret_view(ret, c->cni_json);
}

SK_LOADER_OF_CONTAINER(k8s_pod_ip, ret_pod_ip(ctx, ret, c))
SK_LOADER_OF_CONTAINER(k8s_pod_cni_json, ret_pod_cni(ctx, ret, c))

/* The sandbox's labels are the pod's; without it, those that came with the container. */
static const struct sk_container *
pod_labels(void *ctx, const struct sk_container *c)
{
	const struct sk_container *pod = pod_network(ctx, c);

	return pod ? pod : c;
}

static bool
ret_pod_label(void *ctx, struct sk_value *ret, const struct sk_container *c, struct sk_slice key)
{
	const struct sk_container *pod = pod_labels(ctx, c);

	return sk_ret_label(ret, pod->pod_labels, pod->npod_labels, key) || sk_ret_label(ret, c->pod_labels, c->npod_labels, key);
}

static bool
ret_pod_labels(void *ctx, struct sk_value *ret, const struct sk_container *c)
{
	const struct sk_container *pod = pod_labels(ctx, c);

	return sk_ret_labels(ctx, ret, pod->pod_labels, pod->npod_labels);
}

SK_LOADER_OF_CONTAINER(k8s_pod_label, ret_pod_label(ctx, ret, c, sk_arg_key(arg)))
SK_LOADER_OF_CONTAINER(k8s_pod_labels, ret_pod_labels(ctx, ret, c))

/* What only the API server knows is absent. */
#define LOADER_OF_NOTHING(sym)                                                                                               \
	SK_LOADER(sym)                                                                                                       \
	{                                                                                                                    \
		(void)ctx;                                                                                                   \
		(void)arg;                                                                                                   \
		(void)ret;                                                                                                   \
		return false;                                                                                                \
	}
#define LOADERS_OF_OBJECT(kind)                                                                                              \
	LOADER_OF_NOTHING(k8s_##kind##_name)                                                                                 \
	LOADER_OF_NOTHING(k8s_##kind##_id)                                                                                   \
	LOADER_OF_NOTHING(k8s_##kind##_label)                                                                                \
	LOADER_OF_NOTHING(k8s_##kind##_labels)

LOADERS_OF_OBJECT(rc)
LOADERS_OF_OBJECT(rs)
LOADERS_OF_OBJECT(svc)
LOADERS_OF_OBJECT(deployment)
LOADER_OF_NOTHING(k8s_ns_id)
LOADER_OF_NOTHING(k8s_ns_label)
LOADER_OF_NOTHING(k8s_ns_labels)
