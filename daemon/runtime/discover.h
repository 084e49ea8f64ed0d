/* Live: containers are described before the first event in them is. Whoever reads the events gets an event of its own for each, as captures have them, and so state, rules and
 * recordings take it by the way that replay takes. */
#ifndef SK_RUNTIME_DISCOVER_H
#define SK_RUNTIME_DISCOVER_H

#include "daemon/runtime/runtime.h"
#include "daemon/state/state.h"

struct sk_discovery;

struct sk_discovery_stats {
	uint64_t lookups, found, unknown; /* unknown: lookups of what is a container by its cgroup, but that no engine knew */
	uint64_t refused;                 /* memory was out, or too many at once */
	uint64_t ns, ns_max;              /* time that lookups took, all and the longest */
};

/* S must outlive it. 0 or a negative errno. */
int sk_discovery_new(const struct sk_runtime_opts *opts, struct sk_state *s, struct sk_discovery **ret);
void sk_discovery_free(struct sk_discovery *d);
/* Look for the containers of all threads that are known. */
void sk_discovery_all(struct sk_discovery *d, uint64_t ts);
/* Look for the container of EV's thread: EV is the next event and the state does not have it yet. */
void sk_discovery_look(struct sk_discovery *d, const struct sk_event *ev);
/* An event that must go before those that were looked at, at the time TS. False when there is none. Valid until the next call. */
bool sk_discovery_next(struct sk_discovery *d, uint64_t ts, struct sk_event *ret);
const struct sk_discovery_stats *sk_discovery_stats(const struct sk_discovery *d);

#endif
