/* Macros: their own conditions, loops among them, and copies of them in rules. */
#include "compiler/expand.h"

#include "base/suggest.h"

#include <saker/limits.h>

#include <strings.h>

/* --- conditions of macros ----------------------------------------------------------------- */
void
sk_collect_refs(struct sk_compile *cx, struct sk_cond *c, struct sk_macro_src *src)
{
	if (c->kind == SK_COND_MACRO)
		(void)sk_vec_push_arena(&src->refs, cx->arena, c);
	for (uint32_t i = 0; i < c->nkids; i++)
		sk_collect_refs(cx, c->kids[i], src);
}

static void
parse_macro(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_words *words, struct sk_macro_def_ast *m)
{
	struct sk_macro_src *src = m->src;
	struct sk_expansion x = { .cx = cx, .rs = rs, .words = words, .cond_item = &src->cond_item, .macro = src };

	if (src->bad || !src->parts.n || !(src->text = sk_join_texts(cx, &src->parts, ' '))) {
		src->bad = true;
		return;
	}
	struct sk_parse p = { cx->arena, cx->diags, src->text };
	sk_diags_context(cx->diags, &src->cond_item);
	m->cond = sk_cond_parse(&p);
	sk_diags_context(cx->diags, NULL);
	if (m->cond) {
		sk_put_lists(&x, m->cond);
		sk_collect_refs(cx, m->cond, src);
	}
	src->bad = !m->cond || x.bad;
}

/* --- unknown names and loops ----------------------------------------------------------------- */
static struct sk_diag *
report_ref(struct sk_compile *cx, const struct sk_item *item, enum sk_diag_code code, const struct sk_cond *ref,
	   struct sk_slice text)
{
	sk_diags_context(cx->diags, item);
	struct sk_diag *diag = sk_diag_add_text(cx->diags, code, ref->text, ref->span, "%.*s", SK_SLICE_ARG(text));
	sk_diags_context(cx->diags, NULL);
	return diag;
}

/* Where an operand is due the grammar takes the word for a name like any other. */
static bool
is_connective(struct sk_slice s)
{
	return (s.n == 3 && strncasecmp(s.p, "and", 3) == 0) || (s.n == 2 && strncasecmp(s.p, "or", 2) == 0);
}

/* LATER: a macro of this name that is defined too late, or NULL. */
static void
report_unknown(struct sk_compile *cx, const struct sk_ruleset *rs, const struct sk_item *item, const struct sk_cond *ref,
	       const struct sk_macro_def_ast *later)
{
	struct sk_slice n = ref->name, best = later ? n : sk_names_nearest(cx, &rs->macro_names, n);
	const struct sk_list_def_ast *l = sk_find_list(cx, rs, n);
	struct sk_slice text;

	if (later)
		text = sk_arena_printf(cx->arena, "macro '%.*s' is defined only later", SK_SLICE_ARG(n));
	else if (is_connective(n))
		text = sk_arena_printf(cx->arena, "undefined macro '%.*s'; a check or a macro is missing before it", SK_SLICE_ARG(n));
	else
		text = sk_arena_printf(cx->arena, "undefined macro '%.*s'" SK_SUGGEST_FMT, SK_SLICE_ARG(n), SK_SUGGEST_ARG(best));
	struct sk_diag *diag = report_ref(cx, item, SK_D_UNKNOWN_MACRO, ref, text);
	if (later)
		sk_diag_note(cx->diags, diag, later->loc, "defined here");
	else if (l)
		sk_diag_note(cx->diags, diag, l->loc, "a list of this name is defined here; compare a field with it");
}

static void visit(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_macro_def_ast *m, uint32_t depth);

static void
visit_ref(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_macro_def_ast *m, const struct sk_cond *ref, uint32_t depth)
{
	struct sk_macro_src *src = m->src;
	struct sk_macro_def_ast *inner = sk_find_macro(cx, rs, ref->name);
	struct sk_slice name = ref->name;

	if (inner == m || (inner && inner->index < m->seen && inner->src->state == 1)) {
		(void)report_ref(cx, src->item, SK_D_MACRO_LOOP, ref,
				 sk_arena_printf(cx->arena, "macro '%.*s' contains itself", SK_SLICE_ARG(name)));
		src->bad = true;
	} else if (!inner || inner->index >= m->seen) {
		report_unknown(cx, rs, src->item, ref, inner);
		src->bad = true;
	} else if (depth >= SK_MAX_MACRO_DEPTH) {
		(void)report_ref(cx, src->item, SK_D_COND_LIMIT, ref, SK_SLICE("macros nest too deep"));
		src->bad = true;
	} else {
		visit(cx, rs, inner, depth + 1);
		src->bad |= inner->src->bad;
	}
}

/* A walk along references; a macro with state 1 is on the path. */
static void
visit(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_macro_def_ast *m, uint32_t depth)
{
	if (m->src->state)
		return;
	m->src->state = 1;
	for (size_t i = 0; i < m->src->refs.n; i++)
		visit_ref(cx, rs, m, m->src->refs.v[i], depth);
	m->src->state = 2;
}

void
sk_prepare_macros(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_words *words)
{
	for (size_t i = 0; i < rs->macros.n; i++)
		parse_macro(cx, rs, words, rs->macros.v[i]);
	for (size_t i = 0; i < rs->macros.n; i++)
		visit(cx, rs, rs->macros.v[i], 0);
}

/* --- macros in rules ----------------------------------------------------------------- */
static void
mark_macro(struct sk_macro_def_ast *m)
{
	if (m->used)
		return;
	m->used = true;
	for (size_t i = 0; i < m->src->uses.n; i++)
		sk_mark_list(m->src->uses.v[i]);
}

/* One level of a condition: COPY says that C belongs to a macro and must stay as it is. VIA is the use of that macro. */
struct level {
	struct sk_expansion *x;
	const struct sk_cond *via;
	uint32_t depth;
	bool copy;
};

static struct sk_cond *put(const struct level *lv, struct sk_cond *c);

static struct sk_cond *
limit(const struct level *lv, const struct sk_cond *c, const char *text)
{
	struct sk_expansion *x = lv->x;
	const struct sk_cond *top = c;

	if (x->bad)
		return NULL;
	while (top->via)
		top = top->via;
	(void)report_ref(x->cx, x->cond_item, SK_D_COND_LIMIT, top, sk_slice_cstr(text));
	x->bad = x->cut = true;
	return NULL;
}

static struct sk_cond *
put_use(const struct level *lv, struct sk_cond *use)
{
	struct sk_expansion *x = lv->x;
	struct sk_macro_def_ast *m = sk_find_macro(x->cx, x->rs, use->name);

	if (!m) {
		report_unknown(x->cx, x->rs, x->cond_item->outer, use, NULL);
		x->bad = true;
		return NULL;
	}
	mark_macro(m);
	if (m->src->bad) {
		x->bad = true;
		return NULL;
	}
	struct level in = { x, use, lv->depth, true };
	return put(&in, m->cond);
}

static struct sk_cond *
put(const struct level *lv, struct sk_cond *c)
{
	struct sk_expansion *x = lv->x;
	struct level in = { x, lv->via, lv->depth + 1, lv->copy };

	if (lv->copy) {
		struct sk_cond *copy = SK_NEW(x->cx->arena, struct sk_cond);

		if (!copy)
			return NULL;
		*copy = *c;
		copy->via = lv->via;
		copy->origin = c;
		c = copy;
	}
	if (++x->nodes > SK_MAX_COND_NODES)
		return limit(lv, c, "the condition grows too large when its macros are put in");
	if (lv->depth > SK_MAX_COND_DEPTH)
		return limit(lv, c, "the condition nests too deep when its macros are put in");
	if (c->kind == SK_COND_MACRO)
		return put_use(lv, c);
	if (lv->copy && c->nkids) {
		struct sk_cond **kids = SK_NEW_ARRAY(x->cx->arena, c->nkids, struct sk_cond *);

		if (!kids)
			return NULL;
		memcpy(kids, c->kids, c->nkids * sizeof(*kids));
		c->kids = kids;
	}
	/* A finding in one branch does not hide those of the others; a broken node keeps its place. */
	for (uint32_t i = 0; i < c->nkids && x->nodes <= SK_MAX_COND_NODES; i++) {
		struct sk_cond *kid = put(&in, c->kids[i]);

		if (kid)
			c->kids[i] = kid;
	}
	return c;
}

struct sk_cond *
sk_put_macros(struct sk_expansion *x, struct sk_cond *c)
{
	struct level lv = { .x = x };

	c = put(&lv, c);
	return x->cut || sk_arena_failed(x->cx->arena) ? NULL : c;
}
