/* Descriptors of files, pipes and the kernel's other objects: open, close, dup and all that makes one. */
#include "daemon/state/internal.h"

/* Bits of the schema's file flags. */
#define O_DIRECTORY_ 0x400u
#define O_CLOEXEC_ 0x1000u
#define O_F_CREATED_ 0x4000u
#define FD_UPPER_ 0x8000u
#define FD_LOWER_ 0x10000u
#define CREAT_UPPER_ 1u
#define CREAT_LOWER_ 2u

#define AT_FDCWD_ (-100)
#define F_DUPFD_ 1u
#define F_SETFD_ 3u
#define F_DUPFD_CLOEXEC_ 26u
#define FD_CLOEXEC_ 1u
#define CLOSE_RANGE_CLOEXEC_ 4u

/* --- open ------------------------------------------------------------------------------------------------------------- */
struct opening {
	struct sk_slice dir, name;
	uint32_t flags, dev;
	uint64_t ino;
};

/* The name as given, runs of slashes apart. */
static void
set_raw_name(struct sk_state *s, struct sk_fd *fd, struct sk_slice name)
{
	char out[SK_MAX_PATH];
	size_t n = 0;

	if (sk_slice_eq(sk_str_slice(fd->name), name)) {
		sk_str_copy(&s->strings, &fd->raw_name, fd->name);
		return;
	}
	for (size_t i = 0; i < name.n && n < sizeof(out); i++)
		if (name.p[i] != '/' || !n || out[n - 1] != '/')
			out[n++] = name.p[i];
	sk_str_set(&s->strings, &fd->raw_name, sk_slice(out, n));
}

static void
opened(struct sk_state *s, struct sk_event_ctx *x, const struct opening *o)
{
	enum sk_fd_type type = o->flags & O_DIRECTORY_ ? SK_FD_DIRECTORY : SK_FD_FILE_V2;
	char path[SK_MAX_PATH + 1];

	if (x->res < 0)
		return;
	/* First the name: the directory may be the very entry that is replaced. */
	size_t n = sk_path_concat(path, o->dir, o->name);
	struct sk_fd *fd = sk_fd_add(s, sk_ctx_process(x), x->res, type);
	if (!fd)
		return;
	fd->open_flags = o->flags;
	fd->dev = o->dev;
	fd->ino = o->ino;
	fd->flags |= (o->flags & O_CLOEXEC_ ? SK_FDF_CLOEXEC : 0u) | (o->flags & O_F_CREATED_ ? SK_FDF_CREATED : 0u) |
		     (o->flags & FD_UPPER_ ? SK_FDF_UPPER_LAYER : 0u) | (o->flags & FD_LOWER_ ? SK_FDF_LOWER_LAYER : 0u);
	sk_fd_rename(s, fd, sk_opened_name(s, x, sk_slice(path, n)));
	set_raw_name(s, fd, o->name);
	sk_ctx_fd(x, fd);
}

/* The directory that NAME is relative to. */
static struct sk_slice
directory(const struct sk_thread *t, int64_t dirfd, struct sk_slice name)
{
	if (name.n && name.p[0] == '/')
		return SK_SLICE(".");
	if (dirfd == AT_FDCWD_)
		return sk_thread_cwd(t);
	const struct sk_fd *fd = sk_fdtable_find(sk_thread_fds(t), dirfd);
	return fd ? sk_str_slice(fd->name) : SK_SLICE("<UNKNOWN>");
}

/* What the program passed at entry counts; only the kernel's own additions come from the exit. */
static uint32_t
merge_flags(uint32_t entry, uint32_t exit)
{
	return entry | (exit & ~(O_F_CREATED_ - 1));
}

void
sk_on_open(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	const struct sk_event *enter;
	struct opening o = {.name = sk_ev_text(ev, 1),
			    .flags = (uint32_t)sk_ev_uint(ev, 2),
			    .dev = (uint32_t)sk_ev_uint(ev, 4),
			    .ino = sk_ev_uint(ev, 5)};

	if (!x->thread || x->res < 0)
		return;
	if ((enter = sk_enter_get(x->thread, SK_E_SYSCALL_OPEN_E))) {
		o.name = sk_ev_text(enter, 0);
		o.flags = merge_flags((uint32_t)sk_ev_uint(enter, 1), o.flags);
	}
	o.dir = directory(x->thread, AT_FDCWD_, o.name);
	opened(s, x, &o);
}

void
sk_on_creat(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	const struct sk_event *enter;
	uint64_t layer = sk_ev_uint(ev, 5);
	struct opening o = {.name = sk_ev_text(ev, 1),
			    .flags = (layer & CREAT_UPPER_ ? FD_UPPER_ : 0) | (layer & CREAT_LOWER_ ? FD_LOWER_ : 0),
			    .dev = (uint32_t)sk_ev_uint(ev, 3),
			    .ino = sk_ev_uint(ev, 4)};

	if (!x->thread || x->res < 0)
		return;
	if ((enter = sk_enter_get(x->thread, SK_E_SYSCALL_CREAT_E)))
		o.name = sk_ev_text(enter, 0);
	o.dir = directory(x->thread, AT_FDCWD_, o.name);
	opened(s, x, &o);
}

/* openat and openat2 differ in where device and inode stand. */
static void
open_at(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x, uint32_t dev, uint32_t enter_type)
{
	const struct sk_event *enter;
	int64_t dirfd = sk_ev_int(ev, 1, AT_FDCWD_);
	struct opening o = {.name = sk_ev_text(ev, 2),
			    .flags = (uint32_t)sk_ev_uint(ev, 3),
			    .dev = (uint32_t)sk_ev_uint(ev, dev),
			    .ino = sk_ev_uint(ev, dev + 1)};

	if (!x->thread || x->res < 0)
		return;
	if ((enter = sk_enter_get(x->thread, enter_type))) {
		dirfd = sk_ev_int(enter, 0, dirfd);
		o.name = sk_ev_text(enter, 1);
		o.flags = merge_flags((uint32_t)sk_ev_uint(enter, 2), o.flags);
	}
	o.dir = directory(x->thread, dirfd, o.name);
	opened(s, x, &o);
}

void
sk_on_openat(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	open_at(s, ev, x, 5, SK_E_SYSCALL_OPENAT_2_E);
}

void
sk_on_openat2(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	open_at(s, ev, x, 6, SK_E_SYSCALL_OPENAT2_E);
}

void
sk_on_open_by_handle(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct opening o = {.dir = SK_SLICE(""),
			    .name = sk_ev_text(ev, 3),
			    .flags = (uint32_t)sk_ev_uint(ev, 2),
			    .dev = (uint32_t)sk_ev_uint(ev, 4),
			    .ino = sk_ev_uint(ev, 5)};

	if (x->thread)
		opened(s, x, &o);
}

/* --- close ------------------------------------------------------------------------------------------------------------ */
void
sk_on_close(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_closing c = {sk_ctx_process(x), x->fd_num};

	(void)ev;
	if (!c.main || !x->fd || x->res < 0)
		return;
	/* The event's own fields still show it; it goes with the next event. */
	if (sk_vec_push(&s->closing, c))
		s->leftovers = true;
	else
		s->stats.out_of_memory++;
}

static void
set_cloexec(struct sk_state *s, struct sk_thread *main, int64_t num, bool on)
{
	const struct sk_fd *before = main ? sk_fdtable_find(main->fds, num) : NULL;

	if (!before || !!(before->flags & SK_FDF_CLOEXEC) == on)
		return;
	struct sk_fd *fd = sk_fd_edit(s, main, num);
	if (fd)
		fd->flags ^= SK_FDF_CLOEXEC;
}

struct range {
	int64_t first, last;
	int64_t *nums;
	size_t n;
};

static void
collect(void *arg, const struct sk_fd *fd)
{
	struct range *r = arg;

	if (fd->num >= r->first && fd->num <= r->last)
		r->nums[r->n++] = fd->num;
}

void
sk_on_close_range(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_thread *main = sk_ctx_process(x);
	struct range r = {.first = (int64_t)sk_ev_uint(ev, 1), .last = (int64_t)sk_ev_uint(ev, 2)};

	if (!main || x->res < 0)
		return;
	if (!(sk_ev_uint(ev, 3) & CLOSE_RANGE_CLOEXEC_)) {
		sk_fds_drop(s, main, r.first, r.last, 0);
		return;
	}
	SK_AUTO_FREE int64_t *nums = calloc(sk_fdtable_count(main->fds) + 1, sizeof(*nums));
	r.nums = nums;
	if (nums)
		sk_fdtable_each(main->fds, collect, &r);
	for (size_t i = 0; i < r.n; i++)
		set_cloexec(s, main, nums[i], true);
}

/* --- copies ----------------------------------------------------------------------------------------------------------- */
static struct sk_fd *
duplicate(struct sk_state *s, struct sk_event_ctx *x, const struct sk_fd *from, int64_t num, bool cloexec)
{
	struct sk_fd *fd;

	if (from->num == num && sk_fdtable_find(sk_thread_fds(x->thread), num) == from)
		return NULL; /* dup2 onto itself */
	fd = sk_fd_add_copy(s, sk_ctx_process(x), num, from);
	if (fd)
		fd->flags = (fd->flags & ~(uint32_t)SK_FDF_CLOEXEC) | (cloexec ? SK_FDF_CLOEXEC : 0u);
	return fd;
}

/* The event is about the copy, if there is one. */
static void
show_copy(struct sk_event_ctx *x, struct sk_fd *copy)
{
	if (copy)
		sk_ctx_fd(x, copy);
}

void
sk_on_dup(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	if (!x->thread || x->res < 0)
		return;
	/* A shell that wires up a pipeline puts its ends at 0 and 1. */
	if (x->res == 0)
		x->thread->flags |= SK_CL_PIPE_DST;
	else if (x->res == 1)
		x->thread->flags |= SK_CL_PIPE_SRC;
	if (!x->fd)
		return;
	struct sk_fd *fd = duplicate(s, x, x->fd, x->res, ev->type == SK_E_SYSCALL_DUP3_X && (sk_ev_uint(ev, 3) & O_CLOEXEC_));
	show_copy(x, fd);
}

void
sk_on_fcntl(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	uint64_t cmd = sk_ev_uint(ev, 2);

	if (!x->thread || !x->fd || x->res < 0)
		return;
	if (cmd == F_DUPFD_ || cmd == F_DUPFD_CLOEXEC_) {
		show_copy(x, duplicate(s, x, x->fd, x->res, cmd == F_DUPFD_CLOEXEC_));
	} else if (cmd == F_SETFD_) {
		set_cloexec(s, sk_ctx_process(x), x->fd_num, sk_ev_uint(ev, 3) & FD_CLOEXEC_);
		x->fd = sk_fdtable_find(sk_thread_fds(x->thread), x->fd_num);
	}
}

void
sk_on_pidfd_getfd(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	const struct sk_fdtable *fds = x->thread ? sk_thread_fds(x->thread) : NULL;
	const struct sk_fd *pidfd = sk_fdtable_find(fds, sk_ev_int(ev, 1, -1));
	const struct sk_thread *other = pidfd && pidfd->type == SK_FD_PIDFD ? sk_state_thread(s, pidfd->pid) : NULL;
	const struct sk_fd *from = other ? sk_fdtable_find(sk_thread_fds(other), sk_ev_int(ev, 2, -1)) : NULL;

	if (from && x->res >= 0)
		sk_ctx_fd(x, duplicate(s, x, from, x->res, true));
}

/* --- other objects ---------------------------------------------------------------------------------------------------- */
static struct sk_fd *
created(struct sk_state *s, struct sk_event_ctx *x, int64_t num, enum sk_fd_type type, uint64_t flags)
{
	struct sk_fd *fd = x->thread && x->res >= 0 ? sk_fd_add(s, sk_ctx_process(x), num, type) : NULL;

	if (!fd)
		return NULL;
	fd->open_flags = (uint32_t)flags;
	if (flags & O_CLOEXEC_)
		fd->flags |= SK_FDF_CLOEXEC;
	sk_ctx_fd(x, fd);
	return fd;
}

void
sk_on_pipe(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	for (uint32_t i = 1; i <= 2; i++) {
		struct sk_fd *fd = created(s, x, sk_ev_int(ev, i, -1), SK_FD_FIFO, sk_ev_uint(ev, 4));

		if (fd)
			fd->ino = sk_ev_uint(ev, 3);
	}
}

void
sk_on_memfd(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_fd *fd = created(s, x, x->res, SK_FD_MEMFD, sk_ev_uint(ev, 2) & 1 ? O_CLOEXEC_ : 0);

	if (fd)
		sk_fd_rename(s, fd, sk_ev_text(ev, 1));
}

void
sk_on_pidfd_open(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_fd *fd = created(s, x, x->res, SK_FD_PIDFD, O_CLOEXEC_);
	char name[40];

	if (!fd)
		return;
	fd->pid = sk_ev_int(ev, 1, -1);
	int n = snprintf(name, sizeof(name), "/proc/%lld", (long long)fd->pid);
	sk_fd_rename(s, fd, sk_slice(name, (size_t)n));
}

void
sk_on_eventfd(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	created(s, x, x->res, SK_FD_EVENT, ev->type == SK_E_SYSCALL_EVENTFD2_X ? sk_ev_uint(ev, 1) : 0);
}

void
sk_on_signalfd(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	created(s, x, x->res, SK_FD_SIGNALFD, ev->type == SK_E_SYSCALL_SIGNALFD4_X ? sk_ev_uint(ev, 1) : 0);
}

void
sk_on_timerfd(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)ev;
	created(s, x, x->res, SK_FD_TIMERFD, 0);
}

void
sk_on_inotify(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	created(s, x, x->res, SK_FD_INOTIFY, ev->type == SK_E_SYSCALL_INOTIFY_INIT1_X ? sk_ev_uint(ev, 1) : 0);
}

void
sk_on_bpf(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)ev;
	created(s, x, x->res, SK_FD_BPF, 0);
}

void
sk_on_userfaultfd(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	created(s, x, x->res, SK_FD_USERFAULTFD, sk_ev_uint(ev, 1));
}

void
sk_on_io_uring(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)ev;
	created(s, x, x->res, SK_FD_IOURING, O_CLOEXEC_);
}

void
sk_on_epoll(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	/* Its only flag is this one, with a value of its own. */
	bool cloexec = ev->type == SK_E_SYSCALL_EPOLL_CREATE1_X && sk_ev_uint(ev, 1);

	created(s, x, x->res, SK_FD_EVENTPOLL, cloexec ? O_CLOEXEC_ : 0);
}
