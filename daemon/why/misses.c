/* The events that are shown: values are copied, as they are gone with the next event. */
#include "daemon/why/parts.h"

#include "base/hash.h"

/* Is A to be shown before B? */
static bool
before(const struct sk_why_shown *a, const struct sk_why_shown *b)
{
	return a->distance != b->distance ? a->distance < b->distance : a->hinted && !b->hinted;
}

/* What is in the way of the event, and whether there is a hint about it. */
static bool
describe(struct sk_why_shown *s, const struct sk_why_atoms *a, struct sk_vm *vm, const struct sk_why_verdict *v)
{
	struct sk_buf text = {0}, hint = {0};
	bool ok;

	sk_buf_printf(&text, "%.*s", SK_SLICE_ARG(s->taken));
	for (uint32_t i = 0; i < a->list.n; i++) {
		if (!v->v[i].needed)
			continue;
		sk_buf_printf(&text, "|%u:", i);
		(void)sk_why_value(a, vm, a->list.v[i].subject, &text);
		s->hinted = s->hinted || (!v->v[i].holds && sk_why_hint(a, vm, i, &hint));
	}
	/* Matches are shown one by one. */
	s->likeness = v->matched ? s->num : sk_hash_bytes(sk_buf_view(&text).p, text.n);
	ok = !text.failed && !hint.failed;
	sk_buf_free(&text);
	sk_buf_free(&hint);
	return ok;
}

static void
shown_free(struct sk_why_shown *s, const struct sk_why_atoms *a)
{
	for (size_t i = 0; s->lines && i < a->list.n; i++)
		free(s->lines[i].hint);
	for (size_t i = 0; s->values && i < a->subjects.n; i++)
		free(s->values[i]);
	free(s->lines);
	free(s->values);
	free(s->comm);
}

static bool
copy_text(const struct sk_buf *text, char **ret)
{
	*ret = text->failed ? NULL : strndup(sk_buf_view(text).p, text->n);
	return *ret != NULL;
}

static bool
copy_values(struct sk_why_shown *s, const struct sk_why_atoms *a, struct sk_vm *vm)
{
	struct sk_buf text = {0};
	bool ok = true;

	for (uint32_t i = 0; ok && i < a->subjects.n; i++) {
		text.n = 0;
		ok = !sk_why_value(a, vm, i, &text) || copy_text(&text, &s->values[i]);
	}
	sk_buf_free(&text);
	return ok;
}

static bool
copy_hint(struct sk_why_line *line, const struct sk_why_atoms *a, struct sk_vm *vm, uint32_t i)
{
	struct sk_buf text = {0};
	bool ok = !line->o.needed || line->o.holds || !sk_why_hint(a, vm, i, &text) || copy_text(&text, &line->hint);

	sk_buf_free(&text);
	return ok;
}

static bool
copy_event(struct sk_why_shown *s, const struct sk_why_atoms *a, struct sk_vm *vm, const struct sk_event_ctx *x,
	   const struct sk_why_verdict *v)
{
	struct sk_slice comm = x->thread ? sk_str_slice(x->thread->comm) : SK_SLICE("");

	s->comm = strndup(comm.p, comm.n);
	s->lines = calloc(a->list.n + 1, sizeof(*s->lines));
	s->values = calloc(a->subjects.n + 1, sizeof(*s->values));
	if (!s->comm || !s->lines || !s->values || (s->has_code && !copy_values(s, a, vm)))
		return false;
	for (uint32_t i = 0; s->has_code && i < a->list.n; i++) {
		s->lines[i].o = v->v[i];
		if (!copy_hint(&s->lines[i], a, vm, i))
			return false;
	}
	return true;
}

static bool
insert(struct sk_why_list *l, const struct sk_why_shown *s, const struct sk_why_atoms *a)
{
	size_t at;

	if (!sk_vec_push(&l->v, *s))
		return false;
	for (at = l->v.n - 1; at > 0 && before(s, &l->v.v[at - 1]); at--)
		l->v.v[at] = l->v.v[at - 1];
	l->v.v[at] = *s;
	if (l->v.n > l->limit)
		shown_free(&l->v.v[--l->v.n], a);
	return true;
}

bool
sk_why_keep(struct sk_why_list *l, const struct sk_why_atoms *a, struct sk_vm *vm, const struct sk_event_ctx *x,
	    const struct sk_why_verdict *v, struct sk_slice taken, bool of_type)
{
	struct sk_why_shown s = {.num = x->ev->num,
				 .ts = x->ev->ts,
				 .tid = x->ev->tid,
				 .type = x->ev->desc->name,
				 .matched = v->matched,
				 .of_type = of_type,
				 .shown = x->deliver,
				 .has_code = a->blocks[x->ev->type].end != 0,
				 .distance = v->distance,
				 .exception = v->exception,
				 .taken = taken};

	if (l->v.n >= l->limit && l->v.v[l->v.n - 1].distance < s.distance)
		return true;
	if (!describe(&s, a, vm, v))
		return false;
	for (size_t i = 0; i < l->v.n; i++)
		if (l->v.v[i].distance == s.distance && l->v.v[i].likeness == s.likeness) {
			l->v.v[i].alike++;
			return true;
		}
	if (l->v.n >= l->limit && !before(&s, &l->v.v[l->v.n - 1]))
		return true;
	if (copy_event(&s, a, vm, x, v) && insert(l, &s, a))
		return true;
	shown_free(&s, a);
	return false;
}

void
sk_why_list_free(struct sk_why_list *l, const struct sk_why_atoms *a)
{
	for (size_t i = 0; i < l->v.n; i++)
		shown_free(&l->v.v[i], a);
	sk_vec_free(&l->v);
}
