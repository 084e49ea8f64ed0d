/* The instruction set as data: everything that must know an instruction asks this table. Only the machine's loop and the
 * compiler's code generator may name an instruction. */
#ifndef SK_OPS_H
#define SK_OPS_H

#include "base/buf.h"

#include <saker/bundle.h>

/* One more than the highest number; a macro, so that a switch over enum sk_op need not list it. */
#define SK_OP_LIMIT 0x45u

enum sk_fmt {
#define SK_FMT(name, a, b, t, f) SK_FMT_##name,
#include <saker/fmts.def>
#undef SK_FMT
	SK_FMT_COUNT
};

/* What an operand is: fmts.def. */
enum sk_operand {
	SK_OPND_NONE,
	SK_OPND_VALUE,
	SK_OPND_CONST,
	SK_OPND_SET,
	SK_OPND_TRIE,
	SK_OPND_PATTERN,
	SK_OPND_MULTI,
	SK_OPND_SELECT,
	SK_OPND_LIST,
	SK_OPND_RULE,
	SK_OPND_MEMO,
	SK_OPND_FWD
};

/* Which kinds of values a test takes: ops.def. */
enum sk_opclass {
	SK_OC_ANY,
	SK_OC_BOOL,
	SK_OC_NUM,
	SK_OC_INT,
	SK_OC_UINT,
	SK_OC_FLOAT,
	SK_OC_TEXT,
	SK_OC_STR,
	SK_OC_BYTES,
	SK_OC_IP,
	SK_OC_NET,
	SK_OC_LIST
};

struct sk_op_info {
	const char *name; /* NULL: no such instruction */
	const char *doc;
	uint8_t fmt;        /* enum sk_fmt */
	uint8_t cls;        /* enum sk_opclass */
	uint8_t a, b, t, f; /* enum sk_operand */
};

/* Row of an instruction number; its name is NULL where there is none. */
const struct sk_op_info *sk_op_info(uint8_t op);
/* The instruction of this name, or NULL; *RET_OP is its number. */
const struct sk_op_info *sk_op_find(struct sk_slice name, uint8_t *ret_op);
/* "TV" and "VALUE" as the tables write them. */
const char *sk_fmt_name(enum sk_fmt f);
/* Kinds of a, b, t, f (enum sk_operand) of a format. */
const uint8_t *sk_fmt_operands(enum sk_fmt f);
const char *sk_operand_name(enum sk_operand k);
const char *sk_opclass_name(enum sk_opclass c);
const char *sk_vkind_name(enum sk_vkind k);
const char *sk_xform_name(enum sk_xform x);

/* The instruction tests R[a] and goes to t or f. */
static inline bool
sk_op_is_test(const struct sk_op_info *i)
{
	return i->name && i->a == SK_OPND_VALUE && i->f == SK_OPND_FWD;
}

/* The test looks at a list as a whole, not at its elements: modifiers for elements are allowed and mean nothing. */
static inline bool
sk_op_takes_whole(const struct sk_op_info *i)
{
	return i->fmt == SK_FMT_T && i->cls == SK_OC_ANY;
}

/* Operand b of the test is a list value. */
static inline bool
sk_op_takes_list(const struct sk_op_info *i)
{
	return i->fmt == SK_FMT_TV && i->cls == SK_OC_ANY;
}

/* The instruction may go on to the one behind it. */
static inline bool
sk_op_falls_through(const struct sk_op_info *i)
{
	return i->fmt == SK_FMT_L || i->fmt == SK_FMT_S || i->fmt == SK_FMT_M;
}

/* Kinds are a bit each. */
#define SK_KIND_BIT(k) (1u << (k))
#define SK_KINDS_NUM (SK_KIND_BIT(SK_V_BOOL) | SK_KIND_BIT(SK_V_INT) | SK_KIND_BIT(SK_V_UINT))
#define SK_KINDS_TEXT (SK_KIND_BIT(SK_V_STR) | SK_KIND_BIT(SK_V_BYTES))
/* Kinds that operand `a` may have under class C, and the kinds that `b` (a value) may have when `a` is of kind A. 0: none. */
uint32_t sk_opclass_a_kinds(enum sk_opclass c);
uint32_t sk_opclass_b_kinds(enum sk_opclass c, enum sk_vkind a);
/* docs/opcodes.md: the tables for readers. */
void sk_ops_document(struct sk_buf *out);
/* The kind of trie that an instruction of format TT asks. */
enum sk_trie_kind sk_op_trie_kind(uint8_t op);
/* Kinds of R[a] that a set of kind K can be asked about. */
uint32_t sk_set_asker_kinds(enum sk_vkind k);

#endif
