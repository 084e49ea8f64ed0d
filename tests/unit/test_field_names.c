/* The names of Falco 0.15.3 are all known: its own check value says that the list is theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/schema.h"

#include <sodium.h>

#define FILE_OF_NAMES SK_SOURCE_DIR "/tests/data/fields-0.15.txt"
/* Of `falco --list -N`, one name a line. */
#define CHECK_VALUE "fb82780f268b91fb888876e6ac1142b5acca08e05b3a82c4b1b524ca88fa83d9"

static void
test_names(void **state)
{
	SK_AUTO_FCLOSE FILE *f = fopen(FILE_OF_NAMES, "r");
	uint8_t sum[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(sum) + 1];
	struct sk_buf b = { 0 };
	size_t names = 0, n;

	(void)state;
	assert_non_null(f);
	while ((n = fread(sk_buf_room(&b, 4096), 1, 4096, f)) > 0)
		b.n += n;
	crypto_hash_sha256(sum, (const uint8_t *)b.p, b.n);
	assert_string_equal(sodium_bin2hex(hex, sizeof(hex), sum, sizeof(sum)), CHECK_VALUE);
	for (const char *p = b.p, *end; p < b.p + b.n; p = end + 1) {
		end = memchr(p, '\n', (size_t)(b.p + b.n - p));
		assert_non_null(end);
		if (!sk_field_find(sk_slice(p, (size_t)(end - p))))
			fail_msg("no field '%.*s'", (int)(end - p), p);
		names++;
	}
	assert_int_equal(names, 288);
	sk_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
