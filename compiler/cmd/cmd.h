/* The commands of sakerc. */
#ifndef SK_CMD_H
#define SK_CMD_H

#include "compiler/compile.h"

enum { SK_EXIT_OK, SK_EXIT_FINDINGS, SK_EXIT_USAGE };

enum sk_dump { SK_DUMP_NONE, SK_DUMP_AST, SK_DUMP_IR, SK_DUMP_CODE, SK_DUMP_INTEREST, SK_DUMP_ORIGINS };

enum sk_color { SK_COLOR_AUTO, SK_COLOR_ALWAYS, SK_COLOR_NEVER };

/* What the command line says. */
struct sk_cmd {
	char **args; /* after the options */
	size_t nargs;
	const char *output;       /* -o */
	const char *format;       /* --format; NULL: text */
	const char *source;       /* --source, or NULL */
	bool sandbox, names, all, check;
	enum sk_color color;
	enum sk_dump dump;
	struct sk_compile_job job; /* passes, denied warnings, extra outputs */
};

int sk_cmd_compile(struct sk_cmd *c);
int sk_cmd_check(struct sk_cmd *c);
int sk_cmd_dump(struct sk_cmd *c);
int sk_cmd_describe(struct sk_cmd *c);
int sk_cmd_verify(struct sk_cmd *c);
int sk_cmd_list(struct sk_cmd *c);
int sk_cmd_explain(struct sk_cmd *c);
int sk_cmd_fmt(struct sk_cmd *c);
int sk_cmd_schema(struct sk_cmd *c);

/* output.c: BYTES to the file at PATH, or to standard output for "-". A regular file is replaced as a whole or not at all, where a link leads, with its owner and mode; anything
 * else is written into. 0 or a negative errno. */
int sk_cmd_output(const char *path, struct sk_slice bytes);
/* output.c: B to standard output, or to the file of -o; B is freed. The exit status. */
int sk_cmd_print(const struct sk_cmd *c, struct sk_buf *b);

/* Rule files read into memory; names are as given, files of a directory DIR are DIR/NAME. */
struct sk_inputs {
	SK_VEC(struct sk_compile_input) v;
	SK_VEC(char *) memory; /* names and texts that v points into */
};
/* Read the files at PATHS; of a directory its .yaml and .yml files in the order of their names. False when out of memory. */
bool sk_inputs_read(struct sk_inputs *in, char *const *paths, size_t n);
void sk_inputs_free(struct sk_inputs *in);

/* origins.c: where every check of the rules comes from. */
void sk_cmd_origins(const struct sk_compilation *c, struct sk_buf *out);

/* Read the inputs and run the job; findings are written to REPORT as --format says. The exit status. */
int sk_cmd_run(struct sk_cmd *c, struct sk_inputs *in, struct sk_compilation *ret, struct sk_buf *image, FILE *report);

#endif
