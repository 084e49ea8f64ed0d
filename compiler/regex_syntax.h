/* Regular expressions of the language are POSIX extended ones as RE2 takes them. PCRE2 runs them, so this is the gate: what RE2 would refuse is refused, and what the
 * two read differently is rewritten. */
#ifndef SK_REGEX_SYNTAX_H
#define SK_REGEX_SYNTAX_H

#include "base/arena.h"

struct sk_regex_check {
	struct sk_slice pattern; /* for PCRE2; in the arena */
	const char *error;       /* NULL, or what is wrong, as a phrase */
	size_t at;               /* byte of the text it is wrong at */
	const char *simpler;     /* operator that says the same of WORD, a part of the text; NULL: none does */
	struct sk_slice word;
};

/* Check TEXT, and let PCRE2 compile it. */
struct sk_regex_check sk_regex_check(struct sk_arena *a, struct sk_slice text);

#endif
