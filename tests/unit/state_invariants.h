/* What must hold between any two events: the tables agree with each other. For tests of the state; includes cmocka first. */
#ifndef SK_TEST_STATE_INVARIANTS_H
#define SK_TEST_STATE_INVARIANTS_H

#include "daemon/state/internal.h"

static inline void
check_tree(const struct sk_thread *t)
{
	const struct sk_thread *prev = NULL;

	for (const struct sk_thread *c = t->children; c; prev = c, c = c->sibling_next) {
		assert_ptr_equal(c->parent, t);
		assert_ptr_equal(c->sibling_prev, prev);
		assert_int_equal(c->ptid, t->tid);
	}
	unsigned depth = 0;
	for (const struct sk_thread *a = t->parent; a; a = a->parent)
		assert_true(++depth <= 2 * SK_MAX_TREE_DEPTH);
}

static inline void
check_group(const struct sk_group *g)
{
	uint32_t total = 0, alive = 0;

	for (const struct sk_thread *t = g->threads; t; t = t->group_next) {
		assert_ptr_equal(t->group, g);
		assert_int_equal(t->pid, g->pid);
		total++;
		alive += !t->dead;
	}
	assert_int_equal(total, g->total);
	assert_int_equal(alive, g->alive);
	assert_true(!g->leader || (g->leader == g->threads && sk_thread_is_main(g->leader)));
}

static inline void
check_fd(void *arg, const struct sk_fd *fd)
{
	const struct sk_fdtable *fds = arg;

	assert_ptr_equal(sk_fdtable_find(fds, fd->num), fd);
	assert_true(fd->refs > 0 && fd->name && fd->raw_name && fd->name->refs > 0);
}

static inline void
check_state(const struct sk_state *s)
{
	size_t threads = 0, grouped = 0, in_groups = 0;

	for (size_t i = 0; s->threads && i <= s->threads_mask; i++)
		for (struct sk_thread *t = s->threads[i]; t; t = t->hash_next) {
			threads++;
			grouped += t->group != NULL;
			assert_ptr_equal(sk_state_thread(s, t->tid), t);
			assert_true(sk_thread_is_main(t) || !t->group || !t->fds);
			check_tree(t);
			sk_fdtable_each(t->fds, check_fd, t->fds);
		}
	for (size_t i = 0; s->groups && i <= s->groups_mask; i++)
		for (struct sk_group *g = s->groups[i]; g; g = g->hash_next) {
			check_group(g);
			in_groups += g->total;
		}
	assert_int_equal(threads, sk_state_stats(s)->threads);
	assert_int_equal(grouped, in_groups);
	assert_int_equal(s->stats.threads_added - s->stats.threads_removed, threads);
}

#endif
