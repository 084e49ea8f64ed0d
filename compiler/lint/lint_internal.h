/* What the lints share. */
#ifndef SK_LINT_INTERNAL_H
#define SK_LINT_INTERNAL_H

#include "compiler/collect.h"
#include "compiler/event_set.h"
#include "compiler/lint/lint.h"
#include "compiler/plan.h"

/* One node of a rule's tree in pre-order; 0 is the root. */
struct sk_lint_node {
	struct sk_cond *c;
	uint32_t parent;
	uint32_t end;                /* first node behind its subtree */
	uint32_t prev, last;         /* the kid before it, and its last kid; 0: none */
	struct sk_event_reach reach; /* delivered event types it may be true and false for */
	bool constant;               /* an empty list decides it: that is how rules offer a place to add to, and no mistake */
	bool reported;               /* it, or a part, has a finding about event types: what follows from it is not said again */
};

struct sk_lint_exception {
	const struct sk_exception *ex;
	struct sk_loc loc;
	uint32_t node; /* of the exception's tree: the kid of its NOT; 0: values of a single field, all in one node */
};

/* A rule as the passes see it. */
struct sk_lint_rule {
	const struct sk_ir_rule *ir;
	struct sk_rule_ast *rule;
	SK_VEC(struct sk_lint_node) nodes;
	uint32_t condition;        /* node of the condition without exceptions */
	bool typed;                /* its source has event types */
	struct sk_event_set types; /* delivered ones that the condition may hold for */
	SK_VEC(struct sk_lint_exception) exceptions;
};

struct sk_allow;
struct sk_lint_look;

struct sk_lint_seen {
	uint64_t hash;             /* 0: free */
	struct sk_lint_look *look; /* of sk_lint_look() */
};

struct sk_lint {
	struct sk_compile *cx;
	struct sk_ruleset *rs;
	const struct sk_ir_graph *g;
	const bool *on;
	struct sk_event_set delivered; /* of the source syscall */
	struct sk_event_set *absent;   /* by value: event types on which it has no value */
	struct sk_event_reach *reach;  /* by node of the graph */
	uint32_t *twin;                /* by value: the first value that is always the same, itself for most */
	struct sk_lint_seen *seen;     /* hash set of what was looked at: look.c */
	size_t nseen, seen_cap;
	struct sk_lint_look *look; /* that goes on, or NULL */
	struct sk_allow *allow;
	const struct sk_rule_ast *rule; /* that the passes look at; NULL between rules */
	bool failed; /* out of memory */
};

/* look.c */
/* Add a finding in the context of ITEM. C: the check it is about, for notes about macros; may be NULL. One place gets a code
 * once, however many rules come by. NULL if it is not wanted, was allowed or was said. */
struct sk_diag *sk_lint_report(struct sk_lint *l, enum sk_diag_code code, const struct sk_item *item, struct sk_loc loc,
			       const struct sk_cond *c, const char *fmt, ...) SK_PRINTF(6, 7);
/* A second place for the finding D that sk_lint_report() gave last, which may be NULL: then it is kept if the finding is. TEXT is
 * a constant. */
void sk_lint_note(struct sk_lint *l, struct sk_diag *d, struct sk_loc loc, const char *text);
/* True if nobody has looked at WHAT (a list or operand that rules share) in this way: look, then call sk_lint_look_end().
 * Otherwise what was found then is told to the rule of ITEM, which uses it in check C. */
bool sk_lint_look(struct sk_lint *l, const void *what, uint64_t how, const struct sk_item *item, const struct sk_cond *c);
void sk_lint_look_end(struct sk_lint *l);
/* True the first time that it is asked about this pair. */
bool sk_lint_once(struct sk_lint *l, uint64_t a, uint64_t b);

/* facts.c: fill in delivered, absent and reach. */
bool sk_lint_facts(struct sk_lint *l);
/* A check's left side; NULL if it has none of its own. */
const struct sk_irv *sk_lint_value(const struct sk_lint *l, const struct sk_cond *c);
/* The same if it is a plain field; NULL otherwise. */
const struct sk_irv *sk_lint_field(const struct sk_lint *l, const struct sk_cond *c);
bool sk_lint_is_event_type(const struct sk_irv *v);
/* "open, openat and 3 more" in the arena. */
struct sk_slice sk_lint_type_names(struct sk_lint *l, const struct sk_event_set *s);
struct sk_loc sk_lint_loc(const struct sk_cond *c);

/* The value is the constant, or one of them. */
static inline bool
sk_lint_is_exact(enum sk_cmp cmp)
{
	return cmp == SK_CMP_EQ || cmp == SK_CMP_NE || cmp == SK_CMP_IN || cmp == SK_CMP_INTERSECTS;
}

static inline bool
sk_event_set_empty(const struct sk_event_set *s)
{
	for (uint32_t i = 0; i < SK_EVENT_SET_WORDS; i++)
		if (s->w[i])
			return false;
	return true;
}

static inline struct sk_event_set
sk_event_set_and(const struct sk_event_set *a, const struct sk_event_set *b)
{
	struct sk_event_set r;

	for (uint32_t i = 0; i < SK_EVENT_SET_WORDS; i++)
		r.w[i] = a->w[i] & b->w[i];
	return r;
}

static inline struct sk_event_set
sk_event_set_minus(const struct sk_event_set *a, const struct sk_event_set *b)
{
	struct sk_event_set r;

	for (uint32_t i = 0; i < SK_EVENT_SET_WORDS; i++)
		r.w[i] = a->w[i] & ~b->w[i];
	return r;
}

/* rule.c: lay the tree of a rule out. */
bool sk_lint_rule_begin(struct sk_lint *l, const struct sk_ir_rule *ir, struct sk_lint_rule *ret);
void sk_lint_rule_end(struct sk_lint_rule *r);

/* Conditions nest deeper than people read; what is further down is not looked into. */
#define SK_LINT_DEPTH 64u

/* paths.c: constants of check C that the path FIELD is never like. */
void sk_lint_paths(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_cond *c, const struct sk_irv *field);

/* shown.c: constant O of check C, if FIELD never shows it. */
void sk_lint_shown(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_cond *c, const struct sk_irv *field,
		   const struct sk_opnd *o);

/* constant.c: what test T (its negation aside) says of a constant of its left side's type: 1 it holds, 0 it does not, -1 not known
 * here. */
int sk_lint_test(const struct sk_ir_graph *g, const struct sk_ir *t, const struct sk_irv *v);
/* The same of a node all of whose tests are about one value, which is there and is a single one. */
int sk_lint_holds(const struct sk_ir_graph *g, uint32_t node, const struct sk_irv *v, uint32_t depth);
bool sk_lint_contains(struct sk_slice a, struct sk_slice b, bool nocase);
bool sk_lint_in_net(const struct sk_irv *addr, const struct sk_irv *net);

/* implies.c: what parts of conditions mean for each other. All answers are "certainly" or "not known". */
struct sk_relating {
	const struct sk_ir_graph *g;
	uint64_t steps; /* work that is left; nothing is certain without */
};
struct sk_wanted {
	uint32_t node; /* of the graph */
	bool want;     /* it must hold, not fail */
};
/* A and B cannot both be as wanted. PRESENT: the values on the left are known to be there. */
bool sk_lint_exclude(struct sk_relating *r, struct sk_wanted a, struct sk_wanted b, bool present);
/* Whenever A holds, B does. */
bool sk_lint_implies(struct sk_relating *r, uint32_t a, uint32_t b);
/* The constants that test T names, one of which a value must be for it to hold (its negation aside); 0: it names none. */
uint32_t sk_lint_named(const struct sk_ir_graph *g, const struct sk_ir *t, const uint32_t **ret);
/* Two values that are always the same. */
bool sk_lint_same_value(const struct sk_ir_graph *g, uint32_t a, uint32_t b);
/* Fill in twin. */
bool sk_lint_twins(struct sk_lint *l);

/* chain.c: what is joined by AND (or OR). */
struct sk_literal {
	const struct sk_cond *c;
	uint32_t value;  /* of the graph: what it is about; SK_LINT_WHOLE + node: a part about several values */
	uint32_t test;   /* node */
	uint32_t order;  /* of writing */
	bool want;       /* the node must hold, not fail */
	bool single;     /* the value is no list, or one test is all there is */
};
#define SK_LINT_WHOLE (1u << 31)
typedef SK_VEC(struct sk_literal) sk_literals;
/* Literals of the chain below node C: what must all hold (AND), or, with ANY, what must all fail for C to be false, as literals
 * that say so. */
void sk_literals_of(struct sk_lint *l, const struct sk_cond *c, bool any, sk_literals *ret);
void sk_literals_sort(sk_literals *v);
/* Of N literals of one value, in order: the index of the one that cannot hold with the others, and in *RET_WITH one of those; N
 * if they may all hold. PRESENT: the value is known to be there. */
size_t sk_literals_conflict(const struct sk_lint *l, const struct sk_literal *v, size_t n, bool present, size_t *ret_with);
/* True if a literal leaves constant V. */
bool sk_literal_leaves(const struct sk_lint *l, const struct sk_literal *lit, const struct sk_irv *v);

/* allow.c: comments that silence. Those that are asked about a finding count as used if they allow it. */
bool sk_allow_read(struct sk_lint *l);
/* A comment covers the place of a finding. */
bool sk_allowed_at(struct sk_allow *a, enum sk_diag_code code, struct sk_loc loc);
/* A comment covers the rule, macro or list that ITEM is in. */
bool sk_allowed_in(struct sk_allow *a, enum sk_diag_code code, const struct sk_item *item);
/* Take away what other stages found and comments allow; then find fault with the comments. False only when out of memory. */
bool sk_allow_finish(struct sk_lint *l);
/* For allow_read.c: CODE is allowed in SPAN of FILE, because COMMENT says so. */
void sk_allow_add(struct sk_lint *l, enum sk_diag_code code, const struct sk_file *file, struct sk_span span,
		  struct sk_span comment);
/* allow_read.c: find the comments of one file. False only when out of memory. */
bool sk_allow_read_file(struct sk_lint *l, const struct sk_yaml_docs *docs);

/* across.c: lints about several rules. */
bool sk_lint_across(struct sk_lint *l);
/* lists.c: names of lists that stand in one list twice. */
bool sk_lint_inner_lists(struct sk_lint *l);

#define SK_LINT_PASS(function) void function(struct sk_lint *l, struct sk_lint_rule *r);
#include "compiler/lint/lint.def"
#undef SK_LINT_PASS

#endif
