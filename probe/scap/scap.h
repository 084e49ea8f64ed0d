/* Capture files (.scap), every version: docs in scap_format.md of the format; old events come out converted to the current schema. */
#ifndef SK_SCAP_H
#define SK_SCAP_H

#include "base/slice.h"

#include <saker/event.h>
#include <saker/lists.h>

struct sk_scap;

/* What went wrong, where. */
struct sk_scap_error {
	char text[256];   /* one line, no newline */
	uint64_t offset;  /* in the uncompressed stream */
};

enum sk_scap_result {
	SK_SCAP_EVENT, /* an event was delivered */
	SK_SCAP_END,   /* the capture ended cleanly between blocks */
	SK_SCAP_ERROR  /* truncated or corrupt; what was delivered before stays good */
};

/* Open a capture, plain or gzip; "-" is standard input. Reads the lists up to the first event into SINK. 0, or a negative errno with *RETERR filled in. */
int sk_scap_open(const char *path, const struct sk_list_sink *sink, struct sk_scap **ret, struct sk_scap_error *reterr);
/* The same from memory, which must outlive the reader (tests, fuzzing). */
int sk_scap_open_memory(const void *data, size_t n, const struct sk_list_sink *sink, struct sk_scap **ret, struct sk_scap_error *reterr);
/* The next event, converted; events that the conversion drops are skipped. EV stays valid until the next call. num counts from 1 over all sections. */
enum sk_scap_result sk_scap_next(struct sk_scap *c, struct sk_event *ev, struct sk_scap_error *reterr);
/* Bytes of the uncompressed stream read so far, and counters of what was skipped. */
struct sk_scap_stats {
	uint64_t bytes, events_read, events_dropped, unknown_types, unknown_blocks, conversion_mismatches;
};
const struct sk_scap_stats *sk_scap_stats(struct sk_scap *c);
void sk_scap_close(struct sk_scap *c);

#endif
