/* Names of descriptors. When the descriptor is not known, because the call that was to make it failed, the event itself says what it
 * would have been called. */
#include "daemon/fields/fd_field.h"
#include "daemon/fields/param_text.h"
#include "daemon/fields/paths.h"

/* --- names by the event ---------------------------------------------------------------------------------------------------- */
static struct sk_slice
param_text(struct sk_fields *f, uint32_t i)
{
	struct sk_out o;

	sk_out_begin(&o, f);
	sk_param_resolved(&o, i);
	if (!o.n)
		sk_param_plain(&o, i);
	return sk_out_keep(&o);
}

static struct sk_slice
path_at(struct sk_fields *f, uint32_t dirfd, uint32_t path)
{
	const struct sk_event *ev = f->ec.ev;
	struct sk_slice s;

	s = sk_event_path(f, sk_event_dir(f, sk_ev_int(ev, dirfd, -1)), sk_event_text(ev, path));
	return s.p ? s : sk_slice("", 0);
}

bool
sk_fd_name_by_event(struct sk_fields *f, struct sk_slice *ret)
{
	const struct sk_event *ev = f->ec.ev;

	if (ev->type % 2 == 0) /* an enter event */
		return false;
	switch (ev->type) {
	case SK_E_SYSCALL_OPEN_X:
	case SK_E_SYSCALL_CREAT_X:
	case SK_E_SOCKET_ACCEPT_X:
	case SK_E_SOCKET_ACCEPT_5_X:
	case SK_E_SOCKET_ACCEPT4_X:
	case SK_E_SOCKET_ACCEPT4_5_X:
	case SK_E_SOCKET_ACCEPT4_6_X:
	case SK_E_SOCKET_CONNECT_X:
		*ret = param_text(f, 1);
		break;
	case SK_E_SYSCALL_OPENAT_2_X:
	case SK_E_SYSCALL_OPENAT2_X:
		*ret = path_at(f, 1, 2);
		break;
	case SK_E_SYSCALL_OPEN_BY_HANDLE_AT_X:
		*ret = sk_event_text(ev, 3);
		break;
	default:
		*ret = sk_slice("", 0);
		break;
	}
	return true;
}

/* What the program passed, where that is known apart from the name. */
static bool
raw_name_by_event(struct sk_fields *f, struct sk_slice *ret)
{
	const struct sk_event *ev = f->ec.ev;

	if (ev->type != SK_E_SYSCALL_OPENAT_2_X && ev->type != SK_E_SYSCALL_OPENAT2_X)
		return sk_fd_name_by_event(f, ret);
	*ret = sk_event_text(ev, 2);
	return true;
}

/* --- fd.name, fd.nameraw --------------------------------------------------------------------------------------------------- */
static bool
name_of(struct sk_fields *f, struct sk_slice *ret)
{
	if (!sk_fd_applies(f))
		return false;
	if (!f->ec.fd)
		return sk_fd_name_by_event(f, ret);
	*ret = sk_str_slice(f->ec.fd->name);
	return true;
}

SK_LOADER(fd_name)
{
	struct sk_slice s;

	(void)arg;
	return name_of(ctx, &s) && sk_ret_view(ret, s);
}

static bool
has_double_slash(struct sk_slice s)
{
	return s.n > 1 && memmem(s.p, s.n, "//", 2);
}

SK_LOADER(fd_nameraw)
{
	struct sk_fields *f = ctx;
	struct sk_slice s;
	struct sk_out o;

	(void)arg;
	if (!sk_fd_applies(f))
		return false;
	if (f->ec.fd)
		s = sk_str_slice(f->ec.fd->raw_name);
	else if (!raw_name_by_event(f, &s))
		return false;
	if (!has_double_slash(s))
		return sk_ret_view(ret, s);
	sk_out_begin(&o, f);
	for (size_t i = 0; i < s.n; i++)
		if (i == 0 || s.p[i] != '/' || s.p[i - 1] != '/')
			sk_out_char(&o, s.p[i]);
	return sk_out_ret(&o, ret);
}

/* --- fd.directory, fd.filename --------------------------------------------------------------------------------------------- */
static const char *
last_slash(struct sk_slice s)
{
	return s.n ? memrchr(s.p, '/', s.n) : NULL;
}

/* What is before the last slash; all of it if that ends the name, and "/" if there is no other. */
static struct sk_slice
directory_part(struct sk_slice name)
{
	const char *slash = last_slash(name);

	if (!slash || slash == name.p)
		return SK_SLICE("/");
	return slash == name.p + name.n - 1 ? name : sk_slice(name.p, (size_t)(slash - name.p));
}

static bool
is_directory(const struct sk_fd *fd)
{
	return fd->type == SK_FD_DIRECTORY;
}

static bool
is_plain_file(const struct sk_fd *fd)
{
	return fd->type == SK_FD_FILE || fd->type == SK_FD_FILE_V2;
}

static bool
directory_of(struct sk_fields *f, struct sk_slice *ret)
{
	const struct sk_fd *fd = f->ec.fd;
	struct sk_slice name;

	if (!name_of(f, &name) || (fd && !is_plain_file(fd) && !is_directory(fd)))
		return false;
	*ret = fd && is_directory(fd) ? name : directory_part(name);
	return true;
}

SK_LOADER(fd_directory)
{
	struct sk_slice s;

	(void)arg;
	return directory_of(ctx, &s) && sk_ret_view(ret, s);
}

static bool
ret_file_part(struct sk_value *ret, struct sk_slice name)
{
	const char *slash = last_slash(name), *end = name.p + name.n;

	if (!slash)
		return sk_ret_const(ret, "/");
	return sk_ret_view(ret, slash + 1 == end ? name : sk_slice(slash + 1, (size_t)(end - slash - 1)));
}

SK_LOADER_OF_FD(fd_filename, is_plain_file(fd) && ret_file_part(ret, sk_str_slice(fd->name)))

/* --- with the container in front ------------------------------------------------------------------------------------------- */
static bool
ret_in_container(struct sk_fields *f, struct sk_value *ret, struct sk_slice s)
{
	struct sk_out o;

	sk_out_begin(&o, f);
	sk_out_slice(&o, sk_str_slice(f->ec.thread->container_id));
	sk_out_char(&o, ':');
	sk_out_slice(&o, s);
	return sk_out_ret(&o, ret);
}

SK_LOADER(fd_containername)
{
	struct sk_slice s;

	(void)arg;
	return name_of(ctx, &s) && ret_in_container(ctx, ret, s);
}

SK_LOADER(fd_containerdirectory)
{
	struct sk_slice s;

	(void)arg;
	return directory_of(ctx, &s) && ret_in_container(ctx, ret, s);
}
