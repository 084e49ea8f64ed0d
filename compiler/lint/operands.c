/* Constants that no value of the field on the left can ever meet. */
#include "compiler/lint/lint_internal.h"

#include "base/schema.h"
#include "compiler/lint/symbols.h"

/* Kernel threads' and programs' names: 16 bytes with the NUL. */
#define MAX_COMM 15u
/* What the kernel allows at most (PID_MAX_LIMIT). */
#define MAX_PID 4194304u
#define MAX_PORT 65535u

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

static bool
is_text_piece(enum sk_cmp cmp)
{
	return cmp == SK_CMP_EQ || cmp == SK_CMP_NE || cmp == SK_CMP_IN || cmp == SK_CMP_INTERSECTS || cmp == SK_CMP_CONTAINS ||
	       cmp == SK_CMP_ICONTAINS || cmp == SK_CMP_STARTSWITH || cmp == SK_CMP_ENDSWITH;
}

static void
check_comm(const struct operand *k)
{
	if (!is_comm((enum sk_field_id)k->field->field->id) || !is_text_piece(k->c->cmp) || k->o->text.n <= MAX_COMM)
		return;
	report(k, SK_D_NAME_TOO_LONG, "%s has at most %u bytes and this has %zu; the kernel cuts the name to '%.*s'",
	       k->field->field->name, MAX_COMM, k->o->text.n, (int)MAX_COMM, k->o->text.p);
}

/* --- paths ------------------------------------------------------------------------------------- */
enum path_kind { PATH_NONE, PATH_ABSOLUTE, PATH_DIRECTORY, PATH_CWD, PATH_DESCRIPTOR, PATH_LAST };

static enum path_kind
path_kind(enum sk_field_id id)
{
	switch ((int)id) {
	case SK_F_proc_exepath:
	case SK_F_proc_pexepath:
	case SK_F_proc_aexepath:
	case SK_F_fs_path_name:
	case SK_F_fs_path_source:
	case SK_F_fs_path_target:
		return PATH_ABSOLUTE;
	case SK_F_fd_directory:
		return PATH_DIRECTORY;
	case SK_F_proc_cwd:
		return PATH_CWD;
	case SK_F_fd_name:
		return PATH_DESCRIPTOR;
	case SK_F_fd_filename:
		return PATH_LAST;
	default:
		return PATH_NONE;
	}
}

static bool
is_exact(enum sk_cmp cmp)
{
	return cmp == SK_CMP_EQ || cmp == SK_CMP_NE || cmp == SK_CMP_IN || cmp == SK_CMP_INTERSECTS;
}

/* Names of descriptors that are no files hold colons, arrows, blanks or brackets, or begin with a digit (addresses). */
static bool
may_be_no_file(struct sk_slice s)
{
	static const char odd[] = ":> [](";

	for (size_t i = 0; i < sizeof(odd) - 1; i++)
		if (memchr(s.p, odd[i], s.n))
			return true;
	return (s.p[0] >= '0' && s.p[0] <= '9') || !memchr(s.p, '/', s.n);
}

static bool
is_relative(const struct operand *k, enum path_kind kind)
{
	struct sk_slice s = k->o->text;

	if (!s.n || s.p[0] == '/' || s.p[0] == '<' || sk_slice_starts(s, SK_SLICE("memfd:")))
		return false;
	/* A pattern's first component may stand for anything. */
	if (k->c->cmp == SK_CMP_PMATCH && memchr("*?[", s.p[0], 3))
		return false;
	return kind != PATH_DESCRIPTOR || !may_be_no_file(s);
}

static void
check_path(const struct operand *k)
{
	enum path_kind kind = path_kind((enum sk_field_id)k->field->field->id);
	struct sk_slice s = k->o->text;
	bool begins = is_exact(k->c->cmp) || k->c->cmp == SK_CMP_STARTSWITH || k->c->cmp == SK_CMP_PMATCH;
	bool ends = is_exact(k->c->cmp) || k->c->cmp == SK_CMP_ENDSWITH, slash = s.n > 1 && s.p[s.n - 1] == '/';
	const char *name = k->field->field->name;

	if (kind == PATH_NONE || !s.n)
		return;
	if (kind == PATH_LAST) {
		if ((begins || ends || k->c->cmp == SK_CMP_CONTAINS) && s.n > 1 && memchr(s.p, '/', s.n))
			report(k, SK_D_PATH_FORM, "%s is the last component of a path and holds no '/'", name);
		return;
	}
	if (begins && is_relative(k, kind))
		report(k, SK_D_RELATIVE_PATH, "%s is an absolute path and this is none", name);
	else if (kind == PATH_CWD && ends && !slash && s.p[s.n - 1] != '/')
		report(k, SK_D_PATH_FORM, "%s always ends in '/'", name);
	else if (kind != PATH_CWD && ends && slash && (s.p[0] == '/' || k->c->cmp != SK_CMP_ENDSWITH))
		report(k, SK_D_PATH_FORM, "%s never ends in '/'", name);
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

	if (k->field->field->id != SK_F_evt_res || !is_exact(k->c->cmp) || sk_slice_is(s, "SUCCESS") || sk_symbol_is_errno(s))
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

	if ((k->field->field->id != SK_F_evt_type && k->field->field->id != SK_F_syscall_type) || !is_exact(k->c->cmp) ||
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
	check_path(k);
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

void
sk_lint_operands(struct sk_lint *l, struct sk_lint_rule *r)
{
	for (size_t i = 0; i < r->nodes.n; i++) {
		const struct sk_cond *c = r->nodes.v[i].c;
		struct operand k = { .l = l, .r = r, .c = c };

		if (c->kind != SK_COND_CHECK || !c->rhs || c->node <= 1)
			continue;
		k.field = sk_lint_field(l, c);
		if (k.field && c->lhs->kind == SK_OPND_FIELD)
			check_all(&k);
	}
}
