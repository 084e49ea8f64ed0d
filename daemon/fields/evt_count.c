/* Fields that count: events, errors, bytes. */
#include "daemon/fields/fd_kind.h"
#include "daemon/fields/loader.h"

#define CATEGORY_BITS (SK_EC_SYSCALL - 1)

static uint32_t
category(const struct sk_fields *f)
{
	return f->ec.ev->desc->category & CATEGORY_BITS;
}

/* --- events ---------------------------------------------------------------------------------------------------------------- */
SK_LOADER(evt_count)
{
	(void)ctx;
	(void)arg;
	return sk_ret_uint(ret, 1);
}

SK_LOADER(evt_count_exit)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return f->ec.ev->type & 1 && sk_ret_uint(ret, 1);
}

SK_LOADER(evt_count_threadinfo)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_uint(ret, f->ec.ev->type == SK_E_PROCINFO_E);
}

SK_LOADER(evt_count_procinfo)
{
	const struct sk_fields *f = ctx;
	const struct sk_thread *t = f->ec.thread;

	(void)arg;
	return sk_ret_uint(ret, f->ec.ev->type == SK_E_PROCINFO_E && t && t->tid == t->pid);
}

/* --- errors: 1 or 0 for calls of the kind, absent for others --------------------------------------------------------------- */
enum kind { KIND_OTHER, KIND_FILE, KIND_NET };

static enum kind
kind_of_call(uint32_t type)
{
	switch (type) {
	case SK_E_SYSCALL_OPEN_X:
	case SK_E_SYSCALL_CREAT_X:
	case SK_E_SYSCALL_OPENAT_X:
	case SK_E_SYSCALL_OPENAT_2_X:
	case SK_E_SYSCALL_OPENAT2_X:
	case SK_E_SYSCALL_OPEN_BY_HANDLE_AT_X:
		return KIND_FILE;
	case SK_E_SOCKET_ACCEPT_X:
	case SK_E_SOCKET_ACCEPT_5_X:
	case SK_E_SOCKET_ACCEPT4_X:
	case SK_E_SOCKET_ACCEPT4_5_X:
	case SK_E_SOCKET_ACCEPT4_6_X:
	case SK_E_SOCKET_CONNECT_X:
		return KIND_NET;
	default:
		return KIND_OTHER;
	}
}

/* By the descriptor if it is known, else by the call. */
static enum kind
kind_of(const struct sk_fields *f)
{
	const struct sk_fd *fd = f->ec.fd;

	if (!fd)
		return kind_of_call(f->ec.ev->type);
	if (sk_fd_is_file(fd))
		return KIND_FILE;
	return sk_fd_is_ip(fd) || fd->type == SK_FD_UNIX_SOCK ? KIND_NET : KIND_OTHER;
}

static bool
ret_failed(const struct sk_fields *f, bool counts, struct sk_value *ret)
{
	return counts && f->ec.has_res && sk_ret_uint(ret, f->ec.res < 0);
}

SK_LOADER(evt_count_error)
{
	(void)arg;
	return ret_failed(ctx, true, ret);
}

SK_LOADER(evt_count_error_file)
{
	(void)arg;
	return ret_failed(ctx, kind_of(ctx) == KIND_FILE, ret);
}

SK_LOADER(evt_count_error_net)
{
	(void)arg;
	return ret_failed(ctx, kind_of(ctx) == KIND_NET, ret);
}

SK_LOADER(evt_count_error_memory)
{
	(void)arg;
	return ret_failed(ctx, category(ctx) == SK_EC_MEMORY, ret);
}

SK_LOADER(evt_count_error_other)
{
	const struct sk_fields *f = ctx;
	bool memory_alone = !f->ec.fd && category(f) == SK_EC_MEMORY;

	(void)arg;
	return ret_failed(f, kind_of(f) == KIND_OTHER && !memory_alone, ret);
}

/* --- bytes ----------------------------------------------------------------------------------------------------------------- */
/* The result of a call on a descriptor that is known, if the call is of the I/O category CATEGORY (0: any). */
static bool
ret_bytes(const struct sk_fields *f, uint32_t want, bool counts, struct sk_value *ret)
{
	uint32_t c = category(f);

	if (!counts || !f->ec.fd || !f->ec.has_res || f->ec.res < 0 || !(c & SK_EC_IO_BASE) || (want && c != want))
		return false;
	return sk_ret_uint(ret, (uint64_t)f->ec.res);
}

static bool
on_file(const struct sk_fields *f)
{
	return f->ec.fd && sk_fd_is_file(f->ec.fd) && f->ec.fd->type != SK_FD_DIRECTORY;
}

static bool
on_net(const struct sk_fields *f)
{
	return f->ec.fd && sk_fd_is_ip(f->ec.fd);
}

#define BYTES(field, want, counts)                                                                                           \
	SK_LOADER(field)                                                                                                     \
	{                                                                                                                    \
		(void)arg;                                                                                                   \
		return ret_bytes(ctx, want, counts, ret);                                                                    \
	}
BYTES(evt_buflen, 0, true)
BYTES(evt_buflen_in, SK_EC_IO_READ, true)
BYTES(evt_buflen_out, SK_EC_IO_WRITE, true)
BYTES(evt_buflen_file, 0, on_file(ctx))
BYTES(evt_buflen_file_in, SK_EC_IO_READ, on_file(ctx))
BYTES(evt_buflen_file_out, SK_EC_IO_WRITE, on_file(ctx))
BYTES(evt_buflen_net, 0, on_net(ctx))
BYTES(evt_buflen_net_in, SK_EC_IO_READ, on_net(ctx))
BYTES(evt_buflen_net_out, SK_EC_IO_WRITE, on_net(ctx))
