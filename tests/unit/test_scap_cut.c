/* Captures cut at every byte: a small plain one and a small gzip one. Each prefix has the events of the whole as far as they are there, then the end or an error that names a
 * place inside of it. With a sanitizer, no read goes beyond the last byte: the copy that is read has no other. */
#include "tests/unit/scap_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <zlib.h>

#define SIZE 24000u /* of the plain one: every block of a recording's head, and some hundred events */
#define EVENTS_BEYOND (SIZE / 24)

/* The first whole blocks of a recording, SIZE bytes at most. Long blocks (tables of descriptors, of which there are hundreds alike) are left out to come to events. */
static struct sk_buf
beginning_of(const char *path)
{
	gzFile f = gzopen(path, "rb");
	struct sk_buf b = { 0 };
	uint32_t head[2];
	static char block[1 << 20];

	while (f && gzread(f, head, sizeof(head)) == (int)sizeof(head) && head[1] >= 12 && head[1] <= sizeof(block)) {
		memcpy(block, head, sizeof(head));
		if (gzread(f, block + sizeof(head), head[1] - (unsigned)sizeof(head)) != (int)(head[1] - sizeof(head)) || b.n + head[1] > SIZE)
			break;
		if (head[1] <= 700)
			sk_buf_put(&b, block, head[1]);
	}
	if (f)
		(void)gzclose(f);
	return b;
}

struct tally {
	size_t clean, errors, refused;
};

static void
look_at(const struct record *whole, const void *p, size_t n, struct tally *t)
{
	struct record r;

	record_memory(&r, p, n);
	if (r.rc != 0) {
		assert_true(r.error.text[0] && r.error.offset <= SIZE);
		t->refused++;
	} else {
		assert_true(r.events.n <= whole->events.n);
		for (size_t i = 0; i < r.events.n; i++)
			assert_int_equal(r.events.v[i].digest, whole->events.v[i].digest);
		assert_true(r.end == SK_SCAP_END || (r.end == SK_SCAP_ERROR && r.error.text[0] && r.error.offset <= SIZE));
		t->clean += r.end == SK_SCAP_END;
		t->errors += r.end == SK_SCAP_ERROR;
	}
	record_free(&r);
}

static void
cut_everywhere(const struct sk_buf *b, struct record *whole, struct tally *t)
{
	record_memory(whole, b->p, b->n);
	assert_int_equal(whole->rc, 0);
	assert_int_equal(whole->end, SK_SCAP_END);
	assert_true(whole->events.n > 50 && whole->events.n < EVENTS_BEYOND);
	for (size_t n = 0; n < b->n; n++)
		look_at(whole, b->p, n, t);
}

static void
test_plain(void **state)
{
	struct sk_buf b = beginning_of(SK_SOURCE_DIR "/tests/data/zoo-1.scap");
	struct tally t = { 0 };
	struct record whole;

	(void)state;
	cut_everywhere(&b, &whole, &t);
	print_message("%zu places: refused %zu, errors %zu, clean ends %zu; %zu events\n", b.n, t.refused, t.errors, t.clean, whole.events.n);
	/* Between two blocks a capture may end; anywhere else it may not. */
	assert_true(t.clean >= whole.events.n && t.clean < whole.events.n + 400);
	record_free(&whole);
	sk_buf_free(&b);
}

static void
test_gzip(void **state)
{
	struct sk_buf b = beginning_of(SK_SOURCE_DIR "/tests/data/network.scap"), gz = { 0 };
	struct tally t = { 0 };
	struct record whole;

	(void)state;
	put_gzip(&gz, b.p, b.n);
	cut_everywhere(&gz, &whole, &t);
	print_message("%zu places: refused %zu, errors %zu, clean ends %zu; %zu events\n", gz.n, t.refused, t.errors, t.clean, whole.events.n);
	assert_int_equal(t.clean, 0); /* the end of a stream is always missed */
	record_free(&whole);
	sk_buf_free(&gz);
	sk_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_plain), cmocka_unit_test(test_gzip) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
