/* Calls about users, groups, rights, limits, signals and processes. */
#ifndef SK_CALLS_IDS_H
#define SK_CALLS_IDS_H

#include "call.h"

#define PTRACE_PEEK_KINDS (1u << 1 | 1u << 2 | 1u << 3)

static __always_inline void
put_three(struct sk_scratch *s)
{
	put_u32(s, (__u32)first_user_word(ARG(0)));
	put_u32(s, (__u32)first_user_word(ARG(1)));
	put_u32(s, (__u32)first_user_word(ARG(2)));
}

static __always_inline void
put_own_caps(struct sk_scratch *s)
{
	struct task_struct *t = bpf_get_current_task_btf();
	const struct cred *c = t->cred;

	put_u64(s, caps((struct kernel_cap_t *)&c->cap_inheritable));
	put_u64(s, caps((struct kernel_cap_t *)&c->cap_permitted));
	put_u64(s, caps((struct kernel_cap_t *)&c->cap_effective));
}

/* Nothing there reads as 0, a call that failed as -1. */
static __always_inline void
put_rlimit(struct sk_scratch *s, __u64 p, bool known)
{
	__u64 v[2] = { 0 };

	if (known)
		bpf_probe_read_user(v, sizeof(v), (void *)p);
	else
		v[0] = v[1] = (__u64)-1;
	put_u64(s, v[0]);
	put_u64(s, v[1]);
}

/* A selector byte, then a value of the type it stands for. */
static __always_inline void
put_dyn_u64(struct sk_scratch *s, __u8 selector, __u64 v)
{
	*(__u8 *)DATA(s, 0) = selector;
	*(__u64 *)DATA(s, 1) = v;
	put_len(s, 9);
}

static __always_inline __u16
ptrace_request(__u64 r)
{
	if (r < 32)
		return ptrace_low_map[r & 31] ? ptrace_low_map[r & 31] - 1u : 0;
	switch (r) {
	case 33: return 38;
	case 0x4200: return 14;
	case 0x4201: return 15;
	case 0x4202: return 16;
	case 0x4203: return 17;
	case 0x4204: return 18;
	case 0x4205: return 19;
	case 0x4206: return 20;
	case 0x4207: return 21;
	case 0x4208: return 22;
	case 0x4209: return 23;
	case 0x420a: return 24;
	case 0x420b: return 25;
	default: return 0;
	}
}

static __always_inline void
put_ptrace(struct sk_scratch *s)
{
	__u32 request = ARG32(0);

	put_dyn_u64(s, 0, ARG(2));
	if (request < 4 && (PTRACE_PEEK_KINDS >> request & 1)) {
		put_dyn_u64(s, 0, RET < 0 ? 0 : first_user_word(ARG(3)));
	} else if (request == 7 || request == 9 || request == 17 || request == 24) {
		*(__u8 *)DATA(s, 0) = 1;
		*(__u8 *)DATA(s, 1) = (__u8)ARG(3);
		put_len(s, 2);
	} else {
		put_dyn_u64(s, 0, ARG(3));
	}
	put_u16(s, ptrace_request(request));
	put_s64(s, FD(1));
}

#define PR_SET_NAME_ 15
#define PR_GET_CHILD_SUBREAPER_ 37
#define PR_SET_CHILD_SUBREAPER_ 36

static __always_inline void
put_prctl(struct sk_scratch *s)
{
	__u32 option = ARG32(0);

	put_u32(s, option);
	if (option == PR_SET_NAME_)
		PUT_STR(1);
	else
		put_empty(s);
	if (option == PR_SET_NAME_)
		put_s64(s, 0);
	else if (option == PR_GET_CHILD_SUBREAPER_)
		put_s64(s, (__s32)first_user_word(ARG(1)));
	else
		put_s64(s, (__s64)ARG(1));
}

CALL(setuid, SYSCALL_SETUID_X)
{
	PUT_RET();
	put_u32(s, ARG32(0));
}

CALL(setgid, SYSCALL_SETGID_X)
{
	PUT_RET();
	put_u32(s, ARG32(0));
}

CALL(setreuid, SYSCALL_SETREUID_X)
{
	PUT_RET();
	put_u32(s, ARG32(0));
	put_u32(s, ARG32(1));
}

CALL(setregid, SYSCALL_SETREGID_X)
{
	PUT_RET();
	put_u32(s, ARG32(0));
	put_u32(s, ARG32(1));
}

CALL(setresuid, SYSCALL_SETRESUID_X)
{
	PUT_RET();
	put_u32(s, ARG32(0));
	put_u32(s, ARG32(1));
	put_u32(s, ARG32(2));
}

CALL(setresgid, SYSCALL_SETRESGID_X)
{
	PUT_RET();
	put_u32(s, ARG32(0));
	put_u32(s, ARG32(1));
	put_u32(s, ARG32(2));
}

CALL(getuid, SYSCALL_GETUID_X)
{
	put_u32(s, (__u32)RET);
}

CALL(getgid, SYSCALL_GETGID_X)
{
	put_u32(s, (__u32)RET);
}

CALL(geteuid, SYSCALL_GETEUID_X)
{
	put_u32(s, (__u32)RET);
}

CALL(getegid, SYSCALL_GETEGID_X)
{
	put_u32(s, (__u32)RET);
}

CALL(getresuid, SYSCALL_GETRESUID_X)
{
	PUT_RET();
	put_three(s);
}

CALL(getresgid, SYSCALL_GETRESGID_X)
{
	PUT_RET();
	put_three(s);
}

CALL(setsid, SYSCALL_SETSID_X)
{
	PUT_RET();
}

CALL(setpgid, SYSCALL_SETPGID_X)
{
	PUT_RET();
	put_s64(s, FD(0));
	put_s64(s, FD(1));
}

CALL(capset, SYSCALL_CAPSET_X)
{
	PUT_RET();
	put_own_caps(s);
}

CALL(kill, SYSCALL_KILL_X)
{
	PUT_RET();
	put_s64(s, FD(0));
	put_u8(s, (__u8)ARG(1));
}

CALL(tkill, SYSCALL_TKILL_X)
{
	PUT_RET();
	put_s64(s, FD(0));
	put_u8(s, (__u8)ARG(1));
}

CALL(tgkill, SYSCALL_TGKILL_X)
{
	PUT_RET();
	put_s64(s, FD(0));
	put_s64(s, FD(1));
	put_u8(s, (__u8)ARG(2));
}

CALL(ptrace, SYSCALL_PTRACE_X)
{
	PUT_RET();
	put_ptrace(s);
}

CALL(prctl, SYSCALL_PRCTL_X)
{
	PUT_RET();
	put_prctl(s);
}

CALL(unshare, SYSCALL_UNSHARE_X)
{
	PUT_RET();
	put_u32(s, clone_flags(ARG32(0)));
}

CALL(seccomp, SYSCALL_SECCOMP_X)
{
	PUT_RET();
	put_u64(s, ARG32(0));
	put_u64(s, ARG32(1));
}

CALL(getrlimit, SYSCALL_GETRLIMIT_X)
{
	PUT_RET();
	put_rlimit(s, ARG(1), RET == 0);
	put_u8(s, (__u8)ARG(0));
}

CALL(setrlimit, SYSCALL_SETRLIMIT_X)
{
	PUT_RET();
	put_rlimit(s, ARG(1), true);
	put_u8(s, (__u8)ARG(0));
}

CALL(prlimit64, SYSCALL_PRLIMIT_X)
{
	PUT_RET();
	put_rlimit(s, ARG(2), true);
	put_rlimit(s, ARG(3), RET == 0);
	put_s64(s, FD(0));
	put_u8(s, (__u8)ARG(1));
}

#endif
