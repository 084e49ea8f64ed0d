/* Values of the keys of an item, and the findings when they are missing or of the wrong shape. */
#include "compiler/collect.h"

#include "base/suggest.h"

#include <stdarg.h>

const struct sk_item *
sk_item_new(struct sk_compile *cx, const struct sk_item *outer, const char *type, struct sk_slice name, struct sk_loc loc)
{
	struct sk_item *item = SK_NEW(cx->arena, struct sk_item);

	if (!item)
		return outer;
	*item = (struct sk_item){ .outer = outer, .type = type, .name = name, .loc = loc };
	return item;
}

struct sk_loc
sk_map_loc(const struct sk_yaml *map)
{
	struct sk_loc loc = map->loc;

	if (map->kind == SK_YAML_MAP && map->pairs.n)
		loc.span.end = map->pairs.v[0].key->loc.span.end;
	return loc;
}

struct sk_diag *
sk_report(struct sk_compile *cx, const struct sk_item *item, enum sk_diag_code code, struct sk_loc loc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct sk_slice text = sk_arena_vprintf(cx->arena, fmt, ap);
	va_end(ap);
	sk_diags_context(cx->diags, item);
	struct sk_diag *diag = sk_diag_add(cx->diags, code, loc, "%.*s", SK_SLICE_ARG(text));
	sk_diags_context(cx->diags, NULL);
	return diag;
}

static void
report_null(const struct sk_reading *r, const char *key, struct sk_loc loc)
{
	(void)sk_report(r->c->cx, r->item, SK_D_BAD_NODE, loc, "%s has no value", key);
}

const struct sk_yaml *
sk_need(const struct sk_reading *r, const char *key)
{
	const struct sk_yaml *key_node, *v = sk_yaml_get(r->map, key, &key_node);

	if (!v)
		(void)sk_report(r->c->cx, r->item, SK_D_MISSING_KEY, sk_map_loc(r->map), "the %s '%.*s' has no %s", r->item->type,
				SK_SLICE_ARG(r->name), key);
	else if (sk_yaml_is_null(v))
		report_null(r, key, key_node->loc);
	else
		return v;
	return NULL;
}

bool
sk_may(const struct sk_reading *r, const char *key, const struct sk_yaml **ret)
{
	const struct sk_yaml *key_node, *v = sk_yaml_get(r->map, key, &key_node);

	*ret = NULL;
	if (!v)
		return true;
	if (sk_yaml_is_null(v)) {
		report_null(r, key, key_node->loc);
		return false;
	}
	*ret = v;
	return true;
}

void
sk_bad_value(const struct sk_reading *r, const char *key, const struct sk_yaml *node, const char *text)
{
	struct sk_loc loc = node->kind == SK_YAML_MAP ? sk_map_loc(node) : node->loc;
	const struct sk_item *item = sk_item_new(r->c->cx, r->item, "value for", sk_slice_cstr(key), node->loc);

	(void)sk_report(r->c->cx, item, SK_D_BAD_NODE, loc, "%s %s", key, text);
}

const struct sk_text *
sk_as_text(const struct sk_reading *r, const char *key, const struct sk_yaml *node)
{
	if (node->kind == SK_YAML_SCALAR && node->text.s.n)
		return &node->text;
	sk_bad_value(r, key, node, node->kind == SK_YAML_SCALAR ? "is empty" : "must be a single value");
	return NULL;
}

const struct sk_text *
sk_need_text(const struct sk_reading *r, const char *key)
{
	const struct sk_yaml *v = sk_need(r, key);

	return v ? sk_as_text(r, key, v) : NULL;
}

/* YAML 1.1's words, in the three spellings that its readers take. */
static int
as_bool(struct sk_slice s)
{
	static const char *const words[][2] = { { "false", "true" }, { "no", "yes" }, { "off", "on" }, { "n", "y" } };

	for (size_t i = 0; i < SK_COUNTOF(words); i++)
		for (int v = 0; v < 2; v++)
			if (s.n == strlen(words[i][v]) && strncasecmp(s.p, words[i][v], s.n) == 0)
				return v;
	return -1;
}

bool
sk_may_bool(const struct sk_reading *r, const char *key, bool *ret)
{
	const struct sk_yaml *v;

	if (!sk_may(r, key, &v))
		return false;
	if (!v)
		return true;
	const struct sk_text *t = sk_as_text(r, key, v);
	if (!t)
		return false;
	int b = as_bool(t->s);
	if (b < 0) {
		sk_bad_value(r, key, v, "must be true or false");
		return false;
	}
	*ret = b != 0;
	return true;
}

bool
sk_may_number(const struct sk_reading *r, const char *key, uint32_t *ret)
{
	const struct sk_yaml *v;
	uint64_t n = 0;

	if (!sk_may(r, key, &v))
		return false;
	if (!v)
		return true;
	const struct sk_text *t = sk_as_text(r, key, v);
	if (!t)
		return false;
	for (size_t i = 0; i < t->s.n; i++) {
		n = t->s.p[i] >= '0' && t->s.p[i] <= '9' ? n * 10 + (uint64_t)(t->s.p[i] - '0') : UINT64_MAX;
		if (n > UINT32_MAX) {
			sk_bad_value(r, key, v, "must be a whole number from 0 to 4294967295");
			return false;
		}
	}
	*ret = (uint32_t)n;
	return true;
}

static bool
add_element(const struct sk_reading *r, const char *key, const struct sk_yaml *list, const struct sk_yaml *e, sk_texts *ret)
{
	struct sk_compile *cx = r->c->cx;

	if (e->kind == SK_YAML_SCALAR && !sk_yaml_is_null(e))
		return sk_vec_push_arena(ret, cx->arena, &e->text);
	const struct sk_item *outer = sk_item_new(cx, r->item, "value for", sk_slice_cstr(key), list->loc);
	const struct sk_item *item = sk_item_new(cx, outer, "list item", (struct sk_slice){ 0 }, e->loc);

	(void)sk_report(cx, item, SK_D_BAD_NODE, e->kind == SK_YAML_MAP ? sk_map_loc(e) : e->loc,
			"an element of %s must be a single value", key);
	return false;
}

bool
sk_as_texts(const struct sk_reading *r, const char *key, const struct sk_yaml *node, sk_texts *ret)
{
	bool ok = true;

	if (node->kind != SK_YAML_SEQ) {
		sk_bad_value(r, key, node, "must be a list");
		return false;
	}
	for (size_t i = 0; i < node->items.n; i++)
		ok &= add_element(r, key, node, node->items.v[i], ret);
	return ok;
}

void
sk_warn_unknown_keys(const struct sk_reading *r, const char *const known[])
{
	for (size_t i = 0; i < r->map->pairs.n; i++) {
		const struct sk_yaml *key = r->map->pairs.v[i].key;
		size_t k = 0;

		while (known[k] && !sk_slice_is(key->text.s, known[k]))
			k++;
		if (known[k])
			continue;
		struct sk_slice best = sk_suggest_among(key->text.s, known, k);
		(void)sk_report(r->c->cx, r->item, SK_D_UNKNOWN_KEY, key->loc, "unknown key '%.*s' is ignored" SK_SUGGEST_FMT,
				SK_SLICE_ARG(key->text.s), SK_SUGGEST_ARG(best));
	}
}
