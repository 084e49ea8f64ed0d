/* Look-up of lists, macros and rules by name. */
#include "compiler/collect.h"

#include "base/suggest.h"

bool
sk_names_put(struct sk_compile *cx, struct sk_names *n, struct sk_slice name, size_t index)
{
	uint32_t atom = sk_atom(cx->atoms, name);

	if (!atom)
		return false;
	while (n->by_atom.n <= atom)
		if (!sk_vec_push_arena(&n->by_atom, cx->arena, 0))
			return false;
	n->by_atom.v[atom] = (uint32_t)index + 1;
	return true;
}

bool
sk_names_get(const struct sk_compile *cx, const struct sk_names *n, struct sk_slice name, size_t *ret_index)
{
	uint32_t atom = sk_atom_find(cx->atoms, name);

	if (!atom || atom >= n->by_atom.n || !n->by_atom.v[atom])
		return false;
	*ret_index = n->by_atom.v[atom] - 1;
	return true;
}

/* Suggestions are looked for in so many errors: comparing every unknown name with every known one is not free. */
#define MAX_SUGGESTIONS 64u

struct sk_slice
sk_names_nearest(const struct sk_compile *cx, const struct sk_names *n, struct sk_slice name)
{
	struct sk_suggest s = { .wanted = name };

	if (sk_diags_errors(cx->diags) < MAX_SUGGESTIONS)
		for (uint32_t atom = 1; atom < n->by_atom.n; atom++)
			if (n->by_atom.v[atom])
				sk_suggest_offer(&s, sk_atom_text(cx->atoms, atom));
	return s.best;
}

struct sk_list_def_ast *
sk_find_list(const struct sk_compile *cx, const struct sk_ruleset *rs, struct sk_slice name)
{
	size_t i;

	return sk_names_get(cx, &rs->list_names, name, &i) ? rs->lists.v[i] : NULL;
}

struct sk_macro_def_ast *
sk_find_macro(const struct sk_compile *cx, const struct sk_ruleset *rs, struct sk_slice name)
{
	size_t i;

	return sk_names_get(cx, &rs->macro_names, name, &i) ? rs->macros.v[i] : NULL;
}

struct sk_rule_ast *
sk_find_rule(const struct sk_compile *cx, const struct sk_ruleset *rs, struct sk_slice name)
{
	size_t i;

	return sk_names_get(cx, &rs->rule_names, name, &i) ? rs->rules.v[i] : NULL;
}
