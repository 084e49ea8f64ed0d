/* UTF-8 validation, one sequence at a time. */
#ifndef SK_BASE_UTF8_H
#define SK_BASE_UTF8_H

#include "base/slice.h"

/* Length of the well-formed sequence at P (1 to 4), or 0 if it is malformed; then *RET_SKIP is the length of the maximal
 * invalid sub-part (at least 1), which Unicode recommends to replace by one U+FFFD. N > 0 bytes are readable. */
size_t sk_utf8_sequence(const char *p, size_t n, size_t *ret_skip);
/* Offset of the first malformed byte, or N. */
size_t sk_utf8_valid_prefix(const char *p, size_t n);
/* The most of the N bytes at P that fit into CAP without breaking a character. Bytes that are no UTF-8 may be cut anywhere. */
size_t sk_utf8_fit(const char *p, size_t n, size_t cap);

/* What a terminal may be shown of the N > 0 bytes at P: *RET is the next character, a blank for a control character, U+FFFD for what is malformed. Returns how many
 * bytes that stands for. */
size_t sk_utf8_visible(const char *p, size_t n, struct sk_slice *ret);
/* Cells of a terminal that the well-formed sequence of N bytes at P takes: 2 for what East Asian scripts and emoji are drawn as, 0 for marks that combine, else 1. The ranges
 * are those of Unicode 15's EastAsianWidth (W and F) and of the blocks of combining marks, rounded to blocks. */
uint32_t sk_utf8_cells(const char *p, size_t n);

#endif
