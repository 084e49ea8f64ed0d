/* From collected items to conditions without names: see ruleset.h. */
#include "compiler/expand.h"

#include <saker/limits.h>

static struct sk_item
part_item(const struct sk_item *outer, const char *type, const sk_texts *parts)
{
	struct sk_item item = { .outer = outer, .type = type };

	if (parts->n)
		item.loc = (struct sk_loc){ parts->v[0]->file, parts->v[0]->whole };
	return item;
}

/* Join what append put side by side. */
static bool
join_parts(struct sk_compile *cx, struct sk_rule_ast *rule)
{
	struct sk_rule_src *src = rule->src;

	rule->cond_item = part_item(&rule->item, "rule condition", &src->cond);
	rule->output_item = part_item(&rule->item, "rule output", &src->output);
	const struct sk_text *output = sk_join_texts(cx, &src->output, ' '), *desc = sk_join_texts(cx, &src->desc, ' ');
	src->text = sk_join_texts(cx, &src->cond, ' ');
	if (!output || !desc || !src->text)
		return false;
	rule->output = *output;
	while (rule->output.s.n && strchr(" \t\r\n\v\f", rule->output.s.p[rule->output.s.n - 1]))
		rule->output.s.n--;
	rule->desc = desc->s;
	rule->cond_text = src->text->s;
	return true;
}

static struct sk_cond *
parse_condition(struct sk_compile *cx, struct sk_rule_ast *rule)
{
	struct sk_parse p = { cx->arena, cx->diags, rule->src->text };

	sk_diags_context(cx->diags, &rule->cond_item);
	struct sk_cond *c = sk_cond_parse(&p);
	sk_diags_context(cx->diags, NULL);
	return c;
}

static struct sk_cond *
new_node(struct sk_compile *cx, enum sk_cond_kind kind, const struct sk_cond *like, size_t nkids)
{
	struct sk_cond *c = SK_NEW(cx->arena, struct sk_cond);

	if (!c)
		return NULL;
	*c = (struct sk_cond){ .kind = kind, .span = like->span, .text = like->text, .nkids = (uint32_t)nkids };
	c->kids = SK_NEW_ARRAY(cx->arena, nkids, struct sk_cond *);
	return c->kids ? c : NULL;
}

/* cond and not e1 and not e2 ... */
static struct sk_cond *
except(struct sk_compile *cx, struct sk_cond *cond, const sk_conds *ex)
{
	if (!ex->n)
		return cond;
	struct sk_cond *all = new_node(cx, SK_COND_AND, cond, ex->n + 1);
	if (!all)
		return NULL;
	all->kids[0] = cond;
	for (size_t i = 0; i < ex->n; i++) {
		struct sk_cond *no = new_node(cx, SK_COND_NOT, ex->v[i], 1);

		if (!no)
			return NULL;
		no->kids[0] = ex->v[i];
		all->kids[i + 1] = no;
	}
	return all;
}

static void
expand_rule(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_words *words, struct sk_rule_ast *rule)
{
	struct sk_expansion x = { .cx = cx, .rs = rs, .words = words, .cond_item = &rule->cond_item };
	sk_conds ex = { 0 };

	if (rule->skipped || !join_parts(cx, rule) || rule->src->cond_missing || !rule->src->cond.n)
		return;
	struct sk_cond *cond = parse_condition(cx, rule);
	rule->bad |= !sk_build_exceptions(cx, rule, &ex) || !cond;
	cond = cond ? except(cx, cond, &ex) : NULL;
	if (!cond)
		return;
	sk_put_lists(&x, cond);
	rule->cond = sk_put_macros(&x, cond);
	rule->bad |= x.bad || !rule->cond;
}

/* Items that nothing uses. A broken rule may have meant to use them. */
static void
report_unused(struct sk_compile *cx, const struct sk_ruleset *rs)
{
	for (size_t i = 0; i < rs->macros.n; i++) {
		const struct sk_macro_def_ast *m = rs->macros.v[i];

		if (!m->used && m->src->parts.n)
			(void)sk_report(cx, m->src->item, SK_D_UNUSED_MACRO, m->name_loc, "macro '%.*s' is not used by any rule",
					SK_SLICE_ARG(m->name));
	}
	for (size_t i = 0; i < rs->lists.n; i++) {
		const struct sk_list_def_ast *l = rs->lists.v[i];

		if (l->used || !l->src->item)
			continue;
		struct sk_diag *diag = sk_report(cx, l->src->item, SK_D_UNUSED_LIST, l->name_loc,
						 "list '%.*s' is not used by any rule", SK_SLICE_ARG(l->name));
		if (l->src->text_why)
			sk_diag_note(cx->diags, diag, l->src->text_loc, "%s", l->src->text_why);
	}
}

bool
sk_expand(struct sk_compile *cx, struct sk_ruleset *rs)
{
	struct sk_words *words = sk_words_new(cx, rs);

	if (words) {
		sk_flatten_lists(cx, rs, words);
		sk_prepare_macros(cx, rs, words);
		for (size_t i = 0; i < rs->rules.n; i++)
			expand_rule(cx, rs, words, rs->rules.v[i]);
		sk_words_decide(words);
	}
	if (!sk_diags_errors(cx->diags))
		report_unused(cx, rs);
	if (!sk_arena_failed(cx->arena))
		return true;
	(void)sk_diag_add(cx->diags, SK_D_OUT_OF_MEMORY, (struct sk_loc){ 0 }, "out of memory");
	return false;
}

struct sk_loc
sk_opnd_loc(const struct sk_cond *c, const struct sk_opnd *o)
{
	return sk_text_loc(o->from ? o->from : c->text, o->span);
}

void
sk_note_macros(struct sk_compile *cx, struct sk_diag *diag, const struct sk_cond *c)
{
	for (const struct sk_cond *use = c->via; use; use = use->via)
		sk_diag_note(cx->diags, diag, sk_text_loc(use->text, use->span), "in macro '%.*s' used here",
			     SK_SLICE_ARG(use->name));
}
