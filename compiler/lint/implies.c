/* Two parts of conditions: can they be as wanted together? What one implies, and what they exhaust, are the same question about
 * the opposite: a implies b if a and not b cannot be.
 *
 * A test of a missing value fails, negated or not. So two tests that must both fail are content with a missing value, unless the
 * caller knows that it is there. Of a value of several elements a test asks for one or for all: "some element is so" and "all
 * elements are so" can contradict each other, two of the same form cannot. */
#include "compiler/lint/lint_internal.h"

#include "vm/bundle/tables.h"

/* A test, and whether it says so (SIGN) or the opposite of each element it asks for. */
struct claim {
	const struct sk_ir *t;
	bool sign, some, all;
};

static const struct sk_irv *
constant_of(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	const struct sk_irv *v = t->rhs_kind == SK_IRR_VALUE ? &g->values.v[t->rhs] : NULL;

	return v && v->kind == SK_IRV_CONST && !v->is_list ? v : NULL;
}

static bool
spend(struct sk_relating *r, uint64_t n)
{
	r->steps = n < r->steps ? r->steps - n : 0;
	return r->steps != 0;
}

/* --- values that are named --------------------------------------------------------------------- */
uint32_t
sk_lint_named(const struct sk_ir_graph *g, const struct sk_ir *t, const uint32_t **ret)
{
	if (t->op == SK_OP_IN_SET && t->set_kind != SK_V_NET) {
		*ret = t->members;
		return t->nmembers;
	}
	if ((t->op != SK_OP_EQ_STR && t->op != SK_OP_EQ_NUM && t->op != SK_OP_EQ_IP) || !constant_of(g, t))
		return 0;
	*ret = &t->rhs;
	return 1;
}

/* A leaves only the values it names, and B none of those. */
static bool
leaves_none(struct sk_relating *r, const struct claim *a, const struct claim *b)
{
	const uint32_t *v;
	uint32_t n = a->sign ? sk_lint_named(r->g, a->t, &v) : 0;

	for (uint32_t i = 0; i < n; i++) {
		int holds = spend(r, b->t->nmembers + 1u) ? sk_lint_test(r->g, b->t, &r->g->values.v[v[i]]) : -1;

		if (holds < 0 || (holds != 0) == b->sign)
			return false;
	}
	return n != 0;
}

/* --- texts ------------------------------------------------------------------------------------- */
/* What a text has that a test holds for. */
struct looks {
	struct sk_slice begin, end, part;
	bool nocase; /* of the part */
};

static struct looks
of_pattern(struct sk_slice p)
{
	struct looks l = { 0 };
	size_t n = 0, k = 0;

	if (p.n && (memchr(p.p, '[', p.n) || memchr(p.p, '\\', p.n)))
		return l;
	while (n < p.n && p.p[n] != '*' && p.p[n] != '?')
		n++;
	while (k < p.n && p.p[p.n - 1 - k] != '*' && p.p[p.n - 1 - k] != '?')
		k++;
	l.begin = sk_slice(p.p, n);
	l.end = sk_slice(p.p + (p.n - k), k);
	return l;
}

static bool
looks_of(const struct sk_ir_graph *g, const struct sk_ir *t, struct looks *ret)
{
	const struct sk_irv *c = constant_of(g, t);

	*ret = (struct looks){ .nocase = t->op == SK_OP_ICONTAINS };
	if (!c)
		return false;
	if (t->op == SK_OP_STARTS)
		ret->begin = c->text;
	else if (t->op == SK_OP_ENDS)
		ret->end = c->text;
	else if (t->op == SK_OP_CONTAINS || t->op == SK_OP_ICONTAINS)
		ret->part = c->text;
	else if (t->op == SK_OP_GLOB)
		*ret = of_pattern(c->text);
	else
		return false;
	return true;
}

static bool
look_like(const struct sk_ir_graph *g, const struct looks *l, const struct sk_ir *t)
{
	const struct sk_irv *c = constant_of(g, t);
	bool nocase = t->op == SK_OP_ICONTAINS;

	if (!c)
		return false;
	if (t->op == SK_OP_STARTS)
		return sk_slice_starts(l->begin, c->text);
	if (t->op == SK_OP_ENDS)
		return sk_slice_ends(l->end, c->text);
	if (t->op != SK_OP_CONTAINS && !nocase)
		return false;
	return sk_lint_contains(l->begin, c->text, nocase) || sk_lint_contains(l->end, c->text, nocase) ||
	       ((nocase || !l->nocase) && sk_lint_contains(l->part, c->text, nocase));
}

static bool
texts_clash(const struct sk_ir_graph *g, const struct claim *a, const struct claim *b)
{
	struct looks x, y;

	if (!a->sign || !looks_of(g, a->t, &x))
		return false;
	if (!b->sign)
		return look_like(g, &x, b->t);
	if (!looks_of(g, b->t, &y))
		return false;
	return (!sk_slice_starts(x.begin, y.begin) && !sk_slice_starts(y.begin, x.begin)) ||
	       (!sk_slice_ends(x.end, y.end) && !sk_slice_ends(y.end, x.end));
}

/* --- paths ------------------------------------------------------------------------------------- */
enum place { PLACE_APART, PLACE_MAY_BE, PLACE_BELOW };

/* Where paths lie, seen from DIR, that begin with S: at a component's end (WHOLE), or anywhere. */
static enum place
place_of(struct sk_slice s, bool whole, struct sk_slice dir)
{
	struct sk_slice a, b;
	size_t i = 0, k = 0;

	while (sk_path_next(dir, &k, &b)) {
		if (!sk_path_next(s, &i, &a) || sk_component_is_pattern(a) || sk_component_is_pattern(b))
			return PLACE_MAY_BE;
		if (whole || i < s.n ? sk_slice_eq(a, b) : sk_slice_starts(b, a))
			continue;
		return PLACE_APART;
	}
	/* The last component of DIR may be longer in those paths: /etc begins /etcetera. */
	return whole || i < s.n || !s.n ? PLACE_BELOW : PLACE_MAY_BE;
}

static bool
all_below(struct sk_relating *r, struct sk_slice s, bool whole, const struct sk_ir *dirs)
{
	for (uint32_t i = 0; i < dirs->nmembers && spend(r, 1); i++)
		if (place_of(s, whole, r->g->values.v[dirs->members[i]].text) == PLACE_BELOW)
			return true;
	return false;
}

static bool
all_apart(struct sk_relating *r, struct sk_slice s, bool whole, const struct sk_ir *dirs)
{
	for (uint32_t i = 0; i < dirs->nmembers; i++) {
		struct sk_slice dir = r->g->values.v[dirs->members[i]].text;

		if (!spend(r, 1) || place_of(s, whole, dir) != PLACE_APART)
			return false;
	}
	return true;
}

static bool
paths_clash(struct sk_relating *r, const struct claim *a, const struct claim *b)
{
	const struct sk_irv *begin = a->t->op == SK_OP_STARTS ? constant_of(r->g, a->t) : NULL;
	bool (*question)(struct sk_relating *, struct sk_slice, bool, const struct sk_ir *) = b->sign ? all_apart : all_below;

	if (!a->sign || b->t->op != SK_OP_PMATCH)
		return false;
	if (a->t->op != SK_OP_PMATCH)
		return begin && question(r, begin->text, false, b->t);
	for (uint32_t i = 0; i < a->t->nmembers; i++)
		if (!question(r, r->g->values.v[a->t->members[i]].text, true, b->t))
			return false;
	return true;
}

/* --- nets -------------------------------------------------------------------------------------- */
static uint32_t
nets_of(const struct sk_ir_graph *g, const struct sk_ir *t, const uint32_t **ret)
{
	if (t->op == SK_OP_IN_SET && t->set_kind == SK_V_NET) {
		*ret = t->members;
		return t->nmembers;
	}
	*ret = &t->rhs;
	return t->op == SK_OP_IN_NET && constant_of(g, t) ? 1 : 0;
}

static bool
net_within(const struct sk_irv *inner, const struct sk_irv *outer)
{
	return outer->prefix <= inner->prefix && sk_lint_in_net(inner, outer);
}

/* WITHIN: some net of V holds NET; else: all are apart from it. */
static bool
net_against(const struct sk_ir_graph *g, const struct sk_irv *net, const uint32_t *v, uint32_t n, bool within)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct sk_irv *other = &g->values.v[v[i]];

		if (net_within(net, other) || (!within && net_within(other, net)))
			return within;
	}
	return !within;
}

static bool
nets_clash(struct sk_relating *r, const struct claim *a, const struct claim *b)
{
	const uint32_t *v, *w;
	uint32_t n = a->sign ? nets_of(r->g, a->t, &v) : 0, m = nets_of(r->g, b->t, &w);

	if (!n || !m)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (!spend(r, m) || !net_against(r->g, &r->g->values.v[v[i]], w, m, !b->sign))
			return false;
	return true;
}

/* --- bounds ------------------------------------------------------------------------------------ */
/* A claim as "the number is at most (at least) LIMIT"; false if it is none. Signed numbers are shifted so that order is that of
 * unsigned ones. */
static bool
bound_of(const struct sk_ir_graph *g, const struct claim *c, bool *ret_upper, uint64_t *ret)
{
	const struct sk_ir *t = c->t;
	const struct sk_irv *v = constant_of(g, t);
	bool is_signed = t->op == SK_OP_LT_INT || t->op == SK_OP_LE_INT, strict = t->op == SK_OP_LT_INT || t->op == SK_OP_LT_UINT;

	if ((!is_signed && t->op != SK_OP_LT_UINT && t->op != SK_OP_LE_UINT) || !v)
		return false;
	uint64_t limit = v->num ^ (is_signed ? 1ull << 63 : 0);
	*ret_upper = c->sign;
	/* Below every number, or above: numbers.c says so. */
	if (*ret_upper ? strict && limit == 0 : !strict && limit == UINT64_MAX)
		return false;
	*ret = *ret_upper ? limit - strict : limit + !strict;
	return true;
}

static bool
bounds_clash(const struct sk_ir_graph *g, const struct claim *a, const struct claim *b)
{
	bool up_a, up_b;
	uint64_t x, y;

	if (!bound_of(g, a, &up_a, &x) || !bound_of(g, b, &up_b, &y) || up_a == up_b)
		return false;
	return up_a ? x < y : y < x;
}

/* --- two tests --------------------------------------------------------------------------------- */
static bool
same_test(const struct sk_ir *a, const struct sk_ir *b)
{
	return a->op == b->op && a->rhs_kind == b->rhs_kind && (a->rhs_kind == SK_IRR_NONE || a->rhs == b->rhs) &&
	       a->members == b->members && a->nmembers == b->nmembers && a->set_kind == b->set_kind &&
	       a->multi_op == b->multi_op && a->multi_mod == b->multi_mod && a->quant == b->quant;
}

static struct claim
claim_of(const struct sk_ir_graph *g, const struct sk_ir *t, bool want)
{
	unsigned quant = t->mod & SK_MOD_QUANT;
	bool scalar = quant == SK_MOD_SCALAR;

	/* A list exists when there is an element. */
	if (scalar && g->values.v[t->lhs].is_list)
		return (struct claim){ t, want, want, !want };
	return (struct claim){ t, want == !(t->mod & SK_MOD_NEG), scalar || (quant == SK_MOD_ANY) == want,
			       scalar || (quant == SK_MOD_ALL) == want };
}

static bool
clash(struct sk_relating *r, const struct claim *a, const struct claim *b)
{
	const struct sk_ir_graph *g = r->g;

	if (same_test(a->t, b->t))
		return a->sign != b->sign;
	if ((a->t->op == SK_OP_EXISTS && !a->sign) || (b->t->op == SK_OP_EXISTS && !b->sign))
		return true;
	return leaves_none(r, a, b) || leaves_none(r, b, a) || texts_clash(g, a, b) || texts_clash(g, b, a) ||
	       paths_clash(r, a, b) || paths_clash(r, b, a) || nets_clash(r, a, b) || nets_clash(r, b, a) ||
	       bounds_clash(g, a, b);
}

/* A test may fail although the left side is there: the right side is a value that may be missing as well. And it is no news that
 * what is there exists. */
static bool
is_special(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	return t->op == SK_OP_EXISTS || (t->rhs_kind == SK_IRR_VALUE && g->values.v[t->rhs].kind != SK_IRV_CONST);
}

static bool
tests_exclude(struct sk_relating *r, struct sk_wanted x, struct sk_wanted y, bool present)
{
	const struct sk_ir *s = &r->g->nodes.v[x.node], *t = &r->g->nodes.v[y.node];

	if (!sk_lint_same_value(r->g, s->lhs, t->lhs))
		return false;
	if (!x.want && !y.want && (!present || is_special(r->g, s) || is_special(r->g, t)))
		return false;
	struct claim a = claim_of(r->g, s, x.want), b = claim_of(r->g, t, y.want);
	return ((a.some && b.all) || (a.all && b.some)) && clash(r, &a, &b);
}

/* --- two parts --------------------------------------------------------------------------------- */
static struct sk_wanted
without_not(const struct sk_ir_graph *g, struct sk_wanted w)
{
	while (g->nodes.v[w.node].kind == SK_IR_NOT)
		w = (struct sk_wanted){ g->nodes.v[w.node].kids[0], !w.want };
	return w;
}

/* One of the kids must be as wanted. */
static bool
is_choice(const struct sk_ir_graph *g, struct sk_wanted w)
{
	return g->nodes.v[w.node].kind == (w.want ? SK_IR_OR : SK_IR_AND);
}

static bool exclude(struct sk_relating *r, struct sk_wanted a, struct sk_wanted b, bool present, uint32_t depth);

/* Of A's kids: EVERY of them excludes B, or some does. */
static bool
kids_exclude(struct sk_relating *r, struct sk_wanted a, struct sk_wanted b, bool present, bool every, uint32_t depth)
{
	const struct sk_ir *n = &r->g->nodes.v[a.node];

	for (uint32_t i = 0; i < n->nkids && r->steps; i++)
		if (exclude(r, (struct sk_wanted){ n->kids[i], a.want }, b, present, depth + 1) != every)
			return !every;
	return every && r->steps;
}

static bool
exclude(struct sk_relating *r, struct sk_wanted a, struct sk_wanted b, bool present, uint32_t depth)
{
	const struct sk_ir_graph *g = r->g;

	if (depth > SK_LINT_DEPTH || !spend(r, 1))
		return false;
	a = without_not(g, a);
	b = without_not(g, b);
	if (a.node <= 1 || b.node <= 1)
		return false;
	if (a.node == b.node)
		return a.want != b.want;
	if (is_choice(g, a))
		return kids_exclude(r, a, b, present, true, depth);
	if (is_choice(g, b))
		return kids_exclude(r, b, a, present, true, depth);
	/* What is implied comes second: its parts are tried against all of the first. */
	if (g->nodes.v[b.node].kind != SK_IR_TEST)
		return kids_exclude(r, b, a, present, false, depth);
	if (g->nodes.v[a.node].kind != SK_IR_TEST)
		return kids_exclude(r, a, b, present, false, depth);
	return tests_exclude(r, a, b, present);
}

bool
sk_lint_exclude(struct sk_relating *r, struct sk_wanted a, struct sk_wanted b, bool present)
{
	return exclude(r, a, b, present, 0);
}

bool
sk_lint_implies(struct sk_relating *r, uint32_t a, uint32_t b)
{
	return sk_lint_exclude(r, (struct sk_wanted){ a, true }, (struct sk_wanted){ b, false }, false);
}

/* --- values of one kind ------------------------------------------------------------------------ */
/* Nets are compared with addresses: the field of the net and that of the address load the same. */
static uint32_t
twin_of(uint32_t field)
{
	switch (field) {
	case SK_F_fd_cnet:
		return SK_F_fd_cip;
	case SK_F_fd_snet:
		return SK_F_fd_sip;
	case SK_F_fd_lnet:
		return SK_F_fd_lip;
	case SK_F_fd_rnet:
		return SK_F_fd_rip;
	case SK_F_fd_net:
		return SK_F_fd_ip;
	default:
		return field;
	}
}

bool
sk_lint_same_value(const struct sk_ir_graph *g, uint32_t a, uint32_t b)
{
	const struct sk_irv *v = &g->values.v[a], *w = &g->values.v[b];

	if (a == b)
		return true;
	if (v->kind != SK_IRV_FIELD || w->kind != SK_IRV_FIELD || v->field == w->field)
		return false;
	return twin_of(v->field->id) == twin_of(w->field->id);
}

bool
sk_lint_twins(struct sk_lint *l)
{
	SK_AUTO_FREE uint32_t *first = calloc(SK_F_LIMIT, sizeof(*first));

	l->twin = SK_NEW_ARRAY(l->cx->arena, l->g->values.n + 1, uint32_t);
	for (uint32_t i = 0; first && l->twin && i < l->g->values.n; i++) {
		const struct sk_irv *v = &l->g->values.v[i];
		uint32_t id = v->kind == SK_IRV_FIELD ? twin_of(v->field->id) : 0;

		l->twin[i] = i;
		if (id != SK_F_fd_cip && id != SK_F_fd_sip && id != SK_F_fd_lip && id != SK_F_fd_rip && id != SK_F_fd_ip)
			continue;
		if (!first[id])
			first[id] = i + 1;
		l->twin[i] = first[id] - 1;
	}
	return first && l->twin;
}
