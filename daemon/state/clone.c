/* clone, fork, vfork, clone3: the parent's event and the child's, whichever comes first, make the new entry. */
#include "daemon/state/internal.h"

/* Parameters beyond those that sk_proc_from_event() takes. */
enum { P_PID = 4, P_PTID = 5, P_FLAGS = 15, P_UID = 16, P_GID = 17, P_VTID = 18, P_VPID = 19, P_PIDNS_TS = 20 };

/* Both events of one clone are this close; an entry that is older is left over from a process whose exit was missed. */
#define SAME_CLONE_NS 2000000000ull

static void
set_text(struct sk_state *s, struct sk_str **slot, const struct sk_event *ev, uint32_t param)
{
	if (sk_ev_len(ev, param))
		sk_str_set(&s->strings, slot, sk_ev_text(ev, param));
}

void
sk_proc_from_event(struct sk_state *s, struct sk_thread *t, const struct sk_event *ev)
{
	set_text(s, &t->exe, ev, 1);
	if (sk_ev_len(ev, 13))
		set_text(s, &t->comm, ev, 13);
	else
		sk_str_copy(&s->strings, &t->comm, t->exe);
	sk_str_move(&s->strings, &t->args, sk_str_get_list(&s->strings, sk_ev_slice(ev, 2)));
	free(t->cmdline);
	t->cmdline = NULL;
	if (sk_ev_len(ev, 7))
		t->fdlimit = sk_ev_int(ev, 7, 0);
	if (sk_ev_len(ev, 12)) {
		t->pfmajor = sk_ev_uint(ev, 8);
		t->pfminor = sk_ev_uint(ev, 9);
		t->vmsize_kb = (uint32_t)sk_ev_uint(ev, 10);
		t->vmrss_kb = (uint32_t)sk_ev_uint(ev, 11);
		t->vmswap_kb = (uint32_t)sk_ev_uint(ev, 12);
	}
	if (sk_ev_len(ev, 14))
		sk_thread_set_cgroups(s, t, sk_ev_slice(ev, 14));
}

void
sk_thread_identify(struct sk_state *s, struct sk_thread *t, int64_t pid, int64_t ptid, int64_t vtid, int64_t vpid)
{
	t->pid = pid;
	t->ptid = ptid;
	t->vtid = vtid;
	t->vpid = vpid;
	sk_tree_link(s, t);
	/* What it collected while nothing was known of it is not its own after all. */
	if (t->group && !sk_thread_is_main(t)) {
		sk_fds_release(s, t->fds);
		t->fds = NULL;
		t->fds_inherited = false;
	}
}

/* What the child has of its parent and no event tells. */
static void
inherit(struct sk_state *s, struct sk_thread *child, const struct sk_thread *from)
{
	struct sk_strings *st = &s->strings;

	sk_str_copy(st, &child->exepath, from->exepath);
	sk_str_copy(st, &child->root, from->root);
	if (!child->cgroups->n) {
		sk_str_copy(st, &child->cgroups, from->cgroups);
		sk_str_copy(st, &child->container_id, from->container_id);
	}
	child->exe_writable = from->exe_writable;
	child->exe_upper = from->exe_upper;
	child->exe_lower = from->exe_lower;
	child->exe_memfd = from->exe_memfd;
	child->exe_ino = from->exe_ino;
	child->exe_ino_ctime = from->exe_ino_ctime;
	child->exe_ino_mtime = from->exe_ino_mtime;
	child->exe_ino_ctime_duration_clone_ts = from->exe_ino_ctime_duration_clone_ts;
	child->exe_ino_ctime_duration_pidns_start = from->exe_ino_ctime_duration_pidns_start;
	child->sid = from->sid;
	child->vpgid = from->vpgid;
	child->pgid = from->pgid;
	child->tty = from->tty;
	child->loginuid = from->loginuid;
	child->cap_inheritable = from->cap_inheritable;
	child->cap_permitted = from->cap_permitted;
	child->cap_effective = from->cap_effective;
}

/* A new process gets copies of what its parent's threads share; a thread shares it. */
static void
inherit_process(struct sk_state *s, struct sk_thread *child, struct sk_thread *from)
{
	struct sk_thread *main = sk_thread_process(from);

	if (child->flags & SK_CL_CLONE_THREAD) {
		child->flags |= SK_CL_CLONE_FILES;
		child->lastexec_ts = from->lastexec_ts;
	} else if (main) {
		sk_fds_share(s, child, main);
		sk_str_copy(&s->strings, &child->cwd, main->cwd);
		/* Only leaders have an environment: the child of another thread shows none until it executes something. */
		sk_str_copy(&s->strings, &child->env, from->env);
	}
}

static void
from_event(struct sk_state *s, struct sk_thread *t, const struct sk_event *ev)
{
	sk_proc_from_event(s, t, ev);
	t->uid = (uint32_t)sk_ev_uint(ev, P_UID);
	t->gid = (uint32_t)sk_ev_uint(ev, P_GID);
	t->clone_ts = ev->ts;
}

/* An entry that only events made learns from this event of its own what it is. */
static void
identify_caller(struct sk_state *s, struct sk_thread *t, const struct sk_event *ev)
{
	if (!sk_thread_invalid(t))
		return;
	sk_thread_identify(s, t, sk_ev_int(ev, P_PID, -1), sk_ev_int(ev, P_PTID, -1), sk_ev_int(ev, P_VTID, t->tid),
			   sk_ev_int(ev, P_VPID, -1));
	sk_proc_from_event(s, t, ev);
}

static bool
child_makes_itself(const struct sk_event *ev, const struct sk_thread *caller, uint32_t flags)
{
	return ev->type == SK_E_SYSCALL_VFORK_20_X || caller->tid != caller->vtid ||
	       (flags & (SK_CL_CHILD_IN_PIDNS | SK_CL_CLONE_NEWPID | SK_CL_CLONE_PARENT | SK_CL_CLONE_VFORK));
}

static void
in_parent(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_thread *caller = x->thread, *child;
	uint32_t flags = (uint32_t)sk_ev_uint(ev, P_FLAGS);
	int64_t tid = x->res;

	if (!caller)
		return;
	bool known = !sk_thread_invalid(caller);
	identify_caller(s, caller, ev);
	if (child_makes_itself(ev, caller, flags) || tid == caller->tid)
		return;
	child = sk_state_thread(s, tid);
	if (child && (child->flags & SK_CL_CLONE_INVERTED))
		return;
	if (sk_exited_lately(s, tid, caller->tid, ev->ts))
		return;
	if (child)
		sk_thread_replace(s, child);
	child = sk_thread_new(s, tid);
	if (!child)
		return;
	bool thread = flags & SK_CL_CLONE_THREAD;
	child->flags = flags;
	from_event(s, child, ev);
	if (known)
		inherit(s, child, caller);
	inherit_process(s, child, caller);
	sk_thread_identify(s, child, thread ? caller->pid : tid, thread ? caller->ptid : caller->tid, tid,
			   thread ? caller->pid : tid);
	sk_container_categorise(s, child);
}

/* 0, unknown, for the machine's own name space. */
static uint64_t
pidns_start(const struct sk_event *ev, const struct sk_thread *t)
{
	bool inside = (t->flags & (SK_CL_CHILD_IN_PIDNS | SK_CL_CLONE_NEWPID)) || t->tid != t->vtid;

	return inside ? sk_ev_uint(ev, P_PIDNS_TS) : 0;
}

static void
in_child(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_thread *t = x->thread, *from;
	uint32_t flags = (uint32_t)sk_ev_uint(ev, P_FLAGS);
	int64_t pid = sk_ev_int(ev, P_PID, -1), ptid = sk_ev_int(ev, P_PTID, -1);
	int64_t source = flags & SK_CL_CLONE_THREAD ? pid : ptid;

	if (t && t->clone_ts && ev->ts - t->clone_ts < SAME_CLONE_NS) {
		sk_container_categorise(s, t);
		return;
	}
	if (t)
		sk_thread_replace(s, t);
	x->thread = NULL;
	from = source >= 0 && source != ev->tid ? sk_thread_get_or_fake(s, source) : NULL;
	if (!from || !(t = sk_thread_new(s, ev->tid)))
		return;
	x->thread = t;
	t->flags = flags | SK_CL_CLONE_INVERTED;
	from_event(s, t, ev);
	if (!sk_thread_invalid(from)) {
		inherit(s, t, from);
	} else if (flags & SK_CL_CLONE_THREAD) {
		sk_proc_from_event(s, from, ev);
		sk_thread_identify(s, from, pid, ptid, sk_ev_int(ev, P_VPID, pid), sk_ev_int(ev, P_VPID, pid));
	}
	inherit_process(s, t, from);
	sk_thread_identify(s, t, pid, ptid, sk_ev_int(ev, P_VTID, ev->tid), sk_ev_int(ev, P_VPID, -1));
	t->pidns_init_start_ts = pidns_start(ev, t);
	sk_container_categorise(s, t);
}

void
sk_on_clone(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	if (!x->has_res || x->res < 0)
		return;
	if (x->res == 0)
		in_child(s, ev, x);
	else
		in_parent(s, ev, x);
}
