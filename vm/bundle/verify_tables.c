/* What stands around the programs: dispatch, interest, source map; and that the header told the truth. */
#include "vm/bundle/verify.h"

static bool
check_dispatch(struct sk_verify *vf)
{
	const struct sk_bundle_view *v = vf->v;

	if (v->ndispatch != SK_SOURCE_COUNT * SK_EVENT_LIMIT)
		return sk_refuse(vf, SK_REJECT_DISPATCH_SIZE, "dispatch: %u entries, expected %u", v->ndispatch,
				 SK_SOURCE_COUNT * SK_EVENT_LIMIT);
	for (uint32_t i = 0; i < v->ndispatch; i++) {
		uint32_t p = v->dispatch[i], source = i / SK_EVENT_LIMIT, type = i % SK_EVENT_LIMIT;

		if (p == 0)
			continue;
		if (p > v->nprograms)
			return sk_refuse(vf, SK_REJECT_DISPATCH_PROGRAM, "dispatch: source %u, event type %u: no program %u",
					 source, type, p - 1);
		uint8_t of = vf->program_source[p - 1];
		if (of != SK_SOURCE_COUNT && of != source)
			return sk_refuse(vf, SK_REJECT_DISPATCH_SOURCE,
					 "dispatch: source %u, event type %u: program %u matches rules of source %u", source,
					 type, p - 1, of);
		if (type > vf->max_event)
			vf->max_event = type;
	}
	return true;
}

static bool
check_interest(struct sk_verify *vf, uint32_t i)
{
	const struct sk_bundle_view *v = vf->v;
	const struct sk_interest_def *in = &v->interest[i];

	if (in->source >= SK_SOURCE_COUNT || in->event >= SK_EVENT_LIMIT || in->need > SK_NEED_OLD)
		return sk_refuse(vf, SK_REJECT_INTEREST, "interest %u: source %u, event type %u, failed calls %u", i, in->source,
				 in->event, in->need);
	if (in->first_value > v->nindexes || in->nvalues > v->nindexes - in->first_value)
		return sk_refuse(vf, SK_REJECT_LIST_RANGE, "interest %u: %u numbers from %u, there are %u", i, in->nvalues,
				 in->first_value, v->nindexes);
	if (!sk_spend(vf, in->nvalues, "interest", i))
		return false;
	for (uint32_t k = 0; k < in->nvalues; k++)
		if (v->indexes[in->first_value + k] >= v->ncomputed)
			return sk_refuse(vf, SK_REJECT_INTEREST, "interest %u: no value register %u", i,
					 v->indexes[in->first_value + k]);
	if (in->event > vf->max_event)
		vf->max_event = in->event;
	return true;
}

static bool
check_srcmap(struct sk_verify *vf)
{
	const struct sk_bundle_view *v = vf->v;

	if (!v->srcmap)
		return true;
	if (v->nsrcmap != v->ninsns)
		return sk_refuse(vf, SK_REJECT_SRCMAP_SIZE, "srcmap: %u records for %u instructions", v->nsrcmap, v->ninsns);
	for (uint32_t i = 0; i < v->nsrcmap; i++) {
		const struct sk_srcmap_def *m = &v->srcmap[i];

		if ((m->rule >= v->nrules && m->rule != SK_SRCMAP_NONE) || (m->input >= v->ninputs && m->input != SK_SRCMAP_NONE))
			return sk_refuse(vf, SK_REJECT_SRCMAP_REF, "srcmap %u: rule %u of %u, input %u of %u", i, m->rule,
					 v->nrules, m->input, v->ninputs);
	}
	return true;
}

bool
sk_verify_tables(struct sk_verify *vf)
{
	const struct sk_bundle_header *h = vf->v->header;

	if (!check_dispatch(vf))
		return false;
	for (uint32_t i = 0; i < vf->v->ninterest; i++)
		if (!check_interest(vf, i))
			return false;
	if (!check_srcmap(vf))
		return false;
	if (h->max_field != vf->max_field || h->max_event != vf->max_event || h->max_op != vf->max_op)
		return sk_refuse(vf, SK_REJECT_HEADER_MAX,
				 "header: highest field %u, event type %u, instruction %u; used are %u, %u, %u", h->max_field,
				 h->max_event, h->max_op, vf->max_field, vf->max_event, vf->max_op);
	return true;
}
