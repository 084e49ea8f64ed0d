/* procexit: a thread ends, with the next event its entry goes. */
#include "daemon/state/internal.h"

enum { P_REAPER = 4 };

/* A clone event of the parent that comes later than this after the child's exit speaks of another child. */
#define LATELY_NS 2000000000ull

static void
remember_exit(struct sk_state *s, const struct sk_thread *t, uint64_t ts)
{
	if (!s->exited && !(s->exited = calloc(SK_EXITED_RING, sizeof(*s->exited)))) {
		s->stats.out_of_memory++;
		return;
	}
	s->exited[s->exited_pos++ % SK_EXITED_RING] = (struct sk_exited){t->tid, t->ptid, ts};
}

bool
sk_exited_lately(const struct sk_state *s, int64_t child, int64_t parent, uint64_t ts)
{
	if (!s->exited)
		return false;
	/* Newest first: the ring is in the order of time. */
	for (uint32_t i = 0; i < SK_EXITED_RING; i++) {
		const struct sk_exited *e = &s->exited[(s->exited_pos - 1 - i) % SK_EXITED_RING];

		if (!e->ts || e->ts + LATELY_NS < ts)
			return false;
		if (e->tid == child && e->ptid == parent)
			return true;
	}
	return false;
}

static void
mark_dead(struct sk_thread *t)
{
	if (t->dead)
		return;
	t->dead = true;
	if (t->group)
		t->group->alive--;
}

void
sk_thread_remove(struct sk_state *s, struct sk_thread *t)
{
	struct sk_group *g = t->group;
	struct sk_thread *leader = g ? g->leader : NULL;

	mark_dead(t);
	sk_tree_reparent_children(s, t);
	if (t == leader && g->alive)
		return;
	/* G goes with its last thread. */
	bool leader_too = leader && leader != t && leader->dead && !g->alive;
	sk_thread_delete(s, t);
	if (leader_too) {
		sk_tree_reparent_children(s, leader);
		sk_thread_delete(s, leader);
	}
}

void
sk_thread_replace(struct sk_state *s, struct sk_thread *t)
{
	mark_dead(t);
	sk_tree_reparent_children(s, t);
	sk_thread_delete(s, t);
}

void
sk_on_procexit(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_thread *t = x->thread;

	if (!t)
		return;
	remember_exit(s, t, ev->ts);
	mark_dead(t);
	t->flags |= SK_CL_CLOSED;
	if (t->children)
		t->reaper_tid = sk_ev_int(ev, P_REAPER, -1);
	s->exiting = t;
	s->leftovers = true;
}
