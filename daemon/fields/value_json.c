/* Values as JSON: output_format.md §3. */
#include "base/buf.h"
#include "base/schema.h"
#include "daemon/fields/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The shortest digits that read back as the same number. */
static void
put_double(struct sk_buf *out, double d)
{
	char text[40];

	if (!isfinite(d)) {
		sk_buf_str(out, "null");
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		(void)snprintf(text, sizeof(text), "%.*g", digits, d);
		if (strtod(text, NULL) == d)
			break;
	}
	sk_buf_str(out, text);
	if (!strpbrk(text, ".e"))
		sk_buf_str(out, ".0");
}

/* Notations that JSON numbers lack are strings. DYN: the value of a parameter, where the event table may name no format at all. */
static void
put_number(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt, bool dyn)
{
	bool time = type == SK_PT_RELTIME || type == SK_PT_ABSTIME;

	if (!time && (fmt == SK_PF_HEX || fmt == SK_PF_OCT || fmt == SK_PF_PADDED || (dyn && fmt == SK_PF_NA))) {
		sk_buf_char(out, '"');
		sk_value_text(out, v, type, fmt, false);
		sk_buf_char(out, '"');
	} else if (v->kind == SK_V_INT) {
		sk_buf_i64(out, v->i);
	} else {
		sk_buf_u64(out, v->u);
	}
}

/* Control characters read as U+FFFD, like bytes that are no UTF-8: consumers of Falco's alerts never see them otherwise. */
static void
put_string(struct sk_buf *out, struct sk_slice s)
{
	size_t from = 0;

	sk_buf_char(out, '"');
	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && (uint8_t)s.p[i] >= 0x20 && s.p[i] != 0x7f)
			continue;
		sk_buf_json(out, sk_slice(s.p + from, i - from));
		if (i < s.n)
			sk_buf_str(out, "\xef\xbf\xbd");
		from = i + 1;
	}
	sk_buf_char(out, '"');
}

/* Addresses and bytes need no escapes but those that text needs. */
static void
put_text(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt, bool base64)
{
	struct sk_buf text = { 0 };

	sk_value_text(&text, v, type, fmt, base64);
	out->failed |= text.failed;
	sk_buf_char(out, '"');
	sk_buf_json(out, sk_buf_view(&text));
	sk_buf_char(out, '"');
	sk_buf_free(&text);
}

static void
put_words(struct sk_buf *out, const struct sk_value *v)
{
	struct sk_buf text = { 0 };

	if (sk_value_words(&text, v))
		put_string(out, sk_buf_view(&text));
	else
		sk_buf_str(out, "null");
	out->failed |= text.failed;
	sk_buf_free(&text);
}

static void
put_list(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt, bool base64)
{
	if (sk_value_list_form(v) == SK_LIST_ASIDE) {
		sk_value_json(out, &v->list[v->n], type, fmt, base64);
		return;
	}
	if (sk_value_list_form(v) == SK_LIST_WORDS) {
		put_words(out, v);
		return;
	}
	if (!v->n) {
		sk_buf_str(out, "null");
		return;
	}
	sk_buf_char(out, '[');
	for (uint32_t i = 0; i < v->n; i++) {
		if (i)
			sk_buf_char(out, ',');
		sk_value_json(out, &v->list[i], type, fmt, base64);
	}
	sk_buf_char(out, ']');
}

void
sk_value_json(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt, bool base64)
{
	bool dyn = sk_value_undyn(v, &type, &fmt);

	switch ((enum sk_vkind)v->kind) {
	case SK_V_NONE:
		sk_buf_str(out, "null");
		break;
	case SK_V_BOOL:
		sk_buf_str(out, v->u ? "true" : "false");
		break;
	case SK_V_INT:
	case SK_V_UINT:
		put_number(out, v, type, fmt, dyn);
		break;
	case SK_V_FLOAT:
		if (fmt == SK_PF_DEC)
			sk_buf_i64(out, (int64_t)v->d);
		else
			put_double(out, v->d);
		break;
	case SK_V_STR:
		put_string(out, sk_slice(v->s, v->n));
		break;
	case SK_V_BYTES:
	case SK_V_IP:
	case SK_V_NET:
		put_text(out, v, type, fmt, base64);
		break;
	case SK_V_LIST:
		put_list(out, v, type, fmt, base64);
		break;
	}
}

void
sk_field_json(struct sk_buf *out, const struct sk_fields *f, enum sk_field_id field, const struct sk_value *v)
{
	const struct sk_field_desc *d = sk_field_desc(field);
	bool time = field == SK_F_evt_time || field == SK_F_evt_time_s || field == SK_F_evt_time_iso8601 || field == SK_F_evt_datetime ||
		    field == SK_F_evt_datetime_s;

	if (time && v->kind != SK_V_NONE)
		sk_buf_u64(out, f->ec.ev->ts);
	else
		sk_value_json(out, v, d ? (enum sk_ptype)d->type : SK_PT_NONE, d ? (enum sk_pfmt)d->fmt : SK_PF_NA, f->base64_buffers);
}
