/* Thread groups by pid: which threads make up a process. */
#include "daemon/state/internal.h"

#define FIRST_BUCKETS 512u

static size_t
slot_of(const struct sk_state *s, int64_t pid)
{
	return sk_hash_u64((uint64_t)pid ^ s->seed) & s->groups_mask;
}

struct sk_group *
sk_group_find(const struct sk_state *s, int64_t pid)
{
	if (!s->groups)
		return NULL;
	for (struct sk_group *g = s->groups[slot_of(s, pid)]; g; g = g->hash_next)
		if (g->pid == pid)
			return g;
	return NULL;
}

static bool
grow(struct sk_state *s)
{
	size_t n = s->groups ? (s->groups_mask + 1) * 2 : FIRST_BUCKETS;
	size_t old = s->groups ? s->groups_mask + 1 : 0;
	struct sk_group **buckets = calloc(n, sizeof(*buckets)), **before = s->groups;

	if (!buckets)
		return before != NULL;
	s->groups = buckets;
	s->groups_mask = n - 1;
	for (size_t i = 0; i < old; i++)
		for (struct sk_group *g = before[i], *next; g; g = next) {
			size_t slot = slot_of(s, g->pid);

			next = g->hash_next;
			g->hash_next = buckets[slot];
			buckets[slot] = g;
		}
	free(before);
	return true;
}

static struct sk_group *
new_group(struct sk_state *s, int64_t pid)
{
	struct sk_group *g = NULL;

	if (((!s->groups || s->ngroups > s->groups_mask) && !grow(s)) || !(g = calloc(1, sizeof(*g)))) {
		s->stats.out_of_memory++;
		return NULL;
	}
	g->pid = pid;
	size_t slot = slot_of(s, pid);
	g->hash_next = s->groups[slot];
	s->groups[slot] = g;
	s->ngroups++;
	return g;
}

/* Behind AFTER; NULL: in front. */
static void
insert(struct sk_group *g, struct sk_thread *t, struct sk_thread *after)
{
	struct sk_thread *next = after ? after->group_next : g->threads;

	t->group_prev = after;
	t->group_next = next;
	*(after ? &after->group_next : &g->threads) = t;
	*(next ? &next->group_prev : &g->last) = t;
}

bool
sk_group_join(struct sk_state *s, struct sk_thread *t)
{
	struct sk_group *g = sk_group_find(s, t->pid);

	if (!g && !(g = new_group(s, t->pid)))
		return false;
	/* The first process of a pid namespace adopts its orphans. */
	if (!g->total)
		g->reaper = t->pid == 1 || t->vpid == 1;
	t->group = g;
	if (sk_thread_is_main(t)) {
		insert(g, t, NULL);
		g->leader = t;
	} else {
		insert(g, t, g->last);
	}
	g->total++;
	g->alive += !t->dead;
	return true;
}

static void
free_group(struct sk_state *s, struct sk_group *g)
{
	struct sk_group **p = &s->groups[slot_of(s, g->pid)];

	while (*p != g)
		p = &(*p)->hash_next;
	*p = g->hash_next;
	s->ngroups--;
	free(g);
}

void
sk_group_leave(struct sk_state *s, struct sk_thread *t)
{
	struct sk_group *g = t->group;

	if (!g)
		return;
	*(t->group_prev ? &t->group_prev->group_next : &g->threads) = t->group_next;
	*(t->group_next ? &t->group_next->group_prev : &g->last) = t->group_prev;
	g->total--;
	g->alive -= !t->dead;
	if (g->leader == t)
		g->leader = NULL;
	t->group = NULL;
	t->group_next = t->group_prev = NULL;
	if (!g->total)
		free_group(s, g);
}

void
sk_groups_clear(struct sk_state *s)
{
	for (size_t i = 0; s->groups && i <= s->groups_mask; i++)
		for (struct sk_group *g = s->groups[i], *next; g; g = next) {
			next = g->hash_next;
			free(g);
		}
	free(s->groups);
	s->groups = NULL;
	s->groups_mask = s->ngroups = 0;
}
