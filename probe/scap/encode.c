#include "probe/scap/encode.h"

#include "base/bytes.h"
#include "probe/scap/format.h"

/* The longest text that other readers of the format take. */
#define MAX_NAME 1024u  /* comm, paths of a thread */
#define MAX_TEXTS 4096u /* arguments, environment, cgroups */
#define MAX_FD_NAME 1023u
#define MAX_IFACE_NAME 1023u
#define MAX_USER_TEXT 255u

static void
put8(struct sk_buf *b, uint8_t v)
{
	sk_buf_put(b, &v, sizeof(v));
}

static void
put16(struct sk_buf *b, uint16_t v)
{
	sk_buf_put(b, &v, sizeof(v));
}

static void
put32(struct sk_buf *b, uint32_t v)
{
	sk_buf_put(b, &v, sizeof(v));
}

static void
put64(struct sk_buf *b, uint64_t v)
{
	sk_buf_put(b, &v, sizeof(v));
}

static void
put_text(struct sk_buf *b, struct sk_slice s, size_t most)
{
	size_t n = s.n < most ? s.n : most;

	put16(b, (uint16_t)n);
	sk_buf_put(b, s.p, n);
}

/* Texts that each end in a NUL: the last still does when the rest is cut off. */
static void
put_texts(struct sk_buf *b, struct sk_slice s)
{
	put_text(b, s, MAX_TEXTS);
	if (s.n > MAX_TEXTS && !b->failed)
		b->p[b->n - 1] = '\0';
}

/* An entry of which the length comes first. */
static size_t
begin(struct sk_buf *b)
{
	size_t at = b->n;

	put32(b, 0);
	return at;
}

/* EXTRA: what of the length field itself is not counted. */
static void
end(struct sk_buf *b, size_t at, uint32_t extra)
{
	if (!b->failed)
		sk_put_u32(b->p + at, (uint32_t)(b->n - at) - extra);
}

void
sk_scap_put_machine(struct sk_buf *b, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname, const struct sk_scap_more *more)
{
	char host[SK_MACHINE_HOSTNAME] = { 0 };

	memcpy(host, hostname.p, hostname.n < sizeof(host) - 1 ? hostname.n : sizeof(host) - 1);
	put32(b, ncpus);
	put64(b, more->memory_bytes);
	put64(b, more->max_pid);
	sk_buf_put(b, host, sizeof(host));
	put64(b, boot_ts);
	for (int reserved = 0; reserved < 3; reserved++)
		put64(b, 0);
}

static void
put_thread_tail(struct sk_buf *b, const struct sk_thread_entry *t)
{
	put64(b, t->pidns_init_start_ts);
	put32(b, t->tty);
	put32(b, t->loginuid);
	put8(b, t->exe_writable);
	put64(b, t->cap_inheritable);
	put64(b, t->cap_permitted);
	put64(b, t->cap_effective);
	put8(b, t->exe_upper);
	put64(b, t->exe_ino);
	put64(b, t->exe_ino_ctime);
	put64(b, t->exe_ino_mtime);
	put8(b, t->exe_memfd);
	put8(b, t->exe_lower);
	put64(b, (uint64_t)t->pgid);
}

static void
put_thread_counts(struct sk_buf *b, const struct sk_thread_entry *t)
{
	put32(b, t->vmsize_kb);
	put32(b, t->vmrss_kb);
	put32(b, t->vmswap_kb);
	put64(b, t->pfmajor);
	put64(b, t->pfminor);
}

void
sk_scap_put_thread(struct sk_buf *b, const struct sk_thread_entry *t)
{
	size_t at = begin(b);

	put64(b, (uint64_t)t->tid);
	put64(b, (uint64_t)t->pid);
	put64(b, (uint64_t)t->ptid);
	put64(b, (uint64_t)t->sid);
	put64(b, (uint64_t)t->vpgid);
	put_text(b, t->comm, MAX_NAME);
	put_text(b, t->exe, MAX_NAME);
	put_text(b, t->exepath, MAX_NAME);
	put_texts(b, t->args);
	put_text(b, t->cwd, MAX_NAME);
	put64(b, (uint64_t)t->fdlimit);
	put32(b, t->flags);
	put32(b, t->uid);
	put32(b, t->gid);
	put_thread_counts(b, t);
	put_texts(b, t->env);
	put64(b, (uint64_t)t->vtid);
	put64(b, (uint64_t)t->vpid);
	put_texts(b, t->cgroups);
	put_text(b, t->root, MAX_NAME);
	put_thread_tail(b, t);
	end(b, at, 0);
}

static void
put_socket(struct sk_buf *b, const struct sk_fd_entry *fd, size_t addr, bool server)
{
	sk_buf_put(b, fd->saddr, addr);
	if (!server)
		sk_buf_put(b, fd->daddr, addr);
	put16(b, fd->sport);
	if (!server)
		put16(b, fd->dport);
	put8(b, fd->l4);
}

void
sk_scap_put_fd(struct sk_buf *b, const struct sk_fd_entry *fd)
{
	size_t at = begin(b);

	put64(b, (uint64_t)fd->num);
	put64(b, fd->ino);
	put8(b, fd->type);
	if (fd->type == SK_FD_IPV4_SOCK || fd->type == SK_FD_IPV4_SERVSOCK) {
		put_socket(b, fd, 4, fd->type == SK_FD_IPV4_SERVSOCK);
	} else if (fd->type == SK_FD_IPV6_SOCK || fd->type == SK_FD_IPV6_SERVSOCK) {
		put_socket(b, fd, 16, fd->type == SK_FD_IPV6_SERVSOCK);
	} else if (fd->type == SK_FD_UNIX_SOCK) {
		put64(b, fd->unix_src);
		put64(b, fd->unix_dst);
		put_text(b, fd->name, MAX_FD_NAME);
	} else if (fd->type == SK_FD_FILE_V2) {
		put32(b, fd->open_flags);
		put_text(b, fd->name, MAX_FD_NAME);
		put32(b, fd->dev);
	} else if (fd->type != SK_FD_UNKNOWN) {
		put_text(b, fd->name, MAX_FD_NAME);
	}
	end(b, at, 0);
}

void
sk_scap_put_iface(struct sk_buf *b, size_t n, const uint8_t *addr, const uint8_t *mask, const uint8_t *bcast, struct sk_slice name,
		  const struct sk_scap_more *more)
{
	size_t at = begin(b), name_n = name.n < MAX_IFACE_NAME ? name.n : MAX_IFACE_NAME;

	put16(b, n == 4 ? SK_IFACE_IPV4 : SK_IFACE_IPV6);
	put16(b, (uint16_t)name_n);
	sk_buf_put(b, addr, n);
	sk_buf_put(b, mask, n);
	sk_buf_put(b, bcast, n);
	put64(b, more->link_speed);
	sk_buf_put(b, name.p, name_n);
	end(b, at, sizeof(uint32_t));
}

void
sk_scap_put_user(struct sk_buf *b, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell)
{
	size_t at = begin(b);

	put8(b, SK_KIND_USER);
	put32(b, uid);
	put32(b, gid);
	put_text(b, name, MAX_USER_TEXT);
	put_text(b, home, MAX_USER_TEXT);
	put_text(b, shell, MAX_USER_TEXT);
	end(b, at, 0);
}

void
sk_scap_put_group(struct sk_buf *b, uint32_t gid, struct sk_slice name)
{
	size_t at = begin(b);

	put8(b, SK_KIND_GROUP);
	put32(b, gid);
	put_text(b, name, MAX_USER_TEXT);
	end(b, at, 0);
}
