#include "vm/candidates.h"

#include "base/hash.h"
#include "vm/bundle/tables.h"

/* The end of TEXT, last byte first; members of SUFFIX tables are not longer. */
static int64_t
find_suffix(const struct sk_vm *vm, uint32_t trie, const struct sk_value *x)
{
	char reversed[SK_MAX_SUFFIX];
	uint32_t n = x->n < SK_MAX_SUFFIX ? x->n : SK_MAX_SUFFIX;

	for (uint32_t i = 0; i < n; i++)
		reversed[i] = x->s[x->n - 1 - i];
	return sk_trie_prefix(vm, trie, reversed, n, false);
}

/* Every four bytes of the text in turn. A text that hits more lists than there is room for gets the list of all blocks instead. */
static void
select_grams(struct sk_vm *vm, struct sk_candidates *cand, const struct sk_value *x, const struct sk_select_def *s)
{
	const struct sk_set_def *set = &vm->v->sets[s->table];
	const struct sk_set_slot *slots = &vm->v->slots[set->first_slot];
	uint32_t mask = set->nslots - 1, before = cand->n, nfound = 0, found[SK_GRAM_LISTS];

	for (uint32_t at = 0; at + SK_GRAM <= x->n; at++) {
		uint32_t gram = sk_gram(x->s + at), hash = (uint32_t)sk_hash_u64(gram), i = hash & mask, k = 0;

		while (slots[i].value && (slots[i].hash != hash || vm->v->values[slots[i].value - 1].num != gram))
			i = (i + 1) & mask;
		if (SK_LIKELY(!slots[i].value))
			continue;
		while (k < nfound && found[k] != slots[i].ordinal)
			k++;
		if (k < nfound)
			continue;
		if (nfound == SK_GRAM_LISTS) {
			cand->n = before;
			sk_add_candidates(cand, vm->v, s->first_list + set->nmembers);
			return;
		}
		found[nfound++] = slots[i].ordinal;
		sk_add_candidates(cand, vm->v, s->first_list + slots[i].ordinal);
	}
}

void
sk_select_candidates(struct sk_vm *vm, struct sk_candidates *cand, const struct sk_value *x, uint32_t select)
{
	const struct sk_select_def *s = &vm->v->selects[select];
	int64_t at = -1;

	if (x->kind == SK_V_NONE)
		return;
	switch ((enum sk_select_kind)s->kind) {
	case SK_SELECT_SET: at = sk_set_find(vm, s->table, x); break;
	case SK_SELECT_PREFIX: at = sk_trie_prefix(vm, s->table, x->s, x->n, false); break;
	case SK_SELECT_SUFFIX: at = find_suffix(vm, s->table, x); break;
	case SK_SELECT_PATH: at = sk_trie_path(vm, s->table, x->s, x->n); break;
	case SK_SELECT_GRAMS: select_grams(vm, cand, x, s); break;
	}
	if (at >= 0)
		sk_add_candidates(cand, vm->v, s->first_list + (uint32_t)at);
}
