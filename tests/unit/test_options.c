#include "daemon/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <string.h>

#define MAX_ARGS 12

/* What was said on standard error goes to SAID. */
static char said[4096];

static int
parse(const char *const *args, struct sk_options *o)
{
	char *argv[MAX_ARGS + 2] = { "saker" };
	int argc = 1, keep = dup(STDERR_FILENO), pipes[2], r;
	ssize_t n;

	for (; argc <= MAX_ARGS && args[argc - 1]; argc++)
		argv[argc] = strdup(args[argc - 1]);
	argv[argc] = NULL;
	assert_int_equal(pipe2(pipes, O_NONBLOCK | O_CLOEXEC), 0);
	(void)fflush(stderr);
	assert_true(dup2(pipes[1], STDERR_FILENO) >= 0);
	optind = 0; /* getopt starts anew */
	r = sk_options_parse(argc, argv, o);
	(void)fflush(stderr);
	(void)dup2(keep, STDERR_FILENO);
	(void)close(keep);
	(void)close(pipes[1]);
	n = read(pipes[0], said, sizeof(said) - 1);
	said[n > 0 ? n : 0] = '\0';
	(void)close(pipes[0]);
	return r;
}

/* Members that are views of argv are looked at before argv is gone; the tests leak argv on purpose otherwise: a process exits soon. */
static char *argv_memory[MAX_ARGS * 64];

static struct sk_options
parsed(const char *const *args)
{
	struct sk_options o;

	(void)argv_memory;
	if (parse(args, &o) != 0)
		fail_msg("%s: %s", args[0], said);
	assert_string_equal(said, "");
	return o;
}

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

int
main(void)
{
	return 0;
}
