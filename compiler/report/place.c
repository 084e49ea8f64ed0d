/* Places, counts and strings, as several forms write them. */
#include "compiler/report/internal.h"

#include "base/utf8.h"

/* Code units of UTF-16 in bytes of UTF-8; what is malformed counts as the one U+FFFD that stands for it. */
static uint32_t
utf16_units(struct sk_slice s)
{
	uint32_t n = 0;

	for (size_t i = 0, skip; i < s.n;) {
		size_t len = sk_utf8_sequence(s.p + i, s.n - i, &skip);

		n += len == 4 ? 2 : 1;
		i += len ? len : skip;
	}
	return n;
}

static void
position(const struct sk_file *f, uint32_t offset, uint32_t *ret_line, uint32_t *ret_column)
{
	sk_file_position(f, offset, ret_line, ret_column);
	if (offset > f->text.n)
		offset = (uint32_t)f->text.n;
	*ret_column = utf16_units(sk_slice(f->text.p + offset - (*ret_column - 1), *ret_column - 1)) + 1;
}

struct sk_place
sk_report_place(struct sk_loc loc)
{
	struct sk_place p = { 0 };

	position(loc.file, loc.span.beg, &p.line, &p.column);
	position(loc.file, loc.span.end > loc.span.beg ? loc.span.end : loc.span.beg, &p.end_line, &p.end_column);
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
