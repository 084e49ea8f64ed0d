/* What the files of the formatter share. */
#ifndef SK_FMT_INTERNAL_H
#define SK_FMT_INTERNAL_H

#include "compiler/fmt/fmt.h"
#include "compiler/yaml.h"

struct sk_comment {
	struct sk_slice text;           /* from # to the end of its line */
	uint32_t at, line, column;      /* offset in the file; both others from 0 */
	bool alone;                     /* nothing stands before it in its line */
	bool blank_before, blank_after; /* lines around it */
};
typedef SK_VEC(struct sk_comment) sk_comments;

/* A pair of a map or an element of a list, with the comments that belong to it. */
struct sk_fmt_node {
	const struct sk_yaml *key;  /* NULL: an element */
	const struct sk_yaml *node; /* the value */
	struct sk_fmt_node *parent;
	SK_VEC(struct sk_fmt_node *) kids;
	uint32_t beg, end, line, last_line, column;
	bool flow;                     /* a collection in brackets or braces */
	sk_comments lead;              /* lines before it */
	sk_comments tail;              /* lines behind it, as deep as it or deeper */
	struct sk_comment head, trail; /* behind its key, behind its end; text.n == 0: none */
};

struct sk_fmt_tree {
	struct sk_arena *arena;
	const struct sk_file *file;
	SK_VEC(struct sk_fmt_node *) roots;     /* one a document */
	SK_VEC(struct sk_fmt_node *) anchors;   /* all nodes but the roots, in order of the text */
	sk_comments comments;
	bool failed; /* out of memory */
};

/* tree.c: nodes for DOCS. */
bool sk_fmt_tree_build(struct sk_fmt_tree *t, const struct sk_yaml_docs *docs);
/* comments.c: find all comments, and give each to a node. */
bool sk_fmt_comments_find(struct sk_fmt_tree *t, const struct sk_yaml_docs *docs);
bool sk_fmt_comments_attach(struct sk_fmt_tree *t);
/* emit.c */
void sk_fmt_emit(struct sk_fmt_tree *t, struct sk_buf *out);
/* order.c: kids of an item (a map of the outermost list) in the order they are written in. */
void sk_fmt_order(struct sk_fmt_node *item);
/* condition.c: lines of condition TEXT, each without indentation but what nests, behind COLUMN blanks; false if it has to stay as
 * it is. */
bool sk_fmt_condition(struct sk_arena *a, struct sk_slice text, uint32_t column, struct sk_buf *out);
/* True if both say the same. Conditions that begin with and or or (appended ones) are no trees by themselves and still compared
 * as such. */
bool sk_fmt_same_condition(struct sk_arena *a, struct sk_slice x, struct sk_slice y);
/* True if NODE, with KEY, in ITEM is a condition. */
bool sk_fmt_is_condition(const struct sk_fmt_node *n);
/* scalar.c: every character may stand in a block or plain scalar, and none ends its line. */
bool sk_fmt_is_visible(struct sk_slice s);
/* Write the value of N behind its key or dash; INDENT is that of the line. */
void sk_fmt_scalar(struct sk_fmt_tree *t, const struct sk_fmt_node *n, uint32_t indent, struct sk_buf *out);
/* The scalar as it is written, if that is one line and may stand in brackets; else an empty slice. */
struct sk_slice sk_fmt_word(struct sk_fmt_tree *t, const struct sk_yaml *node);

static inline struct sk_slice
sk_fmt_raw(const struct sk_fmt_tree *t, const struct sk_yaml *node)
{
	return sk_slice(t->file->text.p + node->loc.span.beg, node->loc.span.end - node->loc.span.beg);
}

#endif
