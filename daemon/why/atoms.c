/* The tests of the rule: every instruction that asks the same question at the same place of the rule files is one atom. */
#include "daemon/why/parts.h"

#include "base/schema.h"
#include "vm/bundle/text.h"

/* Of a text that is put together here; a set may be long. */
#define ATOM_TEXT 4096u

/* --- texts --- */
static void
put_value_name(const struct sk_bundle_view *v, uint32_t n, struct sk_buf *out)
{
	const struct sk_value_def *d = &v->values[n];
	const struct sk_field_desc *f = d->def == SK_VD_FIELD ? sk_field_desc(d->id) : NULL;
	struct sk_slice key = sk_bundle_str(v, d->text);

	if (d->def == SK_VD_XFORM) {
		sk_buf_printf(out, "%s(", sk_xform_name((enum sk_xform)d->id));
		for (uint32_t i = 0; i < d->nargs; i++) {
			sk_buf_str(out, i ? ", " : "");
			put_value_name(v, v->args[d->num + i], out);
		}
		sk_buf_char(out, ')');
	} else if (d->def == SK_VD_CONST) {
		sk_print_operand(&(struct sk_printer){v, out, out->n + ATOM_TEXT}, n);
	} else {
		sk_buf_str(out, f ? f->name : "?");
		if (d->arg == SK_VA_INDEX)
			sk_buf_printf(out, "[%llu]", (unsigned long long)d->num);
		else if (d->arg == SK_VA_KEY && (d->id == SK_F_evt_arg || d->id == SK_F_evt_rawarg))
			sk_buf_printf(out, ".%.*s", SK_SLICE_ARG(key));
		else if (d->arg == SK_VA_KEY)
			sk_buf_printf(out, "[%.*s]", SK_SLICE_ARG(key));
	}
}

static const struct {
	const char *plain, *negated;
} words[] = {
    [SK_OP_EQ_NUM] = {"=", "!="},
    [SK_OP_EQ_FLT] = {"=", "!="},
    [SK_OP_EQ_STR] = {"=", "!="},
    [SK_OP_EQ_IP] = {"=", "!="},
    [SK_OP_IN_NET] = {"=", "!="},
    [SK_OP_LT_INT] = {"<", ">="},
    [SK_OP_LT_UINT] = {"<", ">="},
    [SK_OP_LT_FLT] = {"<", ">="},
    [SK_OP_LT_STR] = {"<", ">="},
    [SK_OP_LE_INT] = {"<=", ">"},
    [SK_OP_LE_UINT] = {"<=", ">"},
    [SK_OP_LE_FLT] = {"<=", ">"},
    [SK_OP_LE_STR] = {"<=", ">"},
    [SK_OP_EXISTS] = {"exists", NULL},
    [SK_OP_TRUE] = {"= true", "= false"},
    [SK_OP_CONTAINS] = {"contains", NULL},
    [SK_OP_ICONTAINS] = {"icontains", NULL},
    [SK_OP_STARTS] = {"startswith", NULL},
    [SK_OP_ENDS] = {"endswith", NULL},
    [SK_OP_GLOB] = {"glob", NULL},
    [SK_OP_IGLOB] = {"iglob", NULL},
    [SK_OP_REGEX] = {"regex", NULL},
    [SK_OP_IN_SET] = {"in", NULL},
    [SK_OP_IN_LIST] = {"in", NULL},
    [SK_OP_PMATCH] = {"pmatch", NULL},
    [SK_OP_STARTS_ANY] = {"startswith anyof", NULL},
    [SK_OP_MULTI] = {"", NULL},
};

static void
put_operand(struct sk_printer *p, const struct sk_insn *in)
{
	const struct sk_op_info *info = sk_op_info(in->op);

	switch ((enum sk_operand)info->b) {
	case SK_OPND_VALUE:
	case SK_OPND_CONST:
		put_value_name(p->v, in->b, p->out);
		break;
	case SK_OPND_SET:
	case SK_OPND_TRIE:
		sk_buf_char(p->out, '(');
		sk_print_some(p, sk_op_info(in->op)->b == SK_OPND_TRIE, in->b);
		sk_buf_char(p->out, ')');
		break;
	case SK_OPND_PATTERN:
		sk_print_quoted(p->out, sk_bundle_str(p->v, p->v->patterns[in->b].text));
		break;
	case SK_OPND_MULTI:
		(void)sk_print_multi(p, in->b);
		break;
	case SK_OPND_NONE:
	case SK_OPND_SELECT:
	case SK_OPND_LIST:
	case SK_OPND_RULE:
	case SK_OPND_MEMO:
	case SK_OPND_FWD:
		break;
	}
}

/* The test as one could have written it. */
static void
put_test(const struct sk_bundle_view *v, const struct sk_insn *in, struct sk_buf *out)
{
	const char *word = in->op < SK_COUNTOF(words) && words[in->op].plain ? words[in->op].plain : "?";
	const char *negated = in->op < SK_COUNTOF(words) ? words[in->op].negated : NULL;
	struct sk_printer p = {v, out, out->n + ATOM_TEXT};

	if (in->mod & SK_MOD_NEG && !negated)
		sk_buf_str(out, "not ");
	put_value_name(v, in->a, out);
	sk_buf_printf(out, " %s", in->mod & SK_MOD_NEG && negated ? negated : word);
	if (sk_op_info(in->op)->b == SK_OPND_NONE)
		return;
	sk_buf_char(out, ' ');
	put_operand(&p, in);
}

static char *
text_of(struct sk_buf *b)
{
	return b->failed ? NULL : strdup(sk_buf_cstr(b));
}

/* --- places --- */
static bool
stands_at(const struct sk_why_origin *o, const struct sk_why_atom *a)
{
	return o->line == a->line && o->column == a->column && sk_slice_is(a->file, o->file);
}

static bool
alone_at_place(const struct sk_why_atoms *all, const struct sk_why_atom *a)
{
	for (size_t i = 0; i < all->list.n; i++) {
		const struct sk_why_atom *x = &all->list.v[i];

		if (x != a && x->line == a->line && x->column == a->column && x->input == a->input)
			return false;
	}
	return true;
}

/* What was written at an atom's place. The text is only taken if it is surely that of this atom: all tuples of an exception stand
 * in one place. */
static bool
find_origin(const struct sk_why_atoms *all, struct sk_why_atom *a, const struct sk_why_origins *origins)
{
	const char *text = NULL;
	bool same = alone_at_place(all, a);

	for (size_t i = 0; a->line && i < origins->v.n; i++) {
		const struct sk_why_origin *o = &origins->v.v[i];

		if (!stands_at(o, a))
			continue;
		a->exception = o->exception;
		a->macros = o->macros;
		same = same && (!text || strcmp(text, o->text) == 0);
		text = o->text;
	}
	if (!text || !same)
		return true;
	free(a->text);
	a->text = strdup(text);
	for (char *p = a->text; p && *p; p++)
		if ((unsigned char)*p < ' ')
			*p = ' '; /* a condition of several lines */
	return a->text != NULL;
}

/* --- the list --- */
static uint32_t
known_atom(const struct sk_why_atoms *a, const struct sk_why_atom *x)
{
	for (size_t i = 0; i < a->list.n; i++) {
		const struct sk_why_atom *k = &a->list.v[i];

		if (k->insn.op == x->insn.op && k->insn.mod == x->insn.mod && k->insn.a == x->insn.a && k->insn.b == x->insn.b &&
		    k->line == x->line && k->column == x->column && k->input == x->input)
			return (uint32_t)i;
	}
	return SK_WHY_NONE;
}

static bool
add_atom(struct sk_why_atoms *a, const struct sk_why_atom *x)
{
	struct sk_buf text = {0};
	struct sk_why_atom *added;
	bool ok;

	if (!sk_vec_push(&a->list, *x))
		return false;
	added = &a->list.v[a->list.n - 1];
	put_test(a->v, &x->insn, &text);
	added->text = text_of(&text);
	text.n = 0;
	put_value_name(a->v, x->insn.a, &text);
	added->subject = text_of(&text);
	ok = added->text && added->subject;
	sk_buf_free(&text);
	return ok;
}

static bool
collect(struct sk_why_atoms *a, const struct sk_block *b)
{
	for (uint32_t n = b->first; n < b->end; n++) {
		struct sk_why_atom x = {.insn = a->v->code[n]};

		if (!sk_insn_is_test(a->v, n) || a->of_insn[n] != SK_WHY_NONE)
			continue;
		if (a->v->srcmap && n < a->v->nsrcmap && a->v->srcmap[n].input < a->v->ninputs) {
			x.input = a->v->srcmap[n].input;
			x.line = a->v->srcmap[n].line;
			x.column = a->v->srcmap[n].column;
			x.file = sk_bundle_str(a->v, a->v->inputs[x.input].name);
		}
		a->of_insn[n] = known_atom(a, &x);
		if (a->of_insn[n] != SK_WHY_NONE)
			continue;
		a->of_insn[n] = (uint32_t)a->list.n;
		if (!add_atom(a, &x))
			return false;
	}
	return true;
}

bool
sk_why_atoms_make(struct sk_why_atoms *a, const struct sk_why_rules *r)
{
	uint32_t rule = r->alone ? 0 : r->rule;
	bool ok;

	a->v = sk_bundle_view(r->alone ? r->alone : r->whole.bundle);
	a->of_insn = malloc(((size_t)a->v->ninsns + 1) * sizeof(*a->of_insn));
	ok = a->of_insn != NULL;
	if (ok)
		memset(a->of_insn, 0xff, ((size_t)a->v->ninsns + 1) * sizeof(*a->of_insn));
	for (uint32_t type = 0; ok && type < SK_EVENT_LIMIT; type++) {
		if (sk_block_find(a->v, SK_SOURCE_SYSCALL, type, rule, &a->blocks[type]))
			ok = collect(a, &a->blocks[type]);
		else
			a->blocks[type] = (struct sk_block){0};
	}
	for (size_t i = 0; ok && i < a->list.n; i++)
		ok = find_origin(a, &a->list.v[i], &r->origins);
	return ok;
}

void
sk_why_atoms_free(struct sk_why_atoms *a)
{
	for (size_t i = 0; i < a->list.n; i++) {
		free(a->list.v[i].text);
		free(a->list.v[i].subject);
		sk_why_samples_free(&a->list.v[i].samples);
	}
	sk_vec_free(&a->list);
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
	const struct sk_insn *in = &a->list.v[i].insn;
	enum sk_operand b = (enum sk_operand)sk_op_info(in->op)->b;
	size_t from = out->n;

	if (sk_vm_value(vm, in->a)->kind == SK_V_NONE)
		return false;
	put_register(a, vm, in->a, out);
	cut(out, from);
	/* A value compared with another value of the event. */
	if ((b == SK_OPND_VALUE || b == SK_OPND_CONST) && in->b < a->v->ncomputed) {
		sk_buf_str(out, " against ");
		from = out->n;
		put_register(a, vm, in->b, out);
		cut(out, from);
	}
	return true;
}
