#include "compiler/cmd/cmd.h"

int
sk_cmd_schema(struct sk_cmd *c)
{
	(void)c;
	return SK_EXIT_USAGE;
}
