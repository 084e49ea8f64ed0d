/* Sets of event types, and which of them a node of the graph can hold for. */
#ifndef SK_EVENT_SET_H
#define SK_EVENT_SET_H

#include "compiler/ir.h"

#define SK_EVENT_SET_WORDS ((SK_EVENT_LIMIT + 63) / 64)

struct sk_event_set {
	uint64_t w[SK_EVENT_SET_WORDS];
};

/* Event types for which a node may be true, and for which it may be false. */
struct sk_event_reach {
	struct sk_event_set yes, no;
};

/* Reach of every node, given that of the tests, which LEAF fills in (it gets everything set). The array lives in the arena; NULL when out of memory. */
struct sk_event_reach *sk_event_reach(const struct sk_ir_graph *g, void (*leaf)(void *ctx, uint32_t node, struct sk_event_reach *ret), void *ctx);

/* All event types that carry this name: the name of the type itself, or of a system call that it reports. */
struct sk_event_set sk_event_set_named(struct sk_slice name);
struct sk_event_set sk_event_set_all(void);
uint32_t sk_event_set_count(const struct sk_event_set *s);

static inline bool
sk_event_set_has(const struct sk_event_set *s, uint32_t type)
{
	return s->w[type / 64] >> type % 64 & 1;
}

static inline void
sk_event_set_add(struct sk_event_set *s, uint32_t type)
{
	s->w[type / 64] |= 1ull << type % 64;
}

static inline void
sk_event_set_drop(struct sk_event_set *s, uint32_t type)
{
	s->w[type / 64] &= ~(1ull << type % 64);
}

#endif
