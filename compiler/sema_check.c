/* One check: operator against the type of the field, values against both, and the tests it becomes. */
#include "compiler/sema.h"

#include "base/schema.h"
#include "compiler/dialect.h"
#include "compiler/regex_syntax.h"
#include "compiler/suggest.h"
#include "compiler/value.h"

#include <saker/limits.h>

/* oneof over a field of several values is spelled out as tests; their number grows with the square of the list. */
#define MAX_ONEOF_ENDS 32u

static const struct cmp_row {
	const char *token;
	uint8_t rhs, types;
} cmps[SK_CMP_COUNT] = {
#define SK_CMP(sym, tok, crhs, ctypes) [SK_CMP_##sym] = { tok, SK_RHS_##crhs, (ctypes) },
#include <saker/cmps.def>
#undef SK_CMP
};

/* What is known of a check while it is compiled. */
struct check {
	struct sk_sema *s;
	const struct sk_cond *c;
	enum sk_cmp cmp;
	uint32_t lhs;
	struct sk_irv l; /* copy of the left value: the graph's array moves */
};

static uint32_t
refuse(struct check *k, enum sk_diag_code code, struct sk_span span, const char *why)
{
	sk_sema_report(k->s, code, span, "operator '%s' %s", cmps[k->cmp].token, why);
	return 0;
}

static bool
is_net(const struct check *k)
{
	return k->l.type == SK_PT_IPNET || k->l.type == SK_PT_IPV4NET || k->l.type == SK_PT_IPV6NET;
}

static bool
is_field(const struct check *k, enum sk_field_id id)
{
	return k->l.kind == SK_IRV_FIELD && k->l.field->id == id;
}

/* --- is the operator allowed? ---------------------------------------------------------------------------------------------- */
static bool
allowed(struct check *k)
{
	bool list = k->l.is_list && !k->l.multi_any && !k->l.multi_ends;
	unsigned cls = list ? (unsigned)SK_OPS_LIST : (unsigned)sk_type_ops(k->l.type);

	if (k->cmp == SK_CMP_EXISTS)
		return true;
	if (is_field(k, SK_F_evt_around) && k->cmp != SK_CMP_EQ) {
		(void)refuse(k, SK_D_OPERATOR_TYPE, k->c->cmp_span, "does not fit evt.around, which takes = only");
		return false;
	}
	if (!(cmps[k->cmp].types & cls) || (cls == SK_OPS_NONE && !list)) {
		sk_sema_report(k->s, SK_D_OPERATOR_TYPE, k->c->cmp_span, "operator '%s' does not fit a %s of type %s", cmps[k->cmp].token, list ? "list" : "value",
			       sk_type_name(k->l.type));
		return false;
	}
	if (is_field(k, SK_F_evt_rawarg) && k->l.vkind == SK_V_BYTES) {
		(void)refuse(k, SK_D_OPERATOR_TYPE, k->c->cmp_span, "does not fit raw bytes; use evt.arg");
		return false;
	}
	return true;
}

/* evt.type decides which events a rule is asked about at all: Falco searches for it in this position and refuses what it cannot resolve. */
static bool
event_type_hidden(struct check *k)
{
	const struct sk_ir_graph *g = k->s->g;
	bool unary = k->l.kind == SK_IRV_XFORM && k->l.nargs == 1 && g->values.v[k->l.args[0]].kind == SK_IRV_FIELD;
	bool exact = k->cmp == SK_CMP_EQ || k->cmp == SK_CMP_NE || k->cmp == SK_CMP_IN;
	bool type = k->l.kind == SK_IRV_XFORM && sk_value_involves(g, k->lhs, SK_F_evt_type);
	bool syscall = k->l.kind == SK_IRV_XFORM && sk_value_involves(g, k->lhs, SK_F_syscall_type);

	if (!(type && (exact || unary)) && !(syscall && exact))
		return false;
	sk_sema_report(k->s, SK_D_BAD_TRANSFORMER, k->c->lhs->span, "%s cannot be transformed here: it decides which events the rule is asked about",
		       type ? "evt.type" : "syscall.type");
	return true;
}

/* --- constants ------------------------------------------------------------------------------------------------------------- */
/* Many texts read <NA> where the capture or the kernel does not say: names of users, kinds of descriptors, programs of unknown threads. These are absent then. */
static bool
is_never_na(const struct check *k)
{
	const struct sk_field_desc *f = k->l.field;

	if (k->l.kind != SK_IRV_FIELD || !(k->cmp == SK_CMP_EQ || k->cmp == SK_CMP_NE || k->cmp == SK_CMP_IN || k->cmp == SK_CMP_INTERSECTS || k->cmp == SK_CMP_PMATCH))
		return false;
	return strcmp(f->cls, "container") == 0 || strcmp(f->cls, "k8s") == 0 || f->id == SK_F_fd_name || f->id == SK_F_fd_directory || f->id == SK_F_fd_filename;
}

static void
warn_of_text(struct check *k, const struct sk_opnd *o)
{
	struct sk_slice t = o->text;
	const char *open = t.n ? memchr(t.p, '(', t.n) : NULL;

	if (k->l.vkind != SK_V_STR)
		return;
	if (sk_sema_is_field(t))
		sk_sema_report(k->s, SK_D_SUSPECT_VALUE, o->span, "'%.*s' is a field, taken as text here; write val(%.*s) to compare with it", SK_SLICE_ARG(t),
			       SK_SLICE_ARG(t));
	else if (open && t.p[t.n - 1] == ')' && sk_xform_find(sk_slice(t.p, (size_t)(open - t.p))) != SK_XF_NONE)
		sk_sema_report(k->s, SK_D_SUSPECT_VALUE, o->span, "'%.*s' looks like a transformer and is taken as text here", SK_SLICE_ARG(t));
	if (sk_slice_is(t, "<NA>") && is_never_na(k))
		sk_sema_report(k->s, SK_D_UNSAFE_NA_CHECK, o->span, "%s is never <NA>: where it is missing, every comparison is false; use exists", k->l.field->name);
}

static bool
is_hex_operator(enum sk_cmp c)
{
	return c == SK_CMP_BCONTAINS || c == SK_CMP_BSTARTSWITH;
}

/* DIAG, which may be NULL, is about a word that may have been meant as a name. */
static void
note_guess(struct check *k, const struct sk_opnd *o, struct sk_diag *diag)
{
	if (diag && o->guess && o->guess->why)
		sk_diag_note(k->s->cx->diags, diag, o->guess->loc, "%s", o->guess->note);
}

/* A name that stayed text; names of events are texts that such a name may well be. */
static void
warn_of_name(struct check *k, const struct sk_opnd *o)
{
	struct sk_guess *g = o->guess;
	bool event = is_field(k, SK_F_evt_type) || is_field(k, SK_F_syscall_type);

	if (!g || g->told || k->l.vkind != SK_V_STR || (event && sk_sema_event_known(k->s, o->text)))
		return;
	g->told = true;
	note_guess(k, o,
		   sk_sema_report(k->s, SK_D_NAME_AS_TEXT, o->span, "'%.*s' is taken as text: %s" SK_SUGGEST_FMT, SK_SLICE_ARG(o->text), g->why,
				  SK_SUGGEST_ARG(g->best)));
}

static void
unknown_event(struct check *k, const struct sk_opnd *o)
{
	struct sk_slice best = sk_sema_may_suggest(k->s) ? sk_suggest_event(o->text) : SK_SLICE("");

	note_guess(k, o,
		   sk_sema_report(k->s, SK_D_BAD_VALUE, o->span, "unknown event type '%.*s'" SK_SUGGEST_FMT, SK_SLICE_ARG(o->text),
				  SK_SUGGEST_ARG(best)));
}

/* The constant that literal O stands for, of the field's type. */
static uint32_t
constant_here(struct check *k, const struct sk_opnd *o)
{
	struct sk_arena *a = k->s->cx->arena;
	struct sk_irv v;
	const char *wrong;

	if (o->kind != SK_OPND_LITERAL) {
		(void)refuse(k, SK_D_BAD_VALUE, o->span, "takes constants here");
		return SK_NO_VALUE;
	}
	wrong = is_hex_operator(k->cmp) ? sk_value_parse_hex(a, o->text, &v) : sk_value_parse(a, k->l.type, o->text, &v);
	if (!wrong && is_field(k, SK_F_evt_type) && !sk_sema_event_known(k->s, v.text)) {
		unknown_event(k, o);
		return SK_NO_VALUE;
	}
	if (!wrong && !is_hex_operator(k->cmp))
		wrong = sk_dialect_constant(k->s, &k->l, o, &v);
	/* len(evt.type) and the like never get here: evt.type under a transformer is refused. */
	if (wrong) {
		note_guess(k, o, sk_sema_report(k->s, SK_D_BAD_VALUE, o->span, "'%.*s' %s", SK_SLICE_ARG(o->text), wrong));
		return SK_NO_VALUE;
	}
	warn_of_text(k, o);
	warn_of_name(k, o);
	return sk_ir_value(k->s->g, &v);
}

/* Findings about an item of a list point into the list. */
static uint32_t
constant(struct check *k, const struct sk_opnd *o)
{
	const struct sk_text *text = k->s->text;
	uint32_t v;

	if (o->from)
		k->s->text = o->from;
	v = constant_here(k, o);
	k->s->text = text;
	return v;
}

/* --- tests ----------------------------------------------------------------------------------------------------------------- */
struct op {
	uint8_t op, mod;
};

static uint8_t
equality(enum sk_vkind kind, bool net)
{
	if (net)
		return SK_OP_IN_NET;
	switch (kind) {
	case SK_V_STR:
	case SK_V_BYTES: return SK_OP_EQ_STR;
	case SK_V_IP:
	case SK_V_NET: return SK_OP_EQ_IP;
	case SK_V_FLOAT: return SK_OP_EQ_FLT;
	case SK_V_NONE:
	case SK_V_BOOL:
	case SK_V_INT:
	case SK_V_UINT:
	case SK_V_LIST: break;
	}
	return SK_OP_EQ_NUM;
}

static uint8_t
order(enum sk_vkind kind, bool or_equal)
{
	if (kind == SK_V_STR)
		return or_equal ? SK_OP_LE_STR : SK_OP_LT_STR;
	if (kind == SK_V_FLOAT)
		return or_equal ? SK_OP_LE_FLT : SK_OP_LT_FLT;
	if (kind == SK_V_INT)
		return or_equal ? SK_OP_LE_INT : SK_OP_LT_INT;
	return or_equal ? SK_OP_LE_UINT : SK_OP_LT_UINT;
}

/* The instruction of an operator on one value of the left side: > is not <=, >= is not <. */
static struct op
operation(const struct check *k)
{
	enum sk_vkind kind = k->l.vkind;

	switch (k->cmp) {
	case SK_CMP_EQ:
	case SK_CMP_IN:
	case SK_CMP_INTERSECTS: return (struct op){ equality(kind, is_net(k)), 0 };
	case SK_CMP_NE: return (struct op){ equality(kind, is_net(k)), SK_MOD_NEG };
	case SK_CMP_LT: return (struct op){ order(kind, false), 0 };
	case SK_CMP_LE: return (struct op){ order(kind, true), 0 };
	case SK_CMP_GT: return (struct op){ order(kind, true), SK_MOD_NEG };
	case SK_CMP_GE: return (struct op){ order(kind, false), SK_MOD_NEG };
	case SK_CMP_CONTAINS:
	case SK_CMP_BCONTAINS: return (struct op){ SK_OP_CONTAINS, 0 };
	case SK_CMP_ICONTAINS: return (struct op){ SK_OP_ICONTAINS, 0 };
	case SK_CMP_STARTSWITH:
	case SK_CMP_BSTARTSWITH: return (struct op){ SK_OP_STARTS, 0 };
	case SK_CMP_ENDSWITH: return (struct op){ SK_OP_ENDS, 0 };
	case SK_CMP_GLOB: return (struct op){ SK_OP_GLOB, 0 };
	case SK_CMP_IGLOB: return (struct op){ SK_OP_IGLOB, 0 };
	case SK_CMP_REGEX: return (struct op){ SK_OP_REGEX, 0 };
	case SK_CMP_EXISTS:
	case SK_CMP_PMATCH:
	case SK_CMP_COUNT: break;
	}
	return (struct op){ SK_OP_EXISTS, 0 };
}

/* Lists want every element for `in`; fields of several values any of them, but != of both ends wants both to differ. */
static uint8_t
quantifier(const struct check *k)
{
	if (!k->l.is_list)
		return SK_MOD_SCALAR;
	if (k->l.multi_any)
		return SK_MOD_ANY;
	if (k->l.multi_ends)
		return k->cmp == SK_CMP_NE ? SK_MOD_ALL : SK_MOD_ANY;
	return k->cmp == SK_CMP_IN ? SK_MOD_ALL : SK_MOD_ANY;
}

static struct sk_ir
new_test(const struct check *k, struct op o)
{
	return (struct sk_ir){ .kind = SK_IR_TEST,
			       .op = o.op,
			       .mod = (uint8_t)(o.mod | quantifier(k)),
			       .lhs = k->lhs,
			       .loc = sk_text_loc(k->s->text, k->c->span) };
}

/* Booleans have a test of their own. */
static bool
bool_test(struct check *k, struct sk_ir *t, uint32_t rhs)
{
	if (k->l.vkind != SK_V_BOOL || t->op != SK_OP_EQ_NUM || k->s->g->values.v[rhs].kind != SK_IRV_CONST)
		return false;
	t->op = SK_OP_TRUE;
	if (!k->s->g->values.v[rhs].num)
		t->mod ^= SK_MOD_NEG;
	return true;
}

static uint32_t
value_test(struct check *k, uint32_t rhs)
{
	struct sk_ir t = new_test(k, operation(k));

	if (is_field(k, SK_F_evt_around))
		t.op = SK_OP_LE_UINT;
	if (!bool_test(k, &t, rhs)) {
		t.rhs_kind = SK_IRR_VALUE;
		t.rhs = rhs;
	}
	return sk_ir_test(k->s->g, &t);
}

/* --- patterns -------------------------------------------------------------------------------------------------------------- */
static uint32_t
pattern_here(struct check *k, const struct sk_opnd *o)
{
	struct sk_regex_check r;

	if (o->kind != SK_OPND_LITERAL) {
		(void)refuse(k, SK_D_BAD_VALUE, o->span, "takes constants here");
		return SK_NO_VALUE;
	}
	if (o->text.n && memchr(o->text.p, '\0', o->text.n)) {
		(void)refuse(k, SK_D_BAD_VALUE, o->span, "cannot take a text with a NUL byte");
		return SK_NO_VALUE;
	}
	r = sk_regex_check(k->s->cx->arena, o->text);
	if (r.error) {
		sk_sema_report(k->s, SK_D_BAD_REGEX, o->span, "the regular expression %s", r.error);
		return SK_NO_VALUE;
	}
	if (is_field(k, SK_F_evt_type) && !sk_sema_event_known(k->s, o->text)) {
		unknown_event(k, o);
		return SK_NO_VALUE;
	}
	if (r.simpler)
		sk_sema_report(k->s, SK_D_SIMPLE_REGEX, o->span, "'%.*s' says no more than %s %.*s, which costs less", SK_SLICE_ARG(o->text), r.simpler, SK_SLICE_ARG(r.word));
	return sk_ir_pattern(k->s->g, r.pattern);
}

static uint32_t
pattern(struct check *k, const struct sk_opnd *o)
{
	const struct sk_text *text = k->s->text;
	uint32_t v;

	if (o->from)
		k->s->text = o->from;
	v = pattern_here(k, o);
	k->s->text = text;
	return v;
}

static uint32_t
regex_test(struct check *k, uint32_t n)
{
	struct sk_ir t = new_test(k, (struct op){ SK_OP_REGEX, 0 });

	t.rhs_kind = SK_IRR_PATTERN;
	t.rhs = n;
	return sk_ir_test(k->s->g, &t);
}

/* --- a field or transformer on the right ----------------------------------------------------------------------------------- */
static uint32_t
rhs_refused(struct check *k, const char *why)
{
	sk_sema_report(k->s, SK_D_RHS_FIELD, k->c->rhs->span, "%s", why);
	return 0;
}

static const struct sk_opnd *
inside_val(const struct sk_opnd *o)
{
	return o->kind == SK_OPND_XFORM && sk_slice_is(o->text, "val") ? (o->nargs == 1 && !o->has_arg ? o->args[0] : NULL) : o;
}

static bool
no_rhs(const struct sk_irv *v)
{
	return v->kind == SK_IRV_FIELD && (v->field->flags & SK_FF_NO_RHS);
}

static uint32_t
list_against_list(struct check *k, uint32_t rhs)
{
	struct sk_ir t = new_test(k, (struct op){ SK_OP_IN_LIST, 0 });

	t.rhs_kind = SK_IRR_VALUE;
	t.rhs = rhs;
	return sk_ir_test(k->s->g, &t);
}

static uint32_t
computed_rhs(struct check *k, const struct sk_opnd *written)
{
	const struct sk_opnd *o = inside_val(written);
	uint32_t rhs;

	if (!o || (o != written && o->kind != SK_OPND_FIELD))
		return rhs_refused(k, "val() takes one field");
	rhs = sk_sema_operand(k->s, o);
	if (rhs == SK_NO_VALUE)
		return 0;
	const struct sk_irv r = k->s->g->values.v[rhs];
	if (no_rhs(&k->l) || no_rhs(&r))
		return rhs_refused(k, "this field cannot be compared with another field");
	if (k->cmp == SK_CMP_REGEX || k->cmp == SK_CMP_PMATCH || is_net(k))
		return refuse(k, SK_D_RHS_FIELD, k->c->cmp_span, "takes constants only");
	if ((k->cmp == SK_CMP_EQ || k->cmp == SK_CMP_NE || k->cmp == SK_CMP_IN) &&
	    (is_field(k, SK_F_evt_type) || (is_field(k, SK_F_syscall_type) && sk_value_involves(k->s->g, rhs, SK_F_evt_type))))
		return rhs_refused(k, "evt.type and syscall.type cannot be compared with a field: they decide which events the rule is asked about");
	if (r.type != k->l.type || r.is_list != k->l.is_list) {
		sk_sema_report(k->s, SK_D_RHS_FIELD, written->span, "both sides must have the same type: %s%s on the left, %s%s on the right",
			       k->l.is_list ? "list of " : "", sk_type_name(k->l.type), r.is_list ? "list of " : "", sk_type_name(r.type));
		return 0;
	}
	return k->l.is_list ? list_against_list(k, rhs) : value_test(k, rhs);
}

/* --- lists ----------------------------------------------------------------------------------------------------------------- */
static enum sk_vkind
set_kind(const struct check *k)
{
	if (is_net(k))
		return SK_V_NET;
	switch (k->l.vkind) {
	case SK_V_STR:
	case SK_V_BYTES: return SK_V_STR;
	case SK_V_IP: return SK_V_IP;
	case SK_V_NONE:
	case SK_V_BOOL:
	case SK_V_INT:
	case SK_V_UINT:
	case SK_V_FLOAT:
	case SK_V_NET:
	case SK_V_LIST: break;
	}
	return SK_V_UINT;
}

/* The elements of a list operand; a bare word is a list of one. */
static struct sk_opnd *const *
elements(const struct sk_opnd *const *o, uint32_t *ret_n)
{
	*ret_n = (*o)->kind == SK_OPND_LIST ? (*o)->nargs : 1;
	return (*o)->kind == SK_OPND_LIST ? (*o)->args : (struct sk_opnd *const *)o;
}

/* All that constant() and pattern() look at beside the text. */
static uint32_t
conversion(const struct check *k)
{
	bool field = k->l.kind == SK_IRV_FIELD;

	return (uint32_t)k->l.type | (uint32_t)k->l.vkind << 8 | (uint32_t)field << 16 | (uint32_t)is_field(k, SK_F_evt_type) << 17 |
	       (uint32_t)is_hex_operator(k->cmp) << 18 | (uint32_t)(k->cmp == SK_CMP_REGEX) << 19;
}

static bool
convert(struct check *k, struct sk_operands *o)
{
	uint32_t *v = SK_NEW_ARRAY(k->s->cx->arena, o->key.n + 1, uint32_t);

	o->bad = !v;
	for (uint32_t i = 0; v && i < o->key.n; i++) {
		v[i] = k->cmp == SK_CMP_REGEX ? pattern(k, o->key.items[i]) : constant(k, o->key.items[i]);
		o->bad |= v[i] == SK_NO_VALUE;
	}
	o->values = v;
	/* Where errors only leave a rule out, each rule says so. */
	o->done = !o->bad || !k->s->rule->skip_if_unknown;
	return !o->bad;
}

/* The constants on the right; NULL after an error. */
static struct sk_operands *
constants(struct check *k)
{
	const struct sk_opnd *rhs = k->c->rhs;
	uint32_t n;
	struct sk_opnd *const *items = elements(&rhs, &n);
	/* A bare word stands on our stack. */
	struct sk_operands_key key = { items == (struct sk_opnd *const *)&rhs ? (struct sk_opnd *const *)&k->c->rhs : items, n, conversion(k) };
	struct sk_operands *o = sk_operands_find(k->s->operands, k->s->cx->arena, &key);

	if (!o)
		return NULL;
	if (!o->done || (o->bad && k->s->rule->skip_if_unknown))
		return convert(k, o) ? o : NULL;
	if (!o->bad)
		return o;
	k->s->nfindings++;
	k->s->rule->bad = true;
	return NULL;
}

/* Floating numbers are compared by value, not by their bits: no set. */
static uint32_t
float_set(struct check *k, const uint32_t *members, uint32_t n)
{
	SK_AUTO_FREE uint32_t *tests = malloc((n + 1) * sizeof(*tests));

	if (!tests)
		return 0;
	for (uint32_t i = 0; i < n; i++)
		tests[i] = value_test(k, members[i]);
	return sk_ir_or(k->s->g, tests, n);
}

static uint32_t
set_test(struct check *k)
{
	struct sk_operands *o = constants(k);
	struct sk_ir t = new_test(k, (struct op){ k->cmp == SK_CMP_PMATCH ? SK_OP_PMATCH : SK_OP_IN_SET, 0 });

	if (!o)
		return 0;
	if (k->l.vkind == SK_V_FLOAT)
		return float_set(k, o->values, o->key.n);
	if (!o->set)
		o->set = sk_ir_members(k->s->g, o->values, o->key.n, true, &o->nset);
	t.rhs_kind = k->cmp == SK_CMP_PMATCH ? SK_IRR_PATHS : SK_IRR_SET;
	t.set_kind = k->cmp == SK_CMP_PMATCH ? SK_V_NONE : set_kind(k);
	t.members = o->set;
	t.nmembers = o->nset;
	t.interned = o->nset > 0;
	return sk_ir_test(k->s->g, &t);
}

/* --- oneof, anyof, allof --------------------------------------------------------------------------------------------------- */
static uint32_t
member_test(struct check *k, uint32_t member)
{
	return k->cmp == SK_CMP_REGEX ? regex_test(k, member) : value_test(k, member);
}

/* Exactly one: some test holds and no other does. */
static uint32_t
one_of_ends(struct check *k, const uint32_t *tests, uint32_t n)
{
	uint32_t all[MAX_ONEOF_ENDS], alone[MAX_ONEOF_ENDS];

	if (n > MAX_ONEOF_ENDS)
		return refuse(k, SK_D_COND_LIMIT, k->c->rhs->span, "takes a shorter list after oneof on this field");
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t j = 0; j < n; j++)
			alone[j] = i == j ? tests[j] : sk_ir_not(k->s->g, tests[j]);
		/* Equal elements hold together, so none is alone. */
		all[i] = sk_ir_and(k->s->g, alone, n);
	}
	return sk_ir_or(k->s->g, all, n);
}

/* One instruction that counts; for fields of several values the count is made for each of them. */
static uint32_t
multi_test(struct check *k, const uint32_t *members, uint32_t n)
{
	struct op o = operation(k);
	struct sk_ir t = new_test(k, (struct op){ SK_OP_MULTI, 0 });

	t.rhs_kind = SK_IRR_MULTI;
	t.members = sk_ir_members(k->s->g, members, n, false, &t.nmembers);
	t.interned = true;
	if (!t.members)
		return 0;
	t.multi_op = o.op;
	t.multi_mod = o.mod;
	t.quant = k->c->quant;
	return sk_ir_test(k->s->g, &t);
}

static uint32_t
quantified(struct check *k)
{
	uint32_t node;
	const struct sk_operands *o = constants(k);
	const uint32_t n = o ? o->key.n : 0, *members = o ? o->values : NULL;
	SK_AUTO_FREE uint32_t *tests = malloc((n + 1) * sizeof(*tests));

	if (!members || !tests || !n)
		return 0;
	if (k->c->quant == SK_QUANT_ONEOF ? !k->l.multi_ends : k->l.multi_any && k->c->quant == SK_QUANT_ALLOF)
		return multi_test(k, members, n);
	for (uint32_t i = 0; i < n; i++)
		tests[i] = member_test(k, members[i]);
	if (k->c->quant == SK_QUANT_ONEOF)
		node = one_of_ends(k, tests, n);
	else
		node = k->c->quant == SK_QUANT_ALLOF ? sk_ir_and(k->s->g, tests, n) : sk_ir_or(k->s->g, tests, n);
	return node;
}

/* --- the check ------------------------------------------------------------------------------------------------------------- */
static uint32_t
scalar_rhs(struct check *k)
{
	const struct sk_opnd *o = k->c->rhs;
	uint32_t v;

	if (o->kind == SK_OPND_LIST) {
		if (o->nargs != 1) {
			sk_sema_report(k->s, SK_D_LIST_AS_VALUE, o->span, "operator '%s' takes one value, not a list", cmps[k->cmp].token);
			return 0;
		}
		o = o->args[0];
	}
	v = k->cmp == SK_CMP_REGEX ? pattern(k, o) : constant(k, o);
	return v == SK_NO_VALUE ? 0 : member_test(k, v);
}

static uint32_t
exists_test(struct check *k)
{
	return sk_ir_test(k->s->g, &(struct sk_ir){ .op = SK_OP_EXISTS, .lhs = k->lhs, .loc = sk_text_loc(k->s->text, k->c->span) });
}

/* fd.type exists, for a dialect that takes the existence of an address for it. */
static uint32_t
descriptor_test(struct check *k)
{
	const struct sk_opnd fd = { .kind = SK_OPND_FIELD, .span = k->c->lhs->span, .text = SK_SLICE("fd.type") };

	k->lhs = sk_sema_operand(k->s, &fd);
	return k->lhs == SK_NO_VALUE ? 0 : exists_test(k);
}

/* A dialect's reading of a comparison with a list; what is wrong in the list is still wrong. */
static uint32_t
other_test(struct check *k, enum sk_reading reading)
{
	const struct sk_operands *o = constants(k);

	if (!o || !o->key.n || reading == SK_READ_NEVER)
		return 0;
	return reading == SK_READ_FIRST ? member_test(k, o->values[0]) : exists_test(k);
}

uint32_t
sk_sema_check(struct sk_sema *s, const struct sk_cond *c)
{
	struct check k = { .s = s, .c = c, .cmp = c->cmp };

	k.lhs = sk_sema_operand(s, c->lhs);
	if (k.lhs == SK_NO_VALUE)
		return 0;
	k.l = s->g->values.v[k.lhs];
	if (!allowed(&k) || event_type_hidden(&k))
		return 0;
	const enum sk_reading reading = sk_dialect_read(s, c, &k.l);
	if (c->cmp == SK_CMP_EXISTS)
		return reading == SK_READ_HAS_DESCRIPTOR ? descriptor_test(&k) : exists_test(&k);
	if (reading != SK_READ_AS_WRITTEN)
		return other_test(&k, reading);
	if (c->rhs->kind == SK_OPND_FIELD || c->rhs->kind == SK_OPND_XFORM)
		return computed_rhs(&k, c->rhs);
	if (c->quant != SK_QUANT_NONE)
		return quantified(&k);
	return cmps[c->cmp].rhs == SK_RHS_LIST ? set_test(&k) : scalar_rhs(&k);
}
