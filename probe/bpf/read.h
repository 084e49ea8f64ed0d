/* Reading kernel memory. */
#ifndef SK_READ_H
#define SK_READ_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* From Linux 6.2 on: gives an address a kernel type, so that the program may load members itself; a load that faults gives 0. */
extern void *bpf_rdonly_cast(void *obj, __u32 type) __ksym __attribute__((weak));

/* GET(pointer, member, ...): pointer->member->..., by plain loads where the kernel allows them (about 1 ns each), else through bpf_probe_read_kernel (about 20 ns).
 * The branch not taken is no code: the verifier knows the condition. Members are no structures and no array elements of a variable index; those, bit fields and
 * members that only some kernels have are read with BPF_CORE_READ. */
#define GET(src, ...)                                                                                                                    \
	({                                                                                                                               \
		typeof(src) src_ = (src);                                                                                                \
		typeof(___arrow(src_, __VA_ARGS__)) got_;                                                                                \
		if (bpf_rdonly_cast)                                                                                                     \
			got_ = ___arrow(((typeof(src_))bpf_rdonly_cast((void *)src_, bpf_core_type_id_kernel(typeof(*(src_))))), __VA_ARGS__); \
		else                                                                                                                     \
			got_ = BPF_CORE_READ(src_, __VA_ARGS__);                                                                         \
		got_;                                                                                                                    \
	})

/* bpf_loop() came with Linux 5.17: its body is checked once, where a plain loop is checked round by round, which takes tens of milliseconds at every start. */
enum bpf_func_id___loop { BPF_FUNC_loop___loop = 181 };

static __always_inline bool
has_loop(void)
{
	return bpf_core_enum_value_exists(enum bpf_func_id___loop, BPF_FUNC_loop___loop);
}

#endif
