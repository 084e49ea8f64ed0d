/* A dump of fields: one JSON object a line, {"n": evt.num, "f": {field: value}}, gzipped; and values of ours in the same form. */
#ifndef SK_TESTS_DUMP_FILE_H
#define SK_TESTS_DUMP_FILE_H

#include "base/buf.h"
#include "base/vec.h"
#include "daemon/fields/fields.h"
#include "daemon/fields/reference.h"

#include <jansson.h>

struct sk_dump_field {
	char *text;
	struct sk_field_ref ref; /* field NULL: not one of ours */
};

struct sk_dump_line {
	uint64_t n;
	json_t *f; /* owned */
};

struct sk_dump {
	SK_VEC(struct sk_dump_field) fields; /* all that occur anywhere, in order of their first use */
	SK_VEC(struct sk_dump_line) lines;   /* by number, ascending */
};

/* Zero-initialise RET. False when it cannot be read or has no line; free in any case. */
bool sk_dump_read(struct sk_dump *ret, const char *path);
void sk_dump_free(struct sk_dump *d);
/* FIELD of the current event as JSON text in OUT, "null" if it is absent. */
void sk_dump_load(struct sk_buf *out, struct sk_fields *f, const struct sk_dump_field *field);

#endif
