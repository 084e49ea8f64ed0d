#include "daemon/output/lines.h"
#include "daemon/output/output.h"

#include <errno.h>

static int
stdout_open(const struct sk_config *c, void **ret, char *err, size_t n)
{
	struct sk_lines *l = calloc(1, sizeof(*l));

	(void)err;
	(void)n;
	if (!l)
		return -ENOMEM;
	l->fd = STDOUT_FILENO;
	l->buffered = c->buffered_outputs;
	*ret = l;
	return 0;
}

static int
stdout_write(void *self, enum sk_priority priority, const char *line, size_t n, uint64_t *lost)
{
	(void)priority;
	return sk_lines_write(self, line, n, lost);
}

static int
stdout_flush(void *self, uint64_t *lost)
{
	return sk_lines_flush(self, lost);
}

static void
stdout_close(void *self)
{
	sk_lines_free(self);
	free(self);
}

const struct sk_output_ops sk_output_stdout = { .open = stdout_open, .write = stdout_write, .flush = stdout_flush, .close = stdout_close };
