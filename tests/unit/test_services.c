/* Service names: every row can be found, no name has two ports, nothing else is found. */
#include "base/services.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
	uint16_t port;
	const char *name;
} rows[] = {
#define SK_SERVICE(port, name) { port, name },
#include <saker/services.def>
#undef SK_SERVICE
};

static void
test_rows(void **ctx)
{
	uint16_t port;

	(void)ctx;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!sk_service_port(sk_slice_cstr(rows[i].name), &port) || port != rows[i].port)
			fail_msg("%s is not the name of one port", rows[i].name);
		assert_int_not_equal(port, 0);
	}
}

static void
test_others(void **ctx)
{
	static const char *const names[] = { "", "HTTP", "http ", "htt", "https2", "80", "nosuchservice" };
	uint16_t port = 7;

	(void)ctx;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_false(sk_service_port(sk_slice_cstr(names[i]), &port));
	assert_int_equal(port, 7);
	assert_true(sk_service_port(sk_slice("https", 4), &port)); /* as long as the slice says */
	assert_int_equal(port, 80);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows), cmocka_unit_test(test_others) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
