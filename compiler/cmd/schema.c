#include "compiler/cmd/cmd.h"

#include "compiler/list/list.h"

int
sk_cmd_schema(struct sk_cmd *c)
{
	struct sk_buf b = { 0 };

	if (c->nargs == 1 && strcmp(c->args[0], "rules") == 0)
		sk_schema_rules(&b);
	else if (c->nargs == 1 && strcmp(c->args[0], "config") == 0)
		sk_schema_config(&b);
	else {
		fputs("sakerc: schema needs one of rules, config\n", stderr);
		return SK_EXIT_USAGE;
	}
	return sk_cmd_print(c, &b);
}
