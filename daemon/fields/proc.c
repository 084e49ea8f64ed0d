/* The process of an event: names, command line, ids, times, resources. Ancestors, leaders and environment have files of their own. */
#include "daemon/fields/loader.h"

static bool
ret_absent_if_zero(struct sk_value *ret, uint64_t v)
{
	return v && sk_ret_uint(ret, v);
}

/* Clocks of different processors may disagree by some ns: not negative. */
static uint64_t
since(const struct sk_fields *f, uint64_t then)
{
	uint64_t now = f->ec.ev->ts;

	return now > then ? now - then : 0;
}

/* --- who ------------------------------------------------------------------------------------------------------------------- */
SK_LOADER_OF_THREAD(proc_name, sk_ret_shared(ret, t->comm))
SK_LOADER_OF_THREAD(proc_exe, sk_ret_shared(ret, t->exe))
SK_LOADER_OF_THREAD(proc_exepath, sk_ret_shared(ret, t->exepath))
SK_LOADER_OF_THREAD(proc_cmdline, sk_ret_view(ret, sk_thread_cmdline(t)))
SK_LOADER_OF_THREAD(proc_cwd, sk_ret_view(ret, sk_thread_cwd(t)))
SK_LOADER_OF_THREAD(proc_pid, sk_ret_id(ret, t->pid))
SK_LOADER_OF_THREAD(proc_vpid, t->vpid != -1 && sk_ret_int(ret, t->vpid))
SK_LOADER_OF_THREAD(proc_sid, sk_ret_int(ret, t->sid))
SK_LOADER_OF_THREAD(proc_pgid, sk_ret_int(ret, t->pgid))
SK_LOADER_OF_THREAD(proc_vpgid, sk_ret_int(ret, t->vpgid))
SK_LOADER_OF_THREAD(proc_tty, sk_ret_uint(ret, t->tty))
SK_LOADER_OF_THREAD(proc_is_sid_leader, sk_ret_bool(ret, t->sid == t->vpid))
SK_LOADER_OF_THREAD(proc_is_vpgid_leader, sk_ret_bool(ret, t->vpgid == t->vpid))
SK_LOADER_OF_THREAD(proc_is_pgid_leader, sk_ret_bool(ret, t->pgid == t->pid))

/* --- arguments ------------------------------------------------------------------------------------------------------------- */
static size_t
count_elements(struct sk_slice list)
{
	struct sk_slice e;
	size_t n = 0;

	while (sk_nul_list_next(&list, &e))
		n++;
	return n;
}

static size_t
count_bytes(struct sk_slice list)
{
	struct sk_slice e;
	size_t n = 0;

	while (sk_nul_list_next(&list, &e))
		n += e.n;
	return n;
}

/* An element; empty if there are not so many. */
static bool
ret_element(struct sk_value *ret, struct sk_slice list, uint64_t index)
{
	struct sk_slice e;

	for (uint64_t i = 0; sk_nul_list_next(&list, &e); i++)
		if (i == index)
			return sk_ret_view(ret, e);
	return sk_ret_const(ret, "");
}

SK_LOADER_OF_THREAD(proc_cmdnargs, sk_ret_uint(ret, count_elements(sk_str_slice(t->args))))
SK_LOADER_OF_THREAD(proc_cmdlenargs, sk_ret_uint(ret, count_bytes(sk_str_slice(t->args))))

SK_LOADER(proc_args)
{
	struct sk_thread *t = sk_loader_thread(ctx);

	if (!t)
		return false;
	if (arg->kind == SK_VA_INDEX)
		return ret_element(ret, sk_str_slice(t->args), arg->index);
	return sk_ret_nul_list(ctx, ret, sk_str_slice(t->args));
}

SK_LOADER(proc_exeline)
{
	struct sk_thread *t = sk_loader_thread(ctx);
	struct sk_out o;

	(void)arg;
	if (!t)
		return false;
	sk_out_begin(&o, ctx);
	sk_out_slice(&o, sk_str_slice(t->exe));
	sk_out_char(&o, ' ');
	sk_out_nul_list(&o, sk_str_slice(t->args));
	return sk_out_ret(&o, ret);
}

/* --- the executable --------------------------------------------------------------------------------------------------------- */
SK_LOADER_OF_THREAD(proc_is_exe_writable, sk_ret_bool(ret, t->exe_writable))
SK_LOADER_OF_THREAD(proc_is_exe_upper_layer, sk_ret_bool(ret, t->exe_upper))
SK_LOADER_OF_THREAD(proc_is_exe_lower_layer, sk_ret_bool(ret, t->exe_lower))
SK_LOADER_OF_THREAD(proc_is_exe_from_memfd, sk_ret_bool(ret, t->exe_memfd))
SK_LOADER_OF_THREAD(proc_exe_ino, t->exe_ino && sk_ret_int(ret, (int64_t)t->exe_ino))
SK_LOADER_OF_THREAD(proc_exe_ino_ctime, ret_absent_if_zero(ret, t->exe_ino_ctime))
SK_LOADER_OF_THREAD(proc_exe_ino_mtime, ret_absent_if_zero(ret, t->exe_ino_mtime))
SK_LOADER_OF_THREAD(proc_exe_ino_ctime_duration_proc_start, ret_absent_if_zero(ret, t->exe_ino_ctime_duration_clone_ts))
SK_LOADER_OF_THREAD(proc_exe_ino_ctime_duration_pidns_start, ret_absent_if_zero(ret, t->exe_ino_ctime_duration_pidns_start))

/* --- times ----------------------------------------------------------------------------------------------------------------- */
SK_LOADER_OF_THREAD(proc_pid_ts, ret_absent_if_zero(ret, t->clone_ts))
SK_LOADER_OF_THREAD(proc_pidns_init_start_ts, ret_absent_if_zero(ret, t->pidns_init_start_ts))
SK_LOADER_OF_THREAD(proc_duration, t->clone_ts && sk_ret_uint(ret, since(ctx, t->clone_ts)))

/* --- the parent ------------------------------------------------------------------------------------------------------------ */
/* A whole loader over the parent process's main thread P. */
#define LOADER_OF_PARENT(sym, EXPR)                                                                                          \
	SK_LOADER(sym)                                                                                                       \
	{                                                                                                                    \
		struct sk_thread *t = sk_loader_thread(ctx);                                                                 \
		struct sk_thread *p = t ? sk_thread_parent(t) : NULL;                                                        \
		(void)arg;                                                                                                   \
		return p && (EXPR);                                                                                          \
	}

LOADER_OF_PARENT(proc_pname, sk_ret_shared(ret, p->comm))
LOADER_OF_PARENT(proc_pexe, sk_ret_shared(ret, p->exe))
LOADER_OF_PARENT(proc_pexepath, sk_ret_shared(ret, p->exepath))
LOADER_OF_PARENT(proc_pcmdline, sk_ret_view(ret, sk_thread_cmdline(p)))
LOADER_OF_PARENT(proc_ppid, sk_ret_id(ret, p->pid))
LOADER_OF_PARENT(proc_pvpid, sk_ret_int(ret, p->vpid))

/* When the thread started that made the process, which need not be its process's first. 0: before the first event. */
SK_LOADER(proc_ppid_ts)
{
	const struct sk_thread *t = sk_loader_thread(ctx);
	const struct sk_thread *m = t ? sk_thread_main(t) : NULL;

	(void)arg;
	return m && m->parent && sk_ret_uint(ret, m->parent->clone_ts);
}

/* --- resources ------------------------------------------------------------------------------------------------------------- */
SK_LOADER_OF_THREAD(proc_vmsize, sk_ret_uint(ret, t->vmsize_kb))
SK_LOADER_OF_THREAD(proc_vmrss, sk_ret_uint(ret, t->vmrss_kb))
SK_LOADER_OF_THREAD(proc_vmswap, sk_ret_uint(ret, t->vmswap_kb))

static uint64_t
open_fds(const struct sk_thread *t)
{
	const struct sk_thread *m = sk_thread_main(t);
	const struct sk_fdtable *fds = m ? sk_thread_fds(m) : NULL; /* of a process that is not known: 0, as all about it */

	return fds ? sk_fdtable_count(fds) : 0;
}

static int64_t
fd_limit(const struct sk_thread *t)
{
	const struct sk_thread *m = sk_thread_main(t);

	return m ? m->fdlimit : t->fdlimit;
}

static bool
ret_fd_usage(struct sk_value *ret, const struct sk_thread *t)
{
	int64_t limit = fd_limit(t);
	double percent = limit > 0 ? (double)open_fds(t) * 100.0 / (double)limit : 0.0;

	*ret = (struct sk_value){ .kind = SK_V_FLOAT, .d = percent };
	return true;
}

SK_LOADER_OF_THREAD(proc_fdopencount, sk_ret_uint(ret, open_fds(t)))
SK_LOADER_OF_THREAD(proc_fdlimit, sk_ret_int(ret, fd_limit(t)))
SK_LOADER_OF_THREAD(proc_fdusage, ret_fd_usage(ret, t))

static bool
ret_parent_duration(void *ctx, struct sk_value *ret, struct sk_thread *t)
{
	const struct sk_thread *p = sk_thread_parent(t);

	return p && sk_ret_uint(ret, p->clone_ts ? since(ctx, p->clone_ts) : open_fds(t));
}

/* Of a parent whose start is not known, as of one that ran before the capture: the number of open descriptors. Falco has always said so,
 * and "the parent is younger than a second" has always held for such parents. */
SK_LOADER_OF_THREAD(proc_ppid_duration, ret_parent_duration(ctx, ret, t))

static uint64_t
alive_threads(const struct sk_thread *t)
{
	return t->group ? t->group->alive : 0;
}

/* Despite the field's name: threads other than the leader. */
static uint64_t
alive_followers(const struct sk_thread *t)
{
	const struct sk_thread *m = sk_thread_main(t);
	uint64_t n = alive_threads(t);

	return n && m && !m->dead ? n - 1 : n;
}

SK_LOADER_OF_THREAD(proc_nthreads, sk_ret_uint(ret, alive_threads(t)))
SK_LOADER_OF_THREAD(proc_nchilds, sk_ret_uint(ret, alive_followers(t)))
