/* What runtimes leave on disk, as trees of files that each runtime's own look like, and what is made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bolt_maker.h"
#include "daemon/runtime/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <saker/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C64 "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

/* --- a host ---------------------------------------------------------------------------------------------------------------- */
struct host {
	char root[64];
	struct sk_runtime *runtime;
	struct sk_buf out;
	json_t *event;
};

static int
set_up(void **state)
{
	struct host *h = calloc(1, sizeof(*h));

	if (!h)
		return -1;
	(void)snprintf(h->root, sizeof(h->root), "/tmp/saker-host-XXXXXX");
	if (!mkdtemp(h->root))
		return -1;
	*state = h;
	return sk_runtime_new(&(struct sk_runtime_opts){ .sz = sizeof(struct sk_runtime_opts), .host_root = h->root, .engines = SK_ENGINE_ALL }, &h->runtime);
}

static int
unlink_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int
tear_down(void **state)
{
	struct host *h = *state;

	sk_runtime_free(h->runtime);
	sk_buf_free(&h->out);
	json_decref(h->event);
	(void)nftw(h->root, unlink_one, 16, FTW_DEPTH | FTW_PHYS);
	free(h);
	return 0;
}

/* The whole path of PATH, its directories made. */
static const char *
place(const struct host *h, const char *path)
{
	static char full[1024];

	(void)snprintf(full, sizeof(full), "%s%s", h->root, path);
	for (char *p = full + strlen(h->root) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		(void)mkdir(full, 0755);
		*p = '/';
	}
	return full;
}

static void
put_bytes(const struct host *h, const char *path, const char *p, size_t n)
{
	FILE *f = fopen(place(h, path), "w");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void
put(const struct host *h, const char *path, const char *text)
{
	put_bytes(h, path, text, strlen(text));
}

/* Look for the container of a cgroup path; the object of the event stays until the next call. */
static int
look(struct host *h, const char *cgroup)
{
	char cgroups[512];
	struct sk_container_ref ref;
	int n = snprintf(cgroups, sizeof(cgroups), "cpu=%s", cgroup);

	assert_true(sk_container_ref_of(sk_slice(cgroups, (size_t)n + 1), &ref));
	int r = sk_runtime_find(h->runtime, &ref, &h->out);
	json_decref(h->event);
	h->event = r == 0 ? json_loadb(h->out.p, h->out.n - 1, 0, NULL) : NULL;
	return r;
}

/* Members of the container, as JSON. */
static void
expect(const struct host *h, const char *members)
{
	json_t *wanted = json_loads(members, 0, NULL), *v;
	const json_t *c = json_object_get(h->event, "container");
	const char *key;

	assert_non_null(wanted);
	json_object_foreach(wanted, key, v)
	{
		if (!json_equal(v, (json_t *)(uintptr_t)json_object_get(c, key)))
			fail_msg("%s is %s", key, json_dumps(json_object_get(c, key), JSON_ENCODE_ANY));
	}
	json_decref(wanted);
}

#define SPEC(more)                                                                                                                     \
	"{\"ociVersion\":\"1.0.2\",\"process\":{\"user\":{\"uid\":7},\"env\":[\"A=1\"],\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"]}},"             \
	"\"mounts\":[{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"},{\"destination\":\"/data\",\"type\":\"bind\","                  \
	"\"source\":\"/srv\",\"options\":[\"ro\",\"rprivate\",\"rbind\"]},{\"destination\":\"/etc/hosts\",\"type\":\"bind\","                          \
	"\"source\":\"/run/containers/storage/overlay-containers/" A64 "/userdata/hosts\",\"options\":[\"bind\"]}],"                             \
	"\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"mount\"},{\"type\":\"ipc\"}],\"maskedPaths\":[\"/proc/kcore\"],"                    \
	"\"resources\":{\"cpu\":{\"shares\":512,\"cpus\":\"0-2,5\"},\"memory\":{\"limit\":67108864}}}" more "}"
#define MOUNTS "[{\"Source\":\"/srv\",\"Destination\":\"/data\",\"Mode\":\"ro\",\"RW\":false,\"Propagation\":\"rprivate\"}]"

/* --- podman ---------------------------------------------------------------------------------------------------------------- */
#define STORE "/var/lib/containers/storage"
#define IMAGES "[{\"id\":\"" B64 "\",\"digest\":\"sha256:d1\",\"names\":[\"r.test:5000/team/bb:2\"]}]"

static void
put_podman_database(const struct host *h, const char *path)
{
	static const char config[] =
		"{\"name\":\"web\",\"rootfsImageName\":\"r.test:5000/team/bb:2\",\"rootfsImageID\":\"" B64 "\",\"labels\":{\"app\":\"web\",\"tier\":\"front\"},\"user\":\"65534\","
		"\"privileged\":true,\"createdTime\":\"2026-11-23T23:07:29.155859507+01:00\",\"healthcheck\":{\"Test\":[\"CMD-SHELL\",\"ls /\"]}}";
	struct bolt_bucket container = { .n = 0 }, containers = { .n = 0 }, root = { .n = 0 };
	struct sk_buf one = { 0 }, two = { 0 }, file = { 0 };

	bolt_pair(&container, "config", config);
	bolt_page(&container, 0, &one);
	bolt_nest(&containers, A64, &one);
	bolt_page(&containers, 0, &two);
	bolt_nest(&root, "ctr", &two);
	bolt_file(&root, &file);
	put_bytes(h, path, file.p, file.n);
	sk_buf_free(&one);
	sk_buf_free(&two);
	sk_buf_free(&file);
}

static void
podman(void **state)
{
	struct host *h = *state;

	put_podman_database(h, STORE "/libpod/bolt_state.db");
	put(h, STORE "/overlay-images/images.json", IMAGES);
	put(h, STORE "/overlay-containers/" A64 "/userdata/config.json", SPEC(",\"annotations\":{\"io.container.manager\":\"libpod\"}"));
	assert_int_equal(look(h, "/machine.slice/libpod-" A64 ".scope/container"), 0);
	expect(h, "{\"id\":\"aaaaaaaaaaaa\",\"full_id\":\"" A64 "\",\"type\":11,\"name\":\"web\",\"image\":\"r.test:5000/team/bb:2\",\"imagerepo\":\"r.test:5000/team/bb\","
		  "\"imagetag\":\"2\",\"imageid\":\"" B64 "\",\"imagedigest\":\"sha256:d1\",\"labels\":{\"app\":\"web\",\"tier\":\"front\"},\"User\":\"65534\","
		  "\"privileged\":true,\"Mounts\":" MOUNTS ",\"env\":[\"A=1\"],\"host_network\":true,\"host_pid\":false,\"host_ipc\":false,"
		  "\"cpu_shares\":512,\"cpuset_cpu_count\":4,\"memory_limit\":67108864,\"created_time\":1795471649,"
		  "\"Healthcheck\":{\"exe\":\"sh\",\"args\":[\"-c\",\"ls /\"]},\"is_pod_sandbox\":false,\"pod_sandbox_labels\":null,\"size\":-1}");
}

/* Without the database, the store's own lists know less, and the specification says what it is. */
static void
podman_by_lists(void **state)
{
	struct host *h = *state;

	put(h, STORE "/overlay-images/images.json", IMAGES);
	put(h, STORE "/overlay-containers/containers.json",
	    "[{\"id\":\"" A64 "\",\"names\":[\"web\"],\"image\":\"" B64 "\",\"metadata\":\"{\\\"image-name\\\":\\\"bb:1\\\"}\",\"created\":\"2026-11-23T23:07:29Z\"}]");
	put(h, STORE "/overlay-containers/" A64 "/userdata/config.json",
	    SPEC(",\"annotations\":{\"io.container.manager\":\"libpod\",\"io.podman.annotations.privileged\":\"TRUE\"}"));
	assert_int_equal(look(h, "/libpod_parent/libpod-" A64), 0);
	expect(h, "{\"name\":\"web\",\"image\":\"bb:1\",\"imagerepo\":\"bb\",\"imagetag\":\"1\",\"imageid\":\"" B64 "\",\"imagedigest\":\"sha256:d1\",\"privileged\":true,"
		  "\"User\":\"7\",\"labels\":{},\"created_time\":1795475249}");
}

static void
podman_of_a_user(void **state)
{
	struct host *h = *state;

	put(h, "/etc/passwd", "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh");
	put_podman_database(h, "/home/ann/.local/share/containers/storage/libpod/bolt_state.db");
	assert_int_equal(look(h, "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" A64 ".scope"), 0);
	expect(h, "{\"name\":\"web\",\"type\":11}");
	assert_int_equal(look(h, "/user.slice/user-1001.slice/user@1001.service/user.slice/libpod-" A64 ".scope"), -ENOENT);
	assert_int_equal(look(h, "/machine.slice/libpod-" A64 ".scope"), -ENOENT);
}

/* --- CRI-O ----------------------------------------------------------------------------------------------------------------- */
static void
crio(void **state)
{
	struct host *h = *state;
	struct sk_container_ref ref, pod;
	char cgroups[] = "cpu=/kubepods.slice/crio-" A64 ".scope";

	put(h, "/run/containers/storage/overlay-containers/" A64 "/userdata/config.json",
	    SPEC(",\"annotations\":{\"io.kubernetes.cri-o.ContainerType\":\"container\",\"io.kubernetes.cri-o.SandboxID\":\"" B64 "\",\"io.kubernetes.cri-o.Name\":\"k8s_main_pod\","
		 "\"io.kubernetes.cri-o.Metadata\":\"{\\\"name\\\":\\\"main\\\",\\\"attempt\\\":2}\",\"io.kubernetes.cri-o.ImageName\":\"quay.test/a/b:3\","
		 "\"io.kubernetes.cri-o.ImageRef\":\"quay.test/a/b@sha256:d9\",\"io.kubernetes.cri-o.Labels\":\"{\\\"io.kubernetes.pod.name\\\":\\\"pod-a\\\"}\"}"));
	put(h, "/run/containers/storage/overlay-containers/" B64 "/userdata/config.json",
	    SPEC(",\"annotations\":{\"io.kubernetes.cri-o.ContainerType\":\"sandbox\",\"io.kubernetes.cri-o.SandboxID\":\"" B64 "\",\"io.kubernetes.cri-o.KubeName\":\"pod-a\","
		 "\"io.kubernetes.cri-o.IP.0\":\"10.1.2.3\",\"io.kubernetes.cri-o.CNIResult\":\"{}\",\"io.kubernetes.cri-o.Labels\":\"{\\\"app\\\":\\\"x\\\"}\"}"));
	assert_int_equal(look(h, "/kubepods.slice/crio-" A64 ".scope"), 0);
	expect(h, "{\"type\":8,\"name\":\"main\",\"image\":\"quay.test/a/b:3\",\"imagetag\":\"3\",\"imagedigest\":\"sha256:d9\",\"pod_sandbox_id\":\"" B64 "\","
		  "\"labels\":{\"io.kubernetes.pod.name\":\"pod-a\"},\"Mounts\":" MOUNTS "}");
	assert_true(sk_container_ref_of(sk_slice(cgroups, sizeof(cgroups)), &ref));
	assert_true(sk_runtime_sandbox(h->runtime, &ref, &pod));
	assert_int_equal(look(h, "/kubepods.slice/crio-" B64 ".scope"), 0);
	expect(h, "{\"type\":8,\"name\":\"pod-a\",\"is_pod_sandbox\":true,\"ip\":\"10.1.2.3\",\"cni_json\":\"{}\",\"pod_sandbox_labels\":{\"app\":\"x\"}}");
	assert_false(sk_runtime_sandbox(h->runtime, &ref, &pod));
}

/* --- containerd ------------------------------------------------------------------------------------------------------------ */
#define TASKS "/run/containerd/io.containerd.runtime.v2.task"
#define META "/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db"

/* v1/NS: container ID of image "img:1" with two labels, its sandbox with one. */
static void
make_meta(const char *ns, const char *id, struct sk_buf *file)
{
	struct bolt_bucket labels = { .n = 0 }, one = { .n = 0 }, pod_labels = { .n = 0 }, pod = { .n = 0 }, all = { .n = 0 }, target = { .n = 0 }, image = { .n = 0 };
	struct bolt_bucket images = { .n = 0 }, blob_labels = { .n = 0 }, blob = { .n = 0 }, blobs = { .n = 0 }, content = { .n = 0 }, space = { .n = 0 };
	struct bolt_bucket v1 = { .n = 0 }, root = { .n = 0 };
	struct sk_buf p[16] = { { 0 } };
	size_t k = 0;

#define NEST(parent, key, child) (bolt_page(&(child), 0, &p[k]), bolt_nest(&(parent), key, &p[k]), k++)
	bolt_pair(&labels, "app", "web");
	bolt_pair(&labels, "nerdctl/name", "nice");
	bolt_pair(&one, "createdat", "\x01\x01\x01\x01\x0e\xe2\x96\xbe\x34");
	bolt_pair(&one, "image", "img:1");
	NEST(one, "labels", labels);
	bolt_pair(&pod_labels, "team", "blue");
	NEST(pod, "labels", pod_labels);
	NEST(all, id, one);
	NEST(all, B64, pod);
	bolt_pair(&blob_labels, "containerd.io/gc.ref.content.config", "sha256:" C64);
	NEST(blob, "labels", blob_labels);
	NEST(blobs, "sha256:m", blob);
	NEST(content, "blob", blobs);
	bolt_pair(&target, "digest", "sha256:m");
	NEST(image, "target", target);
	NEST(images, "img:1", image);
	NEST(space, "containers", all);
	NEST(space, "content", content);
	NEST(space, "images", images);
	NEST(v1, ns, space);
	NEST(root, "v1", v1);
#undef NEST
	bolt_file(&root, file);
	for (size_t i = 0; i < k; i++)
		sk_buf_free(&p[i]);
}

static void
put_meta(const struct host *h, const char *ns, const char *id)
{
	struct sk_buf file = { 0 };

	make_meta(ns, id, &file);
	put_bytes(h, META, file.p, file.n);
	sk_buf_free(&file);
}

static void
containerd(void **state)
{
	struct host *h = *state;

	put_meta(h, "default", "a-name-longer-than-12");
	put(h, TASKS "/default/a-name-longer-than-12/config.json", SPEC(""));
	assert_int_equal(look(h, "/default/a-name-longer-than-12"), 0);
	expect(h, "{\"id\":\"a-name-longe\",\"full_id\":\"a-name-longer-than-12\",\"type\":7,\"name\":\"nice\",\"image\":\"img:1\",\"imagerepo\":\"img\",\"imagetag\":\"1\","
		  "\"imagedigest\":\"sha256:m\",\"imageid\":\"" C64 "\",\"labels\":{\"app\":\"web\",\"nerdctl/name\":\"nice\"},\"User\":\"7\"}");
	assert_int_equal(look(h, "/default/another"), -ENOENT);
	assert_int_equal(look(h, "/elsewhere/a-name-longer-than-12"), -ENOENT);
	assert_true(sk_runtime_has_namespace(h->runtime, SK_SLICE("default")));
	assert_false(sk_runtime_has_namespace(h->runtime, SK_SLICE("process_api")));
	assert_false(sk_runtime_has_namespace(h->runtime, SK_SLICE("..")));
}

static void
kubernetes_by_containerd(void **state)
{
	struct host *h = *state;

	put_meta(h, "k8s.io", A64);
	put(h, TASKS "/k8s.io/" A64 "/config.json",
	    SPEC(",\"annotations\":{\"io.kubernetes.cri.container-type\":\"container\",\"io.kubernetes.cri.container-name\":\"main\",\"io.kubernetes.cri.sandbox-id\":\"" B64 "\","
		 "\"io.kubernetes.cri.sandbox-name\":\"pod-a\",\"io.kubernetes.cri.sandbox-namespace\":\"ns-a\",\"io.kubernetes.cri.sandbox-uid\":\"u-1\","
		 "\"io.kubernetes.cri.image-name\":\"docker.io/library/bb:1\"}"));
	put(h, TASKS "/k8s.io/" B64 "/config.json",
	    SPEC(",\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\",\"io.kubernetes.cri.sandbox-id\":\"" B64 "\",\"io.kubernetes.cri.sandbox-name\":\"pod-a\"}"));
	put(h, "/var/lib/cni/results/net-" B64 "-eth0", "{\"kind\":\"cniCacheV1\",\"result\":{\"ips\":[{\"address\":\"10.9.8.7/24\"}]}}");
	assert_int_equal(look(h, "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" A64 ".scope"), 0);
	expect(h, "{\"type\":7,\"image\":\"docker.io/library/bb:1\",\"pod_sandbox_id\":\"" B64 "\",\"pod_sandbox_labels\":{\"team\":\"blue\"},"
		  "\"labels\":{\"app\":\"web\",\"nerdctl/name\":\"nice\",\"io.kubernetes.container.name\":\"main\",\"io.kubernetes.pod.name\":\"pod-a\","
		  "\"io.kubernetes.pod.namespace\":\"ns-a\",\"io.kubernetes.pod.uid\":\"u-1\"}}");
	assert_int_equal(look(h, "/kubepods/besteffort/pod1/" B64), 0);
	expect(h, "{\"name\":\"pod-a\",\"is_pod_sandbox\":true,\"ip\":\"10.9.8.7\",\"pod_sandbox_labels\":{\"team\":\"blue\"}}");
}

/* --- docker ---------------------------------------------------------------------------------------------------------------- */
static void
put_docker(const struct host *h, const char *root)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/containers/" A64 "/config.v2.json", root);
	put(h, path,
	    "{\"Created\":\"2026-11-23T23:07:29.1Z\",\"Driver\":\"overlay2\",\"Name\":\"/web\",\"Image\":\"sha256:" B64 "\",\"Config\":{\"User\":\"ann\",\"Image\":\"" B64 "\","
	    "\"Env\":[\"K=v\"],\"Labels\":{\"a\":\"b\",\"io.kubernetes.sandbox.id\":\"" C64 "\"},\"Healthcheck\":{\"Test\":[\"CMD\",\"curl\",\"-f\",\"x\"]}},"
	    "\"MountPoints\":{\"/data\":{\"Source\":\"/srv\",\"Destination\":\"/data\",\"RW\":false,\"Mode\":\"ro\",\"Propagation\":\"rprivate\"}},"
	    "\"NetworkSettings\":{\"Networks\":{\"bridge\":{\"IPAddress\":\"172.17.0.2\"}}}}");
	(void)snprintf(path, sizeof(path), "%s/containers/" A64 "/hostconfig.json", root);
	put(h, path, "{\"Privileged\":true,\"NetworkMode\":\"host\",\"PidMode\":\"\",\"IpcMode\":\"private\",\"Memory\":1024,\"CpuShares\":0}");
	(void)snprintf(path, sizeof(path), "%s/image/overlay2/repositories.json", root);
	put(h, path, "{\"Repositories\":{\"bb\":{\"bb:latest\":\"sha256:" B64 "\",\"bb@sha256:d2\":\"sha256:" B64 "\"},\"cc\":{\"cc:1\":\"sha256:" C64 "\"}}}");
}

static void
docker(void **state)
{
	struct host *h = *state;
	static const char *const groups[] = { "/docker/" A64, "/system.slice/docker-" A64 ".scope", "/system.slice/docker-" A64 ".scope/init.scope" };

	put_docker(h, "/var/lib/docker");
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(look(h, groups[i]), 0);
		expect(h, "{\"id\":\"aaaaaaaaaaaa\",\"type\":0,\"name\":\"web\",\"image\":\"bb:latest\",\"imagerepo\":\"bb\",\"imagetag\":\"latest\",\"imageid\":\"" B64 "\","
			  "\"imagedigest\":\"sha256:d2\",\"User\":\"ann\",\"privileged\":true,\"host_network\":true,\"host_pid\":false,\"Mounts\":" MOUNTS ",\"ip\":\"172.17.0.2\","
			  "\"memory_limit\":1024,\"cpu_shares\":1024,\"Healthcheck\":{\"exe\":\"curl\",\"args\":[\"-f\",\"x\"]},\"pod_sandbox_id\":\"" C64 "\"}");
	}
}

static void
docker_elsewhere(void **state)
{
	struct host *h = *state;

	put(h, "/etc/docker/daemon.json", "{\"data-root\":\"/big\"}");
	put_docker(h, "/big");
	assert_int_equal(look(h, "/docker/" A64), 0);
	expect(h, "{\"name\":\"web\"}");
}

/* --- runc, crun, names ----------------------------------------------------------------------------------------------------- */
static void
runc_and_crun(void **state)
{
	struct host *h = *state;

	put(h, "/run/runc/box/state.json", "{\"id\":\"box\",\"created\":\"2026-11-23T23:07:29Z\",\"config\":{\"labels\":[\"k=v\",\"bundle=/b\"]}}");
	put(h, "/run/crun/cab/status", "{\"pid\":1,\"bundle\":\"/b\",\"created\":\"2026-11-23T23:07:29Z\"}");
	put(h, "/b/config.json", SPEC(",\"annotations\":{\"l\":\"m\"}"));
	assert_int_equal(look(h, "/box"), 0);
	expect(h, "{\"id\":\"box\",\"full_id\":\"box\",\"type\":5,\"name\":\"box\",\"created_time\":1795475249,\"labels\":{\"l\":\"m\"},\"User\":\"7\"}");
	assert_int_equal(look(h, "/user.slice/runc-box.scope"), 0);
	assert_int_equal(look(h, "/user.slice/crun-cab.scope"), 0);
	expect(h, "{\"name\":\"cab\",\"type\":5}");
	assert_int_equal(look(h, "/nobody"), -ENOENT);
	assert_int_equal(look(h, "/lxc/guest"), 0);
	expect(h, "{\"id\":\"guest\",\"type\":1,\"name\":\"guest\"}");
}

/* --- what must not be believed --------------------------------------------------------------------------------------------- */
static void
hostile_files(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "7", "\"x\"", "{\"Config\":[],\"Name\":7,\"MountPoints\":[1],\"NetworkSettings\":\"x\"}", "{\"Name\":\"\\u0000\"}",
					     "{\"Name\":\"/\xff\xfe\"}", "{\"Config\":{\"Healthcheck\":{\"Test\":[\"CMD\"]},\"Labels\":{\"\":\"\",\"x\":[]},\"Image\":\"@\"}}" };
	struct host *h = *state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		put(h, "/var/lib/docker/containers/" A64 "/config.v2.json", texts[i]);
		put(h, STORE "/overlay-containers/" B64 "/userdata/config.json", texts[i]);
		put(h, "/run/runc/box/state.json", texts[i]);
		(void)look(h, "/docker/" A64);
		(void)look(h, "/libpod-" B64);
		(void)look(h, "/box");
	}
	put(h, "/run/runc/box/state.json", "{\"config\":{\"labels\":[\"bundle=relative\",\"bundle=/../../etc\",7]}}");
	assert_int_equal(look(h, "/box"), 0);
}

/* Links lead where they lead on the host; what is no file is not opened. */
static void
links_and_pipes(void **state)
{
	struct host *h = *state;
	char outside[128];

	put_docker(h, "/big");
	assert_int_equal(symlink("/big", place(h, "/var/lib/docker")), 0);
	assert_int_equal(look(h, "/docker/" A64), 0);
	expect(h, "{\"name\":\"web\"}");
	(void)snprintf(outside, sizeof(outside), "/run/crun/cab/status");
	assert_int_equal(symlink("../../../../../../../../etc/passwd", place(h, outside)), 0);
	assert_int_equal(look(h, "/cab"), -ENOENT);
	assert_int_equal(mkfifo(place(h, "/run/runc/pipe/state.json"), 0600), 0);
	assert_int_equal(look(h, "/pipe"), -ENOENT);
	assert_int_equal(symlink("loop", place(h, "/run/runc/loop")), 0);
	assert_int_equal(look(h, "/loop"), -ENOENT);
}

static void
too_large(void **state)
{
	struct host *h = *state;
	json_t *labels = json_object(), *c;
	char key[32], *text;

	for (int i = 0; i < 5000; i++) {
		(void)snprintf(key, sizeof(key), "k%d", i);
		(void)json_object_set_new(labels, key, json_string("v"));
	}
	c = json_pack("{s:s,s:{s:o}}", "Name", "/big", "Config", "Labels", labels);
	text = json_dumps(c, 0);
	put(h, "/var/lib/docker/containers/" A64 "/config.v2.json", text);
	assert_int_equal(look(h, "/docker/" A64), 0);
	assert_int_equal(json_object_size(json_object_get(json_object_get(h->event, "container"), "labels")), SK_MAX_RUNTIME_ITEMS);
	assert_int_equal(truncate(place(h, "/var/lib/docker/containers/" A64 "/config.v2.json"), SK_MAX_RUNTIME_FILE + 1), 0);
	assert_int_equal(look(h, "/docker/" A64), -ENOENT);
	free(text);
	json_decref(c);
}

/* Any byte of a database may be wrong. */
static void
damaged_database(void **state)
{
	struct host *h = *state;
	struct sk_buf file = { 0 };

	make_meta("default", "one", &file);
	put(h, TASKS "/default/one/config.json", SPEC(""));
	for (size_t i = 2u * BOLT_PAGE; i < file.n && i < 2u * BOLT_PAGE + 1200; i++) {
		for (int v = 0; v < 3; v++) {
			char was = file.p[i];

			file.p[i] = (char)(v == 0 ? 0xff : v == 1 ? was + 1 : was ^ 0x80);
			put_bytes(h, META, file.p, file.n);
			file.p[i] = was;
			assert_int_equal(look(h, "/default/one"), 0);
		}
	}
	for (size_t n = 0; n <= file.n; n += 61) {
		put_bytes(h, META, file.p, n);
		assert_int_equal(look(h, "/default/one"), 0);
	}
	sk_buf_free(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(podman, set_up, tear_down),
		cmocka_unit_test_setup_teardown(podman_by_lists, set_up, tear_down),
		cmocka_unit_test_setup_teardown(podman_of_a_user, set_up, tear_down),
		cmocka_unit_test_setup_teardown(crio, set_up, tear_down),
		cmocka_unit_test_setup_teardown(containerd, set_up, tear_down),
		cmocka_unit_test_setup_teardown(kubernetes_by_containerd, set_up, tear_down),
		cmocka_unit_test_setup_teardown(docker, set_up, tear_down),
		cmocka_unit_test_setup_teardown(docker_elsewhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(runc_and_crun, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hostile_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(links_and_pipes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_large, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damaged_database, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
