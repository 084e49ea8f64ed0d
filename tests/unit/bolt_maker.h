/* A bolt database of one leaf page: buckets in buckets, all inside their parents. Enough to be read by what reads real ones. */
#ifndef BOLT_MAKER_H
#define BOLT_MAKER_H

#include "base/buf.h"

#include <string.h>

#define BOLT_PAGE 4096u

/* The page of a bucket under construction: pairs sorted by who makes it. */
struct bolt_bucket {
	struct {
		const char *key;
		const char *value;
		size_t n;
		bool bucket;
	} pair[16];
	size_t n;
};

static inline void
bolt_put_number(struct sk_buf *out, uint64_t v, size_t bytes)
{
	sk_buf_put(out, &v, bytes);
}

static inline void
bolt_pair(struct bolt_bucket *b, const char *key, const char *value)
{
	b->pair[b->n].key = key;
	b->pair[b->n].value = value;
	b->pair[b->n++].n = strlen(value);
}

/* PAGE is what bolt_page() made of the inner bucket. */
static inline void
bolt_nest(struct bolt_bucket *b, const char *key, const struct sk_buf *page)
{
	b->pair[b->n].key = key;
	b->pair[b->n].value = page->p;
	b->pair[b->n].n = page->n;
	b->pair[b->n++].bucket = true;
}

/* The leaf page, with number ID, appended to OUT. */
static inline void
bolt_page(const struct bolt_bucket *b, uint64_t id, struct sk_buf *out)
{
	size_t at = 16 + b->n * 16, start = out->n;

	bolt_put_number(out, id, 8);
	bolt_put_number(out, 2, 2);
	bolt_put_number(out, b->n, 2);
	bolt_put_number(out, 0, 4);
	for (size_t i = 0; i < b->n; i++) {
		size_t head = b->pair[i].bucket ? 16 : 0, key = strlen(b->pair[i].key);

		bolt_put_number(out, b->pair[i].bucket, 4);
		bolt_put_number(out, at - (out->n - start - 4), 4);
		bolt_put_number(out, key, 4);
		bolt_put_number(out, b->pair[i].n + head, 4);
		at += key + b->pair[i].n + head;
	}
	for (size_t i = 0; i < b->n; i++) {
		sk_buf_str(out, b->pair[i].key);
		if (b->pair[i].bucket)
			sk_buf_put(out, (const char[16]){ 0 }, 16);
		sk_buf_put(out, b->pair[i].value, b->pair[i].n);
	}
}

static inline void
bolt_meta(struct sk_buf *out, uint64_t page, uint64_t txid)
{
	size_t start = out->n + 16;
	uint64_t sum = 0xcbf29ce484222325ull;

	bolt_put_number(out, page, 8);
	bolt_put_number(out, 4, 8);
	bolt_put_number(out, 0xed0cdaed, 4);
	bolt_put_number(out, 2, 4);
	bolt_put_number(out, BOLT_PAGE, 4);
	bolt_put_number(out, 0, 4);
	bolt_put_number(out, 2, 8); /* root */
	bolt_put_number(out, 0, 8);
	bolt_put_number(out, 3, 8);
	bolt_put_number(out, 8, 8);
	bolt_put_number(out, txid, 8);
	for (size_t i = start; i < out->n; i++)
		sum = (sum ^ (uint8_t)out->p[i]) * 0x100000001b3ull;
	bolt_put_number(out, sum, 8);
	while (out->n < (page + 1) * BOLT_PAGE)
		sk_buf_char(out, '\0');
}

/* The file: both heads and ROOT as page 2. */
static inline void
bolt_file(const struct bolt_bucket *root, struct sk_buf *out)
{
	bolt_meta(out, 0, 6);
	bolt_meta(out, 1, 7);
	bolt_page(root, 2, out);
	while (out->n % BOLT_PAGE)
		sk_buf_char(out, '\0');
}

#endif
