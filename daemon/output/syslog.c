#include "daemon/log.h"
#include "daemon/output/output.h"

#include <syslog.h>

static int
syslog_open(const struct sk_config *c, void **ret, char *err, size_t n)
{
	(void)c;
	(void)err;
	(void)n;
	/* syslog(3) cannot say that nobody listens, and the daemon behind it may come later. */
	if (access("/dev/log", W_OK) < 0)
		sk_log(SK_PRIO_WARNING, "syslog output: nobody listens at /dev/log; alerts to it are lost until somebody does");
	*ret = NULL;
	return 0;
}

static int
syslog_write(void *self, enum sk_priority priority, const char *line, size_t n, uint64_t *lost)
{
	(void)self;
	(void)n;
	(void)lost;
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
