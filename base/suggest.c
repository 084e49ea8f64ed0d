#include "base/suggest.h"

/* Longer names are not compared: the table of distances is on the stack. */
#define LONGEST 64u

static unsigned
min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
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
			unsigned swap =
			    i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] ? before[j - 2] + 1 : LONGEST;

			now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a.p[i - 1] != b.p[j - 1]));
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
	/* A third of the letters wrong is a different word. */
	size_t allowed = s->wanted.n / 3 + 1, gap = s->wanted.n > name.n ? s->wanted.n - name.n : name.n - s->wanted.n;

	if (!name.n || name.n > LONGEST || s->wanted.n > LONGEST || s->wanted.n < 2 || gap > allowed)
		return;
	unsigned d = edits(s->wanted, name);
	if (d > allowed || (s->best.n && d >= s->distance))
		return;
	s->best = name;
	s->distance = d;
}
