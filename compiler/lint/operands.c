/* Constants that no value of the field on the left can ever meet. */
#include "compiler/lint/lint_internal.h"

#include "base/schema.h"
#include "compiler/lint/symbols.h"

/* Kernel threads' and programs' names: 16 bytes with the NUL. */
#define MAX_COMM 15u
/* A look at what stands behind a transformer is not one at the same list without. */
#define CASE_LOOK (UINT64_C(1) << 42)

struct operand {
	struct sk_lint *l;
	struct sk_lint_rule *r;
	const struct sk_cond *c;
	const struct sk_irv *field;
	const struct sk_opnd *o;
};

static struct sk_loc
place(const struct operand *k)
{
	return sk_opnd_loc(k->c, k->o);
}

#define report(k, code, ...) (void)sk_lint_report((k)->l, code, &(k)->r->rule->cond_item, place(k), (k)->c, __VA_ARGS__)

/* --- names of programs ------------------------------------------------------------------------- */
static bool
is_comm(enum sk_field_id id)
{
	return id == SK_F_proc_name || id == SK_F_proc_pname || id == SK_F_proc_aname || id == SK_F_proc_sname ||
	       id == SK_F_proc_vpgid_name || id == SK_F_proc_pgid_name;
}

/* Bytes that a name needs at least to match a pattern. */
static size_t
shortest(struct sk_slice pattern)
{
	size_t n = 0;

	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == '[') /* one character, whatever is in it: enough to know where nothing is closed */
			return n;
		if (pattern.p[i] == '\\' && i + 1 < pattern.n)
			i++;
		n += pattern.p[i] != '*';
	}
	return n;
}

static bool
is_pattern(enum sk_cmp cmp, struct sk_slice text)
{
	bool any = false;

	for (size_t i = 0; i < text.n; i++)
		any |= memchr("*?[\\", text.p[i], 4) != NULL;
	return any && (cmp == SK_CMP_GLOB || cmp == SK_CMP_IGLOB || cmp == SK_CMP_PMATCH);
}

/* Bytes that a name needs for the test of this text to hold; 0: not known. */
static size_t
bytes_needed(enum sk_cmp cmp, struct sk_slice text)
{
	switch (cmp) {
	case SK_CMP_EQ:
	case SK_CMP_NE:
	case SK_CMP_IN:
	case SK_CMP_INTERSECTS:
	case SK_CMP_CONTAINS:
	case SK_CMP_ICONTAINS:
	case SK_CMP_STARTSWITH:
	case SK_CMP_ENDSWITH: return text.n;
	case SK_CMP_GLOB:
	case SK_CMP_IGLOB:
	case SK_CMP_PMATCH: return shortest(text);
	case SK_CMP_EXISTS:
	case SK_CMP_LT:
	case SK_CMP_LE:
	case SK_CMP_GT:
	case SK_CMP_GE:
	case SK_CMP_BCONTAINS:
	case SK_CMP_BSTARTSWITH:
	case SK_CMP_REGEX:
	case SK_CMP_COUNT: break;
	}
	return 0;
}

static void
check_comm(const struct operand *k)
{
	const struct sk_irv *f = k->field;
	bool parameter = f->field->id == SK_F_evt_arg && sk_slice_is(f->key, "comm");
	size_t needed = bytes_needed(k->c->cmp, k->o->text);
	struct sk_slice name = sk_slice_cstr(parameter ? "evt.arg.comm" : f->field->name);

	if ((!parameter && !is_comm((enum sk_field_id)f->field->id)) || needed <= MAX_COMM)
		return;
	if (!is_pattern(k->c->cmp, k->o->text))
		report(k, SK_D_NAME_TOO_LONG, "%.*s has at most %u bytes and this has %zu; the kernel cuts the name to '%.*s'",
		       SK_SLICE_ARG(name), MAX_COMM, needed, (int)MAX_COMM, k->o->text.p);
	else
		report(k, SK_D_NAME_TOO_LONG, "%.*s has at most %u bytes, as the kernel cuts it, and this needs %zu", SK_SLICE_ARG(name),
		       MAX_COMM, needed);
}

/* --- errors ------------------------------------------------------------------------------------ */
static void
check_errno(const struct operand *k)
{
	struct sk_slice s = k->o->text, best;

	if (k->field->field->id != SK_F_evt_res || !sk_lint_is_exact(k->c->cmp) || sk_slice_is(s, "SUCCESS") || sk_symbol_is_errno(s))
		return;
	best = sk_symbol_near_errno(s);
	report(k, SK_D_UNKNOWN_ERRNO, "evt.res is SUCCESS or the name of an error, and '%.*s' is neither" SK_SUGGEST_FMT,
	       SK_SLICE_ARG(s), SK_SUGGEST_ARG(best));
}

/* --- event types ------------------------------------------------------------------------------- */
static void
check_event_type(const struct operand *k)
{
	struct sk_event_set named;

	if ((k->field->field->id != SK_F_evt_type && k->field->field->id != SK_F_syscall_type) || !sk_lint_is_exact(k->c->cmp) ||
	    !k->r->typed)
		return;
	named = sk_event_set_named(k->o->text);
	/* A call without an event type of its own comes as a generic event. */
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		if (sk_event_set_has(&named, e) && sk_event_set_has(&k->l->delivered, e))
			return;
	if (!sk_event_set_empty(&named))
		report(k, SK_D_DEAD_EVENT_TYPE, "events of type '%.*s' are not produced any more", SK_SLICE_ARG(k->o->text));
}

/* --- the walk ---------------------------------------------------------------------------------- */
static void
check_operand(const struct operand *k)
{
	/* One that was meant to name a list or macro was reported as that (W0212). */
	if (k->o->kind != SK_OPND_LITERAL || k->o->guess)
		return;
	check_comm(k);
	check_errno(k);
	sk_lint_shown(k->l, k->r, k->c, k->field, k->o);
	check_event_type(k);
}

static void
check_all(struct operand *k)
{
	const struct sk_opnd *rhs = k->c->rhs;
	bool list = rhs->kind == SK_OPND_LIST;

	/* What rules share is looked at once for each field and operator; only symbols depend on the rule. */
	if (k->field->field->id != SK_F_evt_arg &&
	    !sk_lint_look(k->l, list ? (const void *)rhs->args : rhs,
			  (uint64_t)k->r->typed << 32 | (uint64_t)k->field->field->id << 8 | k->c->cmp, &k->r->rule->cond_item,
			  k->c))
		return;
	for (uint32_t i = 0; i < (list ? rhs->nargs : 1); i++) {
		k->o = list ? rhs->args[i] : rhs;
		check_operand(k);
	}
	sk_lint_look_end(k->l);
}

/* The name of a program in the other case is as long. */
static const struct sk_irv *
field_in_case(const struct sk_lint *l, const struct sk_cond *c)
{
	const struct sk_irv *v = sk_lint_value(l, c);

	while (v && v->kind == SK_IRV_XFORM && (v->xform == SK_XF_TOLOWER || v->xform == SK_XF_TOUPPER))
		v = &l->g->values.v[v->args[0]];
	return v && v->kind == SK_IRV_FIELD ? v : NULL;
}

static void
check_case(struct operand *k)
{
	const struct sk_opnd *rhs = k->c->rhs;
	bool list = rhs->kind == SK_OPND_LIST;

	k->field = field_in_case(k->l, k->c);
	if (!k->field || !sk_lint_look(k->l, list ? (const void *)rhs->args : rhs, CASE_LOOK | (uint64_t)k->field->field->id << 8 | k->c->cmp,
				       &k->r->rule->cond_item, k->c))
		return;
	for (uint32_t i = 0; i < (list ? rhs->nargs : 1); i++) {
		k->o = list ? rhs->args[i] : rhs;
		if (k->o->kind == SK_OPND_LITERAL)
			check_comm(k);
	}
	sk_lint_look_end(k->l);
}

void
sk_lint_operands(struct sk_lint *l, struct sk_lint_rule *r)
{
	for (size_t i = 0; i < r->nodes.n; i++) {
		const struct sk_cond *c = r->nodes.v[i].c;
		struct operand k = { .l = l, .r = r, .c = c };

		if (c->kind != SK_COND_CHECK || !c->rhs || c->node <= 1)
			continue;
		k.field = sk_lint_field(l, c);
		if (k.field && c->lhs->kind == SK_OPND_FIELD) {
			sk_lint_paths(l, r, c, k.field);
			check_all(&k);
		} else if (c->lhs->kind == SK_OPND_XFORM) {
			check_case(&k);
		}
	}
}
