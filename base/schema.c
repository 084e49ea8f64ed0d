#include "base/schema.h"

#include "base/attr.h"

#include <strings.h>

/* --- events ---------------------------------------------------------------------------------------------------------------- */
#define P_ROW(name, type, fmt, info, arg) { #name, SK_PT_##type, SK_PF_##fmt, SK_PI_##info, (arg) },
#define SK_EVENT(num, esym, ename, ecat, eflags) \
	static const struct sk_param_desc params_##esym[] = { SK_PARAMS_##esym(P_ROW){ NULL, 0, 0, 0, 0 } };
#include <saker/events.def>
#undef SK_EVENT

#define SK_EVENT(num, esym, ename, ecat, eflags)                                                                             \
	_Static_assert(SK_COUNTOF(params_##esym) - 1 <= SK_PARAMS_MAX, "raise SK_PARAMS_MAX");                                \
	_Static_assert((num) < SK_EVENT_LIMIT, "raise SK_EVENT_LIMIT");
#include <saker/events.def>
#undef SK_EVENT

/* Descriptor parameter of exit events that do not keep it in parameter 0. */
enum {
#define SK_FD_PARAM(sym, index) FD_AT_##sym = (index),
#include <saker/fd_params.def>
#undef SK_FD_PARAM
};

static const uint8_t fd_at[SK_EVENT_LIMIT] = {
#define SK_FD_PARAM(sym, index) [SK_E_##sym] = FD_AT_##sym,
#include <saker/fd_params.def>
#undef SK_FD_PARAM
};

static const struct sk_event_desc events[SK_EVENT_LIMIT] = {
#define FD_FLAGS (SK_EF_CREATES_FD | SK_EF_DESTROYS_FD | SK_EF_USES_FD)
#define SK_EVENT(num, esym, ename, ecat, eflags)                                                                               \
	[num] = { .name = (ename),                                                                                           \
		  .sym = #esym,                                                                                               \
		  .params = params_##esym,                                                                                    \
		  .category = (ecat),                                                                                         \
		  .flags = (eflags),                                                                                         \
		  .type = (num),                                                                                             \
		  .nparams = SK_COUNTOF(params_##esym) - 1 },
#include <saker/events.def>
#undef SK_EVENT
};

const struct sk_event_desc *
sk_event_desc(uint32_t type)
{
	return type < SK_EVENT_LIMIT ? &events[type] : NULL;
}

int
sk_event_fd_param(uint32_t type)
{
	if (type >= SK_EVENT_LIMIT || !(events[type].flags & FD_FLAGS))
		return -1;
	return fd_at[type];
}

/* --- system calls, errors, signals ----------------------------------------------------------------------------------------- */
static const char *const syscalls[] = {
#define SK_SYSCALL(sc, name, x86, arm, ia32, ia32b, enter, exit) [sc] = #name,
#include <saker/syscalls.def>
#undef SK_SYSCALL
};
static const char *const errnos[] = {
#define SK_ERRNO(value, name) [value] = #name,
#include <saker/errnos.def>
#undef SK_ERRNO
};
static const char *const signals[] = {
#define SK_SIGNAL(value, name) [value] = #name,
#include <saker/signals.def>
#undef SK_SIGNAL
};

uint32_t
sk_syscall_limit(void)
{
	return SK_COUNTOF(syscalls);
}

const char *
sk_syscall_name(uint32_t sc)
{
	return sc < SK_COUNTOF(syscalls) ? syscalls[sc] : NULL;
}

const char *
sk_errno_name(int64_t e)
{
	return e >= 0 && (uint64_t)e < SK_COUNTOF(errnos) ? errnos[e] : NULL;
}

const char *
sk_signal_name(uint32_t s)
{
	return s < SK_COUNTOF(signals) ? signals[s] : NULL;
}

bool
sk_event_name_known(struct sk_slice name)
{
	for (size_t i = 0; i < SK_EVENT_LIMIT; i++)
		if (events[i].name && sk_slice_is(name, events[i].name))
			return true;
	for (size_t i = 0; i < SK_COUNTOF(syscalls); i++)
		if (syscalls[i] && sk_slice_is(name, syscalls[i]))
			return true;
	return false;
}

/* --- fields ---------------------------------------------------------------------------------------------------------------- */
static const struct sk_field_desc fields[SK_F_LIMIT] = {
#define SK_FIELD(fid, sym, fcls, fname, ftype, ffmt, farg, fflags, prov, fera, fstate, fhelp)                                \
	[fid] = { .name = (fname),                                                                                           \
		  .cls = #fcls,                                                                                              \
		  .help = (fhelp),                                                                                           \
		  .flags = (fflags),                                                                                         \
		  .name_len = sizeof(fname) - 1,                                                                             \
		  .id = (fid),                                                                                               \
		  .type = SK_PT_##ftype,                                                                                     \
		  .fmt = SK_PF_##ffmt,                                                                                       \
		  .arg = SK_FA_##farg,                                                                                       \
		  .provider = SK_FP_##prov,                                                                                  \
		  .era = SK_ERA_##fera,                                                                                      \
		  .state = SK_FS_##fstate },
#include <saker/fields.def>
#undef SK_FIELD
};

const struct sk_field_desc *
sk_field_desc(uint32_t id)
{
	return id < SK_F_LIMIT && fields[id].name ? &fields[id] : NULL;
}

const struct sk_field_desc *
sk_field_find(struct sk_slice name)
{
	for (uint32_t i = 0; i < SK_F_LIMIT; i++)
		if (fields[i].name && fields[i].name_len == name.n && memcmp(fields[i].name, name.p, name.n) == 0)
			return &fields[i];
	return NULL;
}

const struct sk_field_desc *
sk_field_prefix(struct sk_slice text)
{
	const struct sk_field_desc *best = NULL;

	for (uint32_t i = 0; i < SK_F_LIMIT; i++) {
		const struct sk_field_desc *f = &fields[i];

		if (!f->name || f->name_len > text.n || f->name[0] != text.p[0] || (best && f->name_len <= best->name_len))
			continue;
		if (memcmp(f->name, text.p, f->name_len) == 0)
			best = f;
	}
	return best;
}

/* --- types ----------------------------------------------------------------------------------------------------------------- */
static const struct type_row {
	const char *name;
	uint8_t kind, width, ops;
} types[SK_PT_LIMIT] = {
#define SK_TYPE(num, tname, tkind, twidth, tops) [num] = { #tname, SK_V_##tkind, (twidth), SK_OPS_##tops },
#include <saker/types.def>
#undef SK_TYPE
};

const char *
sk_type_name(enum sk_ptype t)
{
	return t < SK_PT_LIMIT ? types[t].name : "?";
}

enum sk_vkind
sk_type_kind(enum sk_ptype t)
{
	return t < SK_PT_LIMIT ? (enum sk_vkind)types[t].kind : SK_V_NONE;
}

enum sk_ops_class
sk_type_ops(enum sk_ptype t)
{
	return t < SK_PT_LIMIT ? (enum sk_ops_class)types[t].ops : SK_OPS_NONE;
}

uint32_t
sk_type_width(enum sk_ptype t)
{
	return t < SK_PT_LIMIT ? types[t].width : 0;
}

bool
sk_type_signed(enum sk_ptype t)
{
	return sk_type_kind(t) == SK_V_INT;
}

/* --- symbol tables --------------------------------------------------------------------------------------------------------- */
/* All symbols of all tables in one array; a row without a name begins the next table, so it ends the one before. */
static const struct sk_flag_sym flag_syms[] = {
#define SK_FLAG_TABLE(table) { NULL, SK_FLAGS_##table },
#define SK_FLAG(table, symbol, value) { symbol, value },
#include <saker/flags.def>
#undef SK_FLAG_TABLE
#undef SK_FLAG
	{ NULL, SK_FLAGS_COUNT }
};

/* Row of flag_syms at which each table begins: the enumerators count the rows above. */
#define ROW_NAME_(line) ROW_##line
#define ROW_NAME(line) ROW_NAME_(line)
enum {
#define SK_FLAG_TABLE(table) FIRST_##table,
#define SK_FLAG(table, symbol, value) ROW_NAME(__LINE__),
#include <saker/flags.def>
#undef SK_FLAG_TABLE
#undef SK_FLAG
	ROW_END
};

const struct sk_flag_sym *
sk_flag_symbols(enum sk_flag_table t)
{
	static const uint16_t first[SK_FLAGS_COUNT] = {
		[SK_FLAGS_NONE] = ROW_END,
#define SK_FLAG_TABLE(table) [SK_FLAGS_##table] = FIRST_##table + 1,
#define SK_FLAG(table, symbol, value)
#include <saker/flags.def>
#undef SK_FLAG_TABLE
#undef SK_FLAG
	};

	return &flag_syms[t < SK_FLAGS_COUNT ? first[t] : ROW_END];
}

static const struct dyn_row {
	uint8_t table, selector, type, fmt;
} dyns[] = {
#define SK_DYN(table, selector, type, fmt) { SK_DYN_##table, (selector), SK_PT_##type, SK_PF_##fmt },
#include <saker/dynparams.def>
#undef SK_DYN
};

bool
sk_dyn_type(enum sk_dyn_table t, uint32_t selector, enum sk_ptype *ret_type, enum sk_pfmt *ret_fmt)
{
	for (size_t i = 0; i < SK_COUNTOF(dyns); i++)
		if (dyns[i].table == (uint8_t)t && dyns[i].selector == selector) {
			*ret_type = (enum sk_ptype)dyns[i].type;
			*ret_fmt = (enum sk_pfmt)dyns[i].fmt;
			return true;
		}
	return false;
}

/* --- sources and priorities ------------------------------------------------------------------------------------------------ */
const char *
sk_source_name(enum sk_source s)
{
	static const char *const names[SK_SOURCE_COUNT] = { "syscall", "k8s_audit" };

	return s < SK_SOURCE_COUNT ? names[s] : "?";
}

static const char *const priorities[SK_PRIO_COUNT] = { "Emergency", "Alert",	"Critical",	 "Error",
						       "Warning",   "Notice",	"Informational", "Debug" };

const char *
sk_priority_name(enum sk_priority p)
{
	return p < SK_PRIO_COUNT ? priorities[p] : "?";
}

enum sk_priority
sk_priority_find(struct sk_slice name)
{
	for (size_t i = 0; i < SK_PRIO_COUNT; i++)
		if (name.n == strlen(priorities[i]) && strncasecmp(name.p, priorities[i], name.n) == 0)
			return (enum sk_priority)i;
	return name.n == 4 && strncasecmp(name.p, "info", 4) == 0 ? SK_PRIO_INFORMATIONAL : SK_PRIO_COUNT;
}
