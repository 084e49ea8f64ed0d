/* What falco -V prints: a verdict for each file, and under it the errors, each with its context. */
#include "compiler/report/internal.h"

#include "base/utf8.h"

/* Widest part of a line that is shown, the caret in its middle. */
#define SNIPPET_WIDTH 200u

const char *
sk_report_falco_code(const struct sk_diag *d)
{
	const struct sk_diag_desc *desc = sk_diag_desc(d->code);

	return *desc->falco ? desc->falco : desc->code;
}

/* A tab stays: it is what the reader's own editor shows. */
static uint32_t
put_visible(struct sk_buf *b, struct sk_slice s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.n; n++) {
		struct sk_slice shown = SK_SLICE("\t");

		i += s.p[i] == '\t' ? 1 : sk_utf8_visible(s.p + i, s.n - i, &shown);
		if (b)
			sk_buf_slice(b, shown);
	}
	return n;
}

void
sk_report_falco_snippet(const struct sk_diag *d, struct sk_buf *out)
{
	uint32_t number, column, cut = 0;
	bool more = false;

	if (!d->loc.file || !d->loc.file->text.n)
		return;
	sk_file_position(d->loc.file, d->loc.span.beg, &number, &column);
	struct sk_slice line = sk_file_line(d->loc.file, number);
	column--;
	if (column > SNIPPET_WIDTH / 2 && line.n > SNIPPET_WIDTH)
		cut = column - SNIPPET_WIDTH / 2;
	if (cut > line.n)
		cut = (uint32_t)line.n;
	line = sk_slice(line.p + cut, line.n - cut);
	if (line.n > SNIPPET_WIDTH) {
		line.n = SNIPPET_WIDTH;
		more = true;
	}
	sk_buf_str(out, cut ? "..." : "");
	(void)put_visible(out, line);
	sk_buf_printf(out, "%s\n%s", more ? "..." : "", cut ? "   " : "");
	for (uint32_t i = put_visible(NULL, sk_slice(line.p, column - cut < line.n ? column - cut : line.n)); i; i--)
		sk_buf_char(out, ' ');
	sk_buf_str(out, "^\n");
}

static void
put_context(struct sk_buf *b, const struct sk_item *item, unsigned *depth)
{
	uint32_t line, column;

	if (!item)
		return;
	put_context(b, item->outer, depth);
	sk_item_position(item, &line, &column);
	sk_buf_printf(b, *depth ? "%*s" : "%*sIn ", (int)(*depth * 4), "");
	sk_buf_str(b, item->type);
	if (item->name.n) {
		sk_buf_str(b, " '");
		(void)put_visible(b, sk_slice(item->name.p, sk_utf8_fit(item->name.p, item->name.n, NAME_WIDTH)));
		sk_buf_char(b, '\'');
	}
	sk_buf_str(b, ": (");
	if (item->loc.file)
		(void)put_visible(b, item->loc.file->name);
	sk_buf_printf(b, ":%u:%u)\n", line, column);
	++*depth;
}

static void
put_finding(struct sk_buf *b, const struct sk_diag *d)
{
	unsigned depth = 0;

	put_context(b, d->item, &depth);
	if (d->item) {
		sk_buf_str(b, "------\n");
		sk_report_falco_snippet(d, b);
		sk_buf_str(b, "------\n");
	}
	sk_buf_printf(b, "%s (%s): ", sk_report_falco_code(d), sk_diag_desc(d->code)->title);
	(void)put_visible(b, d->text);
	sk_buf_char(b, '\n');
}

static void
put_findings(const struct sk_report *r, const struct sk_file *file, enum sk_severity severity, struct sk_buf *b)
{
	size_t n, found = sk_report_count(r, file, severity);
	const struct sk_diag *const *all = sk_diags_sorted(r->diags, &n);

	if (found)
		sk_buf_printf(b, "%zu %s:\n", found, severity == SK_SEV_ERROR ? "Errors" : "Warnings");
	for (size_t i = 0; i < n; i++)
		if (all[i]->loc.file == file && all[i]->severity == severity)
			put_finding(b, all[i]);
}

static void
put_file(const struct sk_report *r, const struct sk_file *file, struct sk_buf *verdict, struct sk_buf *log)
{
	/* An error without a place, as when memory runs out, leaves no file Ok. */
	bool errors = sk_report_count(r, file, SK_SEV_ERROR) + sk_report_count(r, NULL, SK_SEV_ERROR) != 0, warnings = sk_report_count(r, file, SK_SEV_WARNING) != 0;

	(void)put_visible(verdict, file->name);
	sk_buf_printf(verdict, ": %s\n", errors ? "Invalid" : warnings ? "Ok, with warnings" : "Ok");
	put_findings(r, file, SK_SEV_ERROR, verdict);
	put_findings(r, file, SK_SEV_WARNING, errors ? verdict : log);
}

void
sk_report_falco(const struct sk_report *r)
{
	struct sk_buf verdict = { 0 }, log = { 0 };

	for (size_t i = 0; i < r->nfiles; i++)
		put_file(r, r->files[i], &verdict, &log);
	put_findings(r, NULL, SK_SEV_ERROR, &verdict);
	put_findings(r, NULL, SK_SEV_WARNING, sk_diags_errors(r->diags) ? &verdict : &log);
	(void)fputs(sk_buf_cstr(&log), r->log);
	(void)fputs(sk_buf_cstr(&verdict), r->out);
	if (sk_diags_errors(r->diags))
		fprintf(r->log, "Error: %s", sk_buf_cstr(&verdict));
	sk_buf_free(&verdict);
	sk_buf_free(&log);
}
