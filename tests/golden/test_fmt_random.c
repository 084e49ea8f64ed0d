/* sakerc fmt on rule files made by dice: values in every style, comments wherever YAML takes one. Formatted, a file has the same
 * comments, means the same and has the same findings; formatted again, it stays. SK_ROUNDS=n: more of them, SK_FIRST=n:
 * from that one on; SK_SEED=n: only that one, which is printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/hash.h"
#include "tests/golden/fmt_run.h"

#include <stdio.h>
#include <stdlib.h>

struct dice {
	uint64_t seed, n;
	struct sk_buf out;
	unsigned comments, names;
	unsigned percent; /* of places that have a comment */
	bool allows;      /* some of them allow findings */
	bool block;       /* what was written last ends in a block scalar */
};

static unsigned
roll(struct dice *d, unsigned n)
{
	return (unsigned)(sk_hash_u64(d->seed * 0x9e3779b97f4a7c15ull + ++d->n) % n);
}

static bool
chance(struct dice *d, unsigned percent)
{
	return roll(d, 100) < percent;
}

static void
put(struct dice *d, const char *s)
{
	sk_buf_str(&d->out, s);
}

static void
blanks(struct dice *d, unsigned n)
{
	while (n--)
		put(d, " ");
}

/* --- comments ---------------------------------------------------------------------------------------------------------------- */
static void
comment(struct dice *d)
{
	static const char *const codes[] = { "W0301", "W0304", "W0306", "W0307", "W0318", "W0319", "W0203" };

	if (d->allows && chance(d, 30))
		sk_buf_printf(&d->out, "# saker: allow %s, %s -- ", codes[roll(d, 7)], codes[roll(d, 7)]);
	else
		put(d, "# ");
	sk_buf_printf(&d->out, "c%u.", d->comments++);
	if (chance(d, 10))
		put(d, " # [x, \"y: |+");
	if (chance(d, 10))
		put(d, "  ");
}

/* The end of a line, behind a comment perhaps. GLUED: that needs no blank. */
static void
eol(struct dice *d, bool glued)
{
	/* A tab behind an indicator would indent. */
	bool tab = !strchr("-?:", d->out.p[d->out.n - 1]) && chance(d, 20);

	d->block = false;
	if (chance(d, d->percent)) {
		if (!glued || chance(d, 60))
			put(d, tab ? "\t" : chance(d, 50) ? "  " : " ");
		comment(d);
	}
	put(d, "\n");
}

/* Lines between others. What was written last is no deeper than INDENT; behind a block deeper comments would be part of it. */
static void
lines(struct dice *d, unsigned indent)
{
	for (unsigned n = roll(d, 4); n < 3 && chance(d, d->percent); n++) {
		blanks(d, roll(d, d->block ? indent + 1 : indent + 5));
		comment(d);
		put(d, "\n");
		d->block = false;
		if (chance(d, 20))
			put(d, chance(d, 20) ? "  \n" : "\n");
	}
}

/* --- scalars ----------------------------------------------------------------------------------------------------------------- */
static void
quoted(struct dice *d, const char *s, char quote)
{
	sk_buf_char(&d->out, quote);
	for (; *s; s++) {
		if (*s == quote || (quote == '"' && *s == '\\'))
			sk_buf_char(&d->out, quote == '"' ? '\\' : quote);
		sk_buf_char(&d->out, *s);
	}
	sk_buf_char(&d->out, quote);
}

/* In one line, as key or in brackets. True if a comment may follow without a blank. */
static bool
word(struct dice *d, const char *s)
{
	unsigned how = roll(d, strstr(s, " #") || strchr(s, ',') || strchr(s, '"') ? 2 : 4);

	if (how < 2)
		quoted(d, s, how ? '"' : '\'');
	else
		put(d, s);
	return how < 2;
}

/* Text over lines, broken at some blanks, behind INDENT of the key. */
static void
broken(struct dice *d, const char *s, unsigned indent)
{
	for (; *s; s++)
		if (*s == ' ' && s[1] != '#' && chance(d, 30)) {
			put(d, chance(d, 10) ? "\n\n" : "\n");
			blanks(d, indent + 1 + roll(d, 6));
		} else {
			sk_buf_char(&d->out, *s);
		}
}

static void
block(struct dice *d, const char *s, unsigned indent)
{
	static const char *const headers[] = { "|", ">", "|-", ">-", "|+", ">+" };
	unsigned deep = indent + 1 + roll(d, 4);

	put(d, headers[roll(d, 6)]);
	if (chance(d, 10)) {
		deep = indent + 2;
		put(d, "2");
	}
	eol(d, true);
	for (blanks(d, deep); *s; s++)
		if (*s == ' ' && s[1] != ' ' && chance(d, 20)) {
			put(d, "\n");
			blanks(d, deep);
		} else {
			sk_buf_char(&d->out, *s);
		}
	put(d, "\n");
	for (unsigned n = roll(d, 8); n < 3; n++)
		put(d, "\n");
	d->block = true;
}

/* The value of a key or dash, to the end of the line. */
static void
scalar(struct dice *d, const char *s, unsigned indent)
{
	bool plain = !strstr(s, " #") && !strchr(s, ':') && *s != '"';

	if (chance(d, 15)) {
		eol(d, false);
		lines(d, indent);
		blanks(d, indent + 1 + roll(d, 4));
	} else {
		put(d, chance(d, 20) ? "   " : " ");
	}
	switch (roll(d, plain ? 6 : 3)) {
	case 0: block(d, s, indent); return;
	case 1: quoted(d, s, '\''); break;
	case 2: quoted(d, s, '"'); break;
	case 3: broken(d, s, indent); break;
	default: put(d, s); break;
	}
	eol(d, d->out.p[d->out.n - 1] == '"' || d->out.p[d->out.n - 1] == '\'');
}

/* --- lists ------------------------------------------------------------------------------------------------------------------- */
static const char *
item_word(struct dice *d)
{
	static const char *const words[] = { "a",	"b",	 "/etc",  "/etc/ssh", "systemd-resolved-long", "x # y",
					     "c, [d]", "e#f", "it's", "g h",      "-x",                    "systemd-networkd-too" };

	return words[roll(d, SK_COUNTOF(words))];
}

/* Between two tokens in brackets. */
static void
gap(struct dice *d, bool spread, bool glued, unsigned indent)
{
	if (!spread || chance(d, 40)) {
		put(d, chance(d, 50) ? " " : "");
		return;
	}
	eol(d, glued);
	lines(d, indent);
	blanks(d, indent + 1 + roll(d, 5));
}

/* N elements in brackets, made by ONE. */
static void
brackets(struct dice *d, unsigned n, unsigned indent, bool spread, bool (*one)(struct dice *d, unsigned indent, bool spread))
{
	put(d, "[");
	gap(d, spread, true, indent);
	for (unsigned i = 0; i < n; i++) {
		bool glued = one(d, indent, spread);

		if (chance(d, 20))
			gap(d, spread, glued, indent);
		if (i + 1 < n || chance(d, 10)) {
			put(d, ",");
			gap(d, spread, true, indent);
		}
	}
	put(d, "]");
}

static bool
one_word(struct dice *d, unsigned indent, bool spread)
{
	(void)indent;
	(void)spread;
	return word(d, item_word(d));
}

static bool
one_tuple(struct dice *d, unsigned indent, bool spread)
{
	brackets(d, 2, indent, spread && chance(d, 50), one_word);
	return true;
}

/* A list behind its key, up to the end of the line. */
static void
list(struct dice *d, unsigned n, unsigned indent)
{
	unsigned deep = indent + (chance(d, 70) ? 2 : 0);

	if (!n || chance(d, 60)) {
		if (chance(d, 15)) {
			eol(d, false);
			lines(d, indent);
			blanks(d, indent + 2);
		} else {
			put(d, " ");
		}
		brackets(d, n, indent, chance(d, 50), one_word);
		eol(d, true);
		return;
	}
	eol(d, false);
	for (unsigned i = 0; i < n; i++) {
		lines(d, deep);
		blanks(d, deep);
		put(d, "-");
		scalar(d, item_word(d), deep);
	}
}

/* --- items ------------------------------------------------------------------------------------------------------------------- */
static const char *const prose[] = {
	"short",
	"user %user.name did: things # and more",
	"A text that is too long for one line of a file that people read, and so has to be wrapped somewhere, at a blank, %proc.name",
};
static const char *const conditions[] = {
	"evt.type = open and proc.name = a",
	"evt.type in (open, openat) and proc.name = a and proc.name = b",
	"evt.type = open and (fd.name startswith /etc or fd.name startswith /etc/ssh) and not proc.name in (aaa, bbb, aaa) and proc.cmdline != c",
	"evt.type = open and proc.name in (systemd-resolved-long, a, a) and fd.name = \"etc: x # y\"",
	"not (evt.type = open and fd.name = etc/x)",
};

/* What stands between a key and its value. */
static void
key(struct dice *d, const char *name, unsigned indent)
{
	if (!chance(d, 5)) {
		put(d, name);
		put(d, ":");
		return;
	}
	put(d, "? ");
	put(d, name);
	eol(d, false);
	lines(d, indent);
	blanks(d, indent);
	put(d, ":");
}

static void
exceptions(struct dice *d, unsigned indent)
{
	eol(d, false);
	for (unsigned i = 0; i < 1 + roll(d, 2); i++) {
		lines(d, indent + 2);
		blanks(d, indent + 2);
		sk_buf_printf(&d->out, "- name: e%u", i);
		eol(d, false);
		lines(d, indent + 4);
		blanks(d, indent + 4);
		put(d, "fields: [proc.name, fd.name]");
		eol(d, true);
		lines(d, indent + 4);
		blanks(d, indent + 4);
		put(d, "values: ");
		brackets(d, 1 + roll(d, 2), indent + 4, chance(d, 50), one_tuple);
		eol(d, true);
	}
}

static void
pair(struct dice *d, const char *name, unsigned indent)
{
	char text[32];

	key(d, name, indent);
	if (strcmp(name, "condition") == 0) {
		scalar(d, conditions[roll(d, SK_COUNTOF(conditions))], indent);
	} else if (strcmp(name, "items") == 0 || strcmp(name, "tags") == 0) {
		list(d, roll(d, chance(d, 10) ? 60 : 6), indent);
	} else if (strcmp(name, "exceptions") == 0) {
		exceptions(d, indent);
	} else if (strcmp(name, "priority") == 0 || strcmp(name, "enabled") == 0) {
		put(d, *name == 'p' ? " INFO" : " true");
		eol(d, false);
	} else if (strcmp(name, "desc") == 0 || strcmp(name, "output") == 0 || strcmp(name, "unknown_key") == 0) {
		scalar(d, prose[roll(d, SK_COUNTOF(prose))], indent);
	} else {
		(void)snprintf(text, sizeof(text), " %s_%u", name, d->names++);
		put(d, text);
		eol(d, false);
	}
}

static void
item_in_braces(struct dice *d, unsigned dash)
{
	bool spread = chance(d, 50);

	sk_buf_printf(&d->out, "- {list: l%u", d->names++);
	gap(d, spread, false, dash);
	put(d, ",");
	gap(d, spread, true, dash);
	put(d, "items: ");
	brackets(d, roll(d, 4), dash, spread, one_word);
	put(d, "}");
	eol(d, true);
}

static void
item(struct dice *d, unsigned dash)
{
	static const char *const keys[3][9] = {
		{ "list", "items" },
		{ "macro", "condition" },
		{ "rule", "desc", "condition", "output", "priority", "tags", "exceptions", "enabled", "unknown_key" },
	};
	static const unsigned counts[] = { 2, 2, 9 };
	unsigned kind = roll(d, 3), n = counts[kind], first = chance(d, 70) ? 0 : roll(d, n), indent = dash + 2 + (chance(d, 10) ? 2 : 0);

	blanks(d, dash);
	if (chance(d, 5)) {
		item_in_braces(d, dash);
		return;
	}
	put(d, "-");
	if (chance(d, 5)) {
		eol(d, false);
		lines(d, indent);
		blanks(d, indent);
	} else {
		blanks(d, indent - dash - 1);
	}
	for (unsigned i = 0; i < n; i++) {
		const char *name = keys[kind][(first + i) % n];

		/* The last four of a rule need not be there. */
		if (i && (first + i) % n > 4 && chance(d, 60))
			continue;
		if (i) {
			lines(d, indent);
			blanks(d, indent);
		}
		pair(d, name, indent);
	}
	if (chance(d, 30))
		put(d, "\n");
}

static void
file(struct dice *d)
{
	if (chance(d, 5))
		put(d, "\xef\xbb\xbf");
	for (unsigned doc = 0; doc < 1 + roll(d, 3); doc++) {
		unsigned dash = chance(d, 20) ? 2 : 0;

		lines(d, 0);
		if (doc || chance(d, 20)) {
			put(d, "---");
			eol(d, false);
		}
		if (doc && chance(d, 20)) {
			lines(d, 0);
			put(d, "---\n");
		}
		for (unsigned i = 0; i < 1 + roll(d, 3); i++) {
			lines(d, dash);
			item(d, dash);
		}
		if (chance(d, 10)) {
			put(d, "...");
			eol(d, false);
			put(d, "---\n- list: behind the end\n  items: [z]\n");
		}
	}
	lines(d, 0);
}

/* --- tests ------------------------------------------------------------------------------------- */
static void
assert_same(const struct dice *d, struct sk_slice a, struct sk_slice b, const char *what)
{
	size_t i = 0;

	while (i < a.n && i < b.n && a.p[i] == b.p[i])
		i++;
	if (i < a.n || i < b.n)
		fail_msg("SK_SEED=%lu: %s; behind\n%.*s\n--- one has\n%.*s\n--- the other\n%.*s", (unsigned long)d->seed, what,
			 (int)(i < 200 ? i : 200), a.p + (i < 200 ? 0 : i - 200), (int)(a.n - i < 200 ? a.n - i : 200), a.p + i,
			 (int)(b.n - i < 200 ? b.n - i : 200), b.p + i);
}

/* Each comment once: said without the help of what looks for comments in the formatter. */
static void
assert_all_comments(const struct dice *d, struct sk_slice once)
{
	for (unsigned i = 0; i < d->comments; i++) {
		char name[16];
		int n = snprintf(name, sizeof(name), "c%u.", i);
		const char *p = memmem(once.p, once.n, name, (size_t)n), *again = NULL;

		while (p && p > once.p && p[-1] != ' ')
			p = memmem(p + 1, (size_t)(once.p + once.n - p - 1), name, (size_t)n);
		if (p)
			again = memmem(p + 1, (size_t)(once.p + once.n - p - 1), name, (size_t)n);
		if (!p || (again && again[-1] == ' '))
			fail_msg("SK_SEED=%lu: comment %s is not there once\n%.*s", (unsigned long)d->seed, name, SK_SLICE_ARG(once));
	}
}

/* True if the file was formatted; it may be refused only because of what allows findings. */
static bool
check(struct dice *d)
{
	struct sk_slice text = sk_buf_view(&d->out), why = { 0 }, once = fmt_format(text, &why);

	if (!once.n) {
		if (!d->allows || !memmem(why.p, why.n, "would allow something else", 26))
			fail_msg("SK_SEED=%lu: refused: %.*s\n%.*s", (unsigned long)d->seed, SK_SLICE_ARG(why), SK_SLICE_ARG(text));
		fmt_free(why);
		return false;
	}
	struct sk_slice twice = fmt_format(once, NULL), before = fmt_meaning(text), after = fmt_meaning(once);
	assert_all_comments(d, once);
	assert_same(d, once, twice, "formatting again changes the file");
	assert_same(d, before, after, "formatting changes what the file means");
	fmt_free(once);
	fmt_free(twice);
	fmt_free(before);
	fmt_free(after);
	return true;
}

static uint64_t
number(const char *variable, uint64_t otherwise)
{
	const char *s = getenv(variable);

	return s ? strtoull(s, NULL, 10) : otherwise;
}

static void
test_random_files(void **state)
{
	const char *seed = getenv("SK_SEED");
	uint64_t first = number("SK_FIRST", 1), n = number("SK_ROUNDS", 400);
	unsigned formatted = 0;

	(void)state;
	if (seed) {
		first = number("SK_SEED", 1);
		n = 1;
	}
	for (uint64_t i = first; i < first + n; i++) {
		struct dice d = { .seed = i };

		d.percent = roll(&d, 40);
		d.allows = i % 2 == 0;
		file(&d);
		assert_false(d.out.failed);
		if (seed)
			(void)fwrite(d.out.p, 1, d.out.n, stdout);
		formatted += check(&d);
		sk_buf_free(&d.out);
	}
	assert_true(formatted * 2 > n || seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_random_files) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
