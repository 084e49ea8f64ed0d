/* The name of an opened file, from the program's text and the kernel's path. */
#include "daemon/state/internal.h"

#include <saker/live.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

/* The name of descriptor 3 of an open that gave GIVEN, where the kernel says REAL. */
static void
expect(struct sk_state *s, const char *given, const char *real, bool shared, const char *want)
{
	_Alignas(8) uint8_t buf[1024] = { 0 };
	struct sk_event_facts *all = (struct sk_event_facts *)buf;
	struct sk_thread t = { .tid = 42, .pid = 42, .vpid = 7 };
	struct sk_event ev = { .facts = all };
	struct sk_event_ctx x = { .ev = &ev, .state = s, .thread = &t, .res = 3 };
	struct sk_fd_facts *fd = all->fd;
	const size_t at = sizeof(*all) + sizeof(*fd);

	all->nfds = 1;
	fd->num = 3;
	fd->known = SK_FACT_PATH | (shared ? SK_FACT_SHARED : 0u);
	fd->path = (uint32_t)at;
	fd->path_len = (uint16_t)strlen(real);
	memcpy(buf + at, real, strlen(real));
	struct sk_slice got = sk_opened_name(s, &x, sk_slice(given, strlen(given)));
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void
test_without_links(void **state)
{
	struct sk_state *s = sk_state_new();

	(void)state;
	expect(s, "/etc/hosts", "/etc/hosts", true, "/etc/hosts");
	expect(s, "/tmp/harmless", "/etc/shadow", true, "/etc/shadow");
	expect(s, "<UNKNOWN>x", "/etc/x", false, "/etc/x");
	expect(s, "/tmp/sock", "", true, "/tmp/sock");
	expect(s, "/dev/ptmx", "anon", true, "/dev/ptmx");
	sk_state_free(s);
}

static void
test_own_proc(void **state)
{
	struct sk_state *s = sk_state_new();

	(void)state;
	expect(s, "/proc/self/maps", "/proc/42/maps", true, "/proc/self/maps");
	expect(s, "/proc/self/maps", "/proc/7/maps", true, "/proc/self/maps");
	expect(s, "/proc/self", "/proc/42", true, "/proc/self");
	expect(s, "/proc/self/maps", "/proc/1/maps", true, "/proc/1/maps");
	expect(s, "/proc/selfish/maps", "/proc/42/maps", true, "/proc/42/maps");
	sk_state_free(s);
}

static void
test_links(void **state)
{
	struct sk_state *s = sk_state_new();

	(void)state;
	expect(s, "/lib/x/libc.so", "/usr/lib/x/libc.so", true, "/usr/lib/x/libc.so");
	expect(s, "/lib/x/libm.so", "/usr/lib/x/libm.so", false, "/lib/x/libm.so");
	/* what a link explains, it explains for all, but no more than that */
	expect(s, "/lib/x/libc.so", "/usr/lib/x/libc.so", true, "/lib/x/libc.so");
	expect(s, "/lib/x/libc.so", "/usr/lib/x/libd.so", true, "/usr/lib/x/libd.so");
	expect(s, "/library/libc.so", "/usr/library/libc.so", true, "/usr/library/libc.so");
	expect(s, "/tmp/harmless", "/usr/lib/x/libc.so", true, "/usr/lib/x/libc.so");
	/* a file that is a link */
	expect(s, "/etc/mtab", "/proc/9/mounts", false, "/etc/mtab");
	expect(s, "/etc/mtab", "/proc/9/mounts", true, "/etc/mtab");
	sk_state_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_without_links), cmocka_unit_test(test_own_proc), cmocka_unit_test(test_links) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
