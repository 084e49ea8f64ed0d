/* What the files of this folder share. Nobody else includes it. */
#ifndef SK_STATE_INTERNAL_H
#define SK_STATE_INTERNAL_H

#include "base/attr.h"
#include "base/hash.h"
#include "base/vec.h"
#include "daemon/state/containers.h"
#include "daemon/state/state.h"

/* --- strings.c: shared strings ---------------------------------------------------------------------------------------- */
struct sk_strings {
	struct sk_str **bucket;
	size_t mask, count, bytes;
	uint64_t seed;
	uint64_t *oom;        /* counter of failed allocations */
	struct sk_str *empty; /* what every string is when it is unknown, and when memory is out */
};
int sk_strings_init(struct sk_strings *t, uint64_t seed, uint64_t *oom);
void sk_strings_fini(struct sk_strings *t);
/* A reference to the string of this text; the empty string when memory is out. Never NULL. */
struct sk_str *sk_str_get(struct sk_strings *t, struct sk_slice s);
/* The same for a list of elements: makes sure that a NUL ends the last one. */
struct sk_str *sk_str_get_list(struct sk_strings *t, struct sk_slice s);
void sk_str_free_(struct sk_strings *t, struct sk_str *s);

static inline struct sk_str *
sk_str_ref(struct sk_str *s)
{
	s->refs++;
	return s;
}

static inline void
sk_str_put(struct sk_strings *t, struct sk_str *s)
{
	if (s && --s->refs == 0)
		sk_str_free_(t, s);
}

/* Put a string into *SLOT, whose old one is released. Takes over the reference. */
static inline void
sk_str_move(struct sk_strings *t, struct sk_str **slot, struct sk_str *s)
{
	struct sk_str *old = *slot;

	*slot = s;
	sk_str_put(t, old);
}

static inline void
sk_str_copy(struct sk_strings *t, struct sk_str **slot, struct sk_str *from)
{
	sk_str_move(t, slot, sk_str_ref(from));
}

static inline void
sk_str_set(struct sk_strings *t, struct sk_str **slot, struct sk_slice s)
{
	if (!sk_slice_eq(sk_str_slice(*slot), s))
		sk_str_move(t, slot, sk_str_get(t, s));
}

/* Links that are remembered to explain names of opened files; a power of two. */
#define SK_SEEN_LINKS 256u

/* --- the state -------------------------------------------------------------------------------------------------------- */
/* Threads that exited lately, by the clone event of a parent that comes late. */
#define SK_EXITED_RING 8192u
struct sk_exited {
	int64_t tid, ptid;
	uint64_t ts;
};

struct sk_closing {
	struct sk_thread *main;
	int64_t fd;
};

/* A user or group of the host (container id "") or of a container. */
struct sk_user_node {
	struct sk_user_node *next;
	struct sk_str *container_id;
	bool is_group;
	uint32_t id;
	struct sk_user user;
	struct sk_group_entry group;
};

/* Small freed blocks kept for the next enter event, and freed descriptors for the next open. */
#define SK_STORED_POOL 64u
#define SK_FD_POOL 64u

struct sk_state {
	struct sk_state_stats stats;
	struct sk_strings strings;
	uint64_t seed;

	struct sk_thread **threads; /* hash buckets */
	size_t threads_mask, nthreads;
	struct sk_thread *last_thread; /* last one looked up */
	struct sk_group **groups;
	size_t groups_mask, ngroups;

	/* Left over by the last event, done before the next. */
	struct sk_thread *exiting;
	SK_VEC(struct sk_closing) closing;
	struct sk_fd *renamed; /* has SK_FDF_NAME_CHANGED */
	struct sk_container *removed; /* owned */
	bool leftovers;

	struct sk_seen_link *seen_links; /* SK_SEEN_LINKS of them, allocated with the first (opened.c) */

	struct sk_exited *exited; /* ring of SK_EXITED_RING, allocated with the first exit */
	uint32_t exited_pos;

	struct sk_stored_enter *stored_pool[SK_STORED_POOL];
	uint32_t nstored_pool, nstored;
	struct sk_fd *fd_pool[SK_FD_POOL];
	uint32_t nfd_pool;

	/* The last cgroups text and its container id: most processes share one. */
	struct sk_str *cgroups_seen, *cgroups_id;

	struct sk_user_node **users; /* hash buckets */
	size_t users_mask, nusers;
	SK_VEC(struct sk_iface4) ifaces4;
	SK_VEC(struct sk_iface6) ifaces6;
	struct sk_container **containers;
	size_t containers_mask, ncontainers, containers_memory;
	struct sk_container *host; /* what is known of no container at all */

	uint64_t *switch_ts; /* by CPU */
	size_t nswitch_ts;

	uint32_t ncpus;
	uint64_t boot_ts, first_ts;
	struct sk_str *hostname;
};

static inline struct sk_slice
sk_ev_slice(const struct sk_event *ev, uint32_t i)
{
	uint32_t n = sk_ev_len(ev, i);

	return n ? sk_slice((const char *)sk_ev_ptr(ev, i), n) : sk_slice("", 0);
}

/* Text of parameter I; "<NA>" when it is absent or the "(NULL)" of old drivers. */
struct sk_slice sk_ev_text(const struct sk_event *ev, uint32_t i);

/* --- table.c: threads by tid ------------------------------------------------------------------------------------------ */
/* A new thread, all texts empty, in the hash but in no group and without parent; ids -1. TID must not be in the table. NULL when
 * full. */
struct sk_thread *sk_thread_new(struct sk_state *s, int64_t tid);
/* Take a thread out of hash, group and tree and free it. Its children must have been moved. */
void sk_thread_delete(struct sk_state *s, struct sk_thread *t);
/* The thread of an id, made up if it is unknown; NULL when the table is full. */
struct sk_thread *sk_thread_get_or_fake(struct sk_state *s, int64_t tid);
void sk_threads_clear(struct sk_state *s);

static inline bool
sk_thread_invalid(const struct sk_thread *t)
{
	return t->tid < 0 || t->pid < 0 || t->ptid < 0;
}

/* Whose descriptors and directory T works with: its leader's; its own while nothing but its tid is known. */
static inline struct sk_thread *
sk_thread_process(struct sk_thread *t)
{
	return t->group ? t->group->leader : t;
}

static inline struct sk_thread *
sk_ctx_process(const struct sk_event_ctx *x)
{
	return x->thread ? sk_thread_process(x->thread) : NULL;
}

static inline bool
sk_thread_is_main(const struct sk_thread *t)
{
	return t->tid == t->pid || (t->flags & SK_CL_IS_MAIN_THREAD);
}

/* --- group.c, tree.c -------------------------------------------------------------------------------------------------- */
struct sk_group *sk_group_find(const struct sk_state *s, int64_t pid);
/* Put a thread with its pid set into its group, made if needed. False when out of memory. */
bool sk_group_join(struct sk_state *s, struct sk_thread *t);
/* Take a thread out of its group; the last one frees it. */
void sk_group_leave(struct sk_state *s, struct sk_thread *t);
void sk_groups_clear(struct sk_state *s);
/* Put a thread whose ids are set into its group and under its parent; an unknown parent makes ptid 0. Nothing for an invalid
 * one. */
void sk_tree_link(struct sk_state *s, struct sk_thread *t);
void sk_tree_unlink(struct sk_thread *t);
/* Find T's children a new parent, as the kernel does when T exits. */
void sk_tree_reparent_children(struct sk_state *s, struct sk_thread *t);

/* --- exit.c ----------------------------------------------------------------------------------------------------------- */
/* A thread that is gone: its children move, and it leaves the table; a leader stays, dead, as long as its group lives. */
void sk_thread_remove(struct sk_state *s, struct sk_thread *t);
/* The same, and out of the table in any case: its tid was given to somebody else. */
void sk_thread_replace(struct sk_state *s, struct sk_thread *t);
/* Did CHILD of PARENT exit within the last 2 s before TS? */
bool sk_exited_lately(const struct sk_state *s, int64_t child, int64_t parent, uint64_t ts);

/* --- fdtable.c -------------------------------------------------------------------------------------------------------- */
/* Tables are shared by fork and copied by the first change of either side; so are the entries in them. */
/* A new entry NUM of process MAIN in place of any old one, all texts empty. NULL (and counted) when the table is full. */
struct sk_fd *sk_fd_add(struct sk_state *s, struct sk_thread *main, int64_t num, enum sk_fd_type type);
/* A copy of SRC (which may be of any table) as entry NUM of MAIN. NULL as above. */
struct sk_fd *sk_fd_add_copy(struct sk_state *s, struct sk_thread *main, int64_t num, const struct sk_fd *src);
/* Entry NUM for changing; NULL if there is none. */
struct sk_fd *sk_fd_edit(struct sk_state *s, struct sk_thread *main, int64_t num);
void sk_fd_remove(struct sk_state *s, struct sk_thread *main, int64_t num);
/* Drop the entries with all of FLAGS (SK_FDF_*) set and lo <= num <= hi. */
void sk_fds_drop(struct sk_state *s, struct sk_thread *main, int64_t lo, int64_t hi, uint32_t flags);
/* Let CHILD have what PARENT has. */
void sk_fds_share(struct sk_state *s, struct sk_thread *child, struct sk_thread *parent);
void sk_fds_release(struct sk_state *s, struct sk_fdtable *fds);
void sk_fd_unref(struct sk_state *s, struct sk_fd *fd);
/* Give the pool of freed entries back. */
void sk_fd_pool_clear(struct sk_state *s);
/* Does FN hold for any entry? Order is not defined. */
bool sk_fds_any(const struct sk_fdtable *fds, bool (*fn)(const void *arg, const struct sk_fd *fd), const void *arg);
/* Set the name of an entry, and note that this event did. */
void sk_fd_rename(struct sk_state *s, struct sk_fd *fd, struct sk_slice name);

/* --- tuple.c ---------------------------------------------------------------------------------------------------------- */
#define SK_AF_UNIX 1
#define SK_AF_INET 2
#define SK_AF_INET6 10

/* Both ends of a connection as an event carries them; an IPv6 one that is really IPv4 says SK_AF_INET. */
struct sk_tuple {
	uint8_t family; /* 0: none */
	uint8_t saddr[16], daddr[16];
	uint16_t sport, dport;
	uint64_t unix_src, unix_dst;
	struct sk_slice path;
};
/* One end. */
struct sk_addr {
	uint8_t family, wire_family; /* wire_family is INET6 for a mapped IPv4 address */
	uint8_t addr[16], wire_addr[16];
	uint16_t port;
	struct sk_slice path;
};
bool sk_tuple_parse(struct sk_slice bytes, struct sk_tuple *ret);
bool sk_addr_parse(struct sk_slice bytes, struct sk_addr *ret);
/* Text of an address as an event shows it: "ip:port", a path. Returns the length. */
size_t sk_addr_text(char *out, size_t n, const struct sk_addr *a);
size_t sk_tuple_text(char *out, size_t n, const struct sk_tuple *t);
/* ifaces.c */
void sk_ifaces_clear(struct sk_state *s);
/* An all-zero local end becomes the address of the interface that the other end is reached by. */
void sk_ifaces_patch(const struct sk_state *s, struct sk_fd *fd);

/* --- users.c, containers.c, cgroups.c --------------------------------------------------------------------------------- */
void sk_users_clear(struct sk_state *s);
void sk_containers_clear(struct sk_state *s);
int sk_containers_init(struct sk_state *s);
/* The container that the last event removed is not needed any more. */
void sk_container_forget_removed(struct sk_state *s);
/* Set the thread's cgroups and the container id that follows. */
void sk_thread_set_cgroups(struct sk_state *s, struct sk_thread *t, struct sk_slice cgroups);
/* The containers have changed, by ADDED if it is not NULL: paths may mean others than they did. */
void sk_cgroups_changed(struct sk_state *s, const struct sk_container *added);
/* A described container, for changing; NULL if there is none. */
struct sk_container *sk_container_edit(struct sk_state *s, struct sk_slice id);
/* Recognise health checks and probes: after a clone or exec of T. */
void sk_container_categorise(struct sk_state *s, struct sk_thread *t);

/* --- stored enter events: enters.c ------------------------------------------------------------------------------------ */
/* Keep the parameters of an enter event until its exit. */
void sk_enter_store(struct sk_state *s, struct sk_thread *t, const struct sk_event *ev);
void sk_enter_drop(struct sk_state *s, struct sk_thread *t);
/* The stored enter event of T if it is of TYPE; its data are valid until sk_enter_drop(). */
const struct sk_event *sk_enter_get(const struct sk_thread *t, uint32_t type);
void sk_enters_clear(struct sk_state *s);

/* --- handlers: what apply.c calls ------------------------------------------------------------------------------------- */
/* One event on its way through the state. thread, fd, fd_num and res are set as far as the reset knows them; handlers update
 * them. */
typedef void sk_handler(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x);

sk_handler sk_on_clone, sk_on_exec, sk_on_procexit;
sk_handler sk_on_chdir, sk_on_fchdir, sk_on_getcwd, sk_on_chroot;
sk_handler sk_on_setuid, sk_on_seteuid, sk_on_setgid, sk_on_setegid, sk_on_setsid;
sk_handler sk_on_prctl, sk_on_capset, sk_on_unshare, sk_on_setns, sk_on_rlimit, sk_on_prlimit;
sk_handler sk_on_schedswitch, sk_on_vm, sk_on_procinfo;
sk_handler sk_on_open, sk_on_creat, sk_on_openat, sk_on_openat2, sk_on_open_by_handle;
sk_handler sk_on_close, sk_on_close_range, sk_on_dup, sk_on_fcntl, sk_on_pipe, sk_on_memfd, sk_on_pidfd_open, sk_on_pidfd_getfd;
sk_handler sk_on_eventfd, sk_on_signalfd, sk_on_timerfd, sk_on_inotify, sk_on_bpf, sk_on_userfaultfd, sk_on_io_uring, sk_on_epoll;
sk_handler sk_on_socket, sk_on_socketpair, sk_on_bind, sk_on_connect, sk_on_accept, sk_on_send, sk_on_recv, sk_on_io;
sk_handler sk_on_user_added, sk_on_user_deleted, sk_on_group_added, sk_on_group_deleted;
sk_handler sk_on_async, sk_on_container_json;

/* facts.c: make uid, gid and the descriptors that the event works on what the kernel says; X has thread and res. */
void sk_facts_apply(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x);

/* --- opened.c -------------------------------------------------------------------------------------------------------------- */
/* Name of the file that the event opened: GIVEN, the path that the program gave, or the kernel's where that cannot have been it. A view of GIVEN or of the event. */
struct sk_slice sk_opened_name(struct sk_state *s, const struct sk_event_ctx *x, struct sk_slice given);
void sk_seen_links_clear(struct sk_state *s);

/* sockets.c: after the lists: server ports make servers of the sockets that use them. */
void sk_sockets_assign_roles(struct sk_state *s, struct sk_thread *const *threads, size_t n);

/* Texts of a process that clone and exec events carry alike (parameters 1 to 14). */
void sk_proc_from_event(struct sk_state *s, struct sk_thread *t, const struct sk_event *ev);
/* A made-up thread learns who it is; afterwards it is in group and tree. */
void sk_thread_identify(struct sk_state *s, struct sk_thread *t, int64_t pid, int64_t ptid, int64_t vtid, int64_t vpid);
/* The event now works on FD. */
static inline void
sk_ctx_fd(struct sk_event_ctx *x, struct sk_fd *fd)
{
	x->fd = fd;
	if (fd)
		x->fd_num = fd->num;
}

#endif
