#include "daemon/output/output.h"

#include <syslog.h>

static int
syslog_open(const struct sk_config *c, void **ret, char *err, size_t n)
{
	(void)c;
	(void)err;
	(void)n;
	*ret = NULL;
	return 0;
}

static int
syslog_write(void *self, enum sk_priority priority, const char *line, size_t n)
{
	(void)self;
	(void)n;
	_Static_assert((int)SK_PRIO_EMERGENCY == LOG_EMERG && (int)SK_PRIO_DEBUG == LOG_DEBUG, "priorities are syslog's severities");
	syslog((int)priority, "%s", line);
	return 0;
}

static void
syslog_close(void *self)
{
	(void)self;
	closelog();
}

const struct sk_output_ops sk_output_syslog = { .open = syslog_open, .write = syslog_write, .close = syslog_close };
