#include "daemon/compile_child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <saker/limits.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* More than any rule set needs. */
#define CHILD_CPU_SECONDS 60
#define CHILD_FILES 64

static bool
find_sakerc(char *path, size_t n)
{
	ssize_t len = readlink("/proc/self/exe", path, n - 1);

	if (len > 0) {
		path[len] = '\0';
		char *slash = strrchr(path, '/');
		size_t room = n - (size_t)(slash - path);

		if (slash && snprintf(slash, room, "/sakerc") < (int)room && access(path, X_OK) == 0)
			return true;
	}
	return snprintf(path, n, "sakerc") > 0;
}

/* What the compiler needs is reading files and writing one pipe. Limits that cannot be set are no reason to stop: they are the second wall. */
static void
limit_child(void)
{
	const struct rlimit memory = { SK_MAX_COMPILE_MEMORY * 2, SK_MAX_COMPILE_MEMORY * 2 }, cpu = { CHILD_CPU_SECONDS, CHILD_CPU_SECONDS },
			    files = { CHILD_FILES, CHILD_FILES }, none = { 0, 0 };

	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
#if !defined(__SANITIZE_ADDRESS__)
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
run_child(const char *path, const char *const *args, int out)
{
	static const char *const first[] = { "compile", "--sandbox", "-o", "-" };

	if (dup2(out, STDOUT_FILENO) >= 0) {
		limit_child();
		exec_with(path, first, SK_COUNTOF(first), args);
		(void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
	}
	_exit(127);
}

void
sk_compiler_exec(const char *const *args)
{
	char path[PATH_MAX];

	if (find_sakerc(path, sizeof(path)))
		exec_with(path, NULL, 0, args);
}

static int
read_all(int fd, struct sk_buf *image)
{
	for (;;) {
		char *room = image->n < SK_MAX_BUNDLE ? sk_buf_room(image, 65536) : NULL;
		ssize_t got = room ? read(fd, room, 65536) : -1;

		if (!room)
			return -E2BIG;
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
		if (errno != EINTR)
			return -errno;
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

int
sk_compile_child(const char *const *args, struct sk_buf *image, char *err, size_t n)
{
	char path[PATH_MAX];
	int fds[2], r, ended;
	pid_t pid;

	if (!find_sakerc(path, sizeof(path)) || pipe2(fds, O_CLOEXEC) < 0) {
		(void)snprintf(err, n, "the compiler cannot be started: %s", strerror(errno));
		return -errno;
	}
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		run_child(path, args, fds[1]);
	(void)close(fds[1]);
	if (pid < 0) {
		(void)close(fds[0]);
		(void)snprintf(err, n, "the compiler cannot be started: %s", strerror(errno));
		return -errno;
	}
	r = read_all(fds[0], image);
	(void)close(fds[0]);
	ended = child_result(pid, err, n);
	if (r < 0 && ended == 0)
		(void)snprintf(err, n, "the bundle cannot be read: %s", strerror(-r));
	return ended < 0 ? ended : r;
}
