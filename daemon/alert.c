#include "daemon/alert.h"

#include "base/schema.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <time.h>

struct extras {
	SK_VEC(struct sk_alert_extra) v;
};

struct sk_alerter {
	const struct sk_config *config;
	struct sk_engine *engine;
	const struct sk_bundle_view *bundle;
	struct extras *extras; /* [nrules] */
	struct sk_buf message, text, json;
	SK_VEC(struct member { struct sk_slice key; uint32_t value; struct sk_slice text; bool is_text; size_t place; }) members;
	struct sk_buf member_text;
};

struct sk_alerter *
sk_alerter_new(const struct sk_config *c, struct sk_engine *e)
{
	struct sk_alerter *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->config = c;
	a->engine = e;
	a->bundle = sk_engine_bundle(e);
	a->extras = calloc(a->bundle->nrules + 1u, sizeof(*a->extras));
	if (a->extras)
		return a;
	free(a);
	return NULL;
}

void
sk_alerter_free(struct sk_alerter *a)
{
	if (!a)
		return;
	for (uint32_t i = 0; i < a->bundle->nrules; i++) {
		for (size_t k = 0; k < a->extras[i].v.n; k++)
			free((char *)a->extras[i].v.v[k].key);
		sk_vec_free(&a->extras[i].v);
	}
	free(a->extras);
	sk_buf_free(&a->message);
	sk_buf_free(&a->text);
	sk_buf_free(&a->json);
	sk_buf_free(&a->member_text);
	sk_vec_free(&a->members);
	free(a);
}

bool
sk_alerter_add(struct sk_alerter *a, uint32_t rule, const struct sk_alert_extra *x)
{
	struct sk_alert_extra copy = *x;

	copy.key = x->key ? strdup(x->key) : NULL;
	if (x->key && !copy.key)
		return false;
	if (sk_vec_push(&a->extras[rule].v, copy))
		return true;
	free((char *)copy.key);
	return false;
}

/* --- text ------------------------------------------------------------------------------------------------------------------ */
void
sk_alert_time(struct sk_buf *out, uint64_t ts, bool iso8601, const char *suffix, bool local)
{
	time_t seconds = (time_t)(ts / 1000000000u);
	struct tm tm;
	char text[40];

	if (local && !iso8601)
		(void)localtime_r(&seconds, &tm);
	else
		(void)gmtime_r(&seconds, &tm);
	size_t n = strftime(text, sizeof(text), iso8601 ? "%Y-%m-%dT%H:%M:%S" : "%H:%M:%S", &tm);
	sk_buf_put(out, text, n);
	sk_buf_printf(out, ".%09u%s", (unsigned)(ts % 1000000000u), suffix);
}

/* Cut what was appended from FROM on to WIDTH bytes, or pad it with blanks. */
static void
fit_width(struct sk_buf *out, size_t from, uint32_t width)
{
	if (out->n > from)
		out->n = from + sk_utf8_fit(out->p + from, out->n - from, width);
	while (!out->failed && out->n - from < width)
		sk_buf_char(out, ' ');
}

/* What is beyond the longest message is not put together at all. */
static void
put_template(struct sk_alerter *a, struct sk_buf *out, uint32_t output)
{
	const struct sk_output_def *o = &a->bundle->outputs[output];
	size_t most = out->n + SK_MAX_ALERT;

	for (uint32_t i = 0; i < o->npieces && out->n <= most; i++) {
		const struct sk_piece_def *p = &a->bundle->pieces[o->first_piece + i];
		size_t from = out->n;

		if (p->is_transformed == SK_PIECE_HIDDEN)
			continue;
		if (p->value == 0) {
			sk_buf_slice(out, sk_bundle_str(a->bundle, p->text));
			continue;
		}
		sk_value_text(out, sk_engine_value(a->engine, p->value - 1), (enum sk_ptype)p->type, (enum sk_pfmt)p->fmt, a->config->buffer_base64);
		if (p->width)
			fit_width(out, from, p->width);
	}
	if (out->n > most)
		out->n = most - SK_MAX_ALERT + sk_utf8_fit(out->p + most - SK_MAX_ALERT, out->n + SK_MAX_ALERT - most, SK_MAX_ALERT);
}

/* The rule's own output and what is appended to it. */
static void
put_message(struct sk_alerter *a, uint32_t rule)
{
	a->message.n = 0;
	put_template(a, &a->message, a->bundle->rules[rule].output);
	for (size_t i = 0; i < a->extras[rule].v.n; i++) {
		const struct sk_alert_extra *x = &a->extras[rule].v.v[i];

		if (x->key)
			continue;
		sk_buf_char(&a->message, ' ');
		put_template(a, &a->message, x->output);
	}
	if (a->message.n)
		a->message.n = sk_utf8_fit(a->message.p, a->message.n, SK_MAX_ALERT);
}

static void
put_line(struct sk_alerter *a, uint32_t rule)
{
	const struct sk_fields *f = sk_engine_fields(a->engine);

	a->text.n = 0;
	sk_alert_time(&a->text, f->ec.ev->ts, a->config->time_iso8601, a->config->time_iso8601 ? "+0000" : "", f->local_time);
	sk_buf_printf(&a->text, ": %s ", sk_priority_name((enum sk_priority)a->bundle->rules[rule].priority));
	sk_buf_slice(&a->text, sk_buf_view(&a->message));
}

/* --- JSON ------------------------------------------------------------------------------------------------------------------ */
static void
put_key(struct sk_buf *out, bool *first, const char *key)
{
	if (!*first)
		sk_buf_char(out, ',');
	*first = false;
	sk_buf_printf(out, "\"%s\":", key);
}

static void
put_string(struct sk_buf *out, struct sk_slice s)
{
	sk_buf_char(out, '"');
	sk_buf_json(out, s);
	sk_buf_char(out, '"');
}

static void
add_member(struct sk_alerter *a, struct member m)
{
	m.place = a->members.n;
	if (!sk_vec_push(&a->members, m))
		a->json.failed = true;
}

static void
add_template_members(struct sk_alerter *a, uint32_t output)
{
	const struct sk_output_def *o = &a->bundle->outputs[output];

	for (uint32_t i = 0; i < o->npieces; i++) {
		const struct sk_piece_def *p = &a->bundle->pieces[o->first_piece + i];

		if (p->value && p->is_transformed != SK_PIECE_TRANSFORMED)
			add_member(a, (struct member){ .key = sk_bundle_str(a->bundle, p->text), .value = p->value - 1 });
	}
}

/* The template is one value, and nothing else that shows. */
static bool
is_one_value(const struct sk_alerter *a, const struct sk_output_def *o)
{
	const struct sk_piece_def *p = &a->bundle->pieces[o->first_piece];

	for (uint32_t i = 1; i < o->npieces; i++)
		if (p[i].is_transformed != SK_PIECE_HIDDEN)
			return false;
	return o->npieces && p->value;
}

/* A member of append_output's extra_fields. Text members are put together first: their offsets are turned into slices at the end. */
static void
add_extra_member(struct sk_alerter *a, const struct sk_alert_extra *x)
{
	const struct sk_output_def *o = &a->bundle->outputs[x->output];
	size_t from = a->member_text.n;

	if (x->raw && is_one_value(a, o)) {
		add_member(a, (struct member){ .key = sk_slice_cstr(x->key), .value = a->bundle->pieces[o->first_piece].value - 1 });
		return;
	}
	put_template(a, &a->member_text, x->output);
	add_member(a, (struct member){ .key = sk_slice_cstr(x->key), .text = { NULL, from }, .value = (uint32_t)(a->member_text.n - from), .is_text = true });
}

/* Of members with one key the last that was added comes first, and is the one that counts. */
static int
by_key(const void *pa, const void *pb)
{
	const struct member *a = pa, *b = pb;
	int r = sk_slice_cmp(a->key, b->key);

	return r ? r : a->place < b->place ? 1 : -1;
}

static void
collect_members(struct sk_alerter *a, uint32_t rule)
{
	a->members.n = 0;
	a->member_text.n = 0;
	add_member(a, (struct member){ .key = a->config->time_iso8601 ? SK_SLICE("evt.time.iso8601") : SK_SLICE("evt.time"), .value = UINT32_MAX });
	add_template_members(a, a->bundle->rules[rule].output);
	for (size_t i = 0; i < a->extras[rule].v.n; i++) {
		const struct sk_alert_extra *x = &a->extras[rule].v.v[i];

		if (x->key)
			add_extra_member(a, x);
		else
			add_template_members(a, x->output);
	}
	if (a->members.n)
		qsort(a->members.v, a->members.n, sizeof(*a->members.v), by_key);
}

/* The value, or as much of a text as an alert may hold. */
static struct sk_value
cut_value(const struct sk_value *v)
{
	struct sk_value cut = *v;

	if (v->kind == SK_V_STR || v->kind == SK_V_BYTES)
		cut.n = (uint32_t)sk_utf8_fit(v->s, v->n, SK_MAX_ALERT);
	return cut;
}

static void
put_member(struct sk_alerter *a, const struct member *m)
{
	const struct sk_fields *f = sk_engine_fields(a->engine);
	struct sk_buf *out = &a->json;

	if (m->is_text)
		put_string(out, sk_slice(a->member_text.p + m->text.n, m->value));
	else if (m->value == UINT32_MAX)
		sk_buf_u64(out, f->ec.ev->ts);
	else {
		const struct sk_value_def *def = &a->bundle->values[m->value];
		const struct sk_value v = cut_value(sk_engine_value(a->engine, m->value));

		if (def->def == SK_VD_FIELD)
			sk_field_json(out, f, (enum sk_field_id)def->id, &v);
		else
			sk_value_json(out, &v, (enum sk_ptype)def->type, SK_PF_NA, a->config->buffer_base64);
	}
}

static void
put_output_fields(struct sk_alerter *a, uint32_t rule)
{
	bool first = true;

	collect_members(a, rule);
	sk_buf_char(&a->json, '{');
	for (size_t i = 0; i < a->members.n; i++) {
		if (i && sk_slice_eq(a->members.v[i].key, a->members.v[i - 1].key))
			continue;
		if (!first)
			sk_buf_char(&a->json, ',');
		first = false;
		put_string(&a->json, a->members.v[i].key);
		sk_buf_char(&a->json, ':');
		put_member(a, &a->members.v[i]);
	}
	sk_buf_char(&a->json, '}');
}

static void
put_tags(struct sk_alerter *a, const struct sk_rule_def *r)
{
	const struct sk_list_def *l = &a->bundle->lists[r->tags];
	const uint32_t *refs = a->bundle->indexes + l->first;

	sk_buf_char(&a->json, '[');
	for (uint32_t i = 0; i + 1 < l->n; i += 2) {
		if (i)
			sk_buf_char(&a->json, ',');
		put_string(&a->json, sk_bundle_str(a->bundle, (struct sk_str_ref){ refs[i], refs[i + 1] }));
	}
	sk_buf_char(&a->json, ']');
}

/* Members in alphabetical order, as consumers have always seen them. */
static void
put_json(struct sk_alerter *a, uint32_t rule)
{
	const struct sk_rule_def *r = &a->bundle->rules[rule];
	struct sk_buf *out = &a->json;
	bool first = true;

	out->n = 0;
	sk_buf_char(out, '{');
	put_key(out, &first, "hostname");
	put_string(out, sk_state_hostname(sk_engine_state(a->engine)));
	if (a->config->json_message_property) {
		put_key(out, &first, "message");
		put_string(out, sk_buf_view(&a->message));
	}
	if (a->config->json_output_property) {
		put_key(out, &first, "output");
		put_string(out, sk_buf_view(&a->text));
	}
	if (a->config->json_output_fields_property) {
		put_key(out, &first, "output_fields");
		put_output_fields(a, rule);
	}
	put_key(out, &first, "priority");
	put_string(out, sk_slice_cstr(sk_priority_name((enum sk_priority)r->priority)));
	put_key(out, &first, "rule");
	put_string(out, sk_bundle_str(a->bundle, r->name));
	put_key(out, &first, "source");
	put_string(out, sk_slice_cstr(sk_source_name((enum sk_source)r->source)));
	if (a->config->json_tags_property) {
		put_key(out, &first, "tags");
		put_tags(a, r);
	}
	put_key(out, &first, "time");
	sk_buf_char(out, '"');
	sk_alert_time(out, sk_engine_fields(a->engine)->ec.ev->ts, true, "Z\"}", false);
}

static bool
no_memory(const struct sk_alerter *a)
{
	return a->message.failed || a->text.failed || a->json.failed || a->member_text.failed;
}

/* Give back what there is: the next alert may be smaller. */
static void
start_again(struct sk_alerter *a)
{
	sk_buf_free(&a->message);
	sk_buf_free(&a->text);
	sk_buf_free(&a->json);
	sk_buf_free(&a->member_text);
}

struct sk_slice
sk_alert_line(struct sk_alerter *a, uint32_t rule)
{
	if (no_memory(a))
		start_again(a);
	put_message(a, rule);
	put_line(a, rule);
	if (a->config->json_output)
		put_json(a, rule);
	else {
		/* A name chosen by an attacker must not break the line or the terminal. */
		a->json.n = 0;
		sk_buf_json(&a->json, sk_buf_view(&a->text));
	}
	const char *line = sk_buf_cstr(&a->json);
	return no_memory(a) ? (struct sk_slice){ 0 } : sk_slice(line, a->json.n);
}
