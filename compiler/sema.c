/* Conditions become nodes. */
#include "compiler/sema.h"

#include "base/hash.h"
#include "base/schema.h"
#include "compiler/dialect.h"

#include <saker/limits.h>

/* Brackets and macros together: conditions nest to SK_MAX_COND_DEPTH, macros to SK_MAX_MACRO_DEPTH, and the passes recurse over what comes out. */
#define MAX_DEPTH (4 * SK_MAX_COND_DEPTH)
/* Falco warns of rules that leave more event types possible. */
#define MANY_EVENT_TYPES 100u

/* --- findings -------------------------------------------------------------------------------------------------------------- */
static enum sk_diag_code
code_in_output(enum sk_diag_code code)
{
	if (code == SK_D_FIELD_LATER)
		return SK_D_OUTPUT_FIELD_LATER;
	if (sk_diag_desc(code)->severity == SK_SEV_ERROR)
		return SK_D_OUTPUT_FIELD;
	return code;
}

static bool
is_unknown_name(enum sk_diag_code code)
{
	return code == SK_D_UNKNOWN_FIELD || code == SK_D_FIELD_LATER || code == SK_D_OUTPUT_FIELD || code == SK_D_OUTPUT_FIELD_LATER;
}

/* Falco's reports give a deprecated field the place of the whole condition. The caret stays at the field. */
static void
place_at_condition(struct sk_sema *s, struct sk_diag *d)
{
	struct sk_item *item = d->item ? SK_NEW(s->cx->arena, struct sk_item) : NULL;

	if (!item)
		return;
	*item = *d->item;
	item->loc = sk_text_loc(s->rule->cond->text, (struct sk_span){ 0, 0 });
	item->text_line = item->text_column = 0;
	d->item = item;
}

static bool
grow_reported(struct sk_sema *s)
{
	size_t cap = s->reported_cap ? s->reported_cap * 2 : 256;
	uint64_t *slots = SK_NEW_ARRAY(s->cx->arena, cap, uint64_t);

	if (!slots)
		return false;
	for (size_t i = 0; i < s->reported_cap; i++) {
		size_t at = s->reported[i] & (cap - 1);

		if (!s->reported[i])
			continue;
		while (slots[at])
			at = (at + 1) & (cap - 1);
		slots[at] = s->reported[i];
	}
	s->reported = slots;
	s->reported_cap = cap;
	return true;
}

/* An error in a macro or list is one mistake, however many rules it reaches. Only hashes are kept: two errors with one hash are one about once in 2^64. */
static bool
is_reported(struct sk_sema *s, enum sk_diag_code code, struct sk_loc loc, struct sk_slice text)
{
	uint64_t h = sk_hash_u64((uintptr_t)loc.file ^ (uint64_t)code << 56 ^ loc.span.beg) ^ sk_hash_bytes(text.p, text.n);

	h = sk_hash_u64(h) | 1;
	if (s->nreported * 2 >= s->reported_cap && !grow_reported(s))
		return false;
	size_t at = h & (s->reported_cap - 1);
	for (; s->reported[at]; at = (at + 1) & (s->reported_cap - 1))
		if (s->reported[at] == h)
			return true;
	s->reported[at] = h;
	s->nreported++;
	return false;
}

static bool
is_skip_reason(const struct sk_sema *s, enum sk_diag_code code, struct sk_slice text)
{
	return s->rule->skip_if_unknown &&
	       (is_unknown_name(code) || (code == SK_D_BAD_VALUE && sk_slice_starts(text, SK_SLICE("unknown event type"))));
}

/* What becomes of the rule; false if the error is not reported. */
static bool
take_error(struct sk_sema *s, enum sk_diag_code *code, struct sk_loc loc, struct sk_slice text)
{
	if (s->rule->skipped)
		return false; /* it names what another engine knows: nobody can say what is wrong with the rest */
	if (is_skip_reason(s, *code, text)) {
		if (s->rule->bad)
			return false;
		s->rule->skipped = true;
		*code = SK_D_UNKNOWN_FILTER;
		return true;
	}
	s->rule->bad = true;
	return !is_reported(s, *code, loc, text);
}

struct sk_diag *
sk_sema_report(struct sk_sema *s, enum sk_diag_code code, struct sk_span span, const char *fmt, ...)
{
	struct sk_slice text;
	va_list ap;

	s->nfindings++;
	if (s->output)
		code = code_in_output(code);
	va_start(ap, fmt);
	text = sk_arena_vprintf(s->cx->arena, fmt, ap);
	va_end(ap);
	if (sk_diag_desc(code)->severity == SK_SEV_ERROR && !take_error(s, &code, sk_text_loc(s->text, span), text))
		return NULL;
	sk_diags_context(s->cx->diags, !s->rule->name.n ? NULL : s->output ? &s->rule->output_item : &s->rule->cond_item);
	struct sk_diag *d = sk_diag_add_text(s->cx->diags, code, s->text, span, "%.*s", SK_SLICE_ARG(text));
	sk_diags_context(s->cx->diags, NULL);
	if (code == SK_D_DEPRECATED_FIELD && !s->output)
		place_at_condition(s, d);
	if (s->cond)
		sk_note_macros(s->cx, d, s->cond);
	return d;
}

/* --- conditions ------------------------------------------------------------------------------------------------------------ */
static uint32_t node_of(struct sk_sema *s, struct sk_cond *c, uint32_t depth);

static uint32_t
connective(struct sk_sema *s, const struct sk_cond *c, uint32_t depth)
{
	SK_AUTO_FREE uint32_t *kids = malloc((c->nkids + 1) * sizeof(*kids));

	if (!kids)
		return 0;
	for (uint32_t i = 0; i < c->nkids; i++)
		kids[i] = node_of(s, c->kids[i], depth + 1);
	return c->kind == SK_COND_AND ? sk_ir_and(s->g, kids, c->nkids) : sk_ir_or(s->g, kids, c->nkids);
}

static uint32_t
make_node(struct sk_sema *s, const struct sk_cond *c, uint32_t depth)
{
	switch (c->kind) {
	case SK_COND_AND:
	case SK_COND_OR: return connective(s, c, depth);
	case SK_COND_NOT: return sk_ir_not(s->g, node_of(s, c->kids[0], depth + 1));
	case SK_COND_CHECK: return c->broken ? 0 : sk_sema_check(s, c);
	case SK_COND_MACRO: break; /* the expansion left it, and has said why */
	}
	return 0;
}

/* C is a copy of a condition that is known. */
static uint32_t
same_as_origin(struct sk_cond *c)
{
	c->node = c->origin->node;
	for (uint32_t i = 0; i < c->nkids; i++)
		(void)same_as_origin(c->kids[i]);
	return c->node;
}

static uint32_t
node_of(struct sk_sema *s, struct sk_cond *c, uint32_t depth)
{
	size_t before = s->nfindings;

	/* A macro's condition means the same in every rule: rules that use long chains of macros look at them once. */
	if (c->origin && c->origin->judged)
		return same_as_origin(c);
	s->text = c->text;
	s->cond = c;
	if (depth > MAX_DEPTH) {
		sk_sema_report(s, SK_D_COND_LIMIT, c->span, "the condition nests deeper than %u levels", MAX_DEPTH);
		return 0;
	}
	c->node = make_node(s, c, depth);
	if (c->origin && s->nfindings == before) {
		c->origin->node = c->node;
		c->origin->judged = true;
	}
	return c->node;
}

uint32_t
sk_sema_node(struct sk_sema *s, struct sk_cond *c)
{
	return node_of(s, c, 0);
}

static void
compile_rule(struct sk_sema *s, struct sk_rule_ast *r)
{
	struct sk_ir_rule done = { .rule = r };

	if (r->skipped)
		return;
	s->rule = r;
	if (r->cond)
		done.root = node_of(s, r->cond, 0);
	if (r->skipped || (r->bad && !r->output.s.n))
		return;
	s->text = &r->output;
	s->cond = NULL;
	s->output = true;
	(void)sk_sema_output(s, &done.output);
	s->output = false;
	if (!r->bad && !r->skipped && r->cond)
		(void)sk_vec_push_arena(&s->g->rules, s->cx->arena, done);
}

/* --- rules that look at everything ----------------------------------------------------------------------------------------- */
/* Numbers of events begin with 1: a test of evt.num that no number meets, as old rules have it to switch themselves off. */
static bool
no_number(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	uint64_t n = t->rhs_kind == SK_IRR_VALUE && g->values.v[t->rhs].kind == SK_IRV_CONST ? g->values.v[t->rhs].num : UINT64_MAX;

	if (g->values.v[t->lhs].kind != SK_IRV_FIELD || g->values.v[t->lhs].field->id != SK_F_evt_num)
		return false;
	return (n == 0 && (t->op == SK_OP_EQ_NUM || t->op == SK_OP_LE_UINT)) || (n <= 1 && t->op == SK_OP_LT_UINT);
}

static void
named_types(void *ctx, uint32_t node, struct sk_event_reach *ret)
{
	const struct sk_ir_graph *g = ctx;
	const struct sk_ir *t = &g->nodes.v[node];
	const struct sk_irv *lhs = &g->values.v[t->lhs];
	const uint32_t *names = t->op == SK_OP_IN_SET ? t->members : &t->rhs;
	uint32_t n = t->op == SK_OP_IN_SET ? t->nmembers : 1;
	struct sk_event_set hit = { 0 }, miss = sk_event_set_all();

	if (no_number(g, t)) {
		ret->yes = t->mod & SK_MOD_NEG ? miss : hit;
		ret->no = t->mod & SK_MOD_NEG ? hit : miss;
		return;
	}
	if (lhs->kind != SK_IRV_FIELD || (lhs->field->id != SK_F_evt_type && lhs->field->id != SK_F_syscall_type))
		return;
	if ((t->op != SK_OP_EQ_STR && t->op != SK_OP_IN_SET) || (t->op == SK_OP_EQ_STR && g->values.v[t->rhs].kind != SK_IRV_CONST))
		return;
	for (uint32_t i = 0; i < n; i++) {
		struct sk_event_set named = sk_event_set_named(g->values.v[names[i]].text);

		for (uint32_t w = 0; w < SK_EVENT_SET_WORDS; w++) {
			hit.w[w] |= named.w[w];
			miss.w[w] &= ~named.w[w];
		}
	}
	ret->yes = t->mod & SK_MOD_NEG ? miss : hit;
	ret->no = t->mod & SK_MOD_NEG ? hit : miss;
}

static bool
has_empty_list(const struct sk_cond *c)
{
	if (c->kind == SK_COND_CHECK)
		return c->rhs && c->rhs->kind == SK_OPND_LIST && !c->rhs->nargs;
	for (uint32_t i = 0; i < c->nkids; i++)
		if (has_empty_list(c->kids[i]))
			return true;
	return false;
}

/* What leaves rule R no event type. */
static const char *
why_no_types(const struct sk_ir_rule *r)
{
	if (r->root)
		return "the condition is about no event type that exists";
	return has_empty_list(r->rule->cond) ? "the condition never holds, so it leaves no event type possible; a list in it is empty"
					     : "the condition never holds, so it leaves no event type possible";
}

static void
warn_of_many_types(struct sk_sema *s, const struct sk_event_reach *reach)
{
	for (size_t i = 0; reach && i < s->g->rules.n; i++) {
		struct sk_rule_ast *r = s->g->rules.v[i].rule;
		uint32_t n = sk_event_set_count(&reach[s->g->rules.v[i].root].yes);

		if (!r->warn_evttypes || r->source != SK_SOURCE_SYSCALL || (n && n <= MANY_EVENT_TYPES))
			continue;
		sk_diags_context(s->cx->diags, &r->item);
		struct sk_loc loc = sk_text_loc(r->cond->text, r->cond->span);
		if (n)
			(void)sk_diag_add(s->cx->diags, SK_D_NO_EVTTYPE, loc, "the condition leaves %u event types possible", n);
		else
			(void)sk_diag_add(s->cx->diags, SK_D_NO_EVTTYPE, loc, "%s", why_no_types(&s->g->rules.v[i]));
		sk_diags_context(s->cx->diags, NULL);
		r->no_types = !n;
	}
}

/* --- Falco's choice of events ---------------------------------------------------------------------------------------------- */
/* The same with the calls that share one event type told apart: that type remains where a test of its names may go either way. */
static void
named_calls(void *ctx, uint32_t node, struct sk_event_reach *ret)
{
	const struct sk_ir_graph *g = ctx;

	named_types(ctx, node, ret);
	if (!sk_event_set_has(g->nodes.v[node].mod & SK_MOD_NEG ? &ret->no : &ret->yes, SK_E_GENERIC_X))
		return;
	sk_event_set_add(&ret->yes, SK_E_GENERIC_X);
	sk_event_set_add(&ret->no, SK_E_GENERIC_X);
}

static void
restrict_rule(struct sk_sema *s, struct sk_ir_rule *r, const struct sk_event_reach *reach, const struct sk_event_reach *calls)
{
	s->rule = r->rule;
	s->text = r->rule->cond->text;
	s->cond = NULL;
	if (sk_event_set_has(&calls[r->root].yes, SK_E_GENERIC_X) && !sk_event_set_has(&reach[r->root].yes, SK_E_GENERIC_X))
		sk_sema_report(s, SK_D_OTHER_MEANING, r->rule->cond->span,
			       "in Falco a call without an event type of its own, named in a negated test, keeps all such calls from the rule");
	r->root = sk_ir_and(s->g, (uint32_t[]){ r->root, sk_dialect_events(s, r->rule, &reach[r->root]) }, 2);
}

/* As dialect.h has it. */
static void
restrict_to_events(struct sk_sema *s, const struct sk_event_reach *reach)
{
	const struct sk_event_reach *calls = sk_event_reach(s->g, named_calls, s->g);

	for (size_t i = 0; reach && calls && i < s->g->rules.n; i++)
		if (s->g->rules.v[i].rule->source == SK_SOURCE_SYSCALL)
			restrict_rule(s, &s->g->rules.v[i], reach, calls);
}

struct sk_ir_graph *
sk_sema(struct sk_compile *cx, struct sk_ruleset *rs)
{
	struct sk_sema s = { .cx = cx, .g = sk_ir_new(cx) };

	s.operands = SK_NEW(cx->arena, struct sk_operands_index);
	if (!s.g || !s.operands || !sk_sema_cache_init(&s))
		return NULL;
	for (size_t i = 0; i < rs->rules.n; i++)
		compile_rule(&s, rs->rules.v[i]);
	const struct sk_event_reach *reach = sk_event_reach(s.g, named_types, s.g);
	warn_of_many_types(&s, reach);
	if (cx->dialect == SK_DIALECT_FALCO)
		restrict_to_events(&s, reach);
	return sk_arena_failed(cx->arena) ? NULL : s.g;
}

/* Templates from the command line belong to a rule that does not exist. */
void
sk_sema_extra_output(struct sk_ir_graph *g, const struct sk_text *text)
{
	struct sk_rule_ast nobody = { .name = SK_SLICE("") };
	struct sk_sema s = { .cx = g->cx, .g = g, .rule = &nobody, .text = text, .output = true };
	struct sk_ir_output done = { 0 };

	if (sk_sema_cache_init(&s) && sk_sema_output(&s, &done))
		(void)sk_vec_push_arena(&g->extra_outputs, g->cx->arena, done);
}
