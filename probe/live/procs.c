/* Processes that are there before the first event: /proc, read once, and again for single threads that an event names and nobody knows. */
#include "probe/live/procfs.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Bytes kept of arguments and environment, as events carry them. */
#define TEXT_MAX 4096u

struct texts {
	char comm[64], exepath[4096], args[TEXT_MAX + 1], cwd[4097], root[4096], env[TEXT_MAX + 1], cgroups[4096], status[8192], stat[1024];
};

static struct sk_slice
terminated(char *p, size_t n)
{
	if (n && p[n - 1])
		p[n++] = '\0';
	return sk_slice(p, n);
}

/* "Name:\tvalue" of a status file: the value's N-th number. */
static uint64_t
status_number(const char *status, const char *name, int nth, int base)
{
	const char *p = strstr(status, name);
	uint64_t v = 0;

	if (!p || (p != status && p[-1] != '\n'))
		return 0;
	p += strlen(name);
	for (char *end; nth >= 0; nth--, p = end)
		v = strtoull(p, &end, base);
	return v;
}

/* Last number of a line: of the innermost name space. */
static int64_t
status_last(const char *status, const char *name, int64_t otherwise)
{
	const char *p = strstr(status, name), *end = p ? strchr(p, '\n') : NULL;

	if (!end)
		return otherwise;
	while (end > p && end[-1] != '\t' && end[-1] != ' ')
		end--;
	return strtoll(end, NULL, 10);
}

static void
read_status(struct sk_thread_entry *t, const char *s)
{
	t->pid = (int64_t)status_number(s, "Tgid:", 0, 10);
	t->ptid = (int64_t)status_number(s, "PPid:", 0, 10);
	t->uid = (uint32_t)status_number(s, "Uid:", 1, 10);
	t->gid = (uint32_t)status_number(s, "Gid:", 1, 10);
	t->vtid = status_last(s, "NSpid:", t->tid);
	t->vpid = status_last(s, "NStgid:", t->pid);
	t->vpgid = status_last(s, "NSpgid:", 0);
	t->vmsize_kb = (uint32_t)status_number(s, "VmSize:", 0, 10);
	t->vmrss_kb = (uint32_t)status_number(s, "VmRSS:", 0, 10);
	t->vmswap_kb = (uint32_t)status_number(s, "VmSwap:", 0, 10);
	t->cap_inheritable = status_number(s, "CapInh:", 0, 16);
	t->cap_permitted = status_number(s, "CapPrm:", 0, 16);
	t->cap_effective = status_number(s, "CapEff:", 0, 16);
}

/* Fields of stat after the name in brackets: ppid pgrp session tty tpgid flags minflt cminflt majflt … 22: start time. */
static void
read_stat(struct sk_thread_entry *t, const char *s, uint64_t boot_ts)
{
	const char *p = strrchr(s, ')');
	long long pgrp = 0, sid = 0, tty = 0;
	unsigned long long minflt = 0, majflt = 0, start = 0;

	if (!p || sscanf(p + 2, "%*c %*d %lld %lld %lld %*d %*u %llu %*u %llu %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &pgrp, &sid, &tty, &minflt, &majflt, &start) < 6)
		return;
	t->pgid = pgrp;
	t->sid = sid;
	t->tty = (uint32_t)tty;
	t->pfminor = minflt;
	t->pfmajor = majflt;
	t->clone_ts = boot_ts + start * (1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK));
}

static uint64_t
ns_of(struct timespec ts)
{
	return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

static void
read_exe(int dir, struct sk_thread_entry *t, char *path, size_t size)
{
	static const char deleted[] = " (deleted)";
	struct stat st;
	size_t n = sk_proc_link(dir, "exe", path, size);

	t->exe_memfd = n > 7 && memcmp(path, "/memfd:", 7) == 0;
	if (n >= sizeof(deleted) - 1 && memcmp(path + n - (sizeof(deleted) - 1), deleted, sizeof(deleted) - 1) == 0)
		n -= sizeof(deleted) - 1;
	t->exepath = sk_slice(path, n);
	if (fstatat(dir, "exe", &st, 0) < 0)
		return;
	t->exe_ino = st.st_ino;
	t->exe_ino_ctime = ns_of(st.st_ctim);
	t->exe_ino_mtime = ns_of(st.st_mtim);
	t->exe_writable = t->uid == st.st_uid ? st.st_mode & 0200 : t->gid == st.st_gid ? st.st_mode & 0020 : (st.st_mode & 0002) || t->uid == 0;
}

/* Both versions of cgroups: a line "id:controllers:/path" each; what events carry is "controller=/path" of five of them. */
static struct sk_slice
read_cgroups(int dir, char *out, size_t size)
{
	static const struct {
		const char *file, *event;
	} wanted[] = { { "cpuset", "cpuset" }, { "cpu", "cpu" }, { "cpuacct", "cpuacct" }, { "blkio", "io" }, { "memory", "memory" } };
	char text[8192];
	size_t n = sk_proc_text(dir, "cgroup", text, sizeof(text)), at = 0;
	const char *unified = n ? strstr(text, "0::") : NULL;

	for (size_t i = 0; n && i < SK_COUNTOF(wanted); i++) {
		const char *path = sk_proc_cgroup(text, wanted[i].file);
		if (!path)
			path = unified ? unified + 3 : "/";
		int len = snprintf(out + at, size - at, "%s=%.*s", wanted[i].event, (int)strcspn(path, "\n"), path);
		if (len < 0 || (size_t)len + 1 >= size - at)
			break;
		at += (size_t)len + 1;
	}
	return sk_slice(out, at);
}

static void
split_args(struct sk_thread_entry *t, char *args, size_t n)
{
	struct sk_slice all = terminated(args, n);
	size_t exe = all.n ? strlen(all.p) : 0;

	t->exe = sk_slice(all.p, exe);
	t->args = all.n > exe + 1 ? sk_slice(all.p + exe + 1, all.n - exe - 1) : sk_slice("", 0);
}

/* Describe the thread behind DIR. False when it is gone or the kernel's own. */
static bool
read_thread(int dir, int64_t tid, uint64_t boot_ts, struct sk_thread_entry *t, struct texts *x)
{
	size_t n;

	*t = (struct sk_thread_entry){ .tid = tid, .loginuid = UINT32_MAX };
	if (!sk_proc_text(dir, "status", x->status, sizeof(x->status)) || !sk_proc_text(dir, "stat", x->stat, sizeof(x->stat)))
		return false;
	read_status(t, x->status);
	read_stat(t, x->stat, boot_ts);
	n = sk_proc_text(dir, "cmdline", x->args, TEXT_MAX);
	split_args(t, x->args, n);
	read_exe(dir, t, x->exepath, sizeof(x->exepath));
	if (!n && !t->exepath.n)
		return false;
	n = sk_proc_text(dir, "comm", x->comm, sizeof(x->comm));
	t->comm = sk_slice(x->comm, n ? n - 1 : 0);
	t->env = terminated(x->env, sk_proc_text(dir, "environ", x->env, TEXT_MAX));
	n = sk_proc_link(dir, "cwd", x->cwd, sizeof(x->cwd) - 1);
	if (n && x->cwd[n - 1] != '/')
		x->cwd[n++] = '/';
	t->cwd = sk_slice(x->cwd, n);
	t->root = sk_slice(x->root, sk_proc_link(dir, "root", x->root, sizeof(x->root)));
	t->cgroups = read_cgroups(dir, x->cgroups, sizeof(x->cgroups));
	t->loginuid = (uint32_t)sk_proc_number(dir, "loginuid", UINT32_MAX);
	t->fdlimit = sk_proc_fdlimit(dir);
	t->flags = t->tid == t->pid ? 0 : SK_CL_CLONE_THREAD | SK_CL_CLONE_FILES;
	if (t->tid != t->vtid)
		t->flags |= SK_CL_CHILD_IN_PIDNS;
	return true;
}

/* --- descriptors ----------------------------------------------------------------------------------------------------------- */
static enum sk_fd_type
fd_type(const struct stat *st, const char *link)
{
	if (strncmp(link, "/memfd:", 7) == 0)
		return SK_FD_MEMFD;
	if (strncmp(link, "anon_inode:", 11) == 0)
		return sk_proc_anon(link + 11);
	switch (st->st_mode & S_IFMT) {
	case S_IFIFO: return SK_FD_FIFO;
	case S_IFDIR: return SK_FD_DIRECTORY;
	case S_IFSOCK: return SK_FD_UNKNOWN;
	case S_IFREG: return SK_FD_FILE_V2;
	default: return SK_FD_FILE;
	}
}

static void
hand_fd(const struct sk_list_sink *sink, int64_t pid, int dir, int64_t num)
{
	struct sk_fd_entry e = { .num = num, .l4 = SK_L4_NA };
	char name[32], link[4096];
	struct stat st;

	(void)snprintf(name, sizeof(name), "%lld", (long long)num);
	size_t n = sk_proc_link(dir, name, link, sizeof(link) - 1);
	if (!n || fstatat(dir, name, &st, 0) < 0)
		return;
	link[n] = '\0';
	e.type = (uint8_t)fd_type(&st, link);
	e.ino = st.st_ino;
	e.dev = (uint32_t)((st.st_dev & 0xff) | (((st.st_dev >> 8) & 0xfff) << 8) | ((st.st_dev >> 12) & 0xff00000));
	if (e.type == SK_FD_FILE || e.type == SK_FD_FILE_V2 || e.type == SK_FD_DIRECTORY || e.type == SK_FD_MEMFD)
		e.name = sk_slice(link, n);
	if (e.type != SK_FD_UNKNOWN)
		sink->fd(sink->ctx, pid, &e);
}

static void
hand_fds(const struct sk_list_sink *sink, int64_t pid, int proc)
{
	int fd = openat(proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;

	if (!d) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	for (struct dirent *e; (e = readdir(d));)
		if (e->d_name[0] >= '0' && e->d_name[0] <= '9')
			hand_fd(sink, pid, fd, strtoll(e->d_name, NULL, 10));
	(void)closedir(d);
}

/* --- all ------------------------------------------------------------------------------------------------------------------- */
static bool
hand_thread(const struct sk_list_sink *sink, const char *path, int64_t tid, struct texts *x, bool fds)
{
	SK_AUTO_CLOSE int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct sk_thread_entry t;

	if (dir < 0 || !read_thread(dir, tid, sk_proc_boot_ts(), &t, x))
		return false;
	if (sink->thread)
		sink->thread(sink->ctx, &t);
	if (fds && sink->fd)
		hand_fds(sink, tid, dir);
	return true;
}

/* The other threads of a process share almost everything with the first. */
static void
hand_process(const struct sk_list_sink *sink, const char *name, struct texts *x)
{
	char path[80];
	int64_t pid = strtoll(name, NULL, 10);

	(void)snprintf(path, sizeof(path), "/proc/%lld", (long long)pid);
	if (!hand_thread(sink, path, pid, x, true))
		return;
	(void)snprintf(path, sizeof(path), "/proc/%lld/task", (long long)pid);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		int64_t tid = strtoll(e->d_name, NULL, 10);

		if (tid <= 0 || tid == pid)
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%lld/task/%lld", (long long)pid, (long long)tid);
		(void)hand_thread(sink, path, tid, x, false);
	}
	if (d)
		(void)closedir(d);
}

bool
sk_live_scan_thread(const struct sk_list_sink *sink, int64_t tid, bool fds)
{
	SK_AUTO_FREE struct texts *x = malloc(sizeof(*x));
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%lld", (long long)tid);
	return x && hand_thread(sink, path, tid, x, fds);
}

int
sk_live_scan(const struct sk_list_sink *sink)
{
	SK_AUTO_FREE struct texts *x = malloc(sizeof(*x));
	DIR *d = opendir("/proc");

	if (!d || !x) {
		int r = d ? -ENOMEM : -errno;

		if (d)
			(void)closedir(d);
		return r;
	}
	if (sink->section)
		sink->section(sink->ctx);
	sk_live_scan_host(sink);
	for (struct dirent *e; (e = readdir(d));)
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
			hand_process(sink, e->d_name, x);
	(void)closedir(d);
	if (sink->lists_done)
		sink->lists_done(sink->ctx);
	return 0;
}
