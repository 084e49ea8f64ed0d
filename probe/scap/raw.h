/* The bytes of a capture as they are stored, compressed or not: memory, a mapped file, or a descriptor that is read. */
#ifndef SK_SCAP_RAW_H
#define SK_SCAP_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A user may move p back by this much over bytes that it took: decompressors that read ahead give back what they did not need. */
#define SK_RAW_BACK 16u

struct sk_raw {
	const uint8_t *p; /* bytes at hand */
	size_t n;
	int fd;       /* where more comes from; -1: nowhere. Owned unless it is standard input */
	int error;    /* errno of a failed read, 0 */
	uint8_t *buf; /* of reads, owned; begins with SK_RAW_BACK bytes that were taken before */
	void *map;    /* owned */
	size_t map_n;
	size_t passed; /* bytes of the map that were given back */
};

/* Open PATH, "-" is standard input: 0 or a negative errno. A file must not be cut while it is being read. */
int sk_raw_open(struct sk_raw *r, const char *path);
/* Over memory that outlives R. */
void sk_raw_memory(struct sk_raw *r, const void *data, size_t n);
/* Once the bytes at hand are used up, read on; false at the end and on an error. */
bool sk_raw_more(struct sk_raw *r);
/* True if the stored bytes begin with N bytes MAGIC; reads as far as it must. */
bool sk_raw_begins(struct sk_raw *r, const void *magic, size_t n);
/* What stands before P - SK_RAW_BACK will hardly be looked at again: a mapped file gives its memory back, in steps. */
void sk_raw_pass(struct sk_raw *r, const uint8_t *p);
void sk_raw_close(struct sk_raw *r);

#endif
