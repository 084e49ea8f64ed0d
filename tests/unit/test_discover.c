/* Live: a container is described before the first event in it, once, and is forgotten when nobody is in it any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/schema.h"
#include "daemon/runtime/discover.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define MS 1000000ull
#define BEGIN (1000000000000 * MS / 1000)

struct bench {
	char root[64];
	struct sk_state *s;
	struct sk_discovery *d;
	struct sk_event_ctx x;
	uint64_t now;
};

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (!b)
		return -1;
	(void)snprintf(b->root, sizeof(b->root), "/tmp/saker-host-XXXXXX");
	b->s = sk_state_new();
	b->now = BEGIN;
	*state = b;
	return !b->s || !mkdtemp(b->root) ||
	       sk_discovery_new(&(struct sk_runtime_opts){ .sz = sizeof(struct sk_runtime_opts), .host_root = b->root, .engines = SK_ENGINE_ALL }, b->s, &b->d);
}

static int
tear_down(void **state)
{
	struct bench *b = *state;
	char command[96];

	sk_discovery_free(b->d);
	sk_state_free(b->s);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", b->root);
	int r = system(command);
	free(b);
	return r;
}

static void
put(const struct bench *b, const char *dir, const char *name, const char *text)
{
	char path[512], command[600];

	(void)snprintf(command, sizeof(command), "mkdir -p '%s%s'", b->root, dir);
	assert_int_equal(system(command), 0);
	(void)snprintf(path, sizeof(path), "%s%s/%s", b->root, dir, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* The event of a process that starts in that cgroup. */
static void
process_in(struct bench *b, const char *cgroup)
{
	char cgroups[256];
	struct sk_event ev = { .ts = b->now, .tid = 7, .type = SK_E_SYSCALL_EXECVE_19_X, .nparams = 15, .data = (const uint8_t *)cgroups };
	int n = snprintf(cgroups, sizeof(cgroups), "cpu=%s", cgroup);

	ev.desc = sk_event_desc(ev.type);
	ev.off[15] = (uint32_t)n + 1;
	sk_discovery_look(b->d, &ev);
}

/* Hand what waits to the state; the number of events. */
static int
take(struct bench *b)
{
	struct sk_event ev;
	int n = 0;

	for (; sk_discovery_next(b->d, b->now, &ev); n++) {
		assert_int_equal(ev.tid, -1);
		assert_int_equal(ev.ts, b->now);
		sk_state_apply(b->s, &ev, &b->x);
		assert_non_null(b->x.container);
		b->x.ev = NULL;
	}
	return n;
}

static void
thread_in(struct bench *b, int64_t tid, const char *cgroup)
{
	char cgroups[256];
	int n = snprintf(cgroups, sizeof(cgroups), "cpu=%s", cgroup);
	struct sk_thread_entry t = { .tid = tid, .pid = tid, .ptid = 1, .vtid = tid, .vpid = tid, .cgroups = sk_slice(cgroups, (size_t)n + 1) };

	assert_non_null(sk_state_add_thread(b->s, &t));
	sk_state_join(b->s, tid);
}

static void
docker(struct bench *b)
{
	put(b, "/var/lib/docker/containers/" A64, "config.v2.json", "{\"Name\":\"/web\",\"Config\":{\"Image\":\"bb:1\"}}");
}

static void
once(void **state)
{
	struct bench *b = *state;

	docker(b);
	process_in(b, "/docker/" A64);
	assert_int_equal(take(b), 1);
	assert_true(b->x.deliver);
	const struct sk_container *c = sk_state_container(b->s, SK_SLICE("aaaaaaaaaaaa"));
	assert_non_null(c);
	assert_string_equal(c->name.p, "web");
	assert_string_equal(c->image_tag.p, "1");
	assert_string_equal(sk_container_type_name(c->type), "docker");
	process_in(b, "/docker/" A64);
	process_in(b, "/system.slice/ssh.service");
	process_in(b, "/");
	assert_int_equal(take(b), 0);
	assert_int_equal(sk_discovery_stats(b->d)->lookups, 1);
}

/* Nobody knows it yet: asked again, but not by every event. */
static void
later(void **state)
{
	struct bench *b = *state;

	process_in(b, "/docker/" A64);
	process_in(b, "/docker/" A64);
	assert_int_equal(sk_discovery_stats(b->d)->lookups, 1);
	assert_int_equal(sk_discovery_stats(b->d)->unknown, 1);
	docker(b);
	b->now += 4 * MS;
	process_in(b, "/docker/" A64);
	assert_int_equal(take(b), 0);
	b->now += 2 * MS;
	process_in(b, "/docker/" A64);
	assert_int_equal(take(b), 1);
}

static void
at_the_start(void **state)
{
	struct bench *b = *state;

	docker(b);
	thread_in(b, 10, "/docker/" A64);
	thread_in(b, 11, "/docker/" A64);
	thread_in(b, 12, "/system.slice/ssh.service");
	sk_discovery_all(b->d, b->now);
	assert_int_equal(take(b), 1);
}

/* Two levels of cgroups are a container of containerd only if it has such a name space. */
static void
no_container(void **state)
{
	struct bench *b = *state;

	put(b, "/run/containerd/io.containerd.runtime.v2.task/default", "x", "");
	thread_in(b, 10, "/process_api/8515a6f71a1e");
	thread_in(b, 11, "/default/gone");
	assert_string_equal(sk_state_thread(b->s, 10)->container_id->s, "8515a6f71a1e");
	sk_discovery_all(b->d, b->now);
	assert_int_equal(take(b), 1);
	assert_false(b->x.deliver);
	assert_string_equal(sk_state_thread(b->s, 10)->container_id->s, "");
	assert_string_equal(sk_state_thread(b->s, 11)->container_id->s, "gone");
	thread_in(b, 12, "/process_api/8515a6f71a1e");
	assert_string_equal(sk_state_thread(b->s, 12)->container_id->s, "");
}

/* A cgroup of one level is a container only if runc or crun says so. */
static void
by_last_name(void **state)
{
	struct bench *b = *state;

	put(b, "/run/runc/box", "state.json", "{}");
	thread_in(b, 10, "/user.slice/runc-box.scope");
	thread_in(b, 11, "/user.slice/runc-sox.scope");
	assert_string_equal(sk_state_thread(b->s, 10)->container_id->s, "");
	sk_discovery_all(b->d, b->now);
	assert_int_equal(take(b), 1);
	assert_string_equal(sk_state_thread(b->s, 10)->container_id->s, "box");
	assert_string_equal(sk_state_thread(b->s, 11)->container_id->s, "");
	assert_string_equal(sk_container_type_name(sk_state_container(b->s, SK_SLICE("box"))->type), "oci");
	assert_int_equal(sk_discovery_stats(b->d)->unknown, 0);
}

static void
forgotten(void **state)
{
	struct bench *b = *state;
	struct sk_event ev;

	docker(b);
	put(b, "/run/runc/box", "state.json", "{}");
	process_in(b, "/docker/" A64);
	thread_in(b, 10, "/box");
	sk_discovery_all(b->d, b->now);
	assert_int_equal(take(b), 2);
	for (int i = 0; i < 10; i++) {
		b->now += 10000 * MS;
		process_in(b, "/");
		if (sk_discovery_next(b->d, b->now, &ev))
			break;
	}
	assert_true(b->now - BEGIN >= 60000 * MS);
	assert_string_equal((const char *)sk_ev_ptr(&ev, 1), "container_removed");
	sk_state_apply(b->s, &ev, &b->x);
	assert_string_equal(b->x.container->name.p, "web");
	assert_int_equal(sk_state_stats(b->s)->containers, 1);
	assert_null(sk_state_container(b->s, SK_SLICE("aaaaaaaaaaaa")));
	assert_int_equal(take(b), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(once, set_up, tear_down),	  cmocka_unit_test_setup_teardown(later, set_up, tear_down),
		cmocka_unit_test_setup_teardown(at_the_start, set_up, tear_down), cmocka_unit_test_setup_teardown(no_container, set_up, tear_down),
		cmocka_unit_test_setup_teardown(by_last_name, set_up, tear_down), cmocka_unit_test_setup_teardown(forgotten, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
