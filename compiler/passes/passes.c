/* The passes as a table. */
#include "compiler/plan.h"

static const char *const names[SK_PASS_COUNT] = {
#define SK_PASS(sym, name, doc) [SK_PASS_##sym] = (name),
#include "compiler/passes/passes.def"
#undef SK_PASS
};

enum sk_pass
sk_pass_find(struct sk_slice name)
{
	uint32_t i = 0;

	while (i < SK_PASS_COUNT && !sk_slice_is(name, names[i]))
		i++;
	return (enum sk_pass)i;
}

const char *
sk_pass_name(enum sk_pass p)
{
	return p < SK_PASS_COUNT ? names[p] : "?";
}

/* Specialising and ordering look at their own switch: without them there still have to be units, and some order. */
static bool
run(struct sk_plan *p, enum sk_pass pass)
{
	switch (pass) {
	case SK_PASS_SIMPLIFY: return p->off[pass] || sk_pass_simplify(p);
	case SK_PASS_SPECIALISE: return sk_pass_specialise(p);
	case SK_PASS_ORDER: return true;
	case SK_PASS_SELECT: return p->off[pass] || sk_pass_select(p);
	case SK_PASS_SHARE: return p->off[pass] || sk_pass_share(p);
	case SK_PASS_COUNT: break;
	}
	return false;
}

bool
sk_plan_make(struct sk_plan *p)
{
	for (uint32_t i = 0; i < SK_PASS_COUNT; i++)
		if (!run(p, (enum sk_pass)i))
			return false;
	return !sk_arena_failed(p->g->cx->arena);
}
