/* Which event types have a value of a field. A wrong answer here loses matches: a type is said to lack a field only where the field's own code (daemon/fields) can
 * never give a value for it. tests/conformance/test_fold.c compares the answers with what that code does. */
#include "compiler/plan.h"

#include "base/schema.h"

#define KIND_BITS (SK_EC_SYSCALL - 1)

static const bool named[SK_EVENT_LIMIT] = {
#define SK_FS_NAME(type, dir, path) [SK_E_##type] = true,
#include <saker/path_params.def>
#undef SK_FS_NAME
};
static const bool paired[SK_EVENT_LIMIT] = {
#define SK_FS_PAIR(type, sdir, spath, tdir, tpath) [SK_E_##type] = true,
#include <saker/path_params.def>
#undef SK_FS_PAIR
};
static const bool absolute[SK_EVENT_LIMIT] = {
#define SK_ABSPATH(type, dir, path, dst_dir, dst_path) [SK_E_##type] = true,
#include <saker/path_params.def>
#undef SK_ABSPATH
};

/* --- what types are like --------------------------------------------------------------------------------------------------- */
static bool
works_on_fd(const struct sk_event_desc *d)
{
	return (d->flags & (SK_EF_USES_FD | SK_EF_CREATES_FD | SK_EF_DESTROYS_FD)) != 0;
}

static bool
has_result(uint32_t type, const struct sk_event_desc *d)
{
	return (type & 1) && type != SK_E_GENERIC_X && (d->category & SK_EC_SYSCALL);
}

static bool
is_memory(const struct sk_event_desc *d)
{
	return (d->category & KIND_BITS) == SK_EC_MEMORY;
}

/* Moves bytes from or to a descriptor. WANT: SK_EC_IO_READ or SK_EC_IO_WRITE; 0: either. */
static bool
moves_bytes(uint32_t type, const struct sk_event_desc *d, uint32_t want)
{
	uint32_t kind = d->category & KIND_BITS;

	return works_on_fd(d) && has_result(type, d) && (kind & SK_EC_IO_BASE) && (!want || kind == want);
}

static bool
has_data(const struct sk_event_desc *d)
{
	for (uint32_t i = 0; i < d->nparams; i++)
		if (strcmp(d->params[i].name, "data") == 0)
			return d->params[i].type == SK_PT_BYTEBUF || d->params[i].type == SK_PT_DYN;
	return false;
}

/* --- descriptors that the event itself makes ------------------------------------------------------------------------------- */
static bool
makes_file(uint32_t type)
{
	return type == SK_E_SYSCALL_OPEN_X || type == SK_E_SYSCALL_CREAT_X || type == SK_E_SYSCALL_OPENAT_2_X || type == SK_E_SYSCALL_OPENAT2_X ||
	       type == SK_E_SYSCALL_OPEN_BY_HANDLE_AT_X;
}

/* One of the kernel's objects that are neither files nor sockets. */
static bool
makes_object(uint32_t type)
{
	switch (type) {
	case SK_E_SYSCALL_PIPE_X:
	case SK_E_SYSCALL_PIPE2_X:
	case SK_E_SYSCALL_EVENTFD_X:
	case SK_E_SYSCALL_EVENTFD2_X:
	case SK_E_SYSCALL_SIGNALFD_X:
	case SK_E_SYSCALL_SIGNALFD4_X:
	case SK_E_SYSCALL_TIMERFD_CREATE_X:
	case SK_E_SYSCALL_INOTIFY_INIT_X:
	case SK_E_SYSCALL_INOTIFY_INIT1_X:
	case SK_E_SYSCALL_MEMFD_CREATE_X:
	case SK_E_SYSCALL_PIDFD_OPEN_X:
	case SK_E_SYSCALL_BPF_2_X:
	case SK_E_SYSCALL_USERFAULTFD_X:
	case SK_E_SYSCALL_IO_URING_SETUP_X:
	case SK_E_SYSCALL_EPOLL_CREATE_X:
	case SK_E_SYSCALL_EPOLL_CREATE1_X: return true;
	default: return false;
	}
}

static bool
makes_socket(uint32_t type)
{
	return type == SK_E_SOCKET_SOCKET_X || type == SK_E_SOCKET_SOCKETPAIR_X || type == SK_E_SOCKET_ACCEPT_5_X || type == SK_E_SOCKET_ACCEPT4_6_X;
}

static bool
lacks_fd_field(enum sk_field_id id, uint32_t type)
{
	switch ((int)id) {
	case SK_F_fd_cip_name: /* names of hosts are never looked up */
	case SK_F_fd_sip_name:
	case SK_F_fd_lip_name:
	case SK_F_fd_rip_name: return true;
	case SK_F_fd_cip:
	case SK_F_fd_sip:
	case SK_F_fd_lip:
	case SK_F_fd_rip:
	case SK_F_fd_cnet:
	case SK_F_fd_snet:
	case SK_F_fd_lnet:
	case SK_F_fd_rnet:
	case SK_F_fd_cport:
	case SK_F_fd_sport:
	case SK_F_fd_lport:
	case SK_F_fd_rport:
	case SK_F_fd_lproto:
	case SK_F_fd_rproto: return makes_file(type) || makes_object(type) || type == SK_E_SOCKET_SOCKET_X; /* a new socket has no ends */
	case SK_F_fd_ip:
	case SK_F_fd_net:
	case SK_F_fd_port:
	case SK_F_fd_proto:
	case SK_F_fd_cproto:
	case SK_F_fd_sproto:
	case SK_F_fd_sockfamily: return makes_file(type) || makes_object(type);
	case SK_F_fd_filename: return makes_object(type) || makes_socket(type);
	default: return false;
	}
}

/* --- fields ---------------------------------------------------------------------------------------------------------------- */
static bool
lacks_count(enum sk_field_id id, uint32_t type, const struct sk_event_desc *d)
{
	switch ((int)id) {
	case SK_F_evt_count_exit: return !(type & 1);
	case SK_F_evt_count_error: return !has_result(type, d);
	case SK_F_evt_count_error_file:
	case SK_F_evt_count_error_net: return !has_result(type, d) || !works_on_fd(d);
	case SK_F_evt_count_error_memory: return !has_result(type, d) || !is_memory(d);
	case SK_F_evt_count_error_other: return !has_result(type, d) || (!works_on_fd(d) && is_memory(d));
	case SK_F_evt_buflen:
	case SK_F_evt_buflen_file:
	case SK_F_evt_buflen_net: return !moves_bytes(type, d, 0);
	case SK_F_evt_buflen_in:
	case SK_F_evt_buflen_file_in:
	case SK_F_evt_buflen_net_in: return !moves_bytes(type, d, SK_EC_IO_READ);
	case SK_F_evt_buflen_out:
	case SK_F_evt_buflen_file_out:
	case SK_F_evt_buflen_net_out: return !moves_bytes(type, d, SK_EC_IO_WRITE);
	default: return false;
	}
}

bool
sk_type_lacks_field(const struct sk_field_desc *f, uint32_t type)
{
	const struct sk_event_desc *d = sk_event_desc(type);
	enum sk_field_id id = (enum sk_field_id)f->id;

	/* fd.types looks at the whole table of the process; all other fd fields at the descriptor of the event. */
	if (strcmp(f->cls, "fd") == 0)
		return id != SK_F_fd_types && (!works_on_fd(d) || lacks_fd_field(id, type));
	switch ((int)id) {
	case SK_F_evt_res:
	case SK_F_evt_rawres:
	case SK_F_evt_failed: return !has_result(type, d);
	case SK_F_evt_buffer: return !has_data(d);
	case SK_F_evt_abspath: return !absolute[type];
	case SK_F_fs_path_name:
	case SK_F_fs_path_nameraw: return !named[type];
	case SK_F_fs_path_source:
	case SK_F_fs_path_sourceraw:
	case SK_F_fs_path_target:
	case SK_F_fs_path_targetraw: return !paired[type];
	case SK_F_evt_asynctype: return !(d->category & SK_EC_METAEVENT);
	case SK_F_evt_infra_docker_name:
	case SK_F_evt_infra_docker_container_id:
	case SK_F_evt_infra_docker_container_name:
	case SK_F_evt_infra_docker_container_image: return type != SK_E_INFRASTRUCTURE_EVENT_E;
	case SK_F_evt_pluginname: /* no plugin makes events here */
	case SK_F_evt_plugininfo:
	case SK_F_evt_latency_quantized: return true;
	default: return lacks_count(id, type, d);
	}
}
