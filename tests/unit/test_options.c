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

/* Parse ARGS; what is said on standard error goes to SAID, of which N bytes are there. */
static int
parse(const char *const *args, struct sk_options *o, char *said, size_t n)
{
	char *argv[MAX_ARGS + 2] = { "saker" };
	int argc = 1, keep = dup(STDERR_FILENO), pipes[2], r;
	ssize_t got;

	for (; argc <= MAX_ARGS && args[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)args[argc - 1];
	assert_int_equal(pipe2(pipes, O_NONBLOCK | O_CLOEXEC), 0);
	assert_true(dup2(pipes[1], STDERR_FILENO) >= 0);
	optind = 0; /* getopt starts anew */
	r = sk_options_parse(argc, argv, o);
	(void)dup2(keep, STDERR_FILENO);
	(void)close(keep);
	(void)close(pipes[1]);
	got = read(pipes[0], said, n - 1);
	said[got > 0 ? got : 0] = '\0';
	(void)close(pipes[0]);
	return r;
}

static struct sk_options
parsed(const char *const *args)
{
	struct sk_options o;
	char said[4096];

	if (parse(args, &o, said, sizeof(said)) != 0)
		fail_msg("%s: %s", args[0], said);
	assert_string_equal(said, "");
	return o;
}

static void
refused(const char *const *args, const char *says)
{
	struct sk_options o;
	char said[4096];

	if (parse(args, &o, said, sizeof(said)) != -EINVAL)
		fail_msg("accepted: %s", args[0]);
	if (!strstr(said, says))
		fail_msg("%s: '%s' does not say '%s'", args[0], said, says);
	sk_options_free(&o);
}

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })
/* Parse the arguments, look at o, free it. */
#define WITH(args, ...)                                                                                                       \
	do {                                                                                                                  \
		struct sk_options o = parsed(args);                                                                           \
		__VA_ARGS__;                                                                                                  \
		sk_options_free(&o);                                                                                          \
	} while (0)
#define ACTION(want, ...) WITH(ARGS(__VA_ARGS__), assert_int_equal(o.action, want))

static void
same_strings(const struct sk_strings *s, const char *const *want)
{
	size_t n = 0;

	for (; want[n]; n++) {
		assert_true(n < s->n);
		assert_string_equal(s->v[n], want[n]);
	}
	assert_int_equal(s->n, n);
}

static void
test_actions(void **state)
{
	(void)state;
	WITH(((const char *const[]){ NULL }), assert_int_equal(o.action, SK_ACTION_RUN); assert_false(o.dry_run || o.verbose || o.unbuffered);
	     assert_null(o.config_file); assert_int_equal(o.rules.n, 0));
	ACTION(SK_ACTION_HELP, "-h");
	ACTION(SK_ACTION_HELP, "--help");
	ACTION(SK_ACTION_VERSION, "--version");
	ACTION(SK_ACTION_PAGE_SIZE, "--page-size");
	ACTION(SK_ACTION_LIST_FIELDS, "--list");
	ACTION(SK_ACTION_LIST_FIELDS, "--list=syscall");
	ACTION(SK_ACTION_LIST_EVENTS, "--list-events");
	ACTION(SK_ACTION_LIST_RULES, "-L");
	WITH(ARGS("-l", "a rule"), assert_int_equal(o.action, SK_ACTION_LIST_RULES); assert_string_equal(o.one_rule, "a rule"));
	WITH(ARGS("-V", "a", "--validate", "b", "--validate=c"), assert_int_equal(o.action, SK_ACTION_VALIDATE); same_strings(&o.validate, ARGS("a", "b", "c")));
}

static void
test_values(void **state)
{
	(void)state;
	WITH(ARGS("-c", "f"), assert_string_equal(o.config_file, "f"));
	WITH(ARGS("-P", "f"), assert_string_equal(o.pidfile, "f"));
	WITH(ARGS("--pidfile", "f"), assert_string_equal(o.pidfile, "f"));
	WITH(ARGS("-p", "%proc.name"), assert_string_equal(o.extra_output, "%proc.name"));
	WITH(ARGS("--print=x"), assert_string_equal(o.extra_output, "x"));
	WITH(ARGS("-r", "a", "-rb"), same_strings(&o.rules, ARGS("a", "b")));
	WITH(ARGS("--dry-run", "-v", "-U"), assert_true(o.dry_run && o.verbose && o.unbuffered));
	WITH(ARGS("--unbuffered"), assert_true(o.unbuffered));
	WITH(ARGS("-o", "a=b", "--option", "c=d", "-oe=f"), same_strings(&o.assignments, ARGS("a=b", "c=d", "e=f")));
	WITH(ARGS("-e", "x.scap"), same_strings(&o.assignments, ARGS("engine.kind=replay", "engine.replay.capture_file=x.scap")));
	/* in the order of the command line: a later one counts */
	WITH(ARGS("-e", "x", "-o", "engine.kind=nodriver"),
	     same_strings(&o.assignments, ARGS("engine.kind=replay", "engine.replay.capture_file=x", "engine.kind=nodriver")));
	WITH(ARGS("--list=syscall", "-N", "--format", "json"), same_strings(&o.list_args, ARGS("--source", "syscall", "--names", "--format", "json")));
	WITH(ARGS("--list", "--markdown"), same_strings(&o.list_args, ARGS("--format", "markdown")));
	WITH(ARGS("-w", "f", "--gzip", "--write-filter", "c"), assert_string_equal(o.record_file, "f"); assert_true(o.record_gzip);
	     assert_string_equal(o.record_condition, "c"));
}

static void
test_seconds(void **state)
{
	static const char *const bad[] = { "", "x", "0", "-1", "5x", "5 ", "nan", "-inf" };

	(void)state;
	WITH(ARGS("-M", "5"), assert_true(o.max_seconds > 4.99 && o.max_seconds < 5.01));
	WITH(ARGS("-M", "0.25"), assert_true(o.max_seconds > 0.24 && o.max_seconds < 0.26));
	for (size_t i = 0; i < SK_COUNTOF(bad); i++)
		refused(ARGS("-M", bad[i]), "invalid duration");
}

static void
test_why(void **state)
{
	(void)state;
	WITH(ARGS("why", "A rule", "-e", "x"), assert_int_equal(o.action, SK_ACTION_WHY); assert_string_equal(o.why_rule, "A rule"); assert_int_equal(o.why_limit, 5));
	WITH(ARGS("why", "--event", "7", "--limit=3", "A", "--format", "json"), assert_int_equal(o.why_event, 7); assert_int_equal(o.why_limit, 3);
	     assert_true(o.json_format));
	refused(ARGS("why"), "name one rule");
	refused(ARGS("why", "A", "B"), "name one rule");
	refused(ARGS("why", "A", "--event", "0"), "--event 0");
	refused(ARGS("why", "A", "--event", "-1"), "--event -1");
	refused(ARGS("why", "A", "--limit", "10001"), "--limit 10001");
	refused(ARGS("why", "A", "--event", "18446744073709551616"), "--event");
}

static void
test_refused(void **state)
{
	static const char *const with_value[] = { "-c", "-e", "-l", "-M", "-o", "-p", "-P", "-r", "-V", "-w", "--format", "--option", "--print", "--event" };

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(with_value); i++)
		refused(ARGS(with_value[i]), "requires an argument");
	refused(ARGS("-x"), "invalid option");
	refused(ARGS("--bogus"), "unrecognized option");
	refused(ARGS("--dry-run=yes"), "doesn't allow an argument");
	refused(ARGS("rules.yaml"), "unexpected argument 'rules.yaml'");
	refused(ARGS("--", "-r"), "unexpected argument '-r'");
	refused(ARGS("--gzip"), "--gzip needs -w");
	refused(ARGS("--write-filter", "x"), "--write-filter needs -w");
	refused(ARGS("-w", "-"), "-w needs the name of a file");
	refused(ARGS("-x"), "Try 'saker --help'");
}

/* A name of any length arrives whole or is refused. */
static void
test_long_capture(void **state)
{
	char name[8192];
	struct sk_options o;
	char said[4096];

	(void)state;
	memset(name, 'x', sizeof(name));
	name[4095] = '\0';
	o = parsed(ARGS("-e", name));
	assert_int_equal(strlen(o.assignments.v[1]), strlen("engine.replay.capture_file=") + 4095);
	sk_options_free(&o);
	name[4095] = 'x';
	name[8191] = '\0';
	assert_int_equal(parse(ARGS("-e", name), &o, said, sizeof(said)), -EINVAL);
	sk_options_free(&o);
}

/* Each option of the table is in --help. */
static void
test_usage(void **state)
{
	static const char *const names[] = { "-h, --help", "-c   FILE", "--dry-run", "-e   FILE", "-L", "-l   RULE", "--list=SOURCE", "--list-events", "--format", "-N",
					     "-M   SECONDS", "-o, --option KEY=VALUE", "-p, --print", "-P, --pidfile", "-r   FILE", "-U, --unbuffered", "-V, --validate",
					     "-v", "--version", "-w   FILE", "--page-size" };
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	(void)state;
	assert_non_null(f);
	sk_options_usage(f);
	(void)fclose(f);
	for (size_t i = 0; i < SK_COUNTOF(names); i++)
		if (!strstr(text, names[i]))
			fail_msg("no %s", names[i]);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_actions), cmocka_unit_test(test_values),	     cmocka_unit_test(test_seconds), cmocka_unit_test(test_why),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_long_capture), cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
