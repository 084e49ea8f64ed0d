/* A second thread changes the path of an open while the kernel works on it: the name that rules see is that of the file which was opened, every time. And: links
 * keep the names that the program gave. */
#include "daemon/state/state.h"
#include "tests/probe/watch.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OPENS = 10000 };

static int failures;

static void
expect(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "wrong: %s\n", what);
		failures++;
	}
}

/* --- the racing program ---------------------------------------------------------------------------------------------------- */
static char path[128];

/* The last letter of the path goes to and fro between two files. */
static void *
flip(void *arg)
{
	volatile char *last = &path[strlen(path) - 1];

	for (;;) {
		*last = 'b';
		for (volatile int i = 0; i < 50; i++)
			;
		*last = 'a';
		for (volatile int i = 0; i < 50; i++)
			;
	}
	return arg;
}

static void
race(const char *dir)
{
	pthread_t other;

	(void)snprintf(path, sizeof(path), "%s/a", dir);
	if (pthread_create(&other, NULL, flip, NULL) != 0)
		_exit(1);
	for (int i = 0; i < OPENS; i++)
		(void)close(open(path, O_RDONLY));
	_exit(0);
}

/* --- what is seen ---------------------------------------------------------------------------------------------------------- */
static void
make(const char *dir, const char *name)
{
	char text[160];

	(void)snprintf(text, sizeof(text), "%s/%s", dir, name);
	int fd = open(text, O_CREAT | O_WRONLY, 0600);
	expect(fd >= 0 && close(fd) == 0, text);
}

static bool
is_named(const struct sk_event_ctx *x, const char *dir, const char *name)
{
	char want[160];
	size_t n = (size_t)snprintf(want, sizeof(want), "%s/%s", dir, name);

	return x->fd && sk_slice_eq(sk_str_slice(x->fd->name), sk_slice(want, n));
}

static ino_t
ino_of(const char *dir, const char *name)
{
	char text[160];
	struct stat st = { 0 };

	(void)snprintf(text, sizeof(text), "%s/%s", dir, name);
	expect(stat(text, &st) == 0, text);
	return st.st_ino;
}

static struct sk_state *
fresh(struct watch *w)
{
	struct sk_state *s = sk_state_new();

	if (!s)
		exit(1);
	watch_drain(w);
	return s;
}

/* Returns how often the text had changed between the kernel's look at it and the end of the call. */
static unsigned
raced(struct watch *w, const char *dir)
{
	const ino_t a = ino_of(dir, "a"), b = ino_of(dir, "b");
	unsigned seen = 0, wrong = 0, forged = 0;
	struct sk_state *s = fresh(w);
	struct sk_event_ctx x;
	struct sk_event ev;
	pid_t pid = fork();

	if (pid == 0)
		race(dir);
	while (seen < OPENS && watch_next(w, pid, 5, &ev)) {
		sk_state_apply(s, &ev, &x);
		if (ev.type == SK_E_SYSCALL_OPENAT_2_X && (sk_ev_uint(&ev, 6) == a || sk_ev_uint(&ev, 6) == b)) {
			const char *name = sk_ev_uint(&ev, 6) == a ? "a" : "b";
			const char *given = (const char *)sk_ev_ptr(&ev, 2);
			uint32_t n = sk_ev_len(&ev, 2);

			seen++;
			wrong += !is_named(&x, dir, name);
			forged += n > 1 && given[n - 2] != *name;
		}
	}
	(void)waitpid(pid, NULL, 0);
	sk_state_free(s);
	expect(seen == OPENS, "all opens are seen");
	expect(wrong == 0, "the name is that of the file opened");
	printf("race: %u opens, the program's text was another file's %u times, the name was wrong %u times\n", seen, forged, wrong);
	return forged;
}

static void
linked(struct watch *w, const char *dir)
{
	char link[160];
	unsigned named = 0;
	struct sk_state *s = fresh(w);
	struct sk_event_ctx x;
	struct sk_event ev;

	(void)snprintf(link, sizeof(link), "%s/link", dir);
	expect(symlink("a", link) == 0, "link");
	pid_t pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 10; i++)
			(void)close(open(link, O_RDONLY));
		_exit(0);
	}
	while (watch_next(w, pid, 0.5, &ev)) {
		sk_state_apply(s, &ev, &x);
		named += ev.type == SK_E_SYSCALL_OPENAT_2_X && is_named(&x, dir, "link");
	}
	(void)waitpid(pid, NULL, 0);
	sk_state_free(s);
	expect(named == 10, "a link keeps its name");
}

int
main(void)
{
	char dir[] = "/tmp/saker-race-XXXXXX", command[64];
	struct watch w;

	watch_open(&w, SK_WANT_ALL, 32u << 20, NULL);
	if (!mkdtemp(dir))
		return 1;
	make(dir, "a");
	make(dir, "b");
	/* on a busy machine both threads may take turns for a whole round */
	for (int i = 0; i < 5 && !raced(&w, dir); i++)
		;
	linked(&w, dir);
	watch_close(&w);
	(void)snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) != 0 || failures != 0;
}
