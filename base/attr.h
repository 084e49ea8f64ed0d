/* The GNU extensions that we use, behind names. */
#ifndef SK_BASE_ATTR_H
#define SK_BASE_ATTR_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SK_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define SK_UNUSED __attribute__((unused))
#define SK_NODISCARD __attribute__((warn_unused_result))
#define SK_INLINE static inline __attribute__((always_inline))
#define SK_NOINLINE __attribute__((noinline))
#define SK_LIKELY(x) __builtin_expect(!!(x), 1)
#define SK_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define SK_CLEANUP(fn) __attribute__((cleanup(fn)))
#define SK_COUNTOF(a) (sizeof(a) / sizeof((a)[0]))

static inline void
sk_cleanup_free_(void *p)
{
	free(*(void **)p);
}

static inline void
sk_cleanup_fclose_(FILE **f)
{
	if (*f)
		(void)fclose(*f);
}

static inline void
sk_cleanup_close_(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

/* Declare a local pointer, stream or descriptor that is released when it leaves scope. */
#define SK_AUTO_FREE SK_CLEANUP(sk_cleanup_free_)
#define SK_AUTO_FCLOSE SK_CLEANUP(sk_cleanup_fclose_)
#define SK_AUTO_CLOSE SK_CLEANUP(sk_cleanup_close_)

#endif
