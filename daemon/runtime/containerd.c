/* containerd: the bundle of a task, and the database of what containers and images there are. */
#include "daemon/runtime/internal.h"

#include <string.h>

#define TASKS "io.containerd.runtime.v2.task"

/* The daemon's own directories, and those of who brings one along. */
static const struct place {
	const char *state, *root;
} places[] = {
	{ "/run/containerd", "/var/lib/containerd" },
	{ "/run/k3s/containerd", "/var/lib/rancher/k3s/agent/containerd" },
	{ "/run/docker/containerd/daemon", "/var/lib/docker/containerd/daemon" },
	{ "/run/docker/containerd", "/var/lib/docker/containerd/daemon" },
};

struct search {
	struct sk_runtime *r;
	const struct place *place;
	struct sk_slice id;
	char ns[256];
	json_t *spec; /* owned */
};

/* The bundle in a name space, which is noted when it is there. */
static bool
try_namespace(void *arg, const char *ns)
{
	struct search *s = arg;
	char path[768];

	if (!sk_host_path(path, sizeof(path), "%s/" TASKS "/%s/%.*s/config.json", s->place->state, ns, SK_SLICE_ARG(s->id)))
		return false;
	s->spec = sk_host_json(s->r, path);
	if (s->spec)
		(void)snprintf(s->ns, sizeof(s->ns), "%s", ns);
	return s->spec != NULL;
}

static bool
find_bundle(struct search *s, const struct sk_container_ref *ref)
{
	char dir[256];

	if (ref->kind == SK_REF_NAMED) {
		char ns[256];

		(void)snprintf(ns, sizeof(ns), "%.*s", SK_SLICE_ARG(ref->ns));
		return try_namespace(s, ns);
	}
	return try_namespace(s, "k8s.io") || try_namespace(s, "default") ||
	       (sk_host_path(dir, sizeof(dir), "%s/" TASKS, s->place->state) && sk_host_each(s->r, dir, try_namespace, s));
}

/* --- the database ---------------------------------------------------------------------------------------------------------- */
struct database {
	struct sk_bolt bolt;
	struct sk_slice ns;
	struct sk_buf *value;
};

#define LOOK(fn, ...)                                                                                                                          \
	fn(&db->bolt, (const struct sk_slice[]){ SK_SLICE("v1"), db->ns, __VA_ARGS__ },                                                        \
	   sizeof((const struct sk_slice[]){ SK_SLICE("v1"), db->ns, __VA_ARGS__ }) / sizeof(struct sk_slice), db->value)

static void
labels(struct database *db, json_t *o, const char *key, struct sk_slice id)
{
	if (LOOK(sk_bolt_pairs, SK_SLICE("containers"), id, SK_SLICE("labels")) < 0)
		return;
	struct sk_slice pairs = sk_buf_view(db->value), name, value;
	while (sk_bolt_pair(&pairs, &name, &value))
		sk_facts_label(o, key, name, value);
}

/* A time as Go writes it in 15 bytes: 1, seconds since the year 1, nanoseconds, minutes of offset; the greatest byte first. */
static void
created(struct database *db, json_t *o, struct sk_slice id)
{
	int64_t s = 0;

	if (LOOK(sk_bolt_get, SK_SLICE("containers"), id, SK_SLICE("createdat")) < 0 || db->value->n < 9)
		return;
	for (size_t i = 1; i < 9; i++)
		s = (int64_t)((uint64_t)s << 8 | (uint8_t)db->value->p[i]);
	if (s > 62135596800)
		(void)json_object_set_new(o, "created_time", json_integer(s - 62135596800));
}

/* What the content DIGEST refers to as its configuration; of an index, the first manifest that is there. */
static bool
config_of(struct database *db, char digest[128], unsigned depth)
{
	static const char *const refs[] = { "containerd.io/gc.ref.content.config", "containerd.io/gc.ref.content.m.0", "containerd.io/gc.ref.content.m.1",
					    "containerd.io/gc.ref.content.0" };
	char at[128];

	for (size_t i = 0; i < SK_COUNTOF(refs); i++) {
		struct sk_slice label = sk_slice_cstr(refs[i]);

		if (LOOK(sk_bolt_get, SK_SLICE("content"), SK_SLICE("blob"), sk_slice_cstr(digest), SK_SLICE("labels"), label) < 0 || db->value->n >= sizeof(at))
			continue;
		(void)snprintf(at, sizeof(at), "%.*s", SK_SLICE_ARG(sk_buf_view(db->value)));
		if (i == 0 || (depth && config_of(db, at, depth - 1))) {
			memcpy(digest, at, sizeof(at));
			return true;
		}
	}
	return false;
}

static void
image(struct database *db, json_t *o, struct sk_slice id)
{
	char name[1024], digest[128];

	if (LOOK(sk_bolt_get, SK_SLICE("containers"), id, SK_SLICE("image")) < 0 || !db->value->n || db->value->n >= sizeof(name))
		return;
	(void)snprintf(name, sizeof(name), "%.*s", SK_SLICE_ARG(sk_buf_view(db->value)));
	/* Kubernetes' containers are made from the image's id; what it is called stands in an annotation. */
	if (!sk_json_text(o, "image").n)
		sk_facts_image(o, sk_slice_cstr(name));
	if (sk_slice_starts(sk_slice_cstr(name), SK_SLICE("sha256:")))
		sk_facts_image_id(o, sk_slice_cstr(name));
	if (LOOK(sk_bolt_get, SK_SLICE("images"), sk_slice_cstr(name), SK_SLICE("target"), SK_SLICE("digest")) < 0 || db->value->n >= sizeof(digest))
		return;
	sk_facts_text(o, "imagedigest", sk_buf_view(db->value));
	(void)snprintf(digest, sizeof(digest), "%.*s", SK_SLICE_ARG(sk_buf_view(db->value)));
	if (config_of(db, digest, 2))
		sk_facts_image_id(o, sk_slice_cstr(digest));
}

static void
from_database(struct search *s, json_t *o)
{
	struct database database = { .ns = sk_slice_cstr(s->ns), .value = &s->r->scratch }, *db = &database;
	struct sk_slice pod = sk_json_text(o, "pod_sandbox_id");
	char path[512];

	if (!sk_host_path(path, sizeof(path), "%s/io.containerd.metadata.v1.bolt/meta.db", s->place->root))
		return;
	SK_AUTO_CLOSE int fd = sk_host_open(s->r, path);
	if (fd < 0 || sk_bolt_open(&db->bolt, fd) < 0)
		return;
	labels(db, o, "labels", s->id);
	if (pod.n)
		labels(db, o, "pod_sandbox_labels", pod);
	created(db, o, s->id);
	image(db, o, s->id);
}

/* --- all ------------------------------------------------------------------------------------------------------------------- */
static void
facts(struct search *s, json_t *o)
{
	char id[SK_FULL_ID + 1];

	(void)json_object_set_new(o, "type", json_integer(SK_CT_CONTAINERD));
	sk_facts_text(o, "name", s->id);
	sk_oci_facts(o, s->spec, SK_SLICE("/io.containerd.grpc.v1.cri/"));
	bool kubernetes = sk_cri_facts(o, json_object_get(s->spec, "annotations"));
	from_database(s, o);
	struct sk_slice given = sk_json_text(json_object_get(o, "labels"), "nerdctl/name"), pod = sk_json_text(o, "pod_sandbox_id");
	if (given.n)
		sk_facts_text(o, "name", given);
	if (kubernetes && pod.n == SK_FULL_ID && json_is_true(json_object_get(o, "is_pod_sandbox"))) {
		(void)snprintf(id, sizeof(id), "%.*s", SK_SLICE_ARG(pod));
		sk_cni_facts(s->r, o, id);
	}
}

bool
sk_find_containerd(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o)
{
	for (size_t i = 0; i < SK_COUNTOF(places); i++) {
		struct search s = { .r = r, .place = &places[i], .id = ref->full };

		if (!find_bundle(&s, ref))
			continue;
		facts(&s, o);
		json_decref(s.spec);
		return true;
	}
	return false;
}

bool
sk_containerd_has_namespace(const struct sk_runtime *r, struct sk_slice ns)
{
	char path[768];

	for (size_t i = 0; i < SK_COUNTOF(places); i++)
		if (sk_host_path(path, sizeof(path), "%s/" TASKS "/%.*s", places[i].state, SK_SLICE_ARG(ns)) && sk_host_is_dir(r, path))
			return true;
	return false;
}
