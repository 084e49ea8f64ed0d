#include "tests/conformance/dump_exceptions.h"

#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct exception {
	char field[64], reason[32];
	unsigned long long most;
};

struct sk_dump_exceptions {
	SK_VEC(struct exception) v;
};

static bool
read_line(struct sk_dump_exceptions *x, const char *line)
{
	struct exception e;

	if (*line == '#')
		return true;
	return sscanf(line, "%63[^\t]\t%llu\t%31[^\n]", e.field, &e.most, e.reason) == 3 && sk_vec_push(&x->v, e);
}

struct sk_dump_exceptions *
sk_dump_exceptions_read(const char *path)
{
	struct sk_dump_exceptions *x = calloc(1, sizeof(*x));
	FILE *f = fopen(path, "re");
	char line[512];
	bool ok = x && f;

	while (ok && fgets(line, sizeof(line), f))
		ok = read_line(x, line);
	if (f)
		(void)fclose(f);
	if (ok)
		return x;
	(void)fprintf(stderr, "%s: cannot be read, or a line is not \"field TAB number TAB reason\"\n", path);
	sk_dump_exceptions_free(x);
	return NULL;
}

void
sk_dump_exceptions_free(struct sk_dump_exceptions *x)
{
	if (!x)
		return;
	sk_vec_free(&x->v);
	free(x);
}

uint64_t
sk_dump_exceptions_allow(const struct sk_dump_exceptions *x, const char *field, const char **reason)
{
	*reason = NULL;
	for (size_t i = 0; x && i < x->v.n; i++)
		if (strcmp(x->v.v[i].field, field) == 0) {
			*reason = x->v.v[i].reason;
			return x->v.v[i].most;
		}
	return 0;
}
