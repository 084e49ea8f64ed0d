/* Helpers of the lists: wrapped text, cells of tables, JSON. */
#ifndef SK_LIST_TEXT_H
#define SK_LIST_TEXT_H

#include "compiler/list/list.h"

/* NAME in a column of INDENT characters, then TEXT wrapped at 100, its further lines indented. */
void sk_list_entry(struct sk_buf *out, const char *name, int indent, const char *text);
/* TEXT as the inside of a Markdown table cell. */
void sk_list_cell(struct sk_buf *out, const char *text);
/* A comma unless what comes is the first of an array or object. */
void sk_list_comma(struct sk_buf *out);
/* "NAME":"TEXT", and TEXT alone where NAME is NULL. */
void sk_list_member(struct sk_buf *out, const char *name, const char *text);
/* "type" and "pattern" of a JSON Schema: the names of the priorities in any case. */
void sk_list_priority_schema(struct sk_buf *out);
/* TEMPLATE with every ' as a ": JSON that can be read in C. */
void sk_list_quoted(struct sk_buf *out, const char *template);

#endif
