#include "tests/diag/formats/xml.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_DEPTH 16

struct parser {
	const char *p, *start;
	struct sk_slice open[MAX_DEPTH];
	size_t depth, roots;
	const char *why;
};

static bool
refuse(struct parser *x, const char *why)
{
	if (!x->why)
		x->why = why;
	return false;
}

static struct sk_slice
name(struct parser *x)
{
	const char *beg = x->p;

	while ((*x->p >= 'a' && *x->p <= 'z') || (*x->p >= 'A' && *x->p <= 'Z') || *x->p == '-' || *x->p == '_')
		x->p++;
	return sk_slice(beg, (size_t)(x->p - beg));
}

static bool
is_char(long c)
{
	return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c < 0x110000);
}

static bool
reference(struct parser *x)
{
	static const char *const names[] = { "amp;", "lt;", "gt;", "quot;", "apos;" };
	char *end;

	x->p++;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strncmp(x->p, names[i], strlen(names[i])) == 0) {
			x->p += strlen(names[i]);
			return true;
		}
	if (*x->p != '#' || !is_char(strtol(x->p + 1, &end, 10)) || *end != ';')
		return refuse(x, "bad reference");
	x->p = end + 1;
	return true;
}

/* Text up to STOP. */
static bool
text(struct parser *x, char stop)
{
	while (*x->p && *x->p != stop) {
		size_t skip, len = sk_utf8_sequence(x->p, strlen(x->p), &skip);

		if (*x->p == '&') {
			if (!reference(x))
				return false;
			continue;
		}
		if (!len || *x->p == '<' || strncmp(x->p, "]]>", 3) == 0 || (len == 1 && !is_char(*x->p)) ||
		    (len == 3 && memcmp(x->p, "\xef\xbf", 2) == 0 && (uint8_t)x->p[2] >= 0xbe))
			return refuse(x, "character that XML does not allow here");
		x->p += len;
	}
	return true;
}

static bool
attributes(struct parser *x)
{
	while (*x->p == ' ') {
		x->p++;
		if (!name(x).n || *x->p++ != '=' || *x->p++ != '"')
			return refuse(x, "bad attribute");
		if (!text(x, '"') || *x->p++ != '"')
			return refuse(x, "unclosed attribute");
	}
	return true;
}

static bool
end_tag(struct parser *x)
{
	x->p += 2;
	struct sk_slice n = name(x);
	if (!x->depth || !sk_slice_eq(n, x->open[--x->depth]) || *x->p++ != '>')
		return refuse(x, "end tag that ends nothing");
	return true;
}

static bool
start_tag(struct parser *x)
{
	x->p++;
	struct sk_slice n = name(x);
	if (!n.n || !attributes(x))
		return refuse(x, "bad tag");
	if (!x->depth && x->roots++)
		return refuse(x, "two roots");
	if (strncmp(x->p, "/>", 2) == 0) {
		x->p += 2;
		return true;
	}
	if (*x->p++ != '>' || x->depth == MAX_DEPTH)
		return refuse(x, "unclosed tag, or too deep");
	x->open[x->depth++] = n;
	return true;
}

static bool
document(struct parser *x)
{
	static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

	if (strncmp(x->p, head, sizeof(head) - 1) != 0)
		return refuse(x, "no declaration");
	x->p += sizeof(head) - 1;
	while (*x->p) {
		if (*x->p == '<' ? !(x->p[1] == '/' ? end_tag(x) : start_tag(x)) : !text(x, '<'))
			return false;
	}
	return (!x->depth && x->roots == 1) || refuse(x, "unclosed element");
}

bool
xml_is_well_formed(const char *s, char *why, size_t n)
{
	struct parser x = { .p = s, .start = s };

	if (document(&x))
		return true;
	(void)snprintf(why, n, "%s at byte %zu", x.why, (size_t)(x.p - x.start));
	return false;
}
