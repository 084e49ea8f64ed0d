/* Is a text well-formed XML, as far as we write it: elements, attributes, the five named and the decimal references. */
#ifndef SK_TEST_XML_H
#define SK_TEST_XML_H

#include <stdbool.h>
#include <stddef.h>

/* False with the reason in WHY. */
bool xml_is_well_formed(const char *text, char *why, size_t n);

#endif
