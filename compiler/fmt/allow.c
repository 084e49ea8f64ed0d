/* Comments that silence findings ("# saker: allow W0306"). Alone in its line such a comment is about the next line: the item that
 * begins there, or the value of the key. Behind something it is about that line, and the value of the key in it. So either kind has
 * to stay what it is, and what it is about has to stay in one line, or be the value of a key. */
#include "compiler/fmt/fmt_internal.h"

/* Careful rather than exact: the lint reads the rest of it. */
static bool
is_allow(struct sk_slice text)
{
	const char *p = memmem(text.p, text.n, "saker:", 6);
	struct sk_slice rest = p ? sk_slice(p + 6, (size_t)(text.p + text.n - p - 6)) : sk_slice("", 0);

	while (rest.n && *rest.p == ' ')
		rest = sk_slice(rest.p + 1, rest.n - 1);
	/* That is about the whole file, wherever it stands. */
	return p && !sk_slice_starts(rest, SK_SLICE("allow-file"));
}

static struct sk_fmt_node *
outermost_flow(struct sk_fmt_node *n, uint32_t at)
{
	struct sk_fmt_node *found = NULL;

	for (; n; n = n->parent)
		if (n->flow && n->node->loc.span.beg < at && at < n->end)
			found = n;
	return found;
}

/* The documents and items are always laid out. */
static bool
keep_lines(struct sk_fmt_node *n)
{
	if (!n->parent || sk_fmt_is_item(n))
		return false;
	n->as_written = true;
	return true;
}

/* Comments at the first line of an item are about the item. */
static void
keep_first(struct sk_fmt_node *n)
{
	if (sk_fmt_is_item(n))
		n->keeps_first = true;
	else if (n->parent && sk_fmt_is_item(n->parent))
		n->parent->keeps_first = true;
}

/* What follows the comment in another line than N is has to do so still. */
static void
keep_order(struct sk_fmt_node *n)
{
	while (n && !sk_fmt_is_item(n))
		n = n->parent;
	if (n)
		n->keeps_order = true;
}

static bool
allow_lead(const struct sk_fmt_mark *c, struct sk_fmt_node *n)
{
	if (!c->alone || c->indicated)
		return false;
	keep_first(n);
	if (n->key)
		return true;
	/* An element: its first line, be that of the first of its pairs. */
	while (n->nkids && !n->flow && n->node->kind == SK_YAML_MAP)
		n = n->kids;
	return (!n->flow && n->node->kind != SK_YAML_SCALAR) || keep_lines(n);
}

static bool
allow_head(const struct sk_fmt_mark *c, struct sk_fmt_node *n)
{
	keep_first(n);
	return !c->alone && c->line == n->line && (n->key || !n->nkids);
}

static bool
allow_trail(const struct sk_fmt_mark *c, struct sk_fmt_node *n)
{
	keep_first(n);
	if (n->key && c->line == n->line)
		return true;
	return (!n->key && !n->flow) || keep_lines(n);
}

bool
sk_fmt_allow(const struct sk_fmt_tree *t, const struct sk_fmt_mark *c, enum sk_fmt_slot slot, struct sk_fmt_node *n,
	     struct sk_fmt_node *before)
{
	if (!is_allow(sk_fmt_comment(t, c->number)))
		return true;
	struct sk_fmt_node *flow = outermost_flow(before, c->at);
	/* Behind the bracket in the line of the key it is about all that the brackets hold. */
	if (flow && !(slot == SK_FMT_HEAD && flow == n && n->key && c->line == n->line))
		return keep_lines(flow);
	switch (slot) {
	case SK_FMT_LEAD: return allow_lead(c, n);
	case SK_FMT_HEAD: return allow_head(c, n);
	case SK_FMT_TRAIL: return allow_trail(c, n);
	case SK_FMT_TAIL: keep_order(n); break;
	case SK_FMT_LOOSE: break;
	}
	return c->alone;
}
