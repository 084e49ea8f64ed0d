/* Docker: a directory a container, and a list of what images are called. */
#include "daemon/runtime/internal.h"

#include <string.h>

/* Where docker keeps things, if its configuration does not say. */
#define DATA_ROOT "/var/lib/docker"

static void
data_root(struct sk_runtime *r, char *out, size_t n)
{
	json_t *config = sk_host_json(r, "/etc/docker/daemon.json");
	const char *set = json_string_value(json_object_get(config, "data-root"));

	(void)snprintf(out, n, "%s", set && *set == '/' ? set : DATA_ROOT);
	json_decref(config);
}

/* --- images ---------------------------------------------------------------------------------------------------------------- */
static bool
is_image_id(struct sk_slice s)
{
	return sk_slice_starts(s, SK_SLICE("sha256:")) || (s.n == SK_FULL_ID && !memchr(s.p, '/', s.n) && !memchr(s.p, ':', s.n));
}

/* The names of image ID: NAME:TAG for who started it by its id, NAME@DIGEST for its digest. */
static void
names_of_image(json_t *o, const json_t *repositories, struct sk_slice id, bool want_name)
{
	json_t *all = json_object_get(repositories, "Repositories"), *refs;
	const char *repo, *name;
	json_t *v;

	json_object_foreach(all, repo, refs)
		json_object_foreach(refs, name, v)
		{
			const char *at = strchr(name, '@');

			if (!sk_slice_eq(sk_json_slice(v), id))
				continue;
			if (at && !sk_json_text(o, "imagedigest").n)
				sk_facts_text(o, "imagedigest", sk_slice_cstr(at + 1));
			else if (!at && want_name)
				sk_facts_image(o, sk_slice_cstr(name));
		}
}

static void
images(struct sk_runtime *r, const char *root, json_t *o, const json_t *c)
{
	struct sk_slice name = sk_json_text(json_object_get(c, "Config"), "Image"), id = sk_json_text(c, "Image");
	struct sk_slice driver = sk_json_text(c, "Driver");
	char path[512];

	sk_facts_image(o, name);
	sk_facts_image_id(o, id);
	if (!driver.n)
		driver = SK_SLICE("overlay2");
	if (sk_is_component(driver) && sk_host_path(path, sizeof(path), "%s/image/%.*s/repositories.json", root, SK_SLICE_ARG(driver)))
		names_of_image(o, sk_host_json_kept(r, &r->images, path), id, is_image_id(name));
}

/* --- the container --------------------------------------------------------------------------------------------------------- */
static void
mounts(json_t *o, json_t *points)
{
	const char *dest;
	json_t *m;

	json_object_foreach(points, dest, m)
		sk_facts_mount(o, sk_json_text(m, "Source"), sk_json_text(m, "Destination"), sk_json_text(m, "Mode"), json_is_true(json_object_get(m, "RW")),
			       sk_json_text(m, "Propagation"));
}

static void
address(json_t *o, json_t *networks)
{
	const char *name;
	json_t *n;

	json_object_foreach(networks, name, n)
		if (!sk_json_text(o, "ip").n)
			sk_facts_copy(o, "ip", n, "IPAddress");
}

static void
container(json_t *o, const json_t *c)
{
	const json_t *config = json_object_get(c, "Config"), *labels = json_object_get(config, "Labels");
	struct sk_slice name = sk_json_text(c, "Name");

	if (name.n && name.p[0] == '/')
		name = sk_slice(name.p + 1, name.n - 1);
	sk_facts_text(o, "name", name);
	sk_facts_copy(o, "User", config, "User");
	sk_facts_labels(o, "labels", labels);
	sk_facts_texts(o, "env", json_object_get(config, "Env"));
	sk_facts_created(o, json_object_get(c, "Created"));
	sk_facts_healthcheck(o, json_object_get(json_object_get(config, "Healthcheck"), "Test"), "/bin/sh");
	sk_facts_copy(o, "pod_sandbox_id", labels, "io.kubernetes.sandbox.id");
	sk_facts_bool(o, "is_pod_sandbox", sk_slice_is(sk_json_text(labels, "io.kubernetes.docker.type"), "podsandbox"));
	mounts(o, json_object_get(c, "MountPoints"));
	address(o, json_object_get(json_object_get(c, "NetworkSettings"), "Networks"));
}

static void
host_config(json_t *o, const json_t *h)
{
	sk_facts_bool(o, "privileged", json_is_true(json_object_get(h, "Privileged")));
	sk_facts_bool(o, "host_network", sk_slice_is(sk_json_text(h, "NetworkMode"), "host"));
	sk_facts_bool(o, "host_pid", sk_slice_is(sk_json_text(h, "PidMode"), "host"));
	sk_facts_bool(o, "host_ipc", sk_slice_is(sk_json_text(h, "IpcMode"), "host"));
	sk_facts_int(o, "memory_limit", json_object_get(h, "Memory"));
	sk_facts_int(o, "swap_limit", json_object_get(h, "MemorySwap"));
	if (json_integer_value(json_object_get(h, "CpuShares")) > 0)
		sk_facts_int(o, "cpu_shares", json_object_get(h, "CpuShares"));
	if (json_integer_value(json_object_get(h, "CpuPeriod")) > 0)
		sk_facts_int(o, "cpu_period", json_object_get(h, "CpuPeriod"));
	sk_facts_int(o, "cpu_quota", json_object_get(h, "CpuQuota"));
}

bool
sk_find_docker(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o)
{
	char root[256], path[512];

	data_root(r, root, sizeof(root));
	if (!sk_host_path(path, sizeof(path), "%s/containers/%.*s/config.v2.json", root, SK_SLICE_ARG(ref->full)))
		return false;
	json_t *c = sk_host_json(r, path);
	if (!c)
		return false;
	(void)json_object_set_new(o, "type", json_integer(SK_CT_DOCKER));
	container(o, c);
	images(r, root, o, c);
	json_decref(c);
	if (sk_host_path(path, sizeof(path), "%s/containers/%.*s/hostconfig.json", root, SK_SLICE_ARG(ref->full))) {
		json_t *h = sk_host_json(r, path);

		host_config(o, h);
		json_decref(h);
	}
	return true;
}
