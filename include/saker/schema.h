/* Types of the contract tables: events, parameters, fields, operators. Numbers are the scap schema's. */
#ifndef SAKER_SCHEMA_H
#define SAKER_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Version of the tables; raised when any of them gains a row (bundle.h records what a bundle needs). */
#define SK_SCHEMA_VERSION 1u

enum sk_event_type {
#define SK_EVENT(num, sym, name, cat, flags) SK_E_##sym = (num),
#include <saker/events.def>
#undef SK_EVENT
};
#define SK_EVENT_LIMIT 454u

/* Event categories (low byte: a number; above: bits). */
#define SK_EC_UNKNOWN 0u
#define SK_EC_OTHER 1u
#define SK_EC_FILE 2u
#define SK_EC_NET 3u
#define SK_EC_IPC 4u
#define SK_EC_MEMORY 5u
#define SK_EC_PROCESS 6u
#define SK_EC_SLEEP 7u
#define SK_EC_SYSTEM 8u
#define SK_EC_SIGNAL 9u
#define SK_EC_USER 10u
#define SK_EC_TIME 11u
#define SK_EC_PROCESSING 12u
#define SK_EC_IO_BASE 32u
#define SK_EC_IO_READ 32u
#define SK_EC_IO_WRITE 33u
#define SK_EC_IO_OTHER 34u
#define SK_EC_WAIT 64u
#define SK_EC_SCHEDULER 128u
#define SK_EC_INTERNAL 256u
#define SK_EC_SYSCALL 512u
#define SK_EC_TRACEPOINT 1024u
#define SK_EC_PLUGIN 2048u
#define SK_EC_METAEVENT 4096u
#define SK_EC_ITER 8192u

#define SK_EF_CREATES_FD 1u
#define SK_EF_DESTROYS_FD 2u
#define SK_EF_USES_FD 4u
#define SK_EF_READS_FROM_FD 8u
#define SK_EF_WRITES_TO_FD 16u
#define SK_EF_MODIFIES_STATE 32u
#define SK_EF_UNUSED 64u
#define SK_EF_WAITS 128u
#define SK_EF_SKIPPARSERESET 256u
#define SK_EF_OLD_VERSION 512u
#define SK_EF_LARGE_PAYLOAD 2048u
#define SK_EF_CONVERTER_MANAGED 4096u

enum sk_ptype {
#define SK_TYPE(num, name, kind, width, ops) SK_PT_##name = (num),
#include <saker/types.def>
#undef SK_TYPE
	SK_PT_LIMIT = 49
};

/* Classes of types by the operators they take (cmps.def). */
enum sk_ops_class {
	SK_OPS_NONE = 1,
	SK_OPS_NUM = 2,
	SK_OPS_BOOL = 4,
	SK_OPS_STR = 8,
	SK_OPS_BYTES = 16,
	SK_OPS_IP = 32,
	SK_OPS_LIST = 64,
	SK_OPS_ALL = 127
};

/* How a value is held while it is compared. */
enum sk_vkind { SK_V_NONE, SK_V_BOOL, SK_V_INT, SK_V_UINT, SK_V_FLOAT, SK_V_STR, SK_V_BYTES, SK_V_IP, SK_V_NET, SK_V_LIST };

/* How a number is printed: decimal, upper-case hexadecimal without prefix, octal, nine digits with leading zeros, an id. */
enum sk_pfmt { SK_PF_NA, SK_PF_DEC, SK_PF_HEX, SK_PF_OCT, SK_PF_PADDED, SK_PF_ID };

enum sk_cmp {
#define SK_CMP(sym, token, rhs, types) SK_CMP_##sym,
#include <saker/cmps.def>
#undef SK_CMP
	SK_CMP_COUNT
};
enum sk_cmp_rhs { SK_RHS_NONE, SK_RHS_NUMBER, SK_RHS_SCALAR, SK_RHS_LIST };

/* Quantifier over the elements of a list operand: "contains anyof (a, b)". */
enum sk_quant { SK_QUANT_NONE, SK_QUANT_ONEOF, SK_QUANT_ANYOF, SK_QUANT_ALLOF };

enum sk_xform {
	SK_XF_NONE,
#define SK_XFORM(num, sym, name, min, max, arg) SK_XF_##sym = (num),
#include <saker/xforms.def>
#undef SK_XFORM
	SK_XF_LIMIT
};

/* Instructions of the machine (ops.def). */
enum sk_op {
#define SK_OP(num, name, fmt, cls, doc) SK_OP_##name = (num),
#include <saker/ops.def>
#undef SK_OP
};

enum sk_flag_table {
	SK_FLAGS_NONE,
#define SK_FLAG_TABLE(table) SK_FLAGS_##table,
#define SK_FLAG(table, symbol, value)
#include <saker/flags.def>
#undef SK_FLAG_TABLE
#undef SK_FLAG
	SK_FLAGS_COUNT
};
enum sk_dyn_table { SK_DYN_NONE, SK_DYN_sockopt, SK_DYN_ptrace, SK_DYN_bpf, SK_DYN_keyctl };

enum sk_param_info { SK_PI_NONE, SK_PI_FLAGS, SK_PI_DIRFD, SK_PI_DYN };

struct sk_param_desc {
	const char *name;
	uint8_t type; /* enum sk_ptype */
	uint8_t fmt;  /* enum sk_pfmt */
	uint8_t info; /* enum sk_param_info: what info_arg means */
	uint8_t info_arg;
};

struct sk_event_desc {
	const char *name;
	const char *sym; /* "SYSCALL_OPENAT_2_X" */
	const struct sk_param_desc *params;
	uint32_t category; /* SK_EC_* */
	uint32_t flags;    /* SK_EF_* */
	uint16_t type;
	uint8_t nparams;
};

/* Most parameters any event has. */
#define SK_PARAMS_MAX 32u

enum sk_field_flag {
	SK_FF_LIST = 1,            /* the value is a list */
	SK_FF_DEPRECATED = 2,      /* still works, warned of */
	SK_FF_FILTER_ONLY = 4,     /* not in output */
	SK_FF_PRINT_ONLY = 8,      /* not in conditions */
	SK_FF_NO_RHS = 16,         /* not on the right of a comparison */
	SK_FF_NO_TRANSFORMER = 32, /* not under a transformer */
	SK_FF_SUGGESTED = 64,      /* shown by append_output's suggested_output */
	SK_FF_TABLE_ONLY = 128,    /* hidden from lists of fields */
	SK_FF_ANY = 256,           /* without argument: several values, an operator holds if it holds for any of them */
	SK_FF_ENDS = 512           /* both ends of a connection: any of them, but != only if both differ */
};
enum sk_field_arg { SK_FA_NONE, SK_FA_OPT, SK_FA_OPT_INDEX, SK_FA_REQ, SK_FA_REQ_KEY, SK_FA_REQ_KEY_OR_INDEX };
enum sk_field_provider { SK_FP_CORE, SK_FP_CONTAINER, SK_FP_K8SAUDIT, SK_FP_JSON, SK_FP_K8SMETA, SK_FP_REMOVED };
enum sk_field_era { SK_ERA_BOTH, SK_ERA_NEW, SK_ERA_OLD };
enum sk_field_state { SK_FS_READY, SK_FS_LATER };

enum sk_field_id {
	SK_F_NONE,
#define SK_FIELD(id, sym, cls, name, type, fmt, arg, flags, prov, era, state, help) SK_F_##sym = (id),
#include <saker/fields.def>
#undef SK_FIELD
	SK_F_LIMIT
};

struct sk_field_desc {
	const char *name;
	const char *cls;
	const char *help;
	uint32_t flags;   /* SK_FF_* */
	uint16_t name_len; /* bytes of name */
	uint16_t id;      /* enum sk_field_id */
	uint8_t type;     /* enum sk_ptype of the value or of the elements of a list */
	uint8_t fmt;      /* enum sk_pfmt */
	uint8_t arg;      /* enum sk_field_arg */
	uint8_t provider; /* enum sk_field_provider */
	uint8_t era;      /* enum sk_field_era */
	uint8_t state;    /* enum sk_field_state */
};

/* Sources of events; a rule belongs to one. */
enum sk_source { SK_SOURCE_SYSCALL, SK_SOURCE_K8S_AUDIT, SK_SOURCE_COUNT };

/* Priorities, most severe first, as in syslog. */
enum sk_priority {
	SK_PRIO_EMERGENCY,
	SK_PRIO_ALERT,
	SK_PRIO_CRITICAL,
	SK_PRIO_ERROR,
	SK_PRIO_WARNING,
	SK_PRIO_NOTICE,
	SK_PRIO_INFORMATIONAL,
	SK_PRIO_DEBUG,
	SK_PRIO_COUNT
};

#endif
