/* Addresses and ports of sockets. Client and server are the ends of a connection whose role is known; a listening socket has a server end
 * only. Local is the end whose address is one of this machine's. */
#include "daemon/fields/fd_field.h"

static bool
is_connection(const struct sk_fd *fd)
{
	return fd->type == SK_FD_IPV4_SOCK || fd->type == SK_FD_IPV6_SOCK;
}

static bool
is_listener(const struct sk_fd *fd)
{
	return fd->type == SK_FD_IPV4_SERVSOCK || fd->type == SK_FD_IPV6_SERVSOCK;
}

static uint8_t
ip_version(const struct sk_fd *fd)
{
	return fd->type == SK_FD_IPV4_SOCK || fd->type == SK_FD_IPV4_SERVSOCK ? 4 : 6;
}

static bool
has_role(const struct sk_fd *fd)
{
	return fd->role != SK_ROLE_NONE;
}

static bool
is_local(void *ctx, const struct sk_fd *fd, const uint8_t *addr)
{
	const struct sk_state *s = ((struct sk_fields *)ctx)->ec.state;

	return ip_version(fd) == 4 ? sk_state_is_local4(s, addr) : sk_state_is_local6(s, addr);
}

/* One end of a socket; addr is NULL when the socket has no such end. */
struct end {
	const struct sk_fd *fd;
	const uint8_t *addr;
	uint16_t port;
};

static struct end
source(const struct sk_fd *fd)
{
	return (struct end){ fd, fd->saddr, fd->sport };
}

static struct end
destination(const struct sk_fd *fd)
{
	return (struct end){ fd, fd->daddr, fd->dport };
}

static struct end
no_end(void)
{
	return (struct end){ NULL, NULL, 0 };
}

static struct end
client(void *ctx)
{
	const struct sk_fd *fd = sk_loader_fd(ctx);

	return fd && is_connection(fd) && has_role(fd) ? source(fd) : no_end();
}

static struct end
server(void *ctx)
{
	const struct sk_fd *fd = sk_loader_fd(ctx);

	if (fd && is_listener(fd))
		return source(fd); /* where it is bound */
	return fd && is_connection(fd) && has_role(fd) ? destination(fd) : no_end();
}

static struct end
local(void *ctx)
{
	const struct sk_fd *fd = sk_loader_fd(ctx);

	if (!fd || !is_connection(fd) || !has_role(fd))
		return no_end();
	return is_local(ctx, fd, fd->saddr) ? source(fd) : destination(fd);
}

static struct end
remote(void *ctx)
{
	struct end l = local(ctx);

	if (!l.fd)
		return l;
	return l.addr == l.fd->saddr ? destination(l.fd) : source(l.fd);
}

/* --- values of one end ----------------------------------------------------------------------------------------------------- */
static bool
ret_ip(struct sk_value *ret, struct end e)
{
	if (!e.addr)
		return false;
	*ret = (struct sk_value){ .kind = SK_V_IP, .ip = ip_version(e.fd), .addr = e.addr };
	return true;
}

static bool
ret_port(struct sk_value *ret, struct end e)
{
	return e.addr && sk_ret_uint(ret, e.port);
}

/* The port as text: names of services are not put in for numbers, they belong to the machine that reads. */
static bool
ret_port_text(void *ctx, struct sk_value *ret, struct end e)
{
	struct sk_out o;

	if (!e.addr)
		return false;
	sk_out_begin(&o, ctx);
	sk_out_u64(&o, e.port);
	return sk_out_ret(&o, ret);
}

#define LOADERS_OF_END(letter, end)                                                                                          \
	SK_LOADER(fd_##letter##ip)                                                                                           \
	{                                                                                                                    \
		(void)arg;                                                                                                   \
		return ret_ip(ret, end(ctx));                                                                                \
	}                                                                                                                    \
	SK_LOADER(fd_##letter##net) /* compared with nets, but it is an address */                                           \
	{                                                                                                                    \
		(void)arg;                                                                                                   \
		return ret_ip(ret, end(ctx));                                                                                \
	}                                                                                                                    \
	SK_LOADER(fd_##letter##port)                                                                                         \
	{                                                                                                                    \
		(void)arg;                                                                                                   \
		return ret_port(ret, end(ctx));                                                                              \
	}

LOADERS_OF_END(c, client)
LOADERS_OF_END(s, server)
LOADERS_OF_END(l, local)
LOADERS_OF_END(r, remote)

SK_LOADER(fd_lproto)
{
	(void)arg;
	return ret_port_text(ctx, ret, local(ctx));
}

SK_LOADER(fd_rproto)
{
	(void)arg;
	return ret_port_text(ctx, ret, remote(ctx));
}

/* An empty text for every descriptor with a role and without a client end: a listener, a unix socket. */
SK_LOADER(fd_cproto)
{
	const struct sk_fd *fd = sk_loader_fd(ctx);
	struct end e = client(ctx);

	(void)arg;
	return fd && has_role(fd) && (e.addr ? ret_port_text(ctx, ret, e) : sk_ret_const(ret, ""));
}

/* The same for a listener. */
SK_LOADER(fd_sproto)
{
	const struct sk_fd *fd = sk_loader_fd(ctx);

	(void)arg;
	return fd && (is_listener(fd) ? sk_ret_const(ret, "") : ret_port_text(ctx, ret, server(ctx)));
}

/* --- both ends ------------------------------------------------------------------------------------------------------------- */
static bool
ends(void *ctx, struct sk_value *ret, bool (*value)(struct sk_value *ret, struct end e))
{
	const struct sk_fd *fd = sk_loader_fd(ctx);
	struct sk_value *list;

	if (!fd || (!is_connection(fd) && !is_listener(fd)))
		return false;
	list = sk_scratch(ctx, 2 * sizeof(*list));
	if (!list)
		return false;
	value(&list[0], source(fd));
	value(&list[1], destination(fd));
	return sk_ret_list(ret, list, is_connection(fd) ? 2 : 1, SK_LIST_PLAIN);
}

SK_LOADER(fd_ip)
{
	(void)arg;
	return ends(ctx, ret, ret_ip);
}

SK_LOADER(fd_net)
{
	(void)arg;
	return ends(ctx, ret, ret_ip);
}

SK_LOADER(fd_port)
{
	(void)arg;
	return ends(ctx, ret, ret_port);
}

SK_LOADER(fd_proto)
{
	(void)arg;
	return ends(ctx, ret, ret_port);
}

/* --- names of hosts: always absent ------------------------------------------------------------------------------------------------
 * A lookup would make events wait for the network, tell others what is watched, and make a replay depend on the day and the machine. */
#define LOADER_OF_HOST_NAME(sym)                                                                                             \
	SK_LOADER(sym)                                                                                                       \
	{                                                                                                                    \
		(void)ctx;                                                                                                   \
		(void)arg;                                                                                                   \
		(void)ret;                                                                                                   \
		return false;                                                                                                \
	}

LOADER_OF_HOST_NAME(fd_cip_name)
LOADER_OF_HOST_NAME(fd_sip_name)
LOADER_OF_HOST_NAME(fd_lip_name)
LOADER_OF_HOST_NAME(fd_rip_name)

/* --- the socket ------------------------------------------------------------------------------------------------------------ */
static enum sk_l4
l4_of(const struct sk_fd *fd)
{
	if (is_listener(fd))
		return fd->l4;
	if (!is_connection(fd) || (!has_role(fd) && fd->l4 != SK_L4_RAW))
		return SK_L4_NA;
	return fd->l4;
}

static const char *
l4_name(enum sk_l4 l4)
{
	switch (l4) {
#define L4_NAME(sym, text)                                                                                                   \
	case SK_L4_##sym:                                                                                                    \
		return text;
		SK_L4_NAMES(L4_NAME)
#undef L4_NAME
	case SK_L4_UNKNOWN:
	case SK_L4_NA:
		break;
	}
	return "<NA>";
}

static bool
is_server(void *ctx, const struct sk_fd *fd)
{
	return is_listener(fd) || (is_connection(fd) && is_local(ctx, fd, fd->daddr));
}

static bool
ret_family(struct sk_value *ret, const struct sk_fd *fd)
{
	if (is_connection(fd) || is_listener(fd))
		return sk_ret_const(ret, "ip");
	return fd->type == SK_FD_UNIX_SOCK && sk_ret_const(ret, "unix");
}

SK_LOADER_OF_FD(fd_l4proto, sk_ret_const(ret, l4_name(l4_of(fd))))
SK_LOADER_OF_FD(fd_is_server, sk_ret_bool(ret, is_server(ctx, fd)))
SK_LOADER_OF_FD(fd_sockfamily, ret_family(ret, fd))
