/* Places in source text. Positions are byte offsets; lines and columns are computed only when something is reported. */
#ifndef SK_BASE_SPAN_H
#define SK_BASE_SPAN_H

#include "base/arena.h"

/* Bytes [beg, end) of a text. */
struct sk_span {
	uint32_t beg, end;
};

/* One input file, kept whole for snippets. Lives in the arena of its compilation. */
struct sk_file {
	struct sk_slice name; /* as the user wrote it */
	struct sk_slice text;
	uint32_t *lines; /* offset of the first byte of each line */
	uint32_t nlines;
	uint32_t *units; /* of UTF-16, before each block: see sk_file_position_utf16() */
};

/* A place in a file. file == NULL: no place (a finding about the whole run). */
struct sk_loc {
	const struct sk_file *file;
	struct sk_span span;
};

/* Text that was decoded from a file (a YAML scalar): which byte came from where.
 * Piece i says that bytes [piece[i].text, piece[i+1].text) stand at file offset piece[i].file onwards. */
struct sk_text {
	struct sk_slice s;
	const struct sk_file *file;
	struct sk_text_piece {
		uint32_t text, file;
	} *pieces;
	uint32_t npieces; /* 0: the text does not map; everything is at `whole` */
	struct sk_span whole;
	/* Text joined from several, perhaps of several files: part i begins at byte `at` and is mapped by `text`. Then pieces are unused. */
	struct sk_text_part {
		uint32_t at;
		const struct sk_text *text;
	} *parts;
	uint32_t nparts;
};

/* Make a file of NAME and TEXT (both copied); NULL when out of memory or TEXT is 4 GiB or more. */
struct sk_file *sk_file_new(struct sk_arena *a, struct sk_slice name, struct sk_slice text);
/* Line and column, from 1; the column counts bytes. An offset past the end is the end. */
void sk_file_position(const struct sk_file *f, uint32_t offset, uint32_t *ret_line, uint32_t *ret_column);
/* The same with the column in units of UTF-16, as editors and code scanning count. */
void sk_file_position_utf16(const struct sk_file *f, uint32_t offset, uint32_t *ret_line, uint32_t *ret_column);
/* Line N (from 1) without its end of line; empty if there is none. */
struct sk_slice sk_file_line(const struct sk_file *f, uint32_t line);
/* Where SPAN of a decoded text stands in its file; of a span over several parts, where its beginning does. */
struct sk_loc sk_text_loc(const struct sk_text *t, struct sk_span span);
/* False if what SPAN begins with has no byte of its own in the file: then a finding shows the decoded text as well. */
bool sk_text_maps(const struct sk_text *t, struct sk_span span);

#endif
