#include "vm/bundle/digest.h"

#include <signal.h>
#include <sodium.h>

/* A thread costs as much as some leaves; with fewer than these it is not worth it. */
#define LEAVES_FOR_TWO 4u

static void *
digest_leaves(void *arg)
{
	struct sk_digest_work *w = arg;

	for (;;) {
		size_t i = atomic_fetch_add(&w->next, 1), at = i * SK_DIGEST_LEAF;

		if (i >= w->leaves)
			return NULL;
		(void)crypto_generichash(w->digests[i], SK_DIGEST_SIZE, w->data + at, w->n - at < SK_DIGEST_LEAF ? w->n - at : SK_DIGEST_LEAF, NULL, 0);
	}
}

/* Have a second thread, which takes no signals: they belong to the program's own. Where there is none (a sandbox may forbid it) the digest takes longer, no more. */
static void
get_help(struct sk_digest_work *w)
{
	sigset_t all, before;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	w->helped = pthread_create(&w->helper, NULL, digest_leaves, w) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void
sk_digest_begin(struct sk_digest_work *w, const void *data, size_t n)
{
	w->data = data;
	w->n = n;
	w->leaves = n <= SK_DIGEST_LEAF ? 0 : (n + SK_DIGEST_LEAF - 1) / SK_DIGEST_LEAF;
	w->helped = false;
	atomic_init(&w->next, 0);
	if (w->leaves >= LEAVES_FOR_TWO)
		get_help(w);
}

void
sk_digest_end(struct sk_digest_work *w, uint8_t ret[SK_DIGEST_SIZE])
{
	if (!w->leaves) {
		(void)crypto_generichash(ret, SK_DIGEST_SIZE, w->data, w->n, NULL, 0);
		return;
	}
	(void)digest_leaves(w);
	if (w->helped)
		(void)pthread_join(w->helper, NULL);
	(void)crypto_generichash(ret, SK_DIGEST_SIZE, w->digests[0], w->leaves * SK_DIGEST_SIZE, NULL, 0);
}
