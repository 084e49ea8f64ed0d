/* Socket addresses and tuples as text (scap_format.md §10.2, §10.3). */
#include "base/bytes.h"
#include "daemon/fields/param_text.h"

#define FAMILY_UNIX 1
#define FAMILY_INET 2
#define FAMILY_INET6 10

static void
endpoint(struct sk_out *o, const uint8_t *addr, uint8_t ip, uint16_t port)
{
	sk_out_address(o, addr, ip);
	sk_out_char(o, ':');
	sk_out_u64(o, port);
}

static void
other_family(struct sk_out *o, uint8_t family)
{
	sk_out_printf(o, "family %u", family);
}

static void
rest_as_path(struct sk_out *o, struct sk_reader *r)
{
	size_t left = sk_reader_left(r);
	const char *p = sk_read_bytes(r, left);

	if (p)
		sk_out_put(o, p, strnlen(p, left));
}

void
sk_param_sockaddr(struct sk_out *o, const struct sk_param *p)
{
	struct sk_reader r = sk_reader(p->p, p->n);
	uint8_t family = sk_read_u8(&r), ip = family == FAMILY_INET6 ? 6 : 4;

	if (family == FAMILY_UNIX) {
		rest_as_path(o, &r);
		return;
	}
	if (family != FAMILY_INET && family != FAMILY_INET6) {
		other_family(o, family);
		return;
	}
	const uint8_t *addr = sk_read_bytes(&r, ip == 6 ? 16 : 4);
	uint16_t port = sk_read_u16(&r);

	if (!r.bad)
		endpoint(o, addr, ip, port);
}

/* Mapped addresses, and two unspecified ones, are those of an IPv4 connection on an IPv6 socket. */
static bool
as_ipv4(const uint8_t addr[16])
{
	static const uint8_t zero[16], mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(addr, mapped, sizeof(mapped)) == 0 || memcmp(addr, zero, sizeof(zero)) == 0;
}

static void
ip_tuple(struct sk_out *o, struct sk_reader *r, uint8_t ip)
{
	size_t n = ip == 6 ? 16 : 4;
	const uint8_t *src = sk_read_bytes(r, n);
	uint16_t sport = sk_read_u16(r);
	const uint8_t *dst = sk_read_bytes(r, n);
	uint16_t dport = sk_read_u16(r);

	if (r->bad)
		return;
	if (ip == 6 && as_ipv4(src) && as_ipv4(dst)) {
		ip = 4;
		src += 12;
		dst += 12;
	}
	endpoint(o, src, ip, sport);
	sk_out_str(o, "->");
	endpoint(o, dst, ip, dport);
}

static void
unix_tuple(struct sk_out *o, struct sk_reader *r)
{
	uint64_t src = sk_read_u64(r), dst = sk_read_u64(r);

	if (r->bad)
		return;
	sk_out_printf(o, "%llx->%llx ", (unsigned long long)src, (unsigned long long)dst);
	rest_as_path(o, r);
}

void
sk_param_socktuple(struct sk_out *o, const struct sk_param *p)
{
	struct sk_reader r = sk_reader(p->p, p->n);
	uint8_t family = sk_read_u8(&r);

	if (family == FAMILY_UNIX)
		unix_tuple(o, &r);
	else if (family == FAMILY_INET || family == FAMILY_INET6)
		ip_tuple(o, &r, family == FAMILY_INET6 ? 6 : 4);
	else
		other_family(o, family);
}
