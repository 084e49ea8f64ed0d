/* Event blocks of every version, where the bytes come from (plain, compressed, pipes), and captures that are cut or damaged. */
#include "scap_support.h"

#include "base/bytes.h"
#include "base/schema.h"
#include "probe/scap/chunks.h"
#include "probe/scap/decode.h"
#include "probe/scap/writer.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char scratch[64];

static int
make_scratch(void **state)
{
	(void)state;
	(void)snprintf(scratch, sizeof(scratch), "/tmp/test_scap_events.%d", (int)getpid());
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
		fail_msg("\"%s\" is not in: %s", part, text);
}

/* --- one block ----------------------------------------------------------------------------------------------------------- */

/* The body of an event block: NPARAMS lengths of WIDTH bytes, then PAYLOAD. EXTRA is added to the length. */
static struct sk_buf
event_body(uint32_t layout, unsigned type, uint32_t nparams, const uint32_t *lens, unsigned width, const char *payload, int extra)
{
	struct sk_buf b = {0};
	uint32_t n = 22;

	n += layout & SK_EV_COUNTED ? 4 : 0;
	put16(&b, 3);
	if (layout & SK_EV_FLAGS)
		put32(&b, 1);
	put64(&b, 1111);
	put64(&b, 2222);
	put32(&b, n + width * nparams + (uint32_t)strlen(payload) + (uint32_t)extra);
	put16(&b, type);
	if (layout & SK_EV_COUNTED)
		put32(&b, nparams);
	for (uint32_t i = 0; i < nparams; i++)
		sk_buf_put(&b, &lens[i], width);
	sk_buf_str(&b, payload);
	return b;
}

/* Decode from a copy of exactly its size, so that a sanitizer sees reads behind the end. */
static enum sk_decode
decode(struct sk_buf *b, uint32_t layout, struct sk_event *ev, uint8_t **ret_copy)
{
	const char *why = NULL;
	enum sk_decode d;

	*ret_copy = malloc(b->n);
	memcpy(*ret_copy, b->p, b->n);
	memset(ev, 0, sizeof(*ev));
	d = sk_scap_decode(*ret_copy, b->n, layout, ev, &why);
	if (d == SK_DECODE_BAD)
		assert_non_null(why);
	sk_buf_free(b);
	return d;
}

static void
event_layouts(void **state)
{
	static const uint32_t layouts[] = {0,
					   SK_EV_FLAGS,
					   SK_EV_COUNTED,
					   SK_EV_COUNTED | SK_EV_FLAGS,
					   SK_EV_COUNTED | SK_EV_LARGE,
					   SK_EV_COUNTED | SK_EV_FLAGS | SK_EV_LARGE};
	static const uint32_t lens[] = {3, 0, 2};

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(layouts); i++) {
		struct sk_buf b = event_body(layouts[i], SK_E_SYSCALL_OPEN_X, 3, lens, 2, "abcde", 0);
		struct sk_event ev;
		uint8_t *copy;

		assert_int_equal(decode(&b, layouts[i], &ev, &copy), SK_DECODE_OK);
		assert_int_equal(ev.cpu, 3);
		assert_int_equal(ev.ts, 1111);
		assert_int_equal(ev.tid, 2222);
		assert_int_equal(ev.dump_flags, layouts[i] & SK_EV_FLAGS ? SK_EVENT_STATE_ONLY : 0);
		assert_ptr_equal(ev.desc, sk_event_desc(SK_E_SYSCALL_OPEN_X));
		assert_int_equal(ev.nparams, 3);
		assert_int_equal(sk_ev_len(&ev, 0), 3);
		assert_int_equal(sk_ev_len(&ev, 1), 0);
		assert_int_equal(sk_ev_len(&ev, 2), 2);
		assert_memory_equal(ev.data, "abcde", 5);
		free(copy);
	}
}

static void
wide_lengths(void **state)
{
	static const uint32_t len = 4, too_much = 5, huge = UINT32_MAX;
	struct sk_buf b = event_body(SK_EV_COUNTED | SK_EV_LARGE, SK_E_CONTAINER_JSON_2_E, 1, &len, 4, "{  }", 0);
	struct sk_event ev;
	uint8_t *copy;

	(void)state;
	assert_int_equal(decode(&b, SK_EV_COUNTED, &ev, &copy), SK_DECODE_OK);
	assert_int_equal(sk_ev_len(&ev, 0), 4);
	assert_memory_equal(ev.data, "{  }", 4);
	free(copy);
	b = event_body(SK_EV_COUNTED, SK_E_CONTAINER_JSON_2_E, 1, &too_much, 4, "{  }", 0);
	assert_int_equal(decode(&b, SK_EV_COUNTED, &ev, &copy), SK_DECODE_BAD);
	free(copy);
	b = event_body(SK_EV_COUNTED, SK_E_CONTAINER_JSON_2_E, 1, &huge, 4, "{  }", 0);
	assert_int_equal(decode(&b, SK_EV_COUNTED, &ev, &copy), SK_DECODE_BAD);
	free(copy);
}

/* Files without the number of parameters: what fits is found, from the most downwards. */
static void
uncounted(void **state)
{
	static const uint32_t two[] = {8, 3}, none[] = {0};
	struct sk_event ev;
	struct sk_buf b;
	uint8_t *copy;

	(void)state;
	b = event_body(0, SK_E_SYSCALL_READ_X, 2, two, 2, "12345678abc", 0);
	assert_int_equal(decode(&b, 0, &ev, &copy), SK_DECODE_OK);
	assert_int_equal(ev.nparams, 2);
	free(copy);
	b = event_body(0, SK_E_SYSCALL_READ_X, 0, none, 2, "", 0);
	assert_int_equal(decode(&b, 0, &ev, &copy), SK_DECODE_OK);
	assert_int_equal(ev.nparams, 0);
	free(copy);
	b = event_body(0, SK_E_SYSCALL_READ_X, 2, two, 2, "12345678abcd", 0); /* one byte more than the lengths say */
	assert_int_equal(decode(&b, 0, &ev, &copy), SK_DECODE_BAD);
	free(copy);
	b = event_body(0, SK_E_NOTIFICATION_E, 2, two, 2, "12345678abc", 3);
	sk_buf_str(&b, "xyz"); /* the length is three too large, and that many bytes are there */
	assert_int_equal(decode(&b, 0, &ev, &copy), SK_DECODE_OK);
	assert_int_equal(ev.nparams, 2);
	assert_int_equal(ev.off[2], 11);
	free(copy);
}

/* More parameters than the schema has, bytes behind the last, options behind the event: all ignored. */
static void
from_the_future(void **state)
{
	static const uint32_t lens[] = {1, 2, 1, 1};
	struct sk_buf b = event_body(SK_EV_COUNTED, SK_E_SYSCALL_CLOSE_X, 4, lens, 2, "abcdef", 0);
	struct sk_event ev;
	uint8_t *copy;

	(void)state;
	sk_buf_str(&b, "options");
	assert_int_equal(decode(&b, SK_EV_COUNTED, &ev, &copy), SK_DECODE_OK);
	assert_int_equal(ev.nparams, 2);
	assert_int_equal(ev.off[2], 3);
	assert_memory_equal(ev.data, "abc", 3);
	free(copy);
	b = event_body(SK_EV_COUNTED, 9999, 4, lens, 2, "abcdef", 100);
	assert_int_equal(decode(&b, SK_EV_COUNTED, &ev, &copy), SK_DECODE_UNKNOWN_TYPE);
	free(copy);
}

static void
bad_events(void **state)
{
	static const uint32_t lens[] = {1, 60000};
	struct sk_event ev;
	uint8_t *copy;

	(void)state;
	for (uint32_t layout = 0; layout < 8; layout++) {
		struct sk_buf b = event_body(layout, SK_E_SYSCALL_OPEN_X, 2, lens, 2, "abcdef", 0);

		assert_int_equal(decode(&b, layout, &ev, &copy), SK_DECODE_BAD);
		free(copy);
		b = event_body(layout, SK_E_SYSCALL_OPEN_X, 1, lens, 2, "a", 1); /* longer than the block */
		assert_int_equal(decode(&b, layout, &ev, &copy), SK_DECODE_BAD);
		free(copy);
		b = event_body(layout, SK_E_SYSCALL_OPEN_X, 0, lens, 2, "", -1); /* shorter than its header */
		assert_int_equal(decode(&b, layout, &ev, &copy), SK_DECODE_BAD);
		free(copy);
		b = event_body(layout, SK_E_SYSCALL_OPEN_X, 0, lens, 2, "", 0);
		b.n = 21;
		assert_int_equal(decode(&b, layout, &ev, &copy), SK_DECODE_BAD);
		free(copy);
	}
	struct sk_buf many = event_body(SK_EV_COUNTED, SK_E_SYSCALL_OPEN_X, 1, lens, 2, "a", 0);
	sk_put_u32(many.p + 24, 0x80000001);
	assert_int_equal(decode(&many, SK_EV_COUNTED, &ev, &copy), SK_DECODE_BAD);
	free(copy);
}

/* The quick decoder says the same as the other, or leaves it to it. */
static void
quick_decoder_agrees(void **state)
{
	uint32_t seed = 1, agreed = 0;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		uint8_t body[96] = {0};
		struct sk_event a = {0}, b = {0};
		const char *why;
		uint32_t n = 28 + (seed >> 8) % 50;

		for (size_t i = 0; i < sizeof(body); i++)
			body[i] = (seed = seed * 1664525 + 1013904223) >> 24 & 7;
		sk_put_u32(body + 18, 24 + (seed >> 10) % (n + 2));
		sk_put_u16(body + 22, (uint16_t)(seed % 500));
		sk_put_u32(body + 24, (seed >> 16) % 10);
		if (!sk_scap_decode_usual(body, n, &a))
			continue;
		agreed++;
		assert_int_equal(sk_scap_decode(body, n, SK_EV_COUNTED, &b, &why), SK_DECODE_OK);
		assert_int_equal(event_digest(&a), event_digest(&b));
		assert_int_equal(a.nparams, b.nparams);
		assert_ptr_equal(a.data, b.data);
		assert_ptr_equal(a.desc, b.desc);
	}
	assert_true(agreed > 1000);
}

/* --- where the bytes come from ---------------------------------------------------------------------------------------------- */

/* A small capture with some of everything. */
static struct sk_buf
small_capture(void)
{
	static const char *const params[] = {"12345678", "/etc/passwd", "1234", "5678", "9012", "12345678"};
	struct sk_buf b;
	struct sk_thread_entry t = {.tid = 5, .comm = SK_SLICE("sh"), .env = SK_SLICE("A=b"), .args = SK_SLICE("-c")};
	struct sk_fd_entry fd = {.num = 3, .type = SK_FD_FILE_V2, .name = SK_SLICE("/f")};
	struct sk_scap_writer *w;
	struct sk_list_sink s;

	assert_int_equal(sk_scap_writer_open(scratch, false, &w, NULL), 0);
	sk_scap_writer_sink(w, &s);
	s.section(s.ctx);
	s.machine(s.ctx, 2, 3, SK_SLICE("box"));
	s.thread(s.ctx, &t);
	s.fd(s.ctx, 5, &fd);
	fd.type = SK_FD_IPV6_SOCK;
	s.fd(s.ctx, 5, &fd);
	s.iface4(s.ctx, (const uint8_t *)"abcd", (const uint8_t *)"efgh", (const uint8_t *)"ijkl", SK_SLICE("lo"));
	s.user(s.ctx, 1, 2, SK_SLICE("u"), SK_SLICE("/h"), SK_SLICE("/s"));
	s.group(s.ctx, 2, SK_SLICE("g"));
	s.lists_done(s.ctx);
	assert_int_equal(sk_scap_writer_close(w), 0);
	b = slurp(scratch);
	put_event(&b, SK_E_SYSCALL_READ_E, 5, 2, params);
	put_event(&b, SK_E_SYSCALL_READ_X, 5, 2, params);
	put_event(&b, SK_E_SYSCALL_OPEN_X, 5, 6, params);
	put_event(&b, SK_E_SYSCALL_DUP_X, 5, 1, params);
	put_event(&b, SK_E_DROP_E, 5, 1, params);
	return b;
}

/* A capture with events of all sizes up to several megabytes, lists that are longer than the reader's pieces, and two sections.
 */
static struct sk_buf
long_capture(void)
{
	static char text[3 << 20];
	struct sk_thread_entry t = {.pid = 5, .env = {text, 4000}, .args = {text + 7, 3000}};
	struct sk_event ev = {
	    .desc = sk_event_desc(SK_E_SYSCALL_WRITE_X), .type = SK_E_SYSCALL_WRITE_X, .nparams = 4, .data = (uint8_t *)text};
	struct sk_event big = {.desc = sk_event_desc(SK_E_CONTAINER_JSON_2_E),
			       .type = SK_E_CONTAINER_JSON_2_E,
			       .nparams = 1,
			       .data = (uint8_t *)text};
	struct sk_scap_writer *w;
	struct sk_list_sink sink;
	uint32_t seed = 7;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + ((seed = seed * 1664525 + 1013904223) >> 28));
	assert_int_equal(sk_scap_writer_open(scratch, false, &w, NULL), 0);
	sk_scap_writer_sink(w, &sink);
	for (uint32_t section = 0; section < 2; section++) {
		sink.section(sink.ctx);
		for (t.tid = 1; t.tid < 400; t.tid++)
			sink.thread(sink.ctx, &t);
		sink.lists_done(sink.ctx);
		for (uint32_t i = 0; i < 20000; i++) {
			ev.ts++;
			ev.tid = i;
			ev.off[1] = 8;
			ev.off[2] = ev.off[3] = 8 + ((seed = seed * 1664525 + 1013904223) >> (i % 50 ? 25 : 17));
			ev.off[4] = ev.off[3] + 4;
			assert_int_equal(sk_scap_write_event(w, &ev), 0);
			if (i % 4000 == 1000) {
				big.off[1] = i * 150 + 1000;
				assert_int_equal(sk_scap_write_event(w, &big), 0);
			}
		}
	}
	assert_int_equal(sk_scap_writer_close(w), 0);
	return slurp(scratch);
}

static void
write_scratch(const void *p, size_t n)
{
	SK_AUTO_FCLOSE FILE *f = fopen(scratch, "wbe");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
}

static void
expect_same(const struct record *a, struct record *b)
{
	assert_int_equal(b->rc, 0);
	assert_int_equal(a->end, b->end);
	assert_int_equal(a->stats.bytes, b->stats.bytes);
	assert_int_equal(a->lists.n, b->lists.n);
	assert_memory_equal(a->lists.p, b->lists.p, a->lists.n);
	assert_int_equal(a->events.n, b->events.n);
	for (size_t i = 0; i < a->events.n; i++)
		assert_int_equal(a->events.v[i].digest, b->events.v[i].digest);
	record_free(b);
}

/* Let a child feed P to a pipe, and read that: each read gets one piece of STEP bytes. */
static void
record_pipe(struct record *r, const struct sk_buf *b, size_t step)
{
	char path[64];
	pid_t child;
	int fds[2], status;

	assert_int_equal(pipe2(fds, O_DIRECT), 0);
	child = fork();
	if (child == 0) {
		for (size_t i = 0; i < b->n; i += step)
			if (write(fds[1], b->p + i, b->n - i < step ? b->n - i : step) < 0)
				_exit(1);
		_exit(0);
	}
	assert_true(child > 0);
	(void)close(fds[1]);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[0]);
	record_file(r, path);
	(void)close(fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
}

/* Compress as members of STEP bytes each. */
static void
put_members(struct sk_buf *b, const struct sk_buf *plain, size_t step)
{
	for (size_t i = 0; i < plain->n; i += step)
		put_gzip(b, plain->p + i, plain->n - i < step ? plain->n - i : step);
}

static void
all_sources_agree(void **state)
{
	struct sk_buf plain = long_capture(), gz = {0}, parts = {0};
	struct record a, b;

	(void)state;
	put_gzip(&gz, plain.p, plain.n);
	put_members(&parts, &plain, 700001);
	record_memory(&a, plain.p, plain.n);
	assert_int_equal(a.end, SK_SCAP_END);
	assert_int_equal(a.events.n, 40010);
	assert_int_equal(a.stats.bytes, plain.n);

	record_file(&b, scratch);
	expect_same(&a, &b);
	record_memory(&b, gz.p, gz.n);
	expect_same(&a, &b);
	record_memory(&b, parts.p, parts.n);
	expect_same(&a, &b);
	write_scratch(gz.p, gz.n);
	record_file(&b, scratch);
	expect_same(&a, &b);
	write_scratch(parts.p, parts.n);
	record_file(&b, scratch);
	expect_same(&a, &b);
	record_pipe(&b, &plain, 4096);
	expect_same(&a, &b);
	record_pipe(&b, &gz, 4093);
	expect_same(&a, &b);
	record_pipe(&b, &parts, 1001);
	expect_same(&a, &b);
	/* Members that end where the reader's pieces do: the decompressor has read on when it finds out. */
	parts.n = 0;
	put_members(&parts, &plain, SK_CHUNK_SIZE);
	record_memory(&b, parts.p, parts.n);
	expect_same(&a, &b);
	record_pipe(&b, &parts, 1001);
	expect_same(&a, &b);
	record_free(&a);
	sk_buf_free(&plain);
	sk_buf_free(&gz);
	sk_buf_free(&parts);
}

/* The borders of members meet the borders of reads in every way. */
static void
members_in_small_reads(void **state)
{
	struct sk_buf plain = small_capture(), parts = {0};
	struct record a, b;

	(void)state;
	put_members(&parts, &plain, 13);
	record_memory(&a, plain.p, plain.n);
	assert_int_equal(a.events.n, 4);
	for (size_t step = 1; step < 40; step++) {
		record_pipe(&b, &parts, step);
		expect_same(&a, &b);
	}
	record_free(&a);
	sk_buf_free(&plain);
	sk_buf_free(&parts);
}

static void
closed_early(void **state)
{
	struct sk_buf plain = long_capture(), gz = {0};
	struct sk_scap *c;
	struct sk_event ev;

	(void)state;
	put_gzip(&gz, plain.p, plain.n);
	write_scratch(gz.p, gz.n);
	for (int n = 0; n < 3000; n += 100) {
		assert_int_equal(sk_scap_open(scratch, NULL, &c, NULL), 0);
		for (int i = 0; i < n; i++)
			assert_int_equal(sk_scap_next(c, &ev, NULL), SK_SCAP_EVENT);
		sk_scap_close(c);
	}
	sk_buf_free(&plain);
	sk_buf_free(&gz);
}

/* --- cut and damaged ------------------------------------------------------------------------------------------------------- */

/* A prefix of a capture: the same events as far as they are whole, then the end or an error that names a place inside. */
static void
expect_prefix(const struct record *whole, const struct sk_buf *b, size_t n)
{
	struct record r;

	record_memory(&r, b->p, n);
	if (r.rc != 0) {
		assert_true(r.error.text[0] && r.error.offset <= n);
	} else {
		assert_true(r.events.n <= whole->events.n);
		for (size_t i = 0; i < r.events.n; i++)
			assert_int_equal(r.events.v[i].digest, whole->events.v[i].digest);
		if (r.end == SK_SCAP_ERROR)
			expect_contains(r.error.text, "truncated at byte");
	}
	record_free(&r);
}

static void
cut_anywhere(void **state)
{
	struct sk_buf b = small_capture();
	struct record whole;

	(void)state;
	record_memory(&whole, b.p, b.n);
	assert_int_equal(whole.end, SK_SCAP_END);
	for (size_t n = 0; n < b.n; n++)
		expect_prefix(&whole, &b, n);
	record_free(&whole);
	sk_buf_free(&b);
}

static void
cut_between_events(void **state)
{
	struct sk_buf b = small_capture();
	struct record r;

	(void)state;
	record_memory(&r, b.p, b.n - 1);
	assert_int_equal(r.end, SK_SCAP_ERROR);
	assert_int_equal(r.events.n, 3);
	assert_int_equal(r.error.offset, b.n - 52);
	expect_contains(r.error.text, "expecting 52 bytes, read 51");
	record_free(&r);
	record_memory(&r, b.p, b.n - 52);
	assert_int_equal(r.end, SK_SCAP_END);
	record_free(&r);
	sk_buf_free(&b);
}

static void
cut_real_capture(void **state)
{
	static const char path[] = SK_SOURCE_DIR "/tests/data/zoo-1.scap";
	struct sk_buf gz = slurp(path);
	struct record whole;

	(void)state;
	if (!gz.n)
		skip();
	record_memory(&whole, gz.p, gz.n);
	for (size_t n = 0; n < gz.n; n += 1777) {
		struct record r;

		record_memory(&r, gz.p, n);
		if (n > 12000) {
			assert_int_equal(r.rc, 0);
			assert_true(r.events.n > 0 && r.events.n < whole.events.n);
			assert_int_equal(r.events.v[r.events.n - 1].digest, whole.events.v[r.events.n - 1].digest);
			assert_int_equal(r.end, SK_SCAP_ERROR);
			expect_contains(r.error.text, "the compressed stream ends early at byte");
			assert_int_equal(r.stats.bytes <= r.error.offset, 1);
		}
		record_free(&r);
	}
	record_free(&whole);
	sk_buf_free(&gz);
}

static void
flip_bytes(struct sk_buf *b, size_t from, size_t step)
{
	static const uint8_t flips[] = {0xff, 0x01, 0x80, 0x10};

	for (size_t i = from; i < b->n; i += step)
		for (size_t k = 0; k < SK_COUNTOF(flips); k++) {
			struct record r;

			b->p[i] = (char)((uint8_t)b->p[i] ^ flips[k]);
			record_memory(&r, b->p, b->n);
			b->p[i] = (char)((uint8_t)b->p[i] ^ flips[k]);
			if (r.rc != 0 || r.end == SK_SCAP_ERROR)
				assert_true(r.error.text[0] != '\0');
			record_free(&r);
		}
}

static void
damaged_anywhere(void **state)
{
	struct sk_buf b = small_capture(), gz = {0};

	(void)state;
	put_gzip(&gz, b.p, b.n);
	flip_bytes(&b, 0, 1);
	flip_bytes(&gz, 0, 1);
	sk_buf_free(&b);
	sk_buf_free(&gz);
}

static void
damaged_historic(void **state)
{
	struct sk_buf gz = slurp(SK_SOURCE_DIR "/../shared/reference/historic/cat_write.scap");

	(void)state;
	if (!gz.n)
		skip();
	flip_bytes(&gz, 0, 61);
	sk_buf_free(&gz);
}

/* Bytes behind the last member that are no gzip are padding. */
static void
padding_behind_gzip(void **state)
{
	struct sk_buf b = small_capture(), gz = {0};
	struct record r;

	(void)state;
	put_gzip(&gz, b.p, b.n);
	sk_buf_put(&gz, "\0\0\0\0\0\0\0", 7);
	record_memory(&r, gz.p, gz.n);
	assert_int_equal(r.end, SK_SCAP_END);
	assert_int_equal(r.events.n, 4);
	record_free(&r);
	sk_buf_free(&b);
	sk_buf_free(&gz);
}

static void
wrong_checksum(void **state)
{
	struct sk_buf b = small_capture(), gz = {0};
	struct record r;

	(void)state;
	put_gzip(&gz, b.p, b.n);
	gz.p[gz.n - 6] = (char)~gz.p[gz.n - 6];
	record_memory(&r, gz.p, gz.n);
	assert_int_equal(r.events.n, 4);
	assert_int_equal(r.end, SK_SCAP_ERROR);
	expect_contains(r.error.text, "the compressed stream is damaged");
	record_free(&r);
	sk_buf_free(&b);
	sk_buf_free(&gz);
}

/* An ordinary block over 64 KiB, a large one over the limit; after an error the reader keeps saying it. */
static void
too_long_events(void **state)
{
	static const struct {
		uint32_t type, len;
	} blocks[] = {{0x216, 65536 + 16}, {0x221, (16u << 20) + 16}};

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(blocks); i++) {
		struct sk_buf b = small_capture();
		struct sk_scap *c;
		struct sk_scap_error error = {0};
		struct sk_event ev;
		uint32_t n = 0;

		put32(&b, blocks[i].type);
		put32(&b, blocks[i].len);
		assert_int_equal(sk_scap_open_memory(b.p, b.n, NULL, &c, &error), 0);
		while (sk_scap_next(c, &ev, &error) == SK_SCAP_EVENT)
			n++;
		assert_int_equal(n, 4);
		expect_contains(error.text, "the event is too long");
		error.text[0] = '\0';
		assert_int_equal(sk_scap_next(c, &ev, &error), SK_SCAP_ERROR);
		expect_contains(error.text, "the event is too long");
		sk_scap_close(c);
		sk_buf_free(&b);
	}
}

static void
unknown_event_types(void **state)
{
	struct sk_buf b = small_capture();
	struct record r;

	(void)state;
	put_event(&b, 9999, 5, 0, NULL);
	put_event(&b, SK_EVENT_LIMIT, 5, 0, NULL);
	put_event(&b, SK_E_DROP_E, 5, 0, NULL);
	record_memory(&r, b.p, b.n);
	assert_int_equal(r.end, SK_SCAP_END);
	assert_int_equal(r.stats.unknown_types, 2);
	assert_int_equal(r.events.n, 5);
	assert_int_equal(r.events.v[4].num, 5);
	record_free(&r);
	sk_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(event_layouts),       cmocka_unit_test(wide_lengths),
	    cmocka_unit_test(uncounted),           cmocka_unit_test(from_the_future),
	    cmocka_unit_test(bad_events),          cmocka_unit_test(quick_decoder_agrees),
	    cmocka_unit_test(all_sources_agree),   cmocka_unit_test(members_in_small_reads),
	    cmocka_unit_test(closed_early),        cmocka_unit_test(cut_anywhere),
	    cmocka_unit_test(cut_between_events),  cmocka_unit_test(cut_real_capture),
	    cmocka_unit_test(damaged_anywhere),    cmocka_unit_test(damaged_historic),
	    cmocka_unit_test(padding_behind_gzip), cmocka_unit_test(wrong_checksum),
	    cmocka_unit_test(too_long_events),     cmocka_unit_test(unknown_event_types),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
