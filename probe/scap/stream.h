/* The uncompressed bytes of a capture behind one window: whole records are always contiguous, and not copied where the source allows. */
#ifndef SK_SCAP_STREAM_H
#define SK_SCAP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sk_stream {
	const uint8_t *p, *end; /* bytes at hand, not used yet; users move p */
	uint64_t end_offset;    /* place of `end` in the stream */
	struct sk_stream_source *source;
};

/* 0 or a negative errno. Plain or gzip is told by the first two bytes. */
int sk_stream_open(struct sk_stream *s, const char *path);
int sk_stream_open_memory(struct sk_stream *s, const void *data, size_t n);
/* Get at least N bytes at hand: false if the stream ends before. Whatever p pointed to moves. */
bool sk_stream_fill(struct sk_stream *s, size_t n);
/* Move over N bytes: false if there are fewer. */
bool sk_stream_skip(struct sk_stream *s, uint64_t n);
/* Why the stream ended where it did; NULL if it simply ended. Meaningful once sk_stream_fill() failed. */
const char *sk_stream_error(const struct sk_stream *s);
void sk_stream_close(struct sk_stream *s);

static inline size_t
sk_stream_left(const struct sk_stream *s)
{
	return (size_t)(s->end - s->p);
}

static inline bool
sk_stream_need(struct sk_stream *s, size_t n)
{
	return __builtin_expect(sk_stream_left(s) >= n, 1) || sk_stream_fill(s, n);
}

static inline uint64_t
sk_stream_offset(const struct sk_stream *s)
{
	return s->end_offset - sk_stream_left(s);
}

#endif
