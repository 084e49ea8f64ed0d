#include "compiler/cmd/cmd.h"

#include "compiler/sandbox.h"

#include <errno.h>

static void
json_member(struct sk_buf *b, const char *name, struct sk_slice text)
{
	sk_buf_printf(b, "%s\"%s\":\"", b->p[b->n - 1] == '{' ? "" : ",", name);
	sk_buf_json(b, text);
	sk_buf_char(b, '"');
}

/* One finding as one line: an object. Without a place file, line and column are left out. */
static void
report_json(const struct sk_diag *d, FILE *out)
{
	const struct sk_diag_desc *desc = sk_diag_desc(d->code);
	struct sk_buf b = { 0 };
	uint32_t line, column;

	sk_buf_char(&b, '{');
	if (b.failed)
		return;
	json_member(&b, "code", sk_slice_cstr(desc->code));
	json_member(&b, "falco", sk_slice_cstr(desc->falco));
	json_member(&b, "severity", sk_slice_cstr(d->severity == SK_SEV_ERROR ? "error" : "warning"));
	json_member(&b, "message", d->text);
	if (d->loc.file) {
		sk_file_position(d->loc.file, d->loc.span.beg, &line, &column);
		json_member(&b, "file", d->loc.file->name);
		sk_buf_printf(&b, ",\"line\":%u,\"column\":%u", line, column);
	}
	json_member(&b, "rule", d->rule);
	sk_buf_str(&b, "}\n");
	if (!b.failed)
		(void)fwrite(b.p, 1, b.n, out);
	sk_buf_free(&b);
}

void
sk_cmd_report(const struct sk_cmd *c, struct sk_diags *d)
{
	size_t n;

	if (!c->json) {
		sk_diags_print(d, stderr, c->color);
		return;
	}
	const struct sk_diag *const *sorted = sk_diags_sorted(d, &n);
	for (size_t i = 0; i < n; i++)
		report_json(sorted[i], stderr);
}

int
sk_cmd_run(struct sk_cmd *c, struct sk_inputs *in, struct sk_compilation *ret, struct sk_buf *image)
{
	int r;

	*ret = (struct sk_compilation){ 0 };
	if (!c->nargs) {
		fputs("sakerc: name at least one rule file or directory\n", stderr);
		return SK_EXIT_USAGE;
	}
	if (!sk_inputs_read(in, c->args, c->nargs)) {
		fputs("sakerc: out of memory\n", stderr);
		return SK_EXIT_FINDINGS;
	}
	if (c->sandbox) {
		r = sk_sandbox_enter();
		if (r < 0) {
			fprintf(stderr, "sakerc: sandbox: %s\n", strerror(-r));
			return SK_EXIT_FINDINGS;
		}
	}
	c->job.inputs = in->v.v;
	c->job.ninputs = in->v.n;
	r = sk_compile_run(&c->job, ret, image);
	if (ret->diags)
		sk_cmd_report(c, ret->diags);
	else
		fputs("sakerc: out of memory\n", stderr);
	return r ? SK_EXIT_FINDINGS : SK_EXIT_OK;
}
