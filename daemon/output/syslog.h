/* Messages to the socket of the system's log, by a client of our own: syslog(3) cannot say that a message was lost. */
#ifndef SK_SYSLOG_H
#define SK_SYSLOG_H

#include "base/slice.h"

struct sk_syslog {
	const char *path, *ident; /* not owned */
	int fd;                   /* -1: not connected */
	bool stream;              /* messages end with a NUL */
};

/* Prepare for messages to PATH under the name IDENT, and connect if somebody listens. 0 or a negative errno; messages may be sent in any case. */
int sk_syslog_open(struct sk_syslog *s, const char *path, const char *ident);
/* Send one message of facility "user" with a severity of 0 to 7. A connection that is gone, because the log was started again, is made anew once. Waits no longer than
 * SK_SYSLOG_WAIT_MS for a log that is busy. 0, or a negative errno: the message is lost. */
int sk_syslog_send(struct sk_syslog *s, unsigned severity, const char *line, size_t n);
void sk_syslog_close(struct sk_syslog *s);

#define SK_SYSLOG_WAIT_MS 200

#endif
