/* Growing arrays in an arena or on the heap: SK_VEC(type) declares one, zero-initialised is empty.
 *
 *   SK_VEC(struct rule *) rules = { 0 };
 *   if (!sk_vec_push_arena(&rules, arena, r)) ...out of memory
 *   for (size_t i = 0; i < rules.n; i++) use(rules.v[i]);
 */
#ifndef SK_BASE_VEC_H
#define SK_BASE_VEC_H

#include "base/arena.h"

#define SK_VEC(type)                                                                                                         \
	struct {                                                                                                             \
		type *v;                                                                                                     \
		size_t n, cap;                                                                                               \
	}

/* Room for one more element of SIZE bytes: the (possibly moved) array, or NULL. *CAP is updated. */
void *sk_vec_grow_heap_(void *v, size_t n, size_t *cap, size_t size);
void *sk_vec_grow_arena_(struct sk_arena *a, void *v, size_t n, size_t *cap, size_t size);

/* Append; false when out of memory (the vector is unchanged). */
#define sk_vec_push(vec, ...)                                                                                                \
	(sk_vec_room_(vec, sk_vec_grow_heap_((vec)->v, (vec)->n, &(vec)->cap, sizeof(*(vec)->v)))                            \
	     ? ((vec)->v[(vec)->n++] = (__VA_ARGS__), true)                                                                  \
	     : false)
#define sk_vec_push_arena(vec, arena, ...)                                                                                   \
	(sk_vec_room_(vec, sk_vec_grow_arena_((arena), (vec)->v, (vec)->n, &(vec)->cap, sizeof(*(vec)->v)))                  \
	     ? ((vec)->v[(vec)->n++] = (__VA_ARGS__), true)                                                                  \
	     : false)
#define sk_vec_room_(vec, grow) ((vec)->n < (vec)->cap || sk_vec_set_((void **)&(vec)->v, (grow)))
/* Free a heap vector's array; the vector is empty afterwards. */
#define sk_vec_free(vec) (free((vec)->v), (vec)->v = NULL, (vec)->n = (vec)->cap = 0)

static inline bool
sk_vec_set_(void **slot, void *grown)
{
	if (!grown)
		return false;
	memcpy(slot, &grown, sizeof(grown));
	return true;
}

#endif
