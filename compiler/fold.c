/* What an event type alone decides. A wrong answer here loses matches, so everything follows from the event table or from the definition of the field. */
#include "compiler/plan.h"

#include "base/schema.h"

bool
sk_type_is_delivered(enum sk_source source, uint32_t type)
{
	const struct sk_event_desc *d = sk_event_desc(type);

	if (!d || (d->flags & (SK_EF_UNUSED | SK_EF_OLD_VERSION)))
		return false;
	if (source == SK_SOURCE_K8S_AUDIT)
		return type == SK_E_PLUGINEVENT_E;
	/* Rules never see the enter event of a system call. */
	return type != SK_E_PLUGINEVENT_E && !((d->category & SK_EC_SYSCALL) && !(type & 1));
}

static struct sk_known_value
known_text(const char *s)
{
	return (struct sk_known_value){ .known = SK_KNOWN_TEXT, .text = sk_slice_cstr(s) };
}

static struct sk_known_value
known_bool(bool b)
{
	return (struct sk_known_value){ .known = SK_KNOWN_BOOL, .b = b };
}

static const struct sk_known_value absent = { .known = SK_KNOWN_ABSENT };
static const struct sk_known_value nothing = { .known = SK_KNOWN_NOTHING };

/* Generic events and asynchronous ones carry their name in a parameter. */
static struct sk_known_value
type_name(uint32_t type, const struct sk_event_desc *d)
{
	if (type == SK_E_GENERIC_E || type == SK_E_GENERIC_X)
		return (struct sk_known_value){ .known = SK_KNOWN_CALL };
	if (type == SK_E_ASYNCEVENT_E)
		return nothing;
	return known_text(d->name);
}

static bool
has_param(const struct sk_event_desc *d, struct sk_slice name)
{
	for (uint32_t i = 0; i < d->nparams; i++)
		if (sk_slice_is(name, d->params[i].name))
			return true;
	return false;
}

static struct sk_known_value
argument(const struct sk_irv *v, const struct sk_event_desc *d)
{
	bool there = v->arg == SK_VA_INDEX ? v->index < d->nparams : has_param(d, v->key);

	return there ? nothing : absent;
}

/* Of plain I/O it is the kind of the descriptor. */
static struct sk_known_value
category(const struct sk_event_desc *d)
{
	uint32_t kind = d->category & (SK_EC_SYSCALL - 1);

	switch (kind) {
#define SK_CATEGORY(sym, text)                                                                                                                                                         \
	case SK_EC_##sym: return known_text(text);
#include <saker/categories.def>
#undef SK_CATEGORY
	default: return nothing;
	}
}

static bool
opens(uint32_t type)
{
	return type == SK_E_SYSCALL_OPEN_X || type == SK_E_SYSCALL_OPENAT_2_X || type == SK_E_SYSCALL_OPENAT2_X || type == SK_E_SYSCALL_OPEN_BY_HANDLE_AT_X;
}

static struct sk_known_value
evt_field(const struct sk_irv *v, enum sk_source source, uint32_t type, const struct sk_event_desc *d)
{
	uint32_t io = d->flags & (SK_EF_READS_FROM_FD | SK_EF_WRITES_TO_FD);

	switch (v->field->id) {
	case SK_F_evt_type: return type_name(type, d);
	case SK_F_syscall_type: return d->category & SK_EC_SYSCALL ? type_name(type, d) : absent;
	case SK_F_evt_dir: return known_text(type & 1 ? "<" : ">");
	case SK_F_evt_source: return known_text(sk_source_name(source));
	case SK_F_evt_is_async: return known_bool((d->category & SK_EC_METAEVENT) != 0);
	case SK_F_evt_is_io: return known_bool(io != 0);
	case SK_F_evt_is_io_read: return known_bool((io & SK_EF_READS_FROM_FD) != 0);
	case SK_F_evt_is_io_write: return known_bool((io & SK_EF_WRITES_TO_FD) != 0);
	case SK_F_evt_io_dir: return io ? known_text(io & SK_EF_WRITES_TO_FD ? "write" : "read") : absent;
	case SK_F_evt_is_syslog: return io & SK_EF_WRITES_TO_FD ? nothing : known_bool(false);
	case SK_F_evt_category: return category(d);
	case SK_F_evt_is_wait: return known_bool((d->flags & SK_EF_WAITS) != 0);
	case SK_F_evt_is_open_read:
	case SK_F_evt_is_open_write:
	case SK_F_evt_is_open_create: return opens(type) ? nothing : known_bool(false);
	case SK_F_evt_is_open_exec: return opens(type) || type == SK_E_SYSCALL_CREAT_X ? nothing : known_bool(false);
	case SK_F_evt_arg:
	case SK_F_evt_rawarg: return argument(v, d);
	default: return nothing;
	}
}

struct sk_known_value
sk_fold_value(const struct sk_ir_graph *g, uint32_t value, enum sk_source source, uint32_t type)
{
	const struct sk_irv *v = &g->values.v[value];
	const struct sk_event_desc *d = sk_event_desc(type);

	switch (v->kind) {
	case SK_IRV_CONST: return nothing;
	case SK_IRV_XFORM:
		for (uint32_t i = 0; i < v->nargs; i++)
			if (sk_fold_value(g, v->args[i], source, type).known == SK_KNOWN_ABSENT)
				return absent;
		return nothing;
	case SK_IRV_FIELD: break;
	}
	if (sk_type_lacks_field(v->field, type))
		return absent;
	return evt_field(v, source, type, d);
}

/* Generic events report system calls only: no other name comes out of their parameter. */
static bool
is_call_name(struct sk_slice name)
{
	for (uint32_t sc = 0; sc < sk_syscall_limit(); sc++) {
		const char *call = sk_syscall_name(sc);

		if (call && sk_slice_is(name, call))
			return true;
	}
	return sk_slice_is(name, "unknown");
}

/* --- tests ----------------------------------------------------------------------------------------------------------------- */
static int
fold_text(const struct sk_ir_graph *g, const struct sk_ir *t, struct sk_slice text)
{
	struct sk_slice rhs = t->rhs_kind == SK_IRR_VALUE ? g->values.v[t->rhs].text : SK_SLICE("");
	bool constant = t->rhs_kind != SK_IRR_VALUE || g->values.v[t->rhs].kind == SK_IRV_CONST;

	if (!constant)
		return -1;
	if (t->op == SK_OP_EQ_STR)
		return sk_slice_eq(text, rhs);
	if (t->op == SK_OP_STARTS)
		return sk_slice_starts(text, rhs);
	if (t->op == SK_OP_ENDS)
		return sk_slice_ends(text, rhs);
	if (t->op == SK_OP_CONTAINS)
		return memmem(text.p, text.n, rhs.p, rhs.n) != NULL;
	if (t->op != SK_OP_IN_SET && t->op != SK_OP_STARTS_ANY)
		return -1;
	for (uint32_t i = 0; i < t->nmembers; i++) {
		struct sk_slice member = g->values.v[t->members[i]].text;

		if (t->op == SK_OP_IN_SET ? sk_slice_eq(text, member) : sk_slice_starts(text, member))
			return 1;
	}
	return 0;
}

static int
fold_bool(const struct sk_ir_graph *g, const struct sk_ir *t, bool b)
{
	if (t->op == SK_OP_TRUE)
		return b;
	if (t->op == SK_OP_EQ_NUM && g->values.v[t->rhs].kind == SK_IRV_CONST)
		return g->values.v[t->rhs].num == b;
	if (t->op != SK_OP_IN_SET)
		return -1;
	for (uint32_t i = 0; i < t->nmembers; i++)
		if (g->values.v[t->members[i]].num == b)
			return 1;
	return 0;
}

static int
fold_call(const struct sk_ir_graph *g, const struct sk_ir *t)
{
	const uint32_t *names = t->op == SK_OP_IN_SET ? t->members : &t->rhs;
	uint32_t n = t->op == SK_OP_IN_SET ? t->nmembers : t->op == SK_OP_EQ_STR ? 1 : 0;

	if (!n || (t->op == SK_OP_EQ_STR && g->values.v[t->rhs].kind != SK_IRV_CONST))
		return -1;
	for (uint32_t i = 0; i < n; i++)
		if (is_call_name(g->values.v[names[i]].text))
			return -1;
	return 0;
}

static int
fold_known(const struct sk_ir_graph *g, const struct sk_ir *t, const struct sk_known_value *lhs)
{
	if (t->op == SK_OP_EXISTS)
		return 1;
	switch (lhs->known) {
	case SK_KNOWN_TEXT: return fold_text(g, t, lhs->text);
	case SK_KNOWN_BOOL: return fold_bool(g, t, lhs->b);
	case SK_KNOWN_CALL: return fold_call(g, t);
	case SK_KNOWN_NOTHING:
	case SK_KNOWN_ABSENT: break;
	}
	return -1;
}

int
sk_fold_test(const struct sk_ir_graph *g, const struct sk_ir *t, enum sk_source source, uint32_t type)
{
	struct sk_known_value lhs = sk_fold_value(g, t->lhs, source, type);
	int holds;

	if (lhs.known == SK_KNOWN_ABSENT)
		return 0;
	if (t->rhs_kind == SK_IRR_VALUE && sk_fold_value(g, t->rhs, source, type).known == SK_KNOWN_ABSENT)
		return 0;
	if (lhs.known == SK_KNOWN_NOTHING)
		return -1;
	holds = fold_known(g, t, &lhs);
	return holds < 0 || !(t->mod & SK_MOD_NEG) ? holds : !holds;
}
