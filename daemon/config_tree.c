/* YAML text to a tree of objects, arrays and strings; -o assignments into that tree. */
#include "daemon/config.h"

#include "base/buf.h"

#include <errno.h>
#include <saker/limits.h>
#include <stdarg.h>
#include <yaml.h>

static int SK_PRINTF(3, 4)
config_error(struct sk_config_error *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return code;
}

/* What a configuration may grow to: aliases and variables make much of little. */
#define MAX_CONFIG_NODES 100000u
#define MAX_CONFIG_BYTES (16u << 20)

/* --- environment ----------------------------------------------------------------------------------------------------------- */
static void
put_variable(struct sk_buf *out, const char *name, size_t n)
{
	char key[256];

	if (n == 0 || n >= sizeof(key))
		return;
	memcpy(key, name, n);
	key[n] = '\0';
	const char *value = getenv(key);
	if (value)
		sk_buf_str(out, value);
}

/* ${NAME} becomes the variable or nothing, $${NAME} the text ${NAME}; any other $ stands for itself. */
static void
expand_environment(struct sk_buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n && out->n <= MAX_CONFIG_BYTES;) {
		const char *close = NULL;
		bool escaped = i + 2 < n && s[i] == '$' && s[i + 1] == '$' && s[i + 2] == '{';
		size_t open = i + escaped;

		if (open + 1 < n && s[open] == '$' && s[open + 1] == '{')
			close = memchr(s + open, '}', n - open);
		if (!close) {
			sk_buf_char(out, s[i++]);
			continue;
		}
		if (escaped)
			sk_buf_put(out, s + open, (size_t)(close + 1 - (s + open)));
		else
			put_variable(out, s + open + 2, (size_t)(close - (s + open + 2)));
		i = (size_t)(close + 1 - s);
	}
}

/* --- YAML document to tree ------------------------------------------------------------------------------------------------- */
struct convert {
	yaml_document_t *doc;
	const char *file;
	bool environment;
	uint32_t nodes;
	size_t bytes; /* of all texts */
	struct sk_config_error *err;
};

static json_t *convert_node(struct convert *c, int index, uint32_t depth);

static bool
is_null(const yaml_node_t *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };
	const char *s = (const char *)node->data.scalar.value;

	for (size_t i = 0; node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && i < SK_COUNTOF(words); i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return false;
}

/* Values and keys end up as C strings, of which a NUL would hide the rest. */
static bool
check_text(struct convert *c, const yaml_node_t *node, const char *s, size_t n)
{
	c->bytes += n;
	if (n && memchr(s, '\0', n))
		(void)config_error(c->err, -EINVAL, "%s:%zu: a NUL character", c->file, node->start_mark.line + 1);
	else if (c->bytes > MAX_CONFIG_BYTES)
		(void)config_error(c->err, -E2BIG, "%s:%zu: too large", c->file, node->start_mark.line + 1);
	else
		return true;
	return false;
}

static json_t *
convert_scalar(struct convert *c, const yaml_node_t *node)
{
	const char *s = (const char *)node->data.scalar.value;
	size_t n = node->data.scalar.length;
	struct sk_buf buf = { 0 };
	json_t *out = NULL;

	if (!check_text(c, node, s, n))
		return NULL;
	if (is_null(node))
		return json_null();
	if (c->environment)
		expand_environment(&buf, s, n);
	else
		sk_buf_put(&buf, s, n);
	if (!buf.failed && check_text(c, node, buf.p, buf.n)) {
		out = json_stringn(sk_buf_view(&buf).p, buf.n);
		if (!out)
			(void)config_error(c->err, -EINVAL, "%s:%zu: value is not UTF-8", c->file, node->start_mark.line + 1);
	}
	sk_buf_free(&buf);
	return out;
}

static json_t *
convert_sequence(struct convert *c, const yaml_node_t *node, uint32_t depth)
{
	json_t *out = json_array();

	for (const yaml_node_item_t *i = node->data.sequence.items.start; out && i < node->data.sequence.items.top; i++) {
		json_t *item = convert_node(c, *i, depth + 1);

		if (!item || json_array_append_new(out, item) < 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *
convert_mapping(struct convert *c, const yaml_node_t *node, uint32_t depth)
{
	json_t *out = json_object();

	for (const yaml_node_pair_t *p = node->data.mapping.pairs.start; out && p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = yaml_document_get_node(c->doc, p->key);
		json_t *value = NULL;

		if (key->type != YAML_SCALAR_NODE)
			(void)config_error(c->err, -EINVAL, "%s:%zu: a key must be a plain word", c->file, key->start_mark.line + 1);
		else if (check_text(c, key, (const char *)key->data.scalar.value, key->data.scalar.length))
			value = convert_node(c, p->value, depth + 1);
		if (!value || json_object_set_new(out, (const char *)key->data.scalar.value, value) < 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *
convert_node(struct convert *c, int index, uint32_t depth)
{
	const yaml_node_t *node = yaml_document_get_node(c->doc, index);

	if (depth > SK_MAX_YAML_DEPTH || ++c->nodes > MAX_CONFIG_NODES) {
		(void)config_error(c->err, -E2BIG, "%s:%zu: nested too deeply or too large", c->file, node->start_mark.line + 1);
		return NULL;
	}
	switch (node->type) {
	case YAML_SCALAR_NODE: return convert_scalar(c, node);
	case YAML_SEQUENCE_NODE: return convert_sequence(c, node, depth);
	case YAML_MAPPING_NODE: return convert_mapping(c, node, depth);
	case YAML_NO_NODE: break;
	}
	return json_null();
}

static int
yaml_error(const yaml_parser_t *p, const char *file, struct sk_config_error *err)
{
	const char *problem = p->problem ? p->problem : "out of memory";

	/* What cannot be decoded has no line yet. */
	if (p->error == YAML_READER_ERROR)
		return config_error(err, -EINVAL, "%s: byte %zu: %s", file, p->problem_offset + 1, problem);
	return config_error(err, -EINVAL, "%s:%zu:%zu: %s", file, p->problem_mark.line + 1, p->problem_mark.column + 1, problem);
}

/* Nothing may stand behind the document. */
static bool
at_end(yaml_parser_t *parser, const char *file, struct sk_config_error *err)
{
	yaml_document_t doc;
	bool ok;

	if (!yaml_parser_load(parser, &doc)) {
		(void)yaml_error(parser, file, err);
		return false;
	}
	ok = !yaml_document_get_root_node(&doc);
	if (!ok)
		(void)config_error(err, -EINVAL, "%s:%zu: a second document", file, doc.start_mark.line + 1);
	yaml_document_delete(&doc);
	return ok;
}

static json_t *
parse(yaml_parser_t *parser, const char *file, bool environment, struct sk_config_error *err)
{
	yaml_document_t doc;
	json_t *out;
	bool empty;

	*err->text = '\0';
	if (!yaml_parser_load(parser, &doc)) {
		(void)yaml_error(parser, file, err);
		return NULL;
	}
	struct convert c = { .doc = &doc, .file = file, .environment = environment, .err = err };
	empty = !yaml_document_get_root_node(&doc);
	out = empty ? json_object() : convert_node(&c, 1, 0);
	yaml_document_delete(&doc);
	if (!out && !*err->text)
		(void)config_error(err, -ENOMEM, "%s: out of memory", file);
	if (out && !empty && !at_end(parser, file, err)) {
		json_decref(out);
		return NULL;
	}
	return out;
}

int
sk_config_tree_read(const char *path, json_t **ret, struct sk_config_error *reterr)
{
	SK_AUTO_FCLOSE FILE *f = fopen(path, "re");
	yaml_parser_t parser;
	json_t *root;

	if (!f)
		return config_error(reterr, -errno, "%s: %s", path, strerror(errno));
	if (!yaml_parser_initialize(&parser))
		return config_error(reterr, -ENOMEM, "%s: out of memory", path);
	yaml_parser_set_input_file(&parser, f);
	root = parse(&parser, path, true, reterr);
	yaml_parser_delete(&parser);
	if (!root)
		return -EINVAL;
	if (json_is_null(root)) {
		json_decref(root);
		root = json_object();
	}
	if (!json_is_object(root)) {
		json_decref(root);
		return config_error(reterr, -EINVAL, "%s: a configuration is a map of keys, not a list or a word", path);
	}
	*ret = root;
	return 0;
}

/* --- assignments ----------------------------------------------------------------------------------------------------------- */
static json_t *
parse_value(const char *text, struct sk_config_error *err)
{
	yaml_parser_t parser;
	json_t *out;

	(void)config_error(err, -EINVAL, "-o: value is not UTF-8");
	if (*text != '{' && *text != '[')
		return json_string(text);
	if (!yaml_parser_initialize(&parser)) {
		(void)config_error(err, -ENOMEM, "-o: out of memory");
		return NULL;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
	out = parse(&parser, "-o", false, err);
	yaml_parser_delete(&parser);
	return out;
}

/* One step of a path: a member name, [index] or [] (append). */
struct step {
	char name[256];
	bool is_index;
	size_t index; /* SIZE_MAX: append */
};

/* [n] or []. */
static bool
next_index(const char **p, struct step *s)
{
	const char *digits = *p + 1;
	size_t n = strspn(digits, "0123456789");

	s->is_index = true;
	s->index = n ? strtoul(digits, NULL, 10) : SIZE_MAX;
	*p = digits + n + 1;
	return digits[n] == ']' && (!n || s->index < MAX_CONFIG_NODES);
}

/* Read the step at *P, the FIRST of its path or a later one, and move behind it; false when it is malformed. */
static bool
next_step(const char **p, struct step *s, bool first)
{
	size_t n = 0;

	*s = (struct step){ 0 };
	if (**p == '[')
		return next_index(p, s);
	if (!first && *(*p)++ != '.')
		return false;
	while (**p && **p != '.' && **p != '[' && n < sizeof(s->name) - 1) {
		if (**p == '\\' && (*p)[1])
			++*p;
		s->name[n++] = *(*p)++;
	}
	return n > 0 && (**p == '\0' || **p == '.' || **p == '[');
}

/* May S be taken in NODE? An index is one of the list's, or the next. */
static bool
fits(const json_t *node, const struct step *s)
{
	return !s->is_index || s->index == SIZE_MAX || s->index <= json_array_size(node);
}

/* The child of NODE that S names, made (an object, or an array if the next step is an index) when it is not there or not a container. */
static json_t *
descend(json_t *node, const struct step *s, bool next_is_index)
{
	json_t *child = s->is_index ? json_array_get(node, s->index) : json_object_get(node, s->name);

	if (child && (next_is_index ? json_is_array(child) : json_is_object(child)))
		return child;
	child = next_is_index ? json_array() : json_object();
	if (!child)
		return NULL;
	if (!s->is_index)
		return json_object_set_new(node, s->name, child) < 0 ? NULL : child;
	if (s->index < json_array_size(node))
		return json_array_set_new(node, s->index, child) < 0 ? NULL : child;
	return json_array_append_new(node, child) < 0 ? NULL : child;
}

static int
store(json_t *node, const struct step *s, json_t *value)
{
	if (!s->is_index)
		return json_is_object(node) ? json_object_set_new(node, s->name, value) : -1;
	if (!json_is_array(node))
		return -1;
	if (s->index < json_array_size(node))
		return json_array_set_new(node, s->index, value);
	return json_array_append_new(node, value);
}

int
sk_config_tree_set(json_t *root, const char *assignment, struct sk_config_error *reterr)
{
	const char *eq = strchr(assignment, '='), *p = assignment;
	struct step step, next;
	SK_AUTO_FREE char *key = eq ? strndup(assignment, (size_t)(eq - assignment)) : NULL;
	json_t *value;

	if (!eq || eq == assignment || !key)
		return config_error(reterr, -EINVAL, "-o %s: want key=value", assignment);
	p = key;
	if (!next_step(&p, &step, true) || step.is_index)
		return config_error(reterr, -EINVAL, "-o %s: key not understood", assignment);
	for (; *p; step = next) {
		if (!next_step(&p, &next, false))
			return config_error(reterr, -EINVAL, "-o %s: key not understood", assignment);
		if (!fits(root, &step))
			return config_error(reterr, -EINVAL, "-o %s: no entry %zu", assignment, step.index);
		root = descend(root, &step, next.is_index);
		if (!root)
			return config_error(reterr, -EINVAL, "-o %s: key is not UTF-8", assignment);
	}
	if (!fits(root, &step))
		return config_error(reterr, -EINVAL, "-o %s: no entry %zu", assignment, step.index);
	value = parse_value(eq + 1, reterr);
	if (!value)
		return -EINVAL;
	if (store(root, &step, value) < 0)
		return config_error(reterr, -EINVAL, "-o %s: key is not UTF-8", assignment);
	return 0;
}
