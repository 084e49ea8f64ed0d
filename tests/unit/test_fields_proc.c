/* proc.*, thread.*, user.*, group.*: over a small family of processes. */
#include "tests/unit/field_check.h"

#define LIST(lit) sk_slice(lit, sizeof(lit) - 1)
#define S 1000000000ull

static void
add_thread(struct field_fixture *x, struct sk_thread_entry e)
{
	e.vtid = e.vtid ? e.vtid : e.tid;
	e.vpid = e.vpid ? e.vpid : e.pid;
	assert_non_null(sk_state_add_thread(x->state, &e));
}

/* systemd 1 > bash 10 > sudo 15 > python3 20, with a second thread 21; container process 30, pid 3 inside, whose session leader is gone. */
static int
setup(void **ctx)
{
	static struct field_fixture fixture;
	struct field_fixture *x = &fixture;
	struct sk_thread_entry python = {
		.tid = 20, .pid = 20, .ptid = 15, .sid = 10, .vpgid = 15, .pgid = 15, .comm = SK_SLICE("python3"), .exe = SK_SLICE("python"),
		.exepath = SK_SLICE("/usr/bin/python3"), .args = LIST("-c\0print 1\0\0"), .cwd = SK_SLICE("/tmp/"),
		.env = LIST("PATH=/bin:/sbin\0EMPTY=\0SPACED=  x y \0PATHS=no\0"), .cgroups = LIST("cpuset=/a=b\0name=systemd=/b\0io_cgroup=/c\0broken\0"),
		.uid = 1000, .gid = 100, .loginuid = UINT32_MAX, .tty = 34816, .vmsize_kb = 10, .vmrss_kb = 5, .vmswap_kb = 1, .pfmajor = 2, .pfminor = 3,
		.fdlimit = 1000, .clone_ts = 5 * S, .exe_writable = true, .cap_effective = 1ull << 0 | 1ull << 21, .exe_ino = 77,
	};

	if (field_setup(x) < 0)
		return -1;
	add_thread(x, (struct sk_thread_entry){ .tid = 1, .pid = 1, .sid = 1, .vpgid = 1, .pgid = 1, .comm = SK_SLICE("systemd"),
		.exe = SK_SLICE("/sbin/init") });
	add_thread(x, (struct sk_thread_entry){ .tid = 10, .pid = 10, .ptid = 1, .sid = 10, .vpgid = 10, .pgid = 10, .comm = SK_SLICE("bash"),
		.exe = SK_SLICE("-bash"), .exepath = SK_SLICE("/bin/bash"), .args = LIST("-l\0"), .env = LIST("A=ten\0PATH=/ten\0") });
	add_thread(x, (struct sk_thread_entry){ .tid = 15, .pid = 15, .ptid = 10, .sid = 10, .vpgid = 15, .pgid = 15, .comm = SK_SLICE("sudo"),
		.exe = SK_SLICE("sudo"), .clone_ts = 4 * S, .env = LIST("A=\0B=fifteen\0") });
	add_thread(x, python);
	python.tid = python.vtid = 21;
	python.flags = SK_CL_CLONE_THREAD | SK_CL_CLONE_FILES;
	python.comm = SK_SLICE("worker");
	add_thread(x, python);
	add_thread(x, (struct sk_thread_entry){ .tid = 30, .pid = 30, .ptid = 20, .vtid = 3, .vpid = 3, .sid = 1, .vpgid = -1, .pgid = 999,
		.comm = SK_SLICE("zsh"), .exe = SK_SLICE("zsh") });
	sk_state_add_user(x->state, SK_SLICE(""), 1000, 100, SK_SLICE("ann"), SK_SLICE("/home/ann"), SK_SLICE("/bin/zsh"));
	sk_state_add_group(x->state, SK_SLICE(""), 100, SK_SLICE("users"));
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
test_self(void **ctx)
{
	static const struct field_case cases[] = {
		{ "proc.name", NULL, "\"python3\"" },
		{ "proc.exe", NULL, "\"python\"" },
		{ "proc.exepath", NULL, "\"/usr/bin/python3\"" },
		{ "proc.cmdline", NULL, "\"python3 -c print 1 \"" },
		{ "proc.exeline", NULL, "\"python -c print 1 \"" },
		{ "proc.args", NULL, "\"-c print 1 \"" },
		{ "proc.args", "0", "\"-c\"" },
		{ "proc.args", "1", "\"print 1\"" },
		{ "proc.args", "2", "\"\"" },
		{ "proc.args", "3", "\"\"" },
		{ "proc.cmdnargs", NULL, "3" },
		{ "proc.cmdlenargs", NULL, "9" },
		{ "proc.cwd", NULL, "\"/tmp/\"" },
		{ "proc.pid", NULL, "20" },
		{ "proc.ppid", NULL, "15" },
		{ "proc.tty", NULL, "34816" },
		{ "proc.vmsize", NULL, "10" },
		{ "proc.vmrss", NULL, "5" },
		{ "proc.vmswap", NULL, "1" },
		{ "proc.duration", NULL, "1000000007" },
		{ "proc.pid.ts", NULL, "5000000000" },
		{ "proc.exe_ino", NULL, "77" },
		{ "proc.exe_ino.ctime", NULL, "absent" },
		{ "proc.is_exe_writable", NULL, "true" },
		{ "proc.is_exe_from_memfd", NULL, "false" },
		{ "proc.fdlimit", NULL, "1000" },
		{ "proc.nthreads", NULL, "2" },
		{ "proc.nchilds", NULL, "1" },
		{ "thread.tid", NULL, "20" },
		{ "thread.ismain", NULL, "true" },
		{ "thread.nametid", NULL, "\"python320\"" },
		{ "thread.vmsize.b", NULL, "10240" },
		{ "thread.cap_effective", NULL, "\"CAP_CHOWN CAP_SYS_ADMIN\"" },
		{ "thread.cap_permitted", NULL, "\"\"" },
		{ "thread.cgroups", NULL, "\"cpuset=/a=b name=systemd=/b blkio=/c\"" },
		{ "thread.cgroup", "cpuset", "\"/a=b\"" },
		{ "thread.cgroup", "blkio", "\"/c\"" },
		{ "thread.cgroup", "name=systemd", "\"/b\"" },
		{ "thread.cgroup", "cpu", "absent" },
		{ "user.uid", NULL, "1000" },
		{ "user.name", NULL, "\"ann\"" },
		{ "user.homedir", NULL, "\"/home/ann\"" },
		{ "user.shell", NULL, "\"/bin/zsh\"" },
		{ "user.loginuid", NULL, "-1" },
		{ "user.loginname", NULL, "\"<NA>\"" },
		{ "group.gid", NULL, "100" },
		{ "group.name", NULL, "\"users\"" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S + 7, 20);
	FIELD_CHECK_ALL(x, cases);
}

static void
test_environment(void **ctx)
{
	static const struct field_case cases[] = {
		{ "proc.env", NULL, "\"PATH=/bin:/sbin EMPTY= SPACED=  x y  PATHS=no\"" },
		{ "proc.env", "PATH", "\"/bin:/sbin\"" },
		{ "proc.env", "SPACED", "\"x y\"" },
		{ "proc.env", "EMPTY", "\"\"" },
		{ "proc.env", "PAT", "\"\"" },
		{ "proc.aenv", "A", "\"ten\"" }, /* the nearer ancestor has it empty */
		{ "proc.aenv", "B", "\"fifteen\"" },
		{ "proc.aenv", "SPACED", "\"\"" }, /* the process itself does not count */
		{ "proc.aenv", "0", "\"PATH=/bin:/sbin EMPTY= SPACED=  x y  PATHS=no\"" },
		{ "proc.aenv", "2", "\"A=ten PATH=/ten\"" },
		{ "proc.aenv", "9", "absent" },
		{ "proc.aenv", NULL, "\"PATH=/bin:/sbin EMPTY= SPACED=  x y  PATHS=no\"" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 20);
	FIELD_CHECK_ALL(x, cases);
	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 21); /* a thread has its process's */
	field_check(x, &cases[1]);
}

static void
test_ancestors(void **ctx)
{
	static const struct field_case cases[] = {
		{ "proc.pname", NULL, "\"sudo\"" },
		{ "proc.pcmdline", NULL, "\"sudo\"" },
		{ "proc.pexe", NULL, "\"sudo\"" },
		{ "proc.pexepath", NULL, "\"\"" },
		{ "proc.pvpid", NULL, "15" },
		{ "proc.ppid.ts", NULL, "4000000000" },
		{ "proc.ppid.duration", NULL, "2000000000" },
		{ "proc.aname", NULL, "\"sudo bash systemd\"" },
		{ "proc.aname", "0", "\"python3\"" },
		{ "proc.aname", "2", "\"bash\"" },
		{ "proc.aname", "3", "\"systemd\"" },
		{ "proc.aname", "4", "absent" },
		{ "proc.aname", "4000000000", "absent" },
		{ "proc.aexe", NULL, "\"sudo -bash /sbin/init\"" },
		{ "proc.aexepath", NULL, "\"/bin/bash \"" }, /* unknown ones stay empty words, but not in front */
		{ "proc.aexepath", "1", "\"\"" },
		{ "proc.acmdline", NULL, "\"sudo bash -l systemd\"" },
		{ "proc.apid", NULL, "20" },
		{ "proc.apid", "2", "10" },
		{ "proc.aargs", NULL, "\"-l \"" },
		{ "proc.aargs", "2", "\"-l\"" },
		{ "proc.loginshellid", NULL, "10" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 20);
	FIELD_CHECK_ALL(x, cases);
	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 21);
	for (size_t i = 7; i < sizeof(cases) / sizeof(cases[0]); i++)
		field_check(x, &cases[i]); /* counted from the process */
}

/* Comparisons see a list of the strict ancestors, whatever is printed. */
static void
test_ancestor_lists(void **ctx)
{
	struct field_fixture *x = *ctx;
	struct sk_field_arg_value none = { 0 };
	struct sk_value v;

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 20);
	assert_true(sk_x_proc_apid(x->fields, &none, &v));
	assert_int_equal(v.kind, SK_V_LIST);
	assert_int_equal(v.n, 3);
	assert_int_equal(v.list[0].kind, SK_V_INT);
	assert_int_equal(v.list[0].i, 15);
	assert_int_equal(v.list[2].i, 1);
	assert_true(sk_x_proc_aname(x->fields, &none, &v));
	assert_int_equal(v.kind, SK_V_LIST);
	assert_int_equal(v.n, 3);
	assert_true(sk_slice_is(sk_slice(v.list[1].s, v.list[1].n), "bash"));
	assert_true(sk_x_proc_aenv(x->fields, &none, &v));
	assert_int_equal(v.n, 3);
	assert_true(sk_slice_is(sk_slice(v.list[1].s, v.list[1].n), "A=ten PATH=/ten"));
	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 1);
	assert_false(sk_x_proc_aname(x->fields, &none, &v));
}

static void
test_top(void **ctx)
{
	static const struct field_case cases[] = {
		{ "proc.name", NULL, "\"systemd\"" },  { "proc.pname", NULL, "absent" },       { "proc.aname", NULL, "absent" },
		{ "proc.apid", NULL, "1" },            { "proc.aargs", NULL, "absent" },       { "proc.ppid.duration", NULL, "absent" },
		{ "proc.duration", NULL, "absent" },   { "proc.cwd", NULL, "\"/\"" },          { "proc.loginshellid", NULL, "absent" },
		{ "user.name", NULL, "\"root\"" },     { "user.homedir", NULL, "\"/root\"" },  { "user.shell", NULL, "\"<NA>\"" },
		{ "group.name", NULL, "\"root\"" },    { "thread.cgroups", NULL, "absent" },   { "proc.env", "PATH", "\"\"" },
		{ "proc.fdusage", NULL, "0.0" },       { "proc.cmdline", NULL, "\"systemd\"" }, { "proc.exeline", NULL, "\"/sbin/init \"" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (strcmp(cases[i].field, "proc.cwd") != 0)
			field_check(x, &cases[i]);
}

static void
test_parent_of_unknown_start(void **ctx)
{
	static const struct field_case none_open = { "proc.ppid.duration", NULL, "0" }, one_open = { "proc.ppid.duration", NULL, "1" };
	struct field_fixture *x = *ctx;
	const struct sk_fd_entry fd = { .num = 3, .type = SK_FD_FILE, .name = SK_SLICE("/x") };

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 15);
	field_check(x, &none_open);
	sk_state_add_fd(x->state, 15, &fd);
	field_check(x, &one_open);
}

static void
test_leaders(void **ctx)
{
	static const struct field_case host[] = {
		{ "proc.sid", NULL, "10" },
		{ "proc.sname", NULL, "\"bash\"" },
		{ "proc.sid.exe", NULL, "\"-bash\"" },
		{ "proc.sid.exepath", NULL, "\"/bin/bash\"" },
		{ "proc.vpgid.name", NULL, "\"sudo\"" },
		{ "proc.pgid.name", NULL, "\"sudo\"" },
		{ "proc.is_sid_leader", NULL, "false" },
		{ "proc.is_pgid_leader", NULL, "false" },
	};
	static const struct field_case inside[] = {
		{ "proc.sname", NULL, "\"\"" },         /* session 1 of its namespace is not systemd's, and nobody else of it is known */
		{ "proc.vpgid.name", NULL, "\"\"" },    /* not known */
		{ "proc.pgid.name", NULL, "\"\"" },     /* the leader is gone */
		{ "proc.vpid", NULL, "3" },
		{ "thread.vtid", NULL, "3" },
		{ "proc.loginshellid", NULL, "10" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 20);
	FIELD_CHECK_ALL(x, host);
	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 30);
	FIELD_CHECK_ALL(x, inside);
	x->fields->ec.thread->sid = 10; /* 10 of its own namespace; the ancestors' 10 is taken for it */
	field_check(x, &(struct field_case){ "proc.sname", NULL, "\"bash\"" });
}

/* All capabilities, more than we have names for, all but one, the last alone. */
static void
test_capabilities(void **ctx)
{
	struct field_fixture *x = *ctx;
	struct sk_field_arg_value none = { 0 };
	struct sk_thread *t;
	struct sk_value all, some;

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 20);
	t = x->fields->ec.thread;
	t->cap_permitted = (UINT64_C(1) << 41) - 1;
	assert_true(sk_x_thread_cap_permitted(x->fields, &none, &all));
	assert_true(sk_slice_starts(sk_slice(all.s, all.n), SK_SLICE("CAP_CHOWN CAP_DAC_OVERRIDE ")));
	assert_true(sk_slice_ends(sk_slice(all.s, all.n), SK_SLICE(" CAP_BPF CAP_CHECKPOINT_RESTORE")));
	t->cap_permitted = UINT64_MAX;
	assert_true(sk_x_thread_cap_permitted(x->fields, &none, &some));
	assert_true(sk_slice_eq(sk_slice(all.s, all.n), sk_slice(some.s, some.n)));
	t->cap_permitted = ((UINT64_C(1) << 41) - 1) & ~UINT64_C(1);
	assert_true(sk_x_thread_cap_permitted(x->fields, &none, &some));
	assert_true(sk_slice_ends(sk_slice(all.s, all.n), sk_slice(some.s, some.n)));
	assert_int_equal(some.n, all.n - strlen("CAP_CHOWN "));
	t->cap_permitted = UINT64_C(1) << 40;
	field_check(x, &(struct field_case){ "thread.cap_permitted", NULL, "\"CAP_CHECKPOINT_RESTORE\"" });
	t->cap_permitted = UINT64_C(1) << 50;
	field_check(x, &(struct field_case){ "thread.cap_permitted", NULL, "\"\"" });
}

static void
test_thread_of_process(void **ctx)
{
	static const struct field_case cases[] = {
		{ "proc.name", NULL, "\"worker\"" }, { "proc.pid", NULL, "20" },        { "proc.ppid", NULL, "15" },
		{ "thread.tid", NULL, "21" },        { "thread.ismain", NULL, "false" }, { "thread.vmrss", NULL, "0" },
		{ "thread.vmrss.b", NULL, "0" },     { "proc.vmrss", NULL, "5" },       { "proc.nthreads", NULL, "2" },
	};
	struct field_fixture *x = *ctx;

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 21);
	FIELD_CHECK_ALL(x, cases);
}

static bool
of_thread(const char *cls)
{
	static const char *const classes[] = { "proc", "user", "group", "fd", "fdlist", "container", "k8s" };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strcmp(classes[i], cls) == 0)
			return true;
	return false;
}

/* An event without a thread has none of these fields, whatever their argument. */
static void
test_no_thread(void **ctx)
{
	static const char *const args[] = { NULL, "0", "1", "x" };
	struct field_fixture *x = *ctx;
	struct sk_loader l = sk_fields_loader(x->fields);

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 4711);
	for (uint32_t id = 1; id < SK_F_LIMIT; id++) {
		const struct sk_field_desc *d = sk_field_desc(id);

		if (!d || !l.load[id] || !of_thread(d->cls))
			continue;
		for (size_t i = 0; i < sizeof(args) / sizeof(args[0]); i++)
			field_check(x, &(struct field_case){ d->name, args[i], "absent" });
	}
	field_check(x, &(struct field_case){ "thread.tid", NULL, "4711" });
	field_check(x, &(struct field_case){ "thread.exectime", NULL, "0" });
	field_check(x, &(struct field_case){ "thread.totexectime", NULL, "absent" });
}

/* A value too large for the event's memory is cut, or absent; nothing breaks. */
static void
test_scratch_spent(void **ctx)
{
	struct field_fixture *x = *ctx;
	struct sk_field_arg_value none = { 0 };
	struct sk_value v;

	field_event(x, SK_E_SYSCALL_OPEN_X, 6 * S, 20);
	assert_non_null(sk_scratch(x->fields, SK_MAX_EVENT_SCRATCH));
	assert_true(sk_x_proc_exeline(x->fields, &none, &v));
	assert_int_equal(v.n, 0);
	assert_false(sk_x_proc_aname(x->fields, &none, &v));
	assert_false(sk_x_proc_apid(x->fields, &none, &v));
	assert_false(sk_x_proc_aenv(x->fields, &none, &v));
	assert_true(sk_x_proc_name(x->fields, &none, &v));
	assert_int_equal(v.n, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_self, setup, teardown),
		cmocka_unit_test_setup_teardown(test_environment, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ancestors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ancestor_lists, setup, teardown),
		cmocka_unit_test_setup_teardown(test_top, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parent_of_unknown_start, setup, teardown),
		cmocka_unit_test_setup_teardown(test_leaders, setup, teardown),
		cmocka_unit_test_setup_teardown(test_capabilities, setup, teardown),
		cmocka_unit_test_setup_teardown(test_thread_of_process, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_thread, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scratch_spent, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
