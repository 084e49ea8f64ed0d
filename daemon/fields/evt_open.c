/* evt.is_open_*: what a call of the open family was for. */
#include "daemon/fields/loader.h"

/* Schema bits of flag parameters (table file_flags); O_RDWR is both of the first two. */
#define FLAG_RDONLY (1u << 0)
#define FLAG_WRONLY (1u << 1)
#define FLAG_CREAT (1u << 2)
#define FLAG_TMPFILE (1u << 13)
#define FLAG_F_CREATED (1u << 14)
#define MODE_ANY_EXEC 0111u
#define NO_PARAM 0xff

struct open_params {
	uint8_t flags, mode;
};

/* Where an exit event of the open family keeps flags and mode; false for other events. */
static bool
open_params(uint32_t type, struct open_params *ret)
{
	switch (type) {
	case SK_E_SYSCALL_OPEN_X:
		*ret = (struct open_params){ 2, 3 };
		return true;
	case SK_E_SYSCALL_OPENAT_2_X:
	case SK_E_SYSCALL_OPENAT2_X:
		*ret = (struct open_params){ 3, 4 };
		return true;
	case SK_E_SYSCALL_OPEN_BY_HANDLE_AT_X:
		*ret = (struct open_params){ 2, NO_PARAM };
		return true;
	default:
		return false;
	}
}

static uint32_t
open_flags(const struct sk_event *ev)
{
	struct open_params p;

	return open_params(ev->type, &p) ? (uint32_t)sk_ev_uint(ev, p.flags) : 0;
}

static uint32_t
open_mode(const struct sk_event *ev)
{
	struct open_params p;

	if (ev->type == SK_E_SYSCALL_CREAT_X)
		return (uint32_t)sk_ev_uint(ev, 2);
	return open_params(ev->type, &p) && p.mode != NO_PARAM ? (uint32_t)sk_ev_uint(ev, p.mode) : 0;
}

SK_LOADER(evt_is_open_read)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_bool(ret, (open_flags(f->ec.ev) & FLAG_RDONLY) != 0);
}

SK_LOADER(evt_is_open_write)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_bool(ret, (open_flags(f->ec.ev) & FLAG_WRONLY) != 0);
}

SK_LOADER(evt_is_open_exec)
{
	const struct sk_fields *f = ctx;
	const struct sk_event *ev = f->ec.ev;
	bool creates = ev->type == SK_E_SYSCALL_CREAT_X || (open_flags(ev) & (FLAG_CREAT | FLAG_TMPFILE)) != 0;

	(void)arg;
	return sk_ret_bool(ret, creates && (open_mode(ev) & MODE_ANY_EXEC) != 0);
}

SK_LOADER(evt_is_open_create)
{
	const struct sk_fields *f = ctx;
	uint32_t flags = open_flags(f->ec.ev);

	(void)arg;
	return sk_ret_bool(ret, (flags & FLAG_F_CREATED) != 0 || ((flags & FLAG_TMPFILE) != 0 && f->ec.has_res && f->ec.res >= 0));
}
