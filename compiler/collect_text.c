/* Texts that are put together of parts and still know where each part stands. */
#include "compiler/collect.h"

#include <saker/limits.h>

const struct sk_text *
sk_glue_text(struct sk_compile *cx, struct sk_slice s, struct sk_loc loc)
{
	struct sk_text *t = SK_NEW(cx->arena, struct sk_text);

	if (!t)
		return NULL;
	t->s = sk_arena_dup(cx->arena, s);
	t->file = loc.file;
	t->whole = loc.span;
	return t->s.p ? t : NULL;
}

static size_t
joined_length(const sk_texts *parts)
{
	size_t n = parts->n - 1;

	for (size_t i = 0; i < parts->n; i++)
		n += parts->v[i]->s.n;
	return n;
}

static void
fill(struct sk_text *t, char *p, const sk_texts *parts, char between)
{
	size_t n = 0;

	for (size_t i = 0; i < parts->n; i++) {
		struct sk_slice s = parts->v[i]->s;

		if (i && between)
			p[n++] = between;
		t->parts[i] = (struct sk_text_part){ (uint32_t)n, parts->v[i] };
		memcpy(p + n, s.p, s.n);
		n += s.n;
	}
	t->s = sk_slice(p, n);
}

const struct sk_text *
sk_join_texts(struct sk_compile *cx, const sk_texts *parts, char between)
{
	if (parts->n == 1)
		return parts->v[0];
	struct sk_text *t = SK_NEW(cx->arena, struct sk_text);
	size_t n = parts->n ? joined_length(parts) : 0;
	char *p = n >= UINT32_MAX ? NULL : sk_arena_alloc(cx->arena, n + 1);

	if (!t || !p)
		return NULL;
	t->parts = SK_NEW_ARRAY(cx->arena, parts->n + 1, struct sk_text_part);
	if (!t->parts)
		return NULL;
	t->nparts = (uint32_t)parts->n;
	if (parts->n) {
		t->file = parts->v[0]->file;
		t->whole = parts->v[0]->whole;
	}
	fill(t, p, parts, between);
	return t;
}
