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
write_into(const char *path, struct sk_slice bytes)
{
	SK_AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);

	return fd < 0 ? -errno : write_all(fd, bytes);
}

static int
finish(int fd, const struct stat *old, struct sk_slice bytes)
{
	int r = write_all(fd, bytes);

	/* Who owned the file and who could read it stays as it was, as far as we may say so. */
	if (r == 0 && old && fchown(fd, old->st_uid, old->st_gid) < 0 && errno != EPERM)
		r = -errno;
	if (r == 0 && old && fchmod(fd, old->st_mode & 0777) < 0)
		r = -errno;
	if (r == 0 && fsync(fd) < 0 && errno != EINVAL && errno != EROFS)
		r = -errno;
	return r;
}

/* Written beside its place and moved there, so that nobody ever reads half a file. OLD: the one that is there, or NULL. */
static int
replace(const char *path, const struct stat *old, struct sk_slice bytes)
{
	struct sk_buf tmp = { 0 };
	int fd, r;

	sk_buf_printf(&tmp, "%s.%ld.tmp", path, (long)getpid());
	fd = tmp.failed ? -1 : open(sk_buf_cstr(&tmp), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0) {
		r = tmp.failed ? -ENOMEM : -errno;
		sk_buf_free(&tmp);
		return r;
	}
	r = finish(fd, old, bytes);
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && rename(sk_buf_cstr(&tmp), path) < 0)
		r = -errno;
	if (r)
		(void)unlink(sk_buf_cstr(&tmp));
	sk_buf_free(&tmp);
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
		return lstat(path, &st) < 0 ? replace(path, NULL, bytes) : write_into(path, bytes);
	}
	if (!S_ISREG(st.st_mode))
		return write_into(path, bytes);
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
