/* One event as every source hands it on: live probe, capture reader, tests. */
#ifndef SAKER_EVENT_H
#define SAKER_EVENT_H

#include <saker/schema.h>
#include <string.h>

/* What the kernel itself knew of the descriptor and thread of a live event; NULL members are unknown. Replay has none of it. */
struct sk_event_facts;

struct sk_event {
	uint64_t num; /* 1 for the first event delivered */
	uint64_t ts;  /* ns since the epoch */
	int64_t tid;
	uint16_t type; /* enum sk_event_type, always < SK_EVENT_LIMIT */
	uint16_t cpu;
	uint32_t dump_flags; /* SK_EVENT_STATE_ONLY */
	const struct sk_event_desc *desc;
	/* Parameter i is data[off[i], off[i+1]); length 0 means absent. Valid until the next event of the same source. */
	const uint8_t *data;
	uint32_t nparams;
	uint32_t off[SK_PARAMS_MAX + 1];
	const struct sk_event_facts *facts;
};

/* The event updates state and is not shown to rules. */
#define SK_EVENT_STATE_ONLY 1u

static inline uint32_t
sk_ev_len(const struct sk_event *ev, uint32_t i)
{
	return i < ev->nparams ? ev->off[i + 1] - ev->off[i] : 0;
}

static inline const uint8_t *
sk_ev_ptr(const struct sk_event *ev, uint32_t i)
{
	return ev->data + ev->off[i];
}

/* Parameter I as an unsigned number of its own width (zero-extended); 0 when absent. Little endian by contract. */
static inline uint64_t
sk_ev_uint(const struct sk_event *ev, uint32_t i)
{
	uint32_t n = sk_ev_len(ev, i);
	uint64_t v = 0;

	if (n >= 8)
		memcpy(&v, sk_ev_ptr(ev, i), 8);
	else if (n == 4)
		memcpy(&v, sk_ev_ptr(ev, i), 4);
	else if (n)
		memcpy(&v, sk_ev_ptr(ev, i), n);
	return v;
}

/* Parameter I as a signed number of its own width (sign-extended); OTHERWISE when absent. */
static inline int64_t
sk_ev_int(const struct sk_event *ev, uint32_t i, int64_t otherwise)
{
	uint32_t n = sk_ev_len(ev, i);
	uint64_t v = sk_ev_uint(ev, i);

	if (!n)
		return otherwise;
	if (n >= 8)
		return (int64_t)v;
	return (int64_t)(v << (64 - 8 * n)) >> (64 - 8 * n);
}

/* Text of parameter I without its NUL; p is NULL when the parameter is absent. */
static inline const char *
sk_ev_str(const struct sk_event *ev, uint32_t i, size_t *ret_n)
{
	uint32_t n = sk_ev_len(ev, i);
	const char *p = (const char *)sk_ev_ptr(ev, i);

	*ret_n = n ? strnlen(p, n) : 0;
	return n ? p : NULL;
}

#endif
