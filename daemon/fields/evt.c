/* What the event is: number, type, category, direction, result. */
#include "base/schema.h"
#include "daemon/fields/fd_kind.h"
#include "daemon/fields/loader.h"
#include "daemon/fields/param_text.h"
#include "daemon/fields/paths.h"

#include <string.h>

#define CATEGORY_BITS (SK_EC_SYSCALL - 1) /* without the bits that say where the event comes from */

/* Parameters by number. */
#define GENERIC_ID 0
#define GENERIC_NATIVE 1
#define ASYNC_NAME 1
#define INFRA_DESCRIPTION 2

static bool
has_flag(void *ctx, uint32_t flag)
{
	const struct sk_fields *f = ctx;

	return (f->ec.ev->desc->flags & flag) != 0;
}

static bool
is_meta(const struct sk_fields *f)
{
	return (f->ec.ev->desc->category & SK_EC_METAEVENT) != 0;
}

SK_LOADER(evt_num)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_uint(ret, f->ec.ev->num);
}

SK_LOADER(evt_cpu)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_int(ret, (int16_t)f->ec.ev->cpu);
}

SK_LOADER(evt_dir)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_view(ret, f->ec.ev->type & 1 ? SK_SLICE("<") : SK_SLICE(">"));
}

SK_LOADER(evt_source)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_view(ret, sk_slice_cstr(sk_source_name(f->source)));
}

SK_LOADER(evt_hostname)
{
	struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_view(ret, f->hostname ? sk_slice_cstr(f->hostname) : sk_state_hostname(f->ec.state));
}

SK_LOADER(util_cnt)
{
	struct sk_fields *f = ctx;

	(void)arg;
	return sk_ret_uint(ret, f->count++);
}

/* --- type and category ----------------------------------------------------------------------------------------------------- */
#ifdef __aarch64__
#define NATIVE(x86, arm) (arm)
#else
#define NATIVE(x86, arm) (x86)
#endif

/* By the number of this machine's architecture: for calls that the recording side had no portable number for. */
static const char *
native_name(uint32_t nr)
{
	static const struct {
		const char *name;
		int nr;
	} calls[] = {
#define SK_SYSCALL(sc, sname, x86, arm, ia32, ia32b, enter, exit) { #sname, NATIVE(x86, arm) },
#include <saker/syscalls.def>
#undef SK_SYSCALL
	};

	for (size_t i = 0; i < SK_COUNTOF(calls); i++)
		if (calls[i].nr >= 0 && (uint32_t)calls[i].nr == nr)
			return calls[i].name;
	return "unknown";
}

/* Calls without an event of their own share one, and so do events that plugins make up: the name is in a parameter. */
static struct sk_slice
type_name(const struct sk_fields *f)
{
	const struct sk_event *ev = f->ec.ev;
	const char *name = ev->desc->name;

	if (ev->type == SK_E_GENERIC_E || ev->type == SK_E_GENERIC_X) {
		uint32_t id = (uint32_t)sk_ev_uint(ev, GENERIC_ID);

		name = id ? sk_syscall_name(id) : NULL;
		name = name ? name : native_name((uint32_t)sk_ev_uint(ev, GENERIC_NATIVE));
	} else if (ev->type == SK_E_ASYNCEVENT_E && sk_ev_len(ev, ASYNC_NAME)) {
		return sk_event_text(ev, ASYNC_NAME);
	}
	return sk_slice_cstr(name);
}

SK_LOADER(evt_type)
{
	(void)arg;
	return sk_ret_view(ret, type_name(ctx));
}

SK_LOADER(syscall_type)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return (f->ec.ev->desc->category & SK_EC_SYSCALL) != 0 && sk_ret_view(ret, type_name(f));
}

SK_LOADER(evt_asynctype)
{
	(void)arg;
	return is_meta(ctx) && sk_ret_view(ret, type_name(ctx));
}

SK_LOADER(evt_is_async)
{
	(void)arg;
	return sk_ret_bool(ret, is_meta(ctx));
}

/* 1 if the event is of the type in the argument, or the exit that belongs to it. */
SK_LOADER(evt_type_is)
{
	const struct sk_fields *f = ctx;
	uint64_t type = f->ec.ev->type, want = sk_arg_number(arg);

	return sk_ret_uint(ret, type == want || type == (want | 1));
}

static const char *
io_category(const struct sk_fd *fd)
{
	static const char *const names[] = { [SK_FD_CLASS_OTHER] = "unknown",
					     [SK_FD_CLASS_FILE] = "file",
					     [SK_FD_CLASS_NET] = "net",
					     [SK_FD_CLASS_IPC] = "ipc" };

	return fd ? names[sk_fd_kind(fd->type)->cls] : "unknown";
}

static const char *
category_name(uint32_t category)
{
	switch (category) {
#define SK_CATEGORY(kind, text)                                                                                              \
	case SK_EC_##kind:                                                                                                   \
		return text;
#include <saker/categories.def>
#undef SK_CATEGORY
	default:
		return "unknown";
	}
}

SK_LOADER(evt_category)
{
	const struct sk_fields *f = ctx;
	uint32_t c = f->ec.ev->desc->category & CATEGORY_BITS;

	(void)arg;
	return sk_ret_const(ret, c >= SK_EC_IO_READ && c <= SK_EC_IO_OTHER ? io_category(f->ec.fd) : category_name(c));
}

/* --- input and output ------------------------------------------------------------------------------------------------------ */
SK_LOADER(evt_is_io)
{
	(void)arg;
	return sk_ret_bool(ret, has_flag(ctx, SK_EF_READS_FROM_FD | SK_EF_WRITES_TO_FD));
}

SK_LOADER(evt_is_io_read)
{
	(void)arg;
	return sk_ret_bool(ret, has_flag(ctx, SK_EF_READS_FROM_FD));
}

SK_LOADER(evt_is_io_write)
{
	(void)arg;
	return sk_ret_bool(ret, has_flag(ctx, SK_EF_WRITES_TO_FD));
}

SK_LOADER(evt_io_dir)
{
	(void)arg;
	if (has_flag(ctx, SK_EF_WRITES_TO_FD))
		return sk_ret_view(ret, SK_SLICE("write")); /* also what copies from one descriptor to another */
	return has_flag(ctx, SK_EF_READS_FROM_FD) && sk_ret_view(ret, SK_SLICE("read"));
}

SK_LOADER(evt_is_wait)
{
	(void)arg;
	return sk_ret_bool(ret, has_flag(ctx, SK_EF_WAITS));
}

SK_LOADER(evt_is_syslog)
{
	const struct sk_fields *f = ctx;
	const struct sk_fd *fd = f->ec.fd;

	(void)arg;
	return sk_ret_bool(ret, has_flag(ctx, SK_EF_WRITES_TO_FD) && fd && strstr(fd->name->s, "/dev/log"));
}

/* --- result ---------------------------------------------------------------------------------------------------------------- */
SK_LOADER(evt_rawres)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return f->ec.has_res && sk_ret_int(ret, f->ec.res);
}

SK_LOADER(evt_failed)
{
	const struct sk_fields *f = ctx;

	(void)arg;
	return f->ec.has_res && sk_ret_bool(ret, f->ec.res < 0);
}

/* Results that the schema has as plain numbers, process_vm_readv's and process_vm_writev's, have no names of errors, here as in evt.args. */
static bool
counts_bytes(const struct sk_event *ev)
{
	return ev->desc->nparams && ev->desc->params[0].type == SK_PT_INT64;
}

SK_LOADER(evt_res)
{
	struct sk_fields *f = ctx;
	const char *error;
	struct sk_out o;

	(void)arg;
	if (!f->ec.has_res)
		return false;
	if (f->ec.res >= 0)
		return sk_ret_view(ret, SK_SLICE("SUCCESS"));
	error = f->ec.res == INT64_MIN || counts_bytes(f->ec.ev) ? NULL : sk_errno_name(-f->ec.res);
	if (error)
		return sk_ret_view(ret, sk_slice_cstr(error));
	sk_out_begin(&o, f);
	sk_out_i64(&o, f->ec.res);
	return sk_out_ret(&o, ret);
}

/* --- events of plugins and infrastructure ---------------------------------------------------------------------------------- */
SK_LOADER(evt_pluginname)
{
	(void)ctx;
	(void)arg;
	(void)ret;
	return false; /* no plugin makes events here */
}

SK_LOADER(evt_plugininfo)
{
	return sk_x_evt_pluginname(ctx, arg, ret);
}

static struct sk_slice
trim(struct sk_slice s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = sk_slice(s.p + 1, s.n - 1);
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* The value of KEY in a description like "Event: start; ID: 1234; Image: busybox". */
static bool
ret_infra(const struct sk_fields *f, const char *key, struct sk_value *ret)
{
	const struct sk_event *ev = f->ec.ev;
	struct sk_slice text;

	if (ev->type != SK_E_INFRASTRUCTURE_EVENT_E || !sk_ev_len(ev, INFRA_DESCRIPTION))
		return false;
	text = sk_event_text(ev, INFRA_DESCRIPTION);
	while (text.n) {
		const char *end = memchr(text.p, ';', text.n);
		struct sk_slice item = { text.p, end ? (size_t)(end - text.p) : text.n };
		const char *colon = memchr(item.p, ':', item.n);

		if (colon && sk_slice_is(trim(sk_slice(item.p, (size_t)(colon - item.p))), key))
			return sk_ret_view(ret, trim(sk_slice(colon + 1, item.n - (size_t)(colon + 1 - item.p))));
		text = end ? sk_slice(end + 1, text.n - item.n - 1) : sk_slice(NULL, 0);
	}
	return false;
}

SK_LOADER(evt_infra_docker_name)
{
	(void)arg;
	return ret_infra(ctx, "Event", ret);
}

SK_LOADER(evt_infra_docker_container_id)
{
	(void)arg;
	return ret_infra(ctx, "ID", ret);
}

SK_LOADER(evt_infra_docker_container_name)
{
	(void)arg;
	return ret_infra(ctx, "name", ret);
}

SK_LOADER(evt_infra_docker_container_image)
{
	(void)arg;
	return ret_infra(ctx, "Image", ret);
}
