/* libyaml's events into a tree. Only the event interface is used: its limits are ours, and every node keeps its place. */
#include "compiler/yaml.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <saker/bundle.h>
#include <saker/limits.h>
#include <yaml.h>

/* libyaml counts characters; we count bytes. Marks come in order but for the ends of scalars, so a cursor that walks both ways
 * does linear work. */
struct cursor {
	const struct sk_file *file;
	size_t chars, bytes; /* the same place in both units */
	bool ascii;          /* nothing to convert */
};

struct open_node {
	struct sk_yaml *node;
	struct sk_yaml *key; /* of a map: read, its value is not yet */
	/* of a map with many keys: pair index + 1 by hash of the key, so that duplicates are found in constant time */
	uint32_t *slots;
	size_t nslots;
};

struct build {
	struct sk_arena *arena;
	struct sk_diags *diags;
	const struct sk_file *file;
	struct cursor at;
	uint32_t nodes;
	uint32_t bom; /* bytes before the text that libyaml sees */
	struct open_node open[SK_MAX_YAML_DEPTH];
	uint32_t depth;
	struct sk_yaml_docs *docs;
};

static bool
is_continuation(char c)
{
	return ((uint8_t)c & 0xc0) == 0x80;
}

static uint32_t
byte_offset(struct build *b, size_t chars)
{
	struct cursor *c = &b->at;
	struct sk_slice t = b->file->text;

	if (c->ascii)
		return (uint32_t)(chars > t.n - b->bom ? t.n : chars + b->bom);
	for (; c->chars < chars && c->bytes < t.n; c->chars++)
		for (c->bytes++; c->bytes < t.n && is_continuation(t.p[c->bytes]);)
			c->bytes++;
	for (; c->chars > chars; c->chars--)
		for (c->bytes--; c->bytes > b->bom && is_continuation(t.p[c->bytes]);)
			c->bytes--;
	return (uint32_t)c->bytes;
}

static struct sk_loc
place(struct build *b, const yaml_mark_t *beg, const yaml_mark_t *end)
{
	struct sk_loc loc = { b->file, { byte_offset(b, beg->index), 0 } };

	loc.span.end = byte_offset(b, end->index);
	return loc;
}

static struct sk_loc
place_at(const struct build *b, uint32_t offset)
{
	return (struct sk_loc){ b->file, { offset, offset } };
}

/* Falco's context of a YAML error: "value for" nothing, at the mark. */
static struct sk_diag *
add_error(struct build *b, enum sk_diag_code code, struct sk_loc loc, const char *text)
{
	struct sk_diag *diag = sk_diag_add(b->diags, code, loc, "%s", text);
	struct sk_item *item = SK_NEW(b->arena, struct sk_item);

	if (item) {
		*item = (struct sk_item){ .outer = diag->item, .type = "value for", .loc = loc };
		diag->item = item;
	}
	return diag;
}

/* --- building the tree ----------------------------------------------------------------- */
static struct sk_yaml *
new_node(struct build *b, enum sk_yaml_kind kind, struct sk_loc loc)
{
	struct sk_yaml *n;

	if (++b->nodes > SK_MAX_YAML_NODES) {
		(void)add_error(b, SK_D_YAML_LIMIT, loc, "the file has too many nodes");
		return NULL;
	}
	n = SK_NEW(b->arena, struct sk_yaml);
	if (n) {
		n->kind = kind;
		n->loc = loc;
	}
	return n;
}

static uint32_t *
find_slot(struct open_node *o, struct sk_slice key)
{
	size_t i = sk_hash_bytes(key.p, key.n) & (o->nslots - 1);

	while (o->slots[i] && !sk_slice_eq(o->node->pairs.v[o->slots[i] - 1].key->text.s, key))
		i = (i + 1) & (o->nslots - 1);
	return &o->slots[i];
}

static bool
grow_slots(struct build *b, struct open_node *o)
{
	size_t n = o->nslots ? o->nslots * 2 : 16;
	uint32_t *slots = SK_NEW_ARRAY(b->arena, n, uint32_t);

	if (!slots)
		return false;
	o->slots = slots;
	o->nslots = n;
	for (size_t i = 0; i < o->node->pairs.n; i++)
		*find_slot(o, o->node->pairs.v[i].key->text.s) = (uint32_t)i + 1;
	return true;
}

static bool
add_pair(struct build *b, struct open_node *o, struct sk_yaml *value)
{
	struct sk_yaml *key = o->key;

	o->key = NULL;
	if (o->node->pairs.n * 2 >= o->nslots && !grow_slots(b, o))
		return false;
	uint32_t *slot = find_slot(o, key->text.s);
	if (*slot) {
		struct sk_yaml_pair *pair = &o->node->pairs.v[*slot - 1];
		struct sk_diag *diag = sk_diag_add(b->diags, SK_D_DUPLICATE_KEY, key->loc,
						   "key '%.*s' is given twice; this one counts", SK_SLICE_ARG(key->text.s));

		sk_diag_note(b->diags, diag, pair->key->loc, "first given here");
		*pair = (struct sk_yaml_pair){ key, value };
		return true;
	}
	*slot = (uint32_t)o->node->pairs.n + 1;
	return sk_vec_push_arena(&o->node->pairs, b->arena, (struct sk_yaml_pair){ key, value });
}

/* Put a complete (or just opened) node where it belongs. */
static bool
attach(struct build *b, struct sk_yaml *n)
{
	struct open_node *o = b->depth ? &b->open[b->depth - 1] : NULL;

	if (!o)
		return sk_yaml_is_null(n) || sk_vec_push_arena(&b->docs->roots, b->arena, n);
	if (o->node->kind == SK_YAML_SEQ)
		return sk_vec_push_arena(&o->node->items, b->arena, n);
	if (o->key)
		return add_pair(b, o, n);
	if (n->kind != SK_YAML_SCALAR) {
		(void)add_error(b, SK_D_YAML_PARSE, n->loc, "a key must be a plain word, not a list or map");
		return false;
	}
	o->key = n;
	return true;
}

static enum sk_yaml_style
style_of(yaml_scalar_style_t s)
{
	switch (s) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE: return SK_YAML_SINGLE;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return SK_YAML_DOUBLE;
	case YAML_LITERAL_SCALAR_STYLE: return SK_YAML_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE: return SK_YAML_FOLDED;
	case YAML_ANY_SCALAR_STYLE:
	case YAML_PLAIN_SCALAR_STYLE: break;
	}
	return SK_YAML_PLAIN;
}

static bool
on_scalar(struct build *b, const yaml_event_t *e)
{
	struct sk_loc loc = place(b, &e->start_mark, &e->end_mark);
	struct sk_yaml *n = new_node(b, SK_YAML_SCALAR, loc);

	if (!n)
		return false;
	n->style = style_of(e->data.scalar.style);
	n->text.file = b->file;
	n->text.whole = loc.span;
	n->text.s = sk_arena_dup(b->arena, sk_slice((const char *)e->data.scalar.value, e->data.scalar.length));
	if (!n->text.s.p || !sk_vec_push_arena(&b->docs->scalars, b->arena, n))
		return false;
	if (memchr(n->text.s.p, 0, n->text.s.n)) {
		(void)add_error(b, SK_D_YAML_PARSE, loc, "the value holds a NUL byte");
		return false;
	}
	sk_yaml_map_scalar(b->arena, &n->text, n->style, loc.span.beg, loc.span.end);
	return attach(b, n);
}

static bool
on_open(struct build *b, const yaml_event_t *e, enum sk_yaml_kind kind)
{
	struct sk_yaml *n = new_node(b, kind, place(b, &e->start_mark, &e->end_mark));

	if (!n || !attach(b, n))
		return false;
	if (b->depth == SK_MAX_YAML_DEPTH) {
		(void)add_error(b, SK_D_YAML_LIMIT, n->loc, "lists and maps nest too deep");
		return false;
	}
	b->open[b->depth++] = (struct open_node){ .node = n };
	return true;
}

static void
on_close(struct build *b, const yaml_event_t *e)
{
	struct sk_yaml *n = b->open[--b->depth].node;
	uint32_t end = byte_offset(b, e->end_mark.index);

	/* The end mark of a block collection stands where the next token begins: cut what is blank before it. */
	while (end > n->loc.span.end && strchr(" \t\r\n", b->file->text.p[end - 1]))
		end--;
	n->loc.span.end = end;
}

static bool
has_anchor(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_ALIAS_EVENT: return true;
	case YAML_SCALAR_EVENT: return e->data.scalar.anchor != NULL;
	case YAML_SEQUENCE_START_EVENT: return e->data.sequence_start.anchor != NULL;
	case YAML_MAPPING_START_EVENT: return e->data.mapping_start.anchor != NULL;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: break;
	}
	return false;
}

static bool
on_event(struct build *b, const yaml_event_t *e)
{
	if (has_anchor(e)) {
		(void)add_error(b, SK_D_YAML_LIMIT, place(b, &e->start_mark, &e->end_mark),
				"anchors and aliases are not accepted in rule files; use a list or macro");
		return false;
	}
	switch (e->type) {
	case YAML_SCALAR_EVENT: return on_scalar(b, e);
	case YAML_SEQUENCE_START_EVENT: return on_open(b, e, SK_YAML_SEQ);
	case YAML_MAPPING_START_EVENT: return on_open(b, e, SK_YAML_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: on_close(b, e); break;
	case YAML_ALIAS_EVENT:
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT: break;
	}
	return true;
}

/* --- errors of libyaml ----------------------------------------------------------------- */
static void
parse_error(struct build *b, const yaml_parser_t *p)
{
	uint32_t offset;

	if (p->error == YAML_MEMORY_ERROR) {
		(void)sk_diag_add(b->diags, SK_D_OUT_OF_MEMORY, place_at(b, 0), "out of memory");
		return;
	}
	if (p->error == YAML_READER_ERROR) /* the one error that comes with a byte offset */
		offset = (uint32_t)p->problem_offset + b->bom;
	else
		offset = byte_offset(b, p->problem_mark.index);
	if (offset > b->file->text.n)
		offset = (uint32_t)b->file->text.n;
	bool tab = offset < b->file->text.n && b->file->text.p[offset] == '\t';
	struct sk_diag *diag = add_error(b, SK_D_YAML_PARSE, place_at(b, offset),
					 tab          ? "a tab cannot indent YAML; use blanks"
					 : p->problem ? p->problem
						      : "not well-formed YAML");
	if (p->context && p->error != YAML_READER_ERROR)
		sk_diag_note(b->diags, diag, place_at(b, byte_offset(b, p->context_mark.index)), "%s", p->context);
}

static bool
check_text(struct build *b)
{
	struct sk_slice t = b->file->text;
	size_t good = sk_utf8_valid_prefix(t.p, t.n);
	const char *nul = memchr(t.p, 0, t.n);

	if (t.n > SK_MAX_RULE_FILE) {
		(void)add_error(b, SK_D_YAML_LIMIT, place_at(b, 0), "the file is too large");
		return false;
	}
	if (sk_slice_starts(t, SK_SLICE(SK_BUNDLE_MAGIC))) {
		(void)add_error(b, SK_D_YAML_PARSE, (struct sk_loc){ b->file, { 0, sizeof(SK_BUNDLE_MAGIC) - 1 } },
				"this is a compiled bundle, not a rule file: the daemon loads it as it is (saker -r), `sakerc verify` and `sakerc dump --code` read it");
		return false;
	}
	if (nul && (size_t)(nul - t.p) < good) {
		(void)add_error(b, SK_D_YAML_PARSE, place_at(b, (uint32_t)(nul - t.p)), "the file holds a NUL byte");
		return false;
	}
	if (good < t.n) {
		(void)add_error(b, SK_D_NOT_UTF8, place_at(b, (uint32_t)good), "this byte is not UTF-8");
		return false;
	}
	return true;
}

static bool
run(struct build *b, yaml_parser_t *p)
{
	bool ok = true, end = false;

	while (ok && !end) {
		yaml_event_t e;

		if (!yaml_parser_parse(p, &e)) {
			parse_error(b, p);
			return false;
		}
		end = e.type == YAML_STREAM_END_EVENT;
		ok = on_event(b, &e);
		yaml_event_delete(&e);
	}
	return ok;
}

static bool
is_ascii(struct sk_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((uint8_t)s.p[i] >= 0x80)
			return false;
	return true;
}

bool
sk_yaml_parse(struct sk_arena *arena, struct sk_diags *diags, const struct sk_file *file, struct sk_yaml_docs *ret)
{
	struct build *b = SK_NEW(arena, struct build);
	yaml_parser_t parser;

	*ret = (struct sk_yaml_docs){ .file = file };
	if (!b)
		return false;
	*b = (struct build){ .arena = arena, .diags = diags, .file = file, .docs = ret };
	if (!check_text(b))
		return false;
	b->bom = sk_slice_starts(file->text, SK_SLICE("\xef\xbb\xbf")) ? 3 : 0;
	b->at = (struct cursor){ .bytes = b->bom, .ascii = is_ascii(sk_slice(file->text.p + b->bom, file->text.n - b->bom)) };
	if (!yaml_parser_initialize(&parser)) {
		(void)sk_diag_add(diags, SK_D_OUT_OF_MEMORY, place_at(b, 0), "out of memory");
		return false;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)file->text.p + b->bom, file->text.n - b->bom);
	bool ok = run(b, &parser);
	yaml_parser_delete(&parser);
	return ok;
}

struct sk_yaml *
sk_yaml_get(const struct sk_yaml *map, const char *key, const struct sk_yaml **ret_key)
{
	for (size_t i = 0; i < map->pairs.n; i++) {
		if (!sk_slice_is(map->pairs.v[i].key->text.s, key))
			continue;
		if (ret_key)
			*ret_key = map->pairs.v[i].key;
		return map->pairs.v[i].value;
	}
	return NULL;
}

bool
sk_yaml_is_null(const struct sk_yaml *node)
{
	struct sk_slice s = node->text.s;

	if (node->kind != SK_YAML_SCALAR || node->style != SK_YAML_PLAIN)
		return false;
	return s.n == 0 || sk_slice_is(s, "~") || sk_slice_is(s, "null") || sk_slice_is(s, "Null") || sk_slice_is(s, "NULL");
}
