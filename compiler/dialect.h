/* Dialects of the rule language. In ours every construct has one meaning; Falco's is what Falco 0.44 makes of the same text, accidents included: for rules that both
 * engines load, and to compare alerts one by one. docs/compatibility.md lists what differs. */
#ifndef SK_DIALECT_H
#define SK_DIALECT_H

#include "compiler/event_set.h"
#include "compiler/sema.h"

/* What a check becomes. */
enum sk_reading {
	SK_READ_AS_WRITTEN,
	SK_READ_NEVER,         /* it holds for no event */
	SK_READ_EXISTS,        /* it asks no more than whether there is a value */
	SK_READ_FIRST,         /* it compares with the first value of the list */
	SK_READ_HAS_DESCRIPTOR /* it asks whether the event has a descriptor */
};

/* How the dialect reads check C with left value L. A reading that is not as written is reported (W0325). */
enum sk_reading sk_dialect_read(struct sk_sema *s, const struct sk_cond *c, const struct sk_irv *l);

/* Why the dialect refuses literal O, written in s->text, as a constant of L's type, or NULL. It may change the constant V that O stands for, which is reported (W0108). */
const char *sk_dialect_constant(struct sk_sema *s, const struct sk_irv *l, const struct sk_opnd *o, struct sk_irv *v);

/* The node that holds for the events that rule R is asked about at all; 1 if that adds nothing. REACH: what the names of event types in its condition leave. */
uint32_t sk_dialect_events(struct sk_sema *s, const struct sk_rule_ast *r, const struct sk_event_reach *reach);

#endif
