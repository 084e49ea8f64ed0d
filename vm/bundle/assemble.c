/* From the text form to an image. Statements are taken kind by kind, so that they may stand in any order. */
#include "vm/bundle/asm.h"

#include <errno.h>

struct keyword {
	const char *word;
	size_t (*parse)(struct sk_asm *as, size_t i);
};

/* In an order in which each kind only uses what stands above it. No line inside of a statement begins with one of these words. */
static const struct keyword keywords[] = {
    {"const", sk_asm_define_value}, {"value", sk_asm_define_value},   {"set", sk_asm_define_set},    {"trie", sk_asm_define_trie},
    {"multi", sk_asm_define_multi}, {"select", sk_asm_define_select}, {"input", sk_asm_input},       {"output", sk_asm_output},
    {"rule", sk_asm_rule},          {"program", sk_asm_program},      {"interest", sk_asm_interest},
};

static struct sk_slice
trim(struct sk_slice s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

/* The line up to its comment: a semicolon outside of quotes. */
static struct sk_slice
without_comment(struct sk_slice line)
{
	bool quoted = false;

	for (size_t i = 0; i < line.n; i++) {
		if (quoted && line.p[i] == '\\')
			i++;
		else if (line.p[i] == '"')
			quoted = !quoted;
		else if (!quoted && line.p[i] == ';')
			return sk_slice(line.p, i);
	}
	return line;
}

static void
split_lines(struct sk_asm *as, struct sk_slice text)
{
	uint32_t number = 0;

	while (text.n) {
		const char *nl = memchr(text.p, '\n', text.n);
		size_t n = nl ? (size_t)(nl - text.p) : text.n;
		struct sk_slice line = trim(without_comment(sk_slice(text.p, n)));

		number++;
		if (line.n)
			SK_PUT(as->b, &as->lines, (struct sk_asm_line){line, number});
		n += nl != NULL;
		text = sk_slice(text.p + n, text.n - n);
	}
}

static const struct keyword *
keyword_of(const struct sk_asm *as, size_t i)
{
	struct sk_slice line = as->lines.v[i].text;
	size_t n = 0;

	while (n < line.n && line.p[n] != ' ' && line.p[n] != '\t')
		n++;
	for (size_t k = 0; k < SK_COUNTOF(keywords); k++)
		if (sk_slice_is(sk_slice(line.p, n), keywords[k].word))
			return &keywords[k];
	return NULL;
}

bool
sk_asm_begins(const struct sk_asm *as, size_t i)
{
	return i >= as->lines.n || keyword_of(as, i) != NULL;
}

/* All statements of one kind. */
static bool
take(struct sk_asm *as, const struct keyword *k)
{
	for (size_t i = 0; i < as->lines.n;) {
		if (keyword_of(as, i) != k) {
			i++;
			continue;
		}
		size_t next = k->parse(as, i);
		if (next == 0)
			return false;
		i = next;
	}
	return true;
}

static bool
assemble(struct sk_asm *as, struct sk_slice text)
{
	split_lines(as, text);
	if (as->b->nomem)
		return false;
	if (as->lines.n && !keyword_of(as, 0)) {
		struct sk_asm_cursor c = sk_asm_cursor(as, 0);

		return sk_asm_fail(&c, "expected a statement");
	}
	for (size_t k = 0; k < SK_COUNTOF(keywords); k++) {
		/* Rules need an input to come from. */
		if (keywords[k].parse == sk_asm_rule && as->ninputs == 0)
			(void)sk_builder_input(as->b, SK_SLICE("asm"), SK_SLICE(""));
		if (!take(as, &keywords[k]))
			return false;
	}
	return true;
}

bool
sk_bundle_assemble(struct sk_slice text, struct sk_buf *ret, struct sk_reject *reterr)
{
	struct sk_asm as = {.b = sk_builder_new(), .err = reterr};

	*reterr = (struct sk_reject){0};
	bool ok = as.b && assemble(&as, text);
	if (ok) {
		int r = sk_builder_finish(as.b, ret);

		ok = r == 0;
		if (r == -E2BIG)
			(void)snprintf(reterr->text, sizeof(reterr->text), "the bundle is too large");
	}
	if (!ok && !reterr->text[0])
		(void)snprintf(reterr->text, sizeof(reterr->text), "out of memory");
	for (size_t i = 0; i < SK_COUNTOF(as.names); i++)
		sk_vec_free(&as.names[i].ids);
	sk_vec_free(&as.lines);
	sk_builder_free(as.b);
	return ok;
}
