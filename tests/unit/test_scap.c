/* What the reader makes of every kind and version of block, and that the writer's captures say the same as what they were copied from. */
#include "scap_support.h"

#include "base/bytes.h"
#include "base/schema.h"
#include "probe/scap/writer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <cmocka.h>

static char scratch[64];

static int
make_scratch(void **state)
{
	(void)state;
	(void)snprintf(scratch, sizeof(scratch), "/tmp/test_scap.%d", (int)getpid());
	return 0;
}

static int
remove_scratch(void **state)
{
	(void)state;
	(void)unlink(scratch);
	return 0;
}

static void
expect_contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

/* Read a section with one list block and one event, expect the lines of the list. */
static void
expect_list(uint32_t type, struct sk_buf *body, const char *lines)
{
	struct sk_buf b = { 0 }, want = { 0 };
	struct record r;

	put_section(&b);
	put_block(&b, type, body);
	put_event(&b, SK_E_DROP_E, 7, 0, NULL);
	record_memory(&r, b.p, b.n);
	sk_buf_printf(&want, "section\n%sdone\n", lines);
	assert_int_equal(r.rc, 0);
	assert_string_equal(sk_buf_cstr(&r.lists), sk_buf_cstr(&want));
	assert_int_equal(r.end, SK_SCAP_END);
	assert_int_equal(r.events.n, 1);
	record_free(&r);
	sk_buf_free(&want);
	sk_buf_free(&b);
}

/* The same of a list that must be refused. */
static void
expect_bad_list(uint32_t type, struct sk_buf *body, const char *why)
{
	struct sk_buf b = { 0 };
	struct record r;

	put_section(&b);
	put_block(&b, type, body);
	put_event(&b, SK_E_DROP_E, 7, 0, NULL);
	record_memory(&r, b.p, b.n);
	assert_true(r.rc < 0);
	expect_contains(r.error.text, why);
	assert_int_equal(r.error.offset, 28);
	record_free(&r);
	sk_buf_free(&b);
}

/* --- process lists ---------------------------------------------------------------------------------------------------- */

/* The fields of a process up to its root directory, as far as VERSION has them. */
static void
put_process(struct sk_buf *b, uint32_t version)
{
	put64(b, 11);
	put64(b, 10);
	put64(b, 1);
	if (version >= 6)
		put64(b, 8);
	if (version >= 8)
		put64(b, 9);
	put_s(b, "sh");
	put_s(b, "/bin/sh");
	if (version >= 7)
		put_s(b, "/usr/bin/dash");
	put16(b, 5);
	sk_buf_put(b, "-c\0x\0", 5);
	put_s(b, "/root");
	put64(b, 1024);
	put32(b, 0x40000000);
	put32(b, 1000);
	put32(b, 100);
	if (version >= 2) {
		put32(b, 21);
		put32(b, 22);
		put32(b, 23);
		put64(b, 24);
		put64(b, 25);
	}
	if (version >= 3)
		put_s(b, "A=b");
	if (version >= 4) {
		put64(b, 2);
		put64(b, 3);
		put_s(b, "cpu=/x");
	}
	if (version >= 5)
		put_s(b, "/var/lib/root");
}

static void
expect_process(uint32_t type, uint32_t version, const char *line)
{
	struct sk_buf body = { 0 };
	char twice[4096];

	put_process(&body, version);
	put_process(&body, version);
	(void)snprintf(twice, sizeof(twice), "%s%s", line, line);
	expect_list(type, &body, twice);
}

#define P_IDS(sid, vpgid, vtid, vpid)                                                                                          \
	"thread 11 pid=10 ptid=1 sid=" #sid " vpgid=" #vpgid " pgid=-1 vtid=" #vtid " vpid=" #vpid                             \
	" fdlimit=1024 flags=40000000 uid=1000 gid=100 loginuid=-1 tty=0 comm=\"sh\" exe=\"/bin/sh\""
#define P_PATHS(exepath, env, cgroups, root)                                                                                   \
	" exepath=\"" exepath "\" args=\"-c\\u0000x\\u0000\" cwd=\"/root\" env=\"" env "\" cgroups=\"" cgroups "\" root=\"" root "\""
#define P_END " pidns=0 clone=0 exe=0000 caps=0/0/0 ino=0/0/0\n"
#define P_NO_VM " vm=0/0/0 pf=0/0"
#define P_VM " vm=21/22/23 pf=24/25"

static void
process_versions(void **state)
{
	static const char v1[] = P_IDS(-1, -1, -1, -1) P_PATHS("", "", "", "") P_NO_VM P_END;
	static const char v2[] = P_IDS(-1, -1, -1, -1) P_PATHS("", "", "", "") P_VM P_END;
	static const char v3[] = P_IDS(-1, -1, -1, -1) P_PATHS("", "A=b", "", "") P_VM P_END;

	(void)state;
	expect_process(0x202, 1, v1);
	expect_process(0x8000ABCD, 1, v1);
	expect_process(0x207, 2, v2);
	expect_process(0x8013ABCD, 2, v2);
	expect_process(0x209, 3, v3);
	expect_process(0x8014ABCD, 3, v3);
	expect_process(0x210, 4, P_IDS(-1, -1, 2, 3) P_PATHS("", "A=b", "cpu=/x", "") P_VM P_END);
	expect_process(0x211, 5, P_IDS(-1, -1, 2, 3) P_PATHS("", "A=b", "cpu=/x", "/var/lib/root") P_VM P_END);
	expect_process(0x212, 6, P_IDS(8, -1, 2, 3) P_PATHS("", "A=b", "cpu=/x", "/var/lib/root") P_VM P_END);
	expect_process(0x213, 7, P_IDS(8, -1, 2, 3) P_PATHS("/usr/bin/dash", "A=b", "cpu=/x", "/var/lib/root") P_VM P_END);
	expect_process(0x214, 8, P_IDS(8, 9, 2, 3) P_PATHS("/usr/bin/dash", "A=b", "cpu=/x", "/var/lib/root") P_VM P_END);
}

/* A version 9 entry with the first N of its optional fields; OLD: of the time before two were put in the middle. */
static void
put_process9(struct sk_buf *b, bool old, uint32_t n)
{
	static const uint8_t width[] = { 8, 4, 4, 1, 8, 8, 8, 1, 8, 8, 8, 1, 1, 8 };
	struct sk_buf e = { 0 };

	put_process(&e, 9);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t v = 101 + i;

		if (!old || i >= 2)
			sk_buf_put(&e, &v, width[i]);
	}
	put32(b, (uint32_t)e.n + 4);
	sk_buf_put(b, e.p, e.n);
	sk_buf_free(&e);
}

#define P9_IDS(pgid, loginuid, tty)                                                                                            \
	"thread 11 pid=10 ptid=1 sid=8 vpgid=9 pgid=" #pgid                                                                    \
	" vtid=2 vpid=3 fdlimit=1024 flags=40000000 uid=1000 gid=100 loginuid=" #loginuid " tty=" #tty " comm=\"sh\" exe=\"/bin/sh\"" \
	P_PATHS("/usr/bin/dash", "A=b", "cpu=/x", "/var/lib/root") P_VM

static void
process_version_9(void **state)
{
	struct sk_buf body = { 0 };

	(void)state;
	put_process9(&body, false, 14);
	put_process9(&body, false, 0);
	put_process9(&body, true, 7);
	put_process9(&body, true, 3);
	put_process9(&body, false, 8);
	put_process9(&body, false, 11);
	expect_list(0x215, &body,
		    P9_IDS(114, 103, 102) " pidns=101 clone=0 exe=1111 caps=69/6a/6b ino=109/110/111\n"
		    P9_IDS(-1, -1, 0) P_END
		    P9_IDS(-1, 103, 0) " pidns=0 clone=0 exe=1000 caps=69/6a/6b ino=0/0/0\n"
		    P9_IDS(-1, 103, 0) P_END
		    P9_IDS(-1, 103, 102) " pidns=101 clone=0 exe=1100 caps=69/6a/6b ino=0/0/0\n"
		    P9_IDS(-1, 103, 102) " pidns=101 clone=0 exe=1100 caps=69/6a/6b ino=109/110/111\n");
}

static void
process_from_the_future(void **state)
{
	struct sk_buf body = { 0 };

	(void)state;
	put_process9(&body, false, 14);
	/* A field that was appended later: the length covers it. */
	sk_buf_str(&body, "later");
	sk_put_u32(body.p, sk_get_u32(body.p) + 5);
	put_process9(&body, false, 0);
	expect_list(0x215, &body,
		    P9_IDS(114, 103, 102) " pidns=101 clone=0 exe=1111 caps=69/6a/6b ino=109/110/111\n" P9_IDS(-1, -1, 0) P_END);
}

static void
process_too_long(void **state)
{
	struct sk_buf body = { 0 };

	(void)state;
	put_process(&body, 8);
	body.p[24 + 16] = 100; /* length of comm */
	body.p[24 + 17] = 100;
	expect_bad_list(0x214, &body, "a process entry is longer than its list");
	put_process9(&body, false, 14);
	body.p[0] = 3; /* shorter than its own length field */
	body.p[1] = 0;
	expect_bad_list(0x215, &body, "a process entry is longer than its list");
	put_process9(&body, false, 14);
	body.p[0] = 30; /* ends in the middle of the obligatory fields */
	body.p[1] = 0;
	expect_bad_list(0x215, &body, "a process entry is longer than its list");
}

/* --- descriptors -------------------------------------------------------------------------------------------------------- */

static void
put_fd(struct sk_buf *b, bool sized, unsigned type, const struct sk_buf *payload)
{
	if (sized)
		put32(b, (uint32_t)(21 + payload->n));
	put64(b, 3);
	put64(b, 77);
	put8(b, type);
	sk_buf_put(b, payload->p, payload->n);
}

static void
expect_fd(unsigned type, struct sk_buf *payload, const char *rest, const char *rest_v1)
{
	struct sk_buf body = { 0 };
	char line[512];

	(void)snprintf(line, sizeof(line), "fd 9 3 ino=77 type=%u %s\n", type, rest);
	put64(&body, 9);
	put_fd(&body, true, type, payload);
	expect_list(0x218, &body, line);
	if (rest_v1) {
		(void)snprintf(line, sizeof(line), "fd 9 3 ino=77 type=%u %s\n", type, rest_v1);
		put64(&body, 9);
		put_fd(&body, false, type, payload);
		expect_list(0x203, &body, line);
		put64(&body, 9);
		put_fd(&body, false, type, payload);
		expect_list(0x8001ABCD, &body, line);
	}
	sk_buf_free(payload);
	memset(payload, 0, sizeof(*payload));
}

static void
fd_named(void **state)
{
	static const uint8_t named[] = { 1, 2, 7, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21 };
	static const char rest[] = "l4=0 ports=0/0 unix=0/0 flags=0 dev=0 mnt=0 name=\"/a/b\"";

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(named); i++) {
		struct sk_buf p = { 0 };

		put_s(&p, "/a/b");
		expect_fd(named[i], &p, rest, rest);
	}
}

static void
fd_sockets(void **state)
{
	static const char v4[] = "l4=2 7f000001000000000000000000000000 0a000002000000000000000000000000"
				 " ports=80/4242 unix=0/0 flags=0 dev=0 mnt=0 name=\"\"";
	static const char v4_server[] = "l4=3 7f000001000000000000000000000000 00000000000000000000000000000000"
					" ports=53/0 unix=0/0 flags=0 dev=0 mnt=0 name=\"\"";
	static const char v6[] = "l4=2 00010203040506070809101112131415 f0010203040506070809101112131415"
				 " ports=80/4242 unix=0/0 flags=0 dev=0 mnt=0 name=\"\"";
	static const char v6_server[] = "l4=2 00010203040506070809101112131415 00000000000000000000000000000000"
					" ports=22/0 unix=0/0 flags=0 dev=0 mnt=0 name=\"\"";
	static const char unix_sock[] = "l4=0 ports=0/0 unix=ff00/ee00 flags=0 dev=0 mnt=0 name=\"/run/s\"";
	static const char a6[] = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x10\x11\x12\x13\x14\x15";
	struct sk_buf p = { 0 };

	(void)state;
	sk_buf_put(&p, "\x7f\0\0\1\x0a\0\0\2\x50\0\x92\x10\2", 13);
	expect_fd(3, &p, v4, v4);
	sk_buf_put(&p, "\x7f\0\0\1\x35\0\3", 7);
	expect_fd(5, &p, v4_server, v4_server);
	sk_buf_put(&p, a6, 16);
	sk_buf_put(&p, "\xf0", 1);
	sk_buf_put(&p, a6 + 1, 15);
	sk_buf_put(&p, "\x50\0\x92\x10\2", 5);
	expect_fd(4, &p, v6, v6);
	sk_buf_put(&p, a6, 16);
	sk_buf_put(&p, "\x16\0\2", 3);
	expect_fd(6, &p, v6_server, v6_server);
	put64(&p, 0xff00);
	put64(&p, 0xee00);
	put_s(&p, "/run/s");
	expect_fd(8, &p, unix_sock, unix_sock);
}

static void
fd_files(void **state)
{
	struct sk_buf p = { 0 };

	(void)state;
	put32(&p, 0x42);
	put_s(&p, "/f");
	expect_fd(16, &p, "l4=0 ports=0/0 unix=0/0 flags=42 dev=0 mnt=0 name=\"/f\"", "l4=0 ports=0/0 unix=0/0 flags=42 dev=0 mnt=0 name=\"/f\"");
	put32(&p, 0x42);
	put_s(&p, "/f");
	put32(&p, 0x1234);
	expect_fd(16, &p, "l4=0 ports=0/0 unix=0/0 flags=42 dev=1234 mnt=0 name=\"/f\"", NULL);
	expect_fd(0, &p, "l4=0 ports=0/0 unix=0/0 flags=0 dev=0 mnt=0 name=\"\"", "l4=0 ports=0/0 unix=0/0 flags=0 dev=0 mnt=0 name=\"\"");
}

static void
fd_unknown_type(void **state)
{
	struct sk_buf body = { 0 }, p = { 0 }, name = { 0 };

	(void)state;
	sk_buf_str(&p, "whatever");
	put_s(&name, "n");
	put64(&body, 9);
	put_fd(&body, true, 99, &p);
	put_fd(&body, true, 7, &name);
	expect_list(0x218, &body,
		    "fd 9 3 ino=77 type=10 l4=0 ports=0/0 unix=0/0 flags=0 dev=0 mnt=0 name=\"\"\n"
		    "fd 9 3 ino=77 type=7 l4=0 ports=0/0 unix=0/0 flags=0 dev=0 mnt=0 name=\"n\"\n");
	put64(&body, 9);
	put_fd(&body, false, 99, &p);
	expect_bad_list(0x203, &body, "unknown type of descriptor");
	put64(&body, 9); /* no descriptors: nothing to say */
	expect_list(0x218, &body, "");
	put32(&body, 9);
	expect_bad_list(0x218, &body, "a descriptor list without its thread");
	sk_buf_free(&p);
	sk_buf_free(&name);
}

/* --- interfaces, users, machine --------------------------------------------------------------------------------------------- */

static void
put_iface(struct sk_buf *b, bool sized, unsigned type)
{
	unsigned n = type == 1 || type == 3 ? 4 : 16;

	if (sized)
		put32(b, 4 + 3 * n + (type <= 2 ? 8 : 0) + 4);
	put16(b, type);
	put16(b, 4);
	for (unsigned i = 0; i < 3 * n; i++)
		put8(b, i);
	if (type <= 2)
		put64(b, 1000);
	sk_buf_put(b, "eth0", 4);
}

#define SPEED "speed 1000\n"
#define IFACE4 "iface eth0 00010203 04050607 08090a0b\n"
#define IFACE6 "iface eth0 000102030405060708090a0b0c0d0e0f 101112131415161718191a1b1c1d1e1f 202122232425262728292a2b2c2d2e2f\n"

static void
interfaces(void **state)
{
	static const uint32_t types[] = { 0x205, 0x8011ABCD, 0x219 };
	struct sk_buf body = { 0 };

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(types); i++) {
		for (unsigned t = 1; t <= 4; t++)
			put_iface(&body, types[i] == 0x219, t);
		expect_list(types[i], &body, SPEED IFACE4 SPEED IFACE6 IFACE4 IFACE6);
	}
	put_iface(&body, true, 2);
	body.p[4] = 5;
	expect_bad_list(0x219, &body, "an interface of unknown type");
	put_iface(&body, false, 2);
	body.p[2] = 9;
	expect_bad_list(0x205, &body, "an interface entry is longer than its list");
}

/* A well-known writer counts each entry four bytes too short, in both lengths of the block. */
static void
interfaces_too_short(void **state)
{
	for (uint32_t n = 1; n < 9; n++) {
		struct sk_buf b = { 0 }, body = { 0 };
		struct record r;
		uint32_t told;

		(void)state;
		put_section(&b);
		for (uint32_t i = 0; i < n; i++)
			put_iface(&body, true, i % 2 + 1);
		put_block(&b, 0x219, &body);
		memcpy(&told, b.p + b.n - 4, 4);
		told -= 4 * n;
		memcpy(b.p + b.n - 4, &told, 4);
		memcpy(b.p + 28 + 4, &told, 4);
		put_event(&b, SK_E_DROP_E, 7, 0, NULL);
		record_memory(&r, b.p, b.n);
		assert_string_equal(r.error.text, "");
		assert_int_equal(r.rc, 0);
		assert_int_equal(r.events.n, 1);
		record_free(&r);
		sk_buf_free(&b);
	}
}

static void
put_user(struct sk_buf *b, bool sized)
{
	if (sized)
		put32(b, 4 + 9 + 6 + 7 + 9);
	put8(b, 0);
	put32(b, 1000);
	put32(b, 100);
	put_s(b, "anna");
	put_s(b, "/home");
	put_s(b, "/bin/sh");
	if (sized)
		put32(b, 4 + 5 + 7);
	put8(b, 1);
	put32(b, 100);
	put_s(b, "users");
}

static void
users(void **state)
{
	static const uint32_t types[] = { 0x206, 0x8012ABCD, 0x220 };
	struct sk_buf body = { 0 };

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(types); i++) {
		put_user(&body, types[i] == 0x220);
		put_user(&body, types[i] == 0x220);
		expect_list(types[i], &body,
			    "user 1000 100 anna /home /bin/sh\ngroup 100 users\nuser 1000 100 anna /home /bin/sh\ngroup 100 users\n");
	}
	put_user(&body, true);
	body.p[0] = 8;
	expect_bad_list(0x220, &body, "a user entry is longer than its list");
}

static void
machine(void **state)
{
	static const uint32_t types[] = { 0x201, 0x8002ABCD };
	struct sk_buf body = { 0 };

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(types); i++) {
		put32(&body, 4);
		put64(&body, 1);
		put64(&body, 2);
		sk_buf_str(&body, "box");
		while (body.n < 148)
			put8(&body, 0);
		put64(&body, 123456789);
		put64(&body, 0);
		put64(&body, 0);
		put64(&body, 0);
		expect_list(types[i], &body, "memory 1 pids 2\nmachine 4 123456789 box\n");
	}
	put64(&body, 4);
	expect_bad_list(0x201, &body, "the machine information is too short");
}

/* --- sections and the walk over blocks -------------------------------------------------------------------------------------- */

static void
expect_open_error(struct sk_buf *b, const char *why)
{
	struct record r;

	record_memory(&r, b->p, b->n);
	assert_true(r.rc < 0);
	expect_contains(r.error.text, why);
	record_free(&r);
	sk_buf_free(b);
	memset(b, 0, sizeof(*b));
}

static void
section_errors(void **state)
{
	struct sk_buf b = { 0 };

	(void)state;
	expect_open_error(&b, "capture: empty file");
	sk_buf_str(&b, "hello");
	expect_open_error(&b, "truncated at byte 0: expecting 8 bytes, read 5");
	sk_buf_str(&b, "hello, this is no capture at all");
	expect_open_error(&b, "not a capture");
	put_section(&b);
	b.p[8] = 0;
	expect_open_error(&b, "the magic number is wrong");
	put_section(&b);
	memcpy(b.p + 8, "\x1a\x2b\x3c\x4d", 4);
	expect_open_error(&b, "the other byte order");
	put_section(&b);
	b.p[12] = 2;
	expect_open_error(&b, "version 2 of the format is newer");
	put_section(&b);
	b.n = 20;
	expect_open_error(&b, "truncated at byte 0: expecting 24 bytes, read 20");
	put_section(&b);
	put32(&b, 0x201);
	put32(&b, 11);
	expect_open_error(&b, "length 11 is too small");
	put_section(&b);
	put32(&b, 0x215);
	put32(&b, 0xffffffff);
	expect_open_error(&b, "the list is too long");
	put_section(&b);
	put32(&b, 0x215);
	put32(&b, 200 << 20);
	put64(&b, 0);
	expect_open_error(&b, "truncated at byte 28: expecting 209715200 bytes, read 16");
}

static void
section_options(void **state)
{
	struct sk_buf b = { 0 };
	struct record r;

	(void)state;
	put_section(&b);
	b.n -= 4;
	for (int i = 0; i < 22; i++)
		put32(&b, 0x12345678);
	put32(&b, 28); /* the last length is not looked at */
	b.p[4] = 28 + 88;
	put_event(&b, SK_E_DROP_E, 7, 0, NULL);
	record_memory(&r, b.p, b.n);
	assert_int_equal(r.rc, 0);
	assert_int_equal(r.events.n, 1);
	record_free(&r);
	sk_buf_free(&b);
}

static void
unknown_blocks(void **state)
{
	struct sk_buf b = { 0 }, body = { 0 };
	struct record r;

	(void)state;
	put_section(&b);
	sk_buf_str(&body, "whatever");
	put_block(&b, 0x777, &body);
	put_event(&b, SK_E_DROP_E, 7, 0, NULL);
	sk_buf_str(&body, "whatever");
	put_block(&b, 0x777, &body);
	put_event(&b, SK_E_DROP_E, 7, 0, NULL);
	record_memory(&r, b.p, b.n);
	assert_int_equal(r.rc, 0);
	assert_int_equal(r.stats.unknown_blocks, 1);
	assert_int_equal(r.events.n, 1);
	assert_int_equal(r.end, SK_SCAP_ERROR);
	expect_contains(r.error.text, "block 0x777 at byte 88: not an event");
	record_free(&r);
	sk_buf_free(&b);
}

static void
lists_differ_in_length(void **state)
{
	struct sk_buf b = { 0 }, body = { 0 };

	(void)state;
	put_section(&b);
	put_user(&body, true);
	put_block(&b, 0x220, &body);
	b.p[b.n - 4]++;
	put_event(&b, SK_E_DROP_E, 7, 0, NULL);
	expect_open_error(&b, "block 0x220 at byte 28: its two lengths differ");
}

static void
second_section(void **state)
{
	struct sk_buf b = { 0 }, body = { 0 };
	struct record r;

	(void)state;
	put_section(&b);
	put_event(&b, SK_E_DROP_E, 7, 0, NULL);
	put_event(&b, SK_E_DROP_E, 7, 0, NULL);
	put_section(&b);
	put_user(&body, true);
	put_block(&b, 0x220, &body);
	put_event(&b, SK_E_DROP_E, 7, 0, NULL);
	put_section(&b);
	record_memory(&r, b.p, b.n);
	assert_int_equal(r.end, SK_SCAP_END);
	assert_int_equal(r.events.n, 3);
	assert_int_equal(r.events.v[2].num, 3);
	assert_int_equal(r.stats.bytes, b.n);
	assert_string_equal(sk_buf_cstr(&r.lists),
			    "section\ndone\nsection\nuser 1000 100 anna /home /bin/sh\ngroup 100 users\ndone\nsection\ndone\n");
	record_free(&r);
	sk_buf_free(&b);
}

static void
no_events(void **state)
{
	struct sk_buf b = { 0 };
	struct record r;

	(void)state;
	put_section(&b);
	record_memory(&r, b.p, b.n);
	assert_int_equal(r.rc, 0);
	assert_int_equal(r.end, SK_SCAP_END);
	assert_string_equal(sk_buf_cstr(&r.lists), "section\ndone\n");
	record_free(&r);
	sk_buf_free(&b);
}

static void
no_file(void **state)
{
	struct record r;

	(void)state;
	record_file(&r, "/nonexistent/x.scap");
	assert_int_equal(r.rc, -ENOENT);
	assert_string_equal(r.error.text, "/nonexistent/x.scap: No such file or directory");
	record_free(&r);
	record_file(&r, "/");
	assert_true(r.rc < 0);
	expect_contains(r.error.text, "Is a directory");
	record_free(&r);
}

/* --- copies ---------------------------------------------------------------------------------------------------------------- */

static void
expect_same(const struct record *a, const struct record *b)
{
	assert_string_equal(sk_buf_cstr((struct sk_buf *)(uintptr_t)&a->lists), sk_buf_cstr((struct sk_buf *)(uintptr_t)&b->lists));
	assert_int_equal(a->end, b->end);
	assert_int_equal(a->events.n, b->events.n);
	for (size_t i = 0; i < a->events.n; i++) {
		assert_int_equal(a->events.v[i].num, b->events.v[i].num);
		assert_int_equal(a->events.v[i].digest, b->events.v[i].digest);
	}
}

/* Write what a reader says of PATH to the scratch file. */
static void
copy_to_scratch(const char *path, bool gzip)
{
	struct sk_scap_writer *w;
	struct sk_list_sink sink;
	struct sk_scap *c;
	struct sk_event ev;

	assert_int_equal(sk_scap_writer_open(scratch, gzip, &w, NULL), 0);
	sk_scap_writer_sink(w, &sink);
	assert_int_equal(sk_scap_open(path, &sink, &c, NULL), 0);
	while (sk_scap_next(c, &ev, NULL) == SK_SCAP_EVENT)
		assert_int_equal(sk_scap_write_event(w, &ev), 0);
	sk_scap_close(c);
	assert_int_equal(sk_scap_writer_close(w), 0);
}

struct capture {
	const char *path; /* from the root of the project */
	size_t events;
	uint64_t dropped;
};

/* Delivered and dropped: facts of an independent decoder. */
static const struct capture captures[] = {
	{ "../shared/reference/historic/cat_write.scap", 307, 38 },
	{ "../shared/reference/historic/curl_google_comments.scap", 991, 545 },
	{ "../shared/reference/historic/open-multiple-files.scap", 1243, 29 },
	{ "../shared/reference/historic/ping_sendto.scap", 1516, 10 },
	{ "../shared/reference/historic/privileged.scap", 2059, 0 },
	{ "../shared/reference/historic/test_ipv6_client.scap", 297, 29 },
	{ "tests/data/zoo-1.scap", 5918, 0 },
	{ "tests/data/network.scap", 11119, 0 },
	{ "tests/data/shell-session.scap", 62575, 0 },
	{ "tests/data/attacks-1.scap", 91909, 0 },
	{ "tests/data/containers-1.scap", 103315, 0 },
	{ "tests/data/busy.scap", 360000, 0 },
};

static void
real_captures(void **state)
{
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(captures); i++) {
		char path[512];
		struct record a, b;

		(void)snprintf(path, sizeof(path), SK_SOURCE_DIR "/%s", captures[i].path);
		if (access(path, R_OK) != 0) {
			print_message("not here: %s\n", captures[i].path);
			continue;
		}
		seen++;
		record_file(&a, path);
		assert_int_equal(a.rc, 0);
		assert_int_equal(a.end, SK_SCAP_END);
		assert_int_equal(a.events.n, captures[i].events);
		assert_int_equal(a.stats.events_dropped, captures[i].dropped);
		assert_int_equal(a.stats.conversion_mismatches, 0);
		assert_int_equal(a.stats.unknown_types, 0);
		for (int gzip = 0; gzip < 2; gzip++) {
			if (gzip && a.events.n > 100000)
				continue;
			copy_to_scratch(path, gzip);
			record_file(&b, scratch);
			expect_same(&a, &b);
			assert_int_equal(b.stats.events_dropped, 0);
			record_free(&b);
		}
		record_free(&a);
	}
	if (!seen)
		skip();
}

static void
writer_limits(void **state)
{
	static char big[300000];
	struct sk_thread_entry t = { .tid = 1, .pid = 1, .args = { big, sizeof(big) }, .comm = { big, sizeof(big) } };
	struct sk_fd_entry fd = { .num = 1, .type = SK_FD_FILE, .name = { big, sizeof(big) } };
	struct sk_event ev = { .type = SK_E_SYSCALL_WRITE_X, .desc = sk_event_desc(SK_E_SYSCALL_WRITE_X), .nparams = 2 };
	struct sk_scap_writer *w;
	struct sk_list_sink sink;
	struct record r;
	char line[8192];

	(void)state;
	memset(big, 'x', sizeof(big));
	assert_int_equal(sk_scap_writer_open(scratch, true, &w, NULL), 0);
	sk_scap_writer_sink(w, &sink);
	sink.section(sink.ctx);
	sink.fd(sink.ctx, 1, &fd);
	sink.thread(sink.ctx, &t);
	sink.user(sink.ctx, 1, 1, (struct sk_slice){ big, 5 }, (struct sk_slice){ big, 400 }, (struct sk_slice){ big, 5 });
	sink.lists_done(sink.ctx);
	ev.data = (const uint8_t *)big;
	ev.off[1] = 8;
	ev.off[2] = 8 + 65536;
	assert_int_equal(sk_scap_write_event(w, &ev), -EMSGSIZE);
	ev.off[2] = 8 + 65535; /* more than an ordinary block takes */
	assert_int_equal(sk_scap_write_event(w, &ev), 0);
	ev.type = SK_E_CONTAINER_JSON_2_E;
	ev.desc = sk_event_desc(ev.type);
	ev.nparams = 1;
	ev.off[1] = sizeof(big);
	ev.dump_flags = SK_EVENT_STATE_ONLY;
	assert_int_equal(sk_scap_write_event(w, &ev), 0);
	assert_int_equal(sk_scap_writer_flush(w), 0);
	assert_int_equal(sk_scap_writer_close(w), 0);
	record_file(&r, scratch);
	assert_int_equal(r.rc, 0);
	assert_int_equal(r.end, SK_SCAP_END);
	assert_int_equal(r.events.n, 2);
	assert_int_equal(r.events.v[1].digest, event_digest(&ev));
	(void)snprintf(line, sizeof(line), "user 1 1 xxxxx %.255s xxxxx\n", big);
	expect_contains(sk_buf_cstr(&r.lists), line);
	(void)snprintf(line, sizeof(line), "comm=\"%.1024s\" exe=\"\" exepath=\"\" args=\"%.4095s\\u0000\"", big, big);
	expect_contains(sk_buf_cstr(&r.lists), line);
	(void)snprintf(line, sizeof(line), "name=\"%.1023s\"\n", big);
	expect_contains(sk_buf_cstr(&r.lists), line);
	record_free(&r);
}

static void
writer_cannot_write(void **state)
{
	struct sk_scap_writer *w;
	struct sk_scap_error error = { 0 };
	struct sk_list_sink sink;

	(void)state;
	assert_int_equal(sk_scap_writer_open("/nonexistent/x", false, &w, &error), -ENOENT);
	assert_string_equal(error.text, "/nonexistent/x: No such file or directory");
	for (int gzip = 0; gzip < 2; gzip++) {
		if (access("/dev/full", W_OK) != 0)
			continue;
		assert_int_equal(sk_scap_writer_open("/dev/full", gzip, &w, &error), 0);
		sk_scap_writer_sink(w, &sink);
		sink.section(sink.ctx);
		sink.lists_done(sink.ctx);
		assert_int_not_equal(sk_scap_writer_close(w), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(process_versions),
		cmocka_unit_test(process_version_9),
		cmocka_unit_test(process_from_the_future),
		cmocka_unit_test(process_too_long),
		cmocka_unit_test(fd_named),
		cmocka_unit_test(fd_sockets),
		cmocka_unit_test(fd_files),
		cmocka_unit_test(fd_unknown_type),
		cmocka_unit_test(interfaces),
		cmocka_unit_test(interfaces_too_short),
		cmocka_unit_test(users),
		cmocka_unit_test(machine),
		cmocka_unit_test(section_errors),
		cmocka_unit_test(section_options),
		cmocka_unit_test(unknown_blocks),
		cmocka_unit_test(lists_differ_in_length),
		cmocka_unit_test(second_section),
		cmocka_unit_test(no_events),
		cmocka_unit_test(no_file),
		cmocka_unit_test(real_captures),
		cmocka_unit_test(writer_limits),
		cmocka_unit_test(writer_cannot_write),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
