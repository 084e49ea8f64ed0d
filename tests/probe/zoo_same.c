#include "tests/probe/zoo_same.h"

#include "base/attr.h"
#include "base/slice.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

/* --- the table ------------------------------------------------------------------------------------------------------------- */
bool
zoo_same_read(struct zoo_same *ret, const char *table)
{
	SK_AUTO_FCLOSE FILE *in = fopen(table, "re");
	char line[1024];

	while (in && fgets(line, sizeof(line), in)) {
		char *save = NULL, *part[4] = { NULL };

		line[strcspn(line, "\n")] = '\0';
		if (*line == '#' || !*line)
			continue;
		for (size_t i = 0; i < 4; i++)
			part[i] = strtok_r(i ? NULL : line, i < 3 ? "\t" : "", &save);
		if (!part[3] || (strcmp(part[0], "aside") != 0 && strcmp(part[0], "except") != 0)) {
			(void)fprintf(stderr, "%s: not 'kind TAB event TAB field TAB reason': %s\n", table, line);
			return false;
		}
		if (!sk_vec_push(&ret->rules, (struct zoo_rule){ strdup(part[0]), strdup(part[1]), strdup(part[2]), strdup(part[3]), 0 }))
			return false;
	}
	return in != NULL;
}

void
zoo_same_free(struct zoo_same *s)
{
	for (size_t i = 0; i < s->rules.n; i++) {
		free(s->rules.v[i].kind);
		free(s->rules.v[i].event);
		free(s->rules.v[i].field);
		free(s->rules.v[i].reason);
	}
	sk_vec_free(&s->rules);
}

static struct zoo_rule *
rule_for(struct zoo_same *s, const char *kind, const char *event, const char *field)
{
	for (size_t i = 0; i < s->rules.n; i++) {
		struct zoo_rule *r = &s->rules.v[i];

		if (strcmp(r->kind, kind) == 0 && fnmatch(r->event, event, 0) == 0 && fnmatch(r->field, field, FNM_NOESCAPE) == 0)
			return r;
	}
	return NULL;
}

/* --- texts ----------------------------------------------------------------------------------------------------------------- */
/* Number of a thread of the one is that of the same thread of the other. */
static bool
same_thread(const struct zoo_same *s, long long x, long long y)
{
	for (size_t i = 0; i < s->a->threads.n; i++)
		if (s->a->threads.v[i].tid == x && s->a->threads.v[i].peer != UINT32_MAX && s->b->threads.v[s->a->threads.v[i].peer].tid == y)
			return true;
	return false;
}

static size_t
word(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

/* Addresses of programs and of the kernel, in hexadecimal: of nothing else are there so long ones. */
static bool
is_address(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isxdigit((unsigned char)p[i]))
			return false;
	return n >= 11 && n <= 16;
}

static bool
same_number(const struct zoo_same *s, long long x, long long y)
{
	bool addresses = (x > 1ll << 40 && y > 1ll << 40) || (x < -(1ll << 40) && y < -(1ll << 40));

	return x == y || addresses || same_thread(s, x, y);
}

static bool
same_digits(const struct zoo_same *s, const char *x, size_t n, const char *y, size_t m)
{
	char *ex, *ey;
	long long vx = strtoll(x, &ex, 10), vy = strtoll(y, &ey, 10);

	return n && m && ex == x + n && ey == y + m && same_number(s, vx, vy);
}

/* A number may follow a name: "python31234" is thread 1234 of python3. */
static bool
same_word(const struct zoo_same *s, const char *x, size_t n, const char *y, size_t m)
{
	if ((n == m && memcmp(x, y, n) == 0) || (is_address(x, n) && is_address(y, m)))
		return true;
	for (size_t i = 0; i < n && i < m; i++) {
		if (same_digits(s, x + i, n - i, y + i, m - i))
			return true;
		if (x[i] != y[i])
			return false;
	}
	return false;
}

/* Length of "name=value" up to the next one, or to the end. */
static size_t
piece(const char *p)
{
	size_t n = 0;

	while (p[n]) {
		size_t w = p[n] == ' ' ? word(p + n + 1) : 0;

		if (w && p[n + 1 + w] == '=')
			break;
		n++;
	}
	return n;
}

static bool
same_words(const struct zoo_same *s, const char *x, size_t n, const char *y, size_t m)
{
	const char *xe = x + n, *ye = y + m;

	while (x < xe && y < ye) {
		size_t wx = word(x), wy = word(y);

		if (wx > (size_t)(xe - x))
			wx = (size_t)(xe - x);
		if (wy > (size_t)(ye - y))
			wy = (size_t)(ye - y);
		if (!wx != !wy || (!wx && *x != *y) || (wx && !same_word(s, x, wx, y, wy)))
			return false;
		x += wx ? wx : 1;
		y += wy ? wy : 1;
	}
	return x == xe && y == ye;
}

/* The texts of all parameters: of each the name says whether it is compared; the rule of the first that differs is *RET. */
static bool
same_params(struct zoo_same *s, const char *event, const char *x, const char *y, struct zoo_rule **ret)
{
	while (*x && *y) {
		size_t n = piece(x), m = piece(y), name = strcspn(x, "=");
		char field[64];

		(void)snprintf(field, sizeof(field), "param.%.*s", (int)(name < 50 ? name : 50), x);
		struct zoo_rule *aside = rule_for(s, "aside", event, field), *r = rule_for(s, "except", event, field);
		if (aside)
			aside->used++;
		else if (!same_words(s, x, n, y, m) && !r)
			return false;
		else if (!same_words(s, x, n, y, m))
			*ret = r;
		x += n + (x[n] == ' ');
		y += m + (y[m] == ' ');
	}
	return !*x && !*y;
}

static enum zoo_verdict
same_text(struct zoo_same *s, const char *event, const char *field, const char *x, const char *y)
{
	SK_AUTO_FREE char *px = malloc(strlen(x) + 1), *py = malloc(strlen(y) + 1);
	struct zoo_rule *why = NULL;

	if (!px || !py)
		return ZOO_DIFFERS;
	size_t n = zoo_plain(x, strlen(x), px, strlen(x) + 1), m = zoo_plain(y, strlen(y), py, strlen(y) + 1);
	if (strcmp(field, "evt.args") != 0 && strcmp(field, "evt.info") != 0)
		return same_words(s, px, n, py, m) ? ZOO_EQUAL : ZOO_DIFFERS;
	if (!same_params(s, event, px, py, &why))
		return ZOO_DIFFERS;
	if (why)
		why->used++;
	return why ? ZOO_EXCEPT : ZOO_EQUAL;
}

/* --- values ---------------------------------------------------------------------------------------------------------------- */
static enum zoo_verdict same_value(struct zoo_same *s, const char *event, const char *field, const json_t *x, const json_t *y);

/* Lists of kinds have no order. */
static enum zoo_verdict
same_list(struct zoo_same *s, const char *event, const char *field, const json_t *x, const json_t *y)
{
	size_t n = json_array_size(x);

	for (size_t i = 0; i < n; i++) {
		size_t found = 0;

		for (size_t k = 0; k < n; k++)
			found += same_value(s, event, field, json_array_get(x, i), json_array_get(y, k)) != ZOO_DIFFERS;
		if (!found)
			return ZOO_DIFFERS;
	}
	return n == json_array_size(y) ? ZOO_EQUAL : ZOO_DIFFERS;
}

static enum zoo_verdict
same_value(struct zoo_same *s, const char *event, const char *field, const json_t *x, const json_t *y)
{
	if (json_is_string(x) && json_is_string(y))
		return same_text(s, event, field, json_string_value(x), json_string_value(y));
	if (json_is_integer(x) && json_is_integer(y))
		return same_number(s, json_integer_value(x), json_integer_value(y)) ? ZOO_EQUAL : ZOO_DIFFERS;
	if (json_is_number(x) && json_is_number(y))
		return json_number_value(x) == json_number_value(y) ? ZOO_EQUAL : ZOO_DIFFERS;
	if (json_is_array(x) && json_is_array(y))
		return same_list(s, event, field, x, y);
	return json_equal(x, y) ? ZOO_EQUAL : ZOO_DIFFERS;
}

enum zoo_verdict
zoo_same(struct zoo_same *s, const char *event, const char *field, const json_t *want, const json_t *got)
{
	enum zoo_verdict v = want && got ? same_value(s, event, field, want, got) : want || got ? ZOO_DIFFERS : ZOO_EQUAL;
	struct zoo_rule *r = rule_for(s, "aside", event, field);

	if (r)
		r->used++;
	if (r)
		return ZOO_ASIDE;
	if (v != ZOO_DIFFERS)
		return v;
	r = rule_for(s, "except", event, field);
	if (r)
		r->used++;
	return r ? ZOO_EXCEPT : ZOO_DIFFERS;
}
