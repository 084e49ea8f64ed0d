/* Architecture layer: number, arguments and kind of the system call that ends, from the registers. */
#ifndef SK_REGS_H
#define SK_REGS_H

#include "maps.h"

/* What a call's memory looks like. */
enum { ABI_NATIVE, ABI_IA32, ABI_X32 };

#define NO_CALL 0xffffffffu

#if defined(__TARGET_ARCH_x86)

#define X32_BIT 0x40000000u

/* x32 has the numbers of x86_64 but for calls whose memory holds pointers: those begin at 512. */
const __u16 x32_calls[64] = { 13, 15, 16, 19, 20, 45, 46, 47, 59, 101, 127, 128, 129, 131, 222, 244, 246, 247, 273, 274, 278, 279, 295, 296, 297, 299, 307, 310, 311, 54,
			      55, 206, 209, 322, 327, 328 };
#define X32_CALLS 36u

static __always_inline __u32
raw_number(struct pt_regs *r)
{
	return (__u32)r->orig_ax;
}

static __always_inline __u32
abi_of(struct task_struct *t, __u32 raw)
{
	if (t->thread_info.status & TS_COMPAT_)
		return ABI_IA32;
	return raw != NO_CALL && (raw & X32_BIT) ? ABI_X32 : ABI_NATIVE;
}

/* Own number of the call of x32; *ABI says how its memory is laid out. */
static __always_inline __u32
x32_number(__u32 raw, __u32 *abi)
{
	__u32 i = raw & ~X32_BIT;

	if (i < 512) {
		*abi = ABI_NATIVE;
		return i;
	}
	i -= 512;
	barrier_var(i);
	return i < X32_CALLS ? x32_calls[i & 63] : NO_CALL;
}

static __always_inline void
take_args(struct sk_scratch *s, struct pt_regs *r)
{
	if (s->compat != ABI_IA32) {
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

/* Arguments of 32-bit calls that our form of the call has in another order or shape: numbers of 64 bits come in two registers. */
static __always_inline void
reshape_args(struct sk_scratch *s, __u32 raw)
{
	__u32 m[6] = { 0 };

	switch (raw) {
	case 140: /* _llseek: descriptor, high, low, result, whence */
		s->args[1] = s->args[1] << 32 | s->args[2];
		s->args[2] = s->args[4];
		break;
	case 180: case 181: /* pread64, pwrite64 */
	case 333: case 334: /* preadv, pwritev */
		s->args[3] |= s->args[4] << 32;
		break;
	case 192: /* mmap2 counts pages */
		s->args[5] <<= 12;
		break;
	case 90: /* mmap has its arguments in memory */
		bpf_probe_read_user(m, sizeof(m), (void *)s->args[0]);
		for (int i = 0; i < 6; i++)
			s->args[i] = m[i];
		break;
	default: break;
	}
}

#elif defined(__TARGET_ARCH_arm64)

#define TIF_32BIT_ (1ull << 22)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct pt_regs___arm64 {
	__u64 regs[31];
	__u64 orig_x0;
	__s32 syscallno;
};
#pragma clang attribute pop

static __always_inline __u32
raw_number(struct pt_regs *r)
{
	return (__u32)((struct pt_regs___arm64 *)r)->syscallno;
}

/* Calls of 32-bit programs have numbers of their own, which no table here knows: they are left out and never taken for others. */
static __always_inline __u32
abi_of(struct task_struct *t, __u32 raw)
{
	(void)raw;
	return t->thread_info.flags & TIF_32BIT_ ? ABI_X32 : ABI_NATIVE;
}

static __always_inline __u32
x32_number(__u32 raw, __u32 *abi)
{
	(void)raw;
	(void)abi;
	return NO_CALL;
}

static __always_inline void
take_args(struct sk_scratch *s, struct pt_regs *regs)
{
	struct pt_regs___arm64 *r = (void *)regs;

	s->args[0] = r->orig_x0;
	s->args[1] = r->regs[1];
	s->args[2] = r->regs[2];
	s->args[3] = r->regs[3];
	s->args[4] = r->regs[4];
	s->args[5] = r->regs[5];
}

static __always_inline void
reshape_args(struct sk_scratch *s, __u32 raw)
{
	(void)s;
	(void)raw;
}

#else
#error "where does this architecture have the arguments of a system call?"
#endif

#endif
