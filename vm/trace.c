#include "vm/trace.h"

#include "vm/bundle/ops.h"
#include "vm/machine.h"

static bool
names_rule(const struct sk_bundle_view *v, const struct sk_block *b, uint32_t rule)
{
	for (uint32_t i = b->first; i < b->end; i++)
		if (v->code[i].op == SK_OP_MATCH)
			return v->code[i].b == rule; /* all of a block name the same one */
	return false;
}

bool
sk_block_find(const struct sk_bundle_view *v, enum sk_source source, uint32_t type, uint32_t rule, struct sk_block *ret)
{
	uint32_t number = v->dispatch[(size_t)source * SK_EVENT_LIMIT + type];

	if (!number)
		return false;
	const struct sk_program_def *p = &v->programs[number - 1];
	const struct sk_list_def *blocks = &v->lists[p->blocks];
	for (uint32_t i = 0; i < blocks->n; i++) {
		const uint32_t *at = v->indexes + blocks->first + i;

		*ret = (struct sk_block){p->first_insn, p->first_insn + at[0],
					 p->first_insn + (i + 1 < blocks->n ? at[1] : p->ninsns)};
		if (names_rule(v, ret, rule))
			return true;
	}
	*ret = (struct sk_block){p->first_insn, p->first_insn, p->first_insn + p->ninsns};
	return blocks->n == 0 && names_rule(v, ret, rule);
}

bool
sk_insn_is_test(const struct sk_bundle_view *v, uint32_t n)
{
	return sk_op_is_test(sk_op_info(v->code[n].op));
}

bool
sk_vm_holds(struct sk_vm *vm, uint32_t n)
{
	const struct sk_insn *in = &vm->v->code[n];

	return sk_vm_test(vm, in->op, in->mod, sk_vm_reg(vm, in->a), in->b);
}
