/* A YAML file as a tree that knows where every value was written. Scalars, sequences and maps only: no aliases, no tags. */
#ifndef SK_YAML_H
#define SK_YAML_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/span.h"
#include "base/vec.h"

enum sk_yaml_kind { SK_YAML_SCALAR, SK_YAML_SEQ, SK_YAML_MAP };
enum sk_yaml_style { SK_YAML_PLAIN, SK_YAML_SINGLE, SK_YAML_DOUBLE, SK_YAML_LITERAL, SK_YAML_FOLDED };

struct sk_yaml;

struct sk_yaml_pair {
	struct sk_yaml *key; /* always a scalar */
	struct sk_yaml *value;
};

struct sk_yaml {
	enum sk_yaml_kind kind;
	struct sk_loc loc; /* from the first byte of the node (quote, indicator, first dash or first key) to its end */
	enum sk_yaml_style style;
	struct sk_text text;            /* SCALAR: decoded value, NUL-terminated, with the place of each byte where it has one */
	SK_VEC(struct sk_yaml *) items; /* SEQ */
	SK_VEC(struct sk_yaml_pair) pairs; /* MAP: keys are unique, in order of first mention; the last value counts */
};

struct sk_yaml_docs {
	const struct sk_file *file;
	SK_VEC(struct sk_yaml *) roots;         /* one a document that is not empty */
	SK_VEC(const struct sk_yaml *) scalars; /* all of them, in order of the text */
};

/* Parse all documents of FILE. False after an error, which is in DIAGS: the text is no YAML, beyond a limit, or uses aliases.
 * Keys given twice are warned about. Everything lives in ARENA. */
bool sk_yaml_parse(struct sk_arena *arena, struct sk_diags *diags, const struct sk_file *file, struct sk_yaml_docs *ret);
/* The value of KEY in a map; NULL if it is missing. RET_KEY (may be NULL) gets the key's own node. */
struct sk_yaml *sk_yaml_get(const struct sk_yaml *map, const char *key, const struct sk_yaml **ret_key);
/* A plain scalar that stands for nothing: empty, ~, null. */
bool sk_yaml_is_null(const struct sk_yaml *node);

/* yaml_comments.c: what stands between the scalars of a file and is no punctuation, in order. */
enum sk_gap_kind {
	SK_GAP_COMMENT,  /* from # to the last character of its line that is no blank */
	SK_GAP_DOCUMENT, /* --- */
	SK_GAP_END,      /* ... */
	SK_GAP_OTHER,    /* a tag, a directive, an end of line that is no line feed */
};
struct sk_gap {
	enum sk_gap_kind kind;
	struct sk_span span;
	char indicator; /* the last - or ? between it and the scalar or document before; 0: there is none */
};
/* An iterator: begins with all but the documents zero. */
struct sk_gaps {
	const struct sk_yaml_docs *docs;
	size_t next; /* scalar */
	enum { SK_GAPS_BEFORE, SK_GAPS_TAG, SK_GAPS_HEADER, SK_GAPS_BEHIND } stage;
	uint32_t at, end; /* of the text to look at */
	char indicator;
};
/* False: there is no more. */
bool sk_gaps_next(struct sk_gaps *g, struct sk_gap *ret);
/* Where the comments stand. False only when out of memory. */
typedef SK_VEC(struct sk_span) sk_spans;
bool sk_yaml_comments(struct sk_arena *arena, const struct sk_yaml_docs *docs, sk_spans *ret);

/* yaml_map.c: find out where each byte of the decoded value in TEXT stands between offsets BEG and END of its file. Leaves TEXT
 * without pieces where source and value do not run in parallel. */
void sk_yaml_map_scalar(struct sk_arena *arena, struct sk_text *text, enum sk_yaml_style style, uint32_t beg, uint32_t end);

#endif
