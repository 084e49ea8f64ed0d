#include "daemon/runtime/bolt.h"

#include <errno.h>
#include <saker/limits.h>
#include <string.h>
#include <unistd.h>

#define MAGIC 0xed0cdaedu
#define VERSION 2u
#define META_SIZE 64u
#define PAGE_HEAD 16u
#define ELEMENT 16u
#define MAX_DEPTH 16u
#define ATTEMPTS 4u

enum { PAGE_BRANCH = 1, PAGE_LEAF = 2 };
enum { LEAF_BUCKET = 1 };

static uint32_t
u32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint64_t
u64(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* --- the head -------------------------------------------------------------------------------------------------------------- */
/* FNV-1a over what stands before the sum itself. */
static uint64_t
meta_sum(const char *meta)
{
	uint64_t h = 0xcbf29ce484222325ull;

	for (size_t i = 0; i < META_SIZE - 8; i++)
		h = (h ^ (uint8_t)meta[i]) * 0x100000001b3ull;
	return h;
}

static bool
read_meta(int fd, uint64_t at, struct sk_bolt *ret)
{
	char page[PAGE_HEAD + META_SIZE];
	const char *m = page + PAGE_HEAD;

	if (pread(fd, page, sizeof(page), (off_t)at) != (ssize_t)sizeof(page) || u32(m) != MAGIC || u32(m + 4) != VERSION || u64(m + 56) != meta_sum(m))
		return false;
	ret->page_size = u32(m + 8);
	ret->root = u64(m + 16);
	ret->txid = u64(m + 48);
	return ret->page_size >= 512 && ret->page_size <= 65536 && !(ret->page_size & (ret->page_size - 1));
}

/* The newer of the two; the first may be the damaged one, then the page size is a guess. */
static int
newest(struct sk_bolt *b)
{
	struct sk_bolt first = { 0 }, second = { 0 };
	bool one = read_meta(b->fd, 0, &first), two = read_meta(b->fd, one ? first.page_size : 4096u, &second);

	if (!one && !two)
		return -EINVAL;
	const struct sk_bolt *best = two && (!one || second.txid > first.txid) ? &second : &first;
	b->page_size = best->page_size;
	b->root = best->root;
	b->txid = best->txid;
	return 0;
}

int
sk_bolt_open(struct sk_bolt *b, int fd)
{
	*b = (struct sk_bolt){ .fd = fd };
	return newest(b);
}

/* --- pages ----------------------------------------------------------------------------------------------------------------- */
/* A page with what overflows it, or a bucket that stands inside another's value. */
struct page {
	struct sk_slice bytes;
	uint32_t count;
	uint16_t flags;
};

static int
look_at(struct page *p, struct sk_slice bytes)
{
	uint16_t head[2];

	if (bytes.n < PAGE_HEAD)
		return -EINVAL;
	memcpy(head, bytes.p + 8, sizeof(head));
	*p = (struct page){ .bytes = bytes, .count = head[1], .flags = head[0] };
	return (size_t)p->count * ELEMENT <= bytes.n - PAGE_HEAD ? 0 : -EINVAL;
}

static int
read_page(struct sk_bolt *b, uint64_t number, struct sk_buf *into, struct page *ret)
{
	char head[PAGE_HEAD];
	size_t size;

	if (!b->pages_left || number > (uint64_t)INT64_MAX / b->page_size)
		return -EINVAL;
	b->pages_left--;
	off_t at = (off_t)(number * b->page_size);
	if (pread(b->fd, head, sizeof(head), at) != (ssize_t)sizeof(head) || u64(head) != number)
		return -EINVAL;
	size = ((size_t)u32(head + 12) + 1) * b->page_size;
	if (size > SK_MAX_RUNTIME_FILE)
		return -EINVAL;
	into->n = 0;
	char *room = sk_buf_room(into, size);
	if (!room)
		return -ENOMEM;
	ssize_t n = pread(b->fd, room, size, at);
	return n < (ssize_t)PAGE_HEAD ? -EINVAL : look_at(ret, sk_slice(room, (size_t)n));
}

/* Bytes of the page from AT of the element at E on. */
static bool
inside(const struct page *p, size_t e, uint32_t at, size_t n, struct sk_slice *ret)
{
	if (at > p->bytes.n - e || n > p->bytes.n - e - at)
		return false;
	*ret = sk_slice(p->bytes.p + e + at, n);
	return true;
}

static bool
branch_element(const struct page *p, uint32_t i, struct sk_slice *key, uint64_t *child)
{
	size_t e = PAGE_HEAD + (size_t)i * ELEMENT;

	*child = u64(p->bytes.p + e + 8);
	return inside(p, e, u32(p->bytes.p + e), u32(p->bytes.p + e + 4), key);
}

static bool
leaf_element(const struct page *p, uint32_t i, struct sk_slice *key, struct sk_slice *value, bool *bucket)
{
	size_t e = PAGE_HEAD + (size_t)i * ELEMENT;
	struct sk_slice both;
	uint32_t key_len = u32(p->bytes.p + e + 8), value_len = u32(p->bytes.p + e + 12);

	if (!inside(p, e, u32(p->bytes.p + e + 4), (size_t)key_len + value_len, &both))
		return false;
	*key = sk_slice(both.p, key_len);
	*value = sk_slice(both.p + key_len, value_len);
	*bucket = u32(p->bytes.p + e) & LEAF_BUCKET;
	return true;
}

/* --- finding --------------------------------------------------------------------------------------------------------------- */
/* The child that KEY is in: the last whose first key is not greater. */
static int
descend(const struct page *p, struct sk_slice key, uint64_t *ret)
{
	struct sk_slice k;
	uint64_t child;

	if (!p->count)
		return -EINVAL;
	for (uint32_t i = 0; i < p->count; i++) {
		if (!branch_element(p, i, &k, &child))
			return -EINVAL;
		if (i && sk_slice_cmp(k, key) > 0)
			break;
		*ret = child;
	}
	return 0;
}

/* The leaf of the tree at P that KEY is in, if it is anywhere; pages are read into INTO. */
static int
find_leaf(struct sk_bolt *b, struct page *p, struct sk_slice key, struct sk_buf *into)
{
	uint64_t child = 0;

	for (unsigned depth = 0; depth < MAX_DEPTH; depth++) {
		if (p->flags & PAGE_LEAF)
			return 0;
		int r = p->flags & PAGE_BRANCH ? descend(p, key, &child) : -EINVAL;
		if (r == 0)
			r = read_page(b, child, into, p);
		if (r < 0)
			return r;
	}
	return -EINVAL;
}

static int
find_key(const struct page *p, struct sk_slice key, struct sk_slice *value, bool *bucket)
{
	struct sk_slice k;

	for (uint32_t i = 0; i < p->count; i++) {
		if (!leaf_element(p, i, &k, value, bucket))
			return -EINVAL;
		if (sk_slice_eq(k, key))
			return 0;
	}
	return -ENOENT;
}

/* The first page of the bucket whose head is VALUE: a page of its own, or what follows the head. */
static int
enter(struct sk_bolt *b, struct sk_slice value, struct sk_buf *into, struct page *p)
{
	uint64_t root;

	if (value.n < 16)
		return -EINVAL;
	root = u64(value.p);
	return root ? read_page(b, root, into, p) : look_at(p, sk_slice(value.p + 16, value.n - 16));
}

/* Go down to the bucket that the N names lead to; P is its first page. */
static int
find_bucket(struct sk_bolt *b, const struct sk_slice *names, size_t n, struct sk_buf *into, struct page *p)
{
	struct sk_slice value;
	bool bucket;
	int r = read_page(b, b->root, into, p);

	for (size_t i = 0; r == 0 && i < n; i++) {
		r = find_leaf(b, p, names[i], into);
		if (r == 0)
			r = find_key(p, names[i], &value, &bucket);
		if (r == 0)
			r = bucket ? enter(b, value, into, p) : -ENOENT;
	}
	return r;
}

static int
get_once(struct sk_bolt *b, const struct sk_slice *names, size_t n, struct sk_buf *pages, struct sk_buf *out)
{
	struct sk_slice value = SK_SLICE("");
	struct page p;
	bool bucket = false;
	int r = find_bucket(b, names, n - 1, pages, &p);

	if (r == 0)
		r = find_leaf(b, &p, names[n - 1], pages);
	if (r == 0)
		r = find_key(&p, names[n - 1], &value, &bucket);
	if (r == 0 && bucket)
		r = -ENOENT;
	if (r == 0)
		sk_buf_slice(out, value);
	return r;
}

static void
put_counted(struct sk_buf *out, struct sk_slice s)
{
	uint32_t n = (uint32_t)s.n;

	sk_buf_put(out, &n, sizeof(n));
	sk_buf_slice(out, s);
}

/* Labels fit one leaf; of a bucket that does not, the first leaf is taken. */
static int
pairs_once(struct sk_bolt *b, const struct sk_slice *names, size_t n, struct sk_buf *pages, struct sk_buf *out)
{
	struct sk_slice key, value;
	struct page p;
	bool bucket;
	int r = find_bucket(b, names, n, pages, &p);

	if (r == 0)
		r = find_leaf(b, &p, SK_SLICE(""), pages);
	for (uint32_t i = 0; r == 0 && i < p.count; i++) {
		if (!leaf_element(&p, i, &key, &value, &bucket))
			return -EINVAL;
		if (bucket)
			continue;
		put_counted(out, key);
		put_counted(out, value);
	}
	return r;
}

typedef int lookup(struct sk_bolt *b, const struct sk_slice *names, size_t n, struct sk_buf *pages, struct sk_buf *out);

/* Pages that the newest transaction can reach are not written until the one after it has ended: what was read is right if there is no newer one yet. */
static int
settled(struct sk_bolt *b, lookup *once, const struct sk_slice *names, size_t n, struct sk_buf *out)
{
	struct sk_buf pages = { 0 };
	int r = -EAGAIN;

	for (unsigned i = 0; i < ATTEMPTS; i++) {
		out->n = 0;
		b->pages_left = SK_MAX_BOLT_PAGES;
		uint64_t txid = b->txid;
		r = once(b, names, n, &pages, out);
		if (newest(b) < 0)
			r = -EINVAL;
		else if (b->txid == txid)
			break;
		else
			r = -EAGAIN;
	}
	if (pages.failed || out->failed)
		r = -ENOMEM;
	sk_buf_free(&pages);
	return r;
}

int
sk_bolt_get(struct sk_bolt *b, const struct sk_slice *names, size_t n, struct sk_buf *out)
{
	return settled(b, get_once, names, n, out);
}

int
sk_bolt_pairs(struct sk_bolt *b, const struct sk_slice *names, size_t n, struct sk_buf *out)
{
	return settled(b, pairs_once, names, n, out);
}

static bool
take_counted(struct sk_slice *from, struct sk_slice *ret)
{
	uint32_t n;

	if (from->n < sizeof(n))
		return false;
	memcpy(&n, from->p, sizeof(n));
	if (n > from->n - sizeof(n))
		return false;
	*ret = sk_slice(from->p + sizeof(n), n);
	*from = sk_slice(from->p + sizeof(n) + n, from->n - sizeof(n) - n);
	return true;
}

bool
sk_bolt_pair(struct sk_slice *pairs, struct sk_slice *key, struct sk_slice *value)
{
	return take_counted(pairs, key) && take_counted(pairs, value);
}
