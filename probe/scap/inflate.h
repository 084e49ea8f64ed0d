/* Decompression of a gzip stream of any number of members. */
#ifndef SK_SCAP_INFLATE_H
#define SK_SCAP_INFLATE_H

#include "probe/scap/raw.h"

struct sk_inflater;

/* RAW outlives the inflater and is used by it alone. NULL: out of memory. */
struct sk_inflater *sk_inflater_new(struct sk_raw *raw);
/* Fill BUF with the next CAP bytes; fewer only at the end of the stream or where it is damaged. */
size_t sk_inflater_read(struct sk_inflater *z, uint8_t *buf, size_t cap);
/* What is wrong with the stream, a constant text; NULL: nothing so far. */
const char *sk_inflater_error(const struct sk_inflater *z);
void sk_inflater_free(struct sk_inflater *z);

#endif
