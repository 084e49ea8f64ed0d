/* Numbers against what their fields can hold at all. */
#include "compiler/lint/lint_internal.h"

#include "base/schema.h"

/* What the kernel allows at most (PID_MAX_LIMIT). */
#define MAX_PID 4194304
#define MAX_PORT 65535u

struct number {
	struct sk_lint *l;
	struct sk_lint_rule *r;
	const struct sk_cond *c;
	const struct sk_irv *v; /* on the left */
	const struct sk_opnd *o;
};

static struct sk_slice
name_of(const struct number *k)
{
	struct sk_span s = k->c->lhs->span;

	return sk_slice(k->c->text->s.p + s.beg, s.end - s.beg);
}

static enum sk_diag_code
code_of(const struct number *k)
{
	return k->v->type == SK_PT_PORT ? SK_D_BAD_PORT : SK_D_OUT_OF_RANGE;
}

#define report(k, ...)                                                                                                           \
	(void)sk_lint_report((k)->l, code_of(k), &(k)->r->rule->cond_item, sk_opnd_loc((k)->c, (k)->o), (k)->c, __VA_ARGS__)

/* --- ranges ------------------------------------------------------------------------------------ */
/* Signed numbers are shifted so that order is that of unsigned ones. */
struct range {
	uint64_t lo, hi;
	bool is_signed;
};

static uint64_t
shifted(int64_t x)
{
	return (uint64_t)x ^ 1ull << 63;
}

static bool
is_pid(enum sk_field_id id)
{
	return id == SK_F_proc_pid || id == SK_F_proc_ppid || id == SK_F_proc_vpid || id == SK_F_proc_apid ||
	       id == SK_F_proc_sid || id == SK_F_proc_vpgid || id == SK_F_proc_pgid || id == SK_F_thread_tid ||
	       id == SK_F_thread_vtid;
}

static struct range
range_of(const struct sk_irv *v)
{
	enum sk_field_id id = v->kind == SK_IRV_FIELD ? (enum sk_field_id)v->field->id : (enum sk_field_id)0;
	uint32_t width = sk_type_width(v->type);
	int64_t top = width && width < 8 ? (int64_t)((1ull << (8 * width - 1)) - 1) : INT64_MAX;

	if (v->vkind == SK_V_UINT)
		return (struct range){ 0, width && width < 8 ? (1ull << 8 * width) - 1 : UINT64_MAX, false };
	/* -1 stands for a process that is not known. */
	if (is_pid(id))
		return (struct range){ shifted(-1), shifted(MAX_PID), true };
	/* Numbers of processes in parameters may be those of groups, below zero. */
	if (v->type == SK_PT_PID || v->type == SK_PT_PID32)
		return (struct range){ shifted(-top - 1), shifted(MAX_PID), true };
	/* The kernel counts descriptors with an int. */
	if (id == SK_F_fd_num)
		return (struct range){ shifted(INT32_MIN), shifted(INT32_MAX), true };
	return (struct range){ shifted(-top - 1), shifted(top), true };
}

/* --- equality ---------------------------------------------------------------------------------- */
/* A plain number: sign and magnitude; UINT64_MAX when it is larger. */
static bool
read_number(struct sk_slice s, bool *ret_negative, uint64_t *ret)
{
	bool hex;

	*ret_negative = s.n && s.p[0] == '-';
	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		s = sk_slice(s.p + 1, s.n - 1);
	hex = s.n > 2 && s.p[0] == '0' && (s.p[1] | 0x20) == 'x';
	*ret = 0;
	for (size_t i = hex ? 2 : 0; i < s.n; i++) {
		char c = (char)(s.p[i] | 0x20);
		int d = c >= '0' && c <= '9' ? c - '0' : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

		if (d < 0)
			return false;
		if (__builtin_mul_overflow(*ret, hex ? 16u : 10u, ret) || __builtin_add_overflow(*ret, (uint64_t)d, ret))
			*ret = UINT64_MAX;
		if (*ret == UINT64_MAX)
			break;
	}
	return s.n != 0;
}

static uint64_t
largest(const struct sk_irv *v, bool negative)
{
	struct range r = range_of(v);

	if (r.is_signed)
		return negative ? shifted(0) - r.lo : r.hi - shifted(0);
	/* Below zero means the number of that pattern of bits; and what is wider than 64 bits was cut to them. */
	if (negative)
		return r.hi / 2 + 1;
	return r.hi == UINT64_MAX ? UINT64_MAX - 1 : r.hi;
}

static void
look_at_equal(const struct number *k)
{
	bool negative;
	uint64_t n;

	if (k->o->kind != SK_OPND_LITERAL || !read_number(k->o->text, &negative, &n))
		return;
	if (n <= largest(k->v, negative) && (k->v->type != SK_PT_PORT || !negative || !n))
		return;
	if (k->v->type == SK_PT_PORT)
		report(k, "ports are 0 to %u", MAX_PORT);
	else
		report(k, "%.*s is never %s %s%llu", SK_SLICE_ARG(name_of(k)), negative ? "below" : "above", negative ? "-" : "",
		       (unsigned long long)largest(k->v, negative));
}

/* --- order ------------------------------------------------------------------------------------- */
/* 1: all numbers of the range meet T, 0: none does, -1: some. */
static int
decided(const struct range *r, const struct sk_ir *t, uint64_t n)
{
	bool strict = t->op == SK_OP_LT_INT || t->op == SK_OP_LT_UINT;
	int below = strict ? (r->hi < n ? 1 : r->lo >= n ? 0 : -1) : r->hi <= n ? 1 : r->lo > n ? 0 : -1;

	return below >= 0 && (t->mod & SK_MOD_NEG) ? !below : below;
}

static void
say_order(const struct number *k, const struct range *r, bool always, bool upper)
{
	uint64_t bound = upper ? r->hi : r->lo;
	const char *rest =
	    always ? "this is always true where it has a value; to ask for one write 'exists'" : "this can never be true";

	if (r->is_signed)
		report(k, "%.*s is at %s %lld: %s", SK_SLICE_ARG(name_of(k)), upper ? "most" : "least",
		       (long long)shifted((int64_t)bound), rest);
	else
		report(k, "%.*s is at %s %llu: %s", SK_SLICE_ARG(name_of(k)), upper ? "most" : "least", (unsigned long long)bound,
		       rest);
}

static void
look_at_order(const struct number *k)
{
	const struct sk_ir *t = &k->l->g->nodes.v[k->c->node];
	struct range r = range_of(k->v);
	const struct sk_irv *n = t->rhs_kind == SK_IRR_VALUE ? &k->l->g->values.v[t->rhs] : NULL;
	bool is_order = t->op == SK_OP_LT_INT || t->op == SK_OP_LE_INT || t->op == SK_OP_LT_UINT || t->op == SK_OP_LE_UINT;
	int holds;

	if (t->kind != SK_IR_TEST || !is_order || !n || n->kind != SK_IRV_CONST)
		return;
	/* evt.around is no comparison. */
	if (k->v->kind == SK_IRV_FIELD && (k->v->field->id == SK_F_evt_num || k->v->field->id == SK_F_evt_around))
		return;
	holds = decided(&r, t, r.is_signed ? shifted((int64_t)n->num) : n->num);
	/* x < n and x <= n fail, and x > n and x >= n hold, because of the least number; the others because of the most. */
	if (holds >= 0)
		say_order(k, &r, holds, (holds != 0) != ((t->mod & SK_MOD_NEG) != 0));
}

/* --- the walk ---------------------------------------------------------------------------------- */
static bool
is_equality(enum sk_cmp cmp)
{
	return cmp == SK_CMP_EQ || cmp == SK_CMP_NE || cmp == SK_CMP_IN || cmp == SK_CMP_INTERSECTS;
}

static void
look_at_check(struct number *k)
{
	const struct sk_opnd *rhs = k->c->rhs;

	k->o = rhs->kind == SK_OPND_LIST && rhs->nargs == 1 ? rhs->args[0] : rhs;
	if (!is_equality(k->c->cmp)) {
		look_at_order(k);
		return;
	}
	if (k->o->kind != SK_OPND_LIST) {
		look_at_equal(k);
		return;
	}
	/* A named list is looked at once for each field. */
	bool shared = k->v->kind == SK_IRV_FIELD;

	if (shared && !sk_lint_look(k->l, rhs->args, 1ull << 41 | k->v->field->id, &k->r->rule->cond_item, k->c))
		return;
	for (uint32_t i = 0; i < rhs->nargs; i++) {
		k->o = rhs->args[i];
		look_at_equal(k);
	}
	if (shared)
		sk_lint_look_end(k->l);
}

/* Alternatives over one field become several tests of the same left side. */
static const struct sk_irv *
left_of(const struct sk_lint *l, const struct sk_cond *c)
{
	const struct sk_ir *n = &l->g->nodes.v[c->node];

	return n->kind == SK_IR_TEST ? &l->g->values.v[n->lhs] : sk_lint_field(l, c);
}

void
sk_lint_numbers(struct sk_lint *l, struct sk_lint_rule *r)
{
	for (size_t i = 0; i < r->nodes.n; i++) {
		struct number k = { .l = l, .r = r, .c = r->nodes.v[i].c };

		if (k.c->kind != SK_COND_CHECK || !k.c->rhs || k.c->node <= 1)
			continue;
		k.v = left_of(l, k.c);
		if (k.v && (k.v->vkind == SK_V_INT || k.v->vkind == SK_V_UINT))
			look_at_check(&k);
	}
}
