/* Names that values of parameters are shown with: flags, modes, enumerations, signals, errors. */
#ifndef SK_LINT_SYMBOLS_H
#define SK_LINT_SYMBOLS_H

#include "compiler/event_set.h"
#include "compiler/suggest.h"

#define SK_SYMBOL_TABLES 8u

struct sk_symbols {
	uint8_t tables[SK_SYMBOL_TABLES]; /* enum sk_flag_table */
	uint32_t n;
	bool enumeration; /* of the tables: a value is shown with exactly the names that are equal to it */
	bool signals, errors;
};

/* The names that evt.arg FIELD may have on TYPES. False if they are open: some type has a parameter of this name that is no
 * symbol. */
bool sk_symbols_of(struct sk_symbols *ret, const struct sk_irv *field, const struct sk_event_set *types);
/* TEXT is made of names ("A|B"), or, if not EXACT, of parts of names. If not, RET_WORD is the first that is none; empty when all
 * are, but the value is never shown so. */
bool sk_symbols_have(const struct sk_symbols *s, struct sk_slice text, bool exact, struct sk_slice *ret_word);
struct sk_slice sk_symbols_near(const struct sk_symbols *s, struct sk_slice word);
/* All names of the value that is called NAME, as they are shown. */
struct sk_slice sk_symbols_alias(struct sk_arena *a, const struct sk_symbols *s, struct sk_slice name);
bool sk_symbol_is_errno(struct sk_slice name);
struct sk_slice sk_symbol_near_errno(struct sk_slice name);

#endif
