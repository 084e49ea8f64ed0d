/* append and override: which keys of an item change an earlier definition, and how. */
#include "compiler/collect.h"

#include "base/suggest.h"

/* What can go wrong inside override: its context names the item's place, the entry's own place comes one level further in. */
static void
bad_entry(const struct sk_reading *r, const char *type, const struct sk_yaml_pair *entry, struct sk_loc loc, const char *text,
	  struct sk_slice best)
{
	struct sk_compile *cx = r->c->cx;
	const struct sk_item *outer = sk_item_new(cx, r->item, "overrides", (struct sk_slice){ 0 }, r->item->loc);
	const struct sk_item *item = sk_item_new(cx, outer, type, entry->key->text.s, loc);

	(void)sk_report(cx, item, SK_D_BAD_OVERRIDE, loc, "'%.*s' %s" SK_SUGGEST_FMT, SK_SLICE_ARG(entry->key->text.s), text,
			SK_SUGGEST_ARG(best));
}

static size_t
find_key(const struct sk_key *keys, struct sk_slice name)
{
	size_t i = 0;

	while (keys[i].name && !sk_slice_is(name, keys[i].name))
		i++;
	return i;
}

/* The changeable key that is nearest to one that is unknown; empty for a known one. */
static struct sk_slice
nearest_key(const struct sk_key *keys, size_t found, struct sk_slice name)
{
	struct sk_suggest s = { .wanted = name };

	for (size_t i = 0; !keys[found].name && keys[i].name; i++)
		if (keys[i].may & (SK_KEY_APPEND | SK_KEY_REPLACE))
			sk_suggest_offer(&s, sk_slice_cstr(keys[i].name));
	return s.best;
}

static bool
read_entry(const struct sk_reading *r, const struct sk_key *keys, const struct sk_yaml_pair *entry, struct sk_change *ret)
{
	static const char *const operations[] = { "append", "replace" };
	size_t k = find_key(keys, entry->key->text.s);
	struct sk_slice op = entry->value->text.s, best = nearest_key(keys, k, entry->key->text.s);
	bool append = sk_slice_is(op, "append"), replace = sk_slice_is(op, "replace");
	uint8_t may = keys[k].name ? keys[k].may : 0;

	if (entry->value->kind != SK_YAML_SCALAR || (!append && !replace))
		bad_entry(r, "value for", entry, entry->value->loc, "can be overridden by append or replace, nothing else",
			  sk_suggest_among(op, operations, SK_COUNTOF(operations)));
	else if (append && !(may & SK_KEY_APPEND))
		bad_entry(r, "overrides", entry, entry->key->loc,
			  may & SK_KEY_REPLACE ? "cannot be appended to, only replaced" : "cannot be overridden", best);
	else if (replace && !(may & SK_KEY_REPLACE))
		bad_entry(r, "overrides", entry, entry->key->loc, "cannot be overridden", best);
	else {
		*(append ? &ret->append : &ret->replace) |= 1u << k;
		ret->any = true;
		return true;
	}
	return false;
}

/* Every key that override names must be there. */
static bool
check_present(const struct sk_reading *r, const struct sk_key *keys, const struct sk_yaml *map, const struct sk_change *change)
{
	bool ok = true;

	for (size_t i = 0; i < map->pairs.n; i++) {
		const struct sk_yaml *key = map->pairs.v[i].key;
		size_t k = find_key(keys, key->text.s);

		if (!keys[k].name || !((change->append | change->replace) >> k & 1) || sk_yaml_get(r->map, keys[k].name, NULL))
			continue;
		(void)sk_report(r->c->cx, r->item, SK_D_BAD_OVERRIDE, key->loc,
				"override names '%s', but the item has no such key", keys[k].name);
		ok = false;
	}
	return ok;
}

/* And no other that means something. */
static bool
check_others(const struct sk_reading *r, const struct sk_key *keys, const struct sk_change *change)
{
	bool ok = true;

	for (size_t i = 0; i < r->map->pairs.n; i++) {
		const struct sk_yaml_pair *p = &r->map->pairs.v[i];
		size_t k = find_key(keys, p->key->text.s);

		if (k == 0 || !keys[k].name || (change->append | change->replace) >> k & 1 ||
		    sk_slice_is(p->key->text.s, "override") || sk_slice_is(p->key->text.s, "append"))
			continue;
		const struct sk_item *item = sk_item_new(r->c->cx, r->item, "overrides", p->key->text.s, p->value->loc);
		(void)sk_report(r->c->cx, item, SK_D_BAD_OVERRIDE, p->key->loc, "key '%s' has no entry in override",
				keys[k].name);
		ok = false;
	}
	return ok;
}

static bool
read_override(const struct sk_reading *r, const struct sk_key *keys, const struct sk_yaml *map, struct sk_change *ret)
{
	bool ok = true;

	if (map->kind != SK_YAML_MAP) {
		sk_bad_value(r, "override", map, "must be a map of keys to append or replace");
		return false;
	}
	if (ret->append_all && map->pairs.n) {
		(void)sk_report(r->c->cx, r->item, SK_D_BAD_OVERRIDE, sk_map_loc(r->map),
				"override and append: true cannot be used together; override alone says it");
		return false;
	}
	for (size_t i = 0; i < map->pairs.n; i++)
		ok &= read_entry(r, keys, &map->pairs.v[i], ret);
	if (!ok || !ret->any)
		return ok;
	/* Both, for all findings. */
	ok = check_present(r, keys, map, ret);
	return check_others(r, keys, ret) && ok;
}

bool
sk_read_change(const struct sk_reading *r, const struct sk_key *keys, struct sk_change *ret)
{
	const struct sk_yaml *map, *key;

	*ret = (struct sk_change){ 0 };
	if (!sk_may_bool(r, "append", &ret->append_all))
		return false;
	if (ret->append_all && sk_yaml_get(r->map, "append", &key))
		(void)sk_report(r->c->cx, r->item, SK_D_DEPRECATED_ITEM, key->loc,
				"append: true is deprecated; write an override for the keys to append to");
	if (!sk_may(r, "override", &map))
		return false;
	return !map || read_override(r, keys, map, ret);
}
