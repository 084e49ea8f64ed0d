/* The alerts of rules/ on every capture, word for word, against alerts/CAPTURE.txt; and the fixtures that stand beside each rule file.
 * usage: test_alerts BIN-DIR SOURCE-DIR [HISTORIC-DIR]. With SK_BLESS set the golden files are rewritten: read the diff.
 * Of captures that are not ours only rule, priority and event are kept. Fixtures (rules/X.fixtures, X.yaml beside it):
 *   [Name of a rule]
 *   CAPTURE fires N...     evt.num of events that the rule must tell
 *   CAPTURE quiet N...     and that it must leave alone                    # why */
#include "base/buf.h"
#include "base/slice.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ALERTS_MAX 4096
#define LINE_MAX_BYTES 65536

struct alert {
	char *capture, *rule;
	long long num;
};

struct run {
	const char *bin, *source, *historic;
	char scratch[64];
	struct alert alerts[ALERTS_MAX]; /* of rule_matching=all, every capture */
	size_t nalerts;
	unsigned failures, captures, fixtures, rules;
	char line[LINE_MAX_BYTES];
};

/* The text after "TIME: Priority ", which the golden file has in columns of its own. */
static const char *
message(const char *output, const char *priority)
{
	const char *p = strstr(output, priority);

	return p ? p + strlen(priority) + 1 : output;
}

static void
remember(struct run *r, const char *capture, const char *rule, long long num)
{
	if (r->nalerts == ALERTS_MAX) {
		fprintf(stderr, "more than %d alerts\n", ALERTS_MAX);
		exit(1);
	}
	r->alerts[r->nalerts++] = (struct alert){ strdup(capture), strdup(rule), num };
}

/* One alert of saker's JSON output as a line of the golden file. */
static void
take_line(struct run *r, const char *capture, const char *mode, bool text, FILE *out)
{
	json_t *alert = json_loads(r->line, 0, NULL);
	const char *rule, *priority, *output;
	long long num;

	if (!alert || json_unpack(alert, "{s:s, s:s, s:s, s:{s:I}}", "rule", &rule, "priority", &priority, "output", &output, "output_fields", "evt.num", &num) < 0) {
		fprintf(stderr, "%s: no alert: %.200s\n", capture, r->line);
		r->failures++;
	} else {
		const char *words = text ? message(output, priority) : "";

		fprintf(out, "%-5s %7lld %-13s %s%s", mode, num, priority, rule, text ? ": " : "");
		for (; *words; words++)
			if (*words == '\n')
				fputs("\\n", out);
			else
				fputc(*words, out);
		fputc('\n', out);
		if (!strcmp(mode, "all"))
			remember(r, capture, rule, num);
	}
	json_decref(alert);
}

static void
replay(struct run *r, const char *path, const char *capture, const char *mode, bool text, FILE *out)
{
	char command[1024];
	FILE *in;

	(void)snprintf(command, sizeof(command),
		       "'%s/saker' -r '%s/rules' -e '%s' -o log_level=error -o json_output=true -o rule_matching=%s "
		       "-o 'append_output[0].extra_fields[0]=evt.num' -o priority=debug",
		       r->bin, r->source, path, mode);
	in = popen(command, "r");
	if (!in) {
		perror("popen");
		exit(1);
	}
	while (fgets(r->line, sizeof(r->line), in))
		if (r->line[0] == '{')
			take_line(r, capture, mode, text, out);
	if (pclose(in) != 0) {
		fprintf(stderr, "%s: saker failed\n", path);
		r->failures++;
	}
}

static char *
contents(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t n = 0;

	if (!f)
		return NULL;
	if (getdelim(&text, &n, '\0', f) < 0) {
		free(text);
		text = strdup("");
	}
	(void)fclose(f);
	return text;
}

/* Print the first line in which the texts differ. */
static void
show_difference(const char *name, const char *want, const char *got)
{
	size_t line = 1, start = 0, i = 0;

	for (; want[i] && want[i] == got[i]; i++)
		if (want[i] == '\n') {
			line++;
			start = i + 1;
		}
	fprintf(stderr, "%s, line %zu:\n  golden: %.*s\n  now:    %.*s\n", name, line, (int)strcspn(want + start, "\n"), want + start,
		(int)strcspn(got + start, "\n"), got + start);
}

static void
compare(struct run *r, const char *capture, const char *got)
{
	char path[1024];
	char *want;

	(void)snprintf(path, sizeof(path), "%s/tests/golden/alerts/%s.txt", r->source, capture);
	if (getenv("SK_BLESS")) {
		FILE *f = fopen(path, "w");

		if (!f || fputs(got, f) < 0 || fclose(f) != 0) {
			perror(path);
			exit(1);
		}
		return;
	}
	want = contents(path);
	if (!want || strcmp(want, got)) {
		show_difference(path, want ? want : "(no such file)", got);
		r->failures++;
	}
	free(want);
}

static void
one_capture(struct run *r, const char *path, const char *capture, bool text)
{
	char *got = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&got, &n);

	if (!out)
		exit(1);
	replay(r, path, capture, "all", text, out);
	replay(r, path, capture, "first", text, out);
	(void)fclose(out);
	compare(r, capture, got);
	free(got);
	r->captures++;
}

static int
ends_with_scap(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && !strcmp(dot, ".scap");
}

static void
captures_of(struct run *r, const char *folder, bool text)
{
	struct dirent **names;
	int n = scandir(folder, &names, ends_with_scap, alphasort);

	for (int i = 0; i < n; i++) {
		char path[1024], capture[256];

		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		(void)snprintf(capture, sizeof(capture), "%.*s", (int)(strlen(names[i]->d_name) - 5), names[i]->d_name);
		one_capture(r, path, capture, text);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	else
		printf("SKIP: no captures in %s\n", folder);
}

static bool
told(const struct run *r, const char *capture, const char *rule, long long num)
{
	for (size_t i = 0; i < r->nalerts; i++)
		if (r->alerts[i].num == num && !strcmp(r->alerts[i].rule, rule) && !strcmp(r->alerts[i].capture, capture))
			return true;
	return false;
}

/* "CAPTURE fires|quiet N..."; the number of events that must be told, -1 if the line is none. */
static int
fixture_line(struct run *r, const char *place, const char *rule, char *line)
{
	char *rest, *capture = strtok_r(line, " \t\n", &rest), *what = strtok_r(NULL, " \t\n", &rest), *number;
	bool fires;
	int n = 0;

	if (!capture || !what || (strcmp(what, "fires") && strcmp(what, "quiet")))
		return -1;
	fires = !strcmp(what, "fires");
	while ((number = strtok_r(NULL, " \t\n", &rest))) {
		long long num = atoll(number);

		if (told(r, capture, rule, num) != fires) {
			fprintf(stderr, "%s: '%s' %s event %lld of %s\n", place, rule, fires ? "does not tell" : "tells", num, capture);
			r->failures++;
		}
		r->fixtures++;
		n += fires;
	}
	return n;
}

static void
fixtures_of(struct run *r, const char *path, char rules[][128], int *fires, size_t nrules)
{
	FILE *f = fopen(path, "r");
	size_t rule = nrules;

	if (!f) {
		fprintf(stderr, "%s is missing\n", path);
		r->failures++;
		return;
	}
	for (unsigned line = 1; fgets(r->line, sizeof(r->line), f); line++) {
		char place[1100];
		int n;

		(void)snprintf(place, sizeof(place), "%s:%u", path, line);
		r->line[strcspn(r->line, "#")] = '\0';
		if (r->line[strspn(r->line, " \t\n")] == '\0')
			continue;
		if (r->line[0] == '[') {
			r->line[strcspn(r->line, "]")] = '\0';
			for (rule = 0; rule < nrules && strcmp(rules[rule], r->line + 1); rule++)
				;
			n = 0;
		} else
			n = rule < nrules ? fixture_line(r, place, rules[rule], r->line) : -1;
		if (n < 0 || rule == nrules) {
			fprintf(stderr, "%s: neither '[rule of the file]' nor 'CAPTURE fires|quiet N...'\n", place);
			r->failures++;
		} else
			fires[rule] += n;
	}
	(void)fclose(f);
}

/* The fixtures of one rule file, of which every rule must have an event that it tells. */
static void
rule_file(struct run *r, const char *stem)
{
	static char rules[256][128];
	int fires[256] = { 0 };
	char path[1024];
	size_t n = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/rules/%s.yaml", r->source, stem);
	f = fopen(path, "r");
	while (f && n < SK_COUNTOF(rules) && fgets(r->line, sizeof(r->line), f))
		if (!strncmp(r->line, "- rule: ", 8))
			(void)snprintf(rules[n++], sizeof(rules[0]), "%.*s", (int)strcspn(r->line + 8, "\n"), r->line + 8);
	if (f)
		(void)fclose(f);
	if (!n)
		return;
	(void)snprintf(path, sizeof(path), "%s/rules/%s.fixtures", r->source, stem);
	fixtures_of(r, path, rules, fires, n);
	for (size_t i = 0; i < n; i++)
		if (!fires[i]) {
			fprintf(stderr, "%s: no event that '%s' must tell\n", path, rules[i]);
			r->failures++;
		}
	r->rules += (unsigned)n;
}

static int
ends_with_yaml(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && !strcmp(dot, ".yaml");
}

static void
all_fixtures(struct run *r)
{
	struct dirent **names;
	char folder[1024];
	int n;

	(void)snprintf(folder, sizeof(folder), "%s/rules", r->source);
	n = scandir(folder, &names, ends_with_yaml, alphasort);
	for (int i = 0; i < n; i++) {
		names[i]->d_name[strlen(names[i]->d_name) - 5] = '\0';
		rule_file(r, names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

static void
prepare(const char *command)
{
	if (system(command) != 0) { /* our own words, no input */
		fprintf(stderr, "failed: %s\n", command);
		exit(1);
	}
}

static void
clean_up(struct run *r)
{
	static const char *const files[] = { "scenes.scap", "" };
	char path[1024];

	for (size_t i = 0; i < SK_COUNTOF(files); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", r->scratch, files[i]);
		(void)remove(path);
	}
	for (size_t i = 0; i < r->nalerts; i++) {
		free(r->alerts[i].capture);
		free(r->alerts[i].rule);
	}
}

int
main(int argc, char **argv)
{
	static struct run r;
	char text[1024];

	if (argc < 3) {
		fprintf(stderr, "usage: test_alerts BIN-DIR SOURCE-DIR [HISTORIC-DIR]\n");
		return 2;
	}
	r.bin = argv[1];
	r.source = argv[2];
	strcpy(r.scratch, "/tmp/saker-alerts.XXXXXX");
	if (!mkdtemp(r.scratch))
		return 1;
	(void)snprintf(text, sizeof(text), "'%s/make_scenes' '%s/scenes.scap'", r.bin, r.scratch);
	prepare(text);
	captures_of(&r, r.scratch, true);
	(void)snprintf(text, sizeof(text), "%s/tests/data", r.source);
	captures_of(&r, text, true);
	if (argc > 3)
		captures_of(&r, argv[3], false);
	all_fixtures(&r);
	printf("alerts: %zu of %u rules on %u captures; %u fixtures; %u differences\n", r.nalerts, r.rules, r.captures, r.fixtures, r.failures);
	clean_up(&r);
	return r.failures != 0;
}
