#include "vm/bundle/layout.h"

static const struct sk_section_info sections[SK_SECTION_LIMIT] = {
#define SK_SECTION(id, name, type, member, count, required) [SK_SEC_##id] = {name, sizeof(type), required},
#include "vm/bundle/sections.def"
#undef SK_SECTION
};

#define SK_SECTION(id, name, type, member, count, required)                                                                      \
	_Static_assert(_Alignof(type) <= SK_SECTION_ALIGN, "records are read in place");
#include "vm/bundle/sections.def"
#undef SK_SECTION

const struct sk_section_info *
sk_section_info(uint32_t id)
{
	return &sections[id < SK_SECTION_LIMIT ? id : 0];
}
