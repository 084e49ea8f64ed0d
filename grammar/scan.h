/* Decisions of the scanner that are more than a pattern. Each function gets the matched TEXT, sets cx->len to the bytes it
 * really takes, moves cx->at to where the scanner stands behind the token, and returns the token. */
#ifndef SK_GRAMMAR_SCAN_H
#define SK_GRAMMAR_SCAN_H

#include "grammar/build.h"
#include "condition.tab.h"

#include <saker/limits.h>

/* The token of an error that the scanner has reported: the parser ends without a word of its own. */
#define SK_TOK_REPORTED SK_TOK_SK_CONDY_error

/* A name: macro, connective, `not`. */
int sk_scan_name(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret);
/* A dotted name. */
int sk_scan_field(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret);
/* A name and an opening bracket: a transformer, or else the name alone. */
int sk_scan_call(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret);
int sk_scan_number(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret);
/* Where an operator is due: a name, or =, <= and so on. */
int sk_scan_word_operator(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret);
int sk_scan_symbol_operator(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret);
/* Where a value is due: a bare word. */
int sk_scan_value(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret);
/* The bare text in [ ]. */
int sk_scan_argument(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret);
/* A quoted string with its quotes; one whose closing quote is missing. */
int sk_scan_string(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret);
int sk_scan_unterminated(struct sk_cond_cx *cx, struct sk_slice text);
/* One of ( ) , [ ] */
int sk_scan_mark(struct sk_cond_cx *cx, char mark);
/* What no pattern takes. */
int sk_scan_junk(struct sk_cond_cx *cx, struct sk_slice text);

/* What to add to an error right behind a bare value: it probably was meant to go on. */
const char *sk_scan_quote_hint(const struct sk_cond_cx *cx, uint32_t at);

/* unexpected.c */
/* Report a call of something that is no transformer. */
void sk_scan_no_transformer(struct sk_cond_cx *cx, struct sk_span name);
/* Report the token at SPAN, where one of NAMES should stand, or what before it is the mistake. */
void sk_scan_unexpected(struct sk_cond_cx *cx, struct sk_span span, bool at_end, const char *const names[], size_t n);

/* The generated scanner. TEXT: N bytes and two NUL bytes, which it writes into while it works. */
int sk_condy_run(struct sk_cond_cx *cx, char *text, size_t n);

#endif
