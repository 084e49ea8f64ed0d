/* fd.* and fdlist.*: files, sockets of every kind, descriptors that nobody knows. */
#include "tests/unit/field_check.h"

#define LO4 { 127, 0, 0, 1 }
#define FAR4 { 10, 1, 2, 3 }

static int
setup(void **ctx)
{
	static struct field_fixture fixture;
	struct field_fixture *x = &fixture;
	struct sk_thread_entry sh = { .tid = 5, .pid = 5, .vtid = 5, .vpid = 5, .ptid = 0, .comm = SK_SLICE("sh"), .cwd = SK_SLICE("/work/") };
	const struct sk_fd_entry fds[] = {
		{ .num = 0, .type = SK_FD_FILE_V2, .name = SK_SLICE("/dev/null"), .ino = 9, .dev = 0xfd01 },
		{ .num = 1, .type = SK_FD_FIFO, .ino = 8 },
		{ .num = 2, .type = SK_FD_FILE_V2, .name = SK_SLICE("/var/log/app/") },
		{ .num = 3, .type = SK_FD_DIRECTORY, .name = SK_SLICE("/srv/data") },
		{ .num = 4, .type = SK_FD_FILE, .name = SK_SLICE("name") },
		{ .num = 5, .type = SK_FD_FILE, .name = SK_SLICE("/top") },
		{ .num = 6, .type = SK_FD_IPV4_SOCK, .l4 = SK_L4_TCP, .saddr = LO4, .daddr = FAR4, .sport = 40000, .dport = 80 },
		{ .num = 7, .type = SK_FD_IPV6_SERVSOCK, .l4 = SK_L4_TCP, .saddr = { [15] = 1 }, .sport = 8443 },
		{ .num = 8, .type = SK_FD_UNIX_SOCK, .unix_src = 1, .unix_dst = 2, .name = SK_SLICE("/run/x") },
		{ .num = 9, .type = SK_FD_USERFAULTFD },
		{ .num = 10, .type = SK_FD_UNSUPPORTED },
		{ .num = 11, .type = SK_FD_PIDFD },
		{ .num = 12, .type = 200 },
	};
	const uint8_t lo[4] = LO4, mask[4] = { 255, 0, 0, 0 }, none[4] = { 0 };

	if (field_setup(x) < 0)
		return -1;
	sk_state_add_iface4(x->state, lo, mask, none, SK_SLICE("lo"));
	assert_non_null(sk_state_add_thread(x->state, &sh));
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		sk_state_add_fd(x->state, 5, &fds[i]);
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
check_fd(struct field_fixture *x, int64_t num, const struct field_case *cases, size_t n)
{
	field_event(x, SK_E_SYSCALL_FSTAT_X, 1, 5);
	field_on_fd(x, num);
	assert_non_null(x->fields->ec.fd);
	field_check_all(x, cases, n);
}

#define CHECK_FD(x, num, cases) check_fd(x, num, cases, sizeof(cases) / sizeof((cases)[0]))

static void
test_file(void **ctx)
{
	static const struct field_case cases[] = {
		{ "fd.num", NULL, "0" },
		{ "fd.uid", NULL, "\"50\"" },
		{ "fd.name", NULL, "\"/dev/null\"" },
		{ "fd.type", NULL, "\"file\"" },
		{ "fd.typechar", NULL, "\"f\"" },
		{ "fd.directory", NULL, "\"/dev\"" },
		{ "fd.filename", NULL, "\"null\"" },
		{ "fd.containername", NULL, "\":/dev/null\"" },
		{ "fd.containerdirectory", NULL, "\":/dev\"" },
		{ "fd.dev", NULL, "\"FD01\"" },
		{ "fd.dev.major", NULL, "253" },
		{ "fd.dev.minor", NULL, "1" },
		{ "fd.ino", NULL, "9" },
		{ "fd.connected", NULL, "false" },
		{ "fd.is_server", NULL, "false" },
		{ "fd.l4proto", NULL, "\"<NA>\"" },
		{ "fd.sockfamily", NULL, "absent" },
		{ "fd.ip", NULL, "absent" },
		{ "fd.port", NULL, "absent" },
		{ "fd.cip", NULL, "absent" },
		{ "fd.cproto", NULL, "absent" },
		{ "fd.sproto", NULL, "absent" },
		{ "fd.lport", NULL, "absent" },
		{ "proc.stdin.name", NULL, "\"/dev/null\"" },
		{ "proc.stdin.type", NULL, "\"file\"" },
		{ "proc.stdout.name", NULL, "\"\"" },
		{ "proc.stdout.type", NULL, "\"pipe\"" },
		{ "proc.fdopencount", NULL, "13" },
		{ "fd.types", NULL, "[\"file\",\"pipe\",\"directory\",\"ipv4\",\"ipv6\",\"unix\",\"userfaultfd\",\"<NA>\",\"pidfd\"]" },
		{ "fd.types", "1", "[\"pipe\"]" },
		{ "fd.types", "99", "absent" },
	};

	CHECK_FD(*ctx, 0, cases);
}

/* Where a name is cut into directory and file. */
static void
test_parts_of_names(void **ctx)
{
	static const struct field_case slash_at_end[] = { { "fd.directory", NULL, "\"/var/log/app/\"" }, { "fd.filename", NULL, "\"/var/log/app/\"" } };
	static const struct field_case directory[] = { { "fd.directory", NULL, "\"/srv/data\"" }, { "fd.filename", NULL, "absent" } };
	static const struct field_case no_slash[] = { { "fd.directory", NULL, "\"/\"" }, { "fd.filename", NULL, "\"/\"" } };
	static const struct field_case at_top[] = { { "fd.directory", NULL, "\"/\"" }, { "fd.filename", NULL, "\"top\"" } };
	static const struct field_case pipe[] = { { "fd.directory", NULL, "absent" }, { "fd.filename", NULL, "absent" }, { "fd.name", NULL, "\"\"" } };

	CHECK_FD(*ctx, 2, slash_at_end);
	CHECK_FD(*ctx, 3, directory);
	CHECK_FD(*ctx, 4, no_slash);
	CHECK_FD(*ctx, 5, at_top);
	CHECK_FD(*ctx, 1, pipe);
}

static void
test_types(void **ctx)
{
	static const struct field_case userfault[] = { { "fd.type", NULL, "\"userfaultfd\"" }, { "fd.typechar", NULL, "\"u\"" } };
	static const struct field_case unsupported[] = { { "fd.type", NULL, "\"<NA>\"" }, { "fd.typechar", NULL, "\"X\"" } };
	static const struct field_case pidfd[] = { { "fd.type", NULL, "\"pidfd\"" }, { "fd.typechar", NULL, "\"P\"" } };
	static const struct field_case unknown[] = { { "fd.type", NULL, "\"<NA>\"" }, { "fd.typechar", NULL, "\"o\"" } };

	CHECK_FD(*ctx, 9, userfault);
	CHECK_FD(*ctx, 10, unsupported);
	CHECK_FD(*ctx, 11, pidfd);
	CHECK_FD(*ctx, 12, unknown);
}

static void
test_connection(void **ctx)
{
	static const struct field_case as_client[] = {
		{ "fd.type", NULL, "\"ipv4\"" },          { "fd.typechar", NULL, "\"4\"" },       { "fd.sockfamily", NULL, "\"ip\"" },
		{ "fd.l4proto", NULL, "\"tcp\"" },        { "fd.cip", NULL, "\"127.0.0.1\"" },    { "fd.sip", NULL, "\"10.1.2.3\"" },
		{ "fd.lip", NULL, "\"127.0.0.1\"" },      { "fd.rip", NULL, "\"10.1.2.3\"" },     { "fd.cport", NULL, "40000" },
		{ "fd.sport", NULL, "80" },               { "fd.lport", NULL, "40000" },          { "fd.rport", NULL, "80" },
		{ "fd.cproto", NULL, "\"40000\"" },       { "fd.sproto", NULL, "\"80\"" },        { "fd.lproto", NULL, "\"40000\"" },
		{ "fd.rproto", NULL, "\"80\"" },          { "fd.is_server", NULL, "false" },      { "fd.directory", NULL, "absent" },
		{ "fd.ip", NULL, "[\"127.0.0.1\",\"10.1.2.3\"]" }, { "fd.port", NULL, "[40000,80]" }, { "fd.sip.name", NULL, "absent" },
		{ "fd.net", NULL, "[\"<IPNET>\",\"<IPNET>\"]" }, { "fd.proto", NULL, "[40000,80]" }, { "fd.snet", NULL, "\"<IPNET>\"" },
	};
	static const struct field_case no_role[] = {
		{ "fd.cip", NULL, "absent" },    { "fd.sip", NULL, "absent" },   { "fd.lport", NULL, "absent" },     { "fd.cproto", NULL, "absent" },
		{ "fd.sproto", NULL, "absent" }, { "fd.port", NULL, "[40000,80]" }, { "fd.l4proto", NULL, "\"<NA>\"" },
	};
	static const struct field_case far_source[] = {
		{ "fd.lip", NULL, "\"127.0.0.1\"" }, { "fd.rip", NULL, "\"10.1.2.3\"" }, { "fd.lport", NULL, "80" }, { "fd.rport", NULL, "40000" },
		{ "fd.cip", NULL, "\"10.1.2.3\"" },  { "fd.is_server", NULL, "true" },
	};
	struct field_fixture *x = *ctx;
	struct sk_fd fd;

	field_event(x, SK_E_SYSCALL_READ_X, 1, 5);
	field_on_fd(x, 6);
	fd = *x->fields->ec.fd;
	x->fields->ec.fd = &fd;
	fd.role = SK_ROLE_CLIENT;
	FIELD_CHECK_ALL(x, as_client);
	fd.role = SK_ROLE_NONE;
	FIELD_CHECK_ALL(x, no_role);
	fd.l4 = SK_L4_RAW;
	field_check(x, &(struct field_case){ "fd.l4proto", NULL, "\"raw\"" });
	fd.role = SK_ROLE_SERVER;
	memcpy(fd.saddr, (uint8_t[4])FAR4, 4);
	memcpy(fd.daddr, (uint8_t[4])LO4, 4);
	FIELD_CHECK_ALL(x, far_source);
}

static void
test_other_sockets(void **ctx)
{
	static const struct field_case listener[] = {
		{ "fd.type", NULL, "\"ipv6\"" }, { "fd.sip", NULL, "\"::1\"" },   { "fd.sport", NULL, "8443" },   { "fd.cip", NULL, "absent" },
		{ "fd.lip", NULL, "absent" },    { "fd.is_server", NULL, "true" }, { "fd.sproto", NULL, "\"\"" }, { "fd.ip", NULL, "[\"::1\"]" },
		{ "fd.port", NULL, "[8443]" },   { "fd.l4proto", NULL, "\"tcp\"" },
	};
	static const struct field_case unix_socket[] = {
		{ "fd.type", NULL, "\"unix\"" }, { "fd.sockfamily", NULL, "\"unix\"" }, { "fd.sip", NULL, "absent" }, { "fd.ip", NULL, "absent" },
		{ "fd.is_server", NULL, "false" },
	};

	CHECK_FD(*ctx, 7, listener);
	CHECK_FD(*ctx, 8, unix_socket);
}

/* A call that failed says itself what its descriptor would have been. */
static void
test_unknown_descriptor(void **ctx)
{
	static const struct field_case failed_openat[] = {
		{ "fd.num", NULL, "-2" },
		{ "fd.name", NULL, "\"/srv/data/a/b\"" },
		{ "fd.nameraw", NULL, "\"./a/b\"" },
		{ "fd.directory", NULL, "\"/srv/data/a\"" },
		{ "fd.containername", NULL, "\":/srv/data/a/b\"" },
		{ "fd.filename", NULL, "absent" },
		{ "fd.type", NULL, "absent" },
		{ "fd.typechar", NULL, "\"f\"" },
		{ "fd.ino", NULL, "absent" },
	};
	static const struct field_case close_of_unknown[] = {
		{ "fd.name", NULL, "\"\"" }, { "fd.nameraw", NULL, "\"\"" }, { "fd.typechar", NULL, "\"o\"" }, { "fd.directory", NULL, "\"/\"" },
	};
	static const struct field_case no_descriptor[] = {
		{ "fd.num", NULL, "absent" }, { "fd.name", NULL, "absent" }, { "fd.typechar", NULL, "absent" }, { "fd.types", NULL, "absent" },
		{ "fd.uid", NULL, "absent" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_OPENAT_2_X, 1, 5);
	field_param_i64(x, -2);
	field_param_i64(x, 3);
	field_param_str(x, ".//a/b");
	field_on_fd(x, -2);
	FIELD_CHECK_ALL(x, failed_openat);
	field_event(x, SK_E_SYSCALL_CLOSE_X, 1, 5);
	field_param_i64(x, 0);
	field_param_i64(x, 77);
	field_on_fd(x, 77);
	FIELD_CHECK_ALL(x, close_of_unknown);
	field_event(x, SK_E_SYSCALL_OPENAT_2_E, 1, 5); /* an enter event has no result yet */
	field_on_fd(x, -1);
	field_check(x, &(struct field_case){ "fd.name", NULL, "absent" });
	field_event(x, SK_E_SYSCALL_KILL_X, 1, 5);
	FIELD_CHECK_ALL(x, no_descriptor);
}

static void
test_fdlist(void **ctx)
{
	static const struct field_case cases[] = {
		{ "fdlist.nums", NULL, "\"0,6,7,77,1\"" },
		{ "fdlist.names", NULL, "\"/dev/null,127.0.0.1:40000->10.1.2.3:80,::1:8443,<NA>,<NA>\"" },
		{ "fdlist.cips", NULL, "\"127.0.0.1\"" },
		{ "fdlist.sips", NULL, "\"10.1.2.3,::1\"" },
		{ "fdlist.cports", NULL, "\"40000\"" },
		{ "fdlist.sports", NULL, "\"80\"" },
	};
	static const int64_t nums[] = { 0, 6, 7, 77, 1 };
	struct field_fixture *x = *ctx;
	uint8_t list[2 + 10 * 5] = { 5 };

	for (size_t i = 0; i < 5; i++)
		memcpy(list + 2 + 10 * i, &nums[i], 8);
	field_event(x, SK_E_SYSCALL_POLL_X, 1, 5);
	field_param_i64(x, 1);
	field_param(x, list, sizeof(list));
	for (size_t i = 0; i < 6; i++)
		if (i != 1)
			field_check(x, &cases[i]);
	/* A list that promises more than it holds ends where the bytes end; without any there is none. */
	field_event(x, SK_E_SYSCALL_PPOLL_X, 1, 5);
	field_param_i64(x, 1);
	field_param(x, list, 2 + 15);
	field_check(x, &(struct field_case){ "fdlist.nums", NULL, "\"0\"" });
	field_event(x, SK_E_SYSCALL_PPOLL_X, 1, 5);
	field_param_i64(x, 1);
	field_param(x, list, 1);
	field_check(x, &(struct field_case){ "fdlist.nums", NULL, "absent" });
	field_event(x, SK_E_SYSCALL_READ_X, 1, 5);
	field_check(x, &(struct field_case){ "fdlist.nums", NULL, "absent" });
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parts_of_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_types, setup, teardown),
		cmocka_unit_test_setup_teardown(test_connection, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_sockets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown_descriptor, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fdlist, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
