/* A view of bytes that somebody else owns. */
#ifndef SK_BASE_SLICE_H
#define SK_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sk_slice {
	const char *p; /* not NUL-terminated unless the maker says so */
	size_t n;
};

#define SK_SLICE(lit) ((struct sk_slice){ "" lit, sizeof(lit) - 1 })
/* printf("%.*s", SK_SLICE_ARG(s)) */
#define SK_SLICE_ARG(s) (int)((s).n > 4096 ? 4096 : (s).n), (s).p ? (s).p : ""

static inline struct sk_slice
sk_slice(const char *p, size_t n)
{
	return (struct sk_slice){ p, n };
}

static inline struct sk_slice
sk_slice_cstr(const char *s)
{
	return (struct sk_slice){ s, strlen(s) };
}

static inline bool
sk_slice_eq(struct sk_slice a, struct sk_slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
sk_slice_is(struct sk_slice a, const char *s)
{
	return sk_slice_eq(a, sk_slice_cstr(s));
}

/* Bytewise order, shorter first where one is the prefix of the other. */
static inline int
sk_slice_cmp(struct sk_slice a, struct sk_slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static inline bool
sk_slice_starts(struct sk_slice a, struct sk_slice prefix)
{
	return a.n >= prefix.n && (prefix.n == 0 || memcmp(a.p, prefix.p, prefix.n) == 0);
}

static inline bool
sk_slice_ends(struct sk_slice a, struct sk_slice suffix)
{
	return a.n >= suffix.n && (suffix.n == 0 || memcmp(a.p + a.n - suffix.n, suffix.p, suffix.n) == 0);
}

#endif
