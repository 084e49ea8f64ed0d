/* Where the result of a command goes: -o. */
#include "compiler/cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static int
write_all(int fd, struct sk_slice s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		s = sk_slice(s.p + n, s.n - (size_t)n);
	}
	return 0;
}

/* Devices and pipes are written to; replacing them would take them from everyone else. A link that leads nowhere gets its file. */
static int
write_through(const char *path, struct sk_slice bytes)
{
	SK_AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);

	return fd < 0 ? -errno : write_all(fd, bytes);
}

/* A regular file that bytes come into. */
struct target {
	const char *path;
	const struct stat *old; /* the file that is there, or NULL */
	struct sk_buf beside;   /* name of the file that is written first */
};

/* The new bytes are on the disk before the old ones go. *RET_ALIKE: they have the owner, group and mode of the file. */
static int
write_beside(const struct target *t, struct sk_slice bytes, bool *ret_alike)
{
	int fd = open(t->beside.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, t->old ? 0600 : 0666);
	int r = fd < 0 ? -errno : write_all(fd, bytes);

	if (fd < 0)
		return r;
	*ret_alike = !t->old || (fchown(fd, t->old->st_uid, t->old->st_gid) == 0 && fchmod(fd, t->old->st_mode & 07777) == 0);
	if (!r && fsync(fd) < 0 && errno != EINVAL)
		r = -errno;
	if (close(fd) < 0 && !r)
		r = -errno;
	if (r)
		(void)unlink(t->beside.p);
	return r;
}

/* Into the file itself, which others own or know by another name. The new bytes stay beside it if that goes wrong half way. */
static int
write_into(const struct target *t, struct sk_slice bytes)
{
	int fd = open(t->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW), r = fd < 0 ? -errno : write_all(fd, bytes);

	if (fd < 0) {
		(void)unlink(t->beside.p);
		return r;
	}
	if (!r && (ftruncate(fd, (off_t)bytes.n) < 0 || (fsync(fd) < 0 && errno != EINVAL)))
		r = -errno;
	if (close(fd) < 0 && !r)
		r = -errno;
	if (r)
		fprintf(stderr, "sakerc: %s may be damaged; what was to be written is in %s\n", t->path, t->beside.p);
	else
		(void)unlink(t->beside.p);
	return r;
}

/* Written beside its place and moved there, so that nobody ever reads half a file. */
static int
replace(const char *path, const struct stat *old, struct sk_slice bytes)
{
	struct target t = { .path = path, .old = old };
	bool alike = false;
	int r;

	sk_buf_printf(&t.beside, "%s.%ld.tmp", path, (long)getpid());
	sk_buf_char(&t.beside, '\0');
	r = t.beside.failed ? -ENOMEM : write_beside(&t, bytes, &alike);
	if (!r && (!alike || (old && old->st_nlink > 1))) {
		r = write_into(&t, bytes);
	} else if (!r && rename(t.beside.p, path) < 0) {
		r = -errno;
		(void)unlink(t.beside.p);
	}
	sk_buf_free(&t.beside);
	return r;
}

int
sk_cmd_output(const char *path, struct sk_slice bytes)
{
	SK_AUTO_FREE char *target = NULL;
	struct stat st;

	if (strcmp(path, "-") == 0)
		return write_all(STDOUT_FILENO, bytes);
	if (stat(path, &st) < 0) {
		if (errno != ENOENT)
			return -errno;
		return lstat(path, &st) < 0 ? replace(path, NULL, bytes) : write_through(path, bytes);
	}
	if (!S_ISREG(st.st_mode))
		return write_through(path, bytes);
	target = realpath(path, NULL);
	return target ? replace(target, &st, bytes) : -errno;
}

int
sk_cmd_print(const struct sk_cmd *c, struct sk_buf *b)
{
	int r = b->failed ? -ENOMEM : c->output ? sk_cmd_output(c->output, sk_buf_view(b)) : 0;

	if (!c->output && !b->failed)
		(void)fwrite(sk_buf_cstr(b), 1, b->n, stdout);
	if (r)
		fprintf(stderr, "sakerc: %s: %s\n", c->output ? c->output : "output", strerror(-r));
	sk_buf_free(b);
	return r ? SK_EXIT_FINDINGS : SK_EXIT_OK;
}
