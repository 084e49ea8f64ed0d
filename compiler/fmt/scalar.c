/* Scalars: mostly as they are written, moved to their new place. */
#include "compiler/fmt/fmt_internal.h"

bool
sk_fmt_is_visible(struct sk_slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		const uint8_t *c = (const uint8_t *)s.p + i;
		size_t left = s.n - i;

		/* C0 and DEL; C1; line and paragraph separators; byte order marks and what is no character. */
		if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && left > 1 && c[1] < 0xa0) ||
		    (*c == 0xe2 && left > 2 && c[1] == 0x80 && (c[2] | 1) == 0xa9) ||
		    (*c == 0xef && left > 2 && ((c[1] == 0xbb && c[2] == 0xbf) || (c[1] == 0xbf && c[2] >= 0xbe))))
			return false;
	}
	return true;
}

static bool
is_one_line(struct sk_slice s)
{
	return !s.n || !memchr(s.p, '\n', s.n);
}

static void
blanks(struct sk_buf *out, uint32_t n)
{
	while (n--)
		sk_buf_char(out, ' ');
}

static void
comment(const struct sk_fmt_tree *t, uint32_t number, struct sk_buf *out)
{
	if (!number)
		return;
	sk_buf_char(out, ' ');
	sk_buf_slice(out, sk_fmt_comment(t, number));
}

/* In the line of the key it is about all of the value. */
static void
head_comment(const struct sk_fmt_tree *t, const struct sk_fmt_node *n, struct sk_buf *out)
{
	const struct sk_fmt_notes *notes = sk_fmt_notes(n);

	comment(t, notes->head ? notes->head : notes->trail, out);
}

/* --- blocks ------------------------------------------------------------------------------------ */
static struct sk_slice
next_line(struct sk_slice *rest)
{
	const char *eol = memchr(rest->p, '\n', rest->n);
	struct sk_slice line = sk_slice(rest->p, eol ? (size_t)(eol - rest->p) : rest->n);

	*rest = eol ? sk_slice(eol + 1, (size_t)(rest->p + rest->n - eol - 1)) : sk_slice(rest->p + rest->n, 0);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static size_t
leading_blanks(struct sk_slice s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == ' ')
		n++;
	return n;
}

/* What the text of a block is indented by in its file: with an explicit number that plus the indentation of the collection it is in,
 * else that of the first line with text. */
static size_t
block_indent(const struct sk_fmt_node *n, struct sk_slice header, struct sk_slice body)
{
	size_t most = 0;

	for (size_t i = 0; i < header.n; i++)
		if (header.p[i] >= '1' && header.p[i] <= '9')
			return n->column + (size_t)(header.p[i] - '0');
	while (body.n) {
		struct sk_slice line = next_line(&body);
		size_t k = leading_blanks(line);

		if (k < line.n)
			return k;
		most = k > most ? k : most;
	}
	return most;
}

/* Without + the blank lines at the end of a block do not count; what is indented deeper is no blank line. */
static struct sk_slice
without_blank_end(struct sk_slice body, size_t cut)
{
	while (body.n) {
		size_t beg = body.n - (body.p[body.n - 1] == '\n');

		while (beg && body.p[beg - 1] != '\n')
			beg--;
		struct sk_slice rest = sk_slice(body.p + beg, body.n - beg), line = next_line(&rest);
		if (leading_blanks(line) < line.n || line.n > cut)
			break;
		body.n = beg;
	}
	return body;
}

static void
block(struct sk_fmt_tree *t, const struct sk_fmt_node *n, uint32_t indent, struct sk_buf *out)
{
	struct sk_slice body = sk_fmt_raw(t, n->node), header = next_line(&body);
	size_t end = 0, cut;
	/* The last line of a file without a line break at its end: the value has none either. */
	bool unended = body.n && body.p[body.n - 1] != '\n';

	while (end < header.n && strchr("|>+-123456789", header.p[end]))
		end++;
	header.n = end;
	cut = block_indent(n, header, body);
	if (!memchr(header.p, '+', header.n))
		body = without_blank_end(body, cut);
	sk_buf_char(out, ' ');
	for (size_t i = 0; i < header.n; i++)
		if (!unended || header.p[i] != '+')
			sk_buf_char(out, header.p[i] >= '1' && header.p[i] <= '9' ? '2' : header.p[i]);
	if (unended && !memchr(header.p, '-', header.n))
		sk_buf_char(out, '-');
	head_comment(t, n, out);
	sk_buf_char(out, '\n');
	while (body.n) {
		struct sk_slice line = next_line(&body);

		if (leading_blanks(line) == line.n && line.n <= cut) {
			sk_buf_char(out, '\n');
			continue;
		}
		blanks(out, indent + 2);
		sk_buf_slice(out, line.n > cut ? sk_slice(line.p + cut, line.n - cut) : line);
		sk_buf_char(out, '\n');
	}
	t->open_end = memchr(header.p, '+', header.n) && !unended;
}

/* --- conditions and prose -------------------------------------------------------------------------------------------------- */
/* A plain scalar may hold TEXT: it reads back as this text and nothing else. Careful rather than complete. */
static bool
may_be_plain(struct sk_slice s)
{
	if (!s.n || strchr(" !&*-:?,[]{}#|>@`\"'%=~", s.p[0]) || s.p[s.n - 1] == ':' || s.p[s.n - 1] == ' ')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if ((c == '#' && s.p[i - 1] == ' ') || (c == ':' && i + 1 < s.n && s.p[i + 1] == ' '))
			return false;
	}
	return sk_fmt_is_visible(s);
}

static void
indented_lines(struct sk_slice body, uint32_t indent, struct sk_buf *out)
{
	while (body.n) {
		blanks(out, indent);
		sk_buf_slice(out, next_line(&body));
		sk_buf_char(out, '\n');
	}
}

static bool
condition(struct sk_fmt_tree *t, const struct sk_fmt_node *n, uint32_t indent, struct sk_buf *out)
{
	struct sk_buf lines = { 0 };
	uint32_t column = indent + (uint32_t)sizeof("condition: ") - 1;
	bool ok;

	if (!n->node->text.s.n)
		return false;
	ok = sk_fmt_condition(n->node->text.s, indent + 2, &lines) && !lines.failed;
	struct sk_slice body = sk_buf_view(&lines);
	if (ok && memchr(body.p, '\n', body.n) == body.p + body.n - 1 && column + body.n - 1 <= SK_FMT_WIDTH &&
	    may_be_plain(sk_slice(body.p, body.n - 1))) {
		sk_buf_char(out, ' ');
		sk_buf_slice(out, sk_slice(body.p, body.n - 1));
		head_comment(t, n, out);
		sk_buf_char(out, '\n');
	} else if (ok) {
		sk_buf_str(out, " >");
		head_comment(t, n, out);
		sk_buf_char(out, '\n');
		indented_lines(body, indent + 2, out);
	}
	sk_buf_free(&lines);
	return ok;
}

/* One line of words with single blanks, of visible characters. */
static bool
is_prose(struct sk_slice s)
{
	if (!s.n || s.p[0] == ' ' || s.p[s.n - 1] == ' ')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' && s.p[i + 1] == ' ')
			return false;
	return sk_fmt_is_visible(s);
}

/* A long line of words becomes a folded block with the same value. */
static void
wrap(const struct sk_fmt_tree *t, const struct sk_fmt_node *n, uint32_t indent, struct sk_buf *out)
{
	struct sk_slice s = n->node->text.s;

	sk_buf_str(out, " >-");
	head_comment(t, n, out);
	sk_buf_char(out, '\n');
	while (s.n) {
		size_t room = SK_FMT_WIDTH - indent - 2, cut = s.n;

		if (s.n > room) {
			cut = room;
			while (cut && s.p[cut] != ' ')
				cut--;
			if (!cut)
				for (cut = room; cut < s.n && s.p[cut] != ' ';)
					cut++;
		}
		blanks(out, indent + 2);
		sk_buf_slice(out, sk_slice(s.p, cut));
		sk_buf_char(out, '\n');
		cut += cut < s.n;
		s = sk_slice(s.p + cut, s.n - cut);
	}
}

/* --- the rest ---------------------------------------------------------------------------------- */
/* Lines of RAW; those behind the first are indented anew, which no scalar and no collection in brackets minds. */
static void
lines(struct sk_slice raw, uint32_t indent, struct sk_buf *out)
{
	bool first = true;

	while (raw.n || first) {
		struct sk_slice line = next_line(&raw);
		size_t n = first ? 0 : leading_blanks(line);

		if (!first) {
			sk_buf_char(out, '\n');
			if (n < line.n)
				blanks(out, indent + 2);
		}
		sk_buf_slice(out, sk_slice(line.p + n, line.n - n));
		first = false;
	}
}

void
sk_fmt_as_written(struct sk_fmt_tree *t, const struct sk_fmt_node *n, uint32_t indent, struct sk_buf *out)
{
	const struct sk_fmt_notes *notes = sk_fmt_notes(n);
	struct sk_slice raw = sk_fmt_raw(t, n->node);
	const char *key_end = n->key ? t->file->text.p + n->key->loc.span.end : raw.p;
	bool below = raw.p > key_end && memchr(key_end, '\n', (size_t)(raw.p - key_end));

	/* What stands behind the bracket is there already. */
	if (notes->head && t->comments[notes->head - 1].at < n->node->loc.span.beg)
		comment(t, notes->head, out);
	if (raw.n ? below : notes->head && notes->trail) {
		sk_buf_char(out, '\n');
		blanks(out, raw.n ? indent + 2 : indent - 1);
	} else if (raw.n) {
		sk_buf_char(out, ' ');
	}
	lines(raw, indent, out);
	comment(t, notes->trail, out);
	sk_buf_char(out, '\n');
	t->open_end = false;
}

void
sk_fmt_scalar(struct sk_fmt_tree *t, const struct sk_fmt_node *n, uint32_t indent, struct sk_buf *out)
{
	struct sk_slice raw = sk_fmt_raw(t, n->node);
	size_t key = n->key ? n->key->loc.span.end - n->key->loc.span.beg + 2 : 2;
	const struct sk_fmt_notes *notes = sk_fmt_notes(n);
	bool stays = n->as_written || (notes->head && notes->trail);

	t->open_end = false;
	if (!stays && sk_fmt_is_condition(n) && condition(t, n, indent, out))
		return;
	if (n->node->style == SK_YAML_LITERAL || n->node->style == SK_YAML_FOLDED) {
		block(t, n, indent, out);
	} else if (stays || (notes->head && !is_one_line(raw))) {
		sk_fmt_as_written(t, n, indent, out);
	} else if (n->key && is_one_line(raw) && indent + key + raw.n > SK_FMT_WIDTH && is_prose(n->node->text.s)) {
		wrap(t, n, indent, out);
	} else {
		if (raw.n)
			sk_buf_char(out, ' ');
		lines(raw, indent, out);
		head_comment(t, n, out);
		sk_buf_char(out, '\n');
	}
}

/* --- words in brackets --------------------------------------------------------------------------------------------------------- */
bool
sk_fmt_is_word(const struct sk_fmt_tree *t, const struct sk_yaml *node)
{
	struct sk_slice raw = sk_fmt_raw(t, node);

	return node->kind == SK_YAML_SCALAR && node->style != SK_YAML_LITERAL && node->style != SK_YAML_FOLDED && raw.n &&
	       is_one_line(raw);
}

void
sk_fmt_word(const struct sk_fmt_tree *t, const struct sk_yaml *node, struct sk_buf *out)
{
	struct sk_slice raw = sk_fmt_raw(t, node);
	bool special = false;

	for (size_t i = 0; i < raw.n && node->style == SK_YAML_PLAIN; i++)
		special |= strchr(",[]{}", raw.p[i]) != NULL;
	if (!special) {
		sk_buf_slice(out, raw);
		return;
	}
	sk_buf_char(out, '\'');
	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] == '\'')
			sk_buf_char(out, '\'');
		sk_buf_char(out, raw.p[i]);
	}
	sk_buf_char(out, '\'');
}
