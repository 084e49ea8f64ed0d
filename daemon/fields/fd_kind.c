#include "daemon/fields/fd_kind.h"

#include "base/attr.h"

static const struct sk_fd_kind kinds[] = {
	[SK_FD_UNKNOWN] = { 'o', "<NA>", SK_FD_CLASS_OTHER },
#define SK_FD_KIND(type, letter, name, cls) [SK_FD_##type] = { letter, name, SK_FD_CLASS_##cls },
#include <saker/fd_kinds.def>
#undef SK_FD_KIND
};

const struct sk_fd_kind *
sk_fd_kind(uint8_t type)
{
	return &kinds[type < SK_COUNTOF(kinds) ? type : SK_FD_UNKNOWN];
}
