/* execve and execveat: a process becomes another program. */
#include "daemon/state/internal.h"

enum {
	P_ARGS = 2,
	P_PID = 4,
	P_PTID = 5,
	P_CWD = 6,
	P_ENV = 15,
	P_TTY = 16,
	P_VPGID = 17,
	P_LOGINUID = 18,
	P_FLAGS = 19,
	P_CAPS = 20,
	P_INO = 23,
	P_CTIME = 24,
	P_MTIME = 25,
	P_UID = 26,
	P_EXEPATH = 27,
	P_PGID = 28,
	P_GID = 29
};

#define EXE_WRITABLE 1u
#define EXE_UPPER 2u
#define EXE_MEMFD 4u
#define EXE_LOWER 8u
#define AT_FDCWD_ (-100)
#define AT_EMPTY_PATH_ 1u

static void
set_exepath(struct sk_state *s, struct sk_thread *t, struct sk_slice dir, struct sk_slice path)
{
	char out[SK_MAX_PATH + 1];

	if (sk_slice_is(path, "<NA>"))
		sk_str_set(&s->strings, &t->exepath, path);
	else
		sk_str_set(&s->strings, &t->exepath, sk_slice(out, sk_path_concat(out, dir, path)));
}

/* execveat names a directory or, with an empty path, the very file by a descriptor. */
static void
exepath_at(struct sk_state *s, struct sk_thread *t, const struct sk_event *enter)
{
	int64_t dirfd = sk_ev_int(enter, 0, AT_FDCWD_);
	struct sk_slice path = sk_ev_text(enter, 1);
	const struct sk_fd *fd = sk_fdtable_find(sk_thread_fds(t), dirfd);

	if (sk_ev_uint(enter, 2) & AT_EMPTY_PATH_)
		sk_str_set(&s->strings, &t->exepath, fd ? sk_str_slice(fd->name) : SK_SLICE("<NA>"));
	else if (dirfd == AT_FDCWD_ || (path.n && path.p[0] == '/'))
		set_exepath(s, t, sk_thread_cwd(t), path);
	else if (fd)
		set_exepath(s, t, sk_str_slice(fd->name), path);
	else
		sk_str_set(&s->strings, &t->exepath, SK_SLICE("<NA>"));
}

static void
exepath(struct sk_state *s, struct sk_thread *t, const struct sk_event *ev)
{
	const struct sk_event *enter;

	if (sk_ev_len(ev, P_EXEPATH))
		sk_str_set(&s->strings, &t->exepath, sk_ev_text(ev, P_EXEPATH));
	else if ((enter = sk_enter_get(t, SK_E_SYSCALL_EXECVE_19_E)))
		set_exepath(s, t, sk_thread_cwd(t), sk_ev_text(enter, 0));
	else if ((enter = sk_enter_get(t, SK_E_SYSCALL_EXECVEAT_E)))
		exepath_at(s, t, enter);
}

/* Only one thread of a process survives an exec, and it has the id of the leader, even if that was gone. */
static void
be_alone(struct sk_state *s, struct sk_thread *t)
{
	struct sk_group *g = t->group;

	if (!g)
		return;
	if (t->dead) {
		t->dead = false;
		g->alive++;
		if (s->exiting == t)
			s->exiting = NULL;
	}
	for (struct sk_thread *o = g->threads, *next; o; o = next) {
		next = o->group_next;
		if (o != t)
			sk_thread_replace(s, o);
	}
}

static void
credentials(struct sk_thread *t, const struct sk_event *ev)
{
	if (sk_ev_len(ev, P_UID))
		t->uid = (uint32_t)sk_ev_uint(ev, P_UID);
	if (sk_ev_len(ev, P_GID))
		t->gid = (uint32_t)sk_ev_uint(ev, P_GID);
	if (sk_ev_len(ev, P_LOGINUID))
		t->loginuid = (uint32_t)sk_ev_uint(ev, P_LOGINUID);
	if (sk_ev_len(ev, P_CAPS)) {
		t->cap_inheritable = sk_ev_uint(ev, P_CAPS);
		t->cap_permitted = sk_ev_uint(ev, P_CAPS + 1);
		t->cap_effective = sk_ev_uint(ev, P_CAPS + 2);
	}
}

static void
executable(struct sk_thread *t, const struct sk_event *ev)
{
	if (sk_ev_len(ev, P_FLAGS)) {
		uint64_t flags = sk_ev_uint(ev, P_FLAGS);

		t->exe_writable = flags & EXE_WRITABLE;
		t->exe_upper = flags & EXE_UPPER;
		t->exe_memfd = flags & EXE_MEMFD;
		t->exe_lower = flags & EXE_LOWER;
	}
	if (sk_ev_len(ev, P_INO))
		t->exe_ino = sk_ev_uint(ev, P_INO);
	if (sk_ev_len(ev, P_CTIME)) {
		t->exe_ino_ctime = sk_ev_uint(ev, P_CTIME);
		t->exe_ino_ctime_duration_clone_ts = t->clone_ts ? t->clone_ts - t->exe_ino_ctime : 0;
		t->exe_ino_ctime_duration_pidns_start =
		    t->exe_ino_ctime > t->pidns_init_start_ts ? t->exe_ino_ctime - t->pidns_init_start_ts : 0;
	}
	if (sk_ev_len(ev, P_MTIME))
		t->exe_ino_mtime = sk_ev_uint(ev, P_MTIME);
}

static void
terminal(struct sk_thread *t, const struct sk_event *ev)
{
	if (sk_ev_len(ev, P_TTY))
		t->tty = (uint32_t)sk_ev_uint(ev, P_TTY);
	if (sk_ev_len(ev, P_VPGID))
		t->vpgid = sk_ev_int(ev, P_VPGID, -1);
	t->pgid = sk_ev_int(ev, P_PGID, -1);
}

/* The texts and numbers of the program that EV tells of. */
static void
become(struct sk_state *s, struct sk_thread *t, const struct sk_event *ev)
{
	exepath(s, t, ev);
	sk_proc_from_event(s, t, ev);
	if (sk_ev_len(ev, P_ENV))
		sk_str_move(&s->strings, &t->env, sk_str_get_list(&s->strings, sk_ev_slice(ev, P_ENV)));
	credentials(t, ev);
	executable(t, ev);
	terminal(t, ev);
}

void
sk_on_exec(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_thread *t = x->thread;
	const uint32_t keep = SK_CL_PIPE_SRC | SK_CL_PIPE_DST | SK_CL_IS_MAIN_THREAD | SK_CL_CLONE_INVERTED;

	if (!t || !x->has_res || x->res < 0)
		return;
	if (sk_thread_invalid(t)) {
		int64_t pid = sk_ev_int(ev, P_PID, -1);

		sk_thread_identify(s, t, pid, sk_ev_int(ev, P_PTID, -1), t->tid, t->flags & SK_CL_CHILD_IN_PIDNS ? -1 : pid);
	}
	be_alone(s, t);
	become(s, t, ev);
	t->lastexec_ts = ev->ts;
	t->flags = (t->flags & keep) | SK_CL_ACTIVE | SK_CL_NAME_CHANGED;
	sk_fds_drop(s, sk_thread_process(t), 0, INT64_MAX, SK_FDF_CLOEXEC);
	sk_container_categorise(s, t);
}

/* --- live only ------------------------------------------------------------------------------------------------------------- */
static bool
runs_it(const struct sk_thread *t, const struct sk_event *ev)
{
	return sk_slice_eq(sk_str_slice(t->exepath), sk_ev_text(ev, P_EXEPATH)) && sk_slice_eq(sk_str_slice(t->args), sk_ev_slice(ev, P_ARGS));
}

static void
set_cwd(struct sk_state *s, struct sk_thread *t, struct sk_slice path)
{
	char cwd[SK_MAX_PATH + 2];

	if (!path.n || path.n > SK_MAX_PATH)
		return;
	memcpy(cwd, path.p, path.n);
	if (cwd[path.n - 1] != '/')
		cwd[path.n++] = '/';
	sk_str_set(&s->strings, &t->cwd, sk_slice(cwd, path.n));
}

void
sk_state_introduce(struct sk_state *s, const struct sk_event *ev)
{
	struct sk_thread *t;

	if (!sk_state_knows(s, ev->tid) && ev->facts)
		sk_state_learn(s, ev->tid, ev->facts);
	t = sk_state_thread(s, ev->tid);
	if (!t || t->pid < 0 || runs_it(t, ev))
		return;
	become(s, t, ev);
	set_cwd(s, t, sk_ev_text(ev, P_CWD));
	sk_container_categorise(s, t);
}
