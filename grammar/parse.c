/* Entry points of the condition parser. */
#include "grammar/report.h"
#include "grammar/scan.h"

/* Parse bytes [cx->pos, cx->end) of the text; false after an error, reported. */
static bool
run(struct sk_cond_cx *cx)
{
	const struct sk_parse *p = cx->p;
	size_t n = cx->end - cx->pos, errors = sk_diags_errors(p->diags);
	char *copy = sk_arena_alloc(p->arena, n + 2);
	bool ok = false;

	cx->last_end = cx->pos;
	if (copy) {
		if (n)
			memcpy(copy, p->text->s.p + cx->pos, n);
		ok = sk_condy_run(cx, copy, n) == 0;
	}
	if (sk_arena_failed(p->arena)) {
		sk_diag_add(p->diags, SK_D_OUT_OF_MEMORY, sk_text_loc(p->text, p->text->whole), "out of memory");
		return false;
	}
	/* An action may have reported a limit and gone on. */
	return ok && sk_diags_errors(p->diags) == errors;
}

static uint32_t
skip_blanks(struct sk_slice s, uint32_t i)
{
	while (i < s.n && (s.p[i] == ' ' || (s.p[i] >= '\t' && s.p[i] <= '\r') || s.p[i] == '\b'))
		i++;
	return i;
}

/* Falco 0.15 let a condition begin with a comment. Returns where the condition begins. */
static uint32_t
skip_comments(const struct sk_parse *p)
{
	struct sk_slice s = p->text->s;
	uint32_t i = skip_blanks(s, 0);
	bool warned = false;

	while (i < s.n && s.p[i] == '#') {
		uint32_t beg = i;

		while (i < s.n && s.p[i] != '\n')
			i++;
		if (!warned)
			sk_parse_report(p, SK_D_OLD_SYNTAX, (struct sk_span){ beg, i },
					"a comment in a condition is syntax of Falco 0.15; write a YAML comment outside of it");
		warned = true;
		i = skip_blanks(s, i);
	}
	return i;
}

struct sk_cond *
sk_cond_parse(const struct sk_parse *p)
{
	if (p->text->s.n > SK_MAX_CONDITION) {
		sk_parse_report(p, SK_D_COND_LIMIT, (struct sk_span){ 0, 1 }, "the condition is longer than %u bytes",
				SK_MAX_CONDITION);
		return NULL;
	}
	uint32_t end = (uint32_t)p->text->s.n, beg = skip_comments(p);

	if (beg == end) {
		sk_parse_report(p, SK_D_COND_SYNTAX, (struct sk_span){ 0, end }, "the condition is empty");
		return NULL;
	}
	struct sk_cond_cx cx = { .p = p, .syntax_code = SK_D_COND_SYNTAX, .start = SK_TOK_BEGIN_COND, .pos = beg, .end = end };

	return run(&cx) ? cx.cond : NULL;
}

struct sk_opnd *
sk_opnd_parse(const struct sk_parse *p, struct sk_span span, enum sk_diag_code code)
{
	struct sk_cond_cx cx = { .p = p, .syntax_code = code, .start = SK_TOK_BEGIN_OPND, .pos = span.beg, .end = span.end };

	return run(&cx) ? cx.opnd : NULL;
}
