/* Values of two runs of the same work: equal up to what the kernel hands out anew each time. */
#ifndef SK_TESTS_ZOO_SAME_H
#define SK_TESTS_ZOO_SAME_H

#include "tests/probe/zoo_align.h"

#include <jansson.h>

enum zoo_verdict {
	ZOO_EQUAL,
	ZOO_ASIDE,  /* an address, an id of the kernel or a time: not compared */
	ZOO_EXCEPT, /* differs for a reason that the table gives */
	ZOO_DIFFERS
};

struct zoo_rule {
	char *kind, *event, *field, *reason; /* event and field: fnmatch patterns */
	uint64_t used;
};

struct zoo_same {
	const struct zoo *a, *b; /* threads matched: numbers of the one read as those of the other */
	SK_VEC(struct zoo_rule) rules;
};

/* Read the table: "aside EVENT FIELD REASON" and "except …" a line, tab-separated, "#" begins a comment. False with a message. */
bool zoo_same_read(struct zoo_same *ret, const char *table);
void zoo_same_free(struct zoo_same *s);
/* WANT of recording a, GOT of b; NULL is absent. */
enum zoo_verdict zoo_same(struct zoo_same *s, const char *event, const char *field, const json_t *want, const json_t *got);

#endif
