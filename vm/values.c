/* Registers: loading fields, running transformers, constants. */
#include "vm/machine.h"

char *
sk_vm_scratch(struct sk_vm *vm, size_t n)
{
	/* 16 bytes suit every type that is put there; the size of the scratch is a multiple of it. */
	size_t rounded = (n + 15) & ~(size_t)15;

	if (rounded < n || rounded > vm->scratch.size - vm->scratch.used) {
		vm->scratch.refused++;
		return NULL;
	}
	char *p = vm->scratch.p + vm->scratch.used;
	vm->scratch.used += (uint32_t)rounded;
	return p;
}

/* What the field function must return for a register of this definition; anything else counts as absent. A net field loads the address that is compared. */
static bool
kind_fits(const struct sk_value_def *def, const struct sk_value *val)
{
	enum sk_vkind want = def->kind == SK_V_NET ? SK_V_IP : (enum sk_vkind)def->kind;

	if (!def->is_list)
		return val->kind == want;
	if (val->kind != SK_V_LIST)
		return false;
	for (uint32_t i = 0; i < val->n; i++)
		if (val->list[i].kind != want)
			return false;
	return true;
}

SK_NOINLINE const struct sk_value *
sk_vm_load(struct sk_vm *vm, uint32_t v)
{
	const struct sk_value_def *def = &vm->v->values[v];
	struct sk_value *val = &vm->values[v];

	*val = (struct sk_value){ 0 };
	vm->stamps[v] = vm->event;
	if (def->def == SK_VD_XFORM)
		sk_vm_transform(vm, def, val);
	else if (!vm->load[v] || !vm->load[v](vm->ctx, &vm->args[v], val))
		val->kind = SK_V_NONE;
	if (val->kind != SK_V_NONE && !kind_fits(def, val))
		*val = (struct sk_value){ 0 };
	return val;
}

const struct sk_value *
sk_vm_value(struct sk_vm *vm, uint32_t v)
{
	return sk_vm_reg(vm, v);
}
