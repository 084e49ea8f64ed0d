#include "tests/fuzz/compile_check.h"

#include "compiler/fmt/fmt.h"
#include "compiler/lint/lint.h"
#include "compiler/report/report.h"
#include "vm/bundle/bundle.h"

#include <errno.h>
#include <saker/limits.h>
#include <stdlib.h>

/* Printing the text form of a large bundle and reading it again costs more than it finds. */
#define MAX_ASSEMBLED (256u << 10)
/* Lists that double fill the memory of a compilation; under a sanitizer ten of those take longer than an input may. */
#define MANY_BYTES (64u << 20)

static void
broken(const char *what, const char *why)
{
	(void)fprintf(stderr, "%s: %s\n", what, why);
	abort();
}

void
sk_fuzz_rule(struct sk_buf *out, uint32_t number, struct sk_slice condition)
{
	sk_buf_printf(out,
		      "- rule: c%u\n  desc: d\n  priority: DEBUG\n  output: x %%evt.num\n  warn_evttypes: false\n  condition: \"",
		      number);
	for (size_t i = 0; i < condition.n; i++) {
		uint8_t c = (uint8_t)condition.p[i];

		if (c == '"' || c == '\\')
			sk_buf_char(out, '\\');
		if (c < 0x20 || c == 0x7f)
			sk_buf_printf(out, "\\x%02x", c);
		else
			sk_buf_char(out, (char)c);
	}
	sk_buf_str(out, "\"\n");
}

static FILE *
nowhere(void)
{
	static FILE *null;

	if (!null && !(null = fopen("/dev/null", "we")))
		broken("/dev/null", "it cannot be opened");
	return null;
}

/* Every finding has a text and stands inside its file; all of them print. */
static void
check_findings(struct sk_diags *diags)
{
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(diags, &n);

	for (size_t i = 0; i < n; i++) {
		const struct sk_loc *loc = &all[i]->loc;

		if (!all[i]->text.n)
			broken("finding", "it has no text");
		if (loc->file && (loc->span.beg > loc->span.end || loc->span.end > loc->file->text.n))
			broken(all[i]->text.p, "its place is outside of the file");
	}
	sk_diags_print(diags, nowhere(), true);
}

static void
check_reports(const struct sk_compilation *c)
{
	const struct sk_report r = {.diags = c->diags, .files = c->rs->files.v, .nfiles = c->rs->files.n, .version = "0", .out = nowhere(), .log = nowhere()};

	for (uint32_t f = 0; f < SK_REPORT_COUNT; f++)
		sk_report_write(&r, (enum sk_report_format)f);
}

struct outcome {
	int r;
	size_t errors, warnings, memory;
};

static struct outcome
compile_in(enum sk_dialect dialect, struct sk_slice file, bool check_only, bool keep_going, struct sk_buf *image)
{
	const struct sk_compile_input input = {SK_SLICE("fuzz.yaml"), file, NULL};
	const struct sk_compile_job job = {.inputs = &input, .ninputs = 1, .dialect = dialect, .check_only = check_only, .keep_going = keep_going};
	struct sk_compilation c;
	struct outcome o = {.r = sk_compile_run(&job, &c, image)};

	if (c.diags) {
		o.errors = sk_diags_errors(c.diags);
		o.warnings = sk_diags_warnings(c.diags);
		check_findings(c.diags);
		o.memory = sk_arena_used(c.arena);
	}
	sk_compilation_free(&c);
	if (o.r == 0 && o.errors && !keep_going)
		broken("compile", "success with errors");
	if (o.r < 0 && !o.errors)
		broken("compile", "failure without an error");
	return o;
}

static struct outcome
compile(struct sk_slice file, bool check_only, bool keep_going, struct sk_buf *image)
{
	return compile_in(SK_DIALECT_SAKER, file, check_only, keep_going, image);
}

bool
sk_fuzz_compile_some(struct sk_slice file, struct sk_buf *ret)
{
	return compile(file, false, true, ret).r == 0;
}

/* The bundle, which must be accepted. */
static struct sk_bundle *
opened(const struct sk_buf *image)
{
	struct sk_bundle *b = NULL;
	struct sk_reject why;

	if (sk_bundle_open(image->p, image->n, &b, &why) < 0)
		broken(sk_reject_name(why.code), why.text);
	return b;
}

/* The bundle that the text form of B assembles to; the text in TEXT. */
static struct sk_bundle *
assembled(const struct sk_bundle *b, struct sk_buf *text, struct sk_buf *image)
{
	struct sk_reject why;

	sk_bundle_print(b, text);
	if (!sk_bundle_assemble(sk_buf_view(text), image, &why))
		broken("assemble what was printed", why.text);
	return opened(image);
}

/* Values get the numbers that the text's order gives them, which need not be the compiler's; from then on the text comes again as
 * it is. */
static void
check_text_form(const struct sk_bundle *b)
{
	struct sk_buf text[3] = {{0}}, image[2] = {{0}};
	struct sk_bundle *second = assembled(b, &text[0], &image[0]), *third = assembled(second, &text[1], &image[1]);
	const struct sk_bundle_view *v = sk_bundle_view(b), *w = sk_bundle_view(second);

	sk_bundle_print(third, &text[2]);
	if (!sk_slice_eq(sk_buf_view(&text[1]), sk_buf_view(&text[2])))
		broken("assemble what was printed", "it prints otherwise");
	if (v->nvalues != w->nvalues || v->ninsns != w->ninsns || v->nrules != w->nrules || v->nslots != w->nslots ||
	    v->nnodes != w->nnodes)
		broken("assemble what was printed", "something is missing");
	sk_bundle_close(second);
	sk_bundle_close(third);
	for (size_t i = 0; i < SK_COUNTOF(text); i++)
		sk_buf_free(&text[i]);
	for (size_t i = 0; i < SK_COUNTOF(image); i++)
		sk_buf_free(&image[i]);
}

static void
check_image(const struct sk_buf *image)
{
	struct sk_bundle *b = opened(image);
	struct sk_buf text = {0};

	sk_bundle_print_interest(b, &text);
	sk_buf_free(&text);
	if (image->n <= MAX_ASSEMBLED)
		check_text_form(b);
	sk_bundle_close(b);
}

/* The rules without an error compile although others have one. */
static void
check_others(struct sk_slice file)
{
	struct sk_buf image = {0};
	struct outcome o = compile(file, false, true, &image);

	if (o.r == 0)
		check_image(&image);
	sk_buf_free(&image);
}

/* As Falco reads them, some rules are errors and others mean something else; what is left is a bundle like any other. */
static void
check_falco(struct sk_slice file)
{
	struct sk_buf image = {0};
	struct outcome o = compile_in(SK_DIALECT_FALCO, file, false, true, &image);

	if (o.r == 0)
		sk_bundle_close(opened(&image));
	sk_buf_free(&image);
}

/* Lints add warnings to what is right or wrong without them, and every form of report takes what they find. */
static void
check_lints(struct sk_slice file)
{
	const struct sk_compile_input input = {SK_SLICE("fuzz.yaml"), file, NULL};
	struct sk_compile_job job = {.inputs = &input, .ninputs = 1, .check_only = true};
	struct sk_compilation c;
	size_t errors = compile(file, true, false, NULL).errors;

	if (!sk_lint_select(job.lint, SK_SLICE("all")))
		broken("lint", "all of them are not known");
	(void)sk_compile_run(&job, &c, NULL);
	if (c.diags) {
		check_findings(c.diags);
		if (sk_diags_errors(c.diags) != errors)
			broken("lint", "it makes errors");
		if (c.rs)
			check_reports(&c);
	}
	sk_compilation_free(&c);
}

static bool
formatted(struct sk_slice text, struct sk_buf *ret)
{
	struct sk_arena *a = sk_arena_new(SK_MAX_COMPILE_MEMORY);
	struct sk_diags *diags = a ? sk_diags_new(a) : NULL;
	const struct sk_file *file = diags ? sk_file_new(a, SK_SLICE("fuzz.yaml"), text) : NULL;
	bool ok = file && sk_fmt(a, diags, file, ret);

	if (file && !ok && !sk_diags_errors(diags))
		broken("fmt", "failure without an error");
	sk_arena_free(a);
	return ok;
}

void
sk_fuzz_format(struct sk_slice file)
{
	struct sk_buf once = {0}, twice = {0};

	if (formatted(file, &once)) {
		if (!formatted(sk_buf_view(&once), &twice))
			broken("fmt", "what it wrote it cannot format");
		if (!sk_slice_eq(sk_buf_view(&once), sk_buf_view(&twice)))
			broken("fmt", "formatted again it differs");
	}
	sk_buf_free(&once);
	sk_buf_free(&twice);
}

bool
sk_fuzz_compile(struct sk_slice file, struct sk_buf *ret)
{
	struct sk_buf again = {0};

	struct outcome checked = compile(file, true, false, NULL), made = compile(file, false, false, ret);

	if (checked.memory <= MANY_BYTES) {
		check_falco(file);
		check_lints(file);
	}

	/* Code generation has limits of its own. */
	if (made.r != -E2BIG && made.r != -ENOMEM &&
	    (checked.r != made.r || checked.errors != made.errors || checked.warnings != made.warnings))
		broken("compile", "other findings than with check_only");
	if (made.r < 0) {
		if (made.r == -EINVAL)
			check_others(file);
		return false;
	}
	check_image(ret);
	(void)compile(file, false, false, &again);
	if (!sk_slice_eq(sk_buf_view(ret), sk_buf_view(&again)))
		broken("compile again", "the bytes differ");
	sk_buf_free(&again);
	return true;
}
