/* The one hook of all system calls: refuses what no rule wants before it looks at anything else. */
#ifndef SK_DISPATCH_H
#define SK_DISPATCH_H

#include "task.h"

static __always_inline bool
in_set(const volatile __u64 *set, __u32 id)
{
	return set[(id >> 6) & (SK_LIVE_CALLS / 64 - 1)] >> (id & 63) & 1;
}

static __always_inline void
take_args(struct sk_scratch *s, struct pt_regs *r)
{
	if (!s->compat) {
		s->args[0] = r->di;
		s->args[1] = r->si;
		s->args[2] = r->dx;
		s->args[3] = r->r10;
		s->args[4] = r->r8;
		s->args[5] = r->r9;
		return;
	}
	s->args[0] = (__u32)r->bx;
	s->args[1] = (__u32)r->cx;
	s->args[2] = (__u32)r->dx;
	s->args[3] = (__u32)r->si;
	s->args[4] = (__u32)r->di;
	s->args[5] = (__u32)r->bp;
}

/* Calls that i386 packs into one: its number to ours. */
const __u16 socketcalls[32] = { [1] = 41, [2] = 49, [3] = 42, [4] = 50, [5] = 43, [6] = 51, [7] = 52, [8] = 53, [9] = 44, [10] = 45, [11] = 44,
				 [12] = 45, [13] = 48, [14] = 54, [15] = 55, [16] = 46, [17] = 47, [18] = 288, [19] = 299, [20] = 307 };

static __always_inline __u32
unpack_socketcall(struct sk_scratch *s, __u32 id)
{
	__u32 raw[6] = { 0 }, call = (__u32)s->args[0] & 31;
	__u64 at = s->args[1];

	bpf_probe_read_user(raw, sizeof(raw), (void *)at);
	for (int i = 0; i < 6; i++)
		s->args[i] = raw[i];
	if (call == 9 || call == 10) /* send and recv are sendto and recvfrom without address */
		s->args[4] = s->args[5] = 0;
	(void)id;
	return socketcalls[call];
}

SEC("tp_btf/sys_exit")
int
sk_dispatch(__u64 *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)ctx[0];
	__s64 ret = (__s64)ctx[1];
	struct task_struct *t = bpf_get_current_task_btf();
	__u32 id = (__u32)regs->orig_ax, compat = (t->thread_info.status & TS_COMPAT_) != 0;
	bool packed = false;

	if (id >= SK_LIVE_CALLS)
		return 0;
	if (compat && id != 59 && id != 322) {
		packed = id == 102;
		id = packed ? 102 : sk_ia32[id & (SK_LIVE_CALLS - 1)];
		if (id >= SK_LIVE_CALLS)
			return 0;
		ret = (__s32)ret;
	}
	if (!packed) {
		if (!in_set(sk_wanted, id))
			return 0;
		if (ret < 0 && ret >= -4095 && !in_set(sk_wanted_failed, id))
			return 0;
	}
	if ((__u32)t->tgid == sk_self)
		return 0;
	struct sk_scratch *s = scratch();
	if (!s)
		return 0;
	s->compat = compat;
	take_args(s, regs);
	if (packed) {
		id = unpack_socketcall(s, id);
		if (!in_set(sk_wanted, id) || (ret < 0 && ret >= -4095 && !in_set(sk_wanted_failed, id)))
			return 0;
	}
	s->id = id;
	s->ret = ret;
	s->tid = (__u32)t->pid;
	bpf_tail_call(ctx, &sk_calls, id);
	return 0;
}

#endif
