/* Findings in the form of the reference answers: Falco's code and its chain of items, as text. */
#ifndef SK_TEST_FALCO_H
#define SK_TEST_FALCO_H

#include "tests/diag/pipeline.h"

/* "LOAD_X rules content@0:0 > rule 'r'@5:2". On the heap; NULL for findings that Falco has no name for. */
char *falco_finding(const struct sk_diag *diag);
/* True if only the check of conditions can find what Falco calls CODE. */
bool falco_needs_conditions(const char *code);

#endif
