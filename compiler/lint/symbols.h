/* Names that values of parameters are shown with: flags, modes, enumerations, signals, errors. */
#ifndef SK_LINT_SYMBOLS_H
#define SK_LINT_SYMBOLS_H

#include "compiler/event_set.h"
#include "compiler/suggest.h"

#define SK_SYMBOL_TABLES 8u

enum sk_symbol_kind {
	SK_SYMBOLS_FLAGS, /* one name after the other, in the order of the table */
	SK_SYMBOLS_MODE,  /* the same, but a name of the whole value stands last */
	SK_SYMBOLS_ENUM   /* all names that are equal to the value */
};

struct sk_symbols {
	struct sk_symbol_table {
		uint8_t table, kind; /* enum sk_flag_table, enum sk_symbol_kind */
	} tables[SK_SYMBOL_TABLES];
	uint32_t n;
	bool signals, errors, success; /* success: its name is shown too, as by evt.res */
	bool numbers;                  /* of some type: shown as a number */
};

enum sk_symbol_match { SK_SYMBOL_WHOLE, SK_SYMBOL_PART, SK_SYMBOL_PART_ANY_CASE };

/* Why a text is never shown. */
struct sk_symbol_fault {
	struct sk_slice word;  /* the part that is no name; empty: all are */
	struct sk_slice shown; /* how the value is shown; empty: not known */
};

/* The names that evt.arg FIELD may have on TYPES. False if they are open: some type has a parameter of this name that is no
 * symbol and no number. */
bool sk_symbols_of(struct sk_symbols *ret, const struct sk_irv *field, const struct sk_event_set *types);
/* True if a value may be shown as TEXT ("A|B"), or with TEXT as a part. Texts in RET are TEXT's or of the arena. */
bool sk_symbols_have(struct sk_arena *a, const struct sk_symbols *s, struct sk_slice text, enum sk_symbol_match match,
		     struct sk_symbol_fault *ret);
struct sk_slice sk_symbols_near(const struct sk_symbols *s, struct sk_slice word);
bool sk_symbol_is_errno(struct sk_slice name);
struct sk_slice sk_symbol_near_errno(struct sk_slice name);

#endif
