/* fs.path.*: the paths that a successful call on the file system worked on. */
#include "daemon/fields/loader.h"
#include "daemon/fields/paths.h"

/* Parameter 0 is the result, so 0 is free to mean: as a directory the working directory, as a path none. */
#define CWD 0
#define FD 0xff /* as a path: the name of the event's descriptor */

struct place {
	uint8_t dir, path; /* parameters, or the above */
};

/* name, or source and target. */
struct rule {
	struct place name, source, target;
};

static const struct rule rules[SK_EVENT_LIMIT] = {
#define SK_FS_NAME(type, dir, path) [SK_E_##type] = { .name = { dir, path } },
#define SK_FS_PAIR(type, sdir, spath, tdir, tpath) [SK_E_##type] = { .source = { sdir, spath }, .target = { tdir, tpath } },
#include <saker/path_params.def>
#undef SK_FS_NAME
#undef SK_FS_PAIR
};

/* Calls of the open family count unless the result is EPERM: what rules of others were written against. */
static bool
succeeded(const struct sk_fields *f)
{
	uint32_t type = f->ec.ev->type;
	bool opens = type == SK_E_SYSCALL_OPEN_X || type == SK_E_SYSCALL_OPENAT_2_X || type == SK_E_SYSCALL_OPENAT2_X;

	return f->ec.has_res && (opens ? f->ec.res != -1 : f->ec.res == 0);
}

static bool
raw_path(const struct sk_fields *f, struct place at, struct sk_slice *ret)
{
	const struct sk_event *ev = f->ec.ev;

	if (at.path == FD) {
		if (!f->ec.fd)
			return false;
		*ret = sk_str_slice(f->ec.fd->name);
		return true;
	}
	if (at.path >= ev->nparams)
		return false;
	*ret = sk_event_text(ev, at.path);
	return true;
}

static bool
ret_path(struct sk_fields *f, struct place at, bool raw, struct sk_value *ret)
{
	const struct sk_event *ev = f->ec.ev;
	struct sk_slice path, dir = SK_SLICE("");

	if (!at.path || !succeeded(f) || !raw_path(f, at, &path))
		return false;
	if (raw || !path.n || at.path == FD)
		return sk_ret_view(ret, path);
	/* live: the name that the state found to be right */
	if (ev->facts && (ev->desc->flags & SK_EF_CREATES_FD) && f->ec.fd && f->ec.fd_num == f->ec.res)
		return sk_ret_view(ret, sk_str_slice(f->ec.fd->name));
	if (path.p[0] != '/') {
		if (!f->ec.thread)
			return false;
		dir = at.dir == CWD ? sk_thread_cwd(f->ec.thread) : sk_event_dir(f, sk_ev_int(ev, at.dir, 0));
	}
	path = sk_event_path(f, dir, path);
	return path.p && sk_ret_view(ret, path);
}

#define LOADER(field, member, raw)                                                                                           \
	SK_LOADER(field)                                                                                                     \
	{                                                                                                                    \
		struct sk_fields *f = ctx;                                                                                   \
                                                                                                                             \
		(void)arg;                                                                                                   \
		return ret_path(f, rules[f->ec.ev->type].member, raw, ret);                                                  \
	}
LOADER(fs_path_name, name, false)
LOADER(fs_path_nameraw, name, true)
LOADER(fs_path_source, source, false)
LOADER(fs_path_sourceraw, source, true)
LOADER(fs_path_target, target, false)
LOADER(fs_path_targetraw, target, true)
