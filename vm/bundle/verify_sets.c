/* Hash tables: every member is found where a look-up searches it, and a look-up ends. */
#include "vm/bundle/tables.h"
#include "vm/bundle/verify.h"

struct set_check {
	struct sk_verify *vf;
	const struct sk_set_def *def;
	const struct sk_set_slot *slots;
	uint32_t number;
	uint8_t *ordinals; /* bit seen: one a member */
};

static uint32_t
member_kinds(enum sk_vkind set)
{
	if (set == SK_V_STR)
		return SK_KINDS_TEXT;
	return set == SK_V_UINT ? SK_KINDS_NUM : SK_KIND_BIT(set);
}

static bool
check_member(struct set_check *c, uint32_t i)
{
	const struct sk_bundle_view *v = c->vf->v;
	const struct sk_set_slot *s = &c->slots[i];
	enum sk_vkind kind = (enum sk_vkind)c->def->kind;

	if (s->value > v->nvalues || s->value - 1 < v->ncomputed)
		return sk_refuse(c->vf, SK_REJECT_SET_MEMBER, "sets %u: slot %u: value %u is no constant", c->number, i,
				 s->value - 1);
	const struct sk_value_def *d = &v->values[s->value - 1];
	if (d->is_list || !(member_kinds(kind) & SK_KIND_BIT(d->kind)))
		return sk_refuse(c->vf, SK_REJECT_SET_MEMBER, "sets %u: slot %u: value %u is no %s", c->number, i, s->value - 1,
				 sk_vkind_name(kind));
	if (s->ordinal >= c->def->nmembers || c->ordinals[s->ordinal / 8] >> s->ordinal % 8 & 1)
		return sk_refuse(c->vf, SK_REJECT_SET_ORDINAL, "sets %u: slot %u: ordinal %u of %u members", c->number, i,
				 s->ordinal, c->def->nmembers);
	c->ordinals[s->ordinal / 8] |= (uint8_t)(1u << s->ordinal % 8);
	if (kind == SK_V_NET)
		return s->hash == 0 || sk_refuse(c->vf, SK_REJECT_SET_HASH, "sets %u: slot %u: nets have no hash", c->number, i);
	if (!sk_spend(c->vf, d->text.len / 8, "sets", c->number))
		return false;
	if (s->hash != sk_member_hash(kind, d->num, sk_bundle_str(v, d->text)))
		return sk_refuse(c->vf, SK_REJECT_SET_HASH, "sets %u: slot %u: wrong hash", c->number, i);
	return true;
}

/* Slots are members or wholly zero; as many members as the set says. */
static bool
check_slots(struct set_check *c)
{
	uint32_t taken = 0;

	for (uint32_t i = 0; i < c->def->nslots; i++) {
		const struct sk_set_slot *s = &c->slots[i];

		if (s->zero || (!s->value && (s->hash || s->ordinal)))
			return sk_refuse(c->vf, SK_REJECT_RESERVED, "sets %u: slot %u: unused numbers are not zero", c->number,
					 i);
		taken += s->value != 0;
		if (s->value && !check_member(c, i))
			return false;
	}
	if (taken != c->def->nmembers)
		return sk_refuse(c->vf, SK_REJECT_SET_ORDINAL, "sets %u: %u members in its slots, %u expected", c->number, taken,
				 c->def->nmembers);
	return true;
}

/* No free slot between a member's home and its place: walking once round from a free slot, the member's distance from home never
 * exceeds that from the last free slot. */
static bool
check_probes(struct set_check *c)
{
	uint32_t mask = c->def->nslots - 1, start = 0, run = 0;

	while (start < c->def->nslots && c->slots[start].value)
		start++;
	if (start == c->def->nslots)
		return sk_refuse(c->vf, SK_REJECT_SET_FULL, "sets %u: no free slot", c->number);
	for (uint32_t k = 1; k < c->def->nslots; k++) {
		uint32_t i = (start + k) & mask;

		if (!c->slots[i].value)
			run = 0;
		else if (((i - c->slots[i].hash) & mask) > run++)
			return sk_refuse(c->vf, SK_REJECT_SET_PROBE, "sets %u: slot %u: its member cannot be found there",
					 c->number, i);
	}
	return true;
}

static bool
check_set(struct set_check *c)
{
	const struct sk_set_def *d = c->def;
	bool net = d->kind == SK_V_NET;

	if (!net && d->kind != SK_V_STR && d->kind != SK_V_UINT && d->kind != SK_V_IP)
		return sk_refuse(c->vf, SK_REJECT_SET_KIND, "sets %u: kind %u", c->number, d->kind);
	if (net ? d->nslots != d->nmembers : d->nslots == 0 || (d->nslots & (d->nslots - 1)))
		return sk_refuse(c->vf, SK_REJECT_SET_SLOTS, "sets %u: %u slots for %u members", c->number, d->nslots,
				 d->nmembers);
	/* Also bounds the table of ordinals by the file. */
	if (d->nmembers > d->nslots)
		return sk_refuse(c->vf, SK_REJECT_SET_FULL, "sets %u: %u slots for %u members", c->number, d->nslots,
				 d->nmembers);
	memset(c->ordinals, 0, d->nmembers / 8 + 1);
	return check_slots(c) && (net || check_probes(c));
}

bool
sk_verify_sets(struct sk_verify *vf)
{
	const struct sk_bundle_view *v = vf->v;
	uint8_t *ordinals = SK_VERIFY_TABLE(vf, v->nslots / 8 + 1, uint8_t);
	uint32_t next = 0;

	for (uint32_t i = 0; ordinals && i < v->nsets; i++) {
		const struct sk_set_def *d = &v->sets[i];

		if (d->zero[0] || d->zero[1] || d->zero[2])
			return sk_refuse(vf, SK_REJECT_RESERVED, "sets %u: reserved bytes are not zero", i);
		if (d->first_slot != next || d->nslots > v->nslots - next)
			return sk_refuse(vf, SK_REJECT_SET_SLOTS, "sets %u: slots from %u, %u of them; expected from %u of %u", i,
					 d->first_slot, d->nslots, next, v->nslots);
		if (!check_set(&(struct set_check){vf, d, v->slots + next, i, ordinals}))
			return false;
		next += d->nslots;
	}
	if (ordinals && next != v->nslots)
		return sk_refuse(vf, SK_REJECT_SET_SLOTS, "slots: %u of %u belong to sets", next, v->nslots);
	return ordinals != NULL;
}
