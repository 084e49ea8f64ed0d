/* The elements of lists, converted once for all checks that compare them with a field of the same type. */
#ifndef SK_OPERANDS_H
#define SK_OPERANDS_H

#include "base/arena.h"
#include "grammar/ast.h"

/* What a conversion depends on. */
struct sk_operands_key {
	struct sk_opnd *const *items; /* of the list; checks that come from one list or macro share it */
	uint32_t n;
	uint32_t how;                 /* the type, and what else the caller distinguishes */
};

struct sk_operands {
	struct sk_operands_key key;
	bool done, bad;         /* converted; with errors, which were reported */
	const uint32_t *values; /* [key.n] numbers of constants or patterns */
	uint32_t *set;          /* the same as members of the graph, each once; NULL until asked for */
	uint32_t nset;
};

/* Open addressing; all zero at first. */
struct sk_operands_index {
	struct sk_operands **slots;
	size_t cap, n;
};

/* The entry of KEY, new and not done at first. Lives in ARENA. NULL when out of memory. */
struct sk_operands *sk_operands_find(struct sk_operands_index *x, struct sk_arena *arena, const struct sk_operands_key *key);

#endif
