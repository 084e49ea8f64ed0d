/* Proof that a bundle is safe to run, by ascending dependence: a check may use whatever was proved before it. Every function
 * returns false with the reject filled in. */
#ifndef SK_BUNDLE_VERIFY_H
#define SK_BUNDLE_VERIFY_H

#include "base/arena.h"
#include "base/attr.h"
#include "vm/bundle/bundle.h"
#include "vm/bundle/digest.h"
#include "vm/bundle/ops.h"

struct sk_verify {
	struct sk_bundle_view *v;
	struct sk_reject *err;
	struct sk_arena *arena; /* of the tables below; freed when verification ends */
	uint64_t steps;         /* left to spend where records may share others */
	const struct sk_bundle_header *digested; /* whose digest was begun; NULL: none */
	struct sk_digest_work digest;
	/* highest numbers used */
	uint32_t max_field, max_event, max_op;
	/* facts that later checks use */
	uint32_t *ascends_to;    /* [nindexes] indexes ascend strictly from i up to here, exclusive */
	uint32_t *multi_kinds;   /* [nmultis] SK_KIND_BIT of the operands */
	uint32_t *select_end;    /* [nselects] one more than the highest block number */
	uint8_t *tags_ok;        /* [nlists] list holds tags */
	uint8_t *program_source; /* [nprograms] enum sk_source of the rules it matches, SK_SOURCE_COUNT if none */
};

/* Fill in the reject: "SECTION RECORD: ..." as FMT says. Always false. */
bool sk_refuse(struct sk_verify *vf, enum sk_reject_code code, const char *fmt, ...) SK_PRINTF(3, 4);
/* Spend N steps of the bounded total; false (refused) when there are no more. */
bool sk_spend(struct sk_verify *vf, uint64_t n, const char *section, uint32_t record);
/* S is a NUL-terminated string of the strings section. */
bool sk_check_string(struct sk_verify *vf, struct sk_str_ref s, const char *section, uint32_t record);
/* N zeroed elements in the arena; NULL and vf->arena failed when out of memory. */
#define SK_VERIFY_TABLE(vf, n, type) SK_NEW_ARRAY((vf)->arena, (size_t)(n) + 1, type)

/* layout of the file: header, section table; fills in the view and begins the digest. */
bool sk_verify_layout(struct sk_verify *vf, const void *data, size_t n);
/* The digest, if it was begun: last, whatever came of the rest, and what it says counts first. The others prove what they prove of any bytes. */
bool sk_verify_digest(struct sk_verify *vf);
bool sk_verify_values(struct sk_verify *vf);
bool sk_verify_sets(struct sk_verify *vf);
bool sk_verify_tries(struct sk_verify *vf);
bool sk_verify_lists(struct sk_verify *vf);
bool sk_verify_rules(struct sk_verify *vf);
bool sk_verify_programs(struct sk_verify *vf);
bool sk_verify_tables(struct sk_verify *vf);

/* The kind that a register of this definition has when it is not absent: a field of nets holds the address that is tested against
 * them. */
static inline enum sk_vkind
sk_loaded_kind(const struct sk_value_def *d)
{
	return d->def != SK_VD_CONST && d->kind == SK_V_NET ? SK_V_IP : (enum sk_vkind)d->kind;
}

#endif
