/* Calls that move data. */
#ifndef SK_CALLS_IO_H
#define SK_CALLS_IO_H

#include "call.h"

#include "iov.h"

/* Bytes that arrived; bytes that left, or that should have. */
#define GOT (RET > 0 ? (__u64)RET : 0)
#define SENT(wanted) (RET >= 0 ? (__u64)RET : (wanted))
#define PUT_IN(i) put_user(s, ARG(i), snap(GOT))
#define PUT_OUT(i, n) put_user(s, ARG(i), snap(SENT(n)))

struct message {
	__u64 name, namelen, iov, niov, control, controllen;
};

static __always_inline struct message
read_message(struct sk_scratch *s, __u64 p)
{
	struct message m = { 0 };
	__u32 raw[6] = { 0 };

	if (!s->compat) {
		bpf_probe_read_user(&m, sizeof(m), (void *)p);
		m.namelen &= 0xffffffffu;
		return m;
	}
	bpf_probe_read_user(raw, sizeof(raw), (void *)p);
	m.name = raw[0];
	m.namelen = raw[1];
	m.iov = raw[2];
	m.niov = raw[3];
	m.control = raw[4];
	m.controllen = raw[5];
	return m;
}

/* Messages of a call that are reported, an event each: no more programs may follow each other. */
#define MESSAGES_MAX 16u

/* The message that is the turn of several: its header, and how long it is. The next one is noted where there is one; the last program of the chain begins anew with it. */
static __always_inline struct message
next_message(struct sk_scratch *s, __u64 *ret_len)
{
	__u32 i = s->message;
	__u64 at = ARG(1) + (__u64)i * (s->compat ? 32 : 64);

	*ret_len = RET > (__s64)i ? (__u32)first_user_word(at + (s->compat ? 28 : 56)) : 0;
	s->message = i + 1 < MESSAGES_MAX && (__s64)i + 1 < RET ? i + 1 : 0;
	return read_message(s, at);
}

/* size, data, tuple, msgcontrol */
static __always_inline void
put_received(struct sk_scratch *s, const struct message *m, __u64 got)
{
	if (RET < 0) {
		put_u32(s, 0);
		put_empty(s);
		put_empty(s);
		put_empty(s);
		return;
	}
	put_u32(s, (__u32)got);
	put_iov(s, m->iov, (__u32)m->niov, got);
	put_tuple(s, FD(0), 0, m->name, m->name ? 28 : 0);
	put_user(s, m->control, m->controllen & 0x3ff);
}

enum { OPT_BYTES, OPT_ERRNO, OPT_U32, OPT_U64, OPT_TIME };

/* level, optname, val, optlen */
static __always_inline void
put_sockopt(struct sk_scratch *s, __u32 len)
{
	__u32 level = ARG32(1), opt = ARG32(2);
	__u64 v[2] = { 0 };

	put_u8(s, level == 1 ? 1 : level == 6 ? 2 : 0);
	put_u8(s, level == 1 ? (__u8)sockopt(opt, 0) : 0);
	bpf_probe_read_user(v, len < sizeof(v) ? (len & 15) : sizeof(v), (void *)ARG(3));
	if (!len || !ARG(3)) {
		put_empty(s);
	} else if (level == 1 && opt == 4) {
		*(__u8 *)DATA(s, 0) = OPT_ERRNO;
		*(__s64 *)DATA(s, 1) = -(__s64)(__s32)v[0];
		put_len(s, 9);
	} else if (level == 1 && (opt == 20 || opt == 21 || opt == 66 || opt == 67)) {
		*(__u8 *)DATA(s, 0) = OPT_TIME;
		*(__u64 *)DATA(s, 1) = v[0] * 1000000000ull + v[1] * 1000ull;
		put_len(s, 9);
	} else if (level == 1 && opt == 57) {
		*(__u8 *)DATA(s, 0) = OPT_U64;
		*(__u64 *)DATA(s, 1) = v[0];
		put_len(s, 9);
	} else if (level == 1 && len == 4 && sockopt(opt, 0)) {
		*(__u8 *)DATA(s, 0) = OPT_U32;
		*(__u32 *)DATA(s, 1) = (__u32)v[0];
		put_len(s, 5);
	} else {
		*(__u8 *)DATA(s, 0) = OPT_BYTES;
		s->pos += 1;
		__u32 n = add_user(s, ARG(3), snap(len));
		s->pos -= 1;
		put_len(s, n + 1);
	}
	put_u32(s, len);
}

CALL(read, SYSCALL_READ_X)
{
	PUT_RET();
	PUT_IN(1);
	PUT_FD(0);
	put_u32(s, ARG32(2));
}

CALL(write, SYSCALL_WRITE_X)
{
	PUT_RET();
	PUT_OUT(1, ARG(2));
	PUT_FD(0);
	put_u32(s, ARG32(2));
}

CALL(pread64, SYSCALL_PREAD_X)
{
	PUT_RET();
	PUT_IN(1);
	PUT_FD(0);
	put_u32(s, ARG32(2));
	put_u64(s, ARG(3));
}

CALL(pwrite64, SYSCALL_PWRITE_X)
{
	PUT_RET();
	PUT_OUT(1, ARG(2));
	PUT_FD(0);
	put_u32(s, ARG32(2));
	put_u64(s, ARG(3));
}

CALL(readv, SYSCALL_READV_X)
{
	PUT_RET();
	put_u32(s, iov_size(s, ARG(1), ARG32(2)));
	put_iov(s, ARG(1), ARG32(2), GOT);
	PUT_FD(0);
}

CALL(writev, SYSCALL_WRITEV_X)
{
	PUT_RET();
	put_iov(s, ARG(1), ARG32(2), SENT(MASK));
	PUT_FD(0);
	put_u32(s, iov_size(s, ARG(1), ARG32(2)));
}

CALL(preadv, SYSCALL_PREADV_X)
{
	PUT_RET();
	put_u32(s, iov_size(s, ARG(1), ARG32(2)));
	put_iov(s, ARG(1), ARG32(2), GOT);
	PUT_FD(0);
	put_u64(s, ARG(3));
}

CALL(pwritev, SYSCALL_PWRITEV_X)
{
	PUT_RET();
	put_iov(s, ARG(1), ARG32(2), SENT(MASK));
	PUT_FD(0);
	put_u32(s, iov_size(s, ARG(1), ARG32(2)));
	put_u64(s, ARG(3));
}

CALL(sendto, SOCKET_SENDTO_X)
{
	PUT_RET();
	PUT_OUT(1, ARG(2));
	PUT_FD(0);
	put_u32(s, ARG32(2));
	put_tuple(s, FD(0), 1, ARG(4), ARG32(5));
}

CALL(recvfrom, SOCKET_RECVFROM_X)
{
	PUT_RET();
	PUT_IN(1);
	if (RET >= 0) put_tuple(s, FD(0), 0, ARG(4), ARG(4) ? 28 : 0);
	else put_empty(s);
	PUT_FD(0);
	put_u32(s, ARG32(2));
}

CALL(sendmsg, SOCKET_SENDMSG_X)
{
	PUT_RET();
	struct message m = read_message(s, ARG(1));
	put_iov(s, m.iov, (__u32)m.niov, SENT(MASK));
	PUT_FD(0);
	put_u32(s, iov_size(s, m.iov, (__u32)m.niov));
	put_tuple(s, FD(0), 1, m.name, m.namelen);
}

CALL(sendmmsg, SOCKET_SENDMMSG_X)
{
	__u64 len;
	struct message m = next_message(s, &len);

	put_s64(s, RET > 0 ? (__s64)len : RET);
	PUT_FD(0);
	put_u32(s, iov_size(s, m.iov, (__u32)m.niov));
	put_iov(s, m.iov, (__u32)m.niov, RET > 0 ? len : MASK);
	put_tuple(s, FD(0), 1, m.name, m.namelen);
}

CALL(recvmsg, SOCKET_RECVMSG_X)
{
	PUT_RET();
	struct message m = read_message(s, ARG(1));
	put_received(s, &m, GOT);
	PUT_FD(0);
}

CALL(recvmmsg, SOCKET_RECVMMSG_X)
{
	__u64 len;
	struct message m = next_message(s, &len);

	put_s64(s, RET > 0 ? (__s64)len : RET);
	PUT_FD(0);
	put_received(s, &m, len);
}

CALL(setsockopt, SOCKET_SETSOCKOPT_X)
{
	PUT_RET();
	PUT_FD(0);
	put_sockopt(s, ARG32(4));
}

CALL(getsockopt, SOCKET_GETSOCKOPT_X)
{
	PUT_RET();
	PUT_FD(0);
	put_sockopt(s, RET == 0 ? (__u32)first_user_word(ARG(4)) : 0);
}

CALL(getsockname, SOCKET_GETSOCKNAME_X)
{
}

CALL(getpeername, SOCKET_GETPEERNAME_X)
{
}

#endif
