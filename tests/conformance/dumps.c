/* Compares the fields of a capture's events with a dump of them: one JSON object a line, {"n": evt.num, "f": {field: value}}, gzipped.
 * Of every event that the dump has, every field that occurs anywhere in the dump is compared, as a typed JSON value: a field that the event's line
 * lacks must be absent.
 *
 *   dumps [--floor FLOORS NAME] [--verbose FIELD] [--event N] CAPTURE DUMP
 *
 * prints a table of the fields that differ and a total. --verbose shows the first differences of one field, --event all those of one event. With --floor
 * it exits 1 if fewer values are equal than FLOORS asks of NAME. */
#include "base/attr.h"
#include "base/buf.h"
#include "base/schema.h"
#include "base/vec.h"
#include "daemon/fields/reference.h"
#include "tests/conformance/floors.h"
#include "tests/conformance/replay.h"

#include <jansson.h>
#include <string.h>
#include <zlib.h>

#define EXIT_SKIPPED 77
#define MAX_EXAMPLES 12
#define MAX_LINE (8 << 20)

/* Fields that a dump cannot tell about. */
static const struct {
	const char *name, *why;
} skipped[] = {
	{ "evt.deltatime", "dumps read it twice on each event, which makes it 0" },
	{ "evt.deltatime.s", "the same" },
	{ "evt.deltatime.ns", "the same" },
};

struct column {
	char *text;
	struct sk_field_ref ref;
	uint64_t passed, failed, missing, extra;
};

struct line {
	uint64_t n;
	json_t *f;
};

struct run {
	SK_VEC(struct column) columns;
	SK_VEC(struct line) lines;
	size_t next; /* line */
	struct sk_buf out;
	const char *verbose;
	uint64_t event;
	unsigned shown;
};

/* --- the dump ------------------------------------------------------------------------------------------------------------------- */
static bool
is_skipped(const char *name)
{
	for (size_t i = 0; i < SK_COUNTOF(skipped); i++)
		if (strcmp(skipped[i].name, name) == 0)
			return true;
	return false;
}

static bool
add_column(struct run *r, const char *text)
{
	struct column c = { .text = NULL };

	for (size_t i = 0; i < r->columns.n; i++)
		if (strcmp(r->columns.v[i].text, text) == 0)
			return true;
	if (is_skipped(text))
		return true;
	c.text = strdup(text);
	if (c.text && !sk_field_ref_parse(sk_slice_cstr(c.text), &c.ref))
		(void)fprintf(stderr, "%s: not a field\n", text);
	if (c.text && sk_vec_push(&r->columns, c))
		return true;
	free(c.text);
	return false;
}

/* KNOWN remembers the names already seen: looking them all up per line would be quadratic. */
static bool
add_line(struct run *r, json_t *known, const char *text)
{
	json_t *whole = json_loads(text, 0, NULL), *n = json_object_get(whole, "n"), *f = json_object_get(whole, "f"), *value;
	const char *key;
	bool ok = json_is_integer(n) && json_is_object(f);

	if (ok)
		json_object_foreach (f, key, value)
			if (!json_object_get(known, key))
				ok = ok && add_column(r, key) && json_object_set_new(known, key, json_true()) == 0;
	if (ok && !sk_vec_push(&r->lines, (struct line){ (uint64_t)json_integer_value(n), json_incref(f) }))
		ok = false;
	json_decref(whole);
	return ok;
}

static bool
read_dump(struct run *r, const char *path)
{
	gzFile in = gzopen(path, "rb");
	char *text = malloc(MAX_LINE);
	json_t *known = json_object();
	bool ok = in && text && known;

	while (ok && gzgets(in, text, MAX_LINE))
		ok = add_line(r, known, text);
	json_decref(known);
	free(text);
	if (in)
		(void)gzclose(in);
	return ok && r->lines.n;
}

/* --- comparison ------------------------------------------------------------------------------------------------------------------- */
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

/* The value as JSON text in r->out; null if it is absent. */
static void
load(struct run *r, struct sk_fields *f, const struct column *c)
{
	struct sk_loader loader = sk_fields_loader(f);
	struct sk_value v = { .kind = SK_V_NONE };
	struct sk_field_arg_value arg = c->ref.arg;
	SK_AUTO_FREE char *key = arg.key ? strndup(arg.key, arg.key_len) : NULL;

	r->out.n = 0;
	if (c->ref.field && loader.load[c->ref.field->id]) {
		arg.key = key;
		arg.aux = loader.bind ? loader.bind(loader.ctx, (enum sk_field_id)c->ref.field->id, &arg) : 0;
		if (!loader.load[c->ref.field->id](loader.ctx, &arg, &v))
			v.kind = SK_V_NONE;
		sk_field_json(&r->out, f, (enum sk_field_id)c->ref.field->id, &v);
	} else {
		sk_buf_str(&r->out, "null");
	}
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
	bool one_field = r->verbose && strcmp(r->verbose, c->text) == 0 && r->shown < MAX_EXAMPLES;

	if (one_field || r->event == f->ec.ev->num) {
		r->shown += one_field;
		const char *got = sk_buf_cstr(&r->out);
		size_t from = text ? interesting(text, got) : 0;

		printf("  %llu %s type %u %s\n     want %s%.400s\n      got %s%.400s\n", (unsigned long long)f->ec.ev->num, c->text, f->ec.ev->type,
		       f->ec.ev->desc->sym, from ? "..." : "", text ? text + from : "absent", from ? "..." : "", got + from);
	}
	free(text);
}

static void
compare(struct run *r, struct sk_fields *f, struct column *c, const json_t *line)
{
	const json_t *want = json_object_get(line, c->text);
	json_t *got;

	load(r, f, c);
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

	while (r->next < r->lines.n && r->lines.v[r->next].n < f->ec.ev->num)
		r->next++; /* an event of the dump that the replay did not deliver: counted in report() */
	if (r->next == r->lines.n)
		return false;
	if (r->lines.v[r->next].n != f->ec.ev->num)
		return true;
	for (size_t i = 0; i < r->columns.n; i++)
		compare(r, f, &r->columns.v[i], r->lines.v[r->next].f);
	r->next++;
	return true;
}

/* --- report ------------------------------------------------------------------------------------------------------------------------ */
static int
by_failures(const void *pa, const void *pb)
{
	const struct column *a = pa, *b = pb;

	return a->failed != b->failed ? (a->failed < b->failed) - (a->failed > b->failed) : strcmp(a->text, b->text);
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
		uint64_t unseen = r->lines.n - c->passed - c->failed;
		failed += unseen; /* lines whose event never came */
		if (c->failed || unseen)
			printf("%-36s %6llu of %llu differ (%llu missing, %llu not expected, %llu no event)\n", c->text, (unsigned long long)c->failed,
			       (unsigned long long)(c->passed + c->failed), (unsigned long long)c->missing, (unsigned long long)c->extra,
			       (unsigned long long)unseen);
	}
	printf("%s: %llu of %llu values equal, %.4f %%, %llu differ in %zu of %zu fields, %zu events\n", name, (unsigned long long)passed,
	       (unsigned long long)(passed + failed), 100.0 * (double)passed / (double)(passed + failed), (unsigned long long)failed, wrong, r->columns.n,
	       r->lines.n);
	return sk_floor_check(floors, name, passed);
}

static void
run_free(struct run *r)
{
	for (size_t i = 0; i < r->columns.n; i++)
		free(r->columns.v[i].text);
	for (size_t i = 0; i < r->lines.n; i++)
		json_decref(r->lines.v[i].f);
	sk_vec_free(&r->columns);
	sk_vec_free(&r->lines);
	sk_buf_free(&r->out);
}

int
main(int argc, char **argv)
{
	struct run r = { .verbose = NULL };
	const char *floors = NULL, *name = "dump";
	int i, result;

	for (i = 1; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		if (strcmp(argv[i], "--floor") == 0 && i + 2 < argc) {
			floors = argv[i + 1];
			name = argv[++i + 1];
		} else if (strcmp(argv[i], "--verbose") == 0) {
			r.verbose = argv[i + 1];
		} else if (strcmp(argv[i], "--event") == 0) {
			r.event = strtoull(argv[i + 1], NULL, 10);
		}
	}
	if (argc - i != 2) {
		(void)fprintf(stderr, "usage: dumps [--floor FLOORS NAME] [--verbose FIELD] [--event N] CAPTURE DUMP\n");
		return 2;
	}
	if (access(argv[i], R_OK) != 0 || access(argv[i + 1], R_OK) != 0) {
		(void)fprintf(stderr, "%s or its dump is not there\n", argv[i]);
		return EXIT_SKIPPED;
	}
	result = read_dump(&r, argv[i + 1]) ? sk_replay(argv[i], on_event, &r) : 2;
	if (result == 0)
		result = report(&r, floors, name);
	run_free(&r);
	return result;
}
