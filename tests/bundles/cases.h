/* One bad bundle a reject code. */
#ifndef SK_TEST_BAD_CASES_H
#define SK_TEST_BAD_CASES_H

#include "tests/bundles/image.h"
#include "vm/bundle/bundle.h"

/* Text of a bundle with a little of everything. */
extern const char bad_everything[];
/* Make the bundle that CODE refuses; false if there is no case for it, or it cannot be made. */
bool bad_bundle(enum sk_reject_code code, struct sk_buf *ret);
/* "section_gap" of SECTION_GAP. */
void bad_name(enum sk_reject_code code, char *ret, size_t n);

#endif
