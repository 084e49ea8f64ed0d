/* Every stage as text. */
#include "compiler/cmd/cmd.h"

#include "vm/bundle/bundle.h"

#include <saker/bundle.h>
#include <sys/stat.h>

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

static void
print(const struct sk_cmd *c, const struct sk_bundle *b, struct sk_buf *out)
{
	if (c->dump == SK_DUMP_CODE)
		sk_bundle_print(b, out);
	else
		sk_bundle_print_interest(b, out);
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
	print(c, b, out);
	sk_bundle_close(b);
	return SK_EXIT_OK;
}

/* --- of a bundle file ------------------------------------------------------------------------------------------------------ */
static bool
is_bundle(const char *path)
{
	SK_AUTO_FCLOSE FILE *f = strcmp(path, "-") == 0 ? NULL : fopen(path, "rbe");
	struct stat st;
	char magic[sizeof(SK_BUNDLE_MAGIC) - 1];

	/* what is read of a pipe is gone */
	return f && fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && fread(magic, 1, sizeof(magic), f) == sizeof(magic) && memcmp(magic, SK_BUNDLE_MAGIC, sizeof(magic)) == 0;
}

static int
dump_file(const struct sk_cmd *c, const char *path)
{
	struct sk_buf text = { 0 };
	struct sk_reject why;
	struct sk_bundle *b;

	if (c->nargs != 1 || (c->dump != SK_DUMP_CODE && c->dump != SK_DUMP_INTEREST)) {
		fprintf(stderr, "sakerc: %s is a compiled bundle: dump takes one at a time, with --code or --interest\n", path);
		return SK_EXIT_USAGE;
	}
	if (sk_bundle_open_file(path, &b, &why) < 0) {
		fprintf(stderr, "sakerc: %s: refused (%s): %s\n", path, sk_reject_name(why.code), why.text);
		return SK_EXIT_FINDINGS;
	}
	print(c, b, &text);
	sk_bundle_close(b);
	return sk_cmd_print(c, &text);
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
	for (size_t i = 0; i < c->nargs; i++)
		if (is_bundle(c->args[i]))
			return dump_file(c, c->args[i]);
	status = sk_cmd_run(c, &in, &done, &image, stderr);
	if (c->dump == SK_DUMP_AST && done.rs)
		dump_ast(&done, &text);
	else if (c->dump == SK_DUMP_ORIGINS && status == SK_EXIT_OK)
		sk_cmd_origins(&done, &text);
	else if (c->dump == SK_DUMP_IR && status == SK_EXIT_OK)
		sk_plan_print(done.plan, &text);
	else if (status == SK_EXIT_OK)
		status = dump_bundle(c, &image, &text);
	if (text.n && sk_cmd_print(c, &text) != SK_EXIT_OK)
		status = SK_EXIT_FINDINGS;
	sk_buf_free(&image);
	sk_compilation_free(&done);
	sk_inputs_free(&in);
	return status;
}
