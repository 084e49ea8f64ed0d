/* System calls of this architecture by number: from syscalls.def. */
#ifndef SK_LIVE_CALLS_H
#define SK_LIVE_CALLS_H

#include <saker/live.h>
#include <saker/schema.h>

struct sk_call {
	const char *name;
	uint16_t sc;
	uint16_t event; /* type of its exit event; GENERIC_X for calls without parameters of their own */
};
/* NULL: this architecture has no such number. */
const struct sk_call *sk_call_of(uint32_t nr);
/* 32-bit numbers to 64-bit ones; UINT16_MAX where there is none. */
void sk_calls_ia32(uint16_t table[SK_LIVE_CALLS]);

#endif
