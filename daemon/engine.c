#include "daemon/engine.h"

#include <errno.h>

struct sk_engine {
	const struct sk_bundle_view *bundle;
	struct sk_state *state;
	struct sk_fields *fields;
	struct sk_vm *vm;
	bool evaluate;
};

int
sk_engine_new(const struct sk_bundle *b, const struct sk_engine_opts *opts, struct sk_engine **ret, char *reterr, size_t n)
{
	struct sk_engine *e = calloc(1, sizeof(*e));
	struct sk_vm_opts vm_opts = { .sz = sizeof(vm_opts), .mode = opts ? opts->mode : SK_MATCH_FIRST };
	int r = -ENOMEM;

	if (n)
		*reterr = '\0';
	if (!e)
		return r;
	e->bundle = sk_bundle_view(b);
	e->evaluate = true;
	e->state = sk_state_new();
	e->fields = e->state ? sk_fields_new(e->state) : NULL;
	if (e->fields) {
		struct sk_loader loader = sk_fields_loader(e->fields);

		e->fields->base64_buffers = opts && opts->base64_buffers;
		r = sk_vm_new(b, &loader, &vm_opts, &e->vm, reterr, n);
	}
	if (r < 0) {
		sk_engine_free(e);
		return r;
	}
	*ret = e;
	return 0;
}

void
sk_engine_free(struct sk_engine *e)
{
	if (!e)
		return;
	sk_vm_free(e->vm);
	sk_fields_free(e->fields);
	sk_state_free(e->state);
	free(e);
}

uint32_t
sk_engine_event(struct sk_engine *e, const struct sk_event *ev)
{
	sk_state_apply(e->state, ev, &e->fields->ec);
	if (!e->fields->ec.deliver || !e->evaluate)
		return 0;
	sk_fields_begin(e->fields);
	sk_vm_begin(e->vm);
	return sk_vm_run(e->vm, SK_SOURCE_SYSCALL, ev->type);
}

const uint32_t *
sk_engine_matches(const struct sk_engine *e)
{
	return sk_vm_matches(e->vm);
}

const struct sk_value *
sk_engine_value(struct sk_engine *e, uint32_t v)
{
	return sk_vm_value(e->vm, v);
}

struct sk_vm *
sk_engine_vm(struct sk_engine *e)
{
	return e->vm;
}

struct sk_fields *
sk_engine_fields(struct sk_engine *e)
{
	return e->fields;
}

struct sk_state *
sk_engine_state(struct sk_engine *e)
{
	return e->state;
}

const struct sk_bundle_view *
sk_engine_bundle(const struct sk_engine *e)
{
	return e->bundle;
}

void
sk_engine_evaluate(struct sk_engine *e, bool on)
{
	e->evaluate = on;
}

/* --- lists ----------------------------------------------------------------------------------------------------------------- */
static void
on_section(void *ctx)
{
	sk_state_clear(((struct sk_engine *)ctx)->state);
}

static void
on_machine(void *ctx, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname)
{
	sk_state_set_machine(((struct sk_engine *)ctx)->state, ncpus, boot_ts, hostname);
}

static void
on_thread(void *ctx, const struct sk_thread_entry *t)
{
	(void)sk_state_add_thread(((struct sk_engine *)ctx)->state, t);
}

static void
on_fd(void *ctx, int64_t tid, const struct sk_fd_entry *fd)
{
	sk_state_add_fd(((struct sk_engine *)ctx)->state, tid, fd);
}

static void
on_iface4(void *ctx, const uint8_t addr[4], const uint8_t mask[4], const uint8_t bcast[4], struct sk_slice name)
{
	sk_state_add_iface4(((struct sk_engine *)ctx)->state, addr, mask, bcast, name);
}

static void
on_iface6(void *ctx, const uint8_t addr[16], const uint8_t mask[16], const uint8_t bcast[16], struct sk_slice name)
{
	(void)mask;
	(void)bcast;
	sk_state_add_iface6(((struct sk_engine *)ctx)->state, addr, name);
}

static void
on_user(void *ctx, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell)
{
	sk_state_add_user(((struct sk_engine *)ctx)->state, SK_SLICE(""), uid, gid, name, home, shell);
}

static void
on_group(void *ctx, uint32_t gid, struct sk_slice name)
{
	sk_state_add_group(((struct sk_engine *)ctx)->state, SK_SLICE(""), gid, name);
}

static void
on_lists_done(void *ctx)
{
	sk_state_lists_done(((struct sk_engine *)ctx)->state);
}

struct sk_list_sink
sk_engine_sink(struct sk_engine *e)
{
	return (struct sk_list_sink){ .ctx = e,
				      .section = on_section,
				      .machine = on_machine,
				      .thread = on_thread,
				      .fd = on_fd,
				      .iface4 = on_iface4,
				      .iface6 = on_iface6,
				      .user = on_user,
				      .group = on_group,
				      .lists_done = on_lists_done };
}
