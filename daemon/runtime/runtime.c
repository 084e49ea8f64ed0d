/* Which engines may know a container, asked in order. */
#include "daemon/runtime/runtime.h"

#include "daemon/runtime/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Engines in the order of asking, each with the kinds of reference that may be its own. */
static const struct engine {
	uint32_t bit, kinds;
	sk_engine_fn *find;
} engines[] = {
	{ SK_ENGINE_DOCKER, 1u << SK_REF_ID | 1u << SK_REF_DOCKER, sk_find_docker },
	{ SK_ENGINE_PODMAN, 1u << SK_REF_ID | 1u << SK_REF_PODMAN, sk_find_podman },
	{ SK_ENGINE_CRIO, 1u << SK_REF_ID | 1u << SK_REF_CRIO, sk_find_crio },
	{ SK_ENGINE_CONTAINERD, 1u << SK_REF_ID | 1u << SK_REF_CRI | 1u << SK_REF_NERDCTL | 1u << SK_REF_NAMED, sk_find_containerd },
	{ SK_ENGINE_OCI, 1u << SK_REF_ID | 1u << SK_REF_MAYBE, sk_find_oci },
	{ SK_ENGINE_LXC, 1u << SK_REF_LXC, sk_find_name },
	{ SK_ENGINE_LIBVIRT, 1u << SK_REF_LIBVIRT, sk_find_name },
	{ SK_ENGINE_BPM, 1u << SK_REF_BPM, sk_find_name },
};

int
sk_runtime_new(const struct sk_runtime_opts *opts, struct sk_runtime **ret)
{
	struct sk_runtime *r = calloc(1, sizeof(*r));
	const char *root = opts->host_root && *opts->host_root ? opts->host_root : "/";

	if (!r)
		return -ENOMEM;
	r->engines = opts->engines;
	r->own_root = strcmp(root, "/") == 0;
	r->root = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->root < 0) {
		int error = errno;

		free(r);
		return -error;
	}
	*ret = r;
	return 0;
}

void
sk_runtime_free(struct sk_runtime *r)
{
	if (!r)
		return;
	(void)close(r->root);
	sk_kept_json_drop(&r->images);
	sk_buf_free(&r->scratch);
	free(r);
}

/* --- finding --------------------------------------------------------------------------------------------------------------- */
/* The short id of REF; of what may be one by its name, what it is if it is. */
static struct sk_slice
short_id(const struct sk_container_ref *ref)
{
	struct sk_container_ref named = *ref;

	if (named.kind == SK_REF_MAYBE)
		named.kind = SK_REF_NAMED;
	return sk_container_ref_id(&named);
}

static void
note_sandbox(struct sk_runtime *r, const struct sk_container_ref *ref, const json_t *o)
{
	struct sk_slice id = sk_json_text(o, "pod_sandbox_id");
	bool other = id.n == SK_FULL_ID && sk_is_component(id) && !sk_slice_eq(id, ref->full);

	(void)snprintf(r->sandbox, sizeof(r->sandbox), "%.*s", other ? (int)id.n : 0, id.p);
}

static int
ask(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o)
{
	for (size_t i = 0; i < SK_COUNTOF(engines); i++)
		if ((engines[i].bit & r->engines) && (engines[i].kinds & 1u << ref->kind) && engines[i].find(r, ref, o))
			return 0;
	return -ENOENT;
}

static int
write_event(json_t *o, struct sk_buf *out)
{
	json_t *event = json_object();
	char *text = event && json_object_set(event, "container", o) == 0 ? json_dumps(event, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

	json_decref(event);
	out->n = 0;
	if (text)
		sk_buf_put(out, text, strlen(text) + 1);
	free(text);
	return out->n && !out->failed ? 0 : -ENOMEM;
}

int
sk_runtime_find(struct sk_runtime *r, const struct sk_container_ref *ref, struct sk_buf *out)
{
	json_t *o;
	int rc;

	r->sandbox[0] = '\0';
	if (!sk_is_component(ref->full) || (ref->ns.n && !sk_is_component(ref->ns)))
		return -ENOENT;
	o = sk_facts_new();
	rc = o ? ask(r, ref, o) : -ENOMEM;
	if (rc == 0) {
		sk_facts_text(o, "id", short_id(ref));
		sk_facts_text(o, "full_id", ref->full);
		note_sandbox(r, ref, o);
		rc = write_event(o, out);
	}
	json_decref(o);
	return rc;
}

bool
sk_runtime_has_namespace(const struct sk_runtime *r, struct sk_slice ns)
{
	return (r->engines & SK_ENGINE_CONTAINERD) && sk_is_component(ns) && sk_containerd_has_namespace(r, ns);
}

bool
sk_runtime_sandbox(const struct sk_runtime *r, const struct sk_container_ref *ref, struct sk_container_ref *ret)
{
	if (!r->sandbox[0])
		return false;
	*ret = *ref;
	ret->full = sk_slice_cstr(r->sandbox);
	if (ret->kind == SK_REF_NAMED)
		ret->kind = SK_REF_ID;
	ret->ns = SK_SLICE("");
	return true;
}
