/* Values as text and as JSON; fields as people write them. */
#include "daemon/fields/reference.h"
#include "tests/unit/field_check.h"

static const uint8_t v4[] = { 10, 0, 0, 1 }, v6[16] = { [0] = 0xfd, [15] = 1 };
static const struct sk_value elements[] = { { .kind = SK_V_STR, .n = 1, .s = "a" }, { .kind = SK_V_STR, .n = 2, .s = "b\n" } };

static const struct {
	struct sk_value v;
	enum sk_ptype type;
	enum sk_pfmt fmt;
	bool base64;
	const char *text, *json;
} cases[] = {
	{ { .kind = SK_V_NONE }, SK_PT_CHARBUF, SK_PF_NA, false, "<NA>", "null" },
	{ { .kind = SK_V_BOOL, .u = 1 }, SK_PT_BOOL, SK_PF_NA, false, "true", "true" },
	{ { .kind = SK_V_INT, .i = -5 }, SK_PT_INT64, SK_PF_DEC, false, "-5", "-5" },
	{ { .kind = SK_V_INT, .i = -5 }, SK_PT_INT64, SK_PF_ID, false, "-5", "-5" },
	{ { .kind = SK_V_INT, .i = -1 }, SK_PT_INT32, SK_PF_HEX, false, "FFFFFFFF", "\"FFFFFFFF\"" },
	{ { .kind = SK_V_INT, .i = -1 }, SK_PT_INT64, SK_PF_HEX, false, "FFFFFFFFFFFFFFFF", "\"FFFFFFFFFFFFFFFF\"" },
	{ { .kind = SK_V_UINT, .u = 493 }, SK_PT_UINT32, SK_PF_OCT, false, "755", "\"755\"" },
	{ { .kind = SK_V_UINT, .u = UINT64_MAX }, SK_PT_UINT64, SK_PF_DEC, false, "18446744073709551615", "18446744073709551615" },
	{ { .kind = SK_V_UINT, .u = 7 }, SK_PT_UINT64, SK_PF_PADDED, false, "000000007", "\"000000007\"" },
	{ { .kind = SK_V_UINT, .u = 7 }, SK_PT_RELTIME, SK_PF_PADDED, false, "000000007", "7" },
	{ { .kind = SK_V_FLOAT, .d = 0.26 }, SK_PT_DOUBLE, SK_PF_NA, false, "0.3", "0.26" },
	{ { .kind = SK_V_FLOAT, .d = 0 }, SK_PT_DOUBLE, SK_PF_NA, false, "0.0", "0.0" },
	{ { .kind = SK_V_FLOAT, .d = 2.9 }, SK_PT_DOUBLE, SK_PF_DEC, false, "2.9", "2" },
	{ { .kind = SK_V_STR, .n = 4, .s = "a\"\\\n" }, SK_PT_CHARBUF, SK_PF_NA, false, "a\"\\\n", "\"a\\\"\\\\\xef\xbf\xbd\"" },
	{ { .kind = SK_V_STR, .n = 2, .s = "\x7fz" }, SK_PT_CHARBUF, SK_PF_NA, false, "\x7fz", "\"\xef\xbf\xbdz\"" },
	{ { .kind = SK_V_STR, .n = 2, .s = "\xffz" }, SK_PT_CHARBUF, SK_PF_NA, false, "\xffz", "\"\xef\xbf\xbdz\"" },
	{ { .kind = SK_V_BYTES, .n = 3, .s = "a\0\"" }, SK_PT_BYTEBUF, SK_PF_NA, false, "a.\"", "\"a.\\\"\"" },
	{ { .kind = SK_V_BYTES, .n = 1, .s = "a" }, SK_PT_BYTEBUF, SK_PF_NA, true, "YQ==", "\"YQ==\"" },
	{ { .kind = SK_V_BYTES, .n = 2, .s = "ab" }, SK_PT_BYTEBUF, SK_PF_NA, true, "YWI=", "\"YWI=\"" },
	{ { .kind = SK_V_BYTES, .n = 3, .s = "\xff\xfe\xfd" }, SK_PT_BYTEBUF, SK_PF_NA, true, "//79", "\"//79\"" },
	{ { .kind = SK_V_BYTES, .n = 0, .s = "" }, SK_PT_BYTEBUF, SK_PF_NA, true, "", "\"\"" },
	{ { .kind = SK_V_IP, .ip = 4, .addr = v4 }, SK_PT_IPADDR, SK_PF_NA, false, "10.0.0.1", "\"10.0.0.1\"" },
	{ { .kind = SK_V_IP, .ip = 6, .addr = v6 }, SK_PT_IPADDR, SK_PF_NA, false, "fd00::1", "\"fd00::1\"" },
	{ { .kind = SK_V_NET, .ip = 4, .prefix = 8, .addr = v4 }, SK_PT_IPNET, SK_PF_NA, false, "<IPNET>", "\"<IPNET>\"" },
	{ { .kind = SK_V_LIST, .n = 2, .list = elements }, SK_PT_CHARBUF, SK_PF_NA, false, "(a,b\n)", "[\"a\",\"b\xef\xbf\xbd\"]" },
	{ { .kind = SK_V_LIST, .n = 0, .list = elements }, SK_PT_CHARBUF, SK_PF_NA, false, "()", "null" },
	/* a parameter, which is printed by its own type whatever the field's is */
	{ { .kind = SK_V_UINT, .u = 255, .ip = SK_PT_FLAGS32, .prefix = SK_PF_HEX }, SK_PT_DYN, SK_PF_NA, false, "FF", "\"FF\"" },
	{ { .kind = SK_V_UINT, .u = 255, .ip = SK_PT_FLAGS32, .prefix = SK_PF_HEX }, SK_PT_FLAGS32, SK_PF_DEC, false, "FF", "\"FF\"" },
	{ { .kind = SK_V_INT, .i = 3, .ip = SK_PT_FD, .prefix = SK_PF_NA }, SK_PT_DYN, SK_PF_NA, false, "3", "\"3\"" },
};

static void
test_values(void **ctx)
{
	(void)ctx;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sk_buf text = { 0 }, json = { 0 };

		sk_value_text(&text, &cases[i].v, cases[i].type, cases[i].fmt, cases[i].base64);
		sk_value_json(&json, &cases[i].v, cases[i].type, cases[i].fmt, cases[i].base64);
		assert_string_equal(sk_buf_cstr(&text), cases[i].text);
		assert_string_equal(sk_buf_cstr(&json), cases[i].json);
		sk_buf_free(&text);
		sk_buf_free(&json);
	}
}

static const struct {
	const char *text, *field; /* field NULL: refused */
	enum sk_value_arg kind;
	uint64_t index;
	const char *key;
} references[] = {
	{ "proc.name", "proc.name", SK_VA_NONE, 0, NULL },
	{ "proc.aname[2]", "proc.aname", SK_VA_INDEX, 2, NULL },
	{ "proc.aname", "proc.aname", SK_VA_NONE, 0, NULL },
	{ "evt.arg.flags", "evt.arg", SK_VA_KEY, 0, "flags" },
	{ "evt.arg[flags]", "evt.arg", SK_VA_KEY, 0, "flags" },
	{ "evt.arg[0]", "evt.arg", SK_VA_INDEX, 0, NULL },
	{ "evt.args", "evt.args", SK_VA_NONE, 0, NULL },
	{ "evt.abspath", "evt.abspath", SK_VA_NONE, 0, NULL },
	{ "evt.abspath.dst", "evt.abspath", SK_VA_KEY, 0, "dst" },
	{ "proc.env[PATH]", "proc.env", SK_VA_KEY, 0, "PATH" },
	{ "proc.env[\"A B\"]", "proc.env", SK_VA_KEY, 0, "A B" },
	{ "container.mount.dest[/x]", "container.mount.dest", SK_VA_KEY, 0, "/x" },
	{ "evt.around[18446744073709551615]", "evt.around", SK_VA_INDEX, UINT64_MAX, NULL },
	{ "proc.name[1]", NULL, 0, 0, NULL },
	{ "proc.names", NULL, 0, 0, NULL },
	{ "proc.aname[", NULL, 0, 0, NULL },
	{ "proc.aname[]", NULL, 0, 0, NULL },
	{ "proc.env['x]", NULL, 0, 0, NULL },
	{ "evt.arg", NULL, 0, 0, NULL },
	{ "evt.arg.", NULL, 0, 0, NULL },
	{ "nonsense", NULL, 0, 0, NULL },
	{ "", NULL, 0, 0, NULL },
};

static void
test_references(void **ctx)
{
	(void)ctx;
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		struct sk_field_ref r;
		bool ok = sk_field_ref_parse(sk_slice_cstr(references[i].text), &r);

		if (ok != (references[i].field != NULL))
			fail_msg("%s: %s", references[i].text, ok ? "taken" : "refused");
		if (!ok)
			continue;
		assert_string_equal(r.field->name, references[i].field);
		assert_int_equal(r.arg.kind, references[i].kind);
		assert_true(r.arg.index == references[i].index);
		if (references[i].key)
			assert_true(sk_slice_is(sk_slice(r.arg.key, r.arg.key_len), references[i].key));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_values), cmocka_unit_test(test_references) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
