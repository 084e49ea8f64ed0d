/* Comments: what they belong to. */
#include "compiler/fmt/fmt_internal.h"

/* --- finding ----------------------------------------------------------------------------------- */
static bool
is_blank_line(const struct sk_file *f, uint32_t line)
{
	struct sk_slice s = sk_file_line(f, line + 1);

	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r", s.p[i]))
			return false;
	return line < f->nlines;
}

static void
add_comment(struct sk_fmt_tree *t, struct sk_span at)
{
	struct sk_comment c = { .at = at.beg, .text = sk_slice(t->file->text.p + at.beg, at.end - at.beg) };
	uint32_t line, column;

	sk_file_position(t->file, at.beg, &line, &column);
	struct sk_slice whole = sk_file_line(t->file, line);
	c.line = line - 1;
	c.column = column - 1;
	c.alone = true;
	for (uint32_t i = 0; i < c.column; i++)
		c.alone &= strchr(" \t", whole.p[i]) != NULL;
	c.blank_before = c.line > 0 && is_blank_line(t->file, c.line - 1);
	c.blank_after = is_blank_line(t->file, c.line + 1);
	if (!sk_vec_push_arena(&t->comments, t->arena, c))
		t->failed = true;
}

bool
sk_fmt_comments_find(struct sk_fmt_tree *t, const struct sk_yaml_docs *docs)
{
	sk_spans found = { 0 };

	if (!sk_yaml_comments(t->arena, docs, &found))
		return false;
	for (size_t i = 0; i < found.n; i++)
		add_comment(t, found.v[i]);
	return !t->failed;
}

/* --- giving them away -------------------------------------------------------------------------- */
static void
give(struct sk_fmt_tree *t, sk_comments *to, const struct sk_comment *c)
{
	if (!sk_vec_push_arena(to, t->arena, *c))
		t->failed = true;
}

/* Behind something in its line: the outermost node that ended in this line. False if nothing did, nor began there. */
static bool
give_trailing(struct sk_fmt_tree *t, struct sk_fmt_node *before, const struct sk_comment *c)
{
	struct sk_fmt_node *best = NULL;

	for (struct sk_fmt_node *n = before; n && n->parent; n = n->parent)
		if (n->end <= c->at && n->last_line == c->line && (n->flow || n->node->kind == SK_YAML_SCALAR))
			best = n;
	if (!best && before->line != c->line)
		return false;
	if (best && !best->trail.text.n)
		best->trail = *c;
	else if (!best && !before->head.text.n)
		before->head = *c;
	else
		give(t, &before->tail, c);
	return true;
}

/* The innermost collection in brackets that AT is inside of, among N and what it is in. */
static struct sk_fmt_node *
enclosing_flow(struct sk_fmt_node *n, uint32_t at)
{
	for (; n; n = n->parent)
		if (n->flow && n->node->loc.span.beg < at && at < n->end)
			return n;
	return NULL;
}

static bool
is_inside(const struct sk_fmt_node *n, const struct sk_fmt_node *outer)
{
	while (n && n != outer)
		n = n->parent;
	return n != NULL;
}

/* In a line of its own: what follows, unless that lies further out than the comment does. */
static bool
belongs_to_next(const struct sk_fmt_node *next, const struct sk_fmt_node *flow, const struct sk_comment *c)
{
	if (!next || flow)
		return next && is_inside(next, flow);
	return next->column >= c->column;
}

static void
give_alone(struct sk_fmt_tree *t, struct sk_fmt_node *before, struct sk_fmt_node *next, const struct sk_comment *c)
{
	struct sk_fmt_node *flow = before ? enclosing_flow(before, c->at) : NULL;

	if (!before || belongs_to_next(next, flow, c)) {
		if (next)
			give(t, &next->lead, c);
		else
			t->failed = true;
		return;
	}
	/* Behind the outermost node that is as deep as the comment. */
	while (before->parent->parent && before->parent != flow && (flow || before->column > c->column))
		before = before->parent;
	give(t, &before->tail, c);
}

bool
sk_fmt_comments_attach(struct sk_fmt_tree *t)
{
	size_t k = 0;

	for (size_t i = 0; i < t->comments.n; i++) {
		const struct sk_comment *c = &t->comments.v[i];

		while (k < t->anchors.n && t->anchors.v[k]->beg < c->at)
			k++;
		struct sk_fmt_node *before = k ? t->anchors.v[k - 1] : NULL, *next = k < t->anchors.n ? t->anchors.v[k] : NULL;
		if (!c->alone && before && give_trailing(t, before, c))
			continue;
		/* Behind a lone dash: about what follows. */
		if (!c->alone && next)
			give(t, &next->lead, c);
		else
			give_alone(t, before, next, c);
	}
	return !t->failed;
}
