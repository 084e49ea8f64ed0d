#include "compiler/cmd/cmd.h"

#include <errno.h>

/* Findings are what this command is for: they go to standard output, or to the file of -o. */
int
sk_cmd_check(struct sk_cmd *c)
{
	struct sk_inputs in = { 0 };
	struct sk_compilation done = { 0 };
	SK_AUTO_FCLOSE FILE *file = c->output ? fopen(c->output, "we") : NULL;
	int status;

	if (c->output && !file) {
		fprintf(stderr, "sakerc: %s: %s\n", c->output, strerror(errno));
		return SK_EXIT_USAGE;
	}
	c->job.check_only = true;
	status = sk_cmd_run(c, &in, &done, NULL, file ? file : stdout);
	sk_compilation_free(&done);
	sk_inputs_free(&in);
	if (file && (fflush(file) != 0 || ferror(file))) {
		fprintf(stderr, "sakerc: %s cannot be written\n", c->output);
		return SK_EXIT_FINDINGS;
	}
	return status;
}
