/* Which name an opened file has. Rules are written for the path that the program gave, but another thread may have changed that text after the kernel read it. The
 * kernel's own path cannot be forged, yet it differs wherever a link was followed. So: the text counts while it is the kernel's path, or while memory is the
 * program's alone; what such programs were seen to reach by links is remembered, and explains the same difference elsewhere. All else is named by the kernel. */
#include "daemon/state/internal.h"

#include <saker/live.h>
#include <stdio.h>
#include <string.h>

/* One link: paths that begin with FROM are reached as paths that begin with TO. */
struct sk_seen_link {
	struct sk_str *from, *to;
};

static bool
begins(struct sk_slice s, struct sk_slice with)
{
	return s.n >= with.n && memcmp(s.p, with.p, with.n) == 0;
}

/* Where the common end of both begins, as its length: whole components with their slashes. */
static size_t
common_end(struct sk_slice a, struct sk_slice b)
{
	size_t n = 0, whole = 0;

	while (n < a.n && n < b.n && a.p[a.n - 1 - n] == b.p[b.n - 1 - n]) {
		n++;
		if (a.p[a.n - n] == '/')
			whole = n;
	}
	return whole;
}

static bool
explains(const struct sk_seen_link *l, struct sk_slice given, struct sk_slice real)
{
	struct sk_slice from, to;

	if (!l->from)
		return false;
	from = sk_str_slice(l->from);
	to = sk_str_slice(l->to);
	return begins(given, from) && begins(real, to) && sk_slice_eq(sk_slice(given.p + from.n, given.n - from.n), sk_slice(real.p + to.n, real.n - to.n)) &&
	       (given.n == from.n || given.p[from.n] == '/');
}

/* Length of the first component with the slash before it. */
static size_t
first_component(struct sk_slice s)
{
	const char *p = s.n > 1 ? memchr(s.p + 1, '/', s.n - 1) : NULL;

	return p ? (size_t)(p - s.p) : s.n;
}

/* The difference without the common end, though never nothing: /lib/x that is /usr/lib/x says that /lib is /usr/lib. */
static void
learn(struct sk_state *s, struct sk_slice given, struct sk_slice real)
{
	size_t end = common_end(given, real), most = given.n - first_component(given);

	end = end < most ? end : most;
	struct sk_slice from = sk_slice(given.p, given.n - end), to = sk_slice(real.p, real.n - end);
	struct sk_seen_link *l;

	if (!s->seen_links && !(s->seen_links = calloc(SK_SEEN_LINKS, sizeof(*s->seen_links)))) {
		s->stats.out_of_memory++;
		return;
	}
	l = &s->seen_links[(sk_hash_bytes(from.p, from.n) ^ s->seed) & (SK_SEEN_LINKS - 1)];
	if (l->from && sk_slice_eq(sk_str_slice(l->from), from) && sk_slice_eq(sk_str_slice(l->to), to))
		return;
	sk_str_move(&s->strings, &l->from, sk_str_get(&s->strings, from));
	sk_str_move(&s->strings, &l->to, sk_str_get(&s->strings, to));
}

static bool
is_learnt(const struct sk_state *s, struct sk_slice given, struct sk_slice real)
{
	for (size_t i = 0; s->seen_links && i < SK_SEEN_LINKS; i++)
		if (explains(&s->seen_links[i], given, real))
			return true;
	return false;
}

/* /proc/self is a link that leads every process elsewhere. */
static bool
is_own_proc(const struct sk_thread *t, struct sk_slice given, struct sk_slice real)
{
	const int64_t pids[] = {t->pid, t->vpid};
	const struct sk_slice self = SK_SLICE("/proc/self");
	char text[32];

	if (!begins(given, self) || (given.n > self.n && given.p[self.n] != '/'))
		return false;
	for (size_t i = 0; i < SK_COUNTOF(pids); i++) {
		struct sk_slice own = sk_slice(text, (size_t)snprintf(text, sizeof(text), "/proc/%lld", (long long)pids[i]));

		if (begins(real, own) && sk_slice_eq(sk_slice(given.p + self.n, given.n - self.n), sk_slice(real.p + own.n, real.n - own.n)))
			return true;
	}
	return false;
}

struct sk_slice
sk_opened_name(struct sk_state *s, const struct sk_event_ctx *x, struct sk_slice given)
{
	const struct sk_event_facts *all = x->ev->facts;

	for (uint32_t i = 0; all && i < all->nfds; i++) {
		const struct sk_fd_facts *f = &all->fd[i];
		struct sk_slice real = sk_slice((const char *)all + f->path, f->path_len);

		if (f->num != x->res || !(f->known & SK_FACT_PATH) || !real.n || real.p[0] != '/' || sk_slice_eq(given, real))
			continue;
		if (!given.n || given.p[0] != '/')
			return real;
		if (is_own_proc(x->thread, given, real))
			return given;
		if (!(f->known & SK_FACT_SHARED)) {
			learn(s, given, real);
			return given;
		}
		return is_learnt(s, given, real) ? given : real;
	}
	return given;
}

void
sk_seen_links_clear(struct sk_state *s)
{
	for (size_t i = 0; s->seen_links && i < SK_SEEN_LINKS; i++) {
		sk_str_put(&s->strings, s->seen_links[i].from);
		sk_str_put(&s->strings, s->seen_links[i].to);
	}
	free(s->seen_links);
	s->seen_links = NULL;
}
