/* Values of the text form: fields, transformers, constants. */
#include "base/schema.h"
#include "vm/bundle/asm.h"

#include <arpa/inet.h>
#include <errno.h>

/* Lists and transformers in each other, on one line. */
#define MAX_NESTING 20u

/* "<kind TYPE list>" behind a value: what the text says; the rest is up to the value. */
struct suffix {
	bool has_kind, has_type, has_list, is_list;
	enum sk_vkind kind;
	enum sk_ptype type;
};

bool
sk_asm_type(struct sk_asm_cursor *c, struct sk_slice name, enum sk_ptype *ret)
{
	for (uint32_t t = 0; t < SK_PT_LIMIT; t++)
		if (sk_slice_is(name, sk_type_name((enum sk_ptype)t))) {
			*ret = (enum sk_ptype)t;
			return true;
		}
	return sk_asm_fail(c, "unknown type");
}

static bool
suffix_word(struct sk_asm_cursor *c, struct sk_slice w, struct suffix *ret)
{
	if (sk_slice_is(w, "list") || sk_slice_is(w, "scalar")) {
		ret->has_list = true;
		ret->is_list = sk_slice_is(w, "list");
		return true;
	}
	for (uint32_t k = SK_V_BOOL; k < SK_V_LIST; k++)
		if (sk_slice_is(w, sk_vkind_name((enum sk_vkind)k))) {
			ret->has_kind = true;
			ret->kind = (enum sk_vkind)k;
			return true;
		}
	ret->has_type = true;
	return sk_asm_type(c, w, &ret->type);
}

static bool
parse_suffix(struct sk_asm_cursor *c, struct suffix *ret)
{
	*ret = (struct suffix){0};
	if (c->p == c->end || *c->p != '<')
		return true;
	c->p++;
	while (!sk_asm_accept(c, ">"))
		if (!suffix_word(c, sk_asm_word(c, "_"), ret))
			return false;
	return true;
}

/* Constant V, with the type that its suffix names. */
static bool
finish_const(struct sk_asm_cursor *c, const struct sk_value *v, uint32_t *ret)
{
	struct suffix s;

	if (!parse_suffix(c, &s))
		return false;
	*ret = sk_builder_const(c->as->b, v, s.has_type ? s.type : sk_default_type((enum sk_vkind)v->kind));
	return true;
}

static bool
quoted(struct sk_asm_cursor *c, enum sk_vkind kind, uint32_t *ret)
{
	struct sk_buf text = {0};
	bool ok = sk_asm_string(c, &text);

	if (ok) {
		struct sk_value v = {.kind = (uint8_t)kind, .n = (uint32_t)text.n, .s = sk_buf_view(&text).p};
		ok = finish_const(c, &v, ret);
	}
	sk_buf_free(&text);
	return ok;
}

static bool
address(struct sk_asm_cursor *c, const char *word, uint32_t *ret)
{
	char host[INET6_ADDRSTRLEN] = "";
	uint8_t addr[16];
	const char *slash = strchr(word, '/');
	size_t n = slash ? (size_t)(slash - word) : strlen(word);
	struct sk_value v = {.kind = slash ? SK_V_NET : SK_V_IP, .addr = addr};

	if (n < sizeof(host))
		memcpy(host, word, n);
	v.ip = strchr(host, ':') ? 6 : 4;
	if (inet_pton(v.ip == 6 ? AF_INET6 : AF_INET, host, addr) != 1)
		return sk_asm_fail(c, "malformed address");
	if (slash) {
		char *end;
		unsigned long bits = strtoul(slash + 1, &end, 10);

		if (!slash[1] || *end || bits > (v.ip == 6 ? 128 : 32))
			return sk_asm_fail(c, "malformed prefix");
		v.prefix = (uint8_t)bits;
	}
	return finish_const(c, &v, ret);
}

/* A word that begins with a digit or a sign: 5, -5, 5u, 5.0. */
static bool
number(struct sk_asm_cursor *c, char *word, uint32_t *ret)
{
	size_t n = strlen(word);
	struct sk_value v = {.kind = SK_V_INT};
	char *end;

	errno = 0;
	if (word[n - 1] == 'u') {
		word[n - 1] = '\0';
		v.kind = SK_V_UINT;
		v.u = strtoull(word, &end, 10);
	} else if (strpbrk(word, ".e")) {
		v.kind = SK_V_FLOAT;
		v.d = strtod(word, &end);
		/* Denormal numbers set it too. */
		errno = 0;
	} else
		v.i = strtoll(word, &end, 10);
	if (*end || end == word || errno || (v.kind == SK_V_UINT && word[0] == '-'))
		return sk_asm_fail(c, "malformed number");
	return finish_const(c, &v, ret);
}

static bool
float_bits(struct sk_asm_cursor *c, const char *hex, uint32_t *ret)
{
	struct sk_value v = {.kind = SK_V_FLOAT};
	char *end;

	v.u = strtoull(hex, &end, 16);
	return *end || end == hex ? sk_asm_fail(c, "malformed number") : finish_const(c, &v, ret);
}

static bool value(struct sk_asm_cursor *c, uint32_t depth, uint32_t *ret);

/* Values up to the closing bracket. */
static bool
arguments(struct sk_asm_cursor *c, const char *close, uint32_t depth, sk_u32_vec *ret)
{
	if (sk_asm_accept(c, close))
		return true;
	do {
		uint32_t v;

		if (!value(c, depth + 1, &v))
			return false;
		SK_PUT(c->as->b, ret, v);
	} while (sk_asm_accept(c, ","));
	return sk_asm_expect(c, close);
}

static bool
const_list(struct sk_asm_cursor *c, const sk_u32_vec *args, uint32_t *ret)
{
	struct suffix s;
	struct sk_builder *b = c->as->b;

	if (!parse_suffix(c, &s))
		return false;
	for (size_t i = 0; i < args->n; i++)
		if (!(args->v[i] & SK_CONST_BIT))
			return sk_asm_fail(c, "elements of lists are constants");
	const struct sk_value_def *first = args->n ? sk_builder_const_def(b, args->v[0]) : NULL;
	enum sk_vkind kind = s.has_kind ? s.kind : first ? (enum sk_vkind)first->kind : SK_V_STR;
	enum sk_ptype type = s.has_type ? s.type : first ? (enum sk_ptype)first->type : SK_PT_CHARBUF;
	*ret = sk_builder_const_list(b, kind, args->v, (uint32_t)args->n, type);
	return true;
}

static bool
list(struct sk_asm_cursor *c, uint32_t depth, uint32_t *ret)
{
	sk_u32_vec args = {0};
	bool ok = arguments(c, "]", depth, &args) && const_list(c, &args, ret);

	sk_vec_free(&args);
	return ok;
}

/* Definition of a value by its number of now. */
static const struct sk_value_def *
definition(const struct sk_builder *b, uint32_t v)
{
	static const struct sk_value_def none = {0};

	if (v & SK_CONST_BIT)
		return sk_builder_const_def(b, v);
	return v < b->computed.n ? &b->computed.v[v] : &none;
}

static bool
make_xform(struct sk_asm_cursor *c, enum sk_xform x, const sk_u32_vec *args, uint32_t *ret)
{
	struct sk_builder *b = c->as->b;
	struct sk_buf arg = {0};
	struct suffix s;
	bool has_arg = false;

	if (args->n == 0)
		return sk_asm_fail(c, "transformers need an argument");
	if (c->p < c->end && *c->p == '[') {
		has_arg = true;
		c->p++;
		if (!sk_asm_string(c, &arg) || !sk_asm_expect(c, "]")) {
			sk_buf_free(&arg);
			return false;
		}
	}
	bool ok = parse_suffix(c, &s);
	if (ok) {
		const struct sk_value_def *first = definition(b, args->v[0]);
		enum sk_vkind kind = s.has_kind ? s.kind : sk_xform_kind(x, (enum sk_vkind)first->kind);
		bool as_first = kind == (enum sk_vkind)first->kind && kind != SK_V_UINT;
		enum sk_ptype type = s.has_type ? s.type : as_first ? (enum sk_ptype)first->type : sk_default_type(kind);
		bool is_list = s.has_list ? s.is_list : sk_xform_is_list(x, first->is_list, has_arg);
		*ret = sk_builder_xform(b, x, args->v, (uint32_t)args->n, has_arg ? sk_buf_view(&arg) : sk_slice(NULL, 0), kind,
					is_list, type);
	}
	sk_buf_free(&arg);
	return ok;
}

static bool
xform(struct sk_asm_cursor *c, struct sk_slice name, uint32_t depth, uint32_t *ret)
{
	sk_u32_vec args = {0};
	uint32_t x = 1;

	while (x < SK_XF_LIMIT && !sk_slice_is(name, sk_xform_name((enum sk_xform)x)))
		x++;
	if (x == SK_XF_LIMIT)
		return sk_asm_fail(c, "unknown transformer");
	bool ok = arguments(c, ")", depth, &args) && make_xform(c, (enum sk_xform)x, &args, ret);
	sk_vec_free(&args);
	return ok;
}

static bool
field(struct sk_asm_cursor *c, struct sk_slice name, uint32_t *ret)
{
	const struct sk_field_desc *f = sk_field_find(name);
	enum sk_value_arg arg = SK_VA_NONE;
	uint64_t index = 0;
	struct sk_buf key = {0};
	struct suffix s;
	bool ok = f || sk_asm_fail(c, "unknown field or word");

	if (ok && c->p < c->end && *c->p == '[') {
		c->p++;
		arg = c->p < c->end && *c->p == '"' ? SK_VA_KEY : SK_VA_INDEX;
		ok = (arg == SK_VA_KEY ? sk_asm_string(c, &key) : sk_asm_number(c, UINT64_MAX, &index)) && sk_asm_expect(c, "]");
	}
	ok = ok && parse_suffix(c, &s);
	if (ok) {
		enum sk_ptype type = s.has_type ? s.type : (enum sk_ptype)f->type;
		enum sk_vkind kind = s.has_kind ? s.kind : sk_type_kind(type);

		*ret = sk_builder_field(c->as->b, (enum sk_field_id)f->id, arg, index, sk_buf_view(&key), kind,
					s.has_list && s.is_list, type);
	}
	sk_buf_free(&key);
	return ok;
}

/* A word: an address, a number, a name, a field. */
static bool
word_value(struct sk_asm_cursor *c, struct sk_slice w, uint32_t *ret)
{
	char word[INET6_ADDRSTRLEN + 8] = "";
	uint32_t name;

	if (sk_slice_is(w, "true") || sk_slice_is(w, "false"))
		return finish_const(c, &(struct sk_value){.kind = SK_V_BOOL, .u = sk_slice_is(w, "true")}, ret);
	if (sk_asm_is_name(w, 'v', &name))
		return sk_asm_lookup(c, 'v', name, ret);
	if (sk_asm_is_name(w, 'c', &name))
		return sk_asm_lookup(c, 'c', name, ret);
	if (w.n == 0 || w.n >= sizeof(word))
		return field(c, w, ret);
	memcpy(word, w.p, w.n);
	if (sk_slice_starts(w, SK_SLICE("float:")))
		return float_bits(c, word + 6, ret);
	const char *dot = strchr(word, '.');
	if (strchr(word, ':') || strchr(word, '/') || (word[0] >= '0' && word[0] <= '9' && dot && strchr(dot + 1, '.')))
		return address(c, word, ret);
	if (strchr("0123456789-+", word[0]))
		return number(c, word, ret);
	return field(c, w, ret);
}

static bool
value(struct sk_asm_cursor *c, uint32_t depth, uint32_t *ret)
{
	if (depth > MAX_NESTING)
		return sk_asm_fail(c, "nested deeper than %u", MAX_NESTING);
	if (sk_asm_accept(c, "["))
		return list(c, depth, ret);
	if (c->p < c->end && *c->p == '"')
		return quoted(c, SK_V_STR, ret);
	if (c->end - c->p >= 2 && c->p[0] == 'b' && c->p[1] == '"') {
		c->p++;
		return quoted(c, SK_V_BYTES, ret);
	}
	struct sk_slice w = sk_asm_word(c, "_.:/+-");
	if (c->p < c->end && *c->p == '(') {
		c->p++;
		return xform(c, w, depth, ret);
	}
	return word_value(c, w, ret);
}

bool
sk_asm_value(struct sk_asm_cursor *c, uint32_t *ret)
{
	return value(c, 0, ret);
}

/* "value v5 = ...", "const c5 = ..." */
size_t
sk_asm_define_value(struct sk_asm *as, size_t i)
{
	struct sk_asm_cursor c = sk_asm_cursor(as, i);
	char letter = sk_slice_is(sk_asm_word(&c, ""), "const") ? 'c' : 'v';
	uint32_t name, v;

	if (!sk_asm_is_name(sk_asm_word(&c, ""), letter, &name))
		return sk_asm_fail(&c, "expected a name like %c1", letter);
	if (!sk_asm_expect(&c, "=") || !sk_asm_value(&c, &v) || !sk_asm_define(&c, letter, name, v))
		return 0;
	return sk_asm_at_end(&c) ? i + 1 : sk_asm_fail(&c, "unexpected text");
}
