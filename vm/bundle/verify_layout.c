/* Header, digest and section table: from here on every section is a whole number of aligned records inside of the file. */
#include "base/schema.h"
#include "vm/bundle/digest.h"
#include "vm/bundle/layout.h"
#include "vm/bundle/verify.h"

static bool
check_header(struct sk_verify *vf, const struct sk_bundle_header *h, size_t n)
{
	if (memcmp(h->magic, SK_BUNDLE_MAGIC, sizeof(h->magic)) != 0)
		return sk_refuse(vf, SK_REJECT_MAGIC, "header: this is not a bundle");
	if (h->format != SK_BUNDLE_FORMAT)
		return sk_refuse(vf, SK_REJECT_FORMAT, "header: format version %u, this engine reads version %u", h->format,
				 SK_BUNDLE_FORMAT);
	if (h->size > SK_MAX_BUNDLE)
		return sk_refuse(vf, SK_REJECT_TOO_LARGE, "header: %llu bytes, at most %llu are allowed",
				 (unsigned long long)h->size, (unsigned long long)SK_MAX_BUNDLE);
	if (h->size > n)
		return sk_refuse(vf, SK_REJECT_TRUNCATED, "header: %llu bytes, the file has %zu", (unsigned long long)h->size, n);
	if (h->size < n)
		return sk_refuse(vf, SK_REJECT_TRAILING, "header: %llu bytes, the file has %zu", (unsigned long long)h->size, n);
	return true;
}

/* Before anything else is looked at: an older engine says what it lacks instead of finding the bundle malformed. */
static bool
check_needs(struct sk_verify *vf, const struct sk_bundle_header *h)
{
	if (h->max_field >= SK_F_LIMIT)
		return sk_refuse(vf, SK_REJECT_NEEDS_FIELD, "header: needs field %u, this engine knows fields up to %u",
				 h->max_field, SK_F_LIMIT - 1u);
	if (h->max_event >= SK_EVENT_LIMIT)
		return sk_refuse(vf, SK_REJECT_NEEDS_EVENT, "header: needs event type %u, this engine knows types up to %u",
				 h->max_event, SK_EVENT_LIMIT - 1u);
	if (h->max_op >= SK_OP_LIMIT)
		return sk_refuse(vf, SK_REJECT_NEEDS_OP, "header: needs instruction %u, this engine knows instructions up to %u",
				 h->max_op, SK_OP_LIMIT - 1u);
	if (h->schema > SK_SCHEMA_VERSION || h->schema == 0)
		return sk_refuse(vf, SK_REJECT_NEEDS_SCHEMA, "header: needs schema version %u, this engine has version %u",
				 h->schema, SK_SCHEMA_VERSION);
	return true;
}

bool
sk_verify_digest(struct sk_verify *vf)
{
	const struct sk_bundle_header *h = vf->digested;
	uint8_t d[SK_DIGEST_SIZE];

	if (!h)
		return true;
	sk_digest_end(&vf->digest, d);
	if (memcmp(d, h->digest, sizeof(d)) != 0)
		return sk_refuse(vf, SK_REJECT_DIGEST, "header: the contents do not match the digest: the file is damaged");
	return true;
}

static void
take_section(struct sk_bundle_view *v, uint32_t id, const uint8_t *data, const struct sk_section_def *s)
{
	switch (id) {
#define SK_SECTION(sec, name, type, member, count, required)                                                                     \
	case SK_SEC_##sec:                                                                                                       \
		v->member = (const type *)(const void *)(data + s->off);                                                         \
		v->count = (uint32_t)(s->size / sizeof(type));                                                                   \
		break;
#include "vm/bundle/sections.def"
#undef SK_SECTION
	default:
		break;
	}
}

static const char *
section_name(uint32_t id)
{
	const char *name = sk_section_info(id)->name;

	return name ? name : "unknown section";
}

/* Section I of the table: known or optional, in order, marked as it must be. */
static bool
check_identity(struct sk_verify *vf, const struct sk_section_def *s, uint32_t i)
{
	const struct sk_section_info *info = sk_section_info(s->id);
	const char *name = section_name(s->id);

	if (i && s->id <= s[-1].id)
		return sk_refuse(vf, SK_REJECT_SECTION_ORDER, "section table %u: %s (%u) stands behind section %u", i, name,
				 s->id, s[-1].id);
	if (s->required > 1)
		return sk_refuse(vf, SK_REJECT_SECTION_FLAG, "section table %u: %s (%u): required is %u", i, name, s->id,
				 s->required);
	if (!info->name && s->required)
		return sk_refuse(vf, SK_REJECT_SECTION_UNKNOWN,
				 "section table %u: needs section %u, which this engine does not know", i, s->id);
	if (info->name && s->required != info->required)
		return sk_refuse(vf, SK_REJECT_SECTION_FLAG, "section table %u: %s must be marked as %s", i, name,
				 info->required ? "required" : "optional");
	return true;
}

/* Section I begins at the first aligned byte behind END, the end of what stands before it. */
static bool
check_place(struct sk_verify *vf, const uint8_t *data, uint64_t size, const struct sk_section_def *s, uint32_t i, uint64_t end)
{
	const char *name = section_name(s->id);
	uint32_t record = sk_section_info(s->id)->record;

	if (s->off % SK_SECTION_ALIGN)
		return sk_refuse(vf, SK_REJECT_SECTION_ALIGNMENT, "section table %u: %s begins at %llu", i, name,
				 (unsigned long long)s->off);
	if (s->off < end)
		return sk_refuse(vf, SK_REJECT_SECTION_OVERLAP, "section table %u: %s begins at %llu, before %llu", i, name,
				 (unsigned long long)s->off, (unsigned long long)end);
	if (s->off > size || s->size > size - s->off)
		return sk_refuse(vf, SK_REJECT_SECTION_BOUNDS, "section table %u: %s reaches past the end", i, name);
	if (s->off - end >= SK_SECTION_ALIGN)
		return sk_refuse(vf, SK_REJECT_SECTION_GAP, "section table %u: %llu unused bytes before %s", i,
				 (unsigned long long)(s->off - end), name);
	for (uint64_t p = end; p < s->off; p++)
		if (data[p])
			return sk_refuse(vf, SK_REJECT_RESERVED, "section table %u: padding before %s is not zero", i, name);
	if (record && s->size % record)
		return sk_refuse(vf, SK_REJECT_SECTION_SIZE, "section table %u: %s has %llu bytes, records have %u", i, name,
				 (unsigned long long)s->size, record);
	return true;
}

static bool
check_complete(struct sk_verify *vf, uint64_t seen)
{
	for (uint32_t id = 0; id < SK_SECTION_LIMIT; id++)
		if (sk_section_info(id)->required && !(seen >> id & 1))
			return sk_refuse(vf, SK_REJECT_SECTION_MISSING, "section table: %s (%u) is missing", section_name(id),
					 id);
	return true;
}

bool
sk_verify_layout(struct sk_verify *vf, const void *data, size_t n)
{
	const struct sk_bundle_header *h = data;

	if (n < sizeof(*h))
		return sk_refuse(vf, SK_REJECT_TRUNCATED, "header: the file has %zu bytes, a header has %zu", n, sizeof(*h));
	if (!check_header(vf, h, n) || !check_needs(vf, h))
		return false;
	vf->digested = h;
	sk_digest_begin(&vf->digest, h + 1, h->size - sizeof(*h));
	if (h->nsections > SK_MAX_SECTIONS)
		return sk_refuse(vf, SK_REJECT_SECTION_COUNT, "header: %u sections, at most %u are allowed", h->nsections,
				 SK_MAX_SECTIONS);
	const struct sk_section_def *s = (const void *)(h + 1);
	uint64_t end = sizeof(*h) + h->nsections * sizeof(*s), seen = 0;
	if (end > n)
		return sk_refuse(vf, SK_REJECT_SECTION_BOUNDS, "header: the section table reaches past the end");
	for (uint32_t i = 0; i < h->nsections; i++) {
		if (!check_identity(vf, &s[i], i) || !check_place(vf, data, n, &s[i], i, end))
			return false;
		take_section(vf->v, s[i].id, data, &s[i]);
		seen |= s[i].id < SK_SECTION_LIMIT ? 1ull << s[i].id : 0;
		end = s[i].off + s[i].size;
	}
	if (end != n)
		return sk_refuse(vf, SK_REJECT_TRAILING, "section table: %llu bytes behind the last section",
				 (unsigned long long)(n - end));
	vf->v->header = h;
	return check_complete(vf, seen);
}
