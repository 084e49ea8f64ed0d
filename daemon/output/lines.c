#include "daemon/output/lines.h"

#include <errno.h>
#include <poll.h>

#define BUFFERED_BYTES 65536u

/* All of N bytes, or a negative errno; *DONE is how many were written. */
static int
write_all(int fd, const char *p, size_t n, size_t *done)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };

	for (*done = 0; *done < n;) {
		ssize_t r = write(fd, p + *done, n - *done);

		if (r > 0)
			*done += (size_t)r;
		else if (r < 0 && errno == EAGAIN)
			(void)poll(&room, 1, -1);
		else if (r == 0 || errno != EINTR)
			return r == 0 ? -EIO : -errno;
	}
	return 0;
}

static uint64_t
count_ends(const char *p, size_t n)
{
	uint64_t ends = 0;

	for (const char *end = p + n; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		ends++;
	return ends;
}

int
sk_lines_flush(struct sk_lines *l, uint64_t *lost)
{
	size_t done = 0;
	int r = 0;

	if (l->pending.failed)
		r = -ENOMEM;
	else if (l->pending.n)
		r = write_all(l->fd, l->pending.p, l->pending.n, &done);
	if (r < 0) {
		uint64_t written = done ? count_ends(l->pending.p, done) : 0;

		/* The end of the line that an earlier failure broke is none of these lines. */
		if (written && l->torn)
			written--;
		*lost += l->lines - written;
	}
	if (done)
		l->torn = l->pending.p[done - 1] != '\n';
	if (l->pending.failed)
		sk_buf_free(&l->pending);
	l->pending.n = 0;
	l->lines = 0;
	return r;
}

int
sk_lines_write(struct sk_lines *l, const char *line, size_t n, uint64_t *lost)
{
	if (l->torn && l->lines == 0)
		sk_buf_char(&l->pending, '\n');
	sk_buf_put(&l->pending, line, n);
	sk_buf_char(&l->pending, '\n');
	l->lines++;
	if (l->buffered && !l->pending.failed && l->pending.n < BUFFERED_BYTES)
		return 0;
	return sk_lines_flush(l, lost);
}

void
sk_lines_free(struct sk_lines *l)
{
	sk_buf_free(&l->pending);
}
