/* Show what the probe reports while a command runs: sk_probe_show [-f] [-w EVENT]... -- COMMAND. One line an event, parameters as numbers or text. For people. */
#include "base/schema.h"
#include "probe/live/live.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
warn(void *arg, const char *text)
{
	(void)arg;
	fprintf(stderr, "warning: %s\n", text);
}

static void
show_bytes(const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n && i < 200; i++)
		putchar(isprint(p[i]) ? p[i] : '.');
}

static void
show_param(const struct sk_event *ev, uint32_t i)
{
	uint32_t n = sk_ev_len(ev, i), type = ev->desc->params[i].type;
	bool text = type == SK_PT_CHARBUF || type == SK_PT_BYTEBUF || type == SK_PT_FSPATH || type == SK_PT_FSRELPATH;

	printf(" %s=", ev->desc->params[i].name);
	if (!n)
		printf("<NA>");
	else if (!text && n <= 8)
		printf("%lld", (long long)sk_ev_int(ev, i, 0));
	else if (text)
		show_bytes(sk_ev_ptr(ev, i), n);
	else
		for (uint32_t k = 0; k < n && k < 64; k++)
			printf("%02x", sk_ev_ptr(ev, i)[k]);
}

static void
show_facts(const struct sk_event_facts *f)
{
	printf(" | pid=%lld ptid=%lld %s", (long long)f->pid, (long long)f->ptid, f->comm);
	for (uint32_t i = 0; i < f->nfds; i++)
		printf(" fd %lld type %u dev %x ino %llu %.*s %u->%u", (long long)f->fd[i].num, f->fd[i].type, f->fd[i].dev, (unsigned long long)f->fd[i].ino,
		       f->fd[i].path_len, (const char *)f + f->fd[i].path, f->fd[i].sport, f->fd[i].dport);
}

static void
show(const struct sk_event *ev)
{
	printf("%llu %u %lld %s", (unsigned long long)ev->ts, ev->cpu, (long long)ev->tid, ev->desc->name);
	for (uint32_t i = 0; i < ev->nparams; i++)
		show_param(ev, i);
	if (ev->facts)
		show_facts(ev->facts);
	putchar('\n');
}

int
main(int argc, char **argv)
{
	static uint8_t want[SK_EVENT_LIMIT];
	struct sk_live_opts o = { .sz = sizeof(o), .want = want, .warn = warn };
	struct sk_live_stats st;
	struct sk_live_error err;
	struct sk_live *l;
	struct sk_event ev;
	int opt, status;

	while ((opt = getopt(argc, argv, "+w:ab:r:")) != -1) {
		for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++)
			if (opt == 'a' || (opt == 'w' && strcmp(sk_event_desc(t)->name, optarg) == 0))
				want[t] = SK_WANT_ALL;
		if (opt == 'b')
			o.break_program = optarg;
		if (opt == 'r')
			o.ring_bytes = (uint32_t)atoi(optarg);
	}
	if (sk_live_open(&o, &l, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	pid_t pid = fork();
	if (pid == 0) {
		execvp(argv[optind], argv + optind);
		_exit(127);
	}
	for (int quiet = 0; quiet < 20;) {
		if (sk_live_next(l, &ev) > 0) {
			show(&ev);
			continue;
		}
		sk_live_wait(l);
		quiet += pid == 0 || waitpid(pid, &status, WNOHANG) == pid ? (pid = 0, 1) : 0;
	}
	sk_live_stats(l, &st);
	fprintf(stderr, "sent %llu read %llu missing %llu lost %llu %llu %llu\n", (unsigned long long)st.sent, (unsigned long long)st.read,
		(unsigned long long)st.missing, (unsigned long long)st.lost[0], (unsigned long long)st.lost[1], (unsigned long long)st.lost[2]);
	sk_live_close(l);
	return 0;
}
