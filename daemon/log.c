#include "daemon/log.h"

#include <stdarg.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

static struct sk_log_opts log_opts = { .to_stderr = true, .level = SK_PRIO_INFORMATIONAL };

void
sk_log_setup(const struct sk_log_opts *opts)
{
	log_opts = *opts;
}

static void
put_time(FILE *out)
{
	struct timespec now;
	struct tm tm;
	char text[64];

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (log_opts.iso8601 && gmtime_r(&now.tv_sec, &tm) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
		fprintf(out, "%s.%09ld+0000: ", text, now.tv_nsec);
	else if (localtime_r(&now.tv_sec, &tm) && strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm))
		fprintf(out, "%s: ", text);
}

void
sk_log(enum sk_priority severity, const char *fmt, ...)
{
	va_list ap;

	if (severity > log_opts.level)
		return;
	va_start(ap, fmt);
	if (log_opts.to_stderr) {
		va_list again;

		va_copy(again, ap);
		put_time(stderr);
		(void)vfprintf(stderr, fmt, again);
		(void)fputc('\n', stderr);
		va_end(again);
	}
	if (log_opts.to_syslog)
		vsyslog((int)severity, fmt, ap);
	va_end(ap);
}
