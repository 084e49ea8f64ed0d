/* Files of the host: found inside its root, read as a whole, of bounded size. */
#include "daemon/runtime/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

/* Links in one path that are followed. */
#define MAX_LINKS 16u

/* --- paths ----------------------------------------------------------------------------------------------------------------- */
/* The rest of a path that is walked, where the host's root is not this process's. */
struct walk {
	char rest[8192];
	unsigned links;
};

/* What the link DIR/NAME holds goes before the rest. True: go on at the root if *TO_ROOT, else at DIR. */
static bool
follow(struct walk *w, int dir, const char *name, bool *to_root)
{
	char target[4096], rest[8192];
	ssize_t n = readlinkat(dir, name, target, sizeof(target) - 1);

	if (n <= 0 || ++w->links > MAX_LINKS)
		return false;
	target[n] = '\0';
	*to_root = target[0] == '/';
	int len = snprintf(rest, sizeof(rest), "%s/%s", target, w->rest);
	if (len < 0 || (size_t)len >= sizeof(rest))
		return false;
	memcpy(w->rest, rest, (size_t)len + 1);
	return true;
}

/* Take the first component off the rest. False at the end. */
static bool
next_component(struct walk *w, char name[256])
{
	const char *p = w->rest + strspn(w->rest, "/");
	size_t n = strcspn(p, "/");

	if (!n || n >= 256)
		return false;
	memcpy(name, p, n);
	name[n] = '\0';
	memmove(w->rest, p + n, strlen(p + n) + 1);
	return true;
}

/* One step; the old directory is closed. ".." is refused: what it leads to depends on links, and no runtime's path has it. */
static int
step(const struct sk_runtime *r, struct walk *w, int dir, const char *name)
{
	int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	bool to_root = false;

	if (fd >= 0 && (strcmp(name, "..") == 0 || fstat(fd, &st) < 0)) {
		(void)close(fd);
		fd = -1;
	} else if (fd >= 0 && S_ISLNK(st.st_mode)) {
		bool goes_on = follow(w, dir, name, &to_root);

		(void)close(fd);
		fd = goes_on ? openat(to_root ? r->root : dir, ".", O_PATH | O_CLOEXEC) : -1;
	}
	(void)close(dir);
	return fd;
}

/* As the host would resolve PATH, links included: below its root. */
static int
walk_path(const struct sk_runtime *r, const char *path)
{
	struct walk w = { .links = 0 };
	char name[256];
	int fd = openat(r->root, ".", O_PATH | O_CLOEXEC);

	if (strlen(path) >= sizeof(w.rest)) {
		(void)close(fd);
		return -1;
	}
	memcpy(w.rest, path, strlen(path) + 1);
	while (fd >= 0 && next_component(&w, name))
		fd = step(r, &w, fd, name);
	return fd;
}

/* Found first and opened when it is of the right kind: opening a device or a pipe that somebody put there may do things. */
static int
open_kind(const struct sk_runtime *r, const char *path, mode_t kind)
{
	SK_AUTO_CLOSE int found = r->own_root ? openat(r->root, path, O_PATH | O_CLOEXEC) : walk_path(r, path);
	char self[64];
	struct stat st;

	if (found < 0)
		return -ENOENT;
	if (fstat(found, &st) < 0 || (st.st_mode & S_IFMT) != kind)
		return -EINVAL;
	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", found);
	int fd = open(self, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

int
sk_host_open(const struct sk_runtime *r, const char *path)
{
	return open_kind(r, path, S_IFREG);
}

bool
sk_host_is_dir(const struct sk_runtime *r, const char *path)
{
	SK_AUTO_CLOSE int fd = open_kind(r, path, S_IFDIR);

	return fd >= 0;
}

static int
read_all(int fd, struct sk_buf *out)
{
	out->n = 0;
	for (;;) {
		char *room = sk_buf_room(out, 65536);

		if (!room)
			return -ENOMEM;
		ssize_t n = read(fd, room, 65536);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return 0;
		out->n += n > 0 ? (size_t)n : 0;
		if (out->n > SK_MAX_RUNTIME_FILE)
			return -EFBIG;
	}
}

int
sk_host_read(const struct sk_runtime *r, const char *path, struct sk_buf *out)
{
	SK_AUTO_CLOSE int fd = sk_host_open(r, path);

	return fd < 0 ? fd : read_all(fd, out);
}

static json_t *
parse(const struct sk_buf *text)
{
	json_t *v = json_loadb(text->p ? text->p : "", text->n, 0, NULL);

	if (json_is_object(v) || json_is_array(v))
		return v;
	json_decref(v);
	return NULL;
}

json_t *
sk_host_json(struct sk_runtime *r, const char *path)
{
	return sk_host_read(r, path, &r->scratch) == 0 ? parse(&r->scratch) : NULL;
}

/* --- files that stay ------------------------------------------------------------------------------------------------------- */
void
sk_kept_json_drop(struct sk_kept_json *kept)
{
	free(kept->path);
	json_decref(kept->json);
	*kept = (struct sk_kept_json){ 0 };
}

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

const json_t *
sk_host_json_kept(struct sk_runtime *r, struct sk_kept_json *kept, const char *path)
{
	SK_AUTO_CLOSE int fd = sk_host_open(r, path);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return NULL;
	if (kept->path && strcmp(kept->path, path) == 0 && is_same(&st, &kept->st))
		return kept->json;
	sk_kept_json_drop(kept);
	if (read_all(fd, &r->scratch) < 0)
		return NULL;
	kept->path = strdup(path);
	kept->st = st;
	kept->json = parse(&r->scratch);
	return kept->json;
}

/* --- directories and names ------------------------------------------------------------------------------------------------- */
bool
sk_host_each(const struct sk_runtime *r, const char *path, bool (*fn)(void *arg, const char *name), void *arg)
{
	int fd = open_kind(r, path, S_IFDIR);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	bool done = false;
	unsigned left = SK_MAX_RUNTIME_DIR;

	if (!d) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	for (struct dirent *e; !done && left && (e = readdir(d)); left--)
		if (e->d_name[0] != '.')
			done = fn(arg, e->d_name);
	(void)closedir(d);
	return done;
}

bool
sk_host_path(char *out, size_t n, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int len = vsnprintf(out, n, fmt, args);
	va_end(args);
	return len >= 0 && (size_t)len < n;
}

bool
sk_is_component(struct sk_slice s)
{
	return s.n && s.n < 256 && !memchr(s.p, '/', s.n) && !memchr(s.p, '\0', s.n) && !sk_slice_is(s, ".") && !sk_slice_is(s, "..");
}
