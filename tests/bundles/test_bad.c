/* Every reason to refuse a bundle has a file that is refused for it, and for nothing else. */
#include "base/attr.h"
#include "tests/bundles/cases.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char folder[] = SK_SOURCE_DIR "/tests/bundles/bad";

/* 0 if the bundle was refused for CODE, with one line that says where. */
static int
check(const char *what, int r, enum sk_reject_code code, const struct sk_reject *err)
{
	if (r == -EBADMSG && err->code == code && strchr(err->text, ':') && !strchr(err->text, '\n'))
		return 0;
	print_error("%s %s: got %d %s: %s\n", what, sk_reject_name(code), r, sk_reject_name(err->code), err->text);
	return 1;
}

static void
test_files(void **state)
{
	int wrong = 0;

	(void)state;
	for (int code = SK_REJECT_NONE + 1; code < SK_REJECT_COUNT; code++) {
		struct sk_bundle *b = NULL;
		struct sk_reject err;
		char name[64], path[4096];

		bad_name((enum sk_reject_code)code, name, sizeof(name));
		(void)snprintf(path, sizeof(path), "%s/%s.fbc", folder, name);
		wrong += check("file", sk_bundle_open_file(path, &b, &err), (enum sk_reject_code)code, &err);
		sk_bundle_close(b);
	}
	assert_int_equal(wrong, 0);
}

static void
test_no_other_files(void **state)
{
	DIR *d = opendir(folder);
	int n = 0;

	(void)state;
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.';
	closedir(d);
	assert_int_equal(n, SK_REJECT_COUNT - 1);
}

static void
test_generated(void **state)
{
	int wrong = 0;

	(void)state;
	for (int code = SK_REJECT_NONE + 1; code < SK_REJECT_COUNT; code++) {
		struct sk_bundle *b = NULL;
		struct sk_reject err;
		struct sk_buf img = {0};

		assert_true(bad_bundle((enum sk_reject_code)code, &img));
		wrong += check("generated", sk_bundle_open(img.p, img.n, &b, &err), (enum sk_reject_code)code, &err);
		sk_bundle_close(b);
		sk_buf_free(&img);
	}
	assert_int_equal(wrong, 0);
}

/* What an operator reads when a rule needs a later engine. */
static void
test_names_field(void **state)
{
	struct sk_buf img = {0};
	struct sk_bundle *b = NULL;
	struct sk_reject err;

	(void)state;
	assert_true(bad_bundle(SK_REJECT_FIELD_NOT_READY, &img));
	assert_int_equal(sk_bundle_open(img.p, img.n, &b, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "needs field "));
	assert_non_null(strstr(err.text, "\"ka.verb\""));
	sk_buf_free(&img);
}

/* A section that only later engines know is skipped if the bundle says it may be. */
static void
test_unknown_optional(void **state)
{
	struct sk_buf img = {0};
	struct sk_bundle *b = NULL;
	struct sk_reject err;
	static const char text[] = "rule r0 \"a\"\nprogram\n\tMATCH r0 @asm:1:1\n";

	(void)state;
	assert_true(sk_bundle_assemble(sk_slice_cstr(text), &img, &err));
	struct sk_bundle_header *h = image_header(&img);
	struct sk_section_def *s = (struct sk_section_def *)(void *)(h + 1), more = {99, 0, 0, 8};
	size_t table_end = sizeof(*h) + h->nsections * sizeof(*s);
	struct sk_buf longer = {0};

	for (uint32_t i = 0; i < h->nsections; i++)
		s[i].off += sizeof(more);
	while (img.n % 8)
		sk_buf_char(&img, 0);
	more.off = img.n + sizeof(more);
	sk_buf_put(&longer, img.p, table_end);
	sk_buf_put(&longer, &more, sizeof(more));
	sk_buf_put(&longer, img.p + table_end, img.n - table_end);
	sk_buf_put(&longer, "whatever", 8);
	image_header(&longer)->nsections++;
	image_header(&longer)->size = longer.n;
	image_seal(&longer);
	int r = sk_bundle_open(longer.p, longer.n, &b, &err);
	if (r)
		fail_msg("%s", err.text);
	sk_bundle_close(b);
	sk_buf_free(&img);
	sk_buf_free(&longer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_files),       cmocka_unit_test(test_no_other_files),   cmocka_unit_test(test_generated),
	    cmocka_unit_test(test_names_field), cmocka_unit_test(test_unknown_optional),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
