/* Look-ups in the contract tables. */
#ifndef SK_BASE_SCHEMA_H
#define SK_BASE_SCHEMA_H

#include "base/slice.h"

#include <saker/schema.h>

/* Description of an event type; NULL if TYPE >= SK_EVENT_LIMIT. */
const struct sk_event_desc *sk_event_desc(uint32_t type);
/* Index of the parameter that holds the descriptor an event of this type works on; -1 if it works on none. */
int sk_event_fd_param(uint32_t type);
/* True if some event type, or some system call, has this name (what evt.type may be compared with). */
bool sk_event_name_known(struct sk_slice name);
/* Description of a field; NULL for ids that are not in the table. */
const struct sk_field_desc *sk_field_desc(uint32_t id);
/* The longest field name that begins TEXT among the fields of the class that its first component names; NULL if there is none.
 * Used for conditions ("evt.arg.flags" is evt.arg with the rest ".flags"). */
const struct sk_field_desc *sk_field_prefix(struct sk_slice text);
/* The field of exactly this name, or NULL. */
const struct sk_field_desc *sk_field_find(struct sk_slice name);
const char *sk_type_name(enum sk_ptype t);
enum sk_vkind sk_type_kind(enum sk_ptype t);
enum sk_ops_class sk_type_ops(enum sk_ptype t);
/* Bytes of a number of this type in an event; 0 = variable. */
uint32_t sk_type_width(enum sk_ptype t);
bool sk_type_signed(enum sk_ptype t);

struct sk_flag_sym {
	const char *name;
	uint32_t value;
};
/* Symbols of a flag table in rendering order; the last has name NULL. */
const struct sk_flag_sym *sk_flag_symbols(enum sk_flag_table t);
/* Type and print format of a dynamic parameter's value; false if the selector is out of range. */
bool sk_dyn_type(enum sk_dyn_table t, uint32_t selector, enum sk_ptype *ret_type, enum sk_pfmt *ret_fmt);

/* "ENOENT" for 2; NULL if unknown. */
const char *sk_errno_name(int64_t e);
/* "SIGKILL" for 9; NULL if unknown. */
const char *sk_signal_name(uint32_t s);
/* Name of a system call by its portable number; NULL if unknown. */
const char *sk_syscall_name(uint32_t sc);
/* Portable numbers are below this. */
uint32_t sk_syscall_limit(void);

const char *sk_source_name(enum sk_source s);
/* "Warning", as alerts say it. */
const char *sk_priority_name(enum sk_priority p);
/* A priority by its full name in any case, or "info"; SK_PRIO_COUNT if it is none. */
enum sk_priority sk_priority_find(struct sk_slice name);

#endif
