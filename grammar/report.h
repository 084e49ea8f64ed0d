/* Findings of the parsers, placed in the text they parse. */
#ifndef SK_GRAMMAR_REPORT_H
#define SK_GRAMMAR_REPORT_H

#include "grammar/ast.h"

/* Add a finding at SPAN of the parsed text. Where that text does not map to its file, the finding carries text and
 * span itself. */
void sk_parse_report(const struct sk_parse *p, enum sk_diag_code code, struct sk_span span, const char *fmt, ...) SK_PRINTF(4, 5);
/* Bytes of the parsed text in single quotes, fit for a message: at most a few dozen, control characters and malformed
 * UTF-8 as \xHH. NUL-terminated, in the arena; a fixed text when out of memory. */
const char *sk_parse_quote(const struct sk_parse *p, struct sk_span span);

#endif
