/* Calls about memory, and those that wait. */
#ifndef SK_CALLS_MEMORY_H
#define SK_CALLS_MEMORY_H

#include "call.h"

#include "iov.h"

#define PUT_MEMORY() put_memory(s, bpf_get_current_task_btf())
#define POLLS_MAX 16

static __always_inline void
put_interval(struct sk_scratch *s, __u64 p)
{
	__u64 v[2] = { 0 };

	bpf_probe_read_user(v, sizeof(v), (void *)p);
	put_u64(s, v[0] * 1000000000ull + v[1]);
}

/* Descriptors and what happened to them: a count, then a number and flags each. */
static __always_inline void
put_pollfds(struct sk_scratch *s, __u64 p, __u32 n)
{
	__u32 len = 2;

	for (__u32 i = 0; i < POLLS_MAX; i++) {
		struct {
			__s32 fd;
			__u16 events, revents;
		} e;

		if (i >= n || bpf_probe_read_user(&e, sizeof(e), (void *)(p + i * sizeof(e))) < 0)
			break;
		*(__s64 *)DATA(s, len) = e.fd;
		*(__u16 *)DATA(s, len + 8) = poll_events(e.revents);
		len += 10;
	}
	*(__u16 *)DATA(s, 0) = (__u16)((len - 2) / 10);
	put_len(s, len);
}

CALL(brk, SYSCALL_BRK_4_X)
{
	put_u64(s, (__u64)RET);
	PUT_MEMORY();
	put_u64(s, ARG(0));
}

CALL(mmap, SYSCALL_MMAP_X)
{
	PUT_RET();
	PUT_MEMORY();
	put_u64(s, ARG(0));
	put_u64(s, ARG(1));
	put_u32(s, prot_flags(ARG32(2)));
	put_u32(s, mmap_flags(ARG32(3)));
	PUT_FD(4);
	put_u64(s, ARG(5));
}

CALL(munmap, SYSCALL_MUNMAP_X)
{
	PUT_RET();
	PUT_MEMORY();
	put_u64(s, ARG(0));
	put_u64(s, ARG(1));
}

CALL(mprotect, SYSCALL_MPROTECT_X)
{
	PUT_RET();
	put_u64(s, ARG(0));
	put_u64(s, ARG(1));
	put_u32(s, prot_flags(ARG32(2)));
}

CALL(mlock, SYSCALL_MLOCK_X)
{
	PUT_RET();
	put_u64(s, ARG(0));
	put_u64(s, ARG(1));
}

CALL(munlock, SYSCALL_MUNLOCK_X)
{
	PUT_RET();
	put_u64(s, ARG(0));
	put_u64(s, ARG(1));
}

CALL(mlock2, SYSCALL_MLOCK2_X)
{
	PUT_RET();
	put_u64(s, ARG(0));
	put_u64(s, ARG(1));
	put_u32(s, ARG32(2) & 1u);
}

CALL(mlockall, SYSCALL_MLOCKALL_X)
{
	PUT_RET();
	put_u32(s, ARG32(0) & 7u);
}

CALL(munlockall, SYSCALL_MUNLOCKALL_X)
{
	PUT_RET();
}

CALL(futex, SYSCALL_FUTEX_X)
{
	PUT_RET();
	put_u64(s, ARG(0));
	put_u16(s, (__u16)(ARG32(1) & 0x18fu));
	put_u64(s, ARG32(2));
}

CALL(process_vm_readv, SYSCALL_PROCESS_VM_READV_X)
{
	PUT_RET();
	put_s64(s, FD(0));
	put_iov(s, ARG(1), ARG32(2), RET > 0 ? (__u64)RET : 0);
}

CALL(process_vm_writev, SYSCALL_PROCESS_VM_WRITEV_X)
{
	PUT_RET();
	put_s64(s, FD(0));
	put_iov(s, ARG(1), ARG32(2), RET > 0 ? (__u64)RET : 0);
}

CALL(nanosleep, SYSCALL_NANOSLEEP_X)
{
	PUT_RET();
	put_interval(s, ARG(0));
}

CALL(select, SYSCALL_SELECT_X)
{
	PUT_RET();
}

CALL(poll, SYSCALL_POLL_X)
{
	PUT_RET();
	put_pollfds(s, ARG(0), ARG32(1));
	put_s64(s, FD(2));
}

CALL(ppoll, SYSCALL_PPOLL_X)
{
	PUT_RET();
	put_pollfds(s, ARG(0), ARG32(1));
	put_interval(s, ARG(2));
	put_u32(s, (__u32)first_user_word(ARG(3)));
}

CALL(epoll_wait, SYSCALL_EPOLLWAIT_X)
{
	PUT_RET();
	put_s64(s, FD(2));
}

#endif
