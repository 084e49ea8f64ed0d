/* Findings: collected while compiling, sorted and printed at the end. Codes live in saker/diags.def. */
#ifndef SK_BASE_DIAG_H
#define SK_BASE_DIAG_H

#include "base/span.h"

enum sk_severity { SK_SEV_ERROR, SK_SEV_WARNING, SK_SEV_NOTE };

enum sk_diag_code {
#define SK_DIAG(code, severity, sym, falco, title, help) SK_D_##sym,
#include <saker/diags.def>
#undef SK_DIAG
	SK_DIAG_COUNT
};

struct sk_diag_desc {
	const char *code;  /* "E0104": means the same for ever */
	const char *falco; /* the name Falco gives it, or "" */
	const char *title; /* one line */
	const char *help;  /* what it means and what to do, for `sakerc explain` and the documentation */
	uint8_t severity;  /* enum sk_severity */
};

/* A second place that explains a finding: "in macro 'x' used here". */
struct sk_note {
	struct sk_note *next;
	struct sk_loc loc;
	struct sk_slice text;
};

/* The item a finding belongs to, for Falco's nested context: rules content > rule "x" > condition. Innermost first. */
struct sk_item {
	const struct sk_item *outer;
	const char *type;      /* "rule", "macro", "list", "exception", "condition expression", ... */
	struct sk_slice name;
	struct sk_loc loc;
	/* "condition expression": the place in the decoded condition, both from 1 (0 for other items). Falco adds them to the place of the
	 * outer item instead of mapping them to the file: see sk_item_position(). */
	uint32_t text_line, text_column;
};

struct sk_diag {
	enum sk_diag_code code;
	enum sk_severity severity; /* after --deny */
	struct sk_loc loc;
	struct sk_slice text;
	struct sk_slice rule;      /* name of the rule, macro or list, or empty */
	const struct sk_item *item;
	struct sk_note *notes;     /* in order of addition */
	/* Where the text does not map to the file (folded, expanded): the decoded text and the place in it. */
	struct sk_slice alt_text;
	struct sk_span alt_span;
	uint32_t seq; /* order of discovery, the last sort key */
	bool repeated; /* an earlier one says the same of the same place */
};

/* A sink of findings. Lives in an arena. */
struct sk_diags;

struct sk_diags *sk_diags_new(struct sk_arena *a);
const struct sk_diag_desc *sk_diag_desc(enum sk_diag_code code);
/* The code named "E0104" or "e0104" or by its Falco name; SK_DIAG_COUNT if there is none. */
enum sk_diag_code sk_diag_find(struct sk_slice name);
/* Add a finding; the returned one may be amended (notes, rule, item). Never NULL: past SK_MAX_DIAGS of its severity or out of memory it is a scratch one
 * that is only counted. OUT_OF_MEMORY itself is always kept. */
struct sk_diag *sk_diag_add(struct sk_diags *d, enum sk_diag_code code, struct sk_loc loc, const char *fmt, ...) SK_PRINTF(4, 5);
/* A finding about SPAN of a decoded text: its place in the file; the text itself where it has none of its own; and an item
 * "condition expression" inside the current context, unless that is a "rule output". */
struct sk_diag *sk_diag_add_text(struct sk_diags *d, enum sk_diag_code code, const struct sk_text *text, struct sk_span span, const char *fmt, ...)
	SK_PRINTF(5, 6);
/* Findings added from now on belong to ITEM, and to the rule, macro or list that ITEM is in; NULL: to none. */
void sk_diags_context(struct sk_diags *d, const struct sk_item *item);
/* Line and column, from 0, that Falco's reports give an item. */
void sk_item_position(const struct sk_item *item, uint32_t *ret_line, uint32_t *ret_column);
void sk_diag_note(struct sk_diags *d, struct sk_diag *diag, struct sk_loc loc, const char *fmt, ...) SK_PRINTF(4, 5);
/* Findings sorted by file (order of first mention), place, then discovery. */
const struct sk_diag *const *sk_diags_sorted(struct sk_diags *d, size_t *ret_n);
/* Warnings with CODE, or all of them for SK_DIAG_COUNT, found so far count as errors. */
void sk_diags_deny(struct sk_diags *d, enum sk_diag_code code);
/* Drop the findings that KEEP is false for. */
void sk_diags_keep(struct sk_diags *d, bool (*keep)(void *ctx, const struct sk_diag *diag), void *ctx);
/* Of findings that say the same of the same place, as those inside a macro do for every rule that uses it, keep the first. */
void sk_diags_unique(struct sk_diags *d);
/* If findings were dropped, add one that says how many (MORE_FINDINGS): for whoever prints them. */
void sk_diags_tell_dropped(struct sk_diags *d);
size_t sk_diags_errors(const struct sk_diags *d);
size_t sk_diags_warnings(const struct sk_diags *d);
/* Print all as text: place, source line, caret and underline, notes. COLOR: terminal escapes. */
void sk_diags_print(struct sk_diags *d, FILE *out, bool color);

#endif
