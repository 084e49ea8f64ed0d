/* Counts of matches, printed at exit: falco_features.md A3.05. */
#ifndef SK_STATS_H
#define SK_STATS_H

#include "vm/bundle/bundle.h"

#include <stdio.h>

struct sk_stats {
	const struct sk_bundle_view *bundle;
	uint64_t *by_rule; /* [nrules] */
	uint64_t total;
};

/* False when out of memory. */
bool sk_stats_init(struct sk_stats *s, const struct sk_bundle_view *b);
void sk_stats_count(struct sk_stats *s, uint32_t rule);
void sk_stats_print(const struct sk_stats *s, FILE *out);
void sk_stats_free(struct sk_stats *s);

#endif
