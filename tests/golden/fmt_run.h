/* What the tests of sakerc fmt share. */
#ifndef SK_TEST_FMT_RUN_H
#define SK_TEST_FMT_RUN_H

#include "base/slice.h"

/* TEXT formatted, in memory of its own; empty if it is refused, with the findings as text in RET_WHY (may be NULL). */
struct sk_slice fmt_format(struct sk_slice text, struct sk_slice *ret_why);
/* Everything a bundle of TEXT would hold, but for places; and all findings with all lints, likewise, in the order of their words. */
struct sk_slice fmt_meaning(struct sk_slice text);
void fmt_free(struct sk_slice s);

#endif
