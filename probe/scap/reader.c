#include "probe/scap/scap.h"

#include "base/attr.h"
#include "base/bytes.h"
#include "probe/scap/convert.h"
#include "probe/scap/decode.h"
#include "probe/scap/format.h"
#include "probe/scap/lists.h"
#include "probe/scap/stream.h"

#include <saker/limits.h>

#include <errno.h>
#include <stdarg.h>

struct sk_scap {
	struct sk_stream stream;
	struct sk_list_sink sink;
	struct sk_converter *conv;
	struct sk_scap_stats stats;
	uint64_t num;
	enum sk_scap_result last; /* END and ERROR stay */
	struct sk_scap_error error;
	char *name;
};

/* How far ahead of an event memory is fetched, in bytes: some twenty events. */
#define PREFETCH 2048

struct block {
	uint32_t type, len; /* of the whole block */
	uint32_t version;
	enum sk_block_kind kind;
	uint64_t offset;
};

/* --- errors -------------------------------------------------------------------------------------------------------- */

static bool fail(struct sk_scap *c, uint64_t offset, const char *fmt, ...) SK_PRINTF(3, 4);

static bool
fail(struct sk_scap *c, uint64_t offset, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	c->last = SK_SCAP_ERROR;
	c->error.offset = offset;
	(void)snprintf(c->error.text, sizeof(c->error.text), "%.80s: %s", c->name, what);
	return false;
}

/* The stream ends at fewer than WANT bytes from OFFSET on. */
static bool
fail_short(struct sk_scap *c, uint64_t offset, uint64_t want)
{
	uint64_t got = sk_stream_offset(&c->stream) + sk_stream_left(&c->stream) - offset;
	const char *why = sk_stream_error(&c->stream);

	if (why)
		return fail(c, offset + got, "%s at byte %llu", why, (unsigned long long)(offset + got));
	return fail(c, offset, "truncated at byte %llu: expecting %llu bytes, read %llu", (unsigned long long)offset,
		    (unsigned long long)want, (unsigned long long)got);
}

/* --- blocks -------------------------------------------------------------------------------------------------------- */

static enum sk_block_kind
classify(uint32_t type, uint32_t *ret_version)
{
	switch (type) {
#define SK_BLOCK(num, name, kind, version) SK_BLOCK_OLD(num, kind, version)
#define SK_BLOCK_OLD(num, kind, version)                                                                                       \
	case (num):                                                                                                          \
		*ret_version = (version);                                                                                    \
		return SK_BLOCK_##kind;
#include "probe/scap/blocks.def"
#undef SK_BLOCK
#undef SK_BLOCK_OLD
	default:
		*ret_version = 0;
		return SK_BLOCK_UNKNOWN;
	}
}

/* Look at the next block without taking it. False at the end of the capture and on errors: c->last tells which. */
static bool
peek_block(struct sk_scap *c, struct block *b)
{
	b->offset = sk_stream_offset(&c->stream);
	if (!sk_stream_need(&c->stream, SK_BLOCK_HEAD)) {
		if (sk_stream_left(&c->stream) || sk_stream_error(&c->stream))
			return fail_short(c, b->offset, SK_BLOCK_HEAD);
		c->last = SK_SCAP_END;
		return false;
	}
	b->type = sk_get_u32(c->stream.p);
	b->len = sk_get_u32(c->stream.p + 4);
	b->kind = classify(b->type, &b->version);
	if (b->len < SK_BLOCK_FRAME)
		return fail(c, b->offset, "block 0x%x at byte %llu: length %u is too small", b->type, (unsigned long long)b->offset, b->len);
	return true;
}

static bool
need(struct sk_scap *c, const struct block *b, size_t n)
{
	return SK_LIKELY(sk_stream_need(&c->stream, n)) || fail_short(c, b->offset, n);
}

static bool
bad_block(struct sk_scap *c, const struct block *b, const char *why)
{
	return fail(c, b->offset, "block 0x%x at byte %llu: %s", b->type, (unsigned long long)b->offset, why);
}

/* --- what comes before the events ------------------------------------------------------------------------------------ */

/* Options may follow the body of a section header, and its last length is not always right: only the first length counts. */
static bool
read_section(struct sk_scap *c, const struct block *b)
{
	const uint8_t *body;
	uint32_t magic, major;

	if (b->len < SK_BLOCK_FRAME + SK_SECTION_BODY)
		return bad_block(c, b, "a section header is too short");
	if (!need(c, b, SK_BLOCK_HEAD + SK_SECTION_BODY))
		return false;
	body = c->stream.p + SK_BLOCK_HEAD;
	magic = sk_get_u32(body);
	major = sk_get_u16(body + 4);
	if (magic == __builtin_bswap32(SK_SECTION_MAGIC))
		return bad_block(c, b, "the capture is from a machine of the other byte order");
	if (magic != SK_SECTION_MAGIC)
		return bad_block(c, b, "not a capture: the magic number is wrong");
	if (major > SK_SECTION_MAJOR)
		return fail(c, b->offset, "version %u of the format is newer than this program", major);
	if (!sk_stream_skip(&c->stream, b->len))
		return fail_short(c, b->offset, b->len);
	sk_converter_reset(c->conv);
	if (c->sink.section)
		c->sink.section(c->sink.ctx);
	return true;
}

/* Some writers made the length of an interface list four bytes too small for each entry. True if this is such a list: then b->len is
 * put right. The proof is the last length, which stands where the entries end and tells the same wrong number. */
static bool
mend_ifaces(struct sk_scap *c, struct block *b)
{
	uint64_t end = SK_BLOCK_HEAD, told = b->len;

	for (uint64_t entries = 1; end < 2 * told; entries++) {
		uint64_t padded;

		if (!sk_stream_need(&c->stream, end + 4))
			return false;
		end += 4 + (uint64_t)sk_get_u32(c->stream.p + end);
		padded = (end + 3) & ~(uint64_t)3;
		if (end > 2 * told || !sk_stream_need(&c->stream, padded + 4))
			return false;
		if (padded + 4 == ((told + 4 * entries + 3) & ~(uint64_t)3) && sk_get_u32(c->stream.p + padded) == told) {
			b->len = (uint32_t)(padded + 4);
			return true;
		}
	}
	return false;
}

static bool
read_list(struct sk_scap *c, struct block *b)
{
	struct sk_reader body;
	const char *why = NULL;
	bool ok = true;

	if (b->len > SK_MAX_META_BLOCK)
		return bad_block(c, b, "the list is too long");
	if (!need(c, b, b->len))
		return false;
	if (sk_get_u32(c->stream.p + b->len - 4) != b->len && !(b->type == SK_BT_IFACES_V2 && mend_ifaces(c, b)))
		return bad_block(c, b, "its two lengths differ");
	body = sk_reader(c->stream.p + SK_BLOCK_HEAD, b->len - SK_BLOCK_FRAME);
	switch (b->kind) {
	case SK_BLOCK_MACHINE:
		ok = sk_scap_machine(body, &c->sink, &why);
		break;
	case SK_BLOCK_PROCS:
		ok = sk_scap_procs(body, b->version, &c->sink, &why);
		break;
	case SK_BLOCK_FDS:
		ok = sk_scap_fds(body, b->version, &c->sink, &why);
		break;
	case SK_BLOCK_IFACES:
		ok = sk_scap_ifaces(body, b->version, &c->sink, &why);
		break;
	case SK_BLOCK_USERS:
		ok = sk_scap_users(body, b->version, &c->sink, &why);
		break;
	case SK_BLOCK_UNKNOWN:
	case SK_BLOCK_SECTION:
	case SK_BLOCK_EVENT:
		break;
	}
	if (!ok)
		return bad_block(c, b, why);
	c->stream.p += b->len;
	return true;
}

/* The blocks from a section header to its first event, or to the end. False on errors only. */
static bool
read_lists(struct sk_scap *c)
{
	struct block b;

	while (peek_block(c, &b) && b.kind != SK_BLOCK_EVENT) {
		bool ok;

		if (b.kind == SK_BLOCK_SECTION) {
			ok = read_section(c, &b);
		} else if (b.kind == SK_BLOCK_UNKNOWN) {
			c->stats.unknown_blocks++;
			ok = sk_stream_skip(&c->stream, b.len) || fail_short(c, b.offset, b.len);
		} else {
			ok = read_list(c, &b);
		}
		if (!ok)
			return false;
	}
	if (c->last == SK_SCAP_ERROR)
		return false;
	if (c->sink.lists_done)
		c->sink.lists_done(c->sink.ctx);
	return true;
}

/* --- events ---------------------------------------------------------------------------------------------------------- */

enum outcome { DELIVER, SKIP, STOP };

static enum outcome
read_event(struct sk_scap *c, const struct block *b, struct sk_event *ev)
{
	uint32_t most = b->version & SK_EV_LARGE ? SK_MAX_EVENT : SK_EVENT_BODY_MAX;
	const char *why = NULL;
	enum sk_decode d;

	if (SK_UNLIKELY(b->len > most + SK_BLOCK_FRAME)) {
		bad_block(c, b, "the event is too long");
		return STOP;
	}
	if (!need(c, b, b->len))
		return STOP;
	d = sk_scap_decode(c->stream.p + SK_BLOCK_HEAD, b->len - SK_BLOCK_FRAME, b->version, ev, &why);
	if (SK_UNLIKELY(d == SK_DECODE_BAD)) {
		bad_block(c, b, why);
		return STOP;
	}
	c->stream.p += b->len;
	c->stats.events_read++;
	if (SK_UNLIKELY(d == SK_DECODE_UNKNOWN_TYPE)) {
		c->stats.unknown_types++;
		return SKIP;
	}
	if (SK_LIKELY(sk_convert_current(ev)) || sk_converter_run(c->conv, ev) == SK_CONVERT_PASS)
		return DELIVER;
	c->stats.events_dropped++;
	return SKIP;
}

/* The usual case by the shortest way: the next block lies in the window whole and is an event of today's kind that is current. False:
 * nothing happened, go the long way. */
SK_INLINE bool
read_usual(struct sk_scap *c, struct sk_event *ev)
{
	const uint8_t *p = c->stream.p;
	size_t left = sk_stream_left(&c->stream);
	uint32_t len;

	if (SK_UNLIKELY(left < SK_BLOCK_HEAD || sk_get_u32(p) != SK_BT_EVENT_V2))
		return false;
	len = sk_get_u32(p + 4);
	if (SK_UNLIKELY(len < SK_USUAL_MIN || len > SK_EVENT_BODY_MAX || left < (size_t)len + SK_USUAL_MARGIN))
		return false;
	__builtin_prefetch((const void *)((uintptr_t)p + PREFETCH));
	if (!sk_scap_decode_usual(p + SK_BLOCK_HEAD, len - SK_BLOCK_FRAME, ev) || !sk_convert_current(ev))
		return false;
	c->stream.p = p + len;
	c->stats.events_read++;
	return true;
}

/* A block between events that is none: the header of another section, or an error. */
static enum outcome
read_between(struct sk_scap *c, const struct block *b)
{
	if (b->kind != SK_BLOCK_SECTION) {
		bad_block(c, b, "not an event, and events have begun");
		return STOP;
	}
	return read_section(c, b) && read_lists(c) && c->last == SK_SCAP_EVENT ? SKIP : STOP;
}

static enum sk_scap_result
finish(struct sk_scap *c, struct sk_scap_error *reterr)
{
	if (c->last == SK_SCAP_ERROR && reterr)
		*reterr = c->error;
	return c->last;
}

enum sk_scap_result
sk_scap_next(struct sk_scap *c, struct sk_event *ev, struct sk_scap_error *reterr)
{
	enum outcome o = c->last == SK_SCAP_EVENT ? SKIP : STOP;

	while (o == SKIP) {
		struct block b;

		if (SK_LIKELY(read_usual(c, ev)))
			break;

		if (SK_UNLIKELY(!peek_block(c, &b)))
			o = STOP;
		else if (SK_LIKELY(b.kind == SK_BLOCK_EVENT))
			o = read_event(c, &b, ev);
		else
			o = read_between(c, &b);
	}
	if (SK_UNLIKELY(o == STOP))
		return finish(c, reterr);
	ev->num = ++c->num;
	return SK_SCAP_EVENT;
}

const struct sk_scap_stats *
sk_scap_stats(struct sk_scap *c)
{
	c->stats.bytes = sk_stream_offset(&c->stream);
	c->stats.conversion_mismatches = sk_converter_mismatches(c->conv);
	return &c->stats;
}

/* --- open and close --------------------------------------------------------------------------------------------------- */

static int
begin(struct sk_scap *c)
{
	struct block b = { 0 };

	if (!peek_block(c, &b)) {
		if (c->last == SK_SCAP_END)
			(void)fail(c, 0, "empty file");
		return -EBADMSG;
	}
	if (b.kind != SK_BLOCK_SECTION) {
		(void)fail(c, 0, "not a capture: it does not begin with a section header");
		return -EBADMSG;
	}
	return read_section(c, &b) && read_lists(c) ? 0 : -EBADMSG;
}

static int
open_reader(const char *path, const void *data, size_t n, const struct sk_list_sink *sink, struct sk_scap **ret)
{
	struct sk_scap *c = calloc(1, sizeof(*c));
	int rc;

	*ret = c;
	if (!c)
		return -ENOMEM;
	if (sink)
		c->sink = *sink;
	c->name = strdup(!path ? "capture" : strcmp(path, "-") == 0 ? "standard input" : path);
	c->conv = sk_converter_new();
	if (!c->name || !c->conv)
		return -ENOMEM;
	rc = path ? sk_stream_open(&c->stream, path) : sk_stream_open_memory(&c->stream, data, n);
	return rc < 0 ? rc : begin(c);
}

/* Hand C on if it opened; else say why and release it. */
static int
conclude(struct sk_scap *c, int rc, struct sk_scap **ret, struct sk_scap_error *reterr)
{
	if (rc == 0) {
		*ret = c;
		return 0;
	}
	if (reterr && c && c->last == SK_SCAP_ERROR) {
		*reterr = c->error;
	} else if (reterr) {
		*reterr = (struct sk_scap_error){ .offset = 0 };
		(void)snprintf(reterr->text, sizeof(reterr->text), "%.80s: %s", c && c->name ? c->name : "capture", strerror(-rc));
	}
	sk_scap_close(c);
	return rc;
}

int
sk_scap_open(const char *path, const struct sk_list_sink *sink, struct sk_scap **ret, struct sk_scap_error *reterr)
{
	struct sk_scap *c;
	int rc = open_reader(path, NULL, 0, sink, &c);

	return conclude(c, rc, ret, reterr);
}

int
sk_scap_open_memory(const void *data, size_t n, const struct sk_list_sink *sink, struct sk_scap **ret, struct sk_scap_error *reterr)
{
	struct sk_scap *c;
	int rc = open_reader(NULL, data, n, sink, &c);

	return conclude(c, rc, ret, reterr);
}

void
sk_scap_close(struct sk_scap *c)
{
	if (!c)
		return;
	sk_stream_close(&c->stream);
	sk_converter_free(c->conv);
	free(c->name);
	free(c);
}
