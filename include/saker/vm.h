/* The machine: runs the program of an event's type over lazily loaded values. */
#ifndef SAKER_VM_H
#define SAKER_VM_H

#include <saker/schema.h>

/* A value of an event, or a constant. Points into the event, the state, or scratch memory: valid until the next event. */
struct sk_value {
	uint8_t kind;   /* enum sk_vkind; NONE = absent */
	uint8_t ip;     /* IP, NET: 4 or 6 */
	uint8_t prefix; /* NET: mask bits */
	uint8_t zero;
	uint32_t n;     /* STR, BYTES: bytes (STR has no NUL inside); LIST: elements */
	union {
		uint64_t u; /* UINT, BOOL (0, 1) */
		int64_t i;  /* INT, sign-extended */
		double d;   /* FLOAT */
		const char *s; /* STR, BYTES */
		const uint8_t *addr; /* IP, NET: 4 or 16 bytes, network order */
		const struct sk_value *list;
	};
};

/* Argument of a field as the bundle holds it. */
struct sk_field_arg_value {
	uint8_t kind; /* enum sk_value_arg (bundle.h): none, index, key */
	uint64_t index;
	const char *key; /* NUL-terminated */
	uint32_t key_len;
	uint32_t aux;    /* whatever the loader's bind function computed from the argument; 0 without one */
};

/* Load a field of the current event into *RET. False, or kind NONE, means absent. Must not fail otherwise. */
typedef bool (*sk_load_fn)(void *ctx, const struct sk_field_arg_value *arg, struct sk_value *ret);

/* Where values come from: one function a field (index enum sk_field_id, NULL = absent), called with CTX. */
struct sk_loader {
	const sk_load_fn *load; /* [SK_F_LIMIT] */
	/* Precompute something of a field's argument when a bundle is bound; may be NULL. */
	uint32_t (*bind)(void *ctx, enum sk_field_id field, const struct sk_field_arg_value *arg);
	void *ctx;
};

struct sk_bundle;
struct sk_vm;

enum sk_match_mode { SK_MATCH_FIRST, SK_MATCH_ALL };

struct sk_vm_opts {
	size_t sz; /* sizeof(struct sk_vm_opts) */
	enum sk_match_mode mode;
};

/* A machine over a verified bundle, which must outlive it. All memory is allocated and all patterns are compiled here. 0; -ENOMEM; -EBADMSG when a pattern is
 * refused by the regular expression library, with a line of text in RETERR (N bytes). */
int sk_vm_new(const struct sk_bundle *b, const struct sk_loader *l, const struct sk_vm_opts *opts, struct sk_vm **ret, char *reterr, size_t n);
void sk_vm_free(struct sk_vm *vm);
/* Forget the values of the last event; call before the first sk_vm_run() or sk_vm_value() of each event. */
void sk_vm_begin(struct sk_vm *vm);
/* Run the program of (SOURCE, event type TYPE). Returns the number of matching rules; their numbers stay in sk_vm_matches() until the next run. Allocates
 * nothing and cannot fail. */
uint32_t sk_vm_run(struct sk_vm *vm, enum sk_source source, uint32_t type);
const uint32_t *sk_vm_matches(const struct sk_vm *vm);
/* Value register or constant V for the current event, loaded if need be. Valid until the next sk_vm_begin(). */
const struct sk_value *sk_vm_value(struct sk_vm *vm, uint32_t v);
/* Turn a rule on or off; off rules never match and do not stop first-match evaluation. */
void sk_vm_enable(struct sk_vm *vm, uint32_t rule, bool on);
bool sk_vm_enabled(const struct sk_vm *vm, uint32_t rule);
/* "goto" or "switch". */
const char *sk_vm_dispatch(void);

#endif
