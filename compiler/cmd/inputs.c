#include "compiler/cmd/cmd.h"

#include <dirent.h>
#include <errno.h>
#include <saker/limits.h>
#include <sys/stat.h>

static bool
keep(struct sk_inputs *in, char *p)
{
	if (!p || sk_vec_push(&in->memory, p))
		return true;
	free(p);
	return false;
}

/* TEXT's memory goes over to IN. */
static bool
add(struct sk_inputs *in, const char *name, struct sk_buf *text, const char *error)
{
	struct sk_compile_input input = { .text = sk_buf_view(text), .error = error };
	char *copy = strdup(name);

	if (!keep(in, text->p) || !copy || !keep(in, copy))
		return false;
	input.name = sk_slice_cstr(copy);
	return sk_vec_push(&in->v, input);
}

static const char *
read_stream(FILE *f, struct sk_buf *text)
{
	for (;;) {
		char *room = sk_buf_room(text, 65536);
		size_t n = room ? fread(room, 1, 65536, f) : 0;

		text->n += n;
		if (!room)
			return "out of memory";
		if (text->n > SK_MAX_RULE_FILE)
			return "the file is too large";
		if (ferror(f))
			return strerror(errno);
		if (!n)
			return NULL;
	}
}

static bool
read_file(struct sk_inputs *in, const char *path)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *f = standard ? stdin : fopen(path, "rbe");
	struct sk_buf text = { 0 };
	const char *error = f ? read_stream(f, &text) : strerror(errno);

	if (f && !standard)
		(void)fclose(f);
	if (error)
		sk_buf_free(&text); /* leaves an empty one */
	return add(in, path, &text, error);
}

/* Folders and pipes whose names end so are no rule files. */
static bool
is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 || S_ISREG(st.st_mode); /* what cannot be looked at is reported as a file that cannot be read */
}

static int
has_rule_name(const struct dirent *d)
{
	struct sk_slice name = sk_slice_cstr(d->d_name);

	return name.p[0] != '.' && (sk_slice_ends(name, SK_SLICE(".yaml")) || sk_slice_ends(name, SK_SLICE(".yml")));
}

/* By bytes: the order must not depend on the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
read_directory(struct sk_inputs *in, const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, has_rule_name, by_name);
	struct sk_buf none = { 0 };
	size_t before = in->v.n;
	bool ok = true;

	if (n < 0)
		return add(in, path, &none, strerror(errno));
	for (int i = 0; i < n; i++) {
		struct sk_buf name = { 0 };

		sk_buf_printf(&name, "%s%s%s", path, *path && path[strlen(path) - 1] == '/' ? "" : "/", entries[i]->d_name);
		ok = ok && !name.failed && (!is_regular(sk_buf_cstr(&name)) || read_file(in, sk_buf_cstr(&name)));
		sk_buf_free(&name);
		free(entries[i]);
	}
	free(entries);
	if (ok && in->v.n == before)
		fprintf(stderr, "sakerc: no rule files (*.yaml, *.yml) in %s\n", path);
	return ok;
}

bool
sk_inputs_read(struct sk_inputs *in, char *const *paths, size_t n)
{
	struct stat st;

	for (size_t i = 0; i < n; i++) {
		bool directory = stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode);

		if (!(directory ? read_directory(in, paths[i]) : read_file(in, paths[i])))
			return false;
	}
	return true;
}

void
sk_inputs_free(struct sk_inputs *in)
{
	for (size_t i = 0; i < in->memory.n; i++)
		free(in->memory.v[i]);
	sk_vec_free(&in->memory);
	sk_vec_free(&in->v);
}
