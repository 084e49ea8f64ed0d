/* Rule files loaded in order, with options, over a capture: exit status and alerts, one by one. The data is read in place. */
#include "base/attr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <string.h>
#include <sys/wait.h>

#define DATA SK_SOURCE_DIR "/../shared/reference/"
#define MAX_ARGS 64
#define ALERTS "alerts (rule, evt.num, priority, tags, output text)"

/* Cases whose alerts differ on purpose. */
static const struct {
	const char *name;
	size_t alerts; /* that we raise */
	const char *why;
} deviations[] = {
	{ "l15-list-nested-three", 4, "lists nest to any depth; in Falco the third level stays as a name" },
	{ "l18-list-in-string", 72, "a list name inside quotes is text; Falco replaces it" },
};

/* Arguments of one run; text is owned. */
struct args {
	char *v[MAX_ARGS + 1];
	size_t n;
};

static void
add(struct args *a, const char *option, const char *text)
{
	char all[1024];

	assert_true(a->n < MAX_ARGS);
	assert_true(snprintf(all, sizeof(all), "%s%s", option, text) < (int)sizeof(all));
	a->v[a->n] = strdup(all);
	assert_non_null(a->v[a->n++]);
}

static void
capture_path(char *path, size_t n, const char *name)
{
	(void)snprintf(path, n, DATA "captures/%s.scap", name);
	if (access(path, R_OK) != 0)
		(void)snprintf(path, n, DATA "historic/%s.scap", name);
}

/* Run saker with A; its alerts go to ALERTS, as in expect.json. */
static int
run(struct args *a, json_t *alerts)
{
	int pipes[2], status;
	char *line = NULL;
	size_t cap = 0;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		(void)dup2(pipes[1], STDOUT_FILENO);
		(void)dup2(null, STDERR_FILENO);
		(void)execv(a->v[0], a->v);
		_exit(127);
	}
	(void)close(pipes[1]);
	FILE *f = fdopen(pipes[0], "r");
	assert_non_null(f);
	while (getline(&line, &cap, f) > 0 && *line == '{') {
		json_error_t err;
		json_t *o = json_loads(line, JSON_REJECT_DUPLICATES, &err);

		if (!o)
			fail_msg("%s: %s", err.text, line);
		json_t *number = json_object_get(json_object_get(o, "output_fields"), "evt.num");
		char num[32];
		const char *output = json_string_value(json_object_get(o, "output"));
		(void)snprintf(num, sizeof(num), "%lld", (long long)json_integer_value(number));
		/* behind the time and the priority */
		output = strchr(strchr(output, ' ') + 1, ' ') + 1;
		json_array_append_new(alerts, json_pack("[O,s,O,O,s]", json_object_get(o, "rule"), num, json_object_get(o, "priority"),
							json_object_get(o, "tags"), output));
		json_decref(o);
	}
	while (getline(&line, &cap, f) > 0)
		;
	free(line);
	(void)fclose(f);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int
compare(const char *name, const json_t *want, const json_t *got)
{
	size_t n = json_array_size(want), m = json_array_size(got), i = 0;

	for (size_t k = 0; k < SK_COUNTOF(deviations); k++)
		if (strcmp(deviations[k].name, name) == 0) {
			if (m == deviations[k].alerts)
				return 0;
			printf("%s: %zu alerts, %zu expected (%s)\n", name, m, deviations[k].alerts, deviations[k].why);
			return 1;
		}
	while (i < n && i < m && json_equal(json_array_get(want, i), json_array_get(got, i)))
		i++;
	if (i == n && i == m)
		return 0;
	char *a = json_dumps(json_array_get(want, i), JSON_COMPACT | JSON_ENCODE_ANY), *b = json_dumps(json_array_get(got, i), JSON_COMPACT | JSON_ENCODE_ANY);
	printf("%s: %zu alerts, %zu expected; the first that differs is %s, not %s\n", name, m, n, b ? b : "missing", a ? a : "none");
	free(a);
	free(b);
	return 1;
}

static int
check(const char *dir)
{
	const char *name = strrchr(dir, '/') + 1;
	struct args a = { 0 };
	json_t *got = json_array(), *option;
	char path[1024];
	size_t i;
	glob_t g;

	(void)snprintf(path, sizeof(path), "%s/expect.json", dir);
	json_t *want = json_load_file(path, 0, NULL);
	assert_non_null(want);
	capture_path(path, sizeof(path), json_string_value(json_object_get(want, "capture")));
	add(&a, "", SK_BINARY_DIR "/bin/saker");
	add(&a, "-c", "/dev/null");
	add(&a, "-e", path);
	add(&a, "-o", "json_output=true");
	add(&a, "-o", "append_output[]={extra_fields: [evt.num]}");
	json_array_foreach(json_object_get(want, "options"), i, option)
		add(&a, "-o", json_string_value(option));
	(void)snprintf(path, sizeof(path), "%s/*.yaml", dir);
	assert_int_equal(glob(path, 0, NULL, &g), 0);
	for (i = 0; i < g.gl_pathc; i++)
		add(&a, "-r", g.gl_pathv[i]);
	globfree(&g);
	int status = run(&a, got), bad = status != (int)json_integer_value(json_object_get(want, "exit"));
	if (bad)
		printf("%s: exit status %d\n", name, status);
	bad += compare(name, json_object_get(want, ALERTS), got);
	for (i = 0; i < a.n; i++)
		free(a.v[i]);
	json_decref(got);
	json_decref(want);
	return bad;
}

static void
test_loading(void **state)
{
	glob_t g;
	int failed = 0;

	(void)state;
	assert_int_equal(glob(DATA "loading/l*", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++)
		failed += check(g.gl_pathv[i]) != 0;
	printf("%zu cases, %d failed\n", g.gl_pathc, failed);
	assert_int_equal(g.gl_pathc, 37);
	globfree(&g);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_loading) };

	if (access(DATA "loading", R_OK) != 0) {
		printf("no reference data at " DATA "loading\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
