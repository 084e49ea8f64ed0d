/* System calls that change what a process is: directories, ids, capabilities, limits, memory. */
#include "daemon/state/internal.h"

#define ALL_CAPS 0x1ffffffffffull
#define RLIMIT_NOFILE_ 7u
#define PR_SET_CHILD_SUBREAPER_ 36u
#define PR_GET_CHILD_SUBREAPER_ 37u

static bool
ok(const struct sk_event_ctx *x)
{
	return x->thread && x->has_res && x->res >= 0;
}

/* --- directories ------------------------------------------------------------------------------------------------------ */
static void
set_cwd(struct sk_state *s, struct sk_thread *t, struct sk_slice path)
{
	struct sk_thread *main = sk_thread_process(t);
	char out[SK_MAX_PATH + 2];

	if (!main)
		return;
	size_t n = sk_path_concat(out, sk_str_slice(main->cwd), path);
	if (!n || out[n - 1] != '/')
		out[n++] = '/';
	sk_str_set(&s->strings, &main->cwd, sk_slice(out, n));
}

void
sk_on_chdir(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	if (ok(x))
		set_cwd(s, x->thread, sk_ev_text(ev, 1));
}

void
sk_on_fchdir(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)ev;
	if (ok(x) && x->fd)
		set_cwd(s, x->thread, sk_str_slice(x->fd->name));
}

void
sk_on_getcwd(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	if (ok(x) && sk_ev_len(ev, 1))
		set_cwd(s, x->thread, sk_ev_text(ev, 1));
}

void
sk_on_chroot(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	char out[SK_MAX_PATH + 1];

	if (ok(x))
		sk_str_set(&s->strings, &x->thread->root,
			   sk_slice(out, sk_path_concat(out, sk_thread_cwd(x->thread), sk_ev_text(ev, 1))));
}

/* --- ids -------------------------------------------------------------------------------------------------------------- */
static void
set_id(uint32_t *id, const struct sk_event *ev, uint32_t param, const struct sk_event_ctx *x)
{
	uint32_t wanted = (uint32_t)sk_ev_uint(ev, param);

	/* -1 asks the kernel to leave the id as it is. Falco takes it for the id and then misses what root does after sudo. */
	if (ok(x) && x->res == 0 && sk_ev_len(ev, param) && wanted != UINT32_MAX)
		*id = wanted;
}

void
sk_on_setuid(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	if (x->thread)
		set_id(&x->thread->uid, ev, 1, x);
}

void
sk_on_seteuid(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	if (x->thread)
		set_id(&x->thread->uid, ev, 2, x);
}

void
sk_on_setgid(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	if (x->thread)
		set_id(&x->thread->gid, ev, 1, x);
}

void
sk_on_setegid(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	if (x->thread)
		set_id(&x->thread->gid, ev, 2, x);
}

void
sk_on_setsid(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	(void)ev;
	if (ok(x))
		x->thread->sid = x->res;
}

/* --- capabilities and name spaces ------------------------------------------------------------------------------------- */
void
sk_on_capset(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	if (!ok(x))
		return;
	x->thread->cap_inheritable = sk_ev_uint(ev, 1);
	x->thread->cap_permitted = sk_ev_uint(ev, 2);
	x->thread->cap_effective = sk_ev_uint(ev, 3);
}

/* The first process of a user name space can do everything in it. */
static void
new_userns(const struct sk_event_ctx *x, uint64_t flags)
{
	if (ok(x) && (flags & SK_CL_CLONE_NEWUSER))
		x->thread->cap_inheritable = x->thread->cap_permitted = x->thread->cap_effective = ALL_CAPS;
}

void
sk_on_unshare(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	new_userns(x, sk_ev_uint(ev, 1));
}

void
sk_on_setns(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	new_userns(x, sk_ev_uint(ev, 2));
}

void
sk_on_prctl(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	uint64_t option = sk_ev_uint(ev, 1);

	(void)s;
	if (ok(x) && x->thread->group && (option == PR_SET_CHILD_SUBREAPER_ || option == PR_GET_CHILD_SUBREAPER_))
		x->thread->group->reaper = sk_ev_uint(ev, 3) != 0;
}

/* --- limits ----------------------------------------------------------------------------------------------------------- */
static void
set_fdlimit(const struct sk_thread *t, const struct sk_event *ev, uint32_t cur, uint32_t resource)
{
	struct sk_thread *main = t ? sk_thread_main(t) : NULL;

	if (main && sk_ev_len(ev, cur) && sk_ev_len(ev, resource) && sk_ev_uint(ev, resource) == RLIMIT_NOFILE_)
		main->fdlimit = sk_ev_int(ev, cur, -1);
}

void
sk_on_rlimit(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	if (ok(x))
		set_fdlimit(x->thread, ev, 1, 3);
}

void
sk_on_prlimit(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	int64_t target = sk_ev_int(ev, 5, 0);

	/* -1: the call only read the limit. */
	if (ok(x) && sk_ev_int(ev, 1, -1) != -1)
		set_fdlimit(target ? sk_state_thread(s, target) : x->thread, ev, 1, 6);
}

/* --- memory and time -------------------------------------------------------------------------------------------------- */
static void
set_vm(struct sk_thread *t, const struct sk_event *ev, uint32_t param)
{
	if (!sk_ev_len(ev, param))
		return;
	t->vmsize_kb = (uint32_t)sk_ev_uint(ev, param);
	t->vmrss_kb = (uint32_t)sk_ev_uint(ev, param + 1);
	t->vmswap_kb = (uint32_t)sk_ev_uint(ev, param + 2);
}

void
sk_on_vm(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	if (x->thread)
		set_vm(x->thread, ev, 1);
}

/* Time since the last switch on a CPU; what ran since is what this event ends. */
static uint64_t
slice_of(struct sk_state *s, const struct sk_event *ev)
{
	if (ev->cpu >= s->nswitch_ts) {
		size_t n = (size_t)ev->cpu + 1;
		uint64_t *v = realloc(s->switch_ts, n * sizeof(*v));

		if (!v)
			return 0;
		memset(v + s->nswitch_ts, 0, (n - s->nswitch_ts) * sizeof(*v));
		s->switch_ts = v;
		s->nswitch_ts = n;
	}
	uint64_t last = s->switch_ts[ev->cpu];
	s->switch_ts[ev->cpu] = ev->ts;
	return last && ev->ts > last ? ev->ts - last : 0;
}

void
sk_on_schedswitch(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_thread *t = x->thread, *main;

	x->exectime_ns = slice_of(s, ev);
	if (!t)
		return;
	t->exectime_ns = x->exectime_ns;
	t->totexectime_ns += x->exectime_ns;
	t->pfmajor = sk_ev_uint(ev, 1);
	t->pfminor = sk_ev_uint(ev, 2);
	if ((main = sk_thread_main(t)))
		set_vm(main, ev, 3);
}

void
sk_on_procinfo(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)s;
	for (uint32_t i = 0; x->thread && i < 2; i++) {
		x->thread->cpu_ticks_before[i] = x->thread->cpu_ticks[i];
		x->thread->cpu_ticks[i] = (uint32_t)sk_ev_uint(ev, i);
	}
}
