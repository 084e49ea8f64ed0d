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
