/* Calls that make processes: the four of clone, and exec where it fails (success is reported by its own hook). */
#ifndef SK_CALLS_PROCESS_H
#define SK_CALLS_PROCESS_H

#include "call.h"

/* The common rest of the clone family: s->type, and the native flags in s->aux. */
SEC("tp_btf/sys_exit")
int
sk_clone(void *ctx)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct sk_scratch *s = scratch();
	__u32 flags;

	if (!s)
		return 0;
	flags = clone_flags(s->aux);
	if (s->ret == 0 ? GET(t, thread_pid, level) > 0 :
			  GET(t, nsproxy, pid_ns_for_children, level) != GET(t, thread_pid, level))
		flags |= CL_CHILD_IN_PIDNS;
	put_s64(s, s->ret);
	put_exe_args(s, t->mm);
	put_process(s, t);
	put_clone_end(s, t, flags, s->ret == 0 ? pidns_start(t) : 0);
	finish(ctx, s, NEXT_FINISH);
	return 0;
}

#define CLONE(call, EVENT, flags)                         \
	SEC("tp_btf/sys_exit") int x_##call(void *ctx)    \
	{                                                 \
		struct sk_scratch *s = scratch();         \
                                                          \
		if (!s)                                   \
			return 0;                         \
		begin(s, SK_E_##EVENT, SK_N_##EVENT);     \
		s->aux = (flags);                         \
		finish(ctx, s, NEXT_CLONE);               \
		return 0;                                 \
	}

CLONE(clone, SYSCALL_CLONE_20_X, ARG(0))
CLONE(fork, SYSCALL_FORK_20_X, 0)
CLONE(vfork, SYSCALL_VFORK_20_X, 0)
CLONE(clone3, SYSCALL_CLONE3_X, first_user_word(ARG(0)))

/* --- exec that failed ------------------------------------------------------------------------------------------------------ */
#define STRINGS_MAX 16

/* Strings of the pointer array at LIST from number FROM on, one parameter. A function of its own. */
__attribute__((noinline)) int
put_strings(struct sk_scratch *s, __u64 list, __u32 from)
{
	__u32 start, i;

	if (!s)
		return 0;
	start = s->pos;
	for (i = from; i < STRINGS_MAX + from && i < STRINGS_MAX + 1; i++) {
		__u64 p = 0;
		long n;

		bpf_probe_read_user(&p, s->compat ? 4 : 8, (void *)(list + i * (s->compat ? 4 : 8)));
		if (!p)
			break;
		n = bpf_probe_read_user_str(&s->data[masked(s->pos)], ARGS_MAX, (void *)p);
		if (n <= 0)
			break;
		s->pos += (__u32)n;
	}
	i = s->pos - start;
	if (i > ARGS_MAX) {
		i = ARGS_MAX;
		s->data[masked(start + i - 1)] = 0;
	}
	s->pos = start;
	put_len(s, i);
	return 0;
}

static __always_inline __u64
user_pointer(struct sk_scratch *s, __u64 at)
{
	__u64 p = 0;

	bpf_probe_read_user(&p, s->compat ? 4 : 8, (void *)at);
	return p;
}

/* First half; s->args: 0 path, 1 argv, 2 envp of execve. */
static __always_inline void
exec_failed(struct sk_scratch *s, __u64 argv)
{
	PUT_RET();
	put_user_str(s, user_pointer(s, argv));
	put_strings(s, argv, 1);
	put_process(s, bpf_get_current_task_btf());
}

SEC("tp_btf/sys_exit")
int
x_execve(void *ctx)
{
	struct sk_scratch *s = scratch();

	if (!s || s->ret == 0)
		return 0;
	begin(s, SK_E_SYSCALL_EXECVE_19_X, SK_N_SYSCALL_EXECVE_19_X);
	exec_failed(s, ARG(1));
	finish(ctx, s, NEXT_EXEC_FAILED);
	return 0;
}

SEC("tp_btf/sys_exit")
int
x_execveat(void *ctx)
{
	struct sk_scratch *s = scratch();

	if (!s || s->ret == 0)
		return 0;
	begin(s, SK_E_SYSCALL_EXECVEAT_X, SK_N_SYSCALL_EXECVEAT_X);
	exec_failed(s, ARG(2));
	finish(ctx, s, NEXT_EXEC_FAILED);
	return 0;
}

SEC("tp_btf/sys_exit")
int
sk_exec_failed(void *ctx)
{
	struct sk_scratch *s = scratch();

	if (!s)
		return 0;
	put_exec_end(s, bpf_get_current_task_btf());
	if (s->type == SK_E_SYSCALL_EXECVE_19_X)
		PUT_STR(0);
	finish(ctx, s, NEXT_FINISH);
	return 0;
}

#endif
