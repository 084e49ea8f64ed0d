/* One event: what the last one left over, who did this and on what, what it changes. */
#include "daemon/state/internal.h"

/* Handlers by event type; types without one change nothing. */
static sk_handler *const handlers[SK_EVENT_LIMIT] = {
    [SK_E_SYSCALL_CLONE_20_X] = sk_on_clone,
    [SK_E_SYSCALL_FORK_20_X] = sk_on_clone,
    [SK_E_SYSCALL_VFORK_20_X] = sk_on_clone,
    [SK_E_SYSCALL_CLONE3_X] = sk_on_clone,
    [SK_E_SYSCALL_EXECVE_19_X] = sk_on_exec,
    [SK_E_SYSCALL_EXECVEAT_X] = sk_on_exec,
    [SK_E_PROCEXIT_1_E] = sk_on_procexit,
    [SK_E_SYSCALL_CHDIR_X] = sk_on_chdir,
    [SK_E_SYSCALL_FCHDIR_X] = sk_on_fchdir,
    [SK_E_SYSCALL_GETCWD_X] = sk_on_getcwd,
    [SK_E_SYSCALL_CHROOT_X] = sk_on_chroot,
    [SK_E_SYSCALL_SETUID_X] = sk_on_setuid,
    [SK_E_SYSCALL_SETRESUID_X] = sk_on_seteuid,
    [SK_E_SYSCALL_SETREUID_X] = sk_on_seteuid,
    [SK_E_SYSCALL_SETGID_X] = sk_on_setgid,
    [SK_E_SYSCALL_SETRESGID_X] = sk_on_setegid,
    [SK_E_SYSCALL_SETREGID_X] = sk_on_setegid,
    [SK_E_SYSCALL_SETSID_X] = sk_on_setsid,
    [SK_E_SYSCALL_PRCTL_X] = sk_on_prctl,
    [SK_E_SYSCALL_CAPSET_X] = sk_on_capset,
    [SK_E_SYSCALL_UNSHARE_X] = sk_on_unshare,
    [SK_E_SYSCALL_SETNS_X] = sk_on_setns,
    [SK_E_SYSCALL_GETRLIMIT_X] = sk_on_rlimit,
    [SK_E_SYSCALL_SETRLIMIT_X] = sk_on_rlimit,
    [SK_E_SYSCALL_PRLIMIT_X] = sk_on_prlimit,
    [SK_E_SCHEDSWITCH_6_E] = sk_on_schedswitch,
    [SK_E_PROCINFO_E] = sk_on_procinfo,
    [SK_E_SYSCALL_BRK_4_X] = sk_on_vm,
    [SK_E_SYSCALL_MMAP_X] = sk_on_vm,
    [SK_E_SYSCALL_MMAP2_X] = sk_on_vm,
    [SK_E_SYSCALL_MUNMAP_X] = sk_on_vm,
    [SK_E_SYSCALL_OPEN_X] = sk_on_open,
    [SK_E_SYSCALL_CREAT_X] = sk_on_creat,
    [SK_E_SYSCALL_OPENAT_2_X] = sk_on_openat,
    [SK_E_SYSCALL_OPENAT2_X] = sk_on_openat2,
    [SK_E_SYSCALL_OPEN_BY_HANDLE_AT_X] = sk_on_open_by_handle,
    [SK_E_SYSCALL_CLOSE_X] = sk_on_close,
    [SK_E_SYSCALL_CLOSE_RANGE_X] = sk_on_close_range,
    [SK_E_SYSCALL_DUP_1_X] = sk_on_dup,
    [SK_E_SYSCALL_DUP2_X] = sk_on_dup,
    [SK_E_SYSCALL_DUP3_X] = sk_on_dup,
    [SK_E_SYSCALL_FCNTL_X] = sk_on_fcntl,
    [SK_E_SYSCALL_PIPE_X] = sk_on_pipe,
    [SK_E_SYSCALL_PIPE2_X] = sk_on_pipe,
    [SK_E_SYSCALL_MEMFD_CREATE_X] = sk_on_memfd,
    [SK_E_SYSCALL_PIDFD_OPEN_X] = sk_on_pidfd_open,
    [SK_E_SYSCALL_PIDFD_GETFD_X] = sk_on_pidfd_getfd,
    [SK_E_SYSCALL_EVENTFD_X] = sk_on_eventfd,
    [SK_E_SYSCALL_EVENTFD2_X] = sk_on_eventfd,
    [SK_E_SYSCALL_SIGNALFD_X] = sk_on_signalfd,
    [SK_E_SYSCALL_SIGNALFD4_X] = sk_on_signalfd,
    [SK_E_SYSCALL_TIMERFD_CREATE_X] = sk_on_timerfd,
    [SK_E_SYSCALL_INOTIFY_INIT_X] = sk_on_inotify,
    [SK_E_SYSCALL_INOTIFY_INIT1_X] = sk_on_inotify,
    [SK_E_SYSCALL_BPF_2_X] = sk_on_bpf,
    [SK_E_SYSCALL_USERFAULTFD_X] = sk_on_userfaultfd,
    [SK_E_SYSCALL_IO_URING_SETUP_X] = sk_on_io_uring,
    [SK_E_SYSCALL_EPOLL_CREATE_X] = sk_on_epoll,
    [SK_E_SYSCALL_EPOLL_CREATE1_X] = sk_on_epoll,
    [SK_E_SOCKET_SOCKET_X] = sk_on_socket,
    [SK_E_SOCKET_SOCKETPAIR_X] = sk_on_socketpair,
    [SK_E_SOCKET_BIND_X] = sk_on_bind,
    [SK_E_SOCKET_CONNECT_X] = sk_on_connect,
    [SK_E_SOCKET_ACCEPT_5_X] = sk_on_accept,
    [SK_E_SOCKET_ACCEPT4_6_X] = sk_on_accept,
    [SK_E_SOCKET_SEND_X] = sk_on_send,
    [SK_E_SOCKET_SENDTO_X] = sk_on_send,
    [SK_E_SOCKET_SENDMSG_X] = sk_on_send,
    [SK_E_SOCKET_SENDMMSG_X] = sk_on_send,
    [SK_E_SOCKET_RECV_X] = sk_on_recv,
    [SK_E_SOCKET_RECVFROM_X] = sk_on_recv,
    [SK_E_SOCKET_RECVMSG_X] = sk_on_recv,
    [SK_E_SOCKET_RECVMMSG_X] = sk_on_recv,
    [SK_E_SYSCALL_READ_X] = sk_on_io,
    [SK_E_SYSCALL_WRITE_X] = sk_on_io,
    [SK_E_SYSCALL_PREAD_X] = sk_on_io,
    [SK_E_SYSCALL_PWRITE_X] = sk_on_io,
    [SK_E_SYSCALL_READV_X] = sk_on_io,
    [SK_E_SYSCALL_WRITEV_X] = sk_on_io,
    [SK_E_SYSCALL_PREADV_X] = sk_on_io,
    [SK_E_SYSCALL_PWRITEV_X] = sk_on_io,
    [SK_E_USER_ADDED_E] = sk_on_user_added,
    [SK_E_USER_DELETED_E] = sk_on_user_deleted,
    [SK_E_GROUP_ADDED_E] = sk_on_group_added,
    [SK_E_GROUP_DELETED_E] = sk_on_group_deleted,
    [SK_E_ASYNCEVENT_E] = sk_on_async,
    [SK_E_CONTAINER_JSON_2_E] = sk_on_container_json,
};

/* Events whose thread is not made up when it is unknown: it is about to be made by the event, has just gone, or has no part in
 * it. Nor is it for
 * events with SK_EF_SKIPPARSERESET. */
static const bool find_only[SK_EVENT_LIMIT] = {
    [SK_E_SYSCALL_CLONE_20_X] = true, [SK_E_SYSCALL_FORK_20_X] = true,  [SK_E_SYSCALL_VFORK_20_X] = true,
    [SK_E_SYSCALL_CLONE3_X] = true,   [SK_E_SCHEDSWITCH_6_E] = true,    [SK_E_PROCEXIT_1_E] = true,
    [SK_E_PROCINFO_E] = true,         [SK_E_CONTAINER_JSON_2_E] = true, [SK_E_USER_ADDED_E] = true,
    [SK_E_USER_DELETED_E] = true,     [SK_E_GROUP_ADDED_E] = true,      [SK_E_GROUP_DELETED_E] = true,
    [SK_E_PLUGINEVENT_E] = true,      [SK_E_ASYNCEVENT_E] = true,
};

/* Which parameter is the descriptor of an exit event; 0 where the table says nothing. */
static const uint8_t fd_params[SK_EVENT_LIMIT] = {
#define SK_FD_PARAM(event, index) [SK_E_##event] = (index),
#include <saker/fd_params.def>
#undef SK_FD_PARAM
};

/* Enter events whose parameters are kept. All but execveat only if the first one is there. */
static const bool stored_enters[SK_EVENT_LIMIT] = {
    [SK_E_SYSCALL_OPEN_E] = true,    [SK_E_SYSCALL_CREAT_E] = true,     [SK_E_SYSCALL_OPENAT_2_E] = true,
    [SK_E_SYSCALL_OPENAT2_E] = true, [SK_E_SYSCALL_EXECVE_19_E] = true, [SK_E_SYSCALL_EXECVEAT_E] = true,
    [SK_E_SOCKET_CONNECT_E] = true,
};

#define USES_ANY_FD (SK_EF_USES_FD | SK_EF_CREATES_FD | SK_EF_DESTROYS_FD)

static SK_NOINLINE void
apply_leftovers(struct sk_state *s)
{
	if (s->renamed)
		s->renamed->flags &= ~(uint32_t)SK_FDF_NAME_CHANGED;
	s->renamed = NULL;
	for (size_t i = 0; i < s->closing.n; i++)
		sk_fd_remove(s, s->closing.v[i].main, s->closing.v[i].fd);
	s->closing.n = 0;
	struct sk_thread *gone = s->exiting;
	s->exiting = NULL;
	if (gone)
		sk_thread_remove(s, gone);
	sk_container_forget_removed(s);
	s->leftovers = false;
}

static struct sk_thread *
thread_of(struct sk_state *s, const struct sk_event *ev)
{
	if (s->last_thread && s->last_thread->tid == ev->tid)
		return s->last_thread;
	struct sk_thread *t = sk_state_thread(s, ev->tid);
	if (!t && ev->tid >= 0 && !find_only[ev->type] && !(ev->desc->flags & SK_EF_SKIPPARSERESET))
		t = sk_thread_get_or_fake(s, ev->tid);
	if (t)
		s->last_thread = t;
	return t;
}

static bool
is_meta(uint32_t flags, uint32_t category)
{
	return (flags & SK_EF_SKIPPARSERESET) || (category & SK_EC_METAEVENT);
}

static bool
is_enter(const struct sk_event *ev)
{
	return !(ev->type & 1) && (ev->desc->category & SK_EC_SYSCALL);
}

static void
on_enter(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_thread *t = x->thread;

	t->lastevent_type = ev->type;
	t->lastevent_fd = -1;
	if (ev->desc->flags & SK_EF_USES_FD) {
		x->fd_num = t->lastevent_fd = sk_ev_int(ev, fd_params[ev->type], -1);
		x->fd = sk_fdtable_find(sk_thread_fds(t), x->fd_num);
	}
	sk_enter_drop(s, t);
	if (stored_enters[ev->type] && (sk_ev_len(ev, 0) || ev->type == SK_E_SYSCALL_EXECVEAT_E))
		sk_enter_store(s, t, ev);
}

/* Does the enter event that waits belong to this exit? An execveat that succeeds ends as execve. */
static bool
matches_enter(const struct sk_thread *t, uint32_t type)
{
	return t->lastevent_type + 1u == type ||
	       (type == SK_E_SYSCALL_EXECVE_19_X && t->lastevent_type == SK_E_SYSCALL_EXECVEAT_E);
}

static void
find_fd(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	if (x->fd_num == -1)
		x->fd_num = sk_ev_int(ev, fd_params[ev->type], -1);
	x->fd = sk_fdtable_find(sk_thread_fds(x->thread), x->fd_num);
	s->stats.fd_misses += !x->fd && x->fd_num >= 0;
}

static void
reset_exit(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_thread *t = x->thread;

	if (t->lastevent_type != SK_EVENT_LIMIT) {
		if (matches_enter(t, ev->type))
			x->fd_num = t->lastevent_fd;
		else
			sk_enter_drop(s, t);
		t->lastevent_type = SK_EVENT_LIMIT;
		t->lastevent_fd = -1;
	}
	if (ev->desc->flags & SK_EF_USES_FD)
		find_fd(s, ev, x);
}

/* The return value is the first parameter of a system call's exit, but for the generic event. */
static void
read_res(const struct sk_event *ev, struct sk_event_ctx *x)
{
	if (!(ev->type & 1) || sk_ev_len(ev, 0) == 0 || ev->type == SK_E_GENERIC_X || !(ev->desc->category & SK_EC_SYSCALL))
		return;
	x->has_res = true;
	x->res = sk_ev_int(ev, 0, 0);
}

static void
after(struct sk_state *s, const struct sk_event *ev, const struct sk_event_ctx *x)
{
	struct sk_thread *t = x->thread;

	if (!t || ev->type == SK_E_SCHEDSWITCH_6_E)
		return;
	if ((ev->type & 1) && t->stored)
		sk_enter_drop(s, t);
	t->prevevent_ts = t->lastevent_ts;
	t->lastevent_ts = ev->ts;
}

bool
sk_state_needs(const struct sk_event_ctx *x)
{
	sk_handler *h = handlers[x->ev->type];

	/* Reading and writing change sockets only: they show that there is a connection. */
	if (h == sk_on_io)
		return x->fd && x->fd->type >= SK_FD_IPV4_SOCK && x->fd->type <= SK_FD_IPV6_SERVSOCK;
	return h || stored_enters[x->ev->type];
}

void
sk_state_apply(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	uint32_t flags = ev->desc->flags;

	if (SK_UNLIKELY(s->leftovers))
		apply_leftovers(s);
	if (SK_UNLIKELY(!s->first_ts) && !is_meta(flags, ev->desc->category))
		s->first_ts = ev->ts;
	*x = (struct sk_event_ctx){.ev = ev, .state = s, .fd_num = -1, .first_ts = s->first_ts, .deliver = true};
	read_res(ev, x);
	x->uses_fd = flags & USES_ANY_FD;
	x->thread = thread_of(s, ev);
	if (SK_UNLIKELY(ev->facts != NULL) && x->thread)
		sk_facts_apply(s, ev, x);
	if (SK_UNLIKELY(is_enter(ev))) {
		x->deliver = false;
		if (x->thread)
			on_enter(s, ev, x);
	} else if (x->thread && (ev->type & 1)) {
		reset_exit(s, ev, x);
	}
	if (handlers[ev->type])
		handlers[ev->type](s, ev, x);
	if (ev->dump_flags & SK_EVENT_STATE_ONLY)
		x->deliver = false;
	after(s, ev, x);
}
