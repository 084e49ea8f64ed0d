/* What rules have in common (a list, an operand of a macro) is looked at once, and what was found there is told to every rule
 * that comes by: a comment at one rule silences it for that rule, not for the next. */
#include "compiler/lint/lint_internal.h"

#include "base/hash.h"

/* Found, and silenced by comments at the rules so far. */
struct waiting {
	struct sk_loc loc, note_loc;
	struct sk_slice text, note;
};

/* All that one look found of one code. */
struct found {
	struct found *next;
	enum sk_diag_code code;
	SK_VEC(struct waiting) waiting;
};

struct sk_lint_look {
	struct found *found;
	struct waiting *last; /* what a note would belong to, or NULL */
};

/* --- what was seen ----------------------------------------------------------------------------- */
static bool
grow(struct sk_lint *l)
{
	size_t cap = l->seen_cap ? l->seen_cap * 2 : 1024;
	struct sk_lint_seen *slots = calloc(cap, sizeof(*slots));

	if (!slots)
		return false;
	for (size_t i = 0; i < l->seen_cap; i++) {
		size_t at = l->seen[i].hash & (cap - 1);

		if (!l->seen[i].hash)
			continue;
		while (slots[at].hash)
			at = (at + 1) & (cap - 1);
		slots[at] = l->seen[i];
	}
	free(l->seen);
	l->seen = slots;
	l->seen_cap = cap;
	return true;
}

/* The slot of a pair, valid until the next call; NULL when out of memory. Only hashes are kept: two pairs with one hash lose a
 * finding about once in 2^64. */
static struct sk_lint_seen *
find(struct sk_lint *l, uint64_t a, uint64_t b, bool *ret_first)
{
	uint64_t h = sk_hash_u64(sk_hash_u64(a) ^ b) | 1;

	*ret_first = false;
	if (l->nseen * 2 >= l->seen_cap && !grow(l)) {
		l->failed = true;
		return NULL;
	}
	size_t at = h & (l->seen_cap - 1);
	for (; l->seen[at].hash; at = (at + 1) & (l->seen_cap - 1))
		if (l->seen[at].hash == h)
			return &l->seen[at];
	l->seen[at].hash = h;
	l->nseen++;
	*ret_first = true;
	return &l->seen[at];
}

bool
sk_lint_once(struct sk_lint *l, uint64_t a, uint64_t b)
{
	bool first;

	(void)find(l, a, b, &first);
	return first;
}

/* --- findings ---------------------------------------------------------------------------------- */
/* One place gets a code once, whoever comes by. */
static bool
is_new(struct sk_lint *l, enum sk_diag_code code, struct sk_loc loc)
{
	bool first;

	(void)find(l, (uint64_t)(uintptr_t)loc.file ^ code, (uint64_t)loc.span.beg << 32 | loc.span.end, &first);
	return first;
}

static struct sk_diag *
add(struct sk_lint *l, enum sk_diag_code code, const struct sk_item *item, struct sk_loc loc, const struct sk_cond *c,
    struct sk_slice text)
{
	sk_diags_context(l->cx->diags, item);
	struct sk_diag *d = sk_diag_add(l->cx->diags, code, loc, "%.*s", SK_SLICE_ARG(text));
	sk_diags_context(l->cx->diags, NULL);
	if (c)
		sk_note_macros(l->cx, d, c);
	return d;
}

static struct found *
found_of(struct sk_lint *l, enum sk_diag_code code)
{
	struct found *f = l->look->found;

	while (f && f->code != code)
		f = f->next;
	if (!f && (f = SK_NEW(l->cx->arena, struct found)) != NULL) {
		f->code = code;
		f->next = l->look->found;
		l->look->found = f;
	}
	return f;
}

/* Keep a finding for the rules that have no comment. */
static void
keep(struct sk_lint *l, struct found *f, struct sk_loc loc, struct sk_slice text)
{
	if (sk_vec_push_arena(&f->waiting, l->cx->arena, (struct waiting){ .loc = loc, .text = text }))
		l->look->last = &f->waiting.v[f->waiting.n - 1];
}

struct sk_diag *
sk_lint_report(struct sk_lint *l, enum sk_diag_code code, const struct sk_item *item, struct sk_loc loc, const struct sk_cond *c,
	       const char *fmt, ...)
{
	struct found *f = NULL;
	struct sk_slice text;
	va_list ap;

	if (l->look)
		l->look->last = NULL;
	if (!l->on[code])
		return NULL;
	/* It says why no event type is left, which is a warning of its own elsewhere. */
	if (l->rule && l->rule->no_types && (code == SK_D_NEVER_TRUE || code == SK_D_COVERING_EXCEPTION))
		(void)sk_lint_once(l, (uint64_t)(uintptr_t)&l->rule->item, SK_D_NO_EVTTYPE);
	bool here = sk_allowed_at(l->allow, code, loc), by_item = sk_allowed_in(l->allow, code, item);
	if (l->look)
		f = found_of(l, code);
	if (here || (by_item ? !f : !is_new(l, code, loc)))
		return NULL;
	va_start(ap, fmt);
	text = sk_arena_vprintf(l->cx->arena, fmt, ap);
	va_end(ap);
	if (!by_item)
		return add(l, code, item, loc, c, text);
	keep(l, f, loc, text);
	return NULL;
}

void
sk_lint_note(struct sk_lint *l, struct sk_diag *d, struct sk_loc loc, const char *text)
{
	if (d)
		sk_diag_note(l->cx->diags, d, loc, "%s", text);
	else if (l->look && l->look->last) {
		l->look->last->note_loc = loc;
		l->look->last->note = sk_slice_cstr(text);
	}
}

/* --- looks ------------------------------------------------------------------------------------- */
/* Tell the rule of ITEM what was found: its comments are of use, or what waits is reported. */
static void
tell(struct sk_lint *l, struct sk_lint_look *look, const struct sk_item *item, const struct sk_cond *c)
{
	for (struct found *f = look->found; f; f = f->next) {
		if (sk_allowed_in(l->allow, f->code, item))
			continue;
		for (size_t i = 0; i < f->waiting.n; i++) {
			const struct waiting *w = &f->waiting.v[i];
			struct sk_diag *d = is_new(l, f->code, w->loc) ? add(l, f->code, item, w->loc, c, w->text) : NULL;

			if (d && w->note.n)
				sk_diag_note(l->cx->diags, d, w->note_loc, "%.*s", SK_SLICE_ARG(w->note));
		}
		f->waiting.n = 0;
	}
}

bool
sk_lint_look(struct sk_lint *l, const void *what, uint64_t how, const struct sk_item *item, const struct sk_cond *c)
{
	bool first;
	struct sk_lint_seen *s = find(l, (uint64_t)(uintptr_t)what, how, &first);

	if (!first) {
		if (s && s->look)
			tell(l, s->look, item, c);
		return false;
	}
	l->look = s->look = SK_NEW(l->cx->arena, struct sk_lint_look);
	l->failed |= !l->look;
	return l->look != NULL;
}

void
sk_lint_look_end(struct sk_lint *l)
{
	l->look = NULL;
}
