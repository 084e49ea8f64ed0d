/* Memory of the values computed for one event: a bump allocator that starts over with each event. */
#ifndef SK_FIELDS_SCRATCH_H
#define SK_FIELDS_SCRATCH_H

#include <saker/limits.h>

#include <stdalign.h>
#include <stddef.h>

struct sk_scratch {
	size_t used;
	alignas(max_align_t) char data[SK_MAX_EVENT_SCRATCH];
};

/* Count the next N bytes as used; the caller has checked that they fit. */
static inline void
sk_scratch_take(struct sk_scratch *s, size_t n)
{
	const size_t align = alignof(max_align_t);

	s->used += (n + align - 1) / align * align;
	if (s->used > sizeof(s->data))
		s->used = sizeof(s->data);
}

#endif
