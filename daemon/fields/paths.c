#include "daemon/fields/paths.h"

#define AT_FDCWD_NUM (-100)

struct sk_slice
sk_event_dir(const struct sk_fields *f, int64_t dirfd)
{
	const struct sk_thread *t = f->ec.thread;
	const struct sk_fd *fd;

	if (!t)
		return SK_SLICE("<UNKNOWN>");
	if (dirfd == AT_FDCWD_NUM)
		return sk_thread_cwd(t);
	fd = sk_fdtable_find(sk_thread_fds(t), dirfd);
	return fd ? sk_str_slice(fd->name) : SK_SLICE("<UNKNOWN>");
}

struct sk_slice
sk_event_text(const struct sk_event *ev, uint32_t i)
{
	size_t n;
	const char *p = sk_ev_str(ev, i, &n);

	/* "(NULL)" is what early drivers wrote for a null pointer. */
	if (!p || sk_slice_is(sk_slice(p, n), "(NULL)"))
		return SK_SLICE("<NA>");
	return sk_slice(p, n);
}

struct sk_slice
sk_event_path(struct sk_fields *f, struct sk_slice dir, struct sk_slice path)
{
	char whole[SK_MAX_PATH + 1];
	size_t n = sk_path_concat(whole, dir, path);
	char *p = sk_scratch(f, n);

	if (!p)
		return sk_slice(NULL, 0);
	memcpy(p, whole, n);
	return sk_slice(p, n);
}
