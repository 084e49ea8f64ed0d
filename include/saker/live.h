/* What a live event carries beside its parameters: what the kernel knew of its thread and of the descriptors that it works on, and the form of a record in the
 * ring. Shared by the programs in the kernel, which cannot include system headers, and the readers of the ring. */
#ifndef SAKER_LIVE_H
#define SAKER_LIVE_H

#ifndef __bpf__
#include <stdint.h>
#define SK_LIVE_U(n) uint##n##_t
#define SK_LIVE_S(n) int##n##_t
#else
#define SK_LIVE_U(n) __u##n
#define SK_LIVE_S(n) __s##n
#endif

/* Largest record. A power of two: the programs bound their writes by masking. */
#define SK_LIVE_MAX 32768u
/* Descriptors one event may work on: rename has two directories, splice two ends. */
#define SK_LIVE_FDS 2u
/* Native system call numbers stay below. */
#define SK_LIVE_CALLS 512u

/* Begin of a record; nparams lengths (u16) follow, then the parameters as a capture has them, then, 8-byte aligned, the facts. */
struct sk_live_head {
	SK_LIVE_U(64) seq; /* of this CPU: counts every event that was to be sent, so a gap is a loss */
	SK_LIVE_U(64) ts;  /* ns since the epoch */
	SK_LIVE_U(64) tid;
	SK_LIVE_U(32) len;   /* from ts on as a capture counts it: head of 26 bytes, lengths, parameters */
	SK_LIVE_U(32) facts; /* offset of struct sk_event_facts in the record */
	SK_LIVE_U(16) type;  /* enum sk_event_type */
	SK_LIVE_U(16) nparams;
	SK_LIVE_U(16) cpu;
	SK_LIVE_U(16) kind; /* enum sk_live_kind */
};

/* A thread is told of once, before its first event: parameters of an execve event, and its working directory. Such a record has no number of its own: the event that
 * follows says whether anything was lost. */
enum sk_live_kind { SK_LIVE_EVENT, SK_LIVE_THREAD };

/* Which members of struct sk_fd_facts are known. */
#define SK_FACT_PATH 1u    /* path: from the dentry, in the mount name space of the thread */
#define SK_FACT_SOCKET 2u  /* family, addresses */
#define SK_FACT_SHARED 4u  /* others share the memory of the thread: what it passed to the kernel may have been changed since */

/* One descriptor at the time of the event. */
struct sk_fd_facts {
	SK_LIVE_S(64) num;
	SK_LIVE_U(64) ino;
	SK_LIVE_U(32) dev;        /* as parameters carry it: minor's low 8 bits, major << 8, minor's rest << 12 */
	SK_LIVE_U(32) open_flags; /* schema flags */
	SK_LIVE_U(32) known;      /* SK_FACT_* */
	SK_LIVE_U(8) type;        /* enum sk_fd_type (lists.h) */
	SK_LIVE_U(8) l4;          /* enum sk_l4 */
	SK_LIVE_U(16) path_len;   /* bytes without NUL */
	SK_LIVE_U(32) path;       /* offset from the facts */
	SK_LIVE_U(16) sport, dport; /* host order */
	SK_LIVE_U(8) saddr[16], daddr[16]; /* as struct sk_fd_entry; the local end first */
	SK_LIVE_U(64) unix_src, unix_dst;
	SK_LIVE_U(32) listening;
	SK_LIVE_U(32) zero;
};

/* Enough of the thread to make an entry for it, and to keep one right whose changes were lost. */
struct sk_event_facts {
	SK_LIVE_S(64) pid, ptid, vtid, vpid;
	SK_LIVE_U(32) uid, gid;
	SK_LIVE_U(32) thread_flags; /* SK_CL_* that follow from where the thread is */
	SK_LIVE_U(32) nfds;
	char comm[16];
	struct sk_fd_facts fd[]; /* nfds of them */
};

/* Why an event of a type did not arrive. */
enum sk_live_loss { SK_LOSS_RING, SK_LOSS_SIZE, SK_LOSS_PROGRAM, SK_LIVE_LOSSES };

#endif
