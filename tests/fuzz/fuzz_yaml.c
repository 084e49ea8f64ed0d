/* Any bytes as a rule file. */
#include "tests/fuzz/compile_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sk_buf image = {0};

	sk_fuzz_format(sk_slice((const char *)data, n));
	(void)sk_fuzz_compile(sk_slice((const char *)data, n), &image);
	sk_buf_free(&image);
	return 0;
}
