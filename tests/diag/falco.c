#include "tests/diag/falco.h"

#include "base/buf.h"

static void
put_chain(struct sk_buf *b, const struct sk_item *item)
{
	uint32_t line, column;

	if (!item)
		return;
	put_chain(b, item->outer);
	sk_item_position(item, &line, &column);
	sk_buf_printf(b, "%s%s '%.*s'@%u:%u", item->outer ? " > " : " ", item->type, SK_SLICE_ARG(item->name), line, column);
}

char *
falco_finding(const struct sk_diag *diag)
{
	struct sk_buf b = { 0 };
	const char *name = sk_diag_desc(diag->code)->falco;

	if (!*name)
		return NULL;
	sk_buf_str(&b, name);
	put_chain(&b, diag->item);
	char *copy = strdup(sk_buf_cstr(&b));
	sk_buf_free(&b);
	return copy;
}

bool
falco_needs_conditions(const char *code)
{
	static const char *const codes[] = { "LOAD_NO_EVTTYPE",      "LOAD_UNKNOWN_FILTER",     "LOAD_COMPILE_CONDITION",
					     "LOAD_UNSAFE_NA_CHECK", "LOAD_ERR_COMPILE_OUTPUT", "LOAD_ERR_COMPILE_CONDITION" };

	for (size_t i = 0; i < SK_COUNTOF(codes); i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}
