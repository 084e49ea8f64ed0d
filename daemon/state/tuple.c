/* Addresses: as events carry them, as text. */
#include "daemon/state/internal.h"
#include "base/bytes.h"

#include <arpa/inet.h>

static const uint8_t zeros[16];

/* An IPv4 address in IPv6 clothes, or nothing but zeros, which counts as either. */
static bool
is_mapped(const uint8_t a[16])
{
	static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	return memcmp(a, prefix, 12) == 0 || memcmp(a, zeros, 16) == 0;
}

static bool
parse_inet(struct sk_reader *r, struct sk_tuple *t, size_t width)
{
	const void *src = sk_read_bytes(r, width);
	uint16_t sport = sk_read_u16(r);
	const void *dst = sk_read_bytes(r, width);
	uint16_t dport = sk_read_u16(r);

	if (r->bad)
		return false;
	memcpy(t->saddr, src, width);
	memcpy(t->daddr, dst, width);
	t->sport = sport;
	t->dport = dport;
	return true;
}

static void
unmap(struct sk_tuple *t)
{
	if (!is_mapped(t->saddr) || !is_mapped(t->daddr))
		return;
	t->family = SK_AF_INET;
	memcpy(t->saddr, t->saddr + 12, 4);
	memcpy(t->daddr, t->daddr + 12, 4);
	memset(t->saddr + 4, 0, 12);
	memset(t->daddr + 4, 0, 12);
}

bool
sk_tuple_parse(struct sk_slice bytes, struct sk_tuple *ret)
{
	struct sk_reader r = sk_reader(bytes.p, bytes.n);

	*ret = (struct sk_tuple){.path = SK_SLICE("")};
	ret->family = sk_read_u8(&r);
	switch (ret->family) {
	case SK_AF_INET:
		return parse_inet(&r, ret, 4);
	case SK_AF_INET6:
		if (!parse_inet(&r, ret, 16))
			return false;
		unmap(ret);
		return true;
	case SK_AF_UNIX:
		ret->unix_src = sk_read_u64(&r);
		ret->unix_dst = sk_read_u64(&r);
		ret->path = sk_slice((const char *)r.p, r.bad ? 0 : strnlen((const char *)r.p, sk_reader_left(&r)));
		return !r.bad;
	default:
		return false;
	}
}

bool
sk_addr_parse(struct sk_slice bytes, struct sk_addr *ret)
{
	struct sk_reader r = sk_reader(bytes.p, bytes.n);
	const void *p;

	*ret = (struct sk_addr){.path = SK_SLICE("")};
	ret->family = ret->wire_family = sk_read_u8(&r);
	switch (ret->family) {
	case SK_AF_INET:
	case SK_AF_INET6:
		if ((p = sk_read_bytes(&r, ret->family == SK_AF_INET ? 4 : 16)))
			memcpy(ret->wire_addr, p, ret->family == SK_AF_INET ? 4 : 16);
		memcpy(ret->addr, ret->wire_addr, 16);
		ret->port = sk_read_u16(&r);
		if (ret->family == SK_AF_INET6 && is_mapped(ret->addr)) {
			ret->family = SK_AF_INET;
			memcpy(ret->addr, ret->wire_addr + 12, 4);
			memset(ret->addr + 4, 0, 12);
		}
		return !r.bad;
	case SK_AF_UNIX:
		ret->path = sk_slice((const char *)r.p, strnlen((const char *)r.p, sk_reader_left(&r)));
		return true;
	default:
		return !r.bad;
	}
}

/* --- text ------------------------------------------------------------------------------------------------------------- */
/* Appends to a fixed buffer; what does not fit is cut. */
struct out {
	char *p;
	size_t n, cap;
};

static void
put(struct out *o, const char *p, size_t n)
{
	n = n > o->cap - o->n ? o->cap - o->n : n;
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

static void
put_number(struct out *o, uint64_t v, unsigned base)
{
	char digits[24];
	size_t i = sizeof(digits);

	do
		digits[--i] = "0123456789abcdef"[v % base];
	while (v /= base);
	put(o, digits + i, sizeof(digits) - i);
}

static void
put_ip(struct out *o, uint8_t family, const uint8_t *a)
{
	char text[INET6_ADDRSTRLEN];

	if (family == SK_AF_INET6) {
		if (inet_ntop(AF_INET6, a, text, sizeof(text)))
			put(o, text, strlen(text));
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		if (i)
			put(o, ".", 1);
		put_number(o, a[i], 10);
	}
}

static void
put_end(struct out *o, uint8_t family, const uint8_t *a, uint16_t port, bool with_port)
{
	put_ip(o, family, a);
	if (with_port) {
		put(o, ":", 1);
		put_number(o, port, 10);
	}
}

static void
put_pair(struct out *o, uint8_t family, const struct sk_tuple *t, bool with_ports)
{
	put_end(o, family, t->saddr, t->sport, with_ports);
	put(o, "->", 2);
	put_end(o, family, t->daddr, t->dport, with_ports);
}

static void
put_unix(struct out *o, uint64_t src, uint64_t dst, struct sk_slice path)
{
	put_number(o, src, 16);
	put(o, "->", 2);
	put_number(o, dst, 16);
	put(o, " ", 1);
	put(o, path.p, path.n);
}

size_t
sk_addr_text(char *out, size_t n, const struct sk_addr *a)
{
	struct out o = {out, 0, n};

	if (a->wire_family == SK_AF_INET || a->wire_family == SK_AF_INET6)
		put_end(&o, a->wire_family, a->wire_addr, a->port, true);
	else if (a->wire_family == SK_AF_UNIX)
		put(&o, a->path.p, a->path.n);
	return o.n;
}

size_t
sk_tuple_text(char *out, size_t n, const struct sk_tuple *t)
{
	struct out o = {out, 0, n};

	if (t->family == SK_AF_UNIX)
		put_unix(&o, t->unix_src, t->unix_dst, t->path);
	else if (t->family)
		put_pair(&o, t->family, t, true);
	return o.n;
}

size_t
sk_fd_tuple_text(char *out, size_t n, const struct sk_fd *fd, struct sk_slice unix_path)
{
	struct out o = {out, 0, n};
	struct sk_tuple t = {.sport = fd->sport, .dport = fd->dport};

	memcpy(t.saddr, fd->saddr, 16);
	memcpy(t.daddr, fd->daddr, 16);
	switch ((enum sk_fd_type)fd->type) {
	case SK_FD_IPV4_SOCK:
		put_pair(&o, SK_AF_INET, &t, fd->l4 != SK_L4_ICMP);
		break;
	case SK_FD_IPV6_SOCK:
		put_pair(&o, SK_AF_INET6, &t, fd->l4 != SK_L4_ICMP);
		break;
	case SK_FD_IPV4_SERVSOCK:
		put_end(&o, SK_AF_INET, fd->saddr, fd->sport, true);
		break;
	case SK_FD_IPV6_SERVSOCK:
		put_end(&o, SK_AF_INET6, fd->saddr, fd->sport, true);
		break;
	case SK_FD_UNIX_SOCK:
		put_unix(&o, fd->unix_src, fd->unix_dst, unix_path);
		break;
	case SK_FD_UNKNOWN:
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
	case SK_FD_FILE_V2:
	case SK_FD_BPF:
	case SK_FD_USERFAULTFD:
	case SK_FD_IOURING:
	case SK_FD_MEMFD:
	case SK_FD_PIDFD:
		break;
	}
	return o.n;
}
