/* Fields whose values differ from those of the dumps on purpose: "field TAB greatest number of values TAB reason" a line; the number is the greatest of any one capture.
 * The reasons are explained in docs/compatibility.md. */
#ifndef SK_TESTS_DUMP_EXCEPTIONS_H
#define SK_TESTS_DUMP_EXCEPTIONS_H

#include <stdint.h>

struct sk_dump_exceptions;

/* NULL after a message when PATH cannot be read or has a line of another form. */
struct sk_dump_exceptions *sk_dump_exceptions_read(const char *path);
void sk_dump_exceptions_free(struct sk_dump_exceptions *x);
/* How many values of FIELD may differ in a capture; 0 if it is not listed. *REASON is the reason, NULL without one; valid until X is freed. */
uint64_t sk_dump_exceptions_allow(const struct sk_dump_exceptions *x, const char *field, const char **reason);

#endif
