#include "daemon/output/lines.h"
#include "daemon/output/output.h"

#include <errno.h>
#include <fcntl.h>

struct file_output {
	char *name;
	struct sk_lines lines; /* closed between alerts without keep_alive */
	bool keep_alive;
};

static int
open_file(struct file_output *o)
{
	if (o->lines.fd < 0)
		o->lines.fd = open(o->name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	return o->lines.fd < 0 ? -errno : 0;
}

/* A network file system may tell only now that the last lines went nowhere. */
static int
close_file(struct file_output *o)
{
	int r = o->lines.fd >= 0 && close(o->lines.fd) < 0 && errno != EINTR ? -errno : 0;

	o->lines.fd = -1;
	return r;
}

static void
file_close(void *self)
{
	struct file_output *o = self;

	(void)close_file(o);
	sk_lines_free(&o->lines);
	free(o->name);
	free(o);
}

static int
file_open(const struct sk_config *c, void **ret, char *err, size_t n)
{
	struct file_output *o = calloc(1, sizeof(*o));
	int r = -ENOMEM;

	if (o)
		o->lines.fd = -1;
	if (o && (o->name = strdup(c->file_name))) {
		o->keep_alive = c->file_keep_alive;
		o->lines.buffered = c->buffered_outputs && c->file_keep_alive;
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
file_write(void *self, enum sk_priority priority, const char *line, size_t n, uint64_t *lost)
{
	struct file_output *o = self;
	int r = open_file(o);

	(void)priority;
	if (r < 0) {
		++*lost;
		return r;
	}
	r = sk_lines_write(&o->lines, line, n, lost);
	if (!o->keep_alive) {
		int closed = close_file(o);

		if (r == 0 && closed < 0)
			++*lost;
		r = r < 0 ? r : closed;
	}
	return r;
}

static int
file_flush(void *self, uint64_t *lost)
{
	struct file_output *o = self;

	return o->lines.fd < 0 ? 0 : sk_lines_flush(&o->lines, lost);
}

static int
file_reopen(void *self)
{
	struct file_output *o = self;

	(void)close_file(o);
	o->lines.torn = false; /* most likely it is a new file */
	return o->keep_alive ? open_file(o) : 0;
}

const struct sk_output_ops sk_output_file = { .open = file_open, .write = file_write, .flush = file_flush, .reopen = file_reopen, .close = file_close };
