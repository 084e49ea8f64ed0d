/* Values as text: output_format.md §2. */
#include "base/buf.h"
#include "base/schema.h"
#include "daemon/fields/value.h"

#include <arpa/inet.h>

static void
put_int(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt)
{
	unsigned long long u = v->u;
	uint32_t width = sk_type_width(type);

	/* Other notations show a negative number's bits, as many as its type has. */
	if (v->kind == SK_V_INT && v->i < 0 && width && width < 8)
		u &= (1ull << 8 * width) - 1;
	if (fmt == SK_PF_HEX)
		sk_buf_printf(out, "%llX", u);
	else if (fmt == SK_PF_OCT)
		sk_buf_printf(out, "%llo", u);
	else if (fmt == SK_PF_PADDED)
		sk_buf_printf(out, "%09llu", u);
	else if (v->kind == SK_V_INT)
		sk_buf_i64(out, v->i);
	else
		sk_buf_u64(out, v->u);
}

void
sk_value_bytes(struct sk_buf *out, const struct sk_value *v, bool base64)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *p = (const uint8_t *)v->s;

	if (!base64) {
		for (uint32_t i = 0; i < v->n; i++)
			sk_buf_char(out, p[i] >= 0x20 && p[i] < 0x7f ? (char)p[i] : '.');
		return;
	}
	for (uint32_t i = 0; i < v->n; i += 3) {
		uint32_t left = v->n - i;
		uint32_t w = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);

		sk_buf_char(out, digits[w >> 18]);
		sk_buf_char(out, digits[w >> 12 & 63]);
		sk_buf_char(out, left > 1 ? digits[w >> 6 & 63] : '=');
		sk_buf_char(out, left > 2 ? digits[w & 63] : '=');
	}
}

static void
put_address(struct sk_buf *out, const struct sk_value *v)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(v->ip == 6 ? AF_INET6 : AF_INET, v->addr, text, sizeof(text)))
		sk_buf_str(out, text);
}

bool
sk_value_words(struct sk_buf *out, const struct sk_value *list)
{
	size_t before = out->n;

	for (uint32_t i = 0; i < list->n; i++) {
		if (out->n > before)
			sk_buf_char(out, ' ');
		sk_buf_put(out, list->list[i].s, list->list[i].n);
	}
	return out->n > before;
}

static void
put_list(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt, bool base64)
{
	if (sk_value_list_form(v) == SK_LIST_ASIDE) {
		sk_value_text(out, &v->list[v->n], type, fmt, base64);
		return;
	}
	if (sk_value_list_form(v) == SK_LIST_WORDS) {
		if (!sk_value_words(out, v))
			sk_buf_str(out, "<NA>");
		return;
	}
	sk_buf_char(out, '(');
	for (uint32_t i = 0; i < v->n; i++) {
		if (i)
			sk_buf_char(out, ',');
		sk_value_text(out, &v->list[i], type, fmt, base64);
	}
	sk_buf_char(out, ')');
}

void
sk_value_text(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt, bool base64)
{
	(void)sk_value_undyn(v, &type, &fmt);
	switch ((enum sk_vkind)v->kind) {
	case SK_V_NONE:
		sk_buf_str(out, "<NA>");
		break;
	case SK_V_BOOL:
		sk_buf_str(out, v->u ? "true" : "false");
		break;
	case SK_V_INT:
	case SK_V_UINT:
		put_int(out, v, type, fmt);
		break;
	case SK_V_FLOAT:
		sk_buf_printf(out, "%.1f", v->d);
		break;
	case SK_V_STR:
		sk_buf_put(out, v->s, v->n);
		break;
	case SK_V_BYTES:
		sk_value_bytes(out, v, base64);
		break;
	case SK_V_IP:
		if (sk_type_kind(type) == SK_V_NET)
			sk_buf_str(out, "<IPNET>"); /* fields for comparing with nets hold an address and have never shown it */
		else
			put_address(out, v);
		break;
	case SK_V_NET:
		sk_buf_str(out, "<IPNET>");
		break;
	case SK_V_LIST:
		put_list(out, v, type, fmt, base64);
		break;
	}
}
