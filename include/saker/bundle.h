/* The compiled form of a set of rule files, `.fbc`: constants of the format. Byte layout: docs/bundle.md; only vm/bundle reads or writes it.
 * All numbers little endian. Records below are the in-place form: naturally aligned, no padding that is not named. */
#ifndef SAKER_BUNDLE_H
#define SAKER_BUNDLE_H

#include <saker/limits.h>
#include <saker/schema.h>

#define SK_BUNDLE_MAGIC "SAKERfbc"
/* Changes when bytes change meaning. */
#define SK_BUNDLE_FORMAT 1u

enum sk_section_id {
	SK_SEC_STRINGS = 1,  /* bytes; every string is followed by a NUL that its length does not count */
	SK_SEC_VALUES = 2,   /* struct sk_value_def: computed registers first, then constants */
	SK_SEC_ARGS = 3,     /* u32 value numbers: arguments of transformers, elements of constant lists */
	SK_SEC_SETS = 4,     /* struct sk_set_def */
	SK_SEC_SLOTS = 5,    /* struct sk_set_slot: hash tables of the sets */
	SK_SEC_TRIES = 6,    /* struct sk_trie_def */
	SK_SEC_NODES = 7,    /* struct sk_trie_node */
	SK_SEC_PATTERNS = 8, /* struct sk_pattern_def */
	SK_SEC_MULTIS = 9,   /* struct sk_multi_def */
	SK_SEC_LISTS = 10,   /* struct sk_list_def */
	SK_SEC_INDEXES = 11, /* u32: elements of lists */
	SK_SEC_SELECTS = 12, /* struct sk_select_def */
	SK_SEC_CODE = 13,    /* struct sk_insn of all programs, back to back */
	SK_SEC_PROGRAMS = 14,/* struct sk_program_def */
	SK_SEC_DISPATCH = 15,/* u32 [SK_SOURCE_COUNT][SK_EVENT_LIMIT]: program number + 1, 0 = no rule can match */
	SK_SEC_RULES = 16,   /* struct sk_rule_def */
	SK_SEC_OUTPUTS = 17, /* struct sk_output_def */
	SK_SEC_PIECES = 18,  /* struct sk_piece_def */
	SK_SEC_INTEREST = 19,/* struct sk_interest_def; optional: what a kernel filter may test (issue D and later) */
	SK_SEC_SRCMAP = 20,  /* struct sk_srcmap_def, one an instruction; optional */
	SK_SEC_INPUTS = 21,  /* struct sk_input_def */
	SK_SEC_SIGNATURE = 22/* optional */
};

/* A string: bytes [off, off+len) of SK_SEC_STRINGS. */
struct sk_str_ref {
	uint32_t off, len;
};

/* One value register. Computed ones (FIELD, XFORM) are numbered below 65536; CONST ones follow. */
enum sk_value_def_kind { SK_VD_FIELD = 1, SK_VD_XFORM = 2, SK_VD_CONST = 3 };
enum sk_value_arg { SK_VA_NONE = 0, SK_VA_INDEX = 1, SK_VA_KEY = 2 };
struct sk_value_def {
	uint8_t def;    /* enum sk_value_def_kind */
	uint8_t kind;   /* enum sk_vkind of the value, or of the elements where is_list */
	uint8_t is_list;
	uint8_t type;   /* enum sk_ptype: how it is printed */
	uint16_t id;    /* FIELD: enum sk_field_id; XFORM: enum sk_xform; CONST: address version 4 or 6 of an IP or NET, else 0 */
	uint8_t arg;    /* enum sk_value_arg */
	uint8_t prefix; /* CONST NET: bits of the mask */
	struct sk_str_ref text; /* FIELD, XFORM: key argument; CONST: STR and BYTES text, IP and NET 4 or 16 address bytes */
	uint64_t num;   /* FIELD: index argument; XFORM: first of its arguments in ARGS; CONST: BOOL, INT, UINT, bits of FLOAT; list: first element in ARGS */
	uint32_t nargs; /* XFORM: arguments; CONST list: elements */
	uint32_t zero;
};

/* Set: open addressing, linear probing, sk_hash_bytes/sk_hash_u64, slot = hash & (nslots-1), at least one free slot. NET sets are scanned in order. */
struct sk_set_def {
	uint8_t kind; /* enum sk_vkind: STR (also BYTES), UINT (every number and bool, by its 64 bits), IP, NET */
	uint8_t zero[3];
	uint32_t nmembers;
	uint32_t first_slot; /* in SLOTS */
	uint32_t nslots;     /* power of two; NET: nmembers */
};
struct sk_set_slot {
	uint32_t value;   /* number of a CONST value + 1; 0 = free */
	uint32_t hash;    /* low 32 bits of its hash */
	uint32_t ordinal; /* 0..nmembers-1: the member's place in source order, what SELECT maps from */
	uint32_t zero;
};

/* Trie. PATH: edges are path components, a component with ? * [ is a shell pattern; terminal nodes match the path and all below it. BYTES: a radix tree, edges
 * are byte strings; terminal nodes match every text that begins so. Children of a node are consecutive, literal edges sorted by byte order, then patterns. */
enum sk_trie_kind { SK_TRIE_PATH = 1, SK_TRIE_BYTES = 2 };
struct sk_trie_def {
	uint8_t kind;
	uint8_t zero[3];
	uint32_t root; /* in NODES */
	uint32_t nnodes; /* nodes [root, root+nnodes) belong to it; children have higher numbers than their parent */
	uint32_t nmembers;
};
struct sk_trie_node {
	struct sk_str_ref edge;
	uint32_t first_child; /* absolute in NODES */
	uint16_t nchildren;
	uint8_t is_pattern;
	uint8_t terminal;
	uint32_t ordinal; /* terminal: 0..nmembers-1 */
	uint32_t zero;
};

struct sk_pattern_def {
	struct sk_str_ref text; /* recompiled by PCRE2 at load, never deserialised */
};

struct sk_multi_def {
	uint8_t op;    /* a test of format TV or TP */
	uint8_t mod;   /* SK_MOD_* of that test */
	uint8_t quant; /* enum sk_quant */
	uint8_t zero;
	uint32_t list; /* operands: value or pattern numbers, in LISTS */
};

struct sk_list_def {
	uint32_t first, n; /* in INDEXES */
};

/* Candidate table; member ordinal i gives list first_list + i (block numbers, ascending).
 *   SET     equality, through a STR, UINT or IP set
 *   PREFIX  texts that begin with a member of a byte trie; a member's list already holds what its shorter prefixes select
 *   SUFFIX  texts that end with a member of a byte trie, whose texts are written last byte first; at most SK_MAX_SUFFIX bytes each. Lists as for PREFIX
 *   PATH    paths that are a member of a path trie or lie below it. Lists as for PREFIX; shell patterns of the trie are never found
 *   GRAMS   texts that hold a member of a UINT set: four bytes in a row, as a little-endian number. One list more than members, the last one:
 *           all blocks, for texts that hold more than SK_GRAM_LISTS members */
enum sk_select_kind { SK_SELECT_SET = 1, SK_SELECT_PREFIX = 2, SK_SELECT_SUFFIX = 3, SK_SELECT_PATH = 4, SK_SELECT_GRAMS = 5 };
#define SK_SELECT_LIMIT 6u
struct sk_select_def {
	uint32_t kind;
	uint32_t table;      /* set or trie number */
	uint32_t first_list; /* in LISTS */
	uint32_t nlists;     /* == nmembers of the table; GRAMS: + 1 */
};

struct sk_insn {
	uint8_t op;
	uint8_t mod; /* SK_MOD_* */
	uint16_t a;
	uint32_t b, t, f; /* t, f: instruction numbers of the same program, greater than this one's */
};
/* Modifiers of tests. */
#define SK_MOD_QUANT 3u /* for list-valued R[a]: */
#define SK_MOD_SCALAR 0u
#define SK_MOD_ANY 1u   /* holds for at least one element */
#define SK_MOD_ALL 2u   /* holds for every element; true for an empty list */
#define SK_MOD_NEG 4u   /* the test of a present value (of each element) is negated */

/* One program: its code, and where the blocks of its rules begin. Block i is one rule (every MATCH in it names the same rule, of a higher number than those of the
 * blocks before); entries ascend. What stands before the first entry collects candidates: SELECT and ALWAYS stand only there, MATCH only in blocks (a program without
 * blocks is one block). Jumps stay inside their block, so that every instruction runs at most once an event. */
struct sk_program_def {
	uint32_t first_insn, ninsns; /* in CODE */
	uint32_t blocks;             /* in LISTS: instruction number of each block */
	uint32_t nmemos;
};

struct sk_rule_def {
	struct sk_str_ref name, desc, condition;
	uint8_t priority; /* enum sk_priority */
	uint8_t source;   /* enum sk_source */
	uint8_t enabled;
	uint8_t capture;
	uint32_t capture_duration_ms;
	uint32_t output; /* in OUTPUTS */
	uint32_t tags;   /* in LISTS: offsets/lengths as pairs of u32, sorted */
	uint32_t input;  /* file it was defined in, in INPUTS */
	uint32_t line, column;
};

struct sk_output_def {
	struct sk_str_ref text; /* as written */
	uint32_t first_piece, npieces;
};
struct sk_piece_def {
	struct sk_str_ref text; /* literal, or the key in JSON output_fields */
	uint32_t value;         /* value number + 1; 0 = literal */
	uint32_t width;         /* 0 = natural */
	uint8_t type;           /* enum sk_ptype */
	uint8_t fmt;            /* enum sk_pfmt */
	uint8_t is_transformed; /* enum sk_piece_use */
	uint8_t zero;
};
/* Where a piece of an output shows. A transformed value has no name of its own for JSON; the fields inside of it have, and follow it as hidden pieces. */
enum sk_piece_use {
	SK_PIECE_SHOWN,       /* in the text, and a field as a member of output_fields */
	SK_PIECE_TRANSFORMED, /* in the text only */
	SK_PIECE_HIDDEN,      /* a member of output_fields only; never literal */
};

enum sk_interest_need {
	SK_NEED_SUCCESS = 0, /* no rule can match a failed call of this type */
	SK_NEED_ALL = 1,
	SK_NEED_OLD = 2      /* only events of captures from before their calls had types of their own: no live one matches */
};
struct sk_interest_def {
	uint32_t source, event;
	uint32_t need; /* enum sk_interest_need */
	uint32_t first_value, nvalues; /* value registers that its program can load, in INDEXES */
};

/* Rule or input of an instruction that belongs to none. */
#define SK_SRCMAP_NONE UINT32_MAX
struct sk_srcmap_def {
	uint32_t rule;
	uint32_t input;
	uint32_t line, column;
};

struct sk_input_def {
	struct sk_str_ref name;
	uint8_t sha256[32];
};

struct sk_bundle_header {
	char magic[8];
	uint32_t format, schema;   /* format version; schema version that it needs */
	uint32_t max_field, max_event, max_op; /* highest numbers used: an older engine refuses by name */
	uint32_t nsections;
	uint64_t size;             /* of the whole file */
	uint8_t digest[32];        /* sk_digest() of everything behind the header */
};
struct sk_section_def {
	uint32_t id;
	uint32_t required; /* 1: a reader that does not know the section refuses the bundle */
	uint64_t off, size;
};

_Static_assert(sizeof(struct sk_value_def) == 32, "wire format");
_Static_assert(sizeof(struct sk_set_def) == 16, "wire format");
_Static_assert(sizeof(struct sk_set_slot) == 16, "wire format");
_Static_assert(sizeof(struct sk_trie_def) == 16, "wire format");
_Static_assert(sizeof(struct sk_trie_node) == 24, "wire format");
_Static_assert(sizeof(struct sk_insn) == 16, "wire format");
_Static_assert(sizeof(struct sk_program_def) == 16, "wire format");
_Static_assert(sizeof(struct sk_rule_def) == 52, "wire format");
_Static_assert(sizeof(struct sk_piece_def) == 20, "wire format");
_Static_assert(sizeof(struct sk_bundle_header) == 72, "wire format");
_Static_assert(sizeof(struct sk_section_def) == 24, "wire format");

#endif
