#include "grammar/words.h"

#include "base/attr.h"
#include "base/suggest.h"

static const struct cmp_row {
	const char *token;
	enum sk_cmp_rhs rhs;
} cmps[SK_CMP_COUNT] = {
#define SK_CMP(sym, token, rhs, types) [SK_CMP_##sym] = { token, SK_RHS_##rhs },
#include <saker/cmps.def>
#undef SK_CMP
};

static const struct xform_row {
	const char *name;
	bool takes_arg;
} xforms[SK_XF_LIMIT] = {
#define SK_XFORM(num, sym, name, min, max, arg) [SK_XF_##sym] = { name, arg },
#include <saker/xforms.def>
#undef SK_XFORM
};

static const char *const quants[] = {
	[SK_QUANT_NONE] = "", [SK_QUANT_ONEOF] = "oneof", [SK_QUANT_ANYOF] = "anyof", [SK_QUANT_ALLOF] = "allof"
};

const char *
sk_word_cmp(enum sk_cmp cmp)
{
	return cmps[cmp].token;
}

enum sk_cmp_rhs
sk_word_cmp_rhs(enum sk_cmp cmp)
{
	return cmps[cmp].rhs;
}

enum sk_cmp
sk_word_cmp_prefix(struct sk_slice word, size_t *ret_len)
{
	enum sk_cmp best = SK_CMP_COUNT;
	size_t len = 0;

	for (size_t i = 0; i < SK_CMP_COUNT; i++) {
		struct sk_slice token = sk_slice_cstr(cmps[i].token);

		if (token.n > len && sk_slice_starts(word, token)) {
			best = (enum sk_cmp)i;
			len = token.n;
		}
	}
	if (best == SK_CMP_EQ && sk_slice_starts(word, SK_SLICE("==")))
		len = 2;
	*ret_len = len;
	return best;
}

enum sk_xform
sk_word_xform_find(struct sk_slice name)
{
	for (size_t i = 0; i < SK_XF_LIMIT; i++)
		if (xforms[i].name && sk_slice_is(name, xforms[i].name))
			return (enum sk_xform)i;
	return SK_XF_NONE;
}

const char *
sk_word_xform(enum sk_xform x)
{
	return xforms[x].name;
}

bool
sk_word_xform_takes_arg(enum sk_xform x)
{
	return xforms[x].takes_arg;
}

const char *
sk_word_quant(enum sk_quant q)
{
	return quants[q];
}

enum sk_quant
sk_word_quant_find(struct sk_slice word)
{
	for (size_t i = 1; i < SK_COUNTOF(quants); i++)
		if (sk_slice_is(word, quants[i]))
			return (enum sk_quant)i;
	return SK_QUANT_NONE;
}

struct sk_slice
sk_word_cmp_nearest(struct sk_slice word)
{
	struct sk_suggest s = { .wanted = word };

	for (size_t i = 0; i < SK_CMP_COUNT; i++)
		sk_suggest_offer(&s, sk_slice_cstr(cmps[i].token));
	return s.best;
}

struct sk_slice
sk_word_xform_nearest(struct sk_slice word)
{
	struct sk_suggest s = { .wanted = word };

	for (size_t i = 0; i < SK_XF_LIMIT; i++)
		if (xforms[i].name)
			sk_suggest_offer(&s, sk_slice_cstr(xforms[i].name));
	return s.best;
}

struct sk_slice
sk_word_quant_nearest(struct sk_slice word)
{
	return sk_suggest_among(word, quants, SK_COUNTOF(quants));
}
