#include "daemon/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

enum { OPT_LIST = 256, OPT_LIST_EVENTS, OPT_DRY_RUN, OPT_VERSION, OPT_FORMAT, OPT_MARKDOWN, OPT_PAGE_SIZE, OPT_CONFIG_SCHEMA, OPT_RULE_SCHEMA, OPT_EVENT, OPT_LIMIT, OPT_GZIP, OPT_WRITE_FILTER };

/* More are not read by anybody. */
#define MAX_WHY_LIMIT 1000u

/* One table: what getopt_long takes and what --help prints. */
static const struct {
	const char *name;
	int has_arg, value;
	const char *arg, *help;
} table[] = {
	{ "help", no_argument, 'h', "", "print this" },
	{ NULL, required_argument, 'c', "FILE", "configuration; default /etc/saker/saker.yaml when it exists" },
	{ "dry-run", no_argument, OPT_DRY_RUN, "", "load configuration and rules, then stop before the first event" },
	{ NULL, required_argument, 'e', "FILE", "replay a capture: engine.kind=replay, engine.replay.capture_file=FILE" },
	{ NULL, no_argument, 'L', "", "list the rules with their descriptions" },
	{ NULL, required_argument, 'l', "RULE", "describe one rule" },
	{ "list", optional_argument, OPT_LIST, "SOURCE", "list the fields of rules" },
	{ "list-events", no_argument, OPT_LIST_EVENTS, "", "list the events" },
	{ "format", required_argument, OPT_FORMAT, "text|markdown|json", "form of --list and --list-events; of saker why: text or json" },
	{ "markdown", no_argument, OPT_MARKDOWN, "", "older way to write --format markdown" },
	{ NULL, no_argument, 'N', "", "names only, for --list" },
	{ NULL, required_argument, 'M', "SECONDS", "stop when so much event time has passed" },
	{ "option", required_argument, 'o', "KEY=VALUE", "set a configuration key: a.b.c=v, list[0].x=v, list[]=v; repeatable" },
	{ "print", required_argument, 'p', "FORMAT", "text added to the output of every rule; older form of append_output" },
	{ "pidfile", required_argument, 'P', "FILE", "write the process id" },
	{ NULL, required_argument, 'r', "FILE", "rules: a YAML file, a directory of them, or a bundle (.fbc); repeatable, in place of the configured ones" },
	{ "unbuffered", no_argument, 'U', "", "flush outputs after every alert" },
	{ "validate", required_argument, 'V', "FILE", "check rule files and stop; repeatable" },
	{ NULL, no_argument, 'v', "", "say more at exit" },
	{ "version", no_argument, OPT_VERSION, "", "print the version" },
	{ NULL, required_argument, 'w', "FILE", "write what is read as a capture, converted to today's events; compressed if the name ends in .gz" },
	{ "gzip", no_argument, OPT_GZIP, "", "compress what -w writes, whatever its name" },
	{ "write-filter", required_argument, OPT_WRITE_FILTER, "CONDITION", "of all events -w writes those that match, and what later ones need of the others" },
	{ "event", required_argument, OPT_EVENT, "NUMBER", "the event that saker why explains" },
	{ "limit", required_argument, OPT_LIMIT, "NUMBER", "how many events saker why shows; default 5" },
	{ "config-schema", no_argument, OPT_CONFIG_SCHEMA, "", "print the JSON Schema of the configuration" },
	{ "rule-schema", no_argument, OPT_RULE_SCHEMA, "", "print the JSON Schema of rule files" },
	{ "page-size", no_argument, OPT_PAGE_SIZE, "", "print the memory page size" },
};

void
sk_options_usage(FILE *out)
{
	fputs("Usage: saker [OPTION]...\n"
	      "       saker why RULE -e FILE [OPTION]...\n\n"
	      "Evaluates rules over system call events and raises alerts; says of the events of a capture why a rule does or does not match them.\n\n",
	      out);
	for (size_t i = 0; i < SK_COUNTOF(table); i++) {
		char left[64], letter[5] = "    ";

		if (table[i].value < 256)
			(void)snprintf(letter, sizeof(letter), "-%c%s ", table[i].value, table[i].name ? "," : " ");
		(void)snprintf(left, sizeof(left), "%s%s%s%s%s", letter, table[i].name ? "--" : "", table[i].name ? table[i].name : "",
			       !*table[i].arg	   ? ""
			       : table[i].has_arg == optional_argument ? "="
								       : " ",
			       table[i].arg);
		fprintf(out, "  %-32s %s\n", left, table[i].help);
	}
}

static bool
push(struct sk_strings *s, const char *text)
{
	char *copy = strdup(text);

	if (copy && sk_vec_push(s, copy))
		return true;
	free(copy);
	return false;
}

static bool
assign(struct sk_options *o, const char *key, const char *value)
{
	char text[4352];

	return snprintf(text, sizeof(text), "%s=%s", key, value) < (int)sizeof(text) && push(&o->assignments, text);
}

/* A whole number from 1 to MOST. */
static bool
number(const char *name, const char *text, uint64_t most, uint64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && *ret >= 1 && *ret <= most)
		return true;
	fprintf(stderr, "saker: %s %s: want a number from 1\n", name, text);
	return false;
}

static bool
take(struct sk_options *o, int opt, const char *arg)
{
	uint64_t n;
	char *end;

	switch (opt) {
	case 'h': o->action = SK_ACTION_HELP; return true;
	case OPT_VERSION: o->action = SK_ACTION_VERSION; return true;
	case OPT_CONFIG_SCHEMA: o->action = SK_ACTION_CONFIG_SCHEMA; return true;
	case OPT_RULE_SCHEMA: o->action = SK_ACTION_RULE_SCHEMA; return true;
	case OPT_PAGE_SIZE: o->action = SK_ACTION_PAGE_SIZE; return true;
	case 'c': o->config_file = arg; return true;
	case OPT_DRY_RUN: o->dry_run = true; return true;
	case 'e': return assign(o, "engine.kind", "replay") && assign(o, "engine.replay.capture_file", arg);
	case 'L': o->action = SK_ACTION_LIST_RULES; return true;
	case 'l':
		o->action = SK_ACTION_LIST_RULES;
		o->one_rule = arg;
		return true;
	case OPT_LIST:
		o->action = SK_ACTION_LIST_FIELDS;
		return !arg || (push(&o->list_args, "--source") && push(&o->list_args, arg));
	case OPT_LIST_EVENTS: o->action = SK_ACTION_LIST_EVENTS; return true;
	case OPT_FORMAT:
		o->json_format = strcmp(arg, "json") == 0;
		return push(&o->list_args, "--format") && push(&o->list_args, arg);
	case OPT_MARKDOWN: return push(&o->list_args, "--format") && push(&o->list_args, "markdown");
	case 'N': return push(&o->list_args, "--names");
	case 'M':
		o->max_seconds = strtod(arg, &end);
		if (*end == '\0' && end != arg && o->max_seconds > 0)
			return true;
		fprintf(stderr, "saker: -M %s: invalid duration\n", arg);
		return false;
	case 'o': return push(&o->assignments, arg);
	case 'p': o->extra_output = arg; return true;
	case 'P': o->pidfile = arg; return true;
	case 'r': return push(&o->rules, arg);
	case 'U': o->unbuffered = true; return true;
	case 'V':
		o->action = SK_ACTION_VALIDATE;
		return push(&o->validate, arg);
	case 'v': o->verbose = true; return true;
	case 'w': o->record_file = arg; return true;
	case OPT_GZIP: o->record_gzip = true; return true;
	case OPT_WRITE_FILTER: o->record_condition = arg; return true;
	case OPT_EVENT: return number("--event", arg, UINT64_MAX, &o->why_event);
	case OPT_LIMIT:
		if (!number("--limit", arg, MAX_WHY_LIMIT, &n))
			return false;
		o->why_limit = (uint32_t)n;
		return true;
	default: return false;
	}
}

static int
take_why(struct sk_options *o, int n, char **args)
{
	if (n != 1) {
		fprintf(stderr, "saker why: name one rule: saker why RULE -e FILE\nTry 'saker --help'.\n");
		return -EINVAL;
	}
	if (o->action == SK_ACTION_RUN)
		o->action = SK_ACTION_WHY;
	o->why_rule = args[0];
	return 0;
}

int
sk_options_parse(int argc, char **argv, struct sk_options *ret)
{
	struct option longs[SK_COUNTOF(table) + 1] = { 0 };
	char shorts[SK_COUNTOF(table) * 3 + 1];
	size_t nlongs = 0, nshorts = 0;
	int opt;

	*ret = (struct sk_options){ .why_limit = 5 };
	for (size_t i = 0; i < SK_COUNTOF(table); i++) {
		if (table[i].name)
			longs[nlongs++] = (struct option){ table[i].name, table[i].has_arg, NULL, table[i].value };
		if (table[i].value >= 256)
			continue;
		shorts[nshorts++] = (char)table[i].value;
		if (table[i].has_arg == required_argument)
			shorts[nshorts++] = ':';
	}
	shorts[nshorts] = '\0';
	while ((opt = getopt_long(argc, argv, shorts, longs, NULL)) != -1)
		if (!take(ret, opt, optarg)) {
			fprintf(stderr, "Try 'saker --help'.\n");
			return -EINVAL;
		}
	if (ret->record_file && strcmp(ret->record_file, "-") == 0) {
		fprintf(stderr, "saker: -w needs the name of a file: standard output is for alerts\n");
		return -EINVAL;
	}
	if ((ret->record_condition || ret->record_gzip) && !ret->record_file) {
		fprintf(stderr, "saker: %s needs -w\nTry 'saker --help'.\n", ret->record_gzip ? "--gzip" : "--write-filter");
		return -EINVAL;
	}
	if (optind < argc && strcmp(argv[optind], "why") == 0)
		return take_why(ret, argc - optind - 1, argv + optind + 1);
	if (optind < argc) {
		fprintf(stderr, "saker: unexpected argument '%s'; rule files are given by -r, captures by -e\nTry 'saker --help'.\n", argv[optind]);
		return -EINVAL;
	}
	return 0;
}

void
sk_options_free(struct sk_options *o)
{
	sk_strings_free(&o->rules);
	sk_strings_free(&o->validate);
	sk_strings_free(&o->assignments);
	sk_strings_free(&o->list_args);
}
