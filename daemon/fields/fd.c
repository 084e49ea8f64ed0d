/* The descriptor of an event: its type, inode and state. */
#include "daemon/fields/fd_field.h"

/* What the schema packs into 32 bits: 12 bits of major number between two parts of the minor. */
static int64_t
dev_major(uint32_t dev)
{
	return (dev & 0xfff00) >> 8;
}

static int64_t
dev_minor(uint32_t dev)
{
	return (dev & 0xff) | ((dev >> 12) & 0xfff00);
}

static bool
has(const struct sk_fd *fd, enum sk_fd_flag flag)
{
	return fd->flags & flag;
}

SK_LOADER_OF_FD(fd_type, sk_ret_fd_type(ret, fd))
SK_LOADER_OF_FD(fd_dev, sk_ret_int(ret, (int32_t)fd->dev))
SK_LOADER_OF_FD(fd_dev_major, sk_ret_int(ret, dev_major(fd->dev)))
SK_LOADER_OF_FD(fd_dev_minor, sk_ret_int(ret, dev_minor(fd->dev)))
SK_LOADER_OF_FD(fd_ino, sk_ret_int(ret, (int64_t)fd->ino))
SK_LOADER_OF_FD(fd_connected, sk_ret_bool(ret, has(fd, SK_FDF_CONNECTED)))
SK_LOADER_OF_FD(fd_name_changed, sk_ret_bool(ret, has(fd, SK_FDF_NAME_CHANGED)))
SK_LOADER_OF_FD(fd_is_upper_layer, sk_ret_bool(ret, has(fd, SK_FDF_UPPER_LAYER)))
SK_LOADER_OF_FD(fd_is_lower_layer, sk_ret_bool(ret, has(fd, SK_FDF_LOWER_LAYER)))

SK_LOADER(fd_num)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return sk_fd_applies(f) && sk_ret_int(ret, f->ec.fd_num);
}

SK_LOADER(fd_uid)
{
	const struct sk_fields *f = ctx;
	struct sk_out o;

	(void)arg;
	if (!sk_fd_applies(f))
		return false;
	sk_out_begin(&o, ctx);
	sk_out_i64(&o, f->ec.thread->tid);
	sk_out_i64(&o, f->ec.fd_num);
	return sk_out_ret(&o, ret);
}

/* --- fd.typechar ----------------------------------------------------------------------------------------------------------- */
/* The letter of what a call was to make: its descriptor is not known when it failed. Sockets count as IPv4 whatever the family. */
static char
letter_by_event(uint16_t type)
{
	static const struct {
		uint16_t enter;
		uint8_t makes;
	} makers[] = {
		{ SK_E_SYSCALL_OPENAT_E, SK_FD_FILE },
		{ SK_E_SYSCALL_OPENAT_2_E, SK_FD_FILE },      { SK_E_SYSCALL_OPENAT2_E, SK_FD_FILE },
		{ SK_E_SYSCALL_CREAT_E, SK_FD_FILE },         { SK_E_SOCKET_SOCKET_E, SK_FD_IPV4_SOCK },
		{ SK_E_SOCKET_ACCEPT_E, SK_FD_IPV4_SOCK },    { SK_E_SOCKET_ACCEPT_5_E, SK_FD_IPV4_SOCK },
		{ SK_E_SOCKET_ACCEPT4_E, SK_FD_IPV4_SOCK },   { SK_E_SOCKET_ACCEPT4_5_E, SK_FD_IPV4_SOCK },
		{ SK_E_SOCKET_ACCEPT4_6_E, SK_FD_IPV4_SOCK }, { SK_E_SYSCALL_PIPE_E, SK_FD_FIFO },
		{ SK_E_SYSCALL_PIPE2_E, SK_FD_FIFO },         { SK_E_SYSCALL_EVENTFD_E, SK_FD_EVENT },
		{ SK_E_SYSCALL_EVENTFD2_E, SK_FD_EVENT },     { SK_E_SYSCALL_SIGNALFD_E, SK_FD_SIGNALFD },
		{ SK_E_SYSCALL_SIGNALFD4_E, SK_FD_SIGNALFD }, { SK_E_SYSCALL_TIMERFD_CREATE_E, SK_FD_TIMERFD },
		{ SK_E_SYSCALL_INOTIFY_INIT_E, SK_FD_INOTIFY }, { SK_E_SYSCALL_INOTIFY_INIT1_E, SK_FD_INOTIFY },
	};
	uint16_t enter = type & (uint16_t)~1u;

	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (makers[i].enter == enter)
			return sk_fd_kind(makers[i].makes)->letter;
	return 'o';
}

SK_LOADER(fd_typechar)
{
	const struct sk_fields *f = ctx;
	/* Every letter is a view into this text, so that the value needs no memory. */
	static const char letters[] = "456PXbdefilmnoprstu";
	const char *p;
	char c;

	(void)arg;
	if (!sk_fd_applies(f))
		return false;
	c = f->ec.fd ? sk_fd_kind(f->ec.fd->type)->letter : letter_by_event(f->ec.ev->type);
	p = strchr(letters, c);
	return p ? sk_ret_view(ret, sk_slice(p, 1)) : sk_ret_str(ctx, ret, sk_slice(&c, 1));
}

/* --- fd.types -------------------------------------------------------------------------------------------------------------- */
/* The distinct type names of a table, in the order of the descriptors' numbers. */
struct types {
	struct sk_value *list;
	size_t n;
	uint64_t seen; /* bits by type: tables are long, types are few */
};

#define TYPES_MAX 32 /* more than there are names */

static void
add_type(void *ctx, const struct sk_fd *fd)
{
	struct types *ts = ctx;
	uint64_t bit = UINT64_C(1) << (fd->type < 63 ? fd->type : 63);
	struct sk_value v;

	if (ts->seen & bit)
		return;
	ts->seen |= bit;
	sk_ret_fd_type(&v, fd);
	for (size_t i = 0; i < ts->n; i++)
		if (strcmp(ts->list[i].s, v.s) == 0) /* types that share a name */
			return;
	if (ts->n < TYPES_MAX)
		ts->list[ts->n++] = v;
}

SK_LOADER(fd_types)
{
	struct sk_fields *f = ctx;
	struct types ts = { NULL, 0, 0 };
	const struct sk_fdtable *fds;
	const struct sk_fd *fd;

	if (!sk_fd_applies(f))
		return false;
	fds = sk_thread_fds(f->ec.thread);
	if (fds)
		ts.list = sk_scratch(f, TYPES_MAX * sizeof(*ts.list));
	if (!ts.list)
		return false;
	if (arg->kind != SK_VA_INDEX) {
		sk_fdtable_each(fds, add_type, &ts);
		return sk_ret_list(ret, ts.list, ts.n, SK_LIST_PLAIN);
	}
	fd = arg->index <= INT32_MAX ? sk_fdtable_find(fds, (int64_t)arg->index) : NULL;
	return fd && sk_ret_fd_type(&ts.list[0], fd) && sk_ret_list(ret, ts.list, 1, SK_LIST_PLAIN);
}
