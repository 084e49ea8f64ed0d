/* Podman and CRI-O keep their containers in the same store; podman has a database beside it. */
#include "daemon/runtime/internal.h"

#include <pwd.h>
#include <string.h>

#define STORE "/var/lib/containers/storage"
#define RUN_STORE "/run/containers/storage"

/* Names that drivers of the store give to its lists. */
static const char *const drivers[] = { "overlay", "vfs", "btrfs", "zfs" };

/* --- whose store ----------------------------------------------------------------------------------------------------------- */
/* The home of a user of the host, from its list of users. */
static bool
home_of(struct sk_runtime *r, uint32_t uid, char *out, size_t n)
{
	struct sk_buf users = { 0 };
	bool found = false;

	if (sk_host_read(r, "/etc/passwd", &users) == 0) {
		sk_buf_char(&users, '\0');
		FILE *f = users.failed ? NULL : fmemopen(users.p, users.n - 1, "r");
		for (struct passwd *p; f && !found && (p = fgetpwent(f));)
			found = p->pw_uid == uid && sk_host_path(out, n, "%s", p->pw_dir);
		if (f)
			(void)fclose(f);
	}
	sk_buf_free(&users);
	return found;
}

static bool
store_of(struct sk_runtime *r, const struct sk_container_ref *ref, char *out, size_t n)
{
	char home[256];

	if (ref->uid == UINT32_MAX || ref->uid == 0)
		return sk_host_path(out, n, STORE);
	return home_of(r, ref->uid, home, sizeof(home)) && sk_host_path(out, n, "%s/.local/share/containers/storage", home);
}

/* --- the store ------------------------------------------------------------------------------------------------------------- */
static const json_t *
by_id(const json_t *list, struct sk_slice id)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (sk_slice_eq(sk_json_text(json_array_get(list, i), "id"), id))
			return json_array_get(list, i);
	return NULL;
}

/* The image's digest; its name too, where the container's record has none. */
static void
image_facts(struct sk_runtime *r, const char *store, json_t *o)
{
	char path[512];

	for (size_t i = 0; i < SK_COUNTOF(drivers); i++) {
		if (!sk_host_path(path, sizeof(path), "%s/%s-images/images.json", store, drivers[i]))
			return;
		const json_t *images = sk_host_json_kept(r, &r->images, path);
		if (!images)
			continue;
		const json_t *image = by_id(images, sk_json_text(o, "imageid"));
		struct sk_slice name = sk_json_slice(json_array_get(json_object_get(image, "names"), 0));
		if (!sk_json_text(o, "image").n && name.n)
			sk_facts_image(o, name);
		sk_facts_copy(o, "imagedigest", image, "digest");
		return;
	}
}

/* The store's own list: what there is of a container when its engine's record cannot be read. */
static bool
listed(struct sk_runtime *r, const char *store, struct sk_slice id, json_t *o)
{
	char path[512];
	bool found = false;

	for (size_t i = 0; !found && i < SK_COUNTOF(drivers); i++) {
		if (!sk_host_path(path, sizeof(path), "%s/%s-containers/containers.json", store, drivers[i]))
			return false;
		json_t *list = sk_host_json(r, path);
		const json_t *c = by_id(list, id);
		json_t *meta = c ? json_loads(json_string_value(json_object_get(c, "metadata")) ? json_string_value(json_object_get(c, "metadata")) : "", 0, NULL) : NULL;
		struct sk_slice image = sk_json_text(meta, "image-name");

		found = c != NULL;
		if (found) {
			sk_facts_text(o, "name", sk_json_slice(json_array_get(json_object_get(c, "names"), 0)));
			sk_facts_image_id(o, sk_json_text(c, "image"));
			sk_facts_created(o, json_object_get(c, "created"));
		}
		if (image.n)
			sk_facts_image(o, image);
		json_decref(meta);
		json_decref(list);
	}
	return found;
}

/* config.json, which the engine writes for the runtime. The caller owns it. */
static json_t *
spec_of(struct sk_runtime *r, const char *store, struct sk_slice id)
{
	char path[512];
	json_t *spec = NULL;

	for (size_t i = 0; !spec && i < SK_COUNTOF(drivers); i++)
		if (sk_host_path(path, sizeof(path), "%s/%s-containers/%.*s/userdata/config.json", store, drivers[i], SK_SLICE_ARG(id)))
			spec = sk_host_json(r, path);
	return spec;
}

/* --- podman's database ----------------------------------------------------------------------------------------------------- */
static void
podman_record(json_t *o, const json_t *c)
{
	struct sk_slice image = sk_json_text(c, "rootfsImageName");

	sk_facts_copy(o, "name", c, "name");
	if (image.n)
		sk_facts_image(o, image);
	sk_facts_image_id(o, sk_json_text(c, "rootfsImageID"));
	sk_facts_labels(o, "labels", json_object_get(c, "labels"));
	sk_facts_created(o, json_object_get(c, "createdTime"));
	sk_facts_healthcheck(o, json_object_get(json_object_get(c, "healthcheck"), "Test"), "sh");
}

/* What the record adds to the specification, which knows numbers only. */
static void
podman_over_spec(json_t *o, const json_t *c, const json_t *annotations)
{
	struct sk_slice mark = sk_json_text(annotations, "io.podman.annotations.privileged");

	if (json_is_object(c))
		sk_facts_text(o, "User", sk_json_text(c, "user"));
	if (json_is_true(json_object_get(c, "privileged")) || mark.n)
		sk_facts_bool(o, "privileged", json_is_true(json_object_get(c, "privileged")) || sk_slice_is(mark, "TRUE"));
}

static json_t *
from_database(struct sk_runtime *r, const char *store, struct sk_slice id)
{
	const struct sk_slice names[] = { SK_SLICE("ctr"), id, SK_SLICE("config") };
	char path[512];
	struct sk_bolt db;
	json_t *c = NULL;

	if (!sk_host_path(path, sizeof(path), "%s/libpod/bolt_state.db", store))
		return NULL;
	SK_AUTO_CLOSE int fd = sk_host_open(r, path);
	if (fd >= 0 && sk_bolt_open(&db, fd) == 0 && sk_bolt_get(&db, names, SK_COUNTOF(names), &r->scratch) == 0)
		c = json_loadb(r->scratch.p ? r->scratch.p : "", r->scratch.n, 0, NULL);
	return c;
}

bool
sk_find_podman(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o)
{
	char store[512];
	bool found;

	if (!store_of(r, ref, store, sizeof(store)))
		return false;
	json_t *c = from_database(r, store, ref->full), *spec = spec_of(r, store, ref->full);
	const json_t *annotations = json_object_get(spec, "annotations");
	found = json_is_object(c) || sk_slice_is(sk_json_text(annotations, "io.container.manager"), "libpod") || (ref->kind == SK_REF_PODMAN && spec);
	if (found) {
		(void)json_object_set_new(o, "type", json_integer(SK_CT_PODMAN));
		if (json_is_object(c))
			podman_record(o, c);
		else
			(void)listed(r, store, ref->full, o);
		image_facts(r, store, o);
		if (spec)
			sk_oci_facts(o, spec, ref->full);
		podman_over_spec(o, c, annotations);
	}
	json_decref(c);
	json_decref(spec);
	return found;
}

/* --- CRI-O ----------------------------------------------------------------------------------------------------------------- */
bool
sk_find_crio(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o)
{
	json_t *spec = spec_of(r, RUN_STORE, ref->full);

	if (!spec)
		spec = spec_of(r, STORE, ref->full);
	const json_t *annotations = json_object_get(spec, "annotations");
	bool found = json_object_get(annotations, "io.kubernetes.cri-o.ContainerType") != NULL;
	if (found) {
		(void)json_object_set_new(o, "type", json_integer(SK_CT_CRIO));
		(void)listed(r, STORE, ref->full, o);
		sk_oci_facts(o, spec, ref->full);
		(void)sk_cri_facts(o, annotations);
		image_facts(r, STORE, o);
		if (sk_slice_is(sk_json_text(annotations, "io.kubernetes.cri-o.PrivilegedRuntime"), "true"))
			sk_facts_bool(o, "privileged", true);
	}
	json_decref(spec);
	return found;
}
