/* The machine around the processes: name, processors, interfaces, users and groups. */
#include "probe/live/procfs.h"

#include <grp.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pwd.h>
#include <string.h>

static void
hand_iface(const struct sk_list_sink *sink, const struct ifaddrs *a)
{
	static const uint8_t none[16];
	struct sk_slice name = sk_slice(a->ifa_name, strlen(a->ifa_name));

	if (!a->ifa_addr)
		return;
	if (a->ifa_addr->sa_family == AF_INET && sink->iface4) {
		const struct sockaddr_in *addr = (const void *)a->ifa_addr, *mask = (const void *)a->ifa_netmask;
		const struct sockaddr_in *bcast = a->ifa_flags & IFF_BROADCAST ? (const void *)a->ifa_broadaddr : NULL;

		sink->iface4(sink->ctx, (const uint8_t *)&addr->sin_addr, mask ? (const uint8_t *)&mask->sin_addr : none,
			     bcast ? (const uint8_t *)&bcast->sin_addr : none, name);
	} else if (a->ifa_addr->sa_family == AF_INET6 && sink->iface6) {
		const struct sockaddr_in6 *addr = (const void *)a->ifa_addr, *mask = (const void *)a->ifa_netmask;

		sink->iface6(sink->ctx, (const uint8_t *)&addr->sin6_addr, mask ? (const uint8_t *)&mask->sin6_addr : none, none, name);
	}
}

static struct sk_slice
text(const char *s)
{
	return s ? sk_slice(s, strlen(s)) : SK_SLICE("");
}

/* Plain files only: name services may need a network that is not there yet. */
static void
hand_users(const struct sk_list_sink *sink)
{
	SK_AUTO_FCLOSE FILE *users = fopen("/etc/passwd", "re");
	SK_AUTO_FCLOSE FILE *groups = fopen("/etc/group", "re");

	for (struct passwd *p; users && sink->user && (p = fgetpwent(users));)
		sink->user(sink->ctx, p->pw_uid, p->pw_gid, text(p->pw_name), text(p->pw_dir), text(p->pw_shell));
	for (struct group *g; groups && sink->group && (g = fgetgrent(groups));)
		sink->group(sink->ctx, g->gr_gid, text(g->gr_name));
}

void
sk_live_scan_host(const struct sk_list_sink *sink)
{
	struct ifaddrs *list = NULL;
	char name[256] = "";

	(void)gethostname(name, sizeof(name) - 1);
	if (sink->machine)
		sink->machine(sink->ctx, (uint32_t)sysconf(_SC_NPROCESSORS_CONF), sk_proc_boot_ts(), text(name));
	if (getifaddrs(&list) == 0) {
		for (const struct ifaddrs *a = list; a; a = a->ifa_next)
			hand_iface(sink, a);
		freeifaddrs(list);
	}
	hand_users(sink);
}
