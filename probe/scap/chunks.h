/* Pieces of the uncompressed stream, made by a producer, ahead of the reader in a thread of its own or when they are asked for. */
#ifndef SK_SCAP_CHUNKS_H
#define SK_SCAP_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Free bytes in front of each piece: the reader puts the rest of the piece before there, so that records which cross the border
 * are contiguous. Takes any ordinary event. */
#define SK_CHUNK_ROOM ((size_t)72 << 10)
/* Small enough that the pieces in flight stay in the second-level caches. */
#define SK_CHUNK_SIZE ((size_t)256 << 10)

/* Fill BUF with up to CAP bytes; 0 at the end. After it returned 0 it is not called again. */
typedef size_t sk_produce_fn(void *ctx, uint8_t *buf, size_t cap);

struct sk_chunks;

/* THREADED: run the producer ahead; CTX then belongs to that thread until sk_chunks_next() returned NULL or the chunks are freed. */
struct sk_chunks *sk_chunks_new(sk_produce_fn *produce, void *ctx, bool threaded);
/* The next piece of *RET_N bytes, with SK_CHUNK_ROOM writable bytes before it; NULL at the end. The piece handed out before stays
 * valid until the call after this one. */
uint8_t *sk_chunks_next(struct sk_chunks *c, size_t *ret_n);
void sk_chunks_free(struct sk_chunks *c);

#endif
