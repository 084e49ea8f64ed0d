/* Containers by event, and the processes that check their health. */
#include "state_check.h"

#include "base/buf.h"
#include "daemon/state/containers.h"

static const char web[] =
    "{\"container\":{\"Healthcheck\":{\"args\":[\"-c\",\"true\"],\"exe\":\"sh\"},\"Mounts\":[{\"Destination\":\"/"
    "data\",\"Mode\":\"ro\","
    "\"Propagation\":\"rprivate\",\"RW\":false,\"Source\":\"/"
    "srv\"}],\"User\":\"65534\",\"cni_json\":\"{}\",\"created_time\":1700000000,"
    "\"env\":[\"A=1\",\"B=2\"],\"full_id\":\"0123456789abcdef\",\"host_ipc\":false,\"host_network\":true,\"host_pid\":false,"
    "\"id\":\"0123456789ab\",\"image\":\"r.test/bb:1\",\"imagedigest\":\"sha256:ab\",\"imageid\":\"cd\",\"imagerepo\":\"r.test/"
    "bb\","
    "\"imagetag\":\"1\",\"ip\":\"10.88.0.5\",\"is_pod_sandbox\":false,\"labels\":{\"tier\":\"front\",\"app\":\"web\"},\"name\":"
    "\"web\","
    "\"pod_sandbox_id\":\"abc\",\"pod_sandbox_labels\":{\"team\":\"blue\"},\"privileged\":true,\"type\":11}}";

static void
async(struct bench *b, const char *name, const char *json, size_t n)
{
	APPLY(b, SK_E_ASYNCEVENT_E, -1, "isb", I(0), name, json, n);
}

static void
facts(void **state)
{
	struct bench *b = *state;
	struct sk_slice v;
	struct sk_buf text = {0};

	async(b, "container", web, sizeof(web));
	const struct sk_container *c = sk_state_container(b->s, SK_SLICE("0123456789ab"));
	assert_ptr_equal(b->x.container, c);
	assert_str(c->full_id, "0123456789abcdef");
	assert_str(c->name, "web");
	assert_str(c->image_repo, "r.test/bb");
	assert_str(c->image_tag, "1");
	assert_str(c->image_digest, "sha256:ab");
	assert_str(c->user, "65534");
	assert_str(c->ip, "10.88.0.5");
	assert_string_equal(sk_container_type_name(c->type), "podman");
	assert_true(c->privileged && c->host_network && !c->host_pid && !c->host_ipc);
	assert_int_equal(c->created_time, 1700000000);
	assert_int_equal(c->nmounts, 1);
	assert_str(c->mounts[0].source, "/srv");
	assert_str(c->mounts[0].dest, "/data");
	assert_false(c->mounts[0].rdwr);
	assert_int_equal(c->nenv, 2);
	assert_int_equal(c->nlabels, 2);
	assert_str(c->labels[0].key, "app");
	assert_true(sk_labels_find(c->labels, c->nlabels, SK_SLICE("tier"), &v));
	assert_str(v, "front");
	assert_false(sk_labels_find(c->labels, c->nlabels, SK_SLICE("nope"), &v));
	assert_true(sk_labels_find(c->pod_labels, c->npod_labels, SK_SLICE("team"), &v));
	sk_probe_text(&text, &c->probes[SK_PROBE_HEALTHCHECK]);
	assert_str(sk_buf_view(&text), "sh -c true");
	assert_false(c->probes[SK_PROBE_LIVENESS].present);
	sk_buf_free(&text);
}

static void
removal_shows_itself(void **state)
{
	struct bench *b = *state;

	async(b, "container", web, sizeof(web));
	async(b, "container_removed", web, sizeof(web) - 1);
	assert_str(b->x.container->name, "web");
	assert_null(sk_state_container(b->s, SK_SLICE("0123456789ab")));
	bench_tick(b);
	assert_int_equal(sk_state_stats(b->s)->containers, 0);
	APPLY(b, SK_E_CONTAINER_JSON_2_E, -1, "b", web, sizeof(web));
	APPLY(b, SK_E_CONTAINER_JSON_2_E, -1, "b", web, sizeof(web));
	assert_int_equal(sk_state_stats(b->s)->containers, 1);
}

/* What ran before the recording stands at its head with time 0: known, but nothing that happened. */
static void
written_at_time_zero(void **state)
{
	struct bench *b = *state;
	struct sk_event early = *event_make(&b->m, SK_E_CONTAINER_JSON_2_E, -1, "b", web, sizeof(web)), later = early;

	early.ts = 0;
	later.ts = 1;
	sk_state_apply(b->s, &early, &b->x);
	assert_false(b->x.deliver);
	assert_int_equal(sk_state_stats(b->s)->containers, 1);
	sk_state_apply(b->s, &later, &b->x);
	assert_true(b->x.deliver);
}

static void
the_host(void **state)
{
	struct bench *b = *state;
	const struct sk_container *c = sk_state_container(b->s, SK_SLICE(""));

	assert_str(c->id, "host");
	assert_string_equal(sk_container_type_name(c->type), "host");
	assert_null(sk_state_container(b->s, SK_SLICE("x")));
}

static void
bad_json(void **state)
{
	static const char *const cases[] = {"",
					    "{",
					    "[]",
					    "null",
					    "{\"container\":[]}",
					    "{\"container\":{}}",
					    "{\"container\":{\"id\":7}}",
					    "{\"container\":{\"id\":\"x\"}} trailing",
					    "{\"container\":{\"id\":\"\"}}"};
	struct bench *b = *state;
	char deep[5000];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		async(b, "container", cases[i], strlen(cases[i]));
		assert_null(b->x.container);
	}
	memset(deep, '[', sizeof(deep));
	async(b, "container", deep, sizeof(deep));
	assert_int_equal(sk_state_stats(b->s)->containers, 0);
	/* Members of the wrong type are as good as missing. */
	const char odd[] =
	    "{\"container\":{\"id\":\"odd\",\"labels\":[1],\"Mounts\":{},\"env\":\"x\",\"type\":\"y\",\"Healthcheck\":3}}";
	async(b, "container", odd, sizeof(odd));
	assert_non_null(b->x.container);
	assert_int_equal(b->x.container->nlabels + b->x.container->nmounts + b->x.container->nenv, 0);
	async(b, "something else", web, sizeof(web));
	assert_null(b->x.container);
}

static const char cgroup[] = "cpuset=/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static void
exec_in(struct bench *b, int64_t tid, const char *exe, const char *args, size_t n)
{
	APPLY(b, SK_E_SYSCALL_EXECVE_19_X, tid, "isbiii-iiiiiisb", I(0), exe, args, n, tid, tid, I(1), I(256), I(3), I(4), I(11),
	      I(21), I(31), exe, cgroup, sizeof(cgroup));
}

static void
health_checks(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	async(b, "container", web, sizeof(web));
	/* Started by the runtime outside. */
	exec_in(b, 100, "sh", "-c\0true\0", 8);
	assert_text(b->x.thread->container_id, "0123456789ab");
	assert_int_equal(b->x.thread->category, SK_CATEGORY_HEALTHCHECK);
	/* Its children are part of it. */
	bench_clone(b, 101, 0, 101, 100, 0, 101, 101);
	exec_in(b, 101, "other", "", 0);
	assert_int_equal(b->x.thread->category, SK_CATEGORY_HEALTHCHECK);
	/* Another command is not. */
	bench_clone(b, 102, 0, 102, 1, 0, 102, 102);
	exec_in(b, 102, "sh", "-c\0false\0", 9);
	assert_int_equal(b->x.thread->category, SK_CATEGORY_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(facts), TEST(removal_shows_itself), TEST(written_at_time_zero), TEST(the_host), TEST(bad_json),
					   TEST(health_checks)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
