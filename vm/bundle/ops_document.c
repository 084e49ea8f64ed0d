/* The instruction set for readers. */
#include "vm/bundle/ops.h"

static const char *
operand_doc(enum sk_operand k)
{
	static const char *const docs[] = {
	    [SK_OPND_NONE] = "not used, zero",
	    [SK_OPND_VALUE] = "a value register: a field or a transformer",
	    [SK_OPND_CONST] = "any value: a register or a constant",
	    [SK_OPND_SET] = "a set",
	    [SK_OPND_TRIE] = "a trie, of paths or of bytes as the instruction says",
	    [SK_OPND_PATTERN] = "a regular expression",
	    [SK_OPND_MULTI] = "a multi test",
	    [SK_OPND_SELECT] = "a candidate table",
	    [SK_OPND_LIST] = "a list of block numbers",
	    [SK_OPND_RULE] = "a rule",
	    [SK_OPND_MEMO] = "a memo bit of the program",
	    [SK_OPND_FWD] = "a later instruction of the same block",
	};

	return docs[k];
}

static void
document_ops(struct sk_buf *out)
{
	sk_buf_str(out, "| number | name | format | operand class | meaning |\n|---|---|---|---|---|\n");
	for (unsigned i = 0; i < SK_OP_LIMIT; i++) {
		const struct sk_op_info *op = sk_op_info((uint8_t)i);

		if (op->name)
			sk_buf_printf(out, "| 0x%02x | `%s` | %s | %s | %s |\n", i, op->name, sk_fmt_name((enum sk_fmt)op->fmt),
				      sk_opclass_name((enum sk_opclass)op->cls), op->doc);
	}
}

static void
document_formats(struct sk_buf *out)
{
	sk_buf_str(out, "| format | a | b | t | f |\n|---|---|---|---|---|\n");
	for (uint32_t f = 0; f < SK_FMT_COUNT; f++) {
		const uint8_t *k = sk_fmt_operands((enum sk_fmt)f);

		sk_buf_printf(out, "| %s | %s | %s | %s | %s |\n", sk_fmt_name((enum sk_fmt)f),
			      sk_operand_name((enum sk_operand)k[0]), sk_operand_name((enum sk_operand)k[1]),
			      sk_operand_name((enum sk_operand)k[2]), sk_operand_name((enum sk_operand)k[3]));
	}
}

/* "int uint bool" of a mask. */
static void
document_kinds(struct sk_buf *out, uint32_t kinds)
{
	for (uint32_t k = SK_V_BOOL; k < SK_V_LIST; k++)
		if (kinds & SK_KIND_BIT(k))
			sk_buf_printf(out, " %s", sk_vkind_name((enum sk_vkind)k));
}

static void
document_classes(struct sk_buf *out)
{
	sk_buf_str(out, "| operand class | R[a] is | R[b], where it is a value, is |\n|---|---|---|\n");
	for (uint32_t c = SK_OC_ANY; c <= SK_OC_NET; c++) {
		uint32_t a = sk_opclass_a_kinds((enum sk_opclass)c), b = 0;

		for (uint32_t k = SK_V_BOOL; k < SK_V_LIST; k++)
			b |= sk_opclass_b_kinds((enum sk_opclass)c, (enum sk_vkind)k);
		sk_buf_printf(out, "| %s |", sk_opclass_name((enum sk_opclass)c));
		document_kinds(out, a);
		sk_buf_str(out, " |");
		if (c == SK_OC_ANY)
			sk_buf_str(out, " what can be equal to it");
		else
			document_kinds(out, b);
		sk_buf_str(out, " |\n");
	}
}

void
sk_ops_document(struct sk_buf *out)
{
	sk_buf_str(out, "# Instructions\n\nMade from `include/saker/ops.def` and `fmts.def`; a test compares (`SK_BLESS=1 "
			"test_ops_sweep` writes it anew). "
			"How programs run: `docs/bundle.md`.\n\n"
			"Every test has two exits: it goes to t if it holds, else to f. R[n] is value n, M[n] a memo bit. A test "
			"of an absent value goes to f.\n\n");
	document_ops(out);
	sk_buf_str(out, "\n## Formats\n\n");
	document_formats(out);
	sk_buf_str(out, "\nOperands:\n\n");
	for (uint32_t k = SK_OPND_NONE; k <= SK_OPND_FWD; k++)
		sk_buf_printf(out, "- %s: %s\n", sk_operand_name((enum sk_operand)k), operand_doc((enum sk_operand)k));
	sk_buf_str(out, "\n## Operand classes\n\n");
	document_classes(out);
	sk_buf_str(out, "\nModifiers of tests: `.any` (1) and `.all` (2) say for how many elements of a list R[a] the test must "
			"hold, `!` (4) negates it for "
			"each present value.\n");
}
