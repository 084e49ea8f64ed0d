/* The frame of the lints: which are on, and the walk over the rules. */
#include "compiler/lint/lint_internal.h"

enum group { GROUP_NONE, GROUP_CORRECT, GROUP_COST, GROUP_STYLE };

static const uint8_t groups[SK_DIAG_COUNT] = {
#define SK_LINT(sym, group) [SK_D_##sym] = GROUP_##group,
#include "compiler/lint/lint.def"
#undef SK_LINT
};

bool
sk_lint_is(enum sk_diag_code code)
{
	return code < SK_DIAG_COUNT && groups[code] != GROUP_NONE;
}

bool
sk_lint_any(const bool *on)
{
	for (size_t i = 0; i < SK_DIAG_COUNT; i++)
		if (on[i] && groups[i])
			return true;
	return false;
}

/* --- switches ---------------------------------------------------------------------------------- */
static void
switch_group(bool *on, enum group group, bool to)
{
	for (size_t i = 0; i < SK_DIAG_COUNT; i++)
		if (groups[i] == group)
			on[i] = to;
}

static bool
switch_name(bool *on, struct sk_slice name, bool to)
{
	static const struct {
		const char *name;
		enum group group;
	} names[] = { { "correct", GROUP_CORRECT }, { "cost", GROUP_COST }, { "style", GROUP_STYLE } };
	enum sk_diag_code code = sk_diag_find(name);

	for (size_t i = 0; i < SK_COUNTOF(names); i++)
		if (sk_slice_is(name, names[i].name)) {
			switch_group(on, names[i].group, to);
			return true;
		}
	if (!sk_lint_is(code))
		return false;
	on[code] = to;
	return true;
}

static bool
switch_word(bool *on, struct sk_slice word)
{
	if (sk_slice_is(word, "all") || sk_slice_is(word, "none") || sk_slice_is(word, "default")) {
		for (size_t i = 0; i < SK_DIAG_COUNT; i++)
			on[i] = groups[i] && (word.p[0] == 'a' || (word.p[0] == 'd' && groups[i] != GROUP_STYLE));
		return true;
	}
	if (word.n && word.p[0] == '-')
		return switch_name(on, sk_slice(word.p + 1, word.n - 1), false);
	return switch_name(on, word, true);
}

bool
sk_lint_select(bool *on, struct sk_slice spec)
{
	if (spec.n && spec.p[0] != '-')
		(void)switch_word(on, SK_SLICE("none"));
	while (spec.n) {
		const char *comma = memchr(spec.p, ',', spec.n);
		size_t n = comma ? (size_t)(comma - spec.p) : spec.n;

		if (!switch_word(on, sk_slice(spec.p, n)))
			return false;
		n += comma != NULL;
		spec = sk_slice(spec.p + n, spec.n - n);
	}
	return true;
}

struct sk_loc
sk_lint_loc(const struct sk_cond *c)
{
	return sk_text_loc(c->text, c->span);
}

/* --- the walk ---------------------------------------------------------------------------------- */
static bool
look_at_rule(struct sk_lint *l, const struct sk_ir_rule *ir)
{
	static void (*const passes[])(struct sk_lint *, struct sk_lint_rule *) = {
#define SK_LINT_PASS(function) function,
#include "compiler/lint/lint.def"
#undef SK_LINT_PASS
	};
	struct sk_lint_rule r = { 0 };
	bool ok = sk_lint_rule_begin(l, ir, &r);

	l->rule = ir->rule;
	for (size_t i = 0; ok && i < SK_COUNTOF(passes); i++)
		passes[i](l, &r);
	sk_lint_rule_end(&r);
	l->rule = NULL;
	return ok && !l->failed;
}

static bool
look_at_all(struct sk_lint *l)
{
	bool ok = sk_lint_facts(l) && sk_lint_twins(l);

	for (size_t i = 0; ok && i < l->g->rules.n; i++)
		ok = look_at_rule(l, &l->g->rules.v[i]);
	return ok && sk_lint_across(l) && sk_lint_inner_lists(l);
}

bool
sk_lint(struct sk_compile *cx, struct sk_ruleset *rs, const struct sk_ir_graph *g, const bool *on)
{
	struct sk_lint l = { .cx = cx, .rs = rs, .g = g, .on = on };
	bool ok = sk_allow_read(&l) && (!sk_lint_any(on) || look_at_all(&l)) && sk_allow_finish(&l);

	free(l.seen);
	return ok && !sk_arena_failed(cx->arena);
}
