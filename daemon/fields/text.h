/* Texts that fields put together, written straight into the event's scratch memory. */
#ifndef SK_FIELDS_TEXT_H
#define SK_FIELDS_TEXT_H

#include "base/attr.h"
#include "daemon/fields/fields.h"

/* A text under construction at the free end of the scratch memory: one at a time, and no other scratch allocation before it is kept.
 * What does not fit is cut. */
struct sk_out {
	struct sk_fields *f;
	char *p;
	size_t n, cap;
};

void sk_out_begin(struct sk_out *o, struct sk_fields *f);
/* Keep the text until the next event. */
struct sk_slice sk_out_keep(struct sk_out *o);
/* The same as a STR value; always true. */
bool sk_out_ret(struct sk_out *o, struct sk_value *ret);

void sk_out_put(struct sk_out *o, const void *p, size_t n);
void sk_out_char(struct sk_out *o, char c);
void sk_out_str(struct sk_out *o, const char *s);
void sk_out_slice(struct sk_out *o, struct sk_slice s);
void sk_out_u64(struct sk_out *o, uint64_t v);
void sk_out_i64(struct sk_out *o, int64_t v);
void sk_out_printf(struct sk_out *o, const char *fmt, ...) SK_PRINTF(2, 3);
/* N bytes as text: printable ASCII as it is, every other byte a dot. */
void sk_out_dots(struct sk_out *o, const void *p, size_t n);
/* An address in network order, IP 4 or 6. */
void sk_out_address(struct sk_out *o, const uint8_t *addr, uint8_t ip);

#endif
