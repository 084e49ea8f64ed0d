/* Threads by tid. */
#include "daemon/state/internal.h"

#define FIRST_BUCKETS 1024u

static size_t
slot_of(const struct sk_state *s, int64_t tid)
{
	return sk_hash_u64((uint64_t)tid ^ s->seed) & s->threads_mask;
}

struct sk_thread *
sk_state_thread(const struct sk_state *s, int64_t tid)
{
	if (!s->threads)
		return NULL;
	for (struct sk_thread *t = s->threads[slot_of(s, tid)]; t; t = t->hash_next)
		if (t->tid == tid)
			return t;
	return NULL;
}

static bool
grow(struct sk_state *s)
{
	size_t n = s->threads ? (s->threads_mask + 1) * 2 : FIRST_BUCKETS;
	size_t old = s->threads ? s->threads_mask + 1 : 0;
	struct sk_thread **buckets = calloc(n, sizeof(*buckets)), **before = s->threads;

	if (!buckets)
		return before != NULL;
	s->threads = buckets;
	s->threads_mask = n - 1;
	for (size_t i = 0; i < old; i++)
		for (struct sk_thread *t = before[i], *next; t; t = next) {
			size_t slot = slot_of(s, t->tid);

			next = t->hash_next;
			t->hash_next = buckets[slot];
			buckets[slot] = t;
		}
	free(before);
	return true;
}

/* The texts of a thread that are never NULL. */
static const size_t text_offset[] = {
    offsetof(struct sk_thread, comm), offsetof(struct sk_thread, exe),     offsetof(struct sk_thread, exepath),
    offsetof(struct sk_thread, args), offsetof(struct sk_thread, env),     offsetof(struct sk_thread, cwd),
    offsetof(struct sk_thread, root), offsetof(struct sk_thread, cgroups), offsetof(struct sk_thread, container_id),
};

static struct sk_str **
text_slot(struct sk_thread *t, size_t i)
{
	return (struct sk_str **)(void *)((char *)t + text_offset[i]);
}

struct sk_thread *
sk_thread_new(struct sk_state *s, int64_t tid)
{
	struct sk_thread *t = NULL;

	if (s->nthreads >= SK_MAX_THREADS || ((!s->threads || s->nthreads > s->threads_mask) && !grow(s)) ||
	    !(t = calloc(1, sizeof(*t)))) {
		s->stats.threads_refused++;
		return NULL;
	}
	t->tid = tid;
	t->pid = t->ptid = t->vtid = t->vpid = t->sid = t->vpgid = t->pgid = t->lastevent_fd = t->reaper_tid = -1;
	t->uid = t->gid = t->loginuid = UINT32_MAX;
	t->lastevent_type = SK_EVENT_LIMIT;
	for (size_t i = 0; i < SK_COUNTOF(text_offset); i++)
		*text_slot(t, i) = sk_str_ref(s->strings.empty);
	size_t slot = slot_of(s, tid);
	t->hash_next = s->threads[slot];
	s->threads[slot] = t;
	s->nthreads++;
	s->stats.threads_added++;
	return t;
}

static void
free_thread(struct sk_state *s, struct sk_thread *t)
{
	for (size_t i = 0; i < SK_COUNTOF(text_offset); i++)
		sk_str_put(&s->strings, *text_slot(t, i));
	free(t->cmdline);
	sk_enter_drop(s, t);
	sk_fds_release(s, t->fds);
	free(t);
}

void
sk_thread_delete(struct sk_state *s, struct sk_thread *t)
{
	struct sk_thread **p = &s->threads[slot_of(s, t->tid)];

	while (*p != t)
		p = &(*p)->hash_next;
	*p = t->hash_next;
	if (s->last_thread == t)
		s->last_thread = NULL;
	/* A close that waits for the next event must not find freed memory. */
	for (size_t i = 0; i < s->closing.n; i++)
		if (s->closing.v[i].main == t)
			s->closing.v[i].main = NULL;
	if (s->exiting == t)
		s->exiting = NULL;
	sk_tree_unlink(t);
	sk_group_leave(s, t);
	free_thread(s, t);
	s->nthreads--;
	s->stats.threads_removed++;
}

struct sk_thread *
sk_thread_get_or_fake(struct sk_state *s, int64_t tid)
{
	struct sk_thread *t = sk_state_thread(s, tid);

	if (t)
		return t;
	s->stats.thread_misses++;
	t = sk_thread_new(s, tid);
	if (!t)
		return NULL;
	s->stats.fake_threads++;
	sk_str_set(&s->strings, &t->comm, SK_SLICE("<NA>"));
	sk_str_set(&s->strings, &t->exe, SK_SLICE("<NA>"));
	return t;
}

void
sk_threads_clear(struct sk_state *s)
{
	for (size_t i = 0; s->threads && i <= s->threads_mask; i++)
		for (struct sk_thread *t = s->threads[i], *next; t; t = next) {
			next = t->hash_next;
			free_thread(s, t);
		}
	free(s->threads);
	s->threads = NULL;
	s->threads_mask = s->nthreads = 0;
	s->last_thread = NULL;
	sk_groups_clear(s);
}

/* --- what a thread has of its process --------------------------------------------------------------------------------- */
struct sk_thread *
sk_thread_main(const struct sk_thread *t)
{
	if (sk_thread_is_main(t))
		return (struct sk_thread *)(uintptr_t)t; /* a look-up, as const as its result is used */
	return t->group ? t->group->leader : NULL;
}

struct sk_thread *
sk_thread_parent(const struct sk_thread *t)
{
	const struct sk_thread *main = sk_thread_main(t);
	struct sk_thread *parent = main ? main->parent : NULL, *leader = parent ? sk_thread_main(parent) : NULL;

	return leader ? leader : parent;
}

struct sk_slice
sk_thread_cwd(const struct sk_thread *t)
{
	const struct sk_thread *leader = t->group ? t->group->leader : t;

	/* A made-up thread that has not changed its directory is nowhere. */
	return leader && (t->group || leader->cwd->n) ? sk_str_slice(leader->cwd) : SK_SLICE("./");
}

/* comm and arguments joined by blanks, at TO if it is not NULL; returns the length. */
static size_t
join(const struct sk_thread *t, char *to)
{
	struct sk_slice args = sk_str_slice(t->args);
	size_t n = t->comm->n;

	if (to)
		memcpy(to, t->comm->s, n);
	for (size_t i = 0; i < args.n;) {
		size_t len = strlen(args.p + i);

		if (to) {
			to[n] = ' ';
			memcpy(to + n + 1, args.p + i, len);
		}
		n += len + 1;
		i += len + 1;
	}
	return n;
}

struct sk_slice
sk_thread_cmdline(struct sk_thread *t)
{
	if (!t->cmdline) {
		size_t n = join(t, NULL);
		struct sk_str *c = malloc(sizeof(*c) + n + 1);

		if (!c)
			return sk_str_slice(t->comm);
		*c = (struct sk_str){.refs = 1, .n = (uint32_t)n};
		join(t, c->s);
		c->s[n] = 0;
		t->cmdline = c;
	}
	return sk_str_slice(t->cmdline);
}

struct sk_slice
sk_ev_text(const struct sk_event *ev, uint32_t i)
{
	size_t n = 0;
	const char *p = sk_ev_str(ev, i, &n);

	if (!p || (n == 6 && memcmp(p, "(NULL)", 6) == 0))
		return SK_SLICE("<NA>");
	return sk_slice(p, n);
}
