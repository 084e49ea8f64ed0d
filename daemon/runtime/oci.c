/* config.json of a bundle: the runtime specification, and what Kubernetes' runtimes write into its annotations. */
#include "daemon/runtime/internal.h"

#include <string.h>

/* --- mounts ---------------------------------------------------------------------------------------------------------------- */
struct options {
	bool bind, ro;
	struct sk_slice propagation;
};

static struct options
read_options(const json_t *list)
{
	static const char *const propagations[] = { "private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable" };
	struct options ret = { .propagation = SK_SLICE("") };

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct sk_slice s = sk_json_slice(json_array_get(list, i));

		ret.bind |= sk_slice_is(s, "bind") || sk_slice_is(s, "rbind");
		ret.ro |= sk_slice_is(s, "ro");
		for (size_t k = 0; k < SK_COUNTOF(propagations); k++)
			if (sk_slice_is(s, propagations[k]))
				ret.propagation = s;
	}
	return ret;
}

/* Parts of the host that the container sees. */
static void
mounts(json_t *o, const json_t *list, struct sk_slice own)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *m = json_array_get(list, i);
		struct sk_slice source = sk_json_text(m, "source");
		struct options opts = read_options(json_object_get(m, "options"));

		if (!opts.bind && !sk_slice_is(sk_json_text(m, "type"), "bind"))
			continue;
		if (own.n && memmem(source.p, source.n, own.p, own.n))
			continue;
		sk_facts_mount(o, source, sk_json_text(m, "destination"), opts.ro ? SK_SLICE("ro") : SK_SLICE(""), !opts.ro, opts.propagation);
	}
}

/* --- privilege ------------------------------------------------------------------------------------------------------------- */
static bool
has_text(const json_t *list, const char *wanted)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (sk_slice_is(sk_json_slice(json_array_get(list, i)), wanted))
			return true;
	return false;
}

/* The specification has no word for it. It is what every engine's switch of that name does: all capabilities, and nothing of /proc and /sys hidden. */
static bool
is_privileged(const json_t *spec)
{
	const json_t *caps = json_object_get(json_object_get(spec, "process"), "capabilities"), *os = json_object_get(spec, "linux");

	return has_text(json_object_get(caps, "bounding"), "CAP_SYS_ADMIN") && !json_array_size(json_object_get(os, "maskedPaths")) &&
	       !json_array_size(json_object_get(os, "readonlyPaths"));
}

/* A name space that is not listed is the host's. */
static bool
shares(const json_t *spec, const char *kind)
{
	const json_t *list = json_object_get(json_object_get(spec, "linux"), "namespaces");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (sk_slice_is(sk_json_text(json_array_get(list, i), "type"), kind))
			return false;
	return json_is_array(list);
}

/* --- all ------------------------------------------------------------------------------------------------------------------- */
/* "0-3,7": five. */
static int
count_cpus(struct sk_slice set)
{
	char text[256];
	int n = 0;

	(void)snprintf(text, sizeof(text), "%.*s", SK_SLICE_ARG(set));
	for (char *p = text, *end; *p >= '0' && *p <= '9'; p = *end == ',' ? end + 1 : end) {
		long from = strtol(p, &end, 10), to = from;

		if (*end == '-')
			to = strtol(end + 1, &end, 10);
		n += to >= from && to - from < 65536 ? (int)(to - from) + 1 : 0;
	}
	return n;
}

static void
resources(json_t *o, const json_t *r)
{
	const json_t *cpu = json_object_get(r, "cpu"), *memory = json_object_get(r, "memory");
	struct sk_slice cpus = sk_json_text(cpu, "cpus");

	sk_facts_int(o, "cpu_shares", json_object_get(cpu, "shares"));
	sk_facts_int(o, "cpu_quota", json_object_get(cpu, "quota"));
	sk_facts_int(o, "cpu_period", json_object_get(cpu, "period"));
	sk_facts_int(o, "memory_limit", json_object_get(memory, "limit"));
	sk_facts_int(o, "swap_limit", json_object_get(memory, "swap"));
	if (cpus.n)
		(void)json_object_set_new(o, "cpuset_cpu_count", json_integer(count_cpus(cpus)));
}

void
sk_oci_facts(json_t *o, const json_t *spec, struct sk_slice own)
{
	const json_t *process = json_object_get(spec, "process"), *uid = json_object_get(json_object_get(process, "user"), "uid");
	char user[32];

	mounts(o, json_object_get(spec, "mounts"), own);
	sk_facts_texts(o, "env", json_object_get(process, "env"));
	sk_facts_bool(o, "privileged", is_privileged(spec));
	sk_facts_bool(o, "host_pid", shares(spec, "pid"));
	sk_facts_bool(o, "host_network", shares(spec, "network"));
	sk_facts_bool(o, "host_ipc", shares(spec, "ipc"));
	resources(o, json_object_get(json_object_get(spec, "linux"), "resources"));
	if (json_is_integer(uid)) {
		(void)snprintf(user, sizeof(user), "%lld", (long long)json_integer_value(uid));
		sk_facts_text(o, "User", sk_slice_cstr(user));
	}
}

/* --- Kubernetes ------------------------------------------------------------------------------------------------------------ */
/* Labels by which the fields of pods are found; the kubelet's own names. */
static void
pod_labels(json_t *o, const json_t *a, const char *const keys[4])
{
	static const char *const names[4] = { "io.kubernetes.container.name", "io.kubernetes.pod.name", "io.kubernetes.pod.namespace", "io.kubernetes.pod.uid" };

	for (size_t i = 0; i < 4; i++) {
		struct sk_slice v = sk_json_text(a, keys[i]);

		if (v.n)
			sk_facts_label(o, "labels", sk_slice_cstr(names[i]), v);
	}
}

static void
sandbox(json_t *o, bool is_sandbox, struct sk_slice id)
{
	sk_facts_bool(o, "is_pod_sandbox", is_sandbox);
	if (id.n)
		sk_facts_text(o, "pod_sandbox_id", id);
}

static bool
containerd_facts(json_t *o, const json_t *a)
{
	static const char *const keys[4] = { "io.kubernetes.cri.container-name", "io.kubernetes.cri.sandbox-name", "io.kubernetes.cri.sandbox-namespace",
					     "io.kubernetes.cri.sandbox-uid" };
	struct sk_slice type = sk_json_text(a, "io.kubernetes.cri.container-type"), image = sk_json_text(a, "io.kubernetes.cri.image-name");
	bool is_sandbox = sk_slice_is(type, "sandbox");

	if (!type.n)
		return false;
	pod_labels(o, a, keys);
	sandbox(o, is_sandbox, sk_json_text(a, "io.kubernetes.cri.sandbox-id"));
	sk_facts_copy(o, "name", a, is_sandbox ? keys[1] : keys[0]);
	if (image.n)
		sk_facts_image(o, image);
	return true;
}

/* Labels are an object written as text. */
static void
labels_in_text(json_t *o, const char *key, struct sk_slice text)
{
	json_t *labels = text.n ? json_loadb(text.p, text.n, 0, NULL) : NULL;

	sk_facts_labels(o, key, labels);
	json_decref(labels);
}

static void
crio_image(json_t *o, const json_t *a)
{
	struct sk_slice name = sk_json_text(a, "io.kubernetes.cri-o.ImageName"), ref = sk_json_text(a, "io.kubernetes.cri-o.ImageRef");
	struct sk_slice asked = sk_json_text(a, "io.kubernetes.cri-o.Image");
	const char *at = ref.n ? memchr(ref.p, '@', ref.n) : NULL;

	if (!name.n)
		name = asked;
	if (name.n)
		sk_facts_image(o, name);
	if (at)
		sk_facts_text(o, "imagedigest", sk_slice(at + 1, ref.n - (size_t)(at - ref.p) - 1));
	else if (ref.n)
		sk_facts_image_id(o, ref);
}

static bool
crio_facts(json_t *o, const json_t *a)
{
	struct sk_slice type = sk_json_text(a, "io.kubernetes.cri-o.ContainerType"), labels = sk_json_text(a, "io.kubernetes.cri-o.Labels");
	bool is_sandbox = sk_slice_is(type, "sandbox");
	json_t *meta;

	if (!type.n)
		return false;
	meta = json_loads(json_string_value(json_object_get(a, "io.kubernetes.cri-o.Metadata")) ? json_string_value(json_object_get(a, "io.kubernetes.cri-o.Metadata")) : "", 0, NULL);
	labels_in_text(o, "labels", labels);
	if (is_sandbox)
		labels_in_text(o, "pod_sandbox_labels", labels);
	sk_facts_copy(o, "name", a, is_sandbox ? "io.kubernetes.cri-o.KubeName" : "io.kubernetes.cri-o.Name");
	sk_facts_copy(o, "name", meta, "name");
	json_decref(meta);
	sandbox(o, is_sandbox, sk_json_text(a, "io.kubernetes.cri-o.SandboxID"));
	sk_facts_copy(o, "ip", a, "io.kubernetes.cri-o.IP.0");
	sk_facts_copy(o, "cni_json", a, "io.kubernetes.cri-o.CNIResult");
	sk_facts_created(o, json_object_get(a, "io.kubernetes.cri-o.Created"));
	crio_image(o, a);
	return true;
}

bool
sk_cri_facts(json_t *o, const json_t *a)
{
	return containerd_facts(o, a) || crio_facts(o, a);
}

/* --- the network of a pod -------------------------------------------------------------------------------------------------- */
#define CNI_RESULTS "/var/lib/cni/results"

struct cni {
	char suffix[SK_FULL_ID + 16], name[256];
};

static bool
is_result(void *arg, const char *name)
{
	struct cni *c = arg;

	if (!sk_slice_ends(sk_slice_cstr(name), sk_slice_cstr(c->suffix)))
		return false;
	(void)snprintf(c->name, sizeof(c->name), "%s", name);
	return true;
}

static void
address(json_t *o, const json_t *result)
{
	struct sk_slice a = sk_json_text(json_array_get(json_object_get(result, "ips"), 0), "address");
	const char *slash = a.n ? memchr(a.p, '/', a.n) : NULL;

	if (a.n)
		sk_facts_text(o, "ip", slash ? sk_slice(a.p, (size_t)(slash - a.p)) : a);
}

void
sk_cni_facts(struct sk_runtime *r, json_t *o, const char *id)
{
	struct cni c = { .name = "" };
	char path[512];

	(void)snprintf(c.suffix, sizeof(c.suffix), "-%.*s-eth0", (int)SK_FULL_ID, id);
	if (!sk_host_each(r, CNI_RESULTS, is_result, &c) || !sk_host_path(path, sizeof(path), CNI_RESULTS "/%s", c.name))
		return;
	json_t *file = sk_host_json(r, path);
	const json_t *inner = json_object_get(file, "result"), *result = inner ? inner : file;
	char *text = result ? json_dumps(result, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	if (text) {
		address(o, result);
		sk_facts_text(o, "cni_json", sk_slice_cstr(text));
	}
	free(text);
	json_decref(file);
}
