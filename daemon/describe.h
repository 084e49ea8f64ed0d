/* The rules as a list: what -L and -l print. */
#ifndef SK_DESCRIBE_H
#define SK_DESCRIBE_H

#include "base/buf.h"

#include <saker/bundle.h>

struct sk_bundle_view;

/* The rules of V, or the one called NAME, at the end of OUT: two columns, or one JSON object {"rules": [{"info": {...}, "details": {...}}]} and a new line. False, and OUT as it
 * was, if NAME is not a rule. */
bool sk_describe_rules(const struct sk_bundle_view *v, const char *name, bool json, struct sk_buf *out);

#endif
