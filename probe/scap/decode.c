#include "probe/scap/decode.h"

#include "base/attr.h"
#include "base/bytes.h"
#include "base/schema.h"

static enum sk_decode
bad(const char *why, const char **ret_why)
{
	*ret_why = why;
	return SK_DECODE_BAD;
}

static uint32_t
kept_params(const struct sk_event_desc *d, uint32_t n)
{
	uint32_t most = d->nparams < SK_PARAMS_MAX ? d->nparams : SK_PARAMS_MAX;

	return n < most ? n : most;
}

/* Sums of the first N 32-bit lengths into OFF; false where they leave ROOM. */
static bool
wide_offsets(const uint8_t *lens, uint32_t n, uint32_t room, uint32_t *off)
{
	uint32_t sum = 0;

	off[0] = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t len = sk_get_u32(lens + 4 * (size_t)i);

		if (len > room - sum)
			return false;
		off[i + 1] = sum += len;
	}
	return true;
}

/* The same of 16-bit lengths; at most 32 of them cannot overflow, so that one test at the end will do. */
SK_INLINE bool
narrow_offsets(const uint8_t *lens, uint32_t n, uint32_t room, uint32_t *off)
{
	uint32_t sum = 0;

	off[0] = 0;
	for (uint32_t i = 0; i < n; i++)
		off[i + 1] = sum += sk_get_u16(lens + 2 * (size_t)i);
	return sum <= room;
}

/* The same, four a step: how many parameters an event has is hard to foresee, how many fours is not. Reads up to three lengths too many
 * and leaves sums behind the last. */
SK_INLINE uint32_t
offsets_by_four(const uint8_t *lens, uint32_t n, uint32_t *off)
{
	uint32_t sum = 0;

	off[0] = 0;
	for (uint32_t i = 0; i < n; i += 4) {
		const uint8_t *p = lens + 2 * (size_t)i;

		off[i + 1] = sum += sk_get_u16(p);
		off[i + 2] = sum += sk_get_u16(p + 2);
		off[i + 3] = sum += sk_get_u16(p + 4);
		off[i + 4] = sum += sk_get_u16(p + 6);
	}
	return off[n];
}
_Static_assert(SK_PARAMS_MAX % 4 == 0, "offsets_by_four() writes whole fours");

bool
sk_scap_decode_usual(const uint8_t *body, size_t n, struct sk_event *ev)
{
	const uint8_t *e = body + 2, *lens = e + SK_EVENT_HEAD_V2;
	uint32_t len = sk_get_u32(e + 16), type = sk_get_u16(e + 20), nparams = sk_get_u32(e + SK_EVENT_HEAD_V1);
	const struct sk_event_desc *d = sk_event_desc(type);
	uint32_t room = len - SK_EVENT_HEAD_V2 - 2 * nparams;

	if (SK_UNLIKELY(!d || len < SK_EVENT_HEAD_V2 || len > n - 2 || nparams > SK_PARAMS_MAX ||
			len - SK_EVENT_HEAD_V2 < 2 * nparams || d->flags & SK_EF_LARGE_PAYLOAD))
		return false;
	ev->cpu = sk_get_u16(body);
	ev->ts = sk_get_u64(e);
	ev->tid = sk_get_i64(e + 8);
	ev->type = (uint16_t)type;
	ev->dump_flags = 0;
	ev->desc = d;
	ev->data = lens + 2 * (size_t)nparams;
	ev->facts = NULL;
	ev->nparams = kept_params(d, nparams);
	return offsets_by_four(lens, ev->nparams, ev->off) <= room;
}

/* E: an event of LEN bytes whose header has the number of parameters. */
SK_INLINE enum sk_decode
decode_counted(const uint8_t *e, uint32_t len, struct sk_event *ev, const char **ret_why)
{
	bool wide = (ev->desc->flags & SK_EF_LARGE_PAYLOAD) != 0;
	uint32_t shift = wide ? 2 : 1, n = sk_get_u32(e + SK_EVENT_HEAD_V1), room = len - SK_EVENT_HEAD_V2;
	const uint8_t *lens = e + SK_EVENT_HEAD_V2;
	bool fit;

	if (n > room >> shift)
		return bad("an event has more parameters than bytes", ret_why);
	room -= n << shift;
	ev->data = lens + ((size_t)n << shift);
	ev->nparams = kept_params(ev->desc, n);
	if (SK_UNLIKELY(wide))
		fit = wide_offsets(lens, ev->nparams, room, ev->off);
	else
		fit = narrow_offsets(lens, ev->nparams, room, ev->off);
	return fit ? SK_DECODE_OK : bad("the parameters of an event are longer than the event", ret_why);
}

/* The same without the number: the largest up to that of today's schema with which all lengths add up. */
static enum sk_decode
decode_uncounted(const uint8_t *e, uint32_t len, struct sk_event *ev, const char **ret_why)
{
	const uint8_t *lens = e + SK_EVENT_HEAD_V1;
	uint32_t room = len - SK_EVENT_HEAD_V1;

	for (uint32_t n = kept_params(ev->desc, UINT32_MAX) + 1; n-- > 0;) {
		if (2 * n > room)
			continue;
		ev->nparams = n;
		ev->data = lens + 2 * (size_t)n;
		if (!narrow_offsets(lens, n, room - 2 * n, ev->off))
			continue;
		if (ev->off[n] == room - 2 * n)
			return SK_DECODE_OK;
		break;
	}
	return bad("the parameters of an event do not fill it", ret_why);
}

enum sk_decode
sk_scap_decode(const uint8_t *body, size_t n, uint32_t layout, struct sk_event *ev, const char **ret_why)
{
	bool counted = (layout & SK_EV_COUNTED) != 0, flags = (layout & SK_EV_FLAGS) != 0;
	size_t before = flags ? 6 : 2, head = counted ? SK_EVENT_HEAD_V2 : SK_EVENT_HEAD_V1;
	const uint8_t *e = body + before;
	uint32_t len;

	if (n < before + SK_EVENT_HEAD_V1)
		return bad("an event is shorter than its header", ret_why);
	ev->cpu = sk_get_u16(body);
	ev->dump_flags = flags && sk_get_u32(body + 2) & SK_DUMP_STATE_ONLY ? SK_EVENT_STATE_ONLY : 0;
	ev->ts = sk_get_u64(e);
	ev->tid = sk_get_i64(e + 8);
	len = sk_get_u32(e + 16);
	ev->type = sk_get_u16(e + 20);
	ev->desc = sk_event_desc(ev->type);
	ev->facts = NULL;
	if (SK_UNLIKELY(!ev->desc))
		return SK_DECODE_UNKNOWN_TYPE;
	/* Writers of the first format counted three bytes too many here. */
	if (SK_UNLIKELY(!counted && (ev->type == SK_E_NOTIFICATION_E || ev->type == SK_E_INFRASTRUCTURE_EVENT_E)) && len >= 3)
		len -= 3;
	if (len < head || len > n - before)
		return bad("the length of an event does not fit its block", ret_why);
	return counted ? decode_counted(e, len, ev, ret_why) : decode_uncounted(e, len, ev, ret_why);
}
