/* Comments: what they belong to. */
#include "compiler/fmt/fmt_internal.h"

struct placing {
	struct sk_fmt_tree *t;
	struct sk_fmt_doc *doc;
	struct sk_fmt_node *before, *next; /* the nodes around the comment; NULL: there is none in the document */
	uint32_t line;                     /* of the comment before */
};

struct sk_slice
sk_fmt_comment(const struct sk_fmt_tree *t, uint32_t i)
{
	const char *p = t->file->text.p + t->comments[i - 1].at, *end = t->file->text.p + t->file->text.n;
	const char *eol = memchr(p, '\n', (size_t)(end - p));

	for (end = eol ? eol : end; strchr(" \t\r", end[-1]);)
		end--;
	return sk_slice(p, (size_t)(end - p));
}

const struct sk_fmt_notes *
sk_fmt_notes(const struct sk_fmt_node *n)
{
	static const struct sk_fmt_notes none;

	return n->notes ? n->notes : &none;
}

/* --- giving one away ----------------------------------------------------------------------------------------------------------- */
static void
append(struct sk_fmt_tree *t, struct sk_comment_list *list, uint32_t number)
{
	if (list->last)
		t->comments[list->last - 1].next = number;
	else
		list->first = number;
	list->last = number;
}

static void
refuse(struct sk_fmt_tree *t, struct sk_span where, const char *why)
{
	if (t->why)
		return;
	t->where = where;
	t->why = why;
}

static void
give(struct placing *p, struct sk_fmt_node *n, enum sk_fmt_slot slot, const struct sk_fmt_mark *c)
{
	struct sk_fmt_tree *t = p->t;

	if (!sk_fmt_allow(t, c, slot, n))
		refuse(t, (struct sk_span){ c->at, c->at + (uint32_t)sk_fmt_comment(t, c->number).n },
		       "formatted, comments here would allow something else; put this one above a key or element, or at the end of its line");
	if (n && !n->notes)
		n->notes = SK_NEW(t->arena, struct sk_fmt_notes);
	if (n && !n->notes) {
		t->failed = true;
		return;
	}
	switch (slot) {
	case SK_FMT_LEAD: append(t, &n->notes->lead, c->number); break;
	case SK_FMT_TAIL: append(t, &n->notes->tail, c->number); break;
	case SK_FMT_HEAD: n->notes->head = c->number; break;
	case SK_FMT_TRAIL: n->notes->trail = c->number; break;
	case SK_FMT_LOOSE: append(t, &p->doc->loose, c->number); break;
	}
}

/* Between the key of a pair and what does not begin with an element of its own. */
static bool
is_inside_pair(const struct sk_fmt_node *n, const struct sk_fmt_mark *c)
{
	return n && n->key && n->key->loc.span.end <= c->at && c->at < n->node->loc.span.beg &&
	       (n->flow || n->node->kind == SK_YAML_SCALAR);
}

/* Behind something in its line: the outermost node that ended in this line. False if nothing did, nor began there. */
static bool
give_trailing(struct placing *p, const struct sk_fmt_mark *c)
{
	struct sk_fmt_node *best = NULL;

	for (struct sk_fmt_node *n = c->before; n && n->parent; n = n->parent)
		if (n->end <= c->at && n->last_line == c->line && (n->flow || n->node->kind == SK_YAML_SCALAR))
			best = n;
	if (!best && (!c->before || c->before->line != c->line))
		return false;
	if (best && !sk_fmt_notes(best)->trail)
		give(p, best, SK_FMT_TRAIL, c);
	else if (!best && !sk_fmt_notes(c->before)->head)
		give(p, c->before, SK_FMT_HEAD, c);
	else
		give(p, c->before, SK_FMT_TAIL, c);
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
belongs_to_next(const struct sk_fmt_node *next, const struct sk_fmt_node *flow, const struct sk_fmt_mark *c)
{
	if (!next || flow)
		return next && is_inside(next, flow);
	return next->column >= c->column;
}

static void
give_alone(struct placing *p, const struct sk_fmt_mark *c)
{
	struct sk_fmt_node *n = c->before, *flow = enclosing_flow(n, c->at);

	if (!n && !c->next) {
		give(p, NULL, SK_FMT_LOOSE, c);
		return;
	}
	if (!n || (c->next && c->next->parent == n) || belongs_to_next(c->next, flow, c)) {
		give(p, c->next, SK_FMT_LEAD, c);
		return;
	}
	/* Behind the outermost node that is as deep as the comment, and all of what has ended in brackets. */
	for (struct sk_fmt_node *m = n; m && m->parent && m != flow; m = m->parent)
		if (m->flow && m->end <= c->at)
			n = m;
	while (n->parent->parent && n != flow && n->parent != flow && (flow || n->column > c->column))
		n = n->parent;
	/* Though it is deeper: between neighbours it is about the second. */
	if (!flow && c->next && c->next->parent == n->parent)
		give(p, c->next, SK_FMT_LEAD, c);
	else
		give(p, n, SK_FMT_TAIL, c);
}

static void
place(struct placing *p, const struct sk_fmt_mark *c)
{
	if (is_inside_pair(c->before, c))
		give(p, c->before, sk_fmt_notes(c->before)->head ? SK_FMT_LEAD : SK_FMT_HEAD, c);
	else if (c->alone)
		give_alone(p, c);
	else if (!c->before && p->doc->marked && !memchr(p->t->file->text.p + p->doc->beg, '\n', c->at - p->doc->beg))
		p->doc->head = c->number;
	else if (give_trailing(p, c))
		return;
	else if (c->next && !enclosing_flow(c->before, c->at))
		give(p, c->next, SK_FMT_LEAD, c); /* behind a lone dash: about what follows */
	else
		give_alone(p, c);
}

/* --- all of them --------------------------------------------------------------------------------------------------------------- */
static const char *
why_not(const struct sk_fmt_tree *t, struct sk_span s)
{
	switch ((uint8_t)t->file->text.p[s.beg]) {
	case '!': return "tags cannot be formatted; rules need none: take it away";
	case '%': return "directives cannot be formatted; rules need none: take it away";
	case '\r':
	case 0xc2:
	case 0xe2: return "this line does not end in a line feed; only such files can be formatted";
	default: return "this cannot be formatted; take it away";
	}
}

/* Room for as many comments as there are. */
static bool
make_room(struct sk_fmt_tree *t, const struct sk_yaml_docs *docs)
{
	struct sk_gaps g = { .docs = docs };
	struct sk_gap found;
	size_t n = 0;

	while (sk_gaps_next(&g, &found)) {
		n += found.kind == SK_GAP_COMMENT;
		if (found.kind == SK_GAP_OTHER)
			refuse(t, found.span, why_not(t, found.span));
	}
	t->comments = SK_NEW_ARRAY(t->arena, n, struct sk_comment);
	return t->comments != NULL;
}

static struct sk_fmt_mark
mark_at(struct placing *p, const struct sk_gap *found, uint32_t number)
{
	const struct sk_file *f = p->t->file;
	struct sk_fmt_mark c = { .number = number, .at = found->span.beg, .before = p->before, .next = p->next,
				 .alone = true, .behind_dash = true, .indicator = found->indicator };

	while (p->line + 1 < f->nlines && f->lines[p->line + 1] <= c.at)
		p->line++;
	c.line = p->line;
	c.column = sk_fmt_column(f, c.line, c.at);
	for (uint32_t i = c.at - c.column; i < c.at; i++) {
		c.alone &= strchr(" \t", f->text.p[i]) != NULL;
		c.behind_dash &= strchr(" \t-", f->text.p[i]) != NULL;
	}
	c.behind_dash &= !c.alone;
	return c;
}

static void
enter(struct placing *p, struct sk_fmt_doc *doc)
{
	p->doc = doc;
	p->before = NULL;
	p->next = doc->root ? doc->root->kids : NULL;
}

bool
sk_fmt_comments_attach(struct sk_fmt_tree *t, const struct sk_yaml_docs *docs)
{
	struct sk_gaps g = { .docs = docs };
	struct sk_gap found;
	struct placing p = { .t = t };
	uint32_t n = 0;

	if (!make_room(t, docs))
		return false;
	enter(&p, t->docs.v);
	while (!t->why && !t->failed && sk_gaps_next(&g, &found)) {
		if (found.kind == SK_GAP_DOCUMENT)
			enter(&p, p.doc + 1);
		if (found.kind != SK_GAP_COMMENT)
			continue;
		t->comments[n++].at = found.span.beg;
		for (; p.next && p.next->beg < found.span.beg; p.next = sk_fmt_following(p.next))
			p.before = p.next;
		struct sk_fmt_mark c = mark_at(&p, &found, n);
		place(&p, &c);
	}
	return !t->why && !t->failed;
}
