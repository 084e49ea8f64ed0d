/* The container id that a process's cgroup paths give away. */
#include "daemon/state/internal.h"

/* Runtimes name the last directory after the 64 digits of the container; 12 of them are its id for users. */
#define FULL_ID 64u
#define SHORT_ID 12u

/* What stands before and after the 64 digits, at the end of the path. */
struct layout {
	struct sk_slice before, after;
};

static const struct layout layouts[] = {
    /* podman */
    {{"/libpod-", 8}, {".scope", 6}},
    {{"/libpod-", 8}, {".scope/container", 16}},
    {{"/libpod-", 8}, {"", 0}},
    {{"/libpod-payload-", 16}, {"", 0}},
    /* docker, containerd and cri-o, without systemd */
    {{"/", 1}, {"", 0}},
    {{"/docker-", 8}, {".scope", 6}},
    /* cri-o, containerd by its CRI */
    {{"/crio-", 6}, {"", 0}},
    {{"/crio-", 6}, {".scope", 6}},
    {{"/cri-containerd-", 16}, {".scope", 6}},
    {{":cri-containerd:", 16}, {"", 0}},
    {{"/nerdctl-", 9}, {".scope", 6}},
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

static struct sk_slice
by_layout(struct sk_slice path)
{
	for (size_t i = 0; i < SK_COUNTOF(layouts); i++) {
		const struct layout *l = &layouts[i];
		size_t fixed = l->before.n + FULL_ID + l->after.n;

		if (path.n < fixed || !sk_slice_ends(path, l->after))
			continue;
		struct sk_slice tail = sub(path, path.n - fixed, path.n);
		struct sk_slice id = sub(tail, l->before.n, l->before.n + FULL_ID);
		if (sk_slice_starts(tail, l->before) && is_hex(id))
			return sub(id, 0, SHORT_ID);
	}
	return SK_SLICE("");
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
static struct sk_slice
by_namespace(struct sk_slice path)
{
	const char *slash = path.n > 1 && path.p[0] == '/' ? memchr(path.p + 1, '/', path.n - 1) : NULL;

	if (!slash || !is_namespace(sk_slice(path.p + 1, (size_t)(slash - path.p) - 1)))
		return SK_SLICE("");
	struct sk_slice name = sub(path, (size_t)(slash - path.p) + 1, path.n);
	if (!name.n || name.n > FULL_ID || memchr(name.p, '/', name.n) || sk_slice_ends(path, SK_SLICE(".service")) ||
	    sk_slice_ends(path, SK_SLICE(".slice")) || sk_slice_ends(path, SK_SLICE(".scope")))
		return SK_SLICE("");
	return sub(name, 0, name.n < SHORT_ID ? name.n : SHORT_ID);
}

static struct sk_slice
by_lxc(struct sk_slice path)
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
by_libvirt(struct sk_slice path)
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
by_bpm(struct sk_slice path)
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

static struct sk_slice
id_of_path(struct sk_slice path)
{
	static struct sk_slice (*const rules[])(struct sk_slice) = {by_layout, by_namespace, by_lxc, by_libvirt, by_bpm};

	for (size_t i = 0; i < SK_COUNTOF(rules); i++) {
		struct sk_slice id = rules[i](path);

		if (id.n)
			return id;
	}
	return SK_SLICE("");
}

struct sk_slice
sk_container_id_of(struct sk_slice cgroups, char out[256])
{
	while (cgroups.n) {
		size_t n = strnlen(cgroups.p, cgroups.n);
		const char *eq = memchr(cgroups.p, '=', n);
		struct sk_slice id = SK_SLICE("");

		if (eq)
			id = id_of_path(sk_slice(eq + 1, n - (size_t)(eq + 1 - cgroups.p)));
		if (id.n) {
			id.n = id.n < 255 ? id.n : 255;
			memcpy(out, id.p, id.n);
			out[id.n] = 0;
			return sk_slice(out, id.n);
		}
		n += n < cgroups.n;
		cgroups = sub(cgroups, n, cgroups.n);
	}
	out[0] = 0;
	return sk_slice(out, 0);
}

void
sk_thread_set_cgroups(struct sk_state *s, struct sk_thread *t, struct sk_slice cgroups)
{
	struct sk_str *str = sk_str_get_list(&s->strings, cgroups);
	char id[256];

	if (str != s->cgroups_seen) {
		sk_str_copy(&s->strings, &s->cgroups_seen, str);
		sk_str_move(&s->strings, &s->cgroups_id, sk_str_get(&s->strings, sk_container_id_of(sk_str_slice(str), id)));
	}
	sk_str_move(&s->strings, &t->cgroups, str);
	sk_str_copy(&s->strings, &t->container_id, s->cgroups_id);
}
