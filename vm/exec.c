/* The interpreter. Nothing is checked here that vm/bundle/verify proved: operands are in range, jumps go forward, every path ends. */
#include "vm/candidates.h"
#include "vm/tests.h"

/* Labels as values are the one extension that this file is about. */
#pragma GCC diagnostic ignored "-Wpedantic"

static inline bool
is_off(const struct sk_vm *vm, uint32_t rule)
{
	return vm->off[rule / 64] >> (rule % 64) & 1;
}

#if SK_COMPUTED_GOTO
#define OP(name) L_##name
#define NEXT_INSN goto *label[pc->op]
#define LOOP NEXT_INSN;
#else
#define OP(name) case SK_OP_##name
#define NEXT_INSN goto again
#define LOOP \
	again:   \
	switch ((enum sk_op)pc->op)
#endif
#define GOTO(target)                                                                                                         \
	do {                                                                                                                 \
		pc = code + (target);                                                                                        \
		NEXT_INSN;                                                                                                   \
	} while (0)
#define BRANCH(cond) GOTO((cond) ? pc->t : pc->f)
#define L (sk_vm_reg(vm, pc->a))
/* A test with a value operand: the plain case inline, modifiers the general way. */
#define COMPARE(name)                                                                                                        \
	OP(name) : {                                                                                                         \
		const struct sk_value *l = L;                                                                                \
		if (SK_LIKELY(pc->mod == 0)) {                                                                               \
			if (l->kind == SK_V_NONE)                                                                            \
				GOTO(pc->f);                                                                                 \
			const struct sk_value *r = sk_vm_reg(vm, pc->b);                                                     \
			BRANCH(r->kind != SK_V_NONE && sk_t_##name(vm, l, r));                                               \
		}                                                                                                            \
		BRANCH(sk_vm_test(vm, SK_OP_##name, pc->mod, l, pc->b));                                                     \
	}
#define GENERAL(name) OP(name) : BRANCH(sk_vm_test(vm, SK_OP_##name, pc->mod, L, pc->b));

uint32_t
sk_vm_run(struct sk_vm *vm, enum sk_source source, uint32_t type)
{
	const struct sk_bundle_view *v = vm->v;
	uint32_t number = v->dispatch[(size_t)source * SK_EVENT_LIMIT + type], found = 0, block, run;

	if (number == 0)
		return 0;
	const struct sk_program_def *prog = &v->programs[number - 1];
	const struct sk_insn *const code = v->code + prog->first_insn, *pc = code;
	const uint32_t *blocks = v->indexes + v->lists[prog->blocks].first;
	struct sk_candidates cand;
	cand.n = 0;
	run = vm->run = vm->run + 2;
	if (SK_UNLIKELY(run == 0)) {
		memset(vm->memos, 0, sizeof(*vm->memos) * SK_MAX_MEMOS);
		run = vm->run = 2;
	}
#if SK_COMPUTED_GOTO
	static const void *const label[256] = {
#define SK_OP(num, name, fmt, cls, doc) [num] = &&L_##name,
#include <saker/ops.def>
#undef SK_OP
	};
#endif

	LOOP
	{
		OP(END) : return found;
		OP(NEXT) : block = sk_next_candidate(&cand);
		if (block == UINT32_MAX)
			return found;
		GOTO(blocks[block]);
		OP(MATCH) : if (!is_off(vm, pc->b))
		{
			vm->matches[found++] = pc->b;
			if (vm->mode == SK_MATCH_FIRST)
				return found;
		}
		block = sk_next_candidate(&cand);
		if (block == UINT32_MAX)
			return found;
		GOTO(blocks[block]);
		OP(ALWAYS) : sk_add_candidates(&cand, v, pc->b);
		pc++;
		NEXT_INSN;
		OP(SELECT) : sk_select_candidates(vm, &cand, L, pc->b);
		pc++;
		NEXT_INSN;
		OP(JMP) : GOTO(pc->t);
		OP(MEMO) : if ((vm->memos[pc->a] & ~1u) == run) BRANCH(vm->memos[pc->a] & 1);
		pc++;
		NEXT_INSN;
		OP(REMTRUE) : vm->memos[pc->a] = run | 1;
		GOTO(pc->t);
		OP(REMFALSE) : vm->memos[pc->a] = run;
		GOTO(pc->t);
		OP(EXISTS) : BRANCH(sk_vm_test(vm, SK_OP_EXISTS, pc->mod, L, 0));
		OP(TRUE) : BRANCH(sk_vm_test(vm, SK_OP_TRUE, pc->mod, L, 0));
		COMPARE(EQ_NUM)
		COMPARE(LT_INT)
		COMPARE(LE_INT)
		COMPARE(LT_UINT)
		COMPARE(LE_UINT)
		COMPARE(EQ_FLT)
		COMPARE(LT_FLT)
		COMPARE(LE_FLT)
		COMPARE(EQ_STR)
		COMPARE(LT_STR)
		COMPARE(LE_STR)
		COMPARE(EQ_IP)
		COMPARE(IN_NET)
		COMPARE(CONTAINS)
		COMPARE(ICONTAINS)
		COMPARE(STARTS)
		COMPARE(ENDS)
		COMPARE(GLOB)
		COMPARE(IGLOB)
		GENERAL(REGEX)
		OP(IN_SET) : {
			const struct sk_value *l = L;

			if (SK_LIKELY(pc->mod == 0))
				BRANCH(l->kind != SK_V_NONE && sk_set_find(vm, pc->b, l) >= 0);
			BRANCH(sk_vm_test(vm, SK_OP_IN_SET, pc->mod, l, pc->b));
		}
		GENERAL(IN_LIST)
		GENERAL(PMATCH)
		GENERAL(STARTS_ANY)
		GENERAL(MULTI)
	}
	return found;
}

const char *
sk_vm_dispatch(void)
{
	return SK_COMPUTED_GOTO ? "goto" : "switch";
}
