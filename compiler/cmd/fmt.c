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

/* Beside the file and moved there, with its mode; where a link leads, not in its place. */
static int
replace(const char *path, struct sk_slice text)
{
	SK_AUTO_FREE char *target = realpath(path, NULL);
	struct sk_buf tmp = { 0 };
	struct stat st;
	int fd, r;

	if (!target || stat(target, &st) < 0)
		return -errno;
	sk_buf_printf(&tmp, "%s.%ld.tmp", target, (long)getpid());
	fd = tmp.failed ? -1 : open(sk_buf_cstr(&tmp), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st.st_mode & 0777);
	r = fd < 0 ? -errno : write_all(fd, text);
	if (fd >= 0 && fchmod(fd, st.st_mode & 0777) < 0 && !r)
		r = -errno;
	if (fd >= 0 && close(fd) < 0 && !r)
		r = -errno;
	if (!r && rename(sk_buf_cstr(&tmp), target) < 0)
		r = -errno;
	if (r && fd >= 0)
		(void)unlink(sk_buf_cstr(&tmp));
	sk_buf_free(&tmp);
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

static bool
format(const struct sk_cmd *c, const struct sk_compile_input *in)
{
	struct sk_arena *a = sk_arena_new(SK_MAX_COMPILE_MEMORY);
	struct sk_diags *diags = a ? sk_diags_new(a) : NULL;
	struct sk_file *file = diags && !in->error ? sk_file_new(a, in->name, in->text) : NULL;
	struct sk_buf out = { 0 };
	bool ok = false;

	if (in->error)
		fprintf(stderr, "sakerc: %.*s: %s\n", SK_SLICE_ARG(in->name), in->error);
	else if (!file)
		fputs("sakerc: out of memory\n", stderr);
	else if (sk_fmt(a, diags, file, &out))
		ok = settle(c, in, sk_buf_view(&out));
	else
		sk_diags_print(diags, stderr,
			       c->color == SK_COLOR_ALWAYS || (c->color == SK_COLOR_AUTO && isatty(STDERR_FILENO)));
	sk_buf_free(&out);
	if (a)
		sk_arena_free(a);
	return ok;
}

int
sk_cmd_fmt(struct sk_cmd *c)
{
	struct sk_inputs in = { 0 };
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
