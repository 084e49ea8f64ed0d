/* Requirements of a rule file: the engine, and plugins. Nothing is loaded for a plugin here: what the popular ones provide is
 * part of the engine, under the version that rule files know it by. */
#include "compiler/collect.h"

#include "base/suggest.h"

struct version {
	uint32_t major, minor, patch;
};

/* The level of the rule language and of its fields, in Falco's counting. */
static const struct version engine = { 0, 62, 0 };

static const struct provided {
	const char *name;
	struct version version;
} provided[] = {
	{ "container", { 0, 7, 1 } },
	{ "json", { 0, 7, 4 } },
	{ "k8saudit", { 0, 18, 0 } },
	{ "k8smeta", { 0, 5, 0 } },
};

/* Up to nine digits at *P. */
static bool
number(struct sk_slice *s, uint32_t *ret)
{
	size_t n = 0;

	*ret = 0;
	for (; n < s->n && n < 9 && s->p[n] >= '0' && s->p[n] <= '9'; n++)
		*ret = *ret * 10 + (uint32_t)(s->p[n] - '0');
	*s = sk_slice(s->p + n, s->n - n);
	return n != 0;
}

static bool
dot(struct sk_slice *s)
{
	if (!s->n || s->p[0] != '.')
		return false;
	*s = sk_slice(s->p + 1, s->n - 1);
	return true;
}

/* x.y.z, perhaps with a pre-release or build tail, which does not count. */
static bool
parse_version(struct sk_slice s, struct version *ret)
{
	return number(&s, &ret->major) && dot(&s) && number(&s, &ret->minor) && dot(&s) && number(&s, &ret->patch) &&
	       (!s.n || s.p[0] == '-' || s.p[0] == '+');
}

static bool
not_older(struct version have, struct version want)
{
	if (have.major != want.major)
		return false;
	return have.minor != want.minor ? have.minor > want.minor : have.patch >= want.patch;
}

static void
need_engine(struct sk_collector *c, struct version want)
{
	uint32_t *had = c->rs->engine_needs;
	const uint32_t now[3] = { want.major, want.minor, want.patch };

	for (size_t i = 0; c->rs->engine_need.n && i < 3; i++) {
		if (now[i] < had[i])
			return;
		if (now[i] > had[i])
			break;
	}
	memcpy(had, now, sizeof(now));
	c->rs->engine_need = sk_arena_printf(c->cx->arena, "%u.%u.%u", want.major, want.minor, want.patch);
}

void
sk_read_engine_version(struct sk_collector *c, const struct sk_yaml *map)
{
	const struct sk_item *item =
	    sk_item_new(c->cx, c->root, "required_engine_version", (struct sk_slice){ 0 }, sk_map_loc(map));
	struct sk_reading r = { .c = c, .map = map, .item = item };
	static const char *const known[] = { "required_engine_version", NULL };
	const struct sk_text *t = sk_need_text(&r, "required_engine_version");
	struct version want = { 0 };

	sk_warn_unknown_keys(&r, known);
	if (!t)
		return;
	struct sk_slice s = t->s;
	struct sk_loc loc = { t->file, t->whole };
	if (!(number(&s, &want.minor) && !s.n) && !parse_version(t->s, &want)) {
		(void)sk_report(c->cx, item, SK_D_ENGINE_VERSION_SYNTAX, loc, "'%.*s' is no version: write a number or x.y.z",
				SK_SLICE_ARG(t->s));
		return;
	}
	if (!not_older(engine, want))
		(void)sk_report(c->cx, item, SK_D_ENGINE_VERSION, loc, "the rules need engine version %u.%u.%u, this is %u.%u.%u",
				want.major, want.minor, want.patch, engine.major, engine.minor, engine.patch);
	need_engine(c, want);
}

/* --- plugins ----------------------------------------------------------------- */
struct requirement {
	const struct sk_reading *entry;
	sk_texts names; /* seen in this entry */
	bool met, bad;
	struct sk_plugin_need *need, **last; /* as it is kept; where the next alternative goes */
};

static const struct sk_text *
scalar_of(const struct sk_reading *r, const char *key)
{
	const struct sk_yaml *v = r->map->kind == SK_YAML_MAP ? sk_yaml_get(r->map, key, NULL) : NULL;

	return v && v->kind == SK_YAML_SCALAR && v->text.s.n ? &v->text : NULL;
}

static bool
is_provided(struct sk_slice name, struct version want)
{
	for (size_t i = 0; i < SK_COUNTOF(provided); i++)
		if (sk_slice_is(name, provided[i].name))
			return not_older(provided[i].version, want);
	return false;
}

/* For a name that nothing provides; empty if only the version is too new. */
static struct sk_slice
nearest_plugin(struct sk_slice name)
{
	struct sk_suggest s = { .wanted = name };

	for (size_t i = 0; i < SK_COUNTOF(provided); i++)
		sk_suggest_offer(&s, sk_slice_cstr(provided[i].name));
	return s.best.n && sk_slice_eq(s.best, name) ? (struct sk_slice){ 0 } : s.best;
}

/* One name and version, of an entry or of its alternatives. */
static void
read_plugin(struct requirement *q, const struct sk_reading *r)
{
	struct sk_compile *cx = r->c->cx;
	const struct sk_text *name = scalar_of(r, "name"), *version = scalar_of(r, "version");
	struct sk_loc loc = sk_map_loc(r->map);
	static const char *const known[] = { "name", "version", "alternatives", NULL };
	struct version want;

	q->bad = true;
	if (r->map->kind == SK_YAML_MAP)
		sk_warn_unknown_keys(r, known);
	if (!name || !version) {
		(void)sk_report(cx, r->item, SK_D_PLUGIN_VERSIONS, loc, "a required plugin needs a name and a version");
		return;
	}
	if (!parse_version(version->s, &want)) {
		(void)sk_report(cx, r->item, SK_D_PLUGIN_VERSION, (struct sk_loc){ version->file, version->whole },
				"'%.*s' is no version: write x.y.z", SK_SLICE_ARG(version->s));
		return;
	}
	for (size_t i = 0; i < q->names.n; i++)
		if (sk_slice_eq(q->names.v[i]->s, name->s)) {
			(void)sk_report(cx, r->item, SK_D_PLUGIN_VERSION, (struct sk_loc){ name->file, name->whole },
					"plugin '%.*s' is named twice in one requirement", SK_SLICE_ARG(name->s));
			return;
		}
	struct sk_plugin_need *need = SK_NEW(cx->arena, struct sk_plugin_need);
	if (!need)
		return;
	*need = (struct sk_plugin_need){ .name = name->s, .version = version->s };
	*q->last = need;
	q->last = q->need == need ? &need->alternatives : &need->next;
	q->bad = false;
	q->met |= is_provided(name->s, want);
	(void)sk_vec_push_arena(&q->names, cx->arena, name);
}

static void
read_alternatives(struct requirement *q, const struct sk_reading *r)
{
	const struct sk_yaml *alt = sk_yaml_get(r->map, "alternatives", NULL);

	if (!alt || sk_yaml_is_null(alt))
		return;
	if (alt->kind != SK_YAML_SEQ) {
		(void)sk_report(r->c->cx, r->item, SK_D_PLUGIN_VERSIONS, alt->loc, "alternatives must be a list");
		q->bad = true;
		return;
	}
	for (size_t i = 0; i < alt->items.n && !q->bad; i++) {
		const struct sk_yaml *e = alt->items.v[i];
		const struct sk_item *item =
		    sk_item_new(r->c->cx, r->item, "required plugin versions alternative", (struct sk_slice){ 0 }, sk_map_loc(e));
		struct sk_reading in = { .c = r->c, .map = e, .item = item };

		read_plugin(q, &in);
	}
}

static void
read_requirement(struct sk_collector *c, const struct sk_item *outer, const struct sk_yaml *entry)
{
	const struct sk_item *item =
	    sk_item_new(c->cx, outer, "required plugin versions entry", (struct sk_slice){ 0 }, sk_map_loc(entry));
	struct sk_reading r = { .c = c, .map = entry, .item = item };
	struct requirement q = { .entry = &r };

	q.last = &q.need;
	read_plugin(&q, &r);
	if (!q.bad)
		read_alternatives(&q, &r);
	if (q.need)
		(void)sk_vec_push_arena(&c->rs->plugin_needs, c->cx->arena, q.need);
	if (q.bad || q.met)
		return;
	struct sk_slice best = nearest_plugin(q.names.v[0]->s);
	(void)sk_report(c->cx, item, SK_D_PLUGIN_VERSION, sk_map_loc(entry),
			"nothing here provides plugin '%.*s' in the version that the rules need" SK_SUGGEST_FMT,
			SK_SLICE_ARG(q.names.v[0]->s), SK_SUGGEST_ARG(best));
}

void
sk_read_plugin_versions(struct sk_collector *c, const struct sk_yaml *map)
{
	const struct sk_yaml *list = sk_yaml_get(map, "required_plugin_versions", NULL);
	const struct sk_item *item = sk_item_new(c->cx, c->root, "required plugin versions", (struct sk_slice){ 0 }, list->loc);

	static const char *const known[] = { "required_plugin_versions", NULL };

	sk_warn_unknown_keys(&(struct sk_reading){ .c = c, .map = map, .item = item }, known);
	if (list->kind != SK_YAML_SEQ) {
		(void)sk_report(c->cx, item, SK_D_PLUGIN_VERSIONS, sk_map_loc(map), "required_plugin_versions must be a list");
		return;
	}
	for (size_t i = 0; i < list->items.n; i++)
		read_requirement(c, item, list->items.v[i]);
}
