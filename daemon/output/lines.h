/* Lines to a descriptor: whole or not at all, as far as the descriptor allows. Not stdio, which keeps what it could not write and sends the rest of a broken line later. */
#ifndef SK_LINES_H
#define SK_LINES_H

#include "base/buf.h"

struct sk_lines {
	int fd;         /* -1: closed. Not owned */
	bool buffered;  /* collect up to 64 KiB; else a line is written at once */
	bool torn;      /* what was written last has no end of line: the next line begins with one */
	uint64_t lines; /* in PENDING */
	struct sk_buf pending;
};

/* Take LINE of N bytes without its end. 0 or a negative errno; *LOST grows by the lines that were not written. Waits for a full pipe, also if it is non-blocking. */
int sk_lines_write(struct sk_lines *l, const char *line, size_t n, uint64_t *lost);
int sk_lines_flush(struct sk_lines *l, uint64_t *lost);
void sk_lines_free(struct sk_lines *l);

#endif
