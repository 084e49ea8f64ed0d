/* Enter events of old captures, kept until the exit event of the same thread takes their parameters. One a thread. */
#ifndef SK_SCAP_ENTERS_H
#define SK_SCAP_ENTERS_H

#include <saker/event.h>

/* Most parameters of an event that is kept (checked against conversions.def). */
#define SK_ENTER_PARAMS 8u

struct sk_enter {
	int64_t tid;
	uint16_t type;
	uint8_t nparams;
	bool live; /* not taken yet */
	uint32_t off[SK_ENTER_PARAMS + 1];
	uint32_t cap;
	uint8_t *data; /* owned, CAP bytes */
};

struct sk_enters {
	struct sk_enter *v; /* open addressing by tid, size a power of two; an empty slot has data NULL */
	uint32_t size, n;
	size_t bytes;
	uint64_t lost; /* forgotten because the table was full */
};

/* Keep EV instead of what was kept of its thread. */
void sk_enters_put(struct sk_enters *t, const struct sk_event *ev);
/* What is kept of a thread, or NULL. Valid until the next put. */
struct sk_enter *sk_enters_get(const struct sk_enters *t, int64_t tid);
void sk_enters_free(struct sk_enters *t);

#endif
