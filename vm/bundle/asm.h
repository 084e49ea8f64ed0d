/* Inside of the assembler, shared by its files. */
#ifndef SK_BUNDLE_ASM_H
#define SK_BUNDLE_ASM_H

#include "vm/bundle/builder_int.h"
#include "vm/bundle/bundle.h"
#include "vm/bundle/text.h"

/* Numbers in names (v5, s12) are below this: a table is as long as the highest. */
#define SK_ASM_NAMES (1u << 22)

/* Numbers that names of one letter stand for. */
struct sk_asm_names {
	SK_VEC(uint32_t) ids; /* UINT32_MAX: not defined */
};

/* One line without its comment and the blanks at both ends. */
struct sk_asm_line {
	struct sk_slice text;
	uint32_t number;
};

struct sk_asm {
	struct sk_builder *b;
	struct sk_reject *err;
	SK_VEC(struct sk_asm_line) lines;
	struct sk_asm_names names[128]; /* by letter: v c s t m x o i */
	uint32_t nrules, nprograms, ninputs;
};

/* A place in a line. */
struct sk_asm_cursor {
	struct sk_asm *as;
	const char *p, *end;
	uint32_t line;
};

typedef SK_VEC(uint32_t) sk_u32_vec;

struct sk_asm_cursor sk_asm_cursor(struct sk_asm *as, size_t line);
/* Report at the cursor; always false. The first report stays. */
bool sk_asm_fail(struct sk_asm_cursor *c, const char *fmt, ...) SK_PRINTF(2, 3);
/* Move past blanks, then past S if it stands there. */
bool sk_asm_accept(struct sk_asm_cursor *c, const char *s);
bool sk_asm_expect(struct sk_asm_cursor *c, const char *s);
/* Nothing but blanks is left. */
bool sk_asm_at_end(struct sk_asm_cursor *c);
/* The longest run of letters, digits and characters of MORE; empty if there is none. */
struct sk_slice sk_asm_word(struct sk_asm_cursor *c, const char *more);
bool sk_asm_number(struct sk_asm_cursor *c, uint64_t limit, uint64_t *ret);
bool sk_asm_u32(struct sk_asm_cursor *c, uint32_t *ret);
/* A string in double quotes, appended to RET (which is emptied first). */
bool sk_asm_string(struct sk_asm_cursor *c, struct sk_buf *ret);
/* A name of this letter: the number it stands for. */
bool sk_asm_is_name(struct sk_slice word, char letter, uint32_t *ret);
bool sk_asm_define(struct sk_asm_cursor *c, char letter, uint32_t name, uint32_t id);
bool sk_asm_lookup(struct sk_asm_cursor *c, char letter, uint32_t name, uint32_t *ret);

/* asm_values.c: a value as an operand, as text or by name. */
bool sk_asm_value(struct sk_asm_cursor *c, uint32_t *ret);
/* A type by its name. */
bool sk_asm_type(struct sk_asm_cursor *c, struct sk_slice name, enum sk_ptype *ret);
/* asm_tables.c: operands of tests. */
bool sk_asm_set(struct sk_asm_cursor *c, uint32_t *ret);
bool sk_asm_trie(struct sk_asm_cursor *c, enum sk_trie_kind kind, uint32_t *ret);
bool sk_asm_multi(struct sk_asm_cursor *c, uint32_t *ret);
/* "(1 2 3)" */
bool sk_asm_numbers(struct sk_asm_cursor *c, sk_u32_vec *ret);
/* Statements that begin in line I: the line behind them, or 0 after an error. */
size_t sk_asm_define_value(struct sk_asm *as, size_t i);
size_t sk_asm_define_set(struct sk_asm *as, size_t i);
size_t sk_asm_define_trie(struct sk_asm *as, size_t i);
size_t sk_asm_define_multi(struct sk_asm *as, size_t i);
size_t sk_asm_define_select(struct sk_asm *as, size_t i);
size_t sk_asm_input(struct sk_asm *as, size_t i);
size_t sk_asm_output(struct sk_asm *as, size_t i);
size_t sk_asm_rule(struct sk_asm *as, size_t i);
size_t sk_asm_program(struct sk_asm *as, size_t i);
size_t sk_asm_interest(struct sk_asm *as, size_t i);
/* Line I begins a statement (or is behind the last line). */
bool sk_asm_begins(const struct sk_asm *as, size_t i);
/* asm_program.c */
bool sk_asm_event(struct sk_asm_cursor *c, uint32_t *ret);
bool sk_asm_source(struct sk_asm_cursor *c, enum sk_source *ret);

#endif
