/* Runs the *.fbt files of a folder: README.md there. */
#include "tests/vm/fbt.h"

#include "base/buf.h"
#include "base/schema.h"
#include "vm/bundle/bundle.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define MAX_FILES 64u
#define MAX_RULES 64u

uint32_t sk_vm_run_other(struct sk_vm *vm, enum sk_source source, uint32_t type);
const char *sk_vm_dispatch_other(void);

/* One file while it is read. */
struct run {
	const char *path;
	uint32_t line;
	struct sk_arena *arena; /* of the file */
	struct sk_buf text, image;
	struct sk_bundle *bundle;
	struct sk_vm *first, *all;
	sk_load_fn load[SK_F_LIMIT];
	struct sk_value values[SK_F_LIMIT];
	uint32_t checks;
};

#define FAIL(r, ...)                                                                                                             \
	do {                                                                                                                     \
		print_error("%s:%u: ", (r)->path, (r)->line);                                                                    \
		fail_msg(__VA_ARGS__);                                                                                           \
	} while (0)

/* --- the bundle
 * -------------------------------------------------------------------------------------------------------------------------------
 */
static bool
load(void *ctx, const struct sk_field_arg_value *arg, struct sk_value *ret)
{
	*ret = ((struct run *)ctx)->values[arg->aux];
	return ret->kind != SK_V_NONE;
}

static uint32_t
number_of(void *ctx, enum sk_field_id field, const struct sk_field_arg_value *arg)
{
	(void)ctx;
	(void)arg;
	return field;
}

static void
forget(struct run *r)
{
	sk_vm_free(r->first);
	sk_vm_free(r->all);
	sk_bundle_close(r->bundle);
	r->first = r->all = NULL;
	r->bundle = NULL;
	sk_buf_free(&r->image);
}

static void
assemble(struct run *r)
{
	struct sk_reject why;

	forget(r);
	if (!sk_bundle_assemble(sk_buf_view(&r->text), &r->image, &why))
		FAIL(r, "%s", why.text);
}

static void
start(struct run *r)
{
	const struct sk_vm_opts first = {sizeof(first), SK_MATCH_FIRST}, all = {sizeof(all), SK_MATCH_ALL};
	const struct sk_loader loader = {r->load, number_of, r};
	struct sk_reject why;
	char text[256];

	assemble(r);
	if (sk_bundle_open(r->image.p, r->image.n, &r->bundle, &why) < 0)
		FAIL(r, "%s: %s", sk_reject_name(why.code), why.text);
	for (size_t i = 0; i < SK_F_LIMIT; i++)
		r->load[i] = load;
	if (sk_vm_new(r->bundle, &loader, &first, &r->first, text, sizeof(text)) < 0 ||
	    sk_vm_new(r->bundle, &loader, &all, &r->all, text, sizeof(text)) < 0)
		FAIL(r, "%s", text);
	if (sk_bundle_view(r->bundle)->nrules > MAX_RULES)
		FAIL(r, "too many rules");
}

static void
refused(struct run *r, const char *code)
{
	struct sk_reject why;

	assemble(r);
	if (sk_bundle_open(r->image.p, r->image.n, &r->bundle, &why) == 0)
		FAIL(r, "the bundle is accepted");
	if (strcmp(sk_reject_name(why.code), code) != 0)
		FAIL(r, "refused for another reason: %s: %s", sk_reject_name(why.code), why.text);
	r->checks++;
}

/* --- events
 * -------------------------------------------------------------------------------------------------------------------------------------
 */
static void
pairs(struct run *r, const char *p)
{
	const struct sk_field_desc *f;
	struct sk_value v;

	while (p[strspn(p, " \t")]) {
		if (!fbt_pair(r->arena, &p, &f, &v))
			FAIL(r, "not a field with its value");
		r->values[f->id] = v;
		p += *p == ',';
	}
}

static void
one_run(struct run *r, struct sk_vm *vm, uint32_t (*fn)(struct sk_vm *, enum sk_source, uint32_t), const uint32_t *want,
	uint32_t n, const char *what)
{
	sk_vm_begin(vm);
	uint32_t got = fn(vm, SK_SOURCE_SYSCALL, SK_E_SYSCALL_OPENAT_2_X);

	if (got != n)
		FAIL(r, "%s: %u rules match, not %u", what, got, n);
	for (uint32_t i = 0; i < n; i++)
		if (sk_vm_matches(vm)[i] != want[i])
			FAIL(r, "%s: match %u is rule %u, not %u", what, i, sk_vm_matches(vm)[i], want[i]);
	r->checks++;
}

static void
expect(struct run *r, const uint32_t *want, uint32_t n)
{
	if (!r->bundle)
		start(r);
	one_run(r, r->all, sk_vm_run, want, n, "all");
	one_run(r, r->all, sk_vm_run_other, want, n, "all, other dispatcher");
	one_run(r, r->first, sk_vm_run, want, n ? 1 : 0, "first");
	one_run(r, r->first, sk_vm_run_other, want, n ? 1 : 0, "first, other dispatcher");
	memset(r->values, 0, sizeof(r->values));
}

static uint32_t
numbers(const char *p, uint32_t *ret)
{
	uint32_t n = 0;
	char *end;

	for (; n < MAX_RULES; p = end) {
		unsigned long v = strtoul(p, &end, 10);

		if (end == p)
			break;
		ret[n++] = (uint32_t)v;
	}
	return n;
}

static void
enable(struct run *r, const char *which, bool on)
{
	uint32_t rules[MAX_RULES], n = numbers(which, rules);

	if (!r->bundle)
		start(r);
	for (uint32_t i = 0; i < n; i++) {
		sk_vm_enable(r->first, rules[i], on);
		sk_vm_enable(r->all, rules[i], on);
	}
}

/* --- lines
 * --------------------------------------------------------------------------------------------------------------------------------------
 */
enum section { OTHER, ASM, TEST, EVENT };

static const char *
behind(const char *line, const char *word)
{
	size_t n = strlen(word);

	return strncmp(line, word, n) == 0 && (line[n] == '\0' || line[n] == ' ') ? line + n + strspn(line + n, " ") : NULL;
}

static void
begin_text(struct run *r)
{
	forget(r);
	r->text.n = 0;
}

static enum section
command(struct run *r, const char *line)
{
	uint32_t rules[MAX_RULES];
	const char *rest;

	if (behind(line, "asm")) {
		begin_text(r);
		return ASM;
	}
	if ((rest = behind(line, "test"))) {
		begin_text(r);
		sk_buf_printf(&r->text,
			      "rule \"r\"\nprogram\n\ton syscall SYSCALL_OPENAT_2_X\n\t%s ? y : n\ny:\tMATCH r0\nn:\tEND\n",
			      rest);
		return TEST;
	}
	if (behind(line, "event"))
		return EVENT;
	if ((rest = behind(line, "result")))
		expect(r, rules, numbers(rest, rules));
	else if ((rest = behind(line, "reject")))
		refused(r, rest);
	else if ((rest = behind(line, "disable")) || (rest = behind(line, "enable")))
		enable(r, rest, line[0] == 'e');
	else
		FAIL(r, "unknown command");
	return OTHER;
}

static void
plain_line(struct run *r, enum section section, const char *line)
{
	const uint32_t rule = 0;
	const char *yes = behind(line, "yes"), *no = behind(line, "no");

	if (section == ASM) {
		sk_buf_printf(&r->text, "%s\n", line);
		return;
	}
	if (section == TEST && (yes || no)) {
		pairs(r, yes ? yes : no);
		expect(r, &rule, yes != NULL);
		return;
	}
	if (section != EVENT)
		FAIL(r, "this line belongs to nothing");
	pairs(r, line);
}

static void
test_file(void **state)
{
	struct run r = {.path = *state, .arena = sk_arena_new(16u << 20)};
	SK_AUTO_FCLOSE FILE *f = fopen(r.path, "re");
	SK_AUTO_FREE char *line = NULL;
	enum section section = OTHER;
	size_t cap = 0;
	ssize_t n;

	assert_non_null(f);
	while ((n = getline(&line, &cap, f)) > 0) {
		r.line++;
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (line[0] == '#' || line[strspn(line, " \t")] == '\0')
			continue;
		const char *rest = behind(line, "--");
		if (rest)
			section = command(&r, rest);
		else
			plain_line(&r, section, line);
	}
	assert_true(r.checks > 0);
	forget(&r);
	sk_buf_free(&r.text);
	sk_arena_free(r.arena);
}

int
main(int argc, char **argv)
{
	struct CMUnitTest tests[MAX_FILES];
	struct dirent **files;
	size_t n = 0;
	int found = scandir(argc > 1 ? argv[1] : ".", &files, NULL, alphasort), failed;

	if (strcmp(sk_vm_dispatch(), sk_vm_dispatch_other()) == 0)
		return 1;
	for (int i = 0; i < found; i++) {
		char *path = NULL;

		if (sk_slice_ends(sk_slice_cstr(files[i]->d_name), SK_SLICE(".fbt")) && n < MAX_FILES &&
		    asprintf(&path, "%s/%s", argv[1], files[i]->d_name) > 0)
			tests[n++] = (struct CMUnitTest){.name = path, .test_func = test_file, .initial_state = path};
		free(files[i]);
	}
	if (found >= 0)
		free(files);
	if (n == 0)
		return 1;
	failed = _cmocka_run_group_tests("fbt", tests, n, NULL, NULL);
	for (size_t i = 0; i < n; i++)
		free(tests[i].initial_state);
	return failed;
}
