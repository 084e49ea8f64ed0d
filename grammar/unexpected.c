/* Syntax errors: which token is to blame, what was expected in its place, and what may have been meant. */
#include "grammar/report.h"
#include "grammar/scan.h"
#include "grammar/words.h"

#include "base/schema.h"
#include "base/suggest.h"

#include <strings.h>

static struct sk_slice
text_of(const struct sk_cond_cx *cx, struct sk_span span)
{
	return sk_slice(cx->p->text->s.p + span.beg, span.end - span.beg);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\b';
}

/* "and", "or" or "not" if S is that in any case; NULL otherwise. */
static const char *
connective(struct sk_slice s)
{
	static const char *const words[] = { "and", "or", "not" };

	for (size_t i = 0; i < SK_COUNTOF(words); i++)
		if (s.n == strlen(words[i]) && strncasecmp(s.p, words[i], s.n) == 0)
			return words[i];
	return NULL;
}

static bool
is_name(const struct sk_seen *t)
{
	return t->token == SK_TOK_MACRO;
}

static bool
is_bare_value(const struct sk_seen *t)
{
	return t->token == SK_TOK_LISTNAME || (t->token == SK_TOK_WORD && (t->at == SK_AT_SCALAR || t->at == SK_AT_LIST));
}

/* "'and', 'or' or the end of the condition" */
static struct sk_slice
join_names(struct sk_arena *a, const char *const names[], size_t n)
{
	struct sk_slice out = SK_SLICE("");

	for (size_t i = 0; i < n; i++) {
		const char *glue = i == 0 ? "" : i + 1 == n ? " or " : ", ";

		out = sk_arena_printf(a, "%.*s%s%s", SK_SLICE_ARG(out), glue, names[i]);
	}
	return out;
}

static bool
begins_operand(char c)
{
	return c == '(' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* --- an earlier token is to blame ------------------------------------------------------------------------------------------ */
/* The words of connectives are also names and values, so that what is missing beside one shows only one token later. */
static bool
blame_connective(struct sk_cond_cx *cx, const struct sk_seen *t, char next)
{
	const char *word = connective(text_of(cx, t->span));

	if (!word || (!is_name(t) && !(is_bare_value(t) && begins_operand(next))))
		return false;
	if (is_name(t) && sk_slice_is(SK_SLICE("not"), word))
		sk_parse_report(cx->p, cx->syntax_code, t->span, "unexpected %s; write 'not' in small letters",
				sk_parse_quote(cx->p, t->span));
	else
		sk_parse_report(cx->p, cx->syntax_code, t->span, "unexpected %s, expected %s", sk_parse_quote(cx->p, t->span),
				is_name(t)		? "a check or a macro"
				: t->at == SK_AT_LIST	? "a list"
							: "a value");
	return true;
}

/* "contains anyoff (" */
static bool
blame_modifier(struct sk_cond_cx *cx, const struct sk_seen *t, struct sk_span span)
{
	struct sk_slice word = text_of(cx, t->span), best;

	if (t->token != SK_TOK_WORD || t->at != SK_AT_SCALAR || !sk_slice_is(text_of(cx, span), "("))
		return false;
	best = sk_word_quant_nearest(word);
	if (!best.n)
		return false;
	if (sk_slice_eq(word, best))
		sk_parse_report(cx->p, cx->syntax_code, span, "unexpected '(', expected a blank behind '%.*s'", SK_SLICE_ARG(best));
	else
		sk_parse_report(cx->p, cx->syntax_code, t->span, "there is no modifier %s" SK_SUGGEST_FMT,
				sk_parse_quote(cx->p, t->span), SK_SUGGEST_ARG(best));
	return true;
}

/* "intersect (a)" was read as "in tersect" and "(a)". */
static bool
blame_operator(struct sk_cond_cx *cx, const struct sk_seen *t, struct sk_span span)
{
	struct sk_span whole = cx->glued;
	struct sk_slice best;

	if (!whole.end || span.beg < whole.beg || (span.beg >= whole.end && t->span.end != whole.end))
		return false;
	best = sk_word_cmp_nearest(text_of(cx, whole));
	if (!best.n)
		return false;
	sk_parse_report(cx->p, cx->syntax_code, whole, "there is no operator %s" SK_SUGGEST_FMT, sk_parse_quote(cx->p, whole),
			SK_SUGGEST_ARG(best));
	return true;
}

/* --- hints ----------------------------------------------------------------------------------------------------------------- */
/* "x not in (a)" */
static struct sk_slice
hint_not(struct sk_cond_cx *cx, struct sk_span span)
{
	struct sk_slice s = cx->p->text->s, field = text_of(cx, cx->before.span);
	uint32_t beg = span.end, end;

	while (beg < cx->end && is_blank(s.p[beg]))
		beg++;
	for (end = beg; end < cx->end && !is_blank(s.p[end]) && s.p[end] != '(';)
		end++;
	struct sk_slice op = sk_slice(s.p + beg, end - beg);

	if (cx->before.token != SK_TOK_FIELD || !sk_slice_eq(sk_word_cmp_nearest(op), op))
		return SK_SLICE("; 'not' stands before the whole test");
	return sk_arena_printf(cx->p->arena, "; write 'not %.*s %.*s ...'", SK_SLICE_ARG(field), SK_SLICE_ARG(op));
}

static struct sk_slice
hint_operator(struct sk_cond_cx *cx, struct sk_span span)
{
	struct sk_slice word = text_of(cx, span), best = sk_word_cmp_nearest(word);

	if (sk_slice_is(word, "not"))
		return hint_not(cx, span);
	return best.n ? sk_arena_printf(cx->p->arena, SK_SUGGEST_FMT, SK_SUGGEST_ARG(best)) : SK_SLICE("");
}

/* "x = (a, b)" */
static struct sk_slice
hint_several(struct sk_cond_cx *cx)
{
	struct sk_slice op = text_of(cx, cx->before.span);

	if (cx->before.token != SK_TOK_CMP_SCALAR)
		return SK_SLICE("");
	if (op.p[0] == '=')
		return SK_SLICE("; for several values write 'in (...)'");
	if (op.p[0] == '!')
		return SK_SLICE("; for several values write 'not' before the test and 'in (...)'");
	return sk_arena_printf(cx->p->arena, "; for several values write '%.*s anyof (...)'", SK_SLICE_ARG(op));
}

/* "proc_name = a": a name where a field was meant. */
static struct sk_slice
hint_field(struct sk_cond_cx *cx, struct sk_slice found)
{
	struct sk_suggest s = { .wanted = text_of(cx, cx->before.span) };
	size_t len;

	if (!is_name(&cx->before) || (sk_word_cmp_prefix(found, &len) == SK_CMP_COUNT && !strchr("=<>!", found.p[0])))
		return SK_SLICE("");
	for (uint32_t id = 1; id < SK_F_LIMIT; id++)
		if (sk_field_desc(id))
			sk_suggest_offer(&s, sk_slice_cstr(sk_field_desc(id)->name));
	return sk_arena_printf(cx->p->arena, "; %s is no field" SK_SUGGEST_FMT, sk_parse_quote(cx->p, cx->before.span),
			       SK_SUGGEST_ARG(s.best));
}

/* What is appended is joined to what was there with a blank. */
static bool
begins_part(const struct sk_text *t, uint32_t at)
{
	for (uint32_t i = 1; i < t->nparts; i++)
		if (t->parts[i].at == at)
			return t->s.p[at - 1] == ' ';
	return false;
}

static struct sk_slice
hint_join(struct sk_cond_cx *cx, struct sk_span span)
{
	struct sk_slice found = text_of(cx, span);
	const char *word = connective(found);

	if (word && !sk_slice_is(found, word) && !sk_slice_is(SK_SLICE("not"), word))
		return sk_arena_printf(cx->p->arena, "; write '%s' in small letters", word);
	if (found.p[0] == '&' || found.p[0] == '|')
		return found.p[0] == '&' ? SK_SLICE("; write 'and'") : SK_SLICE("; write 'or'");
	if (begins_part(cx->p->text, span.beg))
		return SK_SLICE("; what is appended to a condition begins with 'and' or 'or'");
	return hint_field(cx, found);
}

/* What to add about the token at SPAN, which is cx->last. */
static struct sk_slice
hint(struct sk_cond_cx *cx, struct sk_span span)
{
	struct sk_slice found = text_of(cx, span), before = text_of(cx, cx->before.span);

	if (found.p[0] == '#' || (before.n && before.p[0] == '#'))
		return SK_SLICE("; a comment cannot stand inside of a condition, write it above the key");
	switch (cx->last.at) {
	case SK_AT_TERM: return found.p[0] == '!' ? SK_SLICE("; write 'not'") : SK_SLICE("");
	case SK_AT_OP: return hint_operator(cx, span);
	case SK_AT_SCALAR: return found.p[0] == '(' ? hint_several(cx) : SK_SLICE("");
	case SK_AT_LIST: return found.p[0] == '[' ? SK_SLICE("; a list stands in round brackets: (a, b)") : SK_SLICE("");
	case SK_AT_JOIN: {
		const char *quote = sk_scan_quote_hint(cx, span.beg);

		return *quote ? sk_slice_cstr(quote) : hint_join(cx, span);
	}
	case SK_AT_NUMBER:
	case SK_AT_ARGS:
	case SK_AT_ITEMS:
	case SK_AT_BRACKET:
	case SK_AT_COUNT: break;
	}
	return SK_SLICE("");
}

/* --- brackets -------------------------------------------------------------------------------------------------------------- */
/* The innermost bracket that is open where the text ends, or where what is in it goes on like a condition. */
static bool
open_bracket(const struct sk_cond_cx *cx, bool at_end, struct sk_span *ret)
{
	size_t len;

	if (cx->at == SK_AT_ITEMS && (at_end || connective(text_of(cx, cx->last.span))))
		ret->beg = cx->list_open_at;
	else if (cx->call_depth && (at_end || sk_word_cmp_prefix(text_of(cx, cx->last.span), &len) != SK_CMP_COUNT))
		ret->beg = cx->call_open_at[cx->call_depth - 1];
	else if (at_end && cx->depth)
		ret->beg = cx->open_at[cx->depth - 1];
	else
		return false;
	ret->end = ret->beg + 1;
	return sk_text_maps(cx->p->text, *ret);
}

/* --- reports --------------------------------------------------------------------------------------------------------------- */
void
sk_scan_no_transformer(struct sk_cond_cx *cx, struct sk_span name)
{
	struct sk_slice best = sk_word_xform_nearest(text_of(cx, name));

	if (!blame_connective(cx, &(struct sk_seen){ SK_TOK_MACRO, cx->at, name }, '('))
		sk_parse_report(cx->p, cx->syntax_code, name, "there is no transformer %s" SK_SUGGEST_FMT,
				sk_parse_quote(cx->p, name), SK_SUGGEST_ARG(best));
}

void
sk_scan_unexpected(struct sk_cond_cx *cx, struct sk_span span, bool at_end, const char *const names[], size_t n)
{
	struct sk_slice expected = join_names(cx->p->arena, names, n), more = SK_SLICE("");
	struct sk_span bracket;

	if (at_end && (cx->last.token == SK_TOK_AND || cx->last.token == SK_TOK_OR) && blame_connective(cx, &cx->before, '\0'))
		return;
	if (!at_end) {
		char c = cx->p->text->s.p[span.beg];

		if (blame_connective(cx, &cx->before, c) || blame_modifier(cx, &cx->before, span) || blame_operator(cx, &cx->before, span))
			return;
		/* "&&" and "||" are two tokens to the scanner. */
		if ((c == '&' || c == '|') && span.end < cx->end && cx->p->text->s.p[span.end] == c)
			span.end++;
		more = hint(cx, span);
	}
	const char *found = at_end ? "end" : sk_parse_quote(cx->p, span);
	struct sk_diag *diag = sk_diag_add_text(cx->p->diags, cx->syntax_code, cx->p->text, span, "unexpected %s, expected %.*s%.*s", found,
						SK_SLICE_ARG(expected), SK_SLICE_ARG(more));

	if (open_bracket(cx, at_end, &bracket))
		sk_diag_note(cx->p->diags, diag, sk_text_loc(cx->p->text, bracket), "this bracket is not closed");
}
