/* Shared strings: one object for all holders of a text, freed with the last. */
#include "daemon/state/internal.h"

#define FIRST_BUCKETS 1024u
/* Strings in one bucket before new ones are kept apart: texts with equal hashes can be made at will, slow look-ups must not
 * follow. */
#define MAX_CHAIN 32u

static struct sk_str *
make(struct sk_strings *t, struct sk_slice s, uint64_t hash)
{
	struct sk_str *str = s.n < UINT32_MAX ? malloc(sizeof(*str) + s.n + 1) : NULL;

	if (!str) {
		++*t->oom;
		return NULL;
	}
	*str = (struct sk_str){.hash = hash, .refs = 1, .n = (uint32_t)s.n};
	if (s.n)
		memcpy(str->s, s.p, s.n);
	str->s[s.n] = 0;
	return str;
}

int
sk_strings_init(struct sk_strings *t, uint64_t seed, uint64_t *oom)
{
	*t = (struct sk_strings){.seed = seed, .oom = oom, .mask = FIRST_BUCKETS - 1};
	t->bucket = calloc(FIRST_BUCKETS, sizeof(struct sk_str *));
	t->empty = make(t, SK_SLICE(""), 0);
	if (t->bucket && t->empty)
		return 0;
	sk_strings_fini(t);
	return -1;
}

/* Every holder has let go by now, but for the empty string. */
void
sk_strings_fini(struct sk_strings *t)
{
	free(t->bucket);
	free(t->empty);
	t->bucket = NULL;
	t->empty = NULL;
}

static void
grow(struct sk_strings *t)
{
	size_t n = (t->mask + 1) * 2;
	struct sk_str **bucket = calloc(n, sizeof(*bucket));

	if (!bucket)
		return;
	for (size_t i = 0; i <= t->mask; i++)
		for (struct sk_str *s = t->bucket[i], *next; s; s = next) {
			next = s->next;
			s->next = bucket[s->hash & (n - 1)];
			bucket[s->hash & (n - 1)] = s;
		}
	free(t->bucket);
	t->bucket = bucket;
	t->mask = n - 1;
}

struct sk_str *
sk_str_get(struct sk_strings *t, struct sk_slice s)
{
	if (!s.n)
		return sk_str_ref(t->empty);
	uint64_t hash = sk_hash_u64(sk_hash_bytes(s.p, s.n) ^ t->seed);
	unsigned chain = 0;

	for (struct sk_str *e = t->bucket[hash & t->mask]; e; e = e->next, chain++)
		if (e->hash == hash && sk_slice_eq(sk_str_slice(e), s))
			return sk_str_ref(e);
	struct sk_str *str = make(t, s, hash);
	if (!str)
		return sk_str_ref(t->empty);
	t->count++;
	t->bytes += sizeof(*str) + s.n + 1;
	if (chain >= MAX_CHAIN)
		return str;
	if (t->count > t->mask)
		grow(t);
	str->shared = true;
	str->next = t->bucket[hash & t->mask];
	t->bucket[hash & t->mask] = str;
	return str;
}

struct sk_str *
sk_str_get_list(struct sk_strings *t, struct sk_slice s)
{
	if (!s.n || s.p[s.n - 1] == 0)
		return sk_str_get(t, s);
	SK_AUTO_FREE char *copy = malloc(s.n + 1);
	if (!copy) {
		++*t->oom;
		return sk_str_ref(t->empty);
	}
	memcpy(copy, s.p, s.n);
	copy[s.n] = 0;
	return sk_str_get(t, sk_slice(copy, s.n + 1));
}

void
sk_str_free_(struct sk_strings *t, struct sk_str *s)
{
	if (s->shared) {
		struct sk_str **p = &t->bucket[s->hash & t->mask];

		while (*p != s)
			p = &(*p)->next;
		*p = s->next;
	}
	t->count--;
	t->bytes -= sizeof(*s) + s->n + 1;
	free(s);
}
