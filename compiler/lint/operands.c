/* Constants that no value of the field on the left can ever meet. */
#include "compiler/lint/lint_internal.h"

#include "base/schema.h"
#include "compiler/lint/symbols.h"

/* Kernel threads' and programs' names: 16 bytes with the NUL. */
#define MAX_COMM 15u
/* What the kernel allows at most (PID_MAX_LIMIT). */
#define MAX_PID 4194304u
#define MAX_PORT 65535u
/* Sets lists that were looked at behind a transformer apart from the others. */
#define CASE_SEEN (UINT64_C(1) << 62)

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

/* --- numbers ----------------------------------------------------------------------------------- */
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

static bool
is_pid(enum sk_field_id id)
{
	return id == SK_F_proc_pid || id == SK_F_proc_ppid || id == SK_F_proc_vpid || id == SK_F_proc_apid ||
	       id == SK_F_proc_sid || id == SK_F_proc_vpgid || id == SK_F_proc_pgid || id == SK_F_thread_tid ||
	       id == SK_F_thread_vtid;
}

static uint64_t
largest(const struct sk_irv *v, bool negative)
{
	enum sk_ptype t = v->type;
	uint32_t width = sk_type_width(t);

	if ((t == SK_PT_PID || t == SK_PT_PID32 || is_pid((enum sk_field_id)v->field->id)) && !negative)
		return MAX_PID;
	if (v->vkind == SK_V_INT)
		return (width && width < 8 ? (1ull << (8 * width - 1)) - 1 : INT64_MAX) + negative;
	/* Below zero means the number of that pattern of bits. */
	if (negative)
		return width && width < 8 ? 1ull << (8 * width - 1) : 1ull << 63;
	return width && width < 8 ? (1ull << 8 * width) - 1 : UINT64_MAX - 1;
}

static void
check_number(const struct operand *k)
{
	bool negative;
	uint64_t n;

	if ((k->field->vkind != SK_V_INT && k->field->vkind != SK_V_UINT) || !read_number(k->o->text, &negative, &n))
		return;
	if (k->field->type == SK_PT_PORT) {
		if (n > MAX_PORT || (negative && n))
			report(k, SK_D_BAD_PORT, "ports are 0 to %u", MAX_PORT);
		return;
	}
	if (n > largest(k->field, negative))
		report(k, SK_D_OUT_OF_RANGE, "%s is never %s %s%llu", k->field->field->name, negative ? "below" : "above",
		       negative ? "-" : "", (unsigned long long)largest(k->field, negative));
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
	if (!sk_lint_once(k->l, (uint64_t)(uintptr_t)k->o, 1))
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
	if (k->o->kind != SK_OPND_LITERAL)
		return;
	check_comm(k);
	if (k->c->cmp != SK_CMP_LT && k->c->cmp != SK_CMP_LE)
		check_number(k);
	check_errno(k);
	sk_lint_shown(k->l, k->r, k->c, k->field, k->o);
	check_event_type(k);
}

static void
check_all(struct operand *k)
{
	const struct sk_opnd *rhs = k->c->rhs;

	if (rhs->kind != SK_OPND_LIST) {
		k->o = rhs;
		check_operand(k);
		return;
	}
	/* A named list is looked at once for each field and operator; only symbols depend on the rule. */
	if (k->field->field->id != SK_F_evt_arg &&
	    !sk_lint_once(k->l, (uint64_t)(uintptr_t)rhs->args, (uint64_t)k->field->field->id << 8 | k->c->cmp))
		return;
	for (uint32_t i = 0; i < rhs->nargs; i++) {
		k->o = rhs->args[i];
		check_operand(k);
	}
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
	uint32_t n = rhs->kind == SK_OPND_LIST ? rhs->nargs : 1;

	k->field = field_in_case(k->l, k->c);
	if (!k->field || (rhs->kind == SK_OPND_LIST && !sk_lint_once(k->l, (uint64_t)(uintptr_t)rhs->args ^ CASE_SEEN,
							      (uint64_t)k->field->field->id << 8 | k->c->cmp)))
		return;
	for (uint32_t i = 0; i < n; i++) {
		k->o = rhs->kind == SK_OPND_LIST ? rhs->args[i] : rhs;
		if (k->o->kind == SK_OPND_LITERAL)
			check_comm(k);
	}
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
