/* What a live event knows of its own thread and descriptors. An entry of the table stays as it is while the kernel says that it is still the same file or
 * connection; else the kernel is right, and something that no event told of has happened to the descriptor. */
#include "daemon/state/internal.h"

#include <saker/live.h>
#include <string.h>

/* Names of inodes without a file, as the kernel gives them. */
static enum sk_fd_type
anon_type(struct sk_slice path)
{
	static const struct {
		const char *name;
		enum sk_fd_type type;
	} known[] = { { "[eventfd", SK_FD_EVENT },   { "[signalfd", SK_FD_SIGNALFD }, { "[eventpoll", SK_FD_EVENTPOLL },	 { "inotify", SK_FD_INOTIFY },
		      { "[timerfd", SK_FD_TIMERFD }, { "bpf-", SK_FD_BPF },	      { "[userfaultfd", SK_FD_USERFAULTFD }, { "[io_uring", SK_FD_IOURING },
		      { "[pidfd", SK_FD_PIDFD },     { "memfd:", SK_FD_MEMFD } };

	for (size_t i = 0; i < SK_COUNTOF(known); i++)
		if (path.n >= strlen(known[i].name) && memcmp(path.p, known[i].name, strlen(known[i].name)) == 0)
			return known[i].type;
	return SK_FD_UNSUPPORTED;
}

static struct sk_slice
path_of(const struct sk_event_facts *all, const struct sk_fd_facts *f)
{
	return f->known & SK_FACT_PATH ? sk_slice((const char *)all + f->path, f->path_len) : SK_SLICE("");
}

static enum sk_fd_type
type_of(const struct sk_fd_facts *f, struct sk_slice path)
{
	bool file = f->type == SK_FD_FILE_V2 || f->type == SK_FD_UNSUPPORTED;

	return file && path.n && path.p[0] != '/' ? anon_type(path) : (enum sk_fd_type)f->type;
}

static bool
is_ip(uint8_t type)
{
	return type == SK_FD_IPV4_SOCK || type == SK_FD_IPV6_SOCK || type == SK_FD_IPV4_SERVSOCK || type == SK_FD_IPV6_SERVSOCK;
}

static bool
is_file(uint8_t type)
{
	return type == SK_FD_FILE || type == SK_FD_FILE_V2 || type == SK_FD_DIRECTORY;
}

static bool
ends_equal(const struct sk_fd *fd, const struct sk_fd_facts *f)
{
	bool straight = fd->sport == f->sport && fd->dport == f->dport, crossed = fd->sport == f->dport && fd->dport == f->sport;

	return (straight && memcmp(fd->daddr, f->daddr, 16) == 0) || (crossed && memcmp(fd->saddr, f->daddr, 16) == 0);
}

/* A connection whose far end the kernel does not know (datagrams) or that the table has no address of yet is taken to be the same. */
static bool
same_connection(const struct sk_fd *fd, const struct sk_fd_facts *f)
{
	bool mapped = (f->type == SK_FD_IPV6_SOCK || f->type == SK_FD_IPV6_SERVSOCK) && (fd->type == SK_FD_IPV4_SOCK || fd->type == SK_FD_IPV4_SERVSOCK);

	if (mapped || f->listening || !f->dport || (!fd->sport && !fd->dport))
		return fd->type == f->type || mapped || f->listening || !f->dport;
	return ends_equal(fd, f);
}

static bool
is_same(const struct sk_fd *fd, const struct sk_fd_facts *f, enum sk_fd_type type)
{
	if (is_ip((uint8_t)type))
		return is_ip(fd->type) && same_connection(fd, f);
	if (is_file((uint8_t)type))
		return is_file(fd->type) && fd->ino == f->ino && (fd->dev == f->dev || !fd->dev);
	if (type == SK_FD_FIFO)
		return fd->type == SK_FD_FIFO && (fd->ino == f->ino || !fd->ino);
	return fd->type == (uint8_t)type;
}

static bool
event_has_tuple(uint16_t type)
{
	return type == SK_E_SOCKET_CONNECT_X || (type >= SK_E_SOCKET_SEND_X && type <= SK_E_SOCKET_RECVFROM_X) || type == SK_E_SOCKET_SENDMSG_X ||
	       type == SK_E_SOCKET_SENDMMSG_X || type == SK_E_SOCKET_RECVMSG_X || type == SK_E_SOCKET_RECVMMSG_X;
}

/* Which end serves: the kernel does not say of a connection; the lower port is taken for the server's. The table holds the client first. */
static void
set_ends(struct sk_state *s, struct sk_fd *fd, const struct sk_fd_facts *f)
{
	char name[SK_MAX_PATH];
	bool serves = f->listening || (f->dport && f->sport < f->dport);

	memcpy(fd->saddr, serves && !f->listening ? f->daddr : f->saddr, 16);
	memcpy(fd->daddr, serves && !f->listening ? f->saddr : f->daddr, 16);
	fd->sport = serves && !f->listening ? f->dport : f->sport;
	fd->dport = serves && !f->listening ? f->sport : f->dport;
	fd->role = serves ? SK_ROLE_SERVER : f->dport ? SK_ROLE_CLIENT : SK_ROLE_NONE;
	if (f->dport)
		fd->flags |= SK_FDF_CONNECTED;
	sk_fd_rename(s, fd, sk_slice(name, sk_fd_tuple_text(name, sizeof(name), fd, SK_SLICE(""))));
}

static void
replace(struct sk_state *s, struct sk_thread *main, const struct sk_event *ev, const struct sk_fd_facts *f, enum sk_fd_type type)
{
	struct sk_fd *fd = sk_fd_add(s, main, f->num, type);
	struct sk_slice path = path_of(ev->facts, f);

	if (!fd)
		return;
	fd->l4 = f->l4;
	fd->ino = f->ino;
	fd->dev = f->dev;
	fd->open_flags = f->open_flags;
	if (is_ip((uint8_t)type) && !event_has_tuple(ev->type))
		set_ends(s, fd, f);
	else if (is_file((uint8_t)type) || type == SK_FD_UNIX_SOCK)
		sk_str_set(&s->strings, &fd->name, path);
	else if (type == SK_FD_MEMFD)
		sk_str_set(&s->strings, &fd->name, sk_slice(path.p + 6, path.n - 6));
	fd->unix_src = f->unix_src;
	fd->unix_dst = f->unix_dst;
}

void
sk_facts_apply(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	const struct sk_event_facts *all = ev->facts;
	struct sk_thread *main = sk_thread_main(x->thread);

	x->thread->uid = all->uid;
	x->thread->gid = all->gid;
	for (uint32_t i = 0; main && i < all->nfds; i++) {
		const struct sk_fd_facts *f = &all->fd[i];
		enum sk_fd_type type = type_of(f, path_of(all, f));
		const struct sk_fd *fd = sk_fdtable_find(main->fds, f->num);

		if (type == SK_FD_UNKNOWN || ((ev->desc->flags & SK_EF_CREATES_FD) && f->num == x->res))
			continue;
		if (!fd || !is_same(fd, f, type))
			replace(s, main, ev, f, type);
	}
}

/* --- threads that nobody told of ------------------------------------------------------------------------------------------- */
bool
sk_state_knows(const struct sk_state *s, int64_t tid)
{
	const struct sk_thread *t = sk_state_thread(s, tid);

	return t && t->pid >= 0;
}

void
sk_state_join(struct sk_state *s, int64_t tid)
{
	struct sk_thread *t = sk_state_thread(s, tid);

	if (!t)
		return;
	if (!sk_thread_is_main(t)) {
		sk_fds_release(s, t->fds);
		t->fds = NULL;
	}
	sk_tree_link(s, t);
	sk_container_categorise(s, t);
}

/* A process that still has its parent's name is taken for a copy of it: what runs another program has that one's name. */
static void
copy_parent(struct sk_state *s, struct sk_thread *t, const struct sk_thread *p)
{
	struct sk_strings *st = &s->strings;

	sk_str_copy(st, &t->exe, p->exe);
	sk_str_copy(st, &t->exepath, p->exepath);
	sk_str_copy(st, &t->args, p->args);
	sk_str_copy(st, &t->env, p->env);
	sk_str_copy(st, &t->cwd, p->cwd);
	sk_str_copy(st, &t->root, p->root);
	sk_str_copy(st, &t->cgroups, p->cgroups);
	sk_str_copy(st, &t->container_id, p->container_id);
	t->sid = p->sid;
	t->pgid = p->pgid;
	t->vpgid = p->vpgid;
	t->loginuid = p->loginuid;
	t->tty = p->tty;
	t->cap_inheritable = p->cap_inheritable;
	t->cap_permitted = p->cap_permitted;
	t->cap_effective = p->cap_effective;
	t->exe_ino = p->exe_ino;
	t->exe_writable = p->exe_writable;
	t->exe_upper = p->exe_upper;
	t->exe_lower = p->exe_lower;
	t->exe_memfd = p->exe_memfd;
	sk_container_categorise(s, t);
}

void
sk_state_learn(struct sk_state *s, int64_t tid, const struct sk_event_facts *f)
{
	struct sk_thread *t = sk_thread_get_or_fake(s, tid);
	struct sk_slice comm = sk_slice(f->comm, strnlen(f->comm, sizeof(f->comm)));

	if (!t)
		return;
	sk_thread_identify(s, t, f->pid, f->ptid, f->vtid, f->vpid);
	t->uid = f->uid;
	t->gid = f->gid;
	t->flags |= f->thread_flags;
	sk_str_set(&s->strings, &t->comm, comm);
	sk_str_set(&s->strings, &t->exe, comm);
	const struct sk_thread *parent = f->pid != tid ? sk_state_thread(s, f->pid) : sk_state_thread(s, f->ptid);
	if (parent && parent->pid >= 0 && sk_slice_eq(comm, sk_slice(parent->comm->s, parent->comm->n)))
		copy_parent(s, t, parent);
}
