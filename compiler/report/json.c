/* One finding a line. Columns count bytes from 1, as in the text form. Without a place file, line and column are left out. */
#include "compiler/report/internal.h"

static void
put_place(struct sk_buf *b, struct sk_loc loc)
{
	uint32_t line, column;

	if (!loc.file)
		return;
	sk_report_member(b, "file", loc.file->name);
	sk_file_position(loc.file, loc.span.beg, &line, &column);
	sk_report_number(b, "line", line);
	sk_report_number(b, "column", column);
	sk_file_position(loc.file, loc.span.end > loc.span.beg ? loc.span.end : loc.span.beg, &line, &column);
	sk_report_number(b, "end_line", line);
	sk_report_number(b, "end_column", column);
}

static void
put_notes(struct sk_buf *b, const struct sk_diag *d)
{
	if (!d->notes)
		return;
	sk_buf_str(b, ",\"notes\":[");
	for (const struct sk_note *n = d->notes; n; n = n->next) {
		sk_report_comma(b);
		sk_buf_char(b, '{');
		sk_report_member(b, "message", n->text);
		put_place(b, n->loc);
		sk_buf_char(b, '}');
	}
	sk_buf_char(b, ']');
}

void
sk_report_json(const struct sk_report *r, struct sk_buf *out)
{
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(r->diags, &n);

	for (size_t i = 0; i < n; i++) {
		const struct sk_diag_desc *desc = sk_diag_desc(all[i]->code);

		sk_buf_char(out, '{');
		sk_report_member(out, "code", sk_slice_cstr(desc->code));
		sk_report_member(out, "falco", sk_slice_cstr(desc->falco));
		sk_report_member(out, "severity", sk_slice_cstr(sk_report_level(all[i])));
		sk_report_member(out, "message", all[i]->text);
		put_place(out, all[i]->loc);
		sk_report_member(out, "rule", all[i]->rule);
		put_notes(out, all[i]);
		sk_buf_str(out, "}\n");
	}
}
