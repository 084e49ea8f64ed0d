/* Reading bundles: the only way from bytes to something the machine runs. */
#ifndef SK_BUNDLE_H
#define SK_BUNDLE_H

#include "base/buf.h"
#include "base/slice.h"

#include <saker/bundle.h>

/* Why a bundle was refused. Codes: vm/bundle/rejects.def; each has a minimal bad file in tests/bundles/bad. */
enum sk_reject_code {
	SK_REJECT_NONE,
#define SK_REJECT(sym, text) SK_REJECT_##sym,
#include "vm/bundle/rejects.def"
#undef SK_REJECT
	SK_REJECT_COUNT
};
struct sk_reject {
	enum sk_reject_code code;
	char text[256]; /* section, record or instruction number, program: one line */
};
const char *sk_reject_name(enum sk_reject_code c);

struct sk_bundle;

/* Verify the N bytes at DATA and make a bundle of them. DATA must be 8-byte aligned and outlive the bundle. 0, -EBADMSG with *RETERR, -ENOMEM, or -EINVAL
 * if DATA is not aligned. */
int sk_bundle_open(const void *data, size_t n, struct sk_bundle **ret, struct sk_reject *reterr);
/* Read a file into memory that nobody else can write, verify it. Negative errno; *RETERR is filled in for -EBADMSG, and its text for others. "-" reads standard input. */
int sk_bundle_open_file(const char *path, struct sk_bundle **ret, struct sk_reject *reterr);
void sk_bundle_close(struct sk_bundle *b);

/* The verified records, in place. Counts are numbers of records. Everything that verify proves: docs/bundle.md "What the verifier proves". */
struct sk_bundle_view {
	const struct sk_bundle_header *header;
	const char *strings;
	const struct sk_value_def *values;
	const uint32_t *args;
	const struct sk_set_def *sets;
	const struct sk_set_slot *slots;
	const struct sk_trie_def *tries;
	const struct sk_trie_node *nodes;
	const struct sk_pattern_def *patterns;
	const struct sk_multi_def *multis;
	const struct sk_list_def *lists;
	const uint32_t *indexes;
	const struct sk_select_def *selects;
	const struct sk_insn *code;
	const struct sk_program_def *programs;
	const uint32_t *dispatch; /* [SK_SOURCE_COUNT][SK_EVENT_LIMIT] */
	const struct sk_rule_def *rules;
	const struct sk_output_def *outputs;
	const struct sk_piece_def *pieces;
	const struct sk_interest_def *interest;
	const struct sk_srcmap_def *srcmap; /* NULL when absent */
	const struct sk_input_def *inputs;
	const uint8_t *signature; /* NULL when absent */
	uint32_t nstrings, nvalues, ncomputed, nargs, nsets, nslots, ntries, nnodes, npatterns, nmultis, nlists, nindexes, nselects, ninsns, nprograms, nrules, noutputs,
	    npieces, ninterest, ninputs, ndispatch, nsrcmap, nsignature;
};
const struct sk_bundle_view *sk_bundle_view(const struct sk_bundle *b);
/* Text of a string reference. */
struct sk_slice sk_bundle_str(const struct sk_bundle_view *v, struct sk_str_ref s);

/* Disassembly: rule names, field names, constants and source lines beside the instructions. */
void sk_bundle_print(const struct sk_bundle *b, struct sk_buf *out);
/* The part of it that is about code: programs, and the tables that they use. */
void sk_bundle_print_code(const struct sk_bundle *b, struct sk_buf *out);
/* Event types any rule can match, fields any program can load, what a kernel filter could test. */
void sk_bundle_print_interest(const struct sk_bundle *b, struct sk_buf *out);
/* Assemble text of the form that tests/vm/ *.fbt and sk_bundle_print() use into a bundle image. false with a message in *RETERR. */
bool sk_bundle_assemble(struct sk_slice text, struct sk_buf *ret, struct sk_reject *reterr);

#endif
