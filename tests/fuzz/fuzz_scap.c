/* Any bytes as a capture, plain or compressed: every list entry and every parameter is touched. */
#include "probe/scap/scap.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
touch(uint32_t *sum, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		*sum = *sum * 31 + ((const uint8_t *)p)[i];
}

static void
on_thread(void *ctx, const struct sk_thread_entry *t)
{
	const struct sk_slice *const all[] = { &t->comm, &t->exe, &t->exepath, &t->args, &t->cwd, &t->env, &t->cgroups, &t->root };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		touch(ctx, all[i]->p, all[i]->n);
}

static void
on_fd(void *ctx, int64_t tid, const struct sk_fd_entry *fd)
{
	touch(ctx, &tid, sizeof(tid));
	touch(ctx, fd->name.p, fd->name.n);
}

static void
on_iface4(void *ctx, const uint8_t addr[4], const uint8_t mask[4], const uint8_t bcast[4], struct sk_slice name)
{
	touch(ctx, addr, 4);
	touch(ctx, mask, 4);
	touch(ctx, bcast, 4);
	touch(ctx, name.p, name.n);
}

static void
on_iface6(void *ctx, const uint8_t addr[16], const uint8_t mask[16], const uint8_t bcast[16], struct sk_slice name)
{
	touch(ctx, addr, 16);
	touch(ctx, mask, 16);
	touch(ctx, bcast, 16);
	touch(ctx, name.p, name.n);
}

static void
on_user(void *ctx, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell)
{
	(void)uid;
	(void)gid;
	touch(ctx, name.p, name.n);
	touch(ctx, home.p, home.n);
	touch(ctx, shell.p, shell.n);
}

static void
on_machine(void *ctx, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname)
{
	(void)ncpus;
	(void)boot_ts;
	touch(ctx, hostname.p, hostname.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static volatile uint32_t kept;
	uint32_t sum = 0;
	struct sk_list_sink sink = { .ctx = &sum, .machine = on_machine, .thread = on_thread, .fd = on_fd, .iface4 = on_iface4,
				     .iface6 = on_iface6, .user = on_user };
	struct sk_scap_error error;
	struct sk_scap *c;
	struct sk_event ev;
	enum sk_scap_result r;

	if (sk_scap_open_memory(data, n, &sink, &c, &error) < 0)
		return 0;
	while ((r = sk_scap_next(c, &ev, &error)) == SK_SCAP_EVENT) {
		if (!ev.desc || ev.nparams > ev.desc->nparams)
			abort();
		touch(&sum, ev.data, ev.off[ev.nparams]);
	}
	if (r == SK_SCAP_ERROR && !error.text[0])
		abort();
	(void)sk_scap_stats(c);
	sk_scap_close(c);
	kept = sum;
	(void)kept;
	return 0;
}
