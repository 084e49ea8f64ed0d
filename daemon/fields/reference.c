#include "daemon/fields/reference.h"

#include "base/schema.h"

#include <saker/bundle.h>

/* A number of decimal digits only; false if it is none or too large. */
static bool
parse_index(struct sk_slice s, uint64_t *ret)
{
	uint64_t v = 0;

	if (!s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint64_t digit = (uint64_t)(s.p[i] - '0');

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*ret = v;
	return true;
}

static bool
unquote(struct sk_slice *s)
{
	char q = s->n ? s->p[0] : 0;

	if (q != '"' && q != '\'')
		return true;
	if (s->n < 2 || s->p[s->n - 1] != q)
		return false;
	*s = sk_slice(s->p + 1, s->n - 2);
	return true;
}

/* ".arg" or "[arg]" without its punctuation; false if REST is neither. */
static bool
argument_text(struct sk_slice rest, struct sk_slice *ret)
{
	if (rest.n > 1 && rest.p[0] == '.') {
		*ret = sk_slice(rest.p + 1, rest.n - 1);
		return true;
	}
	if (rest.n > 2 && rest.p[0] == '[' && rest.p[rest.n - 1] == ']') {
		*ret = sk_slice(rest.p + 1, rest.n - 2);
		return unquote(ret);
	}
	return false;
}

static bool
takes(enum sk_field_arg takes, enum sk_value_arg given)
{
	switch (takes) {
	case SK_FA_NONE:
		return given == SK_VA_NONE;
	case SK_FA_OPT:
		return true;
	case SK_FA_OPT_INDEX:
		return given != SK_VA_KEY;
	case SK_FA_REQ:
	case SK_FA_REQ_KEY_OR_INDEX:
		return given != SK_VA_NONE;
	case SK_FA_REQ_KEY:
		return given == SK_VA_KEY;
	}
	return false;
}

bool
sk_field_ref_parse(struct sk_slice text, struct sk_field_ref *ret)
{
	const struct sk_field_desc *d = text.n ? sk_field_prefix(text) : NULL;
	struct sk_field_arg_value arg = { .kind = SK_VA_NONE };

	if (!d)
		return false;
	struct sk_slice rest = sk_slice(text.p + d->name_len, text.n - d->name_len), a;

	if (rest.n) {
		if (!argument_text(rest, &a) || a.n > UINT32_MAX)
			return false;
		if (d->arg != SK_FA_REQ_KEY && parse_index(a, &arg.index)) {
			arg.kind = SK_VA_INDEX;
		} else {
			arg.kind = SK_VA_KEY;
			arg.key = a.p;
			arg.key_len = (uint32_t)a.n;
		}
	}
	*ret = (struct sk_field_ref){ d, arg };
	/* evt.abspath alone is its ".src". */
	return takes((enum sk_field_arg)d->arg, (enum sk_value_arg)arg.kind) || d->id == SK_F_evt_abspath;
}
