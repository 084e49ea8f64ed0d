/* From rule files or a bundle, as configured, to a verified bundle and the rules that run. */
#ifndef SK_RULES_LOAD_H
#define SK_RULES_LOAD_H

#include "base/buf.h"
#include "daemon/alert.h"
#include "daemon/config.h"

struct sk_loaded {
	struct sk_bundle *bundle;
	struct sk_buf image;   /* what the bundle reads, when it was compiled here */
	size_t nrules_off;     /* rules that selection or priority turned off */
};

/* Load FILES (or, when there are none, the configured ones). EXTRA_OUTPUT is -p, or NULL. 0 or a negative errno with a line in ERR; findings of the compiler have gone to standard error. */
int sk_rules_load(const struct sk_config *c, const struct sk_strings *files, const char *extra_output, struct sk_loaded *ret, char *err, size_t n);
/* The rule files that sk_rules_load() would compile, into *RET (which the caller frees); none where it would open a bundle. False when out of memory. */
bool sk_rules_sources(const struct sk_config *c, const struct sk_strings *files, struct sk_strings *ret);
void sk_rules_unload(struct sk_loaded *l);
/* Turn rules of E on and off as rules[] and priority say. */
void sk_rules_select(const struct sk_config *c, struct sk_loaded *l, struct sk_engine *e);
/* Hand the templates that append_output and -p compiled to A. False when out of memory. */
bool sk_rules_append(const struct sk_config *c, const struct sk_loaded *l, const char *extra_output, struct sk_alerter *a);

#endif
