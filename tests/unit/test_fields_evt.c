/* evt.*: what an event is, when it was, what came of it. */
#include "tests/unit/field_check.h"

#define TS UINT64_C(1600000000012345678) /* 2020-09-13 12:26:40.012345678 UTC */

static int
setup(void **ctx)
{
	static struct field_fixture fixture;
	struct sk_thread_entry sh = { .tid = 5, .pid = 5, .vtid = 5, .vpid = 5, .comm = SK_SLICE("sh"), .cwd = SK_SLICE("/work/") };
	const struct sk_fd_entry fds[] = {
		{ .num = 0, .type = SK_FD_FILE_V2, .name = SK_SLICE("/etc/hosts") },
		{ .num = 1, .type = SK_FD_FIFO },
		{ .num = 2, .type = SK_FD_UNIX_SOCK, .name = SK_SLICE("/dev/log") },
		{ .num = 3, .type = SK_FD_IPV4_SOCK, .l4 = SK_L4_TCP, .sport = 1, .dport = 2 },
		{ .num = 4, .type = SK_FD_DIRECTORY, .name = SK_SLICE("/srv/") },
		{ .num = 5, .type = SK_FD_EVENTPOLL },
	};

	if (field_setup(&fixture) < 0)
		return -1;
	assert_non_null(sk_state_add_thread(fixture.state, &sh));
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		sk_state_add_fd(fixture.state, 5, &fds[i]);
	sk_state_lists_done(fixture.state);
	sk_state_set_machine(fixture.state, 4, 0, SK_SLICE("box"));
	*ctx = &fixture;
	return 0;
}

static int
teardown(void **ctx)
{
	field_teardown(*ctx);
	return 0;
}

static void
result(struct field_fixture *x, int64_t res)
{
	x->fields->ec.has_res = true;
	x->fields->ec.res = res;
}

static void
test_time(void **ctx)
{
	static const struct field_case cases[] = {
		{ "evt.rawtime", NULL, "1600000000012345678" }, { "evt.rawtime.s", NULL, "1600000000" }, { "evt.rawtime.ns", NULL, "12345678" },
		{ "evt.reltime", NULL, "1012345678" },          { "evt.reltime.s", NULL, "1" },          { "evt.reltime.ns", NULL, "12345678" },
		{ "evt.time", NULL, "1600000000012345678" },    { "evt.latency", NULL, "0" },            { "evt.latency.quantized", NULL, "absent" },
		{ "evt.around", "1600000000012345678", "0" },   { "evt.around", "1600000000011345678", "1" },
		{ "evt.around", "1600000000014345679", "3" }, /* rounded up */
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_CLOSE_X, TS, 5);
	x->fields->ec.first_ts = TS - 1012345678;
	FIELD_CHECK_ALL(x, cases);
}

static void
check_text(struct field_fixture *x, enum sk_field_id id, const char *want)
{
	struct sk_loader l = sk_fields_loader(x->fields);
	struct sk_field_arg_value none = { 0 };
	struct sk_value v = { 0 };

	assert_true(l.load[id](l.ctx, &none, &v));
	assert_int_equal(v.n, strlen(want));
	assert_memory_equal(v.s, want, v.n);
}

static void
test_time_texts(void **ctx)
{
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_CLOSE_X, TS, 5);
	check_text(x, SK_F_evt_time, "12:26:40.012345678");
	check_text(x, SK_F_evt_time_s, "12:26:40");
	check_text(x, SK_F_evt_datetime, "2020-09-13 12:26:40.012345678");
	check_text(x, SK_F_evt_datetime_s, "2020-09-13 12:26:40");
	check_text(x, SK_F_evt_time_iso8601, "2020-09-13T12:26:40.012345678+0000");
}

/* Counts from the last event on which it was read; reading it again on the same event changes nothing. */
static void
test_deltatime(void **ctx)
{
	struct field_fixture *x = *ctx;
	static const struct field_case first = { "evt.deltatime", NULL, "0" }, later = { "evt.deltatime", NULL, "2000000005" };
	static const struct field_case seconds = { "evt.deltatime.s", NULL, "2" }, rest = { "evt.deltatime.ns", NULL, "5" };

	field_event(x, SK_E_SYSCALL_CLOSE_X, TS, 5);
	field_check(x, &first);
	field_event(x, SK_E_SYSCALL_CLOSE_X, TS + 1000, 5); /* not read here */
	field_event(x, SK_E_SYSCALL_CLOSE_X, TS + 2000000005, 5);
	field_check(x, &later);
	field_check(x, &seconds);
	field_check(x, &rest);
	field_check(x, &later);
}

static void
test_type(void **ctx)
{
	static const struct {
		uint16_t type;
		uint16_t id, native;
		const char *name, *syscall, *dir, *category;
	} cases[] = {
		{ SK_E_SYSCALL_OPENAT_2_X, 0, 0, "\"openat\"", "\"openat\"", "\"<\"", "\"file\"" },
		{ SK_E_SYSCALL_FUTEX_X, 0, 0, "\"futex\"", "\"futex\"", "\"<\"", "\"IPC\"" },
		{ SK_E_PROCEXIT_1_E, 0, 0, "\"procexit\"", "absent", "\">\"", "\"process\"" },
		{ SK_E_SCHEDSWITCH_6_E, 0, 0, "\"switch\"", "absent", "\">\"", "\"scheduler\"" },
		{ SK_E_GENERIC_X, 16, 0, "\"getpid\"", "\"getpid\"", "\"<\"", "\"other\"" },
		{ SK_E_GENERIC_X, 0, 9999, "\"unknown\"", "\"unknown\"", "\"<\"", "\"other\"" },
		{ SK_E_GENERIC_X, 65535, 0xffff, "\"unknown\"", "\"unknown\"", "\"<\"", "\"other\"" },
	};
	struct field_fixture *x = *ctx;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct field_case checks[] = {
			{ "evt.type", NULL, cases[i].name },
			{ "syscall.type", NULL, cases[i].syscall },
			{ "evt.dir", NULL, cases[i].dir },
			{ "evt.category", NULL, cases[i].category },
		};

		field_event(x, cases[i].type, TS, 5);
		field_param(x, &cases[i].id, 2);
		field_param(x, &cases[i].native, 2);
		FIELD_CHECK_ALL(x, checks);
	}
}

static void
test_meta_events(void **ctx)
{
	static const struct field_case async[] = {
		{ "evt.type", NULL, "\"container\"" }, { "evt.asynctype", NULL, "\"container\"" }, { "evt.is_async", NULL, "true" },
		{ "evt.hostname", NULL, "\"box\"" },   { "evt.source", NULL, "\"syscall\"" },      { "evt.pluginname", NULL, "absent" },
	};
	static const struct field_case infra[] = {
		{ "evt.infra.docker.name", NULL, "\"start\"" },
		{ "evt.infra.docker.container.id", NULL, "\"12\"" },
		{ "evt.infra.docker.container.name", NULL, "\"a:b\"" },
		{ "evt.infra.docker.container.image", NULL, "absent" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_ASYNCEVENT_E, TS, -1);
	field_param_u32(x, 0);
	field_param_str(x, "container");
	FIELD_CHECK_ALL(x, async);
	field_event(x, SK_E_INFRASTRUCTURE_EVENT_E, TS, -1);
	field_param_str(x, "docker");
	field_param_str(x, "n");
	field_param_str(x, "Event: start; ID:12;;name : a:b");
	FIELD_CHECK_ALL(x, infra);
}

static void
test_io(void **ctx)
{
	static const struct {
		uint16_t type;
		int64_t fd, res;
		const char *category, *buflen, *file, *net_in, *out, *syslog;
	} cases[] = {
		{ SK_E_SYSCALL_READ_X, 0, 7, "\"file\"", "7", "7", "absent", "absent", "false" },
		{ SK_E_SYSCALL_READ_X, 3, 7, "\"net\"", "7", "absent", "7", "absent", "false" },
		{ SK_E_SYSCALL_READ_X, 1, 7, "\"ipc\"", "7", "absent", "absent", "absent", "false" },
		{ SK_E_SYSCALL_READ_X, 5, 7, "\"unknown\"", "7", "absent", "absent", "absent", "false" },
		{ SK_E_SYSCALL_READ_X, 99, 7, "\"unknown\"", "absent", "absent", "absent", "absent", "false" },
		{ SK_E_SYSCALL_READ_X, 0, -11, "\"file\"", "absent", "absent", "absent", "absent", "false" },
		{ SK_E_SYSCALL_WRITE_X, 2, 9, "\"ipc\"", "9", "absent", "absent", "9", "true" },
		{ SK_E_SYSCALL_CLOSE_X, 0, 0, "\"file\"", "0", "0", "absent", "absent", "false" },
		{ SK_E_SYSCALL_CLOSE_X, 4, 0, "\"file\"", "0", "absent", "absent", "absent", "false" },
	};
	struct field_fixture *x = *ctx;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct field_case checks[] = {
			{ "evt.category", NULL, cases[i].category }, { "evt.buflen", NULL, cases[i].buflen },   { "evt.buflen.file", NULL, cases[i].file },
			{ "evt.buflen.net.in", NULL, cases[i].net_in }, { "evt.buflen.out", NULL, cases[i].out }, { "evt.is_syslog", NULL, cases[i].syslog },
		};

		field_event(x, cases[i].type, TS, 5);
		field_on_fd(x, cases[i].fd);
		result(x, cases[i].res);
		FIELD_CHECK_ALL(x, checks);
	}
}

static void
test_result(void **ctx)
{
	static const struct field_case good[] = {
		{ "evt.res", NULL, "\"SUCCESS\"" }, { "evt.rawres", NULL, "0" },      { "evt.failed", NULL, "false" },
		{ "evt.count.error", NULL, "0" },   { "evt.count.exit", NULL, "1" },  { "evt.count.error.other", NULL, "0" },
		{ "evt.count.error.file", NULL, "absent" },
	};
	static const struct field_case bad[] = {
		{ "evt.res", NULL, "\"ENOENT\"" }, { "evt.rawres", NULL, "-2" },          { "evt.failed", NULL, "true" },
		{ "evt.count.error", NULL, "1" },  { "evt.count.error.file", NULL, "1" }, { "evt.count.error.other", NULL, "absent" },
	};
	static const struct field_case none[] = {
		{ "evt.res", NULL, "absent" }, { "evt.rawres", NULL, "absent" }, { "evt.failed", NULL, "absent" }, { "evt.count.error", NULL, "absent" },
	};
	static const struct field_case odd = { "evt.res", NULL, "\"-99999\"" }, least = { "evt.res", NULL, "\"-9223372036854775808\"" };
	static const struct field_case number = { "evt.res", NULL, "\"-14\"" };
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_KILL_X, TS, 5);
	FIELD_CHECK_ALL(x, none);
	result(x, 0);
	FIELD_CHECK_ALL(x, good);
	field_event(x, SK_E_SYSCALL_OPEN_X, TS, 5);
	result(x, -2);
	FIELD_CHECK_ALL(x, bad);
	result(x, -99999);
	field_check(x, &odd);
	result(x, INT64_MIN);
	field_check(x, &least);
	/* The schema has the results of these two as plain numbers. */
	field_event(x, SK_E_SYSCALL_PROCESS_VM_READV_X, TS, 5);
	result(x, -14);
	field_check(x, &number);
	field_event(x, SK_E_SYSCALL_PROCESS_VM_WRITEV_X, TS, 5);
	result(x, -14);
	field_check(x, &number);
}

static void
test_opens(void **ctx)
{
	static const struct {
		uint16_t type;
		uint32_t flags, mode; /* schema bits; mode in octal */
		const char *read, *write, *exec, *create;
	} cases[] = {
		{ SK_E_SYSCALL_OPENAT_2_X, 1, 0, "true", "false", "false", "false" },
		{ SK_E_SYSCALL_OPENAT_2_X, 3, 0, "true", "true", "false", "false" },
		{ SK_E_SYSCALL_OPENAT_2_X, 2 | 4, 0644, "false", "true", "false", "false" },
		{ SK_E_SYSCALL_OPENAT_2_X, 2 | 4 | 0x4000, 0710, "false", "true", "true", "true" },
		{ SK_E_SYSCALL_OPENAT_2_X, 2 | 0x2000, 0600, "false", "true", "false", "true" },
		{ SK_E_SYSCALL_OPENAT_2_X, 2, 0777, "false", "true", "false", "false" },
		{ SK_E_SYSCALL_MKDIRAT_X, 3, 0777, "false", "false", "false", "false" },
	};
	struct field_fixture *x = *ctx;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct field_case checks[] = {
			{ "evt.is_open_read", NULL, cases[i].read },
			{ "evt.is_open_write", NULL, cases[i].write },
			{ "evt.is_open_exec", NULL, cases[i].exec },
			{ "evt.is_open_create", NULL, cases[i].create },
		};

		field_event(x, cases[i].type, TS, 5);
		field_param_i64(x, 9);
		field_param_i64(x, -100);
		field_param_str(x, "/f");
		field_param_u32(x, cases[i].flags);
		field_param_u32(x, cases[i].mode);
		result(x, 9);
		FIELD_CHECK_ALL(x, checks);
	}
}

static void
test_paths(void **ctx)
{
	static const struct {
		uint16_t type;
		int64_t res, dirfd;
		const char *path;
		struct field_case checks[4];
	} cases[] = {
		{ SK_E_SYSCALL_UNLINKAT_2_X, 0, -100, "a/../b", { { "fs.path.name", NULL, "\"/work/b\"" }, { "fs.path.nameraw", NULL, "\"a/../b\"" },
								  { "evt.abspath", NULL, "\"/work/b\"" }, { "evt.abspath", "dst", "\"/work/b\"" } } },
		{ SK_E_SYSCALL_UNLINKAT_2_X, 0, 4, "x", { { "fs.path.name", NULL, "\"/srv/x\"" }, { "fs.path.nameraw", NULL, "\"x\"" },
							  { "evt.abspath", NULL, "\"/srv/x\"" }, { "evt.arg", "name", "\"/srv/x\"" } } },
		{ SK_E_SYSCALL_UNLINKAT_2_X, 0, 77, "x", { { "fs.path.name", NULL, "\"<UNKNOWN>/x\"" }, { "fs.path.nameraw", NULL, "\"x\"" },
							   { "evt.abspath", NULL, "\"<UNKNOWN>/x\"" }, { "fs.path.source", NULL, "absent" } } },
		{ SK_E_SYSCALL_UNLINKAT_2_X, 0, 77, "/y//z/", { { "fs.path.name", NULL, "\"/y/z\"" }, { "fs.path.nameraw", NULL, "\"/y//z/\"" },
								{ "evt.abspath", NULL, "\"/y/z\"" }, { "evt.arg", "name", "\"/y//z/\"" } } },
		{ SK_E_SYSCALL_UNLINKAT_2_X, -2, -100, "b", { { "fs.path.name", NULL, "absent" }, { "fs.path.nameraw", NULL, "absent" },
							      { "evt.abspath", NULL, "\"/work/b\"" }, { "evt.arg", "dirfd", "\"AT_FDCWD\"" } } },
		{ SK_E_SYSCALL_FSTAT_X, 0, -100, "b", { { "fs.path.name", NULL, "absent" }, { "fs.path.nameraw", NULL, "absent" },
							{ "evt.abspath", NULL, "absent" }, { "evt.arg", "name", "absent" } } },
	};
	struct field_fixture *x = *ctx;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		field_event(x, cases[i].type, TS, 5);
		field_param_i64(x, cases[i].res);
		field_param_i64(x, cases[i].dirfd);
		field_param_str(x, cases[i].path);
		result(x, cases[i].res);
		FIELD_CHECK_ALL(x, cases[i].checks);
	}
}

static void
test_link_paths(void **ctx)
{
	static const struct field_case cases[] = {
		{ "fs.path.source", NULL, "\"/work/new\"" }, { "fs.path.sourceraw", NULL, "\"new\"" },
		{ "fs.path.target", NULL, "\"/old\"" },      { "fs.path.targetraw", NULL, "\"/old\"" },
		{ "fs.path.name", NULL, "absent" },
	};
	static const struct field_case both[] = { { "evt.abspath", "src", "\"/srv/o\"" }, { "evt.abspath", "dst", "\"/work/n\"" } };
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_LINK_2_X, TS, 5);
	field_param_i64(x, 0);
	field_param_str(x, "/old");
	field_param_str(x, "new");
	result(x, 0);
	FIELD_CHECK_ALL(x, cases);
	field_event(x, SK_E_SYSCALL_RENAMEAT2_X, TS, 5);
	field_param_i64(x, 0);
	field_param_i64(x, 4);
	field_param_str(x, "o");
	field_param_i64(x, -100);
	field_param_str(x, "n");
	FIELD_CHECK_ALL(x, both);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time),        cmocka_unit_test(test_time_texts), cmocka_unit_test(test_deltatime), cmocka_unit_test(test_type),
		cmocka_unit_test(test_meta_events), cmocka_unit_test(test_io),         cmocka_unit_test(test_result),    cmocka_unit_test(test_opens),
		cmocka_unit_test(test_paths),       cmocka_unit_test(test_link_paths),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
