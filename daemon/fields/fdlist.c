/* The descriptors that poll and ppoll wait for, as comma separated texts. */
#include "base/bytes.h"
#include "daemon/fields/fd_field.h"

/* The parameter that holds them; -1: not a poll event. */
static int
fds_param(uint16_t type)
{
	switch (type) {
	case SK_E_SYSCALL_POLL_E:
	case SK_E_SYSCALL_PPOLL_E:
		return 0;
	case SK_E_SYSCALL_POLL_X:
	case SK_E_SYSCALL_PPOLL_X:
		return 1;
	default:
		return -1;
	}
}

static bool
is_connection(const struct sk_fd *fd)
{
	return fd && (fd->type == SK_FD_IPV4_SOCK || fd->type == SK_FD_IPV6_SOCK);
}

static void
put_addr(struct sk_out *o, const struct sk_fd *fd, const uint8_t *addr)
{
	bool v4 = fd->type == SK_FD_IPV4_SOCK || fd->type == SK_FD_IPV4_SERVSOCK;

	sk_out_address(o, addr, v4 ? 4 : 6);
}

/* Append what the field shows of descriptor NUM, which is FD (NULL: not known); nothing if it shows nothing. */
typedef void put_fn(struct sk_out *o, int64_t num, const struct sk_fd *fd);

static void
put_num(struct sk_out *o, int64_t num, const struct sk_fd *fd)
{
	(void)fd;
	sk_out_i64(o, num);
}

static void
put_name(struct sk_out *o, int64_t num, const struct sk_fd *fd)
{
	(void)num;
	sk_out_slice(o, fd && fd->name->n ? sk_str_slice(fd->name) : SK_SLICE("<NA>"));
}

static void
put_cip(struct sk_out *o, int64_t num, const struct sk_fd *fd)
{
	(void)num;
	if (is_connection(fd))
		put_addr(o, fd, fd->saddr);
}

static void
put_sip(struct sk_out *o, int64_t num, const struct sk_fd *fd)
{
	(void)num;
	if (is_connection(fd))
		put_addr(o, fd, fd->daddr);
	else if (fd && (fd->type == SK_FD_IPV4_SERVSOCK || fd->type == SK_FD_IPV6_SERVSOCK))
		put_addr(o, fd, fd->saddr);
}

static void
put_cport(struct sk_out *o, int64_t num, const struct sk_fd *fd)
{
	(void)num;
	if (is_connection(fd))
		sk_out_u64(o, fd->sport);
}

static void
put_sport(struct sk_out *o, int64_t num, const struct sk_fd *fd)
{
	(void)num;
	if (is_connection(fd))
		sk_out_u64(o, fd->dport);
}

static bool
ret_fds(struct sk_fields *f, struct sk_value *ret, put_fn *put)
{
	const struct sk_event *ev = f->ec.ev;
	int param = fds_param(ev->type);
	const struct sk_fdtable *fds;
	struct sk_reader r;
	struct sk_out o;

	if (param < 0 || !f->ec.thread || !sk_ev_len(ev, (uint32_t)param))
		return false;
	fds = sk_thread_fds(f->ec.thread);
	r = sk_reader(sk_ev_ptr(ev, (uint32_t)param), sk_ev_len(ev, (uint32_t)param));
	sk_out_begin(&o, f);
	for (uint32_t left = sk_read_u16(&r); left > 0; left--) {
		int64_t num = sk_read_i64(&r);
		size_t before;

		sk_read_u16(&r); /* what it waits for */
		if (r.bad)
			break;
		if (o.n)
			sk_out_char(&o, ',');
		before = o.n;
		put(&o, num, fds ? sk_fdtable_find(fds, num) : NULL);
		if (o.n == before && before)
			o.n--; /* the comma */
	}
	return o.n && sk_out_ret(&o, ret);
}

#define LOADER_OF_FDS(sym, put)                                                                                              \
	SK_LOADER(fdlist_##sym)                                                                                              \
	{                                                                                                                    \
		(void)arg;                                                                                                   \
		return ret_fds(ctx, ret, put);                                                                               \
	}

LOADER_OF_FDS(nums, put_num)
LOADER_OF_FDS(names, put_name)
LOADER_OF_FDS(cips, put_cip)
LOADER_OF_FDS(sips, put_sip)
LOADER_OF_FDS(cports, put_cport)
LOADER_OF_FDS(sports, put_sport)
