#include "tests/conformance/dump_file.h"

#include "base/attr.h"

#include <string.h>
#include <zlib.h>

#define MAX_LINE (8 << 20)

static bool
add_field(struct sk_dump *d, const char *text)
{
	struct sk_dump_field c = { .text = strdup(text) };

	if (c.text && !sk_field_ref_parse(sk_slice_cstr(c.text), &c.ref))
		(void)fprintf(stderr, "%s: not a field\n", text);
	if (c.text && sk_vec_push(&d->fields, c))
		return true;
	free(c.text);
	return false;
}

/* KNOWN remembers the names already seen: looking them all up per line would be quadratic. */
static bool
add_line(struct sk_dump *d, json_t *known, const char *text)
{
	json_t *whole = json_loads(text, 0, NULL), *n = json_object_get(whole, "n"), *f = json_object_get(whole, "f"), *value;
	const char *key;
	bool ok = json_is_integer(n) && json_is_object(f);

	if (ok)
		json_object_foreach (f, key, value)
			if (!json_object_get(known, key))
				ok = ok && add_field(d, key) && json_object_set_new(known, key, json_true()) == 0;
	if (ok && !sk_vec_push(&d->lines, (struct sk_dump_line){ (uint64_t)json_integer_value(n), json_incref(f) }))
		ok = false;
	json_decref(whole);
	return ok;
}

bool
sk_dump_read(struct sk_dump *ret, const char *path)
{
	gzFile in = gzopen(path, "rb");
	char *text = malloc(MAX_LINE);
	json_t *known = json_object();
	bool ok = in && text && known;

	while (ok && gzgets(in, text, MAX_LINE))
		ok = add_line(ret, known, text);
	json_decref(known);
	free(text);
	if (in)
		(void)gzclose(in);
	return ok && ret->lines.n;
}

void
sk_dump_free(struct sk_dump *d)
{
	for (size_t i = 0; i < d->fields.n; i++)
		free(d->fields.v[i].text);
	for (size_t i = 0; i < d->lines.n; i++)
		json_decref(d->lines.v[i].f);
	sk_vec_free(&d->fields);
	sk_vec_free(&d->lines);
}

void
sk_dump_load(struct sk_buf *out, struct sk_fields *f, const struct sk_dump_field *field)
{
	struct sk_loader loader = sk_fields_loader(f);
	struct sk_value v = { .kind = SK_V_NONE };
	struct sk_field_arg_value arg = field->ref.arg;
	SK_AUTO_FREE char *key = arg.key ? strndup(arg.key, arg.key_len) : NULL;

	out->n = 0;
	if (!field->ref.field || !loader.load[field->ref.field->id]) {
		sk_buf_str(out, "null");
		return;
	}
	arg.key = key;
	arg.aux = loader.bind ? loader.bind(loader.ctx, (enum sk_field_id)field->ref.field->id, &arg) : 0;
	if (!loader.load[field->ref.field->id](loader.ctx, &arg, &v))
		v.kind = SK_V_NONE;
	sk_field_json(out, f, (enum sk_field_id)field->ref.field->id, &v);
}
