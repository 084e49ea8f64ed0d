/* Calls that make and connect sockets. */
#ifndef SK_CALLS_SOCKET_H
#define SK_CALLS_SOCKET_H

#include "call.h"

#define SOCK_FLAGS 04000u /* SOCK_NONBLOCK; SOCK_CLOEXEC is 02000000 */

CALL(socket, SOCKET_SOCKET_X)
{
	PUT_RET();
	put_u32(s, ARG32(0));
	put_u32(s, ARG32(1));
	put_u32(s, ARG32(2));
	put_u32(s, fd_flags(ARG32(1) & (SOCK_FLAGS | 02000000u)));
}

CALL(socketpair, SOCKET_SOCKETPAIR_X)
{
	__s32 fds[2] = { -1, -1 };
	struct sock *one = NULL;

	if (RET == 0) {
		bpf_probe_read_user(fds, sizeof(fds), (void *)ARG(3));
		one = sock_of(fds[0]);
	}
	PUT_RET();
	put_s64(s, fds[0]);
	put_s64(s, fds[1]);
	put_u64(s, (__u64)one);
	put_u64(s, one ? (__u64)BPF_CORE_READ((struct unix_sock *)one, peer) : 0);
	put_u32(s, ARG32(0));
	put_u32(s, ARG32(1));
	put_u32(s, ARG32(2));
}

CALL(bind, SOCKET_BIND_X)
{
	PUT_RET();
	if (RET == 0)
		put_used_addr(s, FD(0), 0, ARG(1), ARG32(2));
	else
		put_user_addr(s, ARG(1), ARG32(2));
	PUT_FD(0);
}

CALL(connect, SOCKET_CONNECT_X)
{
	PUT_RET();
	if (RET == 0 || RET == -EINPROGRESS_)
		put_tuple(s, FD(0), 1, ARG(1), ARG32(2));
	else
		put_empty(s);
	PUT_FD(0);
	if (RET == 0 || RET == -EINPROGRESS_)
		put_used_addr(s, FD(0), 1, ARG(1), ARG32(2));
	else
		put_user_addr(s, ARG(1), ARG32(2));
}

CALL(listen, SOCKET_LISTEN_X)
{
	PUT_RET();
	PUT_FD(0);
	put_s32(s, (__s32)ARG(1));
}

static __always_inline void
put_accepted(struct sk_scratch *s)
{
	struct sock *sk = sock_of(FD(0));
	__u32 len = 0, max = 0;

	if (RET >= 0)
		put_tuple(s, RET, 0, 0, 0);
	else
		put_empty(s);
	if (sk) {
		len = GET(sk, sk_ack_backlog);
		max = GET(sk, sk_max_ack_backlog);
	}
	put_u8(s, max ? (__u8)(len * 100 / max) : 0);
	put_u32(s, len);
	put_u32(s, max);
}

CALL(accept, SOCKET_ACCEPT_5_X)
{
	PUT_RET();
	put_accepted(s);
}

CALL(accept4, SOCKET_ACCEPT4_6_X)
{
	PUT_RET();
	put_accepted(s);
	put_s32(s, (__s32)fd_flags(ARG32(3)));
}

CALL(shutdown, SOCKET_SHUTDOWN_X)
{
	PUT_RET();
	PUT_FD(0);
	put_u8(s, (__u8)ARG(1));
}

#endif
