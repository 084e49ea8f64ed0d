/* Containers that nobody but runc or crun knows: their state leads to the bundle. And those of which there is no more than a name. */
#include "daemon/runtime/internal.h"

#include <string.h>

static void
from_bundle(struct sk_runtime *r, json_t *o, const char *bundle)
{
	char path[4200];

	if (*bundle != '/' || !sk_host_path(path, sizeof(path), "%s/config.json", bundle))
		return;
	json_t *spec = sk_host_json(r, path);
	if (spec) {
		sk_oci_facts(o, spec, SK_SLICE(""));
		sk_facts_labels(o, "labels", json_object_get(spec, "annotations"));
	}
	json_decref(spec);
}

static bool
found(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o, const json_t *state, const char *bundle)
{
	(void)json_object_set_new(o, "type", json_integer(SK_CT_CUSTOM));
	sk_facts_text(o, "name", ref->full);
	sk_facts_created(o, json_object_get(state, "created"));
	from_bundle(r, o, bundle);
	return true;
}

/* runc's labels are texts KEY=VALUE, the bundle among them. */
static bool
by_runc(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o)
{
	char path[512], bundle[4096] = "";

	if (!sk_host_path(path, sizeof(path), "/run/runc/%.*s/state.json", SK_SLICE_ARG(ref->full)))
		return false;
	json_t *state = sk_host_json(r, path);
	const json_t *labels = json_object_get(json_object_get(state, "config"), "labels");
	for (size_t i = 0; i < json_array_size(labels); i++) {
		struct sk_slice label = sk_json_slice(json_array_get(labels, i));

		if (sk_slice_starts(label, SK_SLICE("bundle=")) && label.n - 7 < sizeof(bundle))
			(void)snprintf(bundle, sizeof(bundle), "%.*s", (int)(label.n - 7), label.p + 7);
	}
	bool ok = state && found(r, ref, o, state, bundle);
	json_decref(state);
	return ok;
}

static bool
by_crun(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o)
{
	char path[512], bundle[4096] = "";

	if (!sk_host_path(path, sizeof(path), "/run/crun/%.*s/status", SK_SLICE_ARG(ref->full)))
		return false;
	json_t *state = sk_host_json(r, path);
	struct sk_slice at = sk_json_text(state, "bundle");
	if (at.n < sizeof(bundle))
		(void)snprintf(bundle, sizeof(bundle), "%.*s", SK_SLICE_ARG(at));
	bool ok = state && found(r, ref, o, state, bundle);
	json_decref(state);
	return ok;
}

bool
sk_find_oci(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o)
{
	return by_runc(r, ref, o) || by_crun(r, ref, o);
}

bool
sk_find_name(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o)
{
	int type = ref->kind == SK_REF_LXC ? SK_CT_LXC : ref->kind == SK_REF_LIBVIRT ? SK_CT_LIBVIRT_LXC : SK_CT_BPM;

	(void)r;
	(void)json_object_set_new(o, "type", json_integer(type));
	sk_facts_text(o, "name", ref->full);
	return true;
}
