/* Last program of every system call's chain: facts of the thread and of the descriptors, then the ring. */
#ifndef SK_FINISH_H
#define SK_FINISH_H

#include "convert.h"
#include "sock.h"

static __always_inline void
sock_facts(struct sk_fd_facts *f, struct sock *sk)
{
	__u16 family = GET(sk, __sk_common.skc_family), proto = GET(sk, sk_protocol);

	f->known |= SK_FACT_SOCKET;
	f->listening = GET(sk, __sk_common.skc_state) == TCP_LISTEN_;
	f->l4 = proto == 6 ? L4_TCP : proto == 17 ? L4_UDP : proto == 1 || proto == 58 ? L4_ICMP : L4_RAW;
	if (family == AF_INET_) {
		f->type = f->listening ? FD_IPV4_SERVSOCK : FD_IPV4_SOCK;
		*(__u32 *)f->saddr = GET((struct inet_sock *)sk, inet_saddr);
		*(__u32 *)f->daddr = GET(sk, __sk_common.skc_daddr);
	} else if (family == AF_INET6_) {
		struct in6_addr l = BPF_CORE_READ(sk, __sk_common.skc_v6_rcv_saddr), r = BPF_CORE_READ(sk, __sk_common.skc_v6_daddr);

		f->type = f->listening ? FD_IPV6_SERVSOCK : FD_IPV6_SOCK;
		__builtin_memcpy(f->saddr, &l, 16);
		__builtin_memcpy(f->daddr, &r, 16);
	} else {
		f->l4 = L4_NA;
		f->type = family == AF_UNIX_ ? FD_UNIX_SOCK : family == AF_NETLINK_ ? FD_NETLINK : FD_UNKNOWN;
		f->unix_src = family == AF_UNIX_ ? (__u64)sk : 0;
		f->unix_dst = family == AF_UNIX_ ? (__u64)BPF_CORE_READ((struct unix_sock *)sk, peer) : 0;
		return;
	}
	f->sport = local_port(sk);
	f->dport = swap16(GET(sk, __sk_common.skc_dport));
}

static __always_inline __u8
file_type(__u16 mode)
{
	switch (mode & S_IFMT_) {
	case S_IFIFO_: return FD_FIFO;
	case S_IFDIR_: return FD_DIRECTORY;
	case 0: return FD_UNSUPPORTED;
	default: return FD_FILE_V2;
	}
}

static __always_inline void
no_fd_facts(struct sk_fd_facts *f, __s64 fd)
{
	f->num = fd;
	f->ino = 0;
	f->dev = f->open_flags = f->known = 0;
	f->type = FD_UNKNOWN;
	f->l4 = L4_NA;
	f->path_len = 0;
	f->path = 0;
	f->sport = f->dport = 0;
	__builtin_memset(f->saddr, 0, sizeof(f->saddr));
	__builtin_memset(f->daddr, 0, sizeof(f->daddr));
	f->unix_src = f->unix_dst = 0;
	f->listening = f->zero = 0;
}

/* Facts of descriptor I of the event. A function of its own, checked once. */
__attribute__((noinline)) int
fd_facts(struct sk_scratch *s, __u32 i)
{
	struct sk_fd_facts *f;
	__s64 fd;

	if (!s || i >= SK_LIVE_FDS)
		return 0;
	fd = s->fds[i];
	f = (struct sk_fd_facts *)&s->data[masked(s->facts) + sizeof(struct sk_event_facts) + i * sizeof(*f)];
	no_fd_facts(f, fd);
	f->known = memory_is_shared() ? SK_FACT_SHARED : 0;
	struct file *file = file_of(fd);
	struct inode *inode = file ? GET(file, f_inode) : NULL;
	if (!inode)
		return 0;
	f->ino = GET(inode, i_ino);
	f->dev = dev_of(inode);
	f->open_flags = open_flags(GET(file, f_flags)) | layer_of(inode);
	__u16 mode = GET(inode, i_mode);
	if ((mode & S_IFMT_) == S_IFSOCK_) {
		struct sock *sk = sock_of_file(file);

		if (sk)
			sock_facts(f, sk);
		if (sk && f->type == FD_UNIX_SOCK) {
			__u32 at = s->pos, n = add_unix_path(s, sk);

			f->path_len = n ? (__u16)(n - 1) : 0;
			f->path = at - s->facts;
			s->pos += n;
			f->known |= SK_FACT_PATH;
		}
		return 0;
	}
	f->type = file_type(mode);
	if (f->type == FD_FIFO && !GET(file, f_path.dentry, d_name.len))
		return 0;
	f->path = s->pos - s->facts;
	s->dentry = (__u64)GET(file, f_path.dentry);
	s->mnt = (__u64)GET(file, f_path.mnt);
	f->path_len = (__u16)add_path(s);
	f->known |= SK_FACT_PATH;
	return 0;
}

SEC("tp_btf/sys_exit")
int
sk_finish(void *ctx)
{
	struct sk_scratch *s = scratch();

	if (!s)
		return 0;
	end_params(s);
	thread_facts(s, bpf_get_current_task_btf());
	if (s->nfds > 0)
		fd_facts(s, 0);
	if (s->nfds > 1)
		fd_facts(s, 1);
	if (emit(s) && is_beginning(s->id, s->ret))
		set_told(bpf_get_current_task_btf(), true);
	if (s->message)
		bpf_tail_call(ctx, &sk_calls, s->id);
	return 0;
}

#endif
