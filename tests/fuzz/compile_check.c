#include "tests/fuzz/compile_check.h"

#include "vm/bundle/bundle.h"

#include <errno.h>
#include <stdlib.h>

/* Printing the text form of a large bundle and reading it again costs more than it finds. */
#define MAX_ASSEMBLED (256u << 10)

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

/* Every finding has a text and stands inside its file; all of them print. */
static void
check_findings(struct sk_diags *diags)
{
	static FILE *null;
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(diags, &n);

	if (!null)
		null = fopen("/dev/null", "we");
	for (size_t i = 0; i < n; i++) {
		const struct sk_loc *loc = &all[i]->loc;

		if (!all[i]->text.n)
			broken("finding", "it has no text");
		if (loc->file && (loc->span.beg > loc->span.end || loc->span.end > loc->file->text.n))
			broken(all[i]->text.p, "its place is outside of the file");
	}
	if (null)
		sk_diags_print(diags, null, true);
}

struct outcome {
	int r;
	size_t errors, warnings;
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

bool
sk_fuzz_compile(struct sk_slice file, struct sk_buf *ret)
{
	struct sk_buf again = {0};

	check_falco(file);
	struct outcome checked = compile(file, true, false, NULL), made = compile(file, false, false, ret);

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
