#include "grammar/scan.h"

#include "grammar/report.h"
#include "grammar/string.h"
#include "grammar/words.h"

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\b';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_name_char(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

/* The byte at an offset of the text; NUL at the end. */
static char
byte_at(const struct sk_cond_cx *cx, uint32_t at)
{
	return at < cx->end ? cx->p->text->s.p[at] : '\0';
}

static struct sk_span
token_span(const struct sk_cond_cx *cx, struct sk_slice text)
{
	uint32_t beg = (uint32_t)(text.p - cx->p->text->s.p);

	return (struct sk_span){ beg, beg + cx->len };
}

/* Behind a field or a transformer's call: an argument directly follows, or else NEXT. */
static void
leave_operand(struct sk_cond_cx *cx, uint32_t end, enum sk_scan_at next)
{
	cx->at = next;
	if (byte_at(cx, end) == '[') {
		cx->after_bracket = next;
		cx->at = SK_AT_BRACKET;
	}
}

/* --- names and fields -------------------------------------------------------------------------------------------------- */
static void
warn_underscore(struct sk_cond_cx *cx, struct sk_slice text)
{
	sk_parse_report(cx->p, SK_D_OLD_SYNTAX, token_span(cx, text),
			"a name that begins with '_' is syntax of Falco 0.15; begin it with a letter");
}

int
sk_scan_name(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret)
{
	char next = byte_at(cx, cx->pos);

	ret->text = text;
	if (cx->at == SK_AT_TERM) {
		if (sk_slice_is(text, "not") && (is_blank(next) || next == '('))
			return SK_TOK_NOT;
		if (text.p[0] == '_')
			warn_underscore(cx, text);
		cx->at = SK_AT_JOIN;
	} else if (cx->at == SK_AT_JOIN) {
		cx->at = SK_AT_TERM;
		if (sk_slice_is(text, "and"))
			return SK_TOK_AND;
		if (sk_slice_is(text, "or"))
			return SK_TOK_OR;
	}
	return SK_TOK_MACRO;
}

int
sk_scan_field(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret)
{
	bool underscore = text.p[0] == '_';

	ret->text = text;
	for (size_t i = 1; i < text.n; i++)
		underscore |= text.p[i - 1] == '.' && text.p[i] == '_';
	if (underscore)
		warn_underscore(cx, text);
	leave_operand(cx, cx->pos, cx->at == SK_AT_TERM ? SK_AT_OP : cx->at);
	return SK_TOK_FIELD;
}

/* True if a call may stand here; elsewhere the same characters are a value or an error. */
static bool
calls_here(const struct sk_cond_cx *cx)
{
	return cx->at != SK_AT_ITEMS && cx->at != SK_AT_JOIN;
}

/* TEXT ends with the bracket. */
static int
open_bracket(struct sk_cond_cx *cx, uint32_t *depth, uint32_t max, uint32_t places[], struct sk_slice text)
{
	if (*depth < max) {
		places[(*depth)++] = (uint32_t)(text.p + text.n - 1 - cx->p->text->s.p);
		return SK_TOK_LPAREN;
	}
	sk_parse_report(cx->p, SK_D_COND_LIMIT, token_span(cx, text), "brackets nest deeper than %u levels", max);
	return SK_TOK_REPORTED;
}

/* A name before a bracket that is no transformer: a value, a connective, `not`. */
static int
call_name_only(struct sk_cond_cx *cx, struct sk_slice name, SK_CONDY_STYPE *ret)
{
	cx->len--;
	cx->pos--;
	if ((cx->at == SK_AT_TERM && !sk_slice_is(name, "not")) || cx->at == SK_AT_ARGS) {
		sk_scan_no_transformer(cx, token_span(cx, name));
		return SK_TOK_REPORTED;
	}
	if (cx->at == SK_AT_SCALAR || cx->at == SK_AT_LIST || cx->at == SK_AT_ITEMS)
		return sk_scan_value(cx, name, ret);
	return sk_scan_name(cx, name, ret);
}

int
sk_scan_call(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret)
{
	struct sk_slice name = sk_slice(text.p, text.n - 1);
	enum sk_xform xform = sk_word_xform_find(name);

	if (xform == SK_XF_NONE || !calls_here(cx))
		return call_name_only(cx, name, ret);
	if (!cx->call_depth)
		cx->after_call = cx->at == SK_AT_TERM ? SK_AT_OP : SK_AT_JOIN;
	cx->at = SK_AT_ARGS;
	ret->xform = xform;
	if (open_bracket(cx, &cx->call_depth, SK_MAX_XFORM_DEPTH, cx->call_open_at, text) == SK_TOK_REPORTED)
		return SK_TOK_REPORTED;
	return xform == SK_XF_VAL ? SK_TOK_VAL : SK_TOK_XFORM;
}

/* --- operators --------------------------------------------------------------------------------------------------------- */
static const enum sk_scan_at place_of[] = {
	[SK_RHS_NONE] = SK_AT_JOIN,
	[SK_RHS_NUMBER] = SK_AT_NUMBER,
	[SK_RHS_SCALAR] = SK_AT_SCALAR,
	[SK_RHS_LIST] = SK_AT_LIST,
};
static const int token_of[] = {
	[SK_RHS_NONE] = SK_TOK_EXISTS,
	[SK_RHS_NUMBER] = SK_TOK_CMP_NUMBER,
	[SK_RHS_SCALAR] = SK_TOK_CMP_SCALAR,
	[SK_RHS_LIST] = SK_TOK_CMP_LIST,
};

static int
give_operator(struct sk_cond_cx *cx, enum sk_cmp cmp, SK_CONDY_STYPE *ret)
{
	enum sk_cmp_rhs rhs = sk_word_cmp_rhs(cmp);

	ret->cmp = cmp;
	cx->at = place_of[rhs];
	return token_of[rhs];
}

/* Operators that Falco 0.15 had, and took without a blank behind them. */
static bool
was_glued(enum sk_cmp cmp)
{
	const uint32_t glued = 1u << SK_CMP_CONTAINS | 1u << SK_CMP_ICONTAINS | 1u << SK_CMP_GLOB | 1u << SK_CMP_STARTSWITH |
			       1u << SK_CMP_ENDSWITH;

	return glued >> cmp & 1;
}

int
sk_scan_symbol_operator(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret)
{
	size_t len;

	return give_operator(cx, sk_word_cmp_prefix(text, &len), ret);
}

static int
unknown_operator(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret)
{
	cx->len = (uint32_t)text.n;
	ret->text = text;
	return SK_TOK_WORD;
}

/* exists, in, intersects and pmatch end where they end, whatever follows ("in(a)", "inside", "existsand"); the others want a
 * blank. */
int
sk_scan_word_operator(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret)
{
	size_t len;
	enum sk_cmp cmp = sk_word_cmp_prefix(text, &len);

	if (cmp == SK_CMP_COUNT)
		return unknown_operator(cx, text, ret);
	if (len < text.n)
		cx->glued = token_span(cx, text);
	cx->len = (uint32_t)len;
	if (sk_word_cmp_rhs(cmp) != SK_RHS_SCALAR)
		return give_operator(cx, cmp, ret);
	uint32_t end = token_span(cx, text).end;

	if (end == cx->end || is_blank(byte_at(cx, end)))
		return give_operator(cx, cmp, ret);
	if (!was_glued(cmp)) {
		if (len < text.n)
			return unknown_operator(cx, text, ret);
		sk_parse_report(cx->p, cx->syntax_code, token_span(cx, text), "expected a blank behind '%s'", sk_word_cmp(cmp));
		return SK_TOK_REPORTED;
	}
	if (len < text.n || !strchr("(),=", byte_at(cx, end)))
		sk_parse_report(cx->p, SK_D_OLD_SYNTAX, token_span(cx, text),
				"'%s' without a blank behind it is syntax of Falco 0.15; write the blank", sk_word_cmp(cmp));
	return give_operator(cx, cmp, ret);
}

/* --- values ------------------------------------------------------------------------------------------------------------ */
static bool
is_list_name(struct sk_slice s)
{
	if (!s.n || !is_letter(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_name_char(s.p[i]))
			return false;
	return true;
}

static bool
is_connective(struct sk_slice s)
{
	return sk_slice_is(s, "and") || sk_slice_is(s, "or") || sk_slice_is(s, "not");
}

/* A modifier stands between blanks and before a list or the name of one; elsewhere the word is a value like any other. */
static enum sk_quant
quant_here(const struct sk_cond_cx *cx, struct sk_slice text)
{
	enum sk_quant quant = sk_word_quant_find(text);
	struct sk_span span = token_span(cx, text);
	uint32_t beg = span.end, end;

	if (quant == SK_QUANT_NONE || !span.beg || !is_blank(byte_at(cx, span.beg - 1)) || !is_blank(byte_at(cx, beg)))
		return SK_QUANT_NONE;
	while (is_blank(byte_at(cx, beg)))
		beg++;
	if (byte_at(cx, beg) == '(')
		return quant;
	for (end = beg; is_name_char(byte_at(cx, end));)
		end++;
	struct sk_slice next = sk_slice(cx->p->text->s.p + beg, end - beg);

	return is_list_name(next) && !is_connective(next) ? quant : SK_QUANT_NONE;
}

int
sk_scan_value(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret)
{
	enum sk_scan_at at = cx->at;

	ret->text = text;
	if (at == SK_AT_ITEMS)
		return SK_TOK_WORD;
	cx->at = SK_AT_JOIN;
	if (at == SK_AT_LIST)
		return is_list_name(text) ? SK_TOK_LISTNAME : SK_TOK_WORD;
	enum sk_quant quant = quant_here(cx, text);

	if (quant == SK_QUANT_NONE) {
		cx->value_end = cx->pos;
		return SK_TOK_WORD;
	}
	ret->quant = quant;
	cx->at = SK_AT_LIST;
	return SK_TOK_QUANT;
}

int
sk_scan_number(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret)
{
	const char *e = memchr(text.p, 'e', text.n);

	if (!e)
		e = memchr(text.p, 'E', text.n);
	ret->text = text;
	if (cx->at == SK_AT_NUMBER || cx->at == SK_AT_ARGS) {
		bool hex = text.n > 1 && (text.p[1] == 'x' || text.p[1] == 'X');

		if (e && !hex && e[1] != '+' && e[1] != '-')
			sk_parse_report(cx->p, SK_D_OLD_SYNTAX, token_span(cx, text),
					"an exponent without a sign is syntax of Falco 0.15; write '%.*s+%.*s'",
					(int)(e + 1 - text.p), text.p, (int)(text.p + text.n - e - 1), e + 1);
	}
	if (cx->at == SK_AT_NUMBER)
		cx->at = SK_AT_JOIN;
	return SK_TOK_NUMBER;
}

int
sk_scan_argument(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret)
{
	(void)cx;
	ret->text = text;
	return SK_TOK_ARGWORD;
}

int
sk_scan_string(struct sk_cond_cx *cx, struct sk_slice text, SK_CONDY_STYPE *ret)
{
	if (!sk_string_decode(cx->p, cx->syntax_code, token_span(cx, text), &ret->text))
		return SK_TOK_REPORTED;
	if (cx->at == SK_AT_SCALAR)
		cx->at = SK_AT_JOIN;
	return SK_TOK_STRING;
}

const char *
sk_scan_quote_hint(const struct sk_cond_cx *cx, uint32_t at)
{
	bool behind = cx->value_end && at == cx->value_end && byte_at(cx, at) != ')';

	return behind ? "; quote a value that holds brackets, commas, quotes or '='" : "";
}

int
sk_scan_unterminated(struct sk_cond_cx *cx, struct sk_slice text)
{
	struct sk_span quote = token_span(cx, text);

	quote.end = quote.beg + 1;
	sk_parse_report(cx->p, cx->syntax_code, quote, "the string that begins here has no closing %c%s", text.p[0],
			sk_scan_quote_hint(cx, quote.beg));
	return SK_TOK_REPORTED;
}

/* --- marks ------------------------------------------------------------------------------------------------------------- */
static int
scan_lparen(struct sk_cond_cx *cx)
{
	struct sk_slice text = sk_slice(cx->p->text->s.p + cx->pos - 1, 1);

	if (cx->at == SK_AT_TERM)
		return open_bracket(cx, &cx->depth, SK_MAX_COND_DEPTH, cx->open_at, text);
	if (cx->at == SK_AT_ARGS)
		return open_bracket(cx, &cx->call_depth, SK_MAX_XFORM_DEPTH, cx->call_open_at, text);
	if (cx->at == SK_AT_LIST) {
		cx->at = SK_AT_ITEMS;
		cx->list_open_at = cx->pos - 1;
	}
	return SK_TOK_LPAREN;
}

static int
scan_rparen(struct sk_cond_cx *cx)
{
	if (cx->at == SK_AT_ITEMS)
		cx->at = SK_AT_JOIN;
	else if (cx->at == SK_AT_ARGS && cx->call_depth)
		leave_operand(cx, cx->pos, --cx->call_depth ? SK_AT_ARGS : cx->after_call);
	else if (cx->at == SK_AT_JOIN && cx->depth)
		cx->depth--;
	return SK_TOK_RPAREN;
}

int
sk_scan_mark(struct sk_cond_cx *cx, char mark)
{
	switch (mark) {
	case '(':
		return scan_lparen(cx);
	case ')':
		return scan_rparen(cx);
	case '[':
		return cx->at == SK_AT_BRACKET ? SK_TOK_LBRACK : SK_TOK_JUNK;
	case ']':
		if (cx->at != SK_AT_BRACKET)
			return SK_TOK_JUNK;
		cx->at = cx->after_bracket;
		return SK_TOK_RBRACK;
	default:
		return SK_TOK_COMMA;
	}
}

/* --- errors ------------------------------------------------------------------------------------------------------------ */
int
sk_scan_junk(struct sk_cond_cx *cx, struct sk_slice text)
{
	if (text.p[0] != '\0')
		return SK_TOK_JUNK;
	sk_parse_report(cx->p, cx->syntax_code, token_span(cx, text), "a NUL byte cannot stand here");
	return SK_TOK_REPORTED;
}
