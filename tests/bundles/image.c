#include "tests/bundles/image.h"

#include <sodium.h>
#include <stdlib.h>

struct sk_section_def *
image_section(struct sk_buf *img, uint32_t id)
{
	struct sk_bundle_header *h = image_header(img);
	struct sk_section_def *s = (void *)(h + 1);

	for (uint32_t i = 0; i < h->nsections; i++)
		if (s[i].id == id)
			return &s[i];
	return NULL;
}

void *
image_record(struct sk_buf *img, uint32_t id, uint32_t i, size_t size)
{
	struct sk_section_def *s = image_section(img, id);

	if (!s || (i + 1) * size > s->size)
		abort();
	return img->p + s->off + i * size;
}

void
image_cut(struct sk_buf *img, uint32_t id, size_t n)
{
	struct sk_bundle_header *h = image_header(img);
	struct sk_section_def *s = (void *)(h + 1), *cut = image_section(img, id);
	size_t end = cut->off + cut->size;

	memmove(img->p + end - n, img->p + end, img->n - end);
	img->n -= n;
	cut->size -= n;
	for (uint32_t i = 0; i < h->nsections; i++)
		if (s[i].off >= end)
			s[i].off -= n;
	h->size = img->n;
}

void
image_seal(struct sk_buf *img)
{
	struct sk_bundle_header *h = image_header(img);

	(void)crypto_generichash(h->digest, sizeof(h->digest), (const uint8_t *)(h + 1), img->n - sizeof(*h), NULL, 0);
}
