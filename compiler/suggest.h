/* The nearest known name, for names that only the compiler knows. */
#ifndef SK_SUGGEST_H
#define SK_SUGGEST_H

#include "base/suggest.h"

/* The field name nearest to NAME; empty if none is near. */
struct sk_slice sk_suggest_field(struct sk_slice name);
/* The same for names of events and system calls, and of parameters of events. */
struct sk_slice sk_suggest_event(struct sk_slice name);
struct sk_slice sk_suggest_param(struct sk_slice name);

#endif
