#include "compiler/event_set.h"

#include "base/schema.h"

struct sk_event_set
sk_event_set_all(void)
{
	struct sk_event_set s = { 0 };

	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		sk_event_set_add(&s, e);
	return s;
}

uint32_t
sk_event_set_count(const struct sk_event_set *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < SK_EVENT_SET_WORDS; i++)
		n += (uint32_t)__builtin_popcountll(s->w[i]);
	return n;
}

static const struct call_row {
	const char *name;
	uint16_t enter, exit;
} calls[] = {
#define SK_SYSCALL(sc, name, x86_64, aarch64, ia32, ia32b, ENTER, EXIT) { #name, SK_E_##ENTER, SK_E_##EXIT },
#include <saker/syscalls.def>
#undef SK_SYSCALL
};

struct sk_event_set
sk_event_set_named(struct sk_slice name)
{
	struct sk_event_set s = { 0 };

	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		const struct sk_event_desc *d = sk_event_desc(e);

		if (d && sk_slice_is(name, d->name))
			sk_event_set_add(&s, e);
	}
	for (size_t i = 0; i < SK_COUNTOF(calls); i++)
		if (sk_slice_is(name, calls[i].name)) {
			sk_event_set_add(&s, calls[i].enter);
			sk_event_set_add(&s, calls[i].exit);
		}
	return s;
}

static void
merge(struct sk_event_set *a, const struct sk_event_set *b, bool both)
{
	for (uint32_t i = 0; i < SK_EVENT_SET_WORDS; i++)
		a->w[i] = both ? a->w[i] & b->w[i] : a->w[i] | b->w[i];
}

/* An AND may be true where every kid may, and may be false where any kid may; an OR the other way round. */
static void
connective(const struct sk_ir *n, const struct sk_event_reach *all, struct sk_event_reach *ret)
{
	*ret = all[n->kids[0]];
	for (uint32_t i = 1; i < n->nkids; i++) {
		merge(&ret->yes, &all[n->kids[i]].yes, n->kind == SK_IR_AND);
		merge(&ret->no, &all[n->kids[i]].no, n->kind == SK_IR_OR);
	}
}

struct sk_event_reach *
sk_event_reach(const struct sk_ir_graph *g, void (*leaf)(void *ctx, uint32_t node, struct sk_event_reach *ret), void *ctx)
{
	struct sk_event_reach *all = SK_NEW_ARRAY(g->cx->arena, g->nodes.n, struct sk_event_reach);
	const struct sk_event_set every = sk_event_set_all();

	for (uint32_t i = 0; all && i < g->nodes.n; i++) {
		const struct sk_ir *n = &g->nodes.v[i];

		switch (n->kind) {
		case SK_IR_FALSE: all[i].no = every; break;
		case SK_IR_TRUE: all[i].yes = every; break;
		case SK_IR_NOT:
			all[i].yes = all[n->kids[0]].no;
			all[i].no = all[n->kids[0]].yes;
			break;
		case SK_IR_AND:
		case SK_IR_OR: connective(n, all, &all[i]); break;
		case SK_IR_TEST:
			all[i] = (struct sk_event_reach){ every, every };
			leaf(ctx, i, &all[i]);
			break;
		}
	}
	return all;
}
