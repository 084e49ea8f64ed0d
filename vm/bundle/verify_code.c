/* Code: one forward pass a program. Jumps only go forward and stay in their block, so the pass sees every instruction before
 * anything that could follow it, and a run ends after at most as many steps as there are instructions. Only formats and operand
 * kinds are looked at, never single instructions. */
#include "vm/bundle/tables.h"
#include "vm/bundle/verify.h"

#define NO_RULE UINT32_MAX

struct code {
	struct sk_verify *vf;
	const struct sk_bundle_view *v;
	const struct sk_insn *insns;
	const uint32_t *blocks;
	uint32_t program, ninsns, nblocks, nmemos;
	uint32_t pc;
	uint32_t block;     /* number of blocks that began so far; 0: before the first */
	uint32_t block_end; /* first instruction behind the block */
	uint32_t rule;      /* that the block matches */
	uint32_t last_rule; /* that the blocks before matched at last */
	uint32_t nselects, nalways;
};

static bool SK_PRINTF(3, 4) refuse_insn(struct code *c, enum sk_reject_code code, const char *fmt, ...)
{
	const char *name = sk_op_info(c->insns[c->pc].op)->name;
	char text[128];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (c->block)
		return sk_refuse(c->vf, code, "programs %u: instruction %u (%s, block %u): %s", c->program, c->pc,
				 name ? name : "?", c->block - 1, text);
	return sk_refuse(c->vf, code, "programs %u: instruction %u (%s): %s", c->program, c->pc, name ? name : "?", text);
}

static bool
below(struct code *c, uint32_t n, uint32_t limit, const char *what)
{
	return n < limit || refuse_insn(c, SK_REJECT_OPERAND_RANGE, "no %s %u, there are %u", what, n, limit);
}

/* Every list of candidates ascends and names blocks of this program. */
static bool
check_candidates(struct code *c, uint32_t list)
{
	if (!below(c, list, c->v->nlists, "list"))
		return false;
	const struct sk_list_def *l = &c->v->lists[list];
	if (l->n && c->vf->ascends_to[l->first] < l->first + l->n)
		return refuse_insn(c, SK_REJECT_CANDIDATES, "list %u does not ascend", list);
	if (l->n && c->v->indexes[l->first + l->n - 1] >= c->nblocks)
		return refuse_insn(c, SK_REJECT_CANDIDATES, "list %u names block %u, there are %u", list,
				   c->v->indexes[l->first + l->n - 1], c->nblocks);
	return true;
}

/* Block i is one rule, and rules ascend with blocks: a rule matches at most once an event. */
static bool
check_match(struct code *c, uint32_t rule)
{
	if (!below(c, rule, c->v->nrules, "rule"))
		return false;
	if (!c->block && c->nblocks)
		return refuse_insn(c, SK_REJECT_MATCH_PLACE, "match before the first block");
	if (c->rule == rule)
		return true;
	if (c->rule != NO_RULE || (c->last_rule != NO_RULE && rule <= c->last_rule))
		return refuse_insn(c, SK_REJECT_MATCH_RULE, "rule %u, after rule %u", rule,
				   c->rule != NO_RULE ? c->rule : c->last_rule);
	uint8_t *source = &c->vf->program_source[c->program];
	if (*source != SK_SOURCE_COUNT && *source != c->v->rules[rule].source)
		return refuse_insn(c, SK_REJECT_DISPATCH_SOURCE, "rule %u is of another source than those before", rule);
	*source = c->v->rules[rule].source;
	c->rule = rule;
	return true;
}

/* What operand kinds need no other operand to be checked. */
static bool
check_operand(struct code *c, enum sk_operand kind, uint32_t x)
{
	const struct sk_bundle_view *v = c->v;

	switch (kind) {
	case SK_OPND_NONE:
		return x == 0 || refuse_insn(c, SK_REJECT_OPERAND_UNUSED, "unused operand is %u", x);
	case SK_OPND_VALUE:
		return below(c, x, v->ncomputed, "value register");
	case SK_OPND_CONST:
		return below(c, x, v->nvalues, "value");
	case SK_OPND_SET:
		return below(c, x, v->nsets, "set");
	case SK_OPND_TRIE:
		return below(c, x, v->ntries, "trie");
	case SK_OPND_PATTERN:
		return below(c, x, v->npatterns, "pattern");
	case SK_OPND_MULTI:
		return below(c, x, v->nmultis, "multi");
	case SK_OPND_SELECT:
		return below(c, x, v->nselects, "select");
	case SK_OPND_LIST:
		return check_candidates(c, x);
	case SK_OPND_RULE:
		return check_match(c, x);
	case SK_OPND_MEMO:
		return below(c, x, c->nmemos, "memo bit");
	case SK_OPND_FWD:
		if (x <= c->pc || x >= c->ninsns)
			return refuse_insn(c, SK_REJECT_TARGET, "target %u, the program ends at %u", x, c->ninsns);
		return x < c->block_end ||
		       refuse_insn(c, SK_REJECT_BLOCK_LEFT, "target %u, the block ends at %u", x, c->block_end);
	}
	return false;
}

/* Most operands t and f are targets, and right. */
SK_INLINE bool
check_exit(struct code *c, enum sk_operand kind, uint32_t x)
{
	return SK_LIKELY(kind == SK_OPND_FWD && x > c->pc && x < c->block_end) || check_operand(c, kind, x);
}

static bool
check_modifier(struct code *c, const struct sk_insn *in, const struct sk_op_info *op)
{
	if (!sk_op_is_test(op))
		return in->mod == 0 || refuse_insn(c, SK_REJECT_MODIFIER, "modifier %u", in->mod);
	uint32_t quant = in->mod & SK_MOD_QUANT;
	bool list = c->v->values[in->a].is_list;
	if (in->mod & ~(SK_MOD_QUANT | SK_MOD_NEG) || quant == SK_MOD_QUANT)
		return refuse_insn(c, SK_REJECT_MODIFIER, "modifier %u", in->mod);
	if (list ? quant == SK_MOD_SCALAR && !sk_op_takes_whole(op) : quant != SK_MOD_SCALAR)
		return refuse_insn(c, SK_REJECT_MODIFIER, "modifier %u, value %u is %s list", in->mod, in->a, list ? "a" : "no");
	return true;
}

/* Kinds of operand b (a value) that the test takes beside a value of KIND: all of MASK are among them. */
static bool
kinds_fit(struct code *c, const struct sk_op_info *op, enum sk_vkind kind, uint32_t mask)
{
	if (mask & ~sk_opclass_b_kinds((enum sk_opclass)op->cls, kind))
		return refuse_insn(c, SK_REJECT_OPERAND_KIND, "%s does not take %s on the left beside what stands on the right",
				   op->name, sk_vkind_name(kind));
	return true;
}

static bool
check_set_kind(struct code *c, enum sk_vkind kind, uint32_t set)
{
	enum sk_vkind of = (enum sk_vkind)c->v->sets[set].kind;

	if (!(sk_set_asker_kinds(of) & SK_KIND_BIT(kind)))
		return refuse_insn(c, SK_REJECT_OPERAND_KIND, "set %u is of %s, the value of %s", set, sk_vkind_name(of),
				   sk_vkind_name(kind));
	return true;
}

static bool
check_value_operand(struct code *c, const struct sk_insn *in, const struct sk_op_info *op, enum sk_vkind kind)
{
	const struct sk_value_def *b = &c->v->values[in->b];

	if (b->is_list != sk_op_takes_list(op))
		return refuse_insn(c, SK_REJECT_OPERAND_KIND, "value %u is %s list", in->b, b->is_list ? "a" : "no");
	return kinds_fit(c, op, kind, SK_KIND_BIT(sk_loaded_kind(b)));
}

static bool
check_multi(struct code *c, const struct sk_insn *in, enum sk_vkind kind)
{
	const struct sk_op_info *op = sk_op_info(c->v->multis[in->b].op);

	if (!(sk_opclass_a_kinds((enum sk_opclass)op->cls) & SK_KIND_BIT(kind)))
		return refuse_insn(c, SK_REJECT_OPERAND_KIND, "%s of multi %u does not take %s", op->name, in->b,
				   sk_vkind_name(kind));
	return kinds_fit(c, op, kind, c->vf->multi_kinds[in->b]);
}

static bool
check_select(struct code *c, const struct sk_insn *in, enum sk_vkind kind)
{
	const struct sk_select_def *s = &c->v->selects[in->b];

	if (c->v->values[in->a].is_list)
		return refuse_insn(c, SK_REJECT_OPERAND_KIND, "value %u is a list", in->a);
	if (c->vf->select_end[in->b] > c->nblocks)
		return refuse_insn(c, SK_REJECT_CANDIDATES, "select %u names block %u, there are %u", in->b,
				   c->vf->select_end[in->b] - 1, c->nblocks);
	if (s->kind == SK_SELECT_SET)
		return check_set_kind(c, kind, s->table);
	return kind == SK_V_STR || refuse_insn(c, SK_REJECT_OPERAND_KIND, "parts of %s", sk_vkind_name(kind));
}

/* Operand classes: the instruction takes R[a] and b together. All operands are in range. */
static bool
check_kinds(struct code *c, const struct sk_insn *in, const struct sk_op_info *op)
{
	if (op->a != SK_OPND_VALUE)
		return true;
	enum sk_vkind kind = sk_loaded_kind(&c->v->values[in->a]);
	if (!(sk_opclass_a_kinds((enum sk_opclass)op->cls) & SK_KIND_BIT(kind)))
		return refuse_insn(c, SK_REJECT_OPERAND_KIND, "value %u is of %s", in->a, sk_vkind_name(kind));
	switch ((enum sk_fmt)op->fmt) {
	case SK_FMT_TV:
		return check_value_operand(c, in, op, kind);
	case SK_FMT_TS:
		return check_set_kind(c, kind, in->b);
	case SK_FMT_TT:
		return c->v->tries[in->b].kind == sk_op_trie_kind(in->op) ||
		       refuse_insn(c, SK_REJECT_OPERAND_KIND, "trie %u is of the other kind", in->b);
	case SK_FMT_TM:
		return check_multi(c, in, kind);
	case SK_FMT_S:
		return check_select(c, in, kind);
	case SK_FMT_T:
	case SK_FMT_TP:
	case SK_FMT_N:
	case SK_FMT_J:
	case SK_FMT_R:
	case SK_FMT_L:
	case SK_FMT_M:
	case SK_FMT_MJ:
	case SK_FMT_COUNT:
		break;
	}
	return true;
}

/* Candidates are collected before the first block, in bounded number: the machine merges them while it goes through the blocks.
 */
static bool
check_collecting(struct code *c, const struct sk_op_info *op)
{
	if (op->fmt != SK_FMT_S && op->fmt != SK_FMT_L)
		return true;
	if (c->block)
		return refuse_insn(c, SK_REJECT_SELECT_PLACE, "candidates are collected inside of a block");
	c->nselects += op->fmt == SK_FMT_S ? sk_select_info(c->v->selects[c->insns[c->pc].b].kind)->weight : 0;
	c->nalways += op->fmt == SK_FMT_L;
	if (c->nselects > SK_MAX_SELECTS || c->nalways > SK_MAX_SELECTS)
		return refuse_insn(c, SK_REJECT_SELECT_COUNT, "more than %u candidate lists", SK_MAX_SELECTS);
	return true;
}

static bool
check_insn(struct code *c)
{
	const struct sk_insn *in = &c->insns[c->pc];
	const struct sk_op_info *op = sk_op_info(in->op);

	if (!op->name)
		return refuse_insn(c, SK_REJECT_OPCODE, "no instruction has number %u", in->op);
	if (!check_operand(c, (enum sk_operand)op->a, in->a) || !check_operand(c, (enum sk_operand)op->b, in->b) ||
	    !check_exit(c, (enum sk_operand)op->t, in->t) || !check_exit(c, (enum sk_operand)op->f, in->f))
		return false;
	if (!check_modifier(c, in, op) || !check_kinds(c, in, op) || !check_collecting(c, op))
		return false;
	if (sk_op_falls_through(op) && c->pc + 1 >= c->block_end)
		return refuse_insn(c, SK_REJECT_BLOCK_LEFT, "goes on past the end of its block");
	if (in->op > c->vf->max_op)
		c->vf->max_op = in->op;
	return true;
}

/* The pass reaches a block's first instruction. */
static void
enter_block(struct code *c)
{
	c->block++;
	c->block_end = c->block < c->nblocks ? c->blocks[c->block] : c->ninsns;
	if (c->rule != NO_RULE)
		c->last_rule = c->rule;
	c->rule = NO_RULE;
}

static bool
check_code(struct code *c)
{
	c->rule = c->last_rule = NO_RULE;
	c->block_end = c->nblocks ? c->blocks[0] : c->ninsns;
	for (c->pc = 0; c->pc < c->ninsns; c->pc++) {
		if (c->block < c->nblocks && c->pc == c->blocks[c->block])
			enter_block(c);
		if (!check_insn(c))
			return false;
	}
	return true;
}

static bool
check_program(struct sk_verify *vf, uint32_t i)
{
	const struct sk_bundle_view *v = vf->v;
	const struct sk_program_def *p = &v->programs[i];

	vf->program_source[i] = SK_SOURCE_COUNT;
	if (p->blocks >= v->nlists)
		return sk_refuse(vf, SK_REJECT_PROGRAM_BLOCKS, "programs %u: no list %u", i, p->blocks);
	const struct sk_list_def *l = &v->lists[p->blocks];
	if (l->n && (vf->ascends_to[l->first] < l->first + l->n || v->indexes[l->first + l->n - 1] >= p->ninsns))
		return sk_refuse(vf, SK_REJECT_PROGRAM_BLOCKS, "programs %u: block entries do not ascend below %u", i, p->ninsns);
	if (p->nmemos > SK_MAX_MEMOS)
		return sk_refuse(vf, SK_REJECT_PROGRAM_MEMOS, "programs %u: %u memo bits, at most %u are allowed", i, p->nmemos,
				 SK_MAX_MEMOS);
	struct code c = {.vf = vf,
			 .v = v,
			 .insns = v->code + p->first_insn,
			 .blocks = v->indexes + l->first,
			 .program = i,
			 .ninsns = p->ninsns,
			 .nblocks = l->n,
			 .nmemos = p->nmemos};
	return check_code(&c);
}

bool
sk_verify_programs(struct sk_verify *vf)
{
	const struct sk_bundle_view *v = vf->v;
	uint32_t next = 0;

	vf->program_source = SK_VERIFY_TABLE(vf, v->nprograms, uint8_t);
	if (!vf->program_source)
		return false;
	for (uint32_t i = 0; i < v->nprograms; i++) {
		const struct sk_program_def *p = &v->programs[i];

		if (p->first_insn != next || p->ninsns == 0 || p->ninsns > SK_MAX_CODE || p->ninsns > v->ninsns - next)
			return sk_refuse(vf, SK_REJECT_PROGRAM_CODE,
					 "programs %u: instructions from %u, %u of them; expected from %u of %u", i,
					 p->first_insn, p->ninsns, next, v->ninsns);
		if (!check_program(vf, i))
			return false;
		next += p->ninsns;
	}
	return next == v->ninsns ||
	       sk_refuse(vf, SK_REJECT_PROGRAM_CODE, "code: %u of %u instructions belong to programs", next, v->ninsns);
}
