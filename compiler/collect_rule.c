/* Rules: definitions, and changes to earlier ones. */
#include "compiler/collect.h"

#include "base/schema.h"
#include "base/suggest.h"

#include <saker/limits.h>

/* The keys of a rule. change_rule() has a case for each that can be changed. */
enum rule_key {
	RULE,
	CONDITION,
	OUTPUT,
	DESC,
	PRIORITY,
	SOURCE,
	ENABLED,
	CAPTURE,
	CAPTURE_DURATION,
	WARN_EVTTYPES,
	SKIP_UNKNOWN,
	TAGS,
	EXCEPTIONS,
	APPEND,
	OVERRIDE,
	NKEYS
};

#define BOTH (SK_KEY_APPEND | SK_KEY_REPLACE)
static const struct sk_key keys[NKEYS + 1] = {
	[RULE] = { "rule", 0 },
	[CONDITION] = { "condition", BOTH | SK_KEY_REQUIRED },
	[OUTPUT] = { "output", BOTH | SK_KEY_REQUIRED },
	[DESC] = { "desc", BOTH | SK_KEY_REQUIRED },
	[PRIORITY] = { "priority", SK_KEY_REPLACE | SK_KEY_REQUIRED },
	[SOURCE] = { "source", 0 },
	[ENABLED] = { "enabled", SK_KEY_REPLACE },
	[CAPTURE] = { "capture", SK_KEY_REPLACE },
	[CAPTURE_DURATION] = { "capture_duration", SK_KEY_REPLACE },
	[WARN_EVTTYPES] = { "warn_evttypes", SK_KEY_REPLACE },
	[SKIP_UNKNOWN] = { "skip-if-unknown-filter", SK_KEY_REPLACE },
	[TAGS] = { "tags", BOTH },
	[EXCEPTIONS] = { "exceptions", BOTH },
	[APPEND] = { "append", 0 },
	[OVERRIDE] = { "override", 0 },
	[NKEYS] = { NULL, 0 },
};

/* --- values ----------------------------------------------------------------- */
/* Falco 0.15 took any beginning of a name: the first of the names, most severe first, that begins so. */
static enum sk_priority
find_prefix(struct sk_slice s)
{
	for (int p = 0; p < SK_PRIO_COUNT; p++)
		if (s.n && s.n <= strlen(sk_priority_name((enum sk_priority)p)) &&
		    strncasecmp(s.p, sk_priority_name((enum sk_priority)p), s.n) == 0)
			return (enum sk_priority)p;
	return SK_PRIO_COUNT;
}

static struct sk_slice
nearest_priority(struct sk_slice s)
{
	const char *names[SK_PRIO_COUNT];

	for (int p = 0; p < SK_PRIO_COUNT; p++)
		names[p] = sk_priority_name((enum sk_priority)p);
	return sk_suggest_among(s, names, SK_PRIO_COUNT);
}

static bool
read_priority(const struct sk_reading *r, struct sk_rule_ast *rule)
{
	const struct sk_text *t = sk_need_text(r, "priority");

	if (!t)
		return false;
	enum sk_priority p = sk_priority_find(t->s);
	struct sk_loc loc = { t->file, t->whole };
	const struct sk_item *item = sk_item_new(r->c->cx, r->item, "rule priority", (struct sk_slice){ 0 }, loc);

	if (p == SK_PRIO_COUNT) {
		p = find_prefix(t->s);
		if (p == SK_PRIO_COUNT) {
			struct sk_slice best = nearest_priority(t->s);

			(void)sk_report(r->c->cx, item, SK_D_BAD_PRIORITY, loc, "'%.*s' is no priority" SK_SUGGEST_FMT,
					SK_SLICE_ARG(t->s), SK_SUGGEST_ARG(best));
			return false;
		}
		(void)sk_report(r->c->cx, item, SK_D_OLD_SYNTAX, loc, "a priority cut short is syntax of Falco 0.15; write '%s'",
				sk_priority_name(p));
	}
	rule->priority = p;
	return true;
}

static int
by_bytes(const void *a, const void *b)
{
	return sk_slice_cmp(*(const struct sk_slice *)a, *(const struct sk_slice *)b);
}

static bool
read_tags(const struct sk_reading *r, struct sk_rule_ast *rule, bool append)
{
	const struct sk_yaml *v;
	sk_texts tags = { 0 };
	size_t n = 0;

	if (!append)
		rule->tags.n = 0;
	if (!sk_may(r, "tags", &v) || (v && !sk_as_texts(r, "tags", v, &tags)))
		return false;
	for (size_t i = 0; i < tags.n; i++)
		if (!sk_vec_push_arena(&rule->tags, r->c->cx->arena, tags.v[i]->s))
			return false;
	if (rule->tags.n)
		qsort(rule->tags.v, rule->tags.n, sizeof(*rule->tags.v), by_bytes);
	for (size_t i = 0; i < rule->tags.n; i++)
		if (!n || !sk_slice_eq(rule->tags.v[i], rule->tags.v[n - 1]))
			rule->tags.v[n++] = rule->tags.v[i];
	rule->tags.n = n;
	return true;
}

/* Condition, output or desc: a text that may be joined from several. */
static bool
read_part(const struct sk_reading *r, const char *key, sk_texts *parts, bool append)
{
	const struct sk_text *t = sk_need_text(r, key);

	if (!append)
		parts->n = 0;
	return t && sk_vec_push_arena(parts, r->c->cx->arena, t);
}

static bool
read_condition(const struct sk_reading *r, struct sk_rule_src *src, bool append)
{
	bool ok = read_part(r, "condition", &src->cond, append);

	src->cond_missing = !ok || (append && src->cond_missing);
	return ok;
}

static bool
set_key(const struct sk_reading *r, struct sk_rule_ast *rule, enum rule_key key, bool append)
{
	struct sk_rule_src *src = rule->src;

	switch (key) {
	case CONDITION: return read_condition(r, src, append);
	case OUTPUT: return read_part(r, "output", &src->output, append);
	case DESC: return read_part(r, "desc", &src->desc, append);
	case PRIORITY: return read_priority(r, rule);
	case ENABLED: return sk_may_bool(r, "enabled", &rule->enabled);
	case CAPTURE: return sk_may_bool(r, "capture", &rule->capture);
	case CAPTURE_DURATION: return sk_may_number(r, "capture_duration", &rule->capture_duration_ms);
	case WARN_EVTTYPES: return sk_may_bool(r, "warn_evttypes", &rule->warn_evttypes);
	case SKIP_UNKNOWN: return sk_may_bool(r, "skip-if-unknown-filter", &rule->skip_if_unknown);
	case TAGS: return read_tags(r, rule, append);
	case EXCEPTIONS: return sk_read_exceptions(r, rule, append);
	case RULE:
	case SOURCE:
	case APPEND:
	case OVERRIDE:
	case NKEYS: break;
	}
	return true;
}

/* --- definitions ----------------------------------------------------------------- */
static struct sk_rule_ast *
add_rule(const struct sk_reading *r)
{
	struct sk_compile *cx = r->c->cx;
	struct sk_ruleset *rs = r->c->rs;
	struct sk_rule_ast *rule = SK_NEW(cx->arena, struct sk_rule_ast);

	if (rs->rules.n >= SK_MAX_RULES) {
		(void)sk_report(cx, r->item, SK_D_TOO_MANY_ITEMS, sk_map_loc(r->map), "more than %u rules", SK_MAX_RULES);
		return NULL;
	}
	if (!rule || !(rule->src = SK_NEW(cx->arena, struct sk_rule_src)) ||
	    !sk_names_put(cx, &rs->rule_names, r->name, rs->rules.n) || !sk_vec_push_arena(&rs->rules, cx->arena, rule))
		return NULL;
	rule->name = r->name;
	return rule;
}

/* Forget an earlier definition, except for its place in the order. */
static void
reset_rule(const struct sk_reading *r, struct sk_rule_ast *rule)
{
	struct sk_rule_src *src = rule->src;

	*src = (struct sk_rule_src){ .seen = r->c->now };
	*rule = (struct sk_rule_ast){ .name = r->name, .src = src, .enabled = true, .warn_evttypes = true };
	rule->loc = sk_map_loc(r->map);
	rule->item = *r->item;
}

static bool
find_source(struct sk_slice name, enum sk_source *ret)
{
	for (int s = 0; s < SK_SOURCE_COUNT; s++)
		if (sk_slice_is(name, sk_source_name((enum sk_source)s))) {
			*ret = (enum sk_source)s;
			return true;
		}
	return false;
}

static struct sk_slice
nearest_source(struct sk_slice name)
{
	const char *names[SK_SOURCE_COUNT];

	for (int s = 0; s < SK_SOURCE_COUNT; s++)
		names[s] = sk_source_name((enum sk_source)s);
	return sk_suggest_among(name, names, SK_SOURCE_COUNT);
}

/* The source of a definition; RET_NAME is as written. */
static bool
read_source(const struct sk_reading *r, const struct sk_rule_ast *earlier, struct sk_slice *ret_name, struct sk_loc *ret_loc)
{
	const struct sk_yaml *v;
	const struct sk_text *t = NULL;

	if (!sk_may(r, "source", &v) || (v && !(t = sk_as_text(r, "source", v))))
		return false;
	*ret_name = t ? t->s : SK_SLICE("syscall");
	*ret_loc = t ? (struct sk_loc){ t->file, t->whole } : sk_map_loc(r->map);
	if (!earlier || earlier->bad || sk_slice_eq(earlier->src->source, *ret_name))
		return true;
	struct sk_diag *diag =
	    sk_report(r->c->cx, r->item, SK_D_SOURCE_CHANGED, *ret_loc, "rule '%.*s' was defined with source '%.*s'",
		      SK_SLICE_ARG(r->name), SK_SLICE_ARG(earlier->src->source));
	sk_diag_note(r->c->cx->diags, diag, earlier->loc, "first defined here");
	return false;
}

/* All required keys that are missing are one finding. EARLIER: where the rule is defined already; what is written may have been meant
 * as a change to that. */
static bool
need_keys(const struct sk_reading *r, struct sk_loc earlier)
{
	const char *missing[NKEYS];
	struct sk_slice text = SK_SLICE("");
	size_t n = 0;

	for (int k = 0; k < NKEYS; k++)
		if (keys[k].may & SK_KEY_REQUIRED && !sk_yaml_get(r->map, keys[k].name, NULL))
			missing[n++] = keys[k].name;
	for (size_t i = 0; i < n; i++)
		text = sk_arena_printf(r->c->cx->arena, "%.*s%s%s", SK_SLICE_ARG(text), i == 0 ? "" : i + 1 == n ? " and no " : ", no ",
				       missing[i]);
	if (!n)
		return true;
	struct sk_diag *diag =
	    sk_report(r->c->cx, r->item, SK_D_MISSING_KEY, sk_map_loc(r->map), "the rule '%.*s' has no %.*s%s", SK_SLICE_ARG(r->name),
		      SK_SLICE_ARG(text), earlier.file ? "; a rule of this name exists: to change it, add override" : "");
	if (earlier.file)
		sk_diag_note(r->c->cx->diags, diag, earlier, "defined here");
	return false;
}

static bool
define_keys(const struct sk_reading *r, struct sk_rule_ast *rule)
{
	bool ok = true;

	for (int k = 0; k < NKEYS; k++)
		if (keys[k].may && sk_yaml_get(r->map, keys[k].name, NULL))
			ok &= set_key(r, rule, (enum rule_key)k, false);
	rule->src->cond_missing |= !rule->src->cond.n;
	return ok;
}

static void
define_rule(const struct sk_reading *r, struct sk_rule_ast *rule)
{
	struct sk_slice source = SK_SLICE("syscall");
	struct sk_loc loc, earlier = rule ? rule->loc : (struct sk_loc){ 0 };
	bool ok = read_source(r, rule, &source, &loc);

	if (!rule && !(rule = add_rule(r)))
		return;
	reset_rule(r, rule);
	rule->src->source = source;
	bool whole = need_keys(r, earlier);
	/* What a rule of an unknown source says cannot be judged; that it says something can. */
	if (ok && !find_source(source, &rule->source)) {
		struct sk_slice best = nearest_source(source);

		(void)sk_report(r->c->cx, r->item, SK_D_UNKNOWN_SOURCE, loc,
				"unknown source '%.*s': the rule is left out" SK_SUGGEST_FMT, SK_SLICE_ARG(source),
				SK_SUGGEST_ARG(best));
		rule->skipped = true;
		rule->bad = !whole;
		return;
	}
	rule->bad = !define_keys(r, rule) || !ok || !whole;
	/* A condition that was meant as an appendix is none by itself. */
	rule->src->cond_missing |= !whole && earlier.file;
}

/* --- changes ----------------------------------------------------------------- */
/* append: true takes the condition and the exceptions, and nothing else. */
static void
warn_without_effect(const struct sk_reading *r)
{
	const struct sk_yaml *key;

	for (int k = 0; k < NKEYS; k++)
		if (keys[k].may && k != CONDITION && k != EXCEPTIONS && sk_yaml_get(r->map, keys[k].name, &key))
			(void)sk_report(r->c->cx, r->item, SK_D_UNKNOWN_KEY, key->loc,
					"'%s' has no effect with append: true; write an override for it", keys[k].name);
}

static void
apply_change(const struct sk_reading *r, struct sk_rule_ast *rule, uint32_t append, uint32_t replace)
{
	rule->src->seen = r->c->now;
	for (int k = 0; k < NKEYS; k++)
		if ((append | replace) >> k & 1)
			rule->bad |= !set_key(r, rule, (enum rule_key)k, append >> k & 1);
}

static void
change_rule(const struct sk_reading *r, struct sk_rule_ast *rule, const struct sk_change *change)
{
	uint32_t append = change->append;

	if (change->append_all) {
		append = sk_yaml_get(r->map, "condition", NULL) ? 1u << CONDITION : 0;
		append |= sk_yaml_get(r->map, "exceptions", NULL) ? 1u << EXCEPTIONS : 0;
	}
	if (!rule)
		sk_report_undefined(r, &r->c->rs->rule_names);
	else if (rule->skipped)
		return;
	else if (!append && !change->replace)
		(void)sk_report(r->c->cx, r->item, SK_D_NOTHING_TO_CHANGE, sk_map_loc(r->map),
				"an appended rule needs a condition or exceptions");
	else {
		if (change->append_all)
			warn_without_effect(r);
		apply_change(r, rule, append, change->replace);
	}
}

/* Only rule and enabled: switches an earlier rule. */
static bool
is_switch(const struct sk_yaml *map)
{
	for (int k = 0; k < NKEYS; k++)
		if (keys[k].may & SK_KEY_REQUIRED && sk_yaml_get(map, keys[k].name, NULL))
			return false;
	return sk_yaml_get(map, "enabled", NULL) != NULL;
}

static void
switch_rule(const struct sk_reading *r, struct sk_rule_ast *rule)
{
	const struct sk_yaml *key = NULL;
	bool enabled = true;

	(void)sk_yaml_get(r->map, "enabled", &key);
	(void)sk_report(r->c->cx, r->item, SK_D_DEPRECATED_ITEM, key->loc,
			"enabled alone is deprecated; add 'override: {enabled: replace}'");
	if (!sk_may_bool(r, "enabled", &enabled))
		return;
	if (rule)
		rule->enabled = enabled;
	else
		sk_report_undefined(r, &r->c->rs->rule_names);
}

void
sk_read_rule(struct sk_collector *c, const struct sk_yaml *map)
{
	const char *known[NKEYS + 1] = { NULL };
	struct sk_reading r;
	struct sk_change change;

	if (!sk_begin_item(c, map, "rule", &r))
		return;
	for (int k = 0; k < NKEYS; k++)
		known[k] = keys[k].name;
	sk_warn_unknown_keys(&r, known);
	struct sk_rule_ast *rule = sk_find_rule(c->cx, c->rs, r.name);
	if (!sk_read_change(&r, keys, &change)) {
		/* A broken definition must not make later changes to it wrong as well. */
		if (!rule && (rule = add_rule(&r)) != NULL) {
			reset_rule(&r, rule);
			rule->bad = rule->src->cond_missing = true;
		}
	} else if (change.append_all || change.any)
		change_rule(&r, rule, &change);
	else if (is_switch(map))
		switch_rule(&r, rule);
	else
		define_rule(&r, rule);
}
