/* The text form of a bundle (docs/bundle.md "Text form"): shared by printer and assembler. */
#ifndef SK_BUNDLE_TEXT_H
#define SK_BUNDLE_TEXT_H

#include "base/buf.h"
#include "vm/bundle/bundle.h"
#include "vm/bundle/ops.h"

/* Type that a constant of this kind has when the text names none. */
static inline enum sk_ptype
sk_default_type(enum sk_vkind k)
{
	static const uint8_t types[] = {
	    [SK_V_NONE] = SK_PT_NONE,    [SK_V_BOOL] = SK_PT_BOOL,   [SK_V_INT] = SK_PT_INT64,     [SK_V_UINT] = SK_PT_UINT64,
	    [SK_V_FLOAT] = SK_PT_DOUBLE, [SK_V_STR] = SK_PT_CHARBUF, [SK_V_BYTES] = SK_PT_BYTEBUF, [SK_V_IP] = SK_PT_IPADDR,
	    [SK_V_NET] = SK_PT_IPNET,    [SK_V_LIST] = SK_PT_NONE,
	};

	return (enum sk_ptype)types[k];
}

/* Kind and list-ness that the result of a transformer has beside a first argument of KIND. */
static inline enum sk_vkind
sk_xform_kind(enum sk_xform x, enum sk_vkind first)
{
	return x == SK_XF_LEN ? SK_V_UINT : x == SK_XF_JOIN || x == SK_XF_CONCAT || x == SK_XF_GETOPT ? SK_V_STR : first;
}

static inline bool
sk_xform_is_list(enum sk_xform x, bool first, bool has_arg)
{
	return x == SK_XF_GETOPT ? !has_arg : first && x != SK_XF_LEN && x != SK_XF_JOIN && x != SK_XF_CONCAT;
}

struct sk_printer {
	const struct sk_bundle_view *v;
	struct sk_buf *out;
	size_t limit; /* of OUT: a small bundle of records that refer to long ones must not print gigabytes */
};

/* The limit is reached: stop. */
static inline bool
sk_print_full(const struct sk_printer *p)
{
	return p->out->failed || p->out->n > p->limit;
}

/* S in double quotes, with \" \\ \n \t and \xHH; what is not printable UTF-8 is escaped. */
void sk_print_quoted(struct sk_buf *out, struct sk_slice s);
/* Value N as an operand: written out where that is short, else by name: c5 (a constant), v5 (computed). */
void sk_print_operand(struct sk_printer *p, uint32_t n);
/* The definitions that named operands need. */
void sk_print_values(struct sk_printer *p);
/* A few members of a set or trie, and how many there are. */
void sk_print_some(struct sk_printer *p, bool trie, uint32_t n);
/* Operand b of a test of format TS, TT, TM: written out where short, else by name (s5, t5, m5). Returns whether it was written
 * out. */
bool sk_print_set(struct sk_printer *p, uint32_t n);
bool sk_print_trie(struct sk_printer *p, uint32_t n);
bool sk_print_multi(struct sk_printer *p, uint32_t n);
/* Definitions of sets, tries, multis, selects; outputs, rules, inputs. */
void sk_print_tables(struct sk_printer *p);
void sk_print_rules(struct sk_printer *p);
void sk_print_interest(struct sk_printer *p);
/* "SYSCALL_OPENAT_2_X" or the number. */
void sk_print_event(struct sk_buf *out, uint32_t type);

#endif
