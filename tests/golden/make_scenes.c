/* Writes a capture of scenes that no recording of ours holds: usage: make_scenes FILE ("-" is standard output). Each scene is an event that a rule must
 * tell and one that it must leave alone; rules/X.fixtures names both by evt.num. Every run writes the same bytes. */
#include "probe/scap/writer.h"
#include "tests/unit/event_maker.h"

#include <stdio.h>

#define NS_PER_S 1000000000ull
#define START (1700000000ull * NS_PER_S)
#define CONTAINER "/kubepods/pod1/cri-containerd-00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff.scope"
#define CAP_SYS_ADMIN (1ull << 21)
/* Flags of the capture format's open events. */
#define OPEN_READ 1
#define OPEN_WRITE 2

struct scenes {
	struct event_maker m;
	struct sk_scap_writer *w;
	struct sk_list_sink sink;
	int failed;
};

static void
put(struct scenes *s, const struct sk_event *ev)
{
	if (sk_scap_write_event(s->w, ev) < 0)
		s->failed = 1;
}

/* A process that was there before the first event. */
struct process {
	int64_t pid, ptid;
	const char *comm;
	uint32_t uid;
	uint64_t clone_ts, caps;
	struct sk_slice cgroups, env;
};

static void
list(struct scenes *s, struct process p)
{
	struct sk_slice comm = sk_slice_cstr(p.comm);
	struct sk_thread_entry t = { .tid = p.pid, .pid = p.pid, .ptid = p.ptid, .sid = p.pid, .vpgid = p.pid, .pgid = p.pid, .vtid = p.pid, .vpid = p.pid,
		.fdlimit = 1024, .comm = comm, .exe = comm, .exepath = SK_SLICE("/usr/bin/program"), .cwd = SK_SLICE("/"), .root = SK_SLICE("/"),
		.env = p.env, .cgroups = p.cgroups, .flags = SK_CL_IS_MAIN_THREAD, .uid = p.uid, .gid = p.uid, .clone_ts = p.clone_ts,
		.cap_permitted = p.caps, .cap_effective = p.caps };

	s->sink.thread(s->sink.ctx, &t);
}

static void
open_file(struct scenes *s, int64_t tid, const char *name, int64_t flags)
{
	put(s, event_make(&s->m, SK_E_SYSCALL_OPENAT_2_X, tid, "iisiiii", I(5), I(-100), name, flags, I(0644), I(64768), I(99)));
}

/* The child's own view of its fork. */
static void
forked(struct scenes *s, int64_t tid, int64_t parent, const char *comm)
{
	put(s, event_make(&s->m, SK_E_SYSCALL_CLONE_20_X, tid, "isbiii-iiiiiisbiiiiii", I(0), comm, "-f\0", (size_t)3, tid, tid, parent, I(1024), I(0), I(0),
		I(1), I(1), I(0), comm, "cpuset=/\0", (size_t)9, I(0), I(0), I(0), tid, tid, I(0)));
}

static void
execute(struct scenes *s, int64_t tid, int64_t parent, const char *comm, int64_t uid)
{
	put(s, event_make(&s->m, SK_E_SYSCALL_EXECVE_19_X, tid, "isbiii-iiiiiisbbiiiiiiiiiiisii", I(0), comm, "-l\0", (size_t)3, tid, tid, parent,
		I(1024), I(0), I(0), I(1), I(1), I(0), comm, "cpuset=/\0", (size_t)9, "HOME=/\0", (size_t)7, I(34816), tid, I(1000), I(0), I(0), I(0),
		I(0), I(1), I(0), I(0), uid, "/usr/bin/program", tid, I(0)));
}

/* A connection of 10.1.0.5 to 10.96.0.LAST:443. */
static void
connect_to(struct scenes *s, int64_t tid, int64_t fd, uint8_t last)
{
	const uint8_t tuple[] = { 2, 10, 1, 0, 5, 0x40, 0x9c, 10, 96, 0, last, 0xbb, 0x01 }; /* ports little endian */

	put(s, event_make(&s->m, SK_E_SOCKET_SOCKET_X, tid, "iiiii", fd, I(2), I(1), I(0), I(0)));
	put(s, event_make(&s->m, SK_E_SOCKET_CONNECT_X, tid, "ibi", I(0), (const void *)tuple, sizeof(tuple), fd));
}

static void
lists(struct scenes *s)
{
	const struct sk_slice host = SK_SLICE("cpu=/\0"), pod = SK_SLICE("cpu=" CONTAINER "\0"), none = SK_SLICE("");

	s->sink.section(s->sink.ctx);
	s->sink.machine(s->sink.ctx, 2, START - 86400 * NS_PER_S, SK_SLICE("scenes"));
	s->sink.user(s->sink.ctx, 33, 33, SK_SLICE("www-data"), SK_SLICE("/var/www"), SK_SLICE("/usr/sbin/nologin"));
	list(s, (struct process){ 1, 0, "systemd", 0, START - 86400 * NS_PER_S, 0, host, none });
	list(s, (struct process){ 100, 1, "cron", 0, START - 3600 * NS_PER_S, 0, host, none });
	list(s, (struct process){ 200, 1, "sshd", 0, START - 3600 * NS_PER_S, 0, host, none });
	list(s, (struct process){ 201, 200, "bash", 33, START - 60 * NS_PER_S, 0, host, none });
	list(s, (struct process){ 202, 201, "bash", 33, START, 0, host, none });
	list(s, (struct process){ 203, 100, "sh", 33, START, 0, host, none });
	list(s, (struct process){ 300, 1, "agent", 0, START - 60 * NS_PER_S, 0, pod, SK_SLICE("KUBERNETES_SERVICE_HOST=10.96.0.1\0") });
	list(s, (struct process){ 400, 1, "sh", 0, START - 60 * NS_PER_S, CAP_SYS_ADMIN, pod, none });
	list(s, (struct process){ 401, 1, "sh", 0, START - 60 * NS_PER_S, 0, pod, none });
	s->sink.lists_done(s->sink.ctx);
}

static void
events(struct scenes *s)
{
	open_file(s, 100, "/etc/shadow", OPEN_READ);      /* 1: a service reads it an hour after its start */
	forked(s, 101, 100, "cron");                      /* 2 */
	open_file(s, 101, "/etc/pam.d/cron", OPEN_READ);  /* 3: its child begins a job */
	execute(s, 202, 201, "id", 33);                   /* 4: a service's account in a session of sshd */
	execute(s, 203, 100, "id", 33);                   /* 5: the same account in a job of cron */
	connect_to(s, 300, 6, 1);                         /* 6 and 7: a pod talks to the API server */
	connect_to(s, 300, 7, 7);                         /* 8 and 9: and to another service */
	open_file(s, 400, "/tmp/cgroup/release_agent", OPEN_WRITE); /* 10: with the capability that it takes */
	open_file(s, 401, "/tmp/cgroup/release_agent", OPEN_WRITE); /* 11: without */
	open_file(s, 400, "/tmp/cgroup/release_agent", OPEN_READ);  /* 12: reading it */
}

int
main(int argc, char **argv)
{
	static struct scenes s;
	struct sk_scap_error error;

	if (argc != 2) {
		fprintf(stderr, "usage: make_scenes FILE\n");
		return 2;
	}
	if (sk_scap_writer_open(argv[1], false, &s.w, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	s.m.ts = START;
	sk_scap_writer_sink(s.w, &s.sink);
	lists(&s);
	events(&s);
	return sk_scap_writer_close(s.w) < 0 || s.failed;
}
