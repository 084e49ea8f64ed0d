/* Places, counts and strings, as several forms write them. */
#include "compiler/report/internal.h"

struct sk_place
sk_report_place(struct sk_loc loc)
{
	struct sk_place p = { 0 };

	sk_file_position_utf16(loc.file, loc.span.beg, &p.line, &p.column);
	sk_file_position_utf16(loc.file, loc.span.end > loc.span.beg ? loc.span.end : loc.span.beg, &p.end_line, &p.end_column);
	return p;
}

const char *
sk_report_level(const struct sk_diag *d)
{
	return d->severity == SK_SEV_ERROR ? "error" : "warning";
}

void
sk_report_comma(struct sk_buf *b)
{
	if (b->n && b->p[b->n - 1] != '{' && b->p[b->n - 1] != '[')
		sk_buf_char(b, ',');
}

void
sk_report_string(struct sk_buf *b, struct sk_slice s)
{
	sk_buf_char(b, '"');
	sk_buf_json(b, s);
	sk_buf_char(b, '"');
}

void
sk_report_member(struct sk_buf *b, const char *name, struct sk_slice text)
{
	sk_report_comma(b);
	sk_buf_printf(b, "\"%s\":", name);
	sk_report_string(b, text);
}

void
sk_report_number(struct sk_buf *b, const char *name, uint32_t n)
{
	sk_report_comma(b);
	sk_buf_printf(b, "\"%s\":%u", name, n);
}

size_t
sk_report_count(const struct sk_report *r, const struct sk_file *file, enum sk_severity severity)
{
	size_t n, found = 0;
	const struct sk_diag *const *all = sk_diags_sorted(r->diags, &n);

	for (size_t i = 0; i < n; i++)
		found += all[i]->loc.file == file && all[i]->severity == severity;
	return found;
}
