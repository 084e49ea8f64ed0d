#include "base/vec.h"

#include <stdint.h>

static size_t
next_cap(size_t cap)
{
	return cap ? cap + cap / 2 + 1 : 8;
}

void *
sk_vec_grow_heap_(void *v, size_t n, size_t *cap, size_t size)
{
	size_t want = next_cap(*cap);

	(void)n;
	if (want > SIZE_MAX / size)
		return NULL;
	void *grown = realloc(v, want * size);
	if (grown)
		*cap = want;
	return grown;
}

void *
sk_vec_grow_arena_(struct sk_arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	size_t want = next_cap(*cap);
	void *grown = sk_arena_array(a, want, size);

	if (!grown)
		return NULL;
	if (n)
		memcpy(grown, v, n * size);
	*cap = want;
	return grown;
}
