/* Alerts: a match as the line that outputs write, text or JSON (falco_features.md D.1, D.2). */
#ifndef SK_ALERT_H
#define SK_ALERT_H

#include "base/buf.h"
#include "daemon/config.h"
#include "daemon/engine.h"

struct sk_alerter;

/* What is added to the output of rule R by append_output: output templates of the bundle. */
struct sk_alert_extra {
	uint32_t output;  /* template in the bundle */
	const char *key;  /* NULL: text added behind the message; else a member of output_fields */
	bool raw;         /* the member is the typed value of the template's only field, not its text */
};

/* Prepare for the rules of E's bundle. C must outlive the alerter. NULL when out of memory. */
struct sk_alerter *sk_alerter_new(const struct sk_config *c, struct sk_engine *e);
void sk_alerter_free(struct sk_alerter *a);
/* Add X to what rule RULE puts out; X->key is copied. False when out of memory. */
bool sk_alerter_add(struct sk_alerter *a, uint32_t rule, const struct sk_alert_extra *x);
/* The line of a match of RULE by the engine's current event, without end of line, NUL-terminated. Owned by the alerter, valid until the next call. p is NULL when out of
 * memory: the alert is lost. */
struct sk_slice sk_alert_line(struct sk_alerter *a, uint32_t rule);
/* Time text of TS (ns since the epoch): "16:17:57.881781397" or "2016-08-04T16:17:57.881781397" + SUFFIX for ISO. Always UTC unless LOCAL. */
void sk_alert_time(struct sk_buf *out, uint64_t ts, bool iso8601, const char *suffix, bool local);

#endif
