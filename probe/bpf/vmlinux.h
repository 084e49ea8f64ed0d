/* Kernel types that the programs read: made by scripts/make-vmlinux from kernel.fields, do not edit. Members only, no layout: accesses are
 * relocated to the running kernel when a program is loaded. */
#ifndef SK_VMLINUX_H
#define SK_VMLINUX_H

typedef unsigned char __u8; typedef __u8 u8;
typedef unsigned short __u16; typedef __u16 u16;
typedef unsigned int __u32; typedef __u32 u32;
typedef unsigned long long __u64; typedef __u64 u64;
typedef signed char __s8; typedef __s8 s8;
typedef signed short __s16; typedef __s16 s16;
typedef signed int __s32; typedef __s32 s32;
typedef signed long long __s64; typedef __s64 s64;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)
typedef __u16 __be16; typedef __u32 __be32; typedef __u64 __be64; typedef __u32 __wsum; typedef __u16 __sum16;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct cgroup;
struct cgroup_subsys_state;
struct cred;
struct css_set;
struct dentry;
struct fdtable;
struct file;
struct files_struct;
struct fs_struct;
struct hlist_node;
struct inode;
struct kernfs_node;
struct list_head;
struct mm_struct;
struct mount;
struct nsproxy;
struct pid;
struct pid_namespace;
struct signal_struct;
struct sock;
struct super_block;
struct task_struct;
struct tty_driver;
struct tty_struct;
struct uid_gid_extent;
struct unix_address;
struct user_namespace;
struct vfsmount;

struct pt_regs {
	__u64 di;
	__u64 si;
	__u64 dx;
	__u64 r10;
	__u64 r8;
	__u64 r9;
	__u64 ax;
	__u64 bx;
	__u64 cx;
	__u64 bp;
	__u64 orig_ax;
};

struct thread_info {
	__u32 status;
	__u64 flags;
};

struct kuid_t {
	__u32 val;
};

struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

struct task_struct {
	struct thread_info thread_info;
	__u32 flags;
	__s32 pid;
	__s32 tgid;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct mm_struct *mm;
	struct files_struct *files;
	struct fs_struct *fs;
	struct cred *cred;
	char comm[16];
	struct signal_struct *signal;
	struct pid *thread_pid;
	struct nsproxy *nsproxy;
	struct css_set *cgroups;
	struct kuid_t loginuid;
	__s32 exit_code;
	__u64 start_boottime;
	__u64 maj_flt;
	__u64 min_flt;
	struct list_head children;
	struct list_head sibling;
	struct list_head thread_node;
};

struct rlimit {
	__u64 rlim_cur;
	__u64 rlim_max;
};

struct signal_struct {
	struct rlimit rlim[16];
	struct pid *pids[4];
	struct tty_struct *tty;
	struct list_head thread_head;
	__s32 nr_threads;
	__u32 is_child_subreaper:1;
	__u32 has_child_subreaper:1;
	__u32 flags;
};

struct atomic_t {
	__s32 counter;
};

struct percpu_counter {
	__s64 count;
};

struct mm_struct {
	__u64 arg_start;
	__u64 arg_end;
	__u64 env_start;
	__u64 env_end;
	struct file *exe_file;
	__u64 total_vm;
	struct atomic_t mm_users;
	struct percpu_counter rss_stat[4];
};

struct files_struct {
	struct fdtable *fdt;
};

struct fdtable {
	__u32 max_fds;
	struct file **fd;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct fs_struct {
	struct path root;
	struct path pwd;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	__u32 f_flags;
	__u32 f_mode;
	void *private_data;
};

struct qstr {
	__u32 len;
	__u8 *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct kgid_t {
	__u32 val;
};

struct inode {
	__u16 i_mode;
	struct kuid_t i_uid;
	struct kgid_t i_gid;
	__u64 i_ino;
	struct super_block *i_sb;
	__u32 i_rdev;
	__s64 i_ctime_sec;
	__u32 i_ctime_nsec;
	__s64 i_mtime_sec;
	__u32 i_mtime_nsec;
};

struct super_block {
	__u32 s_dev;
	__u64 s_magic;
	struct user_namespace *s_user_ns;
};

struct kernel_cap_t {
	__u64 val;
};

struct uid_gid_extent {
	__u32 first;
	__u32 lower_first;
	__u32 count;
};

struct uid_gid_map {
	struct uid_gid_extent extent[5];
	__u32 nr_extents;
	struct uid_gid_extent *forward;
	struct uid_gid_extent *reverse;
};

struct user_namespace {
	struct uid_gid_map uid_map;
	__s32 level;
};

struct cred {
	struct kuid_t uid;
	struct kgid_t gid;
	struct kuid_t euid;
	struct kgid_t egid;
	struct kuid_t suid;
	struct kgid_t sgid;
	struct kuid_t fsuid;
	struct kernel_cap_t cap_inheritable;
	struct kernel_cap_t cap_permitted;
	struct kernel_cap_t cap_effective;
	struct user_namespace *user_ns;
};

struct upid {
	__s32 nr;
	struct pid_namespace *ns;
};

struct pid {
	__u32 level;
	struct upid numbers[0];
};

struct pid_namespace {
	__u32 level;
	struct task_struct *child_reaper;
};

struct nsproxy {
	struct pid_namespace *pid_ns_for_children;
};

struct css_set {
	struct cgroup_subsys_state *subsys[12];
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct kernfs_node {
	char *name;
	struct kernfs_node *__parent;
};

struct tty_driver {
	__s32 major;
	__s32 minor_start;
};

struct tty_struct {
	__s32 index;
	struct tty_driver *driver;
};

struct socket {
	__u32 state;
	__s16 type;
	struct file *file;
	struct sock *sk;
};

struct in6_addr {
	union { __u8 u6_addr8[16]; __u16 u6_addr16[8]; __u32 u6_addr32[4]; } in6_u;
};

struct sock_common {
	__u16 skc_family;
	__u8 skc_state;
	__u32 skc_rcv_saddr;
	__u32 skc_daddr;
	__u16 skc_num;
	__u16 skc_dport;
	struct in6_addr skc_v6_rcv_saddr;
	struct in6_addr skc_v6_daddr;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
	__u16 sk_type;
	__u32 sk_ack_backlog;
	__u32 sk_max_ack_backlog;
};

struct inet_sock {
	struct sock sk;
	__u32 inet_saddr;
	__u16 inet_sport;
};

struct sockaddr_un {
	__u16 sun_family;
	char sun_path[108];
};

struct unix_address {
	__s32 len;
	struct sockaddr_un name[0];
};

struct unix_sock {
	struct sock sk;
	struct unix_address *addr;
	struct sock *peer;
};

struct linux_binprm {
	char *filename;
	char *interp;
	struct file *file;
};

union __sifields {
	struct { __s32 _pid; __u32 _uid; } _kill;
	struct { __s32 _pid; __u32 _uid; __s32 _status; __s64 _utime; __s64 _stime; } _sigchld;
};

struct kernel_siginfo {
	__s32 si_code;
	union __sifields _sifields;
};

struct hlist_node {
	struct hlist_node *next;
	struct hlist_node **pprev;
};

#pragma clang attribute pop

#endif
