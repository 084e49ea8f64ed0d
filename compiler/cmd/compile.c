#include "compiler/cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>

static int
write_all(int fd, const struct sk_buf *b)
{
	for (size_t done = 0; done < b->n;) {
		ssize_t n = write(fd, b->p + done, b->n - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	return 0;
}

/* Written beside its place and moved there, so that nobody ever reads half a bundle. */
static int
replace_file(const char *path, const struct sk_buf *b)
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
	r = write_all(fd, b);
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
sk_cmd_compile(struct sk_cmd *c)
{
	struct sk_inputs in = { 0 };
	struct sk_compilation done = { 0 };
	struct sk_buf image = { 0 };
	int status, r = 0;

	if (!c->output) {
		fputs("sakerc: compile needs -o FILE\n", stderr);
		return SK_EXIT_USAGE;
	}
	status = sk_cmd_run(c, &in, &done, &image, stderr);
	if (status == SK_EXIT_OK)
		r = strcmp(c->output, "-") == 0 ? write_all(STDOUT_FILENO, &image) : replace_file(c->output, &image);
	if (r) {
		fprintf(stderr, "sakerc: %s: %s\n", c->output, strerror(-r));
		status = SK_EXIT_FINDINGS;
	}
	sk_buf_free(&image);
	sk_compilation_free(&done);
	sk_inputs_free(&in);
	return status;
}
