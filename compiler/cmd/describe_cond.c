/* What a condition uses, which events it leaves, and how it reads with everything put in. */
#include "compiler/cmd/describe.h"

#include "grammar/words.h"

#include <saker/limits.h>
#include <stdlib.h>

/* Nodes looked at before the answer is "all": macros that name macros twice double with every level. */
#define MAX_NODES 1000000u

/* --- names ----------------------------------------------------------------------------------------------------------------- */
void
sk_names_found_add(struct sk_names_found *f, struct sk_slice name)
{
	(void)sk_vec_push(f, name);
}

static int
by_name(const void *a, const void *b)
{
	const struct sk_slice *x = a, *y = b;
	int c = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	return c ? c : (x->n > y->n) - (x->n < y->n);
}

void
sk_names_found_sort(struct sk_names_found *f)
{
	size_t n = 0;

	if (f->n)
		qsort(f->v, f->n, sizeof(*f->v), by_name);
	for (size_t i = 0; i < f->n; i++)
		if (!n || !sk_slice_eq(f->v[n - 1], f->v[i]))
			f->v[n++] = f->v[i];
	f->n = n;
}

static bool
has(const struct sk_names_found *f, struct sk_slice name)
{
	for (size_t i = 0; i < f->n; i++)
		if (sk_slice_eq(f->v[i], name))
			return true;
	return false;
}

/* The condition of a macro, or NULL. */
static const struct sk_cond *
macro_of(const struct sk_compilation *c, const struct sk_cond *use)
{
	const struct sk_macro_def_ast *m = sk_find_macro(&c->cx, c->rs, use->name);

	return m ? m->cond : NULL;
}

/* --- uses ------------------------------------------------------------------------------------------------------------------ */
static void
add_operand(const struct sk_compilation *c, const struct sk_opnd *o, struct sk_uses *u)
{
	if (!o)
		return;
	if (o->kind == SK_OPND_FIELD)
		sk_names_found_add(&u->fields, o->text);
	if (o->kind == SK_OPND_LITERAL && !o->quoted && sk_find_list(&c->cx, c->rs, o->text))
		sk_names_found_add(&u->lists, o->text);
	for (uint32_t i = 0; i < o->nargs; i++)
		add_operand(c, o->args[i], u);
}

void
sk_describe_uses(const struct sk_compilation *c, const struct sk_cond *cond, bool deep, struct sk_uses *ret)
{
	if (cond->kind == SK_COND_MACRO && !has(&ret->macros, cond->name)) {
		const struct sk_cond *inner = deep ? macro_of(c, cond) : NULL;

		sk_names_found_add(&ret->macros, cond->name);
		if (inner)
			sk_describe_uses(c, inner, deep, ret);
	}
	if (cond->kind == SK_COND_CHECK) {
		sk_names_found_add(&ret->operators, sk_slice_cstr(sk_word_cmp(cond->cmp)));
		add_operand(c, cond->lhs, ret);
		add_operand(c, cond->rhs, ret);
	}
	for (uint32_t i = 0; i < cond->nkids; i++)
		sk_describe_uses(c, cond->kids[i], deep, ret);
}

void
sk_uses_free(struct sk_uses *u)
{
	sk_vec_free(&u->macros);
	sk_vec_free(&u->lists);
	sk_vec_free(&u->operators);
	sk_vec_free(&u->fields);
}

/* --- events ---------------------------------------------------------------------------------------------------------------- */
struct reach {
	struct sk_event_set yes, no; /* types for which a condition can hold, and can fail */
};

static struct reach
everything(void)
{
	return (struct reach){ sk_event_set_all(), sk_event_set_all() };
}

static void
add_named(struct reach *r, struct sk_slice name)
{
	struct sk_event_set named = sk_event_set_named(name);

	for (uint32_t w = 0; w < SK_EVENT_SET_WORDS; w++) {
		r->yes.w[w] |= named.w[w];
		r->no.w[w] &= ~named.w[w];
	}
}

static struct reach
swapped(struct reach r)
{
	return (struct reach){ r.no, r.yes };
}

static struct reach
reach_of_check(const struct sk_cond *c)
{
	struct reach r = { .no = sk_event_set_all() };
	bool type = c->lhs->kind == SK_OPND_FIELD && (sk_slice_is(c->lhs->text, "evt.type") || sk_slice_is(c->lhs->text, "syscall.type"));

	if (!type || !c->rhs || c->quant != SK_QUANT_NONE || (c->cmp != SK_CMP_EQ && c->cmp != SK_CMP_NE && c->cmp != SK_CMP_IN))
		return everything();
	if (c->rhs->kind == SK_OPND_LITERAL)
		add_named(&r, c->rhs->text);
	for (uint32_t i = 0; i < c->rhs->nargs; i++)
		add_named(&r, c->rhs->args[i]->text);
	return c->cmp == SK_CMP_NE ? swapped(r) : r;
}

static struct reach
reach_of(const struct sk_compilation *c, const struct sk_cond *cond, uint32_t *budget)
{
	const struct sk_cond *inner = cond->kind == SK_COND_MACRO ? macro_of(c, cond) : NULL;
	bool and = cond->kind == SK_COND_AND;
	struct reach r;

	if (!*budget)
		return everything();
	--*budget;
	if (cond->kind == SK_COND_CHECK)
		return reach_of_check(cond);
	if (cond->kind == SK_COND_MACRO)
		return inner ? reach_of(c, inner, budget) : everything();
	r = reach_of(c, cond->kids[0], budget);
	if (cond->kind == SK_COND_NOT)
		return swapped(r);
	for (uint32_t i = 1; i < cond->nkids; i++) {
		struct reach k = reach_of(c, cond->kids[i], budget);

		for (uint32_t w = 0; w < SK_EVENT_SET_WORDS; w++) {
			r.yes.w[w] = and ? r.yes.w[w] & k.yes.w[w] : r.yes.w[w] | k.yes.w[w];
			r.no.w[w] = and ? r.no.w[w] | k.no.w[w] : r.no.w[w] & k.no.w[w];
		}
	}
	return r;
}

struct sk_event_set
sk_describe_events(const struct sk_compilation *c, const struct sk_cond *cond)
{
	uint32_t budget = MAX_NODES;

	return cond ? reach_of(c, cond, &budget).yes : sk_event_set_all();
}

/* --- text ------------------------------------------------------------------------------------------------------------------ */
static bool
is_bare(const struct sk_opnd *o)
{
	for (size_t i = 0; i < o->text.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-:*+", o->text.p[i]))
			return false;
	return o->text.n && !o->quoted;
}

static void
print_literal(const struct sk_opnd *o, struct sk_buf *out)
{
	if (is_bare(o)) {
		sk_buf_slice(out, o->text);
		return;
	}
	sk_buf_char(out, '"');
	for (size_t i = 0; i < o->text.n; i++) {
		if (o->text.p[i] == '"' || o->text.p[i] == '\\')
			sk_buf_char(out, '\\');
		sk_buf_char(out, o->text.p[i]);
	}
	sk_buf_char(out, '"');
}

static void
print_operand(const struct sk_opnd *o, struct sk_buf *out)
{
	if (o->kind == SK_OPND_LITERAL) {
		print_literal(o, out);
		return;
	}
	if (o->kind != SK_OPND_LIST)
		sk_buf_slice(out, o->text);
	if (o->kind != SK_OPND_FIELD) {
		sk_buf_char(out, '(');
		for (uint32_t i = 0; i < o->nargs; i++) {
			sk_buf_str(out, i ? ", " : "");
			print_operand(o->args[i], out);
		}
		sk_buf_char(out, ')');
	}
	if (o->has_arg)
		sk_buf_printf(out, "[%.*s]", SK_SLICE_ARG(o->arg));
}

static void
print_check(const struct sk_cond *c, struct sk_buf *out)
{
	print_operand(c->lhs, out);
	sk_buf_printf(out, " %s", sk_word_cmp(c->cmp));
	if (c->quant != SK_QUANT_NONE)
		sk_buf_printf(out, " %s", sk_word_quant(c->quant));
	if (c->rhs) {
		sk_buf_char(out, ' ');
		print_operand(c->rhs, out);
	}
}

void
sk_describe_print(const struct sk_compilation *c, const struct sk_cond *cond, struct sk_buf *out)
{
	const struct sk_cond *inner = cond->kind == SK_COND_MACRO ? macro_of(c, cond) : NULL;

	if (out->n > SK_MAX_CONDITION)
		return;
	switch (cond->kind) {
	case SK_COND_CHECK: print_check(cond, out); return;
	case SK_COND_MACRO:
		if (inner)
			sk_describe_print(c, inner, out);
		else
			sk_buf_slice(out, cond->name);
		return;
	case SK_COND_NOT: sk_buf_str(out, "not "); break;
	case SK_COND_AND:
	case SK_COND_OR: sk_buf_char(out, '('); break;
	}
	for (uint32_t i = 0; i < cond->nkids && out->n <= SK_MAX_CONDITION; i++) {
		if (i)
			sk_buf_str(out, cond->kind == SK_COND_AND ? " and " : " or ");
		sk_describe_print(c, cond->kids[i], out);
	}
	if (cond->kind != SK_COND_NOT)
		sk_buf_char(out, ')');
}
