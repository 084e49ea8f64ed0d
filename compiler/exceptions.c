/* Exceptions of rules: reading and checking them, and turning them into conditions.
 *
 * An exception becomes text of the condition language, put together of the scalars of the file, and goes through the same parser
 * as conditions: fields with arguments, operators and quoting mean there what they mean everywhere, and findings keep their
 * places. */
#include "compiler/collect.h"

#include "base/schema.h"
#include "compiler/suggest.h"
#include "grammar/words.h"

/* --- operators and fields ----------------------------------------------------------------- */
/* "in", "contains", "contains anyof". False if it is none. */
static bool
find_operator(struct sk_slice s, enum sk_cmp *ret, enum sk_quant *ret_quant)
{
	size_t n;
	enum sk_cmp cmp = sk_word_cmp_prefix(s, &n);

	*ret = cmp;
	*ret_quant = SK_QUANT_NONE;
	if (cmp == SK_CMP_COUNT || cmp == SK_CMP_EXISTS)
		return false;
	if (n == s.n)
		return true;
	while (n < s.n && s.p[n] == ' ')
		n++;
	*ret_quant = sk_word_quant_find(sk_slice(s.p + n, s.n - n));
	return *ret_quant != SK_QUANT_NONE && s.p[n - 1] == ' ' && sk_word_cmp_rhs(cmp) == SK_RHS_SCALAR;
}

static bool
takes_list(struct sk_slice op)
{
	enum sk_cmp cmp;
	enum sk_quant quant;

	return find_operator(op, &cmp, &quant) && (quant != SK_QUANT_NONE || sk_word_cmp_rhs(cmp) == SK_RHS_LIST);
}

static struct sk_slice
field_name(struct sk_slice s)
{
	const char *bracket = s.n ? memchr(s.p, '[', s.n) : NULL;

	return sk_slice(s.p, bracket ? (size_t)(bracket - s.p) : s.n);
}

/* A known field, its argument aside: sema looks at that. */
static bool
is_field(struct sk_slice s)
{
	struct sk_slice name = field_name(s);
	const struct sk_field_desc *f = name.n ? sk_field_prefix(name) : NULL;

	return f && (f->name_len == name.n || name.p[f->name_len] == '.');
}

/* --- checks ----------------------------------------------------------------- */
struct checker {
	struct sk_compile *cx;
	const struct sk_item *item;
};

static bool
wrong(const struct checker *c, const struct sk_yaml *node, const char *text)
{
	(void)sk_report(c->cx, c->item, SK_D_BAD_EXCEPTION, node->kind == SK_YAML_MAP ? sk_map_loc(node) : node->loc, "%s", text);
	return false;
}

static bool
check_field(const struct checker *c, const struct sk_yaml *node)
{
	struct sk_slice s = node->text.s;

	if (node->kind != SK_YAML_SCALAR)
		return wrong(c, node, "a field of an exception must be a single name");
	if (is_field(s))
		return true;
	struct sk_slice best = sk_suggest_field(field_name(s));
	(void)sk_report(c->cx, c->item, SK_D_BAD_EXCEPTION, node->loc, "unknown field '%.*s'" SK_SUGGEST_FMT, SK_SLICE_ARG(s),
			SK_SUGGEST_ARG(best));
	return false;
}

/* "contains anyoff": each word by itself. */
static struct sk_slice
nearest_operator(const struct sk_compile *cx, struct sk_slice s)
{
	const char *blank = s.n ? memchr(s.p, ' ', s.n) : NULL;
	struct sk_slice word = sk_slice(s.p, blank ? (size_t)(blank - s.p) : s.n);
	struct sk_slice modifier = sk_slice(s.p + word.n + (blank != NULL), s.n - word.n - (blank != NULL));
	struct sk_slice cmp = sk_word_cmp_nearest(word), quant = sk_word_quant_nearest(modifier);

	if (!blank || !cmp.n || !quant.n)
		return blank ? (struct sk_slice){ 0 } : cmp;
	return sk_arena_printf(cx->arena, "%.*s %.*s", SK_SLICE_ARG(cmp), SK_SLICE_ARG(quant));
}

static bool
check_operator(const struct checker *c, const struct sk_yaml *node)
{
	struct sk_slice s = node->text.s;
	enum sk_cmp cmp;
	enum sk_quant quant;

	if (node->kind == SK_YAML_SCALAR && find_operator(s, &cmp, &quant))
		return true;
	struct sk_slice best = nearest_operator(c->cx, s);
	(void)sk_report(c->cx, c->item, SK_D_BAD_EXCEPTION, node->loc, "'%.*s' is no comparison operator" SK_SUGGEST_FMT, SK_SLICE_ARG(s),
			SK_SUGGEST_ARG(best));
	return false;
}

static bool
check_list_form(const struct checker *c, const struct sk_exception *ex)
{
	bool ok = true;

	if (!ex->fields->items.n)
		return wrong(c, ex->fields, "fields is empty");
	if (ex->comps && (ex->comps->kind != SK_YAML_SEQ || ex->comps->items.n != ex->fields->items.n))
		return wrong(c, ex->comps, "comps must be a list as long as fields");
	for (size_t i = 0; i < ex->fields->items.n; i++) {
		ok &= !ex->comps || check_operator(c, ex->comps->items.v[i]);
		ok &= check_field(c, ex->fields->items.v[i]);
	}
	return ok;
}

static bool
check_single_form(const struct checker *c, const struct sk_exception *ex)
{
	if (ex->comps && ex->comps->kind != SK_YAML_SCALAR)
		return wrong(c, ex->comps, "comps must be a single operator where fields is a single field");
	if (ex->comps && !check_operator(c, ex->comps))
		return false;
	if (ex->comps && !takes_list(ex->comps->text.s))
		return wrong(c, ex->comps,
			     "a single field needs in, pmatch, intersects, or an operator with oneof, anyof or allof");
	return check_field(c, ex->fields);
}

static bool
check_tuple(const struct checker *c, const struct sk_exception *ex, const struct sk_yaml *v)
{
	if (ex->fields->kind == SK_YAML_SCALAR)
		return v->kind == SK_YAML_SCALAR ? true : wrong(c, v, "values of a single field must be a list of strings");
	if (v->kind != SK_YAML_SEQ || v->items.n != ex->fields->items.n)
		return wrong(c, v, "values must be tuples as long as fields");
	for (size_t i = 0; i < v->items.n; i++)
		if (v->items.v[i]->kind == SK_YAML_MAP)
			return wrong(c, v->items.v[i], "a value must be a string or a list of strings");
	return true;
}

/* Values come with definitions and with appends; a tuple must fit the fields of the definition. */
static bool
check_values(const struct checker *c, const struct sk_exception *ex, const struct sk_yaml *values)
{
	bool ok = true;

	for (size_t i = 0; i < values->items.n; i++)
		ok &= check_tuple(c, ex, values->items.v[i]);
	return ok;
}

/* --- reading ----------------------------------------------------------------- */
/* One entry of `exceptions`, as it stands. */
struct entry {
	struct checker c;
	struct sk_slice name;
	const struct sk_yaml *fields, *comps, *values;
};

static const struct sk_yaml *
get_value(const struct sk_yaml *map, const char *key)
{
	const struct sk_yaml *v = sk_yaml_get(map, key, NULL);

	return v && sk_yaml_is_null(v) ? NULL : v;
}

static bool
bad_shape(const struct checker *c, const struct sk_yaml *node, const char *text)
{
	(void)sk_report(c->cx, c->item, SK_D_BAD_EXCEPTION_NODE, node->kind == SK_YAML_MAP ? sk_map_loc(node) : node->loc, "%s",
			text);
	return false;
}

static bool
read_entry(const struct sk_reading *r, const struct sk_yaml *map, struct entry *ret)
{
	static const char *const known[] = { "name", "fields", "comps", "values", NULL };
	struct sk_compile *cx = r->c->cx;

	*ret = (struct entry){ .c = { cx, sk_item_new(cx, r->item, "exception", (struct sk_slice){ 0 }, sk_map_loc(map)) } };
	if (map->kind != SK_YAML_MAP)
		return bad_shape(&ret->c, map, "an exception must be a map");
	const struct sk_yaml *name = get_value(map, "name");
	if (!name || name->kind != SK_YAML_SCALAR || !name->text.s.n)
		return bad_shape(&ret->c, map, "an exception needs a name");
	ret->name = name->text.s;
	ret->c.item = sk_item_new(cx, r->item, "exception", ret->name, sk_map_loc(map));
	struct sk_reading in = { .c = r->c, .map = map, .item = ret->c.item };
	sk_warn_unknown_keys(&in, known);
	ret->fields = get_value(map, "fields");
	ret->comps = get_value(map, "comps");
	ret->values = get_value(map, "values");
	if (ret->values && ret->values->kind != SK_YAML_SEQ)
		return bad_shape(&ret->c, ret->values, "values must be a list");
	if (ret->fields && ret->fields->kind == SK_YAML_MAP)
		return bad_shape(&ret->c, ret->fields, "fields must be a name or a list of names");
	return true;
}

static struct sk_exception *
find_exception(const struct sk_rule_ast *rule, struct sk_slice name)
{
	for (size_t i = 0; i < rule->src->exceptions.n; i++)
		if (sk_slice_eq(rule->src->exceptions.v[i]->name, name))
			return rule->src->exceptions.v[i];
	return NULL;
}

static bool
define(const struct entry *e, const struct sk_yaml *map, struct sk_rule_ast *rule)
{
	struct sk_exception *ex = SK_NEW(e->c.cx->arena, struct sk_exception);

	if (!ex || !sk_vec_push_arena(&rule->src->exceptions, e->c.cx->arena, ex))
		return false;
	*ex = (struct sk_exception){ .name = e->name, .item = e->c.item, .fields = e->fields, .comps = e->comps, .bad = true };
	if (!e->fields)
		return bad_shape(&e->c, map, "an exception needs fields");
	ex->bad = !(e->fields->kind == SK_YAML_SEQ ? check_list_form(&e->c, ex) : check_single_form(&e->c, ex));
	if (!ex->bad && e->values)
		ex->bad = !check_values(&e->c, ex, e->values) || !sk_vec_push_arena(&ex->values, e->c.cx->arena, e->values);
	return !ex->bad;
}

static bool
append_to(const struct entry *e, struct sk_exception *ex)
{
	if (e->fields)
		return wrong(&e->c, e->fields, "the exception has its fields already; only values can be appended");
	if (e->comps)
		return wrong(&e->c, e->comps, "the exception has its comps already; only values can be appended");
	if (!e->values)
		(void)sk_report(e->c.cx, e->c.item, SK_D_APPEND_NO_VALUES, e->c.item->loc,
				"the exception '%.*s' has no values to append", SK_SLICE_ARG(e->name));
	if (!e->values || ex->bad)
		return true;
	return check_values(&e->c, ex, e->values) && sk_vec_push_arena(&ex->values, e->c.cx->arena, e->values);
}

static bool
append_new(const struct entry *e, const struct sk_yaml *map, struct sk_rule_ast *rule)
{
	if (!e->fields)
		return wrong(&e->c, map, "a new exception needs fields");
	if (!e->values)
		return wrong(&e->c, map, "a new exception in an append needs values");
	return define(e, map, rule);
}

/* Twice in one item, be it defined there or appended to. */
static void
warn_of_twins(const struct sk_reading *r, const struct entry *e, const struct sk_yaml *all, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		const struct sk_yaml *name = all->items.v[i]->kind == SK_YAML_MAP ? sk_yaml_get(all->items.v[i], "name", NULL) : NULL;

		if (!name || name->kind != SK_YAML_SCALAR || !sk_slice_eq(name->text.s, e->name))
			continue;
		(void)sk_report(r->c->cx, e->c.item, SK_D_EXCEPTION_NAME, e->c.item->loc, "exception '%.*s' is given twice", SK_SLICE_ARG(e->name));
		return;
	}
}

static bool
read_exception(const struct sk_reading *r, const struct sk_yaml *all, size_t index, struct sk_rule_ast *rule, bool append)
{
	const struct sk_yaml *map = all->items.v[index];
	struct sk_exception *earlier;
	struct entry e;

	if (!read_entry(r, map, &e))
		return false;
	warn_of_twins(r, &e, all, index);
	if (!append)
		return define(&e, map, rule);
	earlier = find_exception(rule, e.name);
	return earlier ? append_to(&e, earlier) : append_new(&e, map, rule);
}

bool
sk_read_exceptions(const struct sk_reading *r, struct sk_rule_ast *rule, bool append)
{
	const struct sk_yaml *v;
	bool ok = true;

	if (!append)
		rule->src->exceptions.n = 0;
	if (!sk_may(r, "exceptions", &v))
		return false;
	if (!v)
		return true;
	if (v->kind != SK_YAML_SEQ) {
		const struct sk_item *item = sk_item_new(r->c->cx, r->item, "exceptions", (struct sk_slice){ 0 }, v->loc);

		return bad_shape(&(struct checker){ r->c->cx, item }, v, "exceptions must be a list of maps");
	}
	for (size_t i = 0; i < v->items.n; i++)
		ok &= read_exception(r, v, i, rule, append);
	return ok;
}
