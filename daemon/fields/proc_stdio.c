/* What a process has as standard input, output and error. */
#include "daemon/fields/fd_field.h"

static const struct sk_fd *
stdio(void *ctx, int64_t num)
{
	const struct sk_thread *t = sk_loader_thread(ctx);
	const struct sk_fdtable *fds = t ? sk_thread_fds(t) : NULL;

	return fds ? sk_fdtable_find(fds, num) : NULL;
}

#define LOADERS_OF_STREAM(stream, num)                                                                                       \
	SK_LOADER(proc_##stream##_name)                                                                                      \
	{                                                                                                                    \
		const struct sk_fd *fd = stdio(ctx, num);                                                                    \
		(void)arg;                                                                                                   \
		return fd && sk_ret_shared(ret, fd->name);                                                                   \
	}                                                                                                                    \
	SK_LOADER(proc_##stream##_type)                                                                                      \
	{                                                                                                                    \
		const struct sk_fd *fd = stdio(ctx, num);                                                                    \
		(void)arg;                                                                                                   \
		return fd && sk_ret_fd_type(ret, fd);                                                   \
	}

LOADERS_OF_STREAM(stdin, 0)
LOADERS_OF_STREAM(stdout, 1)
LOADERS_OF_STREAM(stderr, 2)
