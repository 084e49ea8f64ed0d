/* The machine's network interfaces, as its lists name them. */
#include "daemon/state/internal.h"

void
sk_state_add_iface4(struct sk_state *s, const uint8_t addr[4], const uint8_t mask[4], const uint8_t bcast[4],
		    struct sk_slice name)
{
	struct sk_iface4 i = {.name = NULL};

	if (s->ifaces4.n >= SK_MAX_IFACES)
		return;
	memcpy(i.addr, addr, 4);
	memcpy(i.mask, mask, 4);
	memcpy(i.bcast, bcast, 4);
	i.name = sk_str_get(&s->strings, name);
	if (!sk_vec_push(&s->ifaces4, i))
		sk_str_put(&s->strings, i.name);
}

void
sk_state_add_iface6(struct sk_state *s, const uint8_t addr[16], struct sk_slice name)
{
	struct sk_iface6 i = {.name = NULL};

	if (s->ifaces6.n >= SK_MAX_IFACES)
		return;
	memcpy(i.addr, addr, 16);
	i.name = sk_str_get(&s->strings, name);
	if (!sk_vec_push(&s->ifaces6, i))
		sk_str_put(&s->strings, i.name);
}

void
sk_ifaces_clear(struct sk_state *s)
{
	for (size_t i = 0; i < s->ifaces4.n; i++)
		sk_str_put(&s->strings, s->ifaces4.v[i].name);
	for (size_t i = 0; i < s->ifaces6.n; i++)
		sk_str_put(&s->strings, s->ifaces6.v[i].name);
	sk_vec_free(&s->ifaces4);
	sk_vec_free(&s->ifaces6);
}

bool
sk_state_is_local4(const struct sk_state *s, const uint8_t addr[4])
{
	static const uint8_t loopback[4] = {127, 0, 0, 1};

	for (size_t i = 0; i < s->ifaces4.n; i++)
		if (memcmp(s->ifaces4.v[i].addr, addr, 4) == 0)
			return true;
	return memcmp(addr, loopback, 4) == 0;
}

bool
sk_state_is_local6(const struct sk_state *s, const uint8_t addr[16])
{
	static const uint8_t loopback[16] = {[15] = 1}, any[16];

	for (size_t i = 0; i < s->ifaces6.n; i++)
		if (memcmp(s->ifaces6.v[i].addr, addr, 16) == 0)
			return true;
	return memcmp(addr, loopback, 16) == 0 || memcmp(addr, any, 16) == 0;
}

static bool
same_net(const struct sk_iface4 *i, const uint8_t *a)
{
	for (unsigned b = 0; b < 4; b++)
		if ((i->addr[b] ^ a[b]) & i->mask[b])
			return false;
	return true;
}

/* The interface address that packets to PEER would leave with: its own, one of its network, any that is not the loopback's. */
static const uint8_t *
local_for4(const struct sk_state *s, const uint8_t *peer)
{
	for (size_t i = 0; i < s->ifaces4.n; i++)
		if (memcmp(s->ifaces4.v[i].addr, peer, 4) == 0)
			return s->ifaces4.v[i].addr;
	for (size_t i = 0; i < s->ifaces4.n; i++)
		if (same_net(&s->ifaces4.v[i], peer))
			return s->ifaces4.v[i].addr;
	for (size_t i = 0; i < s->ifaces4.n; i++)
		if (s->ifaces4.v[i].addr[0] != 127)
			return s->ifaces4.v[i].addr;
	return NULL;
}

static const uint8_t *
local_for6(const struct sk_state *s, const uint8_t *peer)
{
	static const uint8_t loopback[16] = {[15] = 1};

	for (size_t i = 0; i < s->ifaces6.n; i++)
		if (memcmp(s->ifaces6.v[i].addr, peer, 16) == 0)
			return s->ifaces6.v[i].addr;
	for (size_t i = 0; i < s->ifaces6.n; i++)
		if (memcmp(s->ifaces6.v[i].addr, peer, 8) == 0)
			return s->ifaces6.v[i].addr;
	for (size_t i = 0; i < s->ifaces6.n; i++)
		if (memcmp(s->ifaces6.v[i].addr, loopback, 16) != 0)
			return s->ifaces6.v[i].addr;
	return NULL;
}

void
sk_ifaces_patch(const struct sk_state *s, struct sk_fd *fd)
{
	static const uint8_t zeros[16];
	size_t n = fd->type == SK_FD_IPV4_SOCK ? 4 : fd->type == SK_FD_IPV6_SOCK ? 16 : 0;
	bool src = n && memcmp(fd->saddr, zeros, n) == 0, dst = n && memcmp(fd->daddr, zeros, n) == 0;

	if (!src && !dst)
		return;
	uint8_t *mine = src ? fd->saddr : fd->daddr;
	const uint8_t *peer = src ? fd->daddr : fd->saddr;
	const uint8_t *local = n == 4 ? local_for4(s, peer) : local_for6(s, peer);
	if (local)
		memcpy(mine, local, n);
}
