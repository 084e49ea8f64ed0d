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
new_line(struct emit *e)
{
	sk_buf_char(e->out, '\n');
	e->t->open_end = false;
}

static void
comment_line(struct emit *e, uint32_t number, uint32_t indent)
{
	blanks(e, indent);
	sk_buf_slice(e->out, sk_fmt_comment(e->t, number));
	new_line(e);
}

static uint32_t
next_comment(const struct emit *e, uint32_t number)
{
	return e->t->comments[number - 1].next;
}

/* The line before the comment, or behind it, is blank. */
static bool
has_blank_line(const struct emit *e, uint32_t number, bool behind)
{
	struct sk_slice text = e->t->file->text, c = sk_fmt_comment(e->t, number);
	const char *beg = text.p, *end = text.p + text.n, *p = behind ? memchr(c.p, '\n', (size_t)(end - c.p)) : c.p;

	if (behind) {
		while (p && ++p < end && strchr(" \t\r", *p))
			;
		return !p || p == end || *p == '\n';
	}
	while (p > beg && p[-1] != '\n')
		p--;
	if (p == beg)
		return false;
	for (p--; p > beg && strchr(" \t\r", p[-1]);)
		p--;
	return p == beg || p[-1] == '\n';
}

/* Between items blank lines part comments into paragraphs. */
static void
comment_lines(struct emit *e, struct sk_comment_list list, uint32_t indent)
{
	for (uint32_t i = list.first; i; i = next_comment(e, i)) {
		comment_line(e, i, indent);
		if (!indent && has_blank_line(e, i, true))
			new_line(e);
	}
}

/* Behind N; what stands between its brackets is there already if its lines stay. */
static void
tail_lines(struct emit *e, const struct sk_fmt_node *n, uint32_t indent)
{
	for (uint32_t i = sk_fmt_notes(n)->tail.first; i; i = next_comment(e, i))
		if (!n->as_written || e->t->comments[i - 1].at >= n->end)
			comment_line(e, i, indent);
}

static void
end_line(struct emit *e, uint32_t number)
{
	if (number) {
		sk_buf_char(e->out, ' ');
		sk_buf_slice(e->out, sk_fmt_comment(e->t, number));
	}
	new_line(e);
}

/* The comment for the line of the key: it is about all of the value. */
static uint32_t
key_comment(const struct sk_fmt_node *n)
{
	const struct sk_fmt_notes *notes = sk_fmt_notes(n);

	return notes->head ? notes->head : notes->trail;
}

static bool
has_both_comments(const struct sk_fmt_node *n)
{
	return sk_fmt_notes(n)->head && sk_fmt_notes(n)->trail;
}

/* The next line begins what N stands for. */
static void
watch(struct emit *e, const struct sk_fmt_node *n)
{
	if (e->out->n <= e->t->watch)
		e->t->blame = n;
}

/* --- collections in one line ----------------------------------------------------------------------------------------------- */
static bool flow_text(struct emit *e, const struct sk_fmt_node *n, struct sk_buf *b);

static bool
flow_kids(struct emit *e, const struct sk_fmt_node *n, struct sk_buf *b)
{
	for (uint32_t i = 0; i < n->nkids; i++) {
		const struct sk_fmt_node *kid = &n->kids[i];

		if (b->n > SK_FMT_WIDTH)
			return false;
		if (i)
			sk_buf_str(b, ", ");
		if (kid->key) {
			if (!sk_fmt_is_word(e->t, kid->key))
				return false;
			sk_fmt_word(e->t, kid->key, b);
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
	if (n->node->kind == SK_YAML_SCALAR) {
		if (!sk_fmt_is_word(e->t, n->node))
			return false;
		sk_fmt_word(e->t, n->node, b);
		return true;
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
	for (uint32_t i = 0; i < n->nkids; i++)
		if (!sk_fmt_is_word(e->t, n->kids[i].node))
			return false;
	return n->node->kind == SK_YAML_SEQ;
}

/* A long list of words: filled lines between the brackets. */
static void
filled(struct emit *e, const struct sk_fmt_node *n, uint32_t indent)
{
	uint32_t column = 0;
	struct sk_buf word = { 0 };

	sk_buf_str(e->out, " [");
	end_line(e, key_comment(n));
	for (uint32_t i = 0; i < n->nkids; i++) {
		word.n = 0;
		sk_fmt_word(e->t, n->kids[i].node, &word);
		/* A comma or the bracket follows. */
		if (column && column + 2 + word.n > SK_FMT_WIDTH) {
			sk_buf_char(e->out, '\n');
			column = 0;
		}
		blanks(e, column ? 1 : indent);
		column += (uint32_t)(column ? 1 : indent) + (uint32_t)word.n + 1;
		sk_buf_slice(e->out, sk_buf_view(&word));
		sk_buf_char(e->out, i + 1 < n->nkids ? ',' : ']');
	}
	e->t->failed |= word.failed;
	sk_buf_free(&word);
	end_line(e, has_both_comments(n) ? sk_fmt_notes(n)->trail : 0);
}

/* Between the first kid of N and its end. */
static bool
comments_inside(const struct sk_fmt_node *n)
{
	for (uint32_t i = 0; i < n->nkids; i++) {
		const struct sk_fmt_notes *kid = sk_fmt_notes(&n->kids[i]);

		if (kid->lead.first || kid->tail.first || kid->head || kid->trail || comments_inside(&n->kids[i]))
			return true;
	}
	return false;
}

static void
empty(struct emit *e, const struct sk_fmt_node *n, uint32_t indent)
{
	sk_buf_str(e->out, n->node->kind == SK_YAML_SEQ ? " []" : " {}");
	end_line(e, key_comment(n));
	if (!has_both_comments(n))
		return;
	/* Those between the brackets come first. */
	uint32_t i = n->notes->tail.first;
	for (; i && i < n->notes->trail; i = next_comment(e, i))
		comment_line(e, i, indent);
	n->notes->tail.first = i;
	comment_line(e, n->notes->trail, indent);
}

/* Write collection N behind its key or dash, up to the end of the line, if it can stand in brackets. */
static bool
flow(struct emit *e, const struct sk_fmt_node *n, uint32_t indent, uint32_t column)
{
	struct sk_buf b = { 0 };
	bool done = false, words = all_words(e, n);

	if (!n->nkids) {
		empty(e, n, indent);
		return true;
	}
	if (comments_inside(n))
		return false;
	if (!has_both_comments(n) && (words || n->flow) && flow_text(e, n, &b) && column + 1 + b.n <= SK_FMT_WIDTH) {
		sk_buf_char(e->out, ' ');
		sk_buf_slice(e->out, sk_buf_view(&b));
		end_line(e, key_comment(n));
		done = true;
	} else if (words) {
		filled(e, n, indent + 2);
		done = true;
	}
	sk_buf_free(&b);
	return done;
}

/* --- blocks ------------------------------------------------------------------------------------ */
static void value(struct emit *e, struct sk_fmt_node *n, uint32_t indent, uint32_t column);

static void
pair(struct emit *e, struct sk_fmt_node *n, uint32_t indent, bool dashed)
{
	struct sk_slice key = sk_fmt_raw(e->t, n->key);

	watch(e, n);
	if (!dashed) {
		comment_lines(e, sk_fmt_notes(n)->lead, indent);
		blanks(e, indent);
	}
	sk_buf_slice(e->out, key);
	sk_buf_char(e->out, ':');
	value(e, n, indent, indent + (uint32_t)key.n + 1);
	tail_lines(e, n, indent);
}

/* A collection that is spread over lines behind its dash has no line of its own for comments to stand behind: they come before
 * it, as do those before its first kid. */
static void
hoist_comments(struct emit *e, struct sk_fmt_node *n, struct sk_fmt_node *first, uint32_t indent)
{
	struct sk_fmt_notes *notes = n->notes;

	if (notes && notes->head) {
		comment_line(e, notes->head, indent);
		notes->head = 0;
	}
	comment_lines(e, sk_fmt_notes(first)->lead, indent);
	if (first->notes)
		first->notes->lead.first = 0;
	if (notes && notes->trail && (!n->flow || sk_fmt_is_item(n) || comments_inside(n))) {
		comment_line(e, notes->trail, indent);
		notes->trail = 0;
	}
}

static void
pairs(struct emit *e, struct sk_fmt_node *n, struct sk_fmt_node **order, uint32_t indent)
{
	sk_buf_char(e->out, ' ');
	for (uint32_t i = 0; i < n->nkids; i++)
		pair(e, order ? order[i] : &n->kids[i], indent, i == 0);
	if (sk_fmt_notes(n)->trail)
		comment_line(e, sk_fmt_notes(n)->trail, indent);
}

/* ORDER: of the pairs of an item; NULL: as they stand. */
static void
element(struct emit *e, struct sk_fmt_node *n, struct sk_fmt_node **order, uint32_t indent)
{
	bool map = n->node->kind == SK_YAML_MAP && n->nkids, item = sk_fmt_is_item(n);

	watch(e, n);
	if (!item)
		comment_lines(e, sk_fmt_notes(n)->lead, indent);
	if (n->nkids && !n->as_written)
		hoist_comments(e, n, order ? order[0] : n->kids, indent);
	blanks(e, indent);
	sk_buf_char(e->out, '-');
	/* In braces if it is written so and fits, but for items. */
	if (n->as_written || !map)
		value(e, n, indent, indent + 1);
	else if (!n->flow || item || !flow(e, n, indent, indent + 1))
		pairs(e, n, order, indent + 2);
	/* Left of the keys of an item they would belong to the next one. */
	tail_lines(e, n, item ? indent + 2 : indent);
}

static void
value(struct emit *e, struct sk_fmt_node *n, uint32_t indent, uint32_t column)
{
	if (n->node->kind == SK_YAML_SCALAR) {
		sk_fmt_scalar(e->t, n, indent, e->out);
		return;
	}
	if (n->as_written) {
		sk_fmt_as_written(e->t, n, indent, e->out);
		return;
	}
	if (flow(e, n, indent, column))
		return;
	end_line(e, key_comment(n));
	for (uint32_t i = 0; i < n->nkids; i++)
		if (n->node->kind == SK_YAML_SEQ)
			element(e, &n->kids[i], NULL, indent + 2);
		else
			pair(e, &n->kids[i], indent + 2, false);
	if (has_both_comments(n))
		comment_line(e, sk_fmt_notes(n)->trail, indent);
}

/* --- documents --------------------------------------------------------------------------------- */
static void
item(struct emit *e, struct sk_fmt_node *n, bool first)
{
	struct sk_fmt_node **order = NULL;

	if (!first && !e->t->open_end)
		sk_buf_char(e->out, '\n');
	comment_lines(e, sk_fmt_notes(n)->lead, 0);
	if (n->node->kind == SK_YAML_MAP && n->nkids && !(order = sk_fmt_order(e->t, n)))
		e->t->failed = true;
	element(e, n, order, 0);
}

/* Comments behind the last item that are not indented: KEEP. */
static void
last_comments(struct emit *e, struct sk_fmt_node *last, struct sk_comment_list *keep)
{
	struct sk_comment_list inner = { 0 }, *to;
	struct sk_comment *all = e->t->comments;

	for (uint32_t i = sk_fmt_notes(last)->tail.first, next; i; i = next) {
		struct sk_slice c = sk_fmt_comment(e->t, i);
		uint32_t line, column;

		sk_file_position(e->t->file, (uint32_t)(c.p - e->t->file->text.p), &line, &column);
		to = column - 1 <= last->column ? keep : &inner;
		next = all[i - 1].next;
		all[i - 1].next = 0;
		if (to->last)
			all[to->last - 1].next = i;
		else
			to->first = i;
		to->last = i;
	}
	if (last->notes)
		last->notes->tail = inner;
}

static void
rules(struct emit *e, struct sk_fmt_node *root)
{
	struct sk_comment_list behind = { 0 };

	if (!root->nkids) {
		sk_buf_str(e->out, "[]");
		new_line(e);
		return;
	}
	last_comments(e, &root->kids[root->nkids - 1], &behind);
	for (uint32_t i = 0; i < root->nkids; i++)
		item(e, &root->kids[i], i == 0);
	for (uint32_t i = behind.first; i; i = next_comment(e, i)) {
		if ((i == behind.first || has_blank_line(e, i, false)) && !e->t->open_end)
			sk_buf_char(e->out, '\n');
		comment_line(e, i, 0);
	}
}

void
sk_fmt_emit(struct sk_fmt_tree *t, struct sk_buf *out)
{
	struct emit e = { t, out };

	for (size_t i = 0; i < t->docs.n; i++) {
		const struct sk_fmt_doc *d = &t->docs.v[i];

		if (!d->root && !d->head && !d->loose.first)
			continue;
		if (out->n || d->head) {
			sk_buf_str(out, "---");
			end_line(&e, d->head);
		}
		for (uint32_t k = d->loose.first; k; k = next_comment(&e, k)) {
			if (k != d->loose.first && has_blank_line(&e, k, false))
				new_line(&e);
			comment_line(&e, k, 0);
		}
		if (d->root)
			rules(&e, d->root);
	}
}
