/* Parents and children, and who adopts the orphans. */
#include "daemon/state/internal.h"

static void
adopt(struct sk_thread *parent, struct sk_thread *child)
{
	child->parent = parent;
	child->sibling_prev = NULL;
	child->sibling_next = parent->children;
	if (parent->children)
		parent->children->sibling_prev = child;
	parent->children = child;
}

void
sk_tree_unlink(struct sk_thread *t)
{
	if (!t->parent)
		return;
	if (t->sibling_prev)
		t->sibling_prev->sibling_next = t->sibling_next;
	else
		t->parent->children = t->sibling_next;
	if (t->sibling_next)
		t->sibling_next->sibling_prev = t->sibling_prev;
	t->parent = t->sibling_prev = t->sibling_next = NULL;
}

void
sk_tree_link(struct sk_state *s, struct sk_thread *t)
{
	if (sk_thread_invalid(t) || t->group || !sk_group_join(s, t) || t->pid == 1)
		return;
	struct sk_thread *parent = sk_state_thread(s, t->ptid);
	if (!parent || parent == t || sk_thread_invalid(parent)) {
		t->ptid = 0;
		return;
	}
	/* A capture may claim that a process is its own ancestor; such a chain is cut here, so that walks end. */
	unsigned depth = 0;
	for (const struct sk_thread *a = parent; a; a = a->parent)
		if (a == t || ++depth > SK_MAX_TREE_DEPTH) {
			t->ptid = 0;
			return;
		}
	adopt(parent, t);
}

static struct sk_thread *
first_alive(const struct sk_group *g, const struct sk_thread *except)
{
	for (struct sk_thread *t = g->threads; t; t = t->group_next)
		if (t != except && !t->dead)
			return t;
	return NULL;
}

static bool
in_pidns(const struct sk_thread *t)
{
	return t->tid != t->vtid || t->pid != t->vpid;
}

static bool
is_init(const struct sk_thread *t)
{
	return t->tid == 1 || t->vtid == 1;
}

/* The kernel's order: another thread of the process; the nearest ancestor that asked for orphans; the first process of the pid
 * namespace. NULL: nobody that we know. */
static struct sk_thread *
find_reaper(const struct sk_thread *t)
{
	if (!t->group)
		return NULL;
	struct sk_thread *other = first_alive(t->group, t);
	if (other)
		return other;
	for (const struct sk_thread *a = t->parent; a; a = a->parent) {
		if (in_pidns(a) != in_pidns(t) || !a->group)
			return NULL;
		if (is_init(a))
			a->group->reaper = true;
		if (a->group->reaper && (other = first_alive(a->group, t)))
			return other;
	}
	return NULL;
}

/* Who the kernel says it is. One that no event told of is made up, as any other that is asked for: from then on it has a name, "<NA>". */
static struct sk_thread *
reaper_of(struct sk_state *s, const struct sk_thread *t)
{
	struct sk_thread *r = t->reaper_tid > 0 ? sk_thread_get_or_fake(s, t->reaper_tid) : NULL;

	if (!r || r == t || !r->group)
		r = find_reaper(t);
	if (r && r->group != t->group)
		r->group->reaper = true;
	return r;
}

/* Would putting a child of T under R close a circle? Only a capture that lies can ask for it. */
static bool
descends_from(const struct sk_thread *r, const struct sk_thread *t)
{
	for (; r; r = r->parent)
		if (r == t)
			return true;
	return false;
}

void
sk_tree_reparent_children(struct sk_state *s, struct sk_thread *t)
{
	if (!t->children)
		return;
	struct sk_thread *r = reaper_of(s, t);
	bool below = r && descends_from(r, t);
	for (struct sk_thread *c = t->children, *next; c; c = next) {
		next = c->sibling_next;
		sk_tree_unlink(c);
		c->ptid = 0;
		if (r && !(below && descends_from(r, c))) {
			c->ptid = r->tid;
			adopt(r, c);
		}
	}
}
