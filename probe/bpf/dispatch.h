/* The one hook of all system calls: refuses what no rule wants before it looks at anything else. */
#ifndef SK_DISPATCH_H
#define SK_DISPATCH_H

#include "regs.h"
#include "task.h"

/* Calls that i386 packs into one: its number to ours. */
const __u16 socketcalls[32] = { [1] = 41, [2] = 49, [3] = 42, [4] = 50, [5] = 43, [6] = 51, [7] = 52, [8] = 53, [9] = 44, [10] = 45, [11] = 44,
				 [12] = 45, [13] = 48, [14] = 54, [15] = 55, [16] = 46, [17] = 47, [18] = 288, [19] = 299, [20] = 307 };

#define SOCKETCALL 102u

static __always_inline __u32
unpack_socketcall(struct sk_scratch *s)
{
	__u32 raw[6] = { 0 }, call = (__u32)s->args[0] & 31;
	__u64 at = s->args[1];

	bpf_probe_read_user(raw, sizeof(raw), (void *)at);
	for (int i = 0; i < 6; i++)
		s->args[i] = raw[i];
	if (call == 9 || call == 10) /* send and recv are sendto and recvfrom without address */
		s->args[4] = s->args[5] = 0;
	return socketcalls[call];
}

static __always_inline bool
is_wanted(__u32 id, __s64 ret)
{
	return in_set(sk_wanted, id) && (ret >= 0 || ret < -4095 || in_set(sk_wanted_failed, id));
}

/* Calls of other forms than the native one: their number is translated, and what cannot be is left out. */
static __always_inline __u32
translate(__u32 raw, __u32 *abi)
{
	__u32 i = raw;

	if (*abi == ABI_X32)
		return x32_number(raw, abi);
	if (raw == SOCKETCALL || raw >= SK_LIVE_CALLS)
		return raw;
	barrier_var(i); /* the verifier must see the mask, whatever the compiler knows */
	return sk_ia32[i & (SK_LIVE_CALLS - 1)];
}

SEC("tp_btf/sys_exit")
int
sk_dispatch(__u64 *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)ctx[0];
	__s64 ret = (__s64)ctx[1];
	struct task_struct *t = bpf_get_current_task_btf();
	__u32 raw = raw_number(regs), id = raw, abi = abi_of(t, raw);
	bool packed = false;

	if (abi != ABI_NATIVE) {
		packed = abi == ABI_IA32 && raw == SOCKETCALL;
		id = translate(raw, &abi);
		ret = abi == ABI_IA32 ? (__s32)ret : ret;
	}
	if (id >= SK_LIVE_CALLS || (!packed && !is_wanted(id, ret)) || (__u32)t->tgid == sk_self)
		return 0;
	struct sk_scratch *s = scratch();
	if (!s)
		return 0;
	s->compat = abi;
	s->message = 0;
	take_args(s, regs);
	if (packed) {
		id = unpack_socketcall(s);
		if (!is_wanted(id, ret))
			return 0;
	} else if (abi == ABI_IA32) {
		reshape_args(s, raw);
	}
	s->id = id;
	s->ret = ret;
	s->tid = (__u32)t->pid;
	if (sk_tells && !is_beginning(id, ret) && !is_told(t))
		bpf_tail_call(ctx, &sk_tell_next, 1);
	bpf_tail_call(ctx, &sk_calls, id);
	return 0;
}

#endif
