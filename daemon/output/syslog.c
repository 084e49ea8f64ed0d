#include "daemon/output/syslog.h"

#include "base/attr.h"
#include "base/buf.h"
#include "daemon/log.h"
#include "daemon/output/output.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#define FACILITY_USER (1u << 3)

static void
disconnect(struct sk_syslog *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
}

static int
connect_as(struct sk_syslog *s, int type)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const struct timeval wait = { .tv_usec = SK_SYSLOG_WAIT_MS * 1000 };

	if (strlen(s->path) >= sizeof(to.sun_path))
		return -ENAMETOOLONG;
	memcpy(to.sun_path, s->path, strlen(s->path));
	s->fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return -errno;
	(void)setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (connect(s->fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return 0;
	int r = -errno;
	disconnect(s);
	return r;
}

/* Datagrams are what everybody takes; few old logs want a stream. */
static int
reconnect(struct sk_syslog *s)
{
	int r;

	disconnect(s);
	s->stream = false;
	r = connect_as(s, SOCK_DGRAM);
	if (r == -EPROTOTYPE) {
		s->stream = true;
		r = connect_as(s, SOCK_STREAM);
	}
	return r;
}

int
sk_syslog_open(struct sk_syslog *s, const char *path, const char *ident)
{
	*s = (struct sk_syslog){ .path = path, .ident = ident, .fd = -1 };
	return reconnect(s);
}

/* "<10>Nov  4 16:17:57 saker[123]: LINE", as syslog(3) writes it. */
static void
put_message(struct sk_buf *out, const struct sk_syslog *s, unsigned severity, const char *line, size_t n)
{
	time_t now = time(NULL);
	struct tm tm = { 0 };
	char text[32] = "";

	(void)localtime_r(&now, &tm);
	(void)strftime(text, sizeof(text), "%b %e %H:%M:%S", &tm);
	sk_buf_printf(out, "<%u>%s %s[%ld]: ", FACILITY_USER | (severity & 7), text, s->ident, (long)getpid());
	sk_buf_put(out, line, n);
	if (s->stream)
		sk_buf_char(out, '\0');
}

static int
send_all(const struct sk_syslog *s, const char *p, size_t n)
{
	while (n) {
		ssize_t sent = send(s->fd, p, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -errno;
		p += sent;
		n -= (size_t)sent;
	}
	return 0;
}

/* What is sent twice must be whole: a stream that broke inside of a message is left, never continued. */
static int
send_once(struct sk_syslog *s, unsigned severity, const char *line, size_t n)
{
	struct sk_buf message = { 0 };
	int r = s->fd < 0 ? -ENOTCONN : 0;

	if (r < 0)
		return r;
	put_message(&message, s, severity, line, n);
	r = message.failed ? -ENOMEM : send_all(s, message.p, message.n);
	sk_buf_free(&message);
	if (r < 0 && s->stream)
		disconnect(s);
	return r;
}

static bool
is_connection_gone(int r)
{
	return r == -ENOTCONN || r == -ECONNREFUSED || r == -ECONNRESET || r == -EPIPE || r == -EDESTADDRREQ;
}

int
sk_syslog_send(struct sk_syslog *s, unsigned severity, const char *line, size_t n)
{
	int r = send_once(s, severity, line, n);

	if (!is_connection_gone(r))
		return r;
	r = reconnect(s);
	return r < 0 ? r : send_once(s, severity, line, n);
}

void
sk_syslog_close(struct sk_syslog *s)
{
	disconnect(s);
}

/* --- the channel ---------------------------------------------------------------------------------------------------------- */
static int
syslog_open(const struct sk_config *c, void **ret, char *err, size_t n)
{
	struct sk_syslog *s = calloc(1, sizeof(*s));

	(void)c;
	(void)err;
	(void)n;
	if (!s)
		return -ENOMEM;
	/* No reason to end: who takes the messages may come later. */
	if (sk_syslog_open(s, "/dev/log", program_invocation_short_name) < 0)
		sk_log(SK_PRIO_WARNING, "syslog output: nobody listens at /dev/log; alerts to it are lost until somebody does");
	*ret = s;
	return 0;
}

static int
syslog_write(void *self, enum sk_priority priority, const char *line, size_t n, uint64_t *lost)
{
	int r;

	_Static_assert(SK_PRIO_EMERGENCY == 0 && SK_PRIO_DEBUG == 7, "priorities are syslog's severities");
	r = sk_syslog_send(self, (unsigned)priority, line, n);
	*lost += r < 0;
	return r;
}

static int
syslog_reopen(void *self)
{
	(void)reconnect(self);
	return 0;
}

static void
syslog_close(void *self)
{
	sk_syslog_close(self);
	free(self);
}

const struct sk_output_ops sk_output_syslog = { .open = syslog_open, .write = syslog_write, .reopen = syslog_reopen, .close = syslog_close };
