/* Lists and macros. */
#include "compiler/collect.h"

#include <saker/limits.h>

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_macro_name(struct sk_slice s)
{
	if (!s.n || !is_letter(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_letter(s.p[i]) && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_')
			return false;
	return true;
}

static bool
is_list_name(struct sk_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr("()\"'=, \t\n\v\f\r", s.p[i]))
			return false;
	return s.n != 0;
}

/* --- lists ----------------------------------------------------------------- */
static struct sk_list_def_ast *
add_list(const struct sk_reading *r)
{
	struct sk_compile *cx = r->c->cx;
	struct sk_ruleset *rs = r->c->rs;
	struct sk_list_def_ast *l = SK_NEW(cx->arena, struct sk_list_def_ast);

	if (!l || !(l->src = SK_NEW(cx->arena, struct sk_list_src)) || !sk_names_put(cx, &rs->list_names, r->name, rs->lists.n) ||
	    !sk_vec_push_arena(&rs->lists, cx->arena, l))
		return NULL;
	l->name = r->name;
	l->index = r->c->now;
	return l;
}

static void
fill_list(const struct sk_reading *r, struct sk_list_def_ast *l, const sk_texts *items, bool append)
{
	struct sk_list_src *src = l->src;

	l->seen = r->c->now;
	if (!append) {
		l->loc = sk_map_loc(r->map);
		l->name_loc = r->name_loc;
		src->item = r->item;
		src->items.n = 0;
	}
	if (items->n > SK_MAX_LIST_ITEMS - src->items.n) {
		(void)sk_report(r->c->cx, r->item, SK_D_TOO_MANY_ITEMS, sk_map_loc(r->map), "the list has more than %u items",
				SK_MAX_LIST_ITEMS);
		src->bad = true;
		return;
	}
	for (size_t i = 0; i < items->n; i++)
		if (!sk_vec_push_arena(&src->items, r->c->cx->arena, items->v[i]))
			return;
}

void
sk_read_list(struct sk_collector *c, const struct sk_yaml *map)
{
	static const struct sk_key keys[] = { { "list", 0 }, { "items", SK_KEY_APPEND | SK_KEY_REPLACE }, { NULL, 0 } };
	static const char *const known[] = { "list", "items", "append", "override", NULL };
	struct sk_reading r;
	struct sk_change change;
	sk_texts items = { 0 };

	if (!sk_begin_item(c, map, "list", &r))
		return;
	if (!is_list_name(r.name))
		(void)sk_report(c->cx, r.item, SK_D_LIST_NAME, r.name_loc, "a condition cannot name the list '%.*s'",
				SK_SLICE_ARG(r.name));
	sk_warn_unknown_keys(&r, known);
	struct sk_list_def_ast *l = sk_find_list(c->cx, c->rs, r.name);
	bool ok = sk_read_change(&r, keys, &change);
	const struct sk_yaml *v = ok ? sk_need(&r, "items") : NULL;
	ok = v && sk_as_texts(&r, "items", v, &items);
	if (ok && !l && (change.append_all || change.any)) {
		sk_report_undefined(&r, &c->rs->list_names);
		return;
	}
	if (!l && !(l = add_list(&r)))
		return;
	fill_list(&r, l, &items, change.append_all || change.append);
	l->src->bad |= !ok;
}

/* --- macros ----------------------------------------------------------------- */
static struct sk_macro_def_ast *
add_macro(const struct sk_reading *r)
{
	struct sk_compile *cx = r->c->cx;
	struct sk_ruleset *rs = r->c->rs;
	struct sk_macro_def_ast *m = SK_NEW(cx->arena, struct sk_macro_def_ast);

	if (!m || !(m->src = SK_NEW(cx->arena, struct sk_macro_src)) ||
	    !sk_names_put(cx, &rs->macro_names, r->name, rs->macros.n) || !sk_vec_push_arena(&rs->macros, cx->arena, m))
		return NULL;
	m->name = r->name;
	m->index = r->c->now;
	return m;
}

static void
fill_macro(const struct sk_reading *r, struct sk_macro_def_ast *m, const struct sk_text *cond, bool append)
{
	struct sk_macro_src *src = m->src;

	m->seen = r->c->now;
	if (!append) {
		m->loc = sk_map_loc(r->map);
		m->name_loc = r->name_loc;
		src->item = r->item;
		src->parts.n = 0;
	}
	if (!src->parts.n)
		src->cond_item =
		    (struct sk_item){ .outer = src->item, .type = "macro condition", .loc = { cond->file, cond->whole } };
	(void)sk_vec_push_arena(&src->parts, r->c->cx->arena, cond);
}

void
sk_read_macro(struct sk_collector *c, const struct sk_yaml *map)
{
	static const struct sk_key keys[] = { { "macro", 0 }, { "condition", SK_KEY_APPEND | SK_KEY_REPLACE }, { NULL, 0 } };
	static const char *const known[] = { "macro", "condition", "append", "override", NULL };
	struct sk_reading r;
	struct sk_change change;

	if (!sk_begin_item(c, map, "macro", &r))
		return;
	if (!is_macro_name(r.name))
		(void)sk_report(c->cx, r.item, SK_D_MACRO_NAME, r.name_loc, "'%.*s' is no name of a macro today: a letter, then letters, digits and underscores",
				SK_SLICE_ARG(r.name));
	sk_warn_unknown_keys(&r, known);
	struct sk_macro_def_ast *m = sk_find_macro(c->cx, c->rs, r.name);
	const struct sk_text *cond = sk_read_change(&r, keys, &change) ? sk_need_text(&r, "condition") : NULL;
	if (cond && !m && (change.append_all || change.any)) {
		sk_report_undefined(&r, &c->rs->macro_names);
		return;
	}
	if (!m && !(m = add_macro(&r)))
		return;
	if (cond)
		fill_macro(&r, m, cond, change.append_all || change.append);
	else
		m->src->bad = true;
	if (!m->src->item)
		m->src->item = r.item;
}
