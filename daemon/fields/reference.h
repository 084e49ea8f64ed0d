/* A field as people write it: "proc.name", "proc.aname[2]", "evt.arg.flags", "proc.env[PATH]". */
#ifndef SK_FIELDS_REFERENCE_H
#define SK_FIELDS_REFERENCE_H

#include "base/slice.h"

#include <saker/vm.h>

struct sk_field_ref {
	const struct sk_field_desc *field;
	struct sk_field_arg_value arg; /* key, if any, points into the text and is not NUL-terminated; aux is 0 until bound */
};

/* Parse the whole of TEXT. False if it does not begin with a field's name, or if what follows is no argument or one the field does not take. */
bool sk_field_ref_parse(struct sk_slice text, struct sk_field_ref *ret);

#endif
