/* Members as other kernels have them, next to vmlinux.h; what stands behind ___ is not part of a name when a program is relocated. */
#ifndef SK_FLAVOURS_H
#define SK_FLAVOURS_H

#include "vmlinux.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct timespec64 {
	__s64 tv_sec;
	__s64 tv_nsec;
};
/* before 6.11 */
struct inode___66 {
	struct timespec64 __i_ctime, i_mtime;
};
/* before 6.7 and 6.6 */
struct inode___60 {
	struct timespec64 i_ctime, i_mtime;
};
/* before 6.15 */
struct kernfs_node___614 {
	struct kernfs_node *parent;
};
/* before 6.3 */
struct kernel_cap___62 {
	__u32 cap[2];
};
/* before 6.2 */
struct mm_rss_stat___61 {
	struct {
		__s64 counter;
	} count[4];
};
struct mm_struct___61 {
	struct mm_rss_stat___61 rss_stat;
};
#pragma clang attribute pop

enum cgroup_subsys_id {
	cpuset_cgrp_id,
	cpu_cgrp_id,
	cpuacct_cgrp_id,
	io_cgrp_id,
	memory_cgrp_id,
};

#endif
