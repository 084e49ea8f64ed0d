/* Alerts as lines: text and JSON, over one event that each test makes. Every JSON line is read back by another reader. */
#include "base/schema.h"
#include "daemon/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <saker/limits.h>
#include <string.h>
#include <time.h>

#define TS 1470327477881781397ull

static const char bundle_text[] =
	"output o0 \"plain\"\n"
	"	text \"say \"\n"
	"	field evt.arg[\"name\"] key \"evt.arg.name\" type CHARBUF\n"
	"	text \" end\"\n"
	"output o1 \"typed\"\n"
	"	field evt.num key \"evt.num\" type UINT64 fmt DEC\n"
	"	field evt.type key \"evt.type\" type CHARBUF\n"
	"	field evt.failed key \"evt.failed\" type BOOL\n"
	"	field k8s.ns.name key \"k8s.ns.name\" type CHARBUF\n"
	"	field evt.rawres key \"evt.rawres\" type INT64 fmt DEC\n"
	"	field evt.type key \"evt.type\" type CHARBUF\n"
	"	field tolower(evt.type) key \"tolower(evt.type)\" type CHARBUF transformed\n"
	"output o2 \"widths\"\n"
	"	text \"[\"\n"
	"	field evt.arg[\"name\"] key \"evt.arg.name\" type CHARBUF width 5\n"
	"	text \"|\"\n"
	"	field evt.type key \"evt.type\" type CHARBUF width 3\n"
	"	text \"|\"\n"
	"	field k8s.ns.name key \"k8s.ns.name\" type CHARBUF width 2\n"
	"	text \"]\"\n"
	"output o3 \"none\"\n"
	"	text \"no fields\"\n"
	"output o4 \"raw\"\n"
	"	field evt.num key \"evt.num\" type UINT64 fmt DEC\n"
	"output o5 \"formatted\"\n"
	"	text \"<\"\n"
	"	field evt.num key \"evt.num\" type UINT64 fmt DEC\n"
	"	text \">\"\n"
	"output o6 \"long\"\n"
	"	field evt.arg[\"name\"] key \"evt.arg.name\" type CHARBUF\n"
	"	field evt.arg[\"name\"] key \"evt.arg.name\" type CHARBUF\n"
	"	field evt.arg[\"name\"] key \"evt.arg.name\" type CHARBUF\n"
	"rule r0 \"Plain\"\n	prints o0\n	priority Notice\n	tags \"a\" \"b\" \"c\"\n"
	"rule r1 \"Typed\"\n	prints o1\n	priority Informational\n"
	"rule r2 \"Widths\"\n	prints o2\n	priority Debug\n"
	"rule r3 \"A \\\"quoted\\\"\\nname\"\n	prints o3\n	priority Emergency\n"
	"rule r4 \"Long\"\n	prints o6\n	priority Alert\n";

enum { PLAIN, TYPED, WIDTHS, QUOTED, LONG };

struct fixture {
	struct sk_buf image;
	struct sk_bundle *bundle;
	struct sk_engine *engine;
	struct sk_alerter *alerter;
	struct sk_config config;
	struct sk_event ev;
	uint8_t *data;
};

/* The event: memfd_create(NAME) = RES, of a thread that is not known. */
static void
event(struct fixture *x, int64_t res, const char *path, size_t n)
{
	x->data = realloc(x->data, n + 9);
	assert_non_null(x->data);
	memcpy(x->data, &res, 8);
	memcpy(x->data + 8, path, n);
	x->data[n + 8] = '\0';
	x->ev = (struct sk_event){ .num = 7, .ts = TS, .tid = 42, .type = SK_E_SYSCALL_MEMFD_CREATE_X, .data = x->data, .nparams = 2 };
	x->ev.desc = sk_event_desc(x->ev.type);
	x->ev.off[1] = 8;
	x->ev.off[2] = (uint32_t)n + 9;
	(void)sk_engine_event(x->engine, &x->ev);
}

static void
event_str(struct fixture *x, const char *path)
{
	event(x, 0, path, strlen(path));
}

static void
new_alerter(struct fixture *x)
{
	sk_alerter_free(x->alerter);
	x->alerter = sk_alerter_new(&x->config, x->engine);
	assert_non_null(x->alerter);
}

static int
setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));
	struct sk_reject why = { 0 };
	struct sk_config_error err;
	json_t *none = json_object();
	char text[256];

	assert_non_null(x);
	assert_int_equal(sk_config_load(&x->config, none, NULL, NULL, &err), 0);
	json_decref(none);
	if (!sk_bundle_assemble(sk_slice_cstr(bundle_text), &x->image, &why))
		fail_msg("%s", why.text);
	if (sk_bundle_open(x->image.p, x->image.n, &x->bundle, &why) != 0)
		fail_msg("%s", why.text);
	assert_int_equal(sk_engine_new(x->bundle, NULL, &x->engine, text, sizeof(text)), 0);
	struct sk_list_sink sink = sk_engine_sink(x->engine);
	sink.machine(sink.ctx, 1, 0, SK_SLICE("the-host"));
	new_alerter(x);
	event_str(x, "/tmp/x");
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;

	sk_alerter_free(x->alerter);
	sk_engine_free(x->engine);
	sk_bundle_close(x->bundle);
	sk_buf_free(&x->image);
	sk_config_free(&x->config);
	free(x->data);
	free(x);
	return 0;
}

static void
line_is(struct fixture *x, uint32_t rule, const char *want)
{
	struct sk_slice line = sk_alert_line(x->alerter, rule);

	assert_int_equal(strlen(line.p), line.n);
	assert_string_equal(line.p, want);
}

/* The line of RULE as an object. */
static json_t *
object(struct fixture *x, uint32_t rule)
{
	struct sk_slice line = sk_alert_line(x->alerter, rule);
	json_error_t err;
	json_t *o = json_loads(line.p, JSON_REJECT_DUPLICATES, &err);

	if (!json_is_object(o))
		fail_msg("%s: %.200s", err.text, line.p);
	return o;
}

static void
output_fields(struct fixture *x, uint32_t rule, const char *want)
{
	json_t *o = object(x, rule);
	char *got = json_dumps(json_object_get(o, "output_fields"), JSON_COMPACT); /* in the order of the line */

	assert_string_equal(got, want);
	free(got);
	json_decref(o);
}

/* --- text --- */
static void
test_text(void **state)
{
	struct fixture *x = *state;

	line_is(x, PLAIN, "16:17:57.881781397: Notice say /tmp/x end");
	line_is(x, TYPED, "16:17:57.881781397: Informational 7memfd_createfalse<NA>0memfd_creatememfd_create");
	line_is(x, QUOTED, "16:17:57.881781397: Emergency no fields");
	x->config.time_iso8601 = true;
	line_is(x, PLAIN, "2016-08-04T16:17:57.881781397+0000: Notice say /tmp/x end");
}

static void
test_times(void **state)
{
	static const struct {
		uint64_t ts;
		const char *iso, *plain;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000000000", "00:00:00.000000000" },
		{ 999999999, "1970-01-01T00:00:00.999999999", "00:00:00.999999999" },
		{ TS, "2016-08-04T16:17:57.881781397", "16:17:57.881781397" },
		{ 1709210096000000001ull, "2024-02-29T12:34:56.000000001", "12:34:56.000000001" },
		{ UINT64_MAX, "2554-07-21T23:34:33.709551615", "23:34:33.709551615" },
	};

	(void)state;
	(void)setenv("TZ", "America/New_York", 1);
	tzset();
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_buf b = { 0 };

		sk_alert_time(&b, cases[i].ts, true, "", false);
		assert_string_equal(sk_buf_cstr(&b), cases[i].iso);
		b.n = 0;
		sk_alert_time(&b, cases[i].ts, true, "Z", true); /* ISO is UTC, whatever is asked for */
		assert_memory_equal(sk_buf_cstr(&b), cases[i].iso, strlen(cases[i].iso));
		b.n = 0;
		sk_alert_time(&b, cases[i].ts, false, "", false);
		assert_string_equal(sk_buf_cstr(&b), cases[i].plain);
		sk_buf_free(&b);
	}
	(void)unsetenv("TZ");
	tzset();
}

static void
test_priorities(void **state)
{
	static const char *const names[SK_PRIO_COUNT] = { "Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug" };
	struct fixture *x = *state;

	for (size_t i = 0; i < SK_PRIO_COUNT; i++)
		assert_string_equal(sk_priority_name((enum sk_priority)i), names[i]);
	assert_int_equal(strncmp(sk_alert_line(x->alerter, WIDTHS).p, "16:17:57.881781397: Debug [", 27), 0);
}

/* What a process can choose must not break the line, the terminal or the reader. */
static void
test_escapes(void **state)
{
	static const struct {
		const char *path;
		const char *line;
	} cases[] = {
		{ "a\nb", "a\\nb" },
		{ "a\r\t\b\fb", "a\\r\\t\\b\\fb" },
		{ "\x01\x1b[2J\x1f", "\\u0001\\u001b[2J\\u001f" },
		{ "\"quoted\"", "\\\"quoted\\\"" },
		{ "back\\slash", "back\\\\slash" },
		{ "a/b'c<d>&", "a/b'c<d>&" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x9f", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x9f" },
		{ "\xff", "\xef\xbf\xbd" },
		{ "a\xc3", "a\xef\xbf\xbd" },
		{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },          /* overlong */
		{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, /* surrogate */
		{ "\xe2\x82x", "\xef\xbf\xbdx" },		     /* one for the maximal sub-part */
		{ "\xf5\x80", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "%s%n%evt.num", "%s%n%evt.num" },
		{ "", "" },
	};
	struct fixture *x = *state;
	char want[512];

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		event_str(x, cases[i].path);
		(void)snprintf(want, sizeof(want), "16:17:57.881781397: Notice say %s end", cases[i].line);
		line_is(x, PLAIN, want);
	}
}

static void
test_widths(void **state)
{
	static const struct {
		const char *path, *line;
	} cases[] = {
		{ "a", "[a    |mem|<N]" },
		{ "abcde", "[abcde|mem|<N]" },
		{ "abcdef", "[abcde|mem|<N]" },
		{ "abc\xc3\xa9z", "[abc\xc3\xa9|mem|<N]" },
		{ "abcd\xc3\xa9", "[abcd |mem|<N]" },  /* half a character is none */
		{ "abc\xe2\x82\xac", "[abc  |mem|<N]" },
		{ "", "[     |mem|<N]" },
	};
	struct fixture *x = *state;
	char want[128];

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		event_str(x, cases[i].path);
		(void)snprintf(want, sizeof(want), "16:17:57.881781397: Debug %s", cases[i].line);
		line_is(x, WIDTHS, want);
	}
	event_str(x, "abcdef");
	x->config.json_output = true;
	output_fields(x, WIDTHS, "{\"evt.arg.name\":\"abcdef\",\"evt.time\":1470327477881781397,\"evt.type\":\"memfd_create\",\"k8s.ns.name\":null}");
}

static void
test_appended(void **state)
{
	struct fixture *x = *state;

	assert_true(sk_alerter_add(x->alerter, PLAIN, &(struct sk_alert_extra){ .output = 5 }));
	assert_true(sk_alerter_add(x->alerter, PLAIN, &(struct sk_alert_extra){ .output = 3 }));
	assert_true(sk_alerter_add(x->alerter, PLAIN, &(struct sk_alert_extra){ .output = 5, .key = "k" })); /* text lines have no members */
	line_is(x, PLAIN, "16:17:57.881781397: Notice say /tmp/x end <7> no fields");
	line_is(x, QUOTED, "16:17:57.881781397: Emergency no fields");
}

/* --- JSON --- */
static void
test_json(void **state)
{
	struct fixture *x = *state;

	x->config.json_output = true;
	line_is(x, PLAIN, "{\"hostname\":\"the-host\",\"output\":\"16:17:57.881781397: Notice say /tmp/x end\",\"output_fields\":{\"evt.arg.name\":\"/tmp/x\","
			  "\"evt.time\":1470327477881781397},\"priority\":\"Notice\",\"rule\":\"Plain\",\"source\":\"syscall\",\"tags\":[\"a\",\"b\",\"c\"],"
			  "\"time\":\"2016-08-04T16:17:57.881781397Z\"}");
	x->config.time_iso8601 = true;
	line_is(x, QUOTED, "{\"hostname\":\"the-host\",\"output\":\"2016-08-04T16:17:57.881781397+0000: Emergency no fields\",\"output_fields\":"
			   "{\"evt.time.iso8601\":1470327477881781397},\"priority\":\"Emergency\",\"rule\":\"A \\\"quoted\\\"\\nname\",\"source\":\"syscall\","
			   "\"tags\":[],\"time\":\"2016-08-04T16:17:57.881781397Z\"}");
}

/* Each of the four switches alone, and all of their combinations: members stay sorted. */
static void
test_switches(void **state)
{
	static const char *const all[] = { "hostname", "message", "output", "output_fields", "priority", "rule", "source", "tags", "time" };
	struct fixture *x = *state;

	x->config.json_output = true;
	for (unsigned bits = 0; bits < 16; bits++) {
		const bool on[] = { true, bits & 1, bits & 2, bits & 4, true, true, true, bits & 8, true };
		size_t i = 0;
		const char *key;
		json_t *value;

		x->config.json_message_property = bits & 1;
		x->config.json_output_property = bits & 2;
		x->config.json_output_fields_property = bits & 4;
		x->config.json_tags_property = bits & 8;
		json_t *o = object(x, PLAIN);
		json_object_foreach(o, key, value) {
			while (!on[i])
				i++;
			assert_string_equal(key, all[i++]);
		}
		while (i < SK_COUNTOF(all) && !on[i])
			i++;
		assert_int_equal(i, SK_COUNTOF(all));
		if (bits & 1)
			assert_string_equal(json_string_value(json_object_get(o, "message")), "say /tmp/x end");
		json_decref(o);
	}
}

static void
test_types(void **state)
{
	struct fixture *x = *state;

	x->config.json_output = true;
	output_fields(x, TYPED,
		      "{\"evt.failed\":false,\"evt.num\":7,\"evt.rawres\":0,\"evt.time\":1470327477881781397,\"evt.type\":\"memfd_create\",\"k8s.ns.name\":null}");
	event(x, -2, "x", 1);
	output_fields(x, TYPED,
		      "{\"evt.failed\":true,\"evt.num\":7,\"evt.rawres\":-2,\"evt.time\":1470327477881781397,\"evt.type\":\"memfd_create\",\"k8s.ns.name\":null}");
}

static void
test_json_escapes(void **state)
{
	struct fixture *x = *state;
	json_t *o;

	x->config.json_output = x->config.json_message_property = true;
	event_str(x, "\"\\\n\x01\xff");
	o = object(x, PLAIN);
	assert_string_equal(json_string_value(json_object_get(o, "message")), "say \"\\\n\x01\xef\xbf\xbd end");
	json_decref(o);
	o = object(x, QUOTED);
	assert_string_equal(json_string_value(json_object_get(o, "rule")), "A \"quoted\"\nname");
	json_decref(o);
}

/* Extra members: raw ones have a type, formatted ones are text; of several with one key the last counts. */
static void
test_extra_fields(void **state)
{
	struct fixture *x = *state;

	x->config.json_output = true;
	assert_true(sk_alerter_add(x->alerter, QUOTED, &(struct sk_alert_extra){ .output = 4, .key = "evt.num", .raw = true }));
	assert_true(sk_alerter_add(x->alerter, QUOTED, &(struct sk_alert_extra){ .output = 5, .key = "a \"key\"" }));
	output_fields(x, QUOTED, "{\"a \\\"key\\\"\":\"<7>\",\"evt.num\":7,\"evt.time\":1470327477881781397}");
	assert_true(sk_alerter_add(x->alerter, QUOTED, &(struct sk_alert_extra){ .output = 5, .key = "evt.num" }));
	output_fields(x, QUOTED, "{\"a \\\"key\\\"\":\"<7>\",\"evt.num\":\"<7>\",\"evt.time\":1470327477881781397}");
	assert_true(sk_alerter_add(x->alerter, QUOTED, &(struct sk_alert_extra){ .output = 4, .key = "evt.num", .raw = true }));
	assert_true(sk_alerter_add(x->alerter, QUOTED, &(struct sk_alert_extra){ .output = 3, .key = "evt.time" }));
	output_fields(x, QUOTED, "{\"a \\\"key\\\"\":\"<7>\",\"evt.num\":7,\"evt.time\":\"no fields\"}");
	/* fields of appended text are members too */
	assert_true(sk_alerter_add(x->alerter, PLAIN, &(struct sk_alert_extra){ .output = 5 }));
	output_fields(x, PLAIN, "{\"evt.arg.name\":\"/tmp/x\",\"evt.num\":7,\"evt.time\":1470327477881781397}");
}

static void
test_many_extra_fields(void **state)
{
	struct fixture *x = *state;
	char key[16];
	json_t *o;

	x->config.json_output = true;
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(key, sizeof(key), "k%d", i % 500);
		assert_true(sk_alerter_add(x->alerter, QUOTED, &(struct sk_alert_extra){ .output = i < 500 ? 3 : 5, .key = key }));
	}
	o = object(x, QUOTED);
	assert_int_equal(json_object_size(json_object_get(o, "output_fields")), 501);
	assert_string_equal(json_string_value(json_object_get(json_object_get(o, "output_fields"), "k77")), "<7>");
	json_decref(o);
}

/* --- bounds --- */
/* What is longer than an alert may be is cut between two characters, whatever the character and wherever it falls. */
static void
test_long_values(void **state)
{
	static const char *const units[] = { "x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x90\x9f", "\x80", "\"" };
	struct fixture *x = *state;
	size_t n = (3u << 19) + 7;
	char *path = malloc(n);

	assert_non_null(path);
	x->config.json_output = x->config.json_message_property = true;
	for (size_t i = 0; i < SK_COUNTOF(units); i++)
		for (size_t shift = 0; shift < 4; shift++) {
			size_t u = strlen(units[i]);

			memset(path, 'x', shift);
			for (size_t k = shift; k < n; k++)
				path[k] = units[i][(k - shift) % u];
			event(x, 0, path, n);
			json_t *o = object(x, LONG);
			const char *message = json_string_value(json_object_get(o, "message"));
			const char *value = json_string_value(json_object_get(json_object_get(o, "output_fields"), "evt.arg.name"));

			assert_true(message && value);
			if (units[i][0] != '\x80') { /* which reads as three bytes each */
				assert_true(strlen(message) <= SK_MAX_ALERT && strlen(message) > SK_MAX_ALERT - 4);
				assert_true(strlen(value) <= SK_MAX_ALERT);
				assert_null(strstr(message, "\xef\xbf\xbd"));
				assert_null(strstr(value, "\xef\xbf\xbd"));
			} else {
				assert_true(strlen(message) > SK_MAX_ALERT);
			}
			json_decref(o);
		}
	x->config.json_output = false;
	assert_true(sk_alert_line(x->alerter, LONG).n <= 6 * (SK_MAX_ALERT + 64));
	free(path);
}

/* Pieces behind the longest message are not even put together: many appended templates cost no more. */
static void
test_long_appended(void **state)
{
	struct fixture *x = *state;
	size_t n = 60000;
	char *path = malloc(n);

	assert_non_null(path);
	memset(path, 'x', n);
	event(x, 0, path, n);
	for (int i = 0; i < 100; i++)
		assert_true(sk_alerter_add(x->alerter, PLAIN, &(struct sk_alert_extra){ .output = 6 }));
	assert_int_equal(sk_alert_line(x->alerter, PLAIN).n, SK_MAX_ALERT + strlen("16:17:57.881781397: Notice "));
	free(path);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_text),     TEST(test_times), TEST(test_priorities),	TEST(test_escapes),	 TEST(test_widths),	       TEST(test_appended),    TEST(test_json),
		TEST(test_switches), TEST(test_types), TEST(test_json_escapes), TEST(test_extra_fields), TEST(test_many_extra_fields), TEST(test_long_values), TEST(test_long_appended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
