#include "daemon/seccomp.h"

#include "base/attr.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <ucontext.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#define CALLS_MAX 1024

/* --- a call that is refused ------------------------------------------------------------------------------------------------ */
/* One byte a number: said. A signal's handler has no argument to carry it. */
static volatile sig_atomic_t said[CALLS_MAX];

/* NUMBER in decimal, ending at END. Returns where it begins. */
static char *
decimal(char *end, unsigned number)
{
	do
		*--end = (char)('0' + number % 10);
	while (number /= 10);
	return end;
}

static void
say_refused(unsigned number)
{
	static const char before[] = "saker: the filter refuses system call ",
			  after[] = ", which is not foreseen; it fails, saker goes on. Please report it.\n";
	char text[16], *from = decimal(text + sizeof(text), number);

	if (number >= CALLS_MAX || said[number])
		return;
	said[number] = 1;
	if (write(STDERR_FILENO, before, sizeof(before) - 1) < 0 ||
	    write(STDERR_FILENO, from, (size_t)(text + sizeof(text) - from)) < 0 ||
	    write(STDERR_FILENO, after, sizeof(after) - 1) < 0)
		return;
}

/* The call was not made, and its result is what the register holds when the handler returns. */
static void
on_refused(int sig, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	int saved = errno;

	(void)sig;
	say_refused((unsigned)info->si_syscall);
#if defined(__x86_64__)
	u->uc_mcontext.gregs[REG_RAX] = -EPERM;
#elif defined(__aarch64__)
	u->uc_mcontext.regs[0] = (unsigned long long)-EPERM;
#else
#error "where does this architecture return the result of a system call?"
#endif
	errno = saved;
}

/* --- rules ----------------------------------------------------------------------------------------------------------------- */
struct rules {
	scmp_filter_ctx filter;
	int error;
};

/* A name that libseccomp or this architecture does not know is no call that could be made. */
static void
add(struct rules *r, uint32_t action, const char *const *names, size_t n)
{
	for (size_t i = 0; r->error == 0 && i < n; i++) {
		int number = seccomp_syscall_resolve_name(names[i]);

		if (number >= 0)
			r->error = seccomp_rule_add(r->filter, action, number, 0);
	}
}

/* NAME is allowed when argument ARG masked by MASK is VALUE. */
static void
allow_if(struct rules *r, const char *name, unsigned arg, uint64_t mask, uint64_t value)
{
	int number = seccomp_syscall_resolve_name(name);
	struct scmp_arg_cmp cmp = {.arg = arg, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};

	if (r->error == 0 && number >= 0)
		r->error = seccomp_rule_add_array(r->filter, SCMP_ACT_ALLOW, number, 1, &cmp);
}

static void
allow_always(struct rules *r)
{
	static const char *const names[] = {
	    /* data */
	    "read",
	    "readv",
	    "pread64",
	    "write",
	    "writev",
	    "pwrite64",
	    "lseek",
	    "close",
	    "fsync",
	    "fdatasync",
	    "ftruncate",
	    "poll",
	    "ppoll",
	    "select",
	    "pselect6",
	    "pipe2",
	    "dup",
	    "fcntl",
	    /* names */
	    "stat",
	    "lstat",
	    "fstat",
	    "newfstatat",
	    "statx",
	    "statfs",
	    "fstatfs",
	    "readlink",
	    "readlinkat",
	    "access",
	    "faccessat",
	    "faccessat2",
	    "getdents64",
	    "getcwd",
	    "inotify_init1",
	    "inotify_add_watch",
	    "inotify_rm_watch",
	    /* memory */
	    "brk",
	    "munmap",
	    "mremap",
	    "madvise",
	    /* time, signals, threads */
	    "clock_gettime",
	    "clock_getres",
	    "gettimeofday",
	    "time",
	    "nanosleep",
	    "clock_nanosleep",
	    "restart_syscall",
	    "rt_sigaction",
	    "rt_sigprocmask",
	    "rt_sigreturn",
	    "rt_sigtimedwait",
	    "sigaltstack",
	    "futex",
	    "set_robust_list",
	    "rseq",
	    "membarrier",
	    "sched_yield",
	    "sched_getaffinity",
	    "epoll_create1",
	    "epoll_ctl",
	    "epoll_wait",
	    "epoll_pwait",
	    "eventfd2",
	    "timerfd_create",
	    "timerfd_settime",
	    /* itself */
	    "getpid",
	    "gettid",
	    "getppid",
	    "getuid",
	    "geteuid",
	    "getgid",
	    "getegid",
	    "uname",
	    "sysinfo",
	    "getrlimit",
	    "getrusage",
	    "getcpu",
	    "getrandom",
	    "exit",
	    "exit_group",
#ifdef SANITIZED
	    /* the search for leaks at the end stops all threads from one that it makes and traces */
	    "clone",
	    "ptrace",
	    "wait4",
	    "prctl",
	    "process_vm_readv",
	    "kill",
	    "getdents",
	    "tkill",
#endif
	};

	add(r, SCMP_ACT_ALLOW, names, SK_COUNTOF(names));
	/* no code but what is there */
	allow_if(r, "mmap", 2, PROT_EXEC, 0);
	allow_if(r, "mprotect", 2, PROT_EXEC, 0);
	allow_if(r, "clone", 0, CLONE_THREAD, CLONE_THREAD);
	allow_if(r, "prlimit64", 2, UINT64_MAX, 0);
	/* is it a terminal? */
	allow_if(r, "ioctl", 1, UINT32_MAX, TCGETS);
	allow_if(r, "tgkill", 0, UINT32_MAX, (uint64_t)getpid());
}

static void
allow_some(struct rules *r, const struct sk_filter_opts *o)
{
	static const char *const sockets[] = {"connect",    "sendto",     "sendmsg",  "recvfrom",    "recvmsg",
					      "setsockopt", "getsockopt", "shutdown", "getsockname", "getpeername"};
	static const uint32_t commands[] = {BPF_MAP_LOOKUP_ELEM, BPF_MAP_UPDATE_ELEM, BPF_MAP_DELETE_ELEM, BPF_MAP_GET_NEXT_KEY};
	uint64_t writing = o->write_files ? 0 : O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

	allow_if(r, "open", 1, writing, 0);
	allow_if(r, "openat", 2, writing, 0);
	if (o->local) {
		add(r, SCMP_ACT_ALLOW, sockets, SK_COUNTOF(sockets));
		allow_if(r, "socket", 0, UINT32_MAX, AF_UNIX);
	}
	for (size_t i = 0; o->bpf && i < SK_COUNTOF(commands); i++)
		allow_if(r, "bpf", 0, UINT32_MAX, commands[i]);
}

/* Nobody makes these by accident. */
static void
end_on_attack(struct rules *r)
{
	static const char *const names[] = {
	    "execve",
	    "execveat",
	    "process_vm_writev",
	    "init_module",
	    "finit_module",
	    "delete_module",
	    "kexec_load",
	    "kexec_file_load",
	    "mount",
	    "umount2",
	    "pivot_root",
	    "chroot",
	    "move_mount",
	    "open_tree",
	    "fsopen",
	    "fsconfig",
	    "fsmount",
	    "fspick",
	    "mount_setattr",
	    "setns",
	    "unshare",
	    "reboot",
	    "swapon",
	    "swapoff",
	    "settimeofday",
	    "clock_settime",
	    "clock_adjtime",
	    "adjtimex",
	    "sethostname",
	    "setdomainname",
	    "setuid",
	    "setgid",
	    "setreuid",
	    "setregid",
	    "setresuid",
	    "setresgid",
	    "setfsuid",
	    "setfsgid",
	    "setgroups",
	    "capset",
	    "add_key",
	    "request_key",
	    "keyctl",
	    "userfaultfd",
	    "perf_event_open",
	    "io_uring_setup",
	    "io_uring_enter",
	    "io_uring_register",
	    "open_by_handle_at",
	    "ioperm",
	    "iopl",
	    "modify_ldt",
	    "personality",
	    "acct",
	    "quotactl",
	    "mknod",
	    "mknodat",
	    "pidfd_getfd",
	    "pidfd_open",
	    "syslog",
	    "vhangup",
#ifndef SANITIZED
	    "ptrace",
	    "process_vm_readv",
#endif
	};

	add(r, SCMP_ACT_KILL_PROCESS, names, SK_COUNTOF(names));
	/* its arguments are in memory, where a filter cannot look: libc takes clone then */
	static const char *const clone3[] = {"clone3"};
	add(r, SCMP_ACT_ERRNO(ENOSYS), clone3, 1);
}

static int
load(scmp_filter_ctx filter)
{
	int r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	if (r == 0)
		r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	/* a tree instead of a list of comparisons, where the library can */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (r == 0)
		r = seccomp_load(filter);
	return r == -EINVAL || r == -ENOSYS || r == -ECANCELED || r == -EOPNOTSUPP ? -ENOTSUP : r;
}

int
sk_filter_enter(const struct sk_filter_opts *opts)
{
	struct sigaction refused = {.sa_sigaction = on_refused, .sa_flags = SA_SIGINFO | SA_RESTART};
	struct rules r = {.filter = seccomp_init(SCMP_ACT_TRAP)};

	if (!r.filter)
		return -ENOMEM;
	if (sigaction(SIGSYS, &refused, NULL) < 0)
		r.error = -errno;
	allow_always(&r);
	allow_some(&r, opts);
	end_on_attack(&r);
	if (r.error == 0)
		r.error = load(r.filter);
	seccomp_release(r.filter);
	return r.error;
}
