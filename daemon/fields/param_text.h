/* Parameters of an event as text. A parameter has its own text, and often a resolved one: the symbols of flags, the name of an error, of a
 * descriptor, of a process, a path made absolute. */
#ifndef SK_FIELDS_PARAM_TEXT_H
#define SK_FIELDS_PARAM_TEXT_H

#include "daemon/fields/text.h"

/* Append the text of parameter I. */
void sk_param_plain(struct sk_out *o, uint32_t i);
/* Append the resolved text of parameter I; nothing if it has none. */
void sk_param_resolved(struct sk_out *o, uint32_t i);
/* Append "<f>/path" and the like: what descriptor NUM of the event's process is; nothing if it is not known. */
void sk_param_fd(struct sk_out *o, int64_t num);

/* A parameter with its type, dynamic ones already taken apart. */
struct sk_param {
	const struct sk_event *ev;
	const struct sk_param_desc *desc;
	const uint8_t *p;
	uint32_t n;
	enum sk_ptype type; /* DYN: its selector is not in its table */
	enum sk_pfmt fmt;
};

struct sk_param sk_param(const struct sk_event *ev, uint32_t i);
/* Its bytes as a number, zero- or sign-extended from their own width. */
uint64_t sk_param_uint(const struct sk_param *p);
int64_t sk_param_int(const struct sk_param *p);

/* Parts of the above, by kind of parameter. */
void sk_param_sockaddr(struct sk_out *o, const struct sk_param *p);
void sk_param_socktuple(struct sk_out *o, const struct sk_param *p);
/* Symbols of a number in the parameter's table, joined by '|'. */
void sk_param_flags(struct sk_out *o, const struct sk_param *p);

#endif
