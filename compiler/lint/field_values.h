/* Fields whose texts are a closed set. */
#ifndef SK_LINT_FIELD_VALUES_H
#define SK_LINT_FIELD_VALUES_H

#include "base/slice.h"

#include <saker/schema.h>

/* All texts that the field can have, up to NULL; NULL for fields of any other text. */
const char *const *sk_field_values(enum sk_field_id id);
/* True if the text is of such words with blanks between them, not one of them. */
bool sk_field_is_words(enum sk_field_id id);

#endif
