#include "probe/scap/chunks.h"

#include <pthread.h>
#include <stdlib.h>

/* Two may be in the reader's hands (sk_chunks_next), the others are being filled or wait. */
#define CHUNKS 6u
#define HELD 2u

struct sk_chunks {
	sk_produce_fn *produce;
	void *ctx;
	bool threaded;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Pieces made and pieces handed out since the start; piece i lies in slot i % CHUNKS. Under the lock. */
	uint64_t made, taken;
	bool end, quit;
	size_t n[CHUNKS];
	uint8_t *slot[CHUNKS];
};

/* Slot of the next piece once the reader has let go of it; NULL when the reader is gone. */
static uint8_t *
wait_for_slot(struct sk_chunks *c)
{
	uint8_t *slot;

	(void)pthread_mutex_lock(&c->lock);
	while (!c->quit && c->made - c->taken >= CHUNKS - HELD)
		(void)pthread_cond_wait(&c->changed, &c->lock);
	slot = c->quit ? NULL : c->slot[c->made % CHUNKS];
	(void)pthread_mutex_unlock(&c->lock);
	return slot;
}

static void *
run_ahead(void *arg)
{
	struct sk_chunks *c = arg;
	uint8_t *slot;
	size_t n = 1;

	while (n && (slot = wait_for_slot(c)) != NULL) {
		n = c->produce(c->ctx, slot + SK_CHUNK_ROOM, SK_CHUNK_SIZE);
		(void)pthread_mutex_lock(&c->lock);
		c->n[c->made % CHUNKS] = n;
		c->end = n == 0;
		c->made += n != 0;
		(void)pthread_cond_signal(&c->changed);
		(void)pthread_mutex_unlock(&c->lock);
	}
	return NULL;
}

static bool
allocate(struct sk_chunks *c)
{
	for (uint32_t i = 0; i < (c->threaded ? CHUNKS : HELD); i++) {
		c->slot[i] = malloc(SK_CHUNK_ROOM + SK_CHUNK_SIZE);
		if (!c->slot[i])
			return false;
	}
	return true;
}

struct sk_chunks *
sk_chunks_new(sk_produce_fn *produce, void *ctx, bool threaded)
{
	struct sk_chunks *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->produce = produce;
	c->ctx = ctx;
	c->threaded = threaded;
	(void)pthread_mutex_init(&c->lock, NULL);
	(void)pthread_cond_init(&c->changed, NULL);
	if (!allocate(c)) {
		c->threaded = false;
		sk_chunks_free(c);
		return NULL;
	}
	if (c->threaded && pthread_create(&c->thread, NULL, run_ahead, c) != 0)
		c->threaded = false; /* works as well, only slower */
	return c;
}

static uint8_t *
next_made(struct sk_chunks *c, size_t *ret_n)
{
	uint8_t *p = NULL;

	(void)pthread_mutex_lock(&c->lock);
	while (c->made == c->taken && !c->end)
		(void)pthread_cond_wait(&c->changed, &c->lock);
	if (c->made != c->taken) {
		p = c->slot[c->taken % CHUNKS] + SK_CHUNK_ROOM;
		*ret_n = c->n[c->taken % CHUNKS];
		c->taken++;
		(void)pthread_cond_signal(&c->changed);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return p;
}

uint8_t *
sk_chunks_next(struct sk_chunks *c, size_t *ret_n)
{
	uint8_t *p;

	if (c->threaded)
		return next_made(c, ret_n);
	if (c->end)
		return NULL;
	p = c->slot[c->taken++ % HELD] + SK_CHUNK_ROOM;
	*ret_n = c->produce(c->ctx, p, SK_CHUNK_SIZE);
	c->end = *ret_n == 0;
	return c->end ? NULL : p;
}

void
sk_chunks_free(struct sk_chunks *c)
{
	if (!c)
		return;
	if (c->threaded) {
		(void)pthread_mutex_lock(&c->lock);
		c->quit = true;
		(void)pthread_cond_signal(&c->changed);
		(void)pthread_mutex_unlock(&c->lock);
		(void)pthread_join(c->thread, NULL);
	}
	(void)pthread_cond_destroy(&c->changed);
	(void)pthread_mutex_destroy(&c->lock);
	for (uint32_t i = 0; i < CHUNKS; i++)
		free(c->slot[i]);
	free(c);
}
