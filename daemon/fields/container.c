/* The container of an event's thread. */
#include "daemon/fields/container.h"

#include <fnmatch.h>

const struct sk_container *
sk_loader_container(void *ctx)
{
	const struct sk_fields *f = ctx;

	if (f->ec.container)
		return f->ec.container;
	return f->ec.thread ? sk_state_container(f->ec.state, sk_str_slice(f->ec.thread->container_id)) : NULL;
}

SK_LOADER(container_id)
{
	const struct sk_fields *f = ctx;
	const struct sk_str *id;

	(void)arg;
	if (f->ec.container)
		return sk_ret_view(ret, f->ec.container->id);
	if (!f->ec.thread)
		return false;
	id = f->ec.thread->container_id;
	return id->n ? sk_ret_shared(ret, id) : sk_ret_const(ret, "host");
}

SK_LOADER_OF_CONTAINER(container_full_id, sk_ret_view(ret, c->full_id))
SK_LOADER_OF_CONTAINER(container_name, sk_ret_view(ret, c->name))
SK_LOADER_OF_CONTAINER(container_type, sk_ret_const(ret, sk_container_type_name(c->type)))
SK_LOADER_OF_CONTAINER(container_image, sk_ret_view(ret, c->image))
SK_LOADER_OF_CONTAINER(container_image_id, sk_ret_view(ret, c->image_id))
SK_LOADER_OF_CONTAINER(container_image_repository, sk_ret_view(ret, c->image_repo))
SK_LOADER_OF_CONTAINER(container_image_tag, sk_ret_view(ret, c->image_tag))
SK_LOADER_OF_CONTAINER(container_image_digest, sk_ret_view(ret, c->image_digest))
SK_LOADER_OF_CONTAINER(container_ip, sk_ret_view(ret, c->ip))
SK_LOADER_OF_CONTAINER(container_cni_json, sk_ret_view(ret, c->cni_json))
SK_LOADER_OF_CONTAINER(container_privileged, sk_ret_bool(ret, c->privileged))
SK_LOADER_OF_CONTAINER(container_host_pid, sk_ret_bool(ret, c->host_pid))
SK_LOADER_OF_CONTAINER(container_host_network, sk_ret_bool(ret, c->host_network))
SK_LOADER_OF_CONTAINER(container_host_ipc, sk_ret_bool(ret, c->host_ipc))

/* --- when it started: the start of its first process ----------------------------------------------------------------------- */
static bool
ret_duration(void *ctx, struct sk_value *ret, uint64_t start)
{
	const struct sk_fields *f = ctx;
	uint64_t now = f->ec.ev->ts;

	return start && sk_ret_uint(ret, now > start ? now - start : 0);
}

SK_LOADER_OF_THREAD(container_start_ts, t->pidns_init_start_ts && sk_ret_uint(ret, t->pidns_init_start_ts))
SK_LOADER_OF_THREAD(container_duration, ret_duration(ctx, ret, t->pidns_init_start_ts))

/* --- labels ---------------------------------------------------------------------------------------------------------------- */
bool
sk_ret_label(struct sk_value *ret, const struct sk_label *labels, size_t n, struct sk_slice key)
{
	struct sk_slice v;

	return sk_labels_find(labels, n, key, &v) && sk_ret_view(ret, v);
}

static bool
is_internal_label(struct sk_slice key)
{
	return sk_slice_starts(key, SK_SLICE("annotation.")) || sk_slice_starts(key, SK_SLICE("io.kubernetes."));
}

bool
sk_ret_labels(struct sk_fields *f, struct sk_value *ret, const struct sk_label *labels, size_t n)
{
	struct sk_out o;

	sk_out_begin(&o, f);
	for (size_t i = 0; i < n; i++) {
		if (is_internal_label(labels[i].key))
			continue;
		if (o.n)
			sk_out_str(&o, ", ");
		sk_out_slice(&o, labels[i].key);
		if (labels[i].value.n)
			sk_out_char(&o, ':');
		sk_out_slice(&o, labels[i].value);
	}
	return sk_out_ret(&o, ret);
}

SK_LOADER_OF_CONTAINER(container_label, sk_ret_label(ret, c->labels, c->nlabels, sk_arg_key(arg)))
SK_LOADER_OF_CONTAINER(container_labels, sk_ret_labels(ctx, ret, c->labels, c->nlabels))

/* --- mounts ---------------------------------------------------------------------------------------------------------------- */
static void
put_mount(struct sk_out *o, const struct sk_mount *m)
{
	sk_out_slice(o, m->source);
	sk_out_char(o, ':');
	sk_out_slice(o, m->dest);
	sk_out_char(o, ':');
	sk_out_slice(o, m->mode);
	sk_out_str(o, m->rdwr ? ":true:" : ":false:");
	sk_out_slice(o, m->propagation);
}

static bool
ret_mounts(struct sk_fields *f, struct sk_value *ret, const struct sk_container *c)
{
	struct sk_out o;

	sk_out_begin(&o, f);
	for (size_t i = 0; i < c->nmounts; i++) {
		if (i)
			sk_out_char(&o, ',');
		put_mount(&o, &c->mounts[i]);
	}
	return sk_out_ret(&o, ret);
}

SK_LOADER_OF_CONTAINER(container_mounts, ret_mounts(ctx, ret, c))

/* The mount that the argument chooses: by number, or the first whose source (destination where BY_DEST) matches the pattern. */
static const struct sk_mount *
find_mount(const struct sk_container *c, const struct sk_field_arg_value *arg, bool by_dest)
{
	if (arg->kind == SK_VA_INDEX)
		return arg->index < c->nmounts ? &c->mounts[arg->index] : NULL;
	if (arg->kind != SK_VA_KEY)
		return NULL;
	for (size_t i = 0; i < c->nmounts; i++) {
		const struct sk_mount *m = &c->mounts[i];

		if (fnmatch(arg->key, by_dest ? m->dest.p : m->source.p, 0) == 0)
			return m;
	}
	return NULL;
}

static bool
ret_mount(struct sk_fields *f, struct sk_value *ret, const struct sk_mount *m)
{
	struct sk_out o;

	sk_out_begin(&o, f);
	put_mount(&o, m);
	return sk_out_ret(&o, ret);
}

/* A whole loader over the mount M that the argument chooses. */
#define LOADER_OF_MOUNT(sym, by_dest, EXPR)                                                                                  \
	SK_LOADER(sym)                                                                                                       \
	{                                                                                                                    \
		const struct sk_container *c = sk_loader_container(ctx);                                                     \
		const struct sk_mount *m = c ? find_mount(c, arg, by_dest) : NULL;                                           \
		return m && (EXPR);                                                                                          \
	}

LOADER_OF_MOUNT(container_mount, false, ret_mount(ctx, ret, m))
LOADER_OF_MOUNT(container_mount_source, true, sk_ret_view(ret, m->source))
LOADER_OF_MOUNT(container_mount_dest, false, sk_ret_view(ret, m->dest))
LOADER_OF_MOUNT(container_mount_mode, false, sk_ret_view(ret, m->mode))
LOADER_OF_MOUNT(container_mount_rdwr, false, sk_ret_const(ret, m->rdwr ? "true" : "false"))
LOADER_OF_MOUNT(container_mount_propagation, false, sk_ret_view(ret, m->propagation))

/* --- health checks and probes ---------------------------------------------------------------------------------------------- */
static bool
ret_probe(struct sk_fields *f, struct sk_value *ret, const struct sk_probe *p)
{
	struct sk_out o;

	if (!p->present)
		return false;
	sk_out_begin(&o, f);
	sk_out_slice(&o, p->exe);
	for (size_t i = 0; i < p->nargs; i++) {
		sk_out_char(&o, ' ');
		sk_out_slice(&o, p->args[i]);
	}
	return sk_out_ret(&o, ret);
}

SK_LOADER_OF_CONTAINER(container_healthcheck, ret_probe(ctx, ret, &c->probes[SK_PROBE_HEALTHCHECK]))
SK_LOADER_OF_CONTAINER(container_liveness_probe, ret_probe(ctx, ret, &c->probes[SK_PROBE_LIVENESS]))
SK_LOADER_OF_CONTAINER(container_readiness_probe, ret_probe(ctx, ret, &c->probes[SK_PROBE_READINESS]))

/* Does the thread run that check of its container? Absent where the container has none. */
static bool
ret_runs_probe(void *ctx, struct sk_value *ret, const struct sk_container *c, enum sk_probe_kind kind, enum sk_category category)
{
	const struct sk_thread *t = sk_loader_thread(ctx);

	return t && c->probes[kind].present && sk_ret_bool(ret, t->category == category);
}

SK_LOADER_OF_CONTAINER(proc_is_container_healthcheck, ret_runs_probe(ctx, ret, c, SK_PROBE_HEALTHCHECK, SK_CATEGORY_HEALTHCHECK))
SK_LOADER_OF_CONTAINER(proc_is_container_liveness_probe, ret_runs_probe(ctx, ret, c, SK_PROBE_LIVENESS, SK_CATEGORY_LIVENESS_PROBE))
SK_LOADER_OF_CONTAINER(proc_is_container_readiness_probe, ret_runs_probe(ctx, ret, c, SK_PROBE_READINESS, SK_CATEGORY_READINESS_PROBE))
