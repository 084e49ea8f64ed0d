/* Calls with several messages: an event for each, with its own bytes, up to the bound; and one for a call that fails. */
#include "base/schema.h"
#include "tests/probe/watch.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SENT = 20, BOUND = 16 };

static void
fill(struct mmsghdr *m, struct iovec *iov, char (*text)[8], int n, bool in)
{
	memset(m, 0, sizeof(*m) * (size_t)n);
	for (int i = 0; i < n; i++) {
		(void)snprintf(text[i], 8, "%.*s%d", i % 3, "xx", i & 31);
		iov[i] = (struct iovec){ text[i], in ? 8 : strlen(text[i]) };
		m[i].msg_hdr.msg_iov = &iov[i];
		m[i].msg_hdr.msg_iovlen = 1;
	}
}

static void
child(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct mmsghdr m[SENT];
	struct iovec iov[SENT];
	char text[SENT][8];
	socklen_t n = sizeof(to);
	int in = socket(AF_INET, SOCK_DGRAM, 0), out = socket(AF_INET, SOCK_DGRAM, 0);

	if (bind(in, (struct sockaddr *)&to, n) < 0 || getsockname(in, (struct sockaddr *)&to, &n) < 0 || connect(out, (struct sockaddr *)&to, n) < 0)
		_exit(1);
	fill(m, iov, text, SENT, false);
	(void)sendmmsg(out, m, SENT, 0);
	fill(m, iov, text, 3, true);
	(void)recvmmsg(in, m, 3, 0, NULL);
	(void)sendmmsg(-1, m, 2, 0);
	_exit(0);
}

static int failures;

/* Message I of the child's: its text as the event has it at PARAM, its length as the result. */
static void
check(const struct sk_event *ev, uint32_t param, unsigned i)
{
	char want[8];
	size_t n = (size_t)snprintf(want, sizeof(want), "%.*s%u", (int)(i % 3), "xx", i);

	if (sk_ev_int(ev, 0, -1) == (long long)n && sk_ev_len(ev, param) == n && memcmp(sk_ev_ptr(ev, param), want, n) == 0)
		return;
	fprintf(stderr, "%s, message %u: result %lld, %u bytes instead of %s\n", ev->desc->name, i, (long long)sk_ev_int(ev, 0, -1), sk_ev_len(ev, param), want);
	failures++;
}

int
main(void)
{
	unsigned sent = 0, got = 0, failed = 0;
	struct sk_event ev;
	struct watch w;

	watch_open(&w, SK_WANT_ALL, 8u << 20, NULL);
	if (*w.warnings)
		fprintf(stderr, "%s", w.warnings);
	watch_drain(&w);
	pid_t pid = fork();
	if (pid == 0)
		child();
	while (watch_next(&w, pid, 3, &ev) && ev.type != SK_E_PROCEXIT_1_E) {
		if (ev.type == SK_E_SOCKET_SENDMMSG_X && sk_ev_int(&ev, 0, 0) < 0)
			failed++;
		else if (ev.type == SK_E_SOCKET_SENDMMSG_X)
			check(&ev, 3, sent++);
		else if (ev.type == SK_E_SOCKET_RECVMMSG_X)
			check(&ev, 3, got++);
	}
	(void)waitpid(pid, NULL, 0);
	watch_close(&w);
	printf("%u messages sent, %u received, %u failed\n", sent, got, failed);
	return failures || *w.warnings || sent != BOUND || got != 3 || failed != 1;
}
