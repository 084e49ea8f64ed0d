/* From the object to running programs: choose, load, retry without what this kernel refuses, fill tables, attach. */
#include "probe/live/internal.h"

#include "saker.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

/* Text of a refusal that is kept per program; what fits is enough to say why. */
#define LOG_BYTES 16384u
/* Refusals after which it is not worth going on: then the kernel is at fault and not a program. */
#define MAX_REFUSED 32u

int
sk_live_fail(struct sk_live_error *err, int r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return r;
}

void
sk_live_warn(const struct sk_live *l, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (l->opts && l->opts->warn)
		l->opts->warn(l->opts->arg, text);
}

static int
quiet(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	(void)level;
	(void)fmt;
	(void)ap;
	return 0;
}

/* --- which programs -------------------------------------------------------------------------------------------------------- */
static uint8_t
want_of(const struct sk_live_opts *o, uint32_t event)
{
	return event < SK_EVENT_LIMIT ? o->want[event] : (uint8_t)SK_WANT_NONE;
}

/* Clone events of both sides are only read where a rule can tell them apart; else the fork hook gives state what it needs. */
static bool
wants_clone_calls(const struct sk_live_opts *o)
{
	return want_of(o, SK_E_SYSCALL_CLONE_20_X) > SK_WANT_STATE || want_of(o, SK_E_SYSCALL_FORK_20_X) > SK_WANT_STATE ||
	       want_of(o, SK_E_SYSCALL_VFORK_20_X) > SK_WANT_STATE || want_of(o, SK_E_SYSCALL_CLONE3_X) > SK_WANT_STATE;
}

static bool
is_clone(uint16_t event)
{
	return event == SK_E_SYSCALL_CLONE_20_X || event == SK_E_SYSCALL_FORK_20_X || event == SK_E_SYSCALL_VFORK_20_X || event == SK_E_SYSCALL_CLONE3_X;
}

static uint8_t
call_want(const struct sk_live_opts *o, const struct sk_call *c)
{
	if (is_clone(c->event))
		return wants_clone_calls(o) ? SK_WANT_ALL : SK_WANT_NONE;
	return want_of(o, c->event);
}

/* Programs that are no system call's. */
static bool
wants_other(const struct sk_live_opts *o, const char *name)
{
	if (strcmp(name, "sk_exec") == 0 || strcmp(name, "sk_exec_end") == 0)
		return want_of(o, SK_E_SYSCALL_EXECVE_19_X);
	if (strcmp(name, "sk_tell") == 0 || strcmp(name, "sk_tell_end") == 0)
		return o->thread;
	if (strcmp(name, "sk_exec_failed") == 0)
		return want_of(o, SK_E_SYSCALL_EXECVE_19_X) == SK_WANT_ALL || want_of(o, SK_E_SYSCALL_EXECVEAT_X) == SK_WANT_ALL;
	if (strcmp(name, "sk_fork") == 0)
		return want_of(o, SK_E_SYSCALL_CLONE_20_X) && !wants_clone_calls(o);
	if (strcmp(name, "sk_clone") == 0)
		return wants_clone_calls(o);
	if (strcmp(name, "sk_exit") == 0)
		return want_of(o, SK_E_PROCEXIT_1_E);
	if (strcmp(name, "sk_signal") == 0)
		return want_of(o, SK_E_SIGNALDELIVER_E);
	if (strcmp(name, "x_generic") == 0)
		return want_of(o, SK_E_GENERIC_X);
	return strcmp(name, "sk_dispatch") == 0 || strcmp(name, "sk_finish") == 0;
}

static const struct sk_call *
call_named(const char *name)
{
	for (uint32_t i = 0; i < SK_LIVE_CALLS; i++) {
		const struct sk_call *c = sk_call_of(i);

		if (c && strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

static bool
wanted(const struct sk_live_opts *o, const char *name)
{
	const struct sk_call *c = strncmp(name, "x_", 2) == 0 ? call_named(name + 2) : NULL;

	return c ? call_want(o, c) != SK_WANT_NONE : wants_other(o, name);
}

/* --- load ------------------------------------------------------------------------------------------------------------------ */
struct attempt {
	struct bpf_program *progs[512];
	char *logs[512];
	size_t n;
};

/* Programs that were refused so far, by name. */
struct refusals {
	const char *names[MAX_REFUSED];
	size_t n;
};

static bool
is_refused(const struct refusals *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->names[i], name) == 0)
			return true;
	return false;
}

static void
free_logs(struct attempt *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->logs[i]);
	a->n = 0;
}

/* "return" before there is a result: no kernel takes it. */
static void
break_program(const struct bpf_program *p)
{
	struct bpf_insn *first = (struct bpf_insn *)(uintptr_t)bpf_program__insns(p);

	*first = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
}

static void
choose(struct sk_live *l, struct attempt *a, const struct refusals *ref)
{
	struct bpf_program *p;

	bpf_object__for_each_program(p, l->skel->obj)
	{
		const char *name = bpf_program__name(p);
		bool load = wanted(l->opts, name) && !is_refused(ref, name);

		(void)bpf_program__set_autoload(p, load);
		(void)bpf_program__set_autoattach(p, false);
		if (!load || a->n == SK_COUNTOF(a->progs))
			continue;
		a->progs[a->n] = p;
		a->logs[a->n] = calloc(1, LOG_BYTES);
		if (a->logs[a->n])
			(void)bpf_program__set_log_buf(p, a->logs[a->n], LOG_BYTES);
		a->n++;
		if (l->opts->break_program && strcmp(name, l->opts->break_program) == 0)
			break_program(p);
	}
}

/* Last line of the verifier that says something. */
static struct sk_slice
reason(const char *log)
{
	size_t n = strlen(log);

	while (n) {
		while (n && log[n - 1] == '\n')
			n--;
		size_t from = n;
		while (from && log[from - 1] != '\n')
			from--;
		if (strncmp(log + from, "processed ", 10) != 0 && n > from)
			return sk_slice(log + from, n - from);
		n = from;
	}
	return SK_SLICE("no reason given");
}

static int
set_tables(struct sk_live *l, struct sk_live_error *err)
{
	struct saker_bpf *k = l->skel;
	uint16_t ia32[SK_LIVE_CALLS];

	int r = bpf_map__set_max_entries(k->maps.sk_rings, l->nrings);
	if (r == 0)
		r = bpf_map__set_max_entries(k->maps.sk_scratches, l->nrings);
	if (r < 0)
		return sk_live_fail(err, r, "BPF tables: %s", strerror(-r));
	k->rodata->sk_tells = l->opts->thread && libbpf_probe_bpf_map_type(BPF_MAP_TYPE_TASK_STORAGE, NULL) == 1;
	(void)bpf_map__set_autocreate(k->maps.sk_told, k->rodata->sk_tells);
	sk_calls_ia32(ia32);
	memcpy((void *)(uintptr_t)k->rodata->sk_ia32, ia32, sizeof(ia32));
	for (uint32_t i = 0; i < SK_LIVE_CALLS; i++) {
		const struct sk_call *c = sk_call_of(i);

		((uint16_t *)(uintptr_t)k->rodata->sk_sc)[i] = c ? c->sc : 0;
	}
	return 0;
}

static int
open_error(int r, struct sk_live_error *err)
{
	struct stat st;

	if (stat("/sys/kernel/btf/vmlinux", &st) < 0)
		return sk_live_fail(err, -ENOTSUP, "this kernel does not describe its types (no /sys/kernel/btf/vmlinux): live detection needs one built with CONFIG_DEBUG_INFO_BTF");
	if (r == -EPERM || r == -EACCES)
		return sk_live_fail(err, -EPERM, "no permission to load BPF programs: run as root, or with CAP_BPF and CAP_PERFMON");
	return sk_live_fail(err, r, "BPF programs cannot be loaded: %s", strerror(-r));
}

/* One try. 1: some program was refused and stands in REF now; try again without it. */
static int
try_load(struct sk_live *l, struct refusals *ref, struct sk_live_error *err)
{
	struct attempt a = { .n = 0 };
	int r = 0;

	l->skel = saker_bpf__open();
	if (!l->skel)
		return open_error(-errno, err);
	choose(l, &a, ref);
	r = set_tables(l, err);
	if (r < 0) {
		free_logs(&a);
		return r;
	}
	r = saker_bpf__load(l->skel);
	for (size_t i = 0; r < 0 && i < a.n; i++) {
		if (!a.logs[i] || !*a.logs[i] || ref->n == MAX_REFUSED)
			continue;
		struct sk_slice why = reason(a.logs[i]);
		const char *name = bpf_program__name(a.progs[i]);

		ref->names[ref->n++] = strdup(name);
		sk_live_warn(l, "the kernel refuses program %s, its events are not seen: %.*s", name, SK_SLICE_ARG(why));
		r = ref->names[ref->n - 1] ? 1 : -ENOMEM;
	}
	free_logs(&a);
	return r < 0 ? open_error(r, err) : r;
}

/* --- tables of programs ---------------------------------------------------------------------------------------------------- */
static int
program_fd(const struct sk_live *l, const char *name)
{
	const struct bpf_program *p = bpf_object__find_program_by_name(l->skel->obj, name);

	return p && bpf_program__autoload(p) ? bpf_program__fd(p) : -ENOENT;
}

static int
put_program(const struct sk_live *l, const struct bpf_map *map, uint32_t key, const char *name)
{
	int fd = program_fd(l, name);

	return fd < 0 ? fd : bpf_map_update_elem(bpf_map__fd(map), &key, &fd, BPF_ANY);
}

static void
fill_calls(struct sk_live *l)
{
	struct saker_bpf *k = l->skel;
	char name[64];

	for (uint32_t i = 0; i < SK_LIVE_CALLS; i++) {
		const struct sk_call *c = sk_call_of(i);
		uint8_t want = c ? call_want(l->opts, c) : (uint8_t)SK_WANT_NONE;

		if (want == SK_WANT_NONE)
			continue;
		(void)snprintf(name, sizeof(name), "x_%s", c->event == SK_E_GENERIC_X ? "generic" : c->name);
		if (put_program(l, k->maps.sk_calls, i, name) < 0)
			continue;
		k->bss->sk_wanted[i / 64] |= 1ull << (i % 64);
		if (is_clone(c->event))
			k->bss->sk_clones[i / 64] |= 1ull << (i % 64);
		if (want == SK_WANT_ALL)
			k->bss->sk_wanted_failed[i / 64] |= 1ull << (i % 64);
	}
}

static int
fill_tables(struct sk_live *l)
{
	static const char *const next[] = { "sk_finish", "sk_clone", "sk_exec_failed" };
	struct saker_bpf *k = l->skel;

	for (uint32_t i = 0; i < l->nrings; i++)
		if (bpf_map_update_elem(bpf_map__fd(k->maps.sk_rings), &i, &l->rings[i].fd, BPF_ANY) < 0)
			return -errno;
	for (uint32_t i = 0; i < SK_COUNTOF(next); i++)
		(void)put_program(l, k->maps.sk_next, i, next[i]);
	(void)put_program(l, k->maps.sk_exec_next, 0, "sk_exec_end");
	(void)put_program(l, k->maps.sk_tell_next, 0, "sk_tell_end");
	(void)put_program(l, k->maps.sk_tell_next, 1, "sk_tell");
	k->bss->sk_epoch = l->epoch;
	k->bss->sk_self = (uint32_t)getpid();
	if (l->opts->snaplen)
		k->data->sk_snaplen = l->opts->snaplen;
	fill_calls(l);
	return 0;
}

/* Hooks in the order in which state can make sense of them: exits last, so that no thread leaves that has not been seen to come. */
static int
attach(struct sk_live *l, struct sk_live_error *err)
{
	static const struct {
		const char *name;
		bool needed;
	} hooks[] = { { "sk_exec", false }, { "sk_fork", false }, { "sk_dispatch", true }, { "sk_signal", false }, { "sk_exit", false } };

	for (size_t i = 0; i < SK_COUNTOF(hooks); i++) {
		struct bpf_program *p = bpf_object__find_program_by_name(l->skel->obj, hooks[i].name);

		if (program_fd(l, hooks[i].name) < 0) {
			if (hooks[i].needed)
				return sk_live_fail(err, -ENOTSUP, "the kernel refuses the program that sees system calls");
			continue;
		}
		struct bpf_link *link = bpf_program__attach(p);
		if (link) {
			l->links[l->nlinks++] = link;
			continue;
		}
		if (hooks[i].needed)
			return sk_live_fail(err, -errno, "the hook of system calls cannot be attached: %s", strerror(errno));
		sk_live_warn(l, "%s cannot be attached, its events are not seen: %s", hooks[i].name, strerror(errno));
	}
	return 0;
}

int
sk_live_load(struct sk_live *l, struct sk_live_error *err)
{
	struct refusals ref = { .n = 0 };
	int r;

	/* libbpf speaks for developers: our own messages say what users can do */
	if (!getenv("SAKER_BPF_DEBUG"))
		(void)libbpf_set_print(quiet);
	while ((r = try_load(l, &ref, err)) > 0)
		sk_live_unload(l);
	l->refused = (uint32_t)ref.n;
	for (size_t i = 0; i < ref.n; i++)
		free((void *)(uintptr_t)ref.names[i]);
	if (r < 0)
		return r;
	r = fill_tables(l);
	return r < 0 ? sk_live_fail(err, r, "BPF tables: %s", strerror(-r)) : attach(l, err);
}

void
sk_live_stop(struct sk_live *l)
{
	while (l->nlinks)
		(void)bpf_link__destroy(l->links[--l->nlinks]);
}

void
sk_live_unload(struct sk_live *l)
{
	sk_live_stop(l);
	saker_bpf__destroy(l->skel);
	l->skel = NULL;
}

bool
sk_live_reports(const struct sk_live *l, const char *name)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "x_%s", name);
	return program_fd(l, text) >= 0;
}
