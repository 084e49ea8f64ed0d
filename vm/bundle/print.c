/* Disassembly. What it prints, vm/bundle/assemble.c reads. */
#include "base/schema.h"
#include "vm/bundle/text.h"

/* Columns of an instruction line. */
#define COL_OP 8u
#define COL_OPERANDS 24u
#define COL_TARGETS 64u
#define COL_PLACE 80u
#define LINE 120u
/* Text that a byte of the bundle may become, and what every bundle may. */
#define PRINT_PER_BYTE 64u
#define PRINT_ANYWAY ((size_t)1 << 20)

struct program {
	struct sk_printer *p;
	uint32_t number;
	const struct sk_insn *code;
	const struct sk_srcmap_def *map; /* or NULL */
	uint32_t ninsns;
	const uint32_t *blocks;
	uint32_t nblocks;
	uint32_t block; /* the next to begin */
	uint32_t rule;  /* of the current block, or SK_SRCMAP_NONE */
	uint8_t *is_target;
	size_t line; /* where the line began in the output */
};

static void
pad(struct program *g, uint32_t column)
{
	do
		sk_buf_char(g->p->out, ' ');
	while (!g->p->out->failed && g->p->out->n < g->line + column);
}

void
sk_print_event(struct sk_buf *out, uint32_t type)
{
	const struct sk_event_desc *d = sk_event_desc(type);

	if (d && d->sym)
		sk_buf_str(out, d->sym);
	else
		sk_buf_u64(out, type);
}

/* "on syscall A B C" for the event types that the program serves, in lines of bounded length. */
static void
print_on(struct program *g, uint32_t source)
{
	struct sk_buf *out = g->p->out;
	bool open = false;

	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++) {
		if (g->p->v->dispatch[source * SK_EVENT_LIMIT + type] != g->number + 1)
			continue;
		if (open && out->n - g->line > LINE - 30) {
			sk_buf_char(out, '\n');
			open = false;
		}
		if (!open) {
			g->line = out->n;
			sk_buf_printf(out, "\ton %s", sk_source_name((enum sk_source)source));
			open = true;
		}
		sk_buf_char(out, ' ');
		sk_print_event(out, type);
	}
	if (open)
		sk_buf_char(out, '\n');
}

/* Operands of two targets; the pass that proved them forward also bounds them. */
static void
mark_targets(struct program *g)
{
	for (uint32_t i = 0; i < g->ninsns; i++) {
		const struct sk_op_info *op = sk_op_info(g->code[i].op);

		if (op->t == SK_OPND_FWD)
			g->is_target[g->code[i].t] = 1;
		if (op->f == SK_OPND_FWD)
			g->is_target[g->code[i].f] = 1;
	}
}

static void
print_blocks(struct sk_printer *p, const struct sk_list_def *l)
{
	sk_buf_char(p->out, '(');
	for (uint32_t k = 0; k < l->n && !sk_print_full(p); k++)
		sk_buf_printf(p->out, "%s%u", k ? " " : "", p->v->indexes[l->first + k]);
	sk_buf_char(p->out, ')');
}

/* Operand X; returns whether a comment should say more about it. */
static bool
print_operand(struct sk_printer *p, uint8_t kind, uint32_t x)
{
	switch ((enum sk_operand)kind) {
	case SK_OPND_NONE:
	case SK_OPND_FWD:
		return false;
	case SK_OPND_VALUE:
	case SK_OPND_CONST:
		sk_print_operand(p, x);
		return false;
	case SK_OPND_SET:
		return !sk_print_set(p, x);
	case SK_OPND_TRIE:
		return !sk_print_trie(p, x);
	case SK_OPND_PATTERN:
		sk_print_quoted(p->out, sk_bundle_str(p->v, p->v->patterns[x].text));
		return false;
	case SK_OPND_MULTI:
		(void)sk_print_multi(p, x);
		return false;
	case SK_OPND_SELECT:
		sk_buf_printf(p->out, "x%u", x);
		return false;
	case SK_OPND_LIST:
		print_blocks(p, &p->v->lists[x]);
		return false;
	case SK_OPND_RULE:
		sk_buf_printf(p->out, "r%u", x);
		return true;
	case SK_OPND_MEMO:
		sk_buf_u64(p->out, x);
		return false;
	}
	return false;
}

static void
print_mnemonic(struct sk_buf *out, const struct sk_insn *in, const struct sk_op_info *op)
{
	sk_buf_str(out, op->name);
	if ((in->mod & SK_MOD_QUANT) == SK_MOD_ANY)
		sk_buf_str(out, ".any");
	if ((in->mod & SK_MOD_QUANT) == SK_MOD_ALL)
		sk_buf_str(out, ".all");
	if (in->mod & SK_MOD_NEG)
		sk_buf_char(out, '!');
}

static void
print_targets(struct program *g, const struct sk_insn *in, const struct sk_op_info *op)
{
	if (op->t != SK_OPND_FWD)
		return;
	pad(g, COL_TARGETS);
	if (op->f == SK_OPND_FWD)
		sk_buf_printf(g->p->out, "? L%u : L%u", in->t, in->f);
	else
		sk_buf_printf(g->p->out, "-> L%u", in->t);
}

/* A file name that needs no quotes. */
static bool
plain(struct sk_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/", s.p[i]) || !s.p[i])
			return false;
	return s.n && s.n < 64;
}

/* "@rules.yaml:41:5", and the rule where it is not the block's. */
static void
print_place(struct program *g, uint32_t pc)
{
	const struct sk_srcmap_def *m = g->map ? &g->map[pc] : NULL;
	struct sk_buf *out = g->p->out;

	if (!m || (m->input == SK_SRCMAP_NONE && m->rule == SK_SRCMAP_NONE))
		return;
	pad(g, COL_PLACE);
	sk_buf_char(out, '@');
	if (m->input != SK_SRCMAP_NONE) {
		struct sk_slice name = sk_bundle_str(g->p->v, g->p->v->inputs[m->input].name);

		if (plain(name))
			sk_buf_slice(out, name);
		else
			sk_buf_printf(out, "i%u", m->input);
	}
	sk_buf_printf(out, ":%u:%u", m->line, m->column);
	if (m->rule == SK_SRCMAP_NONE && g->rule != SK_SRCMAP_NONE)
		sk_buf_str(out, " r-");
	else if (m->rule != g->rule)
		sk_buf_printf(out, " r%u", m->rule);
}

static void
print_comment(struct program *g, const struct sk_insn *in, const struct sk_op_info *op)
{
	struct sk_printer *p = g->p;

	sk_buf_str(p->out, " ; ");
	if (op->b == SK_OPND_SET || op->b == SK_OPND_TRIE)
		sk_print_some(p, op->b == SK_OPND_TRIE, in->b);
	if (op->b == SK_OPND_RULE)
		sk_print_quoted(p->out, sk_bundle_str(p->v, p->v->rules[in->b].name));
}

static void
print_insn(struct program *g, uint32_t pc)
{
	const struct sk_insn *in = &g->code[pc];
	const struct sk_op_info *op = sk_op_info(in->op);
	struct sk_buf *out = g->p->out;
	bool more = false;

	g->line = out->n;
	if (g->is_target[pc])
		sk_buf_printf(out, "L%u:", pc);
	pad(g, COL_OP);
	print_mnemonic(out, in, op);
	if (op->a != SK_OPND_NONE || op->b != SK_OPND_NONE)
		pad(g, COL_OPERANDS);
	(void)print_operand(g->p, op->a, in->a);
	if (op->a != SK_OPND_NONE && op->b != SK_OPND_NONE)
		sk_buf_str(out, ", ");
	more = print_operand(g->p, op->b, in->b);
	print_targets(g, in, op);
	print_place(g, pc);
	if (more)
		print_comment(g, in, op);
	sk_buf_char(out, '\n');
}

/* The rule that the block from PC on matches, or none. */
static uint32_t
block_rule(const struct program *g, uint32_t pc)
{
	uint32_t end = g->block < g->nblocks ? g->blocks[g->block] : g->ninsns;

	for (; pc < end; pc++)
		if (sk_op_info(g->code[pc].op)->b == SK_OPND_RULE)
			return g->code[pc].b;
	return SK_SRCMAP_NONE;
}

static void
begin_block(struct program *g, uint32_t pc)
{
	struct sk_buf *out = g->p->out;

	sk_buf_printf(out, "block %u", g->block++);
	g->rule = block_rule(g, pc);
	if (g->rule != SK_SRCMAP_NONE) {
		sk_buf_str(out, " ; ");
		sk_print_quoted(out, sk_bundle_str(g->p->v, g->p->v->rules[g->rule].name));
	}
	sk_buf_char(out, '\n');
}

static void
print_code(struct program *g)
{
	g->is_target = calloc(g->ninsns, 1);
	if (!g->is_target) {
		g->p->out->failed = true;
		return;
	}
	mark_targets(g);
	g->rule = g->nblocks ? SK_SRCMAP_NONE : block_rule(g, 0);
	for (uint32_t pc = 0; pc < g->ninsns && !sk_print_full(g->p); pc++) {
		if (g->block < g->nblocks && g->blocks[g->block] == pc)
			begin_block(g, pc);
		print_insn(g, pc);
	}
	free(g->is_target);
}

static void
print_program(struct sk_printer *p, uint32_t i)
{
	const struct sk_bundle_view *v = p->v;
	const struct sk_program_def *d = &v->programs[i];
	const struct sk_list_def *blocks = &v->lists[d->blocks];
	struct program g = {.p = p,
			    .number = i,
			    .code = v->code + d->first_insn,
			    .map = v->srcmap ? v->srcmap + d->first_insn : NULL,
			    .ninsns = d->ninsns,
			    .blocks = v->indexes + blocks->first,
			    .nblocks = blocks->n};

	sk_buf_printf(p->out, "program %u", i);
	if (d->nmemos)
		sk_buf_printf(p->out, " memos %u", d->nmemos);
	sk_buf_printf(p->out, " ; %u instructions, %u blocks\n", d->ninsns, blocks->n);
	for (uint32_t s = 0; s < SK_SOURCE_COUNT; s++)
		print_on(&g, s);
	print_code(&g);
	sk_buf_char(p->out, '\n');
}

static struct sk_printer
printer(const struct sk_bundle *b, struct sk_buf *out)
{
	const struct sk_bundle_view *v = sk_bundle_view(b);

	return (struct sk_printer){v, out, out->n + PRINT_ANYWAY + v->header->size * PRINT_PER_BYTE};
}

void
sk_bundle_print_code(const struct sk_bundle *b, struct sk_buf *out)
{
	struct sk_printer p = printer(b, out);

	for (uint32_t i = 0; i < p.v->nprograms && !sk_print_full(&p); i++)
		print_program(&p, i);
	sk_print_values(&p);
	sk_print_tables(&p);
}

void
sk_bundle_print(const struct sk_bundle *b, struct sk_buf *out)
{
	struct sk_printer p = printer(b, out);

	sk_bundle_print_code(b, out);
	sk_print_rules(&p);
	sk_print_interest(&p);
	if (sk_print_full(&p))
		sk_buf_str(out, "; cut: the rest is too long\n");
}
