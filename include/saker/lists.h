/* Entries of the lists that describe a machine before the first event: what a capture reader hands on and the state takes. */
#ifndef SAKER_LISTS_H
#define SAKER_LISTS_H

#include "base/slice.h"

enum sk_fd_type {
	SK_FD_UNKNOWN = 0,
	SK_FD_FILE = 1,
	SK_FD_DIRECTORY = 2,
	SK_FD_IPV4_SOCK = 3,
	SK_FD_IPV6_SOCK = 4,
	SK_FD_IPV4_SERVSOCK = 5,
	SK_FD_IPV6_SERVSOCK = 6,
	SK_FD_FIFO = 7,
	SK_FD_UNIX_SOCK = 8,
	SK_FD_EVENT = 9,
	SK_FD_UNSUPPORTED = 10,
	SK_FD_SIGNALFD = 11,
	SK_FD_EVENTPOLL = 12,
	SK_FD_INOTIFY = 13,
	SK_FD_TIMERFD = 14,
	SK_FD_NETLINK = 15,
	SK_FD_FILE_V2 = 16,
	SK_FD_BPF = 17,
	SK_FD_USERFAULTFD = 18,
	SK_FD_IOURING = 19,
	SK_FD_MEMFD = 20,
	SK_FD_PIDFD = 21
}; /* numbers of the capture format, scap_format.md §6 */

enum sk_l4 { SK_L4_UNKNOWN, SK_L4_NA, SK_L4_TCP, SK_L4_UDP, SK_L4_ICMP, SK_L4_RAW };
/* What fd.l4proto says of them; "<NA>" of the others. */
#define SK_L4_NAMES(V) V(TCP, "tcp") V(UDP, "udp") V(ICMP, "icmp") V(RAW, "raw")

enum sk_thread_flag {
	/* the scap PPM_CL_* bits as they stand in events and captures */
	SK_CL_CLONE_FILES = 1u << 0,
	SK_CL_CLONE_FS = 1u << 1,
	SK_CL_CLONE_IO = 1u << 2,
	SK_CL_CLONE_NEWIPC = 1u << 3,
	SK_CL_CLONE_NEWNET = 1u << 4,
	SK_CL_CLONE_NEWNS = 1u << 5,
	SK_CL_CLONE_NEWPID = 1u << 6,
	SK_CL_CLONE_NEWUTS = 1u << 7,
	SK_CL_CLONE_PARENT = 1u << 8,
	SK_CL_CLONE_PARENT_SETTID = 1u << 9,
	SK_CL_CLONE_PTRACE = 1u << 10,
	SK_CL_CLONE_SIGHAND = 1u << 11,
	SK_CL_CLONE_SYSVSEM = 1u << 12,
	SK_CL_CLONE_THREAD = 1u << 13,
	SK_CL_CLONE_UNTRACED = 1u << 14,
	SK_CL_CLONE_VM = 1u << 15,
	SK_CL_CLONE_INVERTED = 1u << 16,
	SK_CL_NAME_CHANGED = 1u << 17,
	SK_CL_CLOSED = 1u << 18,
	SK_CL_ACTIVE = 1u << 19,
	SK_CL_CLONE_NEWUSER = 1u << 20,
	SK_CL_PIPE_SRC = 1u << 21,
	SK_CL_PIPE_DST = 1u << 22,
	SK_CL_CLONE_CHILD_CLEARTID = 1u << 23,
	SK_CL_CLONE_CHILD_SETTID = 1u << 24,
	SK_CL_CLONE_SETTLS = 1u << 25,
	SK_CL_CLONE_STOPPED = 1u << 26,
	SK_CL_CLONE_VFORK = 1u << 27,
	SK_CL_CLONE_NEWCGROUP = 1u << 28,
	SK_CL_CHILD_IN_PIDNS = 1u << 29,
	SK_CL_IS_MAIN_THREAD = 1u << 30
};

/* A thread as a list of a capture, or a scan of /proc, describes it (scap_format.md §5). */
struct sk_thread_entry {
	int64_t tid, pid, ptid, sid, vpgid, pgid, vtid, vpid, fdlimit;
	struct sk_slice comm, exe, exepath, args, cwd, env, cgroups, root;
	uint32_t flags, uid, gid, loginuid, tty;
	uint32_t vmsize_kb, vmrss_kb, vmswap_kb;
	uint64_t pfmajor, pfminor, pidns_init_start_ts, clone_ts;
	bool exe_writable, exe_upper, exe_lower, exe_memfd;
	uint64_t cap_inheritable, cap_permitted, cap_effective, exe_ino, exe_ino_ctime, exe_ino_mtime;
};

/* A descriptor of a process (scap_format.md §6). Addresses in network order, an IPv4 one in the first 4 bytes; server sockets have saddr and sport only. */
struct sk_fd_entry {
	int64_t num;
	uint64_t ino;
	uint8_t type; /* enum sk_fd_type */
	uint8_t l4;   /* enum sk_l4 */
	uint8_t saddr[16], daddr[16];
	uint16_t sport, dport; /* host order */
	uint64_t unix_src, unix_dst;
	uint32_t open_flags, dev, mount_id;
	struct sk_slice name;
};

/* Receives the lists. All slices are valid during the call only. Any member may be NULL. */
struct sk_list_sink {
	void *ctx;
	void (*section)(void *ctx); /* a section begins: forget the state */
	void (*machine)(void *ctx, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname);
	void (*thread)(void *ctx, const struct sk_thread_entry *t);
	void (*fd)(void *ctx, int64_t tid, const struct sk_fd_entry *fd);
	void (*iface4)(void *ctx, const uint8_t addr[4], const uint8_t mask[4], const uint8_t bcast[4], struct sk_slice name);
	void (*iface6)(void *ctx, const uint8_t addr[16], const uint8_t mask[16], const uint8_t bcast[16], struct sk_slice name);
	void (*user)(void *ctx, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell);
	void (*group)(void *ctx, uint32_t gid, struct sk_slice name);
	void (*lists_done)(void *ctx); /* before the first event of the section */
	/* What only a copy of the capture needs. Each is called right before the member that it belongs to: machine; iface4 or iface6. */
	void (*machine_more)(void *ctx, uint64_t memory_bytes, uint64_t max_pid);
	void (*iface_more)(void *ctx, uint64_t speed); /* of the link, in the unit of the capture; 0 unknown */
};

#endif
