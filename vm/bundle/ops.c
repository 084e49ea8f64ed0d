#include "vm/bundle/ops.h"

#include "base/attr.h"

struct fmt_row {
	const char *name;
	uint8_t operands[4];
};

static const struct fmt_row fmts[SK_FMT_COUNT] = {
#define SK_FMT(name_, a_, b_, t_, f_) [SK_FMT_##name_] = {#name_, {SK_OPND_##a_, SK_OPND_##b_, SK_OPND_##t_, SK_OPND_##f_}},
#include <saker/fmts.def>
#undef SK_FMT
};

/* Operand kinds of a format as constants, so that the rows of the instruction table can be initialised with them. */
enum {
#define SK_FMT(name_, a_, b_, t_, f_)                                                                                            \
	FMT_A_##name_ = SK_OPND_##a_, FMT_B_##name_ = SK_OPND_##b_, FMT_T_##name_ = SK_OPND_##t_, FMT_F_##name_ = SK_OPND_##f_,
#include <saker/fmts.def>
#undef SK_FMT
};

static const struct sk_op_info ops[256] = {
#define SK_OP(num, name_, fmt_, cls_, doc_)                                                                                      \
	[num] = {.name = #name_,                                                                                                 \
		 .doc = doc_,                                                                                                    \
		 .fmt = SK_FMT_##fmt_,                                                                                           \
		 .cls = SK_OC_##cls_,                                                                                            \
		 .a = FMT_A_##fmt_,                                                                                              \
		 .b = FMT_B_##fmt_,                                                                                              \
		 .t = FMT_T_##fmt_,                                                                                              \
		 .f = FMT_F_##fmt_},
#include <saker/ops.def>
#undef SK_OP
};

#define SK_OP(num, name, fmt, cls, doc) _Static_assert((num) < SK_OP_LIMIT, "SK_OP_LIMIT is out of date");
#include <saker/ops.def>
#undef SK_OP

const struct sk_op_info *
sk_op_info(uint8_t op)
{
	return &ops[op];
}

const struct sk_op_info *
sk_op_find(struct sk_slice name, uint8_t *ret_op)
{
	for (unsigned i = 0; i < SK_OP_LIMIT; i++)
		if (ops[i].name && sk_slice_is(name, ops[i].name)) {
			*ret_op = (uint8_t)i;
			return &ops[i];
		}
	return NULL;
}

const char *
sk_fmt_name(enum sk_fmt f)
{
	return f < SK_FMT_COUNT ? fmts[f].name : "?";
}

const uint8_t *
sk_fmt_operands(enum sk_fmt f)
{
	return fmts[f].operands;
}

const char *
sk_operand_name(enum sk_operand k)
{
	static const char *const names[] = {
	    [SK_OPND_NONE] = "NONE", [SK_OPND_VALUE] = "VALUE",     [SK_OPND_CONST] = "CONST", [SK_OPND_SET] = "SET",
	    [SK_OPND_TRIE] = "TRIE", [SK_OPND_PATTERN] = "PATTERN", [SK_OPND_MULTI] = "MULTI", [SK_OPND_SELECT] = "SELECT",
	    [SK_OPND_LIST] = "LIST", [SK_OPND_RULE] = "RULE",       [SK_OPND_MEMO] = "MEMO",   [SK_OPND_FWD] = "FWD",
	};

	return names[k];
}

const char *
sk_opclass_name(enum sk_opclass c)
{
	static const char *const names[] = {
	    [SK_OC_ANY] = "ANY",     [SK_OC_BOOL] = "BOOL",   [SK_OC_NUM] = "NUM",   [SK_OC_INT] = "INT",
	    [SK_OC_UINT] = "UINT",   [SK_OC_FLOAT] = "FLOAT", [SK_OC_TEXT] = "TEXT", [SK_OC_STR] = "STR",
	    [SK_OC_BYTES] = "BYTES", [SK_OC_IP] = "IP",       [SK_OC_NET] = "NET",   [SK_OC_LIST] = "LIST",
	};

	return names[c];
}

const char *
sk_vkind_name(enum sk_vkind k)
{
	static const char *const names[] = {
	    [SK_V_NONE] = "none", [SK_V_BOOL] = "bool",   [SK_V_INT] = "int", [SK_V_UINT] = "uint", [SK_V_FLOAT] = "float",
	    [SK_V_STR] = "str",   [SK_V_BYTES] = "bytes", [SK_V_IP] = "ip",   [SK_V_NET] = "net",   [SK_V_LIST] = "list",
	};

	return k < SK_COUNTOF(names) ? names[k] : "?";
}

const char *
sk_xform_name(enum sk_xform x)
{
	static const char *const names[SK_XF_LIMIT] = {
#define SK_XFORM(num, sym, name, min, max, arg) [num] = name,
#include <saker/xforms.def>
#undef SK_XFORM
	};

	return x < SK_XF_LIMIT && names[x] ? names[x] : "?";
}

uint32_t
sk_opclass_a_kinds(enum sk_opclass c)
{
	static const uint32_t kinds[] = {
	    [SK_OC_ANY] = SK_KINDS_NUM | SK_KINDS_TEXT | SK_KIND_BIT(SK_V_FLOAT) | SK_KIND_BIT(SK_V_IP) | SK_KIND_BIT(SK_V_NET),
	    [SK_OC_BOOL] = SK_KIND_BIT(SK_V_BOOL),
	    [SK_OC_NUM] = SK_KINDS_NUM,
	    [SK_OC_INT] = SK_KIND_BIT(SK_V_INT),
	    [SK_OC_UINT] = SK_KIND_BIT(SK_V_UINT),
	    [SK_OC_FLOAT] = SK_KIND_BIT(SK_V_FLOAT),
	    [SK_OC_TEXT] = SK_KINDS_TEXT,
	    [SK_OC_STR] = SK_KIND_BIT(SK_V_STR),
	    [SK_OC_BYTES] = SK_KIND_BIT(SK_V_BYTES),
	    [SK_OC_IP] = SK_KIND_BIT(SK_V_IP),
	    [SK_OC_NET] = SK_KIND_BIT(SK_V_IP),
	    [SK_OC_LIST] = 0,
	};

	return kinds[c];
}

/* Kinds that "equals" can hold between a value of kind A and another. */
static uint32_t
comparable(enum sk_vkind a)
{
	uint32_t bit = SK_KIND_BIT(a);

	if (bit & SK_KINDS_NUM)
		return SK_KINDS_NUM;
	if (bit & SK_KINDS_TEXT)
		return SK_KINDS_TEXT;
	return a == SK_V_IP ? SK_KIND_BIT(SK_V_IP) | SK_KIND_BIT(SK_V_NET) : bit;
}

uint32_t
sk_opclass_b_kinds(enum sk_opclass c, enum sk_vkind a)
{
	if (!(sk_opclass_a_kinds(c) & SK_KIND_BIT(a)))
		return 0;
	if (c == SK_OC_ANY)
		return comparable(a);
	return c == SK_OC_NET ? SK_KIND_BIT(SK_V_NET) : sk_opclass_a_kinds(c);
}

uint32_t
sk_set_asker_kinds(enum sk_vkind k)
{
	if (k == SK_V_STR)
		return SK_KINDS_TEXT;
	if (k == SK_V_UINT)
		return SK_KINDS_NUM;
	return k == SK_V_IP || k == SK_V_NET ? SK_KIND_BIT(SK_V_IP) : 0;
}

enum sk_trie_kind
sk_op_trie_kind(uint8_t op)
{
	return op == SK_OP_PMATCH ? SK_TRIE_PATH : SK_TRIE_BYTES;
}
