/* The digest of long contents is that of its leaves' digests, whoever computes them, and sees every byte. */
#include "vm/bundle/digest.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST (6 * SK_DIGEST_LEAF + 3)

static void
digest(const uint8_t *p, size_t n, uint8_t ret[SK_DIGEST_SIZE])
{
	struct sk_digest_work w;

	sk_digest_begin(&w, p, n);
	sk_digest_end(&w, ret);
}

static void
expected(const uint8_t *p, size_t n, uint8_t ret[SK_DIGEST_SIZE])
{
	crypto_generichash_state whole;
	uint8_t leaf[SK_DIGEST_SIZE];

	if (n <= SK_DIGEST_LEAF) {
		(void)crypto_generichash(ret, SK_DIGEST_SIZE, p, n, NULL, 0);
		return;
	}
	(void)crypto_generichash_init(&whole, NULL, 0, SK_DIGEST_SIZE);
	for (size_t at = 0; at < n; at += SK_DIGEST_LEAF) {
		(void)crypto_generichash(leaf, sizeof(leaf), p + at, n - at < SK_DIGEST_LEAF ? n - at : SK_DIGEST_LEAF, NULL, 0);
		(void)crypto_generichash_update(&whole, leaf, sizeof(leaf));
	}
	(void)crypto_generichash_final(&whole, ret, SK_DIGEST_SIZE);
}

static uint8_t *
contents(void)
{
	uint8_t *p = malloc(MOST);

	assert_non_null(p);
	for (size_t i = 0; i < MOST; i++)
		p[i] = (uint8_t)(i * 2654435761u >> 24);
	return p;
}

static void
is_as_documented(void **state)
{
	static const size_t lengths[] = { 0, 1, SK_DIGEST_LEAF - 1, SK_DIGEST_LEAF, SK_DIGEST_LEAF + 1, 2 * SK_DIGEST_LEAF, 4 * SK_DIGEST_LEAF, MOST };
	uint8_t *p = contents(), want[SK_DIGEST_SIZE], got[SK_DIGEST_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		expected(p, lengths[i], want);
		digest(p, lengths[i], got);
		assert_memory_equal(want, got, sizeof(want));
	}
	free(p);
}

static void
sees_a_change_in_every_leaf(void **state)
{
	uint8_t *p = contents(), before[SK_DIGEST_SIZE], after[SK_DIGEST_SIZE];

	(void)state;
	digest(p, MOST, before);
	for (size_t at = 17; at < MOST; at += SK_DIGEST_LEAF) {
		p[at] ^= 1;
		digest(p, MOST, after);
		assert_memory_not_equal(before, after, sizeof(before));
		p[at] ^= 1;
	}
	free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_as_documented),
		cmocka_unit_test(sees_a_change_in_every_leaf),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
