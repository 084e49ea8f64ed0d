/* Programs per event type. Types that no test tells apart are specialised once; which rules can match a class of types is known before any rule is looked at, so the
 * work follows the pairs of rule and class that remain. */
#include "compiler/plan.h"

#include "base/hash.h"

struct special {
	struct sk_plan *p;
	struct sk_ir_graph *g;
	enum sk_source source;
	const struct sk_event_reach *reach; /* of the nodes that exist now */
	uint32_t nnodes;
	uint32_t *memo;     /* by node: what became of it for the current class */
	uint32_t *stamp;    /* by node: the class the memo is of */
	uint32_t class;
};

/* --- what a test does for a type ------------------------------------------------------------------------------------------- */
/* Types for which a value is absent, or known: kept per value, as many tests ask about few values. */
struct value_types {
	bool asked, interesting;
	struct sk_event_set absent, known;
};

struct leaves {
	const struct sk_ir_graph *g;
	enum sk_source source;
	struct value_types *values;
	const struct sk_event_set *delivered;
};

static const struct value_types *
types_of(struct leaves *l, uint32_t value)
{
	struct value_types *v = &l->values[value];

	if (v->asked)
		return v;
	v->asked = true;
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		if (!sk_event_set_has(l->delivered, e))
			continue;
		enum sk_known k = sk_fold_value(l->g, value, l->source, e).known;

		if (k == SK_KNOWN_ABSENT)
			sk_event_set_add(&v->absent, e);
		else if (k != SK_KNOWN_NOTHING)
			sk_event_set_add(&v->known, e);
		v->interesting |= k != SK_KNOWN_NOTHING;
	}
	return v;
}

static void
leaf(void *ctx, uint32_t node, struct sk_event_reach *ret)
{
	struct leaves *l = ctx;
	const struct sk_ir *t = &l->g->nodes.v[node];
	const struct value_types *lhs = types_of(l, t->lhs);
	const struct value_types *rhs = t->rhs_kind == SK_IRR_VALUE ? types_of(l, t->rhs) : NULL;

	for (uint32_t w = 0; w < SK_EVENT_SET_WORDS; w++)
		ret->yes.w[w] &= ~(lhs->absent.w[w] | (rhs ? rhs->absent.w[w] : 0));
	for (uint32_t w = 0; lhs->interesting && w < SK_EVENT_SET_WORDS; w++)
		for (uint64_t bits = lhs->known.w[w] & ret->yes.w[w]; bits; bits &= bits - 1) {
			uint32_t e = w * 64 + (uint32_t)__builtin_ctzll(bits);
			int holds = sk_fold_test(l->g, t, l->source, e);

			if (holds == 0)
				sk_event_set_drop(&ret->yes, e);
			if (holds == 1)
				sk_event_set_drop(&ret->no, e);
		}
}

/* --- classes of types ------------------------------------------------------------------------------------------------------ */
/* Split every class by SET: types in it, and types outside. CLASS is by type; returns the new number of classes. */
static uint32_t
split(uint32_t *class, uint32_t nclasses, const struct sk_event_set *delivered, const struct sk_event_set *set)
{
	uint32_t inside[SK_EVENT_LIMIT], first_out[SK_EVENT_LIMIT], n = nclasses;

	for (uint32_t c = 0; c < nclasses; c++)
		inside[c] = first_out[c] = UINT32_MAX;
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		if (sk_event_set_has(delivered, e) && !sk_event_set_has(set, e))
			first_out[class[e]] = class[e];
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		if (!sk_event_set_has(delivered, e) || !sk_event_set_has(set, e))
			continue;
		uint32_t c = class[e];

		if (first_out[c] == UINT32_MAX)
			continue; /* the whole class is inside */
		if (inside[c] == UINT32_MAX)
			inside[c] = n++;
		class[e] = inside[c];
	}
	return n;
}

static bool
seen_before(const struct sk_event_set **seen, size_t cap, const struct sk_event_set *s)
{
	size_t at = sk_hash_bytes(s, sizeof(*s)) & (cap - 1);

	for (; seen[at]; at = (at + 1) & (cap - 1))
		if (memcmp(seen[at], s, sizeof(*s)) == 0)
			return true;
	seen[at] = s;
	return false;
}

#define SEEN_CAP 4096u

static uint32_t
classify(struct special *s, const struct sk_event_set *delivered, uint32_t *class)
{
	SK_AUTO_FREE const struct sk_event_set **seen = calloc(SEEN_CAP, sizeof(*seen));
	uint32_t n = 1, marked = 0;

	memset(class, 0, SK_EVENT_LIMIT * sizeof(*class));
	for (uint32_t i = 2; i < s->nnodes; i++) {
		if (s->g->nodes.v[i].kind != SK_IR_TEST)
			continue;
		for (int k = 0; k < 2; k++) {
			const struct sk_event_set *set = k ? &s->reach[i].no : &s->reach[i].yes;

			/* The filter only saves work: past half of its room every set splits again, to no effect. */
			if (seen && marked < SEEN_CAP / 2 && seen_before(seen, SEEN_CAP, set))
				continue;
			marked++;
			n = split(class, n, delivered, set);
		}
	}
	return n;
}

/* --- residual conditions --------------------------------------------------------------------------------------------------- */
static uint32_t residual(struct special *s, uint32_t node, uint32_t type);

static uint32_t
rebuild(struct special *s, uint32_t node, uint32_t type)
{
	uint32_t nkids = s->g->nodes.v[node].nkids;
	enum sk_ir_kind kind = s->g->nodes.v[node].kind;
	SK_AUTO_FREE uint32_t *kids = malloc((nkids + 1) * sizeof(*kids));
	bool same = true;

	if (!kids)
		return node;
	for (uint32_t i = 0; i < nkids; i++) {
		uint32_t kid = s->g->nodes.v[node].kids[i];

		kids[i] = residual(s, kid, type);
		same = same && kids[i] == kid;
	}
	if (same)
		return node;
	if (kind == SK_IR_NOT)
		return sk_ir_not(s->g, kids[0]);
	return kind == SK_IR_AND ? sk_ir_and(s->g, kids, nkids) : sk_ir_or(s->g, kids, nkids);
}

static uint32_t
residual(struct special *s, uint32_t node, uint32_t type)
{
	uint32_t r;

	if (!sk_event_set_has(&s->reach[node].yes, type))
		return 0;
	if (!sk_event_set_has(&s->reach[node].no, type))
		return 1;
	if (s->g->nodes.v[node].kind == SK_IR_TEST)
		return node;
	if (s->stamp[node] == s->class + 1)
		return s->memo[node];
	r = rebuild(s, node, type);
	s->stamp[node] = s->class + 1;
	s->memo[node] = r;
	return r;
}

static bool
same_rules(const struct sk_unit *a, const struct sk_unit *b)
{
	return a->source == b->source && a->nrules == b->nrules && memcmp(a->rules, b->rules, a->nrules * sizeof(*a->rules)) == 0;
}

/* Classes that differ in tests that no remaining rule asks end up with the same rules. */
static bool
add_unit(struct sk_plan *p, struct sk_unit *u)
{
	for (size_t i = 0; i < p->units.n; i++) {
		if (!same_rules(p->units.v[i], u))
			continue;
		for (uint32_t w = 0; w < SK_EVENT_SET_WORDS; w++)
			p->units.v[i]->types.w[w] |= u->types.w[w];
		return true;
	}
	return sk_vec_push_arena(&p->units, p->g->cx->arena, u);
}

static uint32_t
first_type(const struct sk_event_set *s)
{
	uint32_t e = 0;

	while (!sk_event_set_has(s, e))
		e++;
	return e;
}

static bool
make_unit(struct special *s, const struct sk_event_set *types)
{
	struct sk_unit *u = SK_NEW(s->g->cx->arena, struct sk_unit);
	uint32_t type = first_type(types), n = 0;

	if (!u)
		return false;
	u->source = s->source;
	u->types = *types;
	for (size_t i = 0; i < s->g->rules.n; i++)
		n += s->g->rules.v[i].rule->source == s->source && sk_event_set_has(&s->reach[s->g->rules.v[i].root].yes, type);
	u->rules = SK_NEW_ARRAY(s->g->cx->arena, n + 1, struct sk_plan_rule);
	if (!u->rules)
		return false;
	for (size_t i = 0; n && i < s->g->rules.n; i++) {
		const struct sk_ir_rule *r = &s->g->rules.v[i];

		if (r->rule->source != s->source || !sk_event_set_has(&s->reach[r->root].yes, type))
			continue;
		uint32_t root = residual(s, r->root, type);
		if (root)
			u->rules[u->nrules++] = (struct sk_plan_rule){ (uint32_t)i, root };
	}
	return u->nrules ? add_unit(s->p, u) : true;
}

/* --- the pass -------------------------------------------------------------------------------------------------------------- */
static struct sk_event_set
delivered_types(enum sk_source source)
{
	struct sk_event_set s = { 0 };

	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		if (sk_type_is_delivered(source, e))
			sk_event_set_add(&s, e);
	return s;
}

static void
decided_by_nothing(void *ctx, uint32_t node, struct sk_event_reach *ret)
{
	(void)ctx;
	(void)node;
	(void)ret;
}

static bool
units_of_classes(struct special *s, const struct sk_event_set *delivered)
{
	uint32_t class[SK_EVENT_LIMIT];
	bool done[SK_EVENT_LIMIT] = { false };

	(void)classify(s, delivered, class);
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		struct sk_event_set types = { 0 };

		if (!sk_event_set_has(delivered, e) || done[class[e]])
			continue;
		done[class[e]] = true;
		for (uint32_t x = e; x < SK_EVENT_LIMIT; x++)
			if (sk_event_set_has(delivered, x) && class[x] == class[e])
				sk_event_set_add(&types, x);
		s->class = class[e];
		if (!make_unit(s, &types))
			return false;
	}
	return true;
}

static bool
one_source(struct sk_plan *p, enum sk_source source)
{
	struct sk_arena *a = p->g->cx->arena;
	struct sk_event_set delivered = delivered_types(source);
	struct special s = { .p = p, .g = p->g, .source = source, .nnodes = (uint32_t)p->g->nodes.n };
	struct leaves l = { .g = p->g, .source = source, .delivered = &delivered };

	l.values = SK_NEW_ARRAY(a, p->g->values.n + 1, struct value_types);
	s.memo = SK_NEW_ARRAY(a, s.nnodes, uint32_t);
	s.stamp = SK_NEW_ARRAY(a, s.nnodes, uint32_t);
	s.reach = sk_event_reach(p->g, p->off[SK_PASS_SPECIALISE] ? decided_by_nothing : leaf, &l);
	return l.values && s.memo && s.stamp && s.reach && units_of_classes(&s, &delivered);
}

bool
sk_pass_specialise(struct sk_plan *p)
{
	for (uint32_t source = 0; source < SK_SOURCE_COUNT; source++) {
		bool any = false;

		for (size_t i = 0; i < p->g->rules.n; i++)
			any = any || p->g->rules.v[i].rule->source == (enum sk_source)source;
		if (any && !one_source(p, (enum sk_source)source))
			return false;
	}
	return true;
}
