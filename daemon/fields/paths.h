/* Paths of an event, put together with the directory they are relative to. */
#ifndef SK_FIELDS_PATHS_H
#define SK_FIELDS_PATHS_H

#include "daemon/fields/fields.h"

/* The directory that a descriptor parameter of an *at call stands for: the working directory for AT_FDCWD, "<UNKNOWN>" if the descriptor is
 * not known. Points into the state. */
struct sk_slice sk_event_dir(const struct sk_fields *f, int64_t dirfd);
/* Text parameter I, "<NA>" where the event has none of it. */
struct sk_slice sk_event_text(const struct sk_event *ev, uint32_t i);
/* PATH relative to DIR (any DIR if PATH is absolute), normalised, in scratch memory; p is NULL when that is spent. */
struct sk_slice sk_event_path(struct sk_fields *f, struct sk_slice dir, struct sk_slice path);

#endif
