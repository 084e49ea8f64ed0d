#include "probe/live/calls.h"

#include <string.h>

#if defined(__x86_64__)
#define NATIVE(x86, arm) (x86)
#else
#define NATIVE(x86, arm) (arm)
#endif

/* One row a call; those that this architecture lacks are not entered. */
static const struct row {
	int16_t nr, ia32, ia32b;
	struct sk_call call;
} rows[] = {
#define SK_SYSCALL(sc, name, x86, arm, ia32, ia32b, enter, exit) { NATIVE(x86, arm), ia32, ia32b, { #name, sc, SK_E_##exit } },
#include <saker/syscalls.def>
#undef SK_SYSCALL
};
#define NROWS (sizeof(rows) / sizeof(rows[0]))

const struct sk_call *
sk_call_of(uint32_t nr)
{
	for (size_t i = 0; i < NROWS; i++)
		if (rows[i].nr == (int)nr)
			return &rows[i].call;
	return NULL;
}

void
sk_calls_ia32(uint16_t table[SK_LIVE_CALLS])
{
	memset(table, 0xff, SK_LIVE_CALLS * sizeof(*table));
	for (size_t i = 0; i < NROWS; i++) {
		if (rows[i].nr < 0)
			continue;
		if (rows[i].ia32 >= 0 && rows[i].ia32 < (int)SK_LIVE_CALLS)
			table[rows[i].ia32] = (uint16_t)rows[i].nr;
		if (rows[i].ia32b >= 0 && rows[i].ia32b < (int)SK_LIVE_CALLS)
			table[rows[i].ia32b] = (uint16_t)rows[i].nr;
	}
}
