/* Extract layer: descriptors, files and paths. */
#ifndef SK_FILE_H
#define SK_FILE_H

#include "task.h"

/* Schema bits of file flags that the kernel adds. */
#define O_F_CREATED_ 0x4000u
#define FD_UPPER_ 0x8000u
#define FD_LOWER_ 0x10000u

static __always_inline struct file *
file_of(__s64 fd)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct fdtable *fdt = GET(t, files, fdt);
	struct file **files, *f = NULL;

	if (fd < 0 || !fdt || fd >= GET(fdt, max_fds))
		return NULL;
	files = GET(fdt, fd);
	bpf_probe_read_kernel(&f, sizeof(f), files + fd);
	return f;
}

static __always_inline __u32
dev_of(struct inode *inode)
{
	return encode_dev(GET(inode, i_sb, s_dev));
}

/* Layer of an overlay file: which of the two holds its data. 0 on other file systems. */
static __always_inline __u32
layer_of(struct inode *inode)
{
	__u64 upper = 0;

	if (GET(inode, i_sb, s_magic) != OVERLAYFS_MAGIC_)
		return 0;
	/* the overlay's inode begins around the generic one and its upper dentry comes right behind */
	bpf_probe_read_kernel(&upper, sizeof(upper), (__u8 *)inode + bpf_core_type_size(struct inode));
	return upper ? FD_UPPER_ : FD_LOWER_;
}

struct opened {
	__u32 dev, flags; /* schema bits that the kernel adds */
	__u64 ino;
};

static __always_inline struct opened
opened_file(__s64 fd)
{
	struct file *f = file_of(fd);
	struct inode *inode = f ? GET(f, f_inode) : NULL;

	if (!inode)
		return (struct opened){ 0 };
	return (struct opened){ dev_of(inode), layer_of(inode) | (GET(f, f_mode) & FMODE_CREATED_ ? O_F_CREATED_ : 0), GET(inode, i_ino) };
}

/* A walk from a dentry up, across mounts, to the root of the mount name space, which collects names in s->comp; s->ncomp is their number. It lives in memory, where the
 * verifier does not follow its values: each round of the loop is the same to it. */
struct path_walk {
	struct sk_scratch *s;
	__u64 dentry, mnt, root;
	__u64 rooted; /* 1: the root was reached */
};

/* One step up; 1 ends the walk. */
static __always_inline long
step_up(struct path_walk *w)
{
	struct sk_scratch *s = w->s;
	volatile __u32 *n = &s->ncomp;
	__u64 up;
	__u32 k;

	if (w->dentry == w->root) {
		struct mount *m = (struct mount *)(w->mnt - bpf_core_field_offset(struct mount, mnt));
		__u64 parent = (__u64)GET(m, mnt_parent);

		if (parent == (__u64)m) {
			w->rooted = 1;
			return 1;
		}
		w->dentry = (__u64)GET(m, mnt_mountpoint);
		w->mnt = parent + bpf_core_field_offset(struct mount, mnt);
		w->root = (__u64)GET((struct vfsmount *)w->mnt, mnt_root);
		return 0;
	}
	up = (__u64)GET((struct dentry *)w->dentry, d_parent);
	k = *n;
	if (up == w->dentry && k)
		return 1;
	s->comp[k & (PATH_DEPTH - 1)].name = (__u64)GET((struct dentry *)w->dentry, d_name.name);
	s->comp[k & (PATH_DEPTH - 1)].len = GET((struct dentry *)w->dentry, d_name.len);
	*n = k + 1;
	if (up == w->dentry)
		return 1;
	w->dentry = up;
	return 0;
}

/* Name I from the root on into the event. */
static __always_inline void
add_name(const struct path_walk *w, __u32 i)
{
	struct sk_scratch *s = w->s;
	__u32 k = (*(volatile __u32 *)&s->ncomp - 1 - i) & (PATH_DEPTH - 1), len;

	if (w->rooted)
		s->data[masked(s->pos++)] = '/';
	len = (__u32)s->comp[k].len & 0xff;
	barrier_var(len);
	if (bpf_probe_read_kernel(&s->data[masked(s->pos)], len & 0xff, (void *)s->comp[k].name) == 0)
		s->pos += len;
}

static long
walk_round(__u32 i, void *w)
{
	(void)i;
	return step_up(w);
}

static long
name_round(__u32 i, void *w)
{
	add_name(w, i);
	return 0;
}

/* Path of s->dentry and s->mnt into the event, without NUL. Returns its length. A function of its own, checked once for all its callers. */
__attribute__((noinline)) int
add_path(struct sk_scratch *s)
{
	__u32 n, start;

	if (!s)
		return 0;
	struct path_walk w = { .s = s, .dentry = s->dentry, .mnt = s->mnt };

	w.root = (__u64)GET((struct vfsmount *)w.mnt, mnt_root);
	start = s->pos;
	s->ncomp = 0;
	if (has_loop())
		bpf_loop(PATH_DEPTH, walk_round, &w, 0);
	else
		for (__u32 i = 0; i < PATH_DEPTH && !step_up(&w); i++)
			;
	n = *(volatile __u32 *)&s->ncomp;
	if (!n && w.rooted)
		s->data[masked(s->pos++)] = '/';
	if (has_loop())
		bpf_loop(n < PATH_DEPTH ? n : PATH_DEPTH, name_round, &w, 0);
	else
		for (__u32 i = 0; i < PATH_DEPTH && i < n; i++)
			add_name(&w, i);
	return (int)(s->pos - start);
}

/* A path as a parameter. */
static __always_inline void
put_path(struct sk_scratch *s, __u64 dentry, __u64 mnt)
{
	int n = 0;

	s->dentry = dentry;
	s->mnt = mnt;
	if (dentry && mnt)
		n = add_path(s);
	if (n) {
		s->data[masked(s->pos)] = 0;
		s->pos -= (__u32)n;
		put_len(s, (__u32)n + 1);
	} else {
		put_empty(s);
	}
}

/* The event works on FD: facts of it are wanted. */
static __always_inline void
use_fd(struct sk_scratch *s, __s64 fd)
{
	__u32 i = s->nfds;

	if (fd < 0 || i >= SK_LIVE_FDS)
		return;
	s->fds[i & (SK_LIVE_FDS - 1)] = fd;
	s->nfds = i + 1;
}

#endif
