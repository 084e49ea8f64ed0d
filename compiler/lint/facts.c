/* What is known of values and tests for every event type, once for all rules. */
#include "compiler/lint/lint_internal.h"

#include "base/buf.h"
#include "base/schema.h"

#define NAMES_SHOWN 4u

static struct sk_event_set
delivered_types(void)
{
	struct sk_event_set s = { 0 };

	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		if (sk_type_is_delivered(SK_SOURCE_SYSCALL, e))
			sk_event_set_add(&s, e);
	return s;
}

/* ABSENT: types on which V has no value; the result: types on which it is known. */
static struct sk_event_set
look_at_value(const struct sk_lint *l, uint32_t v, struct sk_event_set *absent)
{
	struct sk_event_set known = { 0 };

	if (l->g->values.v[v].kind == SK_IRV_CONST)
		return known;
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		enum sk_known k =
		    sk_event_set_has(&l->delivered, e) ? sk_fold_value(l->g, v, SK_SOURCE_SYSCALL, e).known : SK_KNOWN_NOTHING;

		if (k == SK_KNOWN_ABSENT)
			sk_event_set_add(absent, e);
		else if (k != SK_KNOWN_NOTHING)
			sk_event_set_add(&known, e);
	}
	return known;
}

struct facts {
	const struct sk_lint *l;
	struct sk_event_set *known; /* by value */
};

/* --- names that generic and asynchronous events carry ---------------------------------------------------------------------- */
/* Such an event may have any name as far as its type says. A generic one reports calls without types of their own, an
 * asynchronous one reports neither calls nor what the kernel traces. */
static bool
may_carry(struct sk_slice name, uint32_t type)
{
	struct sk_event_set named = sk_event_set_named(name);

	if (type != SK_E_ASYNCEVENT_E)
		return sk_event_set_has(&named, type);
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		if (sk_event_set_has(&named, e) && (sk_event_desc(e)->category & (SK_EC_SYSCALL | SK_EC_TRACEPOINT)))
			return false;
	return true;
}

static void
test_of_names(const struct sk_lint *l, const struct sk_ir *t, struct sk_event_reach *ret)
{
	static const uint32_t types[] = { SK_E_GENERIC_X, SK_E_ASYNCEVENT_E };
	const uint32_t *names = t->op == SK_OP_IN_SET ? t->members : &t->rhs;
	uint32_t n = t->op == SK_OP_IN_SET ? t->nmembers : 1;

	if ((t->op != SK_OP_IN_SET && t->op != SK_OP_EQ_STR) ||
	    (t->op == SK_OP_EQ_STR && (t->rhs_kind != SK_IRR_VALUE || l->g->values.v[t->rhs].kind != SK_IRV_CONST)))
		return;
	for (size_t i = 0; i < SK_COUNTOF(types); i++) {
		bool may = false;

		for (uint32_t k = 0; !may && k < n; k++)
			may = may_carry(l->g->values.v[names[k]].text, types[i]);
		if (!may)
			sk_event_set_drop(t->mod & SK_MOD_NEG ? &ret->no : &ret->yes, types[i]);
	}
}

static void
test_reach(void *ctx, uint32_t node, struct sk_event_reach *ret)
{
	const struct facts *f = ctx;
	const struct sk_ir *t = &f->l->g->nodes.v[node];
	struct sk_event_set absent = f->l->absent[t->lhs];
	const struct sk_event_set *known = &f->known[t->lhs];

	if (t->rhs_kind == SK_IRR_VALUE)
		for (uint32_t i = 0; i < SK_EVENT_SET_WORDS; i++)
			absent.w[i] |= f->l->absent[t->rhs].w[i];
	ret->yes = sk_event_set_minus(&ret->yes, &absent);
	for (uint32_t e = 0; !sk_event_set_empty(known) && e < SK_EVENT_LIMIT; e++) {
		int holds = sk_event_set_has(known, e) ? sk_fold_test(f->l->g, t, SK_SOURCE_SYSCALL, e) : -1;

		if (holds == 0)
			sk_event_set_drop(&ret->yes, e);
		else if (holds > 0)
			sk_event_set_drop(&ret->no, e);
	}
	const struct sk_irv *lhs = &f->l->g->values.v[t->lhs];
	if (lhs->kind == SK_IRV_FIELD && (lhs->field->id == SK_F_evt_type || lhs->field->id == SK_F_syscall_type))
		test_of_names(f->l, t, ret);
}

bool
sk_lint_facts(struct sk_lint *l)
{
	struct sk_arena *a = l->cx->arena;
	size_t n = l->g->values.n;
	SK_AUTO_FREE struct sk_event_set *known = calloc(n + 1, sizeof(*known));
	struct facts f = { l, known };

	l->delivered = delivered_types();
	l->absent = SK_NEW_ARRAY(a, n + 1, struct sk_event_set);
	if (!known || !l->absent)
		return false;
	for (size_t v = 0; v < n; v++)
		known[v] = look_at_value(l, (uint32_t)v, &l->absent[v]);
	l->reach = sk_event_reach(l->g, test_reach, &f);
	return l->reach != NULL;
}

/* Operators that count or alternatives over one field become several tests of the same left side. */
const struct sk_irv *
sk_lint_value(const struct sk_lint *l, const struct sk_cond *c)
{
	const struct sk_ir *n = &l->g->nodes.v[c->node];
	uint32_t depth = 0;

	while (n->kind != SK_IR_TEST && n->nkids && depth++ < 4)
		n = &l->g->nodes.v[n->kids[0]];
	return n->kind == SK_IR_TEST ? &l->g->values.v[n->lhs] : NULL;
}

const struct sk_irv *
sk_lint_field(const struct sk_lint *l, const struct sk_cond *c)
{
	const struct sk_irv *v = sk_lint_value(l, c);

	return v && v->kind == SK_IRV_FIELD ? v : NULL;
}

bool
sk_lint_is_event_type(const struct sk_irv *v)
{
	return v && v->kind == SK_IRV_FIELD &&
	       (v->field->id == SK_F_evt_type || v->field->id == SK_F_syscall_type || v->field->id == SK_F_evt_dir);
}

struct sk_slice
sk_lint_type_names(struct sk_lint *l, const struct sk_event_set *s)
{
	struct sk_buf b = { 0 };
	const char *last = "";
	uint32_t n = 0;

	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		const struct sk_event_desc *d = sk_event_set_has(s, e) ? sk_event_desc(e) : NULL;

		if (!d || strcmp(d->name, last) == 0)
			continue;
		last = d->name;
		if (n++ < NAMES_SHOWN)
			sk_buf_printf(&b, "%s%s", n > 1 ? ", " : "", d->name);
	}
	if (n > NAMES_SHOWN)
		sk_buf_printf(&b, " and %u more", n - NAMES_SHOWN);
	struct sk_slice copy = sk_arena_dup(l->cx->arena, sk_buf_view(&b));
	sk_buf_free(&b);
	return copy;
}
