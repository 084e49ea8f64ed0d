#include "compiler/passes/select_kind.h"

#include "vm/bundle/tables.h"

#include <saker/limits.h>

static bool
is_const(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	return t->rhs_kind == SK_IRR_VALUE && g->values.v[t->rhs].kind == SK_IRV_CONST && !g->values.v[t->rhs].is_list;
}

static bool
is_number(enum sk_vkind k)
{
	return k == SK_V_INT || k == SK_V_UINT;
}

/* --- texts of shell patterns ----------------------------------------------------------------------------------------------- */
/* Bytes of a shell pattern before its first special character. */
static size_t
literal_prefix(struct sk_slice s)
{
	size_t n = 0;

	while (n < s.n && !strchr("*?[\\", s.p[n]))
		n++;
	return n;
}

/* And behind its last one. Where that is a backslash, it makes the next byte an ordinary one. */
static struct sk_slice
literal_suffix(struct sk_slice s)
{
	size_t n = 0;

	while (n < s.n && !strchr("*?[]\\", s.p[s.n - 1 - n]))
		n++;
	return sk_slice(s.p + s.n - n, n);
}

/* The longest text between special characters; none where brackets and backslashes make it hard to say. */
static struct sk_slice
literal_middle(struct sk_slice s)
{
	struct sk_slice best = sk_slice(s.p, 0);

	for (size_t beg = 0, end; beg < s.n; beg = end + 1) {
		for (end = beg; end < s.n && s.p[end] != '*' && s.p[end] != '?'; end++)
			if (s.p[end] == '[' || s.p[end] == ']' || s.p[end] == '\\')
				return sk_slice(s.p, 0);
		if (end - beg > best.n)
			best = sk_slice(s.p + beg, end - beg);
	}
	return best;
}

/* --- groups of four bytes -------------------------------------------------------------------------------------------------- */
/* The text that any value for which T holds contains; empty: none is known. */
static struct sk_slice
text_inside(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	struct sk_slice s;

	if (t->kind != SK_IR_TEST || (t->op != SK_OP_CONTAINS && t->op != SK_OP_GLOB) || !is_const(g, t) || g->values.v[t->rhs].vkind != SK_V_STR)
		return SK_SLICE("");
	s = g->values.v[t->rhs].text;
	return t->op == SK_OP_GLOB ? literal_middle(s) : s;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

bool
sk_count_grams(const struct sk_ir_graph *g, struct sk_gram_counts *ret)
{
	for (size_t i = 0; i < g->nodes.n; i++) {
		struct sk_slice s = text_inside(g, &g->nodes.v[i]);

		for (size_t at = 0; at + SK_GRAM <= s.n; at++)
			if (!sk_vec_push(&ret->sorted, sk_gram(s.p + at)))
				return false;
	}
	if (ret->sorted.n)
		qsort(ret->sorted.v, ret->sorted.n, sizeof(*ret->sorted.v), by_number);
	return true;
}

/* How many groups are less than X. */
static size_t
rank(const struct sk_gram_counts *c, uint64_t x)
{
	size_t lo = 0, hi = c->sorted.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->sorted.v[mid] < x)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static uint32_t
rarest(const struct sk_gram_counts *c, struct sk_slice s)
{
	uint32_t best = sk_gram(s.p);
	size_t least = SIZE_MAX;

	for (size_t at = 0; at + SK_GRAM <= s.n; at++) {
		uint32_t x = sk_gram(s.p + at);
		size_t n = rank(c, x + 1ull) - rank(c, x);

		if (n < least) {
			least = n;
			best = x;
		}
	}
	return best;
}

/* --- kinds ----------------------------------------------------------------------------------------------------------------- */
static bool
nonempty_prefixes(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	for (uint32_t i = 0; i < t->nmembers; i++)
		if (!g->values.v[t->members[i]].text.n)
			return false;
	return true;
}

/* Paths without patterns, and not the root, which all lie below. */
static bool
plain_paths(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	for (uint32_t i = 0; i < t->nmembers; i++) {
		struct sk_slice s = g->values.v[t->members[i]].text, c;
		size_t pos = 0;

		if (sk_component_is_pattern(s) || !sk_path_next(s, &pos, &c))
			return false;
	}
	return true;
}

static int
kind_of_glob(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	struct sk_slice s = g->values.v[t->rhs].text, end = literal_suffix(s);

	if (literal_prefix(s))
		return SK_SELECT_PREFIX;
	if (end.n)
		return end.n <= SK_MAX_SUFFIX ? SK_SELECT_SUFFIX : 0;
	return literal_middle(s).n >= SK_GRAM ? SK_SELECT_GRAMS : 0;
}

static int
kind_of_text(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	size_t n = is_const(g, t) ? g->values.v[t->rhs].text.n : 0;

	if (t->op == SK_OP_STARTS_ANY)
		return nonempty_prefixes(g, t) ? SK_SELECT_PREFIX : 0;
	if (t->op == SK_OP_PMATCH)
		return plain_paths(g, t) ? SK_SELECT_PATH : 0;
	if (!n)
		return 0;
	if (t->op == SK_OP_STARTS)
		return SK_SELECT_PREFIX;
	if (t->op == SK_OP_ENDS)
		return n <= SK_MAX_SUFFIX ? SK_SELECT_SUFFIX : 0;
	if (t->op == SK_OP_CONTAINS)
		return n >= SK_GRAM ? SK_SELECT_GRAMS : 0;
	return t->op == SK_OP_GLOB ? kind_of_glob(g, t) : 0;
}

int
sk_select_kind(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	const struct sk_irv *lhs = &g->values.v[t->lhs];

	if (t->kind != SK_IR_TEST || t->mod || lhs->is_list)
		return 0;
	if (t->op == SK_OP_EQ_STR || t->op == SK_OP_EQ_IP)
		return is_const(g, t) ? SK_SELECT_SET : 0;
	if (t->op == SK_OP_EQ_NUM)
		return is_const(g, t) && is_number(lhs->vkind) ? SK_SELECT_SET : 0;
	if (t->op == SK_OP_IN_SET)
		return t->set_kind == SK_V_STR || t->set_kind == SK_V_IP || (t->set_kind == SK_V_UINT && is_number(lhs->vkind)) ? SK_SELECT_SET : 0;
	return lhs->vkind == SK_V_STR ? kind_of_text(g, t) : 0;
}

bool
sk_select_is_exact(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	struct sk_slice s;

	if (t->op == SK_OP_CONTAINS)
		return false;
	if (t->op != SK_OP_GLOB)
		return true;
	s = g->values.v[t->rhs].text;
	return literal_prefix(s) && literal_prefix(s) + 1 == s.n && s.p[s.n - 1] == '*';
}

/* --- members --------------------------------------------------------------------------------------------------------------- */
static uint32_t
text_member(struct sk_ir_graph *g, uint32_t like, const char *p, size_t n)
{
	struct sk_irv v = g->values.v[like];

	v.text = sk_slice(p, n);
	return sk_ir_value(g, &v);
}

static uint32_t
reversed(struct sk_ir_graph *g, uint32_t like, struct sk_slice s)
{
	char *p = sk_arena_alloc(g->cx->arena, s.n + 1);

	if (!p)
		return like;
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[s.n - 1 - i];
	return text_member(g, like, p, s.n);
}

/* Each component with a slash behind it: a path lies below another if its text begins with that one's. */
static uint32_t
normal_path(struct sk_ir_graph *g, uint32_t value)
{
	struct sk_slice s = g->values.v[value].text, c;
	char *p = sk_arena_alloc(g->cx->arena, s.n + 1);
	size_t n = 0;

	for (size_t pos = 0; p && sk_path_next(s, &pos, &c);) {
		memcpy(p + n, c.p, c.n);
		n += c.n;
		p[n++] = '/';
	}
	return p ? text_member(g, value, p, n) : value;
}

uint32_t
sk_select_member(struct sk_ir_graph *g, const struct sk_gram_counts *grams, const struct sk_ir *t, int kind, uint32_t value)
{
	struct sk_slice s = g->values.v[value].text;
	bool glob = t->op == SK_OP_GLOB;

	if (kind == SK_SELECT_PREFIX)
		return glob ? text_member(g, value, s.p, literal_prefix(s)) : value;
	if (kind == SK_SELECT_SUFFIX)
		return reversed(g, value, glob ? literal_suffix(s) : s);
	if (kind == SK_SELECT_PATH)
		return normal_path(g, value);
	if (kind == SK_SELECT_GRAMS)
		return sk_ir_value(g, &(struct sk_irv){ .kind = SK_IRV_CONST, .vkind = SK_V_UINT, .type = SK_PT_UINT32, .num = rarest(grams, text_inside(g, t)) });
	return value;
}
