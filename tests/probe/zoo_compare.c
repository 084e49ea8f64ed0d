/* Compares a live recording of the scenario zoo-1 with the recording and the dump of fields of another engine: the same events, and in them the same values.
 *
 *   zoo_compare [--floor PERCENT] [--verbose FIELD] [--events] TABLE OURS REFERENCE DUMP
 *
 * TABLE says what is not compared, and what differs for a reason (zoo.tsv). Prints the fields that differ, those with most differences first, then the totals.
 * Exit 1 if fewer than PERCENT of the values are equal, those with a reason counted as unequal. */
#include "base/attr.h"
#include "base/schema.h"
#include "tests/conformance/dump_file.h"
#include "tests/conformance/replay.h"
#include "tests/probe/zoo_same.h"

#include <stdio.h>
#include <string.h>

#define EXIT_SKIPPED 77
#define MAX_EXAMPLES 30

struct count {
	uint64_t equal, aside, excepted, differ;
};

struct run {
	struct zoo a, b; /* reference, ours */
	struct sk_dump dump;
	struct zoo_same same;
	const struct sk_dump_line **line_of; /* by number of our event */
	size_t nlines;
	struct count *fields; /* as dump.fields */
	struct sk_buf out;
	const char *verbose;
	unsigned shown;
	uint64_t without; /* lines of the dump whose event ours has not */
};

/* --- events ---------------------------------------------------------------------------------------------------------------- */
static const char *
event_name(uint16_t type)
{
	return sk_event_desc(type)->name;
}

static bool
listed(struct run *r, const char *name)
{
	for (size_t i = 0; i < r->same.rules.n; i++) {
		struct zoo_rule *u = &r->same.rules.v[i];

		if (strcmp(u->kind, "aside") == 0 && strcmp(u->field, "*") == 0 && strcmp(u->event, name) == 0)
			return ++u->used;
	}
	return false;
}

/* Events of Z that the other has not: how many, one line a type where PRINT. HAS[n] of event n. */
static uint64_t
lonely(struct run *r, const struct zoo *z, const bool *has, const char *title, bool print)
{
	uint64_t all = 0;

	for (uint32_t t = 0; t < SK_EVENT_LIMIT; t++) {
		uint64_t n = 0;

		for (size_t i = 0; i < z->events.n; i++)
			n += z->events.v[i].type == t && !has[z->events.v[i].num];
		if (!n || listed(r, event_name((uint16_t)t)))
			continue;
		all += n;
		if (print)
			printf("  %s %-20s %llu\n", title, event_name((uint16_t)t), (unsigned long long)n);
	}
	return all;
}

static bool
report_events(struct run *r, const uint64_t *pairs, size_t npairs, bool print)
{
	size_t last = r->b.events.n ? r->b.events.v[r->b.events.n - 1].num + 1 : 1, both = 0;
	SK_AUTO_FREE bool *in_a = calloc(npairs + 1, 1), *in_b = calloc(last + 1, 1);

	if (!in_a || !in_b)
		return false;
	for (size_t i = 0; i < npairs; i++) {
		in_a[i] = pairs[i] != 0;
		both += pairs[i] != 0;
		if (pairs[i])
			in_b[pairs[i]] = true;
	}
	uint64_t missing = lonely(r, &r->a, in_a, "only the reference:", print), extra = lonely(r, &r->b, in_b, "only ours:", print);
	printf("events: %zu in both, %llu only in the reference, %llu only in ours; threads: %zu and %zu\n", both, (unsigned long long)missing,
	       (unsigned long long)extra, r->a.threads.n, r->b.threads.n);
	return true;
}

static bool
pair_lines(struct run *r, const uint64_t *pairs, size_t npairs)
{
	for (size_t i = 0; i < npairs; i++)
		if (pairs[i] >= r->nlines)
			r->nlines = pairs[i] + 1;
	r->line_of = calloc(r->nlines + 1, sizeof(struct sk_dump_line *));
	for (size_t i = 0; r->line_of && i < r->dump.lines.n; i++) {
		uint64_t n = r->dump.lines.v[i].n, ours = n < npairs ? pairs[n] : 0;

		if (ours)
			r->line_of[ours] = &r->dump.lines.v[i];
		else if (!listed(r, json_string_value(json_object_get(r->dump.lines.v[i].f, "evt.type"))))
			r->without++;
	}
	return r->line_of != NULL;
}

/* --- values ---------------------------------------------------------------------------------------------------------------- */
static void
show(struct run *r, const struct sk_fields *f, const char *field, const json_t *want)
{
	if (!r->verbose || strcmp(r->verbose, field) != 0 || r->shown++ >= MAX_EXAMPLES)
		return;
	char *text = want ? json_dumps(want, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	printf("  %llu %s\n     want %.600s\n      got %.600s\n", (unsigned long long)f->ec.ev->num, event_name(f->ec.ev->type), text ? text : "absent", sk_buf_cstr(&r->out));
	free(text);
}

/* As the list of the reference is: nobody but the scenario's shell was there before, without environment and capabilities. */
static bool
keep(void *arg, struct sk_thread_entry *t)
{
	const struct run *r = arg;

	t->env = sk_slice("", 0);
	t->cap_inheritable = t->cap_permitted = t->cap_effective = 0;
	t->exe_writable = false;
	return t->tid == r->b.threads.v[0].tid;
}

static bool
on_event(void *arg, struct sk_fields *f)
{
	struct run *r = arg;
	uint64_t n = f->ec.ev->num;
	const struct sk_dump_line *line = n < r->nlines ? r->line_of[n] : NULL;

	for (size_t i = 0; line && i < r->dump.fields.n; i++) {
		const struct sk_dump_field *d = &r->dump.fields.v[i];
		const json_t *want = json_object_get(line->f, d->text);

		sk_dump_load(&r->out, f, d);
		json_t *got = json_loadb(sk_buf_view(&r->out).p, r->out.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		switch (zoo_same(&r->same, event_name(f->ec.ev->type), d->text, want, json_is_null(got) ? NULL : got)) {
		case ZOO_EQUAL: r->fields[i].equal++; break;
		case ZOO_ASIDE: r->fields[i].aside++; break;
		case ZOO_EXCEPT: r->fields[i].excepted++; break;
		case ZOO_DIFFERS:
			r->fields[i].differ++;
			show(r, f, d->text, want);
			break;
		}
		json_decref(got);
	}
	return true;
}

static void
print_fields(const struct run *r)
{
	for (uint64_t limit = UINT64_MAX;;) {
		uint64_t next = 0;

		for (size_t i = 0; i < r->dump.fields.n; i++)
			if (r->fields[i].differ < limit && r->fields[i].differ > next)
				next = r->fields[i].differ;
		if (!next)
			return;
		for (size_t i = 0; i < r->dump.fields.n; i++)
			if (r->fields[i].differ == next)
				printf("%-32s %6llu of %llu differ\n", r->dump.fields.v[i].text, (unsigned long long)next,
				       (unsigned long long)(r->fields[i].equal + r->fields[i].excepted + next));
		limit = next;
	}
}

static int
report(const struct run *r, double floor_)
{
	struct count all = { 0 };

	print_fields(r);
	for (size_t i = 0; i < r->dump.fields.n; i++) {
		all.equal += r->fields[i].equal;
		all.aside += r->fields[i].aside;
		all.excepted += r->fields[i].excepted;
		all.differ += r->fields[i].differ;
	}
	for (size_t i = 0; i < r->same.rules.n; i++)
		if (!r->same.rules.v[i].used)
			printf("unused: %s %s %s\n", r->same.rules.v[i].kind, r->same.rules.v[i].event, r->same.rules.v[i].field);
	uint64_t sum = all.equal + all.excepted + all.differ;
	double percent = sum ? 100.0 * (double)all.equal / (double)sum : 0;
	printf("values: %llu of %llu equal, %.3f %%; %llu differ with a reason, %llu without; %llu aside; %llu dumped events without one of ours\n",
	       (unsigned long long)all.equal, (unsigned long long)sum, percent, (unsigned long long)all.excepted, (unsigned long long)all.differ,
	       (unsigned long long)all.aside, (unsigned long long)r->without);
	if (percent >= floor_)
		return 0;
	(void)fprintf(stderr, "%.3f %% is below the floor of %.3f %%\n", percent, floor_);
	return 1;
}

/* --- all ------------------------------------------------------------------------------------------------------------------- */
static int
compare(struct run *r, char **files, bool events, double floor_)
{
	SK_AUTO_FREE uint64_t *pairs = NULL;
	size_t npairs = 0;

	if (!zoo_same_read(&r->same, files[0]) || zoo_read(&r->b, files[1]) < 0 || zoo_read(&r->a, files[2]) < 0 || !sk_dump_read(&r->dump, files[3]))
		return 2;
	r->same.a = &r->a;
	r->same.b = &r->b;
	r->fields = calloc(r->dump.fields.n, sizeof(*r->fields));
	if (!r->fields || !zoo_align(&r->a, &r->b, &pairs, &npairs) || !pair_lines(r, pairs, npairs) || !report_events(r, pairs, npairs, events) ||
	    sk_replay_some(files[1], keep, on_event, r) != 0)
		return 2;
	return report(r, floor_);
}

int
main(int argc, char **argv)
{
	struct run r = { .verbose = NULL };
	double floor_ = 0;
	bool events = false;
	int i, result;

	for (i = 1; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--floor") == 0 && i + 1 < argc)
			floor_ = strtod(argv[++i], NULL);
		else if (strcmp(argv[i], "--verbose") == 0 && i + 1 < argc)
			r.verbose = argv[++i];
		else if (strcmp(argv[i], "--events") == 0)
			events = true;
	}
	if (argc - i != 4) {
		(void)fprintf(stderr, "usage: zoo_compare [--floor PERCENT] [--verbose FIELD] [--events] TABLE OURS REFERENCE DUMP\n");
		return 2;
	}
	for (int k = i; k < argc; k++)
		if (access(argv[k], R_OK) != 0) {
			(void)fprintf(stderr, "%s is not there\n", argv[k]);
			return EXIT_SKIPPED;
		}
	result = compare(&r, argv + i, events, floor_);
	zoo_free(&r.a);
	zoo_free(&r.b);
	zoo_same_free(&r.same);
	sk_dump_free(&r.dump);
	sk_buf_free(&r.out);
	free(r.line_of);
	free(r.fields);
	return result;
}
