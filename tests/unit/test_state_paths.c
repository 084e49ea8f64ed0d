/* Paths put together, and container ids out of cgroup paths. */
#include "state_check.h"

#include <stdio.h>

struct path_case {
	const char *dir, *path, *want;
};

static void
concat(void **state)
{
	static const struct path_case cases[] = {
	    {"/home/", "f", "/home/f"},
	    {"/home", "f", "/home/f"},
	    {"/home/", "/etc/passwd", "/etc/passwd"},
	    {".", "/etc//./x/../passwd", "/etc/passwd"},
	    {"/a/b/", "../c", "/a/c"},
	    {"/a/b/", "../../../../c", "/c"},
	    {"/a/b/", "./././", "/a/b"},
	    {"/a/b/", "", "/a/b"},
	    {"/", "", "/"},
	    {"/", "..", "/"},
	    {".", "/", "/"},
	    {".", "/..", "/"},
	    {".", "/a/..", "/"},
	    {"/a", "b/", "/a/b"},
	    {"/a", "...", "/a/..."},
	    {"/a", ".b", "/a/.b"},
	    {"<UNKNOWN>", "x", "<UNKNOWN>/x"},
	    {"", "x/y", "x/y"},
	    {"", "", ""},
	};
	char out[SK_MAX_PATH + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s + %s\n", cases[i].dir, cases[i].path);
		size_t n = sk_path_concat(out, STATE_LIT(cases[i].dir), STATE_LIT(cases[i].path));
		assert_str(sk_slice(out, n), cases[i].want);
	}
}

static void
long_paths(void **state)
{
	char out[SK_MAX_PATH + 1], name[SK_MAX_PATH + 10];

	(void)state;
	memset(name, 'x', sizeof(name));
	/* The longest that fits, then one more; a wall of slashes. */
	assert_int_equal(sk_path_concat(out, SK_SLICE(""), sk_slice(name, SK_MAX_PATH - 1)), SK_MAX_PATH - 1);
	assert_str(sk_slice(out, sk_path_concat(out, SK_SLICE(""), sk_slice(name, SK_MAX_PATH))),
		   "/DIR_TOO_LONG/FILENAME_TOO_LONG");
	name[0] = '/';
	assert_int_equal(sk_path_concat(out, SK_SLICE(""), sk_slice(name, SK_MAX_PATH - 1)), SK_MAX_PATH - 1);
	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = i % 2 ? '/' : 'y';
	size_t n = sk_path_concat(out, SK_SLICE("/d"), sk_slice(name, SK_MAX_PATH - 3));
	assert_true(n <= SK_MAX_PATH);
}

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct cgroup_case {
	const char *path, *want;
};

static void
container_ids(void **state)
{
	static const struct cgroup_case cases[] = {
	    {"/", ""},
	    {"/init.scope", ""},
	    {"/system.slice/ssh.service", ""},
	    {"/user.slice/user-1000.slice/session-1.scope", ""},
	    {"/user.slice", ""},
	    {"/libpod_parent/libpod-" HEX64, "0123456789ab"},
	    {"/machine.slice/libpod-" HEX64 ".scope", "0123456789ab"},
	    {"/machine.slice/libpod-" HEX64 ".scope/container", "0123456789ab"},
	    {"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" HEX64 ".scope", "0123456789ab"},
	    {"/libpod_parent/conmon", "conmon"},
	    {"/docker/" HEX64, "0123456789ab"},
	    {"/system.slice/docker-" HEX64 ".scope", "0123456789ab"},
	    {"/kubepods/besteffort/pod1/" HEX64, "0123456789ab"},
	    {"/kubepods.slice/x.slice/cri-containerd-" HEX64 ".scope", "0123456789ab"},
	    {"/system.slice/containerd.service/kubepods-besteffort.slice:cri-containerd:" HEX64, "0123456789ab"},
	    {"/kubepods.slice/crio-" HEX64 ".scope", "0123456789ab"},
	    {"/kubepods.slice/crio-" HEX64, "0123456789ab"},
	    {"/kubepods.slice/nerdctl-" HEX64 ".scope", "0123456789ab"},
	    {"/default/ctd1", "ctd1"},
	    {"/default/a-very-long-name", "a-very-long-"},
	    {"/default/a/b", ""},
	    {"/my-ns.x/name", "name"},
	    {"/_ns/name", ""},
	    {"/lxc/web", "web"},
	    {"/lxc.payload/web/x", "web"},
	    {"/lxc.payload.web", "web"},
	    {"/machine/web.libvirt-lxc", "web.libvirt-"},
	    {"/a/b/web.libvirt-lxc", "web"},
	    {"/machine.slice/machine-lxc\\x2d42\\x2dbox.scope", "42\\x2dbox"},
	    {"/machine.slice/machine-lxc\\x2d42.scope/libvirt", "42"},
	    {"/libvirt/lxc/box", "box"},
	    {"/system.slice/runc-bpm-job.scope", "job"},
	    {"/docker/0123456789abcdef", "0123456789ab"},
	};
	char text[512], out[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int n = snprintf(text, sizeof(text), "cpuset=/%ccpu=%s", 0, cases[i].path);

		print_message("%s\n", cases[i].path);
		assert_str(sk_container_id_of(sk_slice(text, (size_t)n + 1), out), cases[i].want);
		assert_str(sk_container_id_of(sk_slice(text, (size_t)n), out), cases[i].want);
	}
	assert_str(sk_container_id_of(SK_SLICE(""), out), "");
	assert_str(sk_container_id_of(SK_SLICE("no equals sign"), out), "");
	assert_str(sk_container_id_of(SK_SLICE("\0\0\0"), out), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(concat), cmocka_unit_test(long_paths),
					   cmocka_unit_test(container_ids)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
