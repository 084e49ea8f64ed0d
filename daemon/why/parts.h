/* What the parts of `saker why` share. */
#ifndef SK_WHY_PARTS_H
#define SK_WHY_PARTS_H

#include "base/buf.h"
#include "daemon/engine.h"
#include "daemon/rules_load.h"
#include "daemon/why/why.h"
#include "vm/trace.h"

#define SK_WHY_NONE UINT32_MAX
/* Values seen by one test that are counted apart, and bytes of a value that are shown. */
#define SK_WHY_SAMPLES 64u
#define SK_WHY_VALUE 120u

/* --- origins.c: places in rule files, as the compiler tells them --- */
struct sk_why_origin {
	char *file, *text, *exception, *macros; /* NULL: none. macros from the rule inwards: "a > b" */
	uint32_t line, column;
};
struct sk_why_origins {
	SK_VEC(struct sk_why_origin) v;
};
/* Take the lines that `sakerc dump --origins` printed. False when out of memory or the text is not what it should be. */
bool sk_why_origins_read(struct sk_why_origins *o, struct sk_slice text);
/* Give the atoms what was written at their places. False when out of memory. */
struct sk_why_atoms;
bool sk_why_origins_join(const struct sk_why_origins *o, struct sk_why_atoms *a);
void sk_why_origins_free(struct sk_why_origins *o);

/* --- load.c: the rules, twice --- */
struct sk_why_rules {
	struct sk_loaded whole; /* all of them, as they run */
	uint32_t rule;          /* the one that is asked about */
	struct sk_buf image;
	struct sk_bundle
	    *alone; /* the one as it is written: no pass has touched it. NULL: the rules came as a bundle, only WHOLE is known */
	struct sk_why_origins origins;
};
/* 0, or a negative errno with a line in ERR (N bytes). */
int sk_why_load(const struct sk_options *o, const struct sk_config *c, struct sk_why_rules *ret, char *err, size_t n);
void sk_why_unload(struct sk_why_rules *r);

/* --- samples.c: values that were seen, and how often --- */
struct sk_why_samples {
	struct sk_why_sample {
		char *text;
		uint64_t count;
	} v[SK_WHY_SAMPLES];
	uint32_t n;
	uint64_t others;
};
void sk_why_sample(struct sk_why_samples *s, struct sk_slice text);
/* Most frequent first; equal ones by text. */
void sk_why_samples_sort(struct sk_why_samples *s);
void sk_why_samples_free(struct sk_why_samples *s);

/* --- atoms.c: the tests of the rule --- */
/* What tests look at. Tests of the same thing share it. */
struct sk_why_subject {
	uint32_t value, other; /* registers; other: what the value is compared with, SK_WHY_NONE for a constant */
	char *name;            /* "proc.name" */
	bool told;             /* its values are shown with some atom */
	struct sk_why_samples samples;
};
struct sk_why_atom {
	struct sk_insn insn; /* of the first place; t and f mean nothing */
	char *text;          /* "proc.name = cat" */
	uint32_t subject;
	const char *exception, *macros; /* of an origin; NULL: none */
	struct sk_slice file;
	uint32_t input, line, column; /* line 0: unknown */
	uint64_t held;                /* of the events of the rule's types */
	bool tells; /* it never held, and is the first such of its subject: the values that it saw are worth showing */
};
struct sk_why_atoms {
	const struct sk_bundle_view *v;
	SK_VEC(struct sk_why_atom) list;
	SK_VEC(struct sk_why_subject) subjects;
	uint32_t *of_insn;                      /* [ninsns]: atom of a test, or SK_WHY_NONE */
	struct sk_block blocks[SK_EVENT_LIMIT]; /* by event type; end 0: none */
};
bool sk_why_atoms_make(struct sk_why_atoms *a, const struct sk_why_rules *r);
void sk_why_atoms_free(struct sk_why_atoms *a);
/* The value of subject I on the current event, cut to SK_WHY_VALUE bytes; empty and false if it has none. */
bool sk_why_value(const struct sk_why_atoms *a, struct sk_vm *vm, uint32_t i, struct sk_buf *out);

/* --- atom_text.c --- */
void sk_why_put_value_name(const struct sk_bundle_view *v, uint32_t n, struct sk_buf *out);
void sk_why_put_test(const struct sk_bundle_view *v, const struct sk_insn *in, struct sk_buf *out);

/* --- explain.c: one event --- */
struct sk_why_outcome {
	bool holds;
	bool asked;   /* evaluation came to it, in the order in which the rule is written */
	bool needed;  /* it would have to be otherwise */
	bool decided; /* it was the last one that was asked */
};
struct sk_why_verdict {
	bool matched;
	uint32_t distance;        /* tests that would have to be otherwise */
	const char *exception;    /* all of them belong to exceptions: this is the first; NULL otherwise */
	struct sk_why_outcome *v; /* [atoms] */
	uint32_t *cost;           /* [instructions] */
	bool *holds;              /* [instructions] */
};
bool sk_why_verdict_init(struct sk_why_verdict *ret, const struct sk_why_atoms *a);
void sk_why_verdict_free(struct sk_why_verdict *v);
/* Judge the current event of VM, of TYPE. False if the type has no code: no test can be shown. */
bool sk_why_judge(struct sk_why_verdict *ret, const struct sk_why_atoms *a, struct sk_vm *vm, uint32_t type);

/* --- hints.c --- */
/* Append what atom I, which did not hold for the current event, may have got wrong; false if nothing is to be seen. */
bool sk_why_hint(const struct sk_why_atoms *a, struct sk_vm *vm, uint32_t i, struct sk_buf *out);

/* --- misses.c: events that are kept to be shown --- */
struct sk_why_line {
	struct sk_why_outcome o;
	char *hint; /* NULL: none */
};
struct sk_why_shown {
	uint64_t num, ts;
	int64_t tid;
	const char *type;
	char *comm;
	bool matched, of_type, has_code, shown; /* shown: to rules */
	bool hinted;
	uint32_t distance;
	uint64_t likeness;         /* hash of the tests that are in the way, and their values */
	uint64_t alike;            /* later events of the same likeness */
	const char *exception;     /* borrowed from the atoms */
	struct sk_slice taken;     /* the rule that raised the alert instead; of the bundle */
	struct sk_why_line *lines; /* [atoms] */
	char **values;             /* [subjects]; NULL: absent */
};
/* Nearest first, then those that a hint is known for, then by number; at most LIMIT. Events of the same likeness are shown once.
 */
struct sk_why_list {
	SK_VEC(struct sk_why_shown) v;
	uint32_t limit;
};
/* Keep the current event X, or count it, if it is near enough. False when out of memory. */
bool sk_why_keep(struct sk_why_list *l, const struct sk_why_atoms *a, struct sk_vm *vm, const struct sk_event_ctx *x,
		 const struct sk_why_verdict *v, struct sk_slice taken, bool of_type);
void sk_why_list_free(struct sk_why_list *l, const struct sk_why_atoms *a);

/* --- why.c: all of it --- */
struct sk_why_count {
	struct sk_slice name;
	uint64_t n;
};
struct sk_why_report {
	const struct sk_options *options;
	const struct sk_config *config;
	const char *capture;
	struct sk_why_rules rules;
	struct sk_why_atoms atoms;
	bool types[SK_EVENT_LIMIT];    /* that the rule can match */
	bool off;                      /* the rule does not run */
	uint64_t events, shown_events; /* read; shown to rules */
	uint64_t of_types, matched, taken, excluded;
	uint64_t by_type[SK_EVENT_LIMIT];
	SK_VEC(struct sk_why_count) takers, excluders;
	struct sk_why_list matches, misses, any; /* any: of all types, shown when there is no event of the rule's */
	bool found;                              /* --event: the event was there */
	bool failed;                             /* out of memory */
	char damage[512];                        /* why the capture could not be read to its end; "" if it was */
};
/* text.c, json.c */
void sk_why_text(const struct sk_why_report *r, struct sk_buf *out, bool color);
void sk_why_json(const struct sk_why_report *r, struct sk_buf *out);

#endif
