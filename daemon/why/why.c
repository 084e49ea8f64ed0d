#include "daemon/why/parts.h"

#include "probe/scap/scap.h"

#include <errno.h>
#include <unistd.h>

/* What a replay goes through. */
struct session {
	struct sk_why_report *r;
	struct sk_engine *engine;
	struct sk_vm *vm; /* of the rule alone; the engine's if there is no such bundle */
	struct sk_vm *own;
	struct sk_why_verdict verdict;
	struct sk_buf scratch;
};

static int
complain(const char *text)
{
	fprintf(stderr, "Error: %s\n", text);
	return 1;
}

/* --- setting up --- */
static void
find_types(struct sk_why_report *r, const struct sk_bundle_view *v)
{
	struct sk_block ignored;

	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++)
		r->types[type] = sk_block_find(v, SK_SOURCE_SYSCALL, type, r->rules.rule, &ignored);
}

static int
set_up(struct session *s, char *err, size_t n)
{
	/* All matches are wanted, to know which rules would have taken an event. */
	const struct sk_engine_opts opts = {.sz = sizeof(opts), .mode = SK_MATCH_ALL};
	struct sk_why_report *r = s->r;
	int rc = sk_why_load(r->options, r->config, &r->rules, err, n);

	if (rc == 0)
		rc = sk_engine_new(r->rules.whole.bundle, &opts, &s->engine, err, n);
	if (rc < 0)
		return rc;
	sk_rules_select(r->config, &r->rules.whole, s->engine);
	r->off = !sk_vm_enabled(sk_engine_vm(s->engine), r->rules.rule);
	find_types(r, sk_engine_bundle(s->engine));
	s->vm = sk_engine_vm(s->engine);
	if (r->rules.alone) {
		struct sk_loader loader = sk_fields_loader(sk_engine_fields(s->engine));

		rc = sk_vm_new(r->rules.alone, &loader, NULL, &s->own, err, n);
		s->vm = s->own;
	}
	if (rc == 0 && (!sk_why_atoms_make(&r->atoms, &r->rules) || !sk_why_verdict_init(&s->verdict, &r->atoms)))
		rc = -ENOMEM;
	return rc;
}

/* --- one event --- */
/* The rule before ours that takes an event under first-match; empty if none does. */
static struct sk_slice
taken_by(const struct session *s, uint32_t nmatches)
{
	const struct sk_bundle_view *v = sk_engine_bundle(s->engine);

	if (s->r->config->matching != SK_MATCH_FIRST || !nmatches || sk_engine_matches(s->engine)[0] >= s->r->rules.rule)
		return (struct sk_slice){0};
	return sk_bundle_str(v, v->rules[sk_engine_matches(s->engine)[0]].name);
}

static void
count_atoms(struct session *s)
{
	struct sk_why_atoms *a = &s->r->atoms;

	for (size_t i = 0; i < a->list.n; i++)
		a->list.v[i].held += s->verdict.v[i].holds;
	for (uint32_t i = 0; i < a->subjects.n; i++) {
		s->scratch.n = 0;
		if (!sk_why_value(a, s->vm, i, &s->scratch))
			sk_buf_str(&s->scratch, "<absent>");
		sk_why_sample(&a->subjects.v[i].samples, sk_buf_view(&s->scratch));
	}
}

#define COUNT(vec, who)                                                                                                          \
	do {                                                                                                                     \
		size_t i_ = 0;                                                                                                   \
		while (i_ < (vec)->n && !sk_slice_eq((vec)->v[i_].name, (who)))                                                  \
			i_++;                                                                                                    \
		if (i_ < (vec)->n)                                                                                               \
			(vec)->v[i_].n++;                                                                                        \
		else if (!sk_vec_push((vec), (struct sk_why_count){(who), 1}))                                                   \
			s->r->failed = true;                                                                                     \
	} while (0)

static void
keep(struct session *s, struct sk_why_list *list, struct sk_slice taken, bool of_type)
{
	const struct sk_event_ctx *x = &sk_engine_fields(s->engine)->ec;

	if (!sk_why_keep(list, &s->r->atoms, s->vm, x, &s->verdict, taken, of_type))
		s->r->failed = true;
}

static void
judge_of_type(struct session *s, uint32_t nmatches)
{
	struct sk_why_report *r = s->r;
	struct sk_slice taken = taken_by(s, nmatches);

	r->of_types++;
	count_atoms(s);
	if (!s->verdict.matched) {
		if (s->verdict.exception) {
			struct sk_slice name = sk_slice_cstr(s->verdict.exception);

			r->excluded++;
			COUNT(&r->excluders, name);
		}
		keep(s, &r->misses, (struct sk_slice){0}, true);
		return;
	}
	r->matched++;
	if (taken.n) {
		r->taken++;
		COUNT(&r->takers, taken);
	}
	keep(s, &r->matches, taken, true);
}

/* The event has been applied: N rules match it. */
static void
judge(struct session *s, uint32_t nmatches)
{
	const struct sk_event_ctx *x = &sk_engine_fields(s->engine)->ec;
	struct sk_why_report *r = s->r;
	uint16_t type = x->ev->type;
	bool code;

	r->events++;
	if (!x->deliver && r->options->why_event != x->ev->num)
		return;
	r->shown_events += x->deliver;
	r->by_type[type] += x->deliver;
	if (s->own)
		sk_vm_begin(s->own);
	else if (!x->deliver) /* the engine has not begun it */
		sk_vm_begin(s->vm);
	code = sk_why_judge(&s->verdict, &r->atoms, s->vm, type);
	if (r->options->why_event) {
		r->found = true;
		keep(s, &r->any, taken_by(s, nmatches), r->types[type]);
	} else if (code && r->types[type]) {
		judge_of_type(s, nmatches);
	} else if (code && !r->of_types) {
		keep(s, &r->any, (struct sk_slice){0}, false);
	}
}

/* --- the capture --- */
static int
replay(struct session *s)
{
	struct sk_list_sink sink = sk_engine_sink(s->engine);
	struct sk_scap_error err = {"", 0};
	enum sk_scap_result got = SK_SCAP_EVENT;
	struct sk_scap *capture;
	struct sk_event ev;

	if (sk_scap_open(s->r->capture, &sink, &capture, &err) < 0)
		return complain(err.text);
	while (!s->r->failed && !s->r->found && (got = sk_scap_next(capture, &ev, &err)) == SK_SCAP_EVENT) {
		uint32_t n = sk_engine_event(s->engine, &ev);

		if (!s->r->options->why_event || s->r->options->why_event == ev.num)
			judge(s, n);
		else
			s->r->events++;
	}
	sk_scap_close(capture);
	if (got == SK_SCAP_ERROR) /* what was read before stays good */
		(void)snprintf(s->r->damage, sizeof(s->r->damage), "%s", err.text);
	return s->r->failed ? complain("out of memory") : 0;
}

static int
print(const struct sk_why_report *r)
{
	struct sk_buf out = {0};
	int rc = 0;

	if (r->options->why_event && !r->found) {
		char text[160];

		(void)snprintf(text, sizeof(text), "event %llu is not in the capture, which has %llu",
			       (unsigned long long)r->options->why_event, (unsigned long long)r->events);
		rc = complain(*r->damage ? r->damage : text);
	} else {
		if (r->options->json_format)
			sk_why_json(r, &out);
		else
			sk_why_text(r, &out, isatty(STDOUT_FILENO) && !getenv("NO_COLOR"));
		if (out.failed || fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0)
			rc = complain("standard output cannot be written");
		if (*r->damage)
			rc = complain(r->damage);
	}
	sk_buf_free(&out);
	return rc;
}

/* What is known at the end: which values are worth showing. Exceptions are meant to be rare. */
static void
sum_up(struct sk_why_report *r)
{
	struct sk_why_atoms *a = &r->atoms;

	for (size_t i = 0; i < a->list.n; i++) {
		struct sk_why_atom *x = &a->list.v[i];

		x->tells = !x->held && !x->exception && !a->subjects.v[x->subject].told;
		a->subjects.v[x->subject].told |= x->tells;
	}
	for (size_t i = 0; i < a->subjects.n; i++)
		sk_why_samples_sort(&a->subjects.v[i].samples);
}

static void
release(struct session *s)
{
	struct sk_why_report *r = s->r;

	sk_why_verdict_free(&s->verdict);
	sk_buf_free(&s->scratch);
	sk_vm_free(s->own);
	sk_engine_free(s->engine);
	sk_why_list_free(&r->matches, &r->atoms);
	sk_why_list_free(&r->misses, &r->atoms);
	sk_why_list_free(&r->any, &r->atoms);
	sk_why_atoms_free(&r->atoms);
	sk_vec_free(&r->takers);
	sk_vec_free(&r->excluders);
	sk_why_unload(&r->rules);
	free(r);
}

int
sk_why(const struct sk_options *o, const struct sk_config *c)
{
	struct session s = {.r = calloc(1, sizeof(*s.r))};
	char err[512] = "";
	int rc;

	if (!s.r)
		return complain("out of memory");
	s.r->options = o;
	s.r->config = c;
	s.r->capture = c->capture_file;
	s.r->matches.limit = s.r->misses.limit = s.r->any.limit = o->why_limit;
	if (!*c->capture_file)
		rc = complain("no capture: name one with -e");
	else if ((rc = set_up(&s, err, sizeof(err))) < 0)
		rc = complain(*err ? err : strerror(-rc));
	else
		rc = replay(&s);
	if (rc == 0) {
		sum_up(s.r);
		rc = print(s.r);
	}
	release(&s);
	return rc;
}
