#include "daemon/output/output.h"

#include <errno.h>

struct stdout_output {
	bool buffered;
};

static int
stdout_open(const struct sk_config *c, void **ret, char *err, size_t n)
{
	struct stdout_output *o = calloc(1, sizeof(*o));

	(void)err;
	(void)n;
	if (!o)
		return -ENOMEM;
	o->buffered = c->buffered_outputs;
	*ret = o;
	return 0;
}

static int
stdout_write(void *self, enum sk_priority priority, const char *line, size_t n)
{
	const struct stdout_output *o = self;

	(void)priority;
	errno = 0;
	if (fwrite(line, 1, n, stdout) != n || fputc('\n', stdout) == EOF || (!o->buffered && fflush(stdout) != 0))
		return errno ? -errno : -EIO;
	return 0;
}

static void
stdout_close(void *self)
{
	(void)fflush(stdout);
	free(self);
}

const struct sk_output_ops sk_output_stdout = { .open = stdout_open, .write = stdout_write, .close = stdout_close };
