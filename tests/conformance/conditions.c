/* Conditions with the events they match.
 *
 *   conditions [--verbose] [--falco] [--floor FLOORS NAME] [--deliberate LIST CAPTURE-NAME] CAPTURE TSV...
 *
 * All conditions of a capture are compiled as one rule set, replayed once with rule_matching all, and compared: number of matches and hash of their event numbers. A condition that
 * must not compile must have a finding. Prints passed/failed per operator and per field class. Conditions of LIST differ on purpose: they count apart, and one of them
 * that matches like the reference's is an error, so that the list stays true. Any other failure shows in the floor: it is the number that passed.
 * With --falco the conditions are read in Falco's dialect, in which most of LIST match. */
#include "compiler/compile.h"
#include "daemon/engine.h"
#include "probe/scap/scap.h"
#include "tests/conformance/deliberate.h"
#include "tests/conformance/floors.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>

struct item {
	char *text;        /* the condition */
	bool want_error, runtime;
	char class_[48];   /* of the expected error */
	uint64_t want_n, got_n;
	char want_hash[13];
	char op[16], field_class[24];
	bool bad;          /* has an error finding */
	crypto_hash_sha256_state sha;
	uint32_t rule;     /* in the bundle; UINT32_MAX none */
};

struct items {
	SK_VEC(struct item) v;
};

/* --- reading --------------------------------------------------------------------------------------------------------------- */
static bool
parse_line(char *line, struct item *it)
{
	char *cols[4] = { line, NULL, NULL, NULL };
	json_error_t err;

	for (int i = 1; i < 4; i++) {
		cols[i] = cols[i - 1] ? strchr(cols[i - 1], '\t') : NULL;
		if (cols[i])
			*cols[i]++ = '\0';
	}
	json_t *s = cols[2] ? json_loads(cols[0], JSON_DECODE_ANY | JSON_ALLOW_NUL, &err) : NULL;
	if (!json_is_string(s)) {
		json_decref(s);
		return false;
	}
	*it = (struct item){ .text = strndup(json_string_value(s), json_string_length(s)), .rule = UINT32_MAX };
	if (strlen(it->text) != json_string_length(s))
		it->runtime = true; /* a NUL inside cannot be written in YAML: covered by unit tests */
	json_decref(s);
	it->want_error = strcmp(cols[1], "ERROR") == 0;
	it->runtime |= it->want_error && strcmp(cols[2], "RUNTIME") == 0;
	if (it->want_error)
		(void)snprintf(it->class_, sizeof(it->class_), "%s", cols[3] ? cols[3] : "");
	else {
		it->want_n = strtoull(cols[1], NULL, 10);
		(void)snprintf(it->want_hash, sizeof(it->want_hash), "%.12s", cols[2]);
	}
	return true;
}

static bool
read_items(const char *path, struct items *items)
{
	SK_AUTO_FCLOSE FILE *f = fopen(path, "re");
	SK_AUTO_FREE char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (!f) {
		perror(path);
		return false;
	}
	while ((n = getline(&line, &cap, f)) > 0) {
		struct item it;

		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (*line == '#')
			continue;
		if (!parse_line(line, &it) || !sk_vec_push(&items->v, it)) {
			fprintf(stderr, "%s: line not understood\n", path);
			return false;
		}
	}
	return true;
}

/* --- what a condition is about: its first check ---------------------------------------------------------------------------- */
static const struct sk_cond *
first_check(const struct sk_cond *c)
{
	while (c && c->kind != SK_COND_CHECK)
		c = c->nkids ? c->kids[0] : NULL;
	return c;
}

static void
classify(struct item *it)
{
	static const char *const tokens[] = {
#define SK_CMP(sym, token, rhs, types) token,
#include <saker/cmps.def>
#undef SK_CMP
	};
	struct sk_arena *arena = sk_arena_new(16u << 20);
	struct sk_text text = { .s = sk_slice_cstr(it->text) };
	struct sk_parse p = { arena, sk_diags_new(arena), &text };
	const struct sk_cond *c = first_check(sk_cond_parse(&p));
	const struct sk_opnd *o = c ? c->lhs : NULL;

	while (o && o->kind == SK_OPND_XFORM && o->nargs)
		o = o->args[o->nargs - 1];
	(void)snprintf(it->op, sizeof(it->op), "%s", it->want_error ? "error" : c ? tokens[c->cmp] : "none");
	if (o && o->kind == SK_OPND_FIELD)
		(void)snprintf(it->field_class, sizeof(it->field_class), "%.*s", (int)strcspn(o->text.p, "."), o->text.p);
	else
		(void)snprintf(it->field_class, sizeof(it->field_class), "none");
	sk_arena_free(arena);
}

/* --- compiling ------------------------------------------------------------------------------------------------------------- */
static void
put_yaml_string(struct sk_buf *out, const char *s)
{
	sk_buf_char(out, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			sk_buf_char(out, '\\');
		if ((uint8_t)*s < 0x20 || *s == 0x7f)
			sk_buf_printf(out, "\\x%02x", (uint8_t)*s);
		else
			sk_buf_char(out, *s);
	}
	sk_buf_char(out, '"');
}

static void
put_rules(struct sk_buf *out, const struct items *items)
{
	for (size_t i = 0; i < items->v.n; i++) {
		sk_buf_printf(out, "- rule: c%zu\n  desc: d\n  priority: DEBUG\n  output: x\n  warn_evttypes: false\n  condition: ", i);
		put_yaml_string(out, items->v.v[i].text);
		sk_buf_char(out, '\n');
	}
}

static void
mark_bad(struct sk_diags *diags, struct items *items)
{
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(diags, &n);

	for (size_t i = 0; i < n; i++)
		if (all[i]->severity == SK_SEV_ERROR && all[i]->rule.n > 1) {
			size_t at = strtoul(all[i]->rule.p + 1, NULL, 10);

			if (at < items->v.n)
				items->v.v[at].bad = true;
		}
}

/* Compile all conditions that compile; those that do not are marked. */
static bool
compile_items(struct items *items, enum sk_dialect dialect, struct sk_buf *image)
{
	struct sk_buf text = { 0 };
	struct sk_compilation c;
	int r;

	put_rules(&text, items);
	const struct sk_compile_input input = { .name = SK_SLICE("conditions.yaml"), .text = sk_buf_view(&text) };
	const struct sk_compile_job job = { .inputs = &input, .ninputs = 1, .dialect = dialect, .keep_going = true };
	r = sk_compile_run(&job, &c, image);
	if (c.diags)
		mark_bad(c.diags, items);
	if (r < 0)
		fprintf(stderr, "the conditions cannot be compiled: %s\n", strerror(-r));
	sk_compilation_free(&c);
	sk_buf_free(&text);
	return r == 0;
}

/* --- replaying ------------------------------------------------------------------------------------------------------------- */
static void
count_match(struct item *it, uint64_t num)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%s%llu", it->got_n ? "," : "", (unsigned long long)num);

	(void)crypto_hash_sha256_update(&it->sha, (const unsigned char *)text, (unsigned long long)n);
	it->got_n++;
}

static bool
replay(const char *path, struct sk_engine *e, struct items *items, const uint32_t *item_of)
{
	struct sk_list_sink sink = sk_engine_sink(e);
	struct sk_scap_error err;
	struct sk_scap *capture;
	struct sk_event ev;
	enum sk_scap_result r;

	if (sk_scap_open(path, &sink, &capture, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return false;
	}
	while ((r = sk_scap_next(capture, &ev, &err)) == SK_SCAP_EVENT) {
		uint32_t n = sk_engine_event(e, &ev);

		for (uint32_t i = 0; i < n; i++)
			count_match(&items->v.v[item_of[sk_engine_matches(e)[i]]], ev.num);
	}
	sk_scap_close(capture);
	return r == SK_SCAP_END;
}

static bool
run_items(const char *capture, const struct sk_buf *image, struct items *items)
{
	const struct sk_engine_opts opts = { .sz = sizeof(opts), .mode = SK_MATCH_ALL };
	struct sk_bundle *b = NULL;
	struct sk_engine *e = NULL;
	struct sk_reject why;
	char text[256];
	bool ok = false;

	if (sk_bundle_open(image->p, image->n, &b, &why) < 0) {
		fprintf(stderr, "our own bundle is refused: %s\n", why.text);
		return false;
	}
	const struct sk_bundle_view *v = sk_bundle_view(b);
	uint32_t *item_of = calloc(v->nrules + 1u, sizeof(*item_of));
	for (uint32_t i = 0; i < v->nrules; i++) {
		item_of[i] = (uint32_t)strtoul(sk_bundle_str(v, v->rules[i].name).p + 1, NULL, 10);
		items->v.v[item_of[i]].rule = i;
	}
	for (size_t i = 0; i < items->v.n; i++)
		(void)crypto_hash_sha256_init(&items->v.v[i].sha);
	if (sk_engine_new(b, &opts, &e, text, sizeof(text)) == 0)
		ok = replay(capture, e, items, item_of);
	sk_engine_free(e);
	sk_bundle_close(b);
	free(item_of);
	return ok;
}

/* --- judging --------------------------------------------------------------------------------------------------------------- */
static bool
passed(struct item *it)
{
	unsigned char hash[32];
	char hex[65];

	if (it->want_error)
		return it->bad;
	if (it->bad || it->rule == UINT32_MAX)
		return false;
	(void)crypto_hash_sha256_final(&it->sha, hash);
	(void)sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	return it->got_n == it->want_n && memcmp(hex, it->want_hash, 12) == 0;
}

struct tally {
	char key[32];
	uint64_t passed, failed;
};

struct tallies {
	struct tally v[128];
	size_t n;
};

static void
count(struct tallies *t, const char *key, bool ok)
{
	size_t i = 0;

	while (i < t->n && strcmp(t->v[i].key, key) != 0)
		i++;
	if (i == SK_COUNTOF(t->v))
		return;
	if (i == t->n)
		(void)snprintf(t->v[t->n++].key, sizeof(t->v[0].key), "%s", key);
	if (ok)
		t->v[i].passed++;
	else
		t->v[i].failed++;
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct tally *)a)->key, ((const struct tally *)b)->key);
}

static void
print_tallies(const char *title, struct tallies *t)
{
	qsort(t->v, t->n, sizeof(t->v[0]), by_key);
	printf("%-16s %8s %8s\n", title, "passed", "failed");
	for (size_t i = 0; i < t->n; i++)
		printf("  %-14s %8llu %8llu\n", t->v[i].key, (unsigned long long)t->v[i].passed, (unsigned long long)t->v[i].failed);
}

static void
print_failure(const struct item *it)
{
	if (it->want_error)
		printf("FAIL error %s: accepted: %s\n", it->class_, it->text);
	else if (it->bad)
		printf("FAIL %s: refused: %s\n", it->op, it->text);
	else
		printf("FAIL %s: want %llu, got %llu%s: %s\n", it->op, (unsigned long long)it->want_n, (unsigned long long)it->got_n,
		       it->want_n == it->got_n ? " (other events)" : "", it->text);
}

struct options {
	const char *floors, *name, *list, *list_name;
	bool verbose;
	enum sk_dialect dialect;
};

struct verdict {
	struct tallies ops, classes, reasons;
	uint64_t passed, deliberate, failed, skipped;
	bool stale; /* a condition of the list matches */
};

static void
judge_one(struct item *it, struct sk_deliberate *list, const struct options *o, struct verdict *v)
{
	const char *reason = sk_deliberate_reason(list, it->text);
	bool ok = passed(it);

	count(&v->ops, it->op, ok);
	count(&v->classes, it->field_class, ok);
	if (ok) {
		v->passed++;
		if (reason && o->dialect == SK_DIALECT_SAKER) {
			fprintf(stderr, "listed as deliberate (%s), but it matches: %s\n", reason, it->text);
			v->stale = true;
		}
	} else if (reason) {
		v->deliberate++;
		count(&v->reasons, reason, false);
	} else {
		v->failed++;
		if (o->verbose)
			print_failure(it);
	}
}

static void
judge(struct items *items, struct sk_deliberate *list, const struct options *o, struct verdict *v)
{
	for (size_t i = 0; i < items->v.n; i++)
		if (items->v.v[i].runtime)
			v->skipped++;
		else
			judge_one(&items->v.v[i], list, o, v);
	print_tallies("operator", &v->ops);
	print_tallies("field class", &v->classes);
	print_tallies("deliberate", &v->reasons);
	if (v->skipped)
		printf("%llu cases that the reference accepts and then ends on are left out\n", (unsigned long long)v->skipped);
}

static int
conclude(const struct verdict *v, const struct sk_deliberate *list, const char *floors, const char *name)
{
	uint64_t total = v->passed + v->deliberate + v->failed;

	printf("conformance %s: %llu of %llu exact, %.2f %%; %llu differ on purpose, %llu otherwise\n", name, (unsigned long long)v->passed, (unsigned long long)total,
	       total ? 100.0 * (double)v->passed / (double)total : 0.0, (unsigned long long)v->deliberate, (unsigned long long)v->failed);
	return sk_floor_check(floors, name, v->passed) || v->stale || !sk_deliberate_all_seen(list);
}

/* The index of the first argument that is no option. */
static int
read_options(int argc, char **argv, struct options *o)
{
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--verbose") == 0) {
			o->verbose = true;
		} else if (strcmp(argv[i], "--falco") == 0) {
			o->dialect = SK_DIALECT_FALCO;
		} else if (strcmp(argv[i], "--floor") == 0 && i + 2 < argc) {
			o->floors = argv[++i];
			o->name = argv[++i];
		} else if (strcmp(argv[i], "--deliberate") == 0 && i + 2 < argc) {
			o->list = argv[++i];
			o->list_name = argv[++i];
		}
	}
	return i;
}

static int
run(const struct options *o, const char *capture, char *const *files, int nfiles)
{
	static struct verdict verdict;
	struct sk_deliberate *list = o->list ? sk_deliberate_read(o->list, o->list_name) : NULL;
	struct items items = { 0 };
	struct sk_buf image = { 0 };
	bool ok = !o->list || list;
	int r = 1;

	for (int i = 0; ok && i < nfiles; i++)
		ok = read_items(files[i], &items);
	for (size_t k = 0; ok && k < items.v.n; k++)
		classify(&items.v.v[k]);
	if (ok && compile_items(&items, o->dialect, &image) && run_items(capture, &image, &items)) {
		judge(&items, list, o, &verdict);
		r = conclude(&verdict, list, o->floors, o->name);
	}
	for (size_t k = 0; k < items.v.n; k++)
		free(items.v.v[k].text);
	sk_vec_free(&items.v);
	sk_buf_free(&image);
	sk_deliberate_free(list);
	return r;
}

int
main(int argc, char **argv)
{
	struct options o = { .name = "conditions" };
	int i = read_options(argc, argv, &o);

	if (argc - i < 2) {
		fprintf(stderr, "usage: conditions [--verbose] [--falco] [--floor FLOORS NAME] [--deliberate LIST NAME] CAPTURE TSV...\n");
		return 2;
	}
	for (int k = i; k < argc; k++)
		if (access(argv[k], R_OK) < 0) {
			printf("SKIP %s: %s is not there\n", o.name, argv[k]);
			return 77;
		}
	return run(&o, argv[i], argv + i + 1, argc - i - 1);
}
