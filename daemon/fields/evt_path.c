/* evt.abspath: the path argument of calls that take a directory descriptor, made absolute. */
#include "daemon/fields/loader.h"
#include "daemon/fields/paths.h"

#include <saker/bundle.h>

#define NONE 0xff

/* Parameters of the directory and path the call works on, and of the second pair of calls that take two. */
struct at_params {
	uint8_t dir, path, dst_dir, dst_path;
};

static const struct at_params at_params[SK_EVENT_LIMIT] = {
#define SK_ABSPATH(type, dir, path, dst_dir, dst_path) [SK_E_##type] = { dir, path, dst_dir, dst_path },
#include <saker/path_params.def>
#undef SK_ABSPATH
};

/* "src" is the default. */
SK_LOADER(evt_abspath)
{
	struct sk_fields *f = ctx;
	const struct sk_event *ev = f->ec.ev;
	bool dst = arg->kind == SK_VA_KEY && sk_slice_is(sk_slice(arg->key, arg->key_len), "dst");
	const struct at_params *at = &at_params[ev->type];
	uint8_t dir = dst ? at->dst_dir : at->dir, path = dst ? at->dst_path : at->path;

	/* A path is never the first parameter. */
	if (!f->ec.thread || !path)
		return false;
	if (path >= ev->nparams || (dir != NONE && !sk_ev_len(ev, dir)))
		return false;
	struct sk_slice base = dir == NONE ? SK_SLICE("/") : sk_event_dir(f, sk_ev_int(ev, dir, 0));
	struct sk_slice whole = sk_event_path(f, base, sk_event_text(ev, path));

	return whole.p && sk_ret_view(ret, whole);
}
