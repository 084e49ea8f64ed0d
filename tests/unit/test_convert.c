/* Conversion of old events: every rule once against conversions.txt, then what the rules cannot say. */
#include "base/attr.h"
#include "base/schema.h"
#include "probe/scap/convert.h"
#include "probe/scap/enters.h"

#include <saker/limits.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const struct {
	const char *sym;
	uint16_t type;
	uint8_t nparams;
	bool store;
} rules[] = {
#define STORE 1
#define STORE_AND_PASS 1
#define PASS 0
#define ADD_PARAMS 0
#define CHANGE_TYPE 0
#define SK_CONV(event, np, act, next, ...) { #event, SK_E_##event, np, act },
#include <saker/conversions.def>
#undef SK_CONV
};

/* An event that owns its parameters. */
struct made {
	struct sk_event ev;
	uint8_t data[1024];
};

static void
make(struct made *m, unsigned type, uint32_t nparams, int64_t tid)
{
	const struct sk_event_desc *d = sk_event_desc(type);

	memset(m, 0, sizeof(*m));
	m->ev = (struct sk_event){ .type = (uint16_t)type, .desc = d, .tid = tid, .nparams = nparams, .data = m->data, .ts = 77, .cpu = 3 };
	for (uint32_t i = 0; i < nparams; i++) {
		uint32_t w = sk_type_width((enum sk_ptype)d->params[i].type), at = m->ev.off[i];

		for (uint32_t k = 0; k < w; k++)
			m->data[at + k] = (uint8_t)(type + 7 * i + k);
		if (!w)
			w = (uint32_t)snprintf((char *)m->data + at, 8, "p%u", i) + 1;
		m->ev.off[i + 1] = at + w;
	}
}

static enum sk_convert
convert(struct sk_converter *c, struct made *m)
{
	return sk_convert_current(&m->ev) ? SK_CONVERT_PASS : sk_converter_run(c, &m->ev);
}

/* Keep the enter event of exit event TYPE, if there is a rule for that. */
static void
feed_enter(struct sk_converter *c, unsigned type, int64_t tid)
{
	for (size_t i = 0; i < SK_COUNTOF(rules); i++)
		if (rules[i].store && rules[i].type + 1u == type) {
			struct made m;

			make(&m, type - 1, rules[i].nparams, tid);
			(void)convert(c, &m);
		}
}

static void
describe(const struct sk_event *ev, char *out, size_t n)
{
	size_t at = (size_t)snprintf(out, n, "%s", ev->desc->sym);

	for (uint32_t i = 0; i < ev->nparams && at + 4 < n; i++) {
		at += (size_t)snprintf(out + at, n - at, " %s", sk_ev_len(ev, i) ? "" : "-");
		for (uint32_t k = ev->off[i]; k < ev->off[i + 1] && at + 3 < n; k++)
			at += (size_t)snprintf(out + at, n - at, "%02x", ev->data[k]);
	}
}

static size_t
rule_index(const char *sym, unsigned nparams)
{
	for (size_t i = 0; i < SK_COUNTOF(rules); i++)
		if (strcmp(rules[i].sym, sym) == 0 && rules[i].nparams == nparams)
			return i;
	fail_msg("no rule for %s with %u parameters", sym, nparams);
	return 0;
}

static void
expect_line(const char *line, bool *covered)
{
	struct sk_converter *c = sk_converter_new();
	char sym[64], got[4096];
	unsigned nparams, enter;
	int rest = 0;
	size_t rule;
	struct made m;

	assert_int_equal(sscanf(line, "%63s %u %u %n", sym, &nparams, &enter, &rest), 3);
	rule = rule_index(sym, nparams);
	covered[rule] = true;
	if (enter)
		feed_enter(c, rules[rule].type, 5);
	make(&m, rules[rule].type, nparams, 5);
	if (convert(c, &m) == SK_CONVERT_DROP) {
		(void)snprintf(got, sizeof(got), "drop");
	} else {
		describe(&m.ev, got, sizeof(got));
		assert_int_equal(m.ev.ts, 77);
		assert_int_equal(m.ev.tid, 5);
		assert_int_equal(m.ev.cpu, 3);
		assert_ptr_equal(m.ev.desc, sk_event_desc(m.ev.type));
	}
	if (strcmp(got, line + rest) != 0)
		fail_msg("%.*s\nwant %s\ngot  %s", rest, line, line + rest, got);
	sk_converter_free(c);
}

static void
every_rule(void **state)
{
	SK_AUTO_FCLOSE FILE *f = fopen(SK_SOURCE_DIR "/tests/data/conversions.txt", "re");
	bool covered[SK_COUNTOF(rules)] = { false };
	char line[8192];

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '#')
			expect_line(line, covered);
	}
	for (size_t i = 0; i < SK_COUNTOF(rules); i++)
		if (!covered[i])
			fail_msg("%s with %u parameters is not in the file", rules[i].sym, rules[i].nparams);
}

/* --- enter events ---------------------------------------------------------------------------------------------------------- */

static void
enter_of_another_thread(void **state)
{
	struct sk_converter *c = sk_converter_new();
	struct made m;

	(void)state;
	feed_enter(c, SK_E_SYSCALL_CLOSE_X, 5);
	make(&m, SK_E_SYSCALL_CLOSE_X, 1, 6);
	assert_int_equal(convert(c, &m), SK_CONVERT_PASS);
	assert_int_equal(sk_ev_len(&m.ev, 1), 8);
	assert_int_equal(sk_ev_uint(&m.ev, 1), 0);
	make(&m, SK_E_SYSCALL_CLOSE_X, 1, 5);
	assert_int_equal(convert(c, &m), SK_CONVERT_PASS);
	assert_int_not_equal(sk_ev_uint(&m.ev, 1), 0);
	assert_int_equal(sk_converter_mismatches(c), 0);
	sk_converter_free(c);
}

/* An enter event serves one exit event. */
static void
enter_taken_once(void **state)
{
	struct sk_converter *c = sk_converter_new();
	struct made m;

	(void)state;
	feed_enter(c, SK_E_SYSCALL_CLOSE_X, 5);
	for (int i = 0; i < 2; i++) {
		make(&m, SK_E_SYSCALL_CLOSE_X, 1, 5);
		assert_int_equal(convert(c, &m), SK_CONVERT_PASS);
		assert_int_equal(sk_ev_uint(&m.ev, 1) != 0, i == 0);
	}
	sk_converter_free(c);
}

static void
enter_of_another_call(void **state)
{
	struct sk_converter *c = sk_converter_new();
	struct made m;

	(void)state;
	feed_enter(c, SK_E_SYSCALL_READ_X, 5);
	make(&m, SK_E_SYSCALL_CLOSE_X, 1, 5);
	assert_int_equal(convert(c, &m), SK_CONVERT_PASS);
	assert_int_equal(sk_ev_uint(&m.ev, 1), 0);
	assert_int_equal(sk_converter_mismatches(c), 1);
	sk_converter_free(c);
}

static void
enters_are_forgotten_with_their_section(void **state)
{
	struct sk_converter *c = sk_converter_new();
	struct made m;

	(void)state;
	feed_enter(c, SK_E_SYSCALL_CLOSE_X, 5);
	sk_converter_reset(c);
	make(&m, SK_E_SYSCALL_CLOSE_X, 1, 5);
	assert_int_equal(convert(c, &m), SK_CONVERT_PASS);
	assert_int_equal(sk_ev_uint(&m.ev, 1), 0);
	sk_converter_free(c);
}

static void
many_threads(void **state)
{
	struct sk_converter *c = sk_converter_new();
	struct made m;

	(void)state;
	for (int64_t tid = 1; tid <= SK_MAX_STORED_ENTERS; tid++)
		feed_enter(c, SK_E_SYSCALL_CLOSE_X, tid);
	for (int64_t tid = 1; tid <= SK_MAX_STORED_ENTERS; tid++) {
		make(&m, SK_E_SYSCALL_CLOSE_X, 1, tid);
		assert_int_equal(convert(c, &m), SK_CONVERT_PASS);
		assert_int_not_equal(sk_ev_uint(&m.ev, 1), 0);
	}
	assert_int_equal(sk_converter_mismatches(c), 0);
	sk_converter_free(c);
}

/* However many threads never leave their calls, the table stays bounded, and says what it lost. */
static void
too_many_threads(void **state)
{
	struct sk_enters t = { 0 };
	struct made m;

	(void)state;
	for (int64_t tid = 0; tid < 3 * (int64_t)SK_MAX_STORED_ENTERS; tid++) {
		make(&m, SK_E_SYSCALL_CLOSE_E, 1, tid);
		sk_enters_put(&t, &m.ev);
		assert_true(t.n <= SK_MAX_STORED_ENTERS);
		assert_non_null(sk_enters_get(&t, tid));
	}
	assert_true(t.lost >= SK_MAX_STORED_ENTERS);
	sk_enters_free(&t);
}

static void
too_many_bytes(void **state)
{
	static uint8_t data[65000];
	struct sk_enters t = { 0 };
	struct made m;

	(void)state;
	make(&m, SK_E_SYSCALL_UNLINK_E, 1, 0);
	m.ev.data = data;
	m.ev.off[1] = sizeof(data);
	for (m.ev.tid = 0; m.ev.tid < 4000; m.ev.tid++) {
		sk_enters_put(&t, &m.ev);
		assert_true(t.bytes <= SK_MAX_STORED_ENTER_BYTES);
	}
	assert_true(t.lost > 1000);
	sk_enters_free(&t);
}

/* --- what is passed, dropped, padded --------------------------------------------------------------------------------------- */

static void
unmanaged_events(void **state)
{
	struct sk_converter *c = sk_converter_new();
	struct made m;
	uint32_t unused = 0;

	(void)state;
	for (unsigned type = 0; type < SK_EVENT_LIMIT; type++) {
		uint32_t flags = sk_event_desc(type)->flags;

		make(&m, type, 0, 5);
		if (flags & SK_EF_UNUSED) {
			unused++;
			assert_int_equal(convert(c, &m), SK_CONVERT_DROP);
		} else if (!(flags & (SK_EF_CONVERTER_MANAGED | SK_EF_OLD_VERSION))) {
			assert_int_equal(convert(c, &m), SK_CONVERT_PASS);
			assert_int_equal(m.ev.nparams, 0);
			assert_ptr_equal(m.ev.data, m.data);
		} else if (!(flags & SK_EF_CONVERTER_MANAGED) && !(type & 1)) {
			assert_int_equal(convert(c, &m), SK_CONVERT_DROP);
		}
	}
	assert_true(unused > 0);
	sk_converter_free(c);
}

/* Whatever number of parameters an event of whatever type has: no crash, and what passes keeps to its schema. */
static void
any_type_and_number(void **state)
{
	struct sk_converter *c = sk_converter_new();
	uint32_t passed = 0;

	(void)state;
	for (unsigned type = 0; type < SK_EVENT_LIMIT; type++)
		for (uint32_t n = 0; n <= sk_event_desc(type)->nparams; n++) {
			struct made m;

			make(&m, type, n, 5);
			if (convert(c, &m) == SK_CONVERT_DROP)
				continue;
			passed++;
			assert_true(m.ev.nparams <= m.ev.desc->nparams);
			assert_int_equal(m.ev.desc->flags & SK_EF_UNUSED, 0);
		}
	assert_true(passed > SK_EVENT_LIMIT / 2);
	sk_converter_free(c);
}

static void
current_events_are_not_copied(void **state)
{
	struct made m;

	(void)state;
	make(&m, SK_E_SYSCALL_READ_X, 4, 5);
	assert_true(sk_convert_current(&m.ev));
	make(&m, SK_E_SYSCALL_READ_X, 3, 5);
	assert_false(sk_convert_current(&m.ev));
	make(&m, SK_E_SYSCALL_READ_E, 2, 5);
	assert_false(sk_convert_current(&m.ev));
}

/* Fewer parameters than any schema had: passed as it is and counted. */
static void
no_rule(void **state)
{
	struct sk_converter *c = sk_converter_new();
	struct made m;

	(void)state;
	make(&m, SK_E_SYSCALL_READ_X, 1, 5);
	assert_int_equal(convert(c, &m), SK_CONVERT_PASS);
	assert_int_equal(m.ev.nparams, 1);
	assert_ptr_equal(m.ev.data, m.data);
	assert_int_equal(sk_converter_mismatches(c), 1);
	sk_converter_free(c);
}

static void
enter_parameters_are_cut(void **state)
{
	struct sk_converter *c = sk_converter_new();
	struct made m;

	(void)state;
	make(&m, SK_E_SYSCALL_READ_E, 2, 5);
	m.ev.off[2] = 8 + 8; /* a size of 64 bits where the schema has 32 */
	memset(m.data + 8, 0x11, 4);
	memset(m.data + 12, 0x22, 4);
	assert_int_equal(convert(c, &m), SK_CONVERT_DROP);
	make(&m, SK_E_SYSCALL_READ_X, 2, 5);
	assert_int_equal(convert(c, &m), SK_CONVERT_PASS);
	assert_int_equal(sk_ev_len(&m.ev, 3), 4);
	assert_int_equal(sk_ev_uint(&m.ev, 3), 0x11111111);
	sk_converter_free(c);
}

static void
put_param(struct made *m, const void *p, uint32_t n)
{
	uint32_t at = m->ev.off[m->ev.nparams];

	memcpy(m->data + at, p, n);
	m->ev.off[++m->ev.nparams] = at + n;
}

static void
container(void **state)
{
	struct sk_converter *c = sk_converter_new();
	struct made m;

	(void)state;
	make(&m, SK_E_CONTAINER_E, 0, 5);
	put_param(&m, "0123456789ab", 13);
	put_param(&m, "\2\0\0\0", 4);
	put_param(&m, "na\"me", 6);
	put_param(&m, "", 0);
	assert_int_equal(convert(c, &m), SK_CONVERT_PASS);
	assert_int_equal(m.ev.type, SK_E_CONTAINER_JSON_2_E);
	assert_int_equal(m.ev.nparams, 1);
	assert_string_equal((const char *)sk_ev_ptr(&m.ev, 0), "{\"id\":\"0123456789ab\",\"type\":2,\"name\":\"na\\\"me\",\"image\":\"\"}");
	sk_converter_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule),
		cmocka_unit_test(enter_of_another_thread),
		cmocka_unit_test(enter_taken_once),
		cmocka_unit_test(enter_of_another_call),
		cmocka_unit_test(enters_are_forgotten_with_their_section),
		cmocka_unit_test(many_threads),
		cmocka_unit_test(too_many_threads),
		cmocka_unit_test(too_many_bytes),
		cmocka_unit_test(unmanaged_events),
		cmocka_unit_test(any_type_and_number),
		cmocka_unit_test(current_events_are_not_copied),
		cmocka_unit_test(no_rule),
		cmocka_unit_test(enter_parameters_are_cut),
		cmocka_unit_test(container),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
