/* The compiler as a child: sakercs that are missing, fail, hang or print nonsense. The real one is in tests/e2e. */
#include "daemon/compile_child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <saker/limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

/* A sakerc of shell commands, first in PATH: none stands beside a test. */
struct fixture {
	char dir[64], path[4096], program[128];
};

static int
setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	(void)snprintf(x->dir, sizeof(x->dir), "/tmp/saker-child-XXXXXX");
	assert_non_null(mkdtemp(x->dir));
	(void)snprintf(x->program, sizeof(x->program), "%s/sakerc", x->dir);
	(void)snprintf(x->path, sizeof(x->path), "%s:/usr/bin:/bin", x->dir);
	(void)setenv("PATH", x->path, 1);
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;

	(void)unlink(x->program);
	assert_int_equal(rmdir(x->dir), 0);
	free(x);
	return 0;
}

static void
script(const struct fixture *x, const char *text)
{
	FILE *f = fopen(x->program, "we");

	assert_non_null(f);
	(void)fprintf(f, "#!/bin/sh\n%s\n", text);
	(void)fclose(f);
	assert_int_equal(chmod(x->program, 0700), 0);
}

static int
run(uint32_t seconds, struct sk_slice input, struct sk_buf *out, char *err, size_t n)
{
	static const char *const args[] = { "compile", "a file", NULL };
	const struct sk_compiler_run job = { .args = args, .input = input, .quiet = true, .seconds = seconds };

	return sk_compiler_run(&job, out, err, n);
}

static void
test_results(void **state)
{
	static const struct {
		const char *script;
		int result;
		const char *error, *output;
	} cases[] = {
		{ "printf abc", 0, "", "abc" },
		{ "echo \"$#:$1:$2:$3\"", 0, "", "3:--sandbox:compile:a file\n" },
		{ "cat", 0, "", "input" },
		{ ":", 0, "", "" },
		{ "exit 1", -EINVAL, "the rules have errors", "" },
		{ "exit 2", -ECHILD, "the compiler could not be run (exit status 2)", "" },
		{ "kill -SEGV $$", -ECHILD, "the compiler was ended by signal 11", "" },
		{ "printf half; kill -KILL $$", -ECHILD, "the compiler was ended by signal 9", "half" },
		{ "ulimit -c; ulimit -n; ulimit -t", 0, "", "0\n64\n60\n" },
		{ "grep NoNewPrivs /proc/self/status", 0, "", "NoNewPrivs:\t1\n" },
	};
	struct fixture *x = *state;

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_buf out = { 0 };
		char err[512];

		script(x, cases[i].script);
		int r = run(0, SK_SLICE("input"), &out, err, sizeof(err));
		if (r != cases[i].result || strcmp(err, cases[i].error) != 0 || strcmp(sk_buf_cstr(&out), cases[i].output) != 0)
			fail_msg("%s: %d '%s' '%s'", cases[i].script, r, err, sk_buf_cstr(&out));
		sk_buf_free(&out);
	}
}

static void
test_missing(void **state)
{
	struct sk_buf out = { 0 };
	char err[512];

	(void)state;
	assert_int_equal(run(0, (struct sk_slice){ 0 }, &out, err, sizeof(err)), -ECHILD);
	assert_string_equal(err, "the compiler could not be run (exit status 127)");
	sk_buf_free(&out);
}

static void
test_hang(void **state)
{
	static const char *const scripts[] = { "exec sleep 100", "printf abc; exec sleep 100", "exec sleep 100 2>/dev/null", "trap '' TERM; while :; do printf x; sleep 0.1; done" };
	struct fixture *x = *state;

	for (size_t i = 0; i < SK_COUNTOF(scripts); i++) {
		struct sk_buf out = { 0 };
		time_t start = time(NULL);
		char err[512];

		script(x, scripts[i]);
		assert_int_equal(run(1, (struct sk_slice){ 0 }, &out, err, sizeof(err)), -ETIMEDOUT);
		assert_string_equal(err, "the compiler takes too long");
		assert_true(time(NULL) - start < 10);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
		sk_buf_free(&out);
	}
}

/* No descriptor of ours but 0, 1 and 2 reaches the child. What this process was given itself does: the shell's <(...) needs it. */
static void
test_descriptors(void **state)
{
	struct fixture *x = *state;
	struct sk_buf out = { 0 };
	char err[512];
	int fd = open("/proc/version", O_RDONLY | O_CLOEXEC);

	script(x, "cd /proc/self/fd && for f in [0-9] [0-9][0-9]; do [ $f -lt 3 ] || [ ! -e $f ] || readlink $f; done; :");
	assert_int_equal(run(0, SK_SLICE("x"), &out, err, sizeof(err)), 0);
	assert_null(strstr(sk_buf_cstr(&out), "pipe"));
	assert_null(strstr(sk_buf_cstr(&out), "memfd"));
	assert_null(strstr(sk_buf_cstr(&out), "version"));
	(void)close(fd);
	sk_buf_free(&out);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = { TEST(test_results), TEST(test_missing), TEST(test_hang), TEST(test_descriptors) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
