/* A growing byte buffer on the heap: text that is put together, files that are written. */
#ifndef SK_BASE_BUF_H
#define SK_BASE_BUF_H

#include "base/attr.h"
#include "base/slice.h"

/* Zero-initialised is empty. Once an append fails `failed` is set and later appends do nothing: test once at the end. */
struct sk_buf {
	char *p;
	size_t n, cap;
	bool failed;
};

/* Room for N more bytes, not counted yet; NULL when out of memory. */
char *sk_buf_room(struct sk_buf *b, size_t n);
void sk_buf_put(struct sk_buf *b, const void *p, size_t n);
void sk_buf_char(struct sk_buf *b, char c);
void sk_buf_str(struct sk_buf *b, const char *s);
void sk_buf_slice(struct sk_buf *b, struct sk_slice s);
void sk_buf_printf(struct sk_buf *b, const char *fmt, ...) SK_PRINTF(2, 3);
void sk_buf_u64(struct sk_buf *b, uint64_t v);
void sk_buf_i64(struct sk_buf *b, int64_t v);
/* Append S as the inside of a JSON string: quotes, backslashes and control characters escaped, every maximal invalid UTF-8 sequence
 * replaced by U+FFFD. No surrounding quotes. */
void sk_buf_json(struct sk_buf *b, struct sk_slice s);
/* NUL-terminate (the NUL is not counted) and return the text, "" when empty or failed. Owned by the buffer. */
const char *sk_buf_cstr(struct sk_buf *b);
void sk_buf_free(struct sk_buf *b);

static inline struct sk_slice
sk_buf_view(const struct sk_buf *b)
{
	return sk_slice(b->p ? b->p : "", b->n);
}

#endif
