#include "probe/scap/stream.h"

#include "probe/scap/chunks.h"
#include "probe/scap/inflate.h"
#include "probe/scap/raw.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A buffer of records that did not fit before a piece is given back when it has grown past this. */
#define SPILL_KEEP ((size_t)1 << 20)
/* The window over a whole stream in memory goes on by this much: what stands before it is given back then. */
#define WINDOW_STEP ((size_t)256 << 10)

struct sk_stream_source {
	struct sk_raw raw;
	struct sk_inflater *z;    /* NULL: plain */
	struct sk_chunks *chunks; /* NULL: the window lies in raw's bytes, whose rest follows it */
	uint8_t *spill;           /* records longer than a piece are put together here */
	size_t spill_cap;
	bool in_spill; /* the window lies in it */
	bool no_memory;
};

static size_t
produce_plain(void *ctx, uint8_t *buf, size_t cap)
{
	struct sk_raw *raw = ctx;
	size_t n;

	if (!raw->n && !sk_raw_more(raw))
		return 0;
	n = raw->n < cap ? raw->n : cap;
	memcpy(buf, raw->p, n);
	raw->p += n;
	raw->n -= n;
	return n;
}

static size_t
produce_inflated(void *ctx, uint8_t *buf, size_t cap)
{
	struct sk_stream_source *src = ctx;
	size_t n = sk_inflater_read(src->z, buf, cap);

	sk_raw_pass(&src->raw, src->raw.p);
	return n;
}

/* Let the window reach further over the bytes behind it; false at their end. */
static bool
widen(struct sk_stream *s)
{
	struct sk_raw *raw = &s->source->raw;
	size_t n = raw->n < WINDOW_STEP ? raw->n : WINDOW_STEP;

	raw->p += n;
	raw->n -= n;
	s->end += n;
	s->end_offset += n;
	sk_raw_pass(raw, s->p);
	return n > 0;
}

static int
set_up(struct sk_stream *s, struct sk_stream_source *src, bool threaded)
{
	bool packed = sk_raw_begins(&src->raw, "\x1f\x8b", 2);

	if (!packed && src->raw.fd < 0 && !src->raw.error && !src->raw.buf) {
		s->p = s->end = src->raw.p;
		return 0;
	}
	if (packed) {
		src->z = sk_inflater_new(&src->raw);
		if (!src->z)
			return -ENOMEM;
	}
	if (src->z)
		src->chunks = sk_chunks_new(produce_inflated, src, threaded);
	else
		src->chunks = sk_chunks_new(produce_plain, &src->raw, false);
	return src->chunks ? 0 : -ENOMEM;
}

static int
open_source(struct sk_stream *s, const char *path, const void *data, size_t n)
{
	int rc = 0;

	*s = (struct sk_stream){ .source = calloc(1, sizeof(struct sk_stream_source)) };
	if (!s->source)
		return -ENOMEM;
	if (path)
		rc = sk_raw_open(&s->source->raw, path);
	else
		sk_raw_memory(&s->source->raw, data, n);
	/* A pipe is not read ahead: closing would have to wait for a read that may never return. */
	if (rc == 0)
		rc = set_up(s, s->source, s->source->raw.map != NULL);
	if (rc < 0)
		sk_stream_close(s);
	return rc;
}

int
sk_stream_open(struct sk_stream *s, const char *path)
{
	return open_source(s, path, NULL, 0);
}

int
sk_stream_open_memory(struct sk_stream *s, const void *data, size_t n)
{
	return open_source(s, NULL, data, n);
}

static bool
spill_room(struct sk_stream_source *src, size_t n)
{
	size_t cap = src->spill_cap ? src->spill_cap : 2 * SK_CHUNK_SIZE;
	uint8_t *grown;

	if (n <= src->spill_cap)
		return true;
	while (cap < n)
		cap *= 2;
	grown = realloc(src->spill, cap);
	if (!grown) { /* the old one, and a window into it, stay */
		src->no_memory = true;
		return false;
	}
	src->spill = grown;
	src->spill_cap = cap;
	return true;
}

/* Put the bytes at hand and a piece together in the spill buffer, which may already hold the former. */
static bool
spill(struct sk_stream *s, const uint8_t *piece, size_t n)
{
	struct sk_stream_source *src = s->source;
	size_t left = sk_stream_left(s);

	if (src->in_spill) {
		memmove(src->spill, s->p, left);
		s->p = src->spill;
		s->end = s->p + left;
	}
	if (!spill_room(src, left + n))
		return false;
	if (!src->in_spill)
		memcpy(src->spill, s->p, left);
	memcpy(src->spill + left, piece, n);
	src->in_spill = true;
	s->p = src->spill;
	s->end = s->p + left + n;
	return true;
}

/* Let the window be a piece, with the bytes at hand copied in front of it. */
static void
join(struct sk_stream *s, uint8_t *piece, size_t n)
{
	struct sk_stream_source *src = s->source;
	size_t left = sk_stream_left(s);

	if (left)
		memcpy(piece - left, s->p, left);
	s->p = piece - left;
	s->end = piece + n;
	src->in_spill = false;
	if (src->spill_cap > SPILL_KEEP) {
		free(src->spill);
		src->spill = NULL;
		src->spill_cap = 0;
	}
}

bool
sk_stream_fill(struct sk_stream *s, size_t want)
{
	while (!s->source->chunks && sk_stream_left(s) < want)
		if (!widen(s))
			return false;
	while (sk_stream_left(s) < want) {
		size_t n;
		uint8_t *piece = !s->source->no_memory ? sk_chunks_next(s->source->chunks, &n) : NULL;

		if (!piece)
			return false;
		if (sk_stream_left(s) <= SK_CHUNK_ROOM)
			join(s, piece, n);
		else if (!spill(s, piece, n))
			return false;
		s->end_offset += n;
	}
	return true;
}

bool
sk_stream_skip(struct sk_stream *s, uint64_t n)
{
	while (n > sk_stream_left(s)) {
		n -= sk_stream_left(s);
		s->p = s->end;
		if (!sk_stream_fill(s, 1))
			return false;
	}
	s->p += n;
	return true;
}

const char *
sk_stream_error(const struct sk_stream *s)
{
	const struct sk_stream_source *src = s->source;

	if (src->no_memory)
		return "out of memory";
	if (src->z)
		return sk_inflater_error(src->z);
	return src->raw.error ? strerror(src->raw.error) : NULL;
}

void
sk_stream_close(struct sk_stream *s)
{
	struct sk_stream_source *src = s->source;

	if (!src)
		return;
	sk_chunks_free(src->chunks);
	sk_inflater_free(src->z);
	sk_raw_close(&src->raw);
	free(src->spill);
	free(src);
	*s = (struct sk_stream){ 0 };
}
