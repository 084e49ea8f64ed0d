/* The container id that a process's cgroup paths give away. */
#include "daemon/state/internal.h"

/* Runtimes name the last directory after the 64 digits of the container; 12 of them are its id for users. */
#define FULL_ID 64u
#define SHORT_ID 12u

/* What stands before and after the 64 digits, at the end of the path. */
struct layout {
	struct sk_slice before, after;
	enum sk_container_ref_kind kind;
};

static const struct layout layouts[] = {
    {{"/libpod-", 8}, {".scope", 6}, SK_REF_PODMAN},
    {{"/libpod-", 8}, {".scope/container", 16}, SK_REF_PODMAN},
    {{"/libpod-", 8}, {"", 0}, SK_REF_PODMAN},
    {{"/libpod-payload-", 16}, {"", 0}, SK_REF_PODMAN},
    /* docker, containerd and cri-o, without systemd */
    {{"/", 1}, {"", 0}, SK_REF_ID},
    {{"/docker-", 8}, {".scope", 6}, SK_REF_DOCKER},
    {{"/crio-", 6}, {"", 0}, SK_REF_CRIO},
    {{"/crio-", 6}, {".scope", 6}, SK_REF_CRIO},
    {{"/cri-containerd-", 16}, {".scope", 6}, SK_REF_CRI},
    {{":cri-containerd:", 16}, {"", 0}, SK_REF_CRI},
    {{"/nerdctl-", 9}, {".scope", 6}, SK_REF_NERDCTL},
};

static bool
is_hex(struct sk_slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
	}
	return true;
}

static struct sk_slice
sub(struct sk_slice s, size_t from, size_t to)
{
	return sk_slice(s.p + from, to - from);
}

/* Offset of NEEDLE in S, s.n + 1 if there is none. */
static size_t
find(struct sk_slice s, struct sk_slice needle)
{
	const char *p = memmem(s.p, s.n, needle.p, needle.n);

	return p ? (size_t)(p - s.p) : s.n + 1;
}

static bool
by_layout(struct sk_slice path, struct sk_container_ref *ret)
{
	for (size_t i = 0; i < SK_COUNTOF(layouts); i++) {
		const struct layout *l = &layouts[i];
		size_t fixed = l->before.n + FULL_ID + l->after.n;

		if (path.n < fixed || !sk_slice_ends(path, l->after))
			continue;
		struct sk_slice tail = sub(path, path.n - fixed, path.n);
		ret->full = sub(tail, l->before.n, l->before.n + FULL_ID);
		ret->kind = l->kind;
		if (sk_slice_starts(tail, l->before) && is_hex(ret->full))
			return true;
	}
	return false;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A name space of containerd: letters and digits, single dots, dashes and underscores between them. */
static bool
is_namespace(struct sk_slice s)
{
	if (!s.n || !is_alnum(s.p[0]) || !is_alnum(s.p[s.n - 1]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_alnum(s.p[i]) && !((s.p[i] == '.' || s.p[i] == '_' || s.p[i] == '-') && is_alnum(s.p[i - 1])))
			return false;
	return true;
}

/* containerd without CRI: /NAMESPACE/NAME, where systemd's own units are no containers. */
static bool
by_namespace(struct sk_slice path, struct sk_container_ref *ret)
{
	const char *slash = path.n > 1 && path.p[0] == '/' ? memchr(path.p + 1, '/', path.n - 1) : NULL;

	if (sk_slice_starts(path, SK_SLICE("/lxc/")) || sk_slice_starts(path, SK_SLICE("/lxc.payload/")))
		return false;
	if (!slash || !is_namespace(sk_slice(path.p + 1, (size_t)(slash - path.p) - 1)))
		return false;
	struct sk_slice name = sub(path, (size_t)(slash - path.p) + 1, path.n);
	if (!name.n || name.n > FULL_ID || memchr(name.p, '/', name.n) || sk_slice_ends(path, SK_SLICE(".service")) ||
	    sk_slice_ends(path, SK_SLICE(".slice")) || sk_slice_ends(path, SK_SLICE(".scope")))
		return false;
	ret->kind = SK_REF_NAMED;
	ret->full = name;
	ret->ns = sub(path, 1, (size_t)(slash - path.p));
	return true;
}

static struct sk_slice
lxc_name(struct sk_slice path)
{
	static const struct sk_slice before[] = {{"/lxc/", 5}, {"/lxc.payload/", 13}, {"/lxc.payload.", 13}};

	for (size_t i = 0; i < SK_COUNTOF(before); i++) {
		size_t at = find(path, before[i]) + before[i].n;

		if (at > path.n)
			continue;
		const char *end = memchr(path.p + at, '/', path.n - at);
		return sub(path, at, end ? (size_t)(end - path.p) : path.n);
	}
	return SK_SLICE("");
}

static struct sk_slice
libvirt_name(struct sk_slice path)
{
	static const struct sk_slice suffix = {".libvirt-lxc", 12}, unit = {"-lxc\\x2d", 8}, dir = {"/libvirt/lxc/", 13};
	size_t at;

	if (sk_slice_ends(path, suffix)) {
		const char *slash = memrchr(path.p, '/', path.n);

		if (slash)
			return sub(path, (size_t)(slash - path.p) + 1, path.n - suffix.n);
	}
	if ((at = find(path, unit)) <= path.n) {
		struct sk_slice rest = sub(path, at + unit.n, path.n);

		if (sk_slice_ends(rest, SK_SLICE(".scope/libvirt")))
			return sub(rest, 0, rest.n - 14);
		if (sk_slice_ends(rest, SK_SLICE(".scope")))
			return sub(rest, 0, rest.n - 6);
	}
	if ((at = find(path, dir)) <= path.n)
		return sub(path, at + dir.n, path.n);
	return SK_SLICE("");
}

static struct sk_slice
bpm_name(struct sk_slice path)
{
	size_t at = find(path, SK_SLICE("bpm-")) + 4;

	if (at > path.n)
		return SK_SLICE("");
	struct sk_slice id = sub(path, at, path.n);
	size_t end = find(id, SK_SLICE(".scope"));
	id.n = end < id.n ? end : id.n;
	for (size_t i = 0; i < id.n; i++)
		if (!is_alnum(id.p[i]) && !strchr("._-", id.p[i]))
			return SK_SLICE("");
	return id;
}

/* Engines whose containers are known by name alone. */
static bool
by_name(struct sk_slice path, struct sk_container_ref *ret)
{
	static const struct {
		struct sk_slice (*name)(struct sk_slice);
		enum sk_container_ref_kind kind;
	} rules[] = {{lxc_name, SK_REF_LXC}, {libvirt_name, SK_REF_LIBVIRT}, {bpm_name, SK_REF_BPM}};

	for (size_t i = 0; i < SK_COUNTOF(rules); i++) {
		ret->full = rules[i].name(path);
		ret->kind = rules[i].kind;
		if (ret->full.n)
			return true;
	}
	return false;
}

/* A container that manages cgroups of its own puts its processes below the directory that bears its id. */
static bool
by_outer(struct sk_slice path, struct sk_container_ref *ret)
{
	for (size_t n = path.n; n;) {
		const char *slash = memrchr(path.p, '/', n);

		n = slash ? (size_t)(slash - path.p) : 0;
		if (n && by_layout(sub(path, 0, n), ret))
			return true;
	}
	return false;
}

/* user-UID.slice is where the processes of a user are. */
static uint32_t
uid_of(struct sk_slice path)
{
	size_t at = find(path, SK_SLICE("/user-")) + 6, i = at;
	uint64_t uid = 0;

	for (; i < path.n && path.p[i] >= '0' && path.p[i] <= '9' && uid < UINT32_MAX; i++)
		uid = uid * 10 + (uint64_t)(path.p[i] - '0');
	return at < i && uid < UINT32_MAX && sk_slice_starts(sub(path, i < path.n ? i : path.n, path.n), SK_SLICE(".slice")) ? (uint32_t)uid : UINT32_MAX;
}

static bool
ref_of_path(struct sk_slice path, struct sk_container_ref *ret)
{
	ret->ns = SK_SLICE("");
	if (!by_layout(path, ret) && !by_namespace(path, ret) && !by_name(path, ret) && !by_outer(path, ret))
		return false;
	ret->uid = uid_of(path);
	return true;
}

/* runc and crun name the last directory after the container, systemd's unit after it and themselves. */
static bool
maybe_of_path(struct sk_slice path, struct sk_container_ref *ret)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	struct sk_slice name = slash ? sub(path, (size_t)(slash - path.p) + 1, path.n) : SK_SLICE("");

	if (sk_slice_ends(name, SK_SLICE(".slice")) || sk_slice_ends(name, SK_SLICE(".service")))
		return false;
	if (sk_slice_ends(name, SK_SLICE(".scope"))) {
		bool unit = sk_slice_starts(name, SK_SLICE("runc-")) || sk_slice_starts(name, SK_SLICE("crun-"));

		name = unit ? sub(name, 5, name.n - 6) : SK_SLICE("");
	}
	ret->kind = SK_REF_MAYBE;
	ret->full = name;
	ret->ns = SK_SLICE("");
	ret->uid = uid_of(path);
	return name.n && name.n < 256;
}

static bool
first_path(struct sk_slice cgroups, bool (*rule)(struct sk_slice, struct sk_container_ref *), struct sk_container_ref *ret)
{
	while (cgroups.n) {
		size_t n = strnlen(cgroups.p, cgroups.n);
		const char *eq = memchr(cgroups.p, '=', n);

		if (eq && rule(sk_slice(eq + 1, n - (size_t)(eq + 1 - cgroups.p)), ret))
			return true;
		n += n < cgroups.n;
		cgroups = sub(cgroups, n, cgroups.n);
	}
	return false;
}

bool
sk_container_ref_of(struct sk_slice cgroups, struct sk_container_ref *ret)
{
	if (first_path(cgroups, ref_of_path, ret) || first_path(cgroups, maybe_of_path, ret))
		return true;
	*ret = (struct sk_container_ref){.kind = SK_REF_NONE, .full = SK_SLICE(""), .ns = SK_SLICE(""), .uid = UINT32_MAX};
	return false;
}

struct sk_slice
sk_container_ref_id(const struct sk_container_ref *ref)
{
	switch (ref->kind) {
	case SK_REF_NONE:
	case SK_REF_MAYBE:
		return SK_SLICE("");
	case SK_REF_LXC:
	case SK_REF_LIBVIRT:
	case SK_REF_BPM:
		return sub(ref->full, 0, ref->full.n < 255 ? ref->full.n : 255);
	case SK_REF_ID:
	case SK_REF_DOCKER:
	case SK_REF_PODMAN:
	case SK_REF_CRIO:
	case SK_REF_CRI:
	case SK_REF_NERDCTL:
	case SK_REF_NAMED:
		break;
	}
	return sub(ref->full, 0, ref->full.n < SHORT_ID ? ref->full.n : SHORT_ID);
}

struct sk_slice
sk_container_id_of(struct sk_slice cgroups, char out[256])
{
	struct sk_container_ref ref;
	struct sk_slice id = first_path(cgroups, ref_of_path, &ref) ? sk_container_ref_id(&ref) : SK_SLICE("");

	if (id.n)
		memcpy(out, id.p, id.n);
	out[id.n] = 0;
	return sk_slice(out, id.n);
}

/* The id by the paths alone, unless such a container was described as being the host; else that of a container that was described and bears the name of the last
 * directory. */
static struct sk_slice
id_of_thread(const struct sk_state *s, struct sk_slice cgroups, char out[256])
{
	struct sk_slice id = sk_container_id_of(cgroups, out);
	struct sk_container_ref ref;
	const struct sk_container *c;

	if (!s->ncontainers)
		return id;
	if (id.n) {
		c = sk_state_container(s, id);
		return c && c->type == SK_CT_HOST ? SK_SLICE("") : id;
	}
	if (!first_path(cgroups, maybe_of_path, &ref))
		return id;
	c = sk_state_container(s, sub(ref.full, 0, ref.full.n < SHORT_ID ? ref.full.n : SHORT_ID));
	return c && sk_slice_eq(c->full_id, ref.full) ? c->id : id;
}

/* A container that paths alone do not tell of: threads may have been taken for what they are not. */
static bool
needs_words(const struct sk_container *c)
{
	return c->type == SK_CT_HOST || c->type == SK_CT_CUSTOM;
}

void
sk_cgroups_changed(struct sk_state *s, const struct sk_container *added)
{
	char id[256];

	sk_str_copy(&s->strings, &s->cgroups_seen, s->strings.empty);
	sk_str_copy(&s->strings, &s->cgroups_id, s->strings.empty);
	if (!added || !needs_words(added))
		return;
	for (size_t i = 0; s->threads && i <= s->threads_mask; i++)
		for (struct sk_thread *t = s->threads[i]; t; t = t->hash_next)
			sk_str_set(&s->strings, &t->container_id, id_of_thread(s, sk_str_slice(t->cgroups), id));
}

void
sk_thread_set_cgroups(struct sk_state *s, struct sk_thread *t, struct sk_slice cgroups)
{
	struct sk_str *str = sk_str_get_list(&s->strings, cgroups);
	char id[256];

	if (str != s->cgroups_seen) {
		sk_str_copy(&s->strings, &s->cgroups_seen, str);
		sk_str_move(&s->strings, &s->cgroups_id, sk_str_get(&s->strings, id_of_thread(s, sk_str_slice(str), id)));
	}
	sk_str_move(&s->strings, &t->cgroups, str);
	sk_str_copy(&s->strings, &t->container_id, s->cgroups_id);
}

/* --- live: which containers are still in use ------------------------------------------------------------------------------- */
static void
mark_used(struct sk_state *s, struct sk_slice id, uint64_t ts)
{
	struct sk_container *c = id.n ? sk_container_edit(s, id) : NULL;

	if (c)
		c->used_ts = ts;
}

void
sk_state_unused_containers(struct sk_state *s, uint64_t now, uint64_t before, void (*fn)(void *arg, const struct sk_container *c), void *arg)
{
	const struct sk_str *last = NULL;
	char id[256];

	if (!s->ncontainers || !s->containers)
		return;
	for (size_t i = 0; s->threads && i <= s->threads_mask; i++)
		for (const struct sk_thread *t = s->threads[i]; t; t = t->hash_next) {
			if (t->container_id->n)
				mark_used(s, sk_str_slice(t->container_id), now);
			else if (t->cgroups != last)
				mark_used(s, sk_container_id_of(sk_str_slice(t->cgroups), id), now);
			last = t->cgroups;
		}
	for (size_t i = 0; i <= s->containers_mask; i++)
		for (const struct sk_container *c = s->containers[i]; c; c = c->hash_next)
			if (c->used_ts < before)
				fn(arg, c);
}

void
sk_state_each_cgroups(struct sk_state *s, void (*fn)(void *arg, struct sk_slice cgroups), void *arg)
{
	const struct sk_str *last = NULL;

	for (size_t i = 0; s->threads && i <= s->threads_mask; i++)
		for (const struct sk_thread *t = s->threads[i]; t; t = t->hash_next) {
			if (t->cgroups != last && t->cgroups->n)
				fn(arg, sk_str_slice(t->cgroups));
			last = t->cgroups;
		}
}
