#include "daemon/output/output.h"

#include <errno.h>

struct file_output {
	char *name;
	FILE *f; /* NULL between alerts without keep_alive */
	bool keep_alive, buffered;
};

static int
open_file(struct file_output *o)
{
	if (!o->f)
		o->f = fopen(o->name, "ae");
	return o->f ? 0 : -errno;
}

static int
close_file(struct file_output *o)
{
	int r = o->f && fclose(o->f) != 0 ? -errno : 0;

	o->f = NULL;
	return r;
}

static void
file_close(void *self)
{
	struct file_output *o = self;

	(void)close_file(o);
	free(o->name);
	free(o);
}

static int
file_open(const struct sk_config *c, void **ret, char *err, size_t n)
{
	struct file_output *o = calloc(1, sizeof(*o));
	int r = -ENOMEM;

	if (o && (o->name = strdup(c->file_name))) {
		o->keep_alive = c->file_keep_alive;
		o->buffered = c->buffered_outputs;
		/* A file that cannot be written is found out at start, not at the first alert. */
		r = open_file(o);
	}
	if (r < 0) {
		(void)snprintf(err, n, "%s: %s", c->file_name, strerror(-r));
		if (o)
			file_close(o);
		return r;
	}
	if (!o->keep_alive)
		(void)close_file(o);
	*ret = o;
	return 0;
}

static int
file_write(void *self, enum sk_priority priority, const char *line, size_t n)
{
	struct file_output *o = self;
	int r = open_file(o);

	(void)priority;
	if (r < 0)
		return r;
	errno = 0;
	if (fwrite(line, 1, n, o->f) != n || fputc('\n', o->f) == EOF || (!o->buffered && fflush(o->f) != 0))
		r = errno ? -errno : -EIO;
	if (!o->keep_alive) {
		int closed = close_file(o);

		r = r < 0 ? r : closed;
	}
	return r;
}

static int
file_reopen(void *self)
{
	struct file_output *o = self;

	(void)close_file(o);
	return o->keep_alive ? open_file(o) : 0;
}

const struct sk_output_ops sk_output_file = { .open = file_open, .write = file_write, .reopen = file_reopen, .close = file_close };
