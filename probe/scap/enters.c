#include "probe/scap/enters.h"

#include "base/attr.h"
#include "base/hash.h"

#include <saker/limits.h>

#define FIRST_SIZE 64u
/* Most enter events are a few numbers. */
#define FIRST_DATA 64u

static struct sk_enter *
slot_of(const struct sk_enters *t, int64_t tid)
{
	uint32_t i = (uint32_t)sk_hash_u64((uint64_t)tid) & (t->size - 1);

	while (t->v[i].data && t->v[i].tid != tid)
		i = (i + 1) & (t->size - 1);
	return &t->v[i];
}

struct sk_enter *
sk_enters_get(const struct sk_enters *t, int64_t tid)
{
	struct sk_enter *e = t->size ? slot_of(t, tid) : NULL;

	return e && e->data && e->live ? e : NULL;
}

void
sk_enters_free(struct sk_enters *t)
{
	for (uint32_t i = 0; i < t->size; i++) {
		t->lost += t->v[i].live;
		free(t->v[i].data);
	}
	free(t->v);
	*t = (struct sk_enters){ .lost = t->lost };
}

static bool
grow(struct sk_enters *t)
{
	struct sk_enters old = *t;

	t->size = old.size ? 2 * old.size : FIRST_SIZE;
	t->v = calloc(t->size, sizeof(*t->v));
	if (!t->v) {
		*t = old;
		return false;
	}
	for (uint32_t i = 0; i < old.size; i++)
		if (old.v[i].data)
			*slot_of(t, old.v[i].tid) = old.v[i];
	free(old.v);
	return true;
}

/* At least N bytes of data in E, within the bound of the whole table. */
static bool
data_room(struct sk_enters *t, struct sk_enter *e, uint32_t n)
{
	uint32_t cap = n < FIRST_DATA ? FIRST_DATA : n;
	uint8_t *grown;

	if (e->data && n <= e->cap)
		return true;
	if (t->bytes + cap > SK_MAX_STORED_ENTER_BYTES)
		return false;
	grown = realloc(e->data, cap);
	if (!grown)
		return false;
	t->bytes += cap - e->cap;
	t->n += !e->data;
	e->data = grown;
	e->cap = cap;
	return true;
}

/* Room for one more thread. A full table is emptied: most of it is of threads that ended inside a call, and finding out which costs
 * more than the few parameters that the others lose. */
static bool
table_room(struct sk_enters *t)
{
	if (t->n >= SK_MAX_STORED_ENTERS || t->bytes > SK_MAX_STORED_ENTER_BYTES / 2)
		sk_enters_free(t);
	return 2 * t->n < t->size || grow(t);
}

void
sk_enters_put(struct sk_enters *t, const struct sk_event *ev)
{
	uint32_t n = ev->off[ev->nparams];
	struct sk_enter *e;

	if (ev->nparams > SK_ENTER_PARAMS || !table_room(t)) {
		t->lost++;
		return;
	}
	e = slot_of(t, ev->tid);
	if (!data_room(t, e, n)) {
		e->live = false;
		t->lost++;
		return;
	}
	e->tid = ev->tid;
	e->type = ev->type;
	e->nparams = (uint8_t)ev->nparams;
	e->live = true;
	memcpy(e->off, ev->off, sizeof(e->off[0]) * (ev->nparams + 1));
	if (n)
		memcpy(e->data, ev->data, n);
}
