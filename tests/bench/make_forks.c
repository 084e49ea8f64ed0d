/* Writes a capture of short-lived processes: usage: make_forks FILE EVENTS ("-" is standard output). Children of a shell that fork, exec, open and close files
 * and end; some start threads, some connect, and some leave orphans, which go to process 1. Ids come round again as a kernel's do, every process has words of
 * its own, and when the capture ends nothing is left that was not there at its start. */
#include "probe/scap/writer.h"
#include "tests/unit/event_maker.h"

#include <stdio.h>

#define START 1700000000000000000ull
#define SHELL 100
#define PID_MAX 32768

struct forks {
	struct event_maker m;
	struct sk_scap_writer *w;
	struct sk_list_sink sink;
	uint64_t processes;
	int64_t last_pid;
	bool failed;
};

static void
put(struct forks *f, const struct sk_event *ev)
{
	if (sk_scap_write_event(f->w, ev) < 0)
		f->failed = true;
}

static int64_t
next_pid(struct forks *f)
{
	if (++f->last_pid >= PID_MAX)
		f->last_pid = SHELL + 1;
	return f->last_pid;
}

static void
list(struct forks *f, int64_t pid, int64_t ptid, const char *comm)
{
	struct sk_slice name = sk_slice_cstr(comm);
	struct sk_thread_entry t = { .tid = pid, .pid = pid, .ptid = ptid, .sid = pid, .vpgid = pid, .pgid = pid, .vtid = pid, .vpid = pid, .fdlimit = 1024,
		.comm = name, .exe = name, .exepath = SK_SLICE("/bin/x"), .cwd = SK_SLICE("/"), .root = SK_SLICE("/"), .env = SK_SLICE("A=1\0"),
		.cgroups = SK_SLICE("cpu=/\0"), .flags = SK_CL_IS_MAIN_THREAD };

	f->sink.thread(f->sink.ctx, &t);
}

/* What clone says in thread TID of process PID; RES is the new thread, or 0 in the new thread itself. */
static void
clone_exit(struct forks *f, int64_t tid, int64_t res, int64_t pid, int64_t ptid, int64_t flags)
{
	put(f, event_make(&f->m, SK_E_SYSCALL_CLONE_20_X, tid, "isbiii-iiiiiisbiiiiii", res, "sh", "-c\0true\0", (size_t)8, tid, pid, ptid, I(1024), I(0), I(9),
		I(512), I(64), I(0), "sh", "cpu=/\0", (size_t)6, flags, I(0), I(0), tid, pid, I(0)));
}

static void
fork_process(struct forks *f, int64_t parent, int64_t grandparent, int64_t pid)
{
	clone_exit(f, parent, pid, parent, grandparent, 0);
	clone_exit(f, pid, 0, pid, parent, 0);
}

static void
execute(struct forks *f, int64_t pid, int64_t parent)
{
	char comm[16], path[64], args[64];
	int n = snprintf(args, sizeof(args), "-n%c%llu%c", '\0', (unsigned long long)f->processes, '\0');

	(void)snprintf(comm, sizeof(comm), "job%llu", (unsigned long long)(f->processes % 1000));
	(void)snprintf(path, sizeof(path), "/usr/lib/jobs/%llu/run", (unsigned long long)f->processes);
	put(f, event_make(&f->m, SK_E_SYSCALL_EXECVE_19_X, pid, "isbiii-iiiiiisbbiiiiiiiiiiisii", I(0), path, args, (size_t)n, pid, pid, parent, I(1024), I(0),
		I(9), I(512), I(64), I(0), comm, "cpu=/\0", (size_t)6, "A=1\0", (size_t)4, I(0), pid, I(1000), I(0), I(0), I(0), I(0),
		(int64_t)f->processes, I(0), I(0), I(0), path, pid, I(0)));
}

/* Open a file of its own; KEEP leaves it to the exit to close. */
static void
use_file(struct forks *f, int64_t pid, bool keep)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "/tmp/jobs/%llu.out", (unsigned long long)f->processes);
	put(f, event_make(&f->m, SK_E_SYSCALL_OPENAT_2_X, pid, "iisiiii", I(3), I(-100), name, I(1), I(0), I(64768), (int64_t)f->processes));
	if (!keep)
		put(f, event_make(&f->m, SK_E_SYSCALL_CLOSE_X, pid, "ii", I(0), I(3)));
}

static void
end(struct forks *f, int64_t tid, int64_t reaper)
{
	put(f, event_make(&f->m, SK_E_PROCEXIT_1_E, tid, "iiiii", I(0), I(0), I(0), I(0), reaper));
}

static void
plain_job(struct forks *f)
{
	int64_t pid = next_pid(f);

	fork_process(f, SHELL, 1, pid);
	execute(f, pid, SHELL);
	use_file(f, pid, f->processes % 2);
	end(f, pid, 0);
}

static void
threaded_job(struct forks *f)
{
	int64_t pid = next_pid(f), tids[3];

	fork_process(f, SHELL, 1, pid);
	execute(f, pid, SHELL);
	for (int i = 0; i < 3; i++) {
		tids[i] = next_pid(f);
		clone_exit(f, pid, tids[i], pid, SHELL, SK_CL_CLONE_THREAD | SK_CL_CLONE_FILES | SK_CL_CLONE_VM);
		clone_exit(f, tids[i], 0, pid, SHELL, SK_CL_CLONE_THREAD | SK_CL_CLONE_FILES | SK_CL_CLONE_VM);
	}
	use_file(f, tids[0], true);
	/* The leader may go first; the process ends with its last thread. */
	if (f->processes % 2)
		end(f, pid, 0);
	for (int i = 0; i < 3; i++)
		end(f, tids[i], 0);
	if (!(f->processes % 2))
		end(f, pid, 0);
}

static void
orphaning_job(struct forks *f)
{
	int64_t pid = next_pid(f), child = next_pid(f);

	fork_process(f, SHELL, 1, pid);
	execute(f, pid, SHELL);
	use_file(f, pid, true); /* the child inherits it */
	fork_process(f, pid, SHELL, child);
	end(f, pid, 1);
	execute(f, child, 1);
	use_file(f, child, false);
	end(f, child, 0);
}

static void
lists(struct forks *f)
{
	f->sink.section(f->sink.ctx);
	f->sink.machine(f->sink.ctx, 2, START - 86400000000000ull, SK_SLICE("forks"));
	list(f, 1, 0, "init");
	list(f, SHELL, 1, "sh");
	f->sink.lists_done(f->sink.ctx);
}

/* An event that changes nothing. */
static void
tick(struct forks *f)
{
	put(f, event_make(&f->m, SK_E_SIGNALDELIVER_E, 1, "iii", I(0), I(0), I(0)));
}

static void
events(struct forks *f, uint64_t n)
{
	f->m.ts = START;
	f->last_pid = SHELL;
	tick(f);
	for (; f->m.num + 32 < n && !f->failed; f->processes++)
		if (f->processes % 10 == 3)
			threaded_job(f);
		else if (f->processes % 10 == 7)
			orphaning_job(f);
		else
			plain_job(f);
	/* What an exit leaves to be done is done at the next event. */
	while (f->m.num < n)
		tick(f);
}

int
main(int argc, char **argv)
{
	static struct forks f;
	struct sk_scap_error error;
	long long n = argc == 3 ? atoll(argv[2]) : 0;

	if (n < 100) {
		fprintf(stderr, "usage: make_forks FILE EVENTS (at least 100)\n");
		return 2;
	}
	if (sk_scap_writer_open(argv[1], false, &f.w, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	sk_scap_writer_sink(f.w, &f.sink);
	lists(&f);
	events(&f, (uint64_t)n);
	if (sk_scap_writer_close(f.w) < 0 || f.failed) {
		fprintf(stderr, "%s: cannot be written\n", argv[1]);
		return 1;
	}
	fprintf(stderr, "%llu events, %llu processes\n", n, (unsigned long long)f.processes);
	return 0;
}
