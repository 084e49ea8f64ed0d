/* The report for programs: one object. */
#include "daemon/why/parts.h"

#include "base/schema.h"
#include "daemon/alert.h"

static void
put_text(struct sk_buf *out, struct sk_slice s)
{
	sk_buf_char(out, '"');
	sk_buf_json(out, s);
	sk_buf_char(out, '"');
}

static void
put_member(struct sk_buf *out, const char *key, struct sk_slice s)
{
	sk_buf_printf(out, ",\"%s\":", key);
	put_text(out, s);
}

static void
put_optional(struct sk_buf *out, const char *key, const char *s)
{
	if (s)
		put_member(out, key, sk_slice_cstr(s));
}

static void
put_number(struct sk_buf *out, const char *key, uint64_t n)
{
	sk_buf_printf(out, ",\"%s\":%llu", key, (unsigned long long)n);
}

static void
put_bool(struct sk_buf *out, const char *key, bool b)
{
	sk_buf_printf(out, ",\"%s\":%s", key, b ? "true" : "false");
}

static void
put_rule(const struct sk_why_report *r, struct sk_buf *out)
{
	const struct sk_bundle_view *v = sk_bundle_view(r->rules.whole.bundle);
	const struct sk_rule_def *d = &v->rules[r->rules.rule];
	bool first = true;

	sk_buf_str(out, "{\"rule\":");
	put_text(out, sk_bundle_str(v, d->name));
	put_member(out, "file", sk_bundle_str(v, v->inputs[d->input].name));
	put_number(out, "line", d->line);
	put_member(out, "condition", sk_bundle_str(v, d->condition));
	put_bool(out, "enabled", !r->off);
	sk_buf_str(out, ",\"event_types\":[");
	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++) {
		if (!r->types[type])
			continue;
		sk_buf_str(out, first ? "" : ",");
		put_text(out, sk_slice_cstr(sk_event_desc(type)->name));
		first = false;
	}
	sk_buf_char(out, ']');
}

static void
put_tally(const struct sk_why_count *v, size_t n, const char *key, struct sk_buf *out)
{
	sk_buf_printf(out, ",\"%s\":[", key);
	for (size_t i = 0; i < n; i++) {
		sk_buf_printf(out, "%s{\"events\":%llu", i ? "," : "", (unsigned long long)v[i].n);
		put_member(out, "name", v[i].name);
		sk_buf_char(out, '}');
	}
	sk_buf_char(out, ']');
}

static void
put_atom(const struct sk_why_report *r, const struct sk_why_atom *a, struct sk_buf *out)
{
	sk_buf_str(out, "{\"text\":");
	put_text(out, sk_slice_cstr(a->text));
	put_number(out, "value", a->subject);
	if (a->line) {
		put_member(out, "file", a->file);
		put_number(out, "line", a->line);
		put_number(out, "column", a->column);
	}
	put_optional(out, "macros", a->macros);
	put_optional(out, "exception", a->exception);
	if (!r->options->why_event)
		put_number(out, "held", a->held);
	sk_buf_char(out, '}');
}

/* What tests look at, and what was seen there. */
static void
put_subject(const struct sk_why_subject *x, struct sk_buf *out)
{
	sk_buf_str(out, "{\"name\":");
	put_text(out, sk_slice_cstr(x->name));
	sk_buf_str(out, ",\"seen\":[");
	for (uint32_t i = 0; i < x->samples.n; i++) {
		sk_buf_printf(out, "%s{\"events\":%llu", i ? "," : "", (unsigned long long)x->samples.v[i].count);
		put_member(out, "value", sk_slice_cstr(x->samples.v[i].text));
		sk_buf_char(out, '}');
	}
	sk_buf_str(out, "]}");
}

static void
put_line(size_t atom, const struct sk_why_line *l, struct sk_buf *out)
{
	sk_buf_printf(out, "{\"atom\":%zu", atom);
	put_bool(out, "holds", l->o.holds);
	put_bool(out, "would_have_to_differ", l->o.needed);
	put_bool(out, "asked", l->o.asked);
	put_bool(out, "decided", l->o.decided);
	put_optional(out, "hint", l->hint);
	sk_buf_char(out, '}');
}

static void
put_event(const struct sk_why_report *r, const struct sk_why_shown *s, struct sk_buf *out)
{
	sk_buf_printf(out, "{\"event\":%llu,\"time\":\"", (unsigned long long)s->num);
	sk_alert_time(out, s->ts, true, "Z\"", false);
	put_member(out, "type", sk_slice_cstr(s->type));
	sk_buf_printf(out, ",\"tid\":%lld", (long long)s->tid);
	put_optional(out, "process", s->comm);
	put_bool(out, "shown_to_rules", s->shown);
	put_bool(out, "of_rule_types", s->of_type);
	put_bool(out, "matches", s->matched);
	if (s->taken.n)
		put_member(out, "taken_by", s->taken);
	put_optional(out, "excluded_by", s->exception);
	if (s->has_code && !s->matched)
		put_number(out, "distance", s->distance);
	put_number(out, "more_alike", s->alike);
	sk_buf_str(out, ",\"values\":[");
	for (size_t i = 0; s->has_code && i < r->atoms.subjects.n; i++) {
		sk_buf_str(out, i ? "," : "");
		if (s->values[i])
			put_text(out, sk_slice_cstr(s->values[i]));
		else
			sk_buf_str(out, "null");
	}
	sk_buf_str(out, "],\"atoms\":[");
	for (size_t i = 0; s->has_code && i < r->atoms.list.n; i++) {
		sk_buf_str(out, i ? "," : "");
		put_line(i, &s->lines[i], out);
	}
	sk_buf_str(out, "]}");
}

static void
put_events(const struct sk_why_report *r, const char *key, const struct sk_why_list *l, struct sk_buf *out)
{
	sk_buf_printf(out, ",\"%s\":[", key);
	for (size_t i = 0; i < l->v.n; i++) {
		sk_buf_str(out, i ? "," : "");
		put_event(r, &l->v.v[i], out);
	}
	sk_buf_char(out, ']');
}

void
sk_why_json(const struct sk_why_report *r, struct sk_buf *out)
{
	put_rule(r, out);
	put_member(out, "capture", sk_slice_cstr(r->capture));
	if (!r->options->why_event) {
		put_number(out, "events", r->shown_events);
		put_number(out, "events_of_types", r->of_types);
		put_number(out, "matched", r->matched);
		put_tally(r->takers.v, r->takers.n, "taken_by_earlier_rules", out);
		put_tally(r->excluders.v, r->excluders.n, "excluded_by_exceptions", out);
	}
	sk_buf_str(out, ",\"atoms\":[");
	for (size_t i = 0; i < r->atoms.list.n; i++) {
		sk_buf_str(out, i ? "," : "");
		put_atom(r, &r->atoms.list.v[i], out);
	}
	sk_buf_str(out, "],\"values\":[");
	for (size_t i = 0; i < r->atoms.subjects.n; i++) {
		sk_buf_str(out, i ? "," : "");
		put_subject(&r->atoms.subjects.v[i], out);
	}
	sk_buf_char(out, ']');
	if (r->options->why_event) {
		put_events(r, "explained", &r->any, out);
	} else {
		put_events(r, "nearest_misses", &r->misses, out);
		if (!r->of_types)
			put_events(r, "nearest_of_other_types", &r->any, out);
		put_events(r, "matches", &r->matches, out);
	}
	sk_buf_str(out, "}\n");
}
