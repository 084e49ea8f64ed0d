/* What conditions use, for descriptions of rules. */
#ifndef SK_CMD_DESCRIBE_H
#define SK_CMD_DESCRIBE_H

#include "compiler/compile.h"
#include "compiler/event_set.h"

/* Names in the order in which they were found; sorted and unique after sk_names_found_sort(). On the heap: sk_vec_free(). */
struct sk_names_found {
	struct sk_slice *v;
	size_t n, cap;
};
/* A name that memory lacks for is left out. */
void sk_names_found_add(struct sk_names_found *f, struct sk_slice name);
void sk_names_found_sort(struct sk_names_found *f);

struct sk_uses {
	struct sk_names_found macros, lists, operators, fields;
};
/* What COND names; DEEP: and what the macros do that it names. Adds to *RET. */
void sk_describe_uses(const struct sk_compilation *c, const struct sk_cond *cond, bool deep, struct sk_uses *ret);
void sk_uses_free(struct sk_uses *u);

/* Event types that COND leaves possible by what it says of the type; all without a condition. */
struct sk_event_set sk_describe_events(const struct sk_compilation *c, const struct sk_cond *cond);
/* COND in the language of rules, macros put in; cut off behind SK_MAX_CONDITION bytes. */
void sk_describe_print(const struct sk_compilation *c, const struct sk_cond *cond, struct sk_buf *out);

#endif
