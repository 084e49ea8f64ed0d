/* Bare words that stay text although they look like names: of a list that is defined only later, of a macro, or, but for a slip, of a
 * list. Whether that is worth a finding is for sema to say, which knows what the word is compared with. */
#include "compiler/expand.h"

#include "base/suggest.h"

/* A word is compared with all names of lists to find the one it is near to, which is lists times items in all. Beyond this much work in
 * one compilation (a tenth of a second) no further slips are looked for. A name whose letters are looked at costs DISTANCE_WORK. */
#define MAX_WORK 2000000u
#define DISTANCE_WORK 32u
/* Edits between a name and a slip, at most. */
#define MAX_EDITS 3u

/* A word that is near to a name of a list. */
struct word {
	struct sk_list_def_ast *near;
	uint32_t uses; /* as a value, in lists and conditions */
	struct sk_guess *guess;
	struct sk_loc loc; /* of the first use */
};

struct of_item {
	const struct sk_text *item;
	struct sk_guess *guess;
};

struct sk_words {
	struct sk_compile *cx;
	struct sk_ruleset *rs;
	SK_VEC(struct of_item) items;
	bool sorted;
	SK_VEC(uint32_t) by_atom; /* index of a word + 2; 1: near to none; 0: not looked at yet */
	SK_VEC(struct word) words;
	size_t work;
};

struct sk_words *
sk_words_new(struct sk_compile *cx, struct sk_ruleset *rs)
{
	struct sk_words *w = SK_NEW(cx->arena, struct sk_words);

	if (w)
		*w = (struct sk_words){ .cx = cx, .rs = rs };
	return w;
}

static struct sk_guess *
new_guess(struct sk_words *w, struct sk_guess g)
{
	struct sk_guess *p = SK_NEW(w->cx->arena, struct sk_guess);

	if (p)
		*p = g;
	return p;
}

static void
set_item(struct sk_words *w, const struct sk_text *item, struct sk_guess *guess)
{
	if (guess)
		(void)sk_vec_push_arena(&w->items, w->cx->arena, ((struct of_item){ item, guess }));
}

static struct sk_loc
item_loc(const struct sk_text *item)
{
	return (struct sk_loc){ item->file, item->whole };
}

static void
say_why(struct sk_list_def_ast *l, const char *why, struct sk_loc loc)
{
	if (l->src->text_why)
		return;
	l->src->text_why = why;
	l->src->text_loc = loc;
}

/* --- names that are known -------------------------------------------------------------------------------------------------- */
static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What nobody writes but as a name: letters, digits, and an underscore between them. */
static bool
is_identifier(struct sk_slice s)
{
	bool joined = false;

	if (s.n < 3 || !is_letter(s.p[0]) || s.p[s.n - 1] == '_')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		joined |= s.p[i] == '_';
		if (!is_letter(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '_')
			return false;
	}
	return joined;
}

static struct sk_guess *
guess_macro(struct sk_words *w, struct sk_slice word)
{
	const struct sk_macro_def_ast *m = sk_find_macro(w->cx, w->rs, word);

	return m ? new_guess(w, (struct sk_guess){ .why = "it is the name of a macro, and a macro is no value",
						   .note = "the macro is defined here",
						   .loc = m->name_loc })
		 : NULL;
}

void
sk_words_later(struct sk_words *w, const struct sk_text *item, struct sk_list_def_ast *later)
{
	set_item(w, item,
		 new_guess(w, (struct sk_guess){ .why = "the list of this name is defined only later",
						 .note = "the list of this name is defined only here",
						 .loc = later->name_loc }));
	say_why(later, "its name is text here, because the list is defined only later", item_loc(item));
}

void
sk_words_quoted(struct sk_list_def_ast *l, struct sk_loc loc)
{
	say_why(l, "its name is text here, because it is in quotes", loc);
}

/* --- names that are near --------------------------------------------------------------------------------------------------- */
/* node_1 and node_2 are two names. */
static bool
differ_in_digits_only(struct sk_slice a, struct sk_slice b)
{
	size_t i = 0, k = 0;

	for (;; i++, k++) {
		while (i < a.n && is_digit(a.p[i]))
			i++;
		while (k < b.n && is_digit(b.p[k]))
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (a.p[i] != b.p[k])
			return false;
	}
}

/* The list that WORD misspells, or NULL. Stricter than a suggestion to somebody who is wrong anyway. */
static struct sk_list_def_ast *
find_near(struct sk_words *w, struct sk_slice word)
{
	struct sk_suggest s = { .wanted = word };
	struct sk_list_def_ast *near = NULL;

	w->work += w->rs->lists.n;
	for (size_t i = 0; i < w->rs->lists.n && w->work < MAX_WORK; i++) {
		struct sk_list_def_ast *l = w->rs->lists.v[i];
		struct sk_slice before = s.best;

		if (!l->name.n || l->name.p[0] != word.p[0] || l->name.n > word.n + MAX_EDITS || word.n > l->name.n + MAX_EDITS ||
		    !is_identifier(l->name))
			continue;
		w->work += DISTANCE_WORK;
		sk_suggest_offer(&s, l->name);
		if (s.best.p != before.p)
			near = l;
	}
	return near && s.distance <= MAX_EDITS && s.distance * 4 <= word.n && !differ_in_digits_only(word, near->name) ? near : NULL;
}

/* WORD as a candidate, NULL if it is near to no list. */
static struct word *
find_word(struct sk_words *w, struct sk_slice word, struct sk_loc loc)
{
	uint32_t atom = sk_atom(w->cx->atoms, word);

	while (w->by_atom.n <= atom)
		if (!sk_vec_push_arena(&w->by_atom, w->cx->arena, 0))
			return NULL;
	if (!w->by_atom.v[atom]) {
		struct word new = { .near = find_near(w, word), .loc = loc };

		if (new.near)
			new.guess = new_guess(w, (struct sk_guess){ .why = "no list has this name",
								    .note = "a list with almost this name is defined here",
								    .loc = new.near->name_loc,
								    .best = new.near->name });
		w->by_atom.v[atom] = new.guess ? (uint32_t)w->words.n + 2 : 1;
		if (new.guess && !sk_vec_push_arena(&w->words, w->cx->arena, new))
			return NULL;
	}
	return w->by_atom.v[atom] > 1 ? &w->words.v[w->by_atom.v[atom] - 2] : NULL;
}

/* --- places ---------------------------------------------------------------------------------------------------------------- */
void
sk_words_item(struct sk_words *w, const struct sk_list_def_ast *l, const struct sk_text *item)
{
	struct sk_guess *guess;
	struct word *word;

	if (!is_identifier(item->s))
		return;
	guess = guess_macro(w, item->s);
	if (guess || !(word = find_word(w, item->s, item_loc(item)))) {
		set_item(w, item, guess);
		return;
	}
	/* A list whose items have names like its own knows them. */
	word->uses += word->near == l ? 2 : 1;
	set_item(w, item, word->guess);
}

void
sk_words_operand(struct sk_words *w, struct sk_opnd *o, struct sk_loc loc, bool may_list, bool whole)
{
	struct word *word;

	if (!is_identifier(o->text))
		return;
	o->guess = whole ? guess_macro(w, o->text) : NULL;
	word = find_word(w, o->text, loc);
	if (!word)
		return;
	word->uses++;
	if (may_list && !o->guess)
		o->guess = word->guess;
}

static int
by_item(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct of_item *)a)->item, y = (uintptr_t)((const struct of_item *)b)->item;

	return (x > y) - (x < y);
}

struct sk_guess *
sk_words_of_item(struct sk_words *w, const struct sk_text *item)
{
	const struct of_item key = { item, NULL };

	if (!w->items.n)
		return NULL;
	if (!w->sorted)
		qsort(w->items.v, w->items.n, sizeof(*w->items.v), by_item);
	w->sorted = true;
	const struct of_item *found = bsearch(&key, w->items.v, w->items.n, sizeof(*w->items.v), by_item);
	return found ? found->guess : NULL;
}

void
sk_words_decide(struct sk_words *w)
{
	for (size_t i = 0; i < w->words.n; i++) {
		struct word *word = &w->words.v[i];

		if (word->uses == 1)
			say_why(word->near, "almost its name stands here, as text", word->loc);
		else
			word->guess->told = true;
	}
}
