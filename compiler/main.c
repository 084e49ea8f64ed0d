/* sakerc: from rule files to bundles. */
#include "compiler/cmd/cmd.h"
#include "compiler/lint/lint.h"

#include <getopt.h>
#include <saker/bundle.h>

static const struct command {
	const char *name, *args, *help;
	int (*run)(struct sk_cmd *c);
	const char *takes; /* options, each between blanks */
} commands[] = {
	{ "compile", "RULES... -o FILE", "compile rule files into one bundle (-o -: standard output)", sk_cmd_compile,
	  " output format deny color extra-output dialect only no-pass sandbox " },
	{ "check", "RULES...", "report findings only", sk_cmd_check, " output format deny lint color extra-output dialect only sandbox " },
	{ "fmt", "RULES...", "format rule files in place (-: standard input to standard output)", sk_cmd_fmt, " check color " },
	{ "dump", "STAGE RULES...", "print --ast, --ir, --code, --interest or --origins", sk_cmd_dump,
	  " output format deny color extra-output dialect only no-pass sandbox ast ir code interest origins " },
	{ "describe", "RULES...", "print rules, macros and lists, and what they use, as JSON (--only RULE: one)", sk_cmd_describe,
	  " output format deny color dialect only sandbox " },
	{ "verify", "BUNDLE...", "say whether the engine would take a bundle", sk_cmd_verify, " " },
	{ "list", "TABLE", "print fields, events, ops, operators, transformers, diags or config", sk_cmd_list, " output format source names all " },
	{ "explain", "[CODE...]", "what a finding means", sk_cmd_explain, " " },
	{ "schema", "rules|config", "print the JSON Schema of rule files or of the configuration", sk_cmd_schema, " output " },
};

enum { OPT_EXTRA = 256, OPT_NO_PASS, OPT_DENY, OPT_LINT, OPT_CHECK, OPT_FORMAT, OPT_COLOR, OPT_SANDBOX, OPT_ONLY, OPT_SOURCE, OPT_DIALECT, OPT_NAMES, OPT_ALL, OPT_DUMP };

/* One table: what getopt_long takes and what --help prints. */
static const struct {
	const char *name;
	int has_arg, value;
	const char *arg, *help;
} table[] = {
	{ "output", required_argument, 'o', "FILE", "where the bundle, or the report of check, goes" },
	{ "format", required_argument, OPT_FORMAT, "FORMAT",
	  "of findings: text, json, sarif, junit, github, falco, falco-json; of list: text, markdown, json" },
	{ "deny", required_argument, OPT_DENY, "warnings|lint|CODE", "warnings, those of lints, or one of them, are errors (repeatable)" },
	{ "lint", required_argument, OPT_LINT, "SPEC", "check: default, all, none, or codes and groups (correct, cost, style), -CODE to leave one out" },
	{ "check", no_argument, OPT_CHECK, "", "fmt: only name the files that are not formatted" },
	{ "color", optional_argument, OPT_COLOR, "WHEN", "auto (default), always, never" },
	{ "extra-output", required_argument, OPT_EXTRA, "TEXT", "compile a further output template (repeatable)" },
	{ "dialect", required_argument, OPT_DIALECT, "saker|falco", "falco: refuse what Falco 0.44 refuses, and read the rest as it does" },
	{ "only", required_argument, OPT_ONLY, "RULE", "compile no other rule, as if it were alone; describe: this one" },
	{ "no-pass", required_argument, OPT_NO_PASS, "NAME", "leave out a pass (repeatable): simplify specialise order select share" },
	{ "sandbox", no_argument, OPT_SANDBOX, "", "give up all rights once the inputs are read" },
	{ "ast", no_argument, OPT_DUMP + SK_DUMP_AST, "", "dump: the conditions as trees" },
	{ "ir", no_argument, OPT_DUMP + SK_DUMP_IR, "", "dump: the graph, and what is left of it for each program" },
	{ "code", no_argument, OPT_DUMP + SK_DUMP_CODE, "", "dump: the bundle as text" },
	{ "interest", no_argument, OPT_DUMP + SK_DUMP_INTEREST, "", "dump: which events and fields the rules need" },
	{ "origins", no_argument, OPT_DUMP + SK_DUMP_ORIGINS, "", "dump: where every check of the rules comes from" },
	{ "source", required_argument, OPT_SOURCE, "SOURCE", "list fields: of one event source" },
	{ "names", no_argument, OPT_NAMES, "", "list: names only" },
	{ "all", no_argument, OPT_ALL, "", "list: deprecated and internal rows too" },
	{ "help", no_argument, 'h', "", "print this" },
	{ "version", no_argument, 'V', "", "print the version" },
};

static void
print_usage(FILE *out)
{
	char left[64];

	fputs("usage: sakerc COMMAND [OPTION...] [ARGUMENT...]\n\n", out);
	for (size_t i = 0; i < SK_COUNTOF(commands); i++) {
		(void)snprintf(left, sizeof(left), "%s %s", commands[i].name, commands[i].args);
		fprintf(out, "  %-28s %s\n", left, commands[i].help);
	}
	fputs("\nRULES are files, or directories of which every .yaml and .yml file is read, by name.\n\n", out);
	for (size_t i = 0; i < SK_COUNTOF(table); i++) {
		char letter[5] = "    ";
		bool optional = table[i].has_arg == optional_argument;

		if (table[i].value < 256)
			(void)snprintf(letter, sizeof(letter), "-%c, ", table[i].value);
		(void)snprintf(left, sizeof(left), "%s--%s%s%s%s", letter, table[i].name, optional ? "[=" : *table[i].arg ? " " : "", table[i].arg,
			       optional ? "]" : "");
		fprintf(out, "  %-28s %s\n", left, table[i].help);
	}
	fputs("\nexit status: 0 all is well, 1 findings, 2 wrong usage\n", out);
}

struct parsed {
	struct sk_cmd cmd;
	SK_VEC(struct sk_slice) extras;
	bool help, version;
	uint32_t given; /* options of the table, by bit */
};

static bool
wrong(const char *what, const char *value)
{
	fprintf(stderr, "sakerc: %s '%s'\n", what, value);
	return false;
}

static bool
no_pass(struct sk_cmd *c, const char *name)
{
	enum sk_pass pass = sk_pass_find(sk_slice_cstr(name));

	if (pass == SK_PASS_COUNT)
		return wrong("no pass is called", name);
	c->job.off[pass] = true;
	return true;
}

static bool
deny(struct sk_cmd *c, const char *name)
{
	enum sk_diag_code code = sk_diag_find(sk_slice_cstr(name));
	bool lint = strcmp(name, "lint") == 0;

	if (lint || strcmp(name, "warnings") == 0) {
		for (uint32_t i = 0; i < SK_DIAG_COUNT; i++)
			c->job.deny[i] |= !lint || sk_lint_is((enum sk_diag_code)i);
		return true;
	}
	if (code == SK_DIAG_COUNT)
		return wrong("no finding is called", name);
	c->job.deny[code] = true;
	return true;
}

static bool
color(struct sk_cmd *c, const char *when)
{
	static const char *const words[] = { [SK_COLOR_AUTO] = "auto", [SK_COLOR_ALWAYS] = "always", [SK_COLOR_NEVER] = "never" };

	for (uint32_t i = 0; i < SK_COUNTOF(words); i++)
		if (strcmp(when ? when : "always", words[i]) == 0) {
			c->color = (enum sk_color)i;
			return true;
		}
	return wrong("--color is auto, always or never, not", when);
}

static bool
dialect(struct sk_cmd *c, const char *name)
{
	bool falco = strcmp(name, "falco") == 0;

	c->job.dialect = falco ? SK_DIALECT_FALCO : SK_DIALECT_SAKER;
	return falco || strcmp(name, "saker") == 0 || wrong("--dialect is saker or falco, not", name);
}

static bool
take_option(struct parsed *p, int opt)
{
	switch (opt) {
	case 'o': p->cmd.output = optarg; return true;
	case 'h': return p->help = true;
	case 'V': return p->version = true;
	case OPT_EXTRA: return sk_vec_push(&p->extras, sk_slice_cstr(optarg));
	case OPT_NO_PASS: return no_pass(&p->cmd, optarg);
	case OPT_DENY: return deny(&p->cmd, optarg);
	case OPT_CHECK: return p->cmd.check = true;
	case OPT_LINT: return sk_lint_select(p->cmd.job.lint, sk_slice_cstr(optarg)) || wrong("no lint is called", optarg);
	case OPT_FORMAT: p->cmd.format = optarg; return true;
	case OPT_DIALECT: return dialect(&p->cmd, optarg);
	case OPT_SOURCE: p->cmd.source = optarg; return true;
	case OPT_NAMES: return p->cmd.names = true;
	case OPT_ALL: return p->cmd.all = true;
	case OPT_COLOR: return color(&p->cmd, optarg);
	case OPT_SANDBOX: return p->cmd.sandbox = true;
	case OPT_ONLY: p->cmd.job.only = sk_slice_cstr(optarg); return true;
	default: break;
	}
	if (opt <= OPT_DUMP)
		return false; /* getopt has said what is wrong */
	if (p->cmd.dump != SK_DUMP_NONE && p->cmd.dump != (enum sk_dump)(opt - OPT_DUMP)) {
		fputs("sakerc: dump prints one stage at a time\n", stderr);
		return false;
	}
	p->cmd.dump = (enum sk_dump)(opt - OPT_DUMP);
	return true;
}

static void
note_given(struct parsed *p, int opt)
{
	for (size_t i = 0; i < SK_COUNTOF(table); i++)
		if (table[i].value == opt)
			p->given |= 1u << i;
}

/* An option that a command would ignore is a misunderstanding. */
static bool
takes_all(const struct command *c, uint32_t given)
{
	for (size_t i = 0; i < SK_COUNTOF(table); i++) {
		char word[32];

		(void)snprintf(word, sizeof(word), " %s ", table[i].name);
		if (given >> i & 1 && !strstr(c->takes, word)) {
			fprintf(stderr, "sakerc: %s takes no --%s\n", c->name, table[i].name);
			return false;
		}
	}
	return true;
}

static bool
parse(int argc, char **argv, struct parsed *p)
{
	struct option longs[SK_COUNTOF(table) + 1] = { 0 };
	int opt;

	for (size_t i = 0; i < SK_COUNTOF(table); i++)
		longs[i] = (struct option){ table[i].name, table[i].has_arg, NULL, table[i].value };
	(void)sk_lint_select(p->cmd.job.lint, SK_SLICE("default"));
	while ((opt = getopt_long(argc, argv, "o:hV", longs, NULL)) != -1) {
		note_given(p, opt);
		if (!take_option(p, opt))
			return false;
	}
	p->cmd.args = argv + optind;
	p->cmd.nargs = (size_t)(argc - optind);
	p->cmd.job.extra_outputs = p->extras.v;
	p->cmd.job.nextra_outputs = p->extras.n;
	return true;
}

static int
run(struct parsed *p)
{
	if (!p->cmd.nargs) {
		print_usage(stderr);
		return SK_EXIT_USAGE;
	}
	const char *name = p->cmd.args[0];
	p->cmd.args++;
	p->cmd.nargs--;
	for (size_t i = 0; i < SK_COUNTOF(commands); i++)
		if (strcmp(name, commands[i].name) == 0)
			return takes_all(&commands[i], p->given) ? commands[i].run(&p->cmd) : SK_EXIT_USAGE;
	(void)wrong("no command is called", name);
	return SK_EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct parsed p = { 0 };
	int status;

	if (!parse(argc, argv, &p)) {
		fputs("try sakerc --help\n", stderr);
		status = SK_EXIT_USAGE;
	} else if (p.help || p.version) {
		if (p.help)
			print_usage(stdout);
		else
			printf("sakerc %s (bundle format %u, schema %u)\n", SK_VERSION, SK_BUNDLE_FORMAT, SK_SCHEMA_VERSION);
		status = SK_EXIT_OK;
	} else {
		status = run(&p);
	}
	sk_vec_free(&p.extras);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fputs("sakerc: standard output cannot be written\n", stderr);
		return SK_EXIT_FINDINGS;
	}
	return status;
}
