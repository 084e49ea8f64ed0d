/* The thread of an event: ids, run time, memory, cgroups, capabilities. */
#include "daemon/fields/loader.h"

SK_LOADER(thread_tid)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_id(ret, f->ec.ev->tid);
}

SK_LOADER(thread_nametid)
{
	const struct sk_fields *f = ctx;
	struct sk_out o;

	(void)arg;
	if (!f->ec.thread)
		return false;
	sk_out_begin(&o, ctx);
	sk_out_slice(&o, sk_str_slice(f->ec.thread->comm));
	sk_out_i64(&o, f->ec.ev->tid);
	return sk_out_ret(&o, ret);
}

static bool
is_main(const struct sk_thread *t)
{
	return t->tid == t->pid || (t->flags & SK_CL_IS_MAIN_THREAD);
}

SK_LOADER_OF_THREAD(thread_vtid, t->vtid != -1 && sk_ret_int(ret, t->vtid))
SK_LOADER_OF_THREAD(thread_ismain, sk_ret_bool(ret, is_main(t)))
SK_LOADER_OF_THREAD(thread_pfmajor, sk_ret_uint(ret, t->pfmajor))
SK_LOADER_OF_THREAD(thread_pfminor, sk_ret_uint(ret, t->pfminor))
/* Memory is the process's: counted once, for its main thread. */
SK_LOADER_OF_THREAD(thread_vmsize, sk_ret_uint(ret, is_main(t) ? t->vmsize_kb : 0))
SK_LOADER_OF_THREAD(thread_vmrss, sk_ret_uint(ret, is_main(t) ? t->vmrss_kb : 0))
SK_LOADER_OF_THREAD(thread_vmsize_b, sk_ret_uint(ret, is_main(t) ? t->vmsize_kb * UINT64_C(1024) : 0))
SK_LOADER_OF_THREAD(thread_vmrss_b, sk_ret_uint(ret, is_main(t) ? t->vmrss_kb * UINT64_C(1024) : 0))

/* --- run time -------------------------------------------------------------------------------------------------------------- */
SK_LOADER(thread_exectime)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_uint(ret, f->ec.exectime_ns);
}

SK_LOADER_OF_THREAD(thread_totexectime, sk_ret_uint(ret, t->totexectime_ns))

/* Old captures sample the processor time of each thread in events of their own: ticks since the sample before; the first has none. As in
 * Falco never more than 100. */
static bool
ret_cpu_ticks(void *ctx, struct sk_value *ret, const struct sk_thread *t, unsigned first, unsigned last)
{
	const struct sk_fields *f = ctx;
	uint64_t now = 0, before = 0;

	if (f->ec.ev->type != SK_E_PROCINFO_E)
		return false;
	for (unsigned i = first; i <= last; i++) {
		now += t->cpu_ticks[i];
		before += t->cpu_ticks_before[i];
	}
	uint64_t ticks = before && now > before ? now - before : 0;
	*ret = (struct sk_value){ .kind = SK_V_FLOAT, .d = ticks < 100 ? (double)ticks : 100.0 };
	return true;
}

SK_LOADER_OF_THREAD(thread_cpu, ret_cpu_ticks(ctx, ret, t, 0, 1))
SK_LOADER_OF_THREAD(thread_cpu_user, ret_cpu_ticks(ctx, ret, t, 0, 0))
SK_LOADER_OF_THREAD(thread_cpu_system, ret_cpu_ticks(ctx, ret, t, 1, 1))

/* --- cgroups --------------------------------------------------------------------------------------------------------------- */
/* Names of controllers as /proc/PID/cgroup has them, for those that the kernel's own symbols call otherwise. */
static const struct {
	const char *symbol, *name;
} controllers[] = { { "perf", "perf_event" }, { "mem", "memory" }, { "io", "blkio" } };

static struct sk_slice
controller_name(struct sk_slice symbol)
{
	const struct sk_slice suffix = SK_SLICE("_cgroup");

	if (sk_slice_ends(symbol, suffix))
		symbol.n -= suffix.n;
	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++)
		if (sk_slice_is(symbol, controllers[i].symbol))
			return sk_slice_cstr(controllers[i].name);
	return symbol;
}

/* One element "controller=path"; the controller may be "name=systemd". False when there is no path. */
static bool
split_cgroup(struct sk_slice e, struct sk_slice *ret_controller, struct sk_slice *ret_path)
{
	const char *eq = e.n ? memrchr(e.p, '=', e.n) : NULL;
	const char *slash = e.n ? memchr(e.p, '/', e.n) : NULL;

	/* Paths may hold '=' too: the one that counts is the last before the first slash. */
	if (eq && slash && eq > slash)
		eq = memrchr(e.p, '=', (size_t)(slash - e.p));
	if (!eq)
		return false;
	*ret_controller = controller_name(sk_slice(e.p, (size_t)(eq - e.p)));
	*ret_path = sk_slice(eq + 1, (size_t)(e.p + e.n - eq - 1));
	return true;
}

static bool
ret_cgroups(void *ctx, struct sk_value *ret, struct sk_slice list)
{
	struct sk_slice e, controller, path;
	struct sk_out o;

	sk_out_begin(&o, ctx);
	while (sk_nul_list_next(&list, &e)) {
		if (!split_cgroup(e, &controller, &path))
			continue;
		if (o.n)
			sk_out_char(&o, ' ');
		sk_out_slice(&o, controller);
		sk_out_char(&o, '=');
		sk_out_slice(&o, path);
	}
	return o.n && sk_out_ret(&o, ret);
}

SK_LOADER_OF_THREAD(thread_cgroups, ret_cgroups(ctx, ret, sk_str_slice(t->cgroups)))

SK_LOADER(thread_cgroup)
{
	struct sk_thread *t = sk_loader_thread(ctx);
	struct sk_slice key = sk_slice(arg->key, arg->key_len), list, e, controller, path;

	if (!t || arg->kind != SK_VA_KEY)
		return false;
	list = sk_str_slice(t->cgroups);
	while (sk_nul_list_next(&list, &e))
		if (split_cgroup(e, &controller, &path) && sk_slice_eq(controller, key))
			return sk_ret_view(ret, path);
	return false;
}

/* --- capabilities ---------------------------------------------------------------------------------------------------------- */
static const char *const cap_names[64] = {
#define SK_CAP(bit, name) [bit] = name,
#include <saker/caps.def>
#undef SK_CAP
};

/* Most threads have all of them, or none. */
static const uint64_t all_caps = 0
#define SK_CAP(bit, name) | UINT64_C(1) << (bit)
#include <saker/caps.def>
#undef SK_CAP
	;
static const char all_cap_names[] =
#define SK_CAP(bit, name) " " name
#include <saker/caps.def>
#undef SK_CAP
	;

static bool
ret_caps(void *ctx, struct sk_value *ret, uint64_t caps)
{
	struct sk_out o;

	if ((caps & all_caps) == all_caps)
		return sk_ret_const(ret, all_cap_names + 1);
	sk_out_begin(&o, ctx);
	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(caps >> bit & 1) || !cap_names[bit])
			continue;
		if (o.n)
			sk_out_char(&o, ' ');
		sk_out_str(&o, cap_names[bit]);
	}
	return sk_out_ret(&o, ret);
}

SK_LOADER_OF_THREAD(thread_cap_effective, ret_caps(ctx, ret, t->cap_effective))
SK_LOADER_OF_THREAD(thread_cap_permitted, ret_caps(ctx, ret, t->cap_permitted))
SK_LOADER_OF_THREAD(thread_cap_inheritable, ret_caps(ctx, ret, t->cap_inheritable))
