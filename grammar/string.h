/* Quoted strings: what stands between the quotes, escapes decoded. */
#ifndef SK_GRAMMAR_STRING_H
#define SK_GRAMMAR_STRING_H

#include "grammar/ast.h"

/* Decode the string at SPAN of the parsed text, which includes both quotes. *RET is a part of the text where nothing had
 * to be decoded, else in the arena. False after an error, reported under CODE; old forms are warned of, once a string. */
bool sk_string_decode(const struct sk_parse *p, enum sk_diag_code code, struct sk_span span, struct sk_slice *ret);

#endif
