/* A rule file into the rule set: documents, items, dispatch. */
#include "compiler/collect.h"

#include "base/suggest.h"

bool
sk_begin_item(struct sk_collector *c, const struct sk_yaml *map, const char *kind, struct sk_reading *ret)
{
	*ret = (struct sk_reading){ .c = c, .map = map };
	/* Until the name is known, findings about it belong to a nameless item. */
	ret->item = sk_item_new(c->cx, c->root, kind, (struct sk_slice){ 0 }, sk_map_loc(map));
	const struct sk_text *name = sk_need_text(ret, kind);
	if (!name)
		return false;
	ret->name = name->s;
	ret->name_loc = (struct sk_loc){ name->file, name->whole };
	ret->item = sk_item_new(c->cx, c->root, kind, name->s, sk_map_loc(map));
	return true;
}

void
sk_report_undefined(const struct sk_reading *r, const struct sk_names *names)
{
	struct sk_slice best = sk_names_nearest(r->c->cx, names, r->name);

	(void)sk_report(r->c->cx, r->item, SK_D_APPEND_UNDEFINED, r->name_loc,
			"no %s '%.*s' is defined before this change to it" SK_SUGGEST_FMT, r->item->type, SK_SLICE_ARG(r->name),
			SK_SUGGEST_ARG(best));
}

static const struct reader {
	const char *key;
	void (*read)(struct sk_collector *c, const struct sk_yaml *map);
} readers[] = {
	{ "required_engine_version", sk_read_engine_version },
	{ "required_plugin_versions", sk_read_plugin_versions },
	{ "macro", sk_read_macro },
	{ "list", sk_read_list },
	{ "rule", sk_read_rule },
};

/* What a map that is no item may have been meant to be: by the first of its keys that is nearly one of ours. */
static struct sk_slice
nearest_kind(const struct sk_yaml *map)
{
	struct sk_suggest s = { 0 };

	for (size_t i = 0; i < map->pairs.n && !s.best.n; i++) {
		s.wanted = map->pairs.v[i].key->text.s;
		for (size_t k = 0; k < SK_COUNTOF(readers); k++)
			sk_suggest_offer(&s, sk_slice_cstr(readers[k].key));
	}
	return s.best;
}

static void
read_item(struct sk_collector *c, const struct sk_yaml *map)
{
	struct sk_loc loc = sk_map_loc(map);
	const struct sk_item *item = sk_item_new(c->cx, c->root, "rules content item", (struct sk_slice){ 0 }, loc);

	if (map->kind != SK_YAML_MAP) {
		(void)sk_report(c->cx, item, SK_D_NOT_A_LIST, loc,
				"an element of a rule file must be a map, such as '- rule: name'");
		return;
	}
	c->now = c->rs->nitems++;
	for (size_t i = 0; i < SK_COUNTOF(readers); i++)
		if (sk_yaml_get(map, readers[i].key, NULL)) {
			readers[i].read(c, map);
			return;
		}
	struct sk_slice best = nearest_kind(map);
	(void)sk_report(c->cx, item, SK_D_UNKNOWN_ITEM, loc, "this is no rule, macro, list or requirement; it is ignored" SK_SUGGEST_FMT,
			SK_SUGGEST_ARG(best));
}

static void
read_document(struct sk_collector *c, const struct sk_yaml *root)
{
	if (root->kind != SK_YAML_SEQ) {
		struct sk_loc loc = sk_map_loc(root);

		(void)sk_report(c->cx, c->root, SK_D_NOT_A_LIST, loc, "a rule file must be a list: its items begin with '- '");
		return;
	}
	for (size_t i = 0; i < root->items.n; i++)
		if (!sk_yaml_is_null(root->items.v[i]))
			read_item(c, root->items.v[i]);
}

bool
sk_collect_file(struct sk_compile *cx, struct sk_ruleset *rs, struct sk_slice name, struct sk_slice text)
{
	struct sk_file *file = sk_file_new(cx->arena, name, text);
	struct sk_yaml_docs *docs = SK_NEW(cx->arena, struct sk_yaml_docs);

	if (!file || !docs || !sk_vec_push_arena(&rs->files, cx->arena, file)) {
		(void)sk_diag_add(cx->diags, SK_D_OUT_OF_MEMORY, (struct sk_loc){ 0 }, "out of memory");
		return false;
	}
	struct sk_collector c = { .cx = cx, .rs = rs, .file = file };
	c.root = sk_item_new(cx, NULL, "rules content", (struct sk_slice){ 0 }, (struct sk_loc){ file, { 0, 0 } });
	sk_diags_context(cx->diags, c.root);
	bool ok = sk_yaml_parse(cx->arena, cx->diags, file, docs) && sk_vec_push_arena(&rs->trees, cx->arena, docs);
	sk_diags_context(cx->diags, NULL);
	for (size_t i = 0; ok && i < docs->roots.n; i++)
		read_document(&c, docs->roots.v[i]);
	if (!sk_arena_failed(cx->arena))
		return true;
	(void)sk_diag_add(cx->diags, SK_D_OUT_OF_MEMORY, (struct sk_loc){ file, { 0, 0 } }, "out of memory");
	return false;
}
