/* Any bytes as the condition of the only rule. */
#include "tests/fuzz/compile_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sk_buf file = {0}, image = {0};

	sk_fuzz_rule(&file, 0, sk_slice((const char *)data, n));
	if (!file.failed)
		(void)sk_fuzz_compile(sk_buf_view(&file), &image);
	sk_buf_free(&image);
	sk_buf_free(&file);
	return 0;
}
