/* Lists: inner lists into lists, then lists into conditions. */
#include "compiler/expand.h"

#include "grammar/string.h"

#include <saker/limits.h>

/* --- lists in lists ----------------------------------------------------------------- */
struct flattening {
	struct sk_compile *cx;
	struct sk_ruleset *rs;
	size_t inner; /* items that came from inner lists, so far */
	struct sk_words *words;
};

static void flatten(struct flattening *f, struct sk_list_def_ast *l, uint32_t depth);

static void
too_many(struct flattening *f, struct sk_list_def_ast *l, const char *what)
{
	if (!l->src->bad)
		(void)sk_report(f->cx, l->src->item, SK_D_TOO_MANY_ITEMS, l->loc, "the list '%.*s' %s", SK_SLICE_ARG(l->name),
				what);
	l->src->bad = true;
}

/* A name that leads back to the list itself stands for itself. */
static struct sk_list_def_ast *
inner_list(struct flattening *f, const struct sk_list_def_ast *l, const struct sk_text *item)
{
	struct sk_list_def_ast *inner = sk_find_list(f->cx, f->rs, item->s);

	if (!inner)
		sk_words_item(f->words, l, item);
	else if (inner != l && inner->index >= l->seen)
		sk_words_later(f->words, item, inner);
	return inner && inner != l && inner->index < l->seen && inner->src->state != 1 ? inner : NULL;
}

static bool
put_item(struct flattening *f, struct sk_list_def_ast *l, sk_texts *flat, const struct sk_text *item)
{
	if (flat->n >= SK_MAX_LIST_ITEMS) {
		too_many(f, l, "has too many items");
		return false;
	}
	return sk_vec_push_arena(flat, f->cx->arena, item);
}

static bool
put_inner(struct flattening *f, struct sk_list_def_ast *l, sk_texts *flat, struct sk_list_def_ast *inner, uint32_t depth)
{
	if (depth >= SK_MAX_MACRO_DEPTH) {
		too_many(f, l, "nests too deep");
		return false;
	}
	flatten(f, inner, depth + 1);
	l->src->bad |= inner->src->bad; /* said of the inner one, and enough */
	f->inner += inner->src->items.n;
	if (f->inner > SK_MAX_INNER_ITEMS) {
		too_many(f, l, "has too many items, counting those of all lists in lists");
		return false;
	}
	for (size_t i = 0; i < inner->src->items.n; i++)
		if (!put_item(f, l, flat, inner->src->items.v[i]))
			return false;
	return sk_vec_push_arena(&l->src->uses, f->cx->arena, inner);
}

static void
flatten(struct flattening *f, struct sk_list_def_ast *l, uint32_t depth)
{
	struct sk_list_src *src = l->src;
	sk_texts flat = { 0 };
	bool ok = true;

	if (src->state)
		return;
	src->state = 1;
	for (size_t i = 0; ok && i < src->items.n; i++) {
		struct sk_list_def_ast *inner = inner_list(f, l, src->items.v[i]);

		ok = inner ? put_inner(f, l, &flat, inner, depth) : put_item(f, l, &flat, src->items.v[i]);
	}
	src->written = src->items;
	/* Lists without inner lists are the rule: those keep what they have. */
	if (src->uses.n)
		src->items = flat;
	for (size_t i = 0; i < src->items.n; i++)
		if (!sk_vec_push_arena(&l->items, f->cx->arena, src->items.v[i]->s))
			break;
	src->state = 2;
}

void
sk_flatten_lists(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_words *words)
{
	struct flattening f = { .cx = cx, .rs = rs, .words = words };

	for (size_t i = 0; i < rs->lists.n; i++)
		flatten(&f, rs->lists.v[i], 0);
}

void
sk_mark_list(struct sk_list_def_ast *l)
{
	if (l->used)
		return;
	l->used = true;
	/* As deep as lists nest, which flattening bounds. */
	for (size_t i = 0; i < l->src->uses.n; i++)
		sk_mark_list(l->src->uses.v[i]);
}

/* --- lists in conditions ----------------------------------------------------------------- */
/* An item as the condition language reads it: in quotes, or the bare text. */
static struct sk_opnd *
make_operand(struct sk_expansion *x, const struct sk_text *t)
{
	struct sk_compile *cx = x->cx;
	struct sk_opnd *o = SK_NEW(cx->arena, struct sk_opnd);
	struct sk_slice s = t->s;

	if (!o)
		return NULL;
	*o = (struct sk_opnd){ .kind = SK_OPND_LITERAL, .span = { 0, (uint32_t)s.n }, .text = s, .from = t,
			       .guess = sk_words_of_item(x->words, t) };
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0]) {
		struct sk_parse p = { cx->arena, cx->diags, t };

		o->quoted = true;
		if (!sk_string_decode(&p, SK_D_COND_SYNTAX, o->span, &o->text))
			return NULL;
	}
	return o;
}

/* Operands of a list are made once and shared by all conditions. */
static bool
make_operands(struct sk_expansion *x, struct sk_list_def_ast *l)
{
	struct sk_list_src *src = l->src;
	bool ok = true;

	if (src->bad || src->opnds)
		return !src->bad;
	src->opnds = SK_NEW_ARRAY(x->cx->arena, src->items.n + 1, struct sk_opnd *);
	sk_diags_context(x->cx->diags, src->item);
	for (size_t i = 0; src->opnds && i < src->items.n; i++)
		ok &= (src->opnds[i] = make_operand(x, src->items.v[i])) != NULL;
	sk_diags_context(x->cx->diags, NULL);
	src->bad = !ok || !src->opnds;
	return !src->bad;
}

static enum sk_cmp_rhs
wants(const struct sk_cond *c)
{
	static const uint8_t rhs[SK_CMP_COUNT] = {
#define SK_CMP(sym, token, rhs, types) SK_RHS_##rhs,
#include <saker/cmps.def>
#undef SK_CMP
	};

	return c->quant != SK_QUANT_NONE ? SK_RHS_LIST : (enum sk_cmp_rhs)rhs[c->cmp];
}

/* O of check C stays text. */
static void
stays_text(struct sk_expansion *x, const struct sk_cond *c, struct sk_opnd *o)
{
	bool may_list = c->quant == SK_QUANT_NONE && wants(c) == SK_RHS_LIST;

	sk_words_operand(x->words, o, sk_opnd_loc(c, o), may_list, may_list || c->cmp == SK_CMP_EQ || c->cmp == SK_CMP_NE);
}

/* The list that an operand of check C names, its operands made; NULL if it names none. x->bad if the list is broken. */
static struct sk_list_def_ast *
named_list(struct sk_expansion *x, const struct sk_cond *c, struct sk_opnd *o)
{
	struct sk_list_def_ast *l;

	if (o->kind != SK_OPND_LITERAL || o->from)
		return NULL;
	l = sk_find_list(x->cx, x->rs, o->text);
	if (l && o->quoted)
		sk_words_quoted(l, sk_opnd_loc(c, o));
	else if (!l && !o->quoted)
		stays_text(x, c, o);
	if (!l || o->quoted)
		return NULL;
	if (!x->macro)
		sk_mark_list(l);
	else
		(void)sk_vec_push_arena(&x->macro->uses, x->cx->arena, l);
	if (make_operands(x, l))
		return l;
	x->bad = true;
	return NULL;
}

/* Replace names of lists among the elements of a LIST. */
static void
put_in_list(struct sk_expansion *x, const struct sk_cond *c, struct sk_opnd *list)
{
	SK_VEC(struct sk_opnd *) args = { 0 };
	struct sk_list_def_ast *l;

	if (list->nargs == 1) {
		l = named_list(x, c, list->args[0]);
		if (l) {
			list->args = l->src->opnds;
			list->nargs = (uint32_t)l->src->items.n;
		}
		return;
	}
	bool any = false;
	for (uint32_t i = 0; i < list->nargs; i++) {
		l = named_list(x, c, list->args[i]);
		any |= l != NULL;
		size_t n = l ? l->src->items.n : 1;
		if (n > SK_MAX_LIST_ITEMS - args.n) {
			x->bad = true;
			return;
		}
		for (size_t k = 0; k < n; k++)
			if (!sk_vec_push_arena(&args, x->cx->arena, l ? l->src->opnds[k] : list->args[i]))
				return;
	}
	if (any) {
		list->args = args.v;
		list->nargs = (uint32_t)args.n;
	}
}

/* One value is wanted: a list of one item gives it. */
static void
put_scalar(struct sk_expansion *x, struct sk_cond *c)
{
	struct sk_list_def_ast *l = named_list(x, c, c->rhs);

	if (!l)
		return;
	if (l->src->items.n == 1) {
		c->rhs = l->src->opnds[0];
		return;
	}
	x->bad = true;
	sk_diags_context(x->cx->diags, x->cond_item);
	struct sk_diag *diag =
	    sk_diag_add_text(x->cx->diags, SK_D_LIST_AS_VALUE, c->text, c->rhs->span,
			     "'%.*s' is a list of %zu items, and one value is expected", SK_SLICE_ARG(l->name), l->src->items.n);
	sk_diags_context(x->cx->diags, NULL);
	sk_diag_note(x->cx->diags, diag, l->loc, "the list is defined here; quote the value if it is not meant");
}

/* A bare name where a list is wanted: that list, or a list of the one word. */
static void
put_bare(struct sk_expansion *x, struct sk_cond *c)
{
	struct sk_opnd *list = SK_NEW(x->cx->arena, struct sk_opnd), **args = SK_NEW_ARRAY(x->cx->arena, 1, struct sk_opnd *);

	if (!list || !args)
		return;
	args[0] = c->rhs;
	*list = (struct sk_opnd){ .kind = SK_OPND_LIST, .span = c->rhs->span, .args = args, .nargs = 1 };
	put_in_list(x, c, list);
	c->rhs = list;
}

static void
put_check(struct sk_expansion *x, struct sk_cond *c)
{
	if (!c->rhs)
		return;
	if (c->rhs->kind == SK_OPND_LIST)
		put_in_list(x, c, c->rhs);
	else if (c->rhs->kind != SK_OPND_LITERAL)
		return;
	else if (wants(c) == SK_RHS_LIST)
		put_bare(x, c);
	else
		put_scalar(x, c);
}

void
sk_put_lists(struct sk_expansion *x, struct sk_cond *c)
{
	if (c->kind == SK_COND_CHECK) {
		bool before = x->bad;

		x->bad = false;
		put_check(x, c);
		c->broken = x->bad;
		x->bad |= before;
	}
	for (uint32_t i = 0; i < c->nkids; i++)
		sk_put_lists(x, c->kids[i]);
}
