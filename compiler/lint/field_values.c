/* The tables are those that the daemon takes the texts from. */
#include "compiler/lint/field_values.h"

#include <saker/lists.h>

static const char *const io_dirs[] = { "read", "write", NULL };
static const char *const families[] = { "ip", "unix", NULL };

#define L4_NAME(sym, text) text,
static const char *const protos[] = { SK_L4_NAMES(L4_NAME) "<NA>", NULL };
#undef L4_NAME

/* Of reads and writes it is the kind of the descriptor, which has "ipc" where other calls have "IPC". */
static const char *const categories[] = {
#define SK_CATEGORY(kind, text) text,
#include <saker/categories.def>
#undef SK_CATEGORY
	"ipc", NULL
};

static const char *const container_types[] = {
#define SK_CONTAINER_TYPE(sym, number, text) text,
#include <saker/container_types.def>
#undef SK_CONTAINER_TYPE
	NULL
};

static const char *const fd_types[] = {
#define SK_FD_KIND(type, letter, text, category) text,
#include <saker/fd_kinds.def>
#undef SK_FD_KIND
	NULL
};

static const char *const fd_letters[] = {
#define SK_FD_KIND(type, letter, text, category) (const char[]){ (letter), 0 },
#include <saker/fd_kinds.def>
#undef SK_FD_KIND
	"o", NULL
};

static const char *const caps[] = {
#define SK_CAP(bit, name) name,
#include <saker/caps.def>
#undef SK_CAP
	NULL
};

const char *const *
sk_field_values(enum sk_field_id id)
{
	switch ((int)id) {
	case SK_F_evt_io_dir: return io_dirs;
	case SK_F_evt_category: return categories;
	case SK_F_fd_type:
	case SK_F_fd_types:
	case SK_F_proc_stdin_type:
	case SK_F_proc_stdout_type:
	case SK_F_proc_stderr_type: return fd_types;
	case SK_F_fd_typechar: return fd_letters;
	case SK_F_fd_l4proto: return protos;
	case SK_F_fd_sockfamily: return families;
	case SK_F_container_type: return container_types;
	case SK_F_thread_cap_effective:
	case SK_F_thread_cap_permitted:
	case SK_F_thread_cap_inheritable: return caps;
	default: return NULL;
	}
}

bool
sk_field_is_words(enum sk_field_id id)
{
	return id == SK_F_thread_cap_effective || id == SK_F_thread_cap_permitted || id == SK_F_thread_cap_inheritable;
}
