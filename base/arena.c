#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>

#define ALIGN alignof(max_align_t)
#define FIRST_CHUNK ((size_t)16 << 10)
#define MAX_CHUNK ((size_t)4 << 20)

struct chunk {
	struct chunk *prev;
	size_t size, used;
	alignas(max_align_t) char data[];
};

struct sk_arena {
	struct chunk *top;
	size_t limit, used, next_chunk;
	bool failed;
};

struct sk_arena *
sk_arena_new(size_t limit)
{
	struct sk_arena *a = calloc(1, sizeof(*a));

	if (a) {
		a->limit = limit;
		a->next_chunk = FIRST_CHUNK;
	}
	return a;
}

void
sk_arena_free(struct sk_arena *a)
{
	if (!a)
		return;
	for (struct chunk *c = a->top, *prev; c; c = prev) {
		prev = c->prev;
		free(c);
	}
	free(a);
}

static void *
fail(struct sk_arena *a)
{
	a->failed = true;
	return NULL;
}

void *
sk_arena_alloc(struct sk_arena *a, size_t size)
{
	struct chunk *c = a->top;

	if (size > a->limit || size > SIZE_MAX - ALIGN)
		return fail(a);
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (size > a->limit - a->used)
		return fail(a);
	if (!c || size > c->size - c->used) {
		size_t want = size > a->next_chunk ? size : a->next_chunk;

		c = calloc(1, sizeof(*c) + want);
		if (!c)
			return fail(a);
		c->size = want;
		c->prev = a->top;
		a->top = c;
		if (a->next_chunk < MAX_CHUNK)
			a->next_chunk *= 2;
	}
	void *p = c->data + c->used;
	c->used += size;
	a->used += size;
	return p;
}

void *
sk_arena_array(struct sk_arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		return fail(a);
	return sk_arena_alloc(a, n * size);
}

struct sk_slice
sk_arena_dup(struct sk_arena *a, struct sk_slice s)
{
	char *p = s.n == SIZE_MAX ? fail(a) : sk_arena_alloc(a, s.n + 1);

	if (!p)
		return (struct sk_slice){ NULL, 0 };
	if (s.n)
		memcpy(p, s.p, s.n);
	return sk_slice(p, s.n);
}

struct sk_slice
sk_arena_vprintf(struct sk_arena *a, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	char *p = n < 0 ? fail(a) : sk_arena_alloc(a, (size_t)n + 1);
	if (!p)
		return (struct sk_slice){ NULL, 0 };
	(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	return sk_slice(p, (size_t)n);
}

struct sk_slice
sk_arena_printf(struct sk_arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct sk_slice s = sk_arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

bool
sk_arena_failed(const struct sk_arena *a)
{
	return a->failed;
}

size_t
sk_arena_used(const struct sk_arena *a)
{
	return a->used;
}
