/* Every byte of a bundle flipped. As it is, the digest tells. With the digest put right the bundle is refused, or what it now
 * says is run and printed under the sanitizers: any trip is a hole in the verifier. */
#include "base/attr.h"
#include "tests/bundles/cases.h"
#include "tests/bundles/image.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* tests/fuzz/fuzz_bundle.c: puts the digest right; what is accepted is run on values of every shape, and printed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const uint8_t masks[] = {0x01, 0x80, 0xff};

static struct sk_buf
make(void)
{
	struct sk_buf img = {0};
	struct sk_reject err;

	if (!sk_bundle_assemble(sk_slice_cstr(bad_everything), &img, &err))
		fail_msg("%s", err.text);
	return img;
}

static void
test_digest(void **state)
{
	struct sk_buf img = make();
	struct sk_bundle *b = NULL;
	struct sk_reject err;

	(void)state;
	for (size_t i = 0; i < img.n; i++)
		for (size_t m = 0; m < SK_COUNTOF(masks); m++) {
			img.p[i] = (char)(img.p[i] ^ masks[m]);
			int r = sk_bundle_open(img.p, img.n, &b, &err);

			if (r != -EBADMSG || (i >= sizeof(struct sk_bundle_header) && err.code != SK_REJECT_DIGEST))
				fail_msg("byte %zu ^ %02x: %d %s", i, masks[m], r, sk_reject_name(err.code));
			img.p[i] = (char)(img.p[i] ^ masks[m]);
		}
	sk_buf_free(&img);
}

static void
test_sealed(void **state)
{
	struct sk_buf img = make();

	(void)state;
	for (size_t i = 0; i < img.n; i++)
		for (size_t m = 0; m < SK_COUNTOF(masks); m++) {
			img.p[i] = (char)(img.p[i] ^ masks[m]);
			(void)LLVMFuzzerTestOneInput((const uint8_t *)img.p, img.n);
			img.p[i] = (char)(img.p[i] ^ masks[m]);
		}
	sk_buf_free(&img);
}

/* The test above is worth something: many flipped bundles are refused, and many others run. */
static void
test_both_happen(void **state)
{
	struct sk_buf img = make();
	size_t accepted = 0, refused = 0;

	(void)state;
	for (size_t i = sizeof(struct sk_bundle_header); i < img.n; i++) {
		struct sk_bundle *b = NULL;
		struct sk_reject err;

		img.p[i] = (char)(img.p[i] ^ 1);
		image_seal(&img);
		if (sk_bundle_open(img.p, img.n, &b, &err) == 0)
			accepted++;
		else
			refused++;
		sk_bundle_close(b);
		img.p[i] = (char)(img.p[i] ^ 1);
	}
	assert_true(accepted > 100);
	assert_true(refused > 1000);
	sk_buf_free(&img);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_digest),
	    cmocka_unit_test(test_sealed),
	    cmocka_unit_test(test_both_happen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
