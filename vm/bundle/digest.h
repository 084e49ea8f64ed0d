/* The digest of a bundle's contents. */
#ifndef SK_BUNDLE_DIGEST_H
#define SK_BUNDLE_DIGEST_H

#include <pthread.h>
#include <saker/limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SK_DIGEST_SIZE 32u
/* Contents longer than this are digested by leaves of this size, so that several threads can share the work. */
#define SK_DIGEST_LEAF ((size_t)1 << 20)

/* A digest in the making. Members are digest.c's own. */
struct sk_digest_work {
	const uint8_t *data;
	size_t n, leaves;
	atomic_size_t next; /* leaf that nobody has taken yet */
	bool helped;        /* the thread runs */
	pthread_t helper;
	uint8_t digests[(SK_MAX_BUNDLE + SK_DIGEST_LEAF - 1) / SK_DIGEST_LEAF][SK_DIGEST_SIZE];
};

/* Begin the digest of N bytes, at most SK_MAX_BUNDLE, which must stay as they are until sk_digest_end(); long contents are read by a thread of
 * its own meanwhile. Every begin has its end. */
void sk_digest_begin(struct sk_digest_work *w, const void *data, size_t n);
/* BLAKE2b-256 of the bytes; of more than one leaf, of the digests of the leaves, one behind the other. No thread is left. */
void sk_digest_end(struct sk_digest_work *w, uint8_t ret[SK_DIGEST_SIZE]);

#endif
