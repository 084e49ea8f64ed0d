/* Conditions that match other events than the reference's on purpose: "capture TAB JSON string TAB reason" a line. The reasons are explained in docs/compatibility.md. */
#ifndef SK_TESTS_DELIBERATE_H
#define SK_TESTS_DELIBERATE_H

#include <stdbool.h>

struct sk_deliberate;

/* The lines of PATH for CAPTURE. NULL after a message when it cannot be read. */
struct sk_deliberate *sk_deliberate_read(const char *path, const char *capture);
void sk_deliberate_free(struct sk_deliberate *d);
/* Why CONDITION differs; NULL if it is not listed. Marks it as seen. */
const char *sk_deliberate_reason(struct sk_deliberate *d, const char *condition);
/* Lists conditions that nobody asked for; false if there are any. */
bool sk_deliberate_all_seen(const struct sk_deliberate *d);

#endif
