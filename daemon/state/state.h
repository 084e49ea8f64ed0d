/* What events build up: threads, descriptors, users, groups, interfaces. One instance a capture or live session. */
#ifndef SK_STATE_H
#define SK_STATE_H

#include "base/slice.h"

#include <saker/event.h>
#include <saker/limits.h>
#include <saker/lists.h>

/* An immutable shared string: comm, exe, paths repeat a thousand times over. NUL-terminated. Equal text of one state is mostly
 * the same object, but
 * not by contract: compare the text. */
struct sk_str {
	struct sk_str *next; /* table internals */
	uint64_t hash;
	uint32_t refs;
	uint32_t n;
	bool shared; /* found by its text; false: the table refused it */
	char s[];
};


enum sk_role { SK_ROLE_NONE, SK_ROLE_CLIENT, SK_ROLE_SERVER };

enum sk_fd_flag {
	SK_FDF_CONNECTED = 1,
	SK_FDF_PENDING = 2,
	SK_FDF_FAILED = 4,
	SK_FDF_CLOEXEC = 8,
	SK_FDF_CLONED = 16, /* inherited at a fork; set when the table first changes, as parent and child share it until then */
	SK_FDF_UPPER_LAYER = 32,
	SK_FDF_LOWER_LAYER = 64,
	SK_FDF_NAME_CHANGED = 128, /* by the current event */
	SK_FDF_INFERRED = 256,     /* made up from a tuple, never seen opened */
	SK_FDF_CREATED = 512,
	SK_FDF_BOUND_ANY = 1024 /* an IPv6 socket bound to all addresses that has no fixed peer: each datagram may come from another */
};

/* One descriptor. The same object may be in the tables of several processes: only the state changes it. Addresses in network
 * order; an IPv4 one uses the first 4 bytes. src is the client side once the role is known. */
struct sk_fd {
	int64_t num;
	uint8_t type; /* enum sk_fd_type */
	uint8_t l4;   /* enum sk_l4 */
	uint8_t role; /* enum sk_role */
	uint8_t zero;
	uint32_t refs; /* tables that hold it */
	uint32_t flags;      /* SK_FDF_* */
	uint32_t open_flags; /* schema flags */
	uint32_t mount_id, dev;
	uint64_t ino;
	uint8_t saddr[16], daddr[16]; /* server sockets: saddr and sport are the bound address */
	uint16_t sport, dport;        /* host order */
	uint64_t unix_src, unix_dst;  /* kernel addresses */
	int64_t pid;                  /* PIDFD */
	struct sk_str *name;          /* never NULL; may be empty */
	struct sk_str *raw_name;      /* as passed by the program; never NULL */
};


struct sk_fdtable;

/* What the threads of a process share. */
struct sk_group {
	int64_t pid;             /* of the leader */
	uint32_t alive, total;   /* threads */
	bool reaper;
	struct sk_thread *leader; /* NULL when the leader is not known */
	struct sk_thread *threads; /* linked by group_next: the leader, then oldest first */
	struct sk_thread *last;
	struct sk_group *hash_next; /* table internals */
};

/* What kind of process of a container a thread is (sk_thread.category). Children inherit it. */
enum sk_category {
	SK_CATEGORY_NONE,
	SK_CATEGORY_CONTAINER, /* the container's first process and what it starts */
	SK_CATEGORY_HEALTHCHECK,
	SK_CATEGORY_LIVENESS_PROBE,
	SK_CATEGORY_READINESS_PROBE
};

struct sk_stored_enter;

struct sk_thread {
	int64_t tid, pid, ptid; /* ptid -1: unknown; invalid (made up for an event) if any is negative */
	int64_t vtid, vpid, sid, vpgid, pgid;
	int64_t reaper_tid;
	uint32_t flags; /* SK_CL_* */
	uint32_t uid, gid, loginuid, tty;
	bool exe_writable, exe_upper, exe_lower, exe_memfd, dead;
	/* Never NULL; empty when unknown. args, env, cgroups: NUL after each element, the count of bytes in n. */
	struct sk_str *comm, *exe, *exepath, *args, *env, *cwd, *root, *cgroups;
	struct sk_str *container_id;    /* from the cgroups; empty on the host */
	struct sk_str *cmdline;         /* use sk_thread_cmdline(): NULL until first asked for; dropped when comm or args change */
	uint64_t cap_inheritable, cap_permitted, cap_effective;
	uint64_t exe_ino, exe_ino_ctime, exe_ino_mtime;
	uint64_t exe_ino_ctime_duration_clone_ts, exe_ino_ctime_duration_pidns_start;
	uint64_t clone_ts, lastexec_ts; /* ns since the epoch; 0 unknown */
	uint64_t pidns_init_start_ts;   /* as the source says it; 0 unknown or the machine's own pid name space */
	int64_t fdlimit;
	uint32_t vmsize_kb, vmrss_kb, vmswap_kb;
	uint64_t pfmajor, pfminor;
	uint64_t lastevent_ts, prevevent_ts;
	uint64_t exectime_ns, totexectime_ns; /* of the last time slice seen to end; of all */
	uint32_t cpu_ticks[2], cpu_ticks_before[2]; /* user and system time as the last event of it said, and the one before; 0 never */
	uint16_t lastevent_type;              /* of the enter event that waits for its exit, else SK_EVENT_LIMIT */
	int64_t lastevent_fd;                 /* its descriptor, -1 none */
	struct sk_stored_enter *stored;       /* that enter event's parameters, kept until the exit; NULL none */
	bool fds_inherited;                   /* fds came from the parent and nothing has changed it since */
	struct sk_fdtable *fds; /* of leaders; others use the leader's: sk_thread_fds() */
	struct sk_group *group;
	struct sk_thread *group_next, *group_prev;
	struct sk_thread *parent, *children, *sibling_prev, *sibling_next; /* tree by ptid */
	struct sk_thread *hash_next; /* table internals */
	uint16_t category; /* enum sk_category */
};

struct sk_user {
	uint32_t uid, gid;
	struct sk_str *name, *home, *shell;
};
struct sk_group_entry {
	uint32_t gid;
	struct sk_str *name;
};

struct sk_iface4 {
	uint8_t addr[4], mask[4], bcast[4];
	struct sk_str *name;
};
struct sk_iface6 {
	uint8_t addr[16];
	struct sk_str *name;
};

/* Counters of what was refused or lost; never reset. */
struct sk_state_stats {
	uint64_t threads_added, threads_removed, threads_refused;
	uint64_t fds_added, fds_removed, fds_refused;
	uint64_t fake_threads, thread_misses, fd_misses;
	uint64_t threads, fds, strings, string_bytes, containers; /* held now */
	uint64_t enters_refused, containers_refused, users_refused;
	uint64_t container_json_errors;
	uint64_t out_of_memory;
};

struct sk_state;
struct sk_container; /* containers.h */

/* What applying one event leaves for the fields: who did it and on what. Valid until the next sk_state_apply(). */
struct sk_event_ctx {
	const struct sk_event *ev;
	struct sk_state *state;
	struct sk_thread *thread; /* NULL: the event has none, proc.* is absent */
	struct sk_fd *fd;         /* the descriptor the event works on, NULL if unknown */
	int64_t fd_num;           /* its number; -1 none */
	bool uses_fd;             /* the event type works on a descriptor: fd.* may be present */
	bool has_res;             /* the event has a return value */
	int64_t res;
	bool deliver;             /* show it to rules (state.md §1 step 5) */
	uint64_t first_ts;        /* of the first event that was no meta event */
	uint64_t exectime_ns;     /* of a switch event: since the last one on this CPU; else 0 */
	const struct sk_container *container; /* the one that this event describes (added or removed); NULL for all other events */
};

/* --- life ------------------------------------------------------------------------------------------------------------- */
struct sk_state *sk_state_new(void);
void sk_state_free(struct sk_state *s);
/* Forget everything (a second section of a capture). Counters stay. */
void sk_state_clear(struct sk_state *s);
const struct sk_state_stats *sk_state_stats(const struct sk_state *s);

/* --- initial lists (capture blocks, /proc scan) ----------------------------------------------------------------------- */
/* A thread of a list; strings are copied. The thread is owned by the state. NULL when the table is full. */
struct sk_thread *sk_state_add_thread(struct sk_state *s, const struct sk_thread_entry *e);
/* A descriptor of a listed thread; strings are copied. */
void sk_state_add_fd(struct sk_state *s, int64_t tid, const struct sk_fd_entry *e);
void sk_state_add_user(struct sk_state *s, struct sk_slice container_id, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell);
void sk_state_add_group(struct sk_state *s, struct sk_slice container_id, uint32_t gid, struct sk_slice name);
void sk_state_add_iface4(struct sk_state *s, const uint8_t addr[4], const uint8_t mask[4], const uint8_t bcast[4], struct sk_slice name);
void sk_state_add_iface6(struct sk_state *s, const uint8_t addr[16], struct sk_slice name);
void sk_state_set_machine(struct sk_state *s, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname);
/* After the last list entry: link parents and groups, set roles of listed sockets. */
void sk_state_lists_done(struct sk_state *s);

/* --- events ----------------------------------------------------------------------------------------------------------- */
/* Apply EV (with its num already set) and fill *RET. */
void sk_state_apply(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *ret);
/* Would later events look different without the event that X was filled in for? A capture from which the others are left out replays to the same processes,
 * descriptors, users and containers. */
bool sk_state_needs(const struct sk_event_ctx *x);

/* --- live only (facts.c) --------------------------------------------------------------------------------------------------- */
/* Is the thread known, and not just made up for an event? */
bool sk_state_knows(const struct sk_state *s, int64_t tid);
/* A thread that sk_state_add_thread() took after the lists were done finds its place among the others. */
void sk_state_join(struct sk_state *s, int64_t tid);
/* What a thread told of itself, in the form of an execve event with facts: make it, or correct what was learnt wrong because events were lost. */
void sk_state_introduce(struct sk_state *s, const struct sk_event *ev);
/* Make a thread of what a live event says of it: it is gone, and nothing else will tell. */
void sk_state_learn(struct sk_state *s, int64_t tid, const struct sk_event_facts *facts);

/* Call FN with the cgroups of all threads; most of those that are the same once. */
void sk_state_each_cgroups(struct sk_state *s, void (*fn)(void *arg, struct sk_slice cgroups), void *arg);
/* Note that containers with a thread are in use at NOW, then call FN with those that were last in use before BEFORE. FN changes nothing. */
void sk_state_unused_containers(struct sk_state *s, uint64_t now, uint64_t before, void (*fn)(void *arg, const struct sk_container *c), void *arg);

/* --- look-ups for fields ---------------------------------------------------------------------------------------------- */
struct sk_thread *sk_state_thread(const struct sk_state *s, int64_t tid);
/* The thread's group leader, or NULL when it is not known. */
struct sk_thread *sk_thread_main(const struct sk_thread *t);
/* The parent process: the leader of the thread that made T's process, or that thread when the leader is not known. NULL at the
 * top. */
struct sk_thread *sk_thread_parent(const struct sk_thread *t);
struct sk_fdtable *sk_thread_fds(const struct sk_thread *t);
struct sk_fd *sk_fdtable_find(const struct sk_fdtable *fds, int64_t num);
size_t sk_fdtable_count(const struct sk_fdtable *fds);
/* Call FN for every descriptor in ascending order of number. */
void sk_fdtable_each(const struct sk_fdtable *fds, void (*fn)(void *arg, const struct sk_fd *fd), void *arg);
const struct sk_user *sk_state_user(const struct sk_state *s, struct sk_slice container_id, uint32_t uid);
const struct sk_group_entry *sk_state_group(const struct sk_state *s, struct sk_slice container_id, uint32_t gid);
/* Is the address one of this machine's interfaces? */
bool sk_state_is_local4(const struct sk_state *s, const uint8_t addr[4]);
bool sk_state_is_local6(const struct sk_state *s, const uint8_t addr[16]);
uint64_t sk_state_boot_ts(const struct sk_state *s);
uint32_t sk_state_ncpus(const struct sk_state *s);
struct sk_slice sk_state_hostname(const struct sk_state *s);
/* cwd of the process, ends in "/"; "./" when unknown. */
struct sk_slice sk_thread_cwd(const struct sk_thread *t);
/* comm + arguments joined by blanks; cached in the thread. */
struct sk_slice sk_thread_cmdline(struct sk_thread *t);

/* Put DIR and PATH together as state.md §5 says, normalised, into OUT (at least SK_MAX_PATH + 1 bytes); returns the length. */
size_t sk_path_concat(char *out, struct sk_slice dir, struct sk_slice path);
/* Text of a descriptor's addresses ("1.2.3.4:80->5.6.7.8:90", "ip:port", "src->dst path"), into OUT of N bytes; returns the
 * length. */
size_t sk_fd_tuple_text(char *out, size_t n, const struct sk_fd *fd, struct sk_slice unix_path);
/* The container id in a cgroups text (elements "subsys=/path", NUL after each): 12 digits or a name, empty on the host. Points
 * into OUT. */
struct sk_slice sk_container_id_of(struct sk_slice cgroups, char out[256]);
/* A container that an event described (containers.h), NULL when there was none; "" is the host. */
const struct sk_container *sk_state_container(const struct sk_state *s, struct sk_slice id);

static inline struct sk_slice
sk_str_slice(const struct sk_str *s)
{
	return s ? sk_slice(s->s, s->n) : sk_slice("", 0);
}

#endif
