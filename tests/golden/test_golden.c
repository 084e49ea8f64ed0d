/* Compiles every case, prints it, and compares with the file beside it. With SK_BLESS in the environment the files are rewritten instead. */
#include "compiler/compile.h"
#include "vm/bundle/bundle.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the four above */
#include <cmocka.h>

#define DIR SK_SOURCE_DIR "/tests/golden/"

struct result {
	struct sk_buf image, code, plan;
};

static struct sk_buf
read_file(const char *path)
{
	struct sk_buf b = { 0 };
	FILE *f = fopen(path, "rb");
	int c;

	while (f && (c = fgetc(f)) != EOF)
		sk_buf_char(&b, (char)c);
	if (f)
		(void)fclose(f);
	return b;
}

static void
print_bundle(const struct sk_buf *image, const char *path, struct sk_buf *out)
{
	void *copy = aligned_alloc(64, (image->n + 63) / 64 * 64);
	struct sk_reject why;
	struct sk_bundle *b;

	assert_non_null(copy);
	memcpy(copy, image->p, image->n);
	if (sk_bundle_open(copy, image->n, &b, &why) < 0)
		fail_msg("%s: our own bundle is refused: %s", path, why.text);
	sk_bundle_print(b, out);
	sk_bundle_close(b);
	free(copy);
}

/* The file goes in under its base name: the text does not depend on where the tree is. */
static struct result
compile(const char *path, enum sk_pass off)
{
	struct sk_buf text = read_file(path);
	struct sk_compile_input in = { .name = sk_slice_cstr(strrchr(path, '/') + 1), .text = sk_buf_view(&text) };
	struct sk_compile_job job = { .inputs = &in, .ninputs = 1 };
	struct sk_compilation done;
	struct result r = { 0 };

	if (off < SK_PASS_COUNT)
		job.off[off] = true;
	if (sk_compile_run(&job, &done, &r.image) < 0) {
		sk_diags_print(done.diags, stdout, false);
		fail_msg("%s does not compile", path);
	}
	sk_plan_print(done.plan, &r.plan);
	print_bundle(&r.image, path, &r.code);
	sk_compilation_free(&done);
	sk_buf_free(&text);
	return r;
}

static void
free_result(struct result *r)
{
	sk_buf_free(&r->image);
	sk_buf_free(&r->code);
	sk_buf_free(&r->plan);
}

static int
compare(const char *yaml, const char *suffix, const struct sk_buf *have)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%.*s%s", (int)(strlen(yaml) - 5), yaml, suffix);
	if (getenv("SK_BLESS")) {
		FILE *f = fopen(path, "wb");

		assert_non_null(f);
		(void)fwrite(have->p, 1, have->n, f);
		return fclose(f);
	}
	struct sk_buf want = read_file(path);
	bool same = sk_slice_eq(sk_buf_view(&want), sk_buf_view(have));
	if (!same)
		printf("%s differs; what came out:\n%.*s\n", path, (int)have->n, have->p);
	sk_buf_free(&want);
	return !same;
}

static void
test_code(void **state)
{
	glob_t g;
	int failed = 0;

	(void)state;
	assert_int_equal(glob(DIR "*.yaml", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct result r = compile(g.gl_pathv[i], SK_PASS_COUNT), again = compile(g.gl_pathv[i], SK_PASS_COUNT);

		failed += compare(g.gl_pathv[i], ".code", &r.code);
		assert_true(sk_slice_eq(sk_buf_view(&r.image), sk_buf_view(&again.image)));
		free_result(&r);
		free_result(&again);
	}
	globfree(&g);
	assert_int_equal(failed, 0);
}

static enum sk_pass
pass_of(const char *path)
{
	const char *name = strrchr(path, '/') + 1;

	return sk_pass_find(sk_slice(name, strcspn(name, "-.")));
}

/* Passes over the graph show in the plan, those over programs in the code. */
static int
check_pass(const char *path)
{
	enum sk_pass pass = pass_of(path);
	bool plan = pass == SK_PASS_SIMPLIFY || pass == SK_PASS_SPECIALISE;

	assert_int_not_equal(pass, SK_PASS_COUNT);
	struct result before = compile(path, pass), after = compile(path, SK_PASS_COUNT);
	struct sk_buf *b = plan ? &before.plan : &before.code, *a = plan ? &after.plan : &after.code;
	int failed = compare(path, ".before", b) + compare(path, ".after", a);
	assert_false(sk_slice_eq(sk_buf_view(b), sk_buf_view(a)));
	free_result(&before);
	free_result(&after);
	return failed;
}

static void
test_passes(void **state)
{
	bool seen[SK_PASS_COUNT] = { false };
	glob_t g;
	int failed = 0;

	(void)state;
	assert_int_equal(glob(DIR "passes/*.yaml", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		failed += check_pass(g.gl_pathv[i]);
		seen[pass_of(g.gl_pathv[i])] = true;
	}
	globfree(&g);
	assert_int_equal(failed, 0);
	for (uint32_t i = 0; i < SK_PASS_COUNT; i++)
		assert_true(seen[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_code), cmocka_unit_test(test_passes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
