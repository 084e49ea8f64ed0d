/* Operators, transformers and instructions. */
#include "compiler/list/text.h"

#include "base/schema.h"
#include "vm/bundle/ops.h"

static const struct {
	const char *token;
	uint8_t rhs, types;
} operators[] = {
#define SK_CMP(sym, tok, crhs, ctypes) { tok, SK_RHS_##crhs, (ctypes) },
#include <saker/cmps.def>
#undef SK_CMP
};

static const struct {
	const char *name;
	uint8_t min, max, arg;
} transformers[] = {
#define SK_XFORM(num, sym, xname, xmin, xmax, xarg) { xname, xmin, xmax, xarg },
#include <saker/xforms.def>
#undef SK_XFORM
};

static const struct {
	unsigned bit;
	const char *name;
} kinds[] = {
	{ SK_OPS_NUM, "numbers" }, { SK_OPS_BOOL, "booleans" }, { SK_OPS_STR, "text" },
	{ SK_OPS_BYTES, "bytes" }, { SK_OPS_IP, "addresses and nets" }, { SK_OPS_LIST, "lists" },
};

static const char *
rhs_name(uint8_t rhs)
{
	static const char *const names[] = { [SK_RHS_NONE] = "nothing", [SK_RHS_NUMBER] = "a number or text in order", [SK_RHS_SCALAR] = "one value",
					     [SK_RHS_LIST] = "a list" };

	return names[rhs];
}

static void
put_kinds(unsigned types, bool json, struct sk_buf *out)
{
	bool first = true;

	for (size_t i = 0; i < SK_COUNTOF(kinds); i++) {
		if (!(types & kinds[i].bit))
			continue;
		if (json)
			sk_list_member(out, NULL, kinds[i].name);
		else
			sk_buf_printf(out, "%s%s", first ? "" : ", ", kinds[i].name);
		first = false;
	}
}

void
sk_list_operators(const struct sk_list *l, struct sk_buf *out)
{
	bool json = l->form == SK_LIST_JSON, markdown = l->form == SK_LIST_MARKDOWN;

	sk_buf_str(out, json ? "{\"operators\":[" : markdown ? "| operator | on the right | on the left |\n|---|---|---|\n" : "");
	for (size_t i = 0; i < SK_COUNTOF(operators); i++) {
		if (l->names) {
			sk_buf_printf(out, "%s\n", operators[i].token);
			continue;
		}
		if (json) {
			sk_list_comma(out);
			sk_buf_char(out, '{');
			sk_list_member(out, "name", operators[i].token);
			sk_list_member(out, "right", rhs_name(operators[i].rhs));
			sk_buf_str(out, ",\"left\":[");
		} else
			sk_buf_printf(out, markdown ? "| `%s` | %s | " : "%s\t%s\t", operators[i].token, rhs_name(operators[i].rhs));
		put_kinds(operators[i].types, json, out);
		sk_buf_str(out, json ? "]}" : markdown ? " |\n" : "\n");
	}
	sk_buf_str(out, json ? "]}\n" : "");
}

void
sk_list_transformers(const struct sk_list *l, struct sk_buf *out)
{
	bool json = l->form == SK_LIST_JSON, markdown = l->form == SK_LIST_MARKDOWN;

	sk_buf_str(out, json ? "{\"transformers\":[" : markdown ? "| transformer | arguments |\n|---|---|\n" : "");
	for (size_t i = 0; i < SK_COUNTOF(transformers); i++) {
		const char *arg = transformers[i].arg ? "[]" : "", *more = transformers[i].max ? "" : " or more";

		if (json) {
			sk_list_comma(out);
			sk_buf_char(out, '{');
			sk_list_member(out, "name", transformers[i].name);
			sk_buf_printf(out, ",\"min\":%u,\"max\":%u}", transformers[i].min, transformers[i].max);
		} else if (l->names)
			sk_buf_printf(out, "%s\n", transformers[i].name);
		else
			sk_buf_printf(out, markdown ? "| `%s%s()` | %u%s |\n" : "%s%s\t%u%s\n", transformers[i].name, arg, transformers[i].min, more);
	}
	sk_buf_str(out, json ? "]}\n" : "");
}

void
sk_list_ops(const struct sk_list *l, struct sk_buf *out)
{
	if (l->form == SK_LIST_MARKDOWN) {
		sk_ops_document(out);
		return;
	}
	sk_buf_str(out, l->form == SK_LIST_JSON ? "{\"instructions\":[" : "");
	for (unsigned i = 0; i < SK_OP_LIMIT; i++) {
		const struct sk_op_info *op = sk_op_info((uint8_t)i);

		if (!op->name)
			continue;
		if (l->form == SK_LIST_JSON) {
			sk_list_comma(out);
			sk_buf_char(out, '{');
			sk_list_member(out, "name", op->name);
			sk_list_member(out, "format", sk_fmt_name((enum sk_fmt)op->fmt));
			sk_list_member(out, "desc", op->doc);
			sk_buf_printf(out, ",\"number\":%u}", i);
		} else if (l->names)
			sk_buf_printf(out, "%s\n", op->name);
		else
			sk_buf_printf(out, "0x%02x\t%s\t%s\t%s\n", i, op->name, sk_fmt_name((enum sk_fmt)op->fmt), op->doc);
	}
	sk_buf_str(out, l->form == SK_LIST_JSON ? "]}\n" : "");
}
