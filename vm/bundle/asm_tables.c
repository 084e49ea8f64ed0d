/* Sets, tries, multi tests and candidate tables of the text form. */
#include "vm/bundle/asm.h"
#include "vm/bundle/tables.h"

/* Texts of a trie: owned copies. */
struct texts {
	SK_VEC(struct sk_slice) v;
};

static void
free_texts(struct texts *t)
{
	for (size_t i = 0; i < t->v.n; i++)
		free((char *)(uintptr_t)t->v.v[i].p);
	sk_vec_free(&t->v);
}

static bool
add_text(struct sk_asm_cursor *c, struct texts *t)
{
	struct sk_buf s = {0};

	if (!sk_asm_string(c, &s)) {
		sk_buf_free(&s);
		return false;
	}
	(void)sk_buf_cstr(&s);
	if (s.failed || !sk_vec_push(&t->v, sk_slice(s.p, s.n))) {
		sk_buf_free(&s);
		c->as->b->nomem = true;
	}
	return true;
}

static bool
add_const(struct sk_asm_cursor *c, sk_u32_vec *v)
{
	uint32_t n;

	if (!sk_asm_value(c, &n))
		return false;
	if (!(n & SK_CONST_BIT))
		return sk_asm_fail(c, "members of sets are constants");
	SK_PUT(c->as->b, v, n);
	return true;
}

/* The kind of a set that holds constant V. */
static enum sk_vkind
set_kind(const struct sk_builder *b, uint32_t v)
{
	enum sk_vkind k = (enum sk_vkind)sk_builder_const_def(b, v)->kind;

	if (SK_KIND_BIT(k) & SK_KINDS_TEXT)
		return SK_V_STR;
	return SK_KIND_BIT(k) & SK_KINDS_NUM ? SK_V_UINT : k;
}

bool
sk_asm_set(struct sk_asm_cursor *c, uint32_t *ret)
{
	sk_u32_vec v = {0};
	uint32_t name;
	bool ok = true;

	if (!sk_asm_accept(c, "{"))
		return sk_asm_is_name(sk_asm_word(c, ""), 's', &name) ? sk_asm_lookup(c, 's', name, ret)
								      : sk_asm_fail(c, "expected a set");
	if (!sk_asm_accept(c, "}")) {
		do
			ok = add_const(c, &v);
		while (ok && sk_asm_accept(c, ","));
		ok = ok && sk_asm_expect(c, "}");
	}
	if (ok)
		*ret = sk_builder_set(c->as->b, v.n ? set_kind(c->as->b, v.v[0]) : SK_V_STR, v.v, (uint32_t)v.n);
	sk_vec_free(&v);
	return ok;
}

bool
sk_asm_trie(struct sk_asm_cursor *c, enum sk_trie_kind kind, uint32_t *ret)
{
	struct texts t = {0};
	uint32_t name;
	bool ok = true;

	if (!sk_asm_accept(c, "{"))
		return sk_asm_is_name(sk_asm_word(c, ""), 't', &name) ? sk_asm_lookup(c, 't', name, ret)
								      : sk_asm_fail(c, "expected a trie");
	if (!sk_asm_accept(c, "}")) {
		do
			ok = add_text(c, &t);
		while (ok && sk_asm_accept(c, ","));
		ok = ok && sk_asm_expect(c, "}");
	}
	if (ok)
		*ret = sk_builder_trie(c->as->b, kind, t.v.v, (uint32_t)t.v.n);
	free_texts(&t);
	return ok;
}

static bool
multi_operand(struct sk_asm_cursor *c, const struct sk_op_info *op, uint32_t *ret)
{
	struct sk_buf s = {0};

	if (op->b != SK_OPND_PATTERN)
		return sk_asm_value(c, ret);
	bool ok = sk_asm_string(c, &s);
	if (ok)
		*ret = sk_builder_pattern(c->as->b, sk_buf_view(&s));
	sk_buf_free(&s);
	return ok;
}

static bool
multi_operands(struct sk_asm_cursor *c, const struct sk_op_info *op, sk_u32_vec *ret)
{
	if (!sk_asm_expect(c, "("))
		return false;
	if (sk_asm_accept(c, ")"))
		return true;
	do {
		uint32_t x;

		if (!multi_operand(c, op, &x))
			return false;
		SK_PUT(c->as->b, ret, x);
	} while (sk_asm_accept(c, ","));
	return sk_asm_expect(c, ")");
}

/* "anyof CONTAINS! (...)" behind the quantifier */
static bool
multi_body(struct sk_asm_cursor *c, enum sk_quant quant, uint32_t *ret)
{
	sk_u32_vec v = {0};
	uint8_t number;
	const struct sk_op_info *op = sk_op_find(sk_asm_word(c, "_"), &number);
	uint8_t mod = sk_asm_accept(c, "!") ? SK_MOD_NEG : 0;

	if (!op)
		return sk_asm_fail(c, "unknown test");
	bool ok = multi_operands(c, op, &v);
	if (ok)
		*ret = sk_builder_multi(c->as->b, number, mod, quant,
					sk_builder_list(c->as->b, v.v, (uint32_t)v.n, op->b != SK_OPND_PATTERN));
	sk_vec_free(&v);
	return ok;
}

bool
sk_asm_multi(struct sk_asm_cursor *c, uint32_t *ret)
{
	struct sk_slice w = sk_asm_word(c, "");
	uint32_t name;

	if (sk_asm_is_name(w, 'm', &name))
		return sk_asm_lookup(c, 'm', name, ret);
	if (sk_slice_is(w, "oneof"))
		return multi_body(c, SK_QUANT_ONEOF, ret);
	if (sk_slice_is(w, "anyof"))
		return multi_body(c, SK_QUANT_ANYOF, ret);
	return sk_slice_is(w, "allof") ? multi_body(c, SK_QUANT_ALLOF, ret) : sk_asm_fail(c, "expected oneof, anyof or allof");
}

bool
sk_asm_numbers(struct sk_asm_cursor *c, sk_u32_vec *ret)
{
	if (!sk_asm_expect(c, "("))
		return false;
	while (!sk_asm_accept(c, ")")) {
		uint32_t x;

		if (!sk_asm_u32(c, &x))
			return false;
		SK_PUT(c->as->b, ret, x);
	}
	return true;
}

/* --- definitions */

/* The keyword, the name in *RET. */
static bool
head(struct sk_asm_cursor *c, char letter, uint32_t *ret)
{
	(void)sk_asm_word(c, "");
	return sk_asm_is_name(sk_asm_word(c, ""), letter, ret) || sk_asm_fail(c, "expected a name like %c1", letter);
}

static bool
parse_set_kind(struct sk_asm_cursor *c, enum sk_vkind *ret)
{
	struct sk_slice w = sk_asm_word(c, "");

	for (uint32_t k = SK_V_BOOL; k < SK_V_LIST; k++)
		if (sk_slice_is(w, sk_vkind_name((enum sk_vkind)k))) {
			*ret = (enum sk_vkind)k;
			return true;
		}
	return sk_asm_fail(c, "unknown kind of set");
}

/* "set s1 str", members in the lines below */
size_t
sk_asm_define_set(struct sk_asm *as, size_t i)
{
	struct sk_asm_cursor c = sk_asm_cursor(as, i++);
	sk_u32_vec v = {0};
	enum sk_vkind kind = SK_V_STR;
	uint32_t name;
	bool ok = head(&c, 's', &name) && parse_set_kind(&c, &kind);

	for (; ok && !sk_asm_begins(as, i); i++) {
		c = sk_asm_cursor(as, i);
		while (ok && !sk_asm_at_end(&c))
			ok = add_const(&c, &v);
	}
	ok = ok && sk_asm_define(&c, 's', name, sk_builder_set(as->b, kind, v.v, (uint32_t)v.n));
	sk_vec_free(&v);
	return ok ? i : 0;
}

/* "trie t1 path", members in the lines below */
size_t
sk_asm_define_trie(struct sk_asm *as, size_t i)
{
	struct sk_asm_cursor c = sk_asm_cursor(as, i++);
	struct texts t = {0};
	uint32_t name;
	bool ok = head(&c, 't', &name), path = sk_asm_accept(&c, "path");

	ok = ok && (path || sk_asm_expect(&c, "bytes"));
	for (; ok && !sk_asm_begins(as, i); i++) {
		c = sk_asm_cursor(as, i);
		while (ok && !sk_asm_at_end(&c))
			ok = add_text(&c, &t);
	}
	ok = ok &&
	     sk_asm_define(&c, 't', name, sk_builder_trie(as->b, path ? SK_TRIE_PATH : SK_TRIE_BYTES, t.v.v, (uint32_t)t.v.n));
	free_texts(&t);
	return ok ? i : 0;
}

size_t
sk_asm_define_multi(struct sk_asm *as, size_t i)
{
	struct sk_asm_cursor c = sk_asm_cursor(as, i);
	uint32_t name, id;

	if (!head(&c, 'm', &name) || !sk_asm_multi(&c, &id) || !sk_asm_define(&c, 'm', name, id))
		return 0;
	return i + 1;
}

/* The lists of a select, one a line: "blocks 1 2 3". */
struct select_lists {
	SK_VEC(struct sk_slice_u32) v; /* of numbers: offsets while it grows */
	sk_u32_vec numbers;
};

static bool
blocks_line(struct sk_asm_cursor *c, struct select_lists *s)
{
	uint32_t x, n = 0;

	if (!sk_asm_expect(c, "blocks"))
		return false;
	for (; !sk_asm_at_end(c); n++) {
		if (!sk_asm_u32(c, &x))
			return false;
		SK_PUT(c->as->b, &s->numbers, x);
	}
	SK_PUT(c->as->b, &s->v, (struct sk_slice_u32){NULL, n});
	return true;
}

static uint32_t
build_select(struct sk_builder *b, enum sk_select_kind kind, uint32_t table, struct select_lists *s)
{
	const uint32_t *next = s->numbers.v;

	for (size_t k = 0; k < s->v.n; next += s->v.v[k++].n)
		s->v.v[k].v = next;
	return sk_builder_select(b, kind, table, s->v.v, (uint32_t)s->v.n);
}

/* "select x1 set s1", lists by ordinal in the lines below */
size_t
sk_asm_define_select(struct sk_asm *as, size_t i)
{
	struct sk_asm_cursor c = sk_asm_cursor(as, i++);
	struct select_lists s = {0};
	uint32_t name, table = 0, kind = SK_SELECT_SET;
	bool ok = head(&c, 'x', &name);

	while (kind + 1 < SK_SELECT_LIMIT && !sk_asm_accept(&c, sk_select_info(kind)->name))
		kind++;
	ok = ok && (kind + 1 < SK_SELECT_LIMIT || sk_asm_expect(&c, sk_select_info(kind)->name));
	uint8_t trie = sk_select_info(kind)->trie;
	ok = ok && (trie ? sk_asm_trie(&c, (enum sk_trie_kind)trie, &table) : sk_asm_set(&c, &table));
	for (; ok && !sk_asm_begins(as, i); i++) {
		c = sk_asm_cursor(as, i);
		ok = blocks_line(&c, &s);
	}
	ok = ok && !as->b->nomem &&
	     sk_asm_define(&c, 'x', name, build_select(as->b, (enum sk_select_kind)kind, table, &s));
	sk_vec_free(&s.v);
	sk_vec_free(&s.numbers);
	return ok ? i : 0;
}
