/* "Did you mean": the known name that is nearest to a mistyped one. */
#ifndef SK_BASE_SUGGEST_H
#define SK_BASE_SUGGEST_H

#include "base/slice.h"

/* Zero-initialise with the wanted name, offer every known name, then read best: empty if nothing is near. */
struct sk_suggest {
	struct sk_slice wanted;
	struct sk_slice best;
	unsigned distance; /* of best, in edits; meaningless while best is empty */
};

void sk_suggest_offer(struct sk_suggest *s, struct sk_slice name);
/* The nearest of N names; NULLs among them do not count. */
struct sk_slice sk_suggest_among(struct sk_slice wanted, const char *const names[], size_t n);

/* printf("...%s%.*s%s", SK_SUGGEST_ARG(best)): " (did you mean 'x'?)" or nothing. */
#define SK_SUGGEST_FMT "%s%.*s%s"
#define SK_SUGGEST_ARG(best) (best).n ? " (did you mean '" : "", SK_SLICE_ARG(best), (best).n ? "'?)" : ""

#endif
