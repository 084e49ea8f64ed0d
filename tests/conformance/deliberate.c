#include "tests/conformance/deliberate.h"

#include "base/attr.h"
#include "base/vec.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct entry {
	char *condition, reason[32];
	bool seen;
};

struct sk_deliberate {
	SK_VEC(struct entry) v;
};

/* LINE is "capture TAB JSON TAB reason"; false if it is malformed. Lines of other captures are passed over. */
static bool
add(struct sk_deliberate *d, char *line, const char *capture)
{
	char *json = strchr(line, '\t'), *reason = json ? strchr(json + 1, '\t') : NULL;

	if (!reason)
		return false;
	*json++ = '\0';
	*reason++ = '\0';
	if (strcmp(line, capture) != 0)
		return true;
	json_t *s = json_loads(json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	struct entry e = { .condition = json_is_string(s) ? strdup(json_string_value(s)) : NULL };
	json_decref(s);
	(void)snprintf(e.reason, sizeof(e.reason), "%.*s", (int)strcspn(reason, "\n"), reason);
	if (e.condition && sk_vec_push(&d->v, e))
		return true;
	free(e.condition);
	return false;
}

struct sk_deliberate *
sk_deliberate_read(const char *path, const char *capture)
{
	SK_AUTO_FCLOSE FILE *f = fopen(path, "re");
	SK_AUTO_FREE char *line = NULL;
	struct sk_deliberate *d = f ? calloc(1, sizeof(*d)) : NULL;
	size_t cap = 0;

	if (!d) {
		perror(path);
		return NULL;
	}
	while (getline(&line, &cap, f) > 0) {
		if (*line == '#' || add(d, line, capture))
			continue;
		fprintf(stderr, "%s: line not understood: %s\n", path, line);
		sk_deliberate_free(d);
		return NULL;
	}
	return d;
}

void
sk_deliberate_free(struct sk_deliberate *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->v.n; i++)
		free(d->v.v[i].condition);
	sk_vec_free(&d->v);
	free(d);
}

const char *
sk_deliberate_reason(struct sk_deliberate *d, const char *condition)
{
	for (size_t i = 0; d && i < d->v.n; i++)
		if (strcmp(d->v.v[i].condition, condition) == 0) {
			d->v.v[i].seen = true;
			return d->v.v[i].reason;
		}
	return NULL;
}

bool
sk_deliberate_all_seen(const struct sk_deliberate *d)
{
	bool all = true;

	for (size_t i = 0; d && i < d->v.n; i++)
		if (!d->v.v[i].seen) {
			fprintf(stderr, "listed as deliberate, but no condition of the capture: %s\n", d->v.v[i].condition);
			all = false;
		}
	return all;
}
