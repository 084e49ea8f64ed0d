#include "base/span.h"

#include <stdint.h>

/* Units of UTF-16 are counted once a block: a finding far out in a long line must not count the line. */
#define UTF16_BLOCK 4096u

/* Characters begin with any byte but a continuation; those of four bytes are two units. */
static uint32_t
utf16_units(struct sk_slice s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = (uint8_t)s.p[i];

		n += (c & 0xc0u) != 0x80u ? c >= 0xf0u ? 2 : 1 : 0;
	}
	return n;
}

static bool
count_units(struct sk_file *f, struct sk_arena *a)
{
	size_t blocks = f->text.n / UTF16_BLOCK + 1;

	f->units = SK_NEW_ARRAY(a, blocks, uint32_t);
	for (size_t i = 1; f->units && i < blocks; i++)
		f->units[i] = f->units[i - 1] + utf16_units(sk_slice(f->text.p + (i - 1) * UTF16_BLOCK, UTF16_BLOCK));
	return f->units != NULL;
}

static uint32_t
units_before(const struct sk_file *f, uint32_t offset)
{
	uint32_t block = offset / UTF16_BLOCK;

	return f->units[block] + utf16_units(sk_slice(f->text.p + block * UTF16_BLOCK, offset - block * UTF16_BLOCK));
}

struct sk_file *
sk_file_new(struct sk_arena *a, struct sk_slice name, struct sk_slice text)
{
	struct sk_file *f = SK_NEW(a, struct sk_file);
	uint32_t n = 1;

	if (!f || text.n >= UINT32_MAX)
		return NULL;
	f->name = sk_arena_dup(a, name);
	f->text = sk_arena_dup(a, text);
	if (!f->name.p || !f->text.p)
		return NULL;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	f->lines = SK_NEW_ARRAY(a, n, uint32_t);
	if (!f->lines || !count_units(f, a))
		return NULL;
	f->nlines = n;
	n = 1;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\n')
			f->lines[n++] = (uint32_t)i + 1;
	return f;
}

void
sk_file_position(const struct sk_file *f, uint32_t offset, uint32_t *ret_line, uint32_t *ret_column)
{
	uint32_t lo = 0, hi = f->nlines;

	if (offset > f->text.n)
		offset = (uint32_t)f->text.n;
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (f->lines[mid] <= offset)
			lo = mid;
		else
			hi = mid;
	}
	*ret_line = lo + 1;
	*ret_column = offset - f->lines[lo] + 1;
}

void
sk_file_position_utf16(const struct sk_file *f, uint32_t offset, uint32_t *ret_line, uint32_t *ret_column)
{
	sk_file_position(f, offset, ret_line, ret_column);
	if (offset > f->text.n)
		offset = (uint32_t)f->text.n;
	*ret_column = units_before(f, offset) - units_before(f, offset - (*ret_column - 1)) + 1;
}

struct sk_slice
sk_file_line(const struct sk_file *f, uint32_t line)
{
	if (line < 1 || line > f->nlines)
		return SK_SLICE("");
	size_t beg = f->lines[line - 1];
	size_t end = line < f->nlines ? f->lines[line] - 1 : f->text.n;

	if (end > beg && f->text.p[end - 1] == '\r')
		end--;
	return sk_slice(f->text.p + beg, end - beg);
}

static uint32_t
map_offset(const struct sk_text *t, uint32_t offset)
{
	uint32_t lo = 0, hi = t->npieces;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (t->pieces[mid].text <= offset)
			lo = mid;
		else
			hi = mid;
	}
	return t->pieces[lo].file + (offset - t->pieces[lo].text);
}

/* The part that holds the beginning of *SPAN, which becomes relative to it and ends with it. */
static const struct sk_text *
part_of(const struct sk_text *t, struct sk_span *span)
{
	while (t->nparts) {
		uint32_t lo = 0, hi = t->nparts;

		while (hi - lo > 1) {
			uint32_t mid = lo + (hi - lo) / 2;

			if (t->parts[mid].at <= span->beg)
				lo = mid;
			else
				hi = mid;
		}
		uint32_t at = t->parts[lo].at;
		t = t->parts[lo].text;
		uint32_t n = (uint32_t)t->s.n;
		span->beg = span->beg - at < n ? span->beg - at : n;
		span->end = span->end < at ? span->beg : span->end - at < n ? span->end - at : n;
	}
	return t;
}

bool
sk_text_maps(const struct sk_text *t, struct sk_span span)
{
	return part_of(t, &span)->npieces != 0;
}

struct sk_loc
sk_text_loc(const struct sk_text *t, struct sk_span span)
{
	t = part_of(t, &span);
	if (!t->npieces)
		return (struct sk_loc){ t->file, t->whole };
	struct sk_span in_file = { map_offset(t, span.beg), 0 };

	/* The end is mapped from the last byte inside, so that a span that ends a line does not reach into the next. */
	in_file.end = span.end > span.beg ? map_offset(t, span.end - 1) + 1 : in_file.beg;
	return (struct sk_loc){ t->file, in_file };
}
