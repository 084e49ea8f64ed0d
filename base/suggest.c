#include "base/suggest.h"

/* Longer names are not compared: the table of distances is on the stack. */
#define LONGEST 64u

static unsigned
min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* ASCII only: capitals are how a name is spelled, not another name. */
static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Which characters there are, six bits of each. */
static uint64_t
characters(struct sk_slice s)
{
	uint64_t set = 0;

	for (size_t i = 0; i < s.n; i++)
		set |= 1ull << (small(s.p[i]) & 63);
	return set;
}

/* Edits that turn A into B: insert, delete, replace, swap two neighbours. */
static unsigned
edits(struct sk_slice a, struct sk_slice b)
{
	unsigned rows[3][LONGEST + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2];

	for (unsigned j = 0; j <= b.n; j++)
		before[j] = last[j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		now[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			bool swapped = i > 1 && j > 1 && small(a.p[i - 1]) == small(b.p[j - 2]) &&
				       small(a.p[i - 2]) == small(b.p[j - 1]);
			unsigned swap = swapped ? before[j - 2] + 1 : LONGEST;

			now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + (small(a.p[i - 1]) != small(b.p[j - 1])));
			now[j] = swap < now[j] ? swap : now[j];
		}
		unsigned *free_row = before;
		before = last;
		last = now;
		now = free_row;
	}
	return last[b.n];
}

void
sk_suggest_offer(struct sk_suggest *s, struct sk_slice name)
{
	/* More than a third of the letters wrong is a different word, and so is any other letter in a word of two. */
	size_t allowed = s->wanted.n / 3, gap = s->wanted.n > name.n ? s->wanted.n - name.n : name.n - s->wanted.n;

	if (!name.n || name.n > LONGEST || s->wanted.n > LONGEST || s->wanted.n < 2 || gap > allowed)
		return;
	/* An edit takes away one character and adds another, at most: most names are told apart without a table. */
	if ((size_t)__builtin_popcountll(characters(s->wanted) ^ characters(name)) > 2 * allowed)
		return;
	unsigned d = edits(s->wanted, name);
	if (d > allowed || (s->best.n && d >= s->distance))
		return;
	s->best = name;
	s->distance = d;
}

struct sk_slice
sk_suggest_among(struct sk_slice wanted, const char *const names[], size_t n)
{
	struct sk_suggest s = { .wanted = wanted };

	for (size_t i = 0; i < n; i++)
		if (names[i])
			sk_suggest_offer(&s, sk_slice_cstr(names[i]));
	return s.best;
}
