/* JUnit XML: a suite for each file, a test case for each finding. Errors are failures; warnings are cases that pass and say
 * something; a file without findings is one case that passes. */
#include "compiler/report/internal.h"

#include "base/utf8.h"

/* Characters that XML 1.0 cannot hold, even escaped: the controls and U+FFFE, U+FFFF. */
static bool
is_forbidden(const char *p, size_t len)
{
	uint8_t c = (uint8_t)p[0];

	return (len == 1 && c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
	       (len == 3 && c == 0xef && (uint8_t)p[1] == 0xbf && (uint8_t)p[2] >= 0xbe);
}

static void
put_xml(struct sk_buf *b, struct sk_slice s)
{
	for (size_t i = 0, skip; i < s.n;) {
		size_t len = sk_utf8_sequence(s.p + i, s.n - i, &skip);

		if (!len || is_forbidden(s.p + i, len))
			sk_buf_str(b, "\xef\xbf\xbd");
		else
			switch (s.p[i]) {
			case '&': sk_buf_str(b, "&amp;"); break;
			case '<': sk_buf_str(b, "&lt;"); break;
			case '>': sk_buf_str(b, "&gt;"); break;
			case '"': sk_buf_str(b, "&quot;"); break;
			case '\n': sk_buf_str(b, "&#10;"); break;
			case '\r': sk_buf_str(b, "&#13;"); break;
			case '\t': sk_buf_str(b, "&#9;"); break;
			default: sk_buf_put(b, s.p + i, len); break;
			}
		i += len ? len : skip;
	}
}

static void
put_attribute(struct sk_buf *b, const char *name, struct sk_slice value)
{
	sk_buf_printf(b, " %s=\"", name);
	put_xml(b, value);
	sk_buf_char(b, '"');
}

/* The text of the finding, its notes, and what the code means. */
static void
put_body(struct sk_buf *b, const struct sk_diag *d)
{
	uint32_t line, column;

	if (d->loc.file) {
		sk_file_position(d->loc.file, d->loc.span.beg, &line, &column);
		put_xml(b, d->loc.file->name);
		sk_buf_printf(b, ":%u:%u: ", line, column);
	}
	put_xml(b, d->text);
	for (const struct sk_note *n = d->notes; n; n = n->next) {
		sk_buf_char(b, '\n');
		put_xml(b, n->text);
	}
	sk_buf_char(b, '\n');
	put_xml(b, sk_slice_cstr(sk_diag_desc(d->code)->help));
}

static void
put_case(struct sk_buf *b, const struct sk_diag *d)
{
	const char *code = sk_diag_desc(d->code)->code;
	struct sk_buf name = { 0 };
	uint32_t line, column;

	sk_buf_printf(&name, "%s: ", code);
	sk_buf_slice(&name, d->text);
	sk_buf_str(b, "    <testcase");
	put_attribute(b, "name", sk_buf_view(&name));
	put_attribute(b, "classname", d->loc.file ? d->loc.file->name : SK_SLICE("sakerc"));
	if (d->loc.file) {
		sk_file_position(d->loc.file, d->loc.span.beg, &line, &column);
		put_attribute(b, "file", d->loc.file->name);
		sk_buf_printf(b, " line=\"%u\"", line);
	}
	sk_buf_str(b, ">\n");
	if (d->severity == SK_SEV_ERROR) {
		sk_buf_printf(b, "      <failure type=\"%s\"", code);
		put_attribute(b, "message", d->text);
		sk_buf_char(b, '>');
		put_body(b, d);
		sk_buf_str(b, "</failure>\n");
	} else {
		sk_buf_str(b, "      <system-out>");
		put_body(b, d);
		sk_buf_str(b, "</system-out>\n");
	}
	sk_buf_str(b, "    </testcase>\n");
	b->failed |= name.failed;
	sk_buf_free(&name);
}

static void
put_suite(const struct sk_report *r, const struct sk_file *file, struct sk_buf *b)
{
	size_t errors = sk_report_count(r, file, SK_SEV_ERROR), warnings = sk_report_count(r, file, SK_SEV_WARNING), n;
	const struct sk_diag *const *all = sk_diags_sorted(r->diags, &n);
	struct sk_slice name = file ? file->name : SK_SLICE("sakerc");

	if (!file && !errors && !warnings)
		return;
	sk_buf_str(b, "  <testsuite");
	put_attribute(b, "name", name);
	sk_buf_printf(b, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n", errors + warnings ? errors + warnings : 1, errors);
	for (size_t i = 0; i < n; i++)
		if (all[i]->loc.file == file)
			put_case(b, all[i]);
	if (!errors && !warnings) {
		sk_buf_str(b, "    <testcase name=\"no findings\"");
		put_attribute(b, "classname", name);
		sk_buf_str(b, "/>\n");
	}
	sk_buf_str(b, "  </testsuite>\n");
}

void
sk_report_junit(const struct sk_report *r, struct sk_buf *out)
{
	size_t tests = 0, failures = sk_report_count(r, NULL, SK_SEV_ERROR);

	for (size_t i = 0; i < r->nfiles; i++) {
		size_t errors = sk_report_count(r, r->files[i], SK_SEV_ERROR), n = errors + sk_report_count(r, r->files[i], SK_SEV_WARNING);

		failures += errors;
		tests += n ? n : 1;
	}
	tests += sk_report_count(r, NULL, SK_SEV_ERROR) + sk_report_count(r, NULL, SK_SEV_WARNING);
	sk_buf_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sakerc check\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n",
		      tests, failures);
	for (size_t i = 0; i < r->nfiles; i++)
		put_suite(r, r->files[i], out);
	put_suite(r, NULL, out);
	sk_buf_str(out, "</testsuites>\n");
}
