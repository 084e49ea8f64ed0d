/* Extract layer: all that exec and clone events tell of a process. */
#ifndef SK_PROCESS_H
#define SK_PROCESS_H

#include "convert.h"
#include "file.h"
#include "flavours.h"

#define CGROUP_DEPTH 16u
#define ARGS_MAX 4096u

/* The parent of a node: a member that was renamed. */
static __always_inline struct kernfs_node *
node_parent(struct kernfs_node *kn)
{
	if (bpf_core_field_exists(kn->__parent))
		return GET(kn, __parent);
	return BPF_CORE_READ((struct kernfs_node___614 *)kn, parent);
}

/* One node of kernfs up from s->dentry, its name in s->comp; 1 ends the walk. */
static __always_inline long
cgroup_up(struct sk_scratch *s)
{
	struct kernfs_node *kn = (struct kernfs_node *)s->dentry, *up = kn ? node_parent(kn) : NULL;
	volatile __u32 *n = &s->ncomp;

	if (!up)
		return 1;
	s->comp[*n & (PATH_DEPTH - 1)].name = (__u64)GET(kn, name);
	*n = *n + 1;
	s->dentry = (__u64)up;
	return 0;
}

static __always_inline void
add_cgroup_name(struct sk_scratch *s, __u32 i)
{
	__u32 k = (*(volatile __u32 *)&s->ncomp - 1 - i) & (PATH_DEPTH - 1);
	long len;

	s->data[masked(s->pos++)] = '/';
	len = bpf_probe_read_kernel_str(&s->data[masked(s->pos)], 256, (void *)s->comp[k].name);
	s->pos += len > 0 ? (__u32)len - 1 : 0;
}

struct cgroup_walk {
	struct sk_scratch *s;
};

static long
cgroup_walk_round(__u32 i, void *ctx)
{
	(void)i;
	return cgroup_up(((struct cgroup_walk *)ctx)->s);
}

static long
cgroup_name_round(__u32 i, void *ctx)
{
	add_cgroup_name(((struct cgroup_walk *)ctx)->s, i);
	return 0;
}

/* Path of the cgroup s->dentry (a node of kernfs) with its NUL. A function of its own, checked once. */
__attribute__((noinline)) int
add_cgroup_path(struct sk_scratch *s)
{
	__u32 n;

	if (!s)
		return 0;
	struct cgroup_walk w = { s };

	s->ncomp = 0;
	if (has_loop())
		bpf_loop(CGROUP_DEPTH, cgroup_walk_round, &w, 0);
	else
		for (__u32 i = 0; i < CGROUP_DEPTH && !cgroup_up(s); i++)
			;
	n = *(volatile __u32 *)&s->ncomp;
	if (!n)
		s->data[masked(s->pos++)] = '/';
	if (has_loop())
		bpf_loop(n < CGROUP_DEPTH ? n : CGROUP_DEPTH, cgroup_name_round, &w, 0);
	else
		for (__u32 i = 0; i < CGROUP_DEPTH && i < n; i++)
			add_cgroup_name(s, i);
	s->data[masked(s->pos++)] = 0;
	return 0;
}

const char cgroup_names[5][8] = { "cpuset=", "cpu=", "cpuacct=", "io=", "memory=" };
const __u8 cgroup_name_lens[5] = { 7, 4, 8, 3, 7 };

/* "cpuset=/…" and so on of the task in s->aux, as one parameter. Hierarchies mostly agree, then the text is copied. A function of its own. */
__attribute__((noinline)) int
put_cgroups(struct sk_scratch *s)
{
	__u32 start, path_at = 0, path_n = 0;
	__u64 last = 0;

	if (!s)
		return 0;
	struct task_struct *t = (struct task_struct *)s->aux;
	const __u32 ids[5] = { (__u32)bpf_core_enum_value(enum cgroup_subsys_id, cpuset_cgrp_id), (__u32)bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id),
			       (__u32)bpf_core_enum_value(enum cgroup_subsys_id, cpuacct_cgrp_id), (__u32)bpf_core_enum_value(enum cgroup_subsys_id, io_cgrp_id),
			       (__u32)bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id) };
	start = s->pos;
	for (__u32 i = 0; i < 5; i++) {
		struct cgroup_subsys_state *css = NULL;
		struct css_set *set = GET(t, cgroups);

		bpf_probe_read_kernel(&css, sizeof(css), (__u8 *)set + bpf_core_field_offset(struct css_set, subsys) + (ids[i] & 31) * 8);
		struct kernfs_node *kn = css ? GET(css, cgroup, kn) : NULL;
		__builtin_memcpy(&s->data[masked(s->pos)], cgroup_names[i], 8);
		s->pos += cgroup_name_lens[i];
		if ((__u64)kn == last && path_n) {
			bpf_probe_read_kernel(&s->data[masked(s->pos)], path_n & 0xfff, &s->data[masked(path_at)]);
			path_at = s->pos;
			s->pos += path_n & 0xfff;
		} else {
			path_at = s->pos;
			s->dentry = (__u64)kn;
			add_cgroup_path(s);
			path_n = s->pos - path_at;
			last = (__u64)kn;
		}
	}
	path_n = s->pos - start;
	s->pos = start;
	put_len(s, path_n);
	return 0;
}

/* exe and args: what lies between the two addresses of MM, cut after ARGS_MAX bytes. */
static __always_inline void
put_exe_args(struct sk_scratch *s, struct mm_struct *mm)
{
	__u64 from = mm ? GET(mm, arg_start) : 0, to = mm ? GET(mm, arg_end) : 0, n = to - from;
	long exe;
	__u32 got;

	if (!from || to <= from) {
		put_empty(s);
		put_empty(s);
		return;
	}
	if (n > ARGS_MAX)
		n = ARGS_MAX;
	exe = bpf_probe_read_user_str(&s->data[masked(s->pos)], ARGS_MAX, (void *)from);
	if (exe <= 0)
		exe = 0;
	put_len(s, (__u32)exe);
	n = exe && (__u64)exe < n ? n - (__u64)exe : 0;
	got = add_user(s, from + (__u64)exe, n & 0x1fff);
	if (got)
		s->data[masked(s->pos + got - 1)] = 0;
	put_len(s, got);
}

static __always_inline void
put_env(struct sk_scratch *s, struct mm_struct *mm)
{
	__u64 from = mm ? GET(mm, env_start) : 0, n = mm ? GET(mm, env_end) - from : 0;
	__u32 got;

	if (n > ARGS_MAX)
		n = ARGS_MAX;
	got = add_user(s, from, n & 0x1fff);
	if (got)
		s->data[masked(s->pos + got - 1)] = 0;
	put_len(s, got);
}

/* Parameters 3 to 14 of clone and exec events. Those do not tell the working directory. */
static __always_inline void
put_process_in(struct sk_scratch *s, struct task_struct *t, const bool cwd)
{
	put_s64(s, t->pid);
	put_s64(s, t->tgid);
	put_s64(s, t->real_parent->pid);
	if (cwd)
		put_path(s, (__u64)GET(t, fs, pwd.dentry), (__u64)GET(t, fs, pwd.mnt));
	else
		put_empty(s);
	put_u64(s, GET(t, signal, rlim[RLIMIT_NOFILE_].rlim_cur));
	put_u64(s, t->maj_flt);
	put_u64(s, t->min_flt);
	put_memory(s, t);
	bpf_probe_read_kernel_str(&s->data[masked(s->pos)], 16, t->comm);
	put_kernel_str(s, (__u64)t->comm);
	*(volatile __u64 *)&s->aux = (__u64)t;
	put_cgroups(s);
}

static __always_inline void
put_process(struct sk_scratch *s, struct task_struct *t)
{
	put_process_in(s, t, false);
}

/* Parameters 15 to 20 of clone events. PIDNS_START: 0 in the creator's event, which is about its child and cannot tell. */
static __always_inline void
put_clone_end(struct sk_scratch *s, struct task_struct *t, __u32 flags, __u64 pidns_start_ns)
{
	struct ids v = ids_of(t);

	put_u32(s, flags);
	put_u32(s, t->cred->euid.val);
	put_u32(s, t->cred->egid.val);
	put_s64(s, v.vtid);
	put_s64(s, v.vpid);
	put_u64(s, pidns_start_ns);
}

/* --- exec ------------------------------------------------------------------------------------------------------------------ */
#define EXE_WRITABLE 1u
#define EXE_UPPER 2u
#define EXE_MEMFD 4u
#define EXE_LOWER 8u
#define CAP_DAC_OVERRIDE_ 1u
#define CAP_FOWNER_ 3u

static __always_inline __u64
caps(struct kernel_cap_t *p)
{
	__u64 v = 0;

	bpf_probe_read_kernel(&v, sizeof(v), p);
	return v & ((1ull << 41) - 1);
}

static __always_inline bool
may_write(struct task_struct *t, struct inode *inode)
{
	__u16 mode = GET(inode, i_mode);
	const struct cred *c = t->cred;

	if (c->fsuid.val == GET(inode, i_uid.val))
		return mode & 0200;
	if (c->egid.val == GET(inode, i_gid.val))
		return mode & 0020;
	return (mode & 0002) || (caps((struct kernel_cap_t *)&c->cap_effective) >> CAP_DAC_OVERRIDE_ & 1);
}

static __always_inline __u32
exe_flags(struct task_struct *t, struct file *exe)
{
	struct inode *inode = GET(exe, f_inode);
	__u32 layer = layer_of(inode), r = may_write(t, inode) ? EXE_WRITABLE : 0;
	char name[8] = { 0 };

	bpf_probe_read_kernel(name, 6, GET(exe, f_path.dentry, d_name.name));
	if (*(__u32 *)name == 0x666d656d /* "memf" */ && name[4] == 'd' && name[5] == ':')
		r |= EXE_MEMFD;
	return r | (layer == FD_UPPER_ ? EXE_UPPER : layer == FD_LOWER_ ? EXE_LOWER : 0);
}

static __always_inline __u64
inode_ctime(struct inode *i)
{
	struct inode___66 *mid = (void *)i;
	struct inode___60 *old = (void *)i;

	if (bpf_core_field_exists(i->i_ctime_sec))
		return (__u64)GET(i, i_ctime_sec) * 1000000000ull + GET(i, i_ctime_nsec);
	if (bpf_core_field_exists(mid->__i_ctime))
		return (__u64)GET(mid, __i_ctime.tv_sec) * 1000000000ull + (__u64)GET(mid, __i_ctime.tv_nsec);
	return (__u64)GET(old, i_ctime.tv_sec) * 1000000000ull + (__u64)GET(old, i_ctime.tv_nsec);
}

static __always_inline __u64
inode_mtime(struct inode *i)
{
	struct inode___60 *old = (void *)i;

	if (bpf_core_field_exists(i->i_mtime_sec))
		return (__u64)GET(i, i_mtime_sec) * 1000000000ull + GET(i, i_mtime_nsec);
	return (__u64)GET(old, i_mtime.tv_sec) * 1000000000ull + (__u64)GET(old, i_mtime.tv_nsec);
}

/* Parameters 15 to 29 of exec events. */
static __always_inline void
put_exec_end(struct sk_scratch *s, struct task_struct *t)
{
	struct file *exe = GET(t, mm, exe_file);
	struct inode *inode = exe ? GET(exe, f_inode) : NULL;
	const struct cred *c = t->cred;

	put_env(s, t->mm);
	put_u32(s, tty_of(t));
	put_s64(s, group_id(t, 2, true));
	put_u32(s, t->loginuid.val);
	put_u32(s, inode ? exe_flags(t, exe) : 0);
	put_u64(s, caps((struct kernel_cap_t *)&c->cap_inheritable));
	put_u64(s, caps((struct kernel_cap_t *)&c->cap_permitted));
	put_u64(s, caps((struct kernel_cap_t *)&c->cap_effective));
	put_u64(s, inode ? GET(inode, i_ino) : 0);
	put_u64(s, inode ? inode_ctime(inode) : 0);
	put_u64(s, inode ? inode_mtime(inode) : 0);
	put_u32(s, c->euid.val);
	put_path(s, exe ? (__u64)GET(exe, f_path.dentry) : 0, exe ? (__u64)GET(exe, f_path.mnt) : 0);
	put_s64(s, group_id(t, 2, false));
	put_u32(s, c->egid.val);
}

#endif
