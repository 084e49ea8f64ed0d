/* Form of the programs of single system calls: CALL(name, EVENT) { parameters, with s the scratch }. The program is x_<name>, as the table of system calls has
 * it; the loader finds it by that name. Arguments are ARG(i), the result is RET. */
#ifndef SK_CALL_H
#define SK_CALL_H

#include "convert.h"
#include "process.h"
#include "sock.h"

static __always_inline void
finish(void *ctx, struct sk_scratch *s, __u32 next)
{
	bpf_tail_call(ctx, &sk_next, next);
	lose(s, SK_LOSS_PROGRAM);
}

#define CALL(call, EVENT)                                                    \
	static __always_inline void fill_##call(struct sk_scratch *s);       \
	SEC("tp_btf/sys_exit") int x_##call(void *ctx)                       \
	{                                                                    \
		struct sk_scratch *s = scratch();                            \
                                                                             \
		if (!s)                                                      \
			return 0;                                            \
		begin(s, SK_E_##EVENT, SK_N_##EVENT);                        \
		fill_##call(s);                                              \
		finish(ctx, s, NEXT_FINISH);                                 \
		return 0;                                                    \
	}                                                                    \
	static __always_inline void fill_##call(struct sk_scratch *s)

#define ARG(i) (s->args[i])
#define ARG32(i) ((__u32)s->args[i])
#define FD(i) ((__s64)(__s32)s->args[i])
#define RET (s->ret)
#define PUT_RET() put_s64(s, s->ret)
/* Descriptor parameter that the event works on. */
#define PUT_FD(i) (use_fd(s, FD(i)), put_s64(s, FD(i)))
#define PUT_STR(i) put_user_str(s, ARG(i))

static __always_inline __u64
first_user_word(__u64 p)
{
	__u64 v = 0;

	bpf_probe_read_user(&v, sizeof(v), (void *)p);
	return v;
}

#endif
