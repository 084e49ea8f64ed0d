/* evt.abspath: the path argument of calls that take a directory descriptor, made absolute. */
#include "daemon/fields/loader.h"
#include "daemon/fields/paths.h"

#include <saker/bundle.h>

#define NO_PARAM 0xff

/* Parameters of the directory and path the call works on, and of the second pair of calls that take two. */
struct at_params {
	uint8_t dir, path, dst_dir, dst_path;
};

static bool
at_params(uint32_t type, struct at_params *ret)
{
	switch (type) {
	case SK_E_SYSCALL_RENAMEAT_X:
	case SK_E_SYSCALL_RENAMEAT2_X:
	case SK_E_SYSCALL_LINKAT_2_X:
		*ret = (struct at_params){ 1, 2, 3, 4 };
		return true;
	case SK_E_SYSCALL_SYMLINKAT_X:
		*ret = (struct at_params){ 2, 3, 2, 3 };
		return true;
	case SK_E_SYSCALL_OPENAT_2_X:
	case SK_E_SYSCALL_OPENAT2_X:
	case SK_E_SYSCALL_UNLINKAT_2_X:
	case SK_E_SYSCALL_MKDIRAT_X:
	case SK_E_SYSCALL_FCHMODAT_X:
	case SK_E_SYSCALL_FCHOWNAT_X:
		*ret = (struct at_params){ 1, 2, 1, 2 };
		return true;
	case SK_E_SYSCALL_OPENAT_2_E:
	case SK_E_SYSCALL_OPENAT2_E:
		*ret = (struct at_params){ 0, 1, 0, 1 };
		return true;
	case SK_E_SYSCALL_OPEN_BY_HANDLE_AT_X: /* the kernel's own absolute path */
		*ret = (struct at_params){ NO_PARAM, 3, NO_PARAM, 3 };
		return true;
	default:
		return false;
	}
}

/* "src" is the default. */
SK_LOADER(evt_abspath)
{
	struct sk_fields *f = ctx;
	const struct sk_event *ev = f->ec.ev;
	bool dst = arg->kind == SK_VA_KEY && sk_slice_is(sk_slice(arg->key, arg->key_len), "dst");
	struct at_params at;

	if (!f->ec.thread || !at_params(ev->type, &at))
		return false;
	uint8_t dir = dst ? at.dst_dir : at.dir, path = dst ? at.dst_path : at.path;
	if (path >= ev->nparams || (dir != NO_PARAM && !sk_ev_len(ev, dir)))
		return false;
	struct sk_slice base = dir == NO_PARAM ? SK_SLICE("/") : sk_event_dir(f, sk_ev_int(ev, dir, 0));
	struct sk_slice whole = sk_event_path(f, base, sk_event_text(ev, path));

	return whole.p && sk_ret_view(ret, whole);
}
