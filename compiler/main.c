/* sakerc: from rule files to bundles. */
#include "compiler/cmd/cmd.h"

#include <getopt.h>
#include <saker/bundle.h>

static const char usage_text[] =
	"usage: sakerc COMMAND [OPTION...] [ARGUMENT...]\n"
	"\n"
	"  compile RULES... -o FILE   compile rule files into one bundle (-o -: standard output)\n"
	"  check RULES...             report findings only\n"
	"  dump STAGE RULES...        print --ast, --ir, --code, --interest or --origins\n"
	"  verify BUNDLE...           say whether the engine would take a bundle\n"
	"  list fields|events|ops     print a table\n"
	"  explain [CODE...]          what a finding means\n"
	"\n"
	"RULES are files, or directories of which every .yaml and .yml file is read, by name.\n"
	"\n"
	"  -o, --output FILE          where the bundle goes\n"
	"      --extra-output TEXT    compile a further output template (repeatable)\n"
	"      --no-pass NAME         leave out a pass (repeatable): simplify specialise order select share\n"
	"      --only RULE            compile no other rule, as if it were alone\n"
	"      --deny warnings|CODE   warnings, or one of them, are errors (repeatable)\n"
	"      --diag-format FORMAT   text (default), or json: one object a line\n"
	"      --color[=WHEN]         auto (default), always, never\n"
	"      --sandbox              give up all rights once the inputs are read\n"
	"  -h, --help   -V, --version\n"
	"\n"
	"exit status: 0 all is well, 1 findings, 2 wrong usage\n";

enum { OPT_EXTRA = 256, OPT_NO_PASS, OPT_DENY, OPT_FORMAT, OPT_COLOR, OPT_SANDBOX, OPT_ONLY, OPT_DUMP };

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "extra-output", required_argument, NULL, OPT_EXTRA },
	{ "no-pass", required_argument, NULL, OPT_NO_PASS },
	{ "deny", required_argument, NULL, OPT_DENY },
	{ "diag-format", required_argument, NULL, OPT_FORMAT },
	{ "color", optional_argument, NULL, OPT_COLOR },
	{ "sandbox", no_argument, NULL, OPT_SANDBOX },
	{ "ast", no_argument, NULL, OPT_DUMP + SK_DUMP_AST },
	{ "ir", no_argument, NULL, OPT_DUMP + SK_DUMP_IR },
	{ "code", no_argument, NULL, OPT_DUMP + SK_DUMP_CODE },
	{ "interest", no_argument, NULL, OPT_DUMP + SK_DUMP_INTEREST },
	{ "origins", no_argument, NULL, OPT_DUMP + SK_DUMP_ORIGINS },
	{ "only", required_argument, NULL, OPT_ONLY },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

struct parsed {
	struct sk_cmd cmd;
	SK_VEC(struct sk_slice) extras;
	bool help, version;
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

	if (strcmp(name, "warnings") == 0) {
		for (uint32_t i = 0; i < SK_DIAG_COUNT; i++)
			c->job.deny[i] = true;
		return true;
	}
	if (code == SK_DIAG_COUNT)
		return wrong("no finding is called", name);
	c->job.deny[code] = true;
	return true;
}

static bool
format(struct sk_cmd *c, const char *name)
{
	c->json = strcmp(name, "json") == 0;
	return c->json || strcmp(name, "text") == 0 || wrong("no format is called", name);
}

static bool
color(struct sk_cmd *c, const char *when)
{
	bool automatic = when && strcmp(when, "auto") == 0;

	c->color = automatic ? isatty(STDERR_FILENO) != 0 : !when || strcmp(when, "always") == 0;
	return c->color || automatic || strcmp(when, "never") == 0 || wrong("--color is auto, always or never, not", when);
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
	case OPT_FORMAT: return format(&p->cmd, optarg);
	case OPT_COLOR: return color(&p->cmd, optarg);
	case OPT_SANDBOX: return p->cmd.sandbox = true;
	case OPT_ONLY: p->cmd.job.only = sk_slice_cstr(optarg); return true;
	default: break;
	}
	if (opt <= OPT_DUMP)
		return false; /* getopt has said what is wrong */
	p->cmd.dump = (enum sk_dump)(opt - OPT_DUMP);
	return true;
}

static bool
parse(int argc, char **argv, struct parsed *p)
{
	int opt;

	p->cmd.color = isatty(STDERR_FILENO) != 0;
	while ((opt = getopt_long(argc, argv, "o:hV", options, NULL)) != -1)
		if (!take_option(p, opt))
			return false;
	p->cmd.args = argv + optind;
	p->cmd.nargs = (size_t)(argc - optind);
	p->cmd.job.extra_outputs = p->extras.v;
	p->cmd.job.nextra_outputs = p->extras.n;
	return true;
}

static int
run(struct parsed *p)
{
	static const struct {
		const char *name;
		int (*run)(struct sk_cmd *c);
	} commands[] = {
		{ "compile", sk_cmd_compile }, { "check", sk_cmd_check }, { "dump", sk_cmd_dump },
		{ "verify", sk_cmd_verify },   { "list", sk_cmd_list },   { "explain", sk_cmd_explain },
	};

	if (!p->cmd.nargs) {
		fputs(usage_text, stderr);
		return SK_EXIT_USAGE;
	}
	const char *name = p->cmd.args[0];
	p->cmd.args++;
	p->cmd.nargs--;
	for (size_t i = 0; i < SK_COUNTOF(commands); i++)
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].run(&p->cmd);
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
			fputs(usage_text, stdout);
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
