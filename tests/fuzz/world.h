/* Made-up events: every field has a value of its own kind, the same one each time it is asked within an event. What an event type
 * alone decides is as the event table says. */
#ifndef SK_TESTS_WORLD_H
#define SK_TESTS_WORLD_H

#include "tests/conformance/ast_eval.h"

#include <saker/vm.h>

/* Values are often near these literals of the conditions, so that tests hold now and then. */
#define SK_WORLD_WORDS 64u

struct sk_world {
	struct sk_arena *arena; /* of the current event */
	uint64_t seed;
	uint32_t type; /* of the current event */
	struct sk_slice words[SK_WORLD_WORDS];
	uint32_t nwords;
	sk_load_fn load[SK_F_LIMIT];
	struct sk_world_slot { /* fields with their arguments, as the machine's registers name them */
		enum sk_field_id field;
		bool has_arg;
		struct sk_slice arg; /* of the bundle */
		uint64_t index;
		bool is_index;
	} slots[4096];
	uint32_t nslots;
};

/* Remember the literals in C as words. */
void sk_world_learn(struct sk_world *w, const struct sk_cond *c);
/* For sk_vm_new(); W must stay where it is. One machine after the other may use it. */
struct sk_loader sk_world_loader(struct sk_world *w);
/* For sk_ast_eval(), with W as its ctx. */
struct sk_value sk_world_load(void *ctx, const struct sk_field_desc *field, bool has_arg, struct sk_slice arg);
/* Events of this type reach rules. */
bool sk_world_delivers(uint32_t type);

#endif
