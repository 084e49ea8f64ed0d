#include "probe/scap/inflate.h"

#include <stdlib.h>
#include <string.h>

#ifdef SK_HAVE_ISAL
#include <isa-l/igzip_lib.h>
typedef struct inflate_state engine;
#else
#include <zlib.h>
typedef z_stream engine;
#endif

/* Both libraries count input in 32 bits. */
#define MAX_STEP ((size_t)1 << 30)

struct sk_inflater {
	struct sk_raw *raw;
	const char *error;
	bool in_member, end;
	uint64_t taken; /* bytes of raw, since the start */
	engine e;
};

enum step { STEP_ON, STEP_MEMBER_END, STEP_BAD };

#ifdef SK_HAVE_ISAL
static bool
engine_init(engine *e)
{
	isal_inflate_init(e);
	return true;
}

static bool
engine_member(engine *e)
{
	isal_inflate_reset(e);
	e->crc_flag = ISAL_GZIP;
	return true;
}

static enum step
engine_step(engine *e)
{
	int rc = isal_inflate(e);

	if (rc < 0)
		return STEP_BAD;
	return e->block_state == ISAL_BLOCK_FINISH ? STEP_MEMBER_END : STEP_ON;
}

static void
engine_free(engine *e)
{
	(void)e;
}
#else
static bool
engine_init(engine *e)
{
	return inflateInit2(e, 16 + MAX_WBITS) == Z_OK;
}

static bool
engine_member(engine *e)
{
	return inflateReset(e) == Z_OK;
}

static enum step
engine_step(engine *e)
{
	int rc = inflate(e, Z_NO_FLUSH);

	if (rc == Z_STREAM_END)
		return STEP_MEMBER_END;
	return rc == Z_OK || rc == Z_BUF_ERROR ? STEP_ON : STEP_BAD;
}

static void
engine_free(engine *e)
{
	(void)inflateEnd(e);
}
#endif

struct sk_inflater *
sk_inflater_new(struct sk_raw *raw)
{
	struct sk_inflater *z = calloc(1, sizeof(*z));

	if (z && !engine_init(&z->e)) {
		free(z);
		return NULL;
	}
	if (z)
		z->raw = raw;
	return z;
}

static size_t
stop(struct sk_inflater *z, const char *error)
{
	z->error = error;
	z->end = true;
	return 0;
}

/* At the start, or behind a member: begin the next one. What follows the last member and is none is padding, as in gzip. */
static bool
next_member(struct sk_inflater *z)
{
	if (!sk_raw_begins(z->raw, "\x1f\x8b", 2)) {
		stop(z, z->raw->error ? strerror(z->raw->error) : NULL);
		return false;
	}
	if (!engine_member(&z->e)) {
		stop(z, "no memory to decompress");
		return false;
	}
	z->in_member = true;
	return true;
}

/* Of IN bytes the engine left LEFT. It may leave more: bytes that an earlier call took and that turned out to be behind the member. On
 * damaged input it has been seen to count wrong, so its word is taken only as far as there are such bytes. */
static bool
take(struct sk_inflater *z, size_t in, size_t left)
{
	uint64_t back = z->taken < SK_RAW_BACK ? z->taken : SK_RAW_BACK;

	if (left > in + back)
		return false;
	z->raw->p = z->raw->p + in - left;
	z->raw->n = z->raw->n - in + left;
	z->taken += in;
	z->taken -= left;
	return true;
}

/* Let the engine take what input there is and give at most CAP bytes: how many it gave. */
static size_t
run(struct sk_inflater *z, uint8_t *buf, size_t cap)
{
	struct sk_raw *raw = z->raw;
	size_t in = raw->n < MAX_STEP ? raw->n : MAX_STEP;
	enum step s;

#ifdef SK_HAVE_ISAL
	z->e.next_in = (uint8_t *)(uintptr_t)raw->p;
#else
	z->e.next_in = (z_const Bytef *)(uintptr_t)raw->p;
#endif
	z->e.avail_in = (uint32_t)in;
	z->e.next_out = buf;
	z->e.avail_out = (uint32_t)cap;
	s = engine_step(&z->e);
	if (s == STEP_BAD || !take(z, in, z->e.avail_in))
		stop(z, "the compressed stream is damaged");
	if (s == STEP_MEMBER_END)
		z->in_member = false;
	return z->e.avail_out <= cap ? cap - z->e.avail_out : stop(z, "the compressed stream is damaged");
}

size_t
sk_inflater_read(struct sk_inflater *z, uint8_t *buf, size_t cap)
{
	size_t n = 0;

	if (cap > MAX_STEP)
		cap = MAX_STEP;
	while (n < cap && !z->end) {
		if (!z->in_member && !next_member(z))
			break;
		size_t before = z->raw->n, got = run(z, buf + n, cap - n);
		n += got;
		if (got || z->raw->n != before || z->end || !z->in_member)
			continue;
		/* The engine can do nothing without more input. */
		if (z->raw->n || !sk_raw_more(z->raw))
			stop(z, z->raw->error ? strerror(z->raw->error) : "the compressed stream ends early");
	}
	return n;
}

const char *
sk_inflater_error(const struct sk_inflater *z)
{
	return z->error;
}

void
sk_inflater_free(struct sk_inflater *z)
{
	if (!z)
		return;
	engine_free(&z->e);
	free(z);
}
