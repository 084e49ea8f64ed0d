/* Reading a bolt database (podman's and containerd's tables are ones) that its owner goes on writing. Nothing is locked and nothing is mapped: pages are read as
 * they are needed, every offset in them is checked, and a lookup during which the owner committed is done again. */
#ifndef SK_RUNTIME_BOLT_H
#define SK_RUNTIME_BOLT_H

#include "base/buf.h"

struct sk_bolt {
	int fd; /* borrowed */
	uint32_t page_size;
	uint64_t root, txid;
	unsigned pages_left; /* that this lookup may still read */
};

/* 0, or -EINVAL when the file is no such database. FD stays the caller's and must outlive B. */
int sk_bolt_open(struct sk_bolt *b, int fd);
/* The value under the last of the N names, the others are buckets; put into OUT in place of what it held. 0, -ENOENT, -EAGAIN when the owner never stopped
 * writing, -EINVAL for a damaged file, -ENOMEM. */
int sk_bolt_get(struct sk_bolt *b, const struct sk_slice *names, size_t n, struct sk_buf *out);
/* The pairs of a bucket, buckets in it left out: key and value, each with its length in front (u32), put into OUT. Errors as above. Read them with
 * sk_bolt_pair(). */
int sk_bolt_pairs(struct sk_bolt *b, const struct sk_slice *names, size_t n, struct sk_buf *out);
/* Take the first pair off what sk_bolt_pairs() gave. False at the end. */
bool sk_bolt_pair(struct sk_slice *pairs, struct sk_slice *key, struct sk_slice *value);

#endif
