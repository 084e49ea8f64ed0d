/* Patterns, lists of numbers, and the records that use lists: multi tests and candidate tables. */
#include "vm/bundle/tables.h"
#include "vm/bundle/verify.h"

static bool
check_patterns(struct sk_verify *vf)
{
	for (uint32_t i = 0; i < vf->v->npatterns; i++) {
		struct sk_str_ref s = vf->v->patterns[i].text;

		if (!sk_check_string(vf, s, "patterns", i))
			return false;
		if (s.len > SK_MAX_REGEX)
			return sk_refuse(vf, SK_REJECT_PATTERN_LENGTH, "patterns %u: %u bytes, at most %u are allowed", i, s.len,
					 SK_MAX_REGEX);
	}
	return true;
}

static bool
check_ranges(struct sk_verify *vf)
{
	const struct sk_bundle_view *v = vf->v;

	for (uint32_t i = 0; i < v->nlists; i++)
		if (v->lists[i].first > v->nindexes || v->lists[i].n > v->nindexes - v->lists[i].first)
			return sk_refuse(vf, SK_REJECT_LIST_RANGE, "lists %u: %u numbers from %u, there are %u", i, v->lists[i].n,
					 v->lists[i].first, v->nindexes);
	for (uint32_t i = v->nindexes; i-- > 0;)
		vf->ascends_to[i] = i + 1 < v->nindexes && v->indexes[i] < v->indexes[i + 1] ? vf->ascends_to[i + 1] : i + 1;
	return true;
}

/* Operand K of a multi test: a value of some kind, or a pattern. */
static bool
check_operand(struct sk_verify *vf, uint32_t i, const struct sk_op_info *op, uint32_t operand)
{
	const struct sk_bundle_view *v = vf->v;

	if (op->b == SK_OPND_PATTERN)
		return operand < v->npatterns || sk_refuse(vf, SK_REJECT_MULTI_OPERAND, "multis %u: no pattern %u", i, operand);
	if (operand >= v->nvalues)
		return sk_refuse(vf, SK_REJECT_MULTI_OPERAND, "multis %u: no value %u", i, operand);
	if (v->values[operand].is_list != sk_op_takes_list(op))
		return sk_refuse(vf, SK_REJECT_MULTI_OPERAND, "multis %u: %s does not take value %u, which is %s list", i,
				 op->name, operand, v->values[operand].is_list ? "a" : "no");
	vf->multi_kinds[i] |= SK_KIND_BIT(sk_loaded_kind(&v->values[operand]));
	return true;
}

static bool
check_multi(struct sk_verify *vf, uint32_t i)
{
	const struct sk_multi_def *m = &vf->v->multis[i];
	const struct sk_op_info *op = sk_op_info(m->op);

	if (!op->name || (op->fmt != SK_FMT_TV && op->fmt != SK_FMT_TP))
		return sk_refuse(vf, SK_REJECT_MULTI_TEST, "multis %u: instruction %u is no test with operands", i, m->op);
	/* Elements of a list on the left are the outer instruction's business. */
	if (m->mod & ~SK_MOD_NEG)
		return sk_refuse(vf, SK_REJECT_MULTI_TEST, "multis %u: modifier %u", i, m->mod);
	if (m->quant == SK_QUANT_NONE || m->quant > SK_QUANT_ALLOF)
		return sk_refuse(vf, SK_REJECT_MULTI_TEST, "multis %u: quantifier %u", i, m->quant);
	if (m->zero)
		return sk_refuse(vf, SK_REJECT_RESERVED, "multis %u: reserved byte is not zero", i);
	if (m->list >= vf->v->nlists)
		return sk_refuse(vf, SK_REJECT_MULTI_OPERAND, "multis %u: no list %u", i, m->list);
	const struct sk_list_def *l = &vf->v->lists[m->list];
	if (!sk_spend(vf, l->n, "multis", i))
		return false;
	for (uint32_t k = 0; k < l->n; k++)
		if (!check_operand(vf, i, op, vf->v->indexes[l->first + k]))
			return false;
	if (m->op > vf->max_op)
		vf->max_op = m->op;
	return true;
}

/* Members of the table, or UINT32_MAX if it cannot be used. */
static uint32_t
table_members(const struct sk_bundle_view *v, const struct sk_select_def *s)
{
	const struct sk_select_info *info = sk_select_info(s->kind);

	if (!info || s->table >= (info->trie ? v->ntries : v->nsets))
		return UINT32_MAX;
	if (info->trie)
		return v->tries[s->table].kind == info->trie ? v->tries[s->table].nmembers : UINT32_MAX;
	enum sk_vkind kind = (enum sk_vkind)v->sets[s->table].kind;
	if (kind != SK_V_UINT && (s->kind == SK_SELECT_GRAMS || (kind != SK_V_STR && kind != SK_V_IP)))
		return UINT32_MAX;
	return v->sets[s->table].nmembers;
}

static bool
check_select(struct sk_verify *vf, uint32_t i)
{
	const struct sk_bundle_view *v = vf->v;
	const struct sk_select_def *s = &v->selects[i];
	uint32_t members = table_members(v, s);

	if (members == UINT32_MAX)
		return sk_refuse(vf, SK_REJECT_SELECT_TABLE, "selects %u: table %u of kind %u cannot be used", i, s->table,
				 s->kind);
	if (s->nlists != members + sk_select_info(s->kind)->extra || s->first_list > v->nlists || s->nlists > v->nlists - s->first_list)
		return sk_refuse(vf, SK_REJECT_SELECT_LISTS, "selects %u: lists from %u, %u of them; %u members, %u lists", i,
				 s->first_list, s->nlists, members, v->nlists);
	if (!sk_spend(vf, s->nlists, "selects", i))
		return false;
	for (uint32_t k = 0; k < s->nlists; k++) {
		const struct sk_list_def *l = &v->lists[s->first_list + k];

		if (l->n && vf->ascends_to[l->first] < l->first + l->n)
			return sk_refuse(vf, SK_REJECT_CANDIDATES, "selects %u: list of member %u does not ascend", i, k);
		uint32_t last = l->n ? v->indexes[l->first + l->n - 1] : 0;
		if (last == UINT32_MAX)
			return sk_refuse(vf, SK_REJECT_CANDIDATES, "selects %u: list of member %u: no block %u", i, k, last);
		if (l->n && last >= vf->select_end[i])
			vf->select_end[i] = last + 1;
	}
	return true;
}

bool
sk_verify_lists(struct sk_verify *vf)
{
	const struct sk_bundle_view *v = vf->v;

	vf->ascends_to = SK_VERIFY_TABLE(vf, v->nindexes, uint32_t);
	vf->multi_kinds = SK_VERIFY_TABLE(vf, v->nmultis, uint32_t);
	vf->select_end = SK_VERIFY_TABLE(vf, v->nselects, uint32_t);
	if (sk_arena_failed(vf->arena) || !check_patterns(vf) || !check_ranges(vf))
		return false;
	for (uint32_t i = 0; i < v->nmultis; i++)
		if (!check_multi(vf, i))
			return false;
	for (uint32_t i = 0; i < v->nselects; i++)
		if (!check_select(vf, i))
			return false;
	return true;
}
