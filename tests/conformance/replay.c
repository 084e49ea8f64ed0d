#include "tests/conformance/replay.h"

#include "probe/scap/scap.h"

#include <string.h>

struct target {
	struct sk_state *state;
	sk_replay_thread_fn keep; /* NULL: all */
	void *arg;
};

static struct sk_state *
state_of(void *ctx)
{
	return ((struct target *)ctx)->state;
}

static void
section(void *ctx)
{
	sk_state_clear(state_of(ctx));
}

static void
machine(void *ctx, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname)
{
	sk_state_set_machine(state_of(ctx), ncpus, boot_ts, hostname);
}

static void
thread(void *ctx, const struct sk_thread_entry *t)
{
	struct target *to = ctx;
	struct sk_thread_entry e = *t;

	if (!to->keep || to->keep(to->arg, &e))
		(void)sk_state_add_thread(to->state, &e);
}

static void
fd(void *ctx, int64_t tid, const struct sk_fd_entry *e)
{
	struct target *to = ctx;

	if (!to->keep || sk_state_thread(to->state, tid))
		sk_state_add_fd(to->state, tid, e);
}

static void
iface4(void *ctx, const uint8_t addr[4], const uint8_t mask[4], const uint8_t bcast[4], struct sk_slice name)
{
	sk_state_add_iface4(state_of(ctx), addr, mask, bcast, name);
}

static void
iface6(void *ctx, const uint8_t addr[16], const uint8_t mask[16], const uint8_t bcast[16], struct sk_slice name)
{
	(void)mask;
	(void)bcast;
	sk_state_add_iface6(state_of(ctx), addr, name);
}

static void
user(void *ctx, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell)
{
	sk_state_add_user(state_of(ctx), SK_SLICE(""), uid, gid, name, home, shell);
}

static void
group(void *ctx, uint32_t gid, struct sk_slice name)
{
	sk_state_add_group(state_of(ctx), SK_SLICE(""), gid, name);
}

static void
lists_done(void *ctx)
{
	sk_state_lists_done(state_of(ctx));
}

static int
run(struct sk_scap *c, struct sk_state *state, struct sk_fields *f, sk_replay_fn fn, void *arg)
{
	struct sk_scap_error error = { 0 };
	enum sk_scap_result r;
	struct sk_event ev;

	while ((r = sk_scap_next(c, &ev, &error)) == SK_SCAP_EVENT) {
		sk_state_apply(state, &ev, &f->ec);
		if (!f->ec.deliver)
			continue;
		sk_fields_begin(f);
		if (!fn(arg, f))
			return 0;
	}
	if (r == SK_SCAP_ERROR)
		(void)fprintf(stderr, "%s at %llu\n", error.text, (unsigned long long)error.offset);
	return 0;
}

int
sk_replay_some(const char *capture, sk_replay_thread_fn keep, sk_replay_fn fn, void *arg)
{
	struct sk_state *state = sk_state_new();
	struct target to = { state, keep, arg };
	struct sk_fields *f = state ? sk_fields_new(state) : NULL;
	struct sk_list_sink sink = { &to, section, machine, thread, fd, iface4, iface6, user, group, lists_done, NULL, NULL };
	struct sk_scap_error error = { 0 };
	struct sk_scap *c = NULL;
	int r = 1;

	if (!f)
		(void)fprintf(stderr, "out of memory\n");
	else if (sk_scap_open(capture, &sink, &c, &error) < 0)
		(void)fprintf(stderr, "%s: %s\n", capture, error.text);
	else
		r = run(c, state, f, fn, arg);
	sk_scap_close(c);
	sk_fields_free(f);
	sk_state_free(state);
	return r;
}

int
sk_replay(const char *capture, sk_replay_fn fn, void *arg)
{
	return sk_replay_some(capture, NULL, fn, arg);
}
