/* What the compiler tells of the text of a rule, and which test it belongs to. */
#include "daemon/why/parts.h"

#include <jansson.h>

static char *
copy_of(const json_t *entry, const char *key)
{
	const char *s = json_string_value(json_object_get(entry, key));

	return s ? strdup(s) : NULL;
}

static char *
joined(const json_t *macros)
{
	struct sk_buf b = {0};
	char *ret = NULL;

	for (size_t i = 0; i < json_array_size(macros); i++) {
		const char *name = json_string_value(json_array_get(macros, i));

		sk_buf_printf(&b, "%s%s", i ? " > " : "", name ? name : "");
	}
	if (b.n && !b.failed)
		ret = strdup(sk_buf_cstr(&b));
	sk_buf_free(&b);
	return ret;
}

static bool
take(struct sk_why_origins *o, const json_t *entry)
{
	struct sk_why_origin x = {.file = copy_of(entry, "file"),
				  .text = copy_of(entry, "text"),
				  .exception = copy_of(entry, "exception"),
				  .macros = joined(json_object_get(entry, "macros")),
				  .line = (uint32_t)json_integer_value(json_object_get(entry, "line")),
				  .column = (uint32_t)json_integer_value(json_object_get(entry, "column"))};

	if (x.file && x.text && sk_vec_push(&o->v, x))
		return true;
	free(x.file);
	free(x.text);
	free(x.exception);
	free(x.macros);
	return false;
}

bool
sk_why_origins_read(struct sk_why_origins *o, struct sk_slice text)
{
	while (text.n) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;
		json_t *entry = json_loadb(text.p, n, 0, NULL);
		bool ok = entry && take(o, entry);

		json_decref(entry);
		if (!ok)
			return false;
		n += end != NULL;
		text = sk_slice(text.p + n, text.n - n);
	}
	return true;
}

/* --- places --- */
/* Both lists in the order of their places; the text of a file's name orders files, as the lists know files differently. */
static int
place_cmp(struct sk_slice file_a, uint32_t line_a, uint32_t column_a, struct sk_slice file_b, uint32_t line_b, uint32_t column_b)
{
	if (line_a != line_b)
		return line_a < line_b ? -1 : 1;
	if (column_a != column_b)
		return column_a < column_b ? -1 : 1;
	return sk_slice_cmp(file_a, file_b);
}

static int
atom_cmp(const void *pa, const void *pb)
{
	const struct sk_why_atom *a = *(struct sk_why_atom *const *)pa, *b = *(struct sk_why_atom *const *)pb;

	return place_cmp(a->file, a->line, a->column, b->file, b->line, b->column);
}

static int
origin_cmp(const void *pa, const void *pb)
{
	const struct sk_why_origin *a = *(struct sk_why_origin *const *)pa, *b = *(struct sk_why_origin *const *)pb;

	return place_cmp(sk_slice_cstr(a->file), a->line, a->column, sk_slice_cstr(b->file), b->line, b->column);
}

static int
meet(const struct sk_why_atom *a, const struct sk_why_origin *o)
{
	return place_cmp(a->file, a->line, a->column, sk_slice_cstr(o->file), o->line, o->column);
}

/* TEXT, of perhaps several lines, as one. */
static bool
take_text(struct sk_why_atom *a, const char *text)
{
	char *copy = strdup(text);

	for (char *p = copy; p && *p; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	if (!copy)
		return false;
	free(a->text);
	a->text = copy;
	return true;
}

/* NA atoms and NO origins of one place. The text is taken only if it is surely that of the atom: all tuples of an exception stand
 * in one place. */
static bool
join_place(struct sk_why_atom **atoms, size_t na, struct sk_why_origin **origins, size_t no)
{
	bool same = na == 1;

	for (size_t i = 1; same && i < no; i++)
		same = strcmp(origins[i]->text, origins[0]->text) == 0;
	for (size_t i = 0; i < na; i++) {
		atoms[i]->exception = origins[0]->exception;
		atoms[i]->macros = origins[0]->macros;
	}
	return !same || take_text(atoms[0], origins[0]->text);
}

static bool
join_sorted(struct sk_why_atom **atoms, size_t na, struct sk_why_origin **origins, size_t no)
{
	size_t a = 0, o = 0;

	while (a < na && o < no) {
		int c = meet(atoms[a], origins[o]);
		size_t a_end = a + 1, o_end = o + 1;

		if (c) {
			a += c < 0;
			o += c > 0;
			continue;
		}
		while (a_end < na && atom_cmp(&atoms[a], &atoms[a_end]) == 0)
			a_end++;
		while (o_end < no && origin_cmp(&origins[o], &origins[o_end]) == 0)
			o_end++;
		if (!join_place(atoms + a, a_end - a, origins + o, o_end - o))
			return false;
		a = a_end;
		o = o_end;
	}
	return true;
}

bool
sk_why_origins_join(const struct sk_why_origins *o, struct sk_why_atoms *a)
{
	SK_AUTO_FREE struct sk_why_atom **atoms = calloc(a->list.n + 1, sizeof(*atoms));
	SK_AUTO_FREE struct sk_why_origin **origins = calloc(o->v.n + 1, sizeof(*origins));

	if (!atoms || !origins)
		return false;
	for (size_t i = 0; i < a->list.n; i++)
		atoms[i] = &a->list.v[i];
	for (size_t i = 0; i < o->v.n; i++)
		origins[i] = &o->v.v[i];
	qsort(atoms, a->list.n, sizeof(*atoms), atom_cmp);
	qsort(origins, o->v.n, sizeof(*origins), origin_cmp);
	return join_sorted(atoms, a->list.n, origins, o->v.n);
}

void
sk_why_origins_free(struct sk_why_origins *o)
{
	for (size_t i = 0; i < o->v.n; i++) {
		free(o->v.v[i].file);
		free(o->v.v[i].text);
		free(o->v.v[i].exception);
		free(o->v.v[i].macros);
	}
	sk_vec_free(&o->v);
}
