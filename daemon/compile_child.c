#include "daemon/compile_child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <saker/limits.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

/* More than any rule set needs. */
#define CHILD_CPU_SECONDS 60
#define CHILD_FILES 64
/* Of which most is waiting for inputs, when those are pipes. */
#define CHILD_SECONDS 120u

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

static bool
find_sakerc(char *path, size_t n)
{
	ssize_t len = readlink("/proc/self/exe", path, n - 1);

	if (len > 0) {
		path[len] = '\0';
		char *slash = strrchr(path, '/');

		if (slash && snprintf(slash, n - (size_t)(slash - path), "/sakerc") < (int)(n - (size_t)(slash - path)) &&
		    access(path, X_OK) == 0)
			return true;
	}
	return snprintf(path, n, "sakerc") > 0;
}

/* What the compiler needs is reading files and writing one pipe. Limits that cannot be set are no reason to stop: they are the
 * second wall. */
static void
limit_child(void)
{
	const struct rlimit memory = {SK_MAX_COMPILE_MEMORY * 2, SK_MAX_COMPILE_MEMORY * 2},
			    cpu = {CHILD_CPU_SECONDS, CHILD_CPU_SECONDS}, files = {CHILD_FILES, CHILD_FILES}, none = {0, 0};

	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
#ifndef SANITIZED
	(void)setrlimit(RLIMIT_AS, &memory);
#else
	(void)memory;
#endif
	(void)setrlimit(RLIMIT_CPU, &cpu);
	(void)setrlimit(RLIMIT_NOFILE, &files);
	(void)setrlimit(RLIMIT_CORE, &none);
}

static void
exec_with(const char *path, const char *const *first, size_t nfirst, const char *const *args)
{
	size_t nargs = 0;

	while (args[nargs])
		nargs++;
	const char **argv = calloc(nfirst + nargs + 2, sizeof(*argv));
	if (!argv)
		return;
	argv[0] = "sakerc";
	if (nfirst)
		memcpy(argv + 1, first, nfirst * sizeof(*argv));
	memcpy(argv + 1 + nfirst, args, nargs * sizeof(*argv));
	(void)execvp(path, (char *const *)argv);
	free(argv);
}

/* --sandbox: read all inputs, give up identity and system calls, then parse. */
static void
run_child(const char *path, const struct sk_compiler_run *run, int in, int out)
{
	static const char *const first[] = {"--sandbox"};
	int null = run->quiet ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;

	if (dup2(out, STDOUT_FILENO) >= 0 && (in < 0 || dup2(in, STDIN_FILENO) >= 0) &&
	    (null < 0 || dup2(null, STDERR_FILENO) >= 0)) {
		limit_child();
		exec_with(path, first, SK_COUNTOF(first), run->args);
		(void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
	}
	_exit(127);
}

/* A file without a name that holds TEXT, at its beginning. */
static int
file_of(struct sk_slice text)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

void
sk_compiler_exec(const char *const *args)
{
	char path[PATH_MAX];

	if (find_sakerc(path, sizeof(path)))
		exec_with(path, NULL, 0, args);
}

static uint64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

/* Until the end, or until the clock says END. */
static int
read_all(int fd, struct sk_buf *image, uint64_t end)
{
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		uint64_t now = now_ms();
		int ready = now < end ? poll(&p, 1, (int)(end - now)) : 0;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return ready < 0 ? -errno : -ETIMEDOUT;
		char *room = image->n < SK_MAX_BUNDLE ? sk_buf_room(image, 65536) : NULL;
		ssize_t got = room ? read(fd, room, 65536) : -1;

		if (!room)
			return image->failed ? -ENOMEM : -E2BIG;
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : 0;
		image->n += (size_t)got;
	}
}

static int
child_result(pid_t pid, char *err, size_t n)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			(void)snprintf(err, n, "how the compiler ended is not known: %s", strerror(errno));
			return -ECHILD;
		}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1) {
		(void)snprintf(err, n, "the rules have errors");
		return -EINVAL;
	}
	if (WIFSIGNALED(status))
		(void)snprintf(err, n, "the compiler was ended by signal %d", WTERMSIG(status));
	else
		(void)snprintf(err, n, "the compiler could not be run (exit status %d)", WEXITSTATUS(status));
	return -ECHILD;
}

static int
cannot_start(char *err, size_t n)
{
	int r = errno ? -errno : -ENOMEM;

	(void)snprintf(err, n, "the compiler cannot be started: %s", strerror(-r));
	return r;
}

int
sk_compiler_run(const struct sk_compiler_run *run, struct sk_buf *out, char *err, size_t n)
{
	SK_AUTO_CLOSE int in = run->input.p ? file_of(run->input) : -1;
	char path[PATH_MAX];
	int fds[2], r, ended;
	pid_t pid;

	*err = '\0';
	if ((run->input.p && in < 0) || !find_sakerc(path, sizeof(path)) || pipe2(fds, O_CLOEXEC) < 0)
		return cannot_start(err, n);
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		run_child(path, run, in, fds[1]);
	r = pid < 0 ? cannot_start(err, n) : 0;
	(void)close(fds[1]);
	if (pid < 0) {
		(void)close(fds[0]);
		return r;
	}
	r = read_all(fds[0], out, now_ms() + 1000u * (run->seconds ? run->seconds : CHILD_SECONDS));
	if (r < 0)
		(void)kill(pid, SIGKILL);
	(void)close(fds[0]);
	ended = child_result(pid, err, n);
	if (r == -ETIMEDOUT)
		(void)snprintf(err, n, "the compiler takes too long");
	else if (r < 0)
		(void)snprintf(err, n, "the bundle cannot be read: %s", strerror(-r));
	return r < 0 ? r : ended;
}

int
sk_compile_child(const char *const *args, struct sk_buf *image, char *err, size_t n)
{
	static const char *const first[] = {"compile", "-o", "-"};
	struct sk_compiler_run run = {0};
	size_t nargs = 0;
	int r;

	while (args[nargs])
		nargs++;
	const char **all = calloc(SK_COUNTOF(first) + nargs + 1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	memcpy(all, first, sizeof(first));
	memcpy(all + SK_COUNTOF(first), args, nargs * sizeof(*all));
	run.args = all;
	r = sk_compiler_run(&run, image, err, n);
	free(all);
	return r;
}
