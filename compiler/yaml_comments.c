/* Comments. YAML's parser throws them away, but it says where the scalars are, and outside of those a # that follows a blank
 * begins one. */
#include "compiler/yaml.h"

struct scan {
	struct sk_arena *arena;
	struct sk_slice text;
	uint32_t first; /* byte of the text, behind a byte order mark */
	sk_spans *ret;
};

/* The text between two scalars: punctuation only, but for comments. */
static bool
scan_gap(const struct scan *s, uint32_t beg, uint32_t end)
{
	const char *p = s->text.p;

	for (uint32_t i = beg; i < end; i++) {
		uint32_t eol = i;

		if (p[i] != '#' || (i > s->first && !strchr(" \t\n", p[i - 1])))
			continue;
		while (eol < s->text.n && p[eol] != '\n')
			eol++;
		struct sk_span c = { i, eol };
		while (c.end > i + 1 && strchr(" \t\r", p[c.end - 1]))
			c.end--;
		if (!sk_vec_push_arena(s->ret, s->arena, c))
			return false;
		i = eol;
	}
	return true;
}

/* The line of > or | may end in one. */
static bool
scan_header(const struct scan *s, const struct sk_yaml *node)
{
	uint32_t beg = node->loc.span.beg, end = node->loc.span.end;
	const char *eol = memchr(s->text.p + beg, '\n', end - beg);

	if (node->style != SK_YAML_LITERAL && node->style != SK_YAML_FOLDED)
		return true;
	return scan_gap(s, beg, eol ? (uint32_t)(eol - s->text.p) : end);
}

bool
sk_yaml_comments(struct sk_arena *arena, const struct sk_yaml_docs *docs, sk_spans *ret)
{
	struct scan s = { .arena = arena, .text = docs->file->text, .ret = ret };
	bool ok = true;

	s.first = sk_slice_starts(s.text, SK_SLICE("\xef\xbb\xbf")) ? 3 : 0;
	uint32_t at = s.first;
	for (size_t i = 0; ok && i < docs->scalars.n; i++) {
		const struct sk_yaml *node = docs->scalars.v[i];

		ok = scan_gap(&s, at, node->loc.span.beg) && scan_header(&s, node);
		if (node->loc.span.end > at)
			at = node->loc.span.end;
	}
	return ok && scan_gap(&s, at, (uint32_t)s.text.n);
}
