/* The tests of ops.def on present operands: one inline function each, shared by the interpreter's fast path and the general way. */
#ifndef SK_VM_TESTS_H
#define SK_VM_TESTS_H

#include "vm/machine.h"

#define SK_TEST_FN(name) SK_INLINE bool sk_t_##name(struct sk_vm *vm SK_UNUSED, const struct sk_value *l, const struct sk_value *r)

SK_TEST_FN(EQ_NUM)
{
	return l->u == r->u;
}
SK_TEST_FN(LT_INT)
{
	return l->i < r->i;
}
SK_TEST_FN(LE_INT)
{
	return l->i <= r->i;
}
SK_TEST_FN(LT_UINT)
{
	return l->u < r->u;
}
SK_TEST_FN(LE_UINT)
{
	return l->u <= r->u;
}
SK_TEST_FN(EQ_FLT)
{
	return l->d <= r->d && l->d >= r->d; /* what is no number equals nothing */
}
SK_TEST_FN(LT_FLT)
{
	return l->d < r->d;
}
SK_TEST_FN(LE_FLT)
{
	return l->d <= r->d;
}
SK_TEST_FN(EQ_STR)
{
	return l->n == r->n && (l->n == 0 || memcmp(l->s, r->s, l->n) == 0);
}
SK_TEST_FN(LT_STR)
{
	return sk_match_order(l, r) < 0;
}
SK_TEST_FN(LE_STR)
{
	return sk_match_order(l, r) <= 0;
}
SK_TEST_FN(EQ_IP)
{
	return l->ip == r->ip && memcmp(l->addr, r->addr, l->ip == 4 ? 4 : 16) == 0;
}
SK_TEST_FN(IN_NET)
{
	return sk_match_net(l, r);
}
SK_TEST_FN(CONTAINS)
{
	return sk_match_contains(l, r);
}
SK_TEST_FN(ICONTAINS)
{
	return sk_match_icontains(l, r);
}
SK_TEST_FN(STARTS)
{
	return l->n >= r->n && (r->n == 0 || memcmp(l->s, r->s, r->n) == 0);
}
SK_TEST_FN(ENDS)
{
	return l->n >= r->n && (r->n == 0 || memcmp(l->s + l->n - r->n, r->s, r->n) == 0);
}
SK_TEST_FN(GLOB)
{
	return sk_match_glob(l->s, l->n, r->s, r->n, false);
}
SK_TEST_FN(IGLOB)
{
	return sk_match_glob(l->s, l->n, r->s, r->n, true);
}
#undef SK_TEST_FN

#endif
