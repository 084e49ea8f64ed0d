/* The live source of the daemon: the probe, told what the rules want, and the lists of /proc before the first event. */
#ifndef SK_DAEMON_LIVE_H
#define SK_DAEMON_LIVE_H

#include "daemon/config.h"
#include "daemon/engine.h"

struct sk_live_source;

/* Attach the probe, then describe the machine to SINK, which is the engine's or leads to it. ALL: every event there is is wanted, for a recording. 0, or a negative errno with a line in RETERR (N bytes). */
int sk_live_source_open(const struct sk_config *c, struct sk_engine *e, const struct sk_list_sink *sink, bool all, struct sk_live_source **ret, char *reterr, size_t n);
/* 1: an event, valid until the next call, its thread known to the engine's state; 0: none came within some milliseconds. */
int sk_live_source_next(struct sk_live_source *s, struct sk_event *ret);
/* No event is taken any more; what was before stays to be read by sk_live_source_rest(), which is next() until nothing is left or a second has passed: rings of
 * half a gigabyte are no reason to end late. */
void sk_live_source_stop(struct sk_live_source *s);
int sk_live_source_rest(struct sk_live_source *s, struct sk_event *ret);
/* Say what was lost, and stop. */
void sk_live_source_close(struct sk_live_source *s);

#endif
