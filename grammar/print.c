/* Trees as text, for tests and dumps. */
#include "base/buf.h"
#include "base/vec.h"
#include "grammar/ast.h"
#include "grammar/words.h"

static void print_args(struct sk_buf *b, const struct sk_opnd *o, const char *glue);

static void
print_arg(struct sk_buf *b, const struct sk_opnd *o)
{
	if (o->has_arg) {
		sk_buf_char(b, '[');
		sk_buf_slice(b, o->arg);
		sk_buf_char(b, ']');
	}
}

/* Transformers nest at most SK_MAX_XFORM_DEPTH deep. */
static void
print_operand(struct sk_buf *b, const struct sk_opnd *o)
{
	switch (o->kind) {
	case SK_OPND_FIELD:
		sk_buf_slice(b, o->text);
		print_arg(b, o);
		break;
	case SK_OPND_XFORM:
		sk_buf_slice(b, o->text);
		sk_buf_char(b, '(');
		print_args(b, o, ",");
		sk_buf_char(b, ')');
		print_arg(b, o);
		break;
	case SK_OPND_LITERAL:
		sk_buf_char(b, '{');
		sk_buf_slice(b, o->text);
		sk_buf_char(b, '}');
		break;
	case SK_OPND_LIST:
		sk_buf_str(b, "tlist[");
		print_args(b, o, "|");
		sk_buf_char(b, ']');
		break;
	}
}

static void
print_args(struct sk_buf *b, const struct sk_opnd *o, const char *glue)
{
	for (uint32_t i = 0; i < o->nargs; i++) {
		if (i)
			sk_buf_str(b, glue);
		print_operand(b, o->args[i]);
	}
}

static void
print_list(struct sk_buf *b, const struct sk_opnd *list)
{
	sk_buf_char(b, '[');
	for (uint32_t i = 0; i < list->nargs; i++) {
		if (i)
			sk_buf_char(b, '|');
		sk_buf_slice(b, list->args[i]->text);
	}
	sk_buf_char(b, ']');
}

/* The operator as it was written: "==" is kept apart from "=". */
static void
print_cmp(struct sk_buf *b, const struct sk_cond *c)
{
	struct sk_span s = c->cmp_span;
	bool doubled = c->cmp == SK_CMP_EQ && c->text && s.end - s.beg == 2 && s.end <= c->text->s.n;

	sk_buf_str(b, doubled && memcmp(c->text->s.p + s.beg, "==", 2) == 0 ? "==" : sk_word_cmp(c->cmp));
}

static void
print_check(struct sk_buf *b, const struct sk_cond *c)
{
	sk_buf_char(b, '<');
	print_operand(b, c->lhs);
	sk_buf_char(b, ' ');
	print_cmp(b, c);
	if (c->quant != SK_QUANT_NONE) {
		sk_buf_char(b, ' ');
		sk_buf_str(b, sk_word_quant(c->quant));
	}
	if (c->rhs) {
		sk_buf_char(b, ' ');
		if (c->rhs->kind == SK_OPND_LIST)
			print_list(b, c->rhs);
		else
			print_operand(b, c->rhs);
	}
	sk_buf_char(b, '>');
}

/* Print a leaf whole, or the head of an inner node; true for an inner node. */
static bool
print_head(struct sk_buf *b, const struct sk_cond *c)
{
	switch (c->kind) {
	case SK_COND_CHECK:
		print_check(b, c);
		return false;
	case SK_COND_MACRO:
		sk_buf_str(b, "macro:");
		sk_buf_slice(b, c->name);
		return false;
	case SK_COND_AND:
		sk_buf_str(b, "(and");
		return true;
	case SK_COND_OR:
		sk_buf_str(b, "(or");
		return true;
	case SK_COND_NOT:
		sk_buf_str(b, "(not");
		return true;
	}
	return false;
}

struct frame {
	const struct sk_cond *c;
	uint32_t next;
};

/* With a stack of its own: macros can nest a tree much deeper than one condition can. */
static bool
print_tree(struct sk_buf *b, const struct sk_cond *root)
{
	SK_VEC(struct frame) stack = { 0 };
	bool ok = true;

	if (print_head(b, root))
		ok = sk_vec_push(&stack, (struct frame){ root, 0 });
	while (ok && stack.n) {
		struct frame *top = &stack.v[stack.n - 1];

		if (top->next == top->c->nkids) {
			sk_buf_char(b, ')');
			stack.n--;
			continue;
		}
		const struct sk_cond *kid = top->c->kids[top->next++];

		sk_buf_char(b, ' ');
		if (print_head(b, kid))
			ok = sk_vec_push(&stack, (struct frame){ kid, 0 });
	}
	sk_vec_free(&stack);
	return ok;
}

struct sk_slice
sk_cond_print(struct sk_arena *a, const struct sk_cond *c)
{
	struct sk_buf b = { 0 };
	struct sk_slice out = sk_slice(NULL, 0);

	if (print_tree(&b, c) && !b.failed)
		out = sk_arena_dup(a, sk_buf_view(&b));
	sk_buf_free(&b);
	return out;
}
