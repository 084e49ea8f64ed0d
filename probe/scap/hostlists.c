/* What is said once of a machine: its name, interfaces, users and groups. */
#include "probe/scap/format.h"
#include "probe/scap/lists.h"

bool
sk_scap_machine(struct sk_reader body, const struct sk_list_sink *sink, const char **ret_why)
{
	uint32_t ncpus = sk_read_u32(&body);
	uint64_t memory = sk_read_u64(&body), max_pid = sk_read_u64(&body);
	const char *host = (const char *)sk_read_bytes(&body, SK_MACHINE_HOSTNAME);
	uint64_t boot_ts = sk_read_u64(&body);

	if (!host || body.bad) {
		*ret_why = "the machine information is too short";
		return false;
	}
	if (sink->machine_more)
		sink->machine_more(sink->ctx, memory, max_pid);
	if (sink->machine)
		sink->machine(sink->ctx, ncpus, boot_ts, sk_slice(host, strnlen(host, SK_MACHINE_HOSTNAME)));
	return true;
}

static bool
read_iface(struct sk_reader *r, const struct sk_list_sink *sink, const char **ret_why)
{
	uint16_t type = sk_read_u16(r), name_n = sk_read_u16(r);
	bool v6 = type == SK_IFACE_IPV6 || type == SK_IFACE_IPV6_NO_SPEED, speed = type == SK_IFACE_IPV4 || type == SK_IFACE_IPV6;
	size_t n = v6 ? 16 : 4;
	const uint8_t *addr, *mask, *bcast;
	const char *name;
	uint64_t link = 0;

	*ret_why = "an interface of unknown type";
	if (!r->bad && (type < SK_IFACE_IPV4 || type > SK_IFACE_IPV6_NO_SPEED))
		return false;
	addr = sk_read_bytes(r, n);
	mask = sk_read_bytes(r, n);
	bcast = sk_read_bytes(r, n);
	if (speed)
		link = sk_read_u64(r);
	name = (const char *)sk_read_bytes(r, name_n);
	*ret_why = "an interface entry is longer than its list";
	if (!addr || !mask || !bcast || r->bad)
		return false;
	if (sink->iface_more)
		sink->iface_more(sink->ctx, link);
	if (v6 && sink->iface6)
		sink->iface6(sink->ctx, addr, mask, bcast, sk_slice(name_n ? name : "", name_n));
	if (!v6 && sink->iface4)
		sink->iface4(sink->ctx, addr, mask, bcast, sk_slice(name_n ? name : "", name_n));
	return true;
}

bool
sk_scap_ifaces(struct sk_reader body, uint32_t version, const struct sk_list_sink *sink, const char **ret_why)
{
	while (sk_reader_left(&body) >= SK_LIST_PADDING) {
		struct sk_reader entry = version >= 2 ? sk_list_entry(&body, false) : body;

		if (!read_iface(&entry, sink, ret_why))
			return false;
		if (version < 2)
			body = entry;
	}
	return true;
}

static bool
read_user_or_group(struct sk_reader *r, const struct sk_list_sink *sink)
{
	bool user = sk_read_u8(r) == SK_KIND_USER;
	uint32_t uid = user ? sk_read_u32(r) : 0, gid = sk_read_u32(r);
	struct sk_slice name = sk_read_str16(r), home = { "", 0 }, shell = { "", 0 };

	if (user) {
		home = sk_read_str16(r);
		shell = sk_read_str16(r);
	}
	if (r->bad)
		return false;
	if (user && sink->user)
		sink->user(sink->ctx, uid, gid, name, home, shell);
	if (!user && sink->group)
		sink->group(sink->ctx, gid, name);
	return true;
}

bool
sk_scap_users(struct sk_reader body, uint32_t version, const struct sk_list_sink *sink, const char **ret_why)
{
	while (sk_reader_left(&body) >= SK_LIST_PADDING) {
		struct sk_reader entry = version >= 2 ? sk_list_entry(&body, true) : body;

		if (!read_user_or_group(&entry, sink)) {
			*ret_why = "a user entry is longer than its list";
			return false;
		}
		if (version < 2)
			body = entry;
	}
	return true;
}
