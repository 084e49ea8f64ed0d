/* Tests in general: several values on the left, several operands on the right. */
#include "vm/tests.h"

#include "vm/bundle/ops.h"

static bool
equal(const struct sk_value *a, const struct sk_value *b)
{
	if (a->kind != b->kind)
		return false;
	switch ((enum sk_vkind)a->kind) {
	case SK_V_STR:
	case SK_V_BYTES: return a->n == b->n && (a->n == 0 || memcmp(a->s, b->s, a->n) == 0);
	case SK_V_IP: return a->ip == b->ip && memcmp(a->addr, b->addr, a->ip == 4 ? 4 : 16) == 0;
	case SK_V_BOOL:
	case SK_V_INT:
	case SK_V_UINT:
	case SK_V_FLOAT: return a->u == b->u;
	case SK_V_NET:
	case SK_V_NONE:
	case SK_V_LIST: break;
	}
	return false;
}

static bool
in_list(const struct sk_value *l, const struct sk_value *list)
{
	for (uint32_t i = 0; list->kind == SK_V_LIST && i < list->n; i++)
		if (equal(l, &list->list[i]))
			return true;
	return false;
}

static bool multi(struct sk_vm *vm, const struct sk_value *l, const struct sk_multi_def *m);

/* A scalar, present L against operand B. */
static bool
scalar_test(struct sk_vm *vm, uint8_t op, const struct sk_value *l, uint32_t b, bool *ret_absent)
{
	switch ((enum sk_op)op) {
#define BINARY(name)                                                                                                         \
	case SK_OP_##name: {                                                                                                 \
		const struct sk_value *r = sk_vm_reg(vm, b);                                                                 \
		*ret_absent = r->kind == SK_V_NONE;                                                                          \
		return !*ret_absent && sk_t_##name(vm, l, r);                                                                \
	}
		BINARY(EQ_NUM) BINARY(LT_INT) BINARY(LE_INT) BINARY(LT_UINT) BINARY(LE_UINT) BINARY(EQ_FLT) BINARY(LT_FLT) BINARY(LE_FLT)
		BINARY(EQ_STR) BINARY(LT_STR) BINARY(LE_STR) BINARY(EQ_IP) BINARY(IN_NET) BINARY(CONTAINS) BINARY(ICONTAINS) BINARY(STARTS)
		BINARY(ENDS) BINARY(GLOB) BINARY(IGLOB)
#undef BINARY
	case SK_OP_EXISTS: return true;
	case SK_OP_TRUE: return l->u != 0;
	case SK_OP_REGEX: return sk_pattern_matches(vm, b, l->s, l->n);
	case SK_OP_IN_SET: return sk_set_find(vm, b, l) >= 0;
	case SK_OP_IN_LIST: {
		const struct sk_value *r = sk_vm_reg(vm, b);
		*ret_absent = r->kind == SK_V_NONE;
		return in_list(l, r);
	}
	case SK_OP_PMATCH: return sk_trie_pmatch(vm, b, l->s, l->n);
	case SK_OP_STARTS_ANY: return sk_trie_prefix(vm, b, l->s, l->n, true) >= 0;
	case SK_OP_MULTI: return multi(vm, l, &vm->v->multis[b]);
	case SK_OP_END:
	case SK_OP_NEXT:
	case SK_OP_MATCH:
	case SK_OP_ALWAYS:
	case SK_OP_SELECT:
	case SK_OP_JMP:
	case SK_OP_MEMO:
	case SK_OP_REMTRUE:
	case SK_OP_REMFALSE: break;
	}
	return false;
}

bool
sk_vm_test(struct sk_vm *vm, uint8_t op, uint8_t mod, const struct sk_value *l, uint32_t b)
{
	bool neg = mod & SK_MOD_NEG, all = (mod & SK_MOD_QUANT) == SK_MOD_ALL, absent = false;

	/* A list that holds nothing does not exist, although every test of ALL its elements holds. */
	if (l->kind == SK_V_NONE || (op == SK_OP_EXISTS && l->kind == SK_V_LIST && l->n == 0))
		return false;
	if (l->kind != SK_V_LIST || op == SK_OP_EXISTS)
		return (scalar_test(vm, op, l, b, &absent) != neg) && !absent;
	/* No element asks for R[b], which decides nevertheless. */
	if (l->n == 0 && all && sk_op_info(op)->fmt == SK_FMT_TV && sk_vm_reg(vm, b)->kind == SK_V_NONE)
		return false;
	for (uint32_t i = 0; i < l->n; i++) {
		bool hit = scalar_test(vm, op, &l->list[i], b, &absent) != neg;

		if (absent)
			return false;
		if (hit != all)
			return hit;
	}
	return all;
}

static bool
multi(struct sk_vm *vm, const struct sk_value *l, const struct sk_multi_def *m)
{
	const struct sk_list_def *list = &vm->v->lists[m->list];
	uint32_t hits = 0;

	for (uint32_t i = 0; i < list->n; i++)
		hits += sk_vm_test(vm, m->op, m->mod, l, vm->v->indexes[list->first + i]);
	switch ((enum sk_quant)m->quant) {
	case SK_QUANT_ONEOF: return hits == 1;
	case SK_QUANT_ANYOF: return hits > 0;
	case SK_QUANT_ALLOF: return list->n > 0 && hits == list->n;
	case SK_QUANT_NONE: break;
	}
	return false;
}
