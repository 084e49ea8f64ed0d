#include "daemon/why/parts.h"

void
sk_why_sample(struct sk_why_samples *s, struct sk_slice text)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (sk_slice_is(text, s->v[i].text)) {
			s->v[i].count++;
			return;
		}
	char *copy = s->n < SK_WHY_SAMPLES ? strndup(text.p, text.n) : NULL;
	if (copy)
		s->v[s->n++] = (struct sk_why_sample){copy, 1};
	else
		s->others++;
}

static int
by_count(const void *pa, const void *pb)
{
	const struct sk_why_sample *a = pa, *b = pb;

	return a->count != b->count ? (a->count < b->count) - (a->count > b->count) : strcmp(a->text, b->text);
}

void
sk_why_samples_sort(struct sk_why_samples *s)
{
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), by_count);
}

void
sk_why_samples_free(struct sk_why_samples *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		free(s->v[i].text);
	s->n = 0;
}
