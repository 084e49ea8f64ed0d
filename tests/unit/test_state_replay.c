/* Real captures through the state: its tables stay consistent, and everything is given back at the end. */
#include "base/attr.h"
#include "event_maker.h"
#include "probe/scap/scap.h"
#include "state_invariants.h"

#include <stdio.h>

/* --- replay ----------------------------------------------------------------------------------------------------------- */
static void
on_section(void *ctx)
{
	sk_state_clear(ctx);
}

static void
on_machine(void *ctx, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname)
{
	sk_state_set_machine(ctx, ncpus, boot_ts, hostname);
}

static void
on_thread(void *ctx, const struct sk_thread_entry *t)
{
	sk_state_add_thread(ctx, t);
}

static void
on_fd(void *ctx, int64_t tid, const struct sk_fd_entry *fd)
{
	sk_state_add_fd(ctx, tid, fd);
}

static void
on_user(void *ctx, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell)
{
	sk_state_add_user(ctx, SK_SLICE(""), uid, gid, name, home, shell);
}

static void
on_lists_done(void *ctx)
{
	sk_state_lists_done(ctx);
}

/* False when there is no such capture here. */
static bool
replay(const char *path, unsigned every)
{
	SK_AUTO_FCLOSE FILE *there = fopen(path, "rb");
	struct sk_state *s = sk_state_new();
	struct sk_list_sink sink = {.ctx = s,
				    .section = on_section,
				    .machine = on_machine,
				    .thread = on_thread,
				    .fd = on_fd,
				    .user = on_user,
				    .lists_done = on_lists_done};
	struct sk_scap_error error;
	struct sk_event_ctx x;
	struct sk_event ev;
	struct sk_scap *c;
	uint64_t n = 0;

	assert_non_null(s);
	if (there) {
		print_message("%s\n", path);
		assert_int_equal(sk_scap_open(path, &sink, &c, &error), 0);
		check_state(s);
		while (sk_scap_next(c, &ev, &error) == SK_SCAP_EVENT) {
			sk_state_apply(s, &ev, &x);
			assert_true(!x.fd || x.fd->refs > 0);
			if (++n % every == 0)
				check_state(s);
		}
		assert_true(n > 0);
		check_state(s);
		sk_scap_close(c);
		/* Empty but for the container id and cgroups that were seen last, and the host's name. */
		sk_state_clear(s);
		assert_int_equal(sk_state_stats(s)->threads, 0);
		assert_int_equal(sk_state_stats(s)->fds, 0);
		assert_int_equal(sk_state_stats(s)->strings, 0);
	}
	sk_state_free(s);
	return there != NULL;
}

static void
own_captures(void **state)
{
	static const char *const names[] = {"zoo-1", "shell-session", "network", "containers-1", "attacks-1"};

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		char path[512];

		snprintf(path, sizeof(path), "%s/tests/data/%s.scap", SK_SOURCE_DIR, names[i]);
		replay(path, 997);
	}
}

static void
historic_captures(void **state)
{
	static const char *const names[] = {"cat_write",        "open-multiple-files", "ping_sendto", "curl_google_comments",
					    "test_ipv6_client", "privileged"};
	bool any = false;

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		char path[512];

		snprintf(path, sizeof(path), "%s/../shared/reference/historic/%s.scap", SK_SOURCE_DIR, names[i]);
		any |= replay(path, 97);
	}
	if (!any)
		skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(own_captures), cmocka_unit_test(historic_captures)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
