/* Comments that silence findings ("# saker: allow W0306"), and how lint/allow_read.c reads them. On a line of its own, or behind a lone
 * dash, such a comment is about the item, key or element that begins in the next line; behind something it is about that line, and
 * about the value that goes on below it. So the one kind may not become the other; what stands in that line has to stay in one, but
 * for the value of the key; and the next line has to begin the same thing. */
#include "compiler/fmt/fmt_internal.h"

#include <strings.h>

/* Blanks that are looked through before a key: every comment above it does. */
#define FAR 1000u

/* Careful rather than exact: the lint reads the rest of it. */
static bool
is_allow(struct sk_slice text)
{
	static const char name[] = "saker:", file[] = "allow-file";

	for (size_t i = 0; i + sizeof(name) - 1 <= text.n; i++) {
		size_t n = i + sizeof(name) - 1;

		if (strncasecmp(text.p + i, name, sizeof(name) - 1) != 0)
			continue;
		while (n < text.n && strchr(" \t", text.p[n]))
			n++;
		/* That is about the whole file, wherever it stands. */
		if (text.n - n < sizeof(file) - 1 || strncasecmp(text.p + n, file, sizeof(file) - 1) != 0)
			return true;
	}
	return false;
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

/* What stands in the first line of an item is about the item, too. */
static void
keep_first(struct sk_fmt_node *pair)
{
	if (pair->parent && sk_fmt_is_item(pair->parent))
		pair->parent->keeps_first = true;
}

/* What the next line begins has to begin there still. */
static void
keep_order(struct sk_fmt_node *n)
{
	while (n && !sk_fmt_is_item(n))
		n = n->parent;
	if (n)
		n->keeps_order = true;
}

/* The line of the key begins with a ?, which is where the pair does not begin to what reads the comment. */
static bool
has_explicit_key(const struct sk_fmt_tree *t, const struct sk_fmt_node *n)
{
	const char *s = t->file->text.p;
	uint32_t at = n->beg, last = at > FAR ? at - FAR : 0;

	while (n->key && at > last && strchr(" \t\r\n", s[at - 1]))
		at--;
	if (!n->key || !at || (at > last && s[--at] != '?'))
		return false;
	while (at > last && strchr(" \t-", s[at - 1]))
		at--;
	/* So far away that it does not matter: careful. */
	return at == last || s[at - 1] == '\n';
}

static bool
allow_lead(const struct sk_fmt_tree *t, const struct sk_fmt_mark *c, struct sk_fmt_node *n)
{
	keep_first(n);
	/* Perhaps before the colon, which has a line of its own. */
	if (c->before && c->before == n->parent && has_explicit_key(t, c->before))
		return false;
	/* Between the key and the value it is not about the key. */
	return (c->alone || c->behind_dash) && c->at < n->beg && c->indicator != '?' && !has_explicit_key(t, n);
}

static bool
allow_head(const struct sk_fmt_mark *c, struct sk_fmt_node *n)
{
	keep_first(n);
	return !c->alone && !c->behind_dash && c->line == n->line && (n->key || !n->nkids);
}

static bool
allow_trail(const struct sk_fmt_mark *c, struct sk_fmt_node *n)
{
	keep_first(n);
	/* In the line of the key, or behind an item that is a line: above it, it is about the item. */
	if (c->line == n->line && (n->key || sk_fmt_is_item(n)))
		return true;
	return (!n->key && !n->flow) || keep_lines(n);
}

bool
sk_fmt_allow(struct sk_fmt_tree *t, const struct sk_fmt_mark *c, enum sk_fmt_slot slot, struct sk_fmt_node *n)
{
	bool allows = is_allow(sk_fmt_comment(t, c->number));

	/* What stands behind the dash comes before it, and so would uncover what a comment above it is about. */
	if (c->next && c->next == t->allowed && c->indicator)
		return false;
	if (!allows)
		return true;
	if (c->alone && !c->indicator)
		t->allowed = c->next;
	struct sk_fmt_node *flow = outermost_flow(c->before, c->at);
	/* Behind the bracket in the line of the key it is about all that the brackets hold. */
	if (flow && !(slot == SK_FMT_HEAD && flow == n && n->key && c->line == n->line))
		return keep_lines(flow);
	switch (slot) {
	case SK_FMT_LEAD: return allow_lead(t, c, n);
	case SK_FMT_HEAD: return allow_head(c, n);
	case SK_FMT_TRAIL: return allow_trail(c, n);
	case SK_FMT_TAIL: keep_order(n); break;
	case SK_FMT_LOOSE: break;
	}
	return c->alone;
}
