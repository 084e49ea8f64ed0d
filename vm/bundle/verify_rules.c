/* What alerts are made of: inputs, outputs, rules. */
#include "base/schema.h"
#include "vm/bundle/verify.h"

static bool
check_inputs(struct sk_verify *vf)
{
	for (uint32_t i = 0; i < vf->v->ninputs; i++)
		if (!sk_check_string(vf, vf->v->inputs[i].name, "inputs", i))
			return false;
	return true;
}

static bool
check_piece(struct sk_verify *vf, uint32_t i)
{
	const struct sk_piece_def *p = &vf->v->pieces[i];

	if (!sk_check_string(vf, p->text, "pieces", i))
		return false;
	if (p->value > vf->v->nvalues)
		return sk_refuse(vf, SK_REJECT_PIECE_VALUE, "pieces %u: no value %u", i, p->value - 1);
	if (p->type >= SK_PT_LIMIT || p->fmt > SK_PF_ID || p->is_transformed > SK_PIECE_HIDDEN)
		return sk_refuse(vf, SK_REJECT_PIECE_TYPE, "pieces %u: type %u, format %u, transformed %u", i, p->type, p->fmt,
				 p->is_transformed);
	if (p->zero)
		return sk_refuse(vf, SK_REJECT_RESERVED, "pieces %u: reserved byte is not zero", i);
	if (p->width > SK_MAX_ALERT)
		return sk_refuse(vf, SK_REJECT_PIECE_WIDTH, "pieces %u: width %u, at most %u is allowed", i, p->width,
				 SK_MAX_ALERT);
	if (!p->value)
		return true;
	const struct sk_value_def *d = &vf->v->values[p->value - 1];
	enum sk_vkind kind = sk_type_kind((enum sk_ptype)p->type);
	if (kind == SK_V_NET)
		kind = SK_V_IP; /* a net field is an address that is compared with nets */
	if (kind != sk_loaded_kind(d) && kind != d->kind)
		return sk_refuse(vf, SK_REJECT_PIECE_TYPE, "pieces %u: value %u is held as %s, which cannot be printed as %s", i,
				 p->value - 1, sk_vkind_name(sk_loaded_kind(d)), sk_type_name((enum sk_ptype)p->type));
	return true;
}

static bool
check_outputs(struct sk_verify *vf)
{
	const struct sk_bundle_view *v = vf->v;
	uint32_t next = 0;

	for (uint32_t i = 0; i < v->noutputs; i++) {
		const struct sk_output_def *o = &v->outputs[i];

		if (!sk_check_string(vf, o->text, "outputs", i))
			return false;
		if (o->first_piece != next || o->npieces > v->npieces - next)
			return sk_refuse(vf, SK_REJECT_OUTPUT_PIECES,
					 "outputs %u: pieces from %u, %u of them; expected from %u of %u", i, o->first_piece,
					 o->npieces, next, v->npieces);
		next += o->npieces;
	}
	if (next != v->npieces)
		return sk_refuse(vf, SK_REJECT_OUTPUT_PIECES, "pieces: %u of %u belong to outputs", next, v->npieces);
	for (uint32_t i = 0; i < v->npieces; i++)
		if (!check_piece(vf, i))
			return false;
	return true;
}

/* A list of tags: pairs of offset and length, sorted by text. Checked once however many rules share it. */
static bool
check_tags(struct sk_verify *vf, uint32_t rule, uint32_t list)
{
	const struct sk_list_def *l = &vf->v->lists[list];
	const uint32_t *x = vf->v->indexes + l->first;

	if (vf->tags_ok[list])
		return true;
	if (l->n % 2)
		return sk_refuse(vf, SK_REJECT_RULE_TAGS, "rules %u: tags are no pairs", rule);
	for (uint32_t k = 0; k < l->n; k += 2) {
		struct sk_str_ref s = {x[k], x[k + 1]};

		if (!sk_check_string(vf, s, "rules", rule) || !sk_spend(vf, s.len + 1ull, "rules", rule))
			return false;
		if (k && sk_slice_cmp(sk_bundle_str(vf->v, (struct sk_str_ref){x[k - 2], x[k - 1]}), sk_bundle_str(vf->v, s)) > 0)
			return sk_refuse(vf, SK_REJECT_RULE_TAGS, "rules %u: tags are not sorted", rule);
	}
	vf->tags_ok[list] = 1;
	return true;
}

static bool
check_rule(struct sk_verify *vf, uint32_t i)
{
	const struct sk_bundle_view *v = vf->v;
	const struct sk_rule_def *r = &v->rules[i];

	if (!sk_check_string(vf, r->name, "rules", i) || !sk_check_string(vf, r->desc, "rules", i) ||
	    !sk_check_string(vf, r->condition, "rules", i))
		return false;
	if (r->priority >= SK_PRIO_COUNT || r->source >= SK_SOURCE_COUNT || r->enabled > 1 || r->capture > 1)
		return sk_refuse(vf, SK_REJECT_RULE_ENUM, "rules %u: priority %u, source %u, enabled %u, capture %u", i,
				 r->priority, r->source, r->enabled, r->capture);
	if (r->output >= v->noutputs || r->tags >= v->nlists || r->input >= v->ninputs)
		return sk_refuse(vf, SK_REJECT_RULE_REF, "rules %u: output %u of %u, tags in list %u of %u, input %u of %u", i,
				 r->output, v->noutputs, r->tags, v->nlists, r->input, v->ninputs);
	return check_tags(vf, i, r->tags);
}

bool
sk_verify_rules(struct sk_verify *vf)
{
	vf->tags_ok = SK_VERIFY_TABLE(vf, vf->v->nlists, uint8_t);
	if (!vf->tags_ok || !check_inputs(vf) || !check_outputs(vf))
		return false;
	for (uint32_t i = 0; i < vf->v->nrules; i++)
		if (!check_rule(vf, i))
			return false;
	return true;
}
