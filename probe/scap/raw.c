#include "probe/scap/raw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)64 << 10)
/* Memory goes back in pieces of this size, a multiple of every page size: seldom enough to cost nothing. */
#define PASS_SIZE ((size_t)256 << 10)

void
sk_raw_memory(struct sk_raw *r, const void *data, size_t n)
{
	*r = (struct sk_raw){ .p = data, .n = n, .fd = -1 };
}

/* Map a regular file; false where that is impossible, so that it is read instead. */
static bool
map_file(struct sk_raw *r)
{
	struct stat st;
	off_t pos = lseek(r->fd, 0, SEEK_CUR);
	void *map;

	if (pos != 0 || fstat(r->fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0)
		return false;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, r->fd, 0);
	if (map == MAP_FAILED)
		return false;
	(void)madvise(map, (size_t)st.st_size, MADV_SEQUENTIAL);
	r->map = map;
	r->map_n = (size_t)st.st_size;
	r->p = map;
	r->n = r->map_n;
	return true;
}

static void
close_fd(struct sk_raw *r)
{
	if (r->fd > STDIN_FILENO)
		(void)close(r->fd);
	r->fd = -1;
}

int
sk_raw_open(struct sk_raw *r, const char *path)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	*r = (struct sk_raw){ .fd = fd };
	if (fd < 0)
		return -errno;
	if (map_file(r)) {
		close_fd(r);
		return 0;
	}
	r->buf = calloc(1, SK_RAW_BACK + READ_SIZE);
	if (!r->buf) {
		close_fd(r);
		return -ENOMEM;
	}
	r->p = r->buf + SK_RAW_BACK;
	return 0;
}

/* Move the bytes at hand, and those before that may be given back, to the start of the buffer; append what one read gives. */
static bool
read_on(struct sk_raw *r)
{
	ssize_t got;

	if (r->fd < 0 || r->n >= READ_SIZE)
		return false;
	memmove(r->buf, r->p - SK_RAW_BACK, SK_RAW_BACK + r->n);
	r->p = r->buf + SK_RAW_BACK;
	/* A signal that is not set to restart calls is there to end the wait for a pipe on which nothing comes. */
	got = read(r->fd, r->buf + SK_RAW_BACK + r->n, READ_SIZE - r->n);
	if (got < 0)
		r->error = errno;
	if (got <= 0) {
		close_fd(r);
		return false;
	}
	r->n += (size_t)got;
	return true;
}

bool
sk_raw_more(struct sk_raw *r)
{
	return r->n == 0 && read_on(r);
}

bool
sk_raw_begins(struct sk_raw *r, const void *magic, size_t n)
{
	while (r->n < n)
		if (!read_on(r))
			return false;
	return memcmp(r->p, magic, n) == 0;
}

void
sk_raw_pass(struct sk_raw *r, const uint8_t *p)
{
	size_t at = r->map ? (size_t)(p - (const uint8_t *)r->map) : 0;

	if (at < r->passed + PASS_SIZE + SK_RAW_BACK)
		return;
	at = (at - SK_RAW_BACK) / PASS_SIZE * PASS_SIZE;
	(void)madvise((uint8_t *)r->map + r->passed, at - r->passed, MADV_DONTNEED);
	r->passed = at;
}

void
sk_raw_close(struct sk_raw *r)
{
	if (r->map)
		(void)munmap(r->map, r->map_n);
	close_fd(r);
	free(r->buf);
	*r = (struct sk_raw){ .fd = -1 };
}
