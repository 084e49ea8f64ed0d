#include "base/utf8.h"

#include "base/buf.h"

size_t
sk_utf8_sequence(const char *s, size_t n, size_t *ret_skip)
{
	const uint8_t *p = (const uint8_t *)s;
	uint8_t lo = 0x80, hi = 0xbf; /* range of the second byte: excludes overlong forms, surrogates and > U+10FFFF */
	size_t need;

	*ret_skip = 1;
	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		need = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		need = 3;
		lo = p[0] == 0xe0 ? 0xa0 : 0x80;
		hi = p[0] == 0xed ? 0x9f : 0xbf;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		need = 4;
		lo = p[0] == 0xf0 ? 0x90 : 0x80;
		hi = p[0] == 0xf4 ? 0x8f : 0xbf;
	} else
		return 0;
	for (size_t i = 1; i < need; i++) {
		if (i >= n || p[i] < lo || p[i] > hi) {
			*ret_skip = i;
			return 0;
		}
		lo = 0x80;
		hi = 0xbf;
	}
	return need;
}

size_t
sk_utf8_valid_prefix(const char *p, size_t n)
{
	size_t i = 0, skip;

	while (i < n) {
		size_t len = sk_utf8_sequence(p + i, n - i, &skip);

		if (!len)
			break;
		i += len;
	}
	return i;
}

static void
json_control(struct sk_buf *b, uint8_t c)
{
	switch (c) {
	case '\b': sk_buf_str(b, "\\b"); break;
	case '\f': sk_buf_str(b, "\\f"); break;
	case '\n': sk_buf_str(b, "\\n"); break;
	case '\r': sk_buf_str(b, "\\r"); break;
	case '\t': sk_buf_str(b, "\\t"); break;
	default: sk_buf_printf(b, "\\u%04x", c); break;
	}
}

void
sk_buf_json(struct sk_buf *b, struct sk_slice s)
{
	size_t i = 0, skip;

	while (i < s.n) {
		uint8_t c = (uint8_t)s.p[i];
		size_t len = sk_utf8_sequence(s.p + i, s.n - i, &skip);

		if (!len) {
			sk_buf_str(b, "\xef\xbf\xbd");
			len = skip;
		} else if (c == '"' || c == '\\') {
			sk_buf_char(b, '\\');
			sk_buf_char(b, (char)c);
		} else if (c < 0x20)
			json_control(b, c);
		else
			sk_buf_put(b, s.p + i, len);
		i += len;
	}
}

static bool
is_continuation(char c)
{
	return ((uint8_t)c & 0xc0) == 0x80;
}

size_t
sk_utf8_fit(const char *p, size_t n, size_t cap)
{
	size_t at = cap;

	if (n <= cap)
		return n;
	while (at && cap - at < 3 && is_continuation(p[at]))
		at--;
	return is_continuation(p[at]) ? cap : at;
}

size_t
sk_utf8_visible(const char *p, size_t n, struct sk_slice *ret)
{
	size_t skip = 1, len = sk_utf8_sequence(p, n, &skip);
	uint8_t c = (uint8_t)p[0];
	bool control = len == 1 ? c < 0x20 || c == 0x7f : len == 2 && c == 0xc2 && (uint8_t)p[1] < 0xa0;

	*ret = !len ? SK_SLICE("\xef\xbf\xbd") : control ? SK_SLICE(" ") : sk_slice(p, len);
	return len ? len : skip;
}

static uint32_t
code_point(const char *p, size_t n)
{
	static const uint8_t first[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (uint8_t)p[0] & first[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((uint8_t)p[i] & 0x3f);
	return c;
}

uint32_t
sk_utf8_cells(const char *p, size_t n)
{
	static const struct {
		uint32_t first, last, cells;
	} ranges[] = {
		{ 0x300, 0x36f, 0 },     { 0x1100, 0x115f, 2 },   { 0x200b, 0x200f, 0 },   { 0x20d0, 0x20ff, 0 },   { 0x2e80, 0x303e, 2 },
		{ 0x3041, 0xa4cf, 2 },   { 0xac00, 0xd7a3, 2 },   { 0xf900, 0xfaff, 2 },   { 0xfe00, 0xfe0f, 0 },   { 0xfe20, 0xfe2f, 0 },
		{ 0xfe30, 0xfe6f, 2 },   { 0xff00, 0xff60, 2 },   { 0xffe0, 0xffe6, 2 },   { 0x1f300, 0x1f64f, 2 }, { 0x1f680, 0x1f6ff, 2 },
		{ 0x1f900, 0x1f9ff, 2 }, { 0x20000, 0x3fffd, 2 },
	};
	uint32_t c = n > 1 && n <= 4 ? code_point(p, n) : 0;

	for (size_t i = 0; c && i < SK_COUNTOF(ranges) && c >= ranges[i].first; i++)
		if (c <= ranges[i].last)
			return ranges[i].cells;
	return 1;
}
