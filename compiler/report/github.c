/* Workflow commands: GitHub shows each at its line of a pull request. */
#include "compiler/report/internal.h"

#include "base/utf8.h"

/* A line break ends a command; in properties : and , separate as well. Other control characters and what is no UTF-8 would reach the terminal of whoever reads the log. */
static void
put_escaped(struct sk_buf *b, struct sk_slice s, bool property)
{
	for (size_t i = 0; i < s.n;) {
		struct sk_slice shown;
		char c = s.p[i];

		if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','))) {
			sk_buf_printf(b, "%%%02X", (unsigned)(uint8_t)c);
			i++;
			continue;
		}
		i += sk_utf8_visible(s.p + i, s.n - i, &shown);
		sk_buf_slice(b, shown);
	}
}

static void
put_place(struct sk_buf *b, struct sk_loc loc)
{
	struct sk_place p = sk_report_place(loc);

	sk_buf_str(b, "file=");
	put_escaped(b, loc.file->name, true);
	sk_buf_printf(b, ",line=%u,col=%u,endLine=%u", p.line, p.column, p.end_line);
	if (p.line == p.end_line) /* otherwise GitHub does not take it */
		sk_buf_printf(b, ",endColumn=%u", p.end_column);
	sk_buf_char(b, ',');
}

static void
put_note(struct sk_buf *b, const struct sk_note *n)
{
	uint32_t line, column;

	sk_buf_str(b, "%0A");
	if (n->loc.file) {
		sk_file_position(n->loc.file, n->loc.span.beg, &line, &column);
		put_escaped(b, n->loc.file->name, false);
		sk_buf_printf(b, ":%u:%u: ", line, column);
	}
	put_escaped(b, n->text, false);
}

void
sk_report_github(const struct sk_report *r, struct sk_buf *out)
{
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(r->diags, &n);

	for (size_t i = 0; i < n; i++) {
		const struct sk_diag_desc *desc = sk_diag_desc(all[i]->code);

		sk_buf_printf(out, "::%s ", sk_report_level(all[i]));
		if (all[i]->loc.file)
			put_place(out, all[i]->loc);
		sk_buf_str(out, "title=");
		put_escaped(out, sk_slice_cstr(desc->code), true);
		sk_buf_char(out, ' ');
		put_escaped(out, sk_slice_cstr(desc->title), true);
		sk_buf_str(out, "::");
		put_escaped(out, all[i]->text, false);
		for (const struct sk_note *note = all[i]->notes; note; note = note->next)
			put_note(out, note);
		sk_buf_char(out, '\n');
	}
}
