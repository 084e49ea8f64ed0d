/* One event block taken apart. */
#ifndef SK_SCAP_DECODE_H
#define SK_SCAP_DECODE_H

#include "probe/scap/format.h"

#include <saker/event.h>

enum sk_decode { SK_DECODE_OK, SK_DECODE_UNKNOWN_TYPE, SK_DECODE_BAD };

/* Fill all of EV but num from the BODY of an event block with LAYOUT (SK_EV_* of format.h); parameters stay where they are. Parameters
 * that the schema does not have are left out. BAD: a constant text in *RET_WHY. */
enum sk_decode sk_scap_decode(const uint8_t *body, size_t n, uint32_t layout, struct sk_event *ev, const char **ret_why);

/* The same, for speed alone, of a body of SK_EV_COUNTED layout with at least SK_USUAL_MIN bytes of block and SK_USUAL_MARGIN readable
 * bytes behind the block. False: let sk_scap_decode() do it. */
#define SK_USUAL_MIN (SK_BLOCK_FRAME + 2 + SK_EVENT_HEAD_V2)
#define SK_USUAL_MARGIN 8u
bool sk_scap_decode_usual(const uint8_t *body, size_t n, struct sk_event *ev);

#endif
