/* Format rule files in place, or say which are not. */
#include "compiler/cmd/cmd.h"

#include "compiler/fmt/fmt.h"

#include <saker/limits.h>

/* What became of one file. */
static bool
settle(const struct sk_cmd *c, const struct sk_compile_input *in, struct sk_slice text)
{
	bool standard = sk_slice_is(in->name, "-"), changes = !sk_slice_eq(in->text, text);
	int r = 0;

	if (c->check) {
		if (changes)
			printf("%.*s\n", SK_SLICE_ARG(in->name));
		return !changes;
	}
	if (standard) {
		(void)fwrite(text.p, 1, text.n, stdout);
		return true;
	}
	if (changes)
		r = sk_cmd_output(in->name.p, text);
	if (r)
		fprintf(stderr, "sakerc: %.*s: %s\n", SK_SLICE_ARG(in->name), strerror(-r));
	return !r;
}

static void
report(const struct sk_cmd *c, const struct sk_compile_input *in, struct sk_diags *diags)
{
	size_t n;

	(void)sk_diags_sorted(diags, &n);
	/* Findings need memory, too. */
	if (!n)
		fprintf(stderr, "sakerc: %.*s: out of memory\n", SK_SLICE_ARG(in->name));
	sk_diags_print(diags, stderr, c->color == SK_COLOR_ALWAYS || (c->color == SK_COLOR_AUTO && isatty(STDERR_FILENO)));
}

static bool
format(const struct sk_cmd *c, const struct sk_compile_input *in)
{
	struct sk_arena *a = sk_arena_new(SK_MAX_COMPILE_MEMORY);
	struct sk_diags *diags = a ? sk_diags_new(a) : NULL;
	struct sk_file *file = diags && !in->error ? sk_file_new(a, in->name, in->text) : NULL;
	struct sk_buf out = { 0 };
	bool ok = false;

	if (in->error)
		fprintf(stderr, "sakerc: %.*s: %s\n", SK_SLICE_ARG(in->name), in->error);
	else if (!file)
		fprintf(stderr, "sakerc: %.*s: out of memory\n", SK_SLICE_ARG(in->name));
	else if (sk_fmt(a, diags, file, &out))
		ok = settle(c, in, sk_buf_view(&out));
	else
		report(c, in, diags);
	sk_buf_free(&out);
	sk_arena_free(a);
	return ok;
}

int
sk_cmd_fmt(struct sk_cmd *c)
{
	struct sk_inputs in = { 0 };
	int status = SK_EXIT_OK;

	if (!c->nargs) {
		fputs("sakerc: name at least one rule file or directory\n", stderr);
		return SK_EXIT_USAGE;
	}
	if (!sk_inputs_read(&in, c->args, c->nargs)) {
		fputs("sakerc: out of memory\n", stderr);
		status = SK_EXIT_FINDINGS;
	}
	for (size_t i = 0; i < in.v.n; i++)
		if (!format(c, &in.v.v[i]))
			status = SK_EXIT_FINDINGS;
	sk_inputs_free(&in);
	return status;
}
