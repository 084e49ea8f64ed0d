/* Inside of the machine: shared by its own files only. */
#ifndef SK_VM_MACHINE_H
#define SK_VM_MACHINE_H

#include "base/attr.h"
#include "vm/bundle/bundle.h"

#include <saker/limits.h>
#include <saker/vm.h>

struct sk_pattern;

/* Bytes of values that transformers compute, dropped at every event. */
struct sk_vm_scratch {
	char *p;
	uint32_t used, size;
	uint64_t refused; /* values that did not fit: absent */
};

struct sk_vm {
	const struct sk_bundle_view *v;
	enum sk_match_mode mode;
	void *ctx;             /* of the field functions */
	uint32_t ncomputed;    /* registers below are loaded on demand, the others are constants */
	uint32_t event;        /* stamp of the current event: a register is valid if its own stamp is equal */
	uint32_t run;          /* stamp of the current run: memo bits */
	uint32_t *stamps;      /* [ncomputed] */
	struct sk_value *values; /* [nvalues] */
	struct sk_value *elements; /* elements of constant lists, back to back */
	sk_load_fn *load;      /* [ncomputed] NULL: transformer, or a field that nobody provides */
	struct sk_field_arg_value *args; /* [ncomputed] */
	uint32_t *memos;       /* 2 * run + value */
	uint64_t *off;         /* bit set: rule is disabled */
	uint32_t *matches;     /* [nrules] */
	struct sk_pattern *patterns;
	void *match_data, *match_context, *jit_stack; /* PCRE2's */
	struct sk_vm_scratch scratch;
};

/* values.c */
const struct sk_value *sk_vm_load(struct sk_vm *vm, uint32_t v);
char *sk_vm_scratch(struct sk_vm *vm, size_t n);
/* transform.c: RET is absent on entry. */
void sk_vm_transform(struct sk_vm *vm, const struct sk_value_def *def, struct sk_value *ret);

/* Register or constant V of the current event. */
SK_INLINE const struct sk_value *
sk_vm_reg(struct sk_vm *vm, uint32_t v)
{
	if (v >= vm->ncomputed || SK_LIKELY(vm->stamps[v] == vm->event))
		return &vm->values[v];
	return sk_vm_load(vm, v);
}

/* match.c: what the tests are made of. No NUL is needed behind any text. */
bool sk_match_contains(const struct sk_value *text, const struct sk_value *part);
bool sk_match_icontains(const struct sk_value *text, const struct sk_value *part);
bool sk_match_glob(const char *text, size_t n, const char *pattern, size_t pn, bool fold);
bool sk_match_net(const struct sk_value *addr, const struct sk_value *net);
int sk_match_order(const struct sk_value *a, const struct sk_value *b);

/* lookup.c: ordinal of the member, or -1. */
int64_t sk_set_find(const struct sk_vm *vm, uint32_t set, const struct sk_value *x);
bool sk_trie_pmatch(const struct sk_vm *vm, uint32_t trie, const char *path, size_t n);
/* Ordinal of the longest member that TEXT begins with, or -1; with ANY the first (shortest) one found. */
int64_t sk_trie_prefix(const struct sk_vm *vm, uint32_t trie, const char *text, size_t n, bool any);

/* Ordinal of the member that is PATH or the nearest directory above it, or -1. Shell patterns of the trie are no members here. */
int64_t sk_trie_path(const struct sk_vm *vm, uint32_t trie, const char *path, size_t n);

/* patterns.c */
int sk_patterns_compile(struct sk_vm *vm, char *reterr, size_t n);
void sk_patterns_free(struct sk_vm *vm);
bool sk_pattern_matches(struct sk_vm *vm, uint32_t pattern, const char *text, size_t n);

/* tests.c: test OP with modifiers MOD of L against operand B (a value, set, trie, pattern or multi number), by the slow general way: lists, MULTI. */
bool sk_vm_test(struct sk_vm *vm, uint8_t op, uint8_t mod, const struct sk_value *l, uint32_t b);

#endif
