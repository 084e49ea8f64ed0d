/* Constants: the text on the right of an operator, converted to the type of the field on the left. */
#ifndef SK_VALUE_H
#define SK_VALUE_H

#include "compiler/ir.h"

/* Convert TEXT to a constant of TYPE (a type with a comparable kind) in *RET, whose text is TEXT itself or lives in ARENA. NULL, or the reason why it cannot be: a
 * phrase that follows the value, "is not a number".
 *   numbers   decimal or 0x hexadecimal with an optional sign. Below zero wraps into unsigned types as in C; beyond 64 bits saturates: no value is ever equal.
 *   ports     a number, the empty text (0), or the name of a service (saker/services.def)
 *   doubles   whole numbers
 *   addresses IPv4 if there is a dot, else IPv6
 *   nets      a.b.c.d/0..32, IPv6 /1..128; the prefix is required
 *   strings   any bytes but NUL */
const char *sk_value_parse(struct sk_arena *arena, enum sk_ptype type, struct sk_slice text, struct sk_irv *ret);
/* Pairs of hexadecimal digits to bytes. */
const char *sk_value_parse_hex(struct sk_arena *arena, struct sk_slice text, struct sk_irv *ret);

#endif
