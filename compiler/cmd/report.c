#include "compiler/cmd/cmd.h"

#include "compiler/report/report.h"
#include "compiler/sandbox.h"

#include <errno.h>
#include <sys/stat.h>

static void
report(const struct sk_compilation *done, enum sk_report_format format, bool color, FILE *out)
{
	struct sk_report r = { .diags = done->diags, .version = SK_VERSION, .color = color, .out = out, .log = stderr };

	if (done->rs) {
		r.files = done->rs->files.v;
		r.nfiles = done->rs->files.n;
	}
	sk_report_write(&r, format);
}

/* Rules are not to be replaced by what is said of them. */
static bool
writes_input(const struct sk_cmd *c, const struct sk_inputs *in)
{
	struct stat out, st;

	if (!c->output || stat(c->output, &out) < 0 || !S_ISREG(out.st_mode))
		return false;
	for (size_t i = 0; i < in->v.n; i++)
		if (stat(in->v.v[i].name.p, &st) == 0 && st.st_dev == out.st_dev && st.st_ino == out.st_ino)
			return true;
	return false;
}

int
sk_cmd_run(struct sk_cmd *c, struct sk_inputs *in, struct sk_compilation *ret, struct sk_buf *image, FILE *out)
{
	enum sk_report_format format = sk_report_find(c->format ? c->format : "text");
	bool color = c->color == SK_COLOR_ALWAYS || (c->color == SK_COLOR_AUTO && isatty(fileno(out))); /* the sandbox could not ask */
	int r;

	*ret = (struct sk_compilation){ 0 };
	if (format == SK_REPORT_COUNT) {
		fprintf(stderr, "sakerc: findings have no format '%s'\n", c->format);
		return SK_EXIT_USAGE;
	}
	if (!c->nargs) {
		fputs("sakerc: name at least one rule file or directory\n", stderr);
		return SK_EXIT_USAGE;
	}
	if (!sk_inputs_read(in, c->args, c->nargs)) {
		fputs("sakerc: out of memory\n", stderr);
		return SK_EXIT_FINDINGS;
	}
	if (!in->v.n) {
		fputs("sakerc: no rule file at all: is a path wrong?\n", stderr);
		return SK_EXIT_FINDINGS;
	}
	if (writes_input(c, in)) {
		fprintf(stderr, "sakerc: -o %s is one of the rule files\n", c->output);
		return SK_EXIT_USAGE;
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
	if (r == 0 && c->job.only.n && !sk_find_rule(&ret->cx, ret->rs, c->job.only)) {
		fprintf(stderr, "sakerc: no rule is called '%.*s'\n", SK_SLICE_ARG(c->job.only));
		r = -ENOENT;
	}
	if (ret->diags)
		report(ret, format, color, out);
	else
		fputs("sakerc: out of memory\n", stderr);
	return r ? SK_EXIT_FINDINGS : SK_EXIT_OK;
}
