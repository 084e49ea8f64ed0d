/* The report for people. */
#include "daemon/why/parts.h"

#include "base/schema.h"
#include "daemon/alert.h"

/* Values of a test and types of events that are listed. */
#define MANY_VALUES 5u
#define MANY_TYPES 12u
/* A rule of more tests is shown in short. */
#define MANY_TESTS 60u
/* Width that texts of tests are padded to. */
#define TEXT_WIDTH 44u

struct printer {
	const struct sk_why_report *r;
	struct sk_buf *out;
	bool color;
};

enum color { PLAIN, BOLD, DIM, RED, GREEN, YELLOW };

static void
put_color(struct printer *p, enum color c)
{
	static const char *const codes[] = {"0", "1", "2", "31", "32", "33"};

	if (p->color)
		sk_buf_printf(p->out, "\033[%sm", codes[c]);
}

/* Text from files and events: nothing in it moves a cursor. */
static void
put_safe(struct printer *p, struct sk_slice s)
{
	size_t from = 0;

	/* As in JSON, but these two are harmless. */
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '"' && s.p[i] != '\\')
			continue;
		sk_buf_json(p->out, sk_slice(s.p + from, i - from));
		sk_buf_char(p->out, s.p[i]);
		from = i + 1;
	}
	sk_buf_json(p->out, sk_slice(s.p + from, s.n - from));
}

static void
put_cstr(struct printer *p, const char *s)
{
	put_safe(p, sk_slice_cstr(s));
}

static void
pad(struct printer *p, size_t from, size_t width)
{
	while (!p->out->failed && p->out->n - from < width)
		sk_buf_char(p->out, ' ');
}

static void
put_place(struct printer *p, const struct sk_why_atom *a)
{
	if (!a->line)
		return;
	put_color(p, DIM);
	put_safe(p, a->file);
	sk_buf_printf(p->out, ":%u:%u", a->line, a->column);
	if (a->macros) {
		sk_buf_str(p->out, " in macro ");
		put_cstr(p, a->macros);
	}
	if (a->exception) {
		sk_buf_str(p->out, " in exception ");
		put_cstr(p, a->exception);
	}
	put_color(p, PLAIN);
}

/* --- the rule --- */
/* Names of the types of SET, with COUNT of each if given, most frequent first. */
static void
put_types(struct printer *p, const bool *set)
{
	uint32_t shown = 0, left = 0;
	const char *last = "";

	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++) {
		const char *name = sk_event_desc(type)->name;

		if (!set[type] || strcmp(name, last) == 0)
			continue;
		last = name;
		if (shown >= MANY_TYPES)
			left++;
		else
			sk_buf_printf(p->out, "%s%s", shown++ ? ", " : "", name);
	}
	if (left)
		sk_buf_printf(p->out, " and %u more", left);
	if (!shown)
		sk_buf_str(p->out, "no event type at all");
	sk_buf_char(p->out, '\n');
}

/* A condition may be many lines; it is shown as one. */
static void
put_folded(struct printer *p, struct sk_slice s)
{
	struct sk_buf flat = {0};

	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r\n", s.p[i]))
			sk_buf_char(&flat, s.p[i]);
		else if (flat.n && flat.p[flat.n - 1] != ' ')
			sk_buf_char(&flat, ' ');
	while (flat.n && flat.p[flat.n - 1] == ' ')
		flat.n--;
	put_safe(p, sk_buf_view(&flat));
	sk_buf_free(&flat);
}

static void
put_rule(struct printer *p)
{
	const struct sk_bundle_view *v = sk_bundle_view(p->r->rules.whole.bundle);
	const struct sk_rule_def *d = &v->rules[p->r->rules.rule];

	put_color(p, BOLD);
	sk_buf_str(p->out, "Rule ");
	put_safe(p, sk_bundle_str(v, d->name));
	put_color(p, PLAIN);
	if (d->line) {
		sk_buf_str(p->out, ", ");
		put_safe(p, sk_bundle_str(v, v->inputs[d->input].name));
		sk_buf_printf(p->out, ":%u", d->line);
	}
	sk_buf_str(p->out, "\n  ");
	put_folded(p, sk_bundle_str(v, d->condition));
	sk_buf_str(p->out, "\nCan match: ");
	put_types(p, p->r->types);
	if (p->r->off) {
		put_color(p, YELLOW);
		sk_buf_str(p->out, "The rule is turned off, by itself or by the configuration: it raises no alert.\n");
		put_color(p, PLAIN);
	}
	if (!p->r->rules.alone)
		sk_buf_str(p->out, "The rules are a bundle: tests are shown as the compiler left them. With rule files they are "
				   "shown as written.\n");
}

/* --- counts --- */
static void
put_most_frequent_types(struct printer *p)
{
	uint64_t below = UINT64_MAX;

	for (uint32_t shown = 0; shown < MANY_TYPES;) {
		uint64_t most = 0;

		for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++)
			if (p->r->by_type[t] < below && p->r->by_type[t] > most)
				most = p->r->by_type[t];
		if (!most)
			break;
		below = most;
		for (uint32_t t = 0; t < SK_EVENT_LIMIT && shown < MANY_TYPES; t++)
			if (p->r->by_type[t] == most)
				sk_buf_printf(p->out, "%s%s %llu", shown++ ? ", " : "", sk_event_desc(t)->name,
					      (unsigned long long)most);
	}
	sk_buf_char(p->out, '\n');
}

static void
put_counts(struct printer *p)
{
	const struct sk_why_report *r = p->r;

	sk_buf_char(p->out, '\n');
	put_cstr(p, r->capture);
	sk_buf_printf(p->out, ": %llu events, %llu of these types: %llu match, %llu do not\n",
		      (unsigned long long)r->shown_events, (unsigned long long)r->of_types, (unsigned long long)r->matched,
		      (unsigned long long)(r->of_types - r->matched));
	for (size_t i = 0; i < r->takers.n; i++) {
		sk_buf_str(p->out, "  matches that the earlier rule ");
		put_safe(p, r->takers.v[i].name);
		sk_buf_printf(p->out, " takes (rule_matching: first): %llu\n", (unsigned long long)r->takers.v[i].n);
	}
	for (size_t i = 0; i < r->excluders.n; i++) {
		sk_buf_str(p->out, "  would match but for exception ");
		put_safe(p, r->excluders.v[i].name);
		sk_buf_printf(p->out, ": %llu\n", (unsigned long long)r->excluders.v[i].n);
	}
	if (!r->of_types) {
		sk_buf_str(p->out, "  The capture has ");
		put_most_frequent_types(p);
	}
}

static void
put_values(struct printer *p, const struct sk_why_subject *x)
{
	const struct sk_why_samples *s = &x->samples;
	uint64_t rest = s->others;

	put_color(p, DIM);
	sk_buf_str(p->out, "            ");
	put_cstr(p, x->name);
	sk_buf_str(p->out, " was ");
	for (uint32_t i = 0; i < s->n; i++) {
		if (i >= MANY_VALUES) {
			rest += s->v[i].count;
			continue;
		}
		sk_buf_str(p->out, i ? ", " : "");
		put_cstr(p, s->v[i].text);
		sk_buf_printf(p->out, " (%llu)", (unsigned long long)s->v[i].count);
	}
	if (rest)
		sk_buf_printf(p->out, ", other values (%llu)", (unsigned long long)rest);
	put_color(p, PLAIN);
	sk_buf_char(p->out, '\n');
}

static void
put_atoms(struct printer *p)
{
	const struct sk_why_report *r = p->r;
	size_t left = 0;

	if (!r->of_types)
		return;
	sk_buf_printf(p->out, "\nHow often each test held, of %llu:\n", (unsigned long long)r->of_types);
	for (size_t i = 0; i < r->atoms.list.n; i++) {
		const struct sk_why_atom *a = &r->atoms.list.v[i];
		bool never = a->held == 0;
		size_t from;

		if (r->atoms.list.n > MANY_TESTS && never && !a->tells) {
			left++;
			continue;
		}
		put_color(p, never ? RED : a->held == r->of_types ? GREEN : PLAIN);
		sk_buf_printf(p->out, "%10llu", (unsigned long long)a->held);
		put_color(p, PLAIN);
		sk_buf_str(p->out, "  ");
		from = p->out->n;
		put_cstr(p, a->text);
		pad(p, from, TEXT_WIDTH);
		sk_buf_str(p->out, "  ");
		put_place(p, a);
		sk_buf_char(p->out, '\n');
		if (a->tells)
			put_values(p, &r->atoms.subjects.v[a->subject]);
	}
	if (left)
		sk_buf_printf(p->out, "         0  each of %zu other tests\n", left);
}

/* --- events --- */
static void
put_line(struct printer *p, const struct sk_why_atom *a, const struct sk_why_line *l, const char *value)
{
	size_t from;

	sk_buf_str(p->out, l->o.needed ? "  ! " : "    ");
	put_color(p, l->o.holds ? GREEN : RED);
	sk_buf_printf(p->out, "%-5s", l->o.holds ? "true" : "false");
	put_color(p, l->o.needed ? BOLD : PLAIN);
	sk_buf_str(p->out, "  ");
	from = p->out->n;
	put_cstr(p, a->text);
	put_color(p, PLAIN);
	pad(p, from, TEXT_WIDTH);
	sk_buf_str(p->out, "  ");
	put_cstr(p, p->r->atoms.subjects.v[a->subject].name);
	sk_buf_str(p->out, value ? ": " : " is absent");
	put_cstr(p, value ? value : "");
	if (l->o.decided)
		sk_buf_str(p->out, "  <- decided");
	sk_buf_char(p->out, '\n');
	if (!l->o.needed)
		return;
	sk_buf_str(p->out, "           ");
	put_place(p, a);
	if (l->hint) {
		put_color(p, YELLOW);
		sk_buf_str(p->out, "\n           hint: ");
		put_cstr(p, l->hint);
		put_color(p, PLAIN);
	}
	sk_buf_char(p->out, '\n');
}

/* Of a rule with very many tests, those that failed and are not in the way are left out. */
static void
put_lines(struct printer *p, const struct sk_why_shown *s)
{
	const struct sk_why_atoms *a = &p->r->atoms;
	size_t left = 0;

	for (size_t i = 0; s->has_code && i < a->list.n; i++) {
		const struct sk_why_line *l = &s->lines[i];

		if (a->list.n > MANY_TESTS && !l->o.holds && !l->o.needed && !l->o.decided)
			left++;
		else
			put_line(p, &a->list.v[i], l, s->values[a->list.v[i].subject]);
	}
	if (left)
		sk_buf_printf(p->out, "    (%zu more tests that did not hold)\n", left);
}

static void
put_verdict(struct printer *p, const struct sk_why_shown *s)
{
	if (!s->has_code) {
		sk_buf_str(p->out, "the rule can never match events of this type\n");
		return;
	}
	if (s->matched && s->taken.n) {
		sk_buf_str(p->out, "matches, but the earlier rule ");
		put_safe(p, s->taken);
		sk_buf_str(p->out, " takes it (rule_matching: first)\n");
	} else if (s->matched) {
		sk_buf_str(p->out, p->r->off ? "matches, but the rule is off\n" : "matches\n");
	} else if (s->exception) {
		sk_buf_str(p->out, "excluded by exception ");
		put_cstr(p, s->exception);
		sk_buf_char(p->out, '\n');
	} else {
		sk_buf_printf(p->out, "%u test%s short of a match\n", s->distance, s->distance == 1 ? "" : "s");
	}
}

static void
put_event(struct printer *p, const struct sk_why_shown *s)
{
	sk_buf_char(p->out, '\n');
	put_color(p, BOLD);
	sk_buf_printf(p->out, "Event %llu", (unsigned long long)s->num);
	put_color(p, PLAIN);
	sk_buf_str(p->out, " at ");
	sk_alert_time(p->out, s->ts, false, "", false);
	sk_buf_printf(p->out, ", %s", s->type);
	if (s->comm && *s->comm) {
		sk_buf_str(p->out, " by ");
		put_cstr(p, s->comm);
		sk_buf_printf(p->out, " (%lld)", (long long)s->tid);
	}
	sk_buf_str(p->out, ": ");
	if (!s->shown)
		sk_buf_str(p->out, "never shown to rules, it only keeps the tables right; it ");
	put_verdict(p, s);
	if (s->alike)
		sk_buf_printf(p->out, "    (and %llu more with the same values in the way)\n", (unsigned long long)s->alike);
	put_lines(p, s);
}

static void
put_list(struct printer *p, const char *title, const struct sk_why_list *l)
{
	if (!l->v.n)
		return;
	sk_buf_printf(p->out, "\n%s", title);
	for (size_t i = 0; i < l->v.n; i++)
		put_event(p, &l->v.v[i]);
}

void
sk_why_text(const struct sk_why_report *r, struct sk_buf *out, bool color)
{
	struct printer p = {r, out, color};

	put_rule(&p);
	if (r->options->why_event) {
		for (size_t i = 0; i < r->any.v.n; i++)
			put_event(&p, &r->any.v.v[i]);
		return;
	}
	put_counts(&p);
	put_atoms(&p);
	put_list(&p, "Nearest misses (! would have to be otherwise):\n", &r->misses);
	if (!r->of_types)
		put_list(&p, "Nearest events of other types (! would have to be otherwise):\n", &r->any);
	put_list(&p, "Matches:\n", &r->matches);
}
