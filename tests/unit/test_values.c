/* Constants: text and type to value, or why not. */
#include "base/schema.h"
#include "compiler/value.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the four above */
#include <cmocka.h>

struct number {
	enum sk_ptype type;
	const char *text;
	bool ok;
	uint64_t want;
};

static const struct number numbers[] = {
	{ SK_PT_UINT32, "0", true, 0 },
	{ SK_PT_UINT32, "+7", true, 7 },
	{ SK_PT_UINT32, "010", true, 10 },
	{ SK_PT_UINT32, "0x10", true, 16 },
	{ SK_PT_UINT32, "0XfF", true, 255 },
	{ SK_PT_UINT32, "-1", true, 0xffffffff },
	{ SK_PT_UINT16, "-1", true, 0xffff },
	{ SK_PT_UINT64, "-1", true, UINT64_MAX },
	{ SK_PT_UINT32, "4294967296", true, 4294967296 },           /* wider than the field: equal to no value */
	{ SK_PT_UINT32, "-4294967296", true, (uint64_t)-4294967296 },
	{ SK_PT_UINT64, "18446744073709551616", true, UINT64_MAX }, /* saturates */
	{ SK_PT_INT64, "18446744073709551616", true, INT64_MAX },
	{ SK_PT_INT64, "-9223372036854775809", true, (uint64_t)INT64_MIN },
	{ SK_PT_INT64, "-5", true, (uint64_t)-5 },
	{ SK_PT_PID, "-100", true, (uint64_t)-100 },
	{ SK_PT_FLAGS32, "0x7fffffff", true, 0x7fffffff },
	{ SK_PT_RELTIME, "1000000000", true, 1000000000 },
	{ SK_PT_UINT32, "", false, 0 },
	{ SK_PT_UINT32, "-", false, 0 },
	{ SK_PT_UINT32, "0x", false, 0 },
	{ SK_PT_UINT32, "1e2", false, 0 },
	{ SK_PT_UINT32, "1.0", false, 0 },
	{ SK_PT_UINT32, "1_000", false, 0 },
	{ SK_PT_UINT32, " 1", false, 0 },
	{ SK_PT_UINT32, "0o17", false, 0 },
	{ SK_PT_PORT, "80", true, 80 },
	{ SK_PT_PORT, "", true, 0 },
	{ SK_PT_PORT, "http", true, 80 },
	{ SK_PT_PORT, "HTTP", false, 0 },
	{ SK_PT_PORT, "-1", false, 0 },
	{ SK_PT_PORT, "80.0", false, 0 },
	{ SK_PT_PORT, "nosuchservice", false, 0 },
	{ SK_PT_BOOL, "true", true, 1 },
	{ SK_PT_BOOL, "false", true, 0 },
	{ SK_PT_BOOL, "TRUE", false, 0 },
	{ SK_PT_BOOL, "1", false, 0 },
	{ SK_PT_BOOL, "", false, 0 },
	{ SK_PT_DOUBLE, "3", true, 0x4008000000000000 },
	{ SK_PT_DOUBLE, "-3", true, 0xc008000000000000 },
	{ SK_PT_DOUBLE, "3.5", false, 0 },
	{ SK_PT_SIGTYPE, "9", false, 0 },
	{ SK_PT_SYSCALLID, "3", false, 0 },
	{ SK_PT_SOCKADDR, "3", false, 0 },
};

static void
test_numbers(void **state)
{
	struct sk_arena *a = sk_arena_new(1 << 20);
	struct sk_irv v;

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(numbers); i++) {
		const struct number *n = &numbers[i];
		const char *wrong = sk_value_parse(a, n->type, sk_slice_cstr(n->text), &v);

		if (!wrong != n->ok || (n->ok && v.num != n->want))
			fail_msg("%s '%s': %s %" PRIu64, sk_type_name(n->type), n->text, wrong ? wrong : "is", v.num);
	}
	sk_arena_free(a);
}

struct address {
	enum sk_ptype type;
	const char *text;
	const char *want; /* bytes in hexadecimal, / and the prefix; NULL: refused */
};

static const struct address addresses[] = {
	{ SK_PT_IPADDR, "127.0.0.1", "7f000001/0" },
	{ SK_PT_IPADDR, "::1", "00000000000000000000000000000001/0" },
	{ SK_PT_IPADDR, "2001:DB8::", "20010db8000000000000000000000000/0" },
	{ SK_PT_IPADDR, "", NULL },
	{ SK_PT_IPADDR, "1", NULL },
	{ SK_PT_IPADDR, "127.1", NULL },
	{ SK_PT_IPADDR, "0177.0.0.1", NULL },
	{ SK_PT_IPADDR, "127.0.0.256", NULL },
	{ SK_PT_IPADDR, "127.0.0.1:80", NULL },
	{ SK_PT_IPADDR, "127.0.0.0/8", NULL },
	{ SK_PT_IPADDR, "::ffff:127.0.0.1", NULL },
	{ SK_PT_IPADDR, "fe80::1%lo", NULL },
	{ SK_PT_IPADDR, "[::1]", NULL },
	{ SK_PT_IPADDR, "localhost", NULL },
	{ SK_PT_IPNET, "10.1.2.3/8", "0a000000/8" },
	{ SK_PT_IPNET, "10.1.2.3/12", "0a000000/12" },
	{ SK_PT_IPNET, "10.31.2.3/12", "0a100000/12" },
	{ SK_PT_IPNET, "0.0.0.0/0", "00000000/0" },
	{ SK_PT_IPNET, "1.2.3.4/32", "01020304/32" },
	{ SK_PT_IPNET, "::1/128", "00000000000000000000000000000001/128" },
	{ SK_PT_IPNET, "fd00:77::2/16", "fd000000000000000000000000000000/16" },
	{ SK_PT_IPNET, "1.2.3.4", NULL },
	{ SK_PT_IPNET, "1.2.3.4/", NULL },
	{ SK_PT_IPNET, "1.2.3.4/33", NULL },
	{ SK_PT_IPNET, "1.2.3.4/-1", NULL },
	{ SK_PT_IPNET, "::1", NULL },
	{ SK_PT_IPNET, "::1/0", NULL },
	{ SK_PT_IPNET, "::1/129", NULL },
	{ SK_PT_IPNET, "/8", NULL },
};

static void
test_addresses(void **state)
{
	struct sk_arena *a = sk_arena_new(1 << 20);
	struct sk_irv v;
	char have[64];

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(addresses); i++) {
		const struct address *x = &addresses[i];
		const char *wrong = sk_value_parse(a, x->type, sk_slice_cstr(x->text), &v);
		size_t n = 0;

		if (wrong) {
			if (x->want)
				fail_msg("'%s' %s", x->text, wrong);
			continue;
		}
		for (size_t k = 0; k < v.text.n; k++)
			n += (size_t)snprintf(have + n, sizeof(have) - n, "%02x", (uint8_t)v.text.p[k]);
		(void)snprintf(have + n, sizeof(have) - n, "/%u", v.prefix);
		if (!x->want || strcmp(have, x->want) != 0)
			fail_msg("'%s': want %s, have %s", x->text, x->want ? x->want : "an error", have);
	}
	sk_arena_free(a);
}

static void
test_texts(void **state)
{
	struct sk_arena *a = sk_arena_new(1 << 20);
	struct sk_irv v;

	(void)state;
	assert_null(sk_value_parse(a, SK_PT_CHARBUF, SK_SLICE(""), &v));
	assert_null(sk_value_parse(a, SK_PT_FSPATH, SK_SLICE("/etc"), &v));
	assert_int_equal(v.vkind, SK_V_STR);
	assert_non_null(sk_value_parse(a, SK_PT_CHARBUF, SK_SLICE("a\0b"), &v));
	assert_null(sk_value_parse_hex(a, SK_SLICE("7F454c"), &v));
	assert_true(sk_slice_is(v.text, "\x7f"
					"EL"));
	assert_null(sk_value_parse_hex(a, SK_SLICE(""), &v));
	assert_int_equal(v.text.n, 0);
	assert_non_null(sk_value_parse_hex(a, SK_SLICE("7f4"), &v));
	assert_non_null(sk_value_parse_hex(a, SK_SLICE("zz"), &v));
	sk_arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_numbers), cmocka_unit_test(test_addresses), cmocka_unit_test(test_texts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
