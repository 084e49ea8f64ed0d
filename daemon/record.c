#include "daemon/record.h"

#include "base/buf.h"
#include "daemon/compile_child.h"
#include "daemon/log.h"
#include "probe/scap/writer.h"

#include <errno.h>
#include <sys/stat.h>

struct sk_recorder {
	struct sk_engine *engine;
	char *path;
	struct sk_scap_writer *writer;
	struct sk_list_sink to[2]; /* the engine, the file */
	struct sk_buf image;       /* what the bundle reads */
	struct sk_bundle *bundle;
	struct sk_vm *filter;
	uint64_t refused; /* events that the format cannot hold */
	int error;        /* the first; stays */
	bool live;
};

/* --- the condition --- */
/* A rule file of one rule. JSON text is YAML text. */
static bool
rule_of(const char *condition, struct sk_buf *out)
{
	sk_buf_str(out, "- rule: write filter\n  desc: selects events\n  output: selected\n  priority: DEBUG\n  warn_evttypes: "
			"false\n  condition: \"");
	sk_buf_json(out, sk_slice_cstr(condition));
	sk_buf_str(out, "\"\n");
	return !out->failed;
}

static int
compile_filter(struct sk_recorder *r, const char *condition, char *err, size_t n)
{
	static const char *const args[] = {"compile", "-o", "-", "--", "-", NULL};
	struct sk_buf text = {0};
	struct sk_reject why;
	int rc = rule_of(condition, &text) ? 0 : -ENOMEM;

	if (rc == 0)
		rc = sk_compiler_run(&(struct sk_compiler_run){.args = args, .input = sk_buf_view(&text)}, &r->image, err, n);
	sk_buf_free(&text);
	if (rc == -EINVAL)
		(void)snprintf(err, n, "--write-filter: the condition has errors");
	if (rc < 0)
		return rc;
	rc = sk_bundle_open(sk_buf_view(&r->image).p, r->image.n, &r->bundle, &why);
	if (rc < 0)
		(void)snprintf(err, n, "--write-filter: %s", why.text);
	return rc;
}

static int
make_filter(struct sk_recorder *r, const char *condition, char *err, size_t n)
{
	struct sk_loader loader = sk_fields_loader(sk_engine_fields(r->engine));
	int rc = compile_filter(r, condition, err, n);

	return rc < 0 ? rc : sk_vm_new(r->bundle, &loader, NULL, &r->filter, err, n);
}

static bool
selected(struct sk_recorder *r, const struct sk_event_ctx *x)
{
	if (!r->filter)
		return true;
	if (!x->deliver)
		return false;
	sk_vm_begin(r->filter);
	return sk_vm_run(r->filter, SK_SOURCE_SYSCALL, x->ev->type) > 0;
}

/* --- the file --- */
static bool
same_file(const char *a, const char *b)
{
	struct stat x, y;

	return a && b && stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static int
open_file(struct sk_recorder *r, const struct sk_record_opts *o, char *err, size_t n)
{
	struct sk_scap_error why = {"", 0};
	int rc;

	if (same_file(o->path, o->source)) {
		(void)snprintf(err, n, "%s: is the capture that is read; write to another file", o->path);
		return -EINVAL;
	}
	rc = sk_scap_writer_open(o->path, o->gzip || sk_slice_ends(sk_slice_cstr(o->path), SK_SLICE(".gz")), &r->writer, &why);
	if (rc < 0)
		(void)snprintf(err, n, "%s", why.text);
	else
		sk_scap_writer_sink(r->writer, &r->to[1]);
	return rc;
}

int
sk_recorder_open(const struct sk_record_opts *o, struct sk_engine *e, struct sk_recorder **ret, char *err, size_t n)
{
	struct sk_recorder *r = calloc(1, sizeof(*r));
	char ignored[256];
	int rc = -ENOMEM;

	*err = '\0';
	if (!r)
		return rc;
	r->engine = e;
	r->live = !o->source;
	r->to[0] = sk_engine_sink(e);
	r->path = strdup(o->path);
	if (r->path)
		rc = o->condition ? make_filter(r, o->condition, err, n) : 0;
	if (rc == 0)
		rc = open_file(r, o, err, n);
	if (rc < 0) {
		(void)sk_recorder_close(r, ignored, sizeof(ignored));
		return rc;
	}
	*ret = r;
	return 0;
}

static void
failed(struct sk_recorder *r, int error)
{
	if (r->error)
		return;
	r->error = error;
	sk_log(SK_PRIO_ERROR, "%s: %s; nothing more is written to it, alerts go on", r->path, strerror(-error));
}

void
sk_recorder_event(struct sk_recorder *r)
{
	const struct sk_event_ctx *x = &sk_engine_fields(r->engine)->ec;
	struct sk_event state_only = *x->ev;
	const struct sk_event *ev = x->ev;
	int rc;

	if (r->error)
		return;
	if (!selected(r, x)) {
		if (!sk_state_needs(x))
			return;
		state_only.dump_flags |= SK_EVENT_STATE_ONLY;
		ev = &state_only;
	}
	rc = sk_scap_write_event(r->writer, ev);
	if (rc == -EMSGSIZE)
		r->refused++;
	else if (rc < 0)
		failed(r, rc);
}

int
sk_recorder_close(struct sk_recorder *r, char *err, size_t n)
{
	int rc;

	if (!r)
		return 0;
	rc = sk_scap_writer_close(r->writer);
	rc = r->error ? r->error : rc;
	if (rc < 0)
		(void)snprintf(err, n, "%s: the capture is not complete: %s", r->path ? r->path : "-w", strerror(-rc));
	if (r->refused)
		sk_log(SK_PRIO_WARNING, "%s: %llu events have parameters too long for the format and were left out", r->path,
		       (unsigned long long)r->refused);
	sk_vm_free(r->filter);
	sk_bundle_close(r->bundle);
	sk_buf_free(&r->image);
	free(r->path);
	free(r);
	return rc;
}

/* --- lists: to the engine, then to the file --- */
/* Every sink that wants MEMBER. */
#define EACH(s, member)                                                                                                          \
	for (const struct sk_list_sink *s = ((const struct sk_recorder *)ctx)->to, *end = s + 2; s < end; s++)                   \
		if (s->member)

static void
on_section(void *ctx)
{
	EACH(s, section)
	s->section(s->ctx);
}

static void
on_machine(void *ctx, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname)
{
	EACH(s, machine)
	s->machine(s->ctx, ncpus, boot_ts, hostname);
}

static void
on_machine_more(void *ctx, uint64_t memory_bytes, uint64_t max_pid)
{
	EACH(s, machine_more)
	s->machine_more(s->ctx, memory_bytes, max_pid);
}

static void
on_thread(void *ctx, const struct sk_thread_entry *t)
{
	EACH(s, thread)
	s->thread(s->ctx, t);
}

/* Readers of before 2023 refuse a whole file for one descriptor of a kind that they have no number for, and every machine has some (systemd's BPF programs, ours). In
 * recordings of live events these are of an unsupported kind; their names tell. Copies keep what they were given. */
static struct sk_fd_entry
for_old_readers(const struct sk_recorder *r, const struct sk_fd_entry *fd)
{
	struct sk_fd_entry e = *fd;

	if (r->live && fd->type > SK_FD_FILE_V2)
		e.type = SK_FD_UNSUPPORTED;
	return e;
}

static void
on_fd(void *ctx, int64_t tid, const struct sk_fd_entry *fd)
{
	const struct sk_recorder *r = ctx;
	struct sk_fd_entry e = for_old_readers(r, fd);

	r->to[0].fd(r->to[0].ctx, tid, fd);
	r->to[1].fd(r->to[1].ctx, tid, &e);
}

static void
on_iface4(void *ctx, const uint8_t addr[4], const uint8_t mask[4], const uint8_t bcast[4], struct sk_slice name)
{
	EACH(s, iface4)
	s->iface4(s->ctx, addr, mask, bcast, name);
}

static void
on_iface6(void *ctx, const uint8_t addr[16], const uint8_t mask[16], const uint8_t bcast[16], struct sk_slice name)
{
	EACH(s, iface6)
	s->iface6(s->ctx, addr, mask, bcast, name);
}

static void
on_iface_more(void *ctx, uint64_t speed)
{
	EACH(s, iface_more)
	s->iface_more(s->ctx, speed);
}

static void
on_user(void *ctx, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell)
{
	EACH(s, user)
	s->user(s->ctx, uid, gid, name, home, shell);
}

static void
on_group(void *ctx, uint32_t gid, struct sk_slice name)
{
	EACH(s, group)
	s->group(s->ctx, gid, name);
}

static void
on_lists_done(void *ctx)
{
	EACH(s, lists_done)
	s->lists_done(s->ctx);
}

struct sk_list_sink
sk_recorder_sink(struct sk_recorder *r)
{
	return (struct sk_list_sink){.ctx = r,
				     .section = on_section,
				     .machine = on_machine,
				     .thread = on_thread,
				     .fd = on_fd,
				     .iface4 = on_iface4,
				     .iface6 = on_iface6,
				     .user = on_user,
				     .group = on_group,
				     .lists_done = on_lists_done,
				     .machine_more = on_machine_more,
				     .iface_more = on_iface_more};
}
