/* Candidates. Most rules demand that some value is one of a few constants, or begins with one. Where several rules of a program ask that of the same value, one look-up finds those that can match,
 * and the others are never visited: cost follows the candidates and not the rules.
 *
 * Each conjunct of a rule that can be looked up is an option; an OR is one if all its branches are, then the rule stands in several tables. Rules choose the cheapest option; tables that too few
 * chose are given up, and their rules choose again. */
#include "compiler/passes/select_kind.h"
#include "vm/bundle/tables.h"

#include <saker/limits.h>

/* Below this a table costs more than it saves. */
#define MIN_RULES 4u
#define MAX_ENTRIES 8u
#define MAX_OPTIONS 8u
#define MAX_ROUNDS 16u
/* What a visit of a block and a look-up cost, in ns, and what a chance is a part of (cost.c). */
#define VISIT_NS 60u
#define LOOKUP_NS 20u
#define GRAMS_NS 200u
/* Groups of four bytes that a text holds by chance are more than one. */
#define GRAM_CHANCES 4u
#define MANY_CALLS 300u
#define ONE 4096u
/* Members that the options of a program's rules may bring together: a long list that all rules share would be written down once for each of them. */
#define MAX_HITS (1u << 18)
#define HITS_PER_RULE 64u

struct entry {
	uint32_t node; /* the test whose members are looked up */
	uint32_t table;
	uint32_t likely; /* members that an event can be expected to have */
};

struct option {
	struct entry e[MAX_ENTRIES];
	uint32_t n;
	uint32_t p;    /* chance that its tests hold, to choose among conjuncts of a nested AND */
	uint32_t kid;  /* conjunct that it is made of; the root itself where it is no AND */
	bool exact;    /* being a candidate is what the conjunct says */
};

/* Options [first, first + n) of the pool; best == n: none. */
struct choice {
	size_t first;
	uint32_t n, best;
};

/* A (value, kind) pair that some option looks up. */
struct table {
	uint32_t value;
	enum sk_select_kind kind;
	enum sk_vkind set_kind;
	uint32_t rules; /* that have it in an option, later: that chose it */
	uint32_t members; /* different constants that any option looks up */
	bool dropped;
};

struct hit {
	uint32_t table, member, block;
};

struct picker {
	struct sk_ir_graph *g;
	struct sk_unit *u;
	struct choice *choices; /* by block */
	SK_VEC(struct option) pool;
	SK_VEC(struct table) tables;
	SK_VEC(struct hit) hits;
	const struct sk_gram_counts *grams;
	uint32_t *table_of; /* by value and kind: table + 1 */
	uint8_t *generic;   /* by value, a name: 0 not asked yet, 1 of an event type of its own, 2 not */
	size_t nvalues;
	uint64_t room; /* members that options may still bring */
	bool failed;
};

static const struct option *
option_at(const struct picker *k, const struct choice *c, uint32_t i)
{
	return &k->pool.v[c->first + i];
}

/* --- options --------------------------------------------------------------------------------------------------------------- */
static uint32_t
table_for(struct picker *k, const struct sk_ir *t, int kind)
{
	uint32_t *slot = &k->table_of[t->lhs * SK_SELECT_LIMIT + (uint32_t)kind];
	enum sk_vkind vkind = kind == SK_SELECT_GRAMS ? SK_V_UINT : k->g->values.v[t->lhs].vkind;
	enum sk_vkind set = vkind == SK_V_STR || vkind == SK_V_BYTES ? SK_V_STR : vkind == SK_V_IP ? SK_V_IP : SK_V_UINT;

	if (!*slot) {
		if (!sk_vec_push(&k->tables, (struct table){ .value = t->lhs, .kind = (enum sk_select_kind)kind, .set_kind = set }))
			k->failed = true;
		*slot = (uint32_t)k->tables.n;
	}
	return *slot ? *slot - 1 : 0;
}

static bool
names_events(const struct sk_irv *v)
{
	return v->kind == SK_IRV_FIELD && (v->field->id == SK_F_evt_type || v->field->id == SK_F_syscall_type);
}

/* Where the name of the event is still open after specialising, it is that of one of the hundreds of system calls without an event type of their own; others occur in
 * captures of times when they had none yet. */
static bool
is_generic_name(struct picker *k, uint32_t name)
{
	if (!k->generic[name]) {
		struct sk_event_set named = sk_event_set_named(k->g->values.v[name].text);

		k->generic[name] = sk_event_set_has(&named, SK_E_GENERIC_X) ? 2 : 1;
	}
	return k->generic[name] == 2;
}

static uint32_t
likely_members(struct picker *k, const struct sk_ir *t)
{
	const uint32_t *v = t->rhs_kind == SK_IRR_VALUE ? &t->rhs : t->members;
	uint32_t n = t->rhs_kind == SK_IRR_VALUE ? 1 : t->nmembers, likely = 0;

	if (!names_events(&k->g->values.v[t->lhs]))
		return n;
	for (uint32_t i = 0; i < n; i++)
		likely += is_generic_name(k, v[i]);
	return likely;
}

static bool option_of(struct picker *k, uint32_t node, struct option *ret);

static bool
option_of_or(struct picker *k, const struct sk_ir *n, struct option *ret)
{
	for (uint32_t i = 0; i < n->nkids; i++) {
		struct option o = { 0 };

		if (!option_of(k, n->kids[i], &o) || ret->n + o.n > MAX_ENTRIES)
			return false;
		memcpy(&ret->e[ret->n], o.e, o.n * sizeof(*o.e));
		ret->n += o.n;
		ret->p += o.p;
	}
	return true;
}

static bool
option_of(struct picker *k, uint32_t node, struct option *ret)
{
	const struct sk_ir *n = &k->g->nodes.v[node];
	int kind = sk_select_kind(k->g, n);
	struct option best = { .p = UINT32_MAX };

	*ret = (struct option){ .kid = node };
	if (n->kind == SK_IR_OR)
		return n->nkids <= MAX_ENTRIES && option_of_or(k, n, ret);
	if (n->kind == SK_IR_AND) {
		for (uint32_t i = 0; i < n->nkids; i++)
			if (option_of(k, n->kids[i], ret) && ret->p < best.p)
				best = *ret;
		*ret = best;
		ret->exact = false;
		return best.p != UINT32_MAX;
	}
	if (!kind || n->nmembers > k->room)
		return false;
	k->room -= n->nmembers;
	ret->n = 1;
	ret->e[0] = (struct entry){ node, table_for(k, n, kind), likely_members(k, n) };
	ret->p = n->p_true;
	ret->exact = sk_select_is_exact(k->g, n);
	return true;
}

static void
options_of_rule(struct picker *k, uint32_t root, struct choice *c)
{
	const struct sk_ir *n = &k->g->nodes.v[root];
	const uint32_t *kids = n->kind == SK_IR_AND ? n->kids : &root;
	uint32_t nkids = n->kind == SK_IR_AND ? n->nkids : 1;

	c->first = k->pool.n;
	for (uint32_t i = 0; i < nkids && c->n < MAX_OPTIONS; i++) {
		struct option o;

		if (!option_of(k, kids[i], &o))
			continue;
		o.kid = kids[i];
		if (sk_vec_push(&k->pool, o))
			c->n++;
		else
			k->failed = true;
	}
	c->best = c->n;
}

/* --- members of tables ----------------------------------------------------------------------------------------------------- */
static void
add_hit(struct picker *k, uint32_t table, uint32_t member, uint32_t block)
{
	if (!sk_vec_push(&k->hits, (struct hit){ table, member, block }))
		k->failed = true;
}

static void
hits_of_option(struct picker *k, const struct option *o, uint32_t block)
{
	for (uint32_t e = 0; e < o->n; e++) {
		const struct sk_ir *t = &k->g->nodes.v[o->e[e].node];
		int kind = (int)k->tables.v[o->e[e].table].kind;

		if (t->rhs_kind == SK_IRR_VALUE)
			add_hit(k, o->e[e].table, sk_select_member(k->g, k->grams, t, kind, t->rhs), block);
		for (uint32_t m = 0; t->rhs_kind != SK_IRR_VALUE && m < t->nmembers; m++)
			add_hit(k, o->e[e].table, sk_select_member(k->g, k->grams, t, kind, t->members[m]), block);
	}
}

static void
collect_hits(struct picker *k)
{
	k->hits.n = 0;
	for (uint32_t b = 0; b < k->u->nrules; b++)
		if (k->choices[b].best < k->choices[b].n)
			hits_of_option(k, option_at(k, &k->choices[b], k->choices[b].best), b);
}

static int
by_place(const void *pa, const void *pb)
{
	const struct hit *a = pa, *b = pb;

	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	if (a->member != b->member)
		return a->member < b->member ? -1 : 1;
	return (a->block > b->block) - (a->block < b->block);
}

/* How many different members the options of all rules bring to each table. */
static void
count_members(struct picker *k)
{
	k->hits.n = 0;
	for (uint32_t b = 0; b < k->u->nrules; b++)
		for (uint32_t i = 0; i < k->choices[b].n; i++)
			hits_of_option(k, option_at(k, &k->choices[b], i), b);
	if (k->hits.n)
		qsort(k->hits.v, k->hits.n, sizeof(*k->hits.v), by_place);
	for (size_t i = 0; i < k->hits.n; i++)
		if (!i || k->hits.v[i].table != k->hits.v[i - 1].table || k->hits.v[i].member != k->hits.v[i - 1].member)
			k->tables.v[k->hits.v[i].table].members++;
}

/* --- choosing -------------------------------------------------------------------------------------------------------------- */
/* A rule counts once for a table, though several of its options may name it. */
static void
count_rules(struct picker *k, bool chosen_only)
{
	for (size_t i = 0; i < k->tables.n; i++)
		k->tables.v[i].rules = 0;
	for (uint32_t b = 0; b < k->u->nrules; b++) {
		const struct choice *c = &k->choices[b];
		uint32_t seen[MAX_OPTIONS * MAX_ENTRIES], nseen = 0;

		for (uint32_t i = chosen_only ? c->best : 0; i < c->n && (!chosen_only || i == c->best); i++)
			for (uint32_t e = 0; e < option_at(k, c, i)->n; e++) {
				uint32_t t = option_at(k, c, i)->e[e].table, s = 0;

				while (s < nseen && seen[s] != t)
					s++;
				if (s == nseen) {
					seen[nseen++] = t;
					k->tables.v[t].rules++;
				}
			}
	}
}

/* Chance that a look-up finds the rule: the more members a table tells apart, the less each is hit. A table of one member that all rules share tells nothing apart. */
static uint64_t
chance(const struct picker *k, const struct entry *e)
{
	const struct table *t = &k->tables.v[e->table];
	uint64_t chances = (uint64_t)e->likely * (t->kind == SK_SELECT_GRAMS ? GRAM_CHANCES : 1);
	uint64_t p = chances * ONE / (t->members + (names_events(&k->g->values.v[t->value]) ? MANY_CALLS : 2));

	return p < ONE ? p : ONE;
}

static uint64_t
price(const struct picker *k, const struct option *o)
{
	uint64_t ns = 0;

	for (uint32_t e = 0; e < o->n; e++) {
		const struct table *t = &k->tables.v[o->e[e].table];

		if (t->dropped || t->rules < MIN_RULES)
			return UINT64_MAX;
		uint32_t lookup = t->kind == SK_SELECT_GRAMS ? GRAMS_NS : LOOKUP_NS;

		ns += chance(k, &o->e[e]) * VISIT_NS + (uint64_t)(k->g->values.v[t->value].cost + lookup) * ONE / t->rules;
	}
	return ns;
}

static void
choose(struct picker *k)
{
	for (uint32_t b = 0; b < k->u->nrules; b++) {
		struct choice *c = &k->choices[b];
		uint64_t least = UINT64_MAX;

		c->best = c->n;
		for (uint32_t i = 0; i < c->n; i++) {
			uint64_t p = price(k, option_at(k, c, i));

			if (p < least) {
				least = p;
				c->best = i;
			}
		}
	}
}

static int
by_rules(const void *pa, const void *pb)
{
	const struct table *a = *(const struct table *const *)pa, *b = *(const struct table *const *)pb;

	if (a->rules != b->rules)
		return a->rules > b->rules ? -1 : 1;
	return (a > b) - (a < b);
}

/* Give up tables that too few chose; beyond the machine's limit the smallest too. True if a rule has to choose again. */
static bool
drop_tables(struct picker *k)
{
	SK_AUTO_FREE struct table **alive = malloc((k->tables.n + 1) * sizeof(*alive));
	uint32_t n = 0;
	bool any = false;

	if (!alive) {
		k->failed = true;
		return false;
	}
	for (uint32_t i = 0; i < k->tables.n; i++) {
		struct table *t = &k->tables.v[i];

		if (t->dropped)
			continue;
		t->dropped = t->rules < MIN_RULES;
		any = any || (t->dropped && t->rules);
		if (!t->dropped)
			alive[n++] = t;
	}
	qsort(alive, n, sizeof(struct table *), by_rules);
	for (uint32_t i = 0, weight = 0; i < n; i++) {
		weight += sk_select_info(alive[i]->kind)->weight;
		if (weight > SK_MAX_SELECTS)
			alive[i]->dropped = any = true;
	}
	return any;
}

static void
settle(struct picker *k)
{
	size_t rounds = MAX_ROUNDS + k->tables.n;
	bool again = true;

	count_members(k);
	count_rules(k, false);
	for (size_t i = 0; again && i < rounds; i++) {
		choose(k);
		count_rules(k, true);
		again = drop_tables(k);
	}
}

/* --- tables ---------------------------------------------------------------------------------------------------------------- */
/* Hits [beg, end) of one table: its members in order of their numbers, each with its blocks. */
static bool
fill_table(struct picker *k, const struct hit *h, size_t n, struct sk_plan_select *s)
{
	struct sk_arena *a = k->g->cx->arena;

	s->members = SK_NEW_ARRAY(a, n, uint32_t);
	s->lists = sk_arena_array(a, n, sizeof(*s->lists));
	uint32_t *blocks = SK_NEW_ARRAY(a, n, uint32_t);
	if (!s->members || !s->lists || !blocks)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!i || h[i].member != h[i - 1].member) {
			s->members[s->nmembers] = h[i].member;
			s->lists[s->nmembers++].v = &blocks[i];
		} else if (h[i].block == h[i - 1].block) {
			continue;
		}
		s->lists[s->nmembers - 1].v[s->lists[s->nmembers - 1].n++] = h[i].block;
	}
	return true;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* For a text that holds too many members: every block. */
static bool
all_blocks(struct picker *k, struct sk_plan_select *s)
{
	uint32_t n = 0, u = 0;

	for (uint32_t i = 0; i < s->nmembers; i++)
		n += s->lists[i].n;
	s->all = SK_NEW_ARRAY(k->g->cx->arena, n + 1, uint32_t);
	if (!s->all)
		return false;
	n = 0;
	for (uint32_t i = 0; i < s->nmembers; i++) {
		memcpy(s->all + n, s->lists[i].v, s->lists[i].n * sizeof(*s->all));
		n += s->lists[i].n;
	}
	qsort(s->all, n, sizeof(*s->all), by_number);
	for (uint32_t i = 0; i < n; i++)
		if (!u || s->all[u - 1] != s->all[i])
			s->all[u++] = s->all[i];
	s->nall = u;
	return true;
}

/* --- prefixes -------------------------------------------------------------------------------------------------------------- */
struct prefix {
	struct sk_slice text;
	uint32_t member, parent; /* the longest other prefix that begins it, + 1 */
};

static int
by_text(const void *pa, const void *pb)
{
	return sk_slice_cmp(((const struct prefix *)pa)->text, ((const struct prefix *)pb)->text);
}

/* Lists of one member and of all that begin it. PARENT comes earlier in the order of texts, so its list is complete. */
static bool
inherit(struct picker *k, struct sk_plan_select *s, const struct prefix *p, const struct prefix *parent)
{
	uint32_t n = s->lists[p->member].n, m = s->lists[parent->member].n, u = 0;
	uint32_t *v = SK_NEW_ARRAY(k->g->cx->arena, (size_t)n + m, uint32_t);

	if (!v)
		return false;
	memcpy(v, s->lists[p->member].v, n * sizeof(*v));
	memcpy(v + n, s->lists[parent->member].v, m * sizeof(*v));
	qsort(v, (size_t)n + m, sizeof(*v), by_number);
	for (uint32_t i = 0; i < n + m; i++)
		if (!u || v[u - 1] != v[i])
			v[u++] = v[i];
	s->lists[p->member].v = v;
	s->lists[p->member].n = u;
	return true;
}

/* Prefixes of prefixes of prefixes: what a member inherits must stay in proportion to what it brings. */
#define MAX_INHERITED 65536u

static bool
close_prefixes(struct picker *k, struct sk_plan_select *s, bool *ret_too_large)
{
	SK_AUTO_FREE struct prefix *p = malloc((s->nmembers + 1) * sizeof(*p));
	uint64_t inherited = 0;

	if (!p)
		return false;
	for (uint32_t i = 0; i < s->nmembers; i++)
		p[i] = (struct prefix){ k->g->values.v[s->members[i]].text, i, 0 };
	qsort(p, s->nmembers, sizeof(*p), by_text);
	for (uint32_t i = 1; i < s->nmembers; i++) {
		uint32_t at = i; /* the text before, then what begins it, and so on */

		while (at && !sk_slice_starts(p[i].text, p[at - 1].text))
			at = p[at - 1].parent;
		p[i].parent = at;
		if (!at)
			continue;
		inherited += s->lists[p[at - 1].member].n;
		if (inherited > 4ull * k->u->nrules + MAX_INHERITED) {
			*ret_too_large = true;
			return true;
		}
		if (!inherit(k, s, &p[i], &p[at - 1]))
			return false;
	}
	return true;
}

/* --- the pass -------------------------------------------------------------------------------------------------------------- */
/* The conjunct that made a rule a candidate holds by being one. */
static void
drop_conjunct(struct picker *k, uint32_t block)
{
	const struct choice *c = &k->choices[block];
	const struct option *o = option_at(k, c, c->best);
	uint32_t root = k->u->rules[block].root, n = k->g->nodes.v[root].nkids, rest = 0;

	if (!o->exact || o->n != 1)
		return;
	if (root == o->kid) {
		k->u->rules[block].root = 1;
		return;
	}
	SK_AUTO_FREE uint32_t *kids = malloc((n + 1) * sizeof(*kids));
	if (!kids)
		return;
	for (uint32_t i = 0; i < n; i++)
		if (k->g->nodes.v[root].kids[i] != o->kid)
			kids[rest++] = k->g->nodes.v[root].kids[i];
	k->u->rules[block].root = sk_ir_and(k->g, kids, rest);
}

static bool
make_tables(struct picker *k)
{
	struct sk_unit *u = k->u;

	collect_hits(k);
	if (k->failed)
		return false;
	if (k->hits.n)
		qsort(k->hits.v, k->hits.n, sizeof(*k->hits.v), by_place);
	u->selects = SK_NEW_ARRAY(k->g->cx->arena, k->tables.n + 1, struct sk_plan_select);
	u->selected = SK_NEW_ARRAY(k->g->cx->arena, u->nrules + 1, bool);
	if (!u->selects || !u->selected)
		return false;
	for (size_t i = 0, end; i < k->hits.n; i = end) {
		const struct table *t = &k->tables.v[k->hits.v[i].table];
		struct sk_plan_select *s = &u->selects[u->nselects];
		bool too_large = false;

		for (end = i + 1; end < k->hits.n && k->hits.v[end].table == k->hits.v[i].table; end++)
			;
		*s = (struct sk_plan_select){ .value = t->value, .kind = t->kind, .set_kind = t->set_kind };
		if (!fill_table(k, &k->hits.v[i], end - i, s) || (t->kind == SK_SELECT_GRAMS && !all_blocks(k, s)) ||
		    (sk_select_info(t->kind)->trie && !close_prefixes(k, s, &too_large)))
			return false;
		k->tables.v[k->hits.v[i].table].dropped = too_large;
		u->nselects += !too_large;
	}
	return true;
}

/* A rule is selected if every table it counts on came to be. */
static void
mark_selected(struct picker *k)
{
	for (uint32_t b = 0; b < k->u->nrules; b++) {
		const struct choice *c = &k->choices[b];
		bool all = c->best < c->n;

		for (uint32_t e = 0; all && e < option_at(k, c, c->best)->n; e++)
			all = !k->tables.v[option_at(k, c, c->best)->e[e].table].dropped;
		k->u->selected[b] = all;
		if (all)
			drop_conjunct(k, b);
	}
}

static bool
select_unit(struct picker *k)
{
	struct sk_unit *u = k->u;

	k->choices = calloc(u->nrules, sizeof(*k->choices));
	if (!k->choices)
		return false;
	k->room = MAX_HITS + (uint64_t)HITS_PER_RULE * u->nrules;
	for (uint32_t b = 0; b < u->nrules; b++)
		options_of_rule(k, u->rules[b].root, &k->choices[b]);
	settle(k);
	if (!make_tables(k))
		return false;
	mark_selected(k);
	return !k->failed;
}

bool
sk_pass_select(struct sk_plan *p)
{
	size_t nvalues = p->g->values.n;
	struct sk_gram_counts grams = { 0 };
	bool ok = sk_count_grams(p->g, &grams);

	for (size_t i = 0; ok && i < p->units.n; i++) {
		struct picker k = { .g = p->g, .u = p->units.v[i], .nvalues = nvalues, .grams = &grams };

		if (k.u->nrules < MIN_RULES)
			continue;
		k.table_of = calloc((nvalues + 1) * SK_SELECT_LIMIT, sizeof(*k.table_of));
		k.generic = calloc(nvalues + 1, 1);
		ok = k.table_of && k.generic && select_unit(&k);
		free(k.table_of);
		free(k.generic);
		free(k.choices);
		sk_vec_free(&k.pool);
		sk_vec_free(&k.tables);
		sk_vec_free(&k.hits);
	}
	sk_vec_free(&grams.sorted);
	return ok;
}
