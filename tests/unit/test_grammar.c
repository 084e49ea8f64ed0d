/* The parsers of conditions and output templates: a table of cases, places of findings, limits, and hostile input. */
#include "base/schema.h"
#include "grammar/ast.h"

#include <saker/limits.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* One parse: the text is a file of its own, mapped byte for byte. */
struct job {
	struct sk_arena *arena, *diag_arena;
	struct sk_text_piece piece;
	struct sk_text text;
	struct sk_parse p;
};

static void
job_open(struct job *j, const char *s, size_t n)
{
	memset(j, 0, sizeof(*j));
	j->arena = sk_arena_new(SK_MAX_COMPILE_MEMORY);
	j->diag_arena = sk_arena_new(SK_MAX_COMPILE_MEMORY);
	assert_non_null(j->arena);
	assert_non_null(j->diag_arena);
	j->text.s = sk_slice(s, n);
	j->text.file = sk_file_new(j->diag_arena, SK_SLICE("test"), j->text.s);
	j->text.pieces = &j->piece;
	j->text.npieces = 1;
	j->text.whole = (struct sk_span){ 0, (uint32_t)n };
	j->p = (struct sk_parse){ j->arena, sk_diags_new(j->diag_arena), &j->text };
	assert_non_null(j->p.diags);
}

static void
job_open_str(struct job *j, const char *s)
{
	job_open(j, s, strlen(s));
}

static void
job_close(struct job *j)
{
	sk_arena_free(j->arena);
	sk_arena_free(j->diag_arena);
}

static const struct sk_diag *
first_finding(const struct job *j)
{
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(j->p.diags, &n);

	assert_true(n > 0);
	return all[0];
}

/* Parse, and hold the parser to its contract: a tree exactly when there is no error. */
static struct sk_cond *
parse(struct job *j)
{
	struct sk_cond *c = sk_cond_parse(&j->p);

	assert_int_equal(c == NULL, sk_diags_errors(j->p.diags) > 0);
	return c;
}

static struct sk_out_template *
parse_output(struct job *j)
{
	struct sk_out_template *t = sk_output_parse(&j->p);

	assert_int_equal(t == NULL, sk_diags_errors(j->p.diags) > 0);
	return t;
}

static void
expect_error(const char *s, size_t n, enum sk_diag_code code)
{
	struct job j;

	job_open(&j, s, n);
	assert_null(parse(&j));
	assert_int_equal(first_finding(&j)->code, code);
	job_close(&j);
}

static void
expect_tree(const char *s, const char *tree)
{
	struct job j;

	job_open_str(&j, s);
	struct sk_cond *c = parse(&j);

	assert_non_null(c);
	assert_string_equal(sk_cond_print(j.arena, c).p, tree);
	job_close(&j);
}

/* N bytes of COUNT repetitions of PART behind HEAD; to be freed. */
static char *
repeat(const char *head, const char *part, size_t count, const char *tail)
{
	size_t a = strlen(head), b = strlen(part), c = strlen(tail);
	char *s = malloc(a + b * count + c + 1);

	assert_non_null(s);
	memcpy(s, head, a);
	for (size_t i = 0; i < count; i++)
		memcpy(s + a + i * b, part, b);
	memcpy(s + a + b * count, tail, c + 1);
	return s;
}

/* --- the table --------------------------------------------------------------------------------------------------------- */
struct table {
	char *text;
	char *next;
};

static void
table_open(struct table *t)
{
	FILE *f = fopen(SK_SOURCE_DIR "/tests/unit/grammar_cases.tsv", "rb");
	size_t cap = 1u << 20;

	assert_non_null(f);
	t->text = t->next = calloc(1, cap);
	assert_non_null(t->text);
	assert_true(fread(t->text, 1, cap - 1, f) > 1000);
	fclose(f);
}

static void
unescape_newlines(char *s)
{
	char *w = s;

	for (; *s; w++)
		if (s[0] == '\\' && s[1] == 'N') {
			*w = '\n';
			s += 2;
		} else {
			*w = *s++;
		}
	*w = '\0';
}

/* The next case: up to MAX columns. NULL columns follow the last. False at the end. */
static bool
table_next(struct table *t, char *cols[], size_t max)
{
	char *line;

	do {
		if (!t->next || !*t->next)
			return false;
		line = strsep(&t->next, "\n");
	} while (strncmp(line, "# Cond", 6) == 0 || strncmp(line, "# \\N in", 7) == 0);
	for (size_t i = 0; i < max; i++) {
		cols[i] = strsep(&line, "\t");
		if (cols[i])
			unescape_newlines(cols[i]);
	}
	return true;
}

/* All findings as the table writes them. */
static void
print_findings(const struct job *j, char *out, size_t size)
{
	size_t n, used = 0;
	const struct sk_diag *const *all = sk_diags_sorted(j->p.diags, &n);

	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s@%u-%u", i ? " " : "", sk_diag_desc(all[i]->code)->code,
					 all[i]->loc.span.beg, all[i]->loc.span.end);
}

static bool
case_holds(char *cols[], size_t max)
{
	char want[256] = "", got[256], status[8];
	struct job j;

	job_open_str(&j, cols[0]);
	struct sk_cond *c = parse(&j);
	size_t findings_at = c ? 3 : 2;

	snprintf(status, sizeof(status), "%s", !c ? "ERR" : sk_diags_warnings(j.p.diags) ? "WARN" : "OK");
	for (size_t i = findings_at; i < max && cols[i]; i++)
		snprintf(want + strlen(want), sizeof(want) - strlen(want), "%s%s", *want ? " " : "", cols[i]);
	print_findings(&j, got, sizeof(got));
	const char *tree = c ? sk_cond_print(j.arena, c).p : NULL;
	bool ok = strcmp(status, cols[1]) == 0 && (!tree || strcmp(tree, cols[2]) == 0) && strcmp(want, got) == 0;

	if (!ok)
		print_error("%s\n  is %s %s %s\n  not %s %s %s\n", cols[0], status, tree ? tree : "", got, cols[1],
			    tree ? cols[2] : "", want);
	job_close(&j);
	return ok;
}

static void
test_cases(void **state)
{
	char *cols[8];
	struct table t;
	size_t n = 0, bad = 0;

	(void)state;
	for (table_open(&t); table_next(&t, cols, 8); n++)
		bad += !case_holds(cols, 8);
	free(t.text);
	assert_true(n > 200);
	assert_int_equal(bad, 0);
}

/* --- places ------------------------------------------------------------------------------------------------------------ */
static void
assert_span(struct sk_span s, uint32_t beg, uint32_t end)
{
	assert_int_equal(s.beg, beg);
	assert_int_equal(s.end, end);
}

static void
assert_text_everywhere(const struct sk_cond *c, const struct sk_text *text)
{
	assert_ptr_equal(c->text, text);
	assert_null(c->via);
	for (uint32_t i = 0; i < c->nkids; i++)
		assert_text_everywhere(c->kids[i], text);
}

static void
test_spans(void **state)
{
	const char *s = "m and (not  a.b['x y'] in (p, \"q\") or tolower(c.d)=e)";
	struct job j;

	(void)state;
	job_open_str(&j, s);
	struct sk_cond *c = parse(&j), *or, *in, *eq;

	assert_text_everywhere(c, &j.text);
	assert_span(c->span, 0, 53);
	assert_span(c->kids[0]->span, 0, 1);
	or = c->kids[1];
	assert_span(or->span, 7, 52);
	assert_span(or->kids[0]->span, 7, 34);
	in = or->kids[0]->kids[0];
	assert_span(in->span, 12, 34);
	assert_span(in->lhs->span, 12, 22);
	assert_span(in->lhs->arg_span, 16, 21);
	assert_true(sk_slice_is(in->lhs->arg, "x y"));
	assert_span(in->cmp_span, 23, 25);
	assert_span(in->rhs->span, 26, 34);
	assert_span(in->rhs->args[0]->span, 27, 28);
	assert_false(in->rhs->args[0]->quoted);
	assert_span(in->rhs->args[1]->span, 30, 33);
	assert_true(in->rhs->args[1]->quoted);
	eq = or->kids[1];
	assert_span(eq->lhs->span, 38, 50);
	assert_int_equal(eq->lhs->kind, SK_OPND_XFORM);
	assert_true(sk_slice_is(eq->lhs->text, "tolower"));
	assert_span(eq->lhs->args[0]->span, 46, 49);
	assert_span(eq->rhs->span, 51, 52);
	job_close(&j);
}

static void
test_number_flag(void **state)
{
	struct job j;

	(void)state;
	job_open_str(&j, "a.b > 0x10 and a.b = 5");
	struct sk_cond *c = parse(&j);

	assert_true(c->kids[0]->rhs->number);
	assert_false(c->kids[1]->rhs->number);
	job_close(&j);
}

/* Text in two pieces of a file: findings stand where the file has them. */
static void
test_mapped(void **state)
{
	struct job j;
	struct sk_text_piece pieces[] = { { 0, 4 }, { 4, 12 } };

	(void)state;
	job_open_str(&j, "a\nb c d");
	j.text.file = sk_file_new(j.diag_arena, SK_SLICE("f"), SK_SLICE("x:  a\n    b c d"));
	j.text.pieces = pieces;
	j.text.npieces = 2;
	assert_null(parse(&j));
	assert_span(first_finding(&j)->loc.span, 6, 7);
	assert_null(first_finding(&j)->alt_text.p);
	job_close(&j);
}

static void
test_unmapped(void **state)
{
	struct job j;

	(void)state;
	job_open_str(&j, "a.b = c d");
	j.text.npieces = 0;
	j.text.whole = (struct sk_span){ 1, 2 };
	assert_null(parse(&j));
	assert_span(first_finding(&j)->loc.span, 1, 2);
	assert_span(first_finding(&j)->alt_span, 8, 9);
	assert_true(sk_slice_is(first_finding(&j)->alt_text, "a.b = c d"));
	job_close(&j);
}

static void
expect_message(const char *s, const char *message)
{
	struct job j;

	job_open_str(&j, s);
	(void)parse(&j);
	assert_string_equal(first_finding(&j)->text.p, message);
	job_close(&j);
}

static void
test_messages(void **state)
{
	(void)state;
	expect_message("a b", "unexpected 'b', expected 'and', 'or' or the end");
	expect_message("(a b)", "unexpected 'b', expected 'and', 'or' or ')'");
	expect_message("a.b", "unexpected end, expected an operator such as '=', 'contains', 'in' or 'exists'");
	expect_message("a.b > x", "unexpected 'x', expected a number, a transformer or val(field)");
	expect_message("a.b regex ^a(b)$", "unexpected '(', expected 'and', 'or' or the end; quote a value that holds brackets, "
					   "commas, quotes or '='");
	expect_message("a.b = \"x", "the string that begins here has no closing \"");
	expect_message("a \001\377", "unexpected '\\x01', expected 'and', 'or' or the end");
	expect_message("a \377", "unexpected '\\xff', expected 'and', 'or' or the end");
	expect_message("a xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		       "unexpected 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...', expected 'and', 'or' or the end");
}

/* --- strings ----------------------------------------------------------------------------------------------------------- */
static void
test_strings(void **state)
{
	(void)state;
	expect_tree("a.b=\"\\b\\f\\n\\r\\t\\/\\\\z\\ z\"", "<a.b = {\b\f\n\r\t/\\z\\z}>");
	expect_tree("a.b='\\a\\v\\\n'", "<a.b = {\a\v\n}>");
	expect_tree("a.b='\\x7e\\xFf'", "<a.b = {~\xff}>");
	expect_tree("a.b=\"\xc3\xa9\xff\"", "<a.b = {\xc3\xa9\xff}>");
	expect_error("a.b=\"x\0y\"", 9, SK_D_COND_SYNTAX);
	expect_error("a.b=\"x\\\0y\"", 10, SK_D_COND_SYNTAX);
}

/* --- limits and hostile input ------------------------------------------------------------------------------------------ */
static void
expect_repeated(const char *part, size_t n, const char *middle, const char *close, enum sk_diag_code code)
{
	char *head = repeat("", part, n, middle), *s = repeat(head, close, n, "");
	struct job j;

	job_open_str(&j, s);
	struct sk_cond *c = parse(&j);

	if (code == SK_DIAG_COUNT)
		assert_non_null(c);
	else
		assert_int_equal(first_finding(&j)->code, code);
	if (c)
		assert_true(sk_cond_print(j.arena, c).n > 0);
	job_close(&j);
	free(head);
	free(s);
}

static void
test_depth(void **state)
{
	const enum sk_diag_code fine = SK_DIAG_COUNT;

	(void)state;
	expect_repeated("(", SK_MAX_COND_DEPTH, "a", ")", fine);
	expect_repeated("a or b and not (", SK_MAX_COND_DEPTH, "a", ")", fine);
	expect_repeated("not(", SK_MAX_COND_DEPTH, "a", ")", fine);
	expect_repeated("(", SK_MAX_COND_DEPTH + 1, "a", ")", SK_D_COND_LIMIT);
	expect_repeated("(", 20000, "a", ")", SK_D_COND_LIMIT);
	expect_repeated("(", 20000, "", "", SK_D_COND_LIMIT);
	expect_repeated("not ", 20000, "a", "", fine);
	expect_repeated("tolower(", SK_MAX_XFORM_DEPTH, "a.b", ")", SK_D_COND_SYNTAX);
	expect_repeated("tolower(", SK_MAX_XFORM_DEPTH + 1, "a.b", ")", SK_D_COND_LIMIT);
	expect_repeated("tolower(", 100000, "", "", SK_D_COND_LIMIT);
	/* Brackets that are closed again do not count. */
	expect_repeated("(a) and ", 20000, "a", "", fine);
}

static void
test_xform_args(void **state)
{
	char *s = repeat("concat(", "a.b,", SK_MAX_XFORM_ARGS, "a.b) = x");

	(void)state;
	expect_error(s, strlen(s), SK_D_COND_LIMIT);
	free(s);
	s = repeat("concat(", "a.b,", SK_MAX_XFORM_ARGS - 1, "a.b) = x");
	struct job j;

	job_open_str(&j, s);
	assert_int_equal(parse(&j)->lhs->nargs, SK_MAX_XFORM_ARGS);
	job_close(&j);
	free(s);
}

/* A long text of each kind: taken or refused, in one pass. PART is repeated up to the limit. */
static void
expect_long(const char *head, const char *part, const char *tail, bool fine)
{
	size_t n = (SK_MAX_CONDITION - strlen(head) - strlen(tail)) / strlen(part);
	char *s = repeat(head, part, n, tail);
	struct job j;

	job_open_str(&j, s);
	assert_int_equal(parse(&j) != NULL, fine);
	job_close(&j);
	free(s);
}

static void
test_size(void **state)
{
	char *s = repeat("", "a", SK_MAX_CONDITION + 1, "");

	(void)state;
	expect_error(s, SK_MAX_CONDITION + 1, SK_D_COND_LIMIT);
	free(s);
	expect_long("", "a or ", "b", true);
	expect_long("", "a.b=c and ", "b", true);
	expect_long("a.b in (", "x,", "y)", true);
	expect_long("a.b in (", ",", ")", true);
	expect_long("a.b = '", "x", "'", true);
	expect_long("a.b = '", "\\z", "'", true);
	expect_long("a.b = '", "\\n", "", false);
	expect_long("a.b = ", "x", "", true);
	expect_long("a.b = anyof", " ", "x", true);
	expect_long("", "anyof ", "", false);
	expect_long("", "a.", "", false);
	expect_long("a", ".a", "=b", true);
	expect_long("", "\"", "", false);
	expect_long("", "\\", "", false);
	expect_long("", "1", "", false);
	expect_long("a.b", "[", "", false);
	expect_long("a.b[", "x", "]=c", true);
	expect_long("# ", "x", "\na", true);
	expect_long("", "#\n", "a", true);
	expect_long("", " ", "a", true);
	expect_long("", "(", "", false);
	expect_long("", ")", "", false);
}

static void
test_empty(void **state)
{
	(void)state;
	expect_error("", 0, SK_D_COND_SYNTAX);
	expect_error(NULL, 0, SK_D_COND_SYNTAX);
	expect_error(" \n\t\r ", 5, SK_D_COND_SYNTAX);
	expect_error("\0", 1, SK_D_COND_SYNTAX);
	expect_error("a\0b", 3, SK_D_COND_SYNTAX);
	expect_error("a.b=x\0y", 7, SK_D_COND_SYNTAX);
	expect_error("a.b[x\0y]=c", 10, SK_D_COND_SYNTAX);
}

/* A copy of exactly N bytes, so that a byte read past the end is seen by the sanitizer. */
static void
parse_copy(const char *s, size_t n, bool output)
{
	char *copy = malloc(n ? n : 1);
	struct job j;

	assert_non_null(copy);
	memcpy(copy, s, n);
	job_open(&j, copy, n);
	if (output)
		(void)parse_output(&j);
	else
		(void)parse(&j);
	job_close(&j);
	free(copy);
}

/* Every beginning of S, and S with each byte replaced by bytes that mean something. */
static void
damage(const char *s, bool output)
{
	static const char bytes[] = { '\0', '"', '\\', '(', ')', '[', ' ', '%', '\xff' };
	size_t n = strlen(s);
	char buf[256];

	assert_true(n < sizeof(buf));
	for (size_t i = 0; i <= n; i++)
		parse_copy(s, i, output);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof(bytes); k++) {
			memcpy(buf, s, n);
			buf[i] = bytes[k];
			parse_copy(buf, n, output);
		}
}

static void
test_damaged(void **state)
{
	char *cols[2];
	struct table t;

	(void)state;
	for (table_open(&t); table_next(&t, cols, 2);)
		damage(cols[0], false);
	free(t.text);
}

static void
test_out_of_memory(void **state)
{
	const char *s = "m and not (a.b[x] in (p, \"q\\n\") or concat(c.d, \"-\", (e.f)) = 'g') and h.i contains anyof (j)";
	bool succeeded = false;

	(void)state;
	for (size_t limit = 0; !succeeded; limit += 16) {
		struct job j;

		assert_true(limit < 100000);
		job_open_str(&j, s);
		sk_arena_free(j.arena);
		j.p.arena = j.arena = sk_arena_new(limit);
		succeeded = parse(&j) != NULL;
		if (!succeeded)
			assert_int_equal(first_finding(&j)->code, SK_D_OUT_OF_MEMORY);
		job_close(&j);
	}
}

/* Macros can make trees deeper than any text: printing does not recurse over them. */
static void
test_print_deep(void **state)
{
	enum { DEPTH = 300000 };
	struct job j;

	(void)state;
	job_open_str(&j, "a");
	struct sk_cond *c = parse(&j), *nodes = SK_NEW_ARRAY(j.arena, DEPTH, struct sk_cond);
	struct sk_cond **kids = SK_NEW_ARRAY(j.arena, DEPTH, struct sk_cond *);

	for (size_t i = 0; i < DEPTH; i++) {
		kids[i] = i ? &nodes[i - 1] : c;
		nodes[i] = (struct sk_cond){ .kind = SK_COND_NOT, .kids = &kids[i], .nkids = 1 };
	}
	assert_int_equal(sk_cond_print(j.arena, &nodes[DEPTH - 1]).n, DEPTH * strlen("(not )") + strlen("macro:a"));
	job_close(&j);
}

/* --- output templates -------------------------------------------------------------------------------------------------- */
/* Pieces as text: literals in quotes, fields as <width:name[argument]/number of arguments>. */
static void
print_template(const struct sk_out_template *t, char *out, size_t size)
{
	size_t n = (size_t)snprintf(out, size, "%s", t->keep_missing ? "*" : "");

	for (uint32_t i = 0; i < t->npieces; i++) {
		const struct sk_out_piece *p = &t->pieces[i];
		const struct sk_opnd *f = p->field;

		if (!p->is_field)
			n += (size_t)snprintf(out + n, size - n, "'%.*s'", SK_SLICE_ARG(p->literal));
		else if (f->has_arg)
			n += (size_t)snprintf(out + n, size - n, "<%u:%.*s[%.*s]/%u>", p->width, SK_SLICE_ARG(f->text),
					      SK_SLICE_ARG(f->arg), f->nargs);
		else
			n += (size_t)snprintf(out + n, size - n, "<%u:%.*s/%u>", p->width, SK_SLICE_ARG(f->text), f->nargs);
	}
}

static const struct template_case {
	const char *text, *want; /* pieces, or a finding */
} template_cases[] = {
	{ "%proc.name", "<0:proc.name/0>" },
	{ "*%proc.name: x", "*<0:proc.name/0>': x'" },
	{ "*", "*" },
	{ "no fields", "'no fields'" },
	{ "a*b", "'a*b'" },
	{ "%proc.name%proc.pid", "<0:proc.name/0><0:proc.pid/0>" },
	{ "%proc.names", "<0:proc.name/0>'s'" },
	{ "%proc.name)", "<0:proc.name/0>')'" },
	{ "%fd.name.", "<0:fd.name/0>'.'" },
	{ "%proc.name.foo", "<0:proc.name/0>'.foo'" },
	{ "%proc.name[2]", "<0:proc.name/0>'[2]'" },
	{ "%20proc.name|", "<20:proc.name/0>'|'" },
	{ "%0proc.name", "<0:proc.name/0>" },
	{ "%8tolower(proc.name)", "<8:tolower/1>" },
	{ "%evt.arg.flags.", "<0:evt.arg.flags/0>'.'" },
	{ "%evt.arg.flags.x", "<0:evt.arg.flags/0>'.x'" },
	{ "%evt.arg[flags]x", "<0:evt.arg[flags]/0>'x'" },
	{ "%evt.arg['x \\'y']", "<0:evt.arg[x 'y]/0>" },
	{ "%evt.arg[x y]", "<0:evt.arg/0>'[x y]'" },
	{ "%evt.arg[", "<0:evt.arg/0>'['" },
	{ "%evt.arg['x", "<0:evt.arg/0>'['x'" },
	{ "%proc.aname[2] %proc.aname.", "<0:proc.aname[2]/0>' '<0:proc.aname/0>'.'" },
	{ "%container.mount.dest[/x/y*]", "<0:container.mount.dest[/x/y*]/0>" },
	{ "%tolower(proc.name)!", "<0:tolower/1>'!'" },
	{ "%tolower(proc.name)[t]", "<0:tolower/1>'[t]'" },
	{ "%concat(proc.name, \"(\", toupper(proc.exe)) b", "<0:concat/3>' b'" },
	{ "%getopt(proc.args, \"a)b\")[t] x", "<0:getopt[t]/2>' x'" },
	{ "(%user.name command=%proc.cmdline)", "'('<0:user.name/0>' command='<0:proc.cmdline/0>')'" },
	{ "%evt.time:\n\xc3\xa9\xff", "<0:evt.time/0>':\n\xc3\xa9\xff'" },
	{ "", "E0301@0-0" },
	{ "%", "E0301@0-1" },
	{ "x%", "E0301@1-2" },
	{ "%12", "E0301@0-3" },
	{ "100% sure", "E0301@3-4" },
	{ "%%proc.name", "E0301@0-1" },
	{ "%foo.bar baz", "E0302@1-8" },
	{ "%val(proc.name)", "E0302@1-4" },
	{ "%nosuch(proc.name)", "E0302@1-7" },
	{ "%tolower(nosuch(proc.name))", "E0301@9-15" },
	{ "%tolower(proc.name", "E0301@8-9" },
	{ "%tolower(proc.name \"", "E0301@8-9" },
	{ "%tolower()", "E0301@9-10" },
	{ "%tolower(proc)", "E0301@9-13" },
	{ "%99999999999proc.name", "E0301@1-12" },
	{ "%1048577proc.name", "E0301@1-8" },
};

static void
test_templates(void **state)
{
	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(template_cases); i++) {
		const struct template_case *c = &template_cases[i];
		char got[512];
		struct job j;

		job_open_str(&j, c->text);
		struct sk_out_template *t = parse_output(&j);

		if (t)
			print_template(t, got, sizeof(got));
		else
			print_findings(&j, got, sizeof(got));
		if (strcmp(got, c->want) != 0)
			print_error("template: %s\n", c->text);
		assert_string_equal(got, c->want);
		job_close(&j);
	}
}

static void
test_template_spans(void **state)
{
	struct job j;

	(void)state;
	job_open_str(&j, "*a %12evt.arg[x] b");
	struct sk_out_template *t = parse_output(&j);

	assert_int_equal(t->npieces, 3);
	assert_span(t->pieces[0].span, 1, 3);
	assert_span(t->pieces[1].span, 3, 16);
	assert_span(t->pieces[1].field->span, 6, 16);
	assert_span(t->pieces[1].field->arg_span, 14, 15);
	assert_span(t->pieces[2].span, 16, 18);
	job_close(&j);
}

/* Every field of the table is one token, whole, in conditions and in output; so is one with an argument that needs one. */
static void
test_every_field(void **state)
{
	char s[256], want[256], got[256];

	(void)state;
	for (uint32_t id = 0; id < SK_F_LIMIT; id++) {
		const struct sk_field_desc *f = sk_field_desc(id);
		struct job j;

		if (!f)
			continue;
		const char *arg = f->arg == SK_FA_NONE ? "" : "[1]";

		snprintf(s, sizeof(s), "%%%s%s,", f->name, arg);
		snprintf(want, sizeof(want), "<0:%s%s/0>','", f->name, arg);
		job_open_str(&j, s);
		struct sk_out_template *t = parse_output(&j);

		assert_non_null(t);
		print_template(t, got, sizeof(got));
		assert_string_equal(got, want);
		job_close(&j);
		snprintf(s, sizeof(s), "%s%s exists", f->name, arg);
		snprintf(want, sizeof(want), "<%s%s exists>", f->name, arg);
		expect_tree(s, want);
	}
}

static void
test_templates_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(template_cases); i++)
		damage(template_cases[i].text, true);
	char *s = repeat("%tolower(", "(", 200000, "");

	parse_copy(s, strlen(s), true);
	free(s);
	s = repeat("", "%proc.name", 20000, "");
	parse_copy(s, strlen(s), true);
	free(s);
}

static void
test_template_out_of_memory(void **state)
{
	bool succeeded = false;

	(void)state;
	for (size_t limit = 0; !succeeded; limit += 16) {
		struct job j;

		assert_true(limit < 100000);
		job_open_str(&j, "*a %proc.name %tolower(proc.exe) b");
		sk_arena_free(j.arena);
		j.p.arena = j.arena = sk_arena_new(limit);
		succeeded = parse_output(&j) != NULL;
		if (!succeeded)
			assert_int_equal(first_finding(&j)->code, SK_D_OUT_OF_MEMORY);
		job_close(&j);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_number_flag),
		cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_unmapped),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_xform_args),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_out_of_memory),
		cmocka_unit_test(test_print_deep),
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_template_spans),
		cmocka_unit_test(test_every_field),
		cmocka_unit_test(test_templates_hostile),
		cmocka_unit_test(test_template_out_of_memory),
	};

	return cmocka_run_group_tests_name("grammar", tests, NULL, NULL);
}
