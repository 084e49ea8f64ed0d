/* What stands between the scalars of a file. YAML's parser throws comments away, but it says where the scalars are. Outside of those
 * every token has ended where the next character is looked at, so that a # always begins a comment there, blank before it or not. */
#include "compiler/yaml.h"

static struct sk_slice
rest(const struct sk_gaps *g, uint32_t at)
{
	return sk_slice(g->docs->file->text.p + at, g->docs->file->text.n - at);
}

/* Bytes of the line break at the beginning of S, as libyaml sees it; 0 if there is none. */
static uint32_t
line_break(struct sk_slice s)
{
	if (!s.n)
		return 0;
	switch ((uint8_t)*s.p) {
	case '\n':
	case '\r': return 1;
	case 0xc2: return s.n > 1 && s.p[1] == '\x85' ? 2 : 0;
	case 0xe2: return s.n > 2 && s.p[1] == '\x80' && (s.p[2] == '\xa8' || s.p[2] == '\xa9') ? 3 : 0;
	default: return 0;
	}
}

static bool
ends_word(struct sk_slice s)
{
	return !s.n || *s.p == ' ' || *s.p == '\t' || line_break(s);
}

static uint32_t
line_end(const struct sk_gaps *g, uint32_t at)
{
	while (at < g->docs->file->text.n && !line_break(rest(g, at)))
		at++;
	return at;
}

/* --- what there is to look at -------------------------------------------------------------------------------------------------- */
/* A tag in front of a scalar is part of its span, with what stands between them. */
static uint32_t
value_begin(const struct sk_gaps *g, struct sk_span span)
{
	uint32_t at = span.beg;
	const char *p = g->docs->file->text.p;

	if (at == span.end || p[at] != '!')
		return at;
	while (at < span.end && !ends_word(rest(g, at)))
		at++;
	while (at < span.end && strchr(" \t\r\n#", p[at]))
		at = p[at] == '#' ? line_end(g, at) : at + 1;
	return at < span.end ? at : span.end;
}

static void
stretch(struct sk_gaps *g, uint32_t beg, uint32_t end)
{
	g->at = beg > g->at ? beg : g->at;
	g->end = end;
}

/* The comment behind > or |. */
static void
stretch_of_header(struct sk_gaps *g, const struct sk_yaml *node)
{
	if (node->style != SK_YAML_LITERAL && node->style != SK_YAML_FOLDED)
		return;
	uint32_t at = value_begin(g, node->loc.span), end = line_end(g, at);
	while (at < end && *rest(g, at).p != '#')
		at++;
	stretch(g, at, end);
}

/* Go on to the next stretch of text that is no value: before a scalar, and inside of its span. False if there is none. */
static bool
advance(struct sk_gaps *g)
{
	const struct sk_yaml *node = g->next < g->docs->scalars.n ? g->docs->scalars.v[g->next] : NULL;

	if (!node && g->stage == SK_GAPS_TAG)
		return false;
	switch (g->stage) {
	case SK_GAPS_BEFORE: stretch(g, g->at, node ? node->loc.span.beg : (uint32_t)g->docs->file->text.n); break;
	case SK_GAPS_TAG: stretch(g, node->loc.span.beg, value_begin(g, node->loc.span)); break;
	case SK_GAPS_HEADER: stretch_of_header(g, node); break;
	case SK_GAPS_BEHIND:
		stretch(g, node->loc.span.end, g->at);
		g->indicator = 0;
		g->next++;
		break;
	}
	g->stage = g->stage == SK_GAPS_BEHIND ? SK_GAPS_BEFORE : g->stage + 1;
	return true;
}

/* --- what it is ---------------------------------------------------------------------------------------------------------------- */
static bool
begins_line(const struct sk_gaps *g)
{
	const char *p = g->docs->file->text.p + g->at;

	return g->at == 0 || p[-1] == '\n' || (g->at == 3 && p[-3] == '\xef');
}

/* --- or ... that is a line or begins one. */
static bool
is_marker(const struct sk_gaps *g, struct sk_slice mark)
{
	return begins_line(g) && sk_slice_starts(rest(g, g->at), mark) && ends_word(rest(g, g->at + 3));
}

static bool
is_punctuation(const struct sk_gaps *g, struct sk_slice s)
{
	if (strchr(" \t\n-?:,[]{}", *s.p) || (*s.p == '\r' && s.n > 1 && s.p[1] == '\n'))
		return true;
	/* Byte order marks: ours takes one away, libyaml another. */
	return g->at < 6 && strchr("\xef\xbb\xbf", *s.p);
}

static uint32_t
word_end(const struct sk_gaps *g)
{
	uint32_t at = g->at + 1;

	while (!ends_word(rest(g, at)))
		at++;
	return at;
}

/* What begins here, and how long it is; false: nothing of note, one byte. */
static bool
look(const struct sk_gaps *g, struct sk_gap *ret)
{
	struct sk_slice s = rest(g, g->at);

	*ret = (struct sk_gap){ .span = { g->at, g->at + 3 }, .indicator = g->indicator };
	if (*s.p == '#') {
		ret->kind = SK_GAP_COMMENT;
		ret->span.end = line_end(g, g->at);
	} else if (is_marker(g, SK_SLICE("---"))) {
		ret->kind = SK_GAP_DOCUMENT;
	} else if (is_marker(g, SK_SLICE("..."))) {
		ret->kind = SK_GAP_END;
	} else if (is_punctuation(g, s)) {
		return false;
	} else {
		ret->kind = SK_GAP_OTHER;
		ret->span.end = line_break(s) ? g->at + line_break(s) : word_end(g);
	}
	return true;
}

static uint32_t
without_blanks(const struct sk_gaps *g, struct sk_span span)
{
	while (span.end > span.beg + 1 && strchr(" \t", g->docs->file->text.p[span.end - 1]))
		span.end--;
	return span.end;
}

bool
sk_gaps_next(struct sk_gaps *g, struct sk_gap *ret)
{
	do {
		while (g->at < g->end) {
			char c = *rest(g, g->at).p;

			if (look(g, ret)) {
				g->at = ret->span.end;
				if (ret->kind != SK_GAP_COMMENT)
					g->indicator = 0;
				ret->span.end = without_blanks(g, ret->span);
				return true;
			}
			if (c == '-' || c == '?')
				g->indicator = c;
			g->at++;
		}
	} while (advance(g));
	return false;
}

bool
sk_yaml_comments(struct sk_arena *arena, const struct sk_yaml_docs *docs, sk_spans *ret)
{
	struct sk_gaps g = { .docs = docs };
	struct sk_gap found;

	while (sk_gaps_next(&g, &found))
		if (found.kind == SK_GAP_COMMENT && !sk_vec_push_arena(ret, arena, found.span))
			return false;
	return true;
}
