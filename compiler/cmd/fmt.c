/* Format rule files in place, or say which are not. */
#include "compiler/cmd/cmd.h"

#include "compiler/fmt/fmt.h"

#include <errno.h>
#include <fcntl.h>
#include <saker/limits.h>
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

/* A file that its text comes into: where a link leads, not the link. */
struct target {
	char *path;
	struct stat st;
	struct sk_buf beside; /* name of the file that is written first */
};

/* The new text is on the disk before the old one goes. *RET_ALIKE: it has the owner, group and mode of the file. */
static int
write_beside(struct target *t, struct sk_slice text, bool *ret_alike)
{
	int fd = t->beside.failed ? -1 : open(sk_buf_cstr(&t->beside), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int r = t->beside.failed ? -ENOMEM : fd < 0 ? -errno : write_all(fd, text);

	if (fd < 0)
		return r;
	*ret_alike = fchown(fd, t->st.st_uid, t->st.st_gid) == 0 && fchmod(fd, t->st.st_mode & 07777) == 0;
	if (!r && fsync(fd) < 0 && errno != EINVAL)
		r = -errno;
	if (close(fd) < 0 && !r)
		r = -errno;
	if (r)
		(void)unlink(sk_buf_cstr(&t->beside));
	return r;
}

/* Into the file itself, which others own or know by another name. The new text stays beside it if that goes wrong half way. */
static int
write_into(struct target *t, struct sk_slice text)
{
	int fd = open(t->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW), r = fd < 0 ? -errno : write_all(fd, text);

	if (fd < 0) {
		(void)unlink(sk_buf_cstr(&t->beside));
		return r;
	}
	if (!r && (ftruncate(fd, (off_t)text.n) < 0 || (fsync(fd) < 0 && errno != EINVAL)))
		r = -errno;
	if (close(fd) < 0 && !r)
		r = -errno;
	if (r)
		fprintf(stderr, "sakerc: %s may be damaged; the formatted text is in %s\n", t->path, sk_buf_cstr(&t->beside));
	else
		(void)unlink(sk_buf_cstr(&t->beside));
	return r;
}

static int
replace(const char *path, struct sk_slice text)
{
	struct target t = {.path = realpath(path, NULL)};
	bool alike = false;
	int r = !t.path || stat(t.path, &t.st) < 0 ? -errno : S_ISREG(t.st.st_mode) ? 0 : -EINVAL;

	if (!r) {
		sk_buf_printf(&t.beside, "%s.%ld.tmp", t.path, (long)getpid());
		r = write_beside(&t, text, &alike);
	}
	if (!r && (!alike || t.st.st_nlink > 1)) {
		r = write_into(&t, text);
	} else if (!r && rename(sk_buf_cstr(&t.beside), t.path) < 0) {
		r = -errno;
		(void)unlink(sk_buf_cstr(&t.beside));
	}
	sk_buf_free(&t.beside);
	free(t.path);
	return r;
}

/* What became of one file. */
static bool
settle(const struct sk_cmd *c, const struct sk_compile_input *in, struct sk_slice text)
{
	bool standard = sk_slice_is(in->name, "-"), changes = !sk_slice_eq(in->text, text);
	int r = 0;

	if (c->check) {
		if (changes)
			printf("%.*s\n", SK_SLICE_ARG(in->name));
		return !changes;
	}
	if (standard) {
		(void)fwrite(text.p, 1, text.n, stdout);
		return true;
	}
	if (changes)
		r = replace(in->name.p, text);
	if (r)
		fprintf(stderr, "sakerc: %.*s: %s\n", SK_SLICE_ARG(in->name), strerror(-r));
	return !r;
}

static void
report(const struct sk_cmd *c, const struct sk_compile_input *in, struct sk_diags *diags)
{
	size_t n;

	(void)sk_diags_sorted(diags, &n);
	/* Findings need memory, too. */
	if (!n)
		fprintf(stderr, "sakerc: %.*s: out of memory\n", SK_SLICE_ARG(in->name));
	sk_diags_print(diags, stderr, c->color == SK_COLOR_ALWAYS || (c->color == SK_COLOR_AUTO && isatty(STDERR_FILENO)));
}

static bool
format(const struct sk_cmd *c, const struct sk_compile_input *in)
{
	struct sk_arena *a = sk_arena_new(SK_MAX_COMPILE_MEMORY);
	struct sk_diags *diags = a ? sk_diags_new(a) : NULL;
	struct sk_file *file = diags && !in->error ? sk_file_new(a, in->name, in->text) : NULL;
	struct sk_buf out = {0};
	bool ok = false;

	if (in->error)
		fprintf(stderr, "sakerc: %.*s: %s\n", SK_SLICE_ARG(in->name), in->error);
	else if (!file)
		fprintf(stderr, "sakerc: %.*s: out of memory\n", SK_SLICE_ARG(in->name));
	else if (sk_fmt(a, diags, file, &out))
		ok = settle(c, in, sk_buf_view(&out));
	else
		report(c, in, diags);
	sk_buf_free(&out);
	sk_arena_free(a);
	return ok;
}

int
sk_cmd_fmt(struct sk_cmd *c)
{
	struct sk_inputs in = {0};
	int status = SK_EXIT_OK;

	if (!c->nargs) {
		fputs("sakerc: name at least one rule file or directory\n", stderr);
		return SK_EXIT_USAGE;
	}
	if (!sk_inputs_read(&in, c->args, c->nargs)) {
		fputs("sakerc: out of memory\n", stderr);
		status = SK_EXIT_FINDINGS;
	}
	for (size_t i = 0; i < in.v.n; i++)
		if (!format(c, &in.v.v[i]))
			status = SK_EXIT_FINDINGS;
	sk_inputs_free(&in);
	return status;
}
