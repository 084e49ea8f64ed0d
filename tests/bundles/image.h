/* Editing bundle images in tests: what no builder would write. */
#ifndef SK_TEST_IMAGE_H
#define SK_TEST_IMAGE_H

#include "base/buf.h"

#include <saker/bundle.h>

/* Entry of section ID in the table; NULL if it is not there. */
struct sk_section_def *image_section(struct sk_buf *img, uint32_t id);
/* Byte 0 of record I, of SIZE bytes, of section ID. */
void *image_record(struct sk_buf *img, uint32_t id, uint32_t i, size_t size);
#define IMAGE(img, id, type, i) ((type *)image_record((img), (id), (i), sizeof(type)))
static inline struct sk_bundle_header *
image_header(struct sk_buf *img)
{
	return (struct sk_bundle_header *)(void *)img->p;
}
/* Remove the last N bytes (a multiple of 8) of section ID; what follows moves up. */
void image_cut(struct sk_buf *img, uint32_t id, size_t n);
/* Put size and digest of the header right. */
void image_seal(struct sk_buf *img);

#endif
