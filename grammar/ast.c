#include "grammar/build.h"
#include "grammar/report.h"
#include "grammar/words.h"

#include <saker/limits.h>

static struct sk_cond *
new_cond(struct sk_cond_cx *cx, enum sk_cond_kind kind, struct sk_span span)
{
	struct sk_cond *c = SK_NEW(cx->p->arena, struct sk_cond);

	if (c) {
		c->kind = kind;
		c->span = span;
		c->text = cx->p->text;
	}
	return c;
}

static struct sk_opnd *
new_opnd(struct sk_cond_cx *cx, enum sk_opnd_kind kind, struct sk_span span, struct sk_slice text)
{
	struct sk_opnd *o = SK_NEW(cx->p->arena, struct sk_opnd);

	if (o) {
		o->kind = kind;
		o->span = span;
		o->text = text;
	}
	return o;
}

/* --- conditions ------------------------------------------------------------------------------------------------------------ */
struct sk_cond_seq *
sk_ast_seq(struct sk_cond_cx *cx, struct sk_cond *first)
{
	return sk_ast_seq_add(cx, SK_NEW(cx->p->arena, struct sk_cond_seq), first);
}

struct sk_cond_seq *
sk_ast_seq_add(struct sk_cond_cx *cx, struct sk_cond_seq *seq, struct sk_cond *next)
{
	if (!seq || !next || !sk_vec_push_arena(&seq->kids, cx->p->arena, next))
		return NULL;
	return seq;
}

/* Behind "or(...)" without a blank the newest generation takes nothing but another `or`. */
static void
warn_or_bracket(struct sk_cond_cx *cx, struct sk_span or_span)
{
	sk_parse_report(cx->p, SK_D_OLD_SYNTAX, or_span,
			"'or(...)' before 'and' is syntax of Falco 0.15; write a blank between 'or' and '('");
}

struct sk_cond_seq *
sk_ast_seq_or(struct sk_cond_cx *cx, struct sk_cond_seq *seq, struct sk_span or_span, struct sk_cond_seq *and_seq,
	      struct sk_span and_span)
{
	if (and_seq && and_seq->kids.n > 1 && and_span.beg == or_span.end)
		warn_or_bracket(cx, or_span);
	return sk_ast_seq_add(cx, seq, sk_ast_join(cx, SK_COND_AND, and_span, and_seq));
}

struct sk_cond *
sk_ast_join(struct sk_cond_cx *cx, enum sk_cond_kind kind, struct sk_span span, struct sk_cond_seq *seq)
{
	if (!seq)
		return NULL;
	if (seq->kids.n == 1)
		return seq->kids.v[0];
	struct sk_cond *c = new_cond(cx, kind, span);

	if (c) {
		c->kids = seq->kids.v;
		c->nkids = (uint32_t)seq->kids.n;
	}
	return c;
}

struct sk_cond *
sk_ast_not(struct sk_cond_cx *cx, struct sk_span span, uint32_t n, struct sk_cond *kid)
{
	if (!kid || n % 2 == 0)
		return kid;
	struct sk_cond *c = new_cond(cx, SK_COND_NOT, span);
	struct sk_cond **kids = SK_NEW(cx->p->arena, struct sk_cond *);

	if (!c || !kids)
		return NULL;
	kids[0] = kid;
	c->kids = kids;
	c->nkids = 1;
	return c;
}

struct sk_cond *
sk_ast_macro(struct sk_cond_cx *cx, struct sk_span span, struct sk_slice name)
{
	struct sk_cond *c = new_cond(cx, SK_COND_MACRO, span);

	if (c)
		c->name = name;
	return c;
}

struct sk_cond *
sk_ast_check(struct sk_cond_cx *cx, struct sk_span span, struct sk_check check)
{
	struct sk_cond *c = new_cond(cx, SK_COND_CHECK, span);

	if (!c || !check.lhs || (!check.rhs && check.cmp != SK_CMP_EXISTS))
		return NULL;
	c->lhs = check.lhs;
	c->cmp = check.cmp;
	c->cmp_span = check.cmp_span;
	c->quant = check.quant;
	c->rhs = check.rhs;
	return c;
}

/* --- operands -------------------------------------------------------------------------------------------------------------- */
static struct sk_opnd *
with_arg(struct sk_opnd *o, struct sk_arg arg)
{
	if (o) {
		o->has_arg = arg.given;
		o->arg = arg.text;
		o->arg_span = arg.span;
	}
	return o;
}

struct sk_opnd *
sk_ast_field(struct sk_cond_cx *cx, struct sk_span span, struct sk_slice name, struct sk_arg arg)
{
	return with_arg(new_opnd(cx, SK_OPND_FIELD, span, name), arg);
}

struct sk_opnd *
sk_ast_literal(struct sk_cond_cx *cx, struct sk_span span, struct sk_slice text)
{
	return new_opnd(cx, SK_OPND_LITERAL, span, text);
}

struct sk_opnd *
sk_ast_quoted(struct sk_cond_cx *cx, struct sk_span span, struct sk_slice text)
{
	struct sk_opnd *o = new_opnd(cx, SK_OPND_LITERAL, span, text);

	if (o)
		o->quoted = true;
	return o;
}

struct sk_opnd *
sk_ast_number(struct sk_cond_cx *cx, struct sk_span span, struct sk_slice text)
{
	struct sk_opnd *o = new_opnd(cx, SK_OPND_LITERAL, span, text);

	if (o)
		o->number = true;
	return o;
}

static struct sk_opnd *
with_items(struct sk_opnd *o, const struct sk_opnd_seq *items)
{
	if (!o || !items)
		return NULL;
	o->args = items->items.v;
	o->nargs = (uint32_t)items->items.n;
	return o;
}

struct sk_opnd *
sk_ast_xform(struct sk_cond_cx *cx, struct sk_span span, enum sk_xform xform, struct sk_opnd_seq *args, struct sk_arg arg)
{
	if (args && args->items.n > SK_MAX_XFORM_ARGS)
		sk_parse_report(cx->p, SK_D_COND_LIMIT, span, "a transformer takes at most %u arguments", SK_MAX_XFORM_ARGS);
	return with_items(with_arg(new_opnd(cx, SK_OPND_XFORM, span, sk_slice_cstr(sk_word_xform(xform))), arg), args);
}

struct sk_opnd *
sk_ast_list(struct sk_cond_cx *cx, struct sk_span span, struct sk_opnd_seq *items)
{
	if (items && items->comma.end && !items->stray.end)
		items->stray = items->comma;
	if (items && items->stray.end)
		sk_parse_report(cx->p, SK_D_OLD_SYNTAX, items->stray,
				"a comma without an element on both sides is syntax of Falco 0.15; remove it");
	return with_items(new_opnd(cx, SK_OPND_LIST, span, sk_slice("", 0)), items);
}

struct sk_opnd_seq *
sk_ast_items(struct sk_cond_cx *cx)
{
	return SK_NEW(cx->p->arena, struct sk_opnd_seq);
}

struct sk_opnd_seq *
sk_ast_items_add(struct sk_cond_cx *cx, struct sk_opnd_seq *items, struct sk_opnd *next)
{
	if (!items || !next || !sk_vec_push_arena(&items->items, cx->p->arena, next))
		return NULL;
	items->comma = (struct sk_span){ 0, 0 };
	return items;
}

struct sk_opnd_seq *
sk_ast_items_comma(struct sk_opnd_seq *items, struct sk_span comma)
{
	if (!items)
		return NULL;
	bool doubled = items->comma.end || !items->items.n;

	if (doubled && !items->stray.end)
		items->stray = comma;
	items->comma = comma;
	return items;
}

void
sk_ast_result(struct sk_cond_cx *cx, struct sk_cond *cond, struct sk_opnd *opnd)
{
	cx->cond = cond;
	cx->opnd = opnd;
}
