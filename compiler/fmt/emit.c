/* The tree as text. */
#include "compiler/fmt/fmt_internal.h"

struct emit {
	struct sk_fmt_tree *t;
	struct sk_buf *out;
};

static void
blanks(struct emit *e, uint32_t n)
{
	while (n--)
		sk_buf_char(e->out, ' ');
}

static void
comment_line(struct emit *e, const struct sk_comment *c, uint32_t indent)
{
	blanks(e, indent);
	sk_buf_slice(e->out, c->text);
	sk_buf_char(e->out, '\n');
}

/* Between items blank lines part comments into paragraphs. */
static void
comment_lines(struct emit *e, const sk_comments *c, uint32_t indent)
{
	for (size_t i = 0; i < c->n; i++) {
		comment_line(e, &c->v[i], indent);
		if (!indent && c->v[i].blank_after)
			sk_buf_char(e->out, '\n');
	}
}

static void
end_line(struct emit *e, const struct sk_comment *c)
{
	if (c->text.n)
		sk_buf_printf(e->out, " %.*s", SK_SLICE_ARG(c->text));
	sk_buf_char(e->out, '\n');
}

/* --- collections in one line ----------------------------------------------------------------------------------------------- */
static bool flow_text(struct emit *e, const struct sk_fmt_node *n, struct sk_buf *b);

static bool
flow_kids(struct emit *e, const struct sk_fmt_node *n, struct sk_buf *b)
{
	for (size_t i = 0; i < n->kids.n; i++) {
		const struct sk_fmt_node *kid = n->kids.v[i];

		if (i)
			sk_buf_str(b, ", ");
		if (kid->key) {
			struct sk_slice key = sk_fmt_word(e->t, kid->key);

			if (!key.n)
				return false;
			sk_buf_slice(b, key);
			sk_buf_str(b, ": ");
		}
		if (!flow_text(e, kid, b))
			return false;
	}
	return true;
}

/* False if N cannot stand in one line. */
static bool
flow_text(struct emit *e, const struct sk_fmt_node *n, struct sk_buf *b)
{
	struct sk_slice word;

	switch (n->node->kind) {
	case SK_YAML_SCALAR:
		word = sk_fmt_word(e->t, n->node);
		sk_buf_slice(b, word);
		return word.n != 0;
	case SK_YAML_SEQ:
	case SK_YAML_MAP:
		break;
	}
	sk_buf_char(b, n->node->kind == SK_YAML_SEQ ? '[' : '{');
	if (!flow_kids(e, n, b))
		return false;
	sk_buf_char(b, n->node->kind == SK_YAML_SEQ ? ']' : '}');
	return !b->failed;
}

static bool
all_words(struct emit *e, const struct sk_fmt_node *n)
{
	for (size_t i = 0; i < n->kids.n; i++)
		if (!sk_fmt_word(e->t, n->kids.v[i]->node).n)
			return false;
	return n->node->kind == SK_YAML_SEQ;
}

/* A long list of words: filled lines between the brackets. */
static void
filled(struct emit *e, const struct sk_fmt_node *n, uint32_t indent)
{
	uint32_t column = 0;

	sk_buf_str(e->out, " [\n");
	for (size_t i = 0; i < n->kids.n; i++) {
		struct sk_slice word = sk_fmt_word(e->t, n->kids.v[i]->node);

		/* A comma or the bracket follows. */
		if (column && column + 2 + word.n > SK_FMT_WIDTH) {
			sk_buf_char(e->out, '\n');
			column = 0;
		}
		blanks(e, column ? 1 : indent);
		column += (uint32_t)(column ? 1 : indent) + (uint32_t)word.n + 1;
		sk_buf_slice(e->out, word);
		sk_buf_char(e->out, i + 1 < n->kids.n ? ',' : ']');
	}
}

/* Between the first kid of N and its end. */
static bool
comments_inside(const struct sk_fmt_node *n)
{
	for (size_t i = 0; i < n->kids.n; i++) {
		const struct sk_fmt_node *kid = n->kids.v[i];

		if (kid->lead.n || kid->tail.n || kid->head.text.n || kid->trail.text.n || comments_inside(kid))
			return true;
	}
	return false;
}

/* Write collection N behind its key or dash, up to the end of the line, if it can stand in brackets. */
static bool
flow(struct emit *e, const struct sk_fmt_node *n, uint32_t indent, uint32_t column)
{
	struct sk_buf b = { 0 };
	bool inside = n->head.text.n || comments_inside(n), done = false, words = all_words(e, n);

	if (!n->kids.n) {
		sk_buf_str(e->out, n->node->kind == SK_YAML_SEQ ? " []" : " {}");
		end_line(e, n->head.text.n ? &n->head : &n->trail);
		if (n->head.text.n && n->trail.text.n)
			comment_line(e, &n->trail, indent);
		return true;
	}
	if (!inside && (words || n->flow) && flow_text(e, n, &b) && column + 1 + b.n <= SK_FMT_WIDTH) {
		sk_buf_char(e->out, ' ');
		sk_buf_slice(e->out, sk_buf_view(&b));
		done = true;
	} else if (!inside && words) {
		filled(e, n, indent + 2);
		done = true;
	}
	sk_buf_free(&b);
	if (done)
		end_line(e, &n->trail);
	return done;
}

/* --- blocks ------------------------------------------------------------------------------------ */
static void value(struct emit *e, struct sk_fmt_node *n, uint32_t indent, uint32_t column);

static void
pair(struct emit *e, struct sk_fmt_node *n, uint32_t indent, bool dashed)
{
	struct sk_slice key = sk_fmt_raw(e->t, n->key);

	if (!dashed) {
		comment_lines(e, &n->lead, indent);
		blanks(e, indent);
	}
	sk_buf_slice(e->out, key);
	sk_buf_char(e->out, ':');
	value(e, n, indent, indent + (uint32_t)key.n + 1);
	comment_lines(e, &n->tail, indent);
}

/* A collection that is spread over lines behind its dash has no line of its own for comments to stand behind: they come before
 * it, as do those before its first kid. */
static void
hoist_comments(struct emit *e, struct sk_fmt_node *n, uint32_t indent)
{
	struct sk_fmt_node *first = n->kids.v[0];

	if (n->head.text.n)
		comment_line(e, &n->head, indent);
	n->head.text.n = 0;
	comment_lines(e, &first->lead, indent);
	first->lead.n = 0;
	if (n->trail.text.n && (!n->flow || !n->parent->parent || comments_inside(n))) {
		comment_line(e, &n->trail, indent);
		n->trail.text.n = 0;
	}
}

static void
element(struct emit *e, struct sk_fmt_node *n, uint32_t indent)
{
	bool map = n->node->kind == SK_YAML_MAP && n->kids.n;

	if (n->parent->parent)
		comment_lines(e, &n->lead, indent);
	if (n->kids.n)
		hoist_comments(e, n, indent);
	blanks(e, indent);
	sk_buf_char(e->out, '-');
	/* In braces if it is written so and fits, but for items. */
	if (map && !(n->flow && n->parent->parent && flow(e, n, indent, indent + 1))) {
		sk_buf_char(e->out, ' ');
		for (size_t i = 0; i < n->kids.n; i++)
			pair(e, n->kids.v[i], indent + 2, i == 0);
		if (n->trail.text.n)
			comment_line(e, &n->trail, indent + 2);
	} else if (!map) {
		value(e, n, indent, indent + 1);
	}
	/* Left of the keys of an item they would belong to the next one. */
	comment_lines(e, &n->tail, n->parent->parent ? indent : indent + 2);
}

static void
value(struct emit *e, struct sk_fmt_node *n, uint32_t indent, uint32_t column)
{
	if (n->node->kind == SK_YAML_SCALAR) {
		sk_fmt_scalar(e->t, n, indent, e->out);
		return;
	}
	if (flow(e, n, indent, column))
		return;
	end_line(e, n->head.text.n ? &n->head : &n->trail);
	for (size_t i = 0; i < n->kids.n; i++)
		if (n->node->kind == SK_YAML_SEQ)
			element(e, n->kids.v[i], indent + 2);
		else
			pair(e, n->kids.v[i], indent + 2, false);
	if (n->head.text.n && n->trail.text.n)
		comment_line(e, &n->trail, indent);
}

/* --- documents --------------------------------------------------------------------------------- */
static void
item(struct emit *e, struct sk_fmt_node *n, bool first)
{
	if (!first)
		sk_buf_char(e->out, '\n');
	comment_lines(e, &n->lead, 0);
	if (n->node->kind == SK_YAML_MAP)
		sk_fmt_order(n);
	element(e, n, 0);
}

/* Comments behind the last item that are not indented. */
static void
last_comments(struct emit *e, struct sk_fmt_node *last, sk_comments *keep)
{
	sk_comments inner = { 0 };

	for (size_t i = 0; i < last->tail.n; i++)
		if (!sk_vec_push_arena(last->tail.v[i].column <= last->column ? keep : &inner, e->t->arena, last->tail.v[i]))
			e->t->failed = true;
	last->tail.v = inner.v;
	last->tail.n = inner.n;
	last->tail.cap = inner.cap;
}

static void
document(struct emit *e, struct sk_fmt_node *root)
{
	sk_comments behind = { 0 };

	if (root->kids.n)
		last_comments(e, root->kids.v[root->kids.n - 1], &behind);
	for (size_t i = 0; i < root->kids.n; i++)
		item(e, root->kids.v[i], i == 0);
	for (size_t i = 0; i < behind.n; i++) {
		if (!i || behind.v[i].blank_before)
			sk_buf_char(e->out, '\n');
		comment_line(e, &behind.v[i], 0);
	}
}

void
sk_fmt_emit(struct sk_fmt_tree *t, struct sk_buf *out)
{
	struct emit e = { t, out };

	for (size_t i = 0; i < t->roots.n; i++) {
		if (i)
			sk_buf_str(out, "---\n");
		document(&e, t->roots.v[i]);
	}
}
