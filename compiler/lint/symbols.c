#include "compiler/lint/symbols.h"

#include "base/buf.h"
#include "base/schema.h"

/* Errors and signals are numbered below these. */
#define ERRNO_LIMIT 1024
#define SIGNAL_LIMIT 256u

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

static bool
add_table(struct sk_symbols *s, uint8_t table)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (s->tables[i] == table)
			return true;
	if (s->n == SK_SYMBOL_TABLES)
		return false;
	s->tables[s->n++] = table;
	return true;
}

static bool
is_enumeration(uint8_t type)
{
	return type == SK_PT_ENUMFLAGS8 || type == SK_PT_ENUMFLAGS16 || type == SK_PT_ENUMFLAGS32;
}

static bool
add_param(struct sk_symbols *s, const struct sk_param_desc *p)
{
	if (p->type == SK_PT_SIGTYPE)
		return s->signals = true;
	if (p->type == SK_PT_ERRNO)
		return s->errors = true;
	if (p->info != SK_PI_FLAGS || p->info_arg == SK_FLAGS_NONE)
		return false;
	s->enumeration &= is_enumeration(p->type);
	return add_table(s, p->info_arg);
}

bool
sk_symbols_of(struct sk_symbols *ret, const struct sk_irv *field, const struct sk_event_set *types)
{
	bool any = false;

	*ret = (struct sk_symbols){ .enumeration = true };
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		const struct sk_param_desc *p = sk_event_set_has(types, e) ? param_of(field, sk_event_desc(e)) : NULL;

		if (p && !add_param(ret, p))
			return false;
		any |= p != NULL;
	}
	return any;
}

/* --- walking over all names ------------------------------------------------------------------------------------------------ */
/* The Nth name; NULL behind the last. */
static const char *
name_at(const struct sk_symbols *s, uint32_t n)
{
	for (uint32_t i = 0; i < s->n; i++) {
		const struct sk_flag_sym *t = sk_flag_symbols((enum sk_flag_table)s->tables[i]);

		for (; t->name; t++)
			if (n-- == 0)
				return t->name;
	}
	if (s->signals) {
		if (n < SIGNAL_LIMIT)
			return sk_signal_name(n) ? sk_signal_name(n) : "";
		n -= SIGNAL_LIMIT;
	}
	if (s->errors && n < ERRNO_LIMIT)
		return n == 0 ? "SUCCESS" : sk_errno_name(n) ? sk_errno_name(n) : "";
	return NULL;
}

static bool
have_word(const struct sk_symbols *s, struct sk_slice word, bool exact)
{
	const char *name;

	for (uint32_t n = 0; (name = name_at(s, n)) != NULL; n++)
		if (exact ? sk_slice_is(word, name) : memmem(name, strlen(name), word.p, word.n) != NULL)
			return true;
	return false;
}

/* --- values ------------------------------------------------------------------------------------ */
struct sk_slice
sk_symbols_alias(struct sk_arena *a, const struct sk_symbols *s, struct sk_slice name)
{
	struct sk_buf b = { 0 };

	for (uint32_t i = 0; i < s->n && !b.n; i++) {
		const struct sk_flag_sym *all = sk_flag_symbols((enum sk_flag_table)s->tables[i]), *t = all;

		while (t->name && !sk_slice_is(name, t->name))
			t++;
		for (const struct sk_flag_sym *k = all; t->name && k->name; k++)
			if (k->value == t->value)
				sk_buf_printf(&b, "%s%s", b.n ? "|" : "", k->name);
	}
	struct sk_slice copy = sk_arena_dup(a, sk_buf_view(&b));
	sk_buf_free(&b);
	return copy;
}

/* One name of a value that has two is never the whole text. */
static bool
is_whole(const struct sk_symbols *s, struct sk_slice text)
{
	uint32_t same = 0, value = 0;
	bool found = false;

	if (!s->enumeration || !s->n || memchr(text.p, '|', text.n))
		return true;
	for (uint32_t i = 0; i < s->n; i++)
		for (const struct sk_flag_sym *t = sk_flag_symbols((enum sk_flag_table)s->tables[i]); t->name; t++)
			if (!found && sk_slice_is(text, t->name)) {
				found = true;
				value = t->value;
			}
	for (uint32_t i = 0; found && i < s->n; i++) {
		same = 0;
		for (const struct sk_flag_sym *t = sk_flag_symbols((enum sk_flag_table)s->tables[i]); t->name; t++)
			same += t->value == value;
		if (same <= 1)
			return true;
	}
	return !found;
}

bool
sk_symbols_have(const struct sk_symbols *s, struct sk_slice text, bool exact, struct sk_slice *ret_word)
{
	struct sk_slice rest = text;

	*ret_word = (struct sk_slice){ 0 };
	/* Numbers are shown where a value has no name. */
	if (!text.n || (text.p[0] >= '0' && text.p[0] <= '9') || text.p[0] == '-' || text.p[0] == '<')
		return true;
	while (rest.n) {
		const char *bar = memchr(rest.p, '|', rest.n);
		struct sk_slice word = sk_slice(rest.p, bar ? (size_t)(bar - rest.p) : rest.n);

		if (word.n && !have_word(s, word, exact)) {
			*ret_word = word;
			return false;
		}
		rest = bar ? sk_slice(bar + 1, (size_t)(rest.p + rest.n - bar - 1)) : sk_slice(rest.p + rest.n, 0);
	}
	return !exact || is_whole(s, text);
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

static const struct sk_symbols all_errors = { .errors = true };

bool
sk_symbol_is_errno(struct sk_slice name)
{
	return have_word(&all_errors, name, true);
}

struct sk_slice
sk_symbol_near_errno(struct sk_slice name)
{
	return sk_symbols_near(&all_errors, name);
}
