#include "compiler/cmd/cmd.h"

#include "vm/bundle/bundle.h"

#include <errno.h>

/* What the engine would refuse is a mistake of ours, and must be found here and not on a host. */
static bool
verified(const struct sk_buf *image)
{
	struct sk_bundle *b;
	struct sk_reject why;
	int r = sk_bundle_open(image->p, image->n, &b, &why);

	if (r == 0)
		sk_bundle_close(b);
	else
		fprintf(stderr, "sakerc: the compiled bundle is refused (%s): %s; please report the rules\n", sk_reject_name(why.code), why.text);
	return r == 0;
}

int
sk_cmd_compile(struct sk_cmd *c)
{
	struct sk_inputs in = { 0 };
	struct sk_compilation done = { 0 };
	struct sk_buf image = { 0 };
	int status, r = 0;

	if (!c->output) {
		fputs("sakerc: compile needs -o FILE\n", stderr);
		return SK_EXIT_USAGE;
	}
	status = sk_cmd_run(c, &in, &done, &image, stderr);
	if (status == SK_EXIT_OK && !verified(&image))
		status = SK_EXIT_FINDINGS;
	if (status == SK_EXIT_OK)
		r = sk_cmd_output(c->output, sk_buf_view(&image));
	if (r) {
		fprintf(stderr, "sakerc: %s: %s\n", c->output, strerror(-r));
		status = SK_EXIT_FINDINGS;
	}
	sk_buf_free(&image);
	sk_compilation_free(&done);
	sk_inputs_free(&in);
	return status;
}
