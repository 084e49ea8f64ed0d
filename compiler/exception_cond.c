/* Conditions of exceptions: each tuple of values as text, parsed. */
#include "compiler/collect.h"

#include "base/buf.h"
#include "grammar/words.h"

struct writer {
	struct sk_compile *cx;
	const struct sk_exception *ex;
	sk_texts parts;
	bool failed;
};

static void
put(struct writer *w, const struct sk_text *t)
{
	if (!t || !sk_vec_push_arena(&w->parts, w->cx->arena, t))
		w->failed = true;
}

static void
glue(struct writer *w, const char *s, struct sk_loc loc)
{
	put(w, sk_glue_text(w->cx, sk_slice_cstr(s), loc));
}

static bool
is_quoted(struct sk_slice s)
{
	return s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0];
}

/* What the condition language reads as one bare word. */
static bool
is_bare(struct sk_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr(" \t\n\v\f\r\b()\"'=,", s.p[i]))
			return false;
	return s.n != 0;
}

/* A list of the condition language that was written as one value: "(a, b)". */
static bool
is_bracketed(struct sk_slice s)
{
	return s.n >= 2 && s.p[0] == '(' && s.p[s.n - 1] == ')' && !memchr(s.p + 1, '(', s.n - 1) && !memchr(s.p, ')', s.n - 1);
}

static void
put_quoted(struct writer *w, const struct sk_text *t)
{
	struct sk_buf b = { 0 };

	sk_buf_char(&b, '"');
	for (size_t i = 0; i < t->s.n; i++) {
		if (t->s.p[i] == '"' || t->s.p[i] == '\\')
			sk_buf_char(&b, '\\');
		sk_buf_char(&b, t->s.p[i]);
	}
	sk_buf_char(&b, '"');
	w->failed |= b.failed;
	put(w, sk_glue_text(w->cx, sk_buf_view(&b), (struct sk_loc){ t->file, t->whole }));
	sk_buf_free(&b);
}

static void
put_value(struct writer *w, const struct sk_yaml *v)
{
	if (v->kind != SK_YAML_SCALAR)
		w->failed = true;
	else if (is_bare(v->text.s) || is_quoted(v->text.s))
		put(w, &v->text);
	else
		put_quoted(w, &v->text);
}

static bool
has_list_operator(const struct sk_text *op)
{
	size_t n;
	enum sk_cmp cmp = op ? sk_word_cmp_prefix(op->s, &n) : SK_CMP_COUNT;

	/* What stands behind an operator is oneof, anyof or allof: it was checked. */
	return cmp != SK_CMP_COUNT && (n < op->s.n || sk_word_cmp_rhs(cmp) == SK_RHS_LIST);
}

static void
put_right(struct writer *w, const struct sk_text *op, const struct sk_yaml *v)
{
	bool list = v->kind == SK_YAML_SEQ, brackets = list || has_list_operator(op);

	if (!list && brackets && is_bracketed(v->text.s)) {
		put(w, &v->text);
		return;
	}
	if (brackets)
		glue(w, "(", v->loc);
	for (size_t i = 0; list && i < v->items.n; i++) {
		if (i)
			glue(w, ", ", v->loc);
		put_value(w, v->items.v[i]);
	}
	if (!list)
		put_value(w, v);
	if (brackets)
		glue(w, ")", v->loc);
}

static void
put_check(struct writer *w, const struct sk_text *field, const struct sk_text *op, const struct sk_yaml *v)
{
	put(w, field);
	glue(w, " ", v->loc);
	if (op)
		put(w, op);
	else
		glue(w, "=", w->ex->item->loc);
	glue(w, " ", v->loc);
	put_right(w, op, v);
}

static bool
parse(struct writer *w, sk_conds *ret)
{
	const struct sk_text *t = w->failed ? NULL : sk_join_texts(w->cx, &w->parts, 0);
	struct sk_parse p = { w->cx->arena, w->cx->diags, t };

	if (!t)
		return false;
	sk_diags_context(w->cx->diags, w->ex->item);
	struct sk_cond *c = sk_cond_parse(&p);
	sk_diags_context(w->cx->diags, NULL);
	return c && sk_vec_push_arena(ret, w->cx->arena, c);
}

/* Tuple form: every member must match. */
static bool
build_tuple(struct sk_compile *cx, const struct sk_exception *ex, const struct sk_yaml *tuple, sk_conds *ret)
{
	struct writer w = { .cx = cx, .ex = ex };

	for (size_t i = 0; i < ex->fields->items.n; i++) {
		const struct sk_yaml *op = ex->comps ? ex->comps->items.v[i] : NULL;

		if (i)
			glue(&w, " and ", tuple->loc);
		put_check(&w, &ex->fields->items.v[i]->text, op ? &op->text : NULL, tuple->items.v[i]);
	}
	return parse(&w, ret);
}

/* Single form: all values of all appends are one list. */
static bool
build_single(struct sk_compile *cx, const struct sk_exception *ex, sk_conds *ret)
{
	struct writer w = { .cx = cx, .ex = ex };
	bool any = false;

	put(&w, &ex->fields->text);
	glue(&w, " ", ex->item->loc);
	if (ex->comps)
		put(&w, &ex->comps->text);
	else
		glue(&w, "in", ex->item->loc);
	glue(&w, " (", ex->item->loc);
	for (size_t i = 0; i < ex->values.n; i++)
		for (size_t k = 0; k < ex->values.v[i]->items.n; k++) {
			if (any)
				glue(&w, ", ", ex->item->loc);
			any = true;
			put_value(&w, ex->values.v[i]->items.v[k]);
		}
	glue(&w, ")", ex->item->loc);
	return !any || parse(&w, ret);
}

static bool
build(struct sk_compile *cx, const struct sk_exception *ex, sk_conds *ret)
{
	bool ok = true;

	if (ex->fields->kind == SK_YAML_SCALAR)
		return build_single(cx, ex, ret);
	for (size_t i = 0; i < ex->values.n; i++)
		for (size_t k = 0; k < ex->values.v[i]->items.n; k++)
			ok &= build_tuple(cx, ex, ex->values.v[i]->items.v[k], ret);
	return ok;
}

bool
sk_build_exceptions(struct sk_compile *cx, struct sk_rule_ast *rule, sk_conds *ret)
{
	bool ok = true;

	for (size_t i = 0; i < rule->src->exceptions.n; i++)
		if (!rule->src->exceptions.v[i]->bad)
			ok &= build(cx, rule->src->exceptions.v[i], ret);
	return ok;
}
