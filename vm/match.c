/* Comparisons of bytes, patterns and addresses. */
#include "vm/machine.h"

bool
sk_match_contains(const struct sk_value *text, const struct sk_value *part)
{
	return part->n == 0 || (text->n >= part->n && memmem(text->s, text->n, part->s, part->n) != NULL);
}

SK_INLINE uint8_t
fold(uint8_t c)
{
	return (uint8_t)(c - 'A') < 26 ? (uint8_t)(c | 0x20) : c;
}

bool
sk_match_icontains(const struct sk_value *text, const struct sk_value *part)
{
	const uint8_t *t = (const uint8_t *)text->s, *p = (const uint8_t *)part->s;

	if (part->n == 0)
		return true;
	for (size_t i = 0; i + part->n <= text->n; i++) {
		size_t k = 0;

		while (k < part->n && fold(t[i + k]) == fold(p[k]))
			k++;
		if (k == part->n)
			return true;
	}
	return false;
}

int
sk_match_order(const struct sk_value *a, const struct sk_value *b)
{
	uint32_t n = a->n < b->n ? a->n : b->n;
	int c = n ? memcmp(a->s, b->s, n) : 0;

	return c ? c : (a->n > b->n) - (a->n < b->n);
}

bool
sk_match_net(const struct sk_value *addr, const struct sk_value *net)
{
	uint32_t bytes = net->prefix / 8, bits = net->prefix % 8;

	if (addr->ip != net->ip)
		return false;
	if (memcmp(addr->addr, net->addr, bytes) != 0)
		return false;
	uint8_t mask = (uint8_t)(0xff00u >> bits);
	return bits == 0 || ((addr->addr[bytes] ^ net->addr[bytes]) & mask) == 0;
}

/* --- shell patterns as fnmatch(3) without flags matches them, in the C locale ---------------------------------------------- */
/* Whether C is of the class NAME: 1 or 0, or -1 when there is no such class. */
static int
in_class(const char *name, size_t n, uint8_t c)
{
	static const struct {
		const char *name;
		const char *ranges; /* pairs of first and last */
	} classes[] = {
		{ "alpha", "AZaz" }, { "digit", "09" }, { "alnum", "AZaz09" }, { "upper", "AZ" }, { "lower", "az" }, { "space", "\t\r  " },
		{ "blank", "\t\t  " }, { "punct", "!/:@[`{~" }, { "print", " ~" }, { "graph", "!~" }, { "cntrl", "\001\037\177\177" }, { "xdigit", "09AFaf" },
	};

	for (size_t i = 0; i < SK_COUNTOF(classes); i++) {
		if (strlen(classes[i].name) != n || memcmp(classes[i].name, name, n) != 0)
			continue;
		for (const char *r = classes[i].ranges; *r; r += 2)
			if (c >= (uint8_t)r[0] && c <= (uint8_t)r[1])
				return 1;
		return 0;
	}
	return -1;
}

/* The character of a bracket expression at *I, a backslash taking the next literally. */
static uint8_t
bracket_char(const char *p, size_t pn, size_t *i)
{
	if (p[*i] == '\\' && *i + 1 < pn)
		(*i)++;
	return (uint8_t)p[(*i)++];
}

/* The length of the class "[:name:]" at P[K], or 0 when a '[' stands there that is a member like others. A name is of the letters a to y, as the GNU C library
 * reads it: no class has a z. */
static size_t
class_length(const char *p, size_t pn, size_t k)
{
	size_t i = k + 2;

	if (i > pn || p[k] != '[' || p[k + 1] != ':')
		return 0;
	while (i < pn && p[i] >= 'a' && p[i] < 'z')
		i++;
	return i + 1 < pn && p[i] == ':' && p[i + 1] == ']' ? i + 2 - k : 0;
}

/* Match C against the bracket expression whose '[' stands before P[I]. Returns 1 or 0 and moves *I behind the ']', or -1 when it is not closed: '[' is then a
 * character like others. A class that does not exist matches nothing, inverted or not. */
static int
bracket(const char *p, size_t pn, size_t *i, uint8_t c, bool nocase)
{
	size_t k = *i;
	bool invert = k < pn && (p[k] == '!' || p[k] == '^'), hit = false, broken = false;
	uint8_t folded = fold(c);

	k += invert;
	for (bool first = true; k < pn && (p[k] != ']' || first); first = false) {
		size_t length = class_length(p, pn, k);

		if (length) {
			int in = in_class(p + k + 2, length - 4, c); /* classes look at the character as it is */

			broken |= in < 0 && !hit;
			hit |= in > 0;
			k += length;
			continue;
		}
		uint8_t lo = bracket_char(p, pn, &k), hi = lo;

		if (k + 1 < pn && p[k] == '-' && p[k + 1] != ']') {
			k++;
			hi = bracket_char(p, pn, &k);
		}
		hit |= nocase ? folded >= fold(lo) && folded <= fold(hi) : c >= lo && c <= hi;
	}
	if (k >= pn)
		return -1;
	*i = k + 1;
	return !broken && hit != invert;
}

/* One pattern element other than '*' at P[*PI] against character C; moves *PI behind it. */
static bool
glob_one(const char *p, size_t pn, size_t *pi, uint8_t c, bool nocase)
{
	uint8_t want = (uint8_t)p[(*pi)++];

	if (want == '?')
		return true;
	if (want == '[') {
		int r = bracket(p, pn, pi, c, nocase);

		if (r >= 0)
			return r != 0;
	} else if (want == '\\') {
		if (*pi >= pn)
			return false; /* a backslash that quotes nothing matches nothing */
		want = (uint8_t)p[(*pi)++];
	}
	return nocase ? fold(want) == fold(c) : want == c;
}

bool
sk_match_glob(const char *text, size_t n, const char *pattern, size_t pn, bool nocase)
{
	size_t ti = 0, pi = 0;
	size_t star_p = SIZE_MAX, star_t = 0; /* where to resume after the last '*': only that one ever needs another try */

	while (ti < n) {
		if (pi < pn && pattern[pi] == '*') {
			star_p = ++pi;
			star_t = ti;
			continue;
		}
		if (pi < pn) {
			size_t next = pi;

			if (glob_one(pattern, pn, &next, (uint8_t)text[ti], nocase)) {
				pi = next;
				ti++;
				continue;
			}
		}
		if (star_p == SIZE_MAX)
			return false;
		pi = star_p;
		ti = ++star_t;
	}
	while (pi < pn && pattern[pi] == '*')
		pi++;
	return pi == pn;
}
