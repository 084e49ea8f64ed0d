/* Extract layer: numbers of the kernel to those of the schema. */
#ifndef SK_CONVERT_H
#define SK_CONVERT_H

#include "maps.h"

/* Single bit N of V as bit S. */
#define BIT(v, n, s) ((s) >= (n) ? ((v) & (n)) * ((s) / (n)) : ((v) & (n)) / ((n) / (s)))

static __always_inline __u32
open_flags(__u32 f)
{
	__u32 r = (f & 3) == 0 ? 1 : (f & 3) == 1 ? 2 : 3;

	r |= BIT(f, 0100u, 1u << 2) | BIT(f, 02000u, 1u << 3) | BIT(f, 010000u, 1u << 4) | BIT(f, 0200u, 1u << 5) | BIT(f, 04000u, 1u << 6) |
	     BIT(f, 01000u, 1u << 8) | BIT(f, O_DIRECT_, 1u << 9) | BIT(f, O_DIRECTORY_, 1u << 10) | BIT(f, O_LARGEFILE_, 1u << 11) | BIT(f, 02000000u, 1u << 12);
	/* The wider native constants contain O_DSYNC and O_DIRECTORY, and any bit of them counts: what readers of the schema have always seen. */
	r |= (f & 04010000u) ? 1u << 7 : 0;
	r |= (f & O_TMPFILE_) ? 1u << 13 : 0;
	return r;
}

static __always_inline __u32
open_mode(__u32 flags, __u32 mode)
{
	return flags & (0100u | O_TMPFILE_) ? mode & 07777u : 0;
}

/* O_NONBLOCK, O_CLOEXEC and O_DIRECT of calls that take no other flags. */
static __always_inline __u32
fd_flags(__u32 f)
{
	return BIT(f, 04000u, 1u << 6) | BIT(f, 02000000u, 1u << 12) | BIT(f, O_DIRECT_, 1u << 9);
}

static __always_inline __u32
clone_flags(__u64 f)
{
	__u32 v = (__u32)f;

	return BIT(v, 0x400u, 1u << 0) | BIT(v, 0x200u, 1u << 1) | BIT(v, 0x80000000u, 1u << 2) | BIT(v, 0x08000000u, 1u << 3) | BIT(v, 0x40000000u, 1u << 4) |
	       BIT(v, 0x00020000u, 1u << 5) | BIT(v, 0x20000000u, 1u << 6) | BIT(v, 0x04000000u, 1u << 7) | BIT(v, 0x00008000u, 1u << 8) |
	       BIT(v, 0x00100000u, 1u << 9) | BIT(v, 0x2000u, 1u << 10) | BIT(v, 0x800u, 1u << 11) | BIT(v, 0x40000u, 1u << 12) | BIT(v, 0x10000u, 1u << 13) |
	       BIT(v, 0x800000u, 1u << 14) | BIT(v, 0x100u, 1u << 15) | BIT(v, 0x10000000u, 1u << 20) | BIT(v, 0x200000u, 1u << 23) |
	       BIT(v, 0x1000000u, 1u << 24) | BIT(v, 0x80000u, 1u << 25) | BIT(v, 0x4000u, 1u << 27) | BIT(v, 0x02000000u, 1u << 28);
}

static __always_inline __u32
mmap_flags(__u32 f)
{
	return (f & 3u) | BIT(f, 0x10u, 1u << 2) | BIT(f, 0x20u, 1u << 3) | BIT(f, 0x40u, 1u << 4) | BIT(f, 0x4000u, 1u << 6) | BIT(f, 0x8000u, 1u << 7) |
	       BIT(f, 0x10000u, 1u << 8) | BIT(f, 0x100u, 1u << 9) | BIT(f, 0x800u, 1u << 10) | BIT(f, 0x1000u, 1u << 11) | BIT(f, 0x2000u, 1u << 14);
}

static __always_inline __u32
prot_flags(__u32 f)
{
	return (f & 7u) | BIT(f, 8u, 1u << 3) | BIT(f, 0x01000000u, 1u << 4) | BIT(f, 0x02000000u, 1u << 5) | BIT(f, 0x10u, 1u << 6);
}

static __always_inline __u16
poll_events(__u16 e)
{
	__u32 v = e;

	return (__u16)((v & 1u) | BIT(v, 2u, 1u << 2) /* PRI */ | BIT(v, 4u, 1u << 1) /* OUT */ | BIT(v, 0x2000u, 1u << 3) | BIT(v, 8u, 1u << 4) |
		       BIT(v, 0x10u, 1u << 5) | BIT(v, 0x20u, 1u << 6) | BIT(v, 0x40u, 1u << 7) | BIT(v, 0x80u, 1u << 8) | BIT(v, 0x100u, 1u << 9) |
		       BIT(v, 0x200u, 1u << 10));
}

static __always_inline __u32
openat2_resolve(__u32 r)
{
	return BIT(r, 1u, 1u << 4) | BIT(r, 2u, 1u << 2) | BIT(r, 4u, 1u << 3) | BIT(r, 8u, 1u << 0) | BIT(r, 0x10u, 1u << 1) | BIT(r, 0x20u, 1u << 5);
}

static __always_inline __u32
flock_flags(__u32 f)
{
	return BIT(f, 1u, 1u << 0) | BIT(f, 2u, 1u << 1) | BIT(f, 4u, 1u << 2) | BIT(f, 8u, 1u << 3);
}

/* The mask is for the verifier, which must see it whatever the compiler knows. */
#define MAP(name, n)                                                                      \
	static __always_inline __u32 name(__u32 v, __u32 otherwise)                       \
	{                                                                                 \
		__u32 i = v;                                                              \
                                                                                          \
		barrier_var(i);                                                           \
		i &= (n) - 1;                                                             \
		return v < (n) && name##_map[i] ? name##_map[i] - 1u : otherwise;         \
	}

/* Tables hold the schema's number plus one; zero is unknown. */
const __u8 fcntl_cmd_map[64] = { [0] = 2, [1] = 3, [2] = 4, [3] = 5, [4] = 6, [5] = 7, [6] = 9, [7] = 10, [8] = 11, [9] = 13, [10] = 14, [11] = 16,
					[12] = 18, [13] = 19, [14] = 20, [15] = 22, [16] = 23, [36] = 31, [37] = 32, [38] = 33 };
MAP(fcntl_cmd, 64)

static __always_inline __u8
fcntl_command(__u32 cmd)
{
	switch (cmd) {
	case 1024: return 23;
	case 1025: return 24;
	case 1026: return 27;
	case 1029: return 25;
	case 1030: return 26;
	case 1031: return 28;
	case 1032: return 29;
	default: return (__u8)fcntl_cmd(cmd, 0);
	}
}

const __u8 sockopt_map[128] = {
	[1] = 2,   [2] = 3,   [3] = 4,   [4] = 5,   [5] = 6,   [6] = 7,   [7] = 8,   [8] = 9,   [32] = 33, [33] = 34, [9] = 10,  [10] = 11, [11] = 12,
	[12] = 13, [13] = 14, [14] = 15, [15] = 16, [16] = 17, [17] = 18, [18] = 19, [19] = 20, [20] = 21, [21] = 22, [22] = 23, [23] = 24, [24] = 25,
	[25] = 26, [26] = 27, [27] = 28, [28] = 29, [29] = 30, [30] = 31, [31] = 32, [34] = 35, [35] = 36, [36] = 37, [37] = 38, [38] = 39, [39] = 40,
	[40] = 41, [41] = 42, [42] = 43, [43] = 44, [44] = 45, [45] = 46, [46] = 47, [47] = 48, [48] = 49, [49] = 50, [66] = 21, [67] = 22,
};
MAP(sockopt, 128)

const __u8 ptrace_low_map[32] = { [0] = 2,   [1] = 3,   [2] = 4,   [3] = 5,	[4] = 6,   [5] = 7,   [6] = 8,	[7] = 9,   [8] = 10,  [9] = 11,
				  [12] = 27, [13] = 28, [14] = 29, [15] = 30, [16] = 12, [17] = 13, [18] = 31, [19] = 32, [21] = 33, [24] = 14,
				  [25] = 34, [26] = 35, [30] = 36, [31] = 37 };
#endif
