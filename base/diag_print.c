/* Findings as text: place, source line, caret and underline, notes. */
#include "base/diag.h"

#include "base/utf8.h"

struct style {
	const char *error, *warning, *note, *place, *caret, *off;
};
static const struct style plain = { "", "", "", "", "", "" };
static const struct style colored = { "\033[1;31m", "\033[1;35m", "\033[1;36m", "\033[1m", "\033[1;32m", "\033[0m" };

/* Widest part of a source line that is shown; a generated line of a megabyte is cut around the caret. */
#define SNIPPET_WIDTH 160u

/* Control characters of rule files, which findings quote, would move the caret or command the terminal. Returns the columns it takes; OUT may be NULL. */
static uint32_t
put_visible(struct sk_slice s, FILE *out)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.n;) {
		struct sk_slice shown;

		i += sk_utf8_visible(s.p + i, s.n - i, &shown);
		n += sk_utf8_cells(shown.p, shown.n);
		if (out)
			(void)fwrite(shown.p, 1, shown.n, out);
	}
	return n;
}

static void
print_place(struct sk_loc loc, FILE *out, const struct style *st)
{
	uint32_t line, column;

	if (!loc.file)
		return;
	fputs(st->place, out);
	(void)put_visible(loc.file->name, out);
	if (loc.file->text.n) {
		sk_file_position(loc.file, loc.span.beg, &line, &column);
		fprintf(out, ":%u:%u", line, column);
	}
	fprintf(out, ":%s ", st->off);
}

static uint32_t
columns(struct sk_slice s)
{
	return put_visible(s, NULL);
}

static void
print_underlined(struct sk_slice text, uint32_t beg, uint32_t end, const char *margin, FILE *out, const struct style *st)
{
	uint32_t cut = 0;

	if (text.n > SNIPPET_WIDTH && beg > SNIPPET_WIDTH / 2)
		cut = beg - SNIPPET_WIDTH / 2;
	while (cut && cut < text.n && ((uint8_t)text.p[cut] & 0xc0) == 0x80)
		cut++;
	if (end > text.n)
		end = (uint32_t)text.n;
	struct sk_slice shown = sk_slice(text.p + cut, text.n - cut);
	if (shown.n > SNIPPET_WIDTH)
		shown.n = SNIPPET_WIDTH;
	(void)put_visible(shown, out);
	fprintf(out, "\n%s", margin);
	for (uint32_t i = columns(sk_slice(text.p + cut, beg - cut)); i; i--)
		(void)fputc(' ', out);
	fprintf(out, "%s^", st->caret);
	if (end > cut + SNIPPET_WIDTH)
		end = cut + SNIPPET_WIDTH;
	for (uint32_t i = end > beg ? columns(sk_slice(text.p + beg, end - beg)) : 0; i > 1; i--)
		(void)fputc('~', out);
	fprintf(out, "%s\n", st->off);
}

static void
print_snippet(struct sk_loc loc, FILE *out, const struct style *st)
{
	uint32_t line, column, last_line, last_column;

	if (!loc.file || !loc.file->text.n)
		return;
	sk_file_position(loc.file, loc.span.beg, &line, &column);
	sk_file_position(loc.file, loc.span.end, &last_line, &last_column);
	struct sk_slice text = sk_file_line(loc.file, line);
	uint32_t beg = column - 1 <= text.n ? column - 1 : (uint32_t)text.n;
	uint32_t end = last_line == line ? last_column - 1 : (uint32_t)text.n;

	fprintf(out, "%5u | ", line);
	print_underlined(text, beg, end, "      | ", out, st);
}

static void
print_diag(const struct sk_diag *diag, FILE *out, const struct style *st)
{
	bool error = diag->severity == SK_SEV_ERROR;

	print_place(diag->loc, out, st);
	fprintf(out, "%s%s %s:%s ", error ? st->error : st->warning, error ? "error" : "warning", sk_diag_desc(diag->code)->code, st->off);
	(void)put_visible(diag->text, out);
	(void)fputc('\n', out);
	print_snippet(diag->loc, out, st);
	if (diag->alt_text.n) {
		fputs("      = ", out);
		print_underlined(diag->alt_text, diag->alt_span.beg, diag->alt_span.end, "        ", out, st);
	}
	for (const struct sk_note *n = diag->notes; n; n = n->next) {
		print_place(n->loc, out, st);
		fprintf(out, "%snote:%s ", st->note, st->off);
		(void)put_visible(n->text, out);
		(void)fputc('\n', out);
	}
}

void
sk_diags_print(struct sk_diags *d, FILE *out, bool color)
{
	const struct style *st = color ? &colored : &plain;
	size_t n;

	sk_diags_tell_dropped(d);
	const struct sk_diag *const *sorted = sk_diags_sorted(d, &n);

	for (size_t i = 0; i < n; i++)
		print_diag(sorted[i], out, st);
}
