/* Sockets: who talks to whom, and who is the server. */
#include "daemon/state/internal.h"

#include <errno.h>
#include <netinet/in.h>

#define SK_AF_NETLINK 16
#define SOCK_CLOEXEC_BIT 0x80000u /* the kernel's */
#define O_CLOEXEC_ 0x1000u        /* the schema's */
#define SOCK_TYPE_MASK 0xfu
#define NAME_MAX_ (SK_MAX_PATH + 64)

static bool
is_ip(const struct sk_fd *fd)
{
	return fd->type == SK_FD_IPV4_SOCK || fd->type == SK_FD_IPV6_SOCK;
}

static bool
is_server_sock(const struct sk_fd *fd)
{
	return fd->type == SK_FD_IPV4_SERVSOCK || fd->type == SK_FD_IPV6_SERVSOCK;
}

/* --- making ----------------------------------------------------------------------------------------------------------- */
static enum sk_fd_type
type_of_domain(uint64_t domain)
{
	switch (domain) {
	case SK_AF_UNIX:
		return SK_FD_UNIX_SOCK;
	case SK_AF_INET:
		return SK_FD_IPV4_SOCK;
	case SK_AF_INET6:
		return SK_FD_IPV6_SOCK;
	case SK_AF_NETLINK:
		return SK_FD_NETLINK;
	default:
		return SK_FD_UNKNOWN;
	}
}

static enum sk_l4
l4_of(uint64_t type, uint64_t proto)
{
	switch (proto) {
	case 0:
		return type == SOCK_STREAM  ? SK_L4_TCP
		       : type == SOCK_DGRAM ? SK_L4_UDP
		       : type == SOCK_RAW   ? SK_L4_RAW
					    : SK_L4_UNKNOWN;
	case IPPROTO_TCP:
		return SK_L4_TCP;
	case IPPROTO_UDP:
		return SK_L4_UDP;
	case IPPROTO_ICMP:
		return SK_L4_ICMP;
	default:
		return type == SOCK_RAW ? SK_L4_RAW : SK_L4_UNKNOWN;
	}
}

void
sk_on_socket(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	uint64_t type = sk_ev_uint(ev, 2);
	struct sk_fd *fd =
	    x->thread && x->res >= 0 ? sk_fd_add(s, sk_ctx_process(x), x->res, type_of_domain(sk_ev_uint(ev, 1))) : NULL;

	if (!fd)
		return;
	if (is_ip(fd))
		fd->l4 = (uint8_t)l4_of(type & SOCK_TYPE_MASK, sk_ev_uint(ev, 3));
	if ((type & SOCK_CLOEXEC_BIT) || (sk_ev_uint(ev, 4) & O_CLOEXEC_))
		fd->flags |= SK_FDF_CLOEXEC;
	sk_ctx_fd(x, fd);
}

void
sk_on_socketpair(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	int64_t num[2] = {sk_ev_int(ev, 1, -1), sk_ev_int(ev, 2, -1)};

	if (!x->thread || x->res < 0 || num[0] == num[1])
		return;
	for (unsigned i = 0; i < 2; i++) {
		struct sk_fd *fd = sk_fd_add(s, sk_ctx_process(x), num[i], SK_FD_UNIX_SOCK);

		if (!fd)
			continue;
		fd->unix_src = sk_ev_uint(ev, 3 + i);
		fd->unix_dst = sk_ev_uint(ev, 4 - i);
		sk_ctx_fd(x, fd);
	}
}

/* --- addresses -------------------------------------------------------------------------------------------------------- */
static void
swap_ends(struct sk_fd *fd)
{
	uint8_t a[16];
	uint16_t port = fd->sport;

	memcpy(a, fd->saddr, 16);
	memcpy(fd->saddr, fd->daddr, 16);
	memcpy(fd->daddr, a, 16);
	fd->sport = fd->dport;
	fd->dport = port;
}

static bool
same_ends(const struct sk_fd *fd, const struct sk_tuple *t)
{
	return memcmp(fd->saddr, t->saddr, 16) == 0 && fd->sport == t->sport && memcmp(fd->daddr, t->daddr, 16) == 0 &&
	       fd->dport == t->dport;
}

static bool
same_ends_reversed(const struct sk_fd *fd, const struct sk_tuple *t)
{
	return memcmp(fd->saddr, t->daddr, 16) == 0 && fd->sport == t->dport && memcmp(fd->daddr, t->saddr, 16) == 0 &&
	       fd->dport == t->sport;
}

static enum sk_fd_type
sock_type(const struct sk_tuple *t)
{
	return t->family == SK_AF_INET ? SK_FD_IPV4_SOCK : SK_FD_IPV6_SOCK;
}

/* Take both ends over. False: nothing is new. */
static bool
set_ends(struct sk_state *s, struct sk_fd *fd, const struct sk_tuple *t)
{
	if (fd->type == sock_type(t) && (same_ends(fd, t) || same_ends_reversed(fd, t)))
		return false;
	fd->type = (uint8_t)sock_type(t);
	memcpy(fd->saddr, t->saddr, 16);
	fd->sport = t->sport;
	memcpy(fd->daddr, t->daddr, 16);
	fd->dport = t->dport;
	sk_ifaces_patch(s, fd);
	return true;
}

static void
set_unix_ends(struct sk_state *s, struct sk_fd *fd, const struct sk_tuple *t)
{
	char name[NAME_MAX_];

	fd->type = SK_FD_UNIX_SOCK;
	fd->unix_src = t->unix_src;
	fd->unix_dst = t->unix_dst;
	sk_fd_rename(s, fd, sk_slice(name, sk_tuple_text(name, sizeof(name), t)));
}

static void
name_by_ends(struct sk_state *s, struct sk_fd *fd)
{
	char name[NAME_MAX_];

	sk_fd_rename(s, fd, sk_slice(name, sk_fd_tuple_text(name, sizeof(name), fd, SK_SLICE(""))));
}

/* As the datagram has it, from sender to receiver. */
static void
name_by_tuple(struct sk_state *s, struct sk_fd *fd, const struct sk_tuple *t)
{
	char name[NAME_MAX_];

	sk_fd_rename(s, fd, sk_slice(name, sk_tuple_text(name, sizeof(name), t)));
}

static void
set_connected(struct sk_fd *fd)
{
	fd->flags = (fd->flags & ~(uint32_t)(SK_FDF_PENDING | SK_FDF_FAILED | SK_FDF_BOUND_ANY)) | SK_FDF_CONNECTED;
}

/* The event's descriptor for changing. */
static struct sk_fd *
edit(struct sk_state *s, struct sk_event_ctx *x)
{
	struct sk_fd *fd = sk_fd_edit(s, sk_ctx_process(x), x->fd_num);

	if (fd)
		x->fd = fd;
	return fd;
}

/* --- bind, connect, accept -------------------------------------------------------------------------------------------- */
void
sk_on_bind(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_addr a;
	char name[NAME_MAX_];
	struct sk_fd *fd;

	if (!x->fd || x->res < 0 || !sk_addr_parse(sk_ev_slice(ev, 1), &a) || !(fd = edit(s, x)))
		return;
	if ((a.family == SK_AF_INET || a.family == SK_AF_INET6) && a.port) {
		fd->type = a.family == SK_AF_INET ? SK_FD_IPV4_SERVSOCK : SK_FD_IPV6_SERVSOCK;
		memcpy(fd->saddr, a.addr, 16);
		fd->sport = a.port;
		memset(fd->daddr, 0, 16);
		fd->dport = 0;
		fd->role = SK_ROLE_SERVER;
	}
	sk_fd_rename(s, fd, sk_slice(name, sk_addr_text(name, sizeof(name), &a)));
}

static bool
to_same_end(const struct sk_tuple *t, const struct sk_addr *a)
{
	return t->family == a->family && t->dport == a->port && memcmp(t->daddr, a->addr, 16) == 0;
}

/* Where the program wanted to go, read before another thread could change it. */
static bool
wanted_end(const struct sk_event_ctx *x, const struct sk_event *ev, struct sk_addr *ret)
{
	const struct sk_event *enter = sk_enter_get(x->thread, SK_E_SOCKET_CONNECT_E);

	return (enter && sk_addr_parse(sk_ev_slice(enter, 1), ret)) || sk_addr_parse(sk_ev_slice(ev, 3), ret);
}

/* Both ends as far as the event knows them. */
static bool
connect_ends(const struct sk_event_ctx *x, const struct sk_event *ev, struct sk_tuple *ret)
{
	struct sk_addr wanted, at_exit;
	bool known = sk_tuple_parse(sk_ev_slice(ev, 1), ret);

	if (!wanted_end(x, ev, &wanted))
		return known;
	if (!known)
		*ret = (struct sk_tuple){.family = wanted.family, .path = wanted.path};
	if ((ret->family != SK_AF_INET && ret->family != SK_AF_INET6) || wanted.family != ret->family)
		return known || ret->family == SK_AF_UNIX || ret->family == SK_AF_INET || ret->family == SK_AF_INET6;
	if (!known || (sk_addr_parse(sk_ev_slice(ev, 3), &at_exit) && to_same_end(ret, &at_exit))) {
		memcpy(ret->daddr, wanted.addr, 16);
		ret->dport = wanted.port;
	}
	return true;
}

void
sk_on_connect(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_tuple t;
	struct sk_fd *fd;

	if (!x->thread || !x->fd || (x->res < 0 && x->res != -EINPROGRESS) || !(fd = edit(s, x)))
		return;
	set_connected(fd);
	if (!connect_ends(x, ev, &t))
		return;
	if (t.family == SK_AF_UNIX) {
		set_unix_ends(s, fd, &t);
	} else {
		/* A server of datagrams that fixes its client: the client is the other end. */
		if (set_ends(s, fd, &t) && fd->role == SK_ROLE_SERVER && fd->l4 == SK_L4_UDP)
			swap_ends(fd);
		name_by_ends(s, fd);
	}
	if (fd->role == SK_ROLE_NONE)
		fd->role = SK_ROLE_CLIENT;
}

void
sk_on_accept(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_tuple t;
	char name[NAME_MAX_];
	struct sk_fd *fd;

	if (!x->thread || x->res < 0 || !sk_tuple_parse(sk_ev_slice(ev, 1), &t))
		return;
	fd = sk_fd_add(s, sk_ctx_process(x), x->res, t.family == SK_AF_UNIX ? SK_FD_UNIX_SOCK : sock_type(&t));
	if (!fd)
		return;
	if (t.family == SK_AF_UNIX) {
		set_unix_ends(s, fd, &t);
	} else {
		fd->l4 = SK_L4_TCP;
		memcpy(fd->saddr, t.saddr, 16);
		memcpy(fd->daddr, t.daddr, 16);
		fd->sport = t.sport;
		fd->dport = t.dport;
		sk_fd_rename(s, fd, sk_slice(name, sk_tuple_text(name, sizeof(name), &t)));
	}
	fd->role = SK_ROLE_SERVER;
	set_connected(fd);
	if (sk_ev_uint(ev, 5) & (SOCK_CLOEXEC_BIT | O_CLOEXEC_))
		fd->flags |= SK_FDF_CLOEXEC;
	sk_ctx_fd(x, fd);
}

/* --- traffic ---------------------------------------------------------------------------------------------------------- */
/* A datagram says who its ends are. */
static void
update_from_traffic(struct sk_state *s, struct sk_event_ctx *x, const struct sk_tuple *t, bool incoming)
{
	struct sk_fd *fd = edit(s, x);

	if (!fd)
		return;
	if (t->family == SK_AF_UNIX) {
		set_unix_ends(s, fd, t);
		return;
	}
	/* Bound to "::" with a port: listed as a listener for either family until an IPv6 datagram shows what it is. */
	if (fd->type == SK_FD_IPV4_SERVSOCK && t->family == SK_AF_INET6)
		fd->flags |= SK_FDF_BOUND_ANY;
	bool changed = set_ends(s, fd, t);
	if (!changed && !(fd->flags & SK_FDF_BOUND_ANY))
		return;
	if (fd->l4 == SK_L4_UNKNOWN)
		fd->l4 = SK_L4_UDP;
	/* Servers begin by listening. An IPv6 socket without a port of its own choice has always counted as a client's. */
	if (fd->role == SK_ROLE_NONE)
		fd->role = incoming && t->family == SK_AF_INET ? SK_ROLE_SERVER : SK_ROLE_CLIENT;
	if (changed && fd->role == (incoming ? SK_ROLE_CLIENT : SK_ROLE_SERVER))
		swap_ends(fd);
	if (fd->flags & SK_FDF_BOUND_ANY)
		name_by_tuple(s, fd, t);
	else
		name_by_ends(s, fd);
}

/* Nothing to learn: the usual case, decided without touching the entry. */
static bool
knows(const struct sk_fd *fd, const struct sk_tuple *t)
{
	if (t->family == SK_AF_UNIX)
		return fd->type == SK_FD_UNIX_SOCK && fd->unix_src == t->unix_src && fd->unix_dst == t->unix_dst && fd->name->n;
	return fd->type == sock_type(t) && !(fd->flags & SK_FDF_BOUND_ANY) && (same_ends(fd, t) || same_ends_reversed(fd, t));
}

static void
traffic(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x, uint32_t tuple, bool incoming)
{
	struct sk_tuple t;
	bool tcp = x->fd->type == SK_FD_IPV4_SOCK && x->fd->l4 == SK_L4_TCP;

	sk_on_io(s, ev, x);
	if ((!x->fd->name->n || !tcp) && sk_tuple_parse(sk_ev_slice(ev, tuple), &t) && !knows(x->fd, &t))
		update_from_traffic(s, x, &t, incoming);
}

/* A socket that nobody saw being made. */
static void
infer(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x, uint32_t tuple)
{
	struct sk_tuple t;

	if (x->fd_num < 0 || !sk_tuple_parse(sk_ev_slice(ev, tuple), &t))
		return;
	struct sk_fd *fd = sk_fd_add(s, sk_ctx_process(x), x->fd_num, t.family == SK_AF_UNIX ? SK_FD_UNIX_SOCK : sock_type(&t));
	if (!fd)
		return;
	fd->flags |= SK_FDF_INFERRED;
	fd->l4 = t.family == SK_AF_UNIX ? SK_L4_UNKNOWN : SK_L4_UDP;
	x->fd = fd;
}

void
sk_on_send(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	if (!x->thread || x->res < 0)
		return;
	if (!x->fd)
		infer(s, ev, x, 4);
	if (x->fd)
		traffic(s, ev, x, 4, false);
}

void
sk_on_recv(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	uint32_t tuple = ev->type == SK_E_SOCKET_RECVFROM_X ? 2 : ev->type == SK_E_SOCKET_RECVMSG_X ? 3 : 4;

	if (x->thread && x->fd && x->res >= 0)
		traffic(s, ev, x, tuple, true);
}

void
sk_on_io(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_fd *fd;

	(void)ev;
	if (x->fd && x->res >= 0 && is_ip(x->fd) && !(x->fd->flags & (SK_FDF_CONNECTED | SK_FDF_BOUND_ANY)) &&
	    (fd = edit(s, x)))
		set_connected(fd);
}

/* --- sockets of the lists --------------------------------------------------------------------------------------------- */
struct ports {
	uint64_t bits[65536 / 64];
};

static void
set_port(struct ports *p, uint16_t port)
{
	p->bits[port / 64] |= 1ull << (port % 64);
}

static bool
has_port(const struct ports *p, uint16_t port)
{
	return p->bits[port / 64] >> (port % 64) & 1;
}

static bool
note_server(const void *arg, const struct sk_fd *fd)
{
	if (is_server_sock(fd) && fd->l4 == SK_L4_TCP)
		set_port((struct ports *)(uintptr_t)arg, fd->sport);
	return false;
}

struct names {
	struct sk_state *s;
	const struct ports *servers;
};

static bool
assign_role(const void *arg, const struct sk_fd *cfd)
{
	const struct names *n = arg;
	struct sk_fd *fd = (struct sk_fd *)(uintptr_t)cfd; /* the tables of lists are not shared yet */

	if (!is_ip(fd) || fd->role != SK_ROLE_NONE)
		return false;
	if (has_port(n->servers, fd->sport)) {
		fd->role = SK_ROLE_SERVER;
		swap_ends(fd);
		name_by_ends(n->s, fd);
	} else {
		fd->role = SK_ROLE_CLIENT;
	}
	return false;
}

void
sk_sockets_assign_roles(struct sk_state *s, struct sk_thread *const *threads, size_t n)
{
	SK_AUTO_FREE struct ports *servers = calloc(1, sizeof(*servers));
	const struct names names = {s, servers};

	if (!servers) {
		s->stats.out_of_memory++;
		return;
	}
	for (size_t i = 0; i < n; i++)
		sk_fds_any(threads[i]->fds, note_server, servers);
	for (size_t i = 0; i < n; i++)
		sk_fds_any(threads[i]->fds, assign_role, &names);
}
