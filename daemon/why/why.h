/* `saker why RULE -e FILE`: of each event that a rule can match, which of its tests held and which did not; nearest misses first.
 */
#ifndef SK_WHY_H
#define SK_WHY_H

#include "daemon/config.h"
#include "daemon/options.h"

/* Explain O->why_rule over the capture of C, to standard output. The exit status; messages have gone to standard error. */
int sk_why(const struct sk_options *o, const struct sk_config *c);

#endif
