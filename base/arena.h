/* Memory of one compilation: allocated piece by piece, freed at once, bounded. */
#ifndef SK_BASE_ARENA_H
#define SK_BASE_ARENA_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdarg.h>

struct sk_arena;

/* A new arena that hands out at most LIMIT bytes in total; NULL when out of memory. Free with sk_arena_free(). */
struct sk_arena *sk_arena_new(size_t limit);
/* Free everything the arena handed out. NULL is fine. */
void sk_arena_free(struct sk_arena *a);
/* SIZE zeroed bytes, aligned for any type, valid until the arena is freed. NULL when the limit or the machine is exhausted; the
 * arena stays usable and remembers it (sk_arena_failed()). */
void *sk_arena_alloc(struct sk_arena *a, size_t size);
/* N elements of SIZE bytes each; NULL also when the product overflows. */
void *sk_arena_array(struct sk_arena *a, size_t n, size_t size);
/* A NUL-terminated copy; p is NULL on failure. */
struct sk_slice sk_arena_dup(struct sk_arena *a, struct sk_slice s);
/* Formatted text, NUL-terminated; p is NULL on failure. */
struct sk_slice sk_arena_printf(struct sk_arena *a, const char *fmt, ...) SK_PRINTF(2, 3);
struct sk_slice sk_arena_vprintf(struct sk_arena *a, const char *fmt, va_list ap) SK_PRINTF(2, 0);
/* True once an allocation has failed: a pass may build on and check once at its end. */
bool sk_arena_failed(const struct sk_arena *a);
/* Bytes handed out so far. */
size_t sk_arena_used(const struct sk_arena *a);

#define SK_NEW(arena, type) ((type *)sk_arena_alloc((arena), sizeof(type)))
#define SK_NEW_ARRAY(arena, n, type) ((type *)sk_arena_array((arena), (n), sizeof(type)))

#endif
