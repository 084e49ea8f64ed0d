/* Every stage as text. */
#include "compiler/cmd/cmd.h"

#include "vm/bundle/bundle.h"

static void
dump_ast(const struct sk_compilation *c, struct sk_buf *out)
{
	for (size_t i = 0; i < c->rs->rules.n; i++) {
		const struct sk_rule_ast *r = c->rs->rules.v[i];

		if (!r->cond)
			continue;
		sk_buf_printf(out, "rule %.*s\n\t", SK_SLICE_ARG(r->name));
		sk_buf_slice(out, sk_cond_print(c->arena, r->cond));
		sk_buf_char(out, '\n');
	}
}

static int
dump_bundle(const struct sk_cmd *c, const struct sk_buf *image, struct sk_buf *out)
{
	struct sk_reject why;
	struct sk_bundle *b;
	SK_AUTO_FREE void *copy = aligned_alloc(64, (image->n + 63) / 64 * 64);

	if (!copy)
		return SK_EXIT_FINDINGS;
	memcpy(copy, image->p, image->n);
	if (sk_bundle_open(copy, image->n, &b, &why) < 0) {
		fprintf(stderr, "sakerc: the compiled bundle is refused (%s): %s\n", sk_reject_name(why.code), why.text);
		return SK_EXIT_FINDINGS;
	}
	if (c->dump == SK_DUMP_CODE)
		sk_bundle_print(b, out);
	else
		sk_bundle_print_interest(b, out);
	sk_bundle_close(b);
	return SK_EXIT_OK;
}

int
sk_cmd_dump(struct sk_cmd *c)
{
	struct sk_inputs in = { 0 };
	struct sk_compilation done = { 0 };
	struct sk_buf image = { 0 }, text = { 0 };
	int status;

	if (c->dump == SK_DUMP_NONE) {
		fputs("sakerc: dump needs one of --ast, --ir, --code, --interest, --origins\n", stderr);
		return SK_EXIT_USAGE;
	}
	status = sk_cmd_run(c, &in, &done, &image, stderr);
	if (c->dump == SK_DUMP_AST && done.rs)
		dump_ast(&done, &text);
	else if (c->dump == SK_DUMP_ORIGINS && status == SK_EXIT_OK)
		sk_cmd_origins(&done, &text);
	else if (c->dump == SK_DUMP_IR && status == SK_EXIT_OK)
		sk_plan_print(done.plan, &text);
	else if (status == SK_EXIT_OK)
		status = dump_bundle(c, &image, &text);
	(void)fwrite(sk_buf_cstr(&text), 1, text.n, stdout);
	sk_buf_free(&text);
	sk_buf_free(&image);
	sk_compilation_free(&done);
	sk_inputs_free(&in);
	return status;
}
