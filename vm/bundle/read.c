/* Opening bundles. */
#include "vm/bundle/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Bundles from here on lie in huge pages where there are any: getting small ones takes longer than filling them. */
#define HUGE_FROM ((size_t)2 << 20)

struct sk_bundle {
	struct sk_bundle_view view;
	void *map; /* memory of sk_bundle_open_file(), or NULL */
	size_t map_size;
};

const char *
sk_reject_name(enum sk_reject_code c)
{
	static const char *const names[] = {
	    "NONE",
#define SK_REJECT(sym, text) #sym,
#include "vm/bundle/rejects.def"
#undef SK_REJECT
	};

	return c < SK_REJECT_COUNT ? names[c] : "?";
}

bool
sk_refuse(struct sk_verify *vf, enum sk_reject_code code, const char *fmt, ...)
{
	va_list ap;

	vf->err->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(vf->err->text, sizeof(vf->err->text), fmt, ap);
	va_end(ap);
	return false;
}

bool
sk_spend(struct sk_verify *vf, uint64_t n, const char *section, uint32_t record)
{
	if (n > vf->steps)
		return sk_refuse(vf, SK_REJECT_STEPS, "%s %u: records share strings or lists more than any compiler makes them",
				 section, record);
	vf->steps -= n;
	return true;
}

bool
sk_check_string(struct sk_verify *vf, struct sk_str_ref s, const char *section, uint32_t record)
{
	const struct sk_bundle_view *v = vf->v;

	if (s.off >= v->nstrings || s.len >= v->nstrings - s.off)
		return sk_refuse(vf, SK_REJECT_STRING_RANGE, "%s %u: string of %u bytes at %u, there are %u", section, record,
				 s.len, s.off, v->nstrings);
	if (v->strings[s.off + s.len])
		return sk_refuse(vf, SK_REJECT_STRING_END, "%s %u: no NUL behind the string of %u bytes at %u", section, record,
				 s.len, s.off);
	return true;
}

static bool
verify(struct sk_verify *vf, const void *data, size_t n)
{
	bool ok = sk_verify_layout(vf, data, n) && sk_verify_values(vf) && sk_verify_sets(vf) && sk_verify_tries(vf) &&
		  sk_verify_lists(vf) && sk_verify_rules(vf) && sk_verify_programs(vf) && sk_verify_tables(vf);

	return sk_verify_digest(vf) && ok;
}

int
sk_bundle_open(const void *data, size_t n, struct sk_bundle **ret, struct sk_reject *reterr)
{
	*reterr = (struct sk_reject){0};
	if ((uintptr_t)data % 8)
		return -EINVAL;
	struct sk_bundle *b = sodium_init() < 0 ? NULL : calloc(1, sizeof(*b));
	/* Every table is at most four bytes for each byte of the file. */
	struct sk_arena *arena = sk_arena_new(SIZE_MAX / 2);
	if (!b || !arena) {
		free(b);
		sk_arena_free(arena);
		return -ENOMEM;
	}
	struct sk_verify vf = {.v = &b->view, .err = reterr, .arena = arena, .steps = (uint64_t)n * SK_VERIFY_STEPS_PER_BYTE};
	bool ok = verify(&vf, data, n);
	int r = ok ? 0 : reterr->code != SK_REJECT_NONE ? -EBADMSG : -ENOMEM;
	sk_arena_free(arena);
	if (r == 0)
		*ret = b;
	else
		free(b);
	return r;
}

static int
fail(struct sk_reject *reterr, const char *path, int error)
{
	(void)snprintf(reterr->text, sizeof(reterr->text), "%s: %s", path, strerror(-error));
	return error;
}

/* N bytes or up to the end of the file. */
static ssize_t
read_all(int fd, char *p, size_t n)
{
	size_t k = 0;

	while (k < n) {
		ssize_t r = read(fd, p + k, n - k);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		k += (size_t)r;
	}
	return (ssize_t)k;
}

/* Pages that hold up to N bytes of FD, and in *RET_N how many it had. The file itself is not mapped: whoever can write to it
 * could change what was verified. */
static int
load_sized(int fd, size_t n, void **ret, size_t *ret_n)
{
	bool huge = n >= HUGE_FROM;
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | (huge ? 0 : MAP_POPULATE), -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	if (huge)
		(void)madvise(p, n, MADV_HUGEPAGE);
	ssize_t got = read_all(fd, p, n);
	if (got < 0 || mprotect(p, n, PROT_READ) < 0) {
		int error = got < 0 ? (int)got : -errno;

		(void)munmap(p, n);
		return error;
	}
	*ret = p;
	*ret_n = (size_t)got;
	return 0;
}

/* A pipe: its size is known only at its end. */
static int
load_stream(int fd, struct sk_buf *b)
{
	for (;;) {
		char *room = sk_buf_room(b, (size_t)1 << 16);
		if (!room)
			return -ENOMEM;
		ssize_t got = read_all(fd, room, (size_t)1 << 16);
		if (got < 0)
			return (int)got;
		if (got == 0)
			return 0;
		b->n += (size_t)got;
		if (b->n > SK_MAX_BUNDLE)
			return -EFBIG;
	}
}

static int
load_pipe(int fd, void **ret, size_t *ret_size, size_t *ret_n)
{
	struct sk_buf b = {0};
	int r = load_stream(fd, &b);

	if (r == 0) {
		*ret_size = b.n + 1;
		void *p = mmap(NULL, *ret_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			r = -errno;
		else {
			memcpy(p, b.p ? b.p : "", b.n);
			(void)mprotect(p, *ret_size, PROT_READ);
			*ret = p;
			*ret_n = b.n;
		}
	}
	sk_buf_free(&b);
	return r;
}

static int
load_fd(int fd, void **ret, size_t *ret_size, size_t *ret_n)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return load_pipe(fd, ret, ret_size, ret_n);
	if ((uint64_t)st.st_size > SK_MAX_BUNDLE)
		return -EFBIG;
	/* One byte more, to notice a file that grows while it is read. */
	*ret_size = (size_t)st.st_size + 1;
	/* Whole huge pages: the rest of the last one is cheaper than hundreds of small pages. */
	if (*ret_size >= HUGE_FROM)
		*ret_size = (*ret_size + HUGE_FROM - 1) / HUGE_FROM * HUGE_FROM;
	return load_sized(fd, *ret_size, ret, ret_n);
}

int
sk_bundle_open_file(const char *path, struct sk_bundle **ret, struct sk_reject *reterr)
{
	bool is_stdin = strcmp(path, "-") == 0;
	SK_AUTO_CLOSE int fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	void *p = NULL;
	size_t size = 0, n = 0;

	*reterr = (struct sk_reject){0};
	if (fd < 0)
		return fail(reterr, path, -errno);
	int r = load_fd(fd, &p, &size, &n);
	if (r < 0)
		return fail(reterr, path, r);
	r = sk_bundle_open(p, n, ret, reterr);
	if (r == 0) {
		(*ret)->map = p;
		(*ret)->map_size = size;
		return 0;
	}
	(void)munmap(p, size);
	return r == -EBADMSG ? r : fail(reterr, path, r);
}

void
sk_bundle_close(struct sk_bundle *b)
{
	if (!b)
		return;
	if (b->map)
		(void)munmap(b->map, b->map_size);
	free(b);
}

const struct sk_bundle_view *
sk_bundle_view(const struct sk_bundle *b)
{
	return &b->view;
}

struct sk_slice
sk_bundle_str(const struct sk_bundle_view *v, struct sk_str_ref s)
{
	return sk_slice(v->strings + s.off, s.len);
}
