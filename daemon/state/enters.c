/* Enter events that are kept until their exit: what a program passed before the kernel, or another thread, could change it. */
#include "daemon/state/internal.h"

/* A block of this size holds most of them; such blocks are kept for reuse. */
#define SMALL 512u

struct sk_stored_enter {
	struct sk_event ev; /* data points to bytes */
	size_t size;        /* of bytes */
	uint8_t bytes[];
};

static struct sk_stored_enter *
block(struct sk_state *s, size_t n)
{
	struct sk_stored_enter *b;

	if (n <= SMALL && s->nstored_pool)
		return s->stored_pool[--s->nstored_pool];
	n = n <= SMALL ? SMALL : n;
	b = malloc(sizeof(*b) + n);
	if (b)
		b->size = n;
	return b;
}

void
sk_enter_drop(struct sk_state *s, struct sk_thread *t)
{
	if (!t->stored)
		return;
	if (t->stored->size == SMALL && s->nstored_pool < SK_STORED_POOL)
		s->stored_pool[s->nstored_pool++] = t->stored;
	else
		free(t->stored);
	t->stored = NULL;
	s->nstored--;
}

void
sk_enter_store(struct sk_state *s, struct sk_thread *t, const struct sk_event *ev)
{
	size_t n = ev->off[ev->nparams];

	sk_enter_drop(s, t);
	struct sk_stored_enter *b = s->nstored < SK_MAX_STORED_ENTERS ? block(s, n) : NULL;
	if (!b) {
		s->stats.enters_refused++;
		return;
	}
	b->ev = *ev;
	b->ev.data = b->bytes;
	b->ev.facts = NULL;
	if (n)
		memcpy(b->bytes, ev->data, n);
	t->stored = b;
	s->nstored++;
}

const struct sk_event *
sk_enter_get(const struct sk_thread *t, uint32_t type)
{
	return t->stored && t->stored->ev.type == type ? &t->stored->ev : NULL;
}

void
sk_enters_clear(struct sk_state *s)
{
	while (s->nstored_pool)
		free(s->stored_pool[--s->nstored_pool]);
}
