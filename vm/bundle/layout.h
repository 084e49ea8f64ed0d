/* The section table as data. */
#ifndef SK_BUNDLE_LAYOUT_H
#define SK_BUNDLE_LAYOUT_H

#include <saker/bundle.h>
#include <stddef.h>

struct sk_section_info {
	const char *name; /* NULL: no such section */
	uint32_t record;  /* bytes of one record */
	uint32_t required;
};

/* Sections begin at multiples of this; every record type is aligned to it or less. */
#define SK_SECTION_ALIGN 8u
/* One more than the highest section number that this engine knows. */
#define SK_SECTION_LIMIT (SK_SEC_SIGNATURE + 1u)

/* Row of a section number; its name is NULL for numbers that this engine does not know. */
const struct sk_section_info *sk_section_info(uint32_t id);

#endif
