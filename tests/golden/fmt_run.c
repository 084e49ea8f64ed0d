#include "tests/golden/fmt_run.h"

#include "compiler/compile.h"
#include "compiler/fmt/fmt.h"
#include "compiler/lint/lint.h"

#include <saker/limits.h>
#include <stdio.h>
#include <stdlib.h>

void
fmt_free(struct sk_slice s)
{
	/* The view of an empty buffer is nobody's memory. */
	if (s.n)
		free((void *)(uintptr_t)s.p);
}

static struct sk_slice
findings(struct sk_diags *d)
{
	struct sk_buf b = { 0 };
	size_t n;
	const struct sk_diag *const *found = sk_diags_sorted(d, &n);

	for (size_t i = 0; i < n; i++)
		sk_buf_printf(&b, "%s at %u: %.*s\n", sk_diag_desc(found[i]->code)->code, found[i]->loc.span.beg,
			      SK_SLICE_ARG(found[i]->text));
	if (!n)
		sk_buf_str(&b, "nothing said");
	return sk_buf_view(&b);
}

struct sk_slice
fmt_format(struct sk_slice text, struct sk_slice *ret_why)
{
	struct sk_arena *a = sk_arena_new(SK_MAX_COMPILE_MEMORY);
	struct sk_diags *d = sk_diags_new(a);
	struct sk_buf out = { 0 };

	if (!sk_fmt(a, d, sk_file_new(a, SK_SLICE("test"), text), &out)) {
		if (ret_why)
			*ret_why = findings(d);
		sk_buf_free(&out);
	}
	sk_arena_free(a);
	return sk_buf_view(&out);
}

/* --- meaning ----------------------------------------------------------------------------------- */
static void
put_rule(const struct sk_compilation *c, const struct sk_ir_rule *r, struct sk_buf *out)
{
	sk_buf_printf(out, "%.*s|%.*s|%d|%d|%.*s|", SK_SLICE_ARG(r->rule->name), SK_SLICE_ARG(r->rule->desc),
		      (int)r->rule->priority, r->rule->enabled, SK_SLICE_ARG(r->output.text));
	for (size_t i = 0; i < r->rule->tags.n; i++)
		sk_buf_printf(out, "%.*s,", SK_SLICE_ARG(r->rule->tags.v[i]));
	sk_ir_print(c->graph, r->root, out);
	sk_buf_char(out, '\n');
}

static int
by_text(const void *pa, const void *pb)
{
	const struct sk_slice *a = pa, *b = pb;

	return sk_slice_cmp(*a, *b);
}

static void
put_findings(struct sk_compilation *c, struct sk_buf *out)
{
	size_t n;
	const struct sk_diag *const *found = sk_diags_sorted(c->diags, &n);
	struct sk_slice *lines = SK_NEW_ARRAY(c->arena, n + 1, struct sk_slice);

	for (size_t i = 0; lines && i < n; i++)
		lines[i] = sk_arena_printf(c->arena, "%s %.*s: %.*s", sk_diag_desc(found[i]->code)->code,
					   SK_SLICE_ARG(found[i]->rule), SK_SLICE_ARG(found[i]->text));
	if (lines && n)
		qsort(lines, n, sizeof(*lines), by_text);
	/* Findings quote conditions, whose blanks may have become others. */
	for (size_t i = 0; lines && i < n; i++) {
		for (size_t k = 0; k < lines[i].n; k++)
			if (!strchr(" \n", lines[i].p[k]))
				sk_buf_char(out, lines[i].p[k]);
		sk_buf_char(out, '\n');
	}
}

struct sk_slice
fmt_meaning(struct sk_slice text)
{
	struct sk_compile_input in = { .name = SK_SLICE("test"), .text = text };
	struct sk_compile_job job = { .inputs = &in, .ninputs = 1, .check_only = true };
	struct sk_compilation c;
	struct sk_buf out = { 0 };

	(void)sk_lint_select(job.lint, SK_SLICE("all"));
	(void)sk_compile_run(&job, &c, NULL);
	sk_buf_printf(&out, "%zu errors, %zu warnings\n", sk_diags_errors(c.diags), sk_diags_warnings(c.diags));
	put_findings(&c, &out);
	for (size_t i = 0; c.graph && i < c.graph->rules.n; i++)
		put_rule(&c, &c.graph->rules.v[i], &out);
	sk_compilation_free(&c);
	return sk_buf_view(&out);
}
