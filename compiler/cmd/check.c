#include "compiler/cmd/cmd.h"

int
sk_cmd_check(struct sk_cmd *c)
{
	struct sk_inputs in = { 0 };
	struct sk_compilation done = { 0 };
	int status;

	c->job.check_only = true;
	status = sk_cmd_run(c, &in, &done, NULL);
	sk_compilation_free(&done);
	sk_inputs_free(&in);
	return status;
}
