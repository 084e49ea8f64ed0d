/* The events that are shown: values are copied, as they are gone with the next event. */
#include "daemon/why/parts.h"

bool
sk_why_wants(const struct sk_why_list *l, uint32_t distance)
{
	return l->limit && (l->v.n < l->limit || distance < l->v.v[l->v.n - 1].distance);
}

static void
shown_free(struct sk_why_shown *s, size_t natoms)
{
	for (size_t i = 0; s->lines && i < natoms; i++) {
		free(s->lines[i].value);
		free(s->lines[i].hint);
	}
	free(s->lines);
	free(s->comm);
}

static bool
copy_line(struct sk_why_line *line, const struct sk_why_atoms *a, struct sk_vm *vm, uint32_t i)
{
	struct sk_buf text = { 0 };
	bool ok = true;

	if (sk_why_value(a, vm, i, &text)) {
		line->value = text.failed ? NULL : strdup(sk_buf_cstr(&text));
		ok = line->value != NULL;
	}
	text.n = 0;
	if (ok && line->o.needed && sk_why_hint(a, vm, i, &text)) {
		line->hint = text.failed ? NULL : strdup(sk_buf_cstr(&text));
		ok = line->hint != NULL;
	}
	sk_buf_free(&text);
	return ok;
}

static bool
copy_event(struct sk_why_shown *s, const struct sk_why_atoms *a, struct sk_vm *vm, const struct sk_event_ctx *x, const struct sk_why_verdict *v)
{
	struct sk_slice comm = x->thread ? sk_str_slice(x->thread->comm) : SK_SLICE("");

	s->comm = strndup(comm.p, comm.n);
	s->lines = calloc(a->list.n + 1, sizeof(*s->lines));
	if (!s->comm || !s->lines)
		return false;
	for (uint32_t i = 0; s->has_code && i < a->list.n; i++) {
		s->lines[i].o = v->v[i];
		if (!copy_line(&s->lines[i], a, vm, i))
			return false;
	}
	return true;
}

bool
sk_why_keep(struct sk_why_list *l, const struct sk_why_atoms *a, struct sk_vm *vm, const struct sk_event_ctx *x, const struct sk_why_verdict *v, struct sk_slice taken,
	    bool of_type)
{
	struct sk_why_shown s = { .num = x->ev->num,
				  .ts = x->ev->ts,
				  .tid = x->ev->tid,
				  .type = x->ev->desc->name,
				  .matched = v->matched,
				  .of_type = of_type,
				  .has_code = a->blocks[x->ev->type].end != 0,
				  .distance = v->distance,
				  .exception = v->exception,
				  .taken = taken };
	size_t at;

	if (!copy_event(&s, a, vm, x, v) || !sk_vec_push(&l->v, s)) {
		shown_free(&s, a->list.n);
		return false;
	}
	for (at = l->v.n - 1; at > 0 && l->v.v[at - 1].distance > s.distance; at--)
		l->v.v[at] = l->v.v[at - 1];
	l->v.v[at] = s;
	if (l->v.n > l->limit)
		shown_free(&l->v.v[--l->v.n], a->list.n);
	return true;
}

void
sk_why_list_free(struct sk_why_list *l, const struct sk_why_atoms *a)
{
	for (size_t i = 0; i < l->v.n; i++)
		shown_free(&l->v.v[i], a->list.n);
	sk_vec_free(&l->v);
}
