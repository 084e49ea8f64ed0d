/* Output templates. By hand and not by bison: where a token ends is decided by the table of fields ("%proc.names" is
 * proc.name and an "s"), and all text between tokens is literal. Once its end is known, a token is parsed by the grammar
 * of conditions. */
#include "base/schema.h"
#include "base/suggest.h"
#include "base/vec.h"
#include "grammar/build.h"
#include "grammar/report.h"
#include "grammar/words.h"

#include <saker/limits.h>

struct out_cx {
	const struct sk_parse *p;
	struct sk_slice s;
	SK_VEC(struct sk_out_piece) pieces;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* End of the name (letters, digits, underscores; with DOTS also dots) that begins at I. */
static uint32_t
name_end(struct sk_slice s, uint32_t i, bool dots)
{
	if (i < s.n && !is_letter(s.p[i]))
		return i;
	while (i < s.n && (is_letter(s.p[i]) || is_digit(s.p[i]) || (dots && s.p[i] == '.')))
		i++;
	return i;
}

/* End of the quoted string that begins at I; the end of the text if it is not closed. */
static uint32_t
string_end(struct sk_slice s, uint32_t i)
{
	char quote = s.p[i++];

	while (i < s.n && s.p[i] != quote)
		i += s.p[i] == '\\' ? 2 : 1;
	return i < s.n ? i + 1 : (uint32_t)s.n;
}

/* End of the [argument] that begins at I; I if there is none that is well-formed. */
static uint32_t
bracket_end(struct sk_slice s, uint32_t i)
{
	uint32_t end = i + 1;

	if (i >= s.n || s.p[i] != '[')
		return i;
	if (end < s.n && (s.p[end] == '"' || s.p[end] == '\''))
		end = string_end(s, end);
	else
		while (end < s.n && s.p[end] && !strchr("[]\"' \t\r\n\v\f", s.p[end]))
			end++;
	return end > i + 1 && end < s.n && s.p[end] == ']' ? end + 1 : i;
}

/* End of a field's argument, if one follows at I: "[...]", or a dot and a name ("evt.arg.flags") where the field
 * cannot do without. */
static uint32_t
argument_end(struct sk_slice s, uint32_t i, const struct sk_field_desc *f)
{
	if (f->arg == SK_FA_NONE || i >= s.n)
		return i;
	if (s.p[i] == '[')
		return bracket_end(s, i);
	bool dotted = s.p[i] == '.' && f->arg == SK_FA_REQ;
	uint32_t end = dotted ? name_end(s, i + 1, false) : i;

	return end > i + 1 ? end : i;
}

/* End of the call whose opening bracket stands at I, with its [argument]; 0 if it is not closed. */
static uint32_t
call_end(struct sk_slice s, uint32_t i, enum sk_xform xform)
{
	uint32_t depth = 0;

	while (i < s.n) {
		char c = s.p[i];

		if (c == '"' || c == '\'') {
			i = string_end(s, i);
			continue;
		}
		i++;
		depth += c == '(';
		if (c == ')' && --depth == 0)
			return sk_word_xform_takes_arg(xform) ? bracket_end(s, i) : i;
	}
	return 0;
}

static struct sk_slice
nearest(struct sk_slice name, bool call)
{
	struct sk_suggest s = { .wanted = name };

	if (call)
		return sk_word_xform_nearest(name);
	for (uint32_t id = 1; id < SK_F_LIMIT; id++)
		if (sk_field_desc(id))
			sk_suggest_offer(&s, sk_slice_cstr(sk_field_desc(id)->name));
	return s.best;
}

static uint32_t
unknown_token(const struct out_cx *cx, uint32_t beg, bool call)
{
	uint32_t end = name_end(cx->s, beg, !call);
	struct sk_slice best = nearest(sk_slice(cx->s.p + beg, end - beg), call);

	if (end == beg)
		sk_parse_report(cx->p, SK_D_OUTPUT_SYNTAX, (struct sk_span){ beg - 1, beg },
				"'%%' must be followed by a field or a transformer");
	else
		sk_parse_report(cx->p, SK_D_OUTPUT_FIELD, (struct sk_span){ beg, end }, "no %s begins %s" SK_SUGGEST_FMT,
				call ? "field or transformer" : "field", sk_parse_quote(cx->p, (struct sk_span){ beg, end }),
				SK_SUGGEST_ARG(best));
	return 0;
}

/* End of the field or call that begins at BEG; 0 after an error, reported. */
static uint32_t
token_end(const struct out_cx *cx, uint32_t beg)
{
	struct sk_slice s = cx->s;
	uint32_t word = name_end(s, beg, false);
	bool call = word < s.n && s.p[word] == '(';
	enum sk_xform xform = call ? sk_word_xform_find(sk_slice(s.p + beg, word - beg)) : SK_XF_NONE;

	if (xform != SK_XF_NONE && xform != SK_XF_VAL) {
		uint32_t end = call_end(s, word, xform);

		if (!end)
			sk_parse_report(cx->p, SK_D_OUTPUT_SYNTAX, (struct sk_span){ word, word + 1 },
					"this bracket is not closed");
		return end;
	}
	const struct sk_field_desc *f = sk_field_prefix(sk_slice(s.p + beg, s.n - beg));

	return f ? argument_end(s, beg + f->name_len, f) : unknown_token(cx, beg, call);
}

/* The digits at *I as a width; false if it is beyond any use. */
static bool
parse_width(const struct out_cx *cx, uint32_t *i, uint32_t *ret_width)
{
	uint32_t beg = *i, width = 0;

	for (; *i < cx->s.n && is_digit(cx->s.p[*i]); ++*i)
		if (width <= SK_MAX_ALERT)
			width = width * 10 + (uint32_t)(cx->s.p[*i] - '0');
	*ret_width = width;
	if (width <= SK_MAX_ALERT)
		return true;
	sk_parse_report(cx->p, SK_D_OUTPUT_SYNTAX, (struct sk_span){ beg, *i }, "a width is at most %u", SK_MAX_ALERT);
	return false;
}

static bool
add_piece(struct out_cx *cx, struct sk_out_piece piece)
{
	return sk_vec_push_arena(&cx->pieces, cx->p->arena, piece);
}

/* The token whose % stands at *I; *I moves behind it, or after an error to where the next may begin. */
static bool
parse_token(struct out_cx *cx, uint32_t *i)
{
	struct sk_out_piece piece = { .span = { *i, 0 }, .is_field = true };
	uint32_t beg = *i + 1, end;
	bool width = parse_width(cx, &beg, &piece.width);

	if (width && beg == cx->s.n) {
		sk_parse_report(cx->p, SK_D_OUTPUT_SYNTAX, (struct sk_span){ *i, beg }, "an output cannot end with %s",
				piece.width ? "a width" : "'%'");
		*i = beg;
		return false;
	}
	end = token_end(cx, beg);
	*i = end ? end : name_end(cx->s, beg, true);
	if (!end || !width)
		return false;
	piece.span.end = end;
	piece.field = sk_opnd_parse(cx->p, (struct sk_span){ beg, *i }, SK_D_OUTPUT_SYNTAX);
	return piece.field && add_piece(cx, piece);
}

static bool
parse_literal(struct out_cx *cx, uint32_t *i)
{
	const char *beg = cx->s.p + *i, *percent = memchr(beg, '%', cx->s.n - *i);
	size_t n = percent ? (size_t)(percent - beg) : cx->s.n - *i;
	struct sk_out_piece piece = { .span = { *i, *i + (uint32_t)n }, .literal = sk_slice(beg, n) };

	*i += (uint32_t)n;
	return add_piece(cx, piece);
}

static struct sk_out_template *
finish(const struct out_cx *cx, bool keep_missing)
{
	struct sk_out_template *t = SK_NEW(cx->p->arena, struct sk_out_template);

	if (t) {
		t->keep_missing = keep_missing;
		t->pieces = cx->pieces.v;
		t->npieces = (uint32_t)cx->pieces.n;
	}
	return t;
}

struct sk_out_template *
sk_output_parse(const struct sk_parse *p)
{
	/* Once replaced by what the command line asked for, today by nothing. */
	static const struct sk_slice container_info = { SK_CONTAINER_INFO, sizeof(SK_CONTAINER_INFO) - 1 };
	struct out_cx cx = { .p = p, .s = p->text->s };
	bool keep_missing = cx.s.n && cx.s.p[0] == '*', ok = true;
	uint32_t i = keep_missing;
	size_t errors = sk_diags_errors(p->diags);

	if (!cx.s.n) {
		sk_parse_report(p, SK_D_OUTPUT_SYNTAX, (struct sk_span){ 0, 0 }, "the output is empty");
		return NULL;
	}
	while (i < cx.s.n) {
		if (sk_slice_starts(sk_slice(cx.s.p + i, cx.s.n - i), container_info))
			i += (uint32_t)container_info.n;
		else
			ok = (cx.s.p[i] == '%' ? parse_token(&cx, &i) : parse_literal(&cx, &i)) && ok;
	}
	struct sk_out_template *t = ok ? finish(&cx, keep_missing) : NULL;

	if (!t && sk_diags_errors(p->diags) == errors)
		sk_diag_add(p->diags, SK_D_OUT_OF_MEMORY, sk_text_loc(p->text, p->text->whole), "out of memory");
	return t;
}
