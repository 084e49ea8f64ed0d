#include "probe/scap/writer.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "probe/scap/encode.h"
#include "probe/scap/format.h"

#include <saker/limits.h>

#include <errno.h>
#include <fcntl.h>
#include <zlib.h>

/* Blocks are collected to this size before they go to the file. */
#define OUT_SIZE ((size_t)256 << 10)
/* Process lists are broken here: readers take any number of blocks, but each only up to SK_MAX_META_BLOCK. */
#define LIST_SIZE ((size_t)1 << 20)

struct sk_scap_writer {
	int fd;        /* of a plain file */
	gzFile gz;     /* of a compressed one */
	int error;     /* the first; stays */
	struct sk_buf out;
	/* Lists of the section that is being described: bodies, and for descriptors whole blocks, since readers want to know the
	 * threads first. */
	struct sk_buf ifaces, users, procs, fds, fd_body;
	int64_t fd_tid;
	struct sk_scap_more more; /* of the machine or interface that comes next */
};

/* --- output --------------------------------------------------------------------------------------------------------- */

static int
put_error(struct sk_scap_writer *w, int error)
{
	if (!w->error)
		w->error = error;
	return w->error;
}

static int
write_plain(struct sk_scap_writer *w, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(w->fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static int
write_packed(struct sk_scap_writer *w, const char *p, size_t n)
{
	while (n) {
		unsigned step = n < OUT_SIZE ? (unsigned)n : (unsigned)OUT_SIZE;

		errno = 0;
		if (gzwrite(w->gz, p, step) != (int)step)
			return errno ? -errno : -EIO;
		p += step;
		n -= step;
	}
	return 0;
}

static int
drain(struct sk_scap_writer *w)
{
	int rc = w->error;

	if (w->out.failed)
		rc = -ENOMEM;
	if (rc == 0 && w->out.n)
		rc = w->gz ? write_packed(w, w->out.p, w->out.n) : write_plain(w, w->out.p, w->out.n);
	w->out.n = 0;
	return rc ? put_error(w, rc) : 0;
}

/* Append a block to B: the body is put by the caller between the two. Returns where the block begins. */
static size_t
begin_block(struct sk_buf *b, enum sk_block_type type)
{
	uint32_t head[2] = { type, 0 };
	size_t at = b->n;

	sk_buf_put(b, head, sizeof(head));
	return at;
}

static void
end_block(struct sk_buf *b, size_t at)
{
	static const char zeros[4];
	size_t over = (b->n - at) % 4;
	uint32_t len;

	sk_buf_put(b, zeros, over ? 4 - over : 0);
	len = (uint32_t)(b->n - at) + 4;
	sk_buf_put(b, &len, sizeof(len));
	if (!b->failed)
		sk_put_u32(b->p + at + 4, len);
}

/* Move a collected body to the output as a block. */
static void
put_list(struct sk_scap_writer *w, enum sk_block_type type, struct sk_buf *body)
{
	if (body->n && !body->failed) {
		size_t at = begin_block(&w->out, type);

		sk_buf_put(&w->out, body->p, body->n);
		end_block(&w->out, at);
		(void)drain(w);
	}
	if (body->failed)
		(void)put_error(w, -ENOMEM);
	body->n = 0;
}

/* --- lists ---------------------------------------------------------------------------------------------------------- */

static void
on_section(void *ctx)
{
	static const uint64_t unknown_length = UINT64_MAX;
	struct sk_scap_writer *w = ctx;
	uint32_t magic = SK_SECTION_MAGIC;
	uint16_t version[2] = { SK_SECTION_MAJOR, SK_SECTION_MINOR };
	size_t at;

	w->more = (struct sk_scap_more){ 0 };
	w->ifaces.n = w->users.n = w->procs.n = w->fds.n = w->fd_body.n = 0;
	at = begin_block(&w->out, SK_BT_SECTION);
	sk_buf_put(&w->out, &magic, sizeof(magic));
	sk_buf_put(&w->out, version, sizeof(version));
	sk_buf_put(&w->out, &unknown_length, sizeof(unknown_length));
	end_block(&w->out, at);
}

static void
on_machine_more(void *ctx, uint64_t memory_bytes, uint64_t max_pid)
{
	struct sk_scap_writer *w = ctx;

	w->more.memory_bytes = memory_bytes;
	w->more.max_pid = max_pid;
}

static void
on_iface_more(void *ctx, uint64_t speed)
{
	((struct sk_scap_writer *)ctx)->more.link_speed = speed;
}

static void
on_machine(void *ctx, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname)
{
	struct sk_scap_writer *w = ctx;
	size_t at = begin_block(&w->out, SK_BT_MACHINE);

	sk_scap_put_machine(&w->out, ncpus, boot_ts, hostname, &w->more);
	end_block(&w->out, at);
}

static void
on_thread(void *ctx, const struct sk_thread_entry *t)
{
	struct sk_scap_writer *w = ctx;

	sk_scap_put_thread(&w->procs, t);
	if (w->procs.n >= LIST_SIZE)
		put_list(w, SK_BT_PROCS_V9, &w->procs);
}

static void
end_fds(struct sk_scap_writer *w)
{
	size_t at;

	if (!w->fd_body.n)
		return;
	at = begin_block(&w->fds, SK_BT_FDS_V2);
	sk_buf_put(&w->fds, w->fd_body.p, w->fd_body.n);
	end_block(&w->fds, at);
	w->fd_body.n = 0;
}

static void
on_fd(void *ctx, int64_t tid, const struct sk_fd_entry *fd)
{
	struct sk_scap_writer *w = ctx;

	if (tid != w->fd_tid || w->fd_body.n >= LIST_SIZE)
		end_fds(w);
	w->fd_tid = tid;
	if (!w->fd_body.n)
		sk_buf_put(&w->fd_body, &tid, sizeof(tid));
	sk_scap_put_fd(&w->fd_body, fd);
}

static void
on_iface4(void *ctx, const uint8_t addr[4], const uint8_t mask[4], const uint8_t bcast[4], struct sk_slice name)
{
	struct sk_scap_writer *w = ctx;

	sk_scap_put_iface(&w->ifaces, 4, addr, mask, bcast, name, &w->more);
}

static void
on_iface6(void *ctx, const uint8_t addr[16], const uint8_t mask[16], const uint8_t bcast[16], struct sk_slice name)
{
	struct sk_scap_writer *w = ctx;

	sk_scap_put_iface(&w->ifaces, 16, addr, mask, bcast, name, &w->more);
}

static void
on_user(void *ctx, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell)
{
	struct sk_scap_writer *w = ctx;

	sk_scap_put_user(&w->users, uid, gid, name, home, shell);
}

static void
on_group(void *ctx, uint32_t gid, struct sk_slice name)
{
	struct sk_scap_writer *w = ctx;

	sk_scap_put_group(&w->users, gid, name);
}

static void
on_lists_done(void *ctx)
{
	struct sk_scap_writer *w = ctx;

	put_list(w, SK_BT_IFACES_V2, &w->ifaces);
	put_list(w, SK_BT_USERS_V2, &w->users);
	put_list(w, SK_BT_PROCS_V9, &w->procs);
	end_fds(w);
	if (w->fds.failed || w->fd_body.failed)
		(void)put_error(w, -ENOMEM);
	else
		sk_buf_put(&w->out, w->fds.p, w->fds.n);
	w->fds.n = 0;
	(void)drain(w);
}

void
sk_scap_writer_sink(struct sk_scap_writer *w, struct sk_list_sink *ret)
{
	*ret = (struct sk_list_sink){
		.ctx = w,
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
		.iface_more = on_iface_more,
	};
}

/* --- events --------------------------------------------------------------------------------------------------------- */

static bool
fits(const struct sk_event *ev, bool wide)
{
	for (uint32_t i = 0; i < ev->nparams && !wide; i++)
		if (sk_ev_len(ev, i) > UINT16_MAX)
			return false;
	return ev->off[ev->nparams] <= SK_MAX_EVENT - SK_EVENT_HEAD_V2 - 4 * SK_PARAMS_MAX - 8;
}

static enum sk_block_type
block_of(size_t body, bool wide, bool flags)
{
	if (wide || body > SK_EVENT_BODY_MAX)
		return flags ? SK_BT_EVENT_V2_LARGE_FLAGS : SK_BT_EVENT_V2_LARGE;
	return flags ? SK_BT_EVENT_V2_FLAGS : SK_BT_EVENT_V2;
}

static void
put_header(struct sk_buf *b, const struct sk_event *ev, uint32_t len, bool flags)
{
	uint32_t bits = SK_DUMP_STATE_ONLY;

	sk_buf_put(b, &ev->cpu, sizeof(ev->cpu));
	sk_buf_put(b, &bits, flags ? sizeof(bits) : 0);
	sk_buf_put(b, &ev->ts, sizeof(ev->ts));
	sk_buf_put(b, &ev->tid, sizeof(ev->tid));
	sk_buf_put(b, &len, sizeof(len));
	sk_buf_put(b, &ev->type, sizeof(ev->type));
	sk_buf_put(b, &ev->nparams, sizeof(ev->nparams));
}

int
sk_scap_write_event(struct sk_scap_writer *w, const struct sk_event *ev)
{
	bool wide = (ev->desc->flags & SK_EF_LARGE_PAYLOAD) != 0, flags = (ev->dump_flags & SK_EVENT_STATE_ONLY) != 0;
	size_t width = wide ? 4 : 2, payload = ev->off[ev->nparams], len = SK_EVENT_HEAD_V2 + width * ev->nparams + payload, at;

	if (w->error)
		return w->error;
	if (!fits(ev, wide))
		return -EMSGSIZE;
	at = begin_block(&w->out, block_of(len + 2 + (flags ? 4 : 0), wide, flags));
	put_header(&w->out, ev, (uint32_t)len, flags);
	for (uint32_t i = 0; i < ev->nparams; i++) {
		uint32_t n = sk_ev_len(ev, i);

		sk_buf_put(&w->out, &n, width); /* little endian: the low bytes come first */
	}
	sk_buf_put(&w->out, ev->data, payload);
	end_block(&w->out, at);
	return w->out.n >= OUT_SIZE || w->out.failed ? drain(w) : 0;
}

/* --- open and close --------------------------------------------------------------------------------------------------- */

static int
open_output(struct sk_scap_writer *w, const char *path, bool gzip)
{
	bool standard = strcmp(path, "-") == 0;

	/* A copy of standard output, so that closing is the same for both. */
	w->fd = standard ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0640);
	if (w->fd < 0)
		return -errno;
	if (!gzip)
		return 0;
	w->gz = gzdopen(w->fd, "wb");
	return w->gz ? 0 : -ENOMEM;
}

int
sk_scap_writer_open(const char *path, bool gzip, struct sk_scap_writer **ret, struct sk_scap_error *reterr)
{
	struct sk_scap_writer *w = calloc(1, sizeof(*w));
	int rc = -ENOMEM;

	if (w) {
		w->fd = -1;
		rc = open_output(w, path, gzip);
	}
	if (rc == 0) {
		*ret = w;
		return 0;
	}
	if (reterr) {
		reterr->offset = 0;
		(void)snprintf(reterr->text, sizeof(reterr->text), "%.80s: %s", path, strerror(-rc));
	}
	(void)sk_scap_writer_close(w);
	return rc;
}

int
sk_scap_writer_flush(struct sk_scap_writer *w)
{
	int rc = drain(w);

	if (rc == 0 && w->gz && gzflush(w->gz, Z_FULL_FLUSH) != Z_OK)
		rc = put_error(w, -EIO);
	return rc;
}

int
sk_scap_writer_close(struct sk_scap_writer *w)
{
	int rc;

	if (!w)
		return 0;
	rc = drain(w);
	if (w->gz)
		rc = gzclose(w->gz) != Z_OK && rc == 0 ? -EIO : rc;
	else if (w->fd >= 0 && close(w->fd) < 0 && rc == 0)
		rc = -errno;
	sk_buf_free(&w->out);
	sk_buf_free(&w->ifaces);
	sk_buf_free(&w->users);
	sk_buf_free(&w->procs);
	sk_buf_free(&w->fds);
	sk_buf_free(&w->fd_body);
	free(w);
	return rc;
}
