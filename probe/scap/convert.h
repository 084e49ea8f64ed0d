/* Events of older schemas become events of today's (conversions.def). Today's drivers send a system call as one exit event; old ones
 * sent the arguments in an enter event, so that enter events are kept and their parameters put into the exit events. */
#ifndef SK_SCAP_CONVERT_H
#define SK_SCAP_CONVERT_H

#include <saker/event.h>

struct sk_converter;

enum sk_convert {
	SK_CONVERT_PASS, /* EV is current now */
	SK_CONVERT_DROP  /* not to be delivered */
};

struct sk_converter *sk_converter_new(void);
void sk_converter_free(struct sk_converter *c);
/* Forget the enter events: another section begins. */
void sk_converter_reset(struct sk_converter *c);
/* Only for events that are not current. EV may then point into memory of the converter that is valid until the next call. */
enum sk_convert sk_converter_run(struct sk_converter *c, struct sk_event *ev);
/* Events whose enter event was another's or had too few parameters (it is left out then), that no rule is for, and enter events lost
 * to a full table. */
uint64_t sk_converter_mismatches(const struct sk_converter *c);

/* True if EV needs no conversion: what nearly all events of today's captures are. */
static inline bool
sk_convert_current(const struct sk_event *ev)
{
	uint32_t how = ev->desc->flags & (SK_EF_UNUSED | SK_EF_OLD_VERSION | SK_EF_CONVERTER_MANAGED);

	if (how == SK_EF_CONVERTER_MANAGED)
		return (ev->type & 1) && ev->nparams == ev->desc->nparams;
	return how == 0;
}

#endif
