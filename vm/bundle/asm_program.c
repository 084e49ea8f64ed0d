/* Programs of the text form. */
#include "base/hash.h"
#include "base/schema.h"
#include "vm/bundle/asm.h"

/* Source map entries of instructions that belong to whatever rule their block matches. */
#define RULE_OF_BLOCK (SK_SRCMAP_NONE - 1)

struct label {
	struct sk_slice name;
	uint32_t pc;
};

/* An operand that waits for its label. */
struct jump {
	struct sk_slice t, f; /* f: empty if the format has none */
	uint32_t line;
};

struct program {
	struct sk_asm *as;
	SK_VEC(struct sk_insn) code;
	SK_VEC(struct sk_srcmap_def) map;
	SK_VEC(struct jump) jumps; /* one an instruction */
	SK_VEC(struct label) labels;
	struct sk_dedup label_index;
	sk_u32_vec blocks;
	SK_VEC(uint32_t) on; /* source * SK_EVENT_LIMIT + type */
	uint32_t nmemos;
	bool has_map;
};

static void
free_program(struct program *g)
{
	sk_vec_free(&g->code);
	sk_vec_free(&g->map);
	sk_vec_free(&g->jumps);
	sk_vec_free(&g->labels);
	sk_dedup_free(&g->label_index);
	sk_vec_free(&g->blocks);
	sk_vec_free(&g->on);
}

bool
sk_asm_source(struct sk_asm_cursor *c, enum sk_source *ret)
{
	struct sk_slice w = sk_asm_word(c, "_");

	for (uint32_t s = 0; s < SK_SOURCE_COUNT; s++)
		if (sk_slice_is(w, sk_source_name((enum sk_source)s))) {
			*ret = (enum sk_source)s;
			return true;
		}
	return sk_asm_fail(c, "unknown source");
}

bool
sk_asm_event(struct sk_asm_cursor *c, uint32_t *ret)
{
	const char *beg = c->p;
	struct sk_slice w = sk_asm_word(c, "_");

	for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++) {
		const struct sk_event_desc *d = sk_event_desc(t);

		if (d && d->sym && sk_slice_is(w, d->sym)) {
			*ret = t;
			return true;
		}
	}
	c->p = beg;
	return sk_asm_u32(c, ret) && (*ret < SK_EVENT_LIMIT || sk_asm_fail(c, "no such event type"));
}

static bool
on_line(struct program *g, struct sk_asm_cursor *c)
{
	enum sk_source source;
	uint32_t type;

	if (!sk_asm_source(c, &source))
		return false;
	while (!sk_asm_at_end(c)) {
		if (!sk_asm_event(c, &type))
			return false;
		SK_PUT(g->as->b, &g->on, source * SK_EVENT_LIMIT + type);
	}
	return true;
}

/* --- labels */

static bool
label_eq(const void *ctx, const void *key, uint32_t id)
{
	const struct program *g = ctx;

	return sk_slice_eq(g->labels.v[id].name, *(const struct sk_slice *)key);
}

static uint32_t
find_label(const struct program *g, struct sk_slice name)
{
	return sk_dedup_find(&g->label_index, sk_hash_bytes(name.p, name.n), label_eq, g, &name);
}

static bool
add_label(struct program *g, struct sk_asm_cursor *c, struct sk_slice name)
{
	if (find_label(g, name) != SK_DEDUP_NONE)
		return sk_asm_fail(c, "label %.*s is defined twice", SK_SLICE_ARG(name));
	SK_PUT(g->as->b, &g->labels, (struct label){name, (uint32_t)g->code.n});
	if (!g->as->b->nomem && !sk_dedup_add(&g->label_index, sk_hash_bytes(name.p, name.n), (uint32_t)g->labels.n - 1))
		g->as->b->nomem = true;
	return true;
}

static bool
resolve_one(struct program *g, struct sk_slice name, uint32_t line, uint32_t *ret)
{
	uint32_t id;

	if (name.n == 0)
		return true;
	struct sk_asm_cursor c = {g->as, name.p, name.p + name.n, line};
	id = find_label(g, name);
	if (id == SK_DEDUP_NONE)
		return sk_asm_fail(&c, "no such label");
	*ret = g->labels.v[id].pc;
	return true;
}

static bool
resolve(struct program *g)
{
	for (size_t i = 0; i < g->code.n; i++)
		if (!resolve_one(g, g->jumps.v[i].t, g->jumps.v[i].line, &g->code.v[i].t) ||
		    !resolve_one(g, g->jumps.v[i].f, g->jumps.v[i].line, &g->code.v[i].f))
			return false;
	return true;
}

/* --- instructions */

static bool
mnemonic(struct sk_asm_cursor *c, struct sk_insn *in, const struct sk_op_info **ret)
{
	*ret = sk_op_find(sk_asm_word(c, "_"), &in->op);
	if (!*ret)
		return sk_asm_fail(c, "unknown instruction");
	if (sk_asm_accept(c, ".any"))
		in->mod = SK_MOD_ANY;
	else if (sk_asm_accept(c, ".all"))
		in->mod = SK_MOD_ALL;
	if (sk_asm_accept(c, "!"))
		in->mod |= SK_MOD_NEG;
	return true;
}

static bool
named(struct sk_asm_cursor *c, char letter, uint32_t *ret)
{
	uint32_t name;

	if (!sk_asm_is_name(sk_asm_word(c, ""), letter, &name))
		return sk_asm_fail(c, "expected a name like %c1", letter);
	if (letter == 'r') {
		*ret = name;
		return true;
	}
	return sk_asm_lookup(c, letter, name, ret);
}

static bool
pattern(struct sk_asm_cursor *c, uint32_t *ret)
{
	struct sk_buf s = {0};
	bool ok = sk_asm_string(c, &s);

	if (ok)
		*ret = sk_builder_pattern(c->as->b, sk_buf_view(&s));
	sk_buf_free(&s);
	return ok;
}

static bool
blocks(struct sk_asm_cursor *c, uint32_t *ret)
{
	sk_u32_vec v = {0};
	bool ok = sk_asm_numbers(c, &v);

	if (ok)
		*ret = sk_builder_list(c->as->b, v.v, (uint32_t)v.n, false);
	sk_vec_free(&v);
	return ok;
}

static bool
operand(struct sk_asm_cursor *c, enum sk_operand kind, uint8_t op, uint32_t *ret)
{
	switch (kind) {
	case SK_OPND_NONE:
	case SK_OPND_FWD:
		return true;
	case SK_OPND_VALUE:
	case SK_OPND_CONST:
		return sk_asm_value(c, ret);
	case SK_OPND_SET:
		return sk_asm_set(c, ret);
	case SK_OPND_TRIE:
		return sk_asm_trie(c, sk_op_trie_kind(op), ret);
	case SK_OPND_PATTERN:
		return pattern(c, ret);
	case SK_OPND_MULTI:
		return sk_asm_multi(c, ret);
	case SK_OPND_SELECT:
		return named(c, 'x', ret);
	case SK_OPND_LIST:
		return blocks(c, ret);
	case SK_OPND_RULE:
		return named(c, 'r', ret);
	case SK_OPND_MEMO:
		return sk_asm_u32(c, ret);
	}
	return false;
}

static bool
operands(struct sk_asm_cursor *c, struct sk_insn *in, const struct sk_op_info *op)
{
	uint32_t a = 0;

	if (!operand(c, (enum sk_operand)op->a, in->op, &a))
		return false;
	if (a > UINT16_MAX)
		return sk_asm_fail(c, "the first operand cannot be this one");
	in->a = (uint16_t)a;
	if (op->a != SK_OPND_NONE && op->b != SK_OPND_NONE && !sk_asm_expect(c, ","))
		return false;
	return operand(c, (enum sk_operand)op->b, in->op, &in->b);
}

/* "? T : F" or "-> T" */
static bool
targets(struct sk_asm_cursor *c, const struct sk_op_info *op, struct jump *j)
{
	j->line = c->line;
	if (op->t != SK_OPND_FWD)
		return true;
	if (!sk_asm_expect(c, op->f == SK_OPND_FWD ? "?" : "->"))
		return false;
	j->t = sk_asm_word(c, "_");
	if (!j->t.n)
		return sk_asm_fail(c, "expected a label");
	if (op->f != SK_OPND_FWD)
		return true;
	if (!sk_asm_expect(c, ":"))
		return false;
	j->f = sk_asm_word(c, "_");
	return j->f.n || sk_asm_fail(c, "expected a label");
}

static bool
find_input(struct sk_asm_cursor *c, struct sk_slice name, uint32_t *ret)
{
	const struct sk_builder *b = c->as->b;
	uint32_t number;

	*ret = SK_SRCMAP_NONE;
	if (name.n == 0)
		return true;
	for (uint32_t i = 0; i < b->inputs.n && *ret == SK_SRCMAP_NONE; i++)
		if (sk_slice_eq(name, sk_builder_text(b, b->inputs.v[i].name)))
			*ret = i;
	if (*ret == SK_SRCMAP_NONE && sk_asm_is_name(name, 'i', &number))
		*ret = number;
	return *ret != SK_SRCMAP_NONE || sk_asm_fail(c, "no such input");
}

/* "@file:line:column [rule]" */
static bool
place(struct program *g, struct sk_asm_cursor *c, struct sk_srcmap_def *m)
{
	*m = (struct sk_srcmap_def){SK_SRCMAP_NONE, SK_SRCMAP_NONE, 0, 0};
	if (!sk_asm_accept(c, "@"))
		return true;
	g->has_map = true;
	m->rule = RULE_OF_BLOCK;
	struct sk_slice name = c->p < c->end && *c->p == ':' ? sk_slice("", 0) : sk_asm_word(c, "._-/");
	if (!find_input(c, name, &m->input) || !sk_asm_expect(c, ":") || !sk_asm_u32(c, &m->line) || !sk_asm_expect(c, ":") ||
	    !sk_asm_u32(c, &m->column))
		return false;
	if (sk_asm_accept(c, "r-"))
		m->rule = SK_SRCMAP_NONE;
	else if (!sk_asm_at_end(c))
		return named(c, 'r', &m->rule);
	return true;
}

static bool
insn_line(struct program *g, struct sk_asm_cursor *c)
{
	struct sk_insn in = {0};
	struct jump j = {0};
	struct sk_srcmap_def m;
	const struct sk_op_info *op;

	if (!mnemonic(c, &in, &op) || !operands(c, &in, op) || !targets(c, op, &j) || !place(g, c, &m))
		return false;
	if (!sk_asm_at_end(c))
		return sk_asm_fail(c, "unexpected text");
	SK_PUT(g->as->b, &g->code, in);
	SK_PUT(g->as->b, &g->jumps, j);
	SK_PUT(g->as->b, &g->map, m);
	return true;
}

static bool
block_line(struct program *g, struct sk_asm_cursor *c)
{
	uint32_t number = (uint32_t)g->blocks.n;

	if (!sk_asm_at_end(c) && !sk_asm_u32(c, &number))
		return false;
	if (number != g->blocks.n)
		return sk_asm_fail(c, "the next block is %zu", g->blocks.n);
	SK_PUT(g->as->b, &g->blocks, (uint32_t)g->code.n);
	return true;
}

static bool
program_line(struct program *g, struct sk_asm_cursor *c)
{
	struct sk_asm_cursor begin = *c;
	struct sk_slice w = sk_asm_word(c, "_");

	if (w.n && c->p < c->end && *c->p == ':') {
		c->p++;
		if (!add_label(g, c, w))
			return false;
		return sk_asm_at_end(c) || insn_line(g, c);
	}
	if (sk_slice_is(w, "on"))
		return on_line(g, c);
	if (sk_slice_is(w, "block"))
		return block_line(g, c);
	*c = begin;
	return insn_line(g, c);
}

/* Instructions [beg, end) are a block: those that left it open belong to the rule it matches. */
static void
set_rules(struct program *g, size_t beg, size_t end, bool prologue)
{
	uint32_t rule = SK_SRCMAP_NONE;

	for (size_t i = beg; i < end && !prologue && rule == SK_SRCMAP_NONE; i++)
		if (sk_op_info(g->code.v[i].op)->b == SK_OPND_RULE)
			rule = g->code.v[i].b;
	for (size_t i = beg; i < end; i++)
		if (g->map.v[i].rule == RULE_OF_BLOCK)
			g->map.v[i].rule = rule;
}

static void
finish_program(struct program *g)
{
	struct sk_builder *b = g->as->b;
	size_t beg = 0;

	if (b->nomem)
		return;
	for (size_t k = 0; k <= g->blocks.n; k++) {
		size_t end = k < g->blocks.n ? g->blocks.v[k] : g->code.n;

		set_rules(g, beg, end, k == 0 && g->blocks.n);
		beg = end;
	}
	uint32_t n = sk_builder_program(b, g->code.v, (uint32_t)g->code.n, g->blocks.v, (uint32_t)g->blocks.n, g->nmemos,
					g->has_map ? g->map.v : NULL);
	for (size_t k = 0; k < g->on.n; k++)
		sk_builder_dispatch(b, (enum sk_source)(g->on.v[k] / SK_EVENT_LIMIT), g->on.v[k] % SK_EVENT_LIMIT, n);
}

/* program [0] [memos 3], code in the lines below */
size_t
sk_asm_program(struct sk_asm *as, size_t i)
{
	struct sk_asm_cursor c = sk_asm_cursor(as, i++);
	struct program g = {.as = as};
	uint32_t number;

	(void)sk_asm_word(&c, "");
	bool ok = sk_asm_at_end(&c) || *c.p == 'm' || sk_asm_u32(&c, &number);
	ok = ok && (!sk_asm_accept(&c, "memos") || sk_asm_u32(&c, &g.nmemos));
	for (; ok && !sk_asm_begins(as, i); i++) {
		c = sk_asm_cursor(as, i);
		ok = program_line(&g, &c);
	}
	ok = ok && !as->b->nomem && resolve(&g);
	if (ok)
		finish_program(&g);
	free_program(&g);
	return ok ? i : 0;
}

/* interest syscall TYPE [failed] (values) */
size_t
sk_asm_interest(struct sk_asm *as, size_t i)
{
	struct sk_asm_cursor c = sk_asm_cursor(as, i);
	struct sk_interest_def in = {0};
	sk_u32_vec v = {0};
	enum sk_source source = SK_SOURCE_SYSCALL;

	(void)sk_asm_word(&c, "");
	bool ok = sk_asm_source(&c, &source) && sk_asm_event(&c, &in.event);
	in.source = source;
	if (ok)
		in.need = sk_asm_accept(&c, "failed") ? SK_NEED_ALL : sk_asm_accept(&c, "old") ? SK_NEED_OLD : SK_NEED_SUCCESS;
	ok = ok && sk_asm_expect(&c, "(");
	while (ok && !sk_asm_accept(&c, ")")) {
		uint32_t x;

		ok = (v.n == 0 || sk_asm_expect(&c, ",")) && sk_asm_value(&c, &x);
		if (ok)
			SK_PUT(as->b, &v, x);
	}
	if (ok)
		sk_builder_interest(as->b, &in, v.v, (uint32_t)v.n);
	sk_vec_free(&v);
	return ok ? i + 1 : 0;
}
