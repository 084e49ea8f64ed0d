/* Paths put together by text alone. */
#include "daemon/state/internal.h"

static size_t
too_long(char *out)
{
	static const char text[] = "/DIR_TOO_LONG/FILENAME_TOO_LONG";

	memcpy(out, text, sizeof(text));
	return sizeof(text) - 1;
}

/* OUT[0, n) ends in "/": take its last component away. The root, and a directory that is no path, keep what they are. */
static size_t
up(const char *out, size_t n)
{
	size_t i = n;

	if (n <= 1)
		return n;
	for (i = n - 1; i > 0 && out[i - 1] != '/'; i--)
		;
	return i ? i : n;
}

size_t
sk_path_concat(char *out, struct sk_slice dir, struct sk_slice path)
{
	size_t n = 0;

	if (dir.n + path.n + 1 > SK_MAX_PATH)
		return too_long(out);
	if (path.n && path.p[0] == '/') {
		out[n++] = '/';
	} else if (dir.n) {
		memcpy(out, dir.p, dir.n);
		n = dir.n;
		if (out[n - 1] != '/')
			out[n++] = '/';
	}
	for (size_t i = 0; i < path.n;) {
		const char *slash = memchr(path.p + i, '/', path.n - i);
		struct sk_slice c = sk_slice(path.p + i, slash ? (size_t)(slash - path.p) - i : path.n - i);

		i += c.n + 1;
		if (!c.n || sk_slice_is(c, "."))
			continue;
		if (sk_slice_is(c, "..")) {
			n = up(out, n);
			continue;
		}
		memcpy(out + n, c.p, c.n);
		n += c.n;
		out[n++] = '/';
	}
	if (n > 1 && out[n - 1] == '/')
		n--;
	out[n] = 0;
	return n;
}
