/* For tests of the configuration: files made of text, trees as JSON text. */
#ifndef SK_TEST_CONFIG_CHECK_H
#define SK_TEST_CONFIG_CHECK_H

#include "daemon/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A file of N bytes of TEXT; its name goes to PATH, which holds a template. */
static inline void
config_file(char *path, const char *text, size_t n)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	(void)close(fd);
}

/* Read N bytes of TEXT as a configuration file. */
static inline int
config_read(const char *text, size_t n, json_t **ret, struct sk_config_error *err)
{
	char path[] = "/tmp/saker-config-XXXXXX";
	int r;

	config_file(path, text, n);
	r = sk_config_tree_read(path, ret, err);
	(void)unlink(path);
	return r;
}

static inline json_t *
config_tree(const char *text)
{
	struct sk_config_error err = { "" };
	json_t *root = NULL;

	if (config_read(text, strlen(text), &root, &err) != 0)
		fail_msg("%s: %s", text, err.text);
	return root;
}

/* ROOT is the JSON text WANT. */
static inline void
config_is(const char *name, const json_t *root, const char *want)
{
	SK_AUTO_FREE char *got = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);

	assert_non_null(got);
	if (strcmp(got, want) != 0)
		fail_msg("%s is %s, not %s", name, got, want);
}

#endif
