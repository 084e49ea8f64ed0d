/* Values of events in *.fbt files. */
#ifndef SK_TESTS_FBT_H
#define SK_TESTS_FBT_H

#include "base/arena.h"

#include <saker/vm.h>

/* Read "field = value" at *P, up to the comma or the end of the text. False if it is not that. Texts are kept in ARENA. */
bool fbt_pair(struct sk_arena *arena, const char **p, const struct sk_field_desc **ret_field, struct sk_value *ret);

#endif
