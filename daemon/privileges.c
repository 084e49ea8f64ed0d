#include "daemon/privileges.h"

#include "base/attr.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Number of the first process name space's file: the kernel's PROC_PID_INIT_INO. */
#define FIRST_PID_NAMESPACE 0xEFFFFFFCu

/* --- sets ------------------------------------------------------------------------------------------------------------------ */
struct caps {
	uint64_t effective, permitted, inheritable;
};

static int
read_caps(struct caps *ret)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};

	if (syscall(SYS_capget, &head, data) < 0)
		return -errno;
	ret->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	ret->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	ret->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	return 0;
}

static int
write_caps(const struct caps *c)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
	    {.effective = (uint32_t)c->effective, .permitted = (uint32_t)c->permitted, .inheritable = (uint32_t)c->inheritable},
	    {.effective = (uint32_t)(c->effective >> 32),
	     .permitted = (uint32_t)(c->permitted >> 32),
	     .inheritable = (uint32_t)(c->inheritable >> 32)}};

	return syscall(SYS_capset, &head, data) < 0 ? -errno : 0;
}

uint64_t
sk_privileges_held(void)
{
	struct caps c = {0};

	return read_caps(&c) < 0 ? 0 : c.effective;
}

/* HELD, and what it stands for. */
static uint64_t
implied(uint64_t held)
{
	if (held & SK_CAP_SYS_ADMIN)
		held |= SK_CAP_BPF | SK_CAP_PERFMON;
	if (held & SK_CAP_DAC_OVERRIDE)
		held |= SK_CAP_DAC_READ_SEARCH;
	return held;
}

uint64_t
sk_privileges_lacking(uint64_t held)
{
	return SK_CAPS_LIVE & ~implied(held);
}

void
sk_privileges_names(uint64_t set, char *out, size_t n)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} all[] = {
#define SK_CAP(bit, name) {bit, name},
#include <saker/caps.def>
#undef SK_CAP
	};
	size_t at = 0, left = (size_t)__builtin_popcountll(set);

	*out = '\0';
	for (size_t i = 0; i < SK_COUNTOF(all) && at < n; i++) {
		if (!(set & SK_CAP_BIT(all[i].bit)))
			continue;
		left--;
		int k = snprintf(out + at, n - at, "%s%s", all[i].name, left > 1 ? ", " : left ? " and " : "");
		at += k > 0 ? (size_t)k : 0;
	}
}

/* --- may it start? --------------------------------------------------------------------------------------------------------- */
/* Capabilities of a name space of users that is not the first mean nothing to BPF, however many they are. */
static bool
in_user_namespace(void)
{
	SK_AUTO_FCLOSE FILE *f = fopen("/proc/self/uid_map", "re");
	unsigned long long inside = 0, outside = 0, count = 0;

	return f && fscanf(f, "%llu %llu %llu", &inside, &outside, &count) == 3 && (inside || outside || count != UINT32_MAX);
}

/* The probe numbers processes as the host does, and so must /proc. */
static bool
in_pid_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 && st.st_ino != FIRST_PID_NAMESPACE;
}

int
sk_privileges_check(char *err, size_t n)
{
	uint64_t lacking = sk_privileges_lacking(sk_privileges_held());
	char names[128];

	if (in_user_namespace()) {
		(void)snprintf(
		    err, n,
		    "live detection cannot run in a user name space (a rootless container is one): its capabilities do not "
		    "reach the kernel; start saker outside, as root");
		return -EPERM;
	}
	if (lacking) {
		sk_privileges_names(lacking, names, sizeof(names));
		(void)snprintf(err, n,
			       "live detection lacks %s: run saker as root (sudo), or as a service with "
			       "'AmbientCapabilities=CAP_BPF CAP_PERFMON "
			       "CAP_SYS_PTRACE CAP_DAC_READ_SEARCH', or allow the program with 'setcap "
			       "cap_bpf,cap_perfmon,cap_sys_ptrace,cap_dac_read_search=ep PATH-OF-SAKER'; in a container: "
			       "--privileged or --cap-add",
			       names);
		return -EPERM;
	}
	if (in_pid_namespace()) {
		(void)snprintf(
		    err, n,
		    "live detection cannot run in a process name space of its own (a container has one): start it with the "
		    "host's (--pid=host)");
		return -EPERM;
	}
	return 0;
}

/* --- giving up ------------------------------------------------------------------------------------------------------------- */
void
sk_privileges_begin(void)
{
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

/* What is held of KEEP, or in its place. */
static uint64_t
kept(uint64_t permitted, uint64_t keep)
{
	uint64_t missing = keep & ~permitted;

	if (missing & (SK_CAP_BPF | SK_CAP_PERFMON))
		keep |= SK_CAP_SYS_ADMIN;
	if (missing & SK_CAP_DAC_READ_SEARCH)
		keep |= SK_CAP_DAC_OVERRIDE;
	return keep & permitted;
}

/* Without CAP_SETPCAP the bounding set stays: no_new_privs makes it meaningless. */
static void
shrink_bounding(uint64_t keep)
{
	for (unsigned long c = 0; c < 64 && prctl(PR_CAPBSET_READ, c, 0, 0, 0) >= 0; c++)
		if (!(keep & SK_CAP_BIT(c)))
			(void)prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
}

int
sk_privileges_drop(uint64_t keep)
{
	struct caps c = {0};
	int r = read_caps(&c);

	if (r < 0)
		return r;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	keep = kept(c.permitted, keep);
	shrink_bounding(keep);
	sk_privileges_begin();
	return write_caps(&(struct caps){.effective = keep, .permitted = keep});
}

static bool
writable(const char *path, const char *folder)
{
	return syscall(SYS_faccessat2, AT_FDCWD, path, W_OK, AT_EACCESS) == 0 &&
	       syscall(SYS_faccessat2, AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0;
}

uint64_t
sk_privileges_for_file(const char *path)
{
	SK_AUTO_FREE char *folder = strdup(path);
	char *slash = folder ? strrchr(folder, '/') : NULL;
	struct caps c = {0}, without;
	bool plain, with;

	if (!folder || read_caps(&c) < 0 || !(c.effective & SK_CAP_DAC_OVERRIDE))
		return 0;
	if (slash)
		slash[slash == folder] = '\0';
	const char *where = slash ? folder : ".";
	with = writable(path, where);
	without = c;
	without.effective &= ~SK_CAP_DAC_OVERRIDE;
	if (write_caps(&without) < 0)
		return 0;
	plain = writable(path, where);
	return write_caps(&c) < 0 || plain || !with ? 0 : SK_CAP_DAC_OVERRIDE;
}
