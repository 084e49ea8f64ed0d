/* Texts that a field of a closed set of texts never shows: names of flags, signals and errors in parameters, kinds of descriptors, protocols, capabilities. */
#include "compiler/lint/field_values.h"
#include "compiler/lint/lint_internal.h"
#include "compiler/lint/symbols.h"

#include <strings.h>

/* Lists of values that are longer are not printed: with a better idea, and without. */
#define VALUES_SHOWN 8u
#define VALUES_MOST 24u

struct asked {
	struct sk_lint *l;
	struct sk_lint_rule *r;
	const struct sk_cond *c;
	const struct sk_irv *field;
	const struct sk_opnd *o;
	enum sk_symbol_match match;
	bool pattern; /* the text is a glob's */
};

#define report(k, ...)                                                                                                       \
	(void)sk_lint_report((k)->l, SK_D_UNKNOWN_SYMBOL, &(k)->r->rule->cond_item, sk_opnd_loc((k)->c, (k)->o), (k)->c,     \
			     __VA_ARGS__)

static struct sk_slice
field_text(const struct asked *k)
{
	return sk_slice(k->c->text->s.p + k->c->lhs->span.beg, k->c->lhs->span.end - k->c->lhs->span.beg);
}

/* False for operators that nothing is known of here. */
static bool
read_operator(struct asked *k)
{
	switch (k->c->cmp) {
	case SK_CMP_EQ:
	case SK_CMP_NE:
	case SK_CMP_IN:
	case SK_CMP_INTERSECTS: k->match = SK_SYMBOL_WHOLE; return true;
	case SK_CMP_CONTAINS:
	case SK_CMP_STARTSWITH:
	case SK_CMP_ENDSWITH: k->match = SK_SYMBOL_PART; return true;
	case SK_CMP_ICONTAINS: k->match = SK_SYMBOL_PART_ANY_CASE; return true;
	case SK_CMP_GLOB:
	case SK_CMP_IGLOB:
		k->match = k->c->cmp == SK_CMP_GLOB ? SK_SYMBOL_PART : SK_SYMBOL_PART_ANY_CASE;
		k->pattern = true;
		return true;
	case SK_CMP_EXISTS:
	case SK_CMP_LT:
	case SK_CMP_LE:
	case SK_CMP_GT:
	case SK_CMP_GE:
	case SK_CMP_BCONTAINS:
	case SK_CMP_BSTARTSWITH:
	case SK_CMP_REGEX:
	case SK_CMP_PMATCH:
	case SK_CMP_COUNT: break;
	}
	return false;
}

/* The next piece of a glob that stands for itself. What follows a bracket or a backslash is not looked at. */
static bool
next_fixed(const struct asked *k, struct sk_slice *rest, struct sk_slice *ret)
{
	size_t n = 0;

	*ret = *rest;
	if (!rest->n)
		return false;
	if (!k->pattern) {
		*rest = sk_slice(rest->p + rest->n, 0);
		return true;
	}
	while (rest->n && (rest->p[0] == '*' || rest->p[0] == '?'))
		*rest = sk_slice(rest->p + 1, rest->n - 1);
	while (n < rest->n && !memchr("*?[\\", rest->p[n], 4))
		n++;
	bool unclear = n < rest->n && (rest->p[n] == '[' || rest->p[n] == '\\');
	*ret = sk_slice(rest->p, n);
	*rest = sk_slice(rest->p + n, unclear ? 0 : rest->n - n);
	return n != 0;
}

/* --- parameters ------------------------------------------------------------------------------------------------------------ */
static void
say_symbol(const struct asked *k, const struct sk_symbols *s, struct sk_slice text, const struct sk_symbol_fault *f)
{
	struct sk_slice field = field_text(k);

	if (f->word.n && s->numbers && !s->n && !s->signals && !s->errors)
		report(k, "%.*s is shown as a number here, not with names", SK_SLICE_ARG(field));
	else if (s->errors && sk_slice_is(f->word, "SUCCESS"))
		report(k, "%.*s shows no SUCCESS: it is 0 or more where the call succeeded; use evt.res", SK_SLICE_ARG(field));
	else if (f->word.n)
		report(k, "no value of %.*s has the name '%.*s'" SK_SUGGEST_FMT, SK_SLICE_ARG(field), SK_SLICE_ARG(f->word),
		       SK_SUGGEST_ARG(sk_symbols_near(s, f->word)));
	else if (f->shown.n)
		report(k, "%.*s never shows '%.*s': the value is shown as '%.*s'", SK_SLICE_ARG(field), SK_SLICE_ARG(text),
		       SK_SLICE_ARG(f->shown));
	else
		report(k, "no value of %.*s has all of these names", SK_SLICE_ARG(field));
}

static void
check_symbol(const struct asked *k)
{
	struct sk_slice rest = k->o->text, text;
	struct sk_symbol_fault fault;
	struct sk_symbols s;

	if (!k->r->typed || !sk_symbols_of(&s, k->field, &k->r->types))
		return;
	while (next_fixed(k, &rest, &text))
		if (!sk_symbols_have(k->l->cx->arena, &s, text, k->match, &fault)) {
			say_symbol(k, &s, text, &fault);
			return;
		}
}

/* --- fields that have few values ------------------------------------------------------------------------------------------- */
static bool
has_part(struct sk_slice value, struct sk_slice part, bool any_case)
{
	for (size_t i = 0; i + part.n <= value.n; i++)
		if ((any_case ? strncasecmp(value.p + i, part.p, part.n) : memcmp(value.p + i, part.p, part.n)) == 0)
			return true;
	return false;
}

static bool
may_meet(const struct asked *k, struct sk_slice value, struct sk_slice text)
{
	bool words = sk_field_is_words((enum sk_field_id)k->field->field->id);
	struct sk_slice rest = text, part;

	if (k->match == SK_SYMBOL_WHOLE)
		return sk_slice_eq(value, text);
	if (k->c->cmp == SK_CMP_STARTSWITH && !words)
		return sk_slice_starts(value, text);
	if (k->c->cmp == SK_CMP_ENDSWITH && !words)
		return sk_slice_ends(value, text);
	while (next_fixed(k, &rest, &part))
		if (!has_part(value, part, k->match == SK_SYMBOL_PART_ANY_CASE))
			return false;
	return true;
}

static bool
some_meets(const struct asked *k, const char *const *values, struct sk_slice text)
{
	for (; *values; values++)
		if (may_meet(k, sk_slice_cstr(*values), text))
			return true;
	return false;
}

/* Every word of a text that is of words, though a glob's words may stand for anything. */
static struct sk_slice
wrong_word(const struct asked *k, const char *const *values)
{
	struct sk_slice rest = k->o->text;

	if (!sk_field_is_words((enum sk_field_id)k->field->field->id))
		return some_meets(k, values, rest) ? sk_slice(NULL, 0) : rest;
	while (rest.n) {
		const char *blank = memchr(rest.p, ' ', rest.n);
		struct sk_slice word = sk_slice(rest.p, blank ? (size_t)(blank - rest.p) : rest.n), fixed, pattern = word;

		rest = blank ? sk_slice(blank + 1, rest.n - word.n - 1) : sk_slice(NULL, 0);
		while (next_fixed(k, &pattern, &fixed))
			if (!some_meets(k, values, fixed))
				return fixed;
	}
	return sk_slice(NULL, 0);
}

static struct sk_slice
near_value(const char *const *values, struct sk_slice word)
{
	struct sk_suggest s = { .wanted = word };

	for (const char *const *v = values; *v; v++)
		if (strlen(*v) == word.n && strncasecmp(*v, word.p, word.n) == 0)
			return sk_slice_cstr(*v);
	for (; *values; values++)
		sk_suggest_offer(&s, sk_slice_cstr(*values));
	return s.best;
}

/* ": it is a, b or c" without those that occur twice; empty if there are more than MOST. */
static struct sk_slice
list_values(const struct asked *k, const char *const *values, uint32_t most)
{
	const char *some[VALUES_MOST];
	struct sk_slice all = SK_SLICE("");
	uint32_t n = 0, i;

	for (; *values; values++) {
		for (i = 0; i < n && strcmp(some[i], *values) != 0; i++)
			;
		if (i < n || !**values)
			continue;
		if (n == most)
			return all;
		some[n++] = *values;
	}
	for (i = 0; i < n; i++)
		all = sk_arena_printf(k->l->cx->arena, "%.*s%s%s", SK_SLICE_ARG(all), i == 0 ? ": it is " : i + 1 == n ? " or " : ", ",
				      some[i]);
	return all;
}

static void
check_value(const struct asked *k, const char *const *values)
{
	struct sk_slice word = k->o->text.n ? wrong_word(k, values) : sk_slice(NULL, 0), field = field_text(k), all, best;

	if (!word.n)
		return;
	best = near_value(values, word);
	all = list_values(k, values, best.n ? VALUES_SHOWN : VALUES_MOST);
	report(k, "%.*s never has '%.*s'%.*s" SK_SUGGEST_FMT, SK_SLICE_ARG(field), SK_SLICE_ARG(word), SK_SLICE_ARG(all),
	       SK_SUGGEST_ARG(best));
}

void
sk_lint_shown(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_cond *c, const struct sk_irv *field, const struct sk_opnd *o)
{
	struct asked k = { .l = l, .r = r, .c = c, .field = field, .o = o };
	const char *const *values = sk_field_values((enum sk_field_id)field->field->id);

	if (!read_operator(&k))
		return;
	if (field->field->id == SK_F_evt_arg)
		check_symbol(&k);
	else if (values)
		check_value(&k, values);
}
