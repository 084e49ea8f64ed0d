/* Tests as one could have written them, for those that have no text of their own in the rule files. */
#include "daemon/why/parts.h"

#include "base/schema.h"
#include "vm/bundle/text.h"

/* Of one operand; a set may be long. */
#define ATOM_TEXT 4096u

void
sk_why_put_value_name(const struct sk_bundle_view *v, uint32_t n, struct sk_buf *out)
{
	const struct sk_value_def *d = &v->values[n];
	const struct sk_field_desc *f = d->def == SK_VD_FIELD ? sk_field_desc(d->id) : NULL;
	struct sk_slice key = sk_bundle_str(v, d->text);

	if (d->def == SK_VD_XFORM) {
		sk_buf_printf(out, "%s(", sk_xform_name((enum sk_xform)d->id));
		for (uint32_t i = 0; i < d->nargs; i++) {
			sk_buf_str(out, i ? ", " : "");
			sk_why_put_value_name(v, v->args[d->num + i], out);
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
		sk_why_put_value_name(p->v, in->b, p->out);
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

void
sk_why_put_test(const struct sk_bundle_view *v, const struct sk_insn *in, struct sk_buf *out)
{
	const char *word = in->op < SK_COUNTOF(words) && words[in->op].plain ? words[in->op].plain : "?";
	const char *negated = in->op < SK_COUNTOF(words) ? words[in->op].negated : NULL;
	struct sk_printer p = {v, out, out->n + ATOM_TEXT};

	if (in->mod & SK_MOD_NEG && !negated)
		sk_buf_str(out, "not ");
	sk_why_put_value_name(v, in->a, out);
	sk_buf_printf(out, " %s", in->mod & SK_MOD_NEG && negated ? negated : word);
	if (sk_op_info(in->op)->b == SK_OPND_NONE)
		return;
	sk_buf_char(out, ' ');
	put_operand(&p, in);
}
