/* Extract layer: sockets. */
#ifndef SK_SOCK_H
#define SK_SOCK_H

#include "file.h"

/* Numbers of lists.h, which the programs cannot include. */
enum { L4_UNKNOWN, L4_NA, L4_TCP, L4_UDP, L4_ICMP, L4_RAW };
enum { FD_UNKNOWN = 0, FD_DIRECTORY = 2, FD_IPV4_SOCK = 3, FD_IPV6_SOCK = 4, FD_IPV4_SERVSOCK = 5, FD_IPV6_SERVSOCK = 6, FD_FIFO = 7, FD_UNIX_SOCK = 8,
       FD_UNSUPPORTED = 10, FD_NETLINK = 15, FD_FILE_V2 = 16 };

static __always_inline struct sock *
sock_of_file(struct file *f)
{
	struct socket *sock;

	if (!f || (GET(f, f_inode, i_mode) & S_IFMT_) != S_IFSOCK_)
		return NULL;
	sock = GET(f, private_data);
	/* not GET: the address is a value of events, and the verifier forbids arithmetic on what it takes for a pointer */
	return BPF_CORE_READ(sock, sk);
}

static __always_inline struct sock *
sock_of(__s64 fd)
{
	return sock_of_file(file_of(fd));
}

static __always_inline __u16
swap16(__u16 v)
{
	return (__u16)((v << 8) | (v >> 8));
}

/* The two ends as the kernel has them: local first. Ports in host order. */
struct ends {
	__u16 family, lport, rport;
	__u32 l4_addr, r4_addr;
	struct in6_addr l6, r6;
	__u64 self, peer;
};

static __always_inline __u16
local_port(struct sock *sk)
{
	return swap16(GET((struct inet_sock *)sk, inet_sport));
}

/* Of the N bytes of text at AT, NUL included, keep what an abstract socket's address of LEN bytes has: family and first NUL do not count. */
static __always_inline long
cut_text(struct sk_scratch *s, __u32 at, long n, __u32 len)
{
	if (len < 3 || n < 0)
		return 0;
	if (n <= (long)len - 2)
		return n;
	s->data[masked(at + len - 3)] = 0;
	return (long)len - 2;
}

/* Path of a unix socket as a parameter has it: with NUL; an abstract name without the NUL it begins with. Returns the bytes. */
static __always_inline __u32
add_unix_path(struct sk_scratch *s, struct sock *sk)
{
	struct unix_address *a = GET((struct unix_sock *)sk, addr);
	const char *path;
	long n;

	if (!a)
		return 0;
	path = (const char *)&a->name[0] + 2;
	n = bpf_probe_read_kernel_str(&s->data[masked(s->pos)], 109, path);
	if (n == 1) { /* the length alone ends it */
		n = bpf_probe_read_kernel_str(&s->data[masked(s->pos)], 108, path + 1);
		n = cut_text(s, s->pos, n, (__u32)GET(a, len));
	}
	return n > 0 ? (__u32)n : 0;
}

#define DATA(s, off) (&(s)->data[masked((s)->pos + (off))])

static __always_inline void
put_tuple4(struct sk_scratch *s, __u32 sip, __u16 sport, __u32 dip, __u16 dport)
{
	*(__u8 *)DATA(s, 0) = AF_INET_;
	*(__u32 *)DATA(s, 1) = sip;
	*(__u16 *)DATA(s, 5) = sport;
	*(__u32 *)DATA(s, 7) = dip;
	*(__u16 *)DATA(s, 11) = dport;
	put_len(s, 13);
}

static __always_inline void
put_tuple6(struct sk_scratch *s, const struct in6_addr *sip, __u16 sport, const struct in6_addr *dip, __u16 dport)
{
	*(__u8 *)DATA(s, 0) = AF_INET6_;
	__builtin_memcpy(DATA(s, 1), sip, 16);
	*(__u16 *)DATA(s, 17) = sport;
	__builtin_memcpy(DATA(s, 19), dip, 16);
	*(__u16 *)DATA(s, 35) = dport;
	put_len(s, 37);
}

/* An address that the program passed, from the user's memory or from the copy that the kernel made of it. */
struct address {
	__u16 family, port;
	__u32 ip4;
	struct in6_addr ip6;
};

static __always_inline bool
read_address(__u64 p, __u64 len, struct address *ret)
{
	__u8 raw[28] = { 0 };

	ret->family = 0;
	if (!p || len < 2)
		return false;
	if (len > sizeof(raw))
		len = sizeof(raw);
	barrier_var(len);
	if (bpf_probe_read_user(raw, (__u32)len & 31, (void *)p) < 0)
		return false;
	ret->family = *(__u16 *)raw;
	ret->port = swap16(*(__u16 *)(raw + 2));
	ret->ip4 = *(__u32 *)(raw + 4);
	__builtin_memcpy(&ret->ip6, raw + 8, 16);
	return true;
}

/* Path of a sockaddr_un in the program's memory: as add_unix_path(). */
static __always_inline __u32
add_user_unix(struct sk_scratch *s, __u64 p, __u64 len, __u32 off)
{
	long n = bpf_probe_read_user_str(DATA(s, off), 109, (void *)(p + 2));

	if (n == 1) {
		n = bpf_probe_read_user_str(DATA(s, off), 108, (void *)(p + 3));
		n = cut_text(s, s->pos + off, n, (__u32)len);
		if (n <= 1) { /* no name at all */
			*(__u8 *)DATA(s, off) = 0;
			n = 1;
		}
	}
	return n > 0 ? (__u32)n : 0;
}

/* SOCKADDR parameter of a socket's own end, or of the far one where PEER. False: the socket does not say. */
static __always_inline bool
put_sock_addr(struct sk_scratch *s, struct sock *sk, bool peer)
{
	__u16 family = sk ? BPF_CORE_READ(sk, __sk_common.skc_family) : 0;
	__u16 port = !sk ? 0 : peer ? swap16(GET(sk, __sk_common.skc_dport)) : local_port(sk);

	if (family == AF_INET_ && (port || !peer)) {
		*(__u32 *)DATA(s, 1) = peer ? GET(sk, __sk_common.skc_daddr) : GET((struct inet_sock *)sk, inet_saddr);
		*(__u16 *)DATA(s, 5) = port;
		*(__u8 *)DATA(s, 0) = AF_INET_;
		put_len(s, 7);
		return true;
	}
	if (family == AF_INET6_ && (port || !peer)) {
		struct in6_addr a;

		if (peer)
			a = BPF_CORE_READ(sk, __sk_common.skc_v6_daddr);
		else
			a = BPF_CORE_READ(sk, __sk_common.skc_v6_rcv_saddr);
		__builtin_memcpy(DATA(s, 1), &a, 16);
		*(__u16 *)DATA(s, 17) = port;
		*(__u8 *)DATA(s, 0) = AF_INET6_;
		put_len(s, 19);
		return true;
	}
	struct sock *end = family != AF_UNIX_ ? NULL : peer ? BPF_CORE_READ((struct unix_sock *)sk, peer) : sk;
	if (!end)
		return false;
	s->pos += 1;
	__u32 n = add_unix_path(s, end);
	s->pos -= 1;
	if (!n)
		return false;
	*(__u8 *)DATA(s, 0) = AF_UNIX_;
	put_len(s, 1 + n);
	return true;
}

/* SOCKADDR parameter from the program's memory. A function of its own. */
__attribute__((noinline)) int
put_user_addr(struct sk_scratch *s, __u64 p, __u64 len)
{
	struct address a;

	if (!s)
		return 0;
	if (!read_address(p, len, &a)) {
		put_empty(s);
		return 0;
	}
	*(__u8 *)DATA(s, 0) = (__u8)a.family;
	if (a.family == AF_INET_) {
		*(__u32 *)DATA(s, 1) = a.ip4;
		*(__u16 *)DATA(s, 5) = a.port;
		put_len(s, 7);
	} else if (a.family == AF_INET6_) {
		__builtin_memcpy(DATA(s, 1), &a.ip6, 16);
		*(__u16 *)DATA(s, 17) = a.port;
		put_len(s, 19);
	} else if (a.family == AF_UNIX_) {
		put_len(s, 1 + add_user_unix(s, p, len, 1));
	} else {
		put_len(s, 1);
	}
	return 0;
}

/* SOCKADDR parameter of a call that succeeded: the program's text, or where another thread may have changed that since, what the socket says. A function of its
 * own. */
__attribute__((noinline)) int
put_used_addr(struct sk_scratch *s, __s64 fd, __u32 peer, __u64 user, __u64 user_len)
{
	if (!s)
		return 0;
	if (!memory_is_shared() || !put_sock_addr(s, sock_of(fd), peer))
		put_user_addr(s, user, user_len);
	return 0;
}

static __always_inline void
put_unix_tuple(struct sk_scratch *s, struct sock *sk, bool outbound, __u64 user, __u64 user_len)
{
	__u64 peer = (__u64)BPF_CORE_READ((struct unix_sock *)sk, peer);
	__u32 n;

	*(__u8 *)DATA(s, 0) = AF_UNIX_;
	*(__u64 *)DATA(s, 1) = outbound ? (__u64)sk : peer;
	*(__u64 *)DATA(s, 9) = outbound ? peer : (__u64)sk;
	s->pos += 17;
	if (outbound && user && user_len > 2 && !(peer && memory_is_shared()))
		n = add_user_unix(s, user, user_len, 0);
	else
		n = add_unix_path(s, outbound && peer ? (struct sock *)peer : sk);
	if (!n) {
		*(__u8 *)DATA(s, 0) = 0;
		n = 1;
	}
	s->pos -= 17;
	put_len(s, 17 + n);
}

/* SOCKTUPLE parameter of a socket: the local end is the source where OUTBOUND. USER: address that the program gave, for the end that an unconnected socket does
 * not know. A function of its own. */
__attribute__((noinline)) int
put_tuple(struct sk_scratch *s, __s64 fd, __u32 outbound, __u64 user, __u64 user_len)
{
	struct sock *sk = sock_of(fd);
	struct address a = { 0 };

	if (!s)
		return 0;
	__u16 family = sk ? GET(sk, __sk_common.skc_family) : 0;

	if (family == AF_INET_) {
		__u32 lip = GET((struct inet_sock *)sk, inet_saddr), rip = GET(sk, __sk_common.skc_daddr);
		__u16 lport = local_port(sk), rport = swap16(GET(sk, __sk_common.skc_dport));

		if (!rport && read_address(user, user_len, &a) && a.family == AF_INET_) {
			rip = a.ip4;
			rport = a.port;
		}
		if (outbound)
			put_tuple4(s, lip, lport, rip, rport);
		else
			put_tuple4(s, rip, rport, lip, lport);
	} else if (family == AF_INET6_) {
		struct in6_addr lip = BPF_CORE_READ(sk, __sk_common.skc_v6_rcv_saddr), rip = BPF_CORE_READ(sk, __sk_common.skc_v6_daddr);
		__u16 lport = local_port(sk), rport = swap16(GET(sk, __sk_common.skc_dport));

		if (!rport && read_address(user, user_len, &a) && a.family == AF_INET6_) {
			rip = a.ip6;
			rport = a.port;
		}
		if (outbound)
			put_tuple6(s, &lip, lport, &rip, rport);
		else
			put_tuple6(s, &rip, rport, &lip, lport);
	} else if (family == AF_UNIX_) {
		put_unix_tuple(s, sk, outbound, user, user_len);
	} else {
		put_empty(s);
	}
	return 0;
}

#endif
