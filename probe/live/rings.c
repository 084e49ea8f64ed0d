/* Rings as the kernel keeps them: a page of the reader, a page of the writer, data mapped twice so that a record never wraps. */
#include "probe/live/internal.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#define BUSY (1u << 31)
#define DISCARD (1u << 30)
#define RECORD_HEAD 8u /* length with the two bits, then a word of the kernel's */

static size_t
page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

int
sk_ring_open(struct sk_ring *r, uint32_t bytes)
{
	void *p;

	*r = (struct sk_ring){ .fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "sk_ring", 0, 0, bytes, NULL), .size = bytes };
	if (r->fd < 0)
		return -errno;
	p = mmap(NULL, page(), PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
	if (p == MAP_FAILED)
		return -errno;
	r->consumer = p;
	p = mmap(NULL, page() + 2 * (size_t)bytes, PROT_READ, MAP_SHARED, r->fd, (off_t)page());
	if (p == MAP_FAILED)
		return -errno;
	r->producer = p;
	r->data = (const uint8_t *)p + page();
	return 0;
}

void
sk_ring_close(struct sk_ring *r)
{
	if (r->consumer)
		(void)munmap(r->consumer, page());
	if (r->producer)
		(void)munmap((void *)(uintptr_t)r->producer, page() + 2 * (size_t)r->size);
	if (r->fd >= 0)
		(void)close(r->fd);
	*r = (struct sk_ring){ .fd = -1 };
}

void
sk_ring_look(struct sk_ring *r)
{
	r->end = __atomic_load_n(r->producer, __ATOMIC_ACQUIRE);
}

static uint32_t
record_word(const struct sk_ring *r)
{
	return __atomic_load_n((const uint32_t *)(const void *)(r->data + (r->at & (r->size - 1))), __ATOMIC_ACQUIRE);
}

static unsigned long
step_of(uint32_t word)
{
	return ((word & ~(BUSY | DISCARD)) + RECORD_HEAD + 7ul) & ~7ul;
}

const struct sk_live_head *
sk_ring_peek(struct sk_ring *r, uint32_t *ret_len)
{
	while (r->at < r->end) {
		uint32_t word = record_word(r);

		if (word & BUSY)
			return NULL;
		*ret_len = word & ~DISCARD;
		if (!(word & DISCARD))
			return (const struct sk_live_head *)(const void *)(r->data + (r->at & (r->size - 1)) + RECORD_HEAD);
		r->at += step_of(word);
	}
	return NULL;
}

void
sk_ring_skip(struct sk_ring *r)
{
	r->at += step_of(record_word(r));
}

void
sk_ring_release(struct sk_ring *r)
{
	__atomic_store_n(r->consumer, r->at, __ATOMIC_RELEASE);
}
