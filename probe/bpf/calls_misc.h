/* Calls of few users: modules, BPF, keys, quotas, semaphores, rings of the kernel. */
#ifndef SK_CALLS_MISC_H
#define SK_CALLS_MISC_H

#include "call.h"

#include "iov.h"

static __always_inline void
put_number(struct sk_scratch *s, __u64 v)
{
	*(__u8 *)DATA(s, 0) = 0;
	*(__u64 *)DATA(s, 1) = v;
	put_len(s, 9);
}

/* The first two operations. */
static __always_inline void
put_semops(struct sk_scratch *s)
{
	struct {
		__u16 num;
		__s16 op;
		__u16 flags;
	} ops[2] = { 0 };
	__u32 n = RET < 0 ? 0 : ARG32(2);

	bpf_probe_read_user(&ops[0], n > 0 ? sizeof(ops[0]) : 0, (void *)ARG(1));
	bpf_probe_read_user(&ops[1], n > 1 ? sizeof(ops[1]) : 0, (void *)(ARG(1) + sizeof(ops[0])));
	put_u32(s, ARG32(2));
	for (int i = 0; i < 2; i++) {
		put_u16(s, ops[i].num);
		put_u16(s, (__u16)ops[i].op);
		put_u16(s, (__u16)(BIT(ops[i].flags, 04000u, 1u) | BIT(ops[i].flags, 010000u, 2u)));
	}
	put_s32(s, (__s32)ARG(0));
}

static __always_inline __u16
semctl_command(__u32 cmd)
{
	switch (cmd & ~0x100u) {
	case 2: return 1u << 0;
	case 1: return 1u << 1;
	case 0: return 1u << 2;
	case 3: return 1u << 3;
	case 19: return 1u << 4;
	case 18: return 1u << 5;
	case 13: return 1u << 6;
	case 14: return 1u << 7;
	case 11: return 1u << 8;
	case 12: return 1u << 9;
	case 15: return 1u << 10;
	case 17: return 1u << 11;
	case 16: return 1u << 12;
	default: return 0;
	}
}

static __always_inline __u16
quota_command(__u32 cmd)
{
	switch (cmd) {
	case 0x800001: return 1u << 7;
	case 0x800002: return 1u << 0;
	case 0x800003: return 1u << 1;
	case 0x800004: return 1u << 2;
	case 0x800005: return 1u << 3;
	case 0x800006: return 1u << 4;
	case 0x800007: return 1u << 5;
	case 0x800008: return 1u << 6;
	case 0x5801: return 1u << 8;
	case 0x5802: return 1u << 9;
	case 0x5803: return 1u << 10;
	case 0x5804: return 1u << 11;
	case 0x5805: return 1u << 12;
	case 0x5806: return 1u << 13;
	case 0x5807: return 1u << 14;
	default: return 0;
	}
}

static __always_inline __u8
quota_format(__u32 id)
{
	return id == 1 ? 2 : id == 2 ? 4 : id == 4 ? 8 : 1;
}

/* What the kernel keeps of a quota or of a file system's quotas, and what was asked. */
static __always_inline void
put_quotactl(struct sk_scratch *s)
{
	__u16 cmd = quota_command(ARG32(0) >> 8);
	__u64 q[9] = { 0 };
	__u64 info[2] = { 0 };

	if (RET == 0 && (cmd & (1u << 5 | 1u << 6)))
		bpf_probe_read_user(q, sizeof(q), (void *)ARG(3));
	if (RET == 0 && (cmd & (1u << 3 | 1u << 4)))
		bpf_probe_read_user(info, sizeof(info), (void *)ARG(3));
	PUT_STR(1);
	put_user_str(s, cmd == 1 ? ARG(3) : 0);
	put_u64(s, q[0]);
	put_u64(s, q[1]);
	put_u64(s, q[2]);
	put_u64(s, q[3]);
	put_u64(s, q[4]);
	put_u64(s, q[6]);
	put_u64(s, q[7]);
	put_u64(s, info[0]);
	put_u64(s, info[1]);
	put_u8(s, 0);
	put_u8(s, RET == 0 && cmd == 1u << 2 ? quota_format((__u32)first_user_word(ARG(3))) : 1);
	put_u16(s, cmd);
	put_u8(s, (ARG32(0) & 0xff) == 0 ? 1 : (ARG32(0) & 0xff) == 1 ? 2 : 0);
	put_u32(s, ARG32(2));
	put_u8(s, cmd == 1 ? quota_format(ARG32(2)) : 1);
}

/* entries, sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features */
static __always_inline void
put_uring(struct sk_scratch *s)
{
	__u32 p[6] = { 0 };

	bpf_probe_read_user(p, sizeof(p), (void *)ARG(1));
	put_u32(s, ARG32(0));
	put_u32(s, p[0]);
	put_u32(s, p[1]);
	put_u32(s, p[2] & 0xffu);
	put_u32(s, p[3]);
	put_u32(s, p[4]);
	put_u32(s, p[5] & 0x7ffu);
}

CALL(generic, GENERIC_X)
{
	put_u16(s, sk_sc[s->id & (SK_LIVE_CALLS - 1)]);
	put_u16(s, (__u16)s->id);
}

CALL(init_module, SYSCALL_INIT_MODULE_X)
{
	PUT_RET();
	put_user(s, ARG(0), snap(ARG(1)));
	put_u64(s, ARG(1));
	PUT_STR(2);
}

CALL(delete_module, SYSCALL_DELETE_MODULE_X)
{
	PUT_RET();
	PUT_STR(0);
	put_u32(s, BIT(ARG32(1), 04000u, 2u) | BIT(ARG32(1), 01000u, 1u));
}

CALL(bpf, SYSCALL_BPF_2_X)
{
	PUT_RET();
	put_s32(s, (__s32)ARG(0));
}

CALL(keyctl, SYSCALL_KEYCTL_X)
{
	PUT_RET();
	put_u32(s, ARG32(0));
	put_number(s, ARG(1));
	put_number(s, ARG(2));
	put_number(s, ARG(3));
	put_number(s, ARG(4));
}

CALL(semop, SYSCALL_SEMOP_X)
{
	PUT_RET();
	put_semops(s);
}

CALL(semget, SYSCALL_SEMGET_X)
{
	PUT_RET();
	put_s32(s, (__s32)ARG(0));
	put_s32(s, (__s32)ARG(1));
	put_u32(s, BIT(ARG32(2), 01000u, 1u << 13) | BIT(ARG32(2), 02000u, 1u << 14) | (ARG32(2) & 0777u));
}

CALL(semctl, SYSCALL_SEMCTL_X)
{
	PUT_RET();
	put_s32(s, (__s32)ARG(0));
	put_s32(s, (__s32)ARG(1));
	put_u16(s, semctl_command(ARG32(2)));
	put_s32(s, ARG32(2) == 16 ? (__s32)ARG(3) : 0);
}

CALL(quotactl, SYSCALL_QUOTACTL_X)
{
	PUT_RET();
	put_quotactl(s);
}

CALL(io_uring_setup, SYSCALL_IO_URING_SETUP_X)
{
	PUT_RET();
	put_uring(s);
}

#endif
