/* For the tests of probe/scap: captures put together by hand, and what a reader says of a capture. */
#ifndef TESTS_SCAP_SUPPORT_H
#define TESTS_SCAP_SUPPORT_H

#include "base/buf.h"
#include "base/vec.h"
#include "probe/scap/scap.h"

/* --- building: little-endian pieces appended to a buffer ------------------------------------------------------------- */

void put8(struct sk_buf *b, unsigned v);
void put16(struct sk_buf *b, unsigned v);
void put32(struct sk_buf *b, uint32_t v);
void put64(struct sk_buf *b, uint64_t v);
/* A string behind its 16-bit length. */
void put_s(struct sk_buf *b, const char *s);
/* A string with its NUL and no length. */
void put_z(struct sk_buf *b, const char *s);
/* A block around BODY, padded; BODY is emptied. */
void put_block(struct sk_buf *b, uint32_t type, struct sk_buf *body);
void put_section(struct sk_buf *b);
/* An event of TYPE with text parameters, in a 0x216 block. Parameter bytes are the text without NUL. */
void put_event(struct sk_buf *b, unsigned type, int64_t tid, uint32_t nparams, const char *const *params);
/* Compress N bytes as one gzip member appended to B. */
void put_gzip(struct sk_buf *b, const void *p, size_t n);

/* --- reading --------------------------------------------------------------------------------------------------------- */

struct recorded_event {
	uint64_t num, digest; /* of all but num */
	uint16_t type;
	uint8_t nparams;
};

struct record {
	int rc; /* of opening */
	enum sk_scap_result end;
	struct sk_scap_error error;
	struct sk_scap_stats stats;
	struct sk_buf lists; /* one line for everything that the sink was told */
	SK_VEC(struct recorded_event) events;
};

/* Read all of a capture, in a file or in a copy of memory that has exactly N bytes. Release with record_free(). */
void record_file(struct record *r, const char *path);
void record_memory(struct record *r, const void *p, size_t n);
void record_free(struct record *r);
/* A sink that appends a line for each call to a buffer. */
struct sk_list_sink recording_sink(struct sk_buf *lists);
uint64_t event_digest(const struct sk_event *ev);
/* A whole file; empty if it cannot be read. */
struct sk_buf slurp(const char *path);

#endif
