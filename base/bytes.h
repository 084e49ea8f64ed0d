/* Little-endian numbers in unaligned memory, and a reader that never leaves its bounds. */
#ifndef SK_BASE_BYTES_H
#define SK_BASE_BYTES_H

#include "base/slice.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "captures, bundles and the ring are read in place on little-endian machines");

#define SK_BYTES_GET_(name, type)                                                                                            \
	static inline type name(const void *p)                                                                               \
	{                                                                                                                    \
		type v;                                                                                                      \
		memcpy(&v, p, sizeof(v));                                                                                    \
		return v;                                                                                                    \
	}
SK_BYTES_GET_(sk_get_u16, uint16_t)
SK_BYTES_GET_(sk_get_u32, uint32_t)
SK_BYTES_GET_(sk_get_u64, uint64_t)
SK_BYTES_GET_(sk_get_i32, int32_t)
SK_BYTES_GET_(sk_get_i64, int64_t)
#undef SK_BYTES_GET_

static inline void
sk_put_u16(void *p, uint16_t v)
{
	memcpy(p, &v, sizeof(v));
}

static inline void
sk_put_u32(void *p, uint32_t v)
{
	memcpy(p, &v, sizeof(v));
}

static inline void
sk_put_u64(void *p, uint64_t v)
{
	memcpy(p, &v, sizeof(v));
}

/* A cursor over bytes. After a read past the end `bad` is set, the cursor stays and every read gives zero or an empty slice, so a
 * parser may read a whole record and test once. */
struct sk_reader {
	const uint8_t *p, *end;
	bool bad;
};

static inline struct sk_reader
sk_reader(const void *p, size_t n)
{
	return (struct sk_reader){ p, (const uint8_t *)p + n, false };
}

static inline size_t
sk_reader_left(const struct sk_reader *r)
{
	return (size_t)(r->end - r->p);
}

/* N bytes at the cursor, which moves past them; NULL (and bad) if there are fewer. */
static inline const void *
sk_read_bytes(struct sk_reader *r, size_t n)
{
	if (r->bad || n > sk_reader_left(r)) {
		r->bad = true;
		return NULL;
	}
	const void *p = r->p;
	r->p += n;
	return p;
}

#define SK_BYTES_READ_(name, type)                                                                                           \
	static inline type name(struct sk_reader *r)                                                                         \
	{                                                                                                                    \
		type v = 0;                                                                                                  \
		const void *p = sk_read_bytes(r, sizeof(v));                                                                 \
		if (p)                                                                                                       \
			memcpy(&v, p, sizeof(v));                                                                            \
		return v;                                                                                                    \
	}
SK_BYTES_READ_(sk_read_u8, uint8_t)
SK_BYTES_READ_(sk_read_u16, uint16_t)
SK_BYTES_READ_(sk_read_u32, uint32_t)
SK_BYTES_READ_(sk_read_u64, uint64_t)
SK_BYTES_READ_(sk_read_i64, int64_t)
#undef SK_BYTES_READ_

/* A string behind a 16-bit length. */
static inline struct sk_slice
sk_read_str16(struct sk_reader *r)
{
	uint16_t n = sk_read_u16(r);
	const char *p = sk_read_bytes(r, n);

	return p ? sk_slice(p, n) : sk_slice("", 0);
}

#endif
