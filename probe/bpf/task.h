/* Extract layer: threads. */
#ifndef SK_TASK_H
#define SK_TASK_H

#include "store.h"

/* Schema bits of SK_CL_*. */
#define CL_CHILD_IN_PIDNS (1u << 29)

struct ids {
	__s64 vtid, vpid;
	__u32 level;
};

static __always_inline __s64
number_at(struct pid *pid, __u32 level)
{
	__s32 nr = 0;

	if (level > 32 || !pid)
		return 0;
	bpf_probe_read_kernel(&nr, sizeof(nr), (__u8 *)&pid->numbers[0].nr + level * bpf_core_type_size(struct upid));
	return nr;
}

static __always_inline struct ids
ids_of(struct task_struct *t)
{
	struct pid *pid = t->thread_pid;
	__u32 level = pid ? GET(pid, level) : 0;

	if (!level)
		return (struct ids){ t->pid, t->tgid, 0 };
	return (struct ids){ number_at(pid, level), number_at(GET(t, group_leader, thread_pid), level), level };
}

/* Number of T in its own name space, of the process, group (2) or session (3). */
static __always_inline __s64
group_id(struct task_struct *t, __u32 kind, bool own_namespace)
{
	struct pid *pid = BPF_CORE_READ(t, signal, pids[kind]);
	__u32 level = own_namespace ? GET(t, thread_pid, level) : 0;

	return pid ? number_at(pid, level) : 0;
}

static __always_inline __u32
encode_dev(__u32 kernel_dev)
{
	__u32 major = kernel_dev >> 20, minor = kernel_dev & 0xfffff;

	return (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);
}

static __always_inline __u32
tty_of(struct task_struct *t)
{
	struct tty_struct *tty = GET(t, signal, tty);

	if (!tty)
		return 0;
	__u32 major = (__u32)GET(tty, driver, major), minor = (__u32)(GET(tty, driver, minor_start) + GET(tty, index));
	return encode_dev((major << 20) | (minor & 0xfffff));
}

/* Others can write to the memory of the running thread: its other threads, mostly. */
static __always_inline bool
memory_is_shared(void)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct mm_struct *mm = t->mm;

	return mm && GET(mm, mm_users.counter) > 1;
}

struct memory {
	__u32 size, rss, swap; /* KiB */
};

/* A macro: only a constant index is relocated. */
#define RSS(mm, i) ((__s64)GET(mm, rss_stat[i].count))

static __always_inline __u32
kib(__s64 pages)
{
	return pages > 0 ? (__u32)pages << 2 : 0;
}

static __always_inline struct memory
memory_of(struct task_struct *t)
{
	struct mm_struct *mm = t->mm;

	if (!mm)
		return (struct memory){ 0 };
	return (struct memory){ kib((__s64)GET(mm, total_vm)), kib(RSS(mm, 0)) + kib(RSS(mm, 1)) + kib(RSS(mm, 3)), kib(RSS(mm, 2)) };
}

static __always_inline void
put_memory(struct sk_scratch *s, struct task_struct *t)
{
	struct memory m = memory_of(t);

	put_u32(s, m.size);
	put_u32(s, m.rss);
	put_u32(s, m.swap);
}

static __always_inline __u64
pidns_start(struct task_struct *t)
{
	return GET(t, nsproxy, pid_ns_for_children, child_reaper, start_boottime);
}

/* What the event says of its thread; descriptors follow. */
static __always_inline void
thread_facts(struct sk_scratch *s, struct task_struct *t)
{
	struct sk_event_facts *f = (struct sk_event_facts *)&s->data[masked(s->facts)];
	struct ids v = ids_of(t);

	f->pid = t->tgid;
	f->ptid = t->real_parent->tgid;
	f->vtid = v.vtid;
	f->vpid = v.vpid;
	f->uid = t->cred->euid.val;
	f->gid = t->cred->egid.val;
	f->thread_flags = v.level ? CL_CHILD_IN_PIDNS : 0;
	f->nfds = s->nfds;
	bpf_probe_read_kernel_str(f->comm, sizeof(f->comm), t->comm);
	s->pos = s->facts + (__u32)sizeof(*f) + s->nfds * (__u32)sizeof(struct sk_fd_facts);
}

/* For events of other hooks than system calls, which have no descriptor. */
static __always_inline bool
finish_task(struct sk_scratch *s, struct task_struct *t)
{
	end_params(s);
	thread_facts(s, t);
	return emit(s);
}

/* --- who is known ---------------------------------------------------------------------------------------------------------- */
static __always_inline bool
is_told(struct task_struct *t)
{
	return sk_tells && bpf_task_storage_get(&sk_told, t, NULL, 0);
}

static __always_inline bool
in_set(const volatile __u64 *set, __u32 id)
{
	return set[(id >> 6) & (SK_LIVE_CALLS / 64 - 1)] >> (id & 63) & 1;
}

/* The running thread returns from the call that made it. */
static __always_inline bool
is_beginning(__u32 id, __s64 ret)
{
	return ret == 0 && in_set(sk_clones, id);
}

/* The reader knows T from here on, or (after a loss) no longer. */
static __always_inline void
set_told(struct task_struct *t, bool told)
{
	if (!sk_tells)
		return;
	if (told)
		bpf_task_storage_get(&sk_told, t, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	else
		bpf_task_storage_delete(&sk_told, t);
}

#endif
