/* The candidate blocks of one program run: lists that are merged while the program goes through its blocks. */
#ifndef SK_VM_CANDIDATES_H
#define SK_VM_CANDIDATES_H

#include "vm/machine.h"

/* What is left of a list: the next block, and where it ends. */
struct sk_cursor {
	const uint32_t *p, *end;
};

/* Lists ascend, so the least of all heads is the next candidate. The verifier bounds the lists by SK_MAX_SELECTS each of SELECT and ALWAYS. */
struct sk_candidates {
	struct sk_cursor c[SK_MAX_SELECTS * 2];
	uint32_t n;
};

SK_INLINE void
sk_add_candidates(struct sk_candidates *cand, const struct sk_bundle_view *v, uint32_t list)
{
	const struct sk_list_def *l = &v->lists[list];

	if (l->n)
		cand->c[cand->n++] = (struct sk_cursor){ v->indexes + l->first, v->indexes + l->first + l->n };
}

/* The next candidate block, or UINT32_MAX. Several lists may name it: all of them move on. */
SK_INLINE uint32_t
sk_next_candidate(struct sk_candidates *cand)
{
	uint32_t least = UINT32_MAX;

	for (uint32_t i = 0; i < cand->n; i++)
		if (*cand->c[i].p < least)
			least = *cand->c[i].p;
	for (uint32_t i = 0; i < cand->n;) {
		struct sk_cursor *c = &cand->c[i];

		if (*c->p == least && ++c->p == c->end)
			*c = cand->c[--cand->n];
		else
			i++;
	}
	return least;
}

/* candidates.c: add what table SELECT gives for X. */
void sk_select_candidates(struct sk_vm *vm, struct sk_candidates *cand, const struct sk_value *x, uint32_t select);

#endif
