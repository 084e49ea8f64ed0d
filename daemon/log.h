/* The operational log: what the daemon says of itself, to standard error and syslog. One log a process: syslog(3) and standard error are too. */
#ifndef SK_LOG_H
#define SK_LOG_H

#include "base/attr.h"

#include <saker/schema.h>
#include <stdbool.h>

struct sk_log_opts {
	bool to_stderr, to_syslog, iso8601;
	enum sk_priority level; /* less severe messages are dropped */
};

void sk_log_setup(const struct sk_log_opts *opts);
/* One line, without an end of line. */
void sk_log(enum sk_priority severity, const char *fmt, ...) SK_PRINTF(2, 3);

#endif
