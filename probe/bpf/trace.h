/* Programs of the other hooks: exec, fork, exit, signal delivery. */
#ifndef SK_TRACE_H
#define SK_TRACE_H

#include "process.h"

#define PF_EXITING_ 4u

SEC("tp_btf/sched_process_exec")
int
sk_exec(__u64 *ctx)
{
	struct task_struct *t = (struct task_struct *)ctx[0];
	struct sk_scratch *s = scratch();

	if (!s || (__u32)t->tgid == sk_self)
		return 0;
	s->tid = (__u32)t->pid;
	begin(s, SK_E_SYSCALL_EXECVE_19_X, SK_N_SYSCALL_EXECVE_19_X);
	put_s64(s, 0);
	put_exe_args(s, t->mm);
	put_process(s, t);
	bpf_tail_call(ctx, &sk_exec_next, 0);
	lose(s, SK_LOSS_PROGRAM);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int
sk_exec_end(__u64 *ctx)
{
	struct task_struct *t = (struct task_struct *)ctx[0];
	struct linux_binprm *b = (struct linux_binprm *)ctx[2];
	struct sk_scratch *s = scratch();

	if (!s)
		return 0;
	put_exec_end(s, t);
	put_kernel_str(s, (__u64)b->filename);
	set_told(t, finish_task(s, t));
	return 0;
}

/* The child as its own clone event would tell of it, for states that need no more than that it exists. */
SEC("tp_btf/sched_process_fork")
int
sk_fork(__u64 *ctx)
{
	struct task_struct *parent = (struct task_struct *)ctx[0], *t = (struct task_struct *)ctx[1];
	struct sk_scratch *s = scratch();
	__u32 flags;

	if (!s || (t->flags & (PF_KTHREAD_ | PF_IO_WORKER_)) || (__u32)parent->tgid == sk_self)
		return 0;
	s->tid = (__u32)t->pid;
	flags = t->pid != t->tgid ? 1u << 13 | 1u << 0 | 1u << 15 : 0;
	flags |= ids_of(t).level ? CL_CHILD_IN_PIDNS : 0;
	begin(s, SK_E_SYSCALL_CLONE_20_X, SK_N_SYSCALL_CLONE_20_X);
	put_s64(s, 0);
	put_exe_args(s, t->mm);
	put_process(s, t);
	put_clone_end(s, t, flags, pidns_start(t));
	/* a child is its parent's copy: of use to those who know that */
	if (finish_task(s, t) && is_told(parent))
		set_told(t, true);
	return 0;
}

/* --- threads that the reader may not know ---------------------------------------------------------------------------------- */
/* From the dispatcher, before the call's own program: what runs since before there was a probe, or came while events were lost. */
SEC("tp_btf/sys_exit")
int
sk_tell(void *ctx)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct sk_scratch *s = scratch();

	if (!s)
		return 0;
	begin(s, SK_E_SYSCALL_EXECVE_19_X, SK_N_SYSCALL_EXECVE_19_X);
	put_s64(s, 0);
	put_exe_args(s, t->mm);
	put_process_in(s, t, true);
	bpf_tail_call(ctx, &sk_tell_next, 0);
	bpf_tail_call(ctx, &sk_calls, s->id);
	return 0;
}

SEC("tp_btf/sys_exit")
int
sk_tell_end(void *ctx)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct sk_scratch *s = scratch();

	if (!s)
		return 0;
	put_exec_end(s, t);
	put_empty(s);
	end_params(s);
	thread_facts(s, t);
	if (emit_thread(s))
		set_told(t, true);
	bpf_tail_call(ctx, &sk_calls, s->id);
	return 0;
}

/* --- exit ------------------------------------------------------------------------------------------------------------------ */
static __always_inline bool
has_children(struct task_struct *t)
{
	return (__u64)t->children.next != (__u64)t + bpf_core_field_offset(struct task_struct, children);
}

/* Another thread of the group that lives on. */
static __always_inline __s64
living_sibling(struct task_struct *t)
{
	struct signal_struct *sig = t->signal;
	__u64 end = (__u64)sig + bpf_core_field_offset(struct signal_struct, thread_head), at = (__u64)GET(sig, thread_head.next);

	for (int i = 0; i < 30 && at != end && at; i++) {
		struct task_struct *o = (struct task_struct *)(at - bpf_core_field_offset(struct task_struct, thread_node));

		if ((__u64)o != (__u64)t && !(GET(o, flags) & PF_EXITING_))
			return GET(o, pid);
		at = (__u64)GET(o, thread_node.next);
	}
	return at == end ? 0 : -1;
}

/* Who takes over the children: 0 nobody is needed, -1 not found within bounds. */
static __always_inline __s64
reaper_of(struct task_struct *t)
{
	struct task_struct *o;
	struct signal_struct *sig;
	__s64 r;

	if (!has_children(t))
		return 0;
	r = living_sibling(t);
	if (r)
		return r;
	struct pid *pid = t->thread_pid;
	struct pid_namespace *ns = NULL;
	bpf_probe_read_kernel(&ns, sizeof(ns), (__u8 *)&pid->numbers[0].ns + (GET(pid, level) & 31) * bpf_core_type_size(struct upid));
	struct task_struct *init = ns ? GET(ns, child_reaper) : NULL;
	sig = t->signal;
	if (!BPF_CORE_READ_BITFIELD_PROBED(sig, has_child_subreaper))
		return init ? GET(init, pid) : -1;
	o = GET(t, real_parent);
	for (int i = 0; i < 60 && o; i++) {
		sig = GET(o, signal);
		if (o == init || BPF_CORE_READ_BITFIELD_PROBED(sig, is_child_subreaper))
			return GET(o, pid);
		o = GET(o, real_parent);
	}
	return -1;
}

SEC("tp_btf/sched_process_exit")
int
sk_exit(__u64 *ctx)
{
	struct task_struct *t = (struct task_struct *)ctx[0];
	struct sk_scratch *s = scratch();
	__u32 code;

	if (!s || (t->flags & PF_KTHREAD_))
		return 0;
	s->tid = (__u32)t->pid;
	code = (__u32)t->exit_code;
	begin(s, SK_E_PROCEXIT_1_E, SK_N_PROCEXIT_1_E);
	put_s64(s, (__s32)code);
	put_s64(s, code >> 8 & 0xff);
	put_u8(s, (code & 0x7f) != 0x7f ? (__u8)(code & 0x7f) : 0);
	put_u8(s, (code & 0x80) != 0);
	put_s64(s, reaper_of(t));
	finish_task(s, t);
	return 0;
}

/* --- signals --------------------------------------------------------------------------------------------------------------- */
static __always_inline __s64
sender(__u32 sig, struct kernel_siginfo *info)
{
	const __u32 by_users = 1u << 15 | 1u << 1 | 1u << 2 | 1u << 20 | 1u << 3;

	if ((__u64)info <= 2)
		return 0;
	if (sig == 9)
		return GET(info, _sifields._kill._pid);
	if (sig == 17)
		return GET(info, _sifields._sigchld._pid);
	if (sig >= 32 || ((by_users >> (sig & 31) & 1) && GET(info, si_code) <= 0))
		return GET(info, _sifields._kill._pid);
	return 0;
}

SEC("tp_btf/signal_deliver")
int
sk_signal(__u64 *ctx)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct sk_scratch *s = scratch();
	__u32 sig = (__u32)ctx[0];

	if (!s || (__u32)t->tgid == sk_self)
		return 0;
	s->tid = (__u32)t->pid;
	begin(s, SK_E_SIGNALDELIVER_E, SK_N_SIGNALDELIVER_E);
	put_s64(s, sender(sig, (struct kernel_siginfo *)ctx[1]));
	put_s64(s, t->pid);
	put_u8(s, (__u8)sig);
	finish_task(s, t);
	return 0;
}

#endif
