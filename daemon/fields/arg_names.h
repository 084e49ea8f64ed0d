/* Where the parameters of a name stand in each event type: evt.arg.NAME is looked up once when a bundle is bound, not per event. */
#ifndef SK_FIELDS_ARG_NAMES_H
#define SK_FIELDS_ARG_NAMES_H

#include "base/slice.h"

#include <saker/schema.h>

#define SK_NO_PARAM 0xff

struct sk_arg_name {
	const char *name;       /* of the event table */
	uint8_t type, fmt;      /* enum sk_ptype, sk_pfmt of the first event with that name: what evt.rawarg.NAME is typed by */
	uint8_t at[SK_EVENT_LIMIT]; /* parameter of each event type, SK_NO_PARAM without one */
};

struct sk_arg_names;

struct sk_arg_names *sk_arg_names_new(void);
void sk_arg_names_free(struct sk_arg_names *n);
/* Number (from 1) of the longest parameter name of the event table that begins TEXT; 0 if there is none or memory is short. */
uint32_t sk_arg_names_bind(struct sk_arg_names *n, struct sk_slice text);
/* Name number I as bind returned it; NULL for 0. */
const struct sk_arg_name *sk_arg_names_get(const struct sk_arg_names *n, uint32_t i);

#endif
