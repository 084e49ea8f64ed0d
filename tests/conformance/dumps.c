/* Compares the fields of a capture's events with a dump of them: one JSON object a line, {"n": evt.num, "f": {field: value}}, gzipped.
 * Of every event that the dump has, every field that occurs anywhere in the dump is compared, as a typed JSON value: a field that the event's line
 * lacks must be absent.
 *
 *   dumps [--floor FLOORS NAME] [--exceptions TABLE] [--verbose FIELD] [--event N] CAPTURE DUMP
 *
 * prints a table of the fields that differ and a total. --verbose shows the first differences of one field, --event all those of one event. With --floor
 * it exits 1 if fewer values are equal than FLOORS asks of NAME; with --exceptions if any value differs of a field that TABLE does not list, or more than it allows. */
#include "base/attr.h"
#include "base/buf.h"
#include "base/schema.h"
#include "tests/conformance/dump_exceptions.h"
#include "tests/conformance/dump_file.h"
#include "tests/conformance/floors.h"
#include "tests/conformance/replay.h"

#include <string.h>

#define EXIT_SKIPPED 77
#define MAX_EXAMPLES 12

/* Fields that a dump cannot tell about. */
static const struct {
	const char *name, *why;
} skipped[] = {
	{ "evt.deltatime", "dumps read it twice on each event, which makes it 0" },
	{ "evt.deltatime.s", "the same" },
	{ "evt.deltatime.ns", "the same" },
};

struct column {
	const struct sk_dump_field *f;
	uint64_t passed, failed, missing, extra;
};

struct run {
	struct sk_dump dump;
	SK_VEC(struct column) columns;
	size_t next; /* line */
	struct sk_buf out;
	const struct sk_dump_exceptions *exceptions;
	const char *verbose;
	uint64_t event;
	unsigned shown;
};

/* --- the dump -------------------------------------------------------------------------------------------------------------- */
static bool
is_skipped(const char *name)
{
	for (size_t i = 0; i < SK_COUNTOF(skipped); i++)
		if (strcmp(skipped[i].name, name) == 0)
			return true;
	return false;
}

static bool
add_columns(struct run *r)
{
	bool ok = true;

	for (size_t i = 0; i < r->dump.fields.n; i++)
		if (!is_skipped(r->dump.fields.v[i].text))
			ok = ok && sk_vec_push(&r->columns, (struct column){ .f = &r->dump.fields.v[i] });
	return ok;
}

/* --- comparison ------------------------------------------------------------------------------------------------------------ */
/* Lists of a descriptor's kinds and the like have no order: the dump's is that of some hash table. */
static bool
same_members(const json_t *a, const json_t *b)
{
	size_t i, k, found;
	json_t *x, *y;

	if (json_array_size(a) != json_array_size(b))
		return false;
	json_array_foreach(a, i, x) {
		found = 0;
		json_array_foreach(b, k, y)
			found += (size_t)json_equal(x, y);
		if (!found)
			return false;
	}
	return true;
}

static bool
same(const json_t *a, const json_t *b)
{
	if (json_is_array(a) && json_is_array(b))
		return same_members(a, b);
	if (json_is_number(a) && json_is_number(b) && (json_is_real(a) || json_is_real(b))) {
		double x = json_number_value(a), y = json_number_value(b), scale = x < 0 ? -x : x;

		return (x > y ? x - y : y - x) <= scale * 1e-12;
	}
	return json_equal(a, b);
}

/* Where two texts begin to differ, with some of what stands before. */
static size_t
interesting(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n > 100 ? n - 40 : 0;
}

static void
show(struct run *r, const struct sk_fields *f, const struct column *c, const json_t *want)
{
	char *text = want ? json_dumps(want, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	bool one_field = r->verbose && strcmp(r->verbose, c->f->text) == 0 && r->shown < MAX_EXAMPLES;

	if (one_field || r->event == f->ec.ev->num) {
		r->shown += one_field;
		const char *got = sk_buf_cstr(&r->out);
		size_t from = text ? interesting(text, got) : 0;

		printf("  %llu %s type %u %s\n     want %s%.400s\n      got %s%.400s\n", (unsigned long long)f->ec.ev->num, c->f->text, f->ec.ev->type,
		       f->ec.ev->desc->sym, from ? "..." : "", text ? text + from : "absent", from ? "..." : "", got + from);
	}
	free(text);
}

static void
compare(struct run *r, struct sk_fields *f, struct column *c, const json_t *line)
{
	const json_t *want = json_object_get(line, c->f->text);
	json_t *got;

	sk_dump_load(&r->out, f, c->f);
	got = json_loadb(sk_buf_view(&r->out).p, r->out.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (got && (want ? same(want, got) : json_is_null(got))) {
		c->passed++;
	} else {
		c->failed++;
		c->missing += got && json_is_null(got);
		c->extra += !want;
		show(r, f, c, want);
	}
	json_decref(got);
}

static bool
on_event(void *arg, struct sk_fields *f)
{
	struct run *r = arg;

	while (r->next < r->dump.lines.n && r->dump.lines.v[r->next].n < f->ec.ev->num)
		r->next++; /* an event of the dump that the replay did not deliver: counted in report() */
	if (r->next == r->dump.lines.n)
		return false;
	if (r->dump.lines.v[r->next].n != f->ec.ev->num)
		return true;
	for (size_t i = 0; i < r->columns.n; i++)
		compare(r, f, &r->columns.v[i], r->dump.lines.v[r->next].f);
	r->next++;
	return true;
}

/* --- report ---------------------------------------------------------------------------------------------------------------- */
static int
by_failures(const void *pa, const void *pb)
{
	const struct column *a = pa, *b = pb;

	return a->failed != b->failed ? (a->failed < b->failed) - (a->failed > b->failed) : strcmp(a->f->text, b->f->text);
}

static double
percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 100.0;
}

/* Values of fields that are not listed: all must be equal. Of a listed one, no more than the table says may differ. */
static int
check_exceptions(const struct run *r)
{
	uint64_t passed = 0, all = 0, beyond = 0;

	for (size_t i = 0; r->exceptions && i < r->columns.n; i++) {
		const struct column *c = &r->columns.v[i];
		uint64_t failed = r->dump.lines.n - c->passed;
		const char *reason;
		uint64_t most = sk_dump_exceptions_allow(r->exceptions, c->f->text, &reason);

		if (failed > most) {
			beyond++;
			printf("%s: %llu values differ, at most %llu may (%s)\n", c->f->text, (unsigned long long)failed, (unsigned long long)most,
			       reason ? reason : "not listed");
		}
		if (!reason) {
			passed += c->passed;
			all += r->dump.lines.n;
		}
	}
	if (r->exceptions)
		printf("of fields that are not listed: %llu of %llu values equal, %.4f %%\n", (unsigned long long)passed, (unsigned long long)all, percent(passed, all));
	return beyond != 0;
}

static int
report(struct run *r, const char *floors, const char *name)
{
	uint64_t passed = 0, failed = 0;
	size_t wrong = 0;

	qsort(r->columns.v, r->columns.n, sizeof(*r->columns.v), by_failures);
	for (size_t i = 0; i < r->columns.n; i++) {
		const struct column *c = &r->columns.v[i];

		passed += c->passed;
		failed += c->failed;
		wrong += c->failed != 0;
		uint64_t unseen = r->dump.lines.n - c->passed - c->failed;
		failed += unseen; /* lines whose event never came */
		if (c->failed || unseen)
			printf("%-36s %6llu of %llu differ (%llu missing, %llu not expected, %llu no event)\n", c->f->text, (unsigned long long)c->failed,
			       (unsigned long long)(c->passed + c->failed), (unsigned long long)c->missing, (unsigned long long)c->extra,
			       (unsigned long long)unseen);
	}
	printf("%s: %llu of %llu values equal, %.4f %%, %llu differ in %zu of %zu fields, %zu events\n", name, (unsigned long long)passed,
	       (unsigned long long)(passed + failed), percent(passed, passed + failed), (unsigned long long)failed, wrong, r->columns.n, r->dump.lines.n);
	return check_exceptions(r) | sk_floor_check(floors, name, passed);
}

static void
run_free(struct run *r)
{
	sk_vec_free(&r->columns);
	sk_dump_free(&r->dump);
	sk_buf_free(&r->out);
}

int
main(int argc, char **argv)
{
	struct run r = { .verbose = NULL };
	struct sk_dump_exceptions *exceptions = NULL;
	const char *floors = NULL, *name = "dump";
	int i, result;

	for (i = 1; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		if (strcmp(argv[i], "--floor") == 0 && i + 2 < argc) {
			floors = argv[i + 1];
			name = argv[++i + 1];
		} else if (strcmp(argv[i], "--exceptions") == 0) {
			sk_dump_exceptions_free(exceptions);
			r.exceptions = exceptions = sk_dump_exceptions_read(argv[i + 1]);
			if (!exceptions)
				return 2;
		} else if (strcmp(argv[i], "--verbose") == 0) {
			r.verbose = argv[i + 1];
		} else if (strcmp(argv[i], "--event") == 0) {
			r.event = strtoull(argv[i + 1], NULL, 10);
		}
	}
	if (argc - i != 2) {
		(void)fprintf(stderr, "usage: dumps [--floor FLOORS NAME] [--exceptions TABLE] [--verbose FIELD] [--event N] CAPTURE DUMP\n");
		return 2;
	}
	if (access(argv[i], R_OK) != 0 || access(argv[i + 1], R_OK) != 0) {
		(void)fprintf(stderr, "%s or its dump is not there\n", argv[i]);
		sk_dump_exceptions_free(exceptions);
		return EXIT_SKIPPED;
	}
	result = sk_dump_read(&r.dump, argv[i + 1]) && add_columns(&r) ? sk_replay(argv[i], on_event, &r) : 2;
	if (result == 0)
		result = report(&r, floors, name);
	run_free(&r);
	sk_dump_exceptions_free(exceptions);
	return result;
}
