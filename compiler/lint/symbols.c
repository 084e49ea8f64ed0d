#include "compiler/lint/symbols.h"

#include "base/buf.h"
#include "base/schema.h"

#include <strings.h>

/* Errors and signals are numbered below these. */
#define ERRNO_LIMIT 1024
#define SIGNAL_LIMIT 256u
/* Texts of values longer than this are not put together. */
#define SHOWN_MAX 1024u

/* --- which tables ------------------------------------------------------------------------------ */
static const struct sk_param_desc *
param_of(const struct sk_irv *field, const struct sk_event_desc *d)
{
	if (field->arg == SK_VA_INDEX)
		return field->index < d->nparams ? &d->params[field->index] : NULL;
	for (uint32_t i = 0; i < d->nparams; i++)
		if (sk_slice_is(field->key, d->params[i].name))
			return &d->params[i];
	return NULL;
}

static enum sk_symbol_kind
kind_of(uint8_t type)
{
	if (type == SK_PT_ENUMFLAGS8 || type == SK_PT_ENUMFLAGS16 || type == SK_PT_ENUMFLAGS32)
		return SK_SYMBOLS_ENUM;
	return type == SK_PT_MODE ? SK_SYMBOLS_MODE : SK_SYMBOLS_FLAGS;
}

static bool
add_table(struct sk_symbols *s, const struct sk_param_desc *p)
{
	struct sk_symbol_table t = { p->info_arg, (uint8_t)kind_of(p->type) };

	for (uint32_t i = 0; i < s->n; i++)
		if (s->tables[i].table == t.table && s->tables[i].kind == t.kind)
			return true;
	if (s->n == SK_SYMBOL_TABLES)
		return false;
	s->tables[s->n++] = t;
	return true;
}

static bool
is_number(uint8_t type)
{
	switch (type) {
	case SK_PT_INT8:
	case SK_PT_INT16:
	case SK_PT_INT32:
	case SK_PT_INT64:
	case SK_PT_UINT8:
	case SK_PT_UINT16:
	case SK_PT_UINT32:
	case SK_PT_UINT64: return true;
	default: return false;
	}
}

static bool
add_param(struct sk_symbols *s, const struct sk_param_desc *p)
{
	if (p->type == SK_PT_SIGTYPE)
		return s->signals = true;
	if (p->type == SK_PT_ERRNO)
		return s->errors = true;
	if (is_number(p->type))
		return s->numbers = true;
	if (p->info != SK_PI_FLAGS || p->info_arg == SK_FLAGS_NONE)
		return false;
	return add_table(s, p);
}

bool
sk_symbols_of(struct sk_symbols *ret, const struct sk_irv *field, const struct sk_event_set *types)
{
	bool any = false;

	*ret = (struct sk_symbols){ 0 };
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		const struct sk_param_desc *p = sk_event_set_has(types, e) ? param_of(field, sk_event_desc(e)) : NULL;

		if (p && !add_param(ret, p))
			return false;
		any |= p != NULL;
	}
	return any;
}

/* --- walking over all names ------------------------------------------------------------------------------------------------ */
static const struct sk_flag_sym *
names_of(const struct sk_symbols *s, uint32_t i)
{
	return sk_flag_symbols((enum sk_flag_table)s->tables[i].table);
}

/* The Nth name; NULL behind the last. */
static const char *
name_at(const struct sk_symbols *s, uint32_t n)
{
	for (uint32_t i = 0; i < s->n; i++)
		for (const struct sk_flag_sym *t = names_of(s, i); t->name; t++)
			if (n-- == 0)
				return t->name;
	if (s->signals) {
		if (n < SIGNAL_LIMIT)
			return sk_signal_name(n) ? sk_signal_name(n) : "";
		n -= SIGNAL_LIMIT;
	}
	if (s->success && n == 0)
		return "SUCCESS";
	if (s->errors && n < ERRNO_LIMIT)
		return n && sk_errno_name(n) ? sk_errno_name(n) : "";
	return NULL;
}

static bool
is_part(const char *name, struct sk_slice word, bool any_case)
{
	size_t n = strlen(name);

	for (size_t i = 0; word.n && i + word.n <= n; i++)
		if ((any_case ? strncasecmp(name + i, word.p, word.n) : memcmp(name + i, word.p, word.n)) == 0)
			return true;
	return !word.n;
}

/* Digits, as far as numbers are shown with any: decimal, octal, hexadecimal. */
static bool
may_be_number(struct sk_slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!memchr("0123456789ABCDEFabcdef-", word.p[i], 23))
			return false;
	return true;
}

static bool
have_word(const struct sk_symbols *s, struct sk_slice word, enum sk_symbol_match match)
{
	const char *name;

	if (s->numbers && may_be_number(word))
		return true;
	for (uint32_t n = 0; (name = name_at(s, n)) != NULL; n++)
		if (match == SK_SYMBOL_WHOLE ? sk_slice_is(word, name) : is_part(name, word, match == SK_SYMBOL_PART_ANY_CASE))
			return true;
	return false;
}

/* --- how a value is shown -------------------------------------------------------------------------------------------------- */
static void
show(struct sk_buf *b, const char *name)
{
	sk_buf_printf(b, "%s%s", b->n ? "|" : "", name);
}

/* As evt.arg does it: earlier names take their bits away from later ones, and a name of the whole value ends the walk. */
static void
show_flags(struct sk_buf *b, const struct sk_flag_sym *t, uint32_t v)
{
	uint32_t left = v;

	for (; t->name; t++) {
		if (t->value ? !left || (left & t->value) != t->value : v != 0)
			continue;
		show(b, t->name);
		left &= ~t->value;
		if (t->value == v)
			return;
	}
}

/* The text of value V; empty if none of its bits has a name. */
static struct sk_slice
shown_as(struct sk_arena *a, const struct sk_symbols *s, uint32_t i, uint32_t v)
{
	const struct sk_flag_sym *t = names_of(s, i);
	struct sk_buf b = { 0 };

	if (s->tables[i].kind == SK_SYMBOLS_ENUM) {
		for (; t->name; t++)
			if (t->value == v)
				show(&b, t->name);
	} else {
		show_flags(&b, t, v);
	}
	struct sk_slice copy = b.n < SHOWN_MAX ? sk_arena_dup(a, sk_buf_view(&b)) : sk_slice(NULL, 0);
	sk_buf_free(&b);
	return copy;
}

static bool
next_word(struct sk_slice *rest, struct sk_slice *ret)
{
	const char *bar = rest->n ? memchr(rest->p, '|', rest->n) : NULL;
	bool any = rest->n != 0;

	*ret = sk_slice(rest->p, bar ? (size_t)(bar - rest->p) : rest->n);
	*rest = bar ? sk_slice(bar + 1, (size_t)(rest->p + rest->n - bar - 1)) : sk_slice(NULL, 0);
	return any;
}

/* The value that TEXT names in table I. False if the table lacks a name, or no value has all of them. */
static bool
value_of(const struct sk_symbols *s, uint32_t i, struct sk_slice text, uint32_t *ret)
{
	struct sk_slice rest = text, word;
	bool first = true;

	*ret = 0;
	while (next_word(&rest, &word)) {
		const struct sk_flag_sym *t = names_of(s, i);

		while (t->name && !sk_slice_is(word, t->name))
			t++;
		if (!t->name || (!first && s->tables[i].kind == SK_SYMBOLS_ENUM && t->value != *ret))
			return false;
		*ret |= t->value;
		first = false;
	}
	return !first;
}

/* TEXT is of known names. A value with more bits than those is not shown so either: names that the known bits have come first. */
static bool
is_whole(struct sk_arena *a, const struct sk_symbols *s, struct sk_slice text, struct sk_slice *ret_shown)
{
	bool single = !memchr(text.p, '|', text.n);
	uint32_t v;

	*ret_shown = sk_slice(NULL, 0);
	if (single && (s->signals || s->errors || s->success))
		return true;
	for (uint32_t i = 0; i < s->n; i++) {
		struct sk_slice shown = value_of(s, i, text, &v) ? shown_as(a, s, i, v) : sk_slice(NULL, 0);

		if (shown.n && (s->tables[i].kind == SK_SYMBOLS_MODE || sk_slice_eq(shown, text)))
			return true;
		if (!ret_shown->n)
			*ret_shown = shown;
	}
	return false;
}

/* --- numbers --------------------------------------------------------------------------------------------------------------- */
/* A number as it is shown in decimal: no sign but -, no leading zeros. */
static bool
read_decimal(struct sk_slice s, bool *ret_negative, uint64_t *ret)
{
	*ret = 0;
	*ret_negative = s.n > 1 && s.p[0] == '-';
	if (*ret_negative)
		s = sk_slice(s.p + 1, s.n - 1);
	if (!s.n || s.n > 10 || (s.p[0] == '0' && (s.n > 1 || *ret_negative)))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		*ret = *ret * 10 + (uint64_t)(s.p[i] - '0');
	}
	return *ret <= UINT32_MAX;
}

/* Numbers are shown where a value has no name. */
static bool
may_be_shown(struct sk_arena *a, const struct sk_symbols *s, struct sk_slice text, struct sk_slice *ret_shown)
{
	bool negative;
	uint64_t v;

	if (s->numbers || s->success || !read_decimal(text, &negative, &v))
		return true;
	if (negative && (s->n || s->signals))
		return true;
	if (s->errors) {
		if (!negative || v >= ERRNO_LIMIT || !sk_errno_name((int64_t)v))
			return true;
		*ret_shown = sk_slice_cstr(sk_errno_name((int64_t)v));
	}
	if (s->signals) {
		if (v >= SIGNAL_LIMIT || !sk_signal_name((uint32_t)v))
			return true;
		*ret_shown = sk_slice_cstr(sk_signal_name((uint32_t)v));
	}
	for (uint32_t i = 0; i < s->n; i++) {
		struct sk_slice shown = shown_as(a, s, i, (uint32_t)v);

		if (!shown.n)
			return true;
		*ret_shown = shown;
	}
	return false;
}

static bool
is_number_text(struct sk_slice s)
{
	size_t sign = s.n > 1 && s.p[0] == '-';

	return s.n && s.p[sign] >= '0' && s.p[sign] <= '9';
}

/* --- texts ----------------------------------------------------------------------------------------------------------------- */
bool
sk_symbols_have(struct sk_arena *a, const struct sk_symbols *s, struct sk_slice text, enum sk_symbol_match match,
		struct sk_symbol_fault *ret)
{
	struct sk_slice rest = text, word;

	*ret = (struct sk_symbol_fault){ 0 };
	/* "<NA>" is a parameter that is not there. */
	if (!text.n || text.p[0] == '<')
		return true;
	if (is_number_text(text))
		return match != SK_SYMBOL_WHOLE || may_be_shown(a, s, text, &ret->shown);
	while (next_word(&rest, &word))
		if (word.n && !have_word(s, word, match)) {
			ret->word = word;
			return false;
		}
	return match != SK_SYMBOL_WHOLE || (s->numbers && may_be_number(text)) || is_whole(a, s, text, &ret->shown);
}

struct sk_slice
sk_symbols_near(const struct sk_symbols *s, struct sk_slice word)
{
	struct sk_suggest best = { .wanted = word };
	const char *name;

	for (uint32_t n = 0; (name = name_at(s, n)) != NULL; n++)
		sk_suggest_offer(&best, sk_slice_cstr(name));
	return best.best;
}

static const struct sk_symbols all_errors = { .errors = true, .success = true };

bool
sk_symbol_is_errno(struct sk_slice name)
{
	return have_word(&all_errors, name, SK_SYMBOL_WHOLE);
}

struct sk_slice
sk_symbol_near_errno(struct sk_slice name)
{
	return sk_symbols_near(&all_errors, name);
}
