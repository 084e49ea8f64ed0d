/* Inside of the front end: what collect.c hands to expand.c, and what the readers of items share. */
#ifndef SK_COLLECT_H
#define SK_COLLECT_H

#include "compiler/ruleset.h"
#include "compiler/yaml.h"

typedef SK_VEC(const struct sk_text *) sk_texts;

/* --- sources of definitions, until expand makes trees of them -------------------------------------------------------------- */
struct sk_list_src {
	const struct sk_item *item;
	sk_texts items;         /* as written; from expand on with inner lists put in */
	sk_texts written;       /* always as written, once expanded */
	struct sk_opnd **opnds; /* items as operands, shared by all conditions; NULL until first asked for */
	SK_VEC(struct sk_list_def_ast *) uses;
	uint8_t state; /* of the flattening walk: 0 not visited, 1 on the path, 2 done */
	bool bad;
	/* The first place where its name stands as text, and why it does; NULL: none is known. */
	const char *text_why;
	struct sk_loc text_loc;
};

struct sk_macro_src {
	const struct sk_item *item;
	struct sk_item cond_item;
	sk_texts parts;                      /* of the condition */
	const struct sk_text *text;          /* joined */
	SK_VEC(const struct sk_cond *) refs; /* MACRO nodes of the condition */
	SK_VEC(struct sk_list_def_ast *) uses;
	uint8_t state;
	bool bad;
};

struct sk_exception {
	struct sk_slice name;
	const struct sk_item *item;
	const struct sk_yaml *fields, *comps;  /* comps NULL: the default */
	SK_VEC(const struct sk_yaml *) values; /* sequences, one a definition or append that has values */
	bool bad;
};

struct sk_rule_src {
	sk_texts cond, output, desc;
	bool cond_missing;          /* there was a finding about it: what is appended cannot be parsed alone */
	const struct sk_text *text; /* cond, joined */
	SK_VEC(struct sk_exception *) exceptions;
	struct sk_slice source; /* as written */
	uint32_t seen;
};

/* --- reading items ----------------------------------------------------------------- */
struct sk_collector {
	struct sk_compile *cx;
	struct sk_ruleset *rs;
	const struct sk_file *file;
	const struct sk_item *root; /* "rules content" */
	uint32_t now;               /* number of the current item */
};

/* One item that is being read: its map and its context. */
struct sk_reading {
	struct sk_collector *c;
	const struct sk_yaml *map;
	const struct sk_item *item;
	struct sk_slice name;
	struct sk_loc name_loc;
};

/* collect_value.c: values out of maps. All return false after a finding; a missing optional key leaves *RET alone and is true. */
const struct sk_item *sk_item_new(struct sk_compile *cx, const struct sk_item *outer, const char *type, struct sk_slice name,
				  struct sk_loc loc);
/* The place that stands for a map in findings: up to its first key, so that a caret does not underline a whole item. */
struct sk_loc sk_map_loc(const struct sk_yaml *map);
/* A finding in context ITEM. */
struct sk_diag *sk_report(struct sk_compile *cx, const struct sk_item *item, enum sk_diag_code code, struct sk_loc loc,
			  const char *fmt, ...) SK_PRINTF(5, 6);
/* The value of a key that must be there and not null. */
const struct sk_yaml *sk_need(const struct sk_reading *r, const char *key);
/* That of an optional key: false after a finding (null), *RET NULL if it is missing. */
bool sk_may(const struct sk_reading *r, const char *key, const struct sk_yaml **ret);
/* A finding about the value of KEY, in context "value for". */
void sk_bad_value(const struct sk_reading *r, const char *key, const struct sk_yaml *node, const char *text);
const struct sk_text *sk_need_text(const struct sk_reading *r, const char *key);
/* Text of a node that must be a scalar and not empty. */
const struct sk_text *sk_as_text(const struct sk_reading *r, const char *key, const struct sk_yaml *node);
bool sk_may_bool(const struct sk_reading *r, const char *key, bool *ret);
bool sk_may_number(const struct sk_reading *r, const char *key, uint32_t *ret);
/* The scalars of a sequence. */
bool sk_as_texts(const struct sk_reading *r, const char *key, const struct sk_yaml *node, sk_texts *ret);
/* Warn about keys that KNOWN (NULL-terminated) does not have. */
void sk_warn_unknown_keys(const struct sk_reading *r, const char *const known[]);

/* collect_text.c: texts in parts. */
/* All parts with a blank between; NULL when out of memory. One part is returned as it is. */
const struct sk_text *sk_join_texts(struct sk_compile *cx, const sk_texts *parts, char between);
/* Text that stands nowhere in a file; findings about it go to LOC. */
const struct sk_text *sk_glue_text(struct sk_compile *cx, struct sk_slice s, struct sk_loc loc);

/* collect_override.c: the keys that an item changes instead of defining. */
enum { SK_KEY_APPEND = 1, SK_KEY_REPLACE = 2, SK_KEY_REQUIRED = 4 };
struct sk_key {
	const char *name;
	uint8_t may; /* SK_KEY_* */
};
struct sk_change {
	bool append_all;          /* append: true */
	bool any;                 /* an override that names a key */
	uint32_t append, replace; /* bits: index into the table of keys */
};
/* Read append and override. KEYS is terminated by a NULL name, at most 32 of them; the first is the name of the item. */
bool sk_read_change(const struct sk_reading *r, const struct sk_key *keys, struct sk_change *ret);

/* collect_item.c (lists and macros), collect_rule.c, collect_version.c: one item each. */
void sk_read_list(struct sk_collector *c, const struct sk_yaml *map);
void sk_read_macro(struct sk_collector *c, const struct sk_yaml *map);
void sk_read_rule(struct sk_collector *c, const struct sk_yaml *map);
void sk_read_engine_version(struct sk_collector *c, const struct sk_yaml *map);
void sk_read_plugin_versions(struct sk_collector *c, const struct sk_yaml *map);
/* Begin an item: its context, its name in RET. False after a finding. */
bool sk_begin_item(struct sk_collector *c, const struct sk_yaml *map, const char *kind, struct sk_reading *ret);
/* The finding for a change to an item that NAMES, those of its kind, do not have. */
void sk_report_undefined(const struct sk_reading *r, const struct sk_names *names);

/* names.c */
bool sk_names_put(struct sk_compile *cx, struct sk_names *n, struct sk_slice name, size_t index);
bool sk_names_get(const struct sk_compile *cx, const struct sk_names *n, struct sk_slice name, size_t *ret_index);
/* The known name nearest to NAME, for a finding; empty if none is near, or after many errors. */
struct sk_slice sk_names_nearest(const struct sk_compile *cx, const struct sk_names *n, struct sk_slice name);

/* exceptions.c */
/* Read the exceptions of a new rule (or of a replace), or those of an append, into RULE. False after a finding. */
bool sk_read_exceptions(const struct sk_reading *r, struct sk_rule_ast *rule, bool append);
/* Build the trees of RULE's exceptions: each holds where an event is excepted. False after a finding. */
typedef SK_VEC(struct sk_cond *) sk_conds;
bool sk_build_exceptions(struct sk_compile *cx, struct sk_rule_ast *rule, sk_conds *ret);

#endif
