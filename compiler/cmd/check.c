#include "compiler/cmd/cmd.h"

#include <errno.h>

/* The findings go into a file only when they are all there: it may hold the last good report. */
static int
check_into(struct sk_cmd *c, struct sk_inputs *in, struct sk_compilation *done)
{
	SK_AUTO_FREE char *text = NULL;
	size_t n = 0;
	FILE *memory = open_memstream(&text, &n);
	int status, r;

	if (!memory) {
		fputs("sakerc: out of memory\n", stderr);
		return SK_EXIT_FINDINGS;
	}
	status = sk_cmd_run(c, in, done, NULL, memory);
	r = fclose(memory) == 0 ? 0 : -ENOMEM;
	if (status == SK_EXIT_USAGE)
		return status;
	if (r == 0)
		r = sk_cmd_output(c->output, sk_slice(text, n));
	if (r) {
		fprintf(stderr, "sakerc: %s: %s\n", c->output, strerror(-r));
		return SK_EXIT_FINDINGS;
	}
	return status;
}

/* Findings are what this command is for: they go to standard output, or to the file of -o. */
int
sk_cmd_check(struct sk_cmd *c)
{
	struct sk_inputs in = { 0 };
	struct sk_compilation done = { 0 };
	int status;

	c->job.check_only = true;
	status = c->output ? check_into(c, &in, &done) : sk_cmd_run(c, &in, &done, NULL, stdout);
	sk_compilation_free(&done);
	sk_inputs_free(&in);
	return status;
}
