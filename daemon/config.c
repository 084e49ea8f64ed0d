/* The typed values of a configuration tree: one row of config.def each. */
#include "daemon/config.h"

#include <errno.h>
#include <stdarg.h>
#include <strings.h>

struct load {
	struct sk_config *c;
	const json_t *root;
	sk_config_note_fn note;
	void *arg;
	struct sk_config_error *err;
};

static bool SK_PRINTF(2, 3)
bad(struct load *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(l->err->text, sizeof(l->err->text), fmt, ap);
	va_end(ap);
	return false;
}

static void SK_PRINTF(2, 3)
say(struct load *l, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!l->note)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	l->note(l->arg, text);
}

/* The node at a dotted path, or NULL. */
static const json_t *
at(const json_t *root, const char *path)
{
	char name[128];

	while (root && *path) {
		size_t n = strcspn(path, ".");

		if (n >= sizeof(name))
			return NULL;
		memcpy(name, path, n);
		name[n] = '\0';
		root = json_object_get(root, name);
		path += n + (path[n] == '.');
	}
	return root;
}

/* --- one function a type --------------------------------------------------------------------------------------------------- */
static bool
load_bool(struct load *l, const char *key, const json_t *v, bool *ret)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = { { "true", true }, { "false", false }, { "yes", true }, { "no", false }, { "on", true }, { "off", false } };
	const char *s = json_string_value(v);

	for (size_t i = 0; s && i < SK_COUNTOF(words); i++)
		if (strcasecmp(s, words[i].word) == 0) {
			*ret = words[i].value;
			return true;
		}
	return bad(l, "%s: want true or false, not '%s'", key, s ? s : "a list or map");
}

static bool
load_uint(struct load *l, const char *key, const json_t *v, uint32_t *ret)
{
	const char *s = json_string_value(v);
	char *end = NULL;
	unsigned long n = s && *s >= '0' && *s <= '9' ? strtoul(s, &end, 10) : 0;

	if (!end || *end || n > UINT32_MAX)
		return bad(l, "%s: want a number, not '%s'", key, s ? s : "a list or map");
	*ret = (uint32_t)n;
	return true;
}

static bool
copy_string(struct load *l, const char *key, const json_t *v, char **ret)
{
	const char *s = json_is_null(v) ? "" : json_string_value(v);

	if (!s)
		return bad(l, "%s: want text, not a list or map", key);
	char *copy = strdup(s);
	if (!copy)
		return bad(l, "out of memory");
	free(*ret);
	*ret = copy;
	return true;
}

static bool
load_strings(struct load *l, const char *key, const json_t *v, struct sk_strings *out)
{
	size_t n = json_is_array(v) ? json_array_size(v) : 1;

	for (size_t i = 0; i < n; i++) {
		char *s = NULL;

		if (!copy_string(l, key, json_is_array(v) ? json_array_get(v, i) : v, &s))
			return false;
		if (!sk_vec_push(out, s)) {
			free(s);
			return bad(l, "out of memory");
		}
	}
	return true;
}

static bool
load_priority(struct load *l, const char *key, const json_t *v, enum sk_priority *ret)
{
	static const char *const names[SK_PRIO_COUNT] = { "emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug" };
	const char *s = json_string_value(v);

	for (size_t i = 0; s && i < SK_PRIO_COUNT; i++)
		if (strcasecmp(s, names[i]) == 0 || (i == SK_PRIO_INFORMATIONAL && strcasecmp(s, "info") == 0)) {
			*ret = (enum sk_priority)i;
			return true;
		}
	return bad(l, "%s: '%s' is none of emergency, alert, critical, error, warning, notice, informational, debug", key, s ? s : "a list or map");
}

static bool
load_matching(struct load *l, const char *key, const json_t *v, enum sk_match_mode *ret)
{
	const char *s = json_string_value(v);

	if (s && strcmp(s, "first") == 0)
		*ret = SK_MATCH_FIRST;
	else if (s && strcmp(s, "all") == 0)
		*ret = SK_MATCH_ALL;
	else
		return bad(l, "%s: want first or all, not '%s'", key, s ? s : "a list or map");
	return true;
}

static bool
load_kind(struct load *l, const char *key, const json_t *v, enum sk_engine_kind *ret)
{
	const char *s = json_string_value(v);

	if (s && strcmp(s, "replay") == 0)
		*ret = SK_KIND_REPLAY;
	else if (s && strcmp(s, "nodriver") == 0)
		*ret = SK_KIND_NODRIVER;
#ifdef SK_HAVE_LIVE
	else if (s && strcmp(s, "modern_ebpf") == 0)
		*ret = SK_KIND_LIVE;
#endif
	else if (s && (strcmp(s, "modern_ebpf") == 0 || strcmp(s, "kmod") == 0 || strcmp(s, "ebpf") == 0 || strcmp(s, "gvisor") == 0))
		return bad(l, "%s: '%s' is not available in this version, which replays captures: set engine.kind=replay and engine.replay.capture_file, or use -e FILE",
			   key, s);
	else
		return bad(l, "%s: want replay, modern_ebpf or nodriver, not '%s'", key, s ? s : "a list or map");
	return true;
}

/* Members of the map KEY that nobody reads: misspelt ones must not go unseen. */
static void
note_members(struct load *l, const char *key, const json_t *map, const char *const *names)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)map, name, value) {
		size_t i = 0;

		while (names[i] && strcmp(name, names[i]) != 0)
			i++;
		if (!names[i])
			say(l, "unknown configuration key '%s.%s' is ignored", key, name);
	}
}

/* --- rules[] --------------------------------------------------------------------------------------------------------------- */
static bool
load_one_selection(struct load *l, const json_t *entry, struct sk_selection *s)
{
	const json_t *enable = json_object_get(entry, "enable"), *disable = json_object_get(entry, "disable"), *v;
	const json_t *body = enable ? enable : disable;

	if (!body || (enable && disable) || !json_is_object(body))
		return bad(l, "rules: each entry is {enable: {rule or tag}} or {disable: {rule or tag}}");
	s->enable = enable != NULL;
	note_members(l, "rules[]", entry, (const char *const[]){ "enable", "disable", NULL });
	note_members(l, s->enable ? "rules[].enable" : "rules[].disable", body, (const char *const[]){ "rule", "tag", NULL });
	if ((v = json_object_get(body, "rule")) && !copy_string(l, "rules[].rule", v, &s->rule))
		return false;
	if ((v = json_object_get(body, "tag")) && !copy_string(l, "rules[].tag", v, &s->tag))
		return false;
	return s->rule || s->tag || bad(l, "rules: an entry names neither rule nor tag");
}

static bool
load_selection(struct load *l, const json_t *v)
{
	if (!json_is_array(v))
		return bad(l, "rules: want a list");
	for (size_t i = 0; i < json_array_size(v); i++) {
		if (!sk_vec_push(&l->c->selection, (struct sk_selection){ 0 }))
			return bad(l, "out of memory");
		if (!load_one_selection(l, json_array_get(v, i), &l->c->selection.v[l->c->selection.n - 1]))
			return false;
	}
	return true;
}

/* --- append_output[] ------------------------------------------------------------------------------------------------------- */
static bool
push_extra_field(struct load *l, struct sk_append_output *a, const char *key, const char *format)
{
	struct sk_extra_field f = { strdup(key), format ? strdup(format) : NULL };

	if (f.key && (!format || f.format) && sk_vec_push(&a->extra_fields, f))
		return true;
	free(f.key);
	free(f.format);
	return bad(l, "out of memory");
}

static bool
load_extra_fields(struct load *l, struct sk_append_output *a, const json_t *v)
{
	for (size_t i = 0; i < json_array_size(v); i++) {
		json_t *item = json_array_get(v, i), *format;
		const char *key = json_string_value(item);

		if (key) {
			if (!push_extra_field(l, a, key, NULL))
				return false;
			continue;
		}
		if (!json_is_object(item))
			return bad(l, "append_output[].extra_fields: each entry is a field name or {key: format}");
		json_object_foreach(item, key, format) {
			if (!json_is_string(format))
				return bad(l, "append_output[].extra_fields: the format of '%s' must be text", key);
			if (!push_extra_field(l, a, key, json_string_value(format)))
				return false;
		}
	}
	return json_is_array(v) || bad(l, "append_output[].extra_fields: want a list");
}

static bool
load_one_append(struct load *l, const json_t *entry, struct sk_append_output *a)
{
	const json_t *match = json_object_get(entry, "match"), *v;

	if (!json_is_object(entry))
		return bad(l, "append_output: each entry is a map");
	if (match && !json_is_null(match) && !json_is_object(match))
		return bad(l, "append_output[].match: want a map");
	note_members(l, "append_output[]", entry, (const char *const[]){ "match", "extra_output", "extra_fields", "suggested_output", NULL });
	note_members(l, "append_output[].match", match, (const char *const[]){ "rule", "source", "tags", NULL });
	if ((v = json_object_get(match, "rule")) && !copy_string(l, "append_output[].match.rule", v, &a->rule))
		return false;
	if ((v = json_object_get(match, "source")) && !copy_string(l, "append_output[].match.source", v, &a->source))
		return false;
	if ((v = json_object_get(match, "tags")) && !load_strings(l, "append_output[].match.tags", v, &a->tags))
		return false;
	if ((v = json_object_get(entry, "extra_output")) && !copy_string(l, "append_output[].extra_output", v, &a->extra_output))
		return false;
	if ((v = json_object_get(entry, "suggested_output")) && !load_bool(l, "append_output[].suggested_output", v, &a->suggested_output))
		return false;
	v = json_object_get(entry, "extra_fields");
	return !v || load_extra_fields(l, a, v);
}

static bool
load_append_output(struct load *l, const json_t *v)
{
	if (!json_is_array(v))
		return bad(l, "append_output: want a list");
	for (size_t i = 0; i < json_array_size(v); i++) {
		if (!sk_vec_push(&l->c->append_output, (struct sk_append_output){ 0 }))
			return bad(l, "out of memory");
		if (!load_one_append(l, json_array_get(v, i), &l->c->append_output.v[l->c->append_output.n - 1]))
			return false;
	}
	return true;
}

/* --- unknown keys ---------------------------------------------------------------------------------------------------------- */
/* Is PATH a key of the table, above one, or (for keys that are trees of their own) below one? */
enum key_kind { KEY_UNKNOWN, KEY_KNOWN, KEY_GROUP };

static enum key_kind
find_key(const char *path)
{
	static const struct {
		const char *path;
		bool tree;
	} keys[] = {
#define TREE_BOOL false
#define TREE_UINT false
#define TREE_STRING false
#define TREE_STRINGS true
#define TREE_CUSTOM true
#define TREE_PRIORITY false
#define TREE_MATCHING false
#define TREE_KIND false
#define TREE_LEVEL false
#define TREE_IGNORED true
#define SK_CONFIG(type, cpath, member, value, help) { cpath, TREE_##type },
#include "daemon/config.def"
#undef SK_CONFIG
	};

	for (size_t i = 0; i < SK_COUNTOF(keys); i++) {
		size_t n = strlen(keys[i].path), k = strlen(path);

		if (strncmp(path, keys[i].path, n < k ? n : k) != 0)
			continue;
		if (n == k || (k > n && path[n] == '.' && keys[i].tree))
			return KEY_KNOWN;
		if (n > k && keys[i].path[k] == '.')
			return KEY_GROUP;
	}
	return KEY_UNKNOWN;
}

/* False when a map of keys is something else: what it would set is lost. */
static bool
note_unknown(struct load *l, const json_t *node, const char *prefix)
{
	const char *key;
	json_t *value;
	char path[256];

	json_object_foreach((json_t *)(uintptr_t)node, key, value) {
		int n = snprintf(path, sizeof(path), "%s%s%s", prefix, *prefix ? "." : "", key);
		enum key_kind kind = n < 0 || (size_t)n >= sizeof(path) ? KEY_UNKNOWN : find_key(path);

		if (kind == KEY_UNKNOWN)
			say(l, "unknown configuration key '%s' is ignored", path);
		else if (kind == KEY_GROUP && !json_is_object(value) && !json_is_null(value))
			return bad(l, "%s: want a map of keys", path);
		else if (kind == KEY_GROUP && !note_unknown(l, value, path))
			return false;
	}
	return true;
}

/* --- the table ------------------------------------------------------------------------------------------------------------- */
static bool
set_defaults(struct sk_config *c)
{
	*c = (struct sk_config){ 0 };
#define DEFAULT_BOOL(member, value) c->member = (value);
#define DEFAULT_UINT(member, value) c->member = (value);
#define DEFAULT_STRING(member, value)                                                                                        \
	if (!c->member && !(c->member = strdup(value)))                                                                      \
		return false;
#define DEFAULT_STRINGS(member, value)
#define DEFAULT_CUSTOM(member, value)
#define DEFAULT_PRIORITY(member, value) c->member = (value);
#define DEFAULT_MATCHING(member, value) c->member = (value);
#define DEFAULT_KIND(member, value) c->member = (value);
#define DEFAULT_LEVEL(member, value) c->member = (value);
#define DEFAULT_IGNORED(member, value)
#define SK_CONFIG(type, path, member, value, help) DEFAULT_##type(member, value)
#include "daemon/config.def"
#undef SK_CONFIG
	return true;
}

static bool
load_all(struct load *l)
{
	struct sk_config *c = l->c;
	const json_t *v;

#define LOAD_BOOL(key, member) load_bool(l, key, v, &c->member)
#define LOAD_STRING(key, member) copy_string(l, key, v, &c->member)
#define LOAD_UINT(key, member) load_uint(l, key, v, &c->member)
#define LOAD_STRINGS(key, member) load_strings(l, key, v, &c->member)
#define LOAD_CUSTOM(key, member) load_##member(l, v)
#define LOAD_PRIORITY(key, member) load_priority(l, key, v, &c->member)
#define LOAD_MATCHING(key, member) load_matching(l, key, v, &c->member)
#define LOAD_KIND(key, member) load_kind(l, key, v, &c->member)
#define LOAD_LEVEL(key, member) load_priority(l, key, v, &c->member)
#define LOAD_IGNORED(key, member) (say(l, "configuration key '%s' has no effect in this version", key), true)
#define SK_CONFIG(type, path, member, value, help)                                                                           \
	if ((v = at(l->root, path)) != NULL && !json_is_null(v) && !LOAD_##type(path, member))                                \
		return false;
#include "daemon/config.def"
#undef SK_CONFIG
	return true;
}

static bool
is_set(const json_t *root, const char *path)
{
	const json_t *v = at(root, path);

	return v && !json_is_null(v);
}

int
sk_config_load(struct sk_config *c, const json_t *root, sk_config_note_fn note, void *arg, struct sk_config_error *reterr)
{
	struct load l = { .c = c, .root = root, .note = note, .arg = arg, .err = reterr };

	*reterr->text = '\0';
	if (!set_defaults(c)) {
		(void)bad(&l, "out of memory");
		return -ENOMEM;
	}
	if (is_set(root, "rules_file") && is_set(root, "rules_files")) {
		(void)bad(&l, "rules_files and its older name rules_file are both set");
		return -EINVAL;
	}
	if (!load_all(&l) || !note_unknown(&l, root, ""))
		return -EINVAL;
	if (c->file_enabled && !*c->file_name) {
		(void)bad(&l, "file_output is enabled and file_output.filename is not set");
		return -EINVAL;
	}
	return 0;
}

void
sk_strings_free(struct sk_strings *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i]);
	sk_vec_free(s);
}

static void
free_append_output(struct sk_append_output *a)
{
	free(a->rule);
	free(a->source);
	free(a->extra_output);
	for (size_t i = 0; i < a->extra_fields.n; i++) {
		free(a->extra_fields.v[i].key);
		free(a->extra_fields.v[i].format);
	}
	sk_strings_free(&a->tags);
	sk_vec_free(&a->extra_fields);
}

void
sk_config_free(struct sk_config *c)
{
	for (size_t i = 0; i < c->selection.n; i++) {
		free(c->selection.v[i].rule);
		free(c->selection.v[i].tag);
	}
	for (size_t i = 0; i < c->append_output.n; i++)
		free_append_output(&c->append_output.v[i]);
	sk_strings_free(&c->rules_files);
	sk_vec_free(&c->selection);
	sk_vec_free(&c->append_output);
	free(c->capture_file);
	free(c->file_name);
	*c = (struct sk_config){ 0 };
}
