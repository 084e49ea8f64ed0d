/* Conditions. A list of the forms for people is in README.md; the scanner decides what a word means in its place (condition.l).
 * Actions build the tree and do nothing else. */
%require "3.8"
%define api.pure full
%define api.prefix {sk_condy_}
%define api.token.prefix {SK_TOK_}
%define parse.error custom
%define parse.lac full
%locations
%define api.location.type {struct sk_span}
%expect 0
%param { void *scanner }
%parse-param { struct sk_cond_cx *cx }

%code requires {
#include "grammar/build.h"
}

%code {
#include "grammar/report.h"
#include "grammar/scan.h"

/* An empty rule stands at the end of what came before it. */
#define YYLLOC_DEFAULT(cur, rhs, n)                                                                                          \
	((cur).beg = (n) ? YYRHSLOC(rhs, 1).beg : YYRHSLOC(rhs, 0).end, (cur).end = YYRHSLOC(rhs, n).end)

/* A bracket level holds at most six symbols: "a or b and not (". Brackets are bounded by the scanner, so this is never reached by
 * nesting; bison reports it as exhausted memory if it is. */
#define YYMAXDEPTH (8 * SK_MAX_COND_DEPTH)

int sk_condy_lex(SK_CONDY_STYPE *value, struct sk_span *at, void *scanner);
static void yyerror(const struct sk_span *at, void *scanner, struct sk_cond_cx *cx, const char *message);

#define NO_ARG ((struct sk_arg){ 0 })
#define CHECK(...) ((struct sk_check){ __VA_ARGS__ })
}

%union {
	struct sk_slice text;
	enum sk_cmp cmp;
	enum sk_quant quant;
	enum sk_xform xform;
	uint32_t count;
	struct sk_cond *cond;
	struct sk_cond_seq *seq;
	struct sk_opnd *opnd;
	struct sk_opnd_seq *items;
	struct sk_arg arg;
}

%token END 0 "the end"
%token BEGIN_COND BEGIN_OPND
%token AND "'and'" OR "'or'" NOT "'not'" LPAREN "'('" RPAREN "')'" COMMA "','" LBRACK "'['" RBRACK "']'"
%token <text> MACRO "a macro" FIELD "a field" WORD "a value" STRING "a quoted string" NUMBER "a number"
%token <text> LISTNAME "the name of a list" ARGWORD "an argument"
%token <cmp> EXISTS "an operator" CMP_NUMBER "an operator " CMP_SCALAR "an operator  " CMP_LIST "an operator   "
%token <quant> QUANT "a modifier"
%token <xform> XFORM "a transformer" VAL "val(field)"
%token JUNK "something else"

%type <seq> disjunction conjunction
%type <cond> unary primary check
%type <count> nots
%type <opnd> operand field xform number_value scalar_value list_value list_or_name right_call list item xform_arg xform_elem
%type <items> open_items closed_items xform_args xform_list
%type <arg> argument arg_text

%%

input
	: BEGIN_COND disjunction { sk_ast_result(cx, sk_ast_join(cx, SK_COND_OR, @2, $2), NULL); }
	| BEGIN_OPND operand { sk_ast_result(cx, NULL, $2); }
	;

disjunction
	: conjunction { $$ = sk_ast_seq(cx, sk_ast_join(cx, SK_COND_AND, @1, $1)); }
	| disjunction OR conjunction { $$ = sk_ast_seq_or(cx, $1, @2, $3, @3); }
	;

conjunction
	: unary { $$ = sk_ast_seq(cx, $1); }
	| conjunction AND unary { $$ = sk_ast_seq_add(cx, $1, $3); }
	;

unary
	: primary
	| nots primary { $$ = sk_ast_not(cx, @$, $1, $2); }
	;

nots
	: NOT { $$ = 1; }
	| nots NOT { $$ = $1 + 1; }
	;

primary
	: LPAREN disjunction RPAREN { $$ = sk_ast_join(cx, SK_COND_OR, @2, $2); }
	| MACRO { $$ = sk_ast_macro(cx, @1, $1); }
	| check
	;

check
	: operand EXISTS { $$ = sk_ast_check(cx, @$, CHECK($1, $2, @2, SK_QUANT_NONE, NULL)); }
	| operand CMP_NUMBER number_value { $$ = sk_ast_check(cx, @$, CHECK($1, $2, @2, SK_QUANT_NONE, $3)); }
	| operand CMP_SCALAR scalar_value { $$ = sk_ast_check(cx, @$, CHECK($1, $2, @2, SK_QUANT_NONE, $3)); }
	| operand CMP_SCALAR QUANT list_or_name { $$ = sk_ast_check(cx, @$, CHECK($1, $2, @2, $3, $4)); }
	| operand CMP_LIST list_value { $$ = sk_ast_check(cx, @$, CHECK($1, $2, @2, SK_QUANT_NONE, $3)); }
	;

number_value
	: NUMBER { $$ = sk_ast_number(cx, @1, $1); }
	| right_call
	;

scalar_value
	: WORD { $$ = sk_ast_literal(cx, @1, $1); }
	| STRING { $$ = sk_ast_quoted(cx, @1, $1); }
	| right_call
	;

list_value
	: list_or_name
	| right_call
	;

list_or_name
	: list
	| LISTNAME { $$ = sk_ast_literal(cx, @1, $1); }
	;

right_call
	: xform
	| VAL field RPAREN { $$ = sk_ast_xform(cx, @$, $1, sk_ast_items_add(cx, sk_ast_items(cx), $2), NO_ARG); }
	;

list
	: LPAREN open_items RPAREN { $$ = sk_ast_list(cx, @$, $2); }
	| LPAREN closed_items RPAREN { $$ = sk_ast_list(cx, @$, $2); }
	;

/* Commas too many are noted, not refused. open: an element may follow; closed: a comma must come first. */
open_items
	: %empty { $$ = sk_ast_items(cx); }
	| open_items COMMA { $$ = sk_ast_items_comma($1, @2); }
	| closed_items COMMA { $$ = sk_ast_items_comma($1, @2); }
	;

closed_items
	: open_items item { $$ = sk_ast_items_add(cx, $1, $2); }
	;

item
	: WORD { $$ = sk_ast_literal(cx, @1, $1); }
	| STRING { $$ = sk_ast_quoted(cx, @1, $1); }
	;

operand
	: field
	| xform
	;

field
	: FIELD argument { $$ = sk_ast_field(cx, @$, $1, $2); }
	;

argument
	: %empty { $$ = NO_ARG; }
	| LBRACK arg_text RBRACK { $$ = $2; }
	;

arg_text
	: ARGWORD { $$ = (struct sk_arg){ true, $1, @1 }; }
	| STRING { $$ = (struct sk_arg){ true, $1, @1 }; }
	;

xform
	: XFORM xform_args RPAREN argument { $$ = sk_ast_xform(cx, @$, $1, $2, $4); }
	;

xform_args
	: xform_arg { $$ = sk_ast_items_add(cx, sk_ast_items(cx), $1); }
	| xform_args COMMA xform_arg { $$ = sk_ast_items_add(cx, $1, $3); }
	;

xform_arg
	: xform_elem
	| LPAREN xform_list RPAREN { $$ = sk_ast_list(cx, @$, $2); }
	;

xform_list
	: xform_elem { $$ = sk_ast_items_add(cx, sk_ast_items(cx), $1); }
	| xform_list COMMA xform_elem { $$ = sk_ast_items_add(cx, $1, $3); }
	;

xform_elem
	: NUMBER { $$ = sk_ast_number(cx, @1, $1); }
	| STRING { $$ = sk_ast_quoted(cx, @1, $1); }
	| field
	| xform
	;

%%

static const char *
expected_name(yysymbol_kind_t kind)
{
	switch ((int)kind) {
	case YYSYMBOL_EXISTS:
	case YYSYMBOL_CMP_NUMBER:
	case YYSYMBOL_CMP_SCALAR:
	case YYSYMBOL_CMP_LIST:
		return "an operator such as '=', 'contains', 'in' or 'exists'";
	default:
		return yysymbol_name(kind);
	}
}

/* Symbols with the same name are named once; the end comes last. An opening [ is only possible directly behind a field,
 * and there it is never missing by accident. */
static size_t
expected_names(const yypcontext_t *ctx, const char *names[])
{
	yysymbol_kind_t kinds[YYNTOKENS];
	int n = yypcontext_expected_tokens(ctx, kinds, YYNTOKENS);
	bool end = false;
	size_t count = 0;

	for (int i = 0; i < n; i++) {
		const char *name = expected_name(kinds[i]);

		if (kinds[i] == YYSYMBOL_YYEOF)
			end = true;
		else if (kinds[i] != YYSYMBOL_LBRACK && (!count || strcmp(names[count - 1], name) != 0))
			names[count++] = name;
	}
	if (end)
		names[count++] = expected_name(YYSYMBOL_YYEOF);
	return count;
}

static int
yyreport_syntax_error(const yypcontext_t *ctx, void *scanner, struct sk_cond_cx *cx)
{
	const char *names[YYNTOKENS];
	size_t n = expected_names(ctx, names);

	(void)scanner;
	sk_scan_unexpected(cx, *yypcontext_location(ctx), yypcontext_token(ctx) == YYSYMBOL_YYEOF, names, n);
	return 0;
}

/* Called for everything that is no syntax error: the parser's stack. */
static void
yyerror(const struct sk_span *at, void *scanner, struct sk_cond_cx *cx, const char *message)
{
	(void)scanner;
	sk_parse_report(cx->p, SK_D_COND_LIMIT, *at, "the condition cannot be parsed: %s", message);
}
