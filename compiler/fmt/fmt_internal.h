/* What the files of the formatter share. */
#ifndef SK_FMT_INTERNAL_H
#define SK_FMT_INTERNAL_H

#include "compiler/fmt/fmt.h"
#include "compiler/yaml.h"

/* Files may be all comments or all nodes, millions of them: both are kept small, and what the text says is looked up there. */
struct sk_comment {
	uint32_t at;   /* offset of the # in the file */
	uint32_t next; /* of its list */
};
/* Comments are numbered from 1 in order of the text; 0: none. */
struct sk_comment_list {
	uint32_t first, last;
};

struct sk_fmt_notes {
	struct sk_comment_list lead; /* lines before it */
	struct sk_comment_list tail; /* lines behind it, as deep as it or deeper */
	uint32_t head, trail;        /* behind its key, behind its end */
};

/* A pair of a map or an element of a list. */
struct sk_fmt_node {
	const struct sk_yaml *key;  /* NULL: an element */
	const struct sk_yaml *node; /* the value */
	struct sk_fmt_node *parent; /* NULL: a document */
	struct sk_fmt_node *kids;
	struct sk_fmt_notes *notes; /* comments that belong to it; NULL: none do */
	uint32_t nkids;
	uint32_t beg, end, line, last_line; /* lines and columns from 0 */
	uint32_t column;                    /* in a block that of all keys or dashes */
	bool flow;                                  /* a collection in brackets or braces */
	bool as_written;                            /* its lines stay what they are */
	bool keeps_first, keeps_order;              /* an item: which of its keys may not move */
};

/* What stands between two ---. */
struct sk_fmt_doc {
	struct sk_fmt_node *root; /* NULL: nothing but comments, if any */
	uint32_t beg;
	bool marked;                  /* begins with --- */
	uint32_t head;                /* behind the --- */
	struct sk_comment_list loose; /* where there is no item that they could belong to */
};

struct sk_fmt_tree {
	struct sk_arena *arena;
	const struct sk_file *file;
	SK_VEC(struct sk_fmt_doc) docs;
	struct sk_comment *comments; /* comment i is at i - 1 */
	const char *why;             /* the file cannot be formatted, or NULL */
	struct sk_span where;
	struct sk_fmt_node *allowed;     /* the last node that a comment above it is about */
	bool failed;                     /* out of memory */
	bool open_end;                   /* the line that was written last ends a block that a blank line would become part of */
	size_t watch;                    /* an offset in what is written, */
	const struct sk_fmt_node *blame; /* and the last node that begins there or before */
};

/* tree.c: nodes for DOCS. */
bool sk_fmt_tree_build(struct sk_fmt_tree *t, const struct sk_yaml_docs *docs);
/* Of offset AT in LINE, from 0. */
uint32_t sk_fmt_column(const struct sk_file *f, uint32_t line, uint32_t at);
/* The node behind N in order of the text, inside of the same document. */
struct sk_fmt_node *sk_fmt_following(struct sk_fmt_node *n);
/* An item is an element of the outermost list. */
static inline bool
sk_fmt_is_item(const struct sk_fmt_node *n)
{
	return n->parent && !n->parent->parent;
}

/* comments.c: give each comment to a node. False if the file has something that formatting cannot keep. */
bool sk_fmt_comments_attach(struct sk_fmt_tree *t, const struct sk_yaml_docs *docs);
/* The text of comment I. */
struct sk_slice sk_fmt_comment(const struct sk_fmt_tree *t, uint32_t i);
const struct sk_fmt_notes *sk_fmt_notes(const struct sk_fmt_node *n);

/* A comment that is being given away, and to whom. */
struct sk_fmt_mark {
	uint32_t number, at, line, column;
	struct sk_fmt_node *before, *next; /* the nodes around it; NULL: there is none in the document */
	bool alone;       /* nothing stands before it in its line */
	bool behind_dash; /* nothing but dashes does */
	char indicator;   /* the - or ? of what follows, in that line or before; 0: comes behind it */
};
enum sk_fmt_slot { SK_FMT_LEAD, SK_FMT_TAIL, SK_FMT_HEAD, SK_FMT_TRAIL, SK_FMT_LOOSE };
/* allow.c: comment C becomes one of N (NULL: LOOSE). If it silences findings, see to it that it will silence the same ones. False if it
 * would not. */
bool sk_fmt_allow(struct sk_fmt_tree *t, const struct sk_fmt_mark *c, enum sk_fmt_slot slot, struct sk_fmt_node *n);

/* emit.c */
void sk_fmt_emit(struct sk_fmt_tree *t, struct sk_buf *out);
/* order.c: the kids of an item (a map of the outermost list) in the order they are written in; NULL when out of memory. */
struct sk_fmt_node **sk_fmt_order(struct sk_fmt_tree *t, const struct sk_fmt_node *item);

/* condition.c: lines of condition TEXT, each without indentation but what nests, behind COLUMN blanks; false if it has to stay as
 * it is. */
bool sk_fmt_condition(struct sk_slice text, uint32_t column, struct sk_buf *out);
/* Put what condition TEXT says into OUT, however it is laid out; false if it is none. Conditions that begin with and or or
 * (appended ones) are no trees by themselves and still taken as such. */
bool sk_fmt_condition_tree(struct sk_slice text, struct sk_buf *out);
/* True if N is the condition of a rule or macro. */
bool sk_fmt_is_condition(const struct sk_fmt_node *n);

/* scalar.c: every character may stand in a block or plain scalar, and none ends its line. */
bool sk_fmt_is_visible(struct sk_slice s);
/* Write the value of N behind its key or dash; INDENT is that of the line. */
void sk_fmt_scalar(struct sk_fmt_tree *t, const struct sk_fmt_node *n, uint32_t indent, struct sk_buf *out);
/* The same of a value that keeps its lines, scalar or not. */
void sk_fmt_as_written(struct sk_fmt_tree *t, const struct sk_fmt_node *n, uint32_t indent, struct sk_buf *out);
/* NODE is a scalar that may stand in brackets, in one line. */
bool sk_fmt_is_word(const struct sk_fmt_tree *t, const struct sk_yaml *node);
void sk_fmt_word(const struct sk_fmt_tree *t, const struct sk_yaml *node, struct sk_buf *out);

/* check.c: what a file says, as bytes that are equal where it is the same, and a sum of its comments. */
struct sk_fmt_meaning {
	struct sk_buf says;
	uint64_t comments, ncomments;
	size_t watch;        /* an offset in SAYS, */
	struct sk_loc blame; /* and the last node that begins there or before */
};
void sk_fmt_meaning(struct sk_fmt_meaning *m, const struct sk_yaml_docs *docs);
/* The first comment of A that B has not, or no place. */
struct sk_loc sk_fmt_lost_comment(struct sk_arena *arena, const struct sk_yaml_docs *a, const struct sk_yaml_docs *b);

static inline struct sk_slice
sk_fmt_raw(const struct sk_fmt_tree *t, const struct sk_yaml *node)
{
	return sk_slice(t->file->text.p + node->loc.span.beg, node->loc.span.end - node->loc.span.beg);
}

#endif
