#include "scap_support.h"

#include "base/hash.h"

#include <inttypes.h>
#include <zlib.h>

void
put8(struct sk_buf *b, unsigned v)
{
	sk_buf_char(b, (char)v);
}

void
put16(struct sk_buf *b, unsigned v)
{
	uint16_t x = (uint16_t)v;

	sk_buf_put(b, &x, sizeof(x));
}

void
put32(struct sk_buf *b, uint32_t v)
{
	sk_buf_put(b, &v, sizeof(v));
}

void
put64(struct sk_buf *b, uint64_t v)
{
	sk_buf_put(b, &v, sizeof(v));
}

void
put_s(struct sk_buf *b, const char *s)
{
	put16(b, (unsigned)strlen(s));
	sk_buf_str(b, s);
}

void
put_z(struct sk_buf *b, const char *s)
{
	sk_buf_put(b, s, strlen(s) + 1);
}

void
put_block(struct sk_buf *b, uint32_t type, struct sk_buf *body)
{
	uint32_t padded = (uint32_t)((body->n + 3) / 4 * 4), len = padded + 12;

	put32(b, type);
	put32(b, len);
	sk_buf_put(b, body->p, body->n);
	for (size_t i = body->n; i < padded; i++)
		put8(b, 0);
	put32(b, len);
	sk_buf_free(body);
	memset(body, 0, sizeof(*body));
}

void
put_section(struct sk_buf *b)
{
	struct sk_buf body = { 0 };

	put32(&body, 0x1A2B3C4D);
	put16(&body, 1);
	put16(&body, 2);
	put64(&body, UINT64_MAX);
	put_block(b, 0x0A0D0D0A, &body);
}

void
put_event(struct sk_buf *b, unsigned type, int64_t tid, uint32_t nparams, const char *const *params)
{
	struct sk_buf body = { 0 };
	size_t total = 0;

	for (uint32_t i = 0; i < nparams; i++)
		total += strlen(params[i]);
	put16(&body, 1);
	put64(&body, 1000);
	put64(&body, (uint64_t)tid);
	put32(&body, (uint32_t)(26 + 2 * nparams + total));
	put16(&body, type);
	put32(&body, nparams);
	for (uint32_t i = 0; i < nparams; i++)
		put16(&body, (unsigned)strlen(params[i]));
	for (uint32_t i = 0; i < nparams; i++)
		sk_buf_str(&body, params[i]);
	put_block(b, 0x216, &body);
}

void
put_gzip(struct sk_buf *b, const void *p, size_t n)
{
	z_stream z = { 0 };
	size_t cap = n + n / 8 + 1024;
	char *room = sk_buf_room(b, cap);

	if (!room || deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)n;
	z.next_out = (Bytef *)room;
	z.avail_out = (uInt)cap;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	b->n += cap - z.avail_out;
	(void)deflateEnd(&z);
}

/* --- reading --------------------------------------------------------------------------------------------------------- */

#define TEXT(s) (int)(s).n, (s).p

static void
on_section(void *ctx)
{
	sk_buf_printf(ctx, "section\n");
}

static void
on_machine(void *ctx, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname)
{
	sk_buf_printf(ctx, "machine %u %" PRIu64 " %.*s\n", ncpus, boot_ts, TEXT(hostname));
}

static void
on_text(struct sk_buf *b, const char *name, struct sk_slice s)
{
	sk_buf_printf(b, " %s=\"", name);
	sk_buf_json(b, s);
	sk_buf_char(b, '"');
}

static void
on_thread(void *ctx, const struct sk_thread_entry *t)
{
	struct sk_buf *b = ctx;

	sk_buf_printf(b, "thread %" PRId64 " pid=%" PRId64 " ptid=%" PRId64 " sid=%" PRId64 " vpgid=%" PRId64 " pgid=%" PRId64, t->tid, t->pid,
		      t->ptid, t->sid, t->vpgid, t->pgid);
	sk_buf_printf(b, " vtid=%" PRId64 " vpid=%" PRId64 " fdlimit=%" PRId64 " flags=%x uid=%u gid=%u loginuid=%d tty=%u", t->vtid, t->vpid,
		      t->fdlimit, t->flags, t->uid, t->gid, (int)t->loginuid, t->tty);
	on_text(b, "comm", t->comm);
	on_text(b, "exe", t->exe);
	on_text(b, "exepath", t->exepath);
	on_text(b, "args", t->args);
	on_text(b, "cwd", t->cwd);
	on_text(b, "env", t->env);
	on_text(b, "cgroups", t->cgroups);
	on_text(b, "root", t->root);
	sk_buf_printf(b, " vm=%u/%u/%u pf=%" PRIu64 "/%" PRIu64, t->vmsize_kb, t->vmrss_kb, t->vmswap_kb, t->pfmajor, t->pfminor);
	sk_buf_printf(b, " pidns=%" PRIu64 " clone=%" PRIu64 " exe=%d%d%d%d", t->pidns_init_start_ts, t->clone_ts, t->exe_writable, t->exe_upper,
		      t->exe_lower, t->exe_memfd);
	sk_buf_printf(b, " caps=%" PRIx64 "/%" PRIx64 "/%" PRIx64 " ino=%" PRIu64 "/%" PRIu64 "/%" PRIu64 "\n", t->cap_inheritable,
		      t->cap_permitted, t->cap_effective, t->exe_ino, t->exe_ino_ctime, t->exe_ino_mtime);
}

static void
on_bytes(struct sk_buf *b, const uint8_t *p, size_t n)
{
	sk_buf_char(b, ' ');
	for (size_t i = 0; i < n; i++)
		sk_buf_printf(b, "%02x", p[i]);
}

static void
on_fd(void *ctx, int64_t tid, const struct sk_fd_entry *fd)
{
	struct sk_buf *b = ctx;

	sk_buf_printf(b, "fd %" PRId64 " %" PRId64 " ino=%" PRIu64 " type=%u l4=%u", tid, fd->num, fd->ino, fd->type, fd->l4);
	if (fd->type >= SK_FD_IPV4_SOCK && fd->type <= SK_FD_IPV6_SERVSOCK) {
		on_bytes(b, fd->saddr, 16);
		on_bytes(b, fd->daddr, 16);
	}
	sk_buf_printf(b, " ports=%u/%u unix=%" PRIx64 "/%" PRIx64 " flags=%x dev=%x mnt=%x", fd->sport, fd->dport, fd->unix_src, fd->unix_dst,
		      fd->open_flags, fd->dev, fd->mount_id);
	on_text(b, "name", fd->name);
	sk_buf_char(b, '\n');
}

static void
on_iface(struct sk_buf *b, const uint8_t *addr, const uint8_t *mask, const uint8_t *bcast, struct sk_slice name, size_t n)
{
	sk_buf_printf(b, "iface %.*s", TEXT(name));
	on_bytes(b, addr, n);
	on_bytes(b, mask, n);
	on_bytes(b, bcast, n);
	sk_buf_char(b, '\n');
}

static void
on_iface4(void *ctx, const uint8_t addr[4], const uint8_t mask[4], const uint8_t bcast[4], struct sk_slice name)
{
	on_iface(ctx, addr, mask, bcast, name, 4);
}

static void
on_iface6(void *ctx, const uint8_t addr[16], const uint8_t mask[16], const uint8_t bcast[16], struct sk_slice name)
{
	on_iface(ctx, addr, mask, bcast, name, 16);
}

static void
on_user(void *ctx, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell)
{
	sk_buf_printf(ctx, "user %u %u %.*s %.*s %.*s\n", uid, gid, TEXT(name), TEXT(home), TEXT(shell));
}

static void
on_group(void *ctx, uint32_t gid, struct sk_slice name)
{
	sk_buf_printf(ctx, "group %u %.*s\n", gid, TEXT(name));
}

static void
on_lists_done(void *ctx)
{
	sk_buf_printf(ctx, "done\n");
}

static void
on_machine_more(void *ctx, uint64_t memory_bytes, uint64_t max_pid)
{
	if (memory_bytes || max_pid)
		sk_buf_printf(ctx, "memory %" PRIu64 " pids %" PRIu64 "\n", memory_bytes, max_pid);
}

static void
on_iface_more(void *ctx, uint64_t speed)
{
	if (speed)
		sk_buf_printf(ctx, "speed %" PRIu64 "\n", speed);
}

struct sk_list_sink
recording_sink(struct sk_buf *lists)
{
	return (struct sk_list_sink){ lists,	 on_section, on_machine, on_thread, on_fd, on_iface4, on_iface6, on_user,
				      on_group, on_lists_done, on_machine_more, on_iface_more };
}

uint64_t
event_digest(const struct sk_event *ev)
{
	uint64_t head[4] = { ev->ts, (uint64_t)ev->tid, (uint64_t)ev->type << 32 | ev->cpu, ev->dump_flags };
	uint64_t h = sk_hash_bytes(head, sizeof(head)) ^ sk_hash_bytes(ev->off, sizeof(ev->off[0]) * (ev->nparams + 1));

	return sk_hash_u64(h) ^ sk_hash_bytes(ev->data, ev->off[ev->nparams]);
}

static void
drain(struct record *r, struct sk_scap *c)
{
	struct sk_event ev;

	while ((r->end = sk_scap_next(c, &ev, &r->error)) == SK_SCAP_EVENT)
		if (!sk_vec_push(&r->events, (struct recorded_event){ ev.num, event_digest(&ev), ev.type, (uint8_t)ev.nparams }))
			abort();
	r->stats = *sk_scap_stats(c);
	sk_scap_close(c);
}

void
record_file(struct record *r, const char *path)
{
	struct sk_scap *c;
	struct sk_list_sink sink;

	memset(r, 0, sizeof(*r));
	sink = recording_sink(&r->lists);
	r->rc = sk_scap_open(path, &sink, &c, &r->error);
	if (r->rc == 0)
		drain(r, c);
}

void
record_memory(struct record *r, const void *p, size_t n)
{
	SK_AUTO_FREE void *copy = malloc(n ? n : 1);
	struct sk_scap *c;
	struct sk_list_sink sink;

	if (!copy)
		abort();
	if (n)
		memcpy(copy, p, n);
	memset(r, 0, sizeof(*r));
	sink = recording_sink(&r->lists);
	r->rc = sk_scap_open_memory(copy, n, &sink, &c, &r->error);
	if (r->rc == 0)
		drain(r, c);
}

void
record_free(struct record *r)
{
	sk_buf_free(&r->lists);
	sk_vec_free(&r->events);
}

struct sk_buf
slurp(const char *path)
{
	SK_AUTO_FCLOSE FILE *f = fopen(path, "rbe");
	struct sk_buf b = { 0 };
	char part[65536];
	size_t n;

	while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
		sk_buf_put(&b, part, n);
	return b;
}
