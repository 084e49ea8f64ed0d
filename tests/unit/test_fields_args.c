/* evt.arg, evt.rawarg, evt.args: the text of every type of parameter, whole and cut short. */
#include "tests/unit/field_check.h"

static int
setup(void **ctx)
{
	static struct field_fixture fixture;
	struct sk_thread_entry sh = { .tid = 5, .pid = 5, .vtid = 5, .vpid = 5, .comm = SK_SLICE("sh"), .cwd = SK_SLICE("/work/") };
	const struct sk_fd_entry fds[] = {
		{ .num = 3, .type = SK_FD_FILE_V2, .name = SK_SLICE("/etc/hosts") },
		{ .num = 4, .type = SK_FD_FIFO },
	};

	if (field_setup(&fixture) < 0)
		return -1;
	assert_non_null(sk_state_add_thread(fixture.state, &sh));
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		sk_state_add_fd(fixture.state, 5, &fds[i]);
	sk_state_add_user(fixture.state, SK_SLICE(""), 7, 7, SK_SLICE("ann"), SK_SLICE("/"), SK_SLICE("/bin/sh"));
	sk_state_add_group(fixture.state, SK_SLICE(""), 8, SK_SLICE("staff"));
	sk_state_lists_done(fixture.state);
	*ctx = &fixture;
	return 0;
}

static int
teardown(void **ctx)
{
	field_teardown(*ctx);
	return 0;
}

#define HEX_MAX 64

/* Bytes of hexadecimal text. */
static size_t
unhex(const char *hex, uint8_t *out)
{
	size_t n = 0;

	for (; hex[0] && hex[1]; hex += 2) {
		char pair[3] = { hex[0], hex[1], 0 };

		out[n++] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return n;
}

/* One parameter of one event, given as bytes, with what evt.arg[i] and evt.args make of it. */
static const struct {
	uint16_t type;
	uint32_t param;
	const char *hex, *arg, *args;
} cases[] = {
	/* errors and descriptors */
	{ SK_E_SYSCALL_CLOSE_X, 0, "feffffffffffffff", "ENOENT", "res=-2(ENOENT)" },
	{ SK_E_SYSCALL_CLOSE_X, 0, "0500000000000000", "5", "res=5" },
	{ SK_E_SYSCALL_CLOSE_X, 0, "0000000000000080", "-9223372036854775808", "res=-9223372036854775808" },
	{ SK_E_SYSCALL_CLOSE_X, 0, "", "<NA>", "res=<NA>" },
	{ SK_E_SYSCALL_MMAP_X, 0, "00f0ffff7f000000", "549755809792", "res=549755809792" },
	{ SK_E_SYSCALL_CLOSE_X, 1, "0300000000000000", "<f>/etc/hosts", "fd=3(<f>/etc/hosts)" },
	{ SK_E_SYSCALL_CLOSE_X, 1, "0400000000000000", "<p>", "fd=4(<p>)" },
	{ SK_E_SYSCALL_CLOSE_X, 1, "0900000000000000", "9", "fd=9" },
	{ SK_E_SYSCALL_CLOSE_X, 1, "9cffffffffffffff", "AT_FDCWD", "fd=-100(AT_FDCWD)" },
	{ SK_E_SYSCALL_CLOSE_X, 1, "ffffffffffffffff", "EPERM", "fd=-1(EPERM)" },
	/* a number that is narrower than its type */
	{ SK_E_SYSCALL_CLOSE_X, 1, "ff", "EPERM", "fd=-1(EPERM)" },
	/* processes, users, groups, signals */
	{ SK_E_SYSCALL_KILL_X, 1, "0500000000000000", "sh", "pid=5(sh)" },
	{ SK_E_SYSCALL_KILL_X, 1, "0600000000000000", "6", "pid=6" },
	{ SK_E_SYSCALL_KILL_X, 2, "09", "SIGKILL", "sig=9(SIGKILL)" },
	{ SK_E_SYSCALL_KILL_X, 2, "ff", "255", "sig=255" },
	{ SK_E_SYSCALL_SETUID_X, 1, "07000000", "ann", "uid=7(ann)" },
	{ SK_E_SYSCALL_SETUID_X, 1, "ffffffff", "<NONE>", "uid=-1(<NONE>)" },
	{ SK_E_SYSCALL_SETUID_X, 1, "63000000", "<NA>", "uid=99(<NA>)" },
	{ SK_E_SYSCALL_SETGID_X, 1, "08000000", "staff", "gid=8(staff)" },
	/* flags, enumerations, modes */
	{ SK_E_SYSCALL_OPENAT_2_X, 3, "03000000", "O_RDWR", "flags=3(O_RDWR)" },
	{ SK_E_SYSCALL_OPENAT_2_X, 3, "01100000", "O_RDONLY|O_CLOEXEC", "flags=4097(O_RDONLY|O_CLOEXEC)" },
	{ SK_E_SYSCALL_OPENAT_2_X, 3, "00000000", "O_NONE", "flags=0(O_NONE)" },
	{ SK_E_SYSCALL_UNLINKAT_2_X, 3, "00000000", "0", "flags=0" },
	{ SK_E_SOCKET_SOCKET_X, 1, "01000000", "AF_LOCAL|AF_UNIX", "domain=1(AF_LOCAL|AF_UNIX)" },
	{ SK_E_SOCKET_SOCKET_X, 1, "ff000000", "255", "domain=255" },
	{ SK_E_SYSCALL_CHMOD_X, 2, "ed010000", "S_IXOTH|S_IROTH|S_IXGRP|S_IRGRP|S_IXUSR|S_IWUSR|S_IRUSR",
	  "mode=0755(S_IXOTH|S_IROTH|S_IXGRP|S_IRGRP|S_IXUSR|S_IWUSR|S_IRUSR)" },
	{ SK_E_SYSCALL_CHMOD_X, 2, "00010000", "S_IRUSR", "mode=0400(S_IRUSR)" },
	{ SK_E_SYSCALL_CHMOD_X, 2, "00000000", "0", "mode=0" },
	/* notations */
	{ SK_E_SYSCALL_MKDIR_2_X, 2, "ff010000", "1FF", "mode=1FF" },
	{ SK_E_SYSCALL_LSEEK_X, 2, "c4ffffffffffffff", "-60", "offset=-60" },
	{ SK_E_SYSCALL_NANOSLEEP_X, 1, "204e000000000000", "2e-05s", "interval=20000(2e-05s)" },
	{ SK_E_SYSCALL_NANOSLEEP_X, 1, "ffffffffffffffff", "none", "interval=none" },
	/* texts */
	{ SK_E_SYSCALL_CHDIR_X, 1, "2f00", "/", "path=/" },
	{ SK_E_SYSCALL_CHDIR_X, 1, "00", "", "path=" },
	{ SK_E_SYSCALL_CHDIR_X, 1, "", "<NA>", "path=<NA>" },
	{ SK_E_SYSCALL_CHDIR_X, 1, "284e554c4c2900", "<NA>", "path=<NA>" },
	{ SK_E_SYSCALL_RMDIR_2_X, 1, "2e2e2f6100", "/a", "path=../a(/a)" },
	{ SK_E_SYSCALL_RMDIR_2_X, 1, "61", "/work/a", "path=a(/work/a)" }, /* its NUL is missing */
	{ SK_E_SYSCALL_READ_X, 1, "4100ff42", "A..B", "data=A..B" },
	{ SK_E_SYSCALL_READ_X, 1, "", "NULL", "data=NULL" },
	/* sockets */
	{ SK_E_SOCKET_BIND_X, 1, "027f0000010050", "127.0.0.1:20480", "addr=127.0.0.1:20480" },
	{ SK_E_SOCKET_BIND_X, 1, "027f00", "", "addr=" },
	{ SK_E_SOCKET_BIND_X, 1, "0a000000000000000000000000000000015000", "::1:80", "addr=::1:80" },
	{ SK_E_SOCKET_BIND_X, 1, "012f7300", "/s", "addr=/s" },
	{ SK_E_SOCKET_BIND_X, 1, "01", "", "addr=" },
	{ SK_E_SOCKET_BIND_X, 1, "10", "family 16", "addr=family 16" },
	{ SK_E_SOCKET_CONNECT_X, 1, "020a00000150000a0000025100", "10.0.0.1:80->10.0.0.2:81", "tuple=10.0.0.1:80->10.0.0.2:81" },
	{ SK_E_SOCKET_CONNECT_X, 1, "020a000001", "", "tuple=" },
	{ SK_E_SOCKET_CONNECT_X, 1, "0a00000000000000000000ffff0a00000150000000000000000000000000000000000000000000", "10.0.0.1:80->0.0.0.0:0",
	  "tuple=10.0.0.1:80->0.0.0.0:0" },
	{ SK_E_SOCKET_CONNECT_X, 1, "0110000000000000002000000000000000612f6200", "10->20 a/b", "tuple=10->20 a/b" },
	{ SK_E_SOCKET_CONNECT_X, 1, "", "NULL", "tuple=NULL" },
	/* lists of descriptors: file, unknown, a list that says it is longer than it is */
	{ SK_E_SYSCALL_POLL_X, 1, "0200030000000000000001000900000000000000ff00", "3:f1 9:?ff", "fds=3:f1 9:?ff" },
	{ SK_E_SYSCALL_POLL_X, 1, "ffff03000000000000000100", "3:f1", "fds=3:f1" },
	/* types that a leading byte decides */
	{ SK_E_SOCKET_GETSOCKOPT_X, 4, "01feffffffffffffff", "ENOENT", "val=-2(ENOENT)" },
	{ SK_E_SOCKET_GETSOCKOPT_X, 4, "0201000000", "1", "val=1" },
	{ SK_E_SOCKET_GETSOCKOPT_X, 4, "003c41", "<A", "val=<A" },
	{ SK_E_SOCKET_GETSOCKOPT_X, 4, "63", "INVALID DYNAMIC PARAMETER", "val=INVALID DYNAMIC PARAMETER" },
	{ SK_E_SOCKET_GETSOCKOPT_X, 4, "", "NULL", "val=NULL" },
	/* the portable number of a system call */
	{ SK_E_GENERIC_X, 0, "1000", "getpid", "" },
};

/* The text of a field on the current event in OUT. */
static void
load(struct field_fixture *x, enum sk_field_id id, struct sk_field_arg_value arg, struct sk_buf *out)
{
	struct sk_loader l = sk_fields_loader(x->fields);
	struct sk_value v = { 0 };

	out->n = 0;
	arg.aux = l.bind(l.ctx, id, &arg);
	assert_true(l.load[id](l.ctx, &arg, &v));
	sk_value_text(out, &v, SK_PT_CHARBUF, SK_PF_NA, false);
}

/* Parameters before the one in question are empty. */
static void
one_param(struct field_fixture *x, uint16_t type, uint32_t param, const char *hex)
{
	uint8_t data[HEX_MAX];

	field_event(x, type, 1, 5);
	for (uint32_t i = 0; i < param; i++)
		field_param(x, data, 0);
	field_param(x, data, unhex(hex, data));
}

static void
test_texts(void **ctx)
{
	struct field_fixture *x = *ctx;
	struct sk_buf out = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sk_field_arg_value index = { .kind = SK_VA_INDEX, .index = cases[i].param }, none = { 0 };

		one_param(x, cases[i].type, cases[i].param, cases[i].hex);
		load(x, SK_F_evt_arg, index, &out);
		assert_string_equal(sk_buf_cstr(&out), cases[i].arg);
		load(x, SK_F_evt_args, none, &out);
		/* What precedes it is empty parameters. */
		assert_true(sk_slice_ends(sk_buf_view(&out), sk_slice_cstr(cases[i].args)));
	}
	sk_buf_free(&out);
}

/* Any beginning of any of these parameters, and each as the parameter of every other type of event. */
static void
test_cut_short(void **ctx)
{
	struct field_fixture *x = *ctx;
	struct sk_buf out = { 0 };
	struct sk_field_arg_value none = { 0 };
	uint8_t data[HEX_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t n = unhex(cases[i].hex, data); n-- > 0;)
			for (uint16_t type = 0; type < SK_EVENT_LIMIT; type++) {
				field_event(x, type, 1, 5);
				for (uint32_t k = 0; k < sk_event_desc(type)->nparams; k++)
					field_param(x, data, n);
				load(x, SK_F_evt_args, none, &out);
			}
	sk_buf_free(&out);
}

static void
test_names(void **ctx)
{
	static const struct field_case args[] = {
		{ "evt.arg", "res", "\"ENOENT\"" }, { "evt.arg", "fd", "\"<f>/etc/hosts\"" }, { "evt.arg", "size", "\"<NA>\"" }, /* empty */
		{ "evt.arg", "flags", "absent" },   { "evt.arg", "9", "absent" },            { "evt.arg", "18446744073709551615", "absent" },
		{ "evt.arg", "nosuch", "absent" },  { "evt.rawarg", "res", "-2" },           { "evt.rawarg", "fd", "3" },
		{ "evt.rawarg", "size", "absent" }, { "evt.rawarg", "nosuch", "absent" },    { "evt.rawarg", "data", "\"hi\"" },
		{ "evt.buffer", NULL, "\"hi\"" },
		{ "evt.args", NULL, "\"res=-2(ENOENT) data=hi fd=3(<f>/etc/hosts) size=<NA>\"" },
	};
	static const struct field_case nothing[] = { { "evt.buffer", NULL, "\"\"" } };
	static const struct field_case flags[] = {
		{ "evt.arg", "flags", "\"O_RDONLY|O_CLOEXEC\"" }, { "evt.rawarg", "flags", "\"1001\"" }, /* hexadecimal, as the event table says */
		{ "evt.rawarg", "name", "\"<NA>\"" },             { "evt.buffer", NULL, "absent" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_READ_X, 1, 5);
	field_param_i64(x, -2);
	field_param(x, "hi", 2);
	field_param_i64(x, 3);
	field_param(x, "", 0);
	FIELD_CHECK_ALL(x, args);
	field_event(x, SK_E_SYSCALL_READ_X, 1, 5);
	field_param_i64(x, 0);
	field_param(x, "", 0);
	FIELD_CHECK_ALL(x, nothing);
	field_event(x, SK_E_SYSCALL_OPENAT_2_X, 1, 5);
	field_param_i64(x, 3);
	field_param_i64(x, -100);
	field_param(x, "", 0);
	field_param_u32(x, 0x1001);
	FIELD_CHECK_ALL(x, flags);
}

/* Texts are cut, not lost, when the memory of an event is spent; the next event has it again. */
static void
test_budget(void **ctx)
{
	struct field_fixture *x = *ctx;
	struct sk_loader l = sk_fields_loader(x->fields);
	struct sk_field_arg_value none = { 0 };
	struct sk_value v = { 0 };
	char big[4000];
	size_t total = 0;

	memset(big, 'x', sizeof(big));
	field_event(x, SK_E_SYSCALL_READ_X, 1, 5);
	field_param_i64(x, 1);
	field_param(x, big, sizeof(big));
	for (int i = 0; i < 400; i++) {
		assert_true(l.load[SK_F_evt_args](l.ctx, &none, &v));
		total += v.n;
	}
	assert_true(total <= SK_MAX_EVENT_SCRATCH);
	assert_int_equal(v.n, 0);
	assert_null(sk_scratch(x->fields, 1));
	sk_fields_begin(x->fields);
	assert_true(l.load[SK_F_evt_args](l.ctx, &none, &v));
	assert_true(v.n > sizeof(big));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_budget),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
