/* Descriptor lists: one block a process. */
#include "probe/scap/format.h"
#include "probe/scap/lists.h"

static void
read_address(struct sk_reader *r, uint8_t to[16], size_t n)
{
	const uint8_t *p = sk_read_bytes(r, n);

	if (p)
		memcpy(to, p, n);
}

/* Addresses of ADDR bytes: both ends, or the listening one. */
static void
read_socket(struct sk_reader *r, struct sk_fd_entry *fd, size_t addr, bool server)
{
	read_address(r, fd->saddr, addr);
	if (!server)
		read_address(r, fd->daddr, addr);
	fd->sport = sk_read_u16(r);
	if (!server)
		fd->dport = sk_read_u16(r);
	fd->l4 = sk_read_u8(r);
}

/* What follows the type; false for types that this version of the format does not know. */
static bool
read_payload(struct sk_reader *r, struct sk_fd_entry *fd, uint32_t version)
{
	switch ((enum sk_fd_type)fd->type) {
	case SK_FD_UNKNOWN:
		return true;
	case SK_FD_IPV4_SOCK:
	case SK_FD_IPV4_SERVSOCK:
		read_socket(r, fd, 4, fd->type == SK_FD_IPV4_SERVSOCK);
		return true;
	case SK_FD_IPV6_SOCK:
	case SK_FD_IPV6_SERVSOCK:
		read_socket(r, fd, 16, fd->type == SK_FD_IPV6_SERVSOCK);
		return true;
	case SK_FD_UNIX_SOCK:
		fd->unix_src = sk_read_u64(r);
		fd->unix_dst = sk_read_u64(r);
		fd->name = sk_read_str16(r);
		return true;
	case SK_FD_FILE_V2:
		fd->open_flags = sk_read_u32(r);
		fd->name = sk_read_str16(r);
		if (version >= 2 && sk_reader_left(r) >= 4)
			fd->dev = sk_read_u32(r);
		return true;
	case SK_FD_FILE:
	case SK_FD_DIRECTORY:
	case SK_FD_FIFO:
	case SK_FD_EVENT:
	case SK_FD_UNSUPPORTED:
	case SK_FD_SIGNALFD:
	case SK_FD_EVENTPOLL:
	case SK_FD_INOTIFY:
	case SK_FD_TIMERFD:
	case SK_FD_NETLINK:
	case SK_FD_BPF:
	case SK_FD_USERFAULTFD:
	case SK_FD_IOURING:
	case SK_FD_MEMFD:
	case SK_FD_PIDFD:
		fd->name = sk_read_str16(r);
		return true;
	}
	return false;
}

static bool
read_fd(struct sk_reader *entry, uint32_t version, struct sk_fd_entry *fd, const char **ret_why)
{
	fd->name = sk_slice("", 0);
	fd->num = sk_read_i64(entry);
	fd->ino = sk_read_u64(entry);
	fd->type = sk_read_u8(entry);
	if (!read_payload(entry, fd, version)) {
		/* Only an entry that says how long it is can be stepped over. */
		*ret_why = "unknown type of descriptor";
		if (version < 2)
			return false;
		fd->type = SK_FD_UNSUPPORTED;
	}
	*ret_why = "a descriptor entry is longer than its list";
	return !entry->bad;
}

bool
sk_scap_fds(struct sk_reader body, uint32_t version, const struct sk_list_sink *sink, const char **ret_why)
{
	int64_t tid = sk_read_i64(&body);

	if (body.bad) {
		*ret_why = "a descriptor list without its thread";
		return false;
	}
	while (sk_reader_left(&body) >= SK_LIST_PADDING) {
		struct sk_fd_entry fd = { 0 };
		struct sk_reader entry = version >= 2 ? sk_list_entry(&body, true) : body;

		if (!read_fd(&entry, version, &fd, ret_why))
			return false;
		if (version < 2)
			body = entry;
		if (sink->fd)
			sink->fd(sink->ctx, tid, &fd);
	}
	return true;
}
