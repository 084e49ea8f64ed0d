/* The tests of the rule: every instruction that asks the same question at the same place of the rule files is one atom. A rule
 * may have very many: nothing here takes longer than their number. */
#include "daemon/why/parts.h"

#include "base/hash.h"
#include "base/schema.h"
#include "vm/bundle/ops.h"

/* --- finding what is known: open addressing, index + 1 --- */
struct sk_why_table {
	uint32_t *slots;
	uint32_t mask;
};

static bool
table_init(struct sk_why_table *t, size_t n)
{
	size_t size = 16;

	while (size < 2 * n)
		size *= 2;
	t->mask = (uint32_t)size - 1;
	t->slots = calloc(size, sizeof(*t->slots));
	return t->slots != NULL;
}

struct maker {
	struct sk_why_atoms *a;
	struct sk_why_table atoms, subjects;
};

static bool
same_atom(const struct sk_why_atom *x, const struct sk_why_atom *y)
{
	return x->insn.op == y->insn.op && x->insn.mod == y->insn.mod && x->insn.a == y->insn.a && x->insn.b == y->insn.b &&
	       x->line == y->line && x->column == y->column && x->input == y->input;
}

/* The slot of X: empty, or that of an equal atom. */
static uint32_t *
slot_of_atom(const struct maker *m, const struct sk_why_atom *x)
{
	const uint32_t key[] = {x->insn.op, x->insn.mod, x->insn.a, x->insn.b, x->line, x->column, x->input};
	uint32_t at = (uint32_t)sk_hash_bytes(key, sizeof(key)) & m->atoms.mask;

	while (m->atoms.slots[at] && !same_atom(&m->a->list.v[m->atoms.slots[at] - 1], x))
		at = (at + 1) & m->atoms.mask;
	return &m->atoms.slots[at];
}

static uint32_t *
slot_of_subject(const struct maker *m, uint32_t value, uint32_t other)
{
	uint32_t at = (uint32_t)sk_hash_u64((uint64_t)other << 32 | value) & m->subjects.mask;

	for (; m->subjects.slots[at]; at = (at + 1) & m->subjects.mask) {
		const struct sk_why_subject *s = &m->a->subjects.v[m->subjects.slots[at] - 1];

		if (s->value == value && s->other == other)
			break;
	}
	return &m->subjects.slots[at];
}

/* --- the list --- */
static char *
text_of(struct sk_buf *b)
{
	char *ret = b->failed ? NULL : strdup(sk_buf_cstr(b));

	sk_buf_free(b);
	return ret;
}

/* What the test looks at: one value, or a value that it compares with another one of the event. */
static bool
find_subject(struct maker *m, struct sk_why_atom *x)
{
	enum sk_operand b = (enum sk_operand)sk_op_info(x->insn.op)->b;
	bool two = (b == SK_OPND_VALUE || b == SK_OPND_CONST) && x->insn.b < m->a->v->ncomputed;
	struct sk_why_subject s = {.value = x->insn.a, .other = two ? x->insn.b : SK_WHY_NONE};
	uint32_t *slot = slot_of_subject(m, s.value, s.other);
	struct sk_buf text = {0};

	if (*slot) {
		x->subject = *slot - 1;
		return true;
	}
	sk_why_put_value_name(m->a->v, s.value, &text);
	s.name = text_of(&text);
	if (!s.name || !sk_vec_push(&m->a->subjects, s)) {
		free(s.name);
		return false;
	}
	x->subject = (uint32_t)m->a->subjects.n - 1;
	*slot = x->subject + 1;
	return true;
}

static bool
add_atom(struct maker *m, struct sk_why_atom *x, uint32_t *slot)
{
	struct sk_buf text = {0};

	if (!find_subject(m, x))
		return false;
	sk_why_put_test(m->a->v, &x->insn, &text);
	x->text = text_of(&text);
	if (!x->text || !sk_vec_push(&m->a->list, *x)) {
		free(x->text);
		return false;
	}
	*slot = (uint32_t)m->a->list.n;
	return true;
}

static bool
collect(struct maker *m, const struct sk_block *b)
{
	const struct sk_bundle_view *v = m->a->v;

	for (uint32_t n = b->first; n < b->end; n++) {
		struct sk_why_atom x = {.insn = v->code[n]};

		if (!sk_insn_is_test(v, n) || m->a->of_insn[n] != SK_WHY_NONE)
			continue;
		if (v->srcmap && n < v->nsrcmap && v->srcmap[n].input < v->ninputs) {
			x.input = v->srcmap[n].input;
			x.line = v->srcmap[n].line;
			x.column = v->srcmap[n].column;
			x.file = sk_bundle_str(v, v->inputs[x.input].name);
		}
		uint32_t *slot = slot_of_atom(m, &x);
		if (!*slot && !add_atom(m, &x, slot))
			return false;
		m->a->of_insn[n] = *slot - 1;
	}
	return true;
}

static bool
collect_all(struct maker *m, uint32_t rule)
{
	struct sk_why_atoms *a = m->a;
	uint32_t tests = 0;
	bool ok = true;

	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++)
		if (!sk_block_find(a->v, SK_SOURCE_SYSCALL, type, rule, &a->blocks[type]))
			a->blocks[type] = (struct sk_block){0};
	/* A bundle of many rules has far more instructions than this one; programs are shared by types, so they are counted by
	 * themselves. */
	for (uint32_t n = 0; n < a->v->ninsns; n++)
		tests += sk_insn_is_test(a->v, n);
	if (!table_init(&m->atoms, tests) || !table_init(&m->subjects, tests))
		return false;
	for (uint32_t type = 0; ok && type < SK_EVENT_LIMIT; type++)
		ok = collect(m, &a->blocks[type]);
	return ok;
}

bool
sk_why_atoms_make(struct sk_why_atoms *a, const struct sk_why_rules *r)
{
	struct maker m = {.a = a};
	bool ok;

	a->v = sk_bundle_view(r->alone ? r->alone : r->whole.bundle);
	a->of_insn = malloc(((size_t)a->v->ninsns + 1) * sizeof(*a->of_insn));
	if (!a->of_insn)
		return false;
	memset(a->of_insn, 0xff, ((size_t)a->v->ninsns + 1) * sizeof(*a->of_insn));
	ok = collect_all(&m, r->alone ? 0 : r->rule) && sk_why_origins_join(&r->origins, a);
	free(m.atoms.slots);
	free(m.subjects.slots);
	return ok;
}

void
sk_why_atoms_free(struct sk_why_atoms *a)
{
	for (size_t i = 0; i < a->list.n; i++)
		free(a->list.v[i].text);
	for (size_t i = 0; i < a->subjects.n; i++) {
		free(a->subjects.v[i].name);
		sk_why_samples_free(&a->subjects.v[i].samples);
	}
	sk_vec_free(&a->list);
	sk_vec_free(&a->subjects);
	free(a->of_insn);
}

/* --- values --- */
static void
put_register(const struct sk_why_atoms *a, struct sk_vm *vm, uint32_t n, struct sk_buf *out)
{
	const struct sk_value_def *d = &a->v->values[n];
	const struct sk_field_desc *f = d->def == SK_VD_FIELD ? sk_field_desc(d->id) : NULL;

	sk_value_text(out, sk_vm_value(vm, n), (enum sk_ptype)d->type, f ? (enum sk_pfmt)f->fmt : SK_PF_NA, false);
}

/* Cut to SK_WHY_VALUE bytes behind FROM, between characters. */
static void
cut(struct sk_buf *out, size_t from)
{
	size_t n = from + SK_WHY_VALUE;

	if (out->n <= n)
		return;
	while (n > from && ((uint8_t)out->p[n] & 0xc0) == 0x80)
		n--;
	out->n = n;
	sk_buf_str(out, "...");
}

bool
sk_why_value(const struct sk_why_atoms *a, struct sk_vm *vm, uint32_t i, struct sk_buf *out)
{
	const struct sk_why_subject *s = &a->subjects.v[i];
	size_t from = out->n;

	if (sk_vm_value(vm, s->value)->kind == SK_V_NONE)
		return false;
	put_register(a, vm, s->value, out);
	cut(out, from);
	if (s->other != SK_WHY_NONE) {
		sk_buf_str(out, " against ");
		from = out->n;
		put_register(a, vm, s->other, out);
		cut(out, from);
	}
	return true;
}
