/* What the files of the semantic analysis share: sema.c (conditions), sema_check.c (operators), field.c (field names), xform.c (transformers), event_set.c. */
#ifndef SK_SEMA_H
#define SK_SEMA_H

#include "compiler/ir.h"
#include "compiler/operands.h"

struct sk_sema {
	struct sk_compile *cx;
	struct sk_ir_graph *g;
	struct sk_rule_ast *rule;
	/* Where the operand that is looked at was written. */
	const struct sk_text *text;
	const struct sk_cond *cond; /* the node it is in, for the macros it came through; NULL outside of conditions */
	bool output;                /* in an output template: its own codes */
	struct sk_sema_cache *cache;/* of look-ups, by atom; private to field.c */
	struct sk_operands_index *operands;
	uint64_t *reported;      /* hash set of the errors so far */
	size_t nreported, reported_cap;
	size_t nfindings;        /* sk_sema_report() was called this often */
	uint32_t nsuggestions;   /* sk_sema_may_suggest() was called this often */
};

/* Report CODE at SPAN of s->text, with the rule's context and a note for each macro on the way. An error marks the rule bad; with skip-if-unknown-filter an unknown
 * name only has the rule left out. The finding may be given notes; NULL if it was reported already. */
struct sk_diag *sk_sema_report(struct sk_sema *s, enum sk_diag_code code, struct sk_span span, const char *fmt, ...) SK_PRINTF(4, 5);

/* Suggestions are looked for in so many errors, those that were reported before included: comparing every unknown name with every field or event is not free. */
#define SK_MAX_SUGGESTIONS 1000u
static inline bool
sk_sema_may_suggest(struct sk_sema *s)
{
	return s->nsuggestions++ < SK_MAX_SUGGESTIONS;
}

/* No value: the finding is reported. */
#define SK_NO_VALUE UINT32_MAX

/* field.c: the value register of a field operand, or SK_NO_VALUE. */
uint32_t sk_sema_field(struct sk_sema *s, const struct sk_opnd *o);
/* True if TEXT is a field as a condition would write it, argument included. */
bool sk_sema_is_field(struct sk_slice text);
/* True if evt.type can be compared with NAME. */
bool sk_sema_event_known(struct sk_sema *s, struct sk_slice name);
bool sk_sema_cache_init(struct sk_sema *s);

/* xform.c: the value of any operand of a transformer, of a left-hand side, or of an output: field, transformer call or literal. */
uint32_t sk_sema_operand(struct sk_sema *s, const struct sk_opnd *o);
/* The transformer of this name; SK_XF_NONE if there is none. */
enum sk_xform sk_xform_find(struct sk_slice name);
/* V is FIELD, or a transformer over it at any depth. */
bool sk_value_involves(const struct sk_ir_graph *g, uint32_t v, enum sk_field_id field);

/* sema.c: the node of a condition. Node 0 after an error. */
uint32_t sk_sema_node(struct sk_sema *s, struct sk_cond *c);
/* sema_check.c: the node of one check. Node 0 after an error. */
uint32_t sk_sema_check(struct sk_sema *s, const struct sk_cond *c);

/* xform.c: a field of several values as one text with blanks between, where text is put together; V itself otherwise. */
uint32_t sk_sema_as_text(struct sk_sema *s, uint32_t v);

/* sema_output.c: parse and resolve the template S->text. False after an error, which is reported. */
bool sk_sema_output(struct sk_sema *s, struct sk_ir_output *ret);

#endif
