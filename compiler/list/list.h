/* The tables as lists: for people, for documentation, for tools. One file a kind of table. */
#ifndef SK_LIST_H
#define SK_LIST_H

#include "base/buf.h"

enum sk_list_form { SK_LIST_TEXT, SK_LIST_MARKDOWN, SK_LIST_JSON, SK_LIST_FORMS };

struct sk_list {
	enum sk_list_form form;
	const char *source; /* fields: of this event source only; NULL: of all */
	bool names;         /* fields: names only */
	bool all;           /* with rows that are deprecated, internal, not available in this version or not seen any more */
};

void sk_list_fields(const struct sk_list *l, struct sk_buf *out);
void sk_list_events(const struct sk_list *l, struct sk_buf *out);
void sk_list_operators(const struct sk_list *l, struct sk_buf *out);
void sk_list_transformers(const struct sk_list *l, struct sk_buf *out);
void sk_list_ops(const struct sk_list *l, struct sk_buf *out);
void sk_list_diags(const struct sk_list *l, struct sk_buf *out);
void sk_list_config(const struct sk_list *l, struct sk_buf *out);

/* JSON Schema (draft 7) of rule files and of the configuration. */
void sk_schema_rules(struct sk_buf *out);
void sk_schema_config(struct sk_buf *out);

#endif
