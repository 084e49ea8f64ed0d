/* Mistakes that values give away. A hint is a guess about one test that failed; it never changes what is shown. */
#include "daemon/why/parts.h"

#include "base/schema.h"
#include "vm/bundle/ops.h"

#include <strings.h>

/* What a test wants and what it got, both text. */
struct pair {
	struct sk_slice want, got;
	uint8_t op;
	enum sk_field_id field;
};

static bool
is_equality(uint8_t op)
{
	return op == SK_OP_EQ_STR || op == SK_OP_IN_SET || op == SK_OP_IN_LIST;
}

#define COMM_BYTES 15u

/* What the kernel keeps of a program's name. */
static bool
cut_short(const struct pair *p, struct sk_buf *out)
{
	if (!is_equality(p->op) || p->got.n != COMM_BYTES || p->got.n >= p->want.n || !sk_slice_starts(p->want, p->got))
		return false;
	sk_buf_printf(out,
		      "the value is only the beginning of '%.*s': the kernel keeps %u bytes of a program's name; compare with "
		      "those, or use proc.exepath or proc.exe",
		      SK_SLICE_ARG(p->want), COMM_BYTES);
	return true;
}

static bool
relative(const struct pair *p, struct sk_buf *out)
{
	bool inside = p->want.n && p->want.p[0] != '/' && p->got.n > p->want.n && p->got.p[0] == '/';

	if (!inside || !(is_equality(p->op) || p->op == SK_OP_STARTS))
		return false;
	if (is_equality(p->op) ? !sk_slice_ends(p->got, p->want) || p->got.p[p->got.n - p->want.n - 1] != '/'
			       : !memmem(p->got.p, p->got.n, p->want.p, p->want.n))
		return false;
	sk_buf_printf(out, "the value is an absolute path, '%.*s' is not: write the whole path, or use endswith or contains",
		      SK_SLICE_ARG(p->want));
	return true;
}

static bool
letter_case(const struct pair *p, struct sk_buf *out)
{
	if (!is_equality(p->op) || p->want.n != p->got.n || strncasecmp(p->want.p, p->got.p, p->want.n) != 0)
		return false;
	sk_buf_printf(out, "only upper and lower case differ from '%.*s'", SK_SLICE_ARG(p->want));
	return true;
}

static bool
blanks(const struct pair *p, struct sk_buf *out)
{
	struct sk_slice w = p->want;

	while (w.n && w.p[0] == ' ')
		w = sk_slice(w.p + 1, w.n - 1);
	while (w.n && w.p[w.n - 1] == ' ')
		w.n--;
	if (w.n == p->want.n || !is_equality(p->op) || !sk_slice_eq(w, p->got))
		return false;
	sk_buf_printf(out, "only blanks at the ends of '%.*s' differ", SK_SLICE_ARG(p->want));
	return true;
}

static bool
is_number(struct sk_slice s)
{
	size_t i = s.n > 2 && s.p[0] == '0' && (s.p[1] == 'x' || s.p[1] == 'X') ? 2 : 0;

	for (; i < s.n; i++)
		if (!strchr("0123456789abcdefABCDEF", s.p[i]) || (s.p[i] > '9' && s.p[1] != 'x' && s.p[1] != 'X'))
			return false;
	return s.n > 0;
}

/* Flags and modes are text in evt.arg. */
static bool
number_for_name(const struct pair *p, struct sk_buf *out)
{
	bool name = p->got.n && ((p->got.p[0] >= 'A' && p->got.p[0] <= 'Z') || memchr(p->got.p, '|', p->got.n));

	if (!is_equality(p->op) || (p->field != SK_F_evt_arg && p->field != SK_F_evt_args) || !name || !is_number(p->want))
		return false;
	sk_buf_printf(out,
		      "the value is text, '%.*s' is a number: compare with the name (%.*s; with several names use contains), or "
		      "use evt.rawarg",
		      SK_SLICE_ARG(p->want), SK_SLICE_ARG(p->got));
	return true;
}

static bool
guess(const struct pair *p, struct sk_buf *out)
{
	return cut_short(p, out) || relative(p, out) || letter_case(p, out) || blanks(p, out) || number_for_name(p, out);
}

/* Every text that the test compares with, until one explains it. */
static bool
guess_set(const struct sk_bundle_view *v, const struct sk_set_def *s, struct pair *p, struct sk_buf *out)
{
	for (uint32_t i = 0; s->kind == SK_V_STR && i < s->nslots; i++) {
		uint32_t n = v->slots[s->first_slot + i].value;

		if (!n)
			continue;
		p->want = sk_bundle_str(v, v->values[n - 1].text);
		if (guess(p, out))
			return true;
	}
	return false;
}

bool
sk_why_hint(const struct sk_why_atoms *a, struct sk_vm *vm, uint32_t i, struct sk_buf *out)
{
	const struct sk_insn *in = &a->list.v[i].insn;
	const struct sk_value_def *d = &a->v->values[in->a];
	const struct sk_value *got = sk_vm_value(vm, in->a), *want;
	struct pair p = {.op = in->op, .field = d->def == SK_VD_FIELD ? (enum sk_field_id)d->id : SK_F_NONE};

	if (got->kind != SK_V_STR || in->mod & SK_MOD_NEG || !got->n)
		return false;
	p.got = sk_slice(got->s, got->n);
	if (sk_op_info(in->op)->b == SK_OPND_SET)
		return guess_set(a->v, &a->v->sets[in->b], &p, out);
	if (sk_op_info(in->op)->b != SK_OPND_VALUE && sk_op_info(in->op)->b != SK_OPND_CONST)
		return false;
	want = sk_vm_value(vm, in->b);
	p.want = want->kind == SK_V_STR ? sk_slice(want->s, want->n) : SK_SLICE("");
	return want->kind == SK_V_STR && guess(&p, out);
}
