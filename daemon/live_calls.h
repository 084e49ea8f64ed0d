/* Which system calls without an event type of their own rules can match, live. */
#ifndef SK_DAEMON_LIVE_CALLS_H
#define SK_DAEMON_LIVE_CALLS_H

#include "vm/bundle/bundle.h"

/* False only if no rule of the bundle can match an event of such a call. They are most of what a machine calls: sending them for nothing costs more than all others. */
bool sk_live_wants_generic(const struct sk_bundle_view *v);

#endif
