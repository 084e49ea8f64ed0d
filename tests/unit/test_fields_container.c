/* container.* and k8s.*: on the host, in containers with and without meta data, on the events that describe one. */
#include "daemon/state/containers.h"
#include "tests/unit/field_check.h"

#define ID64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define CGROUPS "cpuset=/docker/" ID64 "\0"

static const char web[] =
	"{\"container\":{\"id\":\"0123456789ab\",\"full_id\":\"" ID64 "\",\"name\":\"web\",\"type\":0,\"image\":\"reg/app:1\",\"imagerepo\":\"reg/app\","
	"\"imagetag\":\"1\",\"imageid\":\"ii\",\"imagedigest\":\"sha256:dd\",\"ip\":\"10.0.0.2\",\"cni_json\":\"\",\"privileged\":true,\"host_pid\":true,"
	"\"host_network\":false,\"host_ipc\":false,\"pod_sandbox_id\":\"fedcba9876543210\",\"pod_sandbox_labels\":{\"tier\":\"x\"},"
	"\"labels\":{\"b\":\"2\",\"a\":\"\",\"io.kubernetes.pod.name\":\"pod-1\",\"io.kubernetes.pod.namespace\":\"ns\",\"io.kubernetes.pod.uid\":\"u-1\","
	"\"annotation.x\":\"y\"},"
	"\"Mounts\":[{\"Source\":\"/etc\",\"Destination\":\"/host/etc\",\"Mode\":\"\",\"RW\":true,\"Propagation\":\"rprivate\"},"
	"{\"Source\":\"/srv/data\",\"Destination\":\"/data\",\"Mode\":\"ro\",\"RW\":false,\"Propagation\":\"\"}],"
	"\"Healthcheck\":{\"exe\":\"curl\",\"args\":[\"-f\",\"localhost\"]}}}";

static const char sandbox[] =
	"{\"container\":{\"id\":\"fedcba987654\",\"name\":\"pause\",\"type\":7,\"ip\":\"10.244.0.9\",\"cni_json\":\"{}\",\"is_pod_sandbox\":true,"
	"\"pod_sandbox_labels\":{\"app\":\"shop\",\"tier\":\"back\"}}}";

static void
describe(struct field_fixture *x, const char *json)
{
	field_event(x, SK_E_CONTAINER_JSON_2_E, 1, -1);
	field_param(x, json, strlen(json) + 1);
	sk_state_apply(x->state, &x->ev, &x->fields->ec);
}

/* Thread 1 on the host, 2 in the container "web". */
static int
setup(void **ctx)
{
	static struct field_fixture fixture;
	struct field_fixture *x = &fixture;
	struct sk_thread_entry t = { .tid = 1, .pid = 1, .vtid = 1, .vpid = 1, .comm = SK_SLICE("init") };

	if (field_setup(x) < 0)
		return -1;
	assert_non_null(sk_state_add_thread(x->state, &t));
	t.tid = t.pid = 2;
	t.vtid = t.vpid = 1;
	t.ptid = 1;
	t.cgroups = sk_slice(CGROUPS, sizeof(CGROUPS) - 1);
	t.pidns_init_start_ts = 100;
	assert_non_null(sk_state_add_thread(x->state, &t));
	sk_state_lists_done(x->state);
	*ctx = x;
	return 0;
}

static int
teardown(void **ctx)
{
	field_teardown(*ctx);
	return 0;
}

static void
test_host(void **ctx)
{
	static const struct field_case cases[] = {
		{ "container.id", NULL, "\"host\"" },     { "container.full_id", NULL, "\"host\"" },    { "container.name", NULL, "\"host\"" },
		{ "container.type", NULL, "\"host\"" },   { "container.image", NULL, "\"\"" },          { "container.privileged", NULL, "false" },
		{ "container.mounts", NULL, "\"\"" },     { "container.mount", "0", "absent" },         { "container.labels", NULL, "\"\"" },
		{ "container.label", "a", "absent" },     { "container.start_ts", NULL, "absent" },     { "container.duration", NULL, "absent" },
		{ "k8s.pod.name", NULL, "absent" },       { "k8s.pod.labels", NULL, "\"\"" },           { "k8s.pod.sandbox_id", NULL, "\"\"" },
		{ "k8s.pod.ip", NULL, "\"\"" },           { "proc.is_container_healthcheck", NULL, "absent" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_OPEN_X, 500, 1);
	FIELD_CHECK_ALL(x, cases);
}

static void
test_without_meta_data(void **ctx)
{
	static const struct field_case cases[] = {
		{ "container.id", NULL, "\"0123456789ab\"" }, { "container.name", NULL, "absent" },   { "container.full_id", NULL, "absent" },
		{ "container.privileged", NULL, "absent" },   { "container.image", NULL, "absent" },  { "container.start_ts", NULL, "100" },
		{ "container.duration", NULL, "400" },        { "container.mount", "0", "absent" },   { "k8s.pod.labels", NULL, "absent" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_OPEN_X, 500, 2);
	FIELD_CHECK_ALL(x, cases);
}

static void
test_container(void **ctx)
{
	static const struct field_case cases[] = {
		{ "container.id", NULL, "\"0123456789ab\"" },
		{ "container.full_id", NULL, "\"" ID64 "\"" },
		{ "container.name", NULL, "\"web\"" },
		{ "container.type", NULL, "\"docker\"" },
		{ "container.image", NULL, "\"reg/app:1\"" },
		{ "container.image.repository", NULL, "\"reg/app\"" },
		{ "container.image.tag", NULL, "\"1\"" },
		{ "container.image.id", NULL, "\"ii\"" },
		{ "container.image.digest", NULL, "\"sha256:dd\"" },
		{ "container.ip", NULL, "\"10.0.0.2\"" },
		{ "container.privileged", NULL, "true" },
		{ "container.host_pid", NULL, "true" },
		{ "container.host_network", NULL, "false" },
		{ "container.labels", NULL, "\"a, b:2\"" },
		{ "container.label", "b", "\"2\"" },
		{ "container.label", "io.kubernetes.pod.name", "\"pod-1\"" },
		{ "container.label", "none", "absent" },
		{ "container.mounts", NULL, "\"/etc:/host/etc::true:rprivate,/srv/data:/data:ro:false:\"" },
		{ "container.mount", "1", "\"/srv/data:/data:ro:false:\"" },
		{ "container.mount", "2", "absent" },
		{ "container.mount", "/etc", "\"/etc:/host/etc::true:rprivate\"" },
		{ "container.mount", "/srv/*", "\"/srv/data:/data:ro:false:\"" },
		{ "container.mount", "/nope", "absent" },
		{ "container.mount.dest", "/e[a-z]c", "\"/host/etc\"" },
		{ "container.mount.source", "/data", "\"/srv/data\"" }, /* chosen by destination */
		{ "container.mount.source", "/etc", "absent" },
		{ "container.mount.mode", "1", "\"ro\"" },
		{ "container.mount.rdwr", "1", "\"false\"" },
		{ "container.mount.propagation", "0", "\"rprivate\"" },
		{ "container.healthcheck", NULL, "\"curl -f localhost\"" },
		{ "container.liveness_probe", NULL, "absent" },
		{ "proc.is_container_healthcheck", NULL, "false" },
		{ "proc.is_container_liveness_probe", NULL, "absent" },
		{ "k8s.pod.name", NULL, "\"pod-1\"" },
		{ "k8s.pod.uid", NULL, "\"u-1\"" },
		{ "k8s.pod.id", NULL, "\"u-1\"" },
		{ "k8s.ns.name", NULL, "\"ns\"" },
		{ "k8s.pod.full_sandbox_id", NULL, "\"fedcba9876543210\"" },
		{ "k8s.pod.sandbox_id", NULL, "\"fedcba987654\"" },
		{ "k8s.pod.labels", NULL, "\"tier:x\"" },
		{ "k8s.pod.label", "tier", "\"x\"" },
		{ "k8s.pod.ip", NULL, "absent" }, /* its sandbox is not known */
		{ "k8s.pod.cni.json", NULL, "absent" },
		{ "k8s.rc.name", NULL, "absent" },
		{ "k8s.deployment.label", "x", "absent" },
	};
	static const struct field_case with_sandbox[] = {
		{ "k8s.pod.ip", NULL, "\"10.244.0.9\"" },
		{ "k8s.pod.cni.json", NULL, "\"{}\"" },
		{ "k8s.pod.labels", NULL, "\"app:shop, tier:back\"" },
		{ "k8s.pod.label", "tier", "\"back\"" },
		{ "k8s.pod.label", "app", "\"shop\"" },
	};
	struct field_fixture *x = *ctx;

	describe(x, web);
	field_event(x, SK_E_SYSCALL_OPEN_X, 500, 2);
	FIELD_CHECK_ALL(x, cases);
	describe(x, sandbox);
	field_event(x, SK_E_SYSCALL_OPEN_X, 500, 2);
	FIELD_CHECK_ALL(x, with_sandbox);
}

/* The event that describes a container is about it, though it has no thread. */
static void
test_describing_event(void **ctx)
{
	static const struct field_case cases[] = {
		{ "container.id", NULL, "\"0123456789ab\"" }, { "container.name", NULL, "\"web\"" }, { "proc.name", NULL, "absent" },
		{ "container.start_ts", NULL, "absent" },
	};
	struct field_fixture *x = *ctx;

	describe(x, web);
	FIELD_CHECK_ALL(x, cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_host, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_meta_data, setup, teardown),
		cmocka_unit_test_setup_teardown(test_container, setup, teardown),
		cmocka_unit_test_setup_teardown(test_describing_event, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
